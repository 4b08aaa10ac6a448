"""Trimming, drafting and writing: nothing that is read is lost, nothing is overwritten, nothing half-written remains."""

from __future__ import annotations

import gzip
import inspect
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scraper.adding import Taken
from scraper.adding.draft import MOST_LINES, Draft, evidence, fitting_sections
from scraper.adding.files import Places, replace_fixture, write_portal
from scraper.adding.refresh import changes
from scraper.adding.selectors import proposals
from scraper.adding.trim import LIMIT, TooLarge, make_fixture, plain, trim
from scraper.cms.cao_bang import CaoBangSpider
from scraper.cms.generic import GenericSpider
from scraper.cms.nukeviet import NukeVietSpider
from scraper.extract.page import open_page
from scraper.fetch.child import read_safely
from scraper.items import Capture
from scraper.portal import DeclarationError
from tests.adding.portals import HTML, portal
from tests.templates import open_source

URL = "https://vidu.quangtri.gov.vn"
NUKEVIET = next(template for template in open_source.TEMPLATES if template.name == "classic" and template.cms == "nukeviet")


def captures() -> list[Capture]:
    _, pages = portal(NUKEVIET)
    return [Capture(url, "2026-11-26T01:00:00Z", 200, HTML, body) for url, body in pages.items()]


def draft(**changed: Any) -> Draft:
    facts = {
        "family": NukeVietSpider,
        "name": "quang_tri_vi_du",
        "place": "45",
        "publisher": "UBND huyện “Ví Dụ”",
        "home": f"{URL}/",
        "sections": (f"{URL}/vi/news/khuyen-hoc/",),
        "evidence": evidence(date(2026, 11, 26), 2, replica=False),
    }
    return Draft(**(facts | changed))


# Trimming


@pytest.mark.parametrize("number", range(3))
def test_trimming_changes_nothing_that_is_read(number: int) -> None:
    capture = captures()[number]
    burden = b"<script>var a = '" + b"x" * 50_000 + b"';</script><style>p{}</style><!-- note --><svg><path d='M0'/></svg>"
    heavy = Capture(capture.url, capture.fetched_at, 200, HTML, capture.body.replace(b"<body>", b"<body>" + burden))
    small = trim(NukeVietSpider, heavy)
    assert small is not None
    assert len(small.body) < len(capture.body) + 200
    assert b"note" not in small.body and b"<path" not in small.body
    assert b'<script src="/assets/js/global.js">' in small.body, "a script's address is a mark of its CMS"
    assert b"ld+json" not in heavy.body or b"datePublished" in small.body, "structured data are read"
    assert read_safely(NukeVietSpider, small) == read_safely(NukeVietSpider, heavy)


def test_a_page_that_would_read_otherwise_is_kept_whole() -> None:
    """An unclosed comment hides half a page from a parser, and not from a pattern."""
    capture = captures()[1]
    body = capture.body.replace(b'<div id="news-bodyhtml"', b'<style><div></style><!--><!-- --><div id="news-bodyhtml"', 1)
    odd = Capture(capture.url, capture.fetched_at, 200, HTML, body)
    small = trim(NukeVietSpider, odd)
    assert small is None or read_safely(NukeVietSpider, small) == read_safely(NukeVietSpider, odd)


def test_a_fixture_carries_neither_compression_nor_cookies_nor_a_persons_contact() -> None:
    capture = captures()[0]
    headers = (*HTML, ("Content-Encoding", "gzip"), ("Set-Cookie", "id=7"), ("ETag", '"x"'))
    packed = Capture(capture.url, capture.fetched_at, 200, headers, gzip.compress(capture.body))
    assert plain(packed).headers == (*HTML, ("ETag", '"x"'))
    assert plain(packed).body == capture.body
    fixture = make_fixture(NukeVietSpider, [packed])
    assert b"khuyen-hoc-archive/" in gzip.decompress(fixture.data)
    assert b"(+" not in gzip.decompress(fixture.data)
    assert fixture.whole == ()


def test_a_fixture_that_is_too_large_says_which_page() -> None:
    big = Capture(f"{URL}/vi/news/khuyen-hoc/", "2026-11-26T01:00:00Z", 200, HTML, b"<p>" + os.urandom(LIMIT).hex().encode())
    with pytest.raises(TooLarge, match=r"more than 100: https://vidu\.quangtri\.gov\.vn/vi/news/khuyen-hoc/ 1\d\d kB"):
        make_fixture(NukeVietSpider, [big])


# Drafting


def test_a_draft_is_a_module_of_ten_lines_and_the_same_class(tmp_path: Path) -> None:
    made = draft()
    source = made.source()
    assert len(source.splitlines()) == 10
    namespace: dict[str, Any] = {}
    exec(compile(source, "spider.py", "exec"), namespace)
    written = namespace["QuangTriViDuSpider"]
    assert inspect.isclass(written) and issubclass(written, NukeVietSpider)
    for attribute in ("name", "place", "publisher", "home", "sections", "evidence"):
        assert getattr(written, attribute) == getattr(made, attribute) == getattr(made.portal(), attribute)


def test_a_broken_certificate_is_declared() -> None:
    source = draft(tls="unverified").source()
    assert source.endswith('    tls = "unverified"\n')
    assert draft(tls="unverified").portal().tls == "unverified"
    assert "tls" not in draft().source()


