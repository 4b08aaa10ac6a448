"""The front page and the pictures say what is in the archive, each time it is asked."""

from __future__ import annotations

import asyncio
import html
import re
import sqlite3
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from markupsafe import Markup

from scraper.web import archives, coordinates, wording
from scraper.web.front import load_overview
from scraper.web.pictures import MOST_MONTHS, Bars, Spot, map_chart, month_chart, months_between

from .archive import ON_TOPIC, build_archive
from .conftest import Browser


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_front_page(browser: Browser) -> None:
    text = browser.get("/").text
    plain = _plain(text)
    assert "11 bài / articles 2 cổng / portals 11/12/2022 – 04/10/2024 ngày đăng / published" in plain
    latest = re.findall(r'<li><a href="/bai/([^"]*)">', text)
    dated = sorted((page for page in ON_TOPIC if page.date), key=lambda page: page.number)
    assert latest[:3] == ["cao_bang-2003", "cao_bang-2002", "cao_bang-2001"]
    assert set(latest) == {page.uid for page in dated}
    assert 'action="/archive/tim_kiem"' in text
    assert '<input id="q" name="q"' in text
    row = _plain(text.split('id="sources"')[1].split("</tr>")[1])
    assert row.startswith("Cổng thông tin điện tử tỉnh Cao Bằng Tỉnh Cao Bằng · Atom 3 04/10/2024 hôm nay / today tốt / good 1")
    assert text.index("Tin mới") < text.index("Latest news")
    assert "<script>alert" not in text


def test_counts_agree_with_the_tables(browser: Browser, reader: sqlite3.Connection) -> None:
    overview = load_overview(reader)
    assert overview.articles == reader.execute("select count(*) from articles").fetchone()[0]
    assert overview.undated == reader.execute("select count(*) from articles where published_at is null").fetchone()[0]
    told = {(row["month"], row["source_id"]): int(row["articles"]) for row in browser.csv("/archive/theo_thang_va_nguon.csv")}
    assert overview.months == told
    assert sum(overview.by_month().values()) == sum(told.values())
    assert list(overview.by_month()) == sorted(overview.by_month())
    assert {place.code: place.count for place in overview.by_place()} == {
        row["place"]: int(row["articles"]) for row in browser.csv("/archive/theo_dia_phuong.csv")
    }


def test_every_picture_has_its_table_and_csv(browser: Browser) -> None:
    text = browser.get("/bieu-do").text
    sections = text.split("<section ")[1:]
    assert len(sections) == 3
    for section in sections:
        assert section.count("<svg") == 1
        assert section.count("<table") == 1
        links = re.findall(r'href="([^"]*\.csv[^"]*)"', section)
        assert len(links) == 1
        assert browser.csv(html.unescape(links[0]))
    for link, count in re.findall(r'<td><a href="(/archive/articles\?[^"]*)">([\d.]+)</a></td>', text):
        found = browser.json(html.unescape(link).replace("articles?", "articles.json?"))["filtered_table_rows_count"]
        assert found == int(count.replace(".", ""))
    assert text.count('class="spot"') == 2
    assert "Quần đảo Hoàng Sa" in text
    assert "Quần đảo Trường Sa" in text


