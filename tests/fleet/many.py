"""Two hundred portals that exist on this machine only, and one process that crawls them all: ``python -m tests.fleet.many``.

Reads from standard input where each portal is (JSON, in order), crawls them into the archive named on the command line, and
prints what it took as JSON. The classes are made when the module is imported, so that the reading child knows them too.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from scraper.archive.database import ArchiveDatabase
from scraper.cms.liferay_view_article import LiferayViewArticleSpider
from scraper.fetch.fleet import Fleet, Job
from scraper.fetch.reader import Reader
from scraper.portal import PortalSpider
from scraper.upkeep.fleet_report import FleetReport

COUNT = 200


def _portal(number: int) -> type[PortalSpider]:
    home = f"https://cong-{number}.vi-du.vn/"
    declared = {
        "__module__": __name__,
        "name": f"vi_du_{number}",
        "place": "45",
        "publisher": f"Cổng số {number}",
        "home": home,
        "sections": (f"{home}tin-tuc", f"{home}van-hoa-xa-hoi"),
        "evidence": "invented",
    }
    return type(f"Portal{number}", (LiferayViewArticleSpider,), declared)


PORTALS = [_portal(number) for number in range(COUNT)]
globals().update({portal.__name__: portal for portal in PORTALS})


class Memory(threading.Thread):
    """Looks at the memory of this process and its children, and remembers the most."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0

    def run(self) -> None:
        """Look five times a second."""
        while True:
            self.most = max(self.most, sum(map(_resident, [os.getpid(), *_children(os.getpid())])))
            time.sleep(0.2)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def main() -> int:
    """Crawl them all."""
    urls: list[str] = json.load(sys.stdin)
    settings = get_project_settings()
    settings.set("ALLOWED_LOCAL_HOSTS", sorted({urlsplit(url).hostname or "" for url in urls}), priority="cmdline")
    memory = Memory()
    memory.start()
    started = time.monotonic()
    with ArchiveDatabase(Path(sys.argv[1])) as archive:
        archive.claim_origin("demo")
        with Reader() as reader, FleetReport() as report:
            fleet = Fleet(AsyncCrawlerProcess(settings), archive, reader, report, at_once=COUNT)
            ended = fleet.run([Job(portal, {"base_url": url}) for portal, url in zip(PORTALS, urls, strict=True)])
    told = {
        "verdicts": {one.name: one.verdict for one in ended},
        "seconds": time.monotonic() - started,
        "memory": memory.most,
        "cpu": sum(os.times()[:4]),
    }
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
