"""One backfill of one portal: what to ask an archive next, and what becomes of its answers.

One request at a time: each answer is stored, with the row that says so, before the next is asked for. The middlewares of a
crawl stand in between and find here what they need of a session.
"""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from scraper.archive import frontier, holdings
from scraper.archive.database import ArchiveError, now, storage_error
from scraper.archive.disk import check_floor
from scraper.archive.holdings import Listing, Wanted
from scraper.archive.issues import close_issues
from scraper.archive.keeper import Keeper
from scraper.archive.provenance import Provenance
from scraper.backfill.lists import Lists, Source, label_of
from scraper.backfill.unwrap import NotTheCapture, record_from, unwrap
from scraper.fetch.ahead import ReadAhead
from scraper.fetch.child import read_safely
from scraper.fetch.failures import problem_of
from scraper.fetch.guard import AddressRefused, CrawlEnding
from scraper.fetch.pace import WAIT_UNSAID
from scraper.fetch.reader import Reader
from scraper.fetch.robots import RobotsClosed
from scraper.fetch.session import DISK_CHECK_EVERY
from scraper.items import REDIRECTS, Capture, Problem, Reading
from scraper.report import ProgressReport
from scraper.urls import site_of

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from scraper.backfill.spider import BackfillSpider
    from scraper.portal import PortalSpider

_ASKED_TO_WAIT = frozenset({429, 503})
TROUBLE_IN_A_ROW = 3
"""Requests in a row that failed, after which an archive is left alone: theirs answer with a wall when they are asked on and on."""


