"""The replica's pages without a server: captures of the portal at its own address, and a WARC of them to replay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from scraper.archive.warc_writer import build_record, warcinfo_record
from scraper.items import Capture
from scraper.portal import PortalSpider
from tests.replica.site import Site


def captures(spider: type[PortalSpider], articles: int, seed: int = 2022) -> Iterator[Capture]:
    """robots.txt, the first page of each section, and every article of a replica of the portal."""
    site = Site(spider.name, seed, articles)
    home = spider.home.rstrip("/")
    paths = ["/robots.txt", *(urlsplit(section).path for section in spider.sections)]
    paths += [urlsplit(article.url)._replace(scheme="", netloc="").geturl() for article in site.portal.articles.values()]
    for minute, path in enumerate(paths):
        answer = site.answer("GET", path, {"accept-encoding": "gzip"})
        at = f"2026-11-20T{minute // 60:02}:{minute % 60:02}:00Z"
        yield Capture(home + path, at, answer.status, tuple(answer.headers), answer.body)


def truth(spider: type[PortalSpider], articles: int, seed: int = 2022) -> list[dict[str, object]]:
    """What a perfect reader would have got from :func:`captures`."""
    return [article.truth() for article in Site(spider.name, seed, articles).portal.articles.values()]


def write_warc(path: Path, spider: type[PortalSpider], articles: int) -> None:
    """A WARC file as somebody else would hand it in."""
    records = [build_record(capture, ()).data for capture in captures(spider, articles)]
    path.write_bytes(warcinfo_record(path.name, spider.name) + b"".join(records))
