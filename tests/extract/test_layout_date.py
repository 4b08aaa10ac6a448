"""Which of several dates on a page is the article's: by real layouts, on a page fetched on Monday, 23 November 2026."""

from __future__ import annotations

import pytest

from scraper.cms.aspnet_portal import AspNetPortalSpider
from scraper.cms.family import Family
from scraper.cms.liferay_view_article import LiferayViewArticleSpider
from scraper.cms.nukeviet import NukeVietSpider
from scraper.cms.sharepoint_2010 import SharePoint2010Spider
from scraper.cms.wordpress import WordPressSpider
from scraper.extract.article import matching_layout, read_article
from scraper.extract.layout import Layout
from scraper.extract.page import open_page
from scraper.items import Capture

MENU = '<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/tin">Tin tức</a></li></ul>'
TEXT = "<p>Sáng nay, Hội Khuyến học huyện trao quà cho học sinh.</p><p>Các em rất vui.</p>"
CLOCK = "Thứ hai, 23/11/2026"
OTHER = '<li><a href="/tin-khac-2.html">Hội nghị tổng kết công tác khuyến học năm qua</a> <span class="{name}">20/05/2024</span></li>'
OWN = "2023-03-15T10:12:00+07:00"


def layout(family: type[Family], name: str) -> Layout:
    return next(one for one in family.LAYOUTS if one.name == name)


# Each layout, with a page: what stands before the title, between it and the text, in the text, and after it.
SHAPES = {
    "aspnet": (
        layout(AspNetPortalSpider, "aspnet_article"),
        '{before}<div class="article"><h1>Trao quà</h1>{between}<div class="article-content">{text}</div></div>{after}',
    ),
    "nukeviet": (
        layout(NukeVietSpider, "nukeviet_theme"),
        '{before}<div class="detail"><h1>Trao quà</h1>{between}<div id="news-bodyhtml">{text}</div></div>{after}',
    ),
    "view_article": (
        layout(LiferayViewArticleSpider, "view_article_journal"),
        '{before}<div class="portlet-body"><h1 class="title">Trao quà</h1>{between}<div class="journal-content-article">{text}</div>'
        "</div>{after}",
    ),
    "sharepoint": (
        layout(SharePoint2010Spider, "sharepoint_ministry"),
        '{before}<div><div id="news-title">Trao quà</div>{between}<div id="news-detail">{text}</div></div>{after}',
    ),
    "wordpress": (
        layout(WordPressSpider, "wordpress_classic"),
        '{before}<article><h1 class="entry-title">Trao quà</h1>{between}<div class="entry-content">{text}</div></article>{after}',
    ),
}


def read(shape: str, before: str = "", between: str = "", inside: str = "", after: str = "") -> tuple[str | None, list[str]]:
    """The date that a page is read with, and the problems."""
    of, html = SHAPES[shape]
    body = html.format(before=before, between=between, text=TEXT + inside, after=after)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    page = open_page(Capture("http://a.gov.vn/tin/bai-1", "2026-11-23T00:00:00Z", 200, headers, f"<body>{body}</body>".encode()))
    assert matching_layout(page, (of,)) is of
    article, problems = read_article(page, of, "1", page.url)
    assert ("published_at" in article.evidence) == (article.published_at is not None)
    return article.published_at, [problem.kind for problem in problems]


PAGE_WIDE = ("aspnet", "nukeviet", "view_article", "sharepoint")


@pytest.mark.parametrize("shape", PAGE_WIDE)
@pytest.mark.parametrize("clock", [CLOCK, "Chủ nhật, 22/11/2026", "24/11/2026 07:05"])
@pytest.mark.parametrize("head", ['<span class="date">{}</span>', '<div class="header"><div class="date">{}</div>' + MENU + "</div>"])
def test_the_page_s_clock_is_no_publication(shape: str, clock: str, head: str) -> None:
    assert read(shape, head.format(clock), '<div class="date">15/03/2023 10:12</div>') == (OWN, [])
    assert read(shape, head.format(clock), '<div class="khac">15/03/2023 10:12</div>')[0] is None


@pytest.mark.parametrize("shape", PAGE_WIDE)
def test_other_news_gives_no_date(shape: str) -> None:
    others = f'<ul class="related">{OTHER.format(name="time")}</ul>'
    assert read(shape, after=others)[0] is None
    assert read(shape, inside=others)[0] is None
    assert read(shape, before=others)[0] is None
    assert read(shape, after='<h3>Tin khác</h3><a href="/2.html">Tin ngắn</a> <span class="time">20/05/2024</span>')[0] is None
    assert read(shape, others, '<div class="time">15/03/2023 10:12</div>', others, others) == (OWN, [])


