"""The last thing before a request goes out: a worker's lease on the host is looked at once more.

A request may wait in its host's queue for as long as the host's delay, so a middleware would look too early.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response

from scraper.fetch.guard import CrawlEnding

if TYPE_CHECKING:
    from scraper.workers.field import FieldSession


class LeasedHandler(HTTP11DownloadHandler):
    """Scrapy's own handler of http and https, for hosts that are ours to ask."""

    async def download_request(self, request: Request) -> Response:
        """Send a request while the lease allows it."""
        session: FieldSession = self.crawler.spider.session  # type: ignore[union-attr]
        if not session.may_ask():
            raise CrawlEnding("another worker may be asking this host")
        return await super().download_request(request)
