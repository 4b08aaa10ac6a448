"""A layout over a page: every field with the place it was read from, every doubt a problem, nothing invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scraper.extract.article import matching_layout, read_article
from scraper.extract.layout import Layout
from scraper.extract.page import Page, open_page
from scraper.items import Article, Capture

LAYOUT = Layout(
    name="thu",
    fingerprint=(".tieu-de", ".noi-dung"),
    title=("h1.tieu-de", ".tieu-de"),
    date=(".ngay",),
    lead=(".sapo",),
    section=(".muc",),
    body=(".noi-dung",),
    pictures=(".anh-dau img",),
    documents=(".tep a",),
    drop=(".tai-khoan",),
)
OTHER = replace(LAYOUT, name="khac", fingerprint=(".bai-viet",), title=(".bai-viet h2",), body=(".bai-viet .than",))
PAGE = """<html><head><title>Tin - Cổng</title></head><body><div class="anh-dau"><img src="/dau.jpg"></div><a class="muc">Giáo dục</a>
<h1 class="tieu-de">Trao   học bổng</h1><div class="ngay">{date}</div><p class="sapo">{lead}</p>
<div class="noi-dung">{body}</div><ul class="tep"><li><a href="/tep/kh.pdf">Kế hoạch</a></li></ul></body></html>"""
BODY = "<p>Sáng nay, Hội trao quà.</p><p>Các em rất vui.</p>"


def page(date: str = "11/12/2022 07:47", lead: str = "", body: str = BODY, template: str = PAGE) -> Page:
    html = template.replace("{date}", date).replace("{lead}", lead).replace("{body}", body)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return open_page(Capture("http://a.gov.vn/tin/bai-1", "2022-12-20T00:00:00Z", 200, headers, html.encode()))


def read(of: Page, layout: Layout = LAYOUT) -> tuple[Article, list[str]]:
    article, problems = read_article(of, layout, "1", "http://a.gov.vn/tin/bai-1")
    return article, [problem.kind for problem in problems]


def test_every_field_says_where_it_was_read() -> None:
    article, problems = read(page(lead="Tóm tắt.", body=f'{BODY}<p align="right">Hồng Hà</p><p class="tai-khoan">admin</p>'))
    assert problems == []
    assert (article.key, article.url, article.layout) == ("1", "http://a.gov.vn/tin/bai-1", "thu")
    assert (article.title, article.lead, article.section) == ("Trao học bổng", "Tóm tắt.", "Giáo dục")
    assert article.body == "Sáng nay, Hội trao quà.\n\nCác em rất vui."
    assert (article.byline, article.source_line) == ("Hồng Hà", None)
    assert (article.published_at, article.published_precision) == ("2022-12-11T07:47:00+07:00", "minute")
    assert article.published_raw == "11/12/2022 07:47"
    assert [(one.kind, one.url, one.caption) for one in article.attachments] == [
        ("image", "http://a.gov.vn/dau.jpg", None),
        ("document", "http://a.gov.vn/tep/kh.pdf", "Kế hoạch"),
    ]
    assert dict(article.evidence) == {
        "title": "h1.tieu-de",
        "published_at": ".ngay",
        "lead": ".sapo",
        "section": ".muc",
        "body": ".noi-dung",
        "byline": "right-aligned last line",
    }
    assert article.text == f"{article.lead}\n\n{article.body}"


def test_a_file_linked_in_the_text_and_beside_it_is_one() -> None:
    body = BODY + '<p>Xem <a href="/tep/kế hoạch.pdf">kế hoạch</a>.</p><p><img data-src="/đầu 1.jpg"></p>'
    template = PAGE.replace("/tep/kh.pdf", "/tep/kế hoạch.pdf ").replace("/dau.jpg", "/đầu 1.jpg")
    article, problems = read(page(body=body, template=template))
    assert problems == []
    assert [(one.kind, one.url) for one in article.attachments] == [
        ("image", "http://a.gov.vn/%C4%91%E1%BA%A7u%201.jpg"),
        ("document", "http://a.gov.vn/tep/k%E1%BA%BF%20ho%E1%BA%A1ch.pdf"),
    ]


# Layouts


def test_the_layout_is_chosen_by_the_page() -> None:
    assert matching_layout(page(), (OTHER, LAYOUT)) is LAYOUT
    assert matching_layout(page(template="<div class='bai-viet'></div>"), (LAYOUT, OTHER)) is OTHER
    assert matching_layout(page(template="<h1 class='tieu-de'>x</h1>"), (LAYOUT, OTHER)) is None, "half a fingerprint is none"
    assert matching_layout(page(), ()) is None


# Dates


@pytest.mark.parametrize(
    ("printed", "at", "kind"),
    [
        ("7:47, Chủ Nhật, 11-12-2022", "2022-12-11T07:47:00+07:00", None),
        ("11/12/2022 12:00 AM", "2022-12-11", None),
        ("Lượt xem: 12", None, "date_unread"),
        ("30/02/2022", None, "date_unread"),
        ("07/12/2026", None, "date_unread"),
        ("11/12/2022 - 15/12/2022", None, "date_unread"),
        ("", None, "date_missing"),
        ("&nbsp;", None, "date_missing"),
    ],
)
def test_a_date_is_certain_or_none(printed: str, at: str | None, kind: str | None) -> None:
    article, problems = read(page(date=printed))
    assert article.published_at == at
    assert problems == ([kind] if kind else [])
    assert ("published_at" in article.evidence) == (at is not None)
    if at is None:
        assert (article.published_raw, article.published_precision) == (None, None)


def test_a_template_without_dates_may_have_none() -> None:
    article, problems = read(page(date=""), replace(LAYOUT, date_optional=True))
    assert (article.published_at, problems) == (None, [])


def test_the_first_date_of_the_text_is_not_the_article_s() -> None:
    assert read(page(date="", body="<p>Ngày 9/11/2022, Hội trao quà.</p>"))[0].published_at is None


def test_a_date_of_400_kilobytes_is_none() -> None:
    article, problems = read(page(date="11/12/2022 " * 40_000))
    assert (article.published_at, problems) == (None, ["date_unread"])


# Doubts


def test_two_titles_are_a_mismatch() -> None:
    article, problems = read(page(template=PAGE.replace('<div class="ngay">', '<h1 class="tieu-de">Khác</h1><div class="ngay">')))
    assert (article.title, problems) == ("Trao học bổng", ["selector_mismatch"])


def test_the_same_title_twice_is_none() -> None:
    twice = PAGE.replace('<div class="ngay">', '<h1 class="tieu-de">Trao học bổng</h1><div class="ngay">')
    assert read(page(template=twice))[1] == []


def test_a_second_selector_is_tried_and_told() -> None:
    article, problems = read(
        page(template=PAGE.replace('<h1 class="tieu-de">Trao   học bổng</h1>', '<b class="tieu-de">Trao học bổng</b>'))
    )
    assert (article.title, article.evidence["title"], problems) == ("Trao học bổng", ".tieu-de", [])


def test_no_title_is_empty_and_told() -> None:
    article, problems = read(page(template=PAGE.replace("Trao   học bổng", "&nbsp;")))
    assert (article.title, problems) == ("", ["selector_mismatch"])


def test_no_body_is_told() -> None:
    article, problems = read(page(body="<p>&nbsp;</p><script>x</script>"))
    assert (article.body, problems) == ("", ["body_empty"])


def test_two_filled_bodies_are_a_mismatch() -> None:
    article, problems = read(page(template=PAGE.replace("</body>", '<div class="noi-dung"><p>Chân trang.</p></div></body>')))
    assert (article.body.startswith("Sáng nay"), problems) == (True, ["selector_mismatch"])


def test_an_empty_second_body_is_no_matter() -> None:
    assert read(page(template=PAGE.replace('<div class="noi-dung">', '<div class="noi-dung"> </div><div class="noi-dung">')))[1] == []


def test_another_encoding_is_told() -> None:
    tcvn3 = "Héi KhuyÕn häc huyÖn Th¹ch An trao th­ëng cho häc sinh giái; mçi suÊt quµ trÞ gi¸ n¨m tr¨m ngh×n ®ång"
    assert "encoding_suspect" in read(page(body=f"<p>{tcvn3}</p>"))[1]


# Lead and text


def test_a_lead_that_is_repeated_stands_once() -> None:
    article, _ = read(page(lead="Sáng nay, Hội trao quà."))
    assert (article.lead, article.body) == ("Sáng nay, Hội trao quà.", "Các em rất vui.")


def test_a_lead_names_the_source() -> None:
    article, _ = read(page(lead="(Web Quảng Trị) Sáng nay, Hội trao quà."))
    assert (article.lead, article.source_line) == ("(Web Quảng Trị) Sáng nay, Hội trao quà.", "Web Quảng Trị")


# What the digest says


def test_the_digest_is_of_what_is_said() -> None:
    base, _ = read(page())
    same, _ = read(page(template=PAGE.replace("<body>", "<body><div>Lượt xem: 99</div>").replace("/dau.jpg", "/khac.jpg")))
    assert same.content_digest == base.content_digest
    others = [
        read(page(body=BODY.replace("vui", "mừng")))[0],
        read(page(date="12/12/2022 07:47"))[0],
        read(page(lead="Tóm tắt."))[0],
        read(page(template=PAGE.replace("Trao  ", "Tặng")))[0],
        read(page(body=f'{BODY}<p align="right">Hồng Hà</p>'))[0],
    ]
    digests = {article.content_digest for article in (base, *others)}
    assert len(digests) == len(others) + 1


@pytest.mark.parametrize("form", ["Hội Khuyê\u0301n ho\u0323c", "Hội\u00a0Khuy\u200bế\u00adn  học"])
def test_the_digest_knows_no_spelling_of_bytes(form: str) -> None:
    assert read(page(body=f"<p>{form}</p>"))[0].content_digest == read(page(body="<p>Hội Khuyến học</p>"))[0].content_digest


def test_fields_do_not_run_into_each_other() -> None:
    base = Article("1", "u", "a", "b", "c")
    assert base.content_digest != replace(base, title="ab", lead=None).content_digest
    assert base.content_digest != replace(base, lead=None, body="b\n\nc").content_digest