def test_a_portal_called_as_its_family_has_another_class() -> None:
    assert draft(name="cao_bang", family=CaoBangSpider).class_name == "CaoBangPortalSpider"


def test_a_draft_that_no_crawl_would_take_is_refused() -> None:
    with pytest.raises(DeclarationError, match="is not on"):
        draft(sections=("https://khac.vn/tin/",)).portal()


@pytest.mark.parametrize("length", [20, 60, 120, 300])
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_sections_fit_into_the_lines_of_a_spider(length: int, count: int) -> None:
    sections = tuple(f"{URL}/{'a' * length}{number}/" for number in range(count))
    fitting = fitting_sections(sections)
    assert fitting == sections[: len(fitting)] != ()
    lines = draft(sections=fitting).source().splitlines()
    assert len(lines) <= MOST_LINES
    assert length > 100 or max(map(len, lines)) <= 140


# Writing


@contextmanager
def small_files(most: int) -> Iterator[None]:
    """No file may grow beyond ``most`` bytes: a write fails half-way, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_all_files_or_none(tmp_path: Path) -> None:
    places = Places(tmp_path, "quang_tri_vi_du")
    for spider, warc in (("x = 1\n" * 100, b"warc"), ("x = 1\n", b"warc" * 100)):
        with pytest.raises(OSError, match="File too large"), small_files(200):
            write_portal(places, "2026-11-26", spider, warc, {"read": False})
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert not places.fixtures.exists()
    write_portal(places, "2026-11-26", "x = 1\n", b"warc", {"read": False})
    assert places.warc("2026-11-26").read_bytes() == b"warc"
    assert json.loads(places.expectation("2026-11-26").read_text(encoding="utf-8")) == {"read": False}
    with pytest.raises(Taken, match="nothing is overwritten"):
        write_portal(places, "2026-11-27", "x = 2\n", b"other", {})
    assert places.spider.read_text(encoding="utf-8") == "x = 1\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spiders", "tests"]


def test_a_file_that_came_meanwhile_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = Places(tmp_path, "quang_tri_vi_du")
    places.spider.parent.mkdir(parents=True)
    places.spider.write_text("mine\n", encoding="utf-8")
    monkeypatch.setattr(Places, "check_free", lambda self: None)
    with pytest.raises(Taken):
        write_portal(places, "2026-11-26", "x = 1\n", b"warc", {})
    assert places.spider.read_text(encoding="utf-8") == "mine\n"
    assert not places.fixtures.exists()
    places.spider.unlink()
    places.fixtures.mkdir()
    (places.fixtures / "mine.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Taken):
        write_portal(places, "2026-11-26", "x = 1\n", b"warc", {})
    assert not places.spider.exists()
    assert [path.name for path in places.fixtures.iterdir()] == ["mine.json"]


def test_a_new_fixture_takes_the_place_of_the_old(tmp_path: Path) -> None:
    places = Places(tmp_path, "quang_tri_vi_du")
    write_portal(places, "2025-01-02", "x = 1\n", b"old", {})
    replace_fixture(places, "2026-11-26", b"new", {"read": False})
    assert sorted(path.name for path in places.fixtures.iterdir()) == ["2026-11-26.json", "2026-11-26.warc.gz"]
    replace_fixture(places, "2026-11-26", b"newer", {"read": False})
    assert places.warc("2026-11-26").read_bytes() == b"newer"


# What changed, and what a family would need


def test_changes_are_told_field_by_field() -> None:
    article = {"article_key": "1", "title": "Một", "body": ["a"], "byline": None, "attachments": []}
    listing = {"url": "u", "title": "T", "links": [1, 2], "next_pages": []}
    old = {"articles": [article, {**article, "article_key": "2"}], "issues": [], "off_topic": [], "listings": [listing]}
    new = {
        "articles": [{**article, "title": "Hai", "byline": "An"}, {**article, "article_key": "3"}],
        "issues": [{"kind": "date_missing"}],
        "off_topic": [],
        "listings": [{**listing, "links": [1], "next_pages": ["p"]}],
    }
    assert changes(old, old) == []
    assert changes(old, new) == [
        ("1 title", "Một", "Hai"),
        ("1 byline", "none", "An"),
        ("article 2", "Một", "not in it any more"),
        ("article 3", "not in it", "Một"),
        ("issues", "none", '{"kind": "date_missing"}'),
        ("list u", "2 articles", "1 articles"),
        ("list u next_pages", "none", "p"),
    ]


def test_proposed_selectors_find_one_element_on_every_article() -> None:
    listing, *pages = [open_page(capture) for capture in captures()]
    read = [(page, reading.article) for page in pages[:2] if (reading := GenericSpider.read_article(page, "1")).article]
    found = {one.field: one for one in proposals(listing, GenericSpider.links(listing), read)}
    for field in ("title", "date", "lead", "body"):
        selector = found[field].selector
        assert selector, field
        assert all(len(page.root.css(selector)) == 1 for page, _ in read), (field, selector)
    assert "bodytext" in str(found["body"].selector) or found["body"].selector == "#news-bodyhtml"
    assert len(listing.root.css(str(found["links"].selector))) >= 5
