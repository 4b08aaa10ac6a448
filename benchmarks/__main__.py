"""``make bench``: CPU per 1,000 pages, by stage of our way, and of what one would pick instead, on the same pages in one run.

The pages are the replica's (in memory, no network). Differences under a quarter are noise on a busy machine; read ratios.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura
from bs4 import BeautifulSoup
from parsel import Selector
from rich.console import Console
from rich.table import Table
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.analyse.relevance import relevance
from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.archive.warc import build_record
from scraper.extract.decode import decode_body, to_text
from scraper.items import Capture
from spiders.quang_tri import QuangTriSpider
from tests.replica.control import truth
from tests.replica.site import Site

PAGES = 300
HEADERS = {"accept-encoding": "gzip", "user-agent": "bench"}
ORIGIN = "https://www.quangtri.gov.vn"


def captures() -> list[Capture]:
    """The replica's article pages as a crawl would receive them."""
    site = Site("quang_tri", 2022, PAGES)
    found = []
    for article in truth(site):
        answer = site.answer("GET", article["url"], HEADERS)
        found.append(Capture(ORIGIN + article["url"], "2026-11-22T00:00:00Z", answer.status, tuple(answer.headers), answer.body))
    return found


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of the best of two runs."""
    times = []
    for _ in range(2):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def store(pages: list[Capture]) -> None:
    """Our whole way after the download: capture, read, gate, relevance, store, index."""
    with tempfile.TemporaryDirectory() as folder, ArchiveDatabase(Path(folder) / "archive.db") as archive:
        keeper = Keeper(archive, QuangTriSpider.facts(), "replay")
        for page in pages:
            keeper.take(page, keeper.keep(page, ()), QuangTriSpider.read(page))
        keeper.finish("finished", "good")


def warcio_default(page: Capture, text: bytes) -> None:
    """warcio as its manual shows it: the decoded body, gzip level 9."""
    writer = WARCWriter(io.BytesIO(), gzip=True)
    headers = StatusAndHeaders("200 OK", list(page.headers), protocol="HTTP/1.1")
    writer.write_record(writer.create_warc_record(page.url, "response", payload=io.BytesIO(text), http_headers=headers))


def main() -> None:
    """Measure and print."""
    pages = captures()
    decoded = [decode_body(page) for page in pages]
    texts = [to_text(body)[0] for body in decoded]
    readings = [QuangTriSpider.read(page).article for page in pages]
    articles = [article for article in readings if article is not None]
    rows: list[tuple[str, Callable[[], object]]] = [
        ("ours: whole way after the download", lambda: store(pages)),
        ("  of it: decode and read", lambda: [QuangTriSpider.read(page) for page in pages]),
        ("  of it: relevance", lambda: [relevance(article.title, article.text) for article in articles]),
        ("  of it: WARC records", lambda: [build_record(page, ()) for page in pages]),
        ("parse only: parsel", lambda: [Selector(text=text).css("h1::text").get() for text in texts]),
        ("parse only: BeautifulSoup, whole page", lambda: [BeautifulSoup(text, "lxml").h1 for text in texts]),
        ("read only: trafilatura", lambda: [trafilatura.bare_extraction(text, with_metadata=True) for text in texts]),
        ("WARC only: warcio's default", lambda: [warcio_default(page, body) for page, body in zip(pages, decoded, strict=True)]),
    ]
    table = Table("what", "CPU s per 1,000 pages", title=f"{len(pages)} pages, {sum(map(len, decoded)) // len(pages) // 1024} KiB each")
    for name, work in rows:
        table.add_row(name, f"{cpu(work) / len(pages) * 1000:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
