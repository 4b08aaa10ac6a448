"""Many portals crawled side by side in one process: one writer, one reading child, each portal on its own and politely.

Each portal keeps its own engine, and with it its own pace: one request at a time and its own delay. What they share is the
archive (every transaction is over before another begins: nothing awaits inside one) and the process that reads pages.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from scrapy.crawler import AsyncCrawlerProcess, Crawler

from scraper.analyse.relevance import THRESHOLD
from scraper.archive.crawls import Counts
from scraper.archive.database import ArchiveDatabase, ArchiveError, DiskFull, Origin, StorageFailed, now, storage_error
from scraper.archive.frontier import LONGEST_PAUSE, shift
from scraper.archive.keeper import Keeper
from scraper.fetch.reader import Reader
from scraper.fetch.robots import is_loopback
from scraper.portal import DeclarationError, PortalSpider

if TYPE_CHECKING:
    from scraper.upkeep.fleet_report import FleetReport

AT_ONCE = 50
"""Portals side by side; a hundred engines take about 200 MB, and one core stores and reads about a hundred pages a second."""


class NotYet(ArchiveError):
    """The portal asked not to be asked before a certain time."""

    exit_code = 7


@dataclass(frozen=True, slots=True)
class Job:
    """One portal to be crawled, with the spider's arguments as typed: base_url, since, max_pages."""

    portal: type[PortalSpider]
    arguments: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """How one crawl of a fleet ended. ``error``: why it could not even begin, or what stopped it; None when it ran to its end."""

    name: str
    verdict: str
    counts: Counts
    problems: dict[str, int]
    seconds: float
    error: str | None = None


def origin_of(portal: type[PortalSpider], base_url: str | None, contact: str) -> Origin:
    """A replica on this machine makes a demo; everything else is live, and needs a contact and a portal that lives."""
    if base_url and is_loopback(base_url):
        return "demo"
    if portal.until is not None:
        raise DeclarationError(
            f"{portal.name} ended on {portal.until:%d/%m/%Y} and is not asked any more;"
            " `scrapy backfill` asks web archives for it, `scrapy replay` reads saved pages of it"
        )
    if not contact:
        raise DeclarationError("a live crawl needs an address portals can write to: set KHUYEN_HOC_CONTACT to an e-mail or a web page")
    return "live"


def settle() -> None:
    """Before a crawl: what is loaded by now stays, so the garbage collector need not walk over it again with every few pages."""
    gc.collect()
    gc.freeze()


def check_not_before(archive: ArchiveDatabase, name: str) -> None:
    """Raise :class:`NotYet` while a portal wants to be left alone."""
    row = archive.conn.execute("SELECT not_before FROM sources WHERE id = ?", (name,)).fetchone()
    if row and row[0] and now() < row[0] <= shift(now(), LONGEST_PAUSE):
        raise NotYet(f"{name} asked to be left alone until {row[0]}; crawl it again after that")


class Fleet:
    """Runs jobs, some at once, in the order given; a portal that fails stops no other, a disk that fails stops them all."""

    def __init__(
        self,
        process: AsyncCrawlerProcess,
        archive: ArchiveDatabase,
        reader: Reader,
        report: FleetReport,
        at_once: int = AT_ONCE,
        *,
        threshold: float = THRESHOLD,
    ) -> None:
        self._threshold = threshold
        self._process = process
        self._archive = archive
        self._reader = reader
        self._report = report
        self._at_once = at_once
        self._waiting: deque[Job] = deque()
        self.ended: list[Ended] = []
        self.fatal: ArchiveError | None = None
        self.stopped = False

    def run(self, jobs: Iterable[Job]) -> list[Ended]:
        """Crawl them all; returns how each ended, in the order in which they did."""
        self._waiting.extend(jobs)
        total = len(self._waiting)
        self._report.begin(total)
        for _ in range(self._at_once):
            self._launch()
        if self._process.crawlers:
            settle()
            self._process.start()
            # Crawls that a second signal broke off never told how they ended.
            self.stopped = self.stopped or len(self.ended) + len(self._waiting) < total
        return self.ended

    def _launch(self) -> None:
        """Begin the next job that can begin."""
        while self._waiting and self.fatal is None and not self.stopped:
            job = self._waiting.popleft()
            started = time.monotonic()
            try:
                check_not_before(self._archive, job.portal.name)
                facts = job.portal.facts(job.arguments.get("base_url"))
                keeper = Keeper(self._archive, facts, "crawl", threshold=self._threshold)
            except (ArchiveError, sqlite3.OperationalError) as error:
                self._failed_to_begin(job, error if isinstance(error, ArchiveError) else storage_error(self._archive.path, error), started)
                continue
            crawler = self._process.create_crawler(job.portal)
            shown = self._report.of(job.portal.name)
            task = self._process.crawl(crawler, keeper=keeper, progress=shown, reader=self._reader, **job.arguments)
            task.add_done_callback(partial(self._done, job, crawler, keeper, started))
            return

    def _failed_to_begin(self, job: Job, error: ArchiveError, started: float) -> None:
        if isinstance(error, DiskFull | StorageFailed):
            self.fatal = error
        verdict = "not yet" if isinstance(error, NotYet) else "bad"
        self._end(Ended(job.portal.name, verdict, Counts(), {}, time.monotonic() - started, str(error)))

    def _done(self, job: Job, crawler: Crawler, keeper: Keeper, started: float, task: asyncio.Task[None]) -> None:
        """One crawl is over: note how, and let the next begin."""
        failure = None if task.cancelled() else task.exception()
        spider = crawler.spider
        seconds = time.monotonic() - started
        if isinstance(spider, PortalSpider):
            session = spider.session
            self.fatal = self.fatal or session.fatal
            self.stopped = self.stopped or session.reason == "shutdown"
            error = str(session.fatal) if session.fatal else None
            self._end(Ended(job.portal.name, session.verdict, keeper.counts, dict(keeper.problems), seconds, error))
        else:
            keeper.finish("not started", "bad")
            self._end(Ended(job.portal.name, "bad", keeper.counts, {}, seconds, str(failure) or "the crawl did not begin"))
        self._launch()

    def _end(self, ended: Ended) -> None:
        self.ended.append(ended)
        self._report.ended(ended)
