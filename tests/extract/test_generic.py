"""The generic reading: pages in the shapes of real portals, with exact expectations, and real pages when ``--corpus`` names them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scraper.extract.generic import read_generic
from scraper.extract.page import Page, Refused, open_page
from scraper.extract.text import squash
from scraper.items import Article, Capture
from tests.extract import generic_pages as pages

HOST = "http://trieuphong.example.gov.vn"
SLUGGED = f"{HOST}/khuyen-hoc/{pages.SLUG}-4075.html"
PLAIN = f"{HOST}/{pages.SLUG}/"
SHORT_DATE = "2022-04-06T10:33:00+07:00"
NO_SLUG = f"{HOST}/?gd=1&cn=129&tc=22380"


def page_of(html: str | bytes, url: str = SLUGGED) -> Page:
    """The page that a portal would have sent on 22 November 2026."""
    body = html.encode() if isinstance(html, str) else html
    return open_page(Capture(url, "2026-11-22T00:00:00Z", 200, (("Content-Type", "text/html; charset=utf-8"),), body))


def read(html: str, url: str = SLUGGED) -> Article:
    """The article that a page is read as."""
    return read_generic(page_of(html, url), "4075", url)[0]


@pytest.mark.parametrize(
    ("html", "url", "published", "lead", "body", "byline"),
    [
        pytest.param(pages.NUKEVIET, SLUGGED, "2022-12-11T07:47:00+07:00", pages.LEAD, pages.BODY, "Trần Nhung", id="nukeviet"),
        pytest.param(pages.VHV, SLUGGED, "2022-12-11T15:52:00+07:00", pages.LEAD, pages.BODY, None, id="vhv"),
        pytest.param(pages.DNN, NO_SLUG, "2022-12-11T07:47:00+07:00", pages.LEAD, pages.BODY, "Lê Văn Hải", id="dnn"),
        pytest.param(
            pages.WORDPRESS,
            PLAIN,
            "2022-12-11",
            None,
            f"{pages.LEAD}\n\n{pages.BODY}\n\nXã Triệu Ái: 50 suất học bổng\nXã Triệu Độ: 45 suất học bổng",
            None,
            id="wordpress",
        ),
        pytest.param(pages.SHAREPOINT, PLAIN, "2022-12-11T15:59:00+07:00", pages.LEAD, pages.BODY, "Tùng Nhi", id="sharepoint"),
        pytest.param(pages.DEEP_TABLES, SLUGGED, "2022-12-11T07:47:00+07:00", None, pages.BODY, None, id="deep tables"),
        pytest.param(pages.NO_DATE, SLUGGED, None, None, pages.BODY, None, id="clock and related dates only"),
        pytest.param(
            pages.TABLE_BODY,
            NO_SLUG,
            "2022-12-11",
            None,
            f"{pages.P1}\n{pages.P2}\n\nXã | Học bổng\nTriệu Ái | 50\nTriệu Độ | 45\n\n{pages.P3}",
            None,
            id="table in the text",
        ),
        pytest.param(pages.ATTACHMENT_ONLY, SLUGGED, SHORT_DATE, None, "ke-hoach-12.pdf", None, id="attachment only"),
        pytest.param(pages.PLACEHOLDER, SLUGGED, SHORT_DATE, None, "Nội dung đang được cập nhật...", None, id="placeholder"),
    ],
)
def test_reads_article(html: str, url: str, published: str | None, lead: str | None, body: str, byline: str | None) -> None:
    article = read(html, url)
    assert article.title == pages.TITLE
    assert article.published_at == published
    assert article.lead == lead
    assert article.body == body
    assert article.byline == byline


def test_says_where_each_field_was_read() -> None:
    article = read(pages.NUKEVIET)
    assert article.layout == "generic"
    assert set(article.evidence) == {"title", "published_at", "lead", "body", "byline"}
    assert article.evidence["title"].startswith("h1.title[itemprop=headline]")
    assert article.evidence["published_at"] == "span.h5"


def test_keeps_documents() -> None:
    attachments = read(pages.ATTACHMENT_ONLY).attachments
    assert [(one.url, one.kind) for one in attachments] == [(f"{HOST}/upload/ke-hoach-12.pdf", "document")]


@pytest.mark.parametrize("printed", ["Toàn cảnh hội nghị. Ảnh: T.N", "<p class='Image'>Toàn cảnh hội nghị. Ảnh: T.N</p>"])
def test_keeps_what_is_printed_under_a_picture(printed: str) -> None:
    picture = f"<figure><img src='/anh.jpg'><figcaption>{printed}</figcaption></figure>"
    article = read(pages.NUKEVIET.replace(f"<p>{pages.P2}</p>", f"<p>{pages.P2}</p>{picture}"))
    assert [(one.url, one.caption) for one in article.attachments if one.url.endswith("/anh.jpg")] == [
        (f"{HOST}/anh.jpg", "Toàn cảnh hội nghị. Ảnh: T.N")
    ]
    assert article.body == pages.BODY


OWN_DAY = "<div>15/03/2023</div>"


@pytest.mark.parametrize(
    ("above", "inside", "below", "published"),
    [
        (OWN_DAY, "", "", "2023-03-15"),
        # The time of an event, in the text and above it; a term to sign up; a book.
        (OWN_DAY, "<p>Thời gian: 08h00, ngày 10/3/2023</p>", "", "2023-03-15"),
        (OWN_DAY + "<p>Thời gian: 08h00, ngày 10/3/2023</p>", "", "", "2023-03-15"),
        ("", "<p>Thời gian: 08h00, ngày 10/3/2023</p>", "", None),
        ("<p>Thời gian: 08h00, ngày 10/3/2023</p>", "", "", None),
        ('<p class="date">Thời gian: 08h00, ngày 10/3/2023</p>', "", "", "2023-03-10T08:00:00+07:00"),
        ("<p>Thời gian đăng: 08h00, ngày 10/3/2023</p>", "", "", "2023-03-10T08:00:00+07:00"),
        ("", "<p>Ngày đăng ký: 10/3/2023</p>", "", None),
        ("", "<p>Cuốn sách xuất bản ngày 10/3/2023</p>", "", None),
        # The state of figures.
        ("", "", "<p><em>(Số liệu cập nhật đến ngày 30/11/2022)</em></p>", None),
        ("", "", "<p><em>Cập nhật đến ngày 30/11/2022</em></p>", None),
        ("", "", "<p>Cập nhật: 30/11/2022</p>", "2022-11-30"),
        ("", "", "<p>Ngày đăng: 30/11/2022</p>", "2022-11-30"),
        ("", "", "<p>Người đăng: admin | Đăng lúc: 30/11/2022 08:05</p>", "2022-11-30T08:05:00+07:00"),
        ("", "", '<p>Ngày đăng: 30/11/2022 | <a href="/in">In bài</a></p>', "2022-11-30"),
        # Other news.
        ("", "", '<h3>Tin khác</h3><ul><li><a href="/2">Trao quà</a> <span class="date">(21/05/2024)</span></li></ul>', None),
        ("", "", '<div><a href="/2">Trao quà</a> <span class="date">(21/05/2024)</span></div>', None),
        ("", "", '<ul><li><a href="/2">Trao quà</a><p class="date">21/05/2024</p></li></ul>', None),
        ("", "", '<h3>Tin khác</h3><div><a href="/2">Trao quà</a></div><p class="date">Ngày đăng: 21/05/2024</p>', None),
        (OWN_DAY, "", '<h3>Tin khác</h3><ul><li><a href="/2">Trao quà</a> <span class="date">(21/05/2024)</span></li></ul>', "2023-03-15"),
    ],
)
def test_publication_is_no_other_date(above: str, inside: str, below: str, published: str | None) -> None:
    text = f"<p>{pages.P1}</p><p>{pages.P2}</p>{inside}<p>{pages.P3}</p><p>{pages.LEAD}</p>{below}"
    html = pages.html(f"<title>{pages.TITLE}</title>", f"{pages.MENU}<div><h1>{pages.TITLE}</h1>{above}<div>{text}</div></div>")
    assert read(html).published_at == published


def test_missing_date_is_said() -> None:
    _, problems = read_generic(page_of(pages.NO_DATE), "4075", SLUGGED)
    assert [problem.kind for problem in problems] == ["date_missing"]


@pytest.mark.parametrize(
    "html", [pages.NUKEVIET, pages.VHV, pages.DNN, pages.WORDPRESS, pages.SHAREPOINT, pages.NO_DATE, pages.ATTACHMENT_ONLY]
)
def test_other_news_stays_out(html: str) -> None:
    text = read(html).text
    assert not [title for title, _ in pages.OTHER if title in text]
    assert "Bạn đọc" not in text
    assert "Giấy phép" not in text


@pytest.mark.parametrize(
    ("html", "url", "kind"),
    [
        pytest.param(pages.LISTING, f"{HOST}/khuyen-hoc", "not_article", id="listing with summaries"),
        pytest.param(pages.BARE_LISTING, f"{HOST}/tin-tuc-su-kien", "not_article", id="listing of links"),
        pytest.param(pages.HOME, f"{HOST}/", "not_article", id="home"),
        pytest.param(pages.LOGIN, SLUGGED, "login", id="login"),
        pytest.param(pages.MAINTENANCE, SLUGGED, "maintenance", id="maintenance"),
        pytest.param(pages.SOFT_404, SLUGGED, "soft_404", id="soft 404"),
        pytest.param("<html></html>", SLUGGED, "not_article", id="nothing"),
    ],
)
def test_refuses(html: str, url: str, kind: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(html, url)
    assert refusal.value.problem.kind == kind


def test_reads_twice_the_same() -> None:
    page = page_of(pages.VHV)
    assert read_generic(page, "1", SLUGGED) == read_generic(page, "1", SLUGGED)


def test_real_pages(corpus: Path | None, subtests: pytest.Subtests) -> None:
    if corpus is None:
        pytest.skip("without --corpus: real pages not tested")
    with (corpus / "pages" / "index.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    for row in rows:
        with subtests.test(row["file"]):
            _check_real(corpus / "pages" / row["file"], row)


def _check_real(path: Path, row: dict[str, str]) -> None:
    if row["title"].startswith("("):
        with pytest.raises(Refused):
            read_generic(page_of(path.read_bytes(), row["url"].split(" ")[0].strip("(")), "k", row["url"])
        return
    url = row["url"].split(" ")[0]
    article, _ = read_generic(page_of(path.read_bytes(), url), "k", url)
    start = squash(row["body_start"].replace("(sapo)", ""))
    end = start if row["body_end"] == "(same)" else squash(row["body_end"])
    assert article.title == row["title"]
    assert (article.published_at or "")[:16] == row["date"][:16]
    assert article.byline == (None if row["author"] == "(none)" else row["author"])
    assert squash(article.text).startswith(start) or squash(article.body).startswith(start)
    assert squash(article.text).endswith(end)
