"""The portals of Cao Bằng province and its districts (caobang.gov.vn, thachan.caobang.gov.vn).

Recognise it by ``.ArticleHeader``, ``.PostDate`` and ``.ArticleContent`` inside ``.ModuleContent`` (read by two revisions of
somebody's scraper; the addresses ``/<category>/<slug>-<id>`` without extension likewise, 2024).

Declare: ``home``, ``sections`` (``/kinh-te``, ``/van-hoaxa-hoi``, ``/chuyen-muc-tin-tuc`` are cited for the province),
``citation`` (each portal's footer words it).

Quirks:

* “Lượt xem: N” stands *above* the title; titles are often in capitals and are kept so;
* the date may be absent: then the article has none (the first date in the text is an event's);
* the author is the right-aligned last line;
* listings are probably paged by script: numbered ``a.page-link`` are followed when they carry an address, else the section
  is known to be capped, and says so.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from scraper.extract.layout import Layout
from scraper.extract.page import Page, string_of
from scraper.extract.text import squash
from scraper.items import Problem, Reading
from scraper.portal import PortalSpider
from scraper.urls import tidy_url

_ARTICLE = re.compile(r"^/(?:[^/]+/)*[^/]+-(\d{3,})/?$")
# A year's page of documents (/van-ban/nam-2022) is a listing.
_YEAR = re.compile(r"/nam-(?:19|20)\d\d/?$")
_PRINT = "/in-bai/"


class CaoBangSpider(PortalSpider):
    """A portal of Cao Bằng's common platform."""

    cms = "cao_bang"
    LAYOUTS: ClassVar[tuple[Layout, ...]] = (
        Layout(
            name="cao_bang_article",
            fingerprint=(".ArticleHeader", ".ArticleContent"),
            title=(".ArticleHeader",),
            date=(".PostDate",),
            lead=(".ModuleContent > .ArticleSummary",),
            body=(".ArticleContent",),
            drop=(".ArticleView", ".ArticleTool", ".OtherNews", ".PrintSource"),
            documents=(".ArticleFile a",),
            date_optional=True,
        ),
    )
    LISTING_LINKS: ClassVar[tuple[str, ...]] = (
        ".NewsItem a",
        ".HotnewsItem a",
        ".ModuleContent h2 a, .ModuleContent h3 a",
        ".ModuleContent a",
    )
    LISTING_TITLE: ClassVar[tuple[str, ...]] = (".ModuleTitle", ".CategoryTitle")
    FINGERPRINT: ClassVar[tuple[str, ...]] = (".ModuleContent", ".ArticleHeader", ".HotnewsItem")
    LISTING_DATE: ClassVar[str] = ".NewsDate, .PostDate"

    @classmethod
    def article_key(cls, url: str) -> str | None:
        parts = urlsplit(url)
        if dict(parse_qsl(parts.query)).keys() & {"page", "Page"}:
            return None
        match = _ARTICLE.match(parts.path)
        if match is None or _YEAR.search(parts.path):
            return None
        return match[1]

    @classmethod
    def rank(cls, url: str) -> int:
        parts = urlsplit(url)
        return 2 if _PRINT in parts.path else 1 if parts.query else 0

    @classmethod
    def next_pages(cls, page: Page) -> tuple[str, ...]:
        current = squash(page.root.css(".page-item.active, .pagination .active, a.page-link.active").xpath("string()").get() or "1")
        wanted = str(int(current) + 1) if current.isdigit() else "2"
        for anchor in page.root.css("a.page-link"):
            if squash(string_of(anchor)) == wanted:
                url = page.absolute(anchor.attrib.get("href", ""))
                return (tidy_url(url),) if url else ()
        return ()

    @classmethod
    def read_listing(cls, page: Page) -> Reading:
        reading = super().read_listing(page)
        listing = reading.listing
        if listing and not listing.next_pages and cls._has_pages_by_script(page):
            capped = Problem("listing_capped", "further pages open by script only")
            return Reading(listing=listing, problems=(*reading.problems, capped))
        return reading

    @staticmethod
    def _has_pages_by_script(page: Page) -> bool:
        """Whether the pager offers other pages than this one, without an address."""
        links = page.root.css('a.page-link[href^="javascript"], a.page-link[href="#"], a.page-link:not([href])')
        return any(squash(string_of(link)) not in ("", "1", "«", "»") for link in links)
