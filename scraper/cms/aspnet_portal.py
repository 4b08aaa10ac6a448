"""The ASP.NET portal of Thanh Hóa and its districts (dbndthanhhoa.gov.vn in a public scraper; quangxuong.thanhhoa.gov.vn, 2023).

Recognise it by ``/portal/KenhTin/<Name>.aspx``, ``/portal/pages/YYYY-MM-DD/…`` and ``/portal/Photos/``.

Declare: ``home``, ``sections`` (``/portal/KenhTin/<Name>.aspx``).

Identity: an article is ``/portal/pages/<day>/<slug>-<id>.aspx``; the folder of the day is part of the key, as nothing is known
of how ids are counted.

Quirks:

* the day in the address is the folder that the CMS made for the article: what the page prints is preferred, and where it
  prints nothing that can be read, the address's day is the date, to the day, and the evidence says so;
* listings turn their pages by posting a form: such a section is capped, and says so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from scraper.extract.layout import Layout
from scraper.extract.page import Page
from scraper.items import Problem, Reading
from scraper.portal import PortalSpider

_ARTICLE = re.compile(r"/portal/pages/(\d{4}-\d{1,2}-\d{1,2})/([^/]+)\.aspx$", re.I)
_NUMBER = re.compile(r"\d")


class AspNetPortalSpider(PortalSpider):
    """A portal of Thanh Hóa."""

    cms = "aspnet_portal"
    FINGERPRINT: ClassVar[tuple[str, ...]] = (
        'a[href*="/portal/KenhTin/"]',
        'a[href*="/portal/pages/"]',
        'a[href*="/portal/Pages/"]',
    )
    LAYOUTS: ClassVar[tuple[Layout, ...]] = (
        Layout(
            name="aspnet_article",
            fingerprint=("h1", "div.article-content"),
            title=("h1.article-title", ".article-detail h1", "h1"),
            date=(".article-date", ".article-time", ".article-info .date", ".date", ".time"),
            lead=(".article-summary", ".article-sapo", ".article-desc"),
            body=("div.article-content",),
            byline=(".article-author",),
            section=(".breadcrumb li:last-child a", ".breadcrumb a:last-child"),
            drop=(".article-related", ".article-other", ".article-tools", ".article-summary", ".article-sapo", ".article-author", "h1"),
            date_optional=True,
        ),
    )
    LISTING_LINKS: ClassVar[tuple[str, ...]] = ("h2 a, h3 a, h4 a, .title a", 'a[href*="/portal/"]')
    LISTING_TITLE: ClassVar[tuple[str, ...]] = (".channel-title", ".breadcrumb li:last-child", "h1")
    LISTING_DATE: ClassVar[str] = ".date, .time"

    @classmethod
    def article_key(cls, url: str) -> str | None:
        match = _ARTICLE.search(urlsplit(url).path)
        if match is None:
            return None
        slug = unquote(match[2])
        number = slug.rpartition("-")[2]
        return f"{match[1]}_{number if _NUMBER.search(number) else slug}".lower()

    @classmethod
    def address_day(cls, url: str) -> date | None:
        match = _ARTICLE.search(urlsplit(url).path)
        try:
            return date(*map(int, match[1].split("-"))) if match else None
        except ValueError:
            return None

    @classmethod
    def rank(cls, url: str) -> int:
        return 1 if urlsplit(url).query else 0

    @classmethod
    def read_article(cls, page: Page, key: str) -> Reading:
        reading = super().read_article(page, key)
        day = cls.address_day(page.url)
        article = reading.article
        if article is None or article.published_at is not None or day is None or day > page.fetched_on:
            return reading
        dated = replace(
            article,
            published_at=day.isoformat(),
            published_precision="day",
            evidence={**article.evidence, "published_at": "the address's folder of the day"},
        )
        return replace(reading, article=dated)

    @classmethod
    def read_listing(cls, page: Page) -> Reading:
        reading = super().read_listing(page)
        if reading.listing and reading.listing.links and "__doPostBack" in page.text:
            capped = Problem("listing_capped", "further pages open by posting a form only")
            return Reading(listing=reading.listing, problems=(*reading.problems, capped))
        return reading
