"""robots.txt per RFC 9309: no answer and 5xx keep us out, 4xx lets us in, Crawl-delay is obeyed.

Scrapy's own middleware takes 5xx, time-outs and connection failures for permission and ignores Crawl-delay (2.19, 2026-11).
"""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from scraper.extract.decode import Damaged, decode_body
from scraper.fetch.failures import is_fault
from scraper.fetch.guard import AddressRefused, CrawlEnding
from scraper.items import Capture

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ROBOTS_BYTES = 512 * 1024
"""Bytes of robots.txt that are read; RFC 9309 asks for at least 500 KiB."""
MAX_CRAWL_DELAY = 60.0
"""Seconds; a longer Crawl-delay is taken as this long."""
SLOT_PRIORITY = 1000


class RobotsClosed(IgnoreRequest):
    """robots.txt forbids an address, or could not be had; the message says which.

    ``problem_kind``: a portal that does not answer, or answers with an error, is not told to forbid anything. ``everything``: what
    keeps us out says nothing of the address itself.
    """

    def __init__(self, message: str, problem_kind: str = "robots_closed", *, everything: bool = False) -> None:
        super().__init__(message)
        self.problem_kind = problem_kind
        self.everything = everything


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site's robots.txt means for us: closed with a reason and its kind, or open with its parser and delay."""

    closed: str | None = None
    parser: Protego | None = None
    delay: float | None = None
    kind: str = "robots_closed"


class RobotsMiddleware:
    """Asks each site's robots.txt once a crawl, before the first page, and obeys it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["USER_AGENT"]
        self._rules: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise :class:`RobotsClosed`."""
        if request.meta.get("is_robots"):
            return
        rules = await self._rules_of(request)
        if rules.closed:
            raise RobotsClosed(rules.closed, rules.kind, everything=True)
        if rules.parser is not None and not rules.parser.can_fetch(request.url, self._agent):
            raise RobotsClosed(f"robots.txt forbids {request.url}")
        self._pace(request, rules)

    async def _rules_of(self, request: Request) -> Rules:
        site = request.meta["download_slot"]
        if site not in self._rules:
            self._rules[site] = asked = asyncio.get_running_loop().create_future()
            try:
                asked.set_result(await self._ask(request, site))
            except asyncio.CancelledError:
                asked.cancel()
                raise
            except Exception as error:  # the crawl is ending, or a fault of ours: all who wait must be told, or they wait for ever
                asked.set_exception(error)
        return await self._rules[site]

    async def _ask(self, request: Request, site: str) -> Rules:
        parts = urlsplit(request.url)
        robots_request = Request(
            f"{parts.scheme}://{parts.netloc}/robots.txt",
            callback=NO_CALLBACK,
            priority=SLOT_PRIORITY,
            meta={"is_robots": True, "download_slot": site, "redirect_times": 0, "max_retry_times": 0},
        )
        try:
            response = await self._crawler.engine.download_async(robots_request)
        except CrawlEnding:
            raise
        except Exception as error:  # whatever kept us from robots.txt keeps us out: RFC 9309 §2.3.1.4
            if is_fault(error):
                raise
            if isinstance(error, AddressRefused):  # the portal leads elsewhere: it has moved, and forbids nothing
                return Rules(closed=f"robots.txt of {site} could not be had: {error}", kind=error.problem_kind)
            refused = isinstance(error, IgnoreRequest)
            kind = "robots_closed" if refused else "damaged" if isinstance(error, Damaged) else "unreachable"
            return Rules(closed=f"robots.txt of {site} could not be had ({type(error).__name__})", kind=kind)
        return read_rules(response, self._agent, site)

    def _pace(self, request: Request, rules: Rules) -> None:
        slot = self._crawler.engine.downloader.slots.get(request.meta["download_slot"])
        if slot is None or rules.delay is None:
            return
        if rules.delay == 0 and is_loopback(request.url):
            # A replica on this machine may say that it can be asked fast. A portal never can: its delay only grows.
            slot.delay = 0.0
            request.meta["autothrottle_dont_adjust_delay"] = True
        else:
            slot.delay = max(slot.delay, rules.delay)


def read_rules(response: Response, agent: str, site: str) -> Rules:
    """What an answer to robots.txt means."""
    if response.status == 429 or response.status >= 500:
        closed = f"robots.txt of {site} answered {response.status}: everything is closed for now"
        return Rules(closed=closed, kind=f"http_{response.status}")
    if response.status >= 400:
        return Rules()
    if response.status >= 300:
        return Rules(closed=f"robots.txt of {site} leads nowhere (status {response.status})")
    capture: Capture = response.meta["capture"]
    try:
        text = decode_body(capture)[:ROBOTS_BYTES].decode("utf-8-sig", "replace")
    except Damaged as error:
        return Rules(closed=f"robots.txt of {site} came damaged: {error}", kind="damaged")
    parser = Protego.parse(text)
    delay = parser.crawl_delay(agent)
    return Rules(parser=parser, delay=None if delay is None else min(float(delay), MAX_CRAWL_DELAY))


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own, by its number."""
    try:
        return ipaddress.ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False
