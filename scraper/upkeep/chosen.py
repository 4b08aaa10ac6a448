"""Which portals a person means, and which of them are due."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from scraper.portal import DeclarationError, PortalSpider, check_declaration, portals
from scraper.upkeep.sources import read_states


def choose(only: str | None, province: str | None, family: str | None, replicas: dict[str, str]) -> list[type[PortalSpider]]:
    """The portals meant by the options: all that have not ended by default, or those with a replica where any is given."""
    known = portals()
    wanted = [name.strip() for name in only.split(",") if name.strip()] if only else list(replicas or known)
    for name in wanted:
        if name not in known:
            raise DeclarationError(f"no portal {name!r}; `scrapy portals` shows them")
    found = [
        portal
        for name in wanted
        if (portal := known[name])
        and (portal.until is None or only or name in replicas)
        and (province is None or portal.place.split("/")[0] == province)
        and (family is None or portal.cms == family)
    ]
    for portal in found:
        check_declaration(portal)
    if not found:
        raise DeclarationError("no portal is chosen by these options; `scrapy portals` shows place and family of each")
    return found


def due(path: Path, chosen: list[type[PortalSpider]], *, every: bool) -> list[type[PortalSpider]]:
    """Those of the chosen portals whose time has come (``every``: all of them), the longest overdue first."""
    now = datetime.now(UTC)
    states = [(state.due_at(now), state) for state in read_states(path, chosen, now)]
    return [state.portal for at, state in sorted(states, key=lambda pair: pair[0]) if every or at <= now]


def read_replicas(given: list[str]) -> dict[str, str]:
    """``--replica NAME=URL`` options as a table; raise :class:`DeclarationError` for another form."""
    found = {}
    for one in given:
        name, equals, url = one.partition("=")
        if not equals:
            raise DeclarationError(f"--replica must be like quang_tri=http://127.0.0.1:8471, not {one!r}")
        found[name] = url
    return found
