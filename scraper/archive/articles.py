"""Articles and their revisions. What stands depends on which captures were read, not on the order they came in.

An article's own address (rank 0) speaks before its twins; among captures of the same rank the later one. The stored
address is the smallest of the best rank, until it no longer shows the article and another does. An article once archived
stays, whatever a later page says of it.

What others captured (web archives, imported files) fills what was never seen live, and is heard where it is later than the
portal's own word. A later live text is never replaced by an older archived one, whatever their ranks, and old captures say
nothing of an article being missing or gone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlite_utils import Database

from scraper import __version__
from scraper.analyse.relevance import Relevance
from scraper.archive import analysis
from scraper.archive.frontier import shift
from scraper.archive.gate import is_half
from scraper.archive.renumbered import is_another
from scraper.items import Article

EXTRACTOR = f"khuyen-hoc-archive {__version__}"

GONE_LOOKS = 3
GONE_AFTER = timedelta(days=7)

Outcome = Literal["new", "changed", "unchanged", "off_topic"]


@dataclass(frozen=True, slots=True)
class Source:
    """What storing needs to know of a portal."""

    id: str
    citation: str


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """A stored capture: its row, its time (UTC), the rank of its address; ``archived``: others made it, we did not ask the portal."""

    id: int
    fetched_at: str
    rank: int
    archived: bool = False


def store_article(
    db: Database, source: Source, capture: CaptureRef, article: Article, relevance: Relevance, *, on_topic: bool
) -> tuple[Outcome, int | None]:
    """Store one reading of an article; returns what became of it and its revision. Must run inside a transaction."""
    row = db.execute(
        "SELECT a.id, a.current_as_of, a.address_rank, a.url, a.title, a.published_at, a.last_seen_at, a.revision_id, r.content_digest,"
        " a.first_seen_at, a.section, length(a.body) + length(coalesce(a.lead, '')), a.missing_since"
        " FROM articles a JOIN revisions r ON r.id = a.revision_id WHERE a.source_id = ? AND a.article_key = ?",
        (source.id, article.key),
    ).fetchone()
    if row is None:
        if not on_topic:
            _remember_off_topic(db, source, capture, article, relevance)
            return "off_topic", None
        return "new", _insert(db, source, capture, article, relevance)
    article_id, current_as_of, rank, url, title, published_at, last_seen_at, current_revision, current_digest = row[:9]
    first_seen_at, section, current_length, missing_since = row[9:]
    live_as_of = _live_as_of(db, source, article_id, url)
    revision_id = _revision(db, article_id, capture, article)
    changes: dict[str, Any] = {}
    if capture.fetched_at > last_seen_at:
        changes["last_seen_at"] = capture.fetched_at
    if capture.fetched_at < first_seen_at:
        changes["first_seen_at"] = capture.fetched_at
    if section is None and article.section:
        changes["section"] = article.section
    outcome: Outcome = "unchanged"
    later = (capture.fetched_at, article.content_digest) >= (current_as_of, current_digest)
    # An earlier capture that is much longer than what stands: had it come first, the gate would have refused what stands.
    restored = is_half(current_length, len(article.text))
    wins = capture.rank < rank or (capture.rank == rank and (later or restored))
    if capture.archived and live_as_of is not None:
        wins = wins and capture.fetched_at > live_as_of
    elif not capture.archived and (live_as_of is None or current_as_of > live_as_of):
        wins = wins or later  # what stands is an archive's
    if _gives_address(capture, article, (live_as_of is None, rank, url), title, missing_since, wins=wins):
        url = article.url
        changes |= {"url": url, "address_rank": capture.rank}
        if article.section:
            changes["section"] = article.section
    if wins:
        changes["current_as_of"] = capture.fetched_at
        if missing_since is None or capture.fetched_at >= missing_since:
            changes |= {"missing_since": None, "missing_looks": 0, "gone_at": None}
        if revision_id != current_revision:
            outcome = "changed"
            title, published_at = article.title, article.published_at
            changes |= _content(article, relevance) | {"revision_id": revision_id, "capture_id": capture.id}
        if _replace_attachments(db, article_id, article) or _is_lost(db, article_id):
            changes["capture_id"] = capture.id  # what proves the row as it stands
    if "url" in changes or "revision_id" in changes:
        changes["cite_as"] = cite(source, title, published_at, url)
    if changes:
        _update(db, article_id, changes)
    return outcome, revision_id


def _gives_address(
    capture: CaptureRef, article: Article, stands: tuple[bool, int, str], title: str, missing_since: str | None, *, wins: bool
) -> bool:
    """Whether the stored address is to be that of a capture; ``stands``: whether it is only an archive's, its rank, the address.

    An address that the portal itself answered at is not given up for one that only an archive has, nor kept back by such a one;
    but one that no longer shows the article is, for the one that does.
    """
    was_foreign, rank, url = stands
    if capture.archived and not was_foreign:
        return False
    if is_another(title, url, article.title, article.url):
        return wins
    if missing_since is not None and capture.fetched_at >= missing_since and not capture.archived and article.url != url:
        return wins
    return (capture.archived, capture.rank, article.url) < (was_foreign, rank, url)


def reinstate(
    db: Database, source: Source, article_id: int, revision_id: int, capture_id: int, article: Article, relevance: Relevance
) -> None:
    """Let an earlier revision of an article stand again, as its capture tells it: what replaced it was no article."""
    row = db.execute("SELECT url FROM articles WHERE id = ?", (article_id,)).fetchone()
    cited = {"cite_as": cite(source, article.title, article.published_at, row[0])}
    _update(db, article_id, _content(article, relevance) | cited | {"revision_id": revision_id, "capture_id": capture_id})
    _replace_attachments(db, article_id, article)


def mark_missing(db: Database, source_id: str, key: str, at: str, *, gone: bool) -> bool:
    """An article's address no longer shows it; returns whether it counts as gone from now on. Its text stays.

    ``gone``: the portal said so (410). Otherwise (404, sent to the home page) after three looks over seven days.
    """
    row = db.execute(
        "SELECT id, missing_since, missing_looks, gone_at FROM articles WHERE source_id = ? AND article_key = ?", (source_id, key)
    ).fetchone()
    if row is None:
        return gone
    article_id, since, looks, gone_at = row
    since = since or at
    looks += 1
    if gone_at is None and (gone or (looks >= GONE_LOOKS and shift(since, GONE_AFTER) <= at)):
        gone_at = at
    _update(db, article_id, {"missing_since": since, "missing_looks": looks, "gone_at": gone_at})
    return gone_at is not None


def mark_present(db: Database, source_id: str, key: str, at: str) -> None:
    """The portal confirmed what we have of an article: it is there, unless a later look missed it."""
    db.execute(
        "UPDATE articles SET last_seen_at = max(last_seen_at, ?) WHERE source_id = ? AND article_key = ?",
        (at, source_id, key),
    )
    db.execute(
        "UPDATE articles SET missing_since = NULL, missing_looks = 0, gone_at = NULL"
        " WHERE source_id = ? AND article_key = ? AND missing_since <= ?",
        (source_id, key, at),
    )


def withdraw(db: Database, article_id: int) -> None:
    """Take back what turned out to be no article. Its captures stay, unlinked."""
    db.execute(
        "UPDATE captures SET revision_id = NULL, outcome = 'refused: boilerplate' WHERE revision_id IN"
        " (SELECT id FROM revisions WHERE article_id = ?)",
        (article_id,),
    )
    analysis.forget(db, article_id)
    db.execute("UPDATE articles SET revision_id = NULL WHERE id = ?", (article_id,))
    for table, column in (("attachments", "article_id"), ("revisions", "article_id"), ("articles", "id")):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (article_id,))


def cite(source: Source, title: str, published_at: str | None, url: str) -> str:
    """A ready citation: “title”, the portal in its own wording, the day it printed, the address.

    Where no day is known it may be that the portal printed one that could not be read: that it printed none is not said.
    """
    shown = f"{published_at[8:10]}/{published_at[5:7]}/{published_at[:4]}" if published_at else "không rõ ngày đăng"
    return f"“{title}”, {source.citation}, {shown}, {url}"


def _insert(db: Database, source: Source, capture: CaptureRef, article: Article, relevance: Relevance) -> int:
    values = {
        "uid": f"{source.id}-{article.key}",
        "source_id": source.id,
        "article_key": article.key,
        "url": article.url,
        "address_rank": capture.rank,
        "section": article.section,
        "cite_as": cite(source, article.title, article.published_at, article.url),
        "first_seen_at": capture.fetched_at,
        "last_seen_at": capture.fetched_at,
        "current_as_of": capture.fetched_at,
        "capture_id": capture.id,
        **_content(article, relevance),
    }
    names = ", ".join(values)
    slots = ", ".join(f":{name}" for name in values)
    article_id = db.execute(f"INSERT INTO articles ({names}) VALUES ({slots}) RETURNING id", values).fetchone()[0]
    revision_id = _revision(db, article_id, capture, article)
    _update(db, article_id, {"revision_id": revision_id})
    _replace_attachments(db, article_id, article)
    db.execute("DELETE FROM off_topic WHERE source_id = ? AND article_key = ?", (source.id, article.key))
    return revision_id


def _content(article: Article, relevance: Relevance) -> dict[str, Any]:
    return {
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "byline": article.byline,
        "source_line": article.source_line,
        "published_at": article.published_at,
        "published_precision": article.published_precision,
        "published_raw": article.published_raw,
        "relevance_score": relevance.score,
        "relevance_words": relevance.reason,
        "layout": article.layout,
        "body_digest": article.body_digest,
        "evidence": json.dumps(dict(article.evidence), ensure_ascii=False, sort_keys=True),
    }


def _revision(db: Database, article_id: int, capture: CaptureRef, article: Article) -> int:
    """The revision of a content, made if it is new; its first capture is the earliest that showed it."""
    row = db.execute(
        "SELECT id, first_captured_at FROM revisions WHERE article_id = ? AND content_digest = ?", (article_id, article.content_digest)
    ).fetchone()
    if row is not None:
        if capture.fetched_at < row[1]:
            db.execute("UPDATE revisions SET first_captured_at = ?, capture_id = ? WHERE id = ?", (capture.fetched_at, capture.id, row[0]))
        known: int = row[0]
        return known
    revision_id: int = db.execute(
        "INSERT INTO revisions (article_id, first_captured_at, title, lead, body, byline, source_line, published_at, content_digest,"
        " extractor, capture_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            article_id, capture.fetched_at, article.title, article.lead, article.body, article.byline, article.source_line,
            article.published_at, article.content_digest, EXTRACTOR, capture.id,
        ),
    ).fetchone()[0]  # fmt: skip
    return revision_id


def _update(db: Database, article_id: int, changes: dict[str, Any]) -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in changes)
    db.execute(f"UPDATE articles SET {assignments} WHERE id = :row_id", {**changes, "row_id": article_id})


def _live_as_of(db: Database, source: Source, article_id: int, url: str) -> str | None:
    """When the portal itself last showed or confirmed an article; None when only others' captures tell of it."""
    row = db.execute(
        "SELECT max(at) FROM (SELECT max(c.fetched_at) AS at FROM captures c JOIN revisions r ON r.id = c.revision_id"
        " WHERE r.article_id = ? AND c.provenance IS NULL UNION ALL SELECT max(fetched_at) FROM captures"
        " WHERE source_id = ? AND url = ? AND outcome = 'unmodified' AND provenance IS NULL)",
        (article_id, source.id, url),
    ).fetchone()
    found: str | None = row[0]
    return found


