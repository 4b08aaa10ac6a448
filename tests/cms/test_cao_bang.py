"""Cao Bằng's platform: addresses, numbered pages, sections that open by script only, and the counters above the title."""

from __future__ import annotations

import pytest

from scraper.items import Capture, Reading
from spiders.cao_bang import CaoBangPortalSpider

HOME = "https://caobang.gov.vn"


def read(path: str, html: str) -> Reading:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return CaoBangPortalSpider.read(Capture(HOME + path, "2024-01-01T00:00:00Z", 200, headers, html.encode()))


@pytest.mark.parametrize(
    ("path", "key", "rank"),
    [
        ("/van-hoaxa-hoi/trao-hoc-bong-4412", "4412", 0),
        ("/kinh-te/trao-hoc-bong-4412", "4412", 0),
        ("/van-hoaxa-hoi/trao-hoc-bong-4412/", "4412", 0),
        ("/van-hoaxa-hoi/trao-hoc-bong-4412?fbclid=x", "4412", 1),
        ("/in-bai/trao-hoc-bong-4412", "4412", 2),
        ("/a/b/c-123", "123", 0),
        ("/van-hoaxa-hoi/ke-hoach-2022-1305", "1305", 0),
        ("/van-hoaxa-hoi", None, 0),
        ("/van-hoaxa-hoi/page/2", None, 0),
        ("/van-hoaxa-hoi?page=4412", None, 1),
        ("/chuyen-de/covid-19", None, 0),
        ("/upload/anh-4412.jpg", None, 0),
        ("/", None, 0),
    ],
)
def test_addresses(path: str, key: str | None, rank: int) -> None:
    assert CaoBangPortalSpider.article_key(HOME + path) == key
    assert CaoBangPortalSpider.rank(HOME + path) == rank


def test_a_year_is_no_article() -> None:
    assert CaoBangPortalSpider.article_key(f"{HOME}/van-ban/nam-2022") is None


@pytest.mark.xfail(
    strict=True,
    reason="known limit (2026-11): an address that ends in words and a year is taken for an article with the year as its number",
)
def test_words_and_a_year_are_no_article() -> None:
    assert CaoBangPortalSpider.article_key(f"{HOME}/ke-hoach-2023") is None


NEWS = (
    '<div class="ModuleContent"><div class="NewsItem"><a href="/kinh-te/bai-so-1001">Bài</a>'
    '<span class="NewsDate">9/11/2022</span></div></div>'
)


def news(*days: str) -> str:
    items = "".join(
        f'<div class="NewsItem"><a href="/kinh-te/bai-so-{1001 + number}">Bài</a><span class="NewsDate">{day}</span></div>'
        for number, day in enumerate(days)
    )
    return f'<div class="ModuleContent">{items}</div>'


@pytest.mark.parametrize(
    ("days", "newest_first"),
    [
        (("9/11/2022", "8/11/2022", "7/11/2022", "7/11/2022", "6/11/2022"), True),
        (("5/11/2022", "6/11/2022", "7/11/2022", "7/11/2022", "9/11/2022"), False),
        (("5/11/2022", "6/11/2022", "7/11/2022", "8/11/2022"), True),  # a few that are pinned
        (("1/11/2022", "9/11/2022", "8/11/2022", "7/11/2022", "6/11/2022"), True),
        (("9/11/2022",) * 6, True),
    ],
)
def test_a_listing_is_newest_first_unless_its_dates_tell_otherwise(days: tuple[str, ...], newest_first: bool) -> None:
    listing = read("/kinh-te", news(*days)).listing
    assert listing is not None
    assert listing.newest_first is newest_first


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Không tìm thấy trang - Cao Bằng", "soft_404"),
        ("Hệ thống đang bảo trì", "maintenance"),
        ("Kinh tế - Đăng nhập", None),
        ("Kinh tế", None),
    ],
)
def test_a_page_that_is_not_there_is_no_listing_whatever_it_links(title: str, kind: str | None) -> None:
    reading = read("/kinh-te", f"<title>{title}</title>{news('9/11/2022')}")
    assert [problem.kind for problem in reading.problems] == ([kind] if kind else [])
    assert (reading.listing is None) is (kind is not None)


