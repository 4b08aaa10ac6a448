"""``scrapy rebuild``: the whole database out of the WARC segments alone, through the same reading, gate and store as a crawl.

The segments are read where they are. Captures are taken in the order they were made; each crawl begins where a robots.txt
was asked for; what a web archive made stands behind a record that says where it is from. What a capture was asked for follows
from its address: a section, a page a section led to, an article, or where one of these was redirected to. What no capture tells
is not made up: requests without an answer, why a crawl ended, how the certificate was at the time.
It is taken over from the archive that is replaced, where there is one (:mod:`scraper.archive.inherited`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.analyse.relevance import THRESHOLD
from scraper.archive.database import ArchiveDatabase
from scraper.archive.findings import Finding, Tell
from scraper.archive.keeper import CrawlKind
from scraper.archive.members import WarcRecord, digest_problems, members, parse_record
from scraper.archive.provenance import is_ours, read_provenance
from scraper.archive.retake import Place, RetakenCrawl
from scraper.archive.segments import SEGMENT_BYTES
from scraper.archive.sums import segment_digest
from scraper.archive.verify_readings import base_url_of
from scraper.fetch.ahead import ReadAhead
from scraper.items import CaptureKind

if TYPE_CHECKING:
    from scraper.portal import PortalSpider

_BATCH = 200
"""Captures in one transaction: an unfinished rebuild is thrown away, so nothing is lost by few of them."""


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild made, and what it could not read. ``reviews``: carried over; None: those of the old archive are not readable.

    ``inherited``: whether what no capture tells could be taken over from the archive that was replaced.
    ``not_again``: articles of the archive that was replaced which the captures did not give again.
    """

    captures: int = 0
    not_again: int = 0
    crawls: int = 0
    copies: int = 0
    reviews: int | None = 0
    inherited: bool = True
    damaged: list[Finding] = field(default_factory=list)
    undeclared: list[str] = field(default_factory=list)


