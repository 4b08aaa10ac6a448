"""What a portal declares, and its crawl: sections walked from the newest page on, articles asked for once.

A spider yields nothing but requests: what a page says is stored through the keeper before the next request is made.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.misc import walk_modules_iter

from scraper.archive.crawls import SourceFacts
from scraper.archive.frontier import Due
from scraper.archive.keeper import Keeper
from scraper.cms.family import Family
from scraper.fetch.reader import Reader
from scraper.fetch.session import STORAGE_ERRORS, Session
from scraper.fetch.spider import SessionSpider
from scraper.places import place_name
from scraper.report import Shown
from scraper.urls import rebase, site_of, tidy_url

DECLARED = ("name", "place", "publisher", "home", "sections", "evidence")
MAX_PAGES = 500
"""Pages of one section in one crawl: a budget against endless pagers, twice the longest section seen."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What a portal is expected to do, where its own past does not tell: ``max_days_silent`` without news before somebody looks."""

    max_days_silent: int | None = None


class DeclarationError(Exception):
    """A portal's file does not say what it must; the message names the attribute and the mend."""


class PortalSpider(Family, SessionSpider):
    """One portal. Declare the attributes of :data:`DECLARED`; add ``citation``, ``since``, ``until`` only where true.

    ``place``: province or province/district, codes of before July 2025 (``data/places.csv.gz``). ``evidence``: what is known
    of the portal and how. ``search = True``: its own search for the topic is walked too (the family says where it is).
    ``until``: the portal ended; it is replayed, not crawled. ``hosts``: others it is served from. ``expect``: how silent it may be.
    ``tls = "unverified"``: its certificate is known to be broken; every capture says so.
    Arguments: ``base_url`` (crawl a replica of the portal), ``since`` (ISO day: ask for nothing older), ``max_pages``.
    """

    place: ClassVar[str]
    publisher: ClassVar[str]
    home: ClassVar[str]
    sections: ClassVar[tuple[str, ...]]
    evidence: ClassVar[str]
    citation: ClassVar[str | None] = None
    since: ClassVar[date | None] = None
    until: ClassVar[date | None] = None
    search: ClassVar[bool] = False
    hosts: ClassVar[tuple[str, ...]] = ()
    expect: ClassVar[Expect] = Expect()
    tls: ClassVar[str] = "verified"

    session: Session

    def __init__(
        self,
        base_url: str | None = None,
        since: str | None = None,
        max_pages: str | None = None,
        keeper: Keeper | None = None,
        progress: Shown | None = None,
        reader: Reader | None = None,
        session: type[Session] = Session,
        **arguments: Any,
    ) -> None:
        super().__init__(**arguments)
        check_declaration(type(self))
        self.base_url, self.asked_since, self.max_pages = read_arguments(base_url, since, max_pages)
        if keeper is not None:
            self.session = session(self, keeper, progress, reader)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *arguments: Any, **keywords: Any) -> Self:
        """Made by Scrapy, with a keeper of the archive."""
        spider = super().from_crawler(crawler, *arguments, **keywords)
        if keywords.get("keeper") is None:
            raise DeclarationError(f"{cls.name} has no archive to write to: start it with `scrapy crawl {cls.name}`")
        return spider

    @classmethod
    def facts(cls, base_url: str | None = None) -> SourceFacts:
        """The portal as a row of ``sources``; with ``base_url`` its home and sections are the replica's."""

        def at(url: str) -> str:
            return rebase(url, base_url) if base_url else url

        return SourceFacts(
            id=cls.name,
            publisher=cls.publisher,
            place=cls.place,
            place_name=place_name(cls.place),
            cms=cls.cms,
            home_url=at(cls.home),
            # A replica's articles are invented: a citation copied from there must say so itself.
            citation=("DEMO, không trích dẫn: " if base_url else "") + (cls.citation or f"{cls.publisher} ({cls.home.rstrip('/')})"),
            since=cls.since.isoformat() if cls.since else None,
            until=cls.until.isoformat() if cls.until else None,
            evidence=cls.evidence,
            sections=tuple(tidy_url(at(url)) for url in cls.starts()),
        )

    @classmethod
    def starts(cls) -> tuple[str, ...]:
        """Every address that is walked: the declared sections, and the portal's search where that is declared."""
        found = cls.search_url(cls.home) if cls.search else None
        return (*cls.sections, found) if found else cls.sections

    @classmethod
    def owns(cls, url: str, base_url: str | None = None) -> bool:
        """Whether an address is on this portal: its home's host, another it declares in ``hosts``, or the replica's."""
        own = {site_of(cls.home), *cls.hosts}
        return site_of(url) in ({site_of(base_url)} if base_url else own)

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Apply what the portal declares of its certificate."""
        super().update_settings(settings)
        settings.set("DOWNLOAD_VERIFY_CERTIFICATES", cls.tls != "unverified", priority="spider")

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """What an earlier crawl was killed over, then the sections, then what earlier crawls left to be asked."""
        try:
            self.session.recover()
            requests = [*self.session.section_requests(), *map(self.article_request, self.session.due())]
        except STORAGE_ERRORS as error:
            self.session.abort(error)
            return
        for request in requests:
            yield request

    def article_request(self, due: Due) -> scrapy.Request:
        """A request for one article, conditional where the last answer gave validators."""
        return self.session.request(due.url, self.parse_article, article_key=due.key, etag=due.etag, last_modified=due.last_modified)

    async def parse_section(self, response: Response) -> AsyncIterator[scrapy.Request]:
        """Store a listing page; ask for what is new on it, then for the page after it unless the ground is known."""
        try:
            listing, following = await self.session.take_listing(response)
            if listing is None:
                return
            requests = [self.article_request(due) for due in self.session.due(tuple(link.key for link in listing.links))]
        except STORAGE_ERRORS as error:
            self.session.abort(error)
            return
        for request in requests:
            yield request
        if following is not None:
            yield self.session.section_request(following, response.meta["section"])

    async def parse_article(self, response: Response) -> AsyncIterator[scrapy.Request]:
        """Store an article page; it leads nowhere: related lists are other sections' business."""
        try:
            await self.session.take_article(response)
        except STORAGE_ERRORS as error:
            self.session.abort(error)
        return
        yield  # an async generator, as Scrapy wants callbacks of one kind

    async def failed(self, failure: Any) -> None:
        """Nothing usable was received for a request."""
        try:
            self.session.failed(failure)
        except STORAGE_ERRORS as error:
            self.session.abort(error)