def test_pages_follow_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was counted is kept while the file stands still, and counted again, at most every few seconds, when it does not."""
    path = build_archive(tmp_path / "archive.db")
    made = Browser(path)
    counted = []

    def counting(connection: sqlite3.Connection) -> object:
        counted.append(1)
        return load_overview(connection)

    monkeypatch.setattr("scraper.web.front.load_overview", counting)
    clock = [1000.0]
    monkeypatch.setattr(archives, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    try:
        for _ in range(2):  # the first reader of a file makes its write-ahead log
            made.get("/")
            clock[0] += 100
        counted.clear()
        for _ in range(3):
            assert "11 bài" in _plain(made.get("/").text)
            clock[0] += 100
        assert len(counted) == 0
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE articles SET published_at = '2025-05-05' WHERE uid = 'cao_bang-2003'")
        connection.close()
        assert "05/05/2025" in made.get("/").text
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE articles SET published_at = '2025-06-06' WHERE uid = 'cao_bang-2003'")
        connection.close()
        assert "06/06/2025" not in made.get("/").text
        clock[0] += archives.STALE + 1
        assert "06/06/2025" in made.get("/").text
        assert len(counted) == 2
    finally:
        made.close()


def test_slow_counting_keeps_nobody_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = build_archive(tmp_path / "archive.db")
    made = Browser(path)
    clock = [1000.0]

    def slowly(connection: sqlite3.Connection) -> object:
        clock[0] += archives.SLOW + 1
        return load_overview(connection)

    monkeypatch.setattr("scraper.web.front.load_overview", slowly)
    monkeypatch.setattr(archives, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    try:
        made.get("/")
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE articles SET published_at = '2025-05-05' WHERE uid = 'cao_bang-2003'")
        connection.close()
        clock[0] += archives.STALE + 1
        assert "05/05/2025" not in made.get("/").text
        (kept,) = [kept for key, kept in archives._kept.items() if key == ("front", str(path))]
        if kept.again is not None:  # else it was done while the page was drawn
            made.run(asyncio.wait_for(kept.again, 30))
        assert "05/05/2025" in made.get("/").text
    finally:
        made.close()


def test_an_empty_archive_and_no_archive(tmp_path: Path) -> None:
    with sqlite3.connect(build_archive(tmp_path / "archive.db")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for table in ("attachments", "revisions", "articles", "captures", "crawls"):
            connection.execute(f"DELETE FROM {table}")
    connection.close()
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    connection.close()
    for file in ("archive.db", "other.db"):
        made = Browser(tmp_path / file)
        try:
            assert made.ask("/bieu-do").status_code == (200 if file == "archive.db" else 404)
            for address in ("/", "/sitemap.xml", "/robots.txt", "/archive" if file == "archive.db" else "/other/birds"):
                assert made.get(address).text
            assert made.ask("/feed.atom").status_code == (200 if file == "archive.db" else 404)
            assert made.ask("/bai/x").status_code == made.ask("/ban-luu/1.html").status_code == 404
        finally:
            made.close()


def test_months() -> None:
    assert months_between("2022-11", "2023-02") == ["2022-11", "2022-12", "2023-01", "2023-02"]
    long = months_between("1950-01", "2024-12")
    assert (len(long), long[-1]) == (MOST_MONTHS, "2024-12")


def test_chart_is_to_scale_and_inert() -> None:
    assert month_chart([], "a", "b") == month_chart([Bars("x", {})], "a", "b") == ""
    drawn = month_chart([Bars("<b>&", {"2022-01": 4, "2022-03": 20}), Bars("y", {"2022-02": 1})], "n", "<i>", height=100)
    assert isinstance(drawn, Markup)
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    heights = [float(base) - float(top) for base, top in re.findall(r"M[\d.]+ (\d+)V([\d.]+)", drawn)]
    assert heights == [20.0, 100.0, 100.0]
    assert ">20</text>" in drawn
    assert "tổng" not in drawn
    assert "25 bài" in drawn


def test_map() -> None:
    drawn = map_chart(coordinates.land(), [Spot(21.0, 105.8, "Hà Nội <b>", 100), Spot(10.8, 106.7, "Sài Gòn", 25)], "m", "t")
    assert "<b>" not in drawn
    radii = [float(radius) for radius in re.findall(r'<circle class="spot"[^>]* r="([\d.]+)"', drawn)]
    assert radii[0] - 4 == pytest.approx(2 * (radii[1] - 4), abs=0.2)  # area by count
    assert len(drawn) < 25_000
    assert coordinates.of("04/053") != coordinates.of("04") != coordinates.of("45")
    assert coordinates.of("48/498") == coordinates.of("48")  # Huyện Hoàng Sa has no coordinates of its own
    assert coordinates.of("nothing") is None


def test_wording() -> None:
    assert wording.day("2022-12-31") == wording.day("2022-12-31T23:59:00+07:00") == wording.day("2022-12-30T18:00:00Z") == "31/12/2022"
    assert wording.moment("2022-12-31T23:59:00+07:00") == "23:59, 31/12/2022"
    assert wording.moment("2022-12-31") == "31/12/2022"
    assert wording.moment("2022-12-30T18:00:00Z") == "01:00, 31/12/2022"
    assert wording.day(None) == wording.moment(None) == ""
    assert wording.number(1234567) == "1.234.567"
    assert wording.since("2022-12-30T18:00:00Z", "2022-12-31T10:00:00Z") == "hôm nay / today"
    assert wording.since("2022-12-29T18:00:00Z", "2022-12-31T10:00:00Z") == "1 ngày trước / 1 day ago"
    assert wording.since(None, "2022-12-31T10:00:00Z") == "chưa / never"
    assert [wording.verdict(each) for each in ("good", None, "x")] == ["tốt / good", "chưa xong / unfinished", "chưa xong / unfinished"]


def test_front_page_does_not_take_long(browser: Browser) -> None:
    browser.get("/")
    began = time.process_time()
    for _ in range(10):
        browser.get("/")
    assert (time.process_time() - began) / 10 < 0.2
