"""The spider of a backfill: one chain of requests to one archive, each made when the answer before it is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import scrapy
from scrapy.http import Response
from scrapy.settings import BaseSettings

from scraper.backfill.session import BackfillSession
from scraper.fetch.session import STORAGE_ERRORS
from scraper.fetch.spider import SessionSpider


class BackfillSpider(SessionSpider):
    """Asks an archive what the session says. Slower than a crawl: archives serve everybody, and block who hurries.

    The Wayback Machine allows some 24 questions a minute to its index and blocks whole networks that go on (2026-06).
    """

    name = "backfill"
    base_url: None = None
    session: BackfillSession

    def __init__(self, session: BackfillSession, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.session = session
        session.spider = self

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Slower than a crawl, and with more patience for old disks."""
        super().update_settings(settings)
        for name, value in (("DOWNLOAD_DELAY", 4.0), ("AUTOTHROTTLE_START_DELAY", 4.0), ("DOWNLOAD_TIMEOUT", 120)):
            settings.set(name, value, priority="spider")

    def owns(self, url: str, base_url: str | None = None) -> bool:
        """Asked by the guard: only the archive that was named."""
        return self.session.owns(url)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """What an earlier run was killed over, then the first request."""
        async for request in self._after(self.session.begin):
            yield request

    async def answered(self, response: Response) -> AsyncIterator[scrapy.Request]:
        """Store an answer, then ask for the next."""
        async for request in self._after(partial(self.session.take, response)):
            yield request

    async def failed(self, failure: Any) -> AsyncIterator[scrapy.Request]:
        """Nothing usable came: remember it, then ask for the next."""
        async for request in self._after(partial(self.session.failed, failure)):
            yield request

    async def _after(self, step: Callable[[], Awaitable[None] | None]) -> AsyncIterator[scrapy.Request]:
        """Take one step, then the next request; a full or failing disk ends the run."""
        try:
            taken = step()
            if taken is not None:
                await taken
            request = await self.session.next_request()
        except STORAGE_ERRORS as error:
            self.session.abort(error)
            return
        if request is None:
            self.session.is_through = True
        else:
            yield request
