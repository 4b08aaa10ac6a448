"""SharePoint 2010 with a news part, on district portals of Đắk Nông (Krông Nô, Cư Jút, Thanh tra: pages of 2019) and ministries.

Recognise it by ``<meta name="GENERATOR" content="Microsoft SharePoint">``, ``s4-`` and ``ms-`` classes, ``ctl00_…_g_<guid>`` ids.

Declare: ``home``, ``sections`` (pages that show a news part).

Identity: ``…?ItemID=N``, ``…?List=…&ID=N`` with the folder of the list, or the page's own name
(``/Pages/<slug>.aspx``, ``/<slug>`` where a front has rewritten it).

Quirks, seen on its pages:

* ``<title>`` is the site's name on every page and ``<h1>`` is “Home”; the title is ``p.Title`` in ``#tableforprint``;
* the date stands before the article, in ``td.Time``: “(03.07.2019 15:59)”, “11/06/2019”;
* menus of the editors (“Soạn bài viết”) are hidden in the title's cell; unclosed tables put “TIN ĐÃ ĐƯA” inside the article;
* bodies pasted from other portals bring their classes along;
* ids of parts are new on every portal: never select by ``ctl00_``;
* calendars (``div.lv-pst-xtn``) lead to every day of every year.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.cms.addresses import is_slug, page_number
from scraper.extract.layout import Layout
from scraper.extract.page import Page
from scraper.portal import PortalSpider
from scraper.urls import site_of, tidy_url

_NO_ARTICLE = re.compile(
    r"/(?:_layouts|_catalogs|_vti_bin|Style Library|Forms)/|/(?:AllItems|AllPosts|Posts|default|home|DispForm|EditForm)\.aspx$", re.I
)
_PAGE_END = re.compile(r"\.(?:aspx|html?)$", re.I)


class SharePoint2010Spider(PortalSpider):
    """A portal on SharePoint 2010."""

    cms = "sharepoint_2010"
    FINGERPRINT: ClassVar[tuple[str, ...]] = ('meta[name=GENERATOR][content*="SharePoint"]', "#tableforprint p.Title", ".ms-WPBody")
    LAYOUTS: ClassVar[tuple[Layout, ...]] = (
        Layout(
            name="sharepoint_lacviet",
            fingerprint=("#tableforprint p.Title", "#tableforprint div[class^=ExternalClass], #tableforprint #bodytext"),
            title=("#tableforprint p.Title",),
            date=("td.Time",),
            lead=("#tableforprint b.lv_description_mode1",),
            body=("#tableforprint div[class^=ExternalClass]", "#tableforprint #bodytext"),
            section=("td.FolderTitle",),
            pictures=("#tableforprint .sapo-wrapper > img",),
            drop=(".contextMenu", "#part2", ".tbtinkhac", ".OtherTitle", ".Other", ".css_readCounter", ".css_printandback", ".lv-pst-xtn"),
        ),
        Layout(
            name="sharepoint_ministry",
            fingerprint=("#news-title, #divTitle, .news-title", "#divArticleDescription, #news-detail, #divArticleContent, #contentnews"),
            title=("#news-title", "#divTitle", ".news-title"),
            date=("#news-date", ".news-date", ".date", ".time"),
            lead=("#divArticleSummary", ".news-sapo"),
            body=("#divArticleDescription2", "#divArticleDescription", "#news-detail", "#divArticleContent", "#contentnews"),
            drop=(".related", ".tinkhac"),
        ),
    )
    LISTING_LINKS: ClassVar[tuple[str, ...]] = (".TitleFront a", ".news-list a, .list-news a", "td.ms-vb a, h3 a, h4 a", "a")
    LISTING_TITLE: ClassVar[tuple[str, ...]] = (".div_header_style1 a", "td.FolderTitle")
    LISTING_DATE: ClassVar[str] = ".ShowDate"

    @classmethod
    def article_key(cls, url: str) -> str | None:
        parts = urlsplit(url)
        path = unquote(parts.path)
        query = {name.lower(): value for name, value in parse_qsl(parts.query)}
        number = query.get("itemid") or query.get("id", "")
        if _NO_ARTICLE.search(path) and not (number.isdigit() and path.lower().endswith("dispform.aspx")):
            return None
        folders = [part for part in path.lower().split("/") if part]
        if number.isdigit() and path.lower().endswith(".aspx"):
            return "-".join([*folders[:-1], number])
        if page_number(url) is not None or not folders:
            return None
        stem = _PAGE_END.sub("", folders[-1])
        return stem if is_slug(stem, ended=stem != folders[-1]) else None

    @classmethod
    def rank(cls, url: str) -> int:
        return 1 if "print" in urlsplit(url).query.lower() else 0

    @classmethod
    def next_pages(cls, page: Page) -> tuple[str, ...]:
        wanted = (page_number(page.url) or 1) + 1
        for href in page.hrefs("a"):
            url = page.absolute(href)
            if url and page_number(url) == wanted and site_of(url) == site_of(page.url):
                return (tidy_url(url),)
        return ()
