"""Tables of crawls that workers made: which of their parts are in the archive (``imports``), and of which crawl each is (``jobs``).

``jobs.memory`` is what a crawl's next part must know of those before it: the kinds of problems met, the texts found to be a template's,
and how many articles had failed before.
"""

from __future__ import annotations

WORKERS = """
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources(id),
    crawl_id INTEGER NOT NULL REFERENCES crawls(id),
    worker TEXT NOT NULL,
    memory TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE imports (
    sha256 TEXT PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES jobs(id),
    part INTEGER NOT NULL,
    captures INTEGER NOT NULL,
    imported_at TEXT NOT NULL,
    UNIQUE (job_id, part)
) STRICT, WITHOUT ROWID;
"""
