"""Tables of what web archives hold of a portal, and how far it was brought back (``scraper.archive.holdings``)."""

from __future__ import annotations

HOLDINGS = """
CREATE TABLE listings (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources(id),
    archive TEXT NOT NULL,
    scope TEXT NOT NULL,
    since TEXT NOT NULL DEFAULT '',
    until TEXT NOT NULL DEFAULT '',
    position TEXT,
    pages INTEGER NOT NULL DEFAULT 0,
    captures INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    completed_at TEXT,
    not_before TEXT,
    UNIQUE (source_id, archive, scope, since, until)
) STRICT;

CREATE TABLE holdings (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources(id),
    archive TEXT NOT NULL,
    article_key TEXT NOT NULL,
    url TEXT NOT NULL,
    address_rank INTEGER NOT NULL,
    captured_at TEXT NOT NULL,
    digest TEXT NOT NULL,
    place TEXT NOT NULL,
    byte_range TEXT,
    state TEXT NOT NULL CHECK (state IN ('listed', 'todo', 'same', 'twin', 'skipped', 'done', 'failed', 'given_up')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at TEXT,
    detail TEXT,
    capture_id INTEGER REFERENCES captures(id),
    UNIQUE (source_id, archive, url, captured_at)
) STRICT;
CREATE INDEX holdings_state ON holdings (source_id, state, due_at);
CREATE INDEX holdings_key ON holdings (source_id, article_key);
CREATE INDEX holdings_digest ON holdings (source_id, digest);
"""
