"""A portal whose CMS is unknown: articles by the shape of their address, pages by :mod:`scraper.extract.generic`.

Recognise it by nothing: it is what is left when no other family's fingerprint matches.

Declare: ``home``, ``sections``. A section is never taken for an article, whatever its address looks like.

Rules (:mod:`scraper.cms.addresses`):

* an article has a slug of four words or more (not all of them words of menus: ``tin-tuc-su-kien`` is a category), or a trailing
  number of three digits or more (not a year, not a page number), or an identity in the query (``?tc=22380``, ``?ItemID=``);
* categories, tags, searches, sign-in, feeds, archives, NukeViet's ``/print/`` and ``/sendmail/``, paging and files are none;
* the key is the trailing number when it has five digits or more and is no date, else a hash of the address without what twins differ in;
* the pager: ``rel=next``, else the link one number above the page's own, else a link that says “Trang sau”, “Sau”, “»”.
"""

from __future__ import annotations

import re
from typing import ClassVar

from scraper.cms.addresses import article_number, page_number, same_listing, twin_rank
from scraper.extract.generic import read_generic
from scraper.extract.page import Page, string_of
from scraper.extract.text import fold, squash
from scraper.items import Reading
from scraper.portal import PortalSpider
from scraper.urls import site_of, tidy_url, url_key

_NEXT = re.compile(r"^(?:trang sau|trang tiep(?: theo)?|tiep(?: theo)?|sau|xem tiep|next(?: page)?|older(?: posts)?)?\s*[»›>→]*$")


class GenericSpider(PortalSpider):
    """A portal on a CMS that no family knows."""

    cms = "generic"
    LISTING_LINKS: ClassVar[tuple[str, ...]] = ("h1 a, h2 a, h3 a, h4 a, h5 a, [class*=title] a, a[class*=title], article a", "a")
    LISTING_TITLE: ClassVar[tuple[str, ...]] = ("h1",)

    @classmethod
    def article_key(cls, url: str) -> str | None:
        try:
            sections = {_path_key(section) for section in getattr(cls, "sections", ())}
            return None if _path_key(url) in sections else article_number(url)
        except ValueError:
            return None

    @classmethod
    def rank(cls, url: str) -> int:
        return twin_rank(url)

    @classmethod
    def read_article(cls, page: Page, key: str) -> Reading:
        article, problems = read_generic(page, key, tidy_url(page.url))
        return Reading(article=article, problems=problems)

    @classmethod
    def next_pages(cls, page: Page) -> tuple[str, ...]:
        site = site_of(page.url)
        own = page_number(page.url) or 1
        named: str | None = None
        for link in page.root.css("link[rel~=next], a[rel~=next]"):
            url = page.absolute(link.attrib.get("href", ""))
            if url and site_of(url) == site:
                return (tidy_url(url),)
        for anchor in page.root.css("a[href]"):
            url = page.absolute(anchor.attrib["href"])
            if not url or site_of(url) != site or url_key(url) == url_key(page.url):
                continue
            number = page_number(url)
            if number == own + 1 and same_listing(url, page.url):
                return (tidy_url(url),)
            text = squash(string_of(anchor)) or anchor.attrib.get("title", "")
            if named is None and text and number is None and _NEXT.match(fold(text)) and cls.article_key(url) is None:
                named = tidy_url(url)
        return (named,) if named else ()


def _path_key(url: str) -> str:
    """An address without its host: a portal's replica has the same sections elsewhere."""
    return url_key(url).partition("/")[2]
