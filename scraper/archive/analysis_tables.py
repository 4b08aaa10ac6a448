"""The tables of what was read out of articles: topics, places, figures, officials, reprints, and what people say of the figures."""

from __future__ import annotations

ANALYSIS = """
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
"""SQL of the migration ``m004_analysis``. All of it can be made again from the texts, but for ``observation_reviews``."""
