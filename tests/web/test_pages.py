"""Pages around the tables: permanent addresses, the warning of a demo, markup, and the command as typed."""

from __future__ import annotations

import html
import re
import urllib.request
from pathlib import Path

import pytest
from datasette.utils import PrefixedUrlString  # type: ignore[import-untyped]

from .archive import FORMULA_TITLE, SCRIPT_TITLE, build_archive
from .conftest import Browser
from .server import datasette_server

EVERY_KIND_OF_PAGE = [
    "/", "/archive", "/archive/articles", "/archive/articles?_search=khuyen", "/archive/articles/1", "/archive/articles?_columns=all",
    "/archive/tim_kiem?q=hoc", "/archive?sql=select+1", "/archive?sql=select+nothing", "/archive/articles?_col=nothing", "/bai/khong-co",
    "/khong-co", "/archive/sources/cao_bang", "/archive/off_topic", "/archive/issues", "/-/plugins", "/archive/khong_co",
    "/bai/cao_bang-2001", "/bai/cao_bang_thach_an-1003/thay-doi", "/bieu-do", "/suc-khoe",
    "/archive/frontier", "/-/databases", "/ban-luu/999.html",
    "/archive/articles?_sort=nothing", "/feed.atom?nguon=nothing",
]  # fmt: skip
WARNING = "KHO THỬ"
WRITTEN_IN_METADATA = {"/archive/tim_kiem", "/archive/articles", "/archive/sources", "/archive/bai_moi_nhat", "/bieu-do"}


@pytest.mark.parametrize("address", EVERY_KIND_OF_PAGE)
def test_demo_archive_says_so_on_every_page(browser: Browser, address: str) -> None:
    text = browser.ask(address).text
    assert WARNING in text
    assert "Do not cite." in text


def test_real_archive_and_other_databases_do_not(tmp_path: Path) -> None:
    real = Browser(build_archive(tmp_path / "archive.db", "live"))
    try:
        for address in EVERY_KIND_OF_PAGE:
            text = real.ask(address).text
            assert "<html" in text
            assert WARNING not in text
    finally:
        real.close()


@pytest.mark.parametrize(
    "uid", ["khong-co", "x/y", "%22%3Cscript%3Ealert(1)%3C/script%3E", "%00", "a%20b", "%E1%BA", "'", "a.json", "1" * 3000]
)
def test_unknown_permanent_address(browser: Browser, uid: str) -> None:
    answer = browser.ask(f"/bai/{uid}")
    assert answer.status_code == 404
    assert "không có bài nào" in answer.text


def test_permanent_address_under_a_prefix(archive_path: Path) -> None:
    behind_proxy = Browser(archive_path, base_url="/kho/")
    try:
        page = behind_proxy.get("/bai/cao_bang-2001").text
        assert "http://localhost/kho/bai/cao_bang-2001</span>" in page
        assert 'href="/kho/bai/cao_bang-2001.bib"' in page
        for address in (
            "/",
            "/bai/cao_bang-2001",
            "/bai/cao_bang-2001/thay-doi",
            "/bieu-do",
            "/archive/articles",
            "/archive/articles?_size=3&_facet=byline&_facet_size=1&source_id=cao_bang_thach_an",
            "/archive/tim_kiem?q=hoc",
            "/archive/tim_kiem?q=hoc&so_dong=2",
        ):
            # As it comes where the proxy leaves the prefix, and where it takes it away.
            for sent in (PrefixedUrlString(f"/kho{address}"), PrefixedUrlString(address)):
                text = behind_proxy.get(sent).text.replace('="http://localhost/', '="/')
                for link in set(re.findall(r'(?:href|src|action)="(/[^"]*)"', text)):
                    # Links written in the metadata know no prefix: docs/serving.md says so.
                    assert link.startswith("/kho/") or link in WRITTEN_IN_METADATA, f"{sent}: {link}"
                    assert not link.startswith("/kho/kho"), f"{sent}: {link}"
        filtered = "/archive/articles?_filter_column=title&_filter_op=contains&_filter_value=a"
        for sent in (PrefixedUrlString("/kho/archive/articles/"), PrefixedUrlString(filtered), PrefixedUrlString(f"/kho{filtered}")):
            assert behind_proxy.ask(sent).headers["location"].startswith("/kho/archive/articles")
        text = behind_proxy.get("/archive/articles").text
        assert 'href="/kho/bai/cao_bang-2001"' in text
        assert 'href="/kho/-/static-plugins/khuyen-hoc-archive/reading.css"' in text
        behind_proxy.get("/-/static-plugins/khuyen-hoc-archive/reading.css")
    finally:
        behind_proxy.close()


