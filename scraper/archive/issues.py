"""Rows of ``issues``: one for each kind of trouble at each address, opened, seen again, closed."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from scraper.archive.kinds import KINDS, kind_of
from scraper.items import Problem

_DETAIL_MAX = 1000


def record_issue(db: Database, source: str, url: str, problem: Problem, at: str) -> bool:
    """Open an issue, or see it again; returns whether it is new or open again. Must run inside a transaction."""
    kind = kind_of(problem.kind)
    if kind not in KINDS:
        raise ValueError(f"unknown kind of issue: {kind!r} (add it to scraper/archive/kinds.py)")
    detail = "".join(char if char.isprintable() else "·" for char in problem.detail)[:_DETAIL_MAX]
    row = db.execute(
        "SELECT id, closed_at, last_seen_at FROM issues WHERE kind = ? AND source_id = ? AND url = ?", (kind, source, url)
    ).fetchone()
    if row is None:
        opened = {"kind": kind, "source_id": source, "url": url, "detail": detail, "first_seen_at": at, "last_seen_at": at, "opened_at": at}
        db.table("issues").insert(opened)
        return True
    issue_id, closed_at, last_seen_at = row
    if at < last_seen_at or (closed_at is not None and at < closed_at):  # an old capture read late says nothing of today
        # One that was never closed was opened when it was first seen.
        seen = (
            "UPDATE issues SET first_seen_at = min(first_seen_at, ?1), last_seen_at = max(last_seen_at, ?1),"
            " opened_at = CASE WHEN opened_at = first_seen_at THEN min(first_seen_at, ?1) ELSE opened_at END WHERE id = ?2"
        )
        db.execute(seen, (at, issue_id))
        return False
    db.execute(
        "UPDATE issues SET last_seen_at = ?1, detail = ?2, closed_at = NULL,"
        " opened_at = CASE WHEN closed_at IS NULL THEN opened_at ELSE ?1 END WHERE id = ?3",
        (at, detail, issue_id),
    )
    return closed_at is not None


def close_issues(db: Database, source: str, url: str, at: str, keep: frozenset[str] = frozenset()) -> None:
    """Close what was open at an address and did not show this time (``keep``: the kinds that did)."""
    for issue_id, kind in db.execute(
        "SELECT id, kind FROM issues WHERE source_id = ? AND url = ? AND closed_at IS NULL AND last_seen_at <= ?", (source, url, at)
    ).fetchall():
        if kind not in keep:
            db.execute("UPDATE issues SET closed_at = ? WHERE id = ?", (at, issue_id))


def give_up(db: Database, source: str, file: str, offset: int, what: str, at: str) -> None:
    """Accept the loss of a record that no row points at (a request, a file's first): told, and nothing to do about. In a transaction."""
    address = f"warc:{file}#{offset}"
    record_issue(db, source, address, Problem("warc_unreadable", f"{file} at {offset}: {what}"), at)
    close_issues(db, source, address, at)


def given_up(conn: sqlite3.Connection, file: str) -> set[int]:
    """Where in a segment the records begin whose loss was accepted."""
    begin = f"warc:{file}#"
    rows = conn.execute(
        "SELECT substr(url, ?) FROM issues WHERE kind = 'warc_unreadable' AND substr(url, 1, ?) = ?", (len(begin) + 1, len(begin), begin)
    )
    return {int(offset) for (offset,) in rows.fetchall() if offset.isdecimal()}
