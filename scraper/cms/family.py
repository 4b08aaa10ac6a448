"""What every CMS family answers about an address or a page, and the reading of one capture that all of them share."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import ClassVar
from urllib.parse import quote_plus, urljoin

from parsel import Selector

from scraper.extract.article import matching_layout, read_article
from scraper.extract.dates import read_date
from scraper.extract.entities import mend_article
from scraper.extract.feed import Feed, is_feed, read_feed
from scraper.extract.generic import read_generic
from scraper.extract.layout import Layout
from scraper.extract.page import Page, Refused, open_document, page_of, soft_page, string_of
from scraper.extract.rewritten import rewriter_mark
from scraper.extract.text import squash
from scraper.items import Capture, Link, Listing, Problem, Reading
from scraper.urls import site_of, tidied, tidy_url

TOPIC = "khuyến học"
"""Study encouragement: what a portal's own search is asked for."""
MADE_WITHIN = timedelta(days=31)
"""How far an article's making and its publication may lie apart; drafts wait for a while."""
WHOLE = 200
"""Characters from which a text that no layout vouches for is taken for an article's."""
MAX_LINKS = 1000
"""Articles of one listing page; the longest seen has 50."""
FEW_DATES = 5
"""Dated links below which nothing is said of the order of a listing: three or four pinned articles may stand in any."""


