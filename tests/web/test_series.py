"""The series of the indicators: the chart, its table and its CSV tell the same figures, each of which leads to its article."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from datasette.app import Datasette  # type: ignore[import-untyped]

from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.items import Capture
from scraper.portal import portals
from scraper.web import wording
from scraper.web.indicators import load_indicators, load_series, of_place
from scraper.web.pictures import Dots, series_chart

from .archive import Page
from .conftest import Browser

_ABOUT = "Hội Khuyến học vận động quỹ khuyến học, trao học bổng cho học sinh nghèo hiếu học."
NEWS = (
    (3001, "Tính đến ngày 31/12/2020, huyện Thạch An có 120 chi hội khuyến học.", "05/01/2021 08:00"),
    (3002, "Tính đến ngày 30/6/2021, huyện Thạch An có 125 chi hội khuyến học.", "05/07/2021 08:00"),
    (3003, "Tính đến ngày 31/12/2021, huyện Thạch An có 131 chi hội khuyến học.", "05/01/2022 08:00"),
    (3004, "Tính đến ngày 31/12/2021, huyện Hạ Lang có 88 chi hội khuyến học.", "06/01/2022 08:00"),
    (3005, "Năm 2021, huyện Thạch An trao 150 suất học bổng.", "07/01/2022 08:00"),
    (3006, "Năm 2021, huyện Thạch An trao 90 suất học bổng.", "08/02/2022 08:00"),
    (3007, "Phấn đấu đến năm 2025, huyện Thạch An có 200 chi hội khuyến học.", "09/02/2022 08:00"),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a few years of figures."""
    made = tmp_path_factory.mktemp("series") / "archive.db"
    with ArchiveDatabase(made) as archive:
        archive.claim_origin("demo")
        spider = portals()["cao_bang_thach_an"]
        keeper = Keeper(archive, spider.facts(), "replay")
        for number, sentence, date in NEWS:
            page = Page(number, f"Khuyến học Thạch An, tin số {number}", (sentence, _ABOUT), date)
            capture = Capture(page.url, page.fetched_at, 200, (("Content-Type", "text/html; charset=utf-8"),), page.body)
            keeper.take(capture, keeper.keep(capture, ()), spider.read(capture))
        keeper.finish("finished", "good")
    return made


