"""``python -m benchmarks.least_walk BASE FOLDER``: the least that an archive of articles must do, with the libraries that ours uses.

Scrapy as tuned as the bare spider walks the portal. Of each article the bytes as received go to a WARC, synced; lxml parses the page once;
BeautifulSoup takes the text's element; title and text are stored and indexed for search in one durable transaction. Nothing is decided,
recognised, limited or analysed: what a whole way costs above this is its own doing.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scrapy
from lxml import etree
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse

from benchmarks.peers.scrapy_walk import Walk
from scraper.archive.warc_writer import append, build_record
from scraper.extract.subtree import soup_of
from scraper.items import Capture

NOW = "2026-11-01T00:00:00Z"
SCHEMA = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE captures (id INTEGER PRIMARY KEY, url TEXT, fetched_at TEXT, offset INTEGER, length INTEGER);
CREATE TABLE articles (id INTEGER PRIMARY KEY, capture INTEGER, url TEXT UNIQUE, title TEXT, body TEXT);
CREATE TABLE frontier (url TEXT PRIMARY KEY, asked_at TEXT);
CREATE VIRTUAL TABLE articles_fts USING fts5 (title, body, content = '', tokenize = 'unicode61 remove_diacritics 2');
"""
TITLE, BODY = (etree.XPath(f"//*[@class='{name}']") for name in ("title-detail", "journal-content-article content-detail"))


class LeastWalk(Walk):
    """The bare spider, with each article kept."""

    custom_settings = {  # noqa: RUF012 — as Scrapy has it
        **Walk.custom_settings,
        "COMPRESSION_ENABLED": False,
        "DEFAULT_REQUEST_HEADERS": {"Accept-Encoding": "gzip"},
    }

    def __init__(self, base: str, way: str, folder: str) -> None:
        super().__init__(base, way)
        self.segment, self.end = os.open(Path(folder) / "least.warc.gz", os.O_CREAT | os.O_RDWR), 0
        self.conn = sqlite3.connect(Path(folder) / "least.db", isolation_level=None)
        self.conn.executescript(SCHEMA)

    def parse(self, response: Any) -> Iterator[scrapy.Request]:
        body = gzip.decompress(response.body)
        yield from super().parse(HtmlResponse(response.url, body=body, encoding="utf-8", request=response.request))

    def parse_article(self, response: Any) -> Iterator[dict[str, Any]]:
        headers = tuple((name.decode(), values[0].decode("latin-1")) for name, values in response.headers.items())
        record = build_record(Capture(response.url, NOW, response.status, headers, response.body), (("Accept-Encoding", "gzip"),))
        offset, self.end = self.end, append(self.segment, self.end, record.data)
        root = etree.fromstring(gzip.decompress(response.body), etree.HTMLParser(encoding="utf-8", huge_tree=True))
        title = "".join(TITLE(root)[0].itertext()).strip()  # type: ignore[index,union-attr]
        text = soup_of(BODY(root)[0]).get_text("\n", strip=True)  # type: ignore[index,arg-type]
        execute = self.conn.execute
        execute("BEGIN IMMEDIATE")
        values = (response.url, NOW, offset, self.end - offset)
        capture = execute("INSERT INTO captures (url, fetched_at, offset, length) VALUES (?, ?, ?, ?)", values).lastrowid
        values = (capture, response.url, title, text)
        article = execute("INSERT INTO articles (capture, url, title, body) VALUES (?, ?, ?, ?)", values).lastrowid
        execute("INSERT INTO articles_fts (rowid, title, body) VALUES (?, ?, ?)", (article, title, text))
        execute("INSERT INTO frontier VALUES (?, ?)", (response.url, NOW))
        execute("COMMIT")
        self.articles += 1
        self.with_text += bool(text)
        return iter(())


def main() -> None:
    """Crawl and count."""
    process = CrawlerProcess()
    crawler = process.create_crawler(LeastWalk)
    process.crawl(crawler, base=sys.argv[1], way="none", folder=sys.argv[2])
    process.start()
    print(json.dumps({"articles": crawler.spider.articles, "with_text": crawler.spider.with_text}))


if __name__ == "__main__":
    main()
