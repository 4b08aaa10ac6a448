"""What the page of one article shows, read from the archive by its permanent identifier. Functions of a connection, no HTML."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from scraper.web.citation import Cited
from scraper.web.diff import Passage, compare
from scraper.web.findings import Findings, load_findings

NEIGHBOURS = 3
"""Articles shown before and after, each."""
_COPIES = 10
MOST_REVISIONS = 20
"""Revisions that are compared on one page; the table of revisions has all."""
FIELDS = {
    "title": "Tiêu đề / Title",
    "published_at": "Ngày đăng / Published",
    "byline": "Tác giả / Byline",
    "source_line": "Nguồn ghi trong bài / Source named",
    "lead": "Sapo / Lead",
    "body": "Nội dung / Text",
}
"""The content of a revision, in the order in which changes are shown."""

Row = dict[str, Any]

_ARTICLE = """
SELECT a.*, s.publisher, s.place, s.place_name, s.home_url, s.until AS source_until,
       c.fetched_at AS captured_at, c.url AS capture_url, c.payload_digest, c.record_id, c.warc_file, c.tls, c.provenance,
       (SELECT count(*) FROM revisions r WHERE r.article_id = a.id) AS revisions
FROM articles a JOIN sources s ON s.id = a.source_id JOIN captures c ON c.id = a.capture_id
WHERE a.uid = ?
"""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One article with everything around it; ``article`` has the columns of :data:`_ARTICLE`."""

    article: Row
    attachments: list[Row]
    evidence: dict[str, str]
    earlier: list[Row]
    later: list[Row]
    copies: list[Row]
    findings: Findings

    def cited(self, archived: str) -> Cited:
        """What its citations are made of; ``archived`` is its absolute address here."""
        row = self.article
        return Cited(
            uid=row["uid"], title=row["title"], publisher=row["publisher"], home_url=row["home_url"], place_name=row["place_name"],
            url=row["url"], archived=archived, captured_at=row["captured_at"], note=row["cite_as"], published_at=row["published_at"],
            byline=row["byline"], section=row["section"], lead=row["lead"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revision:
    """One content an article has had, and what it changed of the one before it, field by field (nothing for the first)."""

    row: Row
    changes: dict[str, tuple[Passage, ...]]
    is_current: bool


def load(connection: sqlite3.Connection, uid: str) -> ArticlePage | None:
    """The page of an article; None when there is no such identifier."""
    article = _one(connection, _ARTICLE, uid)
    if article is None:
        return None
    earlier, later = _neighbours(connection, article)
    return ArticlePage(
        article=article,
        attachments=_all(connection, "SELECT kind, caption, url FROM attachments WHERE article_id = ? ORDER BY position", article["id"]),
        evidence=_evidence(article["evidence"]),
        earlier=earlier,
        later=later,
        copies=_copies(connection, article),
        findings=load_findings(connection, article["id"]),
    )


def load_history(connection: sqlite3.Connection, uid: str) -> tuple[Row, list[Revision]] | None:
    """An article and its revisions, the latest first, by the time they were first captured; at most :data:`MOST_REVISIONS`."""
    article = _one(connection, _ARTICLE, uid)
    if article is None:
        return None
    rows = _all(
        connection,
        "SELECT r.*, c.payload_digest FROM revisions r JOIN captures c ON c.id = r.capture_id WHERE r.article_id = ?"
        " ORDER BY r.first_captured_at DESC, r.id DESC LIMIT ?",
        article["id"],
        MOST_REVISIONS + 1,
    )
    revisions = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        changes = {}
        if before is not None:
            changes = {name: compare(before[name] or "", row[name] or "") for name in FIELDS if before[name] != row[name]}
        revisions.append(Revision(row, changes, row["id"] == article["revision_id"]))
    return article, revisions[:MOST_REVISIONS]


def _neighbours(connection: sqlite3.Connection, article: Row) -> tuple[list[Row], list[Row]]:
    """Dated articles of the same portal and section just before, and just after it, the nearest last and first."""
    if article["published_at"] is None:
        return [], []
    columns = "SELECT uid, title, published_at FROM articles WHERE source_id = ? AND section IS ?"
    values = (article["source_id"], article["section"], article["published_at"], article["id"], NEIGHBOURS)
    before = f"{columns} AND (published_at, id) < (?, ?) ORDER BY published_at DESC, id DESC LIMIT ?"
    after = f"{columns} AND (published_at, id) > (?, ?) ORDER BY published_at, id LIMIT ?"
    return _all(connection, before, *values), _all(connection, after, *values)[::-1]


def _copies(connection: sqlite3.Connection, article: Row) -> list[Row]:
    """Articles with the same lead and body, word for word."""
    return _all(
        connection,
        # CROSS: source by source, over the index on (source_id, body_digest); SQLite would rather walk all articles.
        "SELECT a.uid, a.title, a.published_at, s.publisher"
        " FROM sources s CROSS JOIN articles a ON a.source_id = s.id AND a.body_digest = ?"
        " WHERE a.id <> ? ORDER BY a.published_at, a.id LIMIT ?",
        article["body_digest"],
        article["id"],
        _COPIES,
    )


def _evidence(text: str) -> dict[str, str]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return {str(name): str(place) for name, place in told.items()} if isinstance(told, dict) else {}


def _all(connection: sqlite3.Connection, sql: str, *values: object) -> list[Row]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _one(connection: sqlite3.Connection, sql: str, *values: object) -> Row | None:
    rows = _all(connection, sql, *values)
    return rows[0] if rows else None
