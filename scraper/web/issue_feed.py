"""The Atom feed of issues: what was opened and what was closed, put together by source, kind and day in Việt Nam.

A layout that changes leaves hundreds of issues in one crawl; put together they are one entry, whose number grows. An issue that
was closed and comes back is opened anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from scraper.web import feeds, troubles
from scraper.web.wording import day as day_name
from scraper.web.wording import number

ENTRIES = 100
LISTED = 20
"""Addresses that one entry names."""

_HAPPENED = """
WITH told AS (
    SELECT 0 AS closed, source_id, kind, url, detail, {opened} AS at FROM issues
    UNION ALL SELECT 1, source_id, kind, url, detail, closed_at FROM issues WHERE closed_at IS NOT NULL
), ranked AS (
    SELECT *, date(at, '+7 hours') AS day,
        row_number() OVER (PARTITION BY closed, source_id, kind, date(at, '+7 hours') ORDER BY at DESC, url) AS place
    FROM told WHERE :source IN ('', source_id)
)
SELECT r.closed, r.source_id, s.publisher, r.kind, r.day, max(r.at), count(*),
    json_group_array(json_array(r.url, r.detail)) FILTER (WHERE r.place <= :listed)
FROM ranked r JOIN sources s ON s.id = r.source_id
GROUP BY r.closed, r.source_id, r.kind, r.day ORDER BY 6 DESC, 2, 4, 1 LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to the issues of one kind of one source on one day; ``addresses``: some of them with their details."""

    closed: bool
    source: str
    publisher: str
    kind: str
    day: str
    at: str
    count: int
    addresses: tuple[tuple[str, str], ...]


def load_happened(connection: sqlite3.Connection, source: str) -> list[Happened] | None:
    """The latest first, of one source or (``""``) of all; None when there is no such source."""
    if source and connection.execute("SELECT 1 FROM sources WHERE id = ?", (source,)).fetchone() is None:
        return None
    columns = {row[1] for row in connection.execute("PRAGMA table_info(issues)")}
    # Without the column: an archive that was last written before issues remembered when they were opened again.
    opened = "coalesce(opened_at, first_seen_at)" if "opened_at" in columns else "first_seen_at"
    rows = connection.execute(_HAPPENED.format(opened=opened), {"source": source, "listed": LISTED, "most": ENTRIES})
    return [
        Happened(bool(closed), name, publisher, kind, day, at, count, tuple((url, detail) for url, detail in json.loads(addresses)))
        for closed, name, publisher, kind, day, at, count, addresses in rows
    ]


def atom(happened: list[Happened], source: str, *, title: str, own: str, home: str, table: Callable[[Happened], str], as_of: str) -> bytes:
    """The feed as Atom 1.0. ``own``, ``home``: its address and its page's; ``table``: that of an entry's issues; all absolute."""
    name = f"Việc cần xem / Issues: {title}" + (f" · {happened[0].publisher if happened else source}" if source else "")
    root = feeds.begin(feeds.identifier("viec", source), name, max((one.at for one in happened), default=as_of), own, home)
    for one in happened:
        item = feeds.add(root, "entry")
        feeds.add(item, "id", feeds.identifier("viec", one.source, one.kind, "closed" if one.closed else "opened", one.day))
        feeds.add(item, "title", _title(one))
        feeds.add(item, "updated", one.at)
        feeds.add(feeds.add(item, "author"), "name", title)
        feeds.add(item, "link", rel="alternate", type="text/html", href=table(one))
        feeds.add(item, "category", term=one.kind)
        feeds.add(item, "summary", troubles.meaning(one.kind) or one.kind)
        feeds.add(item, "content", _content(one), type="text")
    return feeds.document(root)


def _title(one: Happened) -> str:
    did = "Đã khép / Closed" if one.closed else "Mới / New"
    counted = f", {number(one.count)} địa chỉ / addresses" if one.count > 1 else ""
    return f"{did}: {troubles.name(one.kind)} ({one.kind}) · {one.publisher}, {day_name(one.day)}{counted}"


def _content(one: Happened) -> str:
    lines = [f"{url}\n{detail}" if detail else url for url, detail in one.addresses]
    more = one.count - len(one.addresses)
    return "\n\n".join([*lines, *([f"… và {number(more)} địa chỉ nữa / and {more:,} more"] if more > 0 else [])])
