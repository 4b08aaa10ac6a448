"""The sections of a portal: the pages of their listings, and the names that they give to articles."""

from __future__ import annotations

import json

from sqlite_utils import Database

from scraper.archive import frontier
from scraper.items import Listing


def list_page(db: Database, source: str, section: int, listing: Listing, at: str) -> bool:
    """Remember a listing page; returns whether an earlier completed walk has been over all of it."""
    db.execute(
        "UPDATE sections SET last_walked_at = max(coalesce(last_walked_at, ''), ?), title = coalesce(?, title) WHERE id = ?",
        (at, listing.title, section),
    )
    settled = frontier.discover(db, source, section, listing.links, at)
    _name_listed(db, source, listing)
    completed = db.execute("SELECT completed_at FROM sections WHERE id = ?", (section,)).fetchone()[0]
    return settled and completed is not None


def _name_listed(db: Database, source: str, listing: Listing) -> None:
    """Articles that were stored before any listing of theirs was read, as in a replay, get their section's name now."""
    nameless = db.execute(
        "SELECT id, article_key, url FROM articles WHERE source_id = ? AND section IS NULL"
        " AND article_key IN (SELECT value FROM json_each(?))",
        (source, json.dumps([link.key for link in listing.links])),
    ).fetchall()
    for article_id, key, url in nameless:
        db.execute("UPDATE articles SET section = ? WHERE id = ?", (name_of(db, source, key, url), article_id))


def name_of(db: Database, source: str, key: str, url: str) -> str | None:
    """The name of the section an article stands in: the one whose address its own begins with, else the first that lists it."""
    row = db.execute(
        "SELECT s.title FROM section_articles a JOIN sections s ON s.id = a.section_id WHERE s.source_id = ? AND a.article_key = ?"
        " AND s.title IS NOT NULL ORDER BY instr(?, s.url || '/') = 1 DESC, s.id LIMIT 1",
        (source, key, url),
    ).fetchone()
    return row[0] if row else None
