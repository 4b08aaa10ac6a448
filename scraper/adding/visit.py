"""A short visit to one portal through the crawl's own middlewares: robots.txt, address guard, pace, whole-body check.

Nothing is archived: the captures are handed to the one who asked. The order of the visit is not decided here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess, CrawlerProcess, CrawlerProcessBase
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings

from scraper.adding import CannotAdd, NotSaid
from scraper.extract.decode import Damaged
from scraper.fetch.guard import AddressRefused, CrawlEnding
from scraper.fetch.robots import RobotsClosed, is_loopback
from scraper.items import Capture
from scraper.urls import rebase, site_of

Result = TypeVar("Result")


class NotFetched(CannotAdd):
    """A page could not be had: closed by robots.txt, refused by the address guard, unreachable or damaged."""


class Interrupted(CannotAdd):
    """A person stopped the visit."""

    exit_code = 130


class Visitor(Protocol):
    """Asks one portal. Captures bear the portal's own addresses, also where a replica answered."""

    async def fetch(self, url: str) -> Capture:
        """Ask for one page; raise :class:`NotFetched` when there is no whole answer."""

    @property
    def robots(self) -> Capture | None:
        """The robots.txt that is obeyed; None before the first page."""


Work = Callable[[Visitor], Awaitable[Result]]


class VisitSession:
    """What the middlewares ask of a session, for a visit: it remembers robots.txt and whether the portal wants to be left alone."""

    def __init__(self) -> None:
        self.leaving: str | None = None
        self.fatal: BaseException | None = None
        self.robots: Capture | None = None
        self.requests = 0

    @property
    def keeper(self) -> VisitSession:
        """A visit keeps its captures itself."""
        return self

    def keep(self, request: scrapy.Request, capture: Capture, request_headers: tuple[tuple[str, str], ...]) -> int:
        """Count an answer."""
        self.requests += 1
        if request.meta.get("is_robots"):
            self.robots = capture
        return self.requests

    def set_outcome(self, capture_id: int, outcome: str) -> None:
        """Nothing is stored, so nothing is said of it."""

    def welcomed(self) -> None:
        """The portal answered."""

    def refused(self) -> None:
        """The portal answered 429 or 503 without saying for how long: a visit does not ask again."""
        self.leave(timedelta(0), "the portal refused a request")

    def leave(self, wait: timedelta, why: str) -> None:
        """Ask for nothing more."""
        self.leaving = self.leaving or why

    def abort(self, error: BaseException) -> None:
        """End the visit over an error of ours."""
        self.fatal = error


class VisitSpider(scrapy.Spider, Generic[Result]):
    """Runs one piece of work that fetches."""

    name = "visit"

    def __init__(self, home: str, base_url: str | None, work: Work[Result], **arguments: Any) -> None:
        super().__init__(**arguments)
        self.home, self.base_url, self.work = home, base_url, work
        self.session = VisitSession()
        self.results: list[Result] = []
        self.error: Exception | None = None

    def owns(self, url: str, base_url: str | None = None) -> bool:
        """Whether an address is on the portal that is visited: its host and port, or the replica's."""
        return site_of(url) == site_of(base_url or self.home)

    async def start(self) -> AsyncIterator[Any]:
        """Do the work; there is nothing to crawl after it."""
        try:
            self.results.append(await self.work(self))
        except Exception as error:  # raised again by visit(), where a person hears of it
            self.error = error
        return
        yield  # an async generator, as Scrapy wants it

    async def fetch(self, url: str) -> Capture:
        """Ask for one page."""
        assert self.crawler.engine is not None
        request = scrapy.Request(rebase(url, self.base_url) if self.base_url else url, callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except CrawlEnding as error:
            raise NotFetched(f"{url}: not asked for, as {self.session.leaving or error}; try again later") from error
        except (RobotsClosed, AddressRefused) as error:
            raise NotFetched(f"{url}: {error}") from error
        except Damaged as error:
            raise NotFetched(f"{url} came damaged: {error}") from error
        except Exception as error:  # whatever kept us from a page, it is not had: name, connection, TLS, time-out
            raise NotFetched(f"{url} could not be had: {str(error) or type(error).__name__}") from error
        capture: Capture = response.meta["capture"]
        return self._at_home(capture)

    @property
    def robots(self) -> Capture | None:
        """The portal's robots.txt as it answered this visit."""
        return self._at_home(self.session.robots) if self.session.robots else None

    def _at_home(self, capture: Capture) -> Capture:
        return replace(capture, url=rebase(capture.url, self.home)) if self.base_url else capture


def check_may_ask(settings: BaseSettings, url: str) -> None:
    """Raise :class:`NotSaid` where a portal would be asked without a contact; a replica on this machine may be asked without."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise NotSaid(f"{url!r} is no address: give one that begins with http:// or https://")
    if not is_loopback(url) and not settings["CONTACT"]:
        raise NotSaid("a portal is asked only by somebody it can write to: set KHUYEN_HOC_CONTACT to an e-mail or a web page")


def visit(
    process: CrawlerProcessBase,
    settings: BaseSettings,
    home: str,
    base_url: str | None,
    work: Work[Result],
    *,
    tls: str = "verified",
) -> Result:
    """Run ``work`` against a portal, or the replica of it at ``base_url``; what it raises is raised here. ``tls`` as in a spider."""
    asked = base_url or home
    check_may_ask(settings, asked)
    if is_loopback(asked):
        settings.set("ALLOWED_LOCAL_HOSTS", [urlsplit(asked).hostname], priority="cmdline")
    settings.set("DOWNLOAD_VERIFY_CERTIFICATES", tls != "unverified", priority="cmdline")
    assert isinstance(process, AsyncCrawlerProcess | CrawlerProcess)
    crawler = process.create_crawler(VisitSpider)
    process.crawl(crawler, home=home, base_url=base_url, work=work)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, VisitSpider):
        raise CannotAdd("the visit did not begin; the log says why")
    if spider.error is not None:
        raise spider.error
    if not spider.results:
        raise Interrupted("stopped; nothing was written")
    result: Result = spider.results[0]
    return result
