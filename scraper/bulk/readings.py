"""One WARC file in, one file of readings out: the unit of work that every engine maps over a collection."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scraper.archive.articles import EXTRACTOR
from scraper.archive.warc_reader import NotAWarcError, StoredRecord, read_records
from scraper.cms import families
from scraper.cms.family import Family
from scraper.fetch.child import read_alone
from scraper.items import REDIRECTS, Article, Capture, Problem, Reading
from scraper.portal import portals
from scraper.urls import site_of

ENDING = ".jsonl.gz"


@dataclass(frozen=True, slots=True)
class Task:
    """One WARC file to be read: where its readings go, and the family for pages of portals that nobody declared (None: left out)."""

    warc: str
    to: str
    family: str | None = None


@dataclass(slots=True)
class Done:
    """What reading one file gave. ``kinds``: how many captures were articles, listings, refused, repeated, foreign, other.

    ``process`` read it between ``began`` and ``ended``, seconds of its machine's clock that only runs.
    """

    warc: str
    kinds: Counter[str] = field(default_factory=Counter)
    problem: str | None = None
    process: int = 0
    began: float = 0.0
    ended: float = 0.0

    @property
    def captures(self) -> int:
        """All of them."""
        return self.kinds.total()


def read_warc(task: Task) -> Done:
    """Read every capture of a file. The readings appear under their name in one step, when all of them are durable."""
    done = Done(task.warc, process=os.getpid(), began=time.monotonic())
    target = Path(task.to)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as stream:
            with gzip.open(stream, "wt", encoding="utf-8", compresslevel=4) as lines:
                for said in _readings(task, done.kinds):
                    lines.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileNotFoundError):  # another run to the same folder was sooner, and its readings are as good
            partial.replace(target)
        for left in target.parent.glob(f"{target.name}.*.partial"):  # of a run that was killed
            left.unlink(missing_ok=True)
    except NotAWarcError as error:
        done.problem = str(error)
    finally:
        partial.unlink(missing_ok=True)
    done.ended = time.monotonic()
    return done


class Families:
    """Who reads a capture: the portal whose folder its file stands in, else the one whose site it is of, else a family named."""

    def __init__(self, warc: Path, fallback: str | None) -> None:
        known = portals()
        self._whole: type[Family] | None = known.get(warc.parent.name)
        self._by_site: Mapping[str, type[Family]] = {
            site: portal for portal in reversed(known.values()) for site in (site_of(portal.home), *portal.hosts)
        }
        self._fallback = families()[fallback] if fallback else None

    def of(self, url: str) -> type[Family] | None:
        """The family that reads an address; None for a stranger's."""
        if self._whole is not None:
            return self._whole
        try:
            return self._by_site.get(site_of(url), self._fallback)
        except ValueError:
            return None


def _readings(task: Task, kinds: Counter[str]) -> Iterator[dict[str, Any]]:
    path = Path(task.warc)
    readers = Families(path, task.family)
    for record in read_records(path):
        if record.capture is None:
            kinds["unreadable"] += 1
            yield {"offset": record.offset, "problems": [{"kind": "warc_unreadable", "detail": record.problem or "it holds no answer"}]}
            continue
        family = readers.of(record.capture.url)
        if family is None:
            kinds["foreign"] += 1
            continue
        said = _about(record, record.capture)
        reading = _reading(family, record)
        kinds[_kind(record, reading)] += 1
        yield said | (_told(family, reading) if reading is not None else {})


def _about(record: StoredRecord, capture: Capture) -> dict[str, Any]:
    return {
        "url": capture.url,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "record_id": record.record_id,
        "payload_digest": record.payload_digest,
        "offset": record.offset,
        "repeats": record.kind == "revisit",
    }


def _reading(family: type[Family], record: StoredRecord) -> Reading | None:
    """What a capture says; None for one that has nothing to say: redirects, robots.txt, and what repeats an earlier one (its digest)."""
    capture = record.capture
    assert capture is not None
    if record.kind == "revisit" or capture.status == 304 or capture.status in REDIRECTS or capture.url.endswith("/robots.txt"):
        return None
    return read_alone(family, capture) if record.truncated is None else Reading(problems=(Problem.of_part(record.truncated),))


def _kind(record: StoredRecord, reading: Reading | None) -> str:
    if reading is None:
        return "repeated" if record.kind == "revisit" else "other"
    if reading.article:
        return "article"
    return "listing" if reading.listing else "refused"


def _told(family: type[Family], reading: Reading) -> dict[str, Any]:
    said: dict[str, Any] = {"cms": family.cms, "extractor": EXTRACTOR, "rank": reading.rank}
    if reading.article is not None:
        said["article"] = article_as_json(reading.article)
    if reading.listing is not None:
        said["listing"] = asdict(reading.listing)
    said["problems"] = [asdict(problem) for problem in reading.problems]
    return said


def article_as_json(article: Article) -> dict[str, Any]:
    """An article with its digest, as archive.db has it in ``revisions.content_digest``."""
    return {**asdict(article), "evidence": dict(article.evidence), "content_digest": article.content_digest}
