"""The demo archive without the crawl: the replica's pages straight to the keeper, as a replay takes them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.items import Capture
from scraper.portal import portals
from tests.replica.client import PORTAL_NAMES
from tests.replica.control import truth
from tests.replica.site import Site

ARTICLES, SEED = 300, 2022
"""As ``make demo`` has them, of each portal."""


def build_demo(path: Path) -> Path:
    """Make the archive; it holds the articles that ``make demo`` archives."""
    with ArchiveDatabase(path) as archive:
        archive.claim_origin("demo")
        for name in PORTAL_NAMES:
            site, spider = Site(name, SEED, ARTICLES), portals()[name]
            keeper = Keeper(archive, spider.facts(), "replay")
            for article in truth(site):
                answer = site.answer("GET", article["url"], {"accept-encoding": "gzip", "user-agent": "test"})
                address = urljoin(spider.home, article["url"])
                page = Capture(address, "2026-01-01T00:00:00Z", answer.status, tuple(answer.headers), answer.body)
                keeper.take(page, keeper.keep(page, ()), spider.read(page))
            keeper.finish("finished", "good")
    return path