def pager(current: str, *pages: tuple[str, str]) -> str:
    links = "".join(f'<li class="page-item"><a class="page-link"{href}>{label}</a></li>' for label, href in pages)
    return f'{NEWS}<ul class="pagination"><li class="page-item active"><a class="page-link">{current}</a></li>{links}</ul>'


def test_numbered_pages_are_followed() -> None:
    html = pager("2", ("1", ' href="/kinh-te"'), ("3", ' href="/kinh-te/page/3"'), ("»", ' href="/kinh-te/page/9"'))
    reading = read("/kinh-te/page/2", html)
    assert reading.listing is not None
    assert reading.listing.next_pages == (f"{HOME}/kinh-te/page/3",)
    assert reading.problems == ()
    assert [(link.key, link.listed_date) for link in reading.listing.links] == [("1001", "2022-11-09")]


@pytest.mark.parametrize("href", [' href="javascript:void(0)"', ' href="#"', ""])
def test_pages_that_open_by_script_are_said(href: str) -> None:
    reading = read("/kinh-te", pager("1", ("2", href), ("3", href)))
    assert reading.listing is not None
    assert reading.listing.next_pages == ()
    assert [problem.kind for problem in reading.problems] == ["listing_capped"]
    assert len(reading.listing.links) == 1


def test_the_last_page_is_no_problem() -> None:
    pages = '<li class="page-item"><a class="page-link" href="/kinh-te">1</a></li><li class="page-item active"><span>2</span></li>'
    html = f"{NEWS}<ul>{pages}</ul>"
    reading = read("/kinh-te/page/2", html)
    assert reading.listing is not None
    assert (reading.listing.next_pages, reading.problems) == ((), ())


def test_the_only_page_is_not_capped() -> None:
    assert read("/kinh-te", pager("1")).problems == ()


def article(inner: str, title: str = "TRAO HỌC BỔNG") -> Reading:
    html = (
        f'<div class="ModuleContent"><div class="ArticleView">Lượt xem: 37</div><div class="ArticleHeader">{title}</div>{inner}'
        '<div class="OtherNews"><div>Các tin khác</div><ul><li><a href="/kinh-te/khac-1002">Khác</a></li></ul></div></div>'
    )
    return read("/kinh-te/trao-hoc-bong-4412", html)


BODY = '<div class="ArticleContent"><p>Ngày 9/11/2022, Hội trao quà.</p><p style="text-align: right;">Trần Nhung - Tuấn Anh</p></div>'


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("", None),
        ('<div class="PostDate">Thứ Tư, 09/11/2022 | 15:20</div>', "2022-11-09T15:20:00+07:00"),
        ('<div class="PostDate">Ngày đăng: 09/11/2022</div>', "2022-11-09"),
        ('<div class="PostDate">09/11/2022 12:00 SA</div>', "2022-11-09"),
    ],
)
def test_an_article_with_and_without_a_date(date: str, published: str | None) -> None:
    reading = article(date + BODY)
    assert reading.article is not None
    assert reading.problems == ()
    assert reading.article.published_at == published
    assert (reading.article.title, reading.article.body) == ("TRAO HỌC BỔNG", "Ngày 9/11/2022, Hội trao quà.")
    assert reading.article.byline == "Trần Nhung - Tuấn Anh"


def test_an_unreadable_date_is_said() -> None:
    reading = article(f'<div class="PostDate">Hôm nào đó</div>{BODY}')
    assert [problem.kind for problem in reading.problems] == ["date_unread"]


def test_summary_and_files() -> None:
    files = '<div class="ArticleFile">Tệp: <a href="/upload/ke-hoach.pdf">Kế hoạch</a></div>'
    reading = article(f'<p class="ArticleSummary">Tóm tắt.</p>{BODY}{files}')
    assert reading.article is not None
    assert reading.article.lead == "Tóm tắt."
    assert [(one.url, one.kind) for one in reading.article.attachments] == [(f"{HOME}/upload/ke-hoach.pdf", "document")]


def test_an_empty_template_is_no_article() -> None:
    reading = article('<div class="ArticleContent"></div>', title="")
    assert {problem.kind for problem in reading.problems} == {"selector_mismatch", "body_empty"}
    assert reading.article is None or not reading.article.title
