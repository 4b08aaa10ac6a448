"""How long to wait when a portal asks for it: Retry-After in both forms, and what to do when it does not say."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response

from scraper.archive.frontier import LONGEST_PAUSE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scraper.fetch.session import Session

WAIT_HERE = timedelta(seconds=60)
"""A wait up to this is waited for within the crawl; a longer one ends it, and the next crawl starts no sooner."""
MAX_WAITS = 2
"""Waits for one page in one crawl."""
WAIT_UNSAID = timedelta(minutes=15)
"""When 429 or 503 comes without a readable Retry-After."""


def retry_after(value: str | None, at: datetime) -> timedelta | None:
    """The wait that a ``Retry-After`` header asks for (seconds or an HTTP date), between nothing and a day; None when it says none."""
    if value is None:
        return None
    value = value.strip()
    if value.isdecimal():
        wait = timedelta(seconds=min(int(value[:9]), int(LONGEST_PAUSE.total_seconds())))
    else:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        wait = moment - at
        if wait <= timedelta(0):  # a moment that has passed says nothing
            return None
    return min(wait, LONGEST_PAUSE)


class PaceMiddleware:
    """Stops asking a portal that answers 429 or 503: for a short while within the crawl, for a long one by ending it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._paused_until: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PaceMiddleware:
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Hold every request to a site that asked for a pause until the pause is over."""
        site = request.meta["download_slot"]
        while (left := self._paused_until.get(site, 0.0) - time.monotonic()) > 0:
            await asyncio.sleep(left)

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Ask again after the wait, up to twice; hand on every other answer."""
        site = request.meta["download_slot"]
        session: Session = self._crawler.spider.session  # type: ignore[union-attr]
        if response.status not in (429, 503):
            session.welcomed()
            return response
        value = response.headers.get(b"Retry-After")
        wait = retry_after(value.decode("latin-1") if value else None, datetime.now(UTC))
        if request.meta.get("is_robots"):  # everything is closed to this crawl
            if wait is not None:
                session.leave(max(wait, WAIT_UNSAID), f"the portal answered {response.status} for robots.txt")
            return response
        if wait is None:
            session.refused()
            return response
        waits = request.meta.get("waits", 0)
        if wait > WAIT_HERE or waits >= MAX_WAITS:
            session.leave(max(wait, WAIT_UNSAID), f"the portal answered {response.status}")
            return response
        self._paused_until[site] = time.monotonic() + wait.total_seconds()
        session.keeper.set_outcome(request.meta["capture_id"], "asked to wait")
        again = request.replace(dont_filter=True)
        again.meta["waits"] = waits + 1
        return again
