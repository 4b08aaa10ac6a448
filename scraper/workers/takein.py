"""A worker's part taken into the archive: its bytes into our segments, then its journal step by step, as the crawl itself would have.

Exactly once, in whatever order parts come: everything that a part changes is one transaction, and the part's digest is in it. Bytes
that were appended for a part whose transaction never came are cut off at the next opening, as after any kill.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from scraper.analyse.relevance import THRESHOLD
from scraper.archive.crawls import Counts
from scraper.archive.database import ArchiveDatabase, now
from scraper.archive.segments import Segments
from scraper.fetch.ahead import ReadAhead, Waiting
from scraper.fetch.session import moved
from scraper.items import Capture, Problem, Reading
from scraper.portal import PortalSpider
from scraper.workers.journal import Head, Step
from scraper.workers.part_keeper import PartKeeper
from scraper.workers.parts import Answer, Part, PartDamaged


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a part gave. ``ended``: why its crawl ended, None while more parts are to come or its worker was killed."""

    head: Head
    counts: Counts
    problems: Mapping[str, int]
    captures: int
    ended: str | None = None
    verdict: str | None = None


def is_taken(archive: ArchiveDatabase, digest: str) -> bool:
    """Whether a part is in the archive, by the beginning of its digest."""
    last = f"{digest}g"  # behind every digest that begins so
    return archive.conn.execute("SELECT 1 FROM imports WHERE sha256 >= ? AND sha256 < ?", (digest, last)).fetchone() is not None


def parts_taken(archive: ArchiveDatabase, job: str) -> set[int]:
    """The numbers of a crawl's parts that are in the archive."""
    return {number for (number,) in archive.conn.execute("SELECT part FROM imports WHERE job_id = ?", (job,))}


class TakeIn:
    """Takes parts into one archive; pages are read in the reading child while others are stored."""

    def __init__(
        self, archive: ArchiveDatabase, portals: Mapping[str, type[PortalSpider]], reader: ReadAhead, threshold: float = THRESHOLD
    ) -> None:
        self._archive = archive
        self._portals = portals
        self._reader = reader
        self._threshold = threshold

    def take(self, part: Part) -> TakenIn | None:
        """Take in one part; None when it is in the archive already. Raise :class:`PartDamaged` for one that cannot be ours."""
        head = part.head
        portal = self._portals.get(head.source)
        if portal is None:
            raise PartDamaged(f"there is no portal {head.source!r} here")
        for answer in part.answers:
            if not _owned(portal, answer.capture.url, head.base_url):
                raise PartDamaged(f"{answer.capture.url[:200]} is not on {head.source}")
        if is_taken(self._archive, part.sha256):
            return None
        facts = portal.facts(head.base_url)
        with self._archive.transaction() as db:
            db.table("sources").upsert(facts.row(), pk="id")
        # The bytes first: no row may point past what is durable. What has no row when we are killed is cut at the next opening.
        segments = Segments(self._archive, facts.id)
        segments.recover(None)
        try:
            start = segments.append(b"".join(answer.record.data for answer in part.answers)) if part.answers else 0
            readings = self._begin_reading(portal, part)
            with self._archive.transaction() as db:
                keeper = PartKeeper(self._archive, facts, part, segments, self._threshold)
                keeper.reads_by(partial(self._reader.read, portal), portal.key_at)
                taken = _Telling(keeper, portal, part, self._reader, readings, start).run()
                db.table("imports").insert(
                    {
                        "sha256": part.sha256, "job_id": head.job, "part": head.part, "captures": len(part.answers),
                        "imported_at": now(),
                    }
                )  # fmt: skip
        finally:
            segments.close()
        return taken

    def _begin_reading(self, portal: type[PortalSpider], part: Part) -> dict[str, Waiting]:
        """Have the child begin with every page that will be read; what repeats an earlier answer has no body yet."""
        said = {step.record: step for step in part.steps if step.do == "kept"}
        return {
            answer.record.record_id: self._reader.begin(portal, answer.capture)
            for answer in part.answers
            if answer.record.kind == "response"
            and answer.capture.status != 304
            and (step := said.get(answer.record.record_id)) is not None
            and step.outcome is None
        }


