"""The search index: filled anew as the triggers fill it, and compared with what it should hold.

FTS5's own 'rebuild' would index the unfolded text and lose every word with đ; its 'integrity-check' would call a right
index wrong for the same reason.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import zip_longest

from scraper.archive.schema import FTS_COLUMNS

_COLUMNS = ", ".join(FTS_COLUMNS)
_FOLDED = ", ".join(f"replace(replace({column}, 'đ', 'd'), 'Đ', 'D')" for column in FTS_COLUMNS)


def refill(conn: sqlite3.Connection) -> None:
    """Empty the index and fill it from the articles, folded. Run inside a transaction."""
    conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    conn.execute(f"INSERT INTO articles_fts (rowid, {_COLUMNS}) SELECT id, {_FOLDED} FROM articles ORDER BY id")


def differing_articles(conn: sqlite3.Connection) -> set[int]:
    """The articles whose words the index holds wrongly; {0} when only its totals differ. Works on a read-only connection.

    Raises sqlite3.DatabaseError when the index cannot be read at all.
    """
    conn.execute("DROP TABLE IF EXISTS temp.right_fts")
    conn.execute(f"CREATE VIRTUAL TABLE temp.right_fts USING fts5({_COLUMNS}, content='', tokenize='unicode61 remove_diacritics 2')")
    try:
        conn.execute(f"INSERT INTO temp.right_fts (rowid, {_COLUMNS}) SELECT id, {_FOLDED} FROM main.articles ORDER BY id")
        conn.execute("CREATE VIRTUAL TABLE temp.right_words USING fts5vocab('temp', 'right_fts', 'instance')")
        conn.execute("CREATE VIRTUAL TABLE temp.our_words USING fts5vocab('main', 'articles_fts', 'instance')")
        differing: set[int] = set()
        for ours, right in zip_longest(_words(conn, "our_words"), _words(conn, "right_words")):
            if ours != right:
                differing = _by_word(conn)
                break
        sizes = "SELECT id, sz FROM {}_docsize ORDER BY id"
        for ours, right in zip_longest(conn.execute(sizes.format("main.articles_fts")), conn.execute(sizes.format("temp.right_fts"))):
            if ours != right:
                differing |= {row[0] for row in (ours, right) if row}
        totals = "SELECT block FROM {}_data WHERE id = 1"
        if conn.execute(totals.format("main.articles_fts")).fetchone() != conn.execute(totals.format("temp.right_fts")).fetchone():
            differing = differing or {0}
        return differing
    finally:
        for table in ("our_words", "right_words", "right_fts"):
            conn.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _words(conn: sqlite3.Connection, table: str) -> Iterator[tuple[str, int, str, int]]:
    yield from conn.execute(f"SELECT term, doc, col, offset FROM temp.{table}")


def _by_word(conn: sqlite3.Connection) -> set[int]:
    """The documents in which the two vocabularies differ."""
    found: set[int] = set()
    for first, second in (("our_words", "right_words"), ("right_words", "our_words")):
        found |= {
            row[0]
            for row in conn.execute(
                f"SELECT DISTINCT doc FROM (SELECT term, doc, col, offset FROM temp.{first} EXCEPT"
                f" SELECT term, doc, col, offset FROM temp.{second})"
            )
        }
    return found or {0}