class BackfillSession:
    """The backfill between the first request and the last row."""

    def __init__(
        self,
        family: type[PortalSpider],
        source: Source,
        keeper: Keeper,
        *,
        since: str = "",
        until: str = "",
        limit: int | None = None,
        list_only: bool = False,
        relist: bool = False,
        progress: ProgressReport | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.family = family
        self.source = source
        self.keeper = keeper
        self.archive = keeper.archive
        self._rereader = ReadAhead()
        keeper.reads_by(partial(self._rereader.read, family), family.key_at)
        self._lists = Lists(family, source, keeper, since=since, until=until, relist=relist)
        self._left = limit
        self._list_only = list_only
        self._progress, self._reader = progress, reader
        self._sites = {site_of(source.address)} | ({site_of(source.data)} if source.data else set())
        if source.address.startswith("https://index.commoncrawl.org/"):
            self._sites.add("data.commoncrawl.org")
        self._lists_lost: set[int] = set()
        self._in_a_row = 0
        self._answered = 0
        self.leaving: str | None = None
        self.fatal: ArchiveError | None = None
        self.spider: BackfillSpider | None = None
        self.verdict = "bad"
        self.reason = ""
        self.is_through = False
        """Whether it came to where there is nothing more to ask: a fault of ours breaks the chain of requests."""
        self._closing: asyncio.Future[None] | None = None

    # What is asked for

    def begin(self) -> None:
        """Read what an earlier run was killed over, and see that the lists are asked for."""
        self.keeper.recover()
        self._lists.open()

    async def next_request(self) -> Request | None:
        """The next thing to ask the archive; None when there is nothing more, or nothing more today."""
        while self.leaving is None and self.fatal is None:
            db = self.archive.db
            open_lists = holdings.open_listings(db, self.family.name, self.source.archives)
            for listing in open_lists:
                if listing.id not in self._lists_lost:
                    return self._listing_request(listing)
            with self.archive.transaction():
                holdings.choose_all(db, self.family.name)
            if self._list_only:
                return None
            await self._take_sightings()
            if self._left is not None and self._left <= 0:
                return None
            wanted = holdings.next_wanted(db, self.family.name, self.source.archives, now())
            if wanted is not None:
                return self._capture_request(wanted)
            with self.archive.transaction():
                if not holdings.release_twins(db, self.family.name):
                    return None
        return None

    def _listing_request(self, listing: Listing) -> Request:
        return self._request(self._lists.query(listing), {"listing": listing})

    def _capture_request(self, wanted: Wanted) -> Request:
        if self._left is not None:
            self._left -= 1
        headers = {}
        if wanted.byte_range:
            offset, length = map(int, wanted.byte_range.split("-"))
            headers = {"Range": f"bytes={offset}-{offset + length - 1}", "Accept-Encoding": "identity"}
        return self._request(wanted.place, {"wanted": wanted}, headers)

    def _request(self, url: str, meta: dict[str, object], headers: dict[str, str] | None = None) -> Request:
        assert self.spider is not None
        about = {"download_slot": site_of(url), **meta}
        return Request(url, self.spider.answered, headers=headers, meta=about, errback=self.spider.failed, dont_filter=True)

    def owns(self, url: str) -> bool:
        """Whether an address is on the archive that was named."""
        return site_of(url) in self._sites

    # Answers, next to the wire

    def keep(self, request: Request, answer: Capture, request_headers: tuple[tuple[str, str], ...]) -> int:
        """Make the capture in an answer durable; robots.txt and lists hold none (0)."""
        if self.fatal is not None:
            raise self.fatal
        self.keeper.counts.requests += 1
        if self.keeper.counts.requests % DISK_CHECK_EVERY == 1:
            check_floor(self.archive.root)
        request.meta.pop("refused", None)  # of the answer before, where it is asked again after a pause
        no_capture = answer.status in REDIRECTS or answer.status in _ASKED_TO_WAIT
        if request.meta.get("is_robots") or "listing" in request.meta or no_capture:
            return 0
        try:
            capture, capture_id = self._keep(request.meta["wanted"], answer)
        except NotTheCapture as reason:
            request.meta["refused"] = reason
            return 0
        request.meta["original"] = capture
        return capture_id

    def _keep(self, wanted: Wanted, answer: Capture) -> tuple[Capture, int]:
        server = self.source.server(wanted.archive)
        done = partial(self._done, wanted)
        if wanted.byte_range is None:
            capture, confirmed = unwrap(answer, wanted)
            provenance = Provenance(label_of(server), answer.url, answer.fetched_at, confirmed)
            return capture, self.keeper.keep_archived(capture, provenance, then=done)
        record, data, confirmed = record_from(answer, wanted)
        assert record.capture is not None
        offset, length = wanted.byte_range.split("-")
        provenance = Provenance(label_of(server), f"{wanted.place} at {offset}, {length} bytes", answer.fetched_at, confirmed)
        return record.capture, self.keeper.keep_archived(record.capture, provenance, member=record, data=data, then=done)

    def _done(self, wanted: Wanted, capture_id: int) -> None:
        """Within the transaction of a capture's row: it is here, and what was said of its place is past."""
        holdings.mark_done(self.archive.db, wanted, capture_id)
        self._settle(wanted.place)

    def _settle(self, address: str) -> None:
        for url in (address, self.source.address):
            close_issues(self.archive.db, self.family.name, url, now())

    # Answers

    async def take(self, response: Response) -> None:
        """Store what an answer says: a page of a list, or the article of a capture."""
        meta = response.meta
        if response.status in _ASKED_TO_WAIT:  # the pace has seen to it; what was asked for is asked for another day
            return
        if "listing" in meta:
            self._take_listing(meta["listing"], response)
            return
        wanted: Wanted = meta["wanted"]
        refused: NotTheCapture | None = meta.get("refused")
        if refused is not None or "original" not in meta:
            reason = str(refused or f"the archive answered {response.status}")
            self._capture_failed(wanted, Problem("not_captured", reason), for_good=refused is None or refused.for_good)
            self._trouble(failed=response.status >= 500)
            return
        self._trouble(failed=False)
        capture: Capture = meta["original"]
        self.keeper.take(capture, meta["capture_id"], await self._read(capture))
        await self._take_sightings(wanted.digest)
        self._show()

    def _take_listing(self, listing: Listing, response: Response) -> None:
        capture: Capture = response.meta["capture"]
        try:
            self._lists.take(listing, capture)
        except ValueError as error:  # what is no list, is damaged, or names a server of no known kind
            self._listing_failed(listing, Problem("archive_unlisted", f"{response.url}: {error}"))
            self._trouble(failed=response.status >= 500)
            return
        with self.archive.transaction():
            self._settle(listing.archive)
        self._trouble(failed=False)
        self._show()

    async def _take_sightings(self, digest: str | None = None) -> None:
        """Store that content we have was seen again, at other times or addresses, without asking for it."""
        for sighting in holdings.sightings(self.archive.db, self.family.name, digest):
            wanted = sighting.wanted
            original = self.keeper.stored(sighting.original)
            capture = replace(original, url=wanted.url, fetched_at=wanted.captured_at)
            label = label_of(self.source.server(wanted.archive))
            provenance = Provenance(label, f"its index, which lists {wanted.digest} as in an earlier capture; not fetched", now(), True)
            done = partial(self._done, wanted)
            capture_id = self.keeper.keep_archived(capture, provenance, same_as=sighting.original, then=done)
            self.keeper.take(capture, capture_id, await self._read(capture))

    async def _read(self, capture: Capture) -> Reading:
        return await self._reader.read(self.family, capture) if self._reader else read_safely(self.family, capture)

    def _show(self) -> None:
        self._answered += 1
        if self._progress:
            waiting = holdings.tally(self.archive.db, self.family.name)["todo"]
            self._progress.update(self._answered, self._answered + waiting, self.keeper.counts)

    # What did not work

    def failed(self, failure: Failure) -> None:
        """A request that got no answer, or was not made."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        if isinstance(error, CrawlEnding):
            return
        problem = problem_of(error)
        listing: Listing | None = request.meta.get("listing")
        if listing is not None:
            if isinstance(error, DownloadCancelledError) and self._lists.divide(listing):
                return
            self._listing_failed(listing, problem)
        elif isinstance(error, RobotsClosed):  # which says nothing of this capture
            self.keeper.note(request.url, problem)
        else:
            too_large = isinstance(error, DownloadCancelledError)
            refused = isinstance(error, AddressRefused)
            self._capture_failed(request.meta["wanted"], problem, for_good=too_large or refused)
        if isinstance(error, RobotsClosed):
            self._end("robots_closed")
        self._trouble(failed=problem.kind in ("unreachable", "damaged") and not isinstance(error, DownloadCancelledError))

    def _listing_failed(self, listing: Listing, problem: Problem) -> None:
        self._lists_lost.add(listing.id)
        with self.archive.transaction() as db:
            holdings.listing_failed(db, listing)
        self.keeper.note(listing.archive, problem)

    def _capture_failed(self, wanted: Wanted, problem: Problem, *, for_good: bool) -> None:
        self.keeper.counts.failed += 1
        with self.archive.transaction() as db:
            holdings.mark_failed(db, wanted, problem.detail, now(), for_good=for_good)
        self.keeper.note(wanted.place, problem)
        self._show()

    def _trouble(self, *, failed: bool) -> None:
        self._in_a_row = self._in_a_row + 1 if failed else 0
        if self._in_a_row == TROUBLE_IN_A_ROW:
            self.leave(WAIT_UNSAID, f"{self._in_a_row} requests in a row failed")

    # What the middlewares say

    def abort(self, error: ArchiveError | sqlite3.OperationalError) -> None:
        """Stop: our archive can not be written."""
        if self.fatal is None:
            self.fatal = error if isinstance(error, ArchiveError) else storage_error(self.archive.path, error)
            self._end("archive_failed")

    def leave(self, wait: timedelta, why: str) -> None:
        """End, and come back no sooner than after ``wait``: the archive asked for it, or does not answer."""
        at = frontier.shift(now(), wait)
        with self.archive.transaction() as db:
            holdings.rest(db, self.source.address, at)
        self.keeper.note(self.source.address, Problem("asked_to_wait", f"{why}; not asked again before {at}"))
        self._end("asked_to_wait")

    def refused(self) -> None:
        """The archive answered 429 or 503 and did not say for how long: it means it."""
        self.leave(WAIT_UNSAID, "the archive asked to be asked less")

    def stumbled(self, failure: Failure, request: Request) -> None:
        """A fault of ours over what came of a request: an issue."""
        assert failure.value is not None
        self.keeper.note(request.url, Problem.of_fault("reader_failed", failure.value))

    def welcomed(self) -> None:
        """The archive answered something else than 429 and 503."""

    def _end(self, reason: str) -> None:
        if self.leaving is None and self.spider is not None:
            self.leaving = reason
            self._closing = asyncio.ensure_future(self.spider.crawler.engine.close_spider_async(reason=reason))

    def close(self, reason: str) -> None:
        """Judge the backfill and close its row."""
        self.reason = reason
        self._rereader.close()
        counts = holdings.tally(self.archive.db, self.family.name)
        if reason != "finished" or self._lists_lost or not self.is_through:
            self.verdict = "bad"
        elif counts["failed"] or counts["given_up"] or self.keeper.counts.failed:
            self.verdict = "doubtful"
        else:
            self.verdict = "good"
        try:
            self.keeper.finish(reason, self.verdict)
        except ArchiveError as error:
            self.fatal = self.fatal or error
