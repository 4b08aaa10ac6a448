"""Rows checked by what they must be: vocabulary, times, clean text, digests, and states that fit together.

Each check is a query or a walk over one table on a read-only connection. What only the captures can tell is
:mod:`scraper.archive.verify_readings`.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from scraper.archive.findings import BY_CRAWL, FROM_BACKUP, FROM_CAPTURES, Finding, Severity
from scraper.archive.kinds import KINDS
from scraper.items import Article

OUTCOMES = frozenset(
    {
        "new",
        "changed",
        "unchanged",
        "off_topic",
        "listing",
        "other",
        "robots",
        "redirect",
        "unmodified",
        "interrupted",
        "lost",
        "asked to wait",
        "unresolved revisit",
    }
)
"""``captures.outcome``, beside ``refused: <kind of issue>`` and NULL (not yet read)."""
ARCHIVING = frozenset({"new", "changed", "unchanged"})
VERDICTS = frozenset({"good", "doubtful", "bad"})

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_OURS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_PRINTED = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d\+07:00|T\d\d:\d\d\+07:00)?")
_EARLIEST = {"ours": "1996-01-01", "printed": "1990-01-01"}

_TIMES = (
    ("archive_info", "id", "created_at"),
    ("sources", "id", "not_before"),
    ("sections", "id", "last_walked_at, completed_at"),
    ("crawls", "id", "started_at, finished_at"),
    ("segments", "file", "opened_at, sealed_at"),
    ("captures", "id", "fetched_at"),
    ("articles", "id", "first_seen_at, last_seen_at, missing_since, gone_at, current_as_of"),
    ("revisions", "id", "first_captured_at"),
    ("off_topic", "article_key", "decided_at"),
    ("issues", "id", "first_seen_at, last_seen_at, closed_at, opened_at"),
    ("frontier", "article_key", "discovered_at, asked_at, due_at"),
    ("listings", "id", "completed_at, not_before"),
    ("holdings", "id", "captured_at, due_at"),
)
_TEXTS = (
    ("articles", "id", "title, lead, body, byline, source_line, section, published_raw, cite_as, relevance_words"),
    ("revisions", "id", "title, lead, body, byline, source_line"),
    ("attachments", "id", "caption, url"),
    ("off_topic", "article_key", "title, words, url"),
    ("sections", "id", "title, url"),
    ("sources", "id", "publisher, place_name, citation"),
    ("issues", "id", "detail"),
)

# Each: what is wrong, whose row, the query that finds it. The first column names the row, a second one its address.
_CONTRADICTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "the article is not its current revision",
        "articles",
        "SELECT a.id, a.url FROM articles a LEFT JOIN revisions r ON r.id = a.revision_id WHERE r.id IS NULL OR r.article_id <> a.id"
        " OR (a.title, a.body) <> (r.title, r.body) OR a.lead IS NOT r.lead OR a.byline IS NOT r.byline"
        " OR a.source_line IS NOT r.source_line OR a.published_at IS NOT r.published_at",
    ),
    (
        "the uid is not made of source and key",
        "articles",
        "SELECT id, url FROM articles WHERE uid <> source_id || '-' || article_key",
    ),
    (
        "the times seen contradict each other",
        "articles",
        "SELECT id, url FROM articles WHERE first_seen_at > last_seen_at OR current_as_of > last_seen_at",
    ),
    (
        "missing and gone contradict each other",
        "articles",
        "SELECT id, url FROM articles WHERE (missing_since IS NULL) <> (missing_looks = 0) OR gone_at < missing_since"
        " OR (gone_at IS NOT NULL AND missing_since IS NULL) OR missing_looks < 0",
    ),
    (
        "the precision does not fit the date",
        "articles",
        "SELECT id, url FROM articles WHERE published_precision IS NOT CASE WHEN published_at IS NULL THEN NULL"
        " WHEN length(published_at) = 10 THEN 'day' ELSE 'minute' END OR (published_at IS NULL) <> (published_raw IS NULL)",
    ),
    (
        "its capture is of another source, or no whole answer",
        "articles",
        "SELECT a.id, a.url FROM articles a LEFT JOIN captures c ON c.id = a.capture_id"
        " WHERE c.source_id IS NOT a.source_id OR c.status IS NOT 200",
    ),
    (
        "it was not first captured when its capture was made",
        "revisions",
        "SELECT r.id, c.url FROM revisions r LEFT JOIN captures c ON c.id = r.capture_id WHERE c.fetched_at IS NOT r.first_captured_at",
    ),
    (
        "it was not decided when its capture was made",
        "off_topic",
        "SELECT o.article_key, o.url FROM off_topic o LEFT JOIN captures c ON c.id = o.capture_id"
        " WHERE c.fetched_at IS NOT o.decided_at OR c.source_id IS NOT o.source_id",
    ),
    (
        "it is both archived and off topic",
        "articles",
        "SELECT a.id, a.url FROM articles a JOIN off_topic o ON o.source_id = a.source_id AND o.article_key = a.article_key",
    ),
    (
        "the outcome does not fit the revision",
        "captures",
        "SELECT c.id, c.url FROM captures c LEFT JOIN revisions r ON r.id = c.revision_id LEFT JOIN articles a ON a.id = r.article_id"
        " WHERE coalesce(c.outcome, '') <> 'lost' AND ((c.outcome IN ('new', 'changed', 'unchanged')) <> (c.revision_id IS NOT NULL)"
        " OR a.source_id <> c.source_id)",
    ),
    (
        "it is tls over plain http, or the other way about",
        "captures",
        "SELECT id, url FROM captures WHERE tls IS NOT NULL AND url NOT LIKE 'https:%'",
    ),
    (
        "its source and its segment's are different",
        "captures",
        "SELECT c.id, c.url FROM captures c LEFT JOIN segments s ON s.file = c.warc_file"
        " WHERE s.source_id IS NOT c.source_id OR c.warc_offset < 0 OR c.warc_offset + c.warc_length > s.committed_end"
        " AND coalesce(c.outcome, '') <> 'lost'",
    ),
    (
        "sealed without a digest, or the other way about",
        "segments",
        "SELECT file FROM segments WHERE (sealed_at IS NULL) <> (sha256 IS NULL) OR committed_end < 0 OR sealed_at < opened_at",
    ),
    (
        "it is done, and neither archived nor off topic",
        "frontier",
        "SELECT article_key, url FROM frontier f WHERE state = 'done'"
        " AND NOT EXISTS (SELECT 1 FROM articles a WHERE a.source_id = f.source_id AND a.article_key = f.article_key)"
        " AND NOT EXISTS (SELECT 1 FROM off_topic o WHERE o.source_id = f.source_id AND o.article_key = f.article_key)",
    ),
    (
        "it is waiting, and has no time to be asked",
        "frontier",
        "SELECT article_key, url FROM frontier WHERE state IN ('todo', 'failed') AND due_at IS NULL"
        " OR state = 'gone' AND due_at IS NOT NULL OR attempts < 0 OR state = 'failed' AND attempts = 0",
    ),
    (
        "an archived article is not in the frontier",
        "articles",
        "SELECT a.id, a.url FROM articles a WHERE NOT EXISTS"
        " (SELECT 1 FROM frontier f WHERE f.source_id = a.source_id AND f.article_key = a.article_key)",
    ),
    (
        "a listed article is not in the frontier",
        "section_articles",
        "SELECT s.article_key FROM section_articles s JOIN sections t ON t.id = s.section_id"
        " WHERE NOT EXISTS (SELECT 1 FROM frontier f WHERE f.source_id = t.source_id AND f.article_key = s.article_key)",
    ),
    (
        "it was completed before it was walked",
        "sections",
        "SELECT id, url FROM sections WHERE completed_at > last_walked_at OR (completed_at IS NOT NULL AND last_walked_at IS NULL)",
    ),
    (
        "the times of the issue contradict each other",
        "issues",
        "SELECT id, url FROM issues WHERE first_seen_at > last_seen_at",
    ),
    (
        "it is done and has no capture, or the other way about",
        "holdings",
        "SELECT id, url FROM holdings WHERE (state = 'done') <> (capture_id IS NOT NULL) OR attempts < 0"
        " OR (state = 'failed') <> (due_at IS NOT NULL)",
    ),
    (
        "the crawl's figures contradict each other",
        "crawls",
        "SELECT id FROM crawls WHERE min(requests, listed, new, changed, unchanged, off_topic, failed, issues) < 0"
        " OR finished_at < started_at OR (finished_at IS NULL) <> (finish_reason IS NULL)",
    ),
    (
        "the crawl counts other requests than it has captures",
        "crawls",
        "SELECT id FROM crawls w WHERE kind = 'crawl' AND finish_reason = 'finished' AND requests <>"
        " (SELECT count(*) FROM captures c WHERE c.crawl_id = w.id)",
    ),
)


def types(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Values of another type than their column's: one turned bit in a row's header makes bytes, a number or nothing of a text."""
    for (table,) in conn.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict").fetchall():
        declared = conn.execute('SELECT name, lower(type), "notnull", pk FROM pragma_table_info(?)', (table,)).fetchall()
        key = [name for name, _, _, place in sorted(declared, key=lambda column: column[3]) if place] or ["rowid"]
        columns = [(name, (wanted,) if needed else (wanted, "null")) for name, wanted, needed, _ in declared if wanted != "any"]
        kinds = ", ".join(f"typeof({name})" for name, _ in columns)
        wrong = " OR ".join(f"typeof({name}) NOT IN ({', '.join(map(repr, allowed))})" for name, allowed in columns)
        # One walk over the table for all of its columns.
        for row in conn.execute(f"SELECT {', '.join(key)}, {kinds} FROM {table} NOT INDEXED WHERE {wrong}"):
            for (name, allowed), found in zip(columns, row[len(key) :], strict=True):
                if found not in allowed:
                    what = f"{name} is {found}, and should be {allowed[0]}"
                    yield Finding("damage", "rows", what, FROM_CAPTURES, row=f"{table} {' '.join(map(str, row[: len(key)]))}")


