"""A spider and its session: what Scrapy says of a crawl's end, and of faults of ours, the session is told."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Protocol, Self

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler

from scraper.archive.database import ArchiveError
from scraper.fetch.session import STORAGE_ERRORS

if TYPE_CHECKING:
    from twisted.python.failure import Failure


class Told(Protocol):
    """A session as far as its spider tells it of what happened."""

    def close(self, reason: str) -> None:
        """The crawl is over."""

    def stumbled(self, failure: Failure, request: Request) -> None:
        """A fault of ours over what came of a request."""

    def abort(self, error: ArchiveError | sqlite3.OperationalError) -> None:
        """The archive can not be written."""


class SessionSpider(scrapy.Spider):
    """A spider that is closed with its session."""

    session: Told

    @classmethod
    def from_crawler(cls, crawler: Crawler, *arguments: Any, **keywords: Any) -> Self:
        """Made by Scrapy; the session is closed with the spider."""
        spider = super().from_crawler(crawler, *arguments, **keywords)
        crawler.signals.connect(spider._closed, signal=signals.spider_closed)
        crawler.signals.connect(spider._stumbled, signal=signals.spider_error)
        return spider

    def _closed(self, reason: str) -> None:
        self.session.close(reason)

    def _stumbled(self, failure: Any, response: Any) -> None:
        try:  # what was answered, or why nothing was
            self.session.stumbled(failure, response.request)
        except STORAGE_ERRORS as error:
            self.session.abort(error)
