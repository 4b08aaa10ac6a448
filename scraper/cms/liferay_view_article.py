"""Liferay with a custom news portlet: ``/chi-tiet-tin/-/view-article/1/<category>/<article>`` (Quảng Trị, Quảng Bình, communes).

Recognise it by that address. The last number is the article, 13 digits, epoch milliseconds of its making (checked once
against a printed date, 2026-03); the number before it is the category. ``/vi/``, the category and the page name vary for
one article.

Declare: ``home``, ``sections``.

Quirks:

* no page of it has been seen by us: the addresses are cited in public texts (2019–2026), the markup is not. Selectors are
  therefore tried in order, and where none fits, the generic reading is the last resort (2026-11);
* the date stands above the text as ``7:47, Chủ Nhật, 11-12-2022``, without a leading zero;
* the first sentence may begin “(Web Quảng Trị)”: the source, kept in the text and read into ``source_line``;
* the author's name is the last line; “Các tin khác” follows the article.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import urlsplit

from scraper.cms.liferay import pages_above
from scraper.extract.dates import VIETNAM
from scraper.extract.layout import Layout
from scraper.extract.page import Page
from scraper.portal import PortalSpider

_ARTICLE = re.compile(r"/-/view-article/\d+/\d+/(\d{10,})(?:/|$)")
_DROP = (".share-detail", ".tags-detail", ".other-news", ".related", ".view-detail", ".print-detail")


class LiferayViewArticleSpider(PortalSpider):
    """A portal on Liferay whose articles are at ``view-article`` addresses."""

    cms = "liferay_view_article"
    FINGERPRINT: ClassVar[tuple[str, ...]] = ('a[href*="/-/view-article/"]',)
    LAYOUTS: ClassVar[tuple[Layout, ...]] = (
        Layout(
            name="view_article_detail",
            fingerprint=(".title-detail", ".content-detail"),
            title=(".title-detail",),
            date=(".date-detail", ".info-detail"),
            lead=(".sapo-detail",),
            body=(".content-detail",),
            section=(".breadcrumb a:last-child",),
            documents=(".file-detail a",),
            drop=_DROP,
        ),
        Layout(
            name="view_article_journal",
            fingerprint=(".title-news, h1.title, h2.title, .news-title", ".portlet-body .journal-content-article"),
            title=("h1.title", "h2.title", ".news-title", ".title-news"),
            date=(".date-news", ".news-date", ".date", ".time", ".publish-date", ".metadata-publish-date"),
            lead=(".sapo", ".summary", ".lead"),
            body=(".portlet-body .journal-content-article",),
            drop=_DROP,
        ),
    )
    LISTING_LINKS: ClassVar[tuple[str, ...]] = (
        ".list-news .item-news a",
        ".portlet-body h3 a, .portlet-body h4 a, .portlet-body .title a",
        "a",
    )
    LISTING_TITLE: ClassVar[tuple[str, ...]] = (".title-category",)
    LISTING_DATE: ClassVar[str] = ".date-news, .date, time"

    @classmethod
    def article_key(cls, url: str) -> str | None:
        match = _ARTICLE.search(urlsplit(url).path)
        return match[1] if match else None

    @classmethod
    def address_day(cls, url: str) -> date | None:
        match = _ARTICLE.search(urlsplit(url).path)
        if match is None or len(match[1]) != 13:
            return None
        made = datetime.fromtimestamp(int(match[1]) / 1000, VIETNAM).date()
        return made if made.year >= 2005 else None

    @classmethod
    def rank(cls, url: str) -> int:
        parts = urlsplit(url)
        if re.search(r"(?:^|[&_])print=|p_p_state=pop_up", parts.query):
            return 2
        return 1 if parts.query or parts.path.startswith("/vi/") else 0

    @classmethod
    def next_pages(cls, page: Page) -> tuple[str, ...]:
        return pages_above(page, "a")
