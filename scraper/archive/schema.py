"""The schema of archive.db, as migrations: the only place that defines a table.

Text columns hold NFC; times are ISO 8601, UTC with Z for what we did and +07:00 for what portals print.
"""

from __future__ import annotations

import re
from contextlib import suppress

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from scraper.archive.analysis_tables import ANALYSIS
from scraper.archive.holdings_tables import HOLDINGS
from scraper.archive.worker_tables import WORKERS
from scraper.urls import as_sent

migrations = Migrations("khuyen_hoc")

_TABLES = """
CREATE TABLE archive_info (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL CHECK (origin IN ('live', 'demo')),
    note TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    publisher TEXT NOT NULL,
    place TEXT NOT NULL,
    place_name TEXT NOT NULL,
    cms TEXT NOT NULL,
    home_url TEXT NOT NULL,
    citation TEXT NOT NULL,
    since TEXT,
    until TEXT,
    evidence TEXT NOT NULL,
    not_before TEXT
) STRICT;

CREATE TABLE sections (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources(id),
    url TEXT NOT NULL,
    title TEXT,
    etag TEXT,
    last_modified TEXT,
    last_walked_at TEXT,
    completed_at TEXT,
    UNIQUE (source_id, url)
) STRICT;

CREATE TABLE section_articles (
    section_id INTEGER NOT NULL REFERENCES sections(id),
    article_key TEXT NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
    PRIMARY KEY (section_id, article_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE crawls (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources(id),
    kind TEXT NOT NULL CHECK (kind IN ('crawl', 'replay')),
    started_at TEXT NOT NULL,
    finished_at TEXT,
    finish_reason TEXT,
    verdict TEXT,
    requests INTEGER NOT NULL DEFAULT 0,
    listed INTEGER NOT NULL DEFAULT 0,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    off_topic INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    issues INTEGER NOT NULL DEFAULT 0,
    code_version TEXT NOT NULL
) STRICT;

CREATE TABLE segments (
    file TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources(id),
    opened_at TEXT NOT NULL,
    committed_end INTEGER NOT NULL,
    sealed_at TEXT,
    sha256 TEXT
) STRICT;

CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources(id),
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    media_type TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('response', 'revisit')),
    outcome TEXT,
    payload_digest TEXT NOT NULL,
    record_id TEXT NOT NULL UNIQUE,
    warc_file TEXT NOT NULL REFERENCES segments(file),
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL,
    tls TEXT CHECK (tls IN ('verified', 'unverified')),
    provenance TEXT,
    crawl_id INTEGER REFERENCES crawls(id),
    revision_id INTEGER REFERENCES revisions(id),
    UNIQUE (warc_file, warc_offset)
) STRICT;
CREATE INDEX captures_url ON captures (source_id, url);
CREATE INDEX captures_unread ON captures (id) WHERE outcome IS NULL;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    published_at TEXT,
    source_id TEXT NOT NULL REFERENCES sources(id),
    section TEXT,
    lead TEXT,
    body TEXT NOT NULL,
    byline TEXT,
    source_line TEXT,
    url TEXT NOT NULL,
    cite_as TEXT NOT NULL,
    published_precision TEXT CHECK (published_precision IN ('minute', 'day')),
    published_raw TEXT,
    relevance_score REAL NOT NULL,
    relevance_words TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    missing_since TEXT,
    missing_looks INTEGER NOT NULL DEFAULT 0,
    gone_at TEXT,
    article_key TEXT NOT NULL,
    layout TEXT NOT NULL,
    evidence TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    current_as_of TEXT NOT NULL,
    address_rank INTEGER NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    revision_id INTEGER REFERENCES revisions(id),
    UNIQUE (source_id, article_key)
) STRICT;
CREATE INDEX articles_body ON articles (source_id, body_digest);
CREATE INDEX articles_published ON articles (published_at);
CREATE INDEX articles_source_published ON articles (source_id, published_at);

CREATE TABLE revisions (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    first_captured_at TEXT NOT NULL,
    title TEXT NOT NULL,
    lead TEXT,
    body TEXT NOT NULL,
    byline TEXT,
    source_line TEXT,
    published_at TEXT,
    content_digest TEXT NOT NULL,
    extractor TEXT NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    UNIQUE (article_id, content_digest)
) STRICT;

CREATE TABLE attachments (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('image', 'document')),
    caption TEXT,
    url TEXT NOT NULL,
    UNIQUE (article_id, url)
) STRICT;

CREATE TABLE off_topic (
    source_id TEXT NOT NULL REFERENCES sources(id),
    article_key TEXT NOT NULL,
    title TEXT NOT NULL,
    published_at TEXT,
    score REAL NOT NULL,
    words TEXT NOT NULL,
    url TEXT NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures(id),
    decided_at TEXT NOT NULL,
    PRIMARY KEY (source_id, article_key)
) STRICT;

CREATE TABLE issues (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    source_id TEXT NOT NULL REFERENCES sources(id),
    url TEXT NOT NULL,
    detail TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    closed_at TEXT,
    UNIQUE (kind, source_id, url)
) STRICT;

CREATE TABLE frontier (
    source_id TEXT NOT NULL REFERENCES sources(id),
    article_key TEXT NOT NULL,
    url TEXT NOT NULL,
    listed_date TEXT,
    state TEXT NOT NULL CHECK (state IN ('todo', 'done', 'failed', 'gone')),
    attempts INTEGER NOT NULL DEFAULT 0,
    discovered_at TEXT NOT NULL,
    asked_at TEXT,
    due_at TEXT,
    etag TEXT,
    last_modified TEXT,
    PRIMARY KEY (source_id, article_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX frontier_due ON frontier (source_id, state, due_at);
"""

