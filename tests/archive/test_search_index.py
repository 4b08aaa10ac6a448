"""The search index: with and without marks, and what a fresh one would be after any steps."""

from __future__ import annotations

import sqlite3
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.archive.database import ArchiveDatabase
from tests.archive.test_database import source


def with_capture(connection: sqlite3.Connection) -> None:
    source(connection, "nguon")
    connection.execute("INSERT INTO segments (file, source_id, opened_at, committed_end) VALUES ('f', 'nguon', 'o', 0)")
    connection.execute(
        "INSERT INTO captures (id, source_id, url, fetched_at, status, kind, payload_digest, record_id, warc_file, warc_offset,"
        " warc_length) VALUES (1, 'nguon', 'u', 't', 200, 'response', 'd', 'r', 'f', 0, 1)"
    )


def article(connection: sqlite3.Connection, key: int, title: str, body: str, lead: str | None = None) -> None:
    """An article with whatever other columns the schema wants."""
    row: dict[str, Any] = {"id": key, "uid": f"nguon-{key}", "article_key": str(key), "source_id": "nguon", "capture_id": 1}
    row |= {"title": title, "lead": lead, "body": body}
    for _, name, kind, required, default, _ in connection.execute("PRAGMA table_info(articles)"):
        if required and default is None and name not in row and name != "id":
            row[name] = 0 if kind in ("INTEGER", "REAL") else "x"
    columns, slots = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO articles ({columns}) VALUES ({slots})", tuple(row.values()))


def search(connection: sqlite3.Connection, words: str) -> list[int]:
    folded = words.replace("đ", "d").replace("Đ", "D")
    quoted = " ".join(f'"{word}"' for word in folded.split())
    return [row[0] for row in connection.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid", (quoted,))]


MARKED = [
    ("khuyến học", "khuyen hoc"),
    ("Đông Khê", "dong khe"),
    ("ĐƯỜNG ĐẾN TRƯỜNG", "duong den truong"),
    ("quỹ nghĩa tình", "quy nghia tinh"),
    ("tương đương", "tuong duong"),
    ("hiếu học", "hieu hoc"),
    ("Nguyễn Thị Thuỷ", "nguyen thi thuy"),
]


@pytest.mark.parametrize(("marked", "plain"), MARKED)
@pytest.mark.parametrize("column", ["title", "lead", "body"])
def test_search_with_and_without_marks(archive: ArchiveDatabase, marked: str, plain: str, column: str) -> None:
    connection = archive.conn
    with_capture(connection)
    texts = {"title": "Tin", "lead": None, "body": "Nội dung", column: f"Trước {marked} sau"}
    article(connection, 1, texts["title"] or "", texts["body"] or "", texts["lead"])
    article(connection, 2, "Khác", "Không liên quan gì")
    for words in (marked, plain, marked.upper(), plain.upper(), unicodedata.normalize("NFD", marked)):
        assert search(connection, words) == [1], words
    connection.execute("UPDATE articles SET title = 'Tin mới', lead = NULL, body = 'Đã sửa' WHERE id = 1")
    assert search(connection, marked) == []
    assert search(connection, "da sua") == search(connection, "Đã sửa") == [1]
    connection.execute("UPDATE articles SET section = 'Tin tức' WHERE id = 1")
    assert search(connection, "da sua") == [1]
    connection.execute("DELETE FROM articles WHERE id = 1")
    assert search(connection, "da sua") == []
    connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")


def test_highlights_keep_the_letters(archive: ArchiveDatabase) -> None:
    with_capture(archive.conn)
    article(archive.conn, 1, "Đại hội", "Hội Khuyến học huyện Đông Hà")
    row = archive.conn.execute("SELECT highlight(articles_fts, 2, '[', ']') FROM articles_fts WHERE articles_fts MATCH 'dong'").fetchone()
    assert row == ("Hội Khuyến học huyện [Đông] Hà",)


WORDS = st.sampled_from(["đường", "Đông", "khuyến", "học", "hội", "quỹ", "trường", "thuỷ", "thủy", "Ưng", "ăn", "ẩn", "đ", "Đ", "ô"])
TEXTS = st.lists(WORDS, max_size=6).map(" ".join)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(1, 4), TEXTS, TEXTS),
        st.tuples(st.just("update"), st.integers(1, 4), TEXTS, TEXTS),
        st.tuples(st.just("delete"), st.integers(1, 4), TEXTS, TEXTS),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(steps=STEPS)
def test_the_index_is_what_a_fresh_one_would_be(steps: list[tuple[str, int, str, str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    with ArchiveDatabase(tmp_path_factory.mktemp("fts") / "archive.db") as archive:
        connection = archive.conn
        connection.execute("BEGIN")
        with_capture(connection)
        for what, key, title, body in steps:
            there = connection.execute("SELECT 1 FROM articles WHERE id = ?", (key,)).fetchone()
            if what == "insert" and not there:
                article(connection, key, title, body)
            elif what == "update":
                connection.execute("UPDATE articles SET title = ?, body = ? WHERE id = ?", (title, body, key))
            elif what == "delete":
                connection.execute("DELETE FROM articles WHERE id = ?", (key,))
        connection.execute("CREATE VIRTUAL TABLE temp.fresh USING fts5(title, lead, body, tokenize='unicode61 remove_diacritics 2')")
        connection.execute(
            "INSERT INTO temp.fresh (rowid, title, body) SELECT id, replace(replace(title, 'đ', 'd'), 'Đ', 'D'),"
            " replace(replace(body, 'đ', 'd'), 'Đ', 'D') FROM articles"
        )
        for word in ["đường", "Đông", "khuyến", "học", "hội", "quỹ", "trường", "thuy", "ung", "an", "d", "o"]:
            folded = word.replace("đ", "d").replace("Đ", "D")
            fresh = [row[0] for row in connection.execute("SELECT rowid FROM temp.fresh WHERE fresh MATCH ? ORDER BY rowid", (folded,))]
            assert search(connection, word) == fresh
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
        connection.execute("ROLLBACK")