def test_nasty_titles_are_inert_and_whole(browser: Browser) -> None:
    escaped = "&lt;script&gt;alert"
    for address in ("/archive/articles", "/archive/tim_kiem?q=alert", "/archive/bai_moi_nhat", "/archive/revisions"):
        assert escaped in browser.get(address).text, address
    assert escaped in browser.get("/bai/cao_bang_thach_an-1004").text
    titles = {row["title"] for row in browser.csv("/archive/articles.csv?_formulas=keep")}
    assert {SCRIPT_TITLE, FORMULA_TITLE} <= titles
    assert escaped in browser.get("/archive/articles?_facet=title").text


def test_article_row_shows_the_whole_text(browser: Browser) -> None:
    listed = browser.get("/archive/articles").text
    assert listed.count("Một đoạn dài.") < 20
    number = browser.json("/archive/articles.json?uid=cao_bang-2003&_shape=array&_col=uid")[0]["id"]
    text = browser.get(f"/archive/articles/{number}").text
    assert text.count("Một đoạn dài.") == 60
    assert '<q class="citation">“Dòng họ hiếu học ở Đống Đa”' in text
    assert 'href="/archive/captures/' in text


def test_articles_of_a_topic_are_told_by_its_name(browser: Browser) -> None:
    links = re.findall(r'<li><a href="(/archive/articles\?_through=[^"]*)">([^<]*)</a> (\d+)', browser.get("/").text)
    assert links
    for link, label, count in links:
        text = browser.get(html.unescape(link)).text
        assert f"chủ đề / topic “{label}”" in text
        assert f"{count} dòng" in text
    unknown = '{"table":"article_topics","column":"topic_id","value":"<b>\\""}'
    assert browser.json("/archive/articles.json", params={"_through": unknown})["rows"] == []


def test_what_is_typed_stands_before_how_to_type_it(browser: Browser) -> None:
    found, none = (browser.get(f"/archive/tim_kiem?q={typed}").text for typed in ("dong+khe", "khong-co-gi-nhu-the"))
    for text in (found, none):
        assert text.index('name="q"') < text.index('class="about-query"') < text.index('class="slice"')
    assert '<details class="about-query">' in found
    assert '<details class="about-query" open>' in none


def test_columns_of_book_keeping_can_be_shown(browser: Browser) -> None:
    assert "few_columns.css" in browser.get("/archive/articles").text
    for asked in ("_columns=all", "_col=evidence", "_nocol=body"):
        assert "few_columns.css" not in browser.get(f"/archive/articles?{asked}").text
    assert "Hiện mọi cột" in browser.get("/archive/articles").text
    assert "Hiện mọi cột" not in browser.get("/archive/sources").text
    for name in ("reading.css", "few_columns.css"):
        assert browser.get(f"/-/static-plugins/khuyen-hoc-archive/{name}").headers["content-type"].startswith("text/css")


def test_folded_columns_exist(browser: Browser) -> None:
    style = browser.get("/-/static-plugins/khuyen-hoc-archive/few_columns.css").text
    columns = set(browser.metadata["databases"]["archive"]["tables"]["articles"]["columns"])
    folded = {part.strip(" ,\n") for part in style.split(":is(")[1].split(")")[0].replace(".col-", " ").split()}
    assert folded <= columns
    assert columns - folded == {"id", "title", "published_at", "source_id", "section", "lead", "body", "byline", "url"}


def test_command_as_typed(archive_path: Path) -> None:
    with datasette_server(archive_path) as home:
        for path in (
            "/",
            "/archive/articles?_search=khuyen+hoc",
            "/archive/tim_kiem?q=dong+khe",
            "/archive/articles.csv?_search=khuyen+hoc",
        ):
            with urllib.request.urlopen(home + path, timeout=30) as answer:
                assert answer.status == 200
                assert "Khuyến học" in answer.read().decode() or path == "/"


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/archive",
        "/archive/articles?_search=dong",
        "/archive/articles/1",
        "/archive/captures",
        "/archive/off_topic",
        "/bieu-do",
        "/bai/cao_bang-2001",
        "/bai/cao_bang_thach_an-1003",
        "/bai/cao_bang_thach_an-1003/thay-doi",
        "/archive/captures/1",
        "/archive/sources/cao_bang",
    ],
)
def test_every_link_leads_somewhere(browser: Browser, address: str) -> None:
    links = {html.unescape(link) for link in re.findall(r'<a [^>]*href="([^"]*)"', browser.get(address).text)}
    ours = {link.removeprefix("http://localhost") for link in links if re.match(r"/(?!/)|http://localhost/", link)}
    assert ours
    for link in ours:
        assert browser.ask(link).status_code in (200, 302), link