# unicode61 with remove_diacritics 2 folds every Vietnamese mark except the bar of đ, so the triggers index đ as d. The
# content is external: snippets and highlights show the original letters. Never use FTS5's own 'rebuild' on it: that would
# index the unfolded text; scraper.archive.search.refill does it right.
FTS_COLUMNS = ("title", "lead", "body")


def _folded(row: str) -> str:
    return ", ".join(f"replace(replace({row}.{column}, 'đ', 'd'), 'Đ', 'D')" for column in FTS_COLUMNS)


_COLUMNS = ", ".join(FTS_COLUMNS)
_SEARCH = f"""
CREATE VIRTUAL TABLE articles_fts USING fts5(
    {_COLUMNS}, content='articles', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER articles_ai AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, {_COLUMNS}) VALUES (new.id, {_folded("new")});
END;
CREATE TRIGGER articles_ad AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, {_COLUMNS}) VALUES ('delete', old.id, {_folded("old")});
END;
CREATE TRIGGER articles_au AFTER UPDATE OF {_COLUMNS} ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, {_COLUMNS}) VALUES ('delete', old.id, {_folded("old")});
    INSERT INTO articles_fts (rowid, {_COLUMNS}) VALUES (new.id, {_folded("new")});
END;
"""


def _statements(script: str) -> list[str]:
    """Split at statement ends: executescript would commit the migration's transaction half way."""
    out: list[str] = []
    current = ""
    in_trigger = False
    for line in script.strip().splitlines():
        current += line + "\n"
        in_trigger = in_trigger or line.startswith("CREATE TRIGGER")
        if line.rstrip() == "END;" or (not in_trigger and line.rstrip().endswith(";")):
            out.append(current.strip().rstrip(";"))
            current, in_trigger = "", False
    return out


@migrations()
def m001_first_schema(db: Database) -> None:
    """Every table of the first release."""
    for statement in _statements(_TABLES) + _statements(_SEARCH):
        db.execute(statement)


@migrations()
def m002_reading(db: Database) -> None:
    """Indexes of the reading room: neighbours of an article in its section, and the newest of everything or of one source."""
    for name, columns in (
        ("articles_section_published", "source_id, section, published_at"),
        # As scraper.web.feeds orders: an article without a date stands at the day it was first seen.
        ("articles_newest", "coalesce(published_at, first_seen_at)"),
        ("articles_source_newest", "source_id, coalesce(published_at, first_seen_at)"),
    ):
        db.execute(f"CREATE INDEX {name} ON articles ({columns})")


