"""What a rebuilt archive takes over from the one it replaces: what happened, and no capture tells.

When each crawl ran, why it ended and how it was judged; requests without an answer; what a portal or web archive asked for; what web
archives hold; which parts of workers are in. A rebuild without it would ask a portal at once that asked to be left alone, and call a
portal well that was not. Texts and what is read out of them are the captures' alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from scraper.archive.retake import IMPORTED
from scraper.archive.verify_readings import base_url_of

if TYPE_CHECKING:
    from scraper.portal import PortalSpider

Row = dict[str, Any]

_UNTOLD = (
    "address_refused", "archive_unlisted", "asked_to_wait", "listing_capped", "not_captured", "robots_closed", "unreachable",
    "warc_unreadable",
)  # fmt: skip
"""Kinds of issues that are told of requests and files, not of what a capture says."""


def inherit(db: Database, old: sqlite3.Connection, portals: Mapping[str, type[PortalSpider]]) -> None:
    """Take over from ``old``, an archive of this version or an earlier one. Must run inside a transaction."""
    db.execute("PRAGMA defer_foreign_keys = ON")
    for row in _rows(old, "sources"):
        if row["id"] in portals:
            facts = portals[row["id"]].facts(base_url_of(row["home_url"]))
            db.table("sources").insert(facts.row(), pk="id", ignore=True)  # it may have no capture
            db.execute("UPDATE sources SET not_before = :not_before WHERE id = :id", row)
    db.execute("UPDATE archive_info SET created_at = coalesce(?, created_at)", [_one(old, "SELECT created_at FROM archive_info")])
    crawls = _crawls(db, old)
    _insert(db, "jobs", (row for row in _rows(old, "jobs") if row["crawl_id"] in crawls))
    jobs = {number for (number,) in db.execute("SELECT id FROM jobs")}
    _insert(db, "imports", (row for row in _rows(old, "imports") if row["job_id"] in jobs))
    known = {number for (number,) in db.execute("SELECT id FROM sources")}
    _insert(db, "listings", (row for row in _rows(old, "listings") if row["source_id"] in known))
    _insert(db, "holdings", (_holding(db, old, row) for row in _rows(old, "holdings") if row["source_id"] in known))
    for row in _rows(old, "issues"):
        if row["kind"] in _UNTOLD and row["source_id"] in known:
            told = {"opened_at": row["first_seen_at"], **row, "id": None}
            db.execute("INSERT OR IGNORE INTO issues ({}) VALUES ({})".format(*_named(told)), told)


def _crawls(db: Database, old: sqlite3.Connection) -> set[int]:
    """Put each capture to the crawl that made it, in place of what the captures let guess; returns the crawls taken over."""
    db.execute("UPDATE crawls SET id = -id")
    db.execute("UPDATE captures SET crawl_id = -crawl_id")
    had, here = set(), set()
    for record_id, crawl_id, tls, provenance in _read(old, "SELECT record_id, crawl_id, tls, provenance FROM captures"):
        had.add(crawl_id)
        done = db.execute(
            "UPDATE captures SET crawl_id = coalesce(?, crawl_id), tls = ?, provenance = iif(provenance = ?, ?, provenance)"
            " WHERE record_id = ?",
            (crawl_id, tls, IMPORTED, provenance, record_id),
        )
        if done.rowcount:
            here.add(crawl_id)
    known = {source for (source,) in db.execute("SELECT id FROM sources")}
    taken = [row for row in _rows(old, "crawls") if row["source_id"] in known and (row["id"] in here or row["id"] not in had)]
    _insert(db, "crawls", taken)
    db.execute("DELETE FROM crawls WHERE id < 0 AND id NOT IN (SELECT crawl_id FROM captures WHERE crawl_id < 0)")
    last = max((row["id"] for row in taken), default=0)
    for column, table in (("id", "crawls"), ("crawl_id", "captures")):
        db.execute(f"UPDATE {table} SET {column} = ? - {column} WHERE {column} < 0", [last])
    # Of what did not come again, or came besides, a crawl counts no request.
    db.execute(
        "UPDATE crawls SET requests = (SELECT count(*) FROM captures c WHERE c.crawl_id = crawls.id)"
        " WHERE kind = 'crawl' AND finish_reason = 'finished'"
    )
    return {row["id"] for row in taken}


def _holding(db: Database, old: sqlite3.Connection, row: Row) -> Row:
    """What a web archive holds, with the capture's number here; what did not come again is to be had again."""
    if row["capture_id"] is None:
        return row
    record_id = _one(old, "SELECT record_id FROM captures WHERE id = ?", row["capture_id"])
    here = db.execute("SELECT id FROM captures WHERE record_id = ?", [record_id]).fetchone()
    return {**row, "capture_id": here[0]} if here else {**row, "capture_id": None, "state": "todo"}


def _rows(conn: sqlite3.Connection, table: str) -> Iterator[Row]:
    """The rows of a table; none where an earlier version has no such table."""
    names = [name for (name,) in _read(conn, "SELECT name FROM pragma_table_info(?)", table)]
    if names:
        yield from (dict(zip(names, values, strict=True)) for values in _read(conn, f"SELECT {', '.join(names)} FROM {table} ORDER BY 1"))


def _one(conn: sqlite3.Connection, query: str, *values: object) -> Any:
    return next((row[0] for row in _read(conn, query, *values)), None)


def _read(conn: sqlite3.Connection, query: str, *values: object) -> Iterator[tuple[Any, ...]]:
    """Rows of the old archive. That it cannot be read is another fault than that the new one cannot be written."""
    try:
        yield from conn.execute(query, values)
    except sqlite3.OperationalError as error:
        raise sqlite3.DatabaseError(str(error)) from error


def _insert(db: Database, table: str, rows: Iterable[Row]) -> None:
    for row in rows:
        db.execute("INSERT INTO {} ({}) VALUES ({})".format(table, *_named(row)), row)


def _named(row: Row) -> tuple[str, str]:
    return ", ".join(row), ", ".join(f":{name}" for name in row)
