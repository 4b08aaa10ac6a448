"""What the generic family makes of an address: an article's key, a twin's rank, the next page of a listing."""

from __future__ import annotations

import re

import pytest

from scraper.cms.generic import GenericSpider
from scraper.extract.page import Page, open_page
from scraper.items import Capture

HOST = "http://trieuphong.example.gov.vn"
LONG_SLUG = "dai-hoi-chau-ngoan-bac-ho"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/vi/tin/-/view_content/1005429-ket-qua-thanh-tra.html", "1005429"),
        ("/en/tin/-/view_content/pop_up/1005429-ket-qua-thanh-tra.html?_101_viewMode=print", "1005429"),
        ("/chi-tiet-tin/-/view-article/1/13729062791727/1574304721680", "1574304721680"),
        ("/chi-tiet-tin/-/asset_publisher/AbC/content/id/123456", "123456"),
        ("/-/details/20182/khai-giang-nam-hoc-57071438", "57071438"),
        ("/?gd=1&cn=129&tc=22380", "22380"),
        ("/tin-noi-bat/trao-hoc-bong-950942?pageindex=0", "950942"),
        ("/a/b/202503/trao-hoc-bong-1037063/", "1037063"),
        ("/trao-hoc-bong-179221212174029264.htm", "179221212174029264"),
    ],
)
def test_trailing_number_is_the_key(path: str, key: str) -> None:
    assert GenericSpider.article_key(HOST + path) == key


@pytest.mark.parametrize(
    "path",
    [
        f"/chuyen-mon/{LONG_SLUG}.html",
        "/xay-dung-xa-hoi-hoc-tap-1234",
        "/HOME/news/SitePages/Hoi-nghi-so-ket-6-thang.aspx",
        "/web/guest/p/-/asset_publisher/inst/content/khai-mac-le-hoi-ca-phe",
        "/Pages/chi-tiet.aspx?ItemID=123",
        "/index.php?language=vi&nv=news&op=Tin-tuc/Hoi-nghi-12",
        "/hoi-nghi-ngay-20112020.html",
    ],
)
def test_other_articles_have_a_hash(path: str) -> None:
    key = GenericSpider.article_key(HOST + path)
    assert key is not None
    assert re.fullmatch("[0-9a-f]{16}", key)


@pytest.mark.parametrize(
    "twin",
    [
        f"https://www.trieuphong.example.gov.vn/chuyen-mon/{LONG_SLUG}.html",
        f"{HOST}/chuyen-mon/{LONG_SLUG}.html?isFeatured=1",
        f"{HOST}/chuyen-mon/{LONG_SLUG}.html?utm_source=zalo&print=1",
        f"{HOST}/chuyen-mon/{LONG_SLUG}.html;jsessionid=0A1B#top",
    ],
)
def test_twins_share_a_key(twin: str) -> None:
    assert GenericSpider.article_key(twin) == GenericSpider.article_key(f"{HOST}/chuyen-mon/{LONG_SLUG}.html")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/tin-tuc-su-kien",
        "/lich-su-van-hoa",
        "/ket-qua-xu-ly-don-thu/page/2/",
        "/khuyen-hoc?page=2",
        "/cong-nghe?p_p_id=101&_101_cur=17",
        f"/chuyen-mon/{LONG_SLUG}.html?page=login&href=x",
        "/news/print/tin-tuc/trao-hoc-bong-cho-em-1234.html",
        "/news/sendmail/tin-tuc/trao-hoc-bong-cho-em-1234.html",
        "/tag/trao-hoc-bong-cho-hoc-sinh-ngheo/",
        "/chuyen-muc/khuyen-hoc/20",
        "/2022/11/",
        "/news/rss/khuyen-hoc/",
        "/uploads/ke-hoach-to-chuc-dai-hoi-12345.pdf",
        "/documents/1/2/ke-hoach.pdf/0a1b2c3d?t=1",
    ],
)
def test_no_articles(path: str) -> None:
    assert GenericSpider.article_key(HOST + path) is None


def test_print_twin_ranks_behind() -> None:
    address = f"{HOST}/vi/tin/-/view_content/1005429-ket-qua.html"
    assert GenericSpider.rank(address) == 0
    assert GenericSpider.rank(address.replace("/vi/", "/en/")) == 1
    assert GenericSpider.rank(address.replace("view_content/", "view_content/pop_up/") + "?_101_viewMode=print") == 2


def _page(body: str, url: str = f"{HOST}/khuyen-hoc") -> Page:
    html = f"<html><body>{body}</body></html>".encode()
    return open_page(Capture(url, "2026-11-22T00:00:00Z", 200, (("Content-Type", "text/html; charset=utf-8"),), html))


@pytest.mark.parametrize(
    ("body", "url", "expected"),
    [
        ('<a href="/khuyen-hoc/page/3/">3</a><a rel="next" href="/khuyen-hoc/page/2/">Sau</a>', "/khuyen-hoc", "/khuyen-hoc/page/2/"),
        ('<a href="?page=1">1</a><a href="?page=2">2</a><a href="?page=40">»</a>', "/khuyen-hoc", "/khuyen-hoc?page=2"),
        ('<a href="?page=2">2</a><a href="?page=3">3</a>', "/khuyen-hoc?page=2", "/khuyen-hoc?page=3"),
        ('<a href="/vi/news/khuyen-hoc/page-3/">3</a>', "/vi/news/khuyen-hoc/page-2/", "/vi/news/khuyen-hoc/page-3/"),
        ('<a href="/khuyen-hoc?start=20">Trang sau »</a>', "/khuyen-hoc", "/khuyen-hoc?start=20"),
        ('<a href="/thong-bao?page=2">2</a><a href="?page=1">1</a>', "/khuyen-hoc", None),
        ('<a href="http://other.example.vn/khuyen-hoc?page=2">2</a>', "/khuyen-hoc", None),
    ],
)
def test_next_page(body: str, url: str, expected: str | None) -> None:
    assert GenericSpider.next_pages(_page(body, HOST + url)) == ((HOST + expected,) if expected else ())
