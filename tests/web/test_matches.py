"""The quick way of searching and counting gives what Datasette's own way gives, also after the archive was written."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.database import ArchiveDatabase
from scraper.web import facets, matches, prepare_connection

from .conftest import Browser

SEARCHES = ["khuyen hoc", "“hội khuyến học”", "dong", "2022", "khong co gi nhu the", '"', "hoc -dong", "thuy hoa OR dong khe"]
FILTERS = ["", "&source_id=cao_bang", "&published_at__startswith=2023", "&_sort=title", "&id__gt=5"]


def told(browser: Browser, address: str) -> dict[str, Any]:
    """What a table page says, without how long it took."""
    page = browser.json(address)
    return {key: page[key] for key in ("rows", "filtered_table_rows_count", "facet_results", "human_description_en")}


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("typed", SEARCHES)
def test_quick_and_slow_agree(browser: Browser, monkeypatch: pytest.MonkeyPatch, typed: str, filters: str) -> None:
    address = f"/archive/articles.json?_search={typed}{filters}"
    slow = told(browser, address)
    monkeypatch.setattr(matches, "FEW", -1)
    quick = told(browser, address)
    assert quick == slow
    sql = browser.json(address)["query"]["sql"]
    assert "vn_found(:search)" in sql
    connection = browser.datasette.get_database("archive").connect()
    prepare_connection(connection)  # it is SQL that anybody may run who has our functions
    assert len(connection.execute(sql, {"search": typed, "p0": "x", "p1": "x"}).fetchall()) <= len(quick["rows"])
    connection.close()


def test_facets_are_those_of_datasette(browser: Browser) -> None:
    """The one walk against a count of Datasette's own for each column."""
    for arguments in ("", "?source_id=cao_bang", "?_search=khuyen+hoc", "?published_at__startswith=2023"):
        glue = "&" if arguments else "?"
        ours = browser.json(f"/archive/articles.json{arguments}")["facet_results"]
        theirs = browser.json(f"/archive/articles.json{arguments}{glue}_facet=source_id&_facet=section")["facet_results"]
        for column in ("source_id", "section"):
            counts = [[(each["value"], each["label"], each["count"], each["selected"]) for each in found["results"]]
                      for found in (ours[column], theirs[f"{column}_2"])]  # fmt: skip
            assert counts[0] == counts[1]


def test_a_facet_of_any_table_and_column(browser: Browser) -> None:
    ours = browser.json("/archive/captures.json?_facet_count=outcome")["facet_results"]
    counts = {each["value"]: each["count"] for each in ours["outcome"]["results"]}
    assert counts == {each["value"]: each["count"] for each in ours["outcome_2"]["results"]} if "outcome_2" in ours else counts
    assert sum(counts.values()) == browser.json("/archive/captures.json")["filtered_table_rows_count"]


def test_answers_follow_the_file(archive_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matches, "FEW", -1)
    path = Path(shutil.copy(archive_path, tmp_path / "archive.db"))
    browser = Browser(path)
    try:
        assert len(browser.uids("thiên văn học")) == 0
        before = browser.json("/archive/articles.json?_search=khuyen")["facet_results"]["published_at"]["results"]
        with ArchiveDatabase(path) as archive, archive.transaction() as db:
            db.execute("update articles set title = 'Thiên văn học', published_at = '1999-01-01' where id = 3")
        assert len(browser.uids("thien van hoc")) == 1
        after = browser.json("/archive/articles.json?_search=khuyen")["facet_results"]["published_at"]["results"]
        assert [each["value"] for each in after] == [each["value"] for each in before] + ["1999"]
    finally:
        browser.close()


def test_an_archive_without_the_index_is_still_read(archive_path: Path, tmp_path: Path) -> None:
    """Written by an earlier version, and only read since: its facets are counted in the slower way."""
    path = Path(shutil.copy(archive_path, tmp_path / "archive.db"))
    with sqlite3.connect(path) as connection:
        connection.execute("drop index articles_facts")
    connection.close()
    browser, whole = Browser(path), Browser(archive_path)
    try:
        for address in ("/archive/articles.json", "/archive/articles.json?_search=khuyen"):
            assert told(browser, address)["facet_results"] == told(whole, address)["facet_results"]
    finally:
        browser.close()
        whole.close()


