"""Walking a table page by page meets every row once, however many rows are equal in what it is sorted by."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from scraper.web.paging import Sorting, without_page

from .conftest import Browser

MINUTE = "2024-05-19T08:00:00+07:00"
COPIES = 2400
FIGURES = 300
_SOURCES = ("cao_bang", "cao_bang_thach_an")


@pytest.fixture(scope="module")
def crowded(archive_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thousands of articles of one minute, as a portal prints that imported its past in one go; hundreds without a date; few titles."""
    path = Path(shutil.copy(archive_path, tmp_path_factory.mktemp("crowded") / "archive.db"))
    with sqlite3.connect(path) as connection:
        names = [row[1] for row in connection.execute("pragma table_info(articles)") if row[1] != "id"]
        first = dict(zip(names, connection.execute(f"select {', '.join(names)} from articles where id = 1").fetchone(), strict=True))
        rows = []
        for number in range(COPIES):
            # In an order of their own, so that neither key nor portal follows the time.
            odd = (number * 7919) % COPIES
            own = {
                "uid": f"x-{odd}", "article_key": f"x-{odd}", "url": f"https://x.gov.vn/{odd}", "source_id": _SOURCES[odd % 2],
                "published_at": None if odd % 8 == 0 else MINUTE if odd % 8 < 6 else f"2024-05-{odd % 27 + 1:02d}",
                "title": f"Tin {odd % 5}", "section": None if odd % 3 == 0 else f"mục, {odd % 3}", "relevance_score": 3 + odd % 4 / 10,
                "byline": None, "lead": None,
            }  # fmt: skip
            rows.append(tuple((first | own)[name] for name in names))
        connection.executemany(f"insert into articles ({', '.join(names)}) values ({', '.join('?' * len(names))})", rows)
        connection.execute("create temp table many as select * from observations where id = 1")
        for number in range(FIGURES):
            values = (number + 1000, 10_000 + number, (7, 12, 100, 2.5, None)[number % 5], f"2024-0{number % 3 + 1}-01")
            connection.execute("update many set id = ?, value_start = ?, value = ?, period_end = ?, value_min = value", values)
            connection.execute("insert into observations select * from many")
    connection.close()
    return path


@pytest.fixture(scope="module")
def reading(crowded: Path) -> Iterator[Browser]:
    made = Browser(crowded, max_returned_rows=1000)
    yield made
    made.close()


def walk(browser: Browser, table: str, arguments: dict[str, str], size: int) -> list[tuple[Any, ...]]:
    """Every row that the pages have, one page after the other as the links lead."""
    address: str | None = f"/archive/{table}.json?{urlencode({**arguments, '_size': size, '_nofacet': 1})}"
    found: list[tuple[Any, ...]] = []
    pages = 0
    while address:
        page = browser.json(address)
        found += [tuple(row) for row in page["rows"]]
        parts = urlsplit(page["next_url"] or "")
        address = f"{parts.path}?{parts.query}" if page["next_url"] else None
        pages += 1
        assert pages < 200, "it leads round and round"
    return found


def check(browser: Browser, path: Path, table: str, arguments: dict[str, str], where: str, size: int = 250) -> None:
    found = walk(browser, table, arguments, size)
    with sqlite3.connect(path) as connection:
        count = connection.execute(f"select count(*) from {table} where {where}").fetchone()[0]
    connection.close()
    assert len(set(found)) == len(found), f"{len(found) - len(set(found))} rows stand on two pages"
    assert len(found) == count, f"{count - len(found)} rows were skipped"
    assert count > size, "not even two pages"


@pytest.mark.parametrize("size", [30, 97, 1000])
@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({}, "1"),
        ({"published_at__isnull": "1"}, "published_at is null"),
        ({"published_at": MINUTE}, f"published_at = '{MINUTE}'"),
        ({"published_at__startswith": "2024-05-19"}, "published_at like '2024-05-19%'"),
        ({"published_at__date": "2024-05-19"}, "date(published_at) = '2024-05-19'"),
        ({"source_id": "cao_bang"}, "source_id = 'cao_bang'"),
        ({"source_id": "cao_bang", "published_at": MINUTE}, f"source_id = 'cao_bang' and published_at = '{MINUTE}'"),
        ({"source_id": "cao_bang", "published_at__isnull": "1"}, "source_id = 'cao_bang' and published_at is null"),
        ({"section": "mục, 1"}, "section = 'mục, 1'"),
        ({"section": "mục, 1", "published_at": MINUTE}, f"section = 'mục, 1' and published_at = '{MINUTE}'"),
        ({"_search": "khuyen hoc"}, "1"),
        ({"_search": "tin 3"}, "title = 'Tin 3'"),
        ({"_search": "tin 3", "published_at__isnull": "1"}, "title = 'Tin 3' and published_at is null"),
    ],
    ids=str,
)
def test_newest_first(reading: Browser, crowded: Path, arguments: dict[str, str], where: str, size: int) -> None:
    found = walk(reading, "articles", {**arguments, "_col": "published_at"}, size)
    with sqlite3.connect(crowded) as connection:
        wanted = connection.execute(f"select id, published_at from articles where {where} order by published_at desc, id").fetchall()
    connection.close()
    assert len(found) == len(wanted), f"{len(wanted) - len(found)} articles were skipped, or stand on two pages"
    assert found == wanted