class Family:
    """Pure knowledge of one CMS. A family overrides the attributes, and a method where attributes do not reach.

    ``LISTING_LINKS``: selectors of the anchors to articles on a listing, tried in order; the first that finds any is the list.
    ``LISTING_DATE``: the date inside the box of one article on a listing. ``FINGERPRINT``: marks of this CMS, any of which
    a page of it bears, listing or article. ``SEARCH``: the path of its own search, with ``{words}``. ``FEEDS``: paths at which
    feeds and sitemaps of it usually are.
    """

    cms: ClassVar[str] = ""
    LAYOUTS: ClassVar[tuple[Layout, ...]] = ()
    LISTING_LINKS: ClassVar[tuple[str, ...]] = ("a",)
    LISTING_TITLE: ClassVar[tuple[str, ...]] = ()
    LISTING_DATE: ClassVar[str] = ""
    FINGERPRINT: ClassVar[tuple[str, ...]] = ()
    SEARCH: ClassVar[str] = ""
    FEEDS: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def article_key(cls, url: str) -> str | None:
        """What identifies the article at an address, the same for all its twins; None when the address is no article."""
        raise NotImplementedError(f"{cls.__name__} says nothing about what identifies an article")

    @classmethod
    def key_at(cls, url: str) -> str | None:
        """The :meth:`article_key` of an address as it was answered: a server may have led to one with a session in it."""
        return cls.article_key(tidied(url))

    @classmethod
    def rank(cls, url: str) -> int:
        """0 for an article's own address; higher for twins: other language, tracking, print."""
        return 0

    @classmethod
    def next_pages(cls, page: Page) -> tuple[str, ...]:
        """The listing pages that follow this one, nearest first; empty at the end."""
        return ()

    @classmethod
    def read(cls, capture: Capture) -> Reading:
        """Read one capture of this family: by its address an article or a listing, by its content perhaps neither."""
        key, rank = cls.key_at(capture.url), cls.rank(tidied(capture.url))
        try:
            data, encoding = open_document(capture)
            # A listing gives no text, and links of its own site only: those of a portal restored out of an archive are read.
            touched = rewriter_mark(data) if key is not None else None
            if touched:
                raise Refused("rewritten", touched)
            if key is None and is_feed(text := data.decode()):
                return cls.read_feed(capture.url, read_feed(text))
            page = page_of(capture, data, encoding)
            reading = cls.read_listing(page) if key is None else cls.read_article(page, key)
        except Refused as refusal:
            return Reading(rank=rank, problems=(refusal.problem,))
        article = mend_article(reading.article) if reading.article else None
        return Reading(article, reading.listing, rank, page.problems + reading.problems)

    @classmethod
    def read_article(cls, page: Page, key: str) -> Reading:
        """Read an article page by the layout whose fingerprint it carries; without one, generically, and that is said."""
        layout = matching_layout(page, cls.LAYOUTS)
        if layout is None:
            return cls.read_without_layout(page, key)
        article, problems = read_article(page, layout, key, tidy_url(page.url))
        problems += cls.check_date(tidy_url(page.url), article.published_at)
        soft = soft_page(page, article.title)
        if soft:  # the server's answer, set in the article's template
            raise Refused(soft.kind, soft.detail)
        return Reading(article=article, problems=problems)

    @classmethod
    def read_without_layout(cls, page: Page, key: str) -> Reading:
        """The last resort for a theme or a change nobody has seen: a whole text and a sure title, or :class:`Refused`.

        The gate lets such a reading in where there is none yet, and never in the place of one by a layout.
        """
        soft = soft_page(page)
        if soft:
            raise Refused(soft.kind, soft.detail)
        changed = Problem("layout_changed", f"no layout of {cls.cms} recognises the page")
        try:
            article, problems = read_generic(page, key, tidy_url(page.url), sure=True)
        except Refused as refusal:
            raise Refused(changed.kind, f"{changed.detail}; {refusal.problem.detail}") from refusal
        if len(article.text) < WHOLE or "title" not in article.evidence:
            raise Refused(changed.kind, changed.detail)
        problems += cls.check_date(tidy_url(page.url), article.published_at)
        return Reading(article=article, problems=(changed, *problems))

    @classmethod
    def address_day(cls, url: str) -> date | None:
        """The day that an address tells of its article's making; None where addresses of this family tell none."""
        return None

    @classmethod
    def check_date(cls, url: str, published_at: str | None) -> tuple[Problem, ...]:
        """A doubt about the printed date, where the address says that the article was made at quite another time."""
        made = cls.address_day(url)
        if made is None or published_at is None or abs(date.fromisoformat(published_at[:10]) - made) <= MADE_WITHIN:
            return ()
        return (Problem("date_doubtful", f"printed is {published_at[:10]}, and the address says {made}"),)

    @classmethod
    def read_listing(cls, page: Page) -> Reading:
        """Read a listing; one without a single link to an article is a problem, not an empty success."""
        links = cls.links(page)
        capped: tuple[Problem, ...] = ()
        if len(links) > MAX_LINKS:
            capped = (Problem("listing_capped", f"{len(links)} links on one page; the first {MAX_LINKS} were taken"),)
            links = links[:MAX_LINKS]
        title = None
        for selector in cls.LISTING_TITLE:
            title = squash(next(iter(page.texts(selector)), "")) or None
            if title:
                break
        soft = soft_page(page, "" if links else None)
        # A page that is not there may still show the latest news beside; and one with news, a way to sign in.
        if soft and not (links and soft.kind == "login"):
            raise Refused(soft.kind, soft.detail)
        listing = Listing(tidy_url(page.url), title, links, cls.next_pages(page), newest_first=not _is_oldest_first(links))
        if links:
            return Reading(listing=listing, problems=capped)
        return Reading(listing=listing, problems=(Problem("listing_empty", "not one link to an article"),))

    @classmethod
    def read_feed(cls, url: str, feed: Feed) -> Reading:
        """A feed or sitemap as a listing of the articles it names; an index of sitemaps as pages to go on with."""
        found: dict[str, Link] = {}
        pages: list[str] = []
        for entry in feed.entries:
            if not cls._same_site(entry.url, url):
                continue
            address = tidy_url(entry.url)
            key = None if feed.kind == "index" else cls.article_key(address)
            if feed.kind == "index":
                pages.append(address)
            elif key is not None and (key not in found or cls.rank(address) < cls.rank(found[key].url)):
                found[key] = Link(address, key, entry.title, entry.day)
        listing = Listing(tidy_url(url), feed.title, tuple(found.values()), tuple(pages), newest_first=feed.kind == "feed")
        problems = []
        if feed.capped:
            problems.append(Problem("listing_capped", f"a {feed.kind} of more than {len(feed.entries)} addresses; the rest was left out"))
        if listing.is_empty:
            problems.append(Problem("listing_empty", f"a {feed.kind} without an address of an article"))
        return Reading(listing=listing, problems=tuple(problems))

    @classmethod
    def recognises(cls, page: Page) -> bool:
        """Whether a page, listing or article, bears the marks of this family."""
        return any(page.css(mark) for mark in cls.FINGERPRINT)

    @classmethod
    def search_url(cls, home: str) -> str | None:
        """Where this family's own search lists what it has on the topic, newest first; None when it has none that can be walked."""
        return urljoin(home, cls.SEARCH.format(words=quote_plus(TOPIC))) if cls.SEARCH else None

    @classmethod
    def links(cls, page: Page) -> tuple[Link, ...]:
        """The articles that a page lists, each once, in printed order; a primary address is preferred to its twin."""
        found: dict[str, Link] = {}
        for selector in cls.LISTING_LINKS:
            for anchor in page.css(selector):
                url = page.absolute(anchor.attrib.get("href", ""))
                if url is None or not cls._same_site(url, page.url):
                    continue
                url = tidy_url(url)
                key = cls.article_key(url)
                if key is None:
                    continue
                text = squash(string_of(anchor))
                known = found.get(key)
                if known is None:
                    found[key] = Link(url, key, text, cls.listed_date(page, anchor))
                elif cls.rank(url) < cls.rank(known.url) or not known.text:
                    better = url if cls.rank(url) < cls.rank(known.url) else known.url
                    found[key] = Link(better, key, known.text or text, known.listed_date)
            if found:
                break
        return tuple(found.values())

    @classmethod
    def listed_date(cls, page: Page, anchor: Selector) -> str | None:
        """The day (ISO) that a listing prints beside a link; None when it prints none that is certain."""
        if not cls.LISTING_DATE:
            return None
        for box in islice(anchor.root.iterancestors(), 6):
            dates = [string_of(each) for each in Selector(root=box, type="html").css(cls.LISTING_DATE)]
            if dates:
                printed = read_date(squash(dates[0]), today=page.fetched_on) if len(dates) == 1 else None
                return printed.at.date().isoformat() if printed else None
        return None

    @staticmethod
    def _same_site(url: str, page_url: str) -> bool:
        try:
            return site_of(url) == site_of(page_url)
        except ValueError:
            return False


def _is_oldest_first(links: tuple[Link, ...]) -> bool:
    days = [link.listed_date for link in links if link.listed_date]
    return len(days) >= FEW_DATES and days == sorted(days) and days[0] < days[-1]
