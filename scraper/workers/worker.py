"""One worker process: takes jobs, crawls some side by side in one reactor, and hands in what it has sealed."""

from __future__ import annotations

import signal
import socket
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import dramatiq
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from scraper.archive.database import ArchiveError, now
from scraper.fetch.fleet import origin_of
from scraper.fetch.reader import Reader
from scraper.portal import DeclarationError, PortalSpider, portals, read_arguments
from scraper.urls import site_of
from scraper.workers.field import FieldKeeper, FieldSession
from scraper.workers.jobs import Job, Jobs
from scraper.workers.journal import Head
from scraper.workers.lease import HostBusy, Lease, Leases
from scraper.workers.order import Order, OrderUnreadable, unpack
from scraper.workers.outage import Outage
from scraper.workers.parts import PartWriter
from scraper.workers.spool import Spool

if TYPE_CHECKING:
    import asyncio


@dataclass(frozen=True, slots=True)
class Limits:
    """Times and sizes of one worker; ``pause``: seconds that a host rests between two workers."""

    at_once: int
    lease_seconds: float
    ask_seconds: float
    part_seconds: float
    pause: float


def hosts_of(portal: type[PortalSpider], base_url: str | None) -> set[str]:
    """The hosts that a crawl of a portal may ask, which no other may ask at the same time."""
    return {site_of(base_url)} if base_url else {site_of(portal.home), *portal.hosts}


def worker_name() -> str:
    """A name for this process that no other has or had."""
    return f"{socket.gethostname().split('.')[0]}-{uuid.uuid4().hex[:8]}"