def test_large_tables_are_not_searched_for_facets(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "/archive/captures.json?_facet=kind"
    assert browser.json(address)["suggested_facets"]
    monkeypatch.setattr(facets, "MANY_ROWS", 5)
    assert browser.json(address)["suggested_facets"] == []


def test_kept_answers_are_few_and_small() -> None:
    kept: matches.Kept[bytes] = matches.Kept(3, len, most_bytes=100)
    for number in range(5):
        kept.put(number, bytes(10))
    assert [kept.get(number) is not None for number in range(5)] == [False, False, True, True, True]
    kept.get(2)
    kept.put(9, bytes(85))
    assert [kept.get(number) is not None for number in (2, 3, 4, 9)] == [True, False, False, True]


def test_functions_work_without_a_file() -> None:
    connection = sqlite3.connect(":memory:")
    prepare_connection(connection)
    connection.execute("create table articles (id integer primary key)")
    connection.execute("create virtual table articles_fts using fts5(title, lead, body, content='')")
    connection.execute("insert into articles values (1), (3)")
    connection.execute("insert into articles_fts (rowid, title) values (1, 'khuyen'), (3, 'hoc')")
    assert connection.execute("select hex(vn_found('hoc')), hex(vn_found('hoc', 'body')), hex(vn_found(null))").fetchone() == (
        "000001", "000000", "000000",
    )  # fmt: skip
    assert connection.execute("select vn_phrase('a b'), vn_phrase('a'), vn_phrase(null), escape_fts('a', 'title')").fetchone() == (
        '"a b"', '""', '""', '{title} : ("a")',
    )  # fmt: skip
    connection.close()


def test_one_answer_serves_all_spellings(archive_path: Path, tmp_path: Path) -> None:
    """What is taken for one query is one to the index too, letter by letter."""
    connection = sqlite3.connect(":memory:")
    connection.execute('create virtual table t using fts5(x, tokenize="unicode61 remove_diacritics 2")')
    for code, plain in matches._ALIKE.items():
        connection.execute("delete from t")
        connection.execute("insert into t values (?)", (f"a{chr(code)}b",))
        assert connection.execute("select count(*) from t where t match ?", (f"a{plain}b",)).fetchone() == (1,), chr(code)
    connection.close()
    path = Path(shutil.copy(archive_path, tmp_path / "archive.db"))
    connection = sqlite3.connect(path)
    connection.execute("select count(*) from articles")  # opens the file, which makes one of the -wal beside it
    first = matches.matches(connection, str(path), "Khuyến học")
    assert first.count
    assert all(matches.matches(connection, str(path), typed) is first for typed in ("KHUYẾN HỌC", "khuyen hoc", "khuyến hỌc"))
    assert matches.matches(connection, str(path), "“khuyen hoc”") is not first
    connection.close()


def test_page_after_page_every_article_once(archive_path: Path, tmp_path: Path) -> None:
    """Most news has a day and no time: what is of the same day must not be lost between two pages."""
    path = Path(shutil.copy(archive_path, tmp_path / "archive.db"))
    with ArchiveDatabase(path) as archive, archive.transaction() as db:
        db.execute("update articles set published_at = '2024-05-19' where id % 4")
    browser = Browser(path)
    try:
        for arguments in ("", "&source_id=cao_bang_thach_an", "&_search=khuyen"):
            seen: list[int] = []
            following = ""
            while following is not None:
                page = browser.json(f"/archive/articles.json?_size=2&_col=id{arguments}{following and f'&_next={following}'}")
                seen += [row[0] for row in page["rows"]]
                following = page["next"]
            assert len(seen) == len(set(seen)) == page["filtered_table_rows_count"]
    finally:
        browser.close()