def check_declaration(spider: type[PortalSpider]) -> None:
    """Raise :class:`DeclarationError` naming the first thing a portal's class does not say, or says wrongly."""
    for attribute in DECLARED:
        if not getattr(spider, attribute, None):
            raise DeclarationError(f"{spider.__name__} declares no {attribute!r}: add it to spiders/{spider.name or '…'}.py")
    try:
        place_name(spider.place)
    except KeyError as error:
        raise DeclarationError(f"{spider.__name__}: place {spider.place!r} is not in the list of places (unknown code {error})") from error
    for url in (spider.home, *spider.sections):
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise DeclarationError(f"{spider.__name__}: {url!r} is not an absolute address")
    if spider.search and not spider.SEARCH:
        raise DeclarationError(f"{spider.__name__}: search = True, but nothing is known of the search of {spider.cms!r}")
    for url in spider.sections:
        if not spider.owns(url):
            raise DeclarationError(f"{spider.__name__}: section {url} is not on {spider.home} (declare its host in 'hosts')")


def portals() -> dict[str, type[PortalSpider]]:
    """Every declared portal by name: the registry is the spider classes."""
    found: dict[str, type[PortalSpider]] = {}
    for module in walk_modules_iter("spiders"):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, PortalSpider) and value.__module__ == module.__name__:
                found[value.name] = value
    return dict(sorted(found.items()))


def read_arguments(
    base_url: str | None = None, since: str | None = None, max_pages: str | None = None
) -> tuple[str | None, str | None, int]:
    """A spider's arguments as typed with ``-a``, checked; raise :class:`DeclarationError` naming the bad one and its form."""
    return (_origin(base_url) if base_url else None, _day(since) if since else None, _count(max_pages) if max_pages else MAX_PAGES)


def _origin(base_url: str) -> str:
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc:
        raise DeclarationError(f"base_url must be like http://127.0.0.1:8471, not {base_url!r}")
    return base_url.rstrip("/")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise DeclarationError(f"since must be a day like 2024-01-31, not {text!r}") from error


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise DeclarationError(f"max_pages must be a positive number, not {text!r}")
    return int(text)