@pytest.fixture(scope="module")
def reading(path: Path) -> Iterator[Browser]:
    made = Browser(path)
    yield made
    made.close()


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_stock_by_place_and_year(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        found = load_series(connection, "chi_hoi")
        assert load_series(connection, "khong_co") is None
    connection.close()
    assert found is not None
    indicator, series = found
    assert (indicator.unit, indicator.is_stock) == ("chi hội", True)
    assert [one.place for one in series] == ["Huyện Thạch An", "Huyện Hạ Lang"]
    assert [(point.day, point.value) for point in series[0].points] == [("2020-12-31", 120), ("2021-06-30", 125), ("2021-12-31", 131)]
    assert [(point.day, point.value) for point in series[0].yearly] == [("2020-12-31", 120), ("2021-12-31", 131)]
    assert {year: len(points) for year, points in series[0].by_year.items()} == {"2020": 1, "2021": 2}
    assert [one.place for one in of_place(series, " hạ  lang")] == [one.place for one in of_place(series, "HA LANG")] == ["Huyện Hạ Lang"]
    assert of_place(series, "%") == []


def test_page_has_chart_table_and_csv(reading: Browser) -> None:
    text = reading.get("/chi-tieu/chi_hoi").text
    assert text.count("<svg") == 1
    assert text.count('class="dot"') == 4
    assert text.count('class="line"') == 1, "one figure makes no line"
    assert "<title>31/12/2021: 131</title>" in text
    table = text.split("<table")[1]
    rows = [_plain(row) for row in table.split("<tr>")[2:]]
    assert rows[0].startswith("Huyện Thạch An 131 (2) 120")
    assert rows[1].startswith("Huyện Hạ Lang 88 –")
    links = re.findall(r'href="(/bai/[^"#]*)#figures">([^<]*)</a>', table)
    assert [number for _, number in links] == ["131", "120", "88"]
    for link, number in links:
        page = reading.get(link).text
        assert 'id="figures"' in page
        assert number in page
    csv = html.unescape(next(iter(re.findall(r'href="([^"]*\.csv[^"]*)"', text))))
    told = {(row["place_name"], row["period_end"], row["value"]) for row in reading.csv(csv) if row["modality"] == "actual"}
    assert told == {
        ("Huyện Thạch An", "2020-12-31", "120"),
        ("Huyện Thạch An", "2021-06-30", "125"),
        ("Huyện Thạch An", "2021-12-31", "131"),
        ("Huyện Hạ Lang", "2021-12-31", "88"),
    }
    assert "200" not in table, "what a plan aims at is no figure of the year"


def test_what_happens_in_periods_is_neither_joined_nor_added(reading: Browser) -> None:
    text = reading.get("/chi-tieu/hoc_bong_suat").text
    assert text.count('class="dot"') == 2
    assert 'class="line"' not in text
    assert "90 – 150 (2)" in _plain(text.split("<table")[1])


def test_one_place(reading: Browser) -> None:
    text = reading.get("/chi-tieu/chi_hoi", params={"noi": "ha lang"}).text
    assert text.count('class="dot"') == 1
    assert "Thạch An" not in text.split("<table")[1]
    csv = html.unescape(next(iter(re.findall(r'href="([^"]*\.csv[^"]*)"', text))))
    assert {row["place_name"] for row in reading.csv(csv)} == {"Huyện Hạ Lang"}
    assert "Không có số liệu" in reading.get("/chi-tieu/chi_hoi?noi=khong+dau").text
    assert "&lt;script&gt;" in reading.get("/chi-tieu/chi_hoi", params={"noi": '"><script>alert(1)</script>'}).text


def test_list_counts_what_the_charts_show(reading: Browser, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        listed = load_indicators(connection)
        assert listed is not None
        for one in listed:
            found = load_series(connection, one.indicator.id)
            assert found is not None
            assert (sum(len(series.points) for series in found[1]), len(found[1])) == (one.figures, one.places)
    connection.close()
    text = reading.get("/chi-tieu").text
    links = re.findall(r'href="(/chi-tieu/[^"]*)"', text)
    assert len(links) == 38
    assert links[0] == "/chi-tieu/chi_hoi"
    for link in links:
        reading.get(link)


def test_it_is_linked_from_where_indicators_are(reading: Browser) -> None:
    for address in ("/", "/bieu-do", "/archive/indicators", "/archive/chuoi_so_lieu"):
        assert 'href="/chi-tieu"' in reading.get(address).text, address
    for address in ("/archive/indicators/chi_hoi", "/archive/chuoi_so_lieu", "/archive/figures"):
        assert 'href="/chi-tieu/chi_hoi"' in reading.get(address).text, address


@pytest.mark.parametrize("name", ["khong_co", "%22%3Cscript%3E", "%00", "x" * 5000, "chi_hoi%2F", "'"])
def test_no_such_indicator(reading: Browser, name: str) -> None:
    assert reading.ask(f"/chi-tieu/{name}").status_code == 404


def test_closed_where_the_figures_are(path: Path) -> None:
    closed = Browser(path)
    closed.metadata["databases"]["archive"]["tables"]["figures"]["allow"] = {"id": "an"}
    closed.datasette = Datasette([str(path)], metadata=closed.metadata)
    try:
        assert closed.ask("/chi-tieu").status_code == closed.ask("/chi-tieu/chi_hoi").status_code == 403
    finally:
        closed.close()


def test_archive_of_before_there_were_figures(path: Path, tmp_path: Path) -> None:
    old = tmp_path / "archive.db"
    old.write_bytes(path.read_bytes())
    with sqlite3.connect(old) as connection:
        connection.execute("DROP VIEW figures")
    connection.close()
    made = Browser(old)
    try:
        assert made.ask("/chi-tieu").status_code == made.ask("/chi-tieu/chi_hoi").status_code == 404
        assert 'href="/chi-tieu"' not in made.get("/").text
        assert 'href="/chi-tieu"' not in made.get("/bieu-do").text
    finally:
        made.close()


def test_drawing_is_to_scale_and_inert() -> None:
    assert series_chart([], "a", "b") == ""
    rows = [Dots("<b>", [("2020-07-01", 50.0), ("2021", 100.0)], [("2020-07-01", 50.0), ("2021", 100.0)]), Dots("y", [("2021-01-01", 0.5)])]
    drawn = series_chart(rows, "n", "<i>", height=100)
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    dots = [(float(x), float(y)) for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', drawn)]
    assert [y for _, y in dots] == [84.0, 34.0, 218.0]
    assert dots[1][0] - dots[0][0] == pytest.approx((712 - 112) / 2, abs=0.2), "a year alone stands in its middle"
    assert dots[2][0] < dots[1][0]
    long = series_chart([Dots("x", [("1900-01-01", 1.0), ("2020-01-01", 2.0)])], "n", "t")
    assert long.count('class="dot"') == 1
    assert re.findall(r">(\d{4})<", long)[-1] == "1993", "a label each three years, from the last one back"
    assert series_chart([Dots("none", [("2020-01-01", 0.0)])], "n", "t").count('class="dot"') == 1


def test_short_numbers() -> None:
    told = [wording.short(value) for value in (0, 500, 2000, 20_000, 500_000, 5_000_000, 2_000_000_000, 50_000_000_000)]
    assert told == ["0", "500", "2.000", "20 nghìn", "500 nghìn", "5 triệu", "2 tỷ", "50 tỷ"]


def test_a_year_that_cannot_be_is_not_drawn(path: Path, tmp_path: Path) -> None:
    """Earlier versions read some terms of office as the year 0; what undated news says of every year has none."""
    with sqlite3.connect(path) as connection, sqlite3.connect(tmp_path / "archive.db") as copy:
        connection.backup(copy)
        copy.execute("UPDATE observations SET period_start = '0-01-01', period_end = '0-12-31' WHERE period_end = '2021-06-30'")
        copy.execute("UPDATE observations SET period_end = NULL, period_kind = 'recurrent' WHERE place_name = 'Huyện Hạ Lang'")
        copy.execute("UPDATE articles SET published_at = NULL WHERE body LIKE '%Hạ Lang%'")
    connection.close()
    copy.close()
    made = Browser(tmp_path / "archive.db")
    try:
        assert made.get("/chi-tieu/chi_hoi").text.count('class="dot"') == 2
        row = _plain(made.get("/chi-tieu").text.split('href="/chi-tieu/chi_hoi"')[1].split("</tr>")[0])
        assert "2 1 2020–2021" in row
    finally:
        made.close()