# For reading: facets and counts walk an index, not the table with its texts; the pages of captures, revisions and crawls
# count the rows that point at them. Newest first, what is of the same time stands by number: Datasette goes from page to page
# by that order, but sorts its first page by the time alone, so the index itself must have it.
_READING = """
DROP INDEX articles_published;
DROP INDEX articles_source_published;
CREATE INDEX articles_published ON articles (published_at, id DESC);
CREATE INDEX articles_source_published ON articles (source_id, published_at, id DESC);
CREATE INDEX articles_section ON articles (section, published_at, id DESC, source_id);
CREATE INDEX articles_facts ON articles (source_id, section, substr(published_at, 1, 4), published_at);
CREATE INDEX articles_month ON articles (substr(published_at, 1, 7), source_id);
CREATE INDEX articles_capture ON articles (capture_id);
CREATE INDEX articles_revision ON articles (revision_id);
CREATE INDEX revisions_capture ON revisions (capture_id);
CREATE INDEX captures_revision ON captures (revision_id);
CREATE INDEX captures_crawl ON captures (crawl_id);
CREATE INDEX captures_fetched ON captures (fetched_at, id DESC);
CREATE INDEX revisions_captured ON revisions (first_captured_at, id DESC);
CREATE INDEX off_topic_capture ON off_topic (capture_id);
"""


# The same index as before, but with its content named as sqlite-utils and Datasette look for it: with double quotes.
_FOUND_BY_TOOLS = f"""
DROP TABLE articles_fts;
CREATE VIRTUAL TABLE articles_fts USING fts5(
    {_COLUMNS}, content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);
INSERT INTO articles_fts (rowid, {_COLUMNS}) SELECT id, {_folded("articles")} FROM articles ORDER BY id;
"""


@migrations()
def m003_slices(db: Database) -> None:
    """Indexes for reading a large archive; a search index that other tools recognise."""
    for statement in _statements(_READING) + _statements(_FOUND_BY_TOOLS):
        db.execute(statement)


@migrations()
def m004_analysis(db: Database) -> None:
    """Topics, places, figures, officials and reprints of each article; what people say of the figures."""
    for statement in _statements(ANALYSIS):
        db.execute(statement)


@migrations()
def m005_backfill(db: Database) -> None:
    """What web archives hold of a portal, and how far it was brought back."""
    for statement in _statements(HOLDINGS):
        db.execute(statement)


@migrations()
def m006_workers(db: Database) -> None:
    """The crawls that workers made, and which of their parts are in the archive."""
    for statement in _statements(WORKERS):
        db.execute(statement)


@migrations()
def m007_issues_opened(db: Database) -> None:
    """When an issue was opened last: one that was closed and came back is news again (``scraper.web.issue_feed``)."""
    db.execute("ALTER TABLE issues ADD COLUMN opened_at TEXT")
    db.execute("UPDATE issues SET opened_at = first_seen_at")


@migrations()
def m008_keys_of_reprints(db: Database) -> None:
    """Of an article's shingles only the keys stay (``scraper.analyse.reprints.keys``): a third, at least 24."""
    db.execute(
        "DELETE FROM article_shingles WHERE (hash, article_id) IN (SELECT hash, article_id FROM (SELECT hash, article_id,"
        " row_number() OVER (PARTITION BY article_id ORDER BY hash % 16, hash) AS place, count(*) OVER (PARTITION BY article_id) AS many"
        " FROM article_shingles) WHERE place > max(24, many / 3))"
    )


# What stood behind an address within the quotes of its link: encoded before m009, and no part of it.
_BLANKS_BEHIND = re.compile(r"(?:%20|%09|%0A|%0C|%0D|%C2%A0)+\Z")


@migrations()
def m009_addresses_of_files(db: Database) -> None:
    """An attachment's address as a browser sends it; a file that was there under two spellings is there once."""
    found = "SELECT id, CAST(url AS BLOB) FROM attachments WHERE url GLOB '*[^!-~]*' OR url GLOB '*%[02A][09ACD]'"
    for number, stored in db.execute(found).fetchall():
        with suppress(UnicodeDecodeError):  # damaged: scrapy verify names it
            url = _BLANKS_BEHIND.sub("", as_sent(stored.decode()))
            if not db.execute("UPDATE OR IGNORE attachments SET url = ? WHERE id = ?", (url, number)).rowcount:
                db.execute("DELETE FROM attachments WHERE id = ?", (number,))


@migrations()
def m010_citations_without_a_day(db: Database) -> None:
    """A citation no longer says that the portal printed no day, where it may be that it could not be read."""
    before, now = ", không ghi ngày đăng, http", ", không rõ ngày đăng, http"
    db.execute("UPDATE articles SET cite_as = replace(cite_as, ?, ?) WHERE published_at IS NULL", (before, now))
