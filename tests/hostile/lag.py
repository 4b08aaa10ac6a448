"""A Scrapy extension for tests: how long the crawl's event loop stands still. While it does, no other host could be served."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler

BEAT = 0.02


class LagMonitor:
    """Writes the longest standstill, in seconds, to the file of the setting ``LAG_FILE`` when the crawl ends."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._longest = 0.0
        self._beating: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LagMonitor:
        monitor = cls(Path(crawler.settings["LAG_FILE"]))
        crawler.signals.connect(monitor.opened, signal=signals.spider_opened)
        crawler.signals.connect(monitor.closed, signal=signals.spider_closed)
        return monitor

    def opened(self) -> None:
        self._beating = asyncio.ensure_future(self._beat())

    async def _beat(self) -> None:
        with suppress(asyncio.CancelledError):
            while True:
                before = time.monotonic()
                await asyncio.sleep(BEAT)
                self._longest = max(self._longest, time.monotonic() - before - BEAT)

    def closed(self) -> None:
        assert self._beating is not None
        self._beating.cancel()
        self._file.write_text(str(self._longest), encoding="ascii")
