"""Liferay with the asset publisher (portlet 101), as on sotttt.hanoi.gov.vn and several provinces (Liferay 6.2, seen 2022-08).

Recognise it by ``/-/`` in addresses, ``p_p_id=`` parameters and ``.portlet-boundary`` elements.

Declare: ``home``, ``sections`` (pages that carry an asset publisher).

Layouts of other portals than that one are in :mod:`scraper.cms.liferay_layouts`.

Quirks, all seen in 3,466 pages of one portal (2022-08):

* one article is at up to eight addresses: {none, /vi/, /en/} × section × {page, ``pop_up/…?_101_viewMode=print``}; ``rel=canonical``
  is each copy's own address, so only host + id identify;
* the h1 is the portlet's heading; the title is ``.asset-full-content-title``;
* ``.journal-content-article`` matches twice or more (a footer is one): only the one inside ``.asset-content`` is the article;
* “12:00 AM” is a date without a time (an import);
* the last line ``p.view-content-author`` is the CMS account, not the author;
* đ is dropped from slugs: never match words against them;
* the pager multiplies addresses (``delta``, page menus): only ``*_cur`` one above the current is followed, for each list on a page.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.cms.addresses import is_slug
from scraper.cms.liferay_layouts import OTHER_LAYOUTS
from scraper.extract.layout import Layout
from scraper.extract.page import Page
from scraper.portal import PortalSpider
from scraper.urls import tidy_url

_ARTICLE = re.compile(
    r"/-/(?:details/\d+/[^/]*?-(?=\d+/?$)|view_content/(?:pop_up/)?|asset_publisher/[^/]+/content/(?:id/)?|asset_publisher/[^/]+/document/id/)(\d+)(?:-|/|\.|$)"
)
# Without a number the title in the address is the identity (Liferay 7: urlTitle, kept unique by the CMS within a site).
_SLUG = re.compile(r"/-/(?:asset_publisher/[^/]+/content/)?([^/]*[a-z][^/]*)/?$", re.I)
_CURRENT = re.compile(r"_cur$")


class LiferaySpider(PortalSpider):
    """A portal on Liferay's asset publisher."""

    cms = "liferay"
    FINGERPRINT: ClassVar[tuple[str, ...]] = (
        ".portlet-boundary",
        "[id^=p_p_id_]",
        'a[href*="p_p_id="]',
        "body.aui.yui3-skin-sam",
        ".journal-content-article",
    )
    LAYOUTS: ClassVar[tuple[Layout, ...]] = (
        Layout(
            name="liferay_6_asset",
            fingerprint=("div.asset-full-content-title", ".asset-content .journal-content-article"),
            title=("div.asset-full-content-title",),
            date=("div.assetPublishDate",),
            lead=(".asset-content .sapo-wrapper p.sapo",),
            body=(".asset-content .journal-content-article",),
            section=(".dd_chuyenmuc .tintuc",),
            pictures=(".asset-content .sapo-wrapper img",),
            drop=(".view-content-author", ".asset-control-detail", ".related_asset"),
        ),
        *OTHER_LAYOUTS,
    )
    LISTING_LINKS: ClassVar[tuple[str, ...]] = (
        ".asset-abstract .asset-title a",
        ".asset-abstract a",
        ".nd_detail > div > a, .nd_detail h2 a, .nd_detail h3 a",
        ".portlet-boundary h2 a, .portlet-boundary h3 a, .portlet-boundary h4 a, .portlet-body .title a",
        "a",
    )
    LISTING_TITLE: ClassVar[tuple[str, ...]] = (".dd_chuyenmuc .tintuc",)
    LISTING_DATE: ClassVar[str] = ".assetPublishDate, .metadata-publish-date, .nd_detail span"

    @classmethod
    def article_key(cls, url: str) -> str | None:
        parts = urlsplit(url)
        match = _ARTICLE.search(parts.path)
        if match:
            return match[1]
        declared = dict(parse_qsl(parts.query)).get("dinhdanh", "")
        if declared.isdigit():
            return declared
        slug = _SLUG.search(parts.path)
        return unquote(slug[1]).lower() if slug and is_slug(unquote(slug[1]), ended=True) else None

    @classmethod
    def rank(cls, url: str) -> int:
        parts = urlsplit(url)
        if "/pop_up/" in parts.path or "viewMode=print" in parts.query or "p_p_state=pop_up" in parts.query:
            return 2
        return 1 if parts.query or re.match(r"/(?:en|fr|zh)/", parts.path) else 0

    @classmethod
    def next_pages(cls, page: Page) -> tuple[str, ...]:
        return pages_above(page, ".taglib-page-iterator a, .lfr-pagination a, .pagination a")


def pages_above(page: Page, anchors: str) -> tuple[str, ...]:
    """The next page by Liferay's ``*_cur`` parameter, of each list on the page: the one anchor whose number is one above its own.

    Several lists stand on a first page; of the pages after it each goes on with its own list, or every pair of numbers were a page.
    """
    own = _numbers(page.url)
    turned = {name for name, number in own.items() if number > 1}
    found: dict[str, str] = {}
    for href in page.hrefs(anchors):
        # A page has hundreds of links, and few of them are a pager's; “%” may write its letters otherwise.
        url = page.absolute(href) if "cur" in href or "%" in href else None
        if url is None or urlsplit(url).netloc != urlsplit(page.url).netloc:
            continue
        for name, number in _numbers(url).items():
            if number == own.get(name, 1) + 1 and (name in turned or not turned):
                found.setdefault(name, tidy_url(url))
    return tuple(dict.fromkeys(found.values()))


def _numbers(url: str) -> dict[str, int]:
    """Which page of each list an address is, by the name of its parameter."""
    pairs = parse_qsl(urlsplit(url).query)
    return {name: int(value) for name, value in pairs if _CURRENT.search(name) and value.isdecimal()}