def contradictions(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Rows that contradict each other."""
    for what, table, query in _CONTRADICTIONS:
        for row in conn.execute(query):
            mend = FROM_CAPTURES if table in ("articles", "revisions", "off_topic", "captures", "frontier") else FROM_BACKUP
            yield Finding("damage", "rows", what, mend, url=row[1] if len(row) > 1 else None, row=f"{table} {row[0]}")


def digests(conn: sqlite3.Connection) -> Iterator[Finding]:
    """The digests of revisions and articles, computed again."""
    query = "SELECT id, title, lead, body, byline, source_line, published_at, content_digest FROM revisions"
    for number, title, lead, body, byline, source_line, published_at, digest in conn.execute(query):
        article = Article("", "", title, lead, body, byline, source_line, published_at=published_at)
        if article.content_digest != digest:
            yield Finding("damage", "rows", "the content is not what its digest was made of", FROM_CAPTURES, row=f"revisions {number}")
    for number, url, title, lead, body, digest in conn.execute("SELECT id, url, title, lead, body, body_digest FROM articles"):
        if Article("", "", title, lead, body).body_digest != digest:
            yield Finding("damage", "rows", "the text is not what its digest was made of", FROM_CAPTURES, url=url, row=f"articles {number}")


def words(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Columns that hold one of a few words, where the schema does not say so itself."""
    for number, url, outcome in conn.execute("SELECT id, url, outcome FROM captures WHERE outcome IS NOT NULL"):
        kind = outcome.removeprefix("refused: ")
        if outcome not in OUTCOMES and (kind == outcome or (kind not in KINDS and not kind.startswith("http_"))):
            yield Finding("damage", "rows", f"no outcome {outcome!r} is known", FROM_CAPTURES, url=url, row=f"captures {number}")
    for number, url, kind in conn.execute("SELECT id, url, kind FROM issues"):
        if kind not in KINDS:
            yield Finding("damage", "rows", f"no kind of issue {kind!r} is known", FROM_BACKUP, url=url, row=f"issues {number}")
    for number, verdict in conn.execute("SELECT id, verdict FROM crawls WHERE verdict IS NOT NULL"):
        if verdict not in VERDICTS:
            yield Finding("damage", "rows", f"no verdict {verdict!r} is known", FROM_BACKUP, row=f"crawls {number}")


def times(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Times that are none, or lie where none can."""
    latest = datetime.now(UTC) + timedelta(days=2)
    for table, key, named in _TIMES:
        there = {row[1] for row in conn.execute(f"PRAGMA table_info({table})")}
        columns = ", ".join(name for name in named.split(", ") if name in there)
        for row in conn.execute(f"SELECT {key}, {columns} FROM {table}"):
            for column, value in zip(columns.split(", "), row[1:], strict=True):
                limit = latest + timedelta(days=400 if column in ("due_at", "not_before") else 0)
                if value is not None and not (_OURS.fullmatch(value) and _is_time(value, _EARLIEST["ours"], limit)):
                    yield Finding("damage", "rows", f"{column} {value!r} is no time of ours", FROM_BACKUP, row=f"{table} {row[0]}")
    for table, key in (("articles", "id"), ("revisions", "id"), ("off_topic", "article_key")):
        for name, value in conn.execute(f"SELECT {key}, published_at FROM {table} WHERE published_at IS NOT NULL"):
            if not (_PRINTED.fullmatch(value) and _is_time(value, _EARLIEST["printed"], latest)):
                yield Finding("damage", "rows", f"published_at {value!r} is no date", FROM_CAPTURES, row=f"{table} {name}")
    for key, value in conn.execute("SELECT article_key, listed_date FROM frontier WHERE listed_date IS NOT NULL"):
        if len(value) != 10 or not _is_time(value, _EARLIEST["printed"], latest):
            yield Finding("damage", "rows", f"listed_date {value!r} is no day", FROM_BACKUP, row=f"frontier {key}")


def texts(conn: sqlite3.Connection) -> Iterator[Finding]:
    """Text that is not NFC, or has characters that no text has."""
    for table, key, columns in _TEXTS:
        for row in conn.execute(f"SELECT {key}, {columns} FROM {table}"):
            for column, value in zip(columns.split(", "), row[1:], strict=True):
                if value is not None and (_CONTROLS.search(value) or not unicodedata.is_normalized("NFC", value)):
                    yield Finding("damage", "rows", f"{column} is no clean text", FROM_CAPTURES, row=f"{table} {row[0]}")


def waiting(conn: sqlite3.Connection, *, held: bool) -> Iterator[Finding]:
    """What a killed crawl left behind."""
    severity: Severity = "note" if held else "repairable"
    unread = conn.execute("SELECT source_id, count(*) FROM captures WHERE outcome IS NULL GROUP BY source_id").fetchall()
    for source, count in unread:
        yield Finding(severity, "unread", f"{count} captures of {source} are stored and not yet read", BY_CRAWL)
    lost = conn.execute("SELECT count(*) FROM articles a JOIN captures c ON c.id = a.capture_id WHERE c.outcome = 'lost'").fetchone()[0]
    if lost:
        yield Finding("note", "records", f"the captures that prove {lost} articles are lost; their text is here")


def _is_time(value: str, earliest: str, latest: datetime) -> bool:
    try:
        at = datetime.fromisoformat(value) if len(value) > 10 else datetime.combine(date.fromisoformat(value), datetime.min.time())
    except ValueError:
        return False
    return value >= earliest and at.replace(tzinfo=at.tzinfo or UTC) <= latest


CHECKS = (types, contradictions, digests, words, times, texts)
"""In this order: the later ones read values as the types that the first has looked at."""
