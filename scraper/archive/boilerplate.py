"""Text of a template that stands where an article's should: the same under several addresses of one portal."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from scraper.items import Article

COPIES = 3
"""Addresses under which one text is a template's and no article; two may be a story printed twice."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article of the portal that has the same text and offers no file, and the crawl that stored it so."""

    id: int
    key: str
    url: str
    revision_id: int
    crawl_id: int


def copies(db: Database, source: str, article: Article) -> list[Copy]:
    """The other articles with the text of this one."""
    rows = db.execute(
        "SELECT a.id, a.article_key, a.url, a.revision_id, c.crawl_id FROM articles a JOIN captures c ON c.id = a.capture_id"
        " WHERE a.source_id = ? AND a.body_digest = ? AND a.article_key <> ?"
        " AND NOT EXISTS (SELECT 1 FROM attachments t WHERE t.article_id = a.id AND t.kind = 'document')",
        (source, article.body_digest, article.key),
    ).fetchall()
    return [Copy(*row) for row in rows]


def is_boilerplate(db: Database, source: str, article: Article, same: list[Copy]) -> bool:
    """Whether a text that ``same`` have is a template's: it would replace an article's own, or stands under three addresses."""
    known = db.execute(
        "SELECT 1 FROM revisions r JOIN articles a ON a.id = r.article_id"
        " WHERE a.source_id = ? AND a.article_key = ? AND r.content_digest = ?",
        (source, article.key, article.content_digest),
    ).fetchone()
    if known:
        return False
    own = db.execute("SELECT body_digest FROM articles WHERE source_id = ? AND article_key = ?", (source, article.key)).fetchone()
    if own is None:
        return len(same) >= COPIES - 1
    return bool(same) and own[0] != article.body_digest