class FieldWorker:
    """A worker. ``local``: hosts on its own network that a job may name, which are replicas'; ``say`` is told what happens, in lines."""

    def __init__(
        self,
        process: AsyncCrawlerProcess,
        jobs: Jobs,
        spool: Spool,
        reader: Reader,
        limits: Limits,
        *,
        contact: str,
        local: frozenset[str],
        say: Callable[[str], None],
    ) -> None:
        self._process = process
        self._jobs = jobs
        self._spool = spool
        self._reader = reader
        self._limits = limits
        self._contact = contact
        self._local = local
        self._say = say
        self._portals = portals()
        self._crawlers: dict[int, Crawler] = {}
        self._stopped = threading.Event()
        self.fatal: ArchiveError | None = None
        self._leases = Leases(jobs.redis, spool.worker, seconds=limits.lease_seconds, ask_seconds=limits.ask_seconds, lost=self._lease_lost)

    def run(self) -> None:
        """Work until a signal comes, or the disk fails."""
        self._jobs.consume(self._job)
        worker = dramatiq.Worker(self._jobs.broker, worker_threads=self._limits.at_once)
        # As many as it can begin with: Dramatiq would hold back as many again, which others could begin with.
        worker.queue_prefetch = self._limits.at_once
        outage = Outage(self._jobs.redis, self._say)
        outage.start()
        worker.start()
        self._spool.start()
        try:
            self._process.start(stop_after_crawl=False)
        finally:
            self._stopped.set()
            worker.stop(timeout=int(self._limits.ask_seconds * 1000))
            outage.stop()
            self._leases.close()
            self._spool.stop()

    # In a thread of Dramatiq's

    def _job(self, message: str) -> None:
        """Run one job to its end."""
        try:
            order = unpack(message)
        except OrderUnreadable as error:
            self._say(f"a message is left: {error}")
            return
        standing = self._jobs.of(order.source)
        if standing is None or standing.id != order.job or standing.state != "queued":
            return  # it came twice, or another has taken its place
        if self._stopped.is_set():
            raise dramatiq.Retry(delay=0)
        try:
            portal = self._portal(order)
            lease = self._leases.take(hosts_of(portal, order.arguments.get("base_url")))
        except DeclarationError as error:
            self._say(f"{order.source}: {error}")
            if self._jobs.begin(self._as(order, "running")):
                self._jobs.end(self._as(order, "ended", error=str(error)))
            return
        except HostBusy as busy:
            raise dramatiq.Retry(delay=int(busy.seconds * 1000) + 100) from busy
        try:
            self._leases.wait_for_the_forgotten(
                self._stopped.is_set,
                lambda left: self._say(
                    f"{order.source}: begins in {left:.0f} seconds: Redis has just started and may have forgotten a lease"
                ),
            )
            if self._stopped.is_set() or not lease.may_ask():
                raise dramatiq.Retry(delay=0)
            if self._jobs.begin(self._as(order, "running")):
                self._jobs.end(self._as(order, "ended", parts=self._crawl(order, portal, lease)))
        finally:
            self._leases.give_back(lease, self._limits.pause)

    def _portal(self, order: Order) -> type[PortalSpider]:
        """The portal of an order, if it may be crawled from here."""
        portal = self._portals.get(order.source)
        if portal is None:
            raise DeclarationError(f"this worker knows no portal {order.source!r}: upgrade it")
        base_url, _, _ = read_arguments(**order.arguments)
        if base_url and site_of(base_url).partition(":")[0] not in self._local:
            raise DeclarationError(f"this worker asks no replica at {base_url}: start it with --replicas-on HOST")
        origin_of(portal, base_url, self._contact)
        return portal

    def _as(self, order: Order, state: str, *, parts: int = 0, error: str | None = None) -> Job:
        return Job(order.job, order.source, state, now(), self._spool.worker, parts, error)  # type: ignore[arg-type]

    def _crawl(self, order: Order, portal: type[PortalSpider], lease: Lease) -> int:
        """Have the reactor crawl; returns the number of parts when it has."""
        from twisted.internet import reactor  # noqa: PLC0415 — Scrapy installs it

        done: Future[int] = Future()
        reactor.callFromThread(self._launch, order, portal, lease, done)
        while True:
            try:
                return done.result(timeout=0.5)
            except FutureTimeoutError:
                if self._stopped.is_set():
                    return 0

    # In the reactor

    def _launch(self, order: Order, portal: type[PortalSpider], lease: Lease, done: Future[int]) -> None:
        base_url = order.arguments.get("base_url")
        head = Head(order.job, order.source, 0, now(), self._spool.worker, base_url)
        try:
            writer = PartWriter(self._spool.folder, head, most_seconds=self._limits.part_seconds)
            keeper = FieldKeeper(order, portal.facts(base_url), self._spool.folder, writer, lease)
        except ArchiveError as error:
            self._fail(error)
            done.set_result(0)
            return
        self._say(f"{order.source}: begun, {len(order.due)} articles due, {len(order.known)} known")
        crawler = self._process.create_crawler(portal)
        task = self._process.crawl(crawler, keeper=keeper, reader=self._reader, session=FieldSession, **order.arguments)
        task.add_done_callback(partial(self._over, crawler, keeper, lease, done))
        self._crawlers[id(lease)] = crawler

    def _over(self, crawler: Crawler, keeper: FieldKeeper, lease: Lease, done: Future[int], task: asyncio.Task[None]) -> None:
        """A crawl is over: say how, and let the thread that waits for it go on."""
        self._crawlers.pop(id(lease), None)
        spider = crawler.spider
        name = keeper.facts.id
        try:
            if isinstance(spider, PortalSpider):
                if spider.session.fatal is not None:
                    self._fail(spider.session.fatal)
                self._say(f"{name}: {spider.session.reason}, {keeper.counts.requests} answers in {keeper.parts} parts")
            else:
                failure = None if task.cancelled() else task.exception()
                self._say(f"{name}: the crawl did not begin ({failure})")
                keeper.end("not started", seen=0, lost=0)
        finally:
            done.set_result(keeper.parts)

    def _fail(self, error: ArchiveError) -> None:
        """The disk is full or fails: no more jobs are taken."""
        if self.fatal is None:
            self.fatal = error
            self._stopped.set()
            signal.raise_signal(signal.SIGTERM)  # Scrapy comes to a good end by itself

    def _lease_lost(self, lease: Lease) -> None:
        """In the thread of the leases."""
        from twisted.internet import reactor  # noqa: PLC0415 — Scrapy installs it

        crawler = self._crawlers.get(id(lease))
        if crawler is not None and isinstance(crawler.spider, PortalSpider) and isinstance(crawler.spider.session, FieldSession):
            self._say(f"{crawler.spider.name}: the lease on its host is lost")
            reactor.callFromThread(crawler.spider.session.give_up)