class Rebuild:
    """One rebuild into an empty archive. ``folder`` holds one folder of segments for each source."""

    def __init__(
        self,
        archive: ArchiveDatabase,
        folder: Path,
        portals: Mapping[str, type[PortalSpider]],
        tell: Tell,
        *,
        keep_all: bool = False,
        threshold: float = THRESHOLD,
    ) -> None:
        self._archive = archive
        self._folder = folder
        self._portals = portals
        self._tell = tell
        self._keep_all = keep_all
        self._threshold = threshold
        self._in_place = folder.resolve() == (archive.root / "warcs").resolve()  # which may be a link to a larger disk
        self._ends: dict[str, int] = {}
        self.rebuilt = Rebuilt()

    def run(self) -> Rebuilt:
        """Read everything."""
        archive = self._archive
        archive.conn.execute("PRAGMA synchronous = OFF")
        groups: list[tuple[str, list[Place]]] = []
        for folder in sorted(path for path in self._folder.iterdir() if path.is_dir()):
            files = sorted(folder.glob("*.warc.gz"))
            if folder.name in self._portals:
                groups += [(folder.name, group) for group in _crawls(self._scan(folder.name, files))]
            elif files:
                self.rebuilt.undeclared.append(folder.name)
        groups.sort(key=lambda group: (group[1][0].fetched_at, group[1][0].file, group[1][0].offset))
        with ReadAhead() as reader:
            self._retake(groups, reader)
        self._reopen_newest()
        archive.conn.execute("PRAGMA synchronous = FULL")
        return self.rebuilt

    def _retake(self, groups: list[tuple[str, list[Place]]], reader: ReadAhead) -> None:
        archive = self._archive
        total = sum(len(places) for _, places in groups)
        for source, places in groups:
            spider = self._portals[source]
            base_url = base_url_of(places[0].url)
            archive.claim_origin("demo" if base_url else "live")
            kind: CrawlKind = "crawl" if places[0].asked else "replay"
            facts = spider.facts(base_url)
            crawl = RetakenCrawl(archive, spider, facts, kind, reader, keep_all=self._keep_all, threshold=self._threshold)
            for start in range(0, len(places), _BATCH):
                with archive.transaction():
                    for place in places[start : start + _BATCH]:
                        if crawl.take(place, self._ends[place.file]):
                            self.rebuilt.captures += 1
                        else:
                            self.rebuilt.copies += 1
                self._tell("captures", self.rebuilt.captures, total)
            crawl.keeper.close(places[0], places[-1], sum(place.asked for place in places))
            self.rebuilt.crawls += 1

    # The segments

    def _scan(self, source: str, files: list[Path]) -> list[Place]:
        """The captures of a source in the order they were made, and its rows of ``segments``."""
        places: list[Place] = []
        self._archive.db.table("sources").upsert(self._portals[source].facts().row(), pk="id")
        for done, path in enumerate(files, 1):
            self._tell(f"segments of {source}", done, len(files))
            here = self._archive.root / "warcs" / source / path.name
            file = Path(os.path.relpath(here if self._in_place else path.resolve(), self._archive.root)).as_posix()
            end, opened, found = self._scan_file(path, file)
            places += found
            self._ends[file] = end
            sealed = max(datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), opened)
            self._archive.db.table("segments").insert(
                {
                    "file": file, "source_id": source, "opened_at": opened, "committed_end": end,
                    "sealed_at": sealed, "sha256": segment_digest(path, end),
                }
            )  # fmt: skip
        return sorted(places, key=lambda place: place.fetched_at)

    def _scan_file(self, path: Path, file: str) -> tuple[int, str, list[Place]]:
        """The end of the last whole member, when the file was begun, and its captures."""
        end, opened, places = 0, "", []
        request_for, ours = "", True
        told: dict[str, str | None] = {}
        for member in members(path):
            problems = [member.problem] if member.problem else []
            record: WarcRecord | None = None
            if not problems:
                end = member.end
                try:
                    record = parse_record(member.data)
                    problems = digest_problems(record)
                except ValueError as error:
                    problems = [str(error)]
            if record is None or (problems and request_for == record.record_id):
                torn = member.at_end and record is None
                if not torn:
                    self.rebuilt.damaged.append(Finding("damage", "records", f"{problems[0]}; left out", file=file, offset=member.offset))
                continue
            opened = opened or record.fetched_at
            if record.type == "warcinfo":
                ours = is_ours(record)
            if record.type == "request" and ours:
                request_for = record.headers.get("warc-concurrent-to", "")
            if record.type == "metadata":
                told[record.headers.get("warc-refers-to", "")] = read_provenance(record.block)
            if record.type in ("response", "revisit") and record.status is not None:
                kind: CaptureKind = "revisit" if record.type == "revisit" else "response"
                provenance = told.pop(record.record_id, None if ours else path.name)
                places.append(
                    Place(
                        record.fetched_at, file, member.offset, member.length, record.record_id, kind, record.payload_digest,
                        record.url, record.status, request_for == record.record_id, provenance,
                    )
                )  # fmt: skip
        return end, opened or "2000-01-01T00:00:00Z", places

    def _reopen_newest(self) -> None:
        """The next crawl goes on with the newest segment of a source, when it is ours to write."""
        newest: dict[str, str] = {}
        for file in sorted(self._ends, key=lambda file: Path(file).name):
            newest[Path(file).parent.name] = file
        with self._archive.transaction() as db:
            for file in newest.values():
                path = self._archive.root / file
                if self._in_place and path.stat().st_mode & 0o222 and 0 < self._ends[file] < SEGMENT_BYTES:
                    db.execute("UPDATE segments SET sealed_at = NULL, sha256 = NULL WHERE file = ?", (file,))


def _crawls(places: list[Place]) -> Iterator[list[Place]]:
    """The captures of one crawl each: it begins with robots.txt; what was imported stands for itself."""
    current: list[Place] = []
    for place in places:
        robots = place.asked and urlsplit(place.url).path == "/robots.txt"
        after_robots = bool(current) and urlsplit(current[-1].url).path == "/robots.txt"
        if current and ((robots and not after_robots) or place.asked != current[-1].asked):
            yield current
            current = []
        current.append(place)
    if current:
        yield current