def _columns() -> list[str]:
    from .test_metadata import TABLES  # noqa: PLC0415

    return list(TABLES["articles"]["columns"])


@pytest.mark.parametrize("direction", ["_sort", "_sort_desc"])
@pytest.mark.parametrize("column", _columns())
def test_any_sort_of_articles(reading: Browser, crowded: Path, column: str, direction: str) -> None:
    arguments = {direction: column, "source_id": "cao_bang"}
    check(reading, crowded, "articles", {**arguments, "_col": "uid"}, "source_id = 'cao_bang'")
    # The order is the column's, from the first page to the last.
    found = walk(reading, "articles", {**arguments, "_col": column} if column != "id" else {**arguments, "_col": "uid"}, 250)
    with sqlite3.connect(crowded) as connection:
        down = "desc" if direction == "_sort_desc" else ""
        wanted = connection.execute(
            f"select id, {'uid' if column == 'id' else column} from articles where source_id = 'cao_bang' order by {column} {down}, id"
        ).fetchall()
    connection.close()
    assert found == wanted


def test_facets_of_a_later_page_count_everything(reading: Browser) -> None:
    for arguments in ("_size=100", "_size=100&_search=khuyen+hoc", "_size=100&source_id=cao_bang&_sort=title", "_size=50&_facet=title"):
        first = reading.json(f"/archive/articles.json?{arguments}")
        parts = urlsplit(first["next_url"])
        second = reading.json(f"{parts.path}?{parts.query}")
        assert second["rows"] != first["rows"]
        assert second["filtered_table_rows_count"] == first["filtered_table_rows_count"]
        for name, told in first["facet_results"].items():
            again = second["facet_results"][name]
            assert [(each["value"], each["count"]) for each in again["results"]] == [
                (each["value"], each["count"]) for each in told["results"]
            ]
            for each in again["results"]:
                assert "_next" not in each["toggle_url"], "it would lead into the middle of other rows"


@pytest.mark.parametrize("direction", ["_sort", "_sort_desc"])
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("observations", "value"), ("observations", "value_min"), ("observations", "value_text"), ("observations", "confidence"),
        ("article_places", "start"), ("article_places", "printed"), ("captures", "fetched_at"), ("captures", "outcome"),
        ("off_topic", "score"), ("revisions", "first_captured_at"), ("article_topics", "topic_id"), ("issues", "kind"),
    ],
)  # fmt: skip
def test_other_tables(reading: Browser, crowded: Path, table: str, column: str, direction: str) -> None:
    check(reading, crowded, table, {direction: column}, "1", size=90 if table == "observations" else 1)


@pytest.mark.parametrize("direction", ["_sort", "_sort_desc"])
@pytest.mark.parametrize("column", ["value", "period_end", "place_name", "published_at"])
def test_a_view_goes_by_number_of_rows(reading: Browser, crowded: Path, column: str, direction: str) -> None:
    """Datasette skips so many rows of a view; it has no key, so that the order of what is equal is SQLite's own, each time the same."""
    check(reading, crowded, "figures", {direction: column}, "1", size=40)


def test_statements_that_are_not_the_pages_are_left_alone() -> None:
    sorting = Sorting("published_at", ["id"], holds_anything=False)
    page = "select id from articles where published_at is null order by published_at desc limit 31"
    assert sorting.settled(page) == "select id from articles where published_at is null order by published_at desc, id limit 31"
    for other in (
        "select count(*) from articles", "select a from (select 1) order by 2 desc, 1 limit 13", page.replace("published_at desc", "title"),
        "select id from articles order by published_at desc, id limit 31", f"select * from ({page})",
    ):  # fmt: skip
        assert sorting.settled(other) == other
    for whole, page_of in (
        ("select a from t ", "select a from t where (a > :p0 or (a = :p0 and ((id > :p1)))) "),
        ("select a from t where x = :p0 ", "select a from t where x = :p0 and (a is null and ((id > :p1))) "),
    ):
        assert without_page(page_of) == whole
    for first in (
        "select a from t where id in (select rowid from f where f match escape_fts(:search)) ",
        "select a from t where b in (:p0, :p1) ",
    ):
        assert without_page(first) == first
