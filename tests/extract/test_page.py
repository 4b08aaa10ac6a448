"""What is a page and what is none: challenges, files, soft errors; and links made absolute."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from scraper.extract.page import SOFT_PAGES, Refused, open_page, soft_page
from scraper.items import Capture

HTML_TYPE = ("Content-Type", "text/html; charset=utf-8")


def capture(body: bytes | str, status: int = 200, *headers: tuple[str, str]) -> Capture:
    data = body.encode() if isinstance(body, str) else body
    return Capture("http://a.gov.vn/tin/bai-1", "2024-01-01T20:00:00Z", status, headers or (HTML_TYPE,), data)


CHALLENGE = (
    '<html><body><script>document.cookie="D1N=0123456789abcdef0123456789abcdef"+"; expires=Fri, 31 Dec 2099 23:59:59 GMT; path=/";'
    "window.location.reload(true);</script></body></html>"
)
REFUSED: dict[str, tuple[Capture, str]] = {
    "not found": (capture("<h1>x</h1>", 404), "http_404"),
    "no content": (capture("", 204), "http_204"),
    "half a file": (capture("x", 206), "http_206"),
    "unasked 304": (capture("", 304), "http_304"),
    "challenge": (capture(CHALLENGE), "challenge"),
    "challenge by address": (capture("<script>document.cookie='a=1';\nwindow.location.href='/?r=1'</script>"), "challenge"),
    "challenge in Vietnamese": (capture(CHALLENGE + "<p>" + "ộ" * 1800), "challenge"),
    "challenge with a long cookie": (capture(f"<script>document.cookie='a={'ộ' * 150}';location.reload()</script>"), "challenge"),
    "empty": (capture(""), "empty_page"),
    "white": (capture(" \r\n\t "), "empty_page"),
    "PDF called HTML": (capture(b"%PDF-1.7\n..."), "not_html"),
    "JPEG called HTML": (capture(b"\xff\xd8\xff\xe0\x00\x10JFIF"), "not_html"),
    "PNG called HTML": (capture(b"\x89PNG\r\n\x1a\n"), "not_html"),
    "Word called HTML": (capture(b"PK\x03\x04..."), "not_html"),
    "JSON": (capture("{}", 200, ("Content-Type", "application/json")), "not_html"),
    "picture": (capture("x", 200, ("Content-Type", "image/png")), "not_html"),
    "cut gzip": (capture(gzip.compress(b"<p>x</p>" * 99)[:-9], 200, HTML_TYPE, ("Content-Encoding", "gzip")), "damaged"),
    "brotli": (capture(b"x", 200, HTML_TYPE, ("Content-Encoding", "br")), "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_page(name: str) -> None:
    answer, kind = REFUSED[name]
    with pytest.raises(Refused) as refused:
        open_page(answer)
    assert refused.value.problem.kind == kind
    assert refused.value.problem.detail


@pytest.mark.parametrize("declared", [None, "text/html", "TEXT/HTML;charset=utf-8", "application/xhtml+xml", "text/plain"])
def test_what_is_a_page(declared: str | None) -> None:
    headers = (("Content-Type", declared),) if declared else (("Server", "x"),)
    page = open_page(capture("<p>Chào</p>", 200, *headers))
    assert page.root.css("p::text").get() == "Chào"
    assert page.fetched_on == date(2024, 1, 1)
    assert page.problems == ()


def test_a_long_page_that_sets_a_cookie_and_reloads_somewhere_is_a_page() -> None:
    script = "<script>document.cookie='font=2';function f(){location.reload()}</script>"
    assert open_page(capture(script + "<p>Tin dài</p>" * 500)).root.css("p")


def test_controls_do_not_cut_the_text() -> None:
    page = open_page(capture(b"<p>tr\x00\xc6\xb0\xe1\xbb\x9bc\x1b[31m\x0csau</p>"))
    assert page.root.css("p::text").get() == "trước[31m sau"


def test_broken_letters_are_told() -> None:
    body = "<p>Hội Khuyến học xã trao quà.</p>".encode() * 3
    (problem,) = open_page(capture(body.replace(b"trao", b"tr\xffao"))).problems
    assert problem.kind == "broken_encoding"


def test_broken_letters_are_counted_among_letters() -> None:
    for letters, kinds in ((3000, ["broken_encoding"]), (9000, [])):
        page = open_page(capture("<p>" + "ộ" * letters + "\ufffd" * 5))
        assert [problem.kind for problem in page.problems] == kinds


@pytest.mark.parametrize("body", ["<", "<!-- -->", "<!DOCTYPE html>", "&#0;", "<html", "]]>", "<p" + " a" * 50])
def test_scraps_have_a_root(body: str) -> None:
    assert open_page(capture(body)).root.xpath("/*")


# Links


@pytest.mark.parametrize(
    ("href", "wanted"),
    [
        ("/a", "http://a.gov.vn/a"),
        ("a", "http://a.gov.vn/tin/a"),
        ("../a?x=1#y", "http://a.gov.vn/a?x=1#y"),
        ("//b.vn/a", "http://b.vn/a"),
        ("https://b.vn/a", "https://b.vn/a"),
        (" /a \n", "http://a.gov.vn/a"),
        ("?page=2", "http://a.gov.vn/tin/bai-1?page=2"),
        ("", None),
        ("#top", None),
        ("javascript:void(0)", None),
        ("JavaScript:x()", None),
        ("mailto:a@b.vn", None),
        ("tel:0206", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("ftp://a.vn/x", None),
        ("http://[::1", None),
    ],
)
def test_links(href: str, wanted: str | None) -> None:
    assert open_page(capture("<p>x</p>")).absolute(href) == wanted


@pytest.mark.parametrize(
    ("base", "wanted"),
    [("/goc/", "http://a.gov.vn/goc/a"), ("http://b.vn/", "http://b.vn/a"), ("", "http://a.gov.vn/tin/a"), ("http://[", None)],
)
def test_base(base: str, wanted: str | None) -> None:
    assert open_page(capture(f'<head><base href="{base}"></head><p>x</p>')).absolute("a") == wanted


def test_a_scheme_in_capitals() -> None:
    page = open_page(Capture("https://a.gov.vn/", "2024-01-01T00:00:00Z", 200, (HTML_TYPE,), b"<p>x</p>"))
    assert page.absolute("HTTP://b.vn/a") is not None


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/tep/ke-hoach.pdf;jsessionid=0F3A9C.node1?t=1#a", "https://a.gov.vn/tep/ke-hoach.pdf?t=1#a"),
        ("/(S(abc123))/tep/ke-hoach.pdf", "https://a.gov.vn/tep/ke-hoach.pdf"),
        ("/tep?ve=/x;jsessionid=1", "https://a.gov.vn/tep?ve=/x;jsessionid=1"),
        ("/tep;v=2/a%20b.pdf", "https://a.gov.vn/tep;v=2/a%20b.pdf"),
    ],
)
def test_a_session_is_no_part_of_a_link(href: str, url: str) -> None:
    page = open_page(Capture("https://a.gov.vn/bai", "2024-01-01T00:00:00Z", 200, (HTML_TYPE,), b"<p>x</p>"))
    assert page.absolute(href) == url


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (" /tệp đính kèm.pdf\n", "https://a.gov.vn/t%E1%BB%87p%20%C4%91%C3%ADnh%20k%C3%A8m.pdf"),
        ("/a%20b.pdf?x=1&y=[2]", "https://a.gov.vn/a%20b.pdf?x=1&y=[2]"),
        ("anh 1.jpg?t=tết", "https://a.gov.vn/anh%201.jpg?t=t%E1%BA%BFt"),
        ("http://khuyếnhọc.vn/ảnh.jpg", "http://khuyếnhọc.vn/%E1%BA%A3nh.jpg"),
        ("http://b.vn", "http://b.vn"),
        ("http://b.vn?f=tết.pdf", "http://b.vn?f=t%E1%BA%BFt.pdf"),
        ("#đầu", None),
        ("mailto:a@b.vn", None),
    ],
)
def test_the_address_of_a_file_is_as_a_browser_sends_it(href: str, url: str | None) -> None:
    page = open_page(Capture("https://a.gov.vn/bai", "2024-01-01T00:00:00Z", 200, (HTML_TYPE,), b"<p>x</p>"))
    assert page.file(href) == url


# Soft pages


@pytest.mark.parametrize(("kind", "phrase"), [(kind, phrase) for kind, phrases in SOFT_PAGES.items() for phrase in phrases])
@pytest.mark.parametrize("tag", ["title", "h1", "h2"])
def test_soft_pages_by_their_heading(kind: str, phrase: str, tag: str) -> None:
    problem = soft_page(open_page(capture(f"<html><{tag}> {phrase.upper()}! </{tag}><p>x</p></html>")))
    assert problem is not None
    assert problem.kind == kind


@pytest.mark.parametrize(
    "heading",
    [
        "Không tìm thấy trang bạn yêu cầu",
        "Hệ thống đang bảo trì, vui lòng quay lại sau",
        "Trang không tồn tại hoặc đã bị xóa",
        "Đăng nhập hệ thống quản trị",
        "404 Not Found | nginx",
        "Đã xảy ra lỗi trong quá trình xử lý yêu cầu",
        "Server Error in '/' Application.",
        "503 Service Unavailable",
        "HTTP Error 500",
    ],
)
def test_soft_pages_that_say_more(heading: str) -> None:
    assert soft_page(open_page(capture(f"<h1>{heading}</h1>"))) is not None


@pytest.mark.parametrize("heading", ["404 - Không tìm thấy trang", "500 - Lỗi hệ thống", "Đăng nhập - Cổng thông tin điện tử"])
def test_soft_pages_with_something_before_or_behind(heading: str) -> None:
    assert soft_page(open_page(capture(f"<title>{heading}</title><p>x</p>"))) is not None


@pytest.mark.parametrize(
    "heading", ["Lỗi 404 - Cổng TTĐT", "Thông báo lỗi 404", "Error 404!", "Cổng TTĐT | 404 error", "Thông báo: Trang không tồn tại"]
)
def test_soft_pages_with_other_words_around(heading: str) -> None:
    assert soft_page(open_page(capture(f"<title>{heading}</title><p>x</p>"))) is not None


@pytest.mark.parametrize(
    "heading",
    [
        "Hội Khuyến học đăng nhập phong trào mới",
        "Đăng nhập cổng dịch vụ công thế nào",
        "Bảo trì đường huyện",
        "Trao học bổng cho 404 học sinh",
        "Tìm thấy trang sử quê",
        "Lỗi 404 học sinh hay gặp",
        "Lỗi hệ thống thoát nước đã được khắc phục",
        "Trao 500 suất quà",
        "Kế hoạch 500",
        "Thông báo: Hệ thống đang nâng cấp từ ngày 1/12",
        "Thông báo",
        "Thông báo không tìm thấy trang thiết bị thất lạc",
        "Kế hoạch - 404",
    ],
)
def test_news_that_only_sounds_so(heading: str) -> None:
    assert soft_page(open_page(capture(f"<title>{heading}</title><h1>{heading}</h1>"))) is None
