"""VHV eGov, on schools and districts (thquangtrung.tpcamau.edu.vn and thcs-minhtan.edu.vn, pages of 2020–2021).

Recognise it by ``section.news-detail-default`` on articles, ``article.list-news-one`` on listings, ``/App/Corporate/``.

Declare: ``home``, ``sections`` (``/<menu>``: categories end without ``.html``).

Identity: an article is ``/<menu>/…/<slug>.html``; the slug is cut at about sixty characters and gets a digit where two would be
alike, so it is the key. ``?isFeatured=1`` and the like are twins; ``?page=login&href=…`` is a way to sign in.

Quirks, seen on its pages:

* the visible “Ngày đăng: 15/06/2020 - 15:52” is true; ``article:published_time`` is 2 to 20 minutes later, and listings carry one;
* a clock of the page comes first in the text, in Vietnamese or English: it is the time of fetching;
* ``<title>`` is cut with “...”, the h1 is whole;
* related items are ``NewsArticle`` by their markup too;
* the body may be nothing but links to files, or “Nội dung đang được cập nhật...”;
* listings turn their pages by script: such a section is capped, and says so.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.extract.layout import Layout
from scraper.extract.page import Page
from scraper.items import Problem, Reading
from scraper.portal import PortalSpider

_ARTICLE = re.compile(r"/[^/]+/(?:[^/]+/)*([^/]+)\.html$")


class VhvSpider(PortalSpider):
    """A portal on VHV eGov."""

    cms = "vhv"
    FINGERPRINT: ClassVar[tuple[str, ...]] = ("section.news-detail-default", "article.list-news-one", 'img[src*="App/Corporate/"]')
    LAYOUTS: ClassVar[tuple[Layout, ...]] = (
        Layout(
            name="vhv_article",
            fingerprint=("article.Article-News h1", "article.Article-News .content-detail"),
            title=("article.Article-News h1",),
            date=("article.Article-News .news-date",),
            lead=("article.Article-News .brief-detail",),
            body=("article.Article-News .content-detail",),
            section=(".breadcrumb .last-item a",),
            documents=("article.Article-News .file-attach a", "article.Article-News .attachments a"),
            drop=(".share-social", ".list-news-one", ".post-relation"),
        ),
    )
    LISTING_LINKS: ClassVar[tuple[str, ...]] = ("article.list-news-one a, article .title a", "h2 a, h3 a, h4 a")
    LISTING_TITLE: ClassVar[tuple[str, ...]] = (".breadcrumb .last-item a",)
    LISTING_DATE: ClassVar[str] = ".news-date, .post-date"

    @classmethod
    def article_key(cls, url: str) -> str | None:
        parts = urlsplit(url)
        match = _ARTICLE.match(parts.path)
        return None if match is None or "page" in dict(parse_qsl(parts.query)) else unquote(match[1]).lower()

    @classmethod
    def rank(cls, url: str) -> int:
        return 1 if urlsplit(url).query else 0

    @classmethod
    def read_listing(cls, page: Page) -> Reading:
        reading = super().read_listing(page)
        if reading.listing and reading.listing.links and "pageNo" in page.text:
            capped = Problem("listing_capped", "further pages open by script only")
            return Reading(listing=reading.listing, problems=(*reading.problems, capped))
        return reading
