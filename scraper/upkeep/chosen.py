"""Which portals a person means, and which of them are due."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from scraper.archive.database import Origin
from scraper.fetch.fleet import origin_of
from scraper.portal import DeclarationError, PortalSpider, check_declaration, portals, read_arguments
from scraper.upkeep.network import due_times
from scraper.upkeep.sources import read_states


def choose(only: str | None, province: str | None, family: str | None, replicas: dict[str, str]) -> list[type[PortalSpider]]:
    """The portals meant by the options: all that have not ended by default, or those with a replica where any is given."""
    known = portals()
    wanted = list(dict.fromkeys(name.strip() for name in only.split(",") if name.strip())) if only else list(replicas or known)
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
    times = due_times(read_states(path, chosen, now), now)
    return [state.portal for at, state in sorted(times, key=lambda pair: pair[0]) if every or at <= now]


def add_choice(parser: argparse.ArgumentParser) -> None:
    """The options of a command by which a person says which portals are to be crawled, and how far."""
    parser.add_argument("--only", metavar="NAMES", help="these portals, comma-separated, due or not")
    parser.add_argument("--province", metavar="CODE", help="portals of one province (its code of before July 2025)")
    parser.add_argument("--family", metavar="NAME", help="portals on one CMS family")
    parser.add_argument("--since", metavar="DAY", help="ask for nothing older")
    parser.add_argument("--max-pages", metavar="N", help="only the newest listing pages of each section")
    parser.add_argument(
        "--replica", action="append", default=[], metavar="NAME=URL", help="crawl a portal from a replica of it (may be repeated)"
    )


def arguments_of(portal: type[PortalSpider], since: str | None, max_pages: str | None, replicas: dict[str, str]) -> dict[str, str]:
    """A portal's spider arguments as these options give them, checked."""
    given = {"base_url": replicas.get(portal.name), "since": since, "max_pages": max_pages}
    arguments = {name: value for name, value in given.items() if value}
    read_arguments(**arguments)
    return arguments


def one_origin(portals: Iterable[type[PortalSpider]], replicas: dict[str, str], contact: str) -> Origin:
    """Whether these crawls are live or a demo; raise :class:`DeclarationError` where they are both, or may not be made."""
    origins = {origin_of(portal, replicas.get(portal.name), contact) for portal in portals}
    if len(origins) > 1:
        raise DeclarationError("portals and replicas of portals cannot be crawled into one archive: give --replica for all or for none")
    return origins.pop()


def read_replicas(given: list[str]) -> dict[str, str]:
    """``--replica NAME=URL`` options as a table; raise :class:`DeclarationError` for another form."""
    found = {}
    for one in given:
        name, equals, url = one.partition("=")
        if not equals:
            raise DeclarationError(f"--replica must be like quang_tri=http://127.0.0.1:8471, not {one!r}")
        found[name] = url
    return found
