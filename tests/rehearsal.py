"""Rehearse a portal's crawl in-process: its real callbacks, real keeper and real archive, over the captures of a WARC."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.http import HtmlResponse

from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.archive.warc import read_records
from scraper.items import Capture
from scraper.portal import PortalSpider
from scraper.urls import url_key


def captures_of(warc: Path) -> dict[str, Capture]:
    """The captures of a WARC by address key; the last one of each address."""
    found = {}
    for record in read_records(warc):
        assert record.capture is not None, record.problem
        found[url_key(record.capture.url)] = record.capture
    return found


def rehearse(spider_class: type[PortalSpider], captures: dict[str, Capture], archive: ArchiveDatabase, **arguments: Any) -> PortalSpider:
    """Walk a portal as the crawler would, answering from ``captures`` (404 for the rest); the session is closed at the end."""
    keeper = Keeper(archive, spider_class.facts(arguments.get("base_url")), "crawl")
    spider = spider_class(keeper=keeper, **arguments)

    async def walk() -> None:
        queue: deque[Request] = deque([request async for request in spider.start()])
        while queue:
            request = queue.popleft()
            missing = Capture(request.url, "2026-11-22T00:00:00Z", 404, (), b"")
            capture = captures.get(url_key(request.url), missing)
            request.meta["capture"] = capture
            request.meta["capture_id"] = spider.session.keep(request, capture, ())
            response = HtmlResponse(request.url, status=capture.status, body=b"", request=request)
            assert request.callback is not None
            queue.extend([further async for further in request.callback(response)])

    asyncio.run(walk())
    spider.session.close("finished")
    return spider
