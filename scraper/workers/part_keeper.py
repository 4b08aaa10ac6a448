"""The keeper of one part: as of a crawl, but told of what happened elsewhere and earlier, and one of several of the same crawl."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from sqlite_utils import Database

from scraper import __version__
from scraper.archive.crawls import Counts, SourceFacts, judge_crawl
from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import CrawlKind, Keeper
from scraper.archive.segments import Segments
from scraper.workers.journal import Step
from scraper.workers.parts import Answer, Part


@dataclass
class _Remembered:
    """What a crawl must remember from part to part."""

    problems: Counter[str] = field(default_factory=Counter)
    boilerplate: set[str] = field(default_factory=set)
    again: int = 0

    @classmethod
    def of(cls, text: str) -> _Remembered:
        said = json.loads(text)
        return cls(Counter(said["problems"]), set(said["boilerplate"]), said.get("again", 0))

    @property
    def text(self) -> str:
        told = {"problems": dict(sorted(self.problems.items())), "boilerplate": sorted(self.boilerplate), "again": self.again}
        return json.dumps(told)


class PartKeeper(Keeper):
    """The keeper of one part; parts of one crawl share its row of ``crawls``."""

    def __init__(self, archive: ArchiveDatabase, facts: SourceFacts, part: Part, segments: Segments, threshold: float) -> None:
        self._part = part
        self._at = part.head.started_at
        self.earlier = _Remembered()
        super().__init__(archive, facts, "crawl", threshold=threshold, segments=segments)
        self._boilerplate = set(self.earlier.boilerplate)

    def clock(self) -> str:
        """The time of the step that is told, not of its telling."""
        return self._at

    def at(self, step: Step) -> None:
        """Go on to a step."""
        self._at = step.at

    def _begin(self, db: Database, kind: CrawlKind) -> int:
        head = self._part.head
        row = db.execute("SELECT crawl_id, memory FROM jobs WHERE id = ?", (head.job,)).fetchone()
        if row is not None:
            self.earlier = _Remembered.of(row[1])
            return int(row[0])
        crawl_id: int = db.execute(
            "INSERT INTO crawls (source_id, kind, started_at, code_version) VALUES (?, ?, ?, ?) RETURNING id",
            (head.source, kind, head.started_at, __version__),
        ).fetchone()[0]
        values = {"id": head.job, "source_id": head.source, "crawl_id": crawl_id, "worker": head.worker, "memory": self.earlier.text}
        db.table("jobs").insert(values)
        return crawl_id

    def place(self, answer: Answer, start: int) -> int:
        """The row of an answer whose request stands at ``start`` in our segment."""
        record = answer.record
        return self._index(answer.capture, record, start + record.response_at, len(record.data) - record.response_at)

    def walked_then(self, section: int, step: Step) -> None:
        """A walk was completed; when a later one has been over the section since, that says more."""
        row = self.archive.conn.execute("SELECT last_walked_at FROM sections WHERE id = ?", (section,)).fetchone()
        if row is not None and (row[0] is None or row[0] <= step.at):
            self.walked(section, (step.etag, step.last_modified))

    def _fail(self, key: str, at: str, *, was_there: bool = False) -> None:
        """As in a crawl; but one that was read by a later crawl is not to be asked for again."""
        row = self.archive.conn.execute(
            "SELECT asked_at FROM frontier WHERE source_id = ? AND article_key = ?", (self.facts.id, key)
        ).fetchone()
        if row is not None and row[0] is not None and row[0] > at:
            self.counts.failed += 1
            self.counts.again += was_there
        else:
            super()._fail(key, at, was_there=was_there)

    def done(self, ended: Step | None) -> str | None:
        """Add this part to its crawl, and to the list of those taken; returns the crawl's verdict when it is over."""
        db = self.archive.db
        counted = {name: count for name, count in self.counts.row().items() if name != "requests"}
        additions = ", ".join(f"{name} = {name} + :{name}" for name in counted)
        db.execute(f"UPDATE crawls SET {additions}, requests = requests + :asked WHERE id = :crawl_id",
                   {**counted, "asked": self.counts.requests, "crawl_id": self.crawl_id})  # fmt: skip
        memory = _Remembered(self.earlier.problems + self.problems, self._boilerplate, self.earlier.again + self.counts.again)
        db.execute("UPDATE jobs SET memory = ? WHERE id = ?", (memory.text, self._part.head.job))
        verdict = None
        if ended is not None:
            row = db.execute(f"SELECT {', '.join(_JUDGED)} FROM crawls WHERE id = ?", (self.crawl_id,)).fetchone()
            counts = Counts(**dict(zip(_JUDGED, row, strict=True)), again=memory.again)
            verdict = judge_crawl(ended.reason or "", counts, memory.problems, seen=ended.seen or 0, lost=ended.lost or 0)
            ending = {"finished_at": ended.at, "finish_reason": ended.reason, "verdict": verdict}
            db.table("crawls").update(self.crawl_id, ending)
        return verdict


_JUDGED = ("requests", "new", "changed", "unchanged", "off_topic", "failed", "issues")
