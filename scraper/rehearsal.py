"""Rehearse a portal's crawl in-process: its real callbacks, real keeper and real archive, over the captures of a WARC.

A fixture is a small WARC and the JSON of what must come out of it. The tests rehearse every fixture; ``scrapy addportal`` and
``scrapy savefixture`` draft the JSON with the same lines.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import HtmlResponse

from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.archive.warc_reader import read_records
from scraper.items import Capture
from scraper.portal import PortalSpider
from scraper.urls import url_key

FIELDS = (
    "article_key", "url", "title", "lead", "body", "byline", "source_line", "section", "published_at", "published_precision",
    "published_raw", "layout", "cite_as", "relevance_words",
)  # fmt: skip
"""What a fixture's JSON says of an article, in this order."""


def captures_of(warc: Path) -> dict[str, Capture]:
    """The captures of a WARC by address key; the last one of each address."""
    found = {}
    for record in read_records(warc):
        assert record.capture is not None, record.problem
        found[url_key(record.capture.url)] = record.capture
    return found


def rehearse(
    spider_class: type[PortalSpider], captures: dict[str, Capture], archive: ArchiveDatabase, *, partial: bool = False, **arguments: Any
) -> PortalSpider:
    """Walk a portal as the crawler would, answering from ``captures`` (404 for the rest); the session is closed at the end.

    ``partial``: the captures are a few pages of a portal that has more: what they do not hold is not asked for, and every
    article is kept, on the topic or not.
    """
    keeper = Keeper(archive, spider_class.facts(arguments.get("base_url")), "crawl", keep_all=partial)
    spider = spider_class(keeper=keeper, **arguments)

    async def walk() -> None:
        queue: deque[Request] = deque([request async for request in spider.start()])
        while queue:
            request = queue.popleft()
            capture = captures.get(url_key(request.url))
            if capture is None and partial:
                continue
            capture = capture or Capture(request.url, "2026-11-22T00:00:00Z", 404, (), b"")
            request.meta["capture"] = capture
            request.meta["capture_id"] = spider.session.keep(request, capture, ())
            response = HtmlResponse(request.url, status=capture.status, body=b"", request=request)
            assert request.callback is not None
            queue.extend([further async for further in request.callback(response)])

    asyncio.run(walk())
    spider.session.close("finished")
    return spider


def outcome(archive: ArchiveDatabase, source: str) -> dict[str, Any]:
    """What a rehearsal gave, as the JSON of a fixture says it."""
    columns = ", ".join(FIELDS)
    articles = []
    sql = f"SELECT id, {columns} FROM articles WHERE source_id = ? ORDER BY article_key"
    for number, *values in archive.conn.execute(sql, (source,)).fetchall():
        attached = archive.conn.execute(
            "SELECT kind, url, caption FROM attachments WHERE article_id = ? ORDER BY position", (number,)
        ).fetchall()
        article = dict(zip(FIELDS, values, strict=True))
        article["body"] = article["body"].split("\n")
        article["attachments"] = [dict(zip(("kind", "url", "caption"), row, strict=True)) for row in attached]
        articles.append(article)
    off_topic = archive.conn.execute("SELECT article_key, title, words FROM off_topic WHERE source_id = ? ORDER BY 1", (source,)).fetchall()
    issues = archive.conn.execute("SELECT kind, url, detail FROM issues WHERE source_id = ? ORDER BY 1, 2", (source,)).fetchall()
    return {
        "articles": articles,
        "off_topic": [dict(zip(("article_key", "title", "words"), row, strict=True)) for row in off_topic],
        "issues": [dict(zip(("kind", "url", "detail"), row, strict=True)) for row in issues],
    }


def listings_of(spider_class: type[PortalSpider], captures: dict[str, Capture]) -> list[dict[str, Any]]:
    """What the listings among the captures list, as the JSON of a captured fixture says it."""
    found = []
    for capture in captures.values():
        if urlsplit(capture.url).path == "/robots.txt" or spider_class.key_at(capture.url) is not None:
            continue
        listing = spider_class.read(capture).listing
        if listing is not None:
            links = [{"article_key": link.key, "listed_date": link.listed_date, "text": link.text} for link in listing.links]
            found.append({"url": listing.url, "title": listing.title, "next_pages": list(listing.next_pages), "links": links})
    return found


def expectation(spider_class: type[PortalSpider], captures: dict[str, Capture]) -> dict[str, Any]:
    """The JSON of a captured fixture as it is drafted: ``read`` is false until a person has compared it with the pages."""
    with tempfile.TemporaryDirectory() as folder, ArchiveDatabase(Path(folder) / "archive.db") as archive:
        rehearse(spider_class, captures, archive, partial=True)
        got = outcome(archive, spider_class.name)
    return {"origin": "captured", "read": False, **got, "listings": listings_of(spider_class, captures)}
