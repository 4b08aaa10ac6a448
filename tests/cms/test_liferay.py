"""Liferay's asset publisher: which address is which article, which page is next, and the pages of sotttt.hanoi.gov.vn's shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.items import Capture, Reading
from scraper.rehearsal import captures_of
from spiders.ha_noi_so_tttt import HaNoiSoTtttSpider

HOME = "http://sotttt.hanoi.gov.vn"
FIXTURE = Path(__file__).parents[1] / "fixtures/ha_noi_so_tttt/2026-11-22.warc.gz"


def read(path: str, html: str) -> Reading:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return HaNoiSoTtttSpider.read(Capture(HOME + path, "2022-08-30T00:00:00Z", 200, headers, html.encode()))


@pytest.mark.parametrize(
    ("path", "key", "rank"),
    [
        ("/tin/-/view_content/71001-phong-may-moi.html", "71001", 0),
        ("/vi/tin/-/view_content/71001-phong-may-moi.html", "71001", 0),
        ("/en/tin/-/view_content/71001-phong-may-moi.html", "71001", 1),
        ("/vi/thanh-tra/-/view_content/71001-khac.html", "71001", 0),
        ("/vi/tin/-/view_content/pop_up/71001-phong-may-moi.html?_101_viewMode=print", "71001", 2),
        ("/vi/tin/-/view_content/71001-phong-may-moi.html?p_p_state=pop_up", "71001", 2),
        ("/vi/tin/-/view_content/71001-phong-may-moi.html?utm_source=zalo", "71001", 1),
        ("/vi/tin/-/view_content/71001", "71001", 0),
        ("/tin/-/asset_publisher/aB3x/content/id/71001", "71001", 0),
        ("/tin/-/asset_publisher/aB3x/content/71001-ten-bai", "71001", 0),
        ("/tin/-/asset_publisher/aB3x/document/id/71001", "71001", 0),
        ("/vi/cong-nghe-thong-tin", None, 0),
        ("/vi/cong-nghe-thong-tin?_101_cur=2", None, 1),
        ("/documents/10180/71001/a.pdf", None, 0),
        ("/tin/-/asset_publisher/aB3x/rss", None, 0),
        ("/tin/-/view_content/phong-may-moi.html", None, 0),
        ("/tin/71001-phong-may-moi.html", None, 0),
        ("/tin?x=/-/view_content/71001-a", None, 1),
        ("/", None, 0),
    ],
)
def test_addresses(path: str, key: str | None, rank: int) -> None:
    assert HaNoiSoTtttSpider.article_key(HOME + path) == key
    assert HaNoiSoTtttSpider.rank(HOME + path) == rank


def pager(*numbers: int, parameter: str = "_101_cur", host: str = "", css: str = "taglib-page-iterator") -> str:
    anchors = "".join(f'<a href="{host}/vi/tin?p_p_id=101&amp;_101_delta=20&amp;{parameter}={number}">{number}</a>' for number in numbers)
    sizes = '<a href="/vi/tin?_101_delta=75">75</a>'
    return (
        '<div class="asset-abstract"><h3 class="asset-title"><a href="/vi/tin/-/view_content/1-a.html">A</a></h3></div>'
        f'<div class="{css}">{sizes}{anchors}</div>'
    )


@pytest.mark.parametrize("parameter", ["_101_cur", "_101_INSTANCE_aB3x_cur", "_com_liferay_asset_publisher_web_portlet_INSTANCE_x_cur"])
@pytest.mark.parametrize("css", ["taglib-page-iterator", "lfr-pagination", "pagination"])
def test_the_next_page_is_the_one_above(parameter: str, css: str) -> None:
    listing = read("/vi/tin", pager(1, 3, 2, 126, parameter=parameter, css=css)).listing
    assert listing is not None
    assert listing.next_pages == (f"{HOME}/vi/tin?p_p_id=101&_101_delta=20&{parameter}=2",)


@pytest.mark.parametrize(("numbers", "current"), [((1, 2, 3), 3), ((1,), 1), ((), 1), ((4, 5), 2)])
def test_the_last_page_has_no_next(numbers: tuple[int, ...], current: int) -> None:
    listing = read(f"/vi/tin?_101_cur={current}", pager(*numbers)).listing
    assert listing is not None
    assert listing.next_pages == ()


@pytest.mark.parametrize(
    ("query", "following"),
    [
        ("", ["_a_cur=2", "_b_cur=2"]),
        ("?_a_cur=1", ["_a_cur=2", "_b_cur=2"]),
        ("?_a_cur=2", ["_a_cur=3"]),
        ("?_a_cur=1&_b_cur=2", ["_b_cur=3"]),
        ("?_b_cur=3", []),
    ],
)
def test_each_list_of_a_page_has_its_own_next(query: str, following: list[str]) -> None:
    links = "".join(f'<a href="/vi/tin?_{name}_cur={number}">{number}</a>' for name in "ab" for number in (1, 2, 3))
    listing = read(f"/vi/tin{query}", f'{pager()}<div class="taglib-page-iterator">{links}</div>').listing
    assert listing is not None
    assert list(listing.next_pages) == [f"{HOME}/vi/tin?{one}" for one in following]


def test_the_pager_of_another_site_is_not_followed() -> None:
    listing = read("/vi/tin", pager(2, host="http://khac.hanoi.gov.vn")).listing
    assert listing is not None
    assert listing.next_pages == ()


def test_a_listing_prefers_an_article_s_own_address() -> None:
    html = "".join(
        f'<div class="asset-abstract"><h3 class="asset-title"><a href="{href}">{text}</a></h3>'
        '<div class="assetPublishDate">24/08/2022 | 04:30 PM</div></div>'
        for href, text in (
            ("/en/tin/-/view_content/1-a.html", "Bài một"),
            ("/vi/tin/-/view_content/1-a.html", ""),
            ("/vi/tin/-/view_content/2-b.html", "Bài hai"),
            ("http://khac.vn/-/view_content/3-c.html", "Bài ba"),
            ("javascript:void(0)", "Bài bốn"),
        )
    )
    listing = read("/vi/tin", html).listing
    assert listing is not None
    assert [(link.key, link.url, link.text) for link in listing.links] == [
        ("1", f"{HOME}/vi/tin/-/view_content/1-a.html", "Bài một"),
        ("2", f"{HOME}/vi/tin/-/view_content/2-b.html", "Bài hai"),
    ]
    assert listing.links[1].listed_date == "2022-08-24"


def test_an_empty_listing_is_said() -> None:
    reading = read("/vi/tin", "<div class='portlet-body'>Chưa có tin</div>")
    assert [problem.kind for problem in reading.problems] == ["listing_empty"]


@pytest.mark.parametrize("phrase", ["Không tìm thấy trang", "Hệ thống đang bảo trì", "Đăng nhập"])
def test_a_soft_page_in_place_of_a_listing(phrase: str) -> None:
    reading = read("/vi/tin", f"<h1>{phrase}</h1>")
    assert reading.listing is None
    assert reading.problems[0].kind in ("soft_404", "maintenance", "login")


# Pages of the fixture


@pytest.fixture(scope="module")
def pages() -> dict[str, Reading]:
    read_pages = [HaNoiSoTtttSpider.read(capture) for capture in captures_of(FIXTURE).values()]
    return {f"{reading.article.key}/{reading.rank}": reading for reading in read_pages if reading.article}


@pytest.mark.parametrize(
    ("page", "published", "byline", "lead"),
    [
        ("71001/0", "2022-04-14T16:53:00+07:00", "Lê Mai Phương", True),
        ("71002/0", "2022-02-08T09:05:00+07:00", None, False),
        ("71003/0", "2022-06-20", None, False),
        ("71004/0", "2022-08-01", None, False),
    ],
)
def test_shapes(pages: dict[str, Reading], page: str, published: str, byline: str | None, lead: bool) -> None:
    article, problems = pages[page].article, pages[page].problems
    assert article is not None
    assert problems == ()
    assert (article.published_at, article.byline, article.lead is not None) == (published, byline, lead)
    for furniture in ("admin", "Các tin khác", "View count", "Địa chỉ", "Bản in", "Tin tức nổi bật"):
        assert furniture not in f"{article.title} {article.text} {article.byline}"


def test_the_print_twin_says_the_same(pages: dict[str, Reading]) -> None:
    own, twin = pages["71001/0"].article, pages["71001/2"].article
    assert own is not None
    assert twin is not None
    assert own.content_digest == twin.content_digest


def test_words_torn_over_spans_are_whole(pages: dict[str, Reading]) -> None:
    article = pages["71002/0"].article
    assert article is not None
    assert article.body.startswith("Ngày 08/02, Chi hội Khuyến học khối văn phòng")


def test_an_office_after_a_break_stays_in_the_text(pages: dict[str, Reading]) -> None:
    """It may sign or may not: no guess."""
    article = pages["71003/0"].article
    assert article is not None
    assert article.body.endswith("bằng tin nhắn.\nThanh tra Sở")
    assert article.byline is None


def test_a_page_without_the_fingerprint_is_said() -> None:
    reading = read("/tin/-/view_content/1-a.html", "<h1>Tin</h1><div class='moi'>Chữ</div>")
    assert [problem.kind for problem in reading.problems] == ["layout_changed"]
    assert reading.article is None


def test_the_footer_is_not_the_body() -> None:
    html = (
        '<div class="asset-full-content-title">Tin</div>'
        '<div class="assetPublishDate">Ngày đăng 13/05/2016 | 4:53 PM | View count: 1648</div>'
        '<div class="asset-content"><div class="journal-content-article"><p>Một câu.</p></div></div>'
        '<div class="journal-content-article"><p>Chân trang.</p></div>'
    )
    reading = read("/tin/-/view_content/1-a.html", html)
    assert reading.article is not None
    assert (reading.article.body, reading.article.published_at) == ("Một câu.", "2016-05-13T16:53:00+07:00")
    assert reading.problems == ()
