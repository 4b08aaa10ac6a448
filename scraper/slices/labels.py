"""What people are told beside an article's codes: the columns that ``_labels=on`` of a download and ``scrapy export --labels`` add."""

from __future__ import annotations

import sqlite3

SOURCE = "(select publisher from sources where sources.id = articles.source_id) as source_id_label"
PLACE = "(select place_name from sources where sources.id = articles.source_id) as place_name"
CAPTURE = "(select fetched_at from captures where captures.id = articles.capture_id) as capture_id_label"
REVISION = "(select first_captured_at from revisions where revisions.id = articles.revision_id) as revision_id_label"
TOPICS = (
    "(select group_concat(label, '; ') from (select topics.label from article_topics join topics on topics.id = article_topics.topic_id"
    " where article_topics.article_id = articles.id order by topics.label)) as topics"
)
TOPIC_TABLES = ("topics", "article_topics")
_BESIDE = {"source_id": (SOURCE, PLACE), "capture_id": (CAPTURE,), "revision_id": (REVISION,)}


def labelled_columns(conn: sqlite3.Connection) -> str:
    """Every column of ``articles``, each code followed by what it stands for, and the topics at the end; for ``select … from articles``."""
    columns: list[str] = []
    for row in conn.execute("pragma table_info(articles)"):
        columns += [f"articles.{row[1]}", *_BESIDE.get(row[1], ())]
    return ", ".join([*columns, *([TOPICS] if has_topics(conn) else [])])


def has_topics(conn: sqlite3.Connection) -> bool:
    """Whether the archive was written since there are topics."""
    return conn.execute("select 1 from sqlite_master where name = 'article_topics'").fetchone() is not None
