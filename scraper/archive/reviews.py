"""``observation_reviews``: what a person says of a figure. The one thing in archive.db that no capture can give back.

A review names its number by the words around it (the quote and the place in it), not by a row: it survives another
analysis, another numbering and ``scrapy rebuild``. ``value_start`` is where the quote stands in the article now, NULL where
it no longer stands there.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from scraper.archive import places

_COLUMNS = (
    "source_id, article_key, field, quote, value_at, value_text, value_start, decision, indicator_id, place_id, value, period_kind,"
    " period_start, period_end, note, reviewer, reviewed_at"
)
FIELDS = ("title", "lead", "body")


def place(db: Database, article_id: int) -> None:
    """Say where the reviewed numbers of an article stand in its present text."""
    reviewed = db.execute(
        "SELECT r.id, r.field, r.quote, r.value_at, r.value_start FROM articles a JOIN observation_reviews r"
        " ON r.source_id = a.source_id AND r.article_key = a.article_key WHERE a.id = ?",
        (article_id,),
    ).fetchall()
    if not reviewed:
        return
    texts = db.execute("SELECT title, lead, body FROM articles WHERE id = ?", (article_id,)).fetchone()
    text = dict(zip(FIELDS, texts, strict=True))
    for review_id, field, quote, value_at, known in reviewed:
        content = text[field] or ""
        if known is not None and content.startswith(quote, known - value_at):
            continue
        at = content.find(quote)
        found = at + value_at if at >= 0 else None
        if found != known:
            db.execute("UPDATE observation_reviews SET value_start = ? WHERE id = ?", (found, review_id))


def find(db: Database, name: str) -> dict[str, Any] | None:
    """The number that a person names: an id of ``observations``, or ``uid:field:start``; None if there is none."""
    if name.isdigit():
        query = "o.id = ?"
        values: tuple[object, ...] = (int(name),)
    else:
        uid, _, rest = name.rpartition(":")[0].rpartition(":")
        start = name.rpartition(":")[2]
        query = "a.uid = ? AND o.field = ? AND o.value_start = ?"
        values = (uid, rest, int(start) if start.isdigit() else -1)
    row = db.execute(
        "SELECT a.source_id, a.article_key, o.field, o.quote, o.value_start - o.quote_start, o.value_text, o.value_start"
        f" FROM observations o JOIN articles a ON a.id = o.article_id WHERE {query}",
        values,
    ).fetchone()
    if row is None and not name.isdigit():
        row = _unread(db, values)
    names = ("source_id", "article_key", "field", "quote", "value_at", "value_text", "value_start")
    return dict(zip(names, row, strict=True)) if row else None


def _unread(db: Database, values: tuple[object, ...]) -> tuple[object, ...] | None:
    row: tuple[Any, ...] | None = db.execute(
        "SELECT a.source_id, a.article_key, o.field, o.quote, o.start, o.printed, a.title, a.lead, a.body FROM numbers_unread o"
        " JOIN articles a ON a.id = o.article_id WHERE a.uid = ? AND o.field = ? AND o.start = ?",
        values,
    ).fetchone()
    if row is None:
        return None
    text = dict(zip(FIELDS, row[6:], strict=True))[row[2]]
    begin = text.rfind(row[3], 0, row[4] + len(row[3]))
    return (*row[:4], row[4] - begin, row[5], row[4])


def record(db: Database, review: dict[str, Any]) -> None:
    """Store a review; a later one of the same number takes the place of the earlier."""
    names = _COLUMNS.split(", ")
    slots = ", ".join(f":{name}" for name in names)
    updates = ", ".join(f"{name} = excluded.{name}" for name in names[5:])
    db.execute(
        f"INSERT INTO observation_reviews ({_COLUMNS}) VALUES ({slots})"
        f" ON CONFLICT (source_id, article_key, field, quote, value_at) DO UPDATE SET {updates}",
        {name: review.get(name) for name in names},
    )


def read_all(old: Path) -> list[dict[str, Any]]:
    """The reviews of another archive; none of one that is older than reviews. Raises sqlite3.DatabaseError if it is ruined."""
    with closing(sqlite3.connect(f"{old.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as source:
        if not source.execute("SELECT 1 FROM sqlite_master WHERE name = 'observation_reviews'").fetchone():
            return []
        rows = source.execute(f"SELECT {_COLUMNS} FROM observation_reviews ORDER BY id").fetchall()
    return [dict(zip(_COLUMNS.split(", "), row, strict=True)) for row in rows]


def carry_over(db: Database, told: list[dict[str, Any]]) -> None:
    """Take reviews of another archive into this one, and say where their numbers stand here. Must run inside a transaction."""
    for review in told:
        record(db, review)
        if review["place_id"]:
            places.ensure(db, [review["place_id"]])
    known = db.execute(
        "SELECT DISTINCT a.id FROM articles a JOIN observation_reviews r ON r.source_id = a.source_id AND r.article_key = a.article_key"
    ).fetchall()
    for (article_id,) in known:
        place(db, article_id)
