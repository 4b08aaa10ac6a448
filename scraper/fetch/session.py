"""One crawl of one portal: makes its requests, hands answers to the keeper, and judges the whole at the end."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from scraper.archive import frontier
from scraper.archive.crawls import judge_crawl
from scraper.archive.database import ArchiveError, now, storage_error
from scraper.archive.disk import check_floor
from scraper.archive.frontier import Due
from scraper.archive.keeper import Keeper
from scraper.archive.walk import Walk
from scraper.extract.page import SOFT_PAGES
from scraper.fetch.ahead import ReadAhead
from scraper.fetch.child import read_safely
from scraper.fetch.failures import problem_of
from scraper.fetch.guard import AddressRefused, CrawlEnding
from scraper.fetch.pace import WAIT_UNSAID
from scraper.fetch.reader import Reader
from scraper.fetch.robots import RobotsClosed
from scraper.items import REDIRECTS, Capture, Listing, Problem, Reading
from scraper.report import Shown
from scraper.urls import site_of

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from scraper.portal import PortalSpider

STORAGE_ERRORS = (ArchiveError, sqlite3.OperationalError)
"""What a full or failing disk raises, writing and reading."""
TROUBLE_IN_A_ROW = 10
REFUSALS_IN_A_ROW = 3
DISK_CHECK_EVERY = 50
"""Requests between two looks at the free space."""


class Session:
    """The crawl of one portal between the first request and the last row."""

    def __init__(self, spider: PortalSpider, keeper: Keeper, progress: Shown | None = None, reader: Reader | None = None) -> None:
        self.spider = spider
        self.archive = keeper.archive
        self.keeper = keeper
        self._rereader = ReadAhead()
        self.keeper.reads_by(partial(self._rereader.read, type(spider)), spider.key_at)
        self._progress = progress
        self._reader = reader
        self._answered = 0
        self.verdict = "bad"
        self.reason = ""
        self._asked: set[str] = set()
        self._walks: dict[int, Walk] = {}
        self._search: int | None = None
        self._sections_seen = 0
        self._sections_lost = 0
        self._in_a_row = 0
        self._refusals = 0
        self.leaving: str | None = None
        self.fatal: ArchiveError | None = None
        self._closing: asyncio.Future[None] | None = None

    # Requests

    def section_requests(self) -> Iterator[Request]:
        """The first page of each section, conditional when its last walk was completed."""
        starts = self.keeper.facts.sections
        rows = self.archive.conn.execute(
            "SELECT id, url, etag, last_modified FROM sections WHERE source_id = ? AND url IN (SELECT value FROM json_each(?)) ORDER BY id",
            (self.spider.name, json.dumps(starts)),
        ).fetchall()
        for section_id, url, etag, last_modified in rows:
            self._walks[section_id] = Walk(url)
            if self.spider.search and url == starts[-1]:
                self._search = section_id
            yield self.section_request(url, section_id, etag=etag, last_modified=last_modified)

    def section_request(self, url: str, section_id: int, *, etag: str | None = None, last_modified: str | None = None) -> Request:
        """A request for one page of a section."""
        request = self.request(url, self.spider.parse_section, etag=etag, last_modified=last_modified)
        request.meta["section"] = section_id
        return request.replace(priority=10)

    def request(
        self,
        url: str,
        callback: Callable[..., Any],
        *,
        article_key: str | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Request:
        """A request on the portal's own download slot (host:port is the site), with validators if we have them."""
        headers = {name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified)) if value}
        meta = {"download_slot": site_of(url), "article_key": article_key}
        return Request(url, callback, headers=headers, meta=meta, errback=self.spider.failed, dont_filter=True)

    def due(self, keys: tuple[str, ...] | None = None) -> list[Due]:
        """The articles to ask for now, each once a crawl."""
        found = [
            due
            for due in frontier.due(self.archive.db, self.spider.name, now(), self.spider.asked_since, keys)
            if due.key not in self._asked
        ]
        self._asked.update(due.key for due in found)
        return found

    # Answers

    def keep(self, request: Request, capture: Capture, request_headers: tuple[tuple[str, str], ...]) -> int:
        """Make an answer durable. robots.txt and redirects are done with then; pages are still to be read."""
        if self.fatal is not None:
            raise self.fatal
        self.keeper.counts.requests += 1
        if self.keeper.counts.requests % DISK_CHECK_EVERY == 1:
            check_floor(self.archive.root)
        outcome = "robots" if request.meta.get("is_robots") else "redirect" if capture.status in REDIRECTS else None
        return self.keeper.keep(capture, request_headers, tls=self._tls(capture.url), outcome=outcome)

    def _tls(self, url: str) -> str | None:
        if not url.startswith("https:"):
            return None
        return "unverified" if self.spider.tls == "unverified" else "verified"

    def recover(self) -> None:
        """Read what an earlier crawl stored and was killed before reading."""
        self.keeper.recover()
        self._rereader.close()  # what the crawl fetches is read by another child, and this one is hardly ever needed again

    async def read(self, capture: Capture) -> Reading:
        """Read a page, in the child process if there is one."""
        return await self._reader.read(type(self.spider), capture) if self._reader else read_safely(type(self.spider), capture)

    def abort(self, error: ArchiveError | sqlite3.OperationalError) -> None:
        """Stop the crawl: the archive can not be written. The command says why and exits with the error's code."""
        if self.fatal is None:
            self.fatal = error if isinstance(error, ArchiveError) else storage_error(self.archive.path, error)
            self._closing = asyncio.ensure_future(self.spider.crawler.engine.close_spider_async(reason="archive_failed"))

    def leave(self, wait: timedelta, why: str) -> None:
        """End the crawl and come back no sooner than after ``wait``: the portal asked for it, or does not answer."""
        at = frontier.shift(now(), wait)
        self.keeper.set_not_before(at, Problem("asked_to_wait", f"{why}; not asked again before {at}"))
        if self.leaving is None:
            self.leaving = "asked_to_wait"
            self._closing = asyncio.ensure_future(self.spider.crawler.engine.close_spider_async(reason=self.leaving))

    def refused(self) -> None:
        """The portal answered 429 or 503 and did not say for how long: once may be the page, several times is the portal."""
        self._refusals += 1
        if self._refusals == REFUSALS_IN_A_ROW:
            self.leave(WAIT_UNSAID, f"the portal refused {self._refusals} requests in a row")

    def welcomed(self) -> None:
        """The portal answered something else than 429 and 503."""
        self._refusals = 0

    def _trouble(self, *, failed: bool) -> None:
        """Count failures in a row: a portal that fails this often is left alone for a while."""
        self._in_a_row = self._in_a_row + 1 if failed else 0
        if self._in_a_row == TROUBLE_IN_A_ROW:
            self.leave(WAIT_UNSAID, f"{self._in_a_row} requests in a row failed")

    async def take_listing(self, response: Response) -> tuple[Listing | None, str | None]:
        """Store a page of a section; returns it (None when there is nothing to follow) and the page to ask for next."""
        meta = response.meta
        capture: Capture = meta["capture"]
        walk = self._walks[meta["section"]]
        self._sections_seen += walk.pages == 0
        self._trouble(failed=capture.status >= 500)
        if capture.status == 304:
            self.keeper.unmodified(capture, meta["capture_id"], None)
            return None, None
        reading = await self.read(capture)
        taken = self.keeper.take(capture, meta["capture_id"], reading, section=meta["section"])
        listing = reading.listing
        if listing is None or listing.is_empty:
            self._sections_lost += 1
            return None, None
        if walk.pages == 0 and _is_home(capture.url) and not _is_home(asked := meta.get("redirect_urls", [capture.url])[0]):
            self._sections_lost += 1
            self.keeper.note(asked, Problem("moved", f"the section {asked} leads to the home page"))
            return listing, None  # what the home page names is news all the same
        return listing, self._next_page(meta["section"], walk.after(capture, listing, known_ground=taken.known_ground), listing)

    def _next_page(self, section: int, url: str | None, listing: Listing) -> str | None:
        walk = self._walks[section]
        if url is None:
            if walk.stands_still:
                self.keeper.note(listing.url, Problem("listing_capped", "the pages after the first list the same articles as it"))
            self.keeper.walked(section, walk.validators)
            return None
        since = self.spider.asked_since
        if since and listing.links and all(link.listed_date and link.listed_date < since for link in listing.links):
            return None
        if walk.pages >= self.spider.max_pages:
            self.keeper.note(listing.url, Problem("listing_capped", f"stopped after {walk.pages} pages (max_pages)"))
            return None
        return url

    async def take_article(self, response: Response) -> None:
        """Store an article page, or what stood in its place."""
        meta = response.meta
        capture: Capture = meta["capture"]
        key: str = meta["article_key"]
        self._trouble(failed=capture.status >= 500)
        if capture.status == 304:
            self.keeper.unmodified(capture, meta["capture_id"], key)
            self._show()
            return
        reading = await self.read(capture)
        if self.spider.key_at(capture.url) != key:
            reading = moved(reading, meta.get("redirect_urls", [capture.url])[0], capture.url)
        self.keeper.take(capture, meta["capture_id"], reading, asked_for=key)
        self._show()

    def _show(self) -> None:
        self._answered += 1
        if self._progress:
            self._progress.update(self._answered, len(self._asked), self.keeper.counts)

    def failed(self, failure: Failure) -> None:
        """A request that got no answer, or was not made."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        if isinstance(error, CrawlEnding):
            return
        problem = problem_of(error)
        if isinstance(error, RobotsClosed) and error.everything and request.meta["article_key"]:
            self._trouble(failed=problem.kind in ("unreachable", "damaged"))
            return  # it was not asked for and stays due; the sections say what is wrong
        section = request.meta.get("section")
        # A portal may close its search to robots; its sections are what a crawl stands on.
        self._sections_lost += section is not None and not (problem.kind == "robots_closed" and section == self._search)
        url, *_ = request.meta.get("redirect_urls", [request.url])
        if isinstance(error, AddressRefused) and url != request.url:  # ours is the address to mend, and to say when it is
            problem = Problem(problem.kind, f"{url} leads off: {problem.detail}")
        else:
            url = request.url
        self.keeper.fail(url, problem, request.meta["article_key"])
        self._trouble(failed=problem.kind in ("unreachable", "damaged"))

    def stumbled(self, failure: Failure, request: Request) -> None:
        """A fault of ours over what came of a request: an issue, and no good crawl. An answer waits where it is stored for the next one."""
        self._sections_lost += request.meta.get("section") is not None
        assert failure.value is not None
        self.keeper.fail(request.url, Problem.of_fault("reader_failed", failure.value), request.meta.get("article_key"))

    # The end

    def close(self, reason: str) -> None:
        """Judge the crawl and close its row."""
        self.reason = reason
        self._rereader.close()
        counts, problems = self.keeper.counts, self.keeper.problems
        self.verdict = judge_crawl(reason, counts, problems, seen=self._sections_seen, lost=self._sections_lost)
        try:
            self.keeper.finish(reason, self.verdict)
        except ArchiveError as error:
            self.fatal = self.fatal or error


def moved(reading: Reading, asked: str, answered: str) -> Reading:
    """What it means that an article's address led to another page: a login or maintenance page, or that the article has moved.

    Where that is an article's too, it is read for what it is: no listing may ever name it.
    """
    soft = tuple(problem for problem in reading.problems if problem.kind in SOFT_PAGES)
    where = "the home page" if _is_home(answered) else answered
    there = Problem("moved", f"{asked} leads to {where}")
    if reading.article is not None:
        return Reading(reading.article, rank=reading.rank, problems=(there, *reading.problems))
    return Reading(problems=soft or (there,))


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