@pytest.mark.parametrize("shape", PAGE_WIDE)
@pytest.mark.parametrize(
    "between",
    [
        '<div class="date">23/11/2026 10:12</div>',
        '<ul><li><span class="date">23/11/2026 10:12</span></li><li><a href="/gd">Giáo dục</a></li></ul>',
        '<a href="/tin/bai-1"><span class="date">Thứ hai, ngày 23 tháng 11 năm 2026, 10:12</span></a>',
        '<p class="date">23/11/2026 10:12</p><p class="date">Cập nhật: 24/11/2026</p>',
        '<p class="date">23/11/2026 10:12</p><p class="date">23/11/2026</p>',
    ],
)
def test_an_article_of_today(shape: str, between: str) -> None:
    clock = f'<div class="header"><span class="date">{CLOCK}</span>{MENU}</div>'
    assert read(shape, clock, between) == ("2026-11-23T10:12:00+07:00", [])


@pytest.mark.parametrize(
    ("html", "published"),
    [
        ('<div><div class="date">23/11/2026 10:12</div><h1>Trao quà</h1></div><div class="article-content">{text}</div>', True),
        ('<div><div><p class="date">23/11/2026 10:12</p></div><h1>Trao quà</h1><div class="article-content">{text}</div></div>', True),
        (
            '<div><p class="date">Ngày đăng: 23/11/2026 10:12</p>{menu}<h1>Trao quà</h1></div><div class="article-content">{text}</div>',
            True,
        ),
        (
            '<p>Đăng lúc: <span class="date">23/11/2026 10:12</span></p>{menu}<h1>Trao quà</h1><div class="article-content">{text}</div>',
            True,
        ),
        (
            '<div id="page"><p class="date">23/11/2026 10:12</p>{menu}<h1>Trao quà</h1><div class="article-content">{text}</div></div>',
            False,
        ),
        (
            '<div><div class="top-bar"><p class="date">23/11/2026</p></div><h1>Quà</h1><div class="article-content">{text}</div></div>',
            False,
        ),
    ],
)
def test_today_above_the_title(html: str, published: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHAPES, "above", (SHAPES["aspnet"][0], html.replace("{menu}", MENU)))
    assert read("above")[0] == ("2026-11-23T10:12:00+07:00" if published else None)


def test_a_template_s_own_name_is_no_clock() -> None:
    table = '<table><tr><td class="FolderTitle">Giáo dục</td><td class="Time">(23.11.2026 10:12)</td></tr></table><a href="/">Trang chủ</a>'
    of = layout(SharePoint2010Spider, "sharepoint_lacviet")
    html = f'{table}<table id="tableforprint"><tr><td><p class="Title">Trao quà</p><div id="bodytext">{TEXT}</div></td></tr></table>'
    page = open_page(Capture("http://a.gov.vn/1", "2026-11-23T00:00:00Z", 200, (), html.encode()))
    assert read_article(page, of, "1", page.url)[0].published_at == "2026-11-23T10:12:00+07:00"


@pytest.mark.parametrize("shape", ["nukeviet", "view_article"])
def test_two_days_are_a_mismatch_and_none(shape: str) -> None:
    two = '<div class="date">15/03/2023</div><div class="date">17/03/2023</div>'
    assert read(shape, between=two) == (None, ["selector_mismatch"])
    assert read(shape, between=f'{two}<div class="time">15/03/2023 10:12</div>') == (OWN, ["selector_mismatch"])


def test_wordpress_of_other_posts() -> None:
    own = '<span class="posted-on"><a href="/tin/bai-1"><time class="entry-date published">15/03/2023 10:12</time></a></span>'
    other = '<div><h3><a href="/2">Hội nghị tổng kết công tác khuyến học</a></h3><time class="entry-date published">{}</time></div>'
    assert read("wordpress", other.format("20/05/2024"), own, after=other.format("21/05/2024")) == (OWN, [])
    assert read("wordpress", after=other.format("21/05/2024")) == (None, ["date_missing"])


def test_many_dates_cost_little() -> None:
    many = '<div class="date">Lượt xem</div>' * 20_000
    assert read("nukeviet", many, after=many)[0] is None
