"""Where we may go: only the portal's own hosts, only public addresses, checked at every hop and again when a name is resolved.

Scrapy alone follows a redirect to 127.0.0.1, to ``2130706433`` or to any port of localhost (seen with 2.19).
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from scraper.urls import site_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class AddressRefused(IgnoreRequest):
    """A request to a host that is not the portal's, or to an address that is not public."""

    problem_kind = "address_refused"


class NotPublic(AddressRefused, DNSLookupError):
    """A name that leads to an address that is not public; to Twisted a name that was not found, so that it prints no traceback."""


class CrawlEnding(IgnoreRequest):
    """A request that is not made because the crawl is ending; its article stays due."""


class GuardMiddleware:
    """Refuses every request, also after a redirect and for robots.txt, that leaves the portal's own host:port."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let a request pass, or raise :class:`AddressRefused`."""
        spider: Any = self._crawler.spider
        if spider.session.leaving or spider.session.fatal:
            raise CrawlEnding("the crawl is ending")
        try:
            own = "@" not in request.url.split("/")[2] and spider.owns(request.url, spider.base_url)
        except ValueError:
            own = False
        if not own:
            raise AddressRefused(f"{request.url[:200]} is not on this portal")
        request.meta["download_slot"] = site_of(request.url)


class PublicResolver(CachingThreadedResolver):
    """Resolves names, and fails for every address that is not public, whatever the name: the one just checked is connected to."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, allowed: frozenset[str] = frozenset()) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> PublicResolver:
        """Made by Scrapy; ``ALLOWED_LOCAL_HOSTS`` names the hosts of a replica."""
        cache_size = crawler.settings.getint("DNSCACHE_SIZE") if crawler.settings.getbool("DNSCACHE_ENABLED") else 0
        allowed = frozenset(crawler.settings.getlist("ALLOWED_LOCAL_HOSTS"))
        return cls(reactor, cache_size, crawler.settings.getfloat("DNS_TIMEOUT"), allowed)

    def getHostByName(self, name: str, timeout: Any = None) -> Deferred[str]:  # noqa: N802 — Twisted's name
        """Resolve a name to a public address."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found if name in self._allowed else found.addCallback(self._public, name)

    @staticmethod
    def _public(address: str, name: str) -> str:
        number = ipaddress.ip_address(address)
        if not number.is_global or number.is_multicast:
            raise NotPublic(f"{name} is at {address}, which is not a public address")
        return address
