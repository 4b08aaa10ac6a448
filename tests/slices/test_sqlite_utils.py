"""``sqlite-utils`` on an archive, as typed in a shell."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.archive import build_archive

SQLITE_UTILS = Path(sys.executable).with_name("sqlite-utils")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_archive(tmp_path_factory.mktemp("utils") / "archive.db")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(SQLITE_UTILS), *arguments], capture_output=True, text=True, check=False, timeout=120)


def found(archive: Path, query: str, *options: str) -> list[str]:
    done = run("search", str(archive), "articles", query, "-c", "uid", *options)
    assert done.returncode == 0, done.stderr
    return [row["uid"] for row in json.loads(done.stdout)]


@pytest.mark.parametrize("query", ["khuyến học thạch an đông khê", "khuyen hoc thach an dong khe", "ĐÔNG KHÊ", '"dong khe"'])
def test_search_with_and_without_marks(archive: Path, query: str) -> None:
    assert found(archive, query) == ["cao_bang_thach_an-1001"]
    assert found(archive, query, "--quote") == ["cao_bang_thach_an-1001"]


def test_what_has_the_very_marks_comes_first(tmp_path: Path) -> None:
    """“Đông Kỳ” and “Đống Đa” are told apart though the index cannot: of two like articles the one with the marks typed is first."""
    path = build_archive(tmp_path / "archive.db")
    for typed, first in (
        ("đồng kỳ", "cao_bang_thach_an-1008"),  # “Đồng Kỳ” in its title; others have “đồng” only elsewhere
        ("lê lợi", "cao_bang_thach_an-1003"),
        ("lê lai", "cao_bang_thach_an-1005"),
    ):
        assert found(path, typed)[0] == first
    with sqlite3.connect(path) as connection:
        for uid, title in (("cao_bang_thach_an-1001", "Họ Hà ở bản Hả"), ("cao_bang_thach_an-1002", "Họ Há, họ Há, họ Há ở bản Há")):
            connection.execute("update articles set title = ? where uid = ?", (title, uid))
    connection.close()
    ours = ["cao_bang_thach_an-1001", "cao_bang_thach_an-1002"]
    assert [uid for uid in found(path, "hà") if uid in ours] == ours
    assert [uid for uid in found(path, "há") if uid in ours] == ours[::-1]
    assert [uid for uid in found(path, "ha") if uid in ours] == ours[::-1], "typed without marks: by how often it is said"
    assert [uid for uid in found(path, "há", "-o", "uid") if uid in ours] == ours, "an order that was asked for is kept"
    assert found(path, "hà", "--limit", "1") == ours[:1]
    assert found(path, "o'hà \"") == []


def test_shown_sql_runs_anywhere(archive: Path) -> None:
    shown = run("search", str(archive), "articles", "đông khê", "--sql", "-c", "uid").stdout
    assert "vn_exact" not in shown
    with sqlite3.connect(archive) as connection:
        assert connection.execute(shown, {"query": "dong AND khe"}).fetchall() == [("cao_bang_thach_an-1001",)]
    connection.close()


def test_no_query_is_an_error(archive: Path) -> None:
    for query in ('"', "AND", "a AND", "NEAR(", "title:", "^", "*", "'; drop table articles; --"):
        assert isinstance(found(archive, query), list)


def test_rebuild_keeps_words_with_d(archive: Path, tmp_path: Path) -> None:
    copy = shutil.copy(archive, tmp_path / "archive.db")
    for tables in ([], ["articles"]):
        assert run("rebuild-fts", str(copy), *tables).returncode == 0
        assert found(copy, "dong khe") == ["cao_bang_thach_an-1001"]
    refused = run("rebuild-fts", str(copy), "sources")
    assert refused.returncode == 1
    assert "only articles" in refused.stderr


def test_other_files_are_left_to_sqlite_utils(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table articles (id integer primary key, title text)")
        connection.execute("insert into articles (title) values ('Đông and Hà')")
    connection.close()
    assert run("enable-fts", str(path), "articles", "title").returncode == 0
    assert run("rebuild-fts", str(path)).returncode == 0
    assert "fts5: syntax error" in run("search", str(path), "articles", "AND", "-c", "title").stderr
    assert json.loads(run("search", str(path), "articles", "Đông", "-c", "title").stdout) == [{"title": "Đông and Hà"}]
