"""Quảng Trị's news portlet: one key for all twins, three ways to read a page, pages of a listing by ``*_cur``."""

from __future__ import annotations

import pytest

from scraper.adding.recognise import reading_of
from scraper.extract.page import open_page
from scraper.items import Capture, Reading
from spiders.quang_tri import QuangTriSpider

HOME = "https://www.quangtri.gov.vn"
KEY = "1574304721680"
PATH = f"/chi-tiet-tin/-/view-article/1/13729062791727/{KEY}"


def read(path: str, html: str) -> Reading:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return QuangTriSpider.read(Capture(HOME + path, "2022-12-20T00:00:00Z", 200, headers, html.encode()))


@pytest.mark.parametrize(
    ("path", "key", "rank"),
    [
        (PATH, KEY, 0),
        (f"/vi{PATH}", KEY, 1),
        (f"/chi-tiet-tin/-/view-article/1/999/{KEY}", KEY, 0),
        (f"{PATH}/", KEY, 0),
        (f"{PATH}?utm_source=zalo", KEY, 1),
        (f"{PATH}?p_p_state=pop_up&_print=true", KEY, 2),
        (f"/trang-khac/-/view-article/1/1445748553374/{KEY}", KEY, 0),
        ("/chi-tiet-tin/-/view-article/1/13729062791727", None, 0),
        ("/chi-tiet-tin/-/view-article/1/2/abc", None, 0),
        ("/tin-tuc", None, 0),
        ("/documents/790019/0/bannner.jpg", None, 0),
        ("/vi-VN/1/3034/17/231/tintuc/cua-khau-lao-bao.aspx", None, 0),
    ],
)
def test_addresses(path: str, key: str | None, rank: int) -> None:
    assert QuangTriSpider.article_key(HOME + path) == key
    assert QuangTriSpider.rank(HOME + path) == rank


def test_a_session_in_the_path() -> None:
    assert QuangTriSpider.key_at(f"{HOME}{PATH};jsessionid=0F3A.node1") == KEY


def test_a_campaign_called_print_is_tracking() -> None:
    assert QuangTriSpider.rank(f"{HOME}{PATH}?utm_campaign=blueprint") == 1


MADE_THEN = "/chi-tiet-tin/-/view-article/1/1445748553374/1670719620000"  # 11/12/2022 07:47, in milliseconds
TEXT = "<p>(Web Quảng Trị) Sáng nay, Hội Khuyến học tỉnh trao quà cho 40 em học sinh ở vùng khó khăn của tỉnh.</p><p>Các em rất vui.</p>"
TEMPLATES = {
    "view_article_detail": (
        '<h1 class="title-detail">Trao quà</h1><div class="info-detail"><span class="date-detail">7:47, Chủ Nhật, 11-12-2022</span>'
        '<span class="view-detail">Lượt xem: 7</span></div><div class="content-detail">{text}</div>'
    ),
    "view_article_journal": (
        '<div class="portlet-body"><h1 class="title">Trao quà</h1><span class="date">7:47, Chủ Nhật, 11-12-2022</span>'
        '<div class="journal-content-article">{text}</div></div>'
    ),
}


def test_a_date_far_from_the_articles_making_is_kept_and_doubted() -> None:
    reading = read(PATH, TEMPLATES["view_article_detail"].replace("{text}", TEXT))
    assert reading.article is not None and reading.article.published_at == "2022-12-11T07:47:00+07:00"
    assert [(problem.kind, problem.detail) for problem in reading.problems] == [
        ("date_doubtful", "printed is 2022-12-11, and the address says 2019-11-21")
    ]


@pytest.mark.parametrize("layout", TEMPLATES)
def test_layouts(layout: str) -> None:
    reading = read(MADE_THEN, TEMPLATES[layout].replace("{text}", TEXT))
    article = reading.article
    assert article is not None
    assert (article.layout, article.title, article.published_at) == (layout, "Trao quà", "2022-12-11T07:47:00+07:00")
    assert article.source_line == "Web Quảng Trị"
    assert article.body.startswith("(Web Quảng Trị) Sáng nay")
    assert reading.problems == ()


def test_an_unknown_template_is_read_and_said() -> None:
    html = f"<html><title>Trao quà - Cổng</title><h2>Trao quà</h2><div>7:47, Chủ Nhật, 11-12-2022</div><div>{TEXT * 3}</div></html>"
    reading = read(PATH, html)
    assert reading.article is not None
    assert reading.article.layout == "generic"
    assert "layout_changed" in {problem.kind for problem in reading.problems}


@pytest.mark.parametrize("words", ["Không tìm thấy trang", "Hệ thống đang bảo trì"])
def test_a_soft_page_is_not_read_generically(words: str) -> None:
    reading = read(PATH, f"<html><h1>{words}</h1><p>{'Mời quý vị quay lại sau. ' * 20}</p></html>")
    assert reading.article is None
    assert reading.problems[0].kind in ("soft_404", "maintenance")


def listing(*numbers: int) -> str:
    pages = "".join(f'<a href="/tin-tuc?p_p_id=x&amp;_x_delta=20&amp;_x_cur={number}">{number}</a>' for number in numbers)
    return (
        f'<div class="list-news"><h2 class="title-category">Tin tức</h2><div class="item-news"><h3><a href="{PATH}">Bài</a></h3>'
        f'<span class="date-news">11/12/2022</span></div></div><div class="pager">{pages}</div>'
    )


def test_a_listing() -> None:
    found = read("/tin-tuc", listing(1, 2, 3)).listing
    assert found is not None
    assert (found.title, found.next_pages) == ("Tin tức", (f"{HOME}/tin-tuc?p_p_id=x&_x_delta=20&_x_cur=2",))
    assert [(link.key, link.text, link.listed_date) for link in found.links] == [(KEY, "Bài", "2022-12-11")]


def test_links_without_the_template_are_found_too() -> None:
    items = f'<li><a href="/vi{PATH}">Bài</a></li><li><a href="{PATH}">Bài</a></li><li><a href="/x">X</a></li>'
    found = read("/tin-tuc", f"<ul>{items}</ul>").listing
    assert found is not None
    assert [link.url for link in found.links] == [HOME + PATH]


def test_a_listing_whose_links_carry_a_session() -> None:
    session = ";jsessionid=0F3A9C.node1"
    found = read("/tin-tuc", listing(1).replace(PATH, PATH + session)).listing
    assert found is not None
    assert [(link.key, link.url) for link in found.links] == [(KEY, HOME + PATH)]


def test_a_survey_reads_an_article_at_an_address_with_a_session() -> None:
    html = TEMPLATES["view_article_detail"].replace("{text}", TEXT).encode()
    page = open_page(Capture(f"{HOME}{PATH};jsessionid=0F3A.node1", "2022-12-12T00:00:00Z", 200, (("Content-Type", "text/html"),), html))
    article = reading_of(QuangTriSpider, page).article
    assert article is not None
    assert (article.key, article.url) == (KEY, f"{HOME}{PATH}")
