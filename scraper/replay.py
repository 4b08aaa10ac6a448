"""Replay: the captures of a WARC, in whatever order, through the same reading, gate and store as a live crawl.

Records of a foreign WARC (also in a WACZ, also packed with zstd) are first copied into our own segments, byte for byte where they
are gzip members and packed anew where they are not, so that every row can be traced to a capture we hold. Records of our own
segments are read where they are.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from scraper.analyse.relevance import THRESHOLD
from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.archive.segments import AT_ONCE
from scraper.archive.wacz import is_wacz, warcs_in
from scraper.archive.warc_reader import StoredRecord, member_bytes, read_records
from scraper.archive.warc_writer import one_line
from scraper.fetch.ahead import ReadAhead, Waiting
from scraper.items import REDIRECTS, Capture, Problem
from scraper.portal import PortalSpider


class Replay:
    """One replay into one archive; :meth:`run` may be called for several files."""

    def __init__(
        self,
        archive: ArchiveDatabase,
        spider: type[PortalSpider],
        reader: ReadAhead,
        *,
        keep_all: bool = False,
        threshold: float = THRESHOLD,
    ) -> None:
        self.archive = archive
        self.spider = spider
        self.keeper = Keeper(archive, spider.facts(), "replay", keep_all=keep_all, threshold=threshold)
        self.keeper.reads_by(partial(reader.read, spider), spider.key_at)
        self._latest = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._reader = reader
        self.read = 0
        self.known = 0
        self.foreign = 0
        self.revisits = 0
        self.verdict = "good"

    def run(self, file: Path) -> Iterator[int]:
        """Take in one file, WARC (plain, gzip, zstd) or WACZ; yields the number of captures read so far after each batch."""
        shown = _shown(file.name)
        if is_wacz(file):
            for inner in warcs_in(file):
                name = f"{shown}!{inner.name}"
                if inner.problem:
                    self._unreadable(name, 0, inner.problem)
                if inner.path.stat().st_size:
                    yield from self._run(inner.path, name, own=False)
        else:
            yield from self._run(file, shown, own=self._is_own(file))

    def _is_own(self, file: Path) -> bool:
        """Whether a file is one of our segments, and not one that somebody laid beside them."""
        files = self.archive.conn.execute("SELECT file FROM segments").fetchall()
        return file.resolve() in {(self.archive.root / name).resolve() for (name,) in files}

    def _run(self, file: Path, name: str, *, own: bool) -> Iterator[int]:
        records = self._records(file, name)
        while batch := list(islice(records, AT_ONCE["replay"])):
            self._take(file, name, batch, own=own)
            yield self.read

    def finish(self) -> None:
        """Give revisits what came after them in the files, and close the replay's row."""
        for capture_id, capture in self.keeper.now_resolved():
            with self.archive.transaction():
                self._read_answer(capture, capture_id)
            self.revisits = max(0, self.revisits - 1)
        self.keeper.finish("finished", self.verdict)

    def _records(self, file: Path, name: str) -> Iterator[StoredRecord]:
        left_out: Counter[str] = Counter()
        for record in read_records(file, left_out):
            if record.capture is None:
                self._unreadable(name, record.offset, record.problem or "it holds no answer")
            elif not self._owned(record.capture.url):
                self.foreign += 1
            elif record.capture.fetched_at > self._latest:  # no later text would ever replace it
                self._unreadable(name, record.offset, f"its date lies in the future ({record.capture.fetched_at})")
            else:
                yield record
        for kind, count in left_out.items():
            self._unreadable(name, kind, f"{count} {kind} records are no answers of a server; they were not read")

    def _owned(self, url: str) -> bool:
        try:
            return self.spider.owns(url)
        except ValueError:
            return False

    def _unreadable(self, name: str, place: int | str, problem: str) -> None:
        """One issue for each place, or kind of record that is nowhere read: a file may be damaged in several."""
        self.verdict = "doubtful"
        where = f"{name} at {place}" if isinstance(place, int) else name
        self.keeper.note(f"warc:{name}#{place}", Problem("warc_unreadable", f"{where}: {problem}"))

    def _take(self, file: Path, name: str, batch: list[StoredRecord], *, own: bool) -> None:
        if own:
            placed = self.keeper.places_of(record.record_id for record in batch)
        else:
            with file.open("rb") as stream:
                placed = self.keeper.keep_stored([(record, member_bytes(stream, record)) for record in batch], name)
        begun = {
            record.record_id: self._reader.begin(self.spider, record.capture)
            for record in reversed(batch)  # of two with one id, the first is kept
            if record.capture
            and record.record_id in placed
            and not record.truncated
            and record.kind == "response"
            and _is_page(record.capture)
        }
        with self.archive.transaction():
            for record in batch:
                capture_id = placed.pop(record.record_id, None)
                if capture_id is None and record.capture and self.keeper.is_another(record.record_id, record.capture):
                    self._unreadable(name, record.offset, f"its record id is another record's ({record.record_id})")
                elif capture_id is None:
                    self.known += 1
                elif record.truncated and record.capture:
                    self.read += 1
                    self.keeper.refuse_part(record.capture, capture_id, record.truncated)
                else:
                    self._read(record, capture_id, begun.get(record.record_id))

    def _read(self, record: StoredRecord, capture_id: int, begun: Waiting | None) -> None:
        """Read one capture; a revisit is given the body of what it repeats, and one that repeats nothing we have is left out."""
        capture = self.keeper.resolved(record)
        if capture is None:
            self.revisits += 1
            self.keeper.set_outcome(capture_id, "unresolved revisit")
            return
        self._read_answer(capture, capture_id, begun)

    def _read_answer(self, capture: Capture, capture_id: int, begun: Waiting | None = None) -> None:
        self.read += 1
        if urlsplit(capture.url).path == "/robots.txt":
            self.keeper.set_outcome(capture_id, "robots")
        elif capture.status == 304:
            self.keeper.unmodified(capture, capture_id, self.spider.key_at(capture.url))
        elif capture.status in REDIRECTS:
            self.keeper.set_outcome(capture_id, "redirect")
        else:
            self.keeper.take(capture, capture_id, (begun or self._reader.begin(self.spider, capture)).reading())


def _shown(name: str) -> str:
    """A file's name as text: it may be in another encoding, and its marks apart from their letters, as a Mac stores them."""
    return one_line(unicodedata.normalize("NFC", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")))


def _is_page(capture: Capture) -> bool:
    """Whether an answer is read; robots.txt, confirmations and redirects are not."""
    return capture.status != 304 and capture.status not in REDIRECTS and urlsplit(capture.url).path != "/robots.txt"
