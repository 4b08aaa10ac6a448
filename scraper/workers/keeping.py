"""The keeper's loop: queue what is due, take in what workers hand in, and notice jobs whose worker died. One process, the one writer.

All it knows is worked out anew from archive.db, the store and Redis, so it may be killed at any moment, and so may they.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from redis.exceptions import RedisError

from scraper.archive.crawls import Counts
from scraper.archive.database import ArchiveDatabase, now
from scraper.archive.disk import check_floor
from scraper.fetch.fleet import Ended, NotYet, check_not_before
from scraper.portal import PortalSpider
from scraper.upkeep import chosen
from scraper.upkeep.fleet_report import FleetReport
from scraper.upkeep.rhythm import moment
from scraper.workers.jobs import Job, Jobs
from scraper.workers.journal import JournalUnreadable
from scraper.workers.lease import is_leased
from scraper.workers.order import make_order
from scraper.workers.parts import PartDamaged, PartName, read_part
from scraper.workers.store import Store, StoreFailed
from scraper.workers.takein import TakeIn, TakenIn, is_taken, parts_taken
from scraper.workers.worker import hosts_of

LOOK_SECONDS = 0.5
"""Between two looks at the store and at the jobs that run."""
DUE_SECONDS = 30.0
"""Between two looks at what is due."""
EXAMINE_SECONDS = 3600.0
"""Between two looks at the health of the sources; it stops the taking in for some seconds."""
PATIENCE = timedelta(minutes=10)
"""How long a part that should come is waited for."""
SETTLE_SECONDS = 120.0
"""How long a part may have another digest than its name: it may be on its way."""
DEATHS = 5
"""Workers in a row that died over one source, with nothing handed in, before a round gives it up."""


@dataclass
class _Crawl:
    """What was taken in of one job so far."""

    counts: Counts = field(default_factory=Counts)
    problems: Counter[str] = field(default_factory=Counter)

    def add(self, taken: TakenIn) -> None:
        self.problems.update(taken.problems)
        self.counts.listed |= taken.counts.listed
        for name in ("requests", "new", "changed", "unchanged", "off_topic", "failed", "issues"):
            setattr(self.counts, name, getattr(self.counts, name) + getattr(taken.counts, name))


class Keeping:
    """Keeps one archive with the help of workers. ``say`` is told what goes wrong; ``examine`` looks at the health of the sources."""

    def __init__(
        self,
        archive: ArchiveDatabase,
        jobs: Jobs,
        store: Store,
        take_in: TakeIn,
        portals: list[type[PortalSpider]],
        arguments: Mapping[str, Mapping[str, str]],
        report: FleetReport,
        say: Callable[[str], None],
        examine: Callable[[], None],
    ) -> None:
        self._examine = examine
        self._archive = archive
        self._jobs = jobs
        self._store = store
        self._take_in = take_in
        self._portals = {portal.name: portal for portal in portals}
        self._arguments = arguments
        self._report = report
        self._say = say
        self._crawls: dict[str, _Crawl] = {}
        self._first_seen: dict[str, float] = {}
        self._left: set[str] = set()
        self._shown: set[str] = set()
        self._said: set[str] = set()
        self._deaths: Counter[str] = Counter()
        self._not_before: dict[str, float] = {}
        self._began: dict[str, float] = {}
        self._wanted: set[str] | None = None
        self.stopped = False
        self.ended: list[Ended] = []

    def run_once(self, *, every: bool) -> list[Ended]:
        """Have every portal that is due (``every``: all of them) crawled once; returns how each ended when all are taken in."""
        due = chosen.due(self._archive.path, list(self._portals.values()), every=every)
        self._wanted = {portal.name for portal in due}
        self._report.begin(len(due))
        for portal in due:
            try:
                check_not_before(self._archive, portal.name)
            except NotYet as error:
                self._end(Ended(portal.name, "not yet", Counts(), {}, 0.0, str(error)))
        while self._wanted and not self.stopped:
            self._round(sorted(self._wanted))
            if self._wanted:
                time.sleep(LOOK_SECONDS)
        return self.ended

    def run(self) -> None:
        """For ever: each portal when it is due."""
        looked, examined = float("-inf"), time.monotonic()
        self._report.begin(len(self._portals))
        while not self.stopped:
            names: list[str] = []
            if time.monotonic() - looked >= DUE_SECONDS:
                looked = time.monotonic()
                names = [portal.name for portal in chosen.due(self._archive.path, list(self._portals.values()), every=False)]
            self._round(names)
            if time.monotonic() - examined >= EXAMINE_SECONDS:
                self._examine()
                examined = time.monotonic()
            time.sleep(LOOK_SECONDS)

    def _round(self, names: list[str]) -> None:
        """Take in what is there, see to the jobs that run, queue what is named and has no job."""
        try:
            self._take_all()
            self._ok("store")
        except StoreFailed as error:
            self._say_once("store", str(error))
        try:
            for name in sorted(self._portals):
                job = self._jobs.of(name)
                if job is not None:
                    self._see_to(job)
                elif name in names and self._not_before.get(name, 0.0) <= time.monotonic():
                    self._queue(name)
            self._ok("queue")
        except RedisError as error:
            self._say_once("queue", f"the queue does not answer ({error}); what comes from workers is taken in all the same")

    # Jobs

    def _queue(self, name: str) -> None:
        portal = self._portals[name]
        if self._wanted is not None and name not in self._wanted:
            return
        arguments = dict(self._arguments.get(name, {}))
        facts = portal.facts(arguments.get("base_url"))
        self._jobs.queue(make_order(self._archive.conn, facts, arguments), now())
        self._began.setdefault(name, time.monotonic())
        self._show(name)

    def _see_to(self, job: Job) -> None:
        """Notice a job that is over, or that nobody is at any more."""
        portal = self._portals[job.source]
        since = datetime.now(UTC) - moment(job.at)
        if job.state == "queued":
            if since > timedelta(seconds=15) and self._jobs.waiting() == 0:
                self._jobs.forget(job)  # its message is lost: Redis was killed between the two
        elif job.state == "running":
            if not is_leased(self._jobs.redis, hosts_of(portal, self._arguments.get(job.source, {}).get("base_url"))):
                self._died(job)
        elif job.error is not None:
            self._refused(job)
        else:
            missing = job.parts - len(parts_taken(self._archive, job.id))
            if missing > 0 and since > PATIENCE:
                self._say(f"{job.source}: {missing} of {job.parts} parts of {job.id} did not come from {job.worker}; it is crawled again")
            if missing <= 0 or since > PATIENCE:
                self._jobs.forget(job)

    def _died(self, job: Job) -> None:
        """A worker died over a job: what it handed in is in the archive, and the rest is queued again, later and later."""
        self._jobs.forget(job)
        self._deaths[job.source] += 1
        deaths = self._deaths[job.source]
        if parts_taken(self._archive, job.id):
            deaths = self._deaths[job.source] = 1  # it got on all the same
        self._not_before[job.source] = time.monotonic() + (60.0 * 2 ** (deaths - 2) if deaths > 1 else 0.0)
        self._say(f"{job.source}: its worker {job.worker} is gone; it is queued again")
        if deaths >= DEATHS and self._wanted is not None:
            self._end(Ended(job.source, "bad", Counts(), {}, self._seconds(job.source), f"{deaths} workers died over it"))

    def _refused(self, job: Job) -> None:
        """A worker could not begin: that is a crawl that went badly, so that it is tried again later and later."""
        portal = self._portals[job.source]
        facts = portal.facts(self._arguments.get(job.source, {}).get("base_url"))
        with self._archive.transaction() as db:
            db.table("sources").upsert(facts.row(), pk="id")
            db.execute(
                "INSERT INTO crawls (source_id, kind, started_at, finished_at, finish_reason, verdict, code_version)"
                " VALUES (?, 'crawl', ?, ?, 'not started', 'bad', '')",
                (job.source, job.at, job.at),
            )
        self._jobs.forget(job)
        self._end(Ended(job.source, "bad", Counts(), {}, self._seconds(job.source), job.error))

    # Parts

    def _take_all(self) -> None:
        names = self._store.names()
        self._first_seen = {name.file: self._first_seen.get(name.file, time.monotonic()) for name in names}
        for name in names:
            if self.stopped:
                return
            if is_taken(self._archive, name.digest):
                self._store.remove(name)
            elif name.file not in self._left and self._is_its_turn(name):
                self._take(name)

    def _is_its_turn(self, name: PartName) -> bool:
        """Parts of one crawl in their order: an article's section is known from the listing before it. A lost one stops no other."""
        waited = time.monotonic() - self._first_seen[name.file]
        return name.part == 0 or name.part - 1 in parts_taken(self._archive, name.job) or waited > PATIENCE.total_seconds()

    def _take(self, name: PartName) -> None:
        check_floor(self._archive.root)
        here = self._archive.root / f".{name.file}.incoming"
        try:
            self._store.fetch(name, here)
            part = read_part(here, name)
            taken = self._take_in.take(part)
        except (PartDamaged, JournalUnreadable) as error:
            if time.monotonic() - self._first_seen[name.file] > SETTLE_SECONDS or isinstance(error, JournalUnreadable):
                self._left.add(name.file)
                self._say(f"{name.file} is left in {self._store.address}: {error}")
            return
        finally:
            here.unlink(missing_ok=True)
        self._store.remove(name)
        if taken is not None:
            self._tell(taken)

    def _tell(self, taken: TakenIn) -> None:
        source = taken.head.source
        crawl = self._crawls.setdefault(taken.head.job, _Crawl())
        crawl.add(taken)
        self._show(source)
        self._report.update(source, crawl.counts.requests, None, crawl.counts)
        if taken.ended is None:
            return
        self._crawls.pop(taken.head.job)
        self._deaths.pop(source, None)
        if taken.ended in ("shutdown", "lease_lost"):  # gone on with at once
            return
        self._end(Ended(source, taken.verdict or "bad", crawl.counts, dict(crawl.problems), self._seconds(source)))

    def _show(self, source: str) -> None:
        if source not in self._shown:
            self._shown.add(source)
            self._report.of(source)

    def _end(self, ended: Ended) -> None:
        if self._wanted is None or ended.name in self._wanted:
            self.ended.append(ended)
            self._report.ended(ended)
        self._shown.discard(ended.name)
        if self._wanted is not None:
            self._wanted.discard(ended.name)
        self._began.pop(ended.name, None)

    def _seconds(self, name: str) -> float:
        return time.monotonic() - self._began.get(name, time.monotonic())

    # Saying

    def _say_once(self, what: str, text: str) -> None:
        if what not in self._said:
            self._say(text)
        self._said.add(what)

    def _ok(self, what: str) -> None:
        if what in self._said:
            self._said.discard(what)
            self._say(f"the {what} works again")


def clear_incoming(root: Path) -> None:
    """Remove what a killed keeper was fetching; it is fetched again."""
    for path in root.glob(".*.warc.gz.incoming"):
        path.unlink()
