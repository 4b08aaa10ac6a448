"""``/suc-khoe``: how each source is. The judgement is that of ``scrapy health``, by the same functions, in the words of a page.

Everything in it is worked out from tables that anybody may read (:data:`READ`); the crawler's book-keeping is not asked. Where an
owner has closed one of these tables, the page is closed to the same readers.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from datasette import Response  # type: ignore[import-untyped]

from scraper.upkeep.health import STATUSES, Health, as_dict
from scraper.upkeep.network import examine_all
from scraper.upkeep.sources import SourceState, states_of, today
from scraper.web import archives, pages

READ = ("sources", "crawls", "articles", "off_topic", "issues")
"""The tables that health is worked out from."""
_NOWHERE = "Ở đây chưa có kho nào. / No archive is served here."


@dataclass(frozen=True, slots=True)
class Found:
    """What the archive says: every declared portal's state, and how many issues of each kind are open in how many sources.

    ``undeclared``: sources (name, publisher) that no portal declares any more.
    """

    states: list[SourceState]
    kinds: list[tuple[str, int, int]]
    undeclared: list[tuple[str, str]]


def load(connection: sqlite3.Connection, now: datetime) -> Found:
    """Read it: a walk over the articles, a third of a second of CPU for 100,000 of them."""
    from scraper.portal import portals  # noqa: PLC0415 — brings Scrapy (0.7 s, 37 MB), which no other page needs

    declared = portals()
    kinds = connection.execute(
        "SELECT kind, count(*), count(DISTINCT source_id) FROM issues WHERE closed_at IS NULL GROUP BY kind ORDER BY 2 DESC, kind"
    )
    sources = connection.execute("SELECT id, publisher FROM sources ORDER BY id")
    return Found(
        states_of(connection, declared.values(), now),
        kinds.fetchall(),
        [(name, publisher) for name, publisher in sources if name not in declared],
    )


async def health_page(datasette: Any, request: Any) -> Any:
    """``/suc-khoe`` for people."""
    now = datetime.now(UTC)
    found = await _examined(datasette, request, now)
    if found is None:
        return await pages.not_found(datasette, request, _NOWHERE)
    database, archive, healths = found
    rows = [_row(health) for health in healths]
    context = {
        "database": database.name,
        "now": _stamp(now),
        "counts": [(status, sum(row["status"] == status for row in rows)) for status in STATUSES],
        "troubled": [row for row in rows if row["troubles"]],
        "crawled": [row for row in rows if row["status"] not in ("new", "ended")],
        "not_crawled": [row for row in rows if row["status"] == "new"],
        "ended": [row for row in rows if row["status"] == "ended"],
        "undeclared": archive.undeclared,
        "kinds": archive.kinds,
    }
    return await pages.render(datasette, request, "health.html", context)


async def health_json(datasette: Any, request: Any) -> Any:
    """``/suc-khoe.json``: what ``scrapy health --all --json`` prints."""
    now = datetime.now(UTC)
    found = await _examined(datasette, request, now)
    if found is None:
        return Response.json({"ok": False, "error": _NOWHERE, "status": 404}, status=404)
    return Response.json({"at": _stamp(now), "sources": [as_dict(health) for health in found[2]]})


async def _examined(datasette: Any, request: Any, now: datetime) -> tuple[Any, Found, list[Health]] | None:
    """Every source judged at this moment, those to be looked at first. What is read is kept for as long as file and day are the same."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    for database in archives.files(datasette):
        for table in READ:
            await datasette.ensure_permissions(request.actor, [("view-table", (database.name, table)), ("view-database", database.name)])
    found = await archives.first_kept(datasette, f"health {today(now)}", lambda connection: load(connection, now))
    if found is None:
        return None
    database, archive = found
    healths = examine_all(archive.states, now)
    healths.sort(key=lambda health: (STATUSES.index(health.status), health.state.name))
    return database, archive, healths


def _row(health: Health) -> dict[str, Any]:
    portal = health.state.portal
    return {
        **as_dict(health),
        "publisher": portal.publisher,
        "home": portal.home,
        "until": portal.until.isoformat() if portal.until else None,
    }


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
