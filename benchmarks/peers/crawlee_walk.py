"""``crawlee_walk.py BASE``: crawlee's BeautifulSoupCrawler walks the listings and reads title, date and text of each article."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from datetime import timedelta

from crawlee import ConcurrencySettings, Request
from crawlee.configuration import Configuration
from crawlee.crawlers import BeautifulSoupCrawler, BeautifulSoupCrawlingContext
from crawlee.storage_clients import MemoryStorageClient

KEY = re.compile(r"/view-article/\d+/\d+/(\d+)")


async def walk(base: str) -> dict[str, int]:
    """Crawl and count."""
    crawler = BeautifulSoupCrawler(
        storage_client=MemoryStorageClient(),
        configuration=Configuration(log_level="ERROR"),
        concurrency_settings=ConcurrencySettings(min_concurrency=32, max_concurrency=32, desired_concurrency=32),
        request_handler_timeout=timedelta(seconds=60),
        configure_logging=False,
    )
    seen: set[str] = set()
    count = {"articles": 0, "with_text": 0}

    @crawler.router.default_handler
    async def listing(context: BeautifulSoupCrawlingContext) -> None:
        requests = []
        for anchor in context.soup.select(".title-news a"):
            key = KEY.search(str(anchor["href"]))
            if key and key[1] not in seen:
                seen.add(key[1])
                requests.append(Request.from_url(base + str(anchor["href"]), label="article"))
        following = context.soup.select_one("li.next a")
        if following:
            requests.append(Request.from_url(base + str(following["href"])))
        await context.add_requests(requests)

    @crawler.router.handler("article")
    async def article(context: BeautifulSoupCrawlingContext) -> None:
        title, date, body = (context.soup.select_one(f".{name}-detail") for name in ("title", "date", "content"))
        text = body.get_text().strip() if body else ""
        await context.push_data({"title": title and title.get_text(), "date": date and date.get_text(), "text": text})
        count["articles"] += 1
        count["with_text"] += bool(text)

    await crawler.run([f"{base}/tin-tuc", f"{base}/van-hoa-xa-hoi"])
    return count


if __name__ == "__main__":
    print(json.dumps(asyncio.run(walk(sys.argv[1]))))
