"""The schema of archive.db, as migrations: the only place that defines a table.

Text columns hold NFC; times are ISO 8601, UTC with Z for what we did and +07:00 for what portals print.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

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


_ANALYSIS = """
CREATE TABLE places (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    epoch TEXT NOT NULL CHECK (epoch IN ('2020', '2025-07')),
    level TEXT NOT NULL CHECK (level IN ('province', 'district', 'commune')),
    name TEXT NOT NULL,
    parent_id TEXT REFERENCES places(id),
    lat REAL,
    lon REAL
) STRICT;

CREATE TABLE place_successors (
    old_id TEXT NOT NULL REFERENCES places(id),
    new_id TEXT NOT NULL REFERENCES places(id),
    PRIMARY KEY (old_id, new_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE topics (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL
) STRICT;

CREATE TABLE indicators (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    label_en TEXT NOT NULL,
    unit TEXT NOT NULL,
    measure TEXT NOT NULL CHECK (measure IN ('stock', 'flow')),
    tier TEXT NOT NULL CHECK (tier IN ('core', 'context'))
) STRICT;

CREATE TABLE analyses (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    revision_id INTEGER NOT NULL REFERENCES revisions(id),
    version TEXT NOT NULL,
    on_topic INTEGER NOT NULL CHECK (on_topic IN (0, 1)),
    own_place TEXT,
    shingles INTEGER NOT NULL
) STRICT;

CREATE TABLE article_topics (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    topic_id TEXT NOT NULL REFERENCES topics(id),
    words TEXT NOT NULL,
    PRIMARY KEY (article_id, topic_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE article_places (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    field TEXT NOT NULL CHECK (field IN ('title', 'lead', 'body')),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    printed TEXT NOT NULL,
    place_id TEXT REFERENCES places(id),
    how TEXT NOT NULL,
    candidates TEXT NOT NULL,
    PRIMARY KEY (article_id, field, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_places_place ON article_places (place_id);

CREATE TABLE article_people (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    field TEXT NOT NULL CHECK (field IN ('title', 'lead', 'body')),
    start INTEGER NOT NULL,
    name TEXT NOT NULL,
    position TEXT NOT NULL,
    body TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    PRIMARY KEY (article_id, field, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE observations (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    indicator_id TEXT NOT NULL REFERENCES indicators(id),
    place_level TEXT CHECK (place_level IN ('province', 'district', 'commune', 'cluster', 'country')),
    place_id TEXT REFERENCES places(id),
    place_name TEXT,
    place_members TEXT,
    place_source TEXT NOT NULL,
    value ANY,
    value_min ANY,
    value_max ANY,
    denominator INTEGER,
    qualifier TEXT NOT NULL CHECK (qualifier IN ('eq', 'gt', 'lt', 'approx', 'vague')),
    period_kind TEXT CHECK (period_kind IN ('range', 'asof', 'recurrent')),
    period_start TEXT,
    period_end TEXT,
    period_source TEXT NOT NULL,
    modality TEXT NOT NULL CHECK (modality IN ('actual', 'target')),
    status TEXT CHECK (status IN ('dang_ky', 'dat', 'cong_nhan')),
    value_text TEXT NOT NULL,
    quote TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field IN ('title', 'lead', 'body')),
    quote_start INTEGER NOT NULL,
    quote_end INTEGER NOT NULL,
    value_start INTEGER NOT NULL,
    value_end INTEGER NOT NULL,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL CHECK (confidence > 0 AND confidence <= 1),
    is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
    version TEXT NOT NULL,
    UNIQUE (article_id, field, value_start)
) STRICT;
CREATE INDEX observations_series ON observations (indicator_id, place_id, period_end);

CREATE TABLE numbers_unread (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    field TEXT NOT NULL CHECK (field IN ('title', 'lead', 'body')),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    printed TEXT NOT NULL,
    kind TEXT NOT NULL,
    quote TEXT NOT NULL,
    PRIMARY KEY (article_id, field, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE observation_reviews (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL,
    article_key TEXT NOT NULL,
    field TEXT NOT NULL CHECK (field IN ('title', 'lead', 'body')),
    quote TEXT NOT NULL,
    value_at INTEGER NOT NULL,
    value_text TEXT NOT NULL,
    value_start INTEGER,
    decision TEXT NOT NULL CHECK (decision IN ('accepted', 'corrected', 'rejected')),
    indicator_id TEXT,
    place_id TEXT,
    value ANY,
    period_kind TEXT CHECK (period_kind IN ('range', 'asof', 'recurrent')),
    period_start TEXT,
    period_end TEXT,
    note TEXT,
    reviewer TEXT,
    reviewed_at TEXT NOT NULL,
    UNIQUE (source_id, article_key, field, quote, value_at)
) STRICT;
CREATE INDEX observation_reviews_number ON observation_reviews (source_id, article_key, field, value_start);

CREATE TABLE article_shingles (
    hash INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    PRIMARY KEY (hash, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_shingles_article ON article_shingles (article_id);

CREATE TABLE reprints (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    other_id INTEGER NOT NULL REFERENCES articles(id),
    containment REAL NOT NULL,
    numbers REAL NOT NULL,
    PRIMARY KEY (article_id, other_id),
    CHECK (article_id < other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reprints_other ON reprints (other_id);

CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    first_published_at TEXT,
    articles INTEGER NOT NULL,
    sources INTEGER NOT NULL
) STRICT;

CREATE TABLE story_articles (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    story_id INTEGER NOT NULL REFERENCES stories(id)
) STRICT;
CREATE INDEX story_articles_story ON story_articles (story_id);

CREATE VIEW figures AS
SELECT o.id AS observation_id, a.uid, coalesce(r.indicator_id, o.indicator_id) AS indicator_id,
    coalesce(r.place_id, o.place_id) AS place_id,
    coalesce((SELECT p.name FROM places p WHERE p.id = r.place_id), o.place_name) AS place_name,
    CASE WHEN r.place_id IS NULL THEN o.place_level ELSE (SELECT p.level FROM places p WHERE p.id = r.place_id) END AS place_level,
    coalesce(r.value, o.value) AS value, CASE WHEN r.value IS NULL THEN o.value_max END AS value_max, o.denominator,
    CASE WHEN r.value IS NULL THEN o.qualifier ELSE 'eq' END AS qualifier,
    coalesce(r.period_kind, o.period_kind) AS period_kind,
    CASE WHEN r.period_kind IS NULL THEN o.period_start ELSE r.period_start END AS period_start,
    CASE WHEN r.period_kind IS NULL THEN o.period_end ELSE r.period_end END AS period_end,
    o.modality, o.status, o.value_text, o.quote, coalesce(r.decision, 'unreviewed') AS review, o.confidence, a.source_id,
    a.published_at, a.id AS article_id
FROM observations o JOIN articles a ON a.id = o.article_id
LEFT JOIN observation_reviews r ON r.source_id = a.source_id AND r.article_key = a.article_key AND r.field = o.field
    AND r.value_start = o.value_start
WHERE coalesce(r.decision, '') <> 'rejected'
UNION ALL
SELECT NULL, a.uid, r.indicator_id, r.place_id, (SELECT p.name FROM places p WHERE p.id = r.place_id),
    (SELECT p.level FROM places p WHERE p.id = r.place_id), r.value, NULL, NULL, 'eq', r.period_kind, r.period_start, r.period_end,
    'actual', NULL, r.value_text, r.quote, r.decision, 1.0, a.source_id, a.published_at, a.id
FROM observation_reviews r JOIN articles a ON a.source_id = r.source_id AND a.article_key = r.article_key
WHERE r.decision = 'corrected' AND r.indicator_id IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM observations o WHERE o.article_id = a.id AND o.field = r.field AND o.value_start IS r.value_start);
"""


@migrations()
def m004_analysis(db: Database) -> None:
    """Topics, places, figures, officials and reprints of each article; what people say of the figures."""
    for statement in _statements(_ANALYSIS):
        db.execute(statement)
