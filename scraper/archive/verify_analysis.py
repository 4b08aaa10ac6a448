"""The analysis of every article, worked out again and compared with its rows.

Articles that other rules analysed are only counted: their rows may rightly differ. So may those of an archive that is older
than the analysis.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from scraper.analyse.article import version
from scraper.archive.analysis import KEYS, Article, read_safely
from scraper.archive.findings import Finding, Report, Tell
from scraper.items import Problem

BY_ANALYSE = "scrapy analyse --all"


def is_analysed(conn: sqlite3.Connection) -> bool:
    """Whether the archive has the tables of the analysis."""
    return conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'analyses'").fetchone() is not None


def analyses(conn: sqlite3.Connection, report: Report, tell: Tell) -> Iterator[Finding]:
    """Rows that are not what the present rules read in the stored text."""
    if not is_analysed(conn):
        return
    present = "n.article_id IS NOT NULL AND n.revision_id = a.revision_id AND n.version = ?"
    joined = "FROM articles a JOIN sources s ON s.id = a.source_id LEFT JOIN analyses n ON n.article_id = a.id"
    waiting = conn.execute(f"SELECT count(*) {joined} WHERE NOT ({present})", (version(),)).fetchone()[0]
    if waiting:
        yield Finding("note", "analysis", f"{waiting} articles are not analysed by the present rules; scrapy analyse does it")
    query = (
        f"SELECT a.id, a.revision_id, a.title, a.lead, a.body, a.published_at, s.place, n.on_topic {joined} WHERE {present} ORDER BY a.id"
    )
    rows = conn.execute(query, (version(),)).fetchall()
    for done, row in enumerate(rows, 1):
        tell("analysing again", done, len(rows))
        read = read_safely(Article(*row[:7]))
        if isinstance(read, Problem) or int(read.on_topic) != row[7]:
            continue  # an issue tells of the first; the second was decided by another threshold
        report.count("articles analysed again")
        for table in KEYS:
            if _stored(conn, table, row[0]) != {_comparable(wanted) for wanted in read.rows[table]}:
                yield Finding(
                    "repairable", "analysis", "the rows are not what the text says", BY_ANALYSE, row=f"{table} of article {row[0]}"
                )


def _stored(conn: sqlite3.Connection, table: str, article_id: int) -> set[tuple[tuple[str, object], ...]]:
    cursor = conn.execute(f"SELECT * FROM {table} WHERE article_id = ?", (article_id,))
    names = [column[0] for column in cursor.description]
    return {_comparable({n: v for n, v in zip(names, row, strict=True) if n not in ("id", "article_id")}) for row in cursor}


def _comparable(row: dict[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(row.items()))