class _Telling:
    """One part told to the archive."""

    def __init__(
        self,
        keeper: PartKeeper,
        portal: type[PortalSpider],
        part: Part,
        reader: ReadAhead,
        readings: Mapping[str, Waiting],
        start: int,
    ) -> None:
        self._keeper = keeper
        self._reader = reader
        self._portal = portal
        self._part = part
        self._readings = readings
        self._answers: dict[str, tuple[Answer, int]] = {}
        for answer in part.answers:
            self._answers[answer.record.record_id] = (answer, start)
            start += len(answer.record.data)
        self._numbers: dict[str, int] = {}
        self._open: dict[str, None] = {}
        rows = keeper.archive.conn.execute("SELECT url, id FROM sections WHERE source_id = ?", (keeper.facts.id,)).fetchall()
        self._sections: dict[str, int] = dict(rows)

    def run(self) -> TakenIn:
        """Tell every step; then read what was stored and not told of, because its worker was killed in between."""
        ended: Step | None = None
        doings: dict[str, Callable[[Step], None]] = {
            "kept": self._kept, "outcome": self._outcome, "listing": self._listing, "article": self._article,
            "unmodified": self._unmodified, "walked": self._walked, "failed": self._failed, "noted": self._noted,
            "not_before": self._not_before,
        }  # fmt: skip
        for step in self._part.steps:
            self._keeper.at(step)
            if step.do == "ended":
                ended = step
            else:
                doings[step.do](step)
        for record_id in self._answers.keys() - self._numbers.keys():  # the journal lost its end with the power
            answer, start = self._answers[record_id]
            self._numbers[record_id] = self._keeper.place(answer, start)
            self._open[record_id] = None
        for record_id in list(self._open):
            self._interrupted(record_id)
        keeper = self._keeper
        keeper.counts.requests = len(self._part.answers)
        verdict = keeper.done(ended)
        reason = (ended.reason or "") if ended else None
        return TakenIn(self._part.head, keeper.counts, dict(keeper.problems), len(self._part.answers), reason, verdict)

    def _kept(self, step: Step) -> None:
        assert step.record is not None
        answer, start = self._answers[step.record]
        number = self._keeper.place(answer, start)
        self._numbers[step.record] = number
        if step.tls or step.outcome:
            self._keeper.archive.conn.execute("UPDATE captures SET tls = ?, outcome = ? WHERE id = ?", (step.tls, step.outcome, number))
        if step.outcome is None:
            self._open[step.record] = None

    def _of(self, step: Step) -> tuple[Capture, int, str]:
        """The capture a step is about, which is told with it."""
        assert step.record is not None
        self._open.pop(step.record, None)
        return self._answers[step.record][0].capture, self._numbers[step.record], step.record

    def _outcome(self, step: Step) -> None:
        _, number, _ = self._of(step)
        self._keeper.set_outcome(number, step.outcome or "other")

    def _listing(self, step: Step) -> None:
        capture, number, record_id = self._of(step)
        section = self._sections.get(step.section or "")
        reading = self._read(capture, record_id)
        self._keeper.take(self._whole(capture, record_id), number, reading, section=section)

    def _article(self, step: Step) -> None:
        capture, number, record_id = self._of(step)
        reading = self._read(capture, record_id)
        if self._portal.key_at(capture.url) != step.key:
            reading = moved(reading, step.via or capture.url, capture.url)
        self._keeper.take(self._whole(capture, record_id), number, reading, asked_for=step.key)

    def _unmodified(self, step: Step) -> None:
        capture, number, _ = self._of(step)
        self._keeper.unmodified(capture, number, step.key)

    def _walked(self, step: Step) -> None:
        section = self._sections.get(step.section or "")
        if section is not None:
            self._keeper.walked_then(section, step)

    def _failed(self, step: Step) -> None:
        self._keeper.fail(step.url or "", _problem(step), step.key)

    def _noted(self, step: Step) -> None:
        self._keeper.note(step.url or "", _problem(step))

    def _not_before(self, step: Step) -> None:
        self._keeper.set_not_before(step.until or step.at, _problem(step))

    def _interrupted(self, record_id: str) -> None:
        capture, number = self._answers[record_id][0].capture, self._numbers[record_id]
        key = self._portal.key_at(capture.url)
        if key is None or capture.status == 304:
            self._keeper.set_outcome(number, "robots" if urlsplit(capture.url).path == "/robots.txt" else "interrupted")
        else:
            self._keeper.take(self._whole(capture, record_id), number, self._read(capture, record_id), asked_for=key)

    def _read(self, capture: Capture, record_id: str) -> Reading:
        waiting = self._readings.get(record_id)
        if waiting is not None:
            return waiting.reading()
        return self._reader.read(self._portal, self._whole(capture, record_id))

    def _whole(self, capture: Capture, record_id: str) -> Capture:
        """A repeated answer with the body of what it repeats."""
        record = self._answers[record_id][0].record
        return self._keeper.with_body(capture, record.payload_digest) or capture if record.kind == "revisit" else capture


def _problem(step: Step) -> Problem:
    return Problem(step.kind or "unreachable", step.detail or "")


def _owned(portal: type[PortalSpider], url: str, base_url: str | None) -> bool:
    try:
        return portal.owns(url, base_url)
    except ValueError:
        return False
