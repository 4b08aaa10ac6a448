"""A crawl in the field: the same requests as at home, answers into parts, pages read only as far as they lead to others."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any, Protocol

from scrapy import Request
from scrapy.http import Response
from sqlite_utils import Database

from scraper.archive.crawls import Counts, SourceFacts
from scraper.archive.database import ArchiveDatabase, ArchiveError, now
from scraper.archive.keeper import Keeper, Taken
from scraper.archive.schema import migrations
from scraper.archive.warc_writer import Record, build_record, build_revisit, payload_digest
from scraper.fetch.session import Session
from scraper.items import Capture, Problem, Reading
from scraper.workers.journal import Step
from scraper.workers.order import Held, Order
from scraper.workers.parts import PartWriter

LEASE_LOST = "lease_lost"
"""Why a crawl ended whose host may be another worker's by now."""


class MayAsk(Protocol):
    """What allows a crawl to ask its host: a lease."""

    def may_ask(self) -> bool:
        """Whether a request may be sent at this moment."""


class FieldArchive(ArchiveDatabase):
    """What an order says of a source, in memory, in the tables that a crawl looks at. ``root``: where its parts are written."""

    def __init__(self, folder: Path, order: Order, facts: SourceFacts) -> None:
        self.path, self.root = folder / "order", folder
        self.conn = sqlite3.connect(":memory:", isolation_level=None)
        self.db = Database(self.conn)
        migrations.apply(self.db)
        with self.transaction() as db:
            db.table("sources").insert(facts.row())
            known: list[tuple[str | None, ...]] = [(facts.id, key, "", None, "done", "", None, None, None) for key in order.known]
            due: list[tuple[str | None, ...]] = [
                (facts.id, one.key, one.url, one.listed_date, "todo", f"{number:08d}", order.queued_at, one.etag, one.last_modified)
                for number, one in enumerate(order.due)
            ]
            insert = (
                "INSERT INTO frontier (source_id, article_key, url, listed_date, state, discovered_at, due_at, etag, last_modified)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            )
            self.conn.executemany(insert, known + due)
            for section in order.sections:
                number = self.conn.execute(
                    "INSERT INTO sections (source_id, url, etag, last_modified, completed_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
                    (facts.id, section.url, section.etag, section.last_modified, order.queued_at if section.completed else None),
                ).fetchone()[0]
                listed = [(number, key, 1) for key in section.settled] + [(number, key, 0) for key in section.open]
                self.conn.executemany("INSERT INTO section_articles (section_id, article_key, settled) VALUES (?, ?, ?)", listed)

    def _committed(self) -> None:
        """Nothing is durable here."""

    def close(self) -> None:
        """Forget it all."""
        self.conn.close()


class FieldKeeper(Keeper):
    """Keeps a crawl in parts. What each answer was asked for goes into their journals; the archive's keeper does the rest."""

    def __init__(self, order: Order, facts: SourceFacts, folder: Path, writer: PartWriter, lease: MayAsk) -> None:
        self.archive = FieldArchive(folder, order, facts)
        self.facts = facts
        self.counts = Counts()
        self.problems: Counter[str] = Counter()
        self.lease = lease
        self._writer = writer
        self._held = dict(order.held)
        self._records: list[str] = []
        self._pending: set[int] = set()
        self._starts = dict(self.archive.conn.execute("SELECT id, url FROM sections").fetchall())
        self.is_over = False

    # Answers

    def keep(
        self, capture: Capture, request_headers: tuple[tuple[str, str], ...], *, tls: str | None = None, outcome: str | None = None
    ) -> int:
        """Store an answer; returns its number in this crawl."""
        record = self._repeated(capture, request_headers) or build_record(capture, request_headers)
        step = Step("kept", capture.fetched_at, record=record.record_id, tls=tls, outcome=outcome)
        self._writer.keep(record, step)
        if capture.status == 200 and record.kind == "response":
            self._held[capture.url] = Held(capture.fetched_at, record.payload_digest)
        self._records.append(record.record_id)
        if outcome is None:
            self._pending.add(len(self._records) - 1)
        return len(self._records) - 1

    def _repeated(self, capture: Capture, request_headers: tuple[tuple[str, str], ...]) -> Record | None:
        """A revisit record, when the last answer of the address has these bytes, or is what a 304 confirms."""
        held = self._held.get(capture.url)
        if held is None:
            return None
        confirmed = capture.status == 304 or (capture.status == 200 and capture.body and held.digest == payload_digest(capture.body))
        return build_revisit(capture, request_headers, (capture.url, held.at), held.digest) if confirmed else None

    def take(
        self, capture: Capture, capture_id: int, reading: Reading, *, asked_for: str | None = None, section: int | None = None
    ) -> Taken:
        """A page of a section: where it leads is what this crawl goes by."""
        assert section is not None
        known_ground = False
        if reading.listing is not None:
            with self.archive.transaction():
                known_ground = self._list(section, reading.listing, capture.fetched_at)
        self._told(capture_id, Step("listing", now(), record=self._records[capture_id], section=self._starts[section]))
        return Taken(None, known_ground)

    def article(self, capture_id: int, key: str, via: str) -> None:
        """An answer where an article was asked for; whether it is one is seen at home."""
        self._told(capture_id, Step("article", now(), record=self._records[capture_id], key=key, via=via))

    def unmodified(self, capture: Capture, capture_id: int, key: str | None) -> None:
        self.counts.unchanged += key is not None
        self._told(capture_id, Step("unmodified", now(), record=self._records[capture_id], key=key))

    def set_outcome(self, capture_id: int, outcome: str) -> None:
        self._told(capture_id, Step("outcome", now(), record=self._records[capture_id], outcome=outcome))

    def recover(self) -> None:
        """Nothing: what a killed worker left is handed in as it is, and read at home."""

    def walked(self, section: int, validators: tuple[str | None, str | None]) -> None:
        super().walked(section, validators)
        etag, last_modified = validators
        self._writer.tell(Step("walked", now(), section=self._starts[section], etag=etag, last_modified=last_modified))

    def _told(self, capture_id: int, step: Step) -> None:
        """Say what an answer was for; then, when no other waits for that, the part may be handed in."""
        self._writer.tell(step)
        self._pending.discard(capture_id)
        if self._writer.is_full and not self._pending and not self.is_over:
            self._writer.turn()

    # What did not work

    def fail(self, url: str, problem: Problem, key: str | None = None) -> None:
        self.counts.failed += key is not None
        self._problem(Step("failed", now(), url=url, kind=problem.kind, detail=problem.detail, key=key))

    def note(self, url: str, problem: Problem) -> None:
        self._problem(Step("noted", now(), url=url, kind=problem.kind, detail=problem.detail))

    def set_not_before(self, at: str, problem: Problem) -> None:
        self._problem(Step("not_before", now(), until=at, kind=problem.kind, detail=problem.detail))

    def _problem(self, step: Step) -> None:
        assert step.kind is not None
        self.problems[step.kind] += 1
        self._writer.tell(step)

    # The end

    def end(self, reason: str, *, seen: int, lost: int) -> None:
        """Seal the last part."""
        self.is_over = True
        self._writer.tell(Step("ended", now(), reason=reason, requests=self.counts.requests, seen=seen, lost=lost))
        self._writer.seal()
        self.archive.close()

    @property
    def parts(self) -> int:
        """How many parts the crawl has."""
        return self._writer.parts


class FieldSession(Session):
    """The crawl of one portal by a worker: no article is read, and nothing is asked without a lease."""

    keeper: FieldKeeper

    def may_ask(self) -> bool:
        """Whether a request may be sent now; when not, the crawl ends."""
        if self.keeper.lease.may_ask():
            return True
        self.give_up()
        return False

    def give_up(self) -> None:
        """End the crawl: the host is another's, or may be."""
        if self.leaving is None:
            self.leaving = LEASE_LOST
            self._closing = asyncio.ensure_future(self.spider.crawler.engine.close_spider_async(reason=LEASE_LOST))

    async def take_article(self, response: Response) -> None:
        """Store an article's page unread."""
        capture: Capture = response.meta["capture"]
        key: str = response.meta["article_key"]
        self._trouble(failed=capture.status >= 500)
        if capture.status == 304:
            self.keeper.unmodified(capture, response.meta["capture_id"], key)
        else:
            self.keeper.article(response.meta["capture_id"], key, response.meta.get("redirect_urls", [capture.url])[0])
        self._show()

    def failed(self, failure: Any) -> None:
        """A request that got no answer; one that was not sent for want of a lease stays due."""
        request: Request = failure.request
        if self.leaving == LEASE_LOST and request.meta.get("capture_id") is None:
            return
        super().failed(failure)

    def close(self, reason: str) -> None:
        """Hand in how the crawl ended; it is judged at home."""
        self.reason = reason
        self.verdict = "handed in"
        try:
            self.keeper.end(reason, seen=self._sections_seen, lost=self._sections_lost)
        except ArchiveError as error:  # what is durable of the open part is sealed at the next start
            self.fatal = self.fatal or error
