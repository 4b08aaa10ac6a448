"""Feeds, sitemap and robots.txt: valid by their standards, and true."""

from __future__ import annotations

import re
import sqlite3
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from scraper.web.feeds import SITEMAP_URLS, Wanted, load_feed, load_sitemap, robots, sitemap_parts

from .archive import ON_TOPIC, SCRIPT_TITLE, build_archive
from .conftest import Browser

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def check_atom(data: bytes) -> Any:
    """What RFC 4287 asks of a feed, element by element; returns its root."""
    root = ET.fromstring(data)
    assert root.tag == f"{ATOM}feed"
    _check_element(root, {"id": "1", "title": "1", "updated": "1", "author": "?", "link": "+", "entry": "*"})
    assert [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    ids = [root.findtext(f"{ATOM}id")]
    for entry in root.findall(f"{ATOM}entry"):
        wanted = {"id": "1", "title": "1", "updated": "1", "published": "?", "link": "+", "author": "+", "summary": "?", "content": "?"}
        _check_element(entry, wanted | {"rights": "?", "category": "*"})
        assert len([link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]) == 1
        ids.append(entry.findtext(f"{ATOM}id"))
        for author in entry.findall(f"{ATOM}author"):
            _check_element(author, {"name": "1"})
            assert author.findtext(f"{ATOM}name")
    assert len(set(ids)) == len(ids)
    for name in ids:
        assert name is not None
        uuid.UUID(name.removeprefix("urn:uuid:"))
    for date in (*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", date.text or "")
        datetime.fromisoformat(date.text or "")
    for link in root.iter(f"{ATOM}link"):
        assert re.match(r"https?://", link.get("href") or "")
    return root


def _check_element(element: Any, wanted: dict[str, str]) -> None:
    counts: dict[str, int] = {}
    for child in element:
        name = child.tag.removeprefix(ATOM)
        assert name in wanted, f"{name} in {element.tag}"
        counts[name] = counts.get(name, 0) + 1
    for name, how_many in wanted.items():
        count = counts.get(name, 0)
        assert count == 1 if how_many == "1" else count <= 1 if how_many == "?" else count >= 1 if how_many == "+" else True, name


def _links(root: Any) -> list[str]:
    return [
        link.get("href").rpartition("/")[2]
        for entry in root.findall(f"{ATOM}entry")
        for link in entry.findall(f"{ATOM}link")
        if link.get("rel") == "alternate"
    ]


def test_feed_of_everything(browser: Browser) -> None:
    answer = browser.get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = check_atom(answer.content)
    assert {*_links(root)} == {page.uid for page in ON_TOPIC}
    # Two articles print no date and stand at the day they were first seen, after all that printed one.
    assert _links(root)[2:5] == ["cao_bang-2003", "cao_bang-2002", "cao_bang-2001"]
    assert set(_links(root)[:2]) == {"cao_bang_thach_an-1003", "cao_bang_thach_an-1006"}
    assert SCRIPT_TITLE in [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]
    signed = next(entry for entry in root.findall(f"{ATOM}entry") if entry.findtext(f"{ATOM}title") == ON_TOPIC[0].title)
    assert signed.find(f"{ATOM}author").findtext(f"{ATOM}name") == "Nông Thị Lan"
    assert signed.findtext(f"{ATOM}published") == "2022-12-11T07:47:00+07:00"
    assert ON_TOPIC[0].url in signed.findtext(f"{ATOM}rights")


@pytest.mark.parametrize(
    ("arguments", "uids", "name"),
    [
        ({"nguon": "cao_bang"}, {"cao_bang-2001", "cao_bang-2002", "cao_bang-2003"}, "Cổng thông tin điện tử tỉnh Cao Bằng"),
        ({"noi": "04/053"}, {page.uid for page in ON_TOPIC if page.source == "cao_bang_thach_an"}, "Huyện Thạch An, Tỉnh Cao Bằng"),
        ({"noi": "04"}, {page.uid for page in ON_TOPIC}, "Tỉnh Cao Bằng"),
        ({"q": "dong khe"}, {"cao_bang_thach_an-1001"}, "“dong khe”"),
        ({"q": "ngan hang", "nguon": "cao_bang"}, {"cao_bang-2002"}, "“ngan hang”"),
        ({"q": "dong khe", "nguon": "cao_bang"}, set(), "“dong khe”"),
        ({"q": '<b> & "\x00'}, {"cao_bang_thach_an-1004"}, "<b>"),
        ({"chu_de": "khen_thuong"}, {"cao_bang_thach_an-1008"}, "Khen thưởng, biểu dương"),
        ({"chu_de": "khen_thuong", "q": "dong ky"}, {"cao_bang_thach_an-1008"}, "Khen thưởng, biểu dương · “dong ky”"),
        ({"chu_de": "hoc_bong", "nguon": "cao_bang"}, {"cao_bang-2001", "cao_bang-2002", "cao_bang-2003"}, "Học bổng"),
    ],
)
def test_feed_of_a_part(browser: Browser, arguments: dict[str, str], uids: set[str], name: str) -> None:
    root = check_atom(browser.get("/feed.atom", params=arguments).content)
    assert {*_links(root)} == uids
    assert name in root.findtext(f"{ATOM}title")


def test_no_such_feed(browser: Browser) -> None:
    for arguments in (
        {"nguon": "khong_co"},
        {"noi": "999"},
        {"noi": "%"},
        {"chu_de": "khong_co"},
        {"chu_de": "x\x00"},
        {"nguon": "<script>alert(1)</script>"},
    ):
        assert browser.ask("/feed.atom", params=arguments).status_code == 404


def test_identifiers_do_not_change_with_the_address(browser: Browser, archive_path: Path) -> None:
    elsewhere = Browser(archive_path, base_url="/kho/")
    try:
        here, there = (check_atom(each.get("/feed.atom").content) for each in (browser, elsewhere))
    finally:
        elsewhere.close()
    ids = [[entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")] for root in (here, there)]
    assert ids[0] == ids[1]
    assert there.find(f"{ATOM}entry").find(f"{ATOM}link").get("href").startswith("http://localhost/kho/bai/")


def test_unchanged_feeds_are_not_sent_again(browser: Browser) -> None:
    for address in ("/feed.atom", "/feed.atom?q=hoc", "/viec-can-xem.atom", "/sitemap.xml", "/sitemap-1.xml"):
        tag = browser.get(address).headers["etag"]
        again = browser.ask(address, headers={"if-none-match": f'"x", W/{tag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert browser.ask(address, headers={"if-none-match": '"x"'}).status_code == 200


def test_pages_name_their_feeds(browser: Browser) -> None:
    for address, feed in (
        ("/", "/feed.atom"),
        ("/archive/articles", "/feed.atom"),
        ("/bai/cao_bang-2001", "/feed.atom?nguon=cao_bang"),
        ("/archive/sources/cao_bang", "/feed.atom?nguon=cao_bang"),
        ("/archive/topics/hoc_bong", "/feed.atom?chu_de=hoc_bong"),
        ("/suc-khoe", "/viec-can-xem.atom"),
        ("/archive/issues", "/viec-can-xem.atom"),
        ("/archive/tim_kiem?q=đông+khê", "/feed.atom?q=%C4%91%C3%B4ng+kh%C3%AA"),
    ):
        text = browser.get(address).text
        found = re.findall(r'<link rel="alternate" type="application/atom\+xml" title="[^"]*" href="([^"]*)">', text)
        assert feed in found, address
        for each in found:
            check_atom(browser.get(each).content)


def test_feed_comes_from_the_index_however_many_match(archive_path: Path) -> None:
    with sqlite3.connect(archive_path) as connection:
        plans = []
        for wanted in (
            Wanted(),
            Wanted(topic="hoc_bong"),
            Wanted(query="khuyen hoc"),
            Wanted(source="cao_bang", query="khuyen hoc"),
            Wanted(source="cao_bang"),
        ):
            told: list[str] = []
            connection.set_trace_callback(told.append)
            assert load_feed(connection, wanted)
            connection.set_trace_callback(None)
            query = next(sql for sql in told if "coalesce(a.published_at" in sql)
            plans.append(" ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")))
    connection.close()
    assert not [plan for plan in plans if "USE TEMP B-TREE FOR ORDER BY" in plan], plans


def test_sitemap(browser: Browser) -> None:
    index = ET.fromstring(browser.get("/sitemap.xml").content)
    assert [loc.text for loc in index.iter(f"{SITEMAP}loc")] == ["http://localhost/sitemap-1.xml"]
    urls = ET.fromstring(browser.get("/sitemap-1.xml").content)
    assert urls.tag == f"{SITEMAP}urlset"
    found = [loc.text or "" for loc in urls.iter(f"{SITEMAP}loc")]
    assert {address.rpartition("/")[2] for address in found} == {page.uid for page in ON_TOPIC} | {"", "bieu-do", "chi-tieu", "chi_hoi"}
    for address in found:
        browser.get(address.removeprefix("http://localhost"))
    assert browser.ask("/sitemap-2.xml").status_code == 404
    assert browser.ask("/sitemap-0.xml").status_code == 404


def test_sitemap_is_split(tmp_path: Path) -> None:
    with sqlite3.connect(build_archive(tmp_path / "archive.db")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("UPDATE articles SET id = id + ? WHERE source_id = 'cao_bang'", (SITEMAP_URLS,))
        assert sitemap_parts(connection) == 2
        first, second = (load_sitemap(connection, part) for part in (1, 2))
        assert {uid for uid, _ in first} == {page.uid for page in ON_TOPIC if page.source == "cao_bang_thach_an"}
        assert {uid for uid, _ in second} == {page.uid for page in ON_TOPIC if page.source == "cao_bang"}
        assert load_sitemap(connection, 3) == []
    connection.close()


def test_robots(browser: Browser, tmp_path: Path) -> None:
    assert browser.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"  # invented articles are not to be found by search engines
    real = Browser(build_archive(tmp_path / "archive.db", "live"))
    try:
        text = real.get("/robots.txt").text
    finally:
        real.close()
    assert "Disallow: /archive/\n" in text
    assert "Disallow: /bai" not in text
    assert text.endswith("Sitemap: http://localhost/sitemap.xml\n")
    assert "Disallow: /kho/archive/\n" in robots("https://a.vn/kho/", ["archive"], demo=False)