def _is_lost(db: Database, article_id: int) -> bool:
    """Whether the capture that proves an article is gone from the disk."""
    row = db.execute("SELECT c.outcome FROM articles a JOIN captures c ON c.id = a.capture_id WHERE a.id = ?", (article_id,)).fetchone()
    return bool(row) and row[0] == "lost"


def _replace_attachments(db: Database, article_id: int, article: Article) -> bool:
    """Store the attachments as the current capture has them; returns whether they changed."""
    wanted: dict[str, tuple[str, str | None, str]] = {}
    for attachment in article.attachments:
        wanted.setdefault(attachment.url, (attachment.kind, attachment.caption, attachment.url))
    stored = db.execute("SELECT kind, caption, url FROM attachments WHERE article_id = ? ORDER BY position", (article_id,)).fetchall()
    if stored == list(wanted.values()):
        return False
    db.execute("DELETE FROM attachments WHERE article_id = ?", (article_id,))
    insert = "INSERT INTO attachments (article_id, position, kind, caption, url) VALUES (?, ?, ?, ?, ?)"
    for position, values in enumerate(wanted.values(), 1):
        db.execute(insert, (article_id, position, *values))
    return True


def _remember_off_topic(db: Database, source: Source, capture: CaptureRef, article: Article, relevance: Relevance) -> None:
    """Keep the decision and its words, not the text. Among several captures the latest, then the smallest address, decides."""
    db.execute(
        "INSERT INTO off_topic (source_id, article_key, title, published_at, score, words, url, capture_id, decided_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source_id, article_key) DO UPDATE SET title = excluded.title,"
        " published_at = excluded.published_at, score = excluded.score, words = excluded.words, url = excluded.url,"
        " capture_id = excluded.capture_id, decided_at = excluded.decided_at"
        " WHERE excluded.decided_at > decided_at OR (excluded.decided_at = decided_at AND excluded.url <= url)",
        (
            source.id, article.key, article.title, article.published_at, relevance.score, relevance.reason, article.url,
            capture.id, capture.fetched_at,
        ),
    )  # fmt: skip
