"""Parts: the WARC files in which a worker hands in a crawl, each with its own journal as its last record, sealed under its digest.

While it is open a part is two files, the records and the journal; both survive a kill, and :func:`recover` seals what is whole of
them. A sealed part is never written again, and its name says of what crawl it is and what its bytes must be.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from scraper.archive.backup import sync_folder
from scraper.archive.database import storage_error
from scraper.archive.members import WarcRecord, digest_problems, members, parse_record
from scraper.archive.warc_writer import Record, append, record_writer, warcinfo_record
from scraper.items import Capture, CaptureKind
from scraper.workers.journal import Head, JournalUnreadable, Step, head_line, read_journal, step_line, whole_lines

PART_BYTES = 8 * 1024 * 1024
"""A part is sealed from this size on; the keeper holds one in memory."""
PART_SECONDS = 300.0
"""…or at this age: how long news waits at most for the keeper, and what is asked again when a worker's disk is lost."""
JOURNAL_TYPE = "application/vnd.khuyen-hoc.journal+json"
DIGEST_LETTERS = 32
_NAME = re.compile(r"(?P<source>[a-z0-9_]+)\.(?P<job>[0-9A-Za-z-]+)\.(?P<part>\d{4,})\.(?P<digest>[0-9a-f]{32})\.warc\.gz")


class PartDamaged(ValueError):
    """A part is not what its name and digests say."""


@dataclass(frozen=True, slots=True, order=True)
class PartName:
    """The name of a sealed part; parts of one crawl sort by number, crawls of one source by time."""

    source: str
    job: str
    part: int
    digest: str

    @classmethod
    def of(cls, file: str) -> PartName | None:
        """The name in a file's name; None for another file."""
        match = _NAME.fullmatch(file)
        return cls(match["source"], match["job"], int(match["part"]), match["digest"]) if match else None

    @property
    def file(self) -> str:
        """As a file's name."""
        return f"{self.source}.{self.job}.{self.part:04d}.{self.digest}.warc.gz"


class PartWriter:
    """The parts of one crawl, one after the other, in a folder of their own process. What was kept is durable on return."""

    def __init__(self, folder: Path, head: Head, *, most_bytes: int = PART_BYTES, most_seconds: float = PART_SECONDS) -> None:
        self._folder = folder
        self._head = head
        self._most_bytes, self._most_seconds = most_bytes, most_seconds
        self._descriptor = -1
        self._journal = -1
        self._end = 0
        self._opened = 0.0
        self._open()

    def keep(self, record: Record, step: Step) -> None:
        """Store an answer."""
        try:
            self._end = append(self._descriptor, self._end, record.data)
        except OSError as error:
            raise storage_error(self._path("warc.gz.open"), error) from error
        self.tell(step)

    def tell(self, step: Step) -> None:
        """Write a step."""
        line = step_line(step)
        try:
            written = os.write(self._journal, line)
            if written != len(line):
                raise OSError(28, f"only {written} of {len(line)} bytes could be written")
        except OSError as error:
            raise storage_error(self._path("journal"), error) from error

    @property
    def is_full(self) -> bool:
        """Whether it is large or old enough to be handed in."""
        return self._end >= self._most_bytes or time.monotonic() - self._opened >= self._most_seconds

    def turn(self) -> None:
        """Seal this part and begin the next."""
        self.seal()
        self._head = replace(self._head, part=self._head.part + 1)
        self._open()

    def seal(self) -> None:
        """Seal this part; nothing can be kept after it but by :meth:`turn`."""
        os.close(self._descriptor)
        os.close(self._journal)
        _seal(self._path("warc.gz.open"), self._end)

    @property
    def parts(self) -> int:
        """How many parts there are, the open one included."""
        return self._head.part + 1

    def _path(self, end: str) -> Path:
        return self._folder / f"{self._head.source}.{self._head.job}.{self._head.part:04d}.{end}"

    def _open(self) -> None:
        path, journal = self._path("warc.gz.open"), self._path("journal")
        try:
            self._journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
            os.write(self._journal, head_line(self._head))
            os.fsync(self._journal)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
            self._end = append(self._descriptor, 0, warcinfo_record(path.name.removesuffix(".open"), self._head.source))
            sync_folder(self._folder)
        except OSError as error:
            raise storage_error(path, error) from error
        self._opened = time.monotonic()


def recover(folder: Path) -> int:
    """Seal what a killed process left open in a folder; returns how many parts that gave."""
    sealed = 0
    for path in sorted(folder.glob("*.warc.gz.open")):
        sealed += _recover(path)
    for journal in folder.glob("*.journal"):
        if not _records_of(journal).exists():  # killed before its records began, or after they were sealed
            journal.unlink()
    return sealed


def sealed_in(folder: Path) -> list[Path]:
    """The sealed parts in a folder, in the order they were made."""
    found = [(name, path) for path in folder.glob("*.warc.gz") if (name := PartName.of(path.name))]
    return [path for _, path in sorted(found, key=lambda pair: pair[0])]


def _records_of(journal: Path) -> Path:
    return journal.with_name(journal.name.removesuffix("journal") + "warc.gz.open")


def _journal_of(path: Path) -> Path:
    return path.with_name(path.name.removesuffix("warc.gz.open") + "journal")


def _recover(path: Path) -> int:
    """Seal one; an answer that was torn off is cut off, and so are steps that speak of it."""
    end, kept, closed = 0, set(), False
    for member in members(path):
        if member.problem is not None:
            break
        record = parse_record(member.data)
        if record.type in ("warcinfo", "response", "revisit"):
            end = member.end
            kept.add(record.record_id)
        elif record.type == "metadata":
            end, closed = member.end, True
    journal = _journal_of(path)
    if closed:
        _finish(path, end)
        return 1
    told = whole_lines(journal.read_bytes()) if journal.exists() else b""
    if told.count(b"\n") <= 1 and len(kept) <= 1:  # it was begun and nothing happened
        path.unlink()
        journal.unlink(missing_ok=True)
        return 0
    head, steps = read_journal(told)
    lines = [head_line(head), *(step_line(step) for step in steps if step.record is None or step.record in kept)]
    journal.write_bytes(b"".join(lines))
    _seal(path, end)
    return 1


def _seal(path: Path, end: int) -> None:
    """Put the journal behind the records and give the file its last name. Safe to repeat after a kill half way."""
    journal = _journal_of(path)
    block = journal.read_bytes()
    writer, buffer = record_writer()
    record = writer.create_warc_record(
        f"urn:khuyen-hoc:{path.name.removesuffix('.warc.gz.open')}",
        "metadata",
        payload=BytesIO(block),
        length=len(block),
        warc_content_type=JOURNAL_TYPE,
    )
    writer.write_record(record)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        try:
            os.ftruncate(descriptor, end)
            end = append(descriptor, end, buffer.getvalue())
        finally:
            os.close(descriptor)
    except OSError as error:
        raise storage_error(path, error) from error
    _finish(path, end)


def _finish(path: Path, end: int) -> None:
    """Name a part whose journal is in it by its digest."""
    if path.stat().st_size != end:
        os.truncate(path, end)
    digest = digest_of(path)[:DIGEST_LETTERS]
    path.chmod(0o444)
    path.rename(path.with_name(f"{path.name.removesuffix('.warc.gz.open')}.{digest}.warc.gz"))
    sync_folder(path.parent)
    _journal_of(path).unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in a part. ``data``: its request and response as gzip members, ``response_at`` where the second begins."""

    capture: Capture
    record: Record


@dataclass(frozen=True, slots=True)
class Part:
    """A sealed part, read and found whole."""

    sha256: str
    head: Head
    steps: tuple[Step, ...]
    answers: tuple[Answer, ...]


def read_part(path: Path, name: PartName) -> Part:
    """A part with every record checked against its digests; raise :class:`PartDamaged`, or JournalUnreadable for a newer form."""
    sha256 = digest_of(path)
    if not sha256.startswith(name.digest):
        raise PartDamaged("its bytes have another digest than its name says")
    answers: list[Answer] = []
    journal: bytes | None = None
    request: bytes | None = None
    with path.open("rb") as stream:
        for at, length, record in _records(path):
            stream.seek(at)
            packed = stream.read(length)
            if record.type == "request":
                request = packed
            elif record.type in ("response", "revisit"):
                answers.append(_answer(record, request, packed))
                request = None
            elif record.type == "metadata" and record.headers.get("content-type") == JOURNAL_TYPE:
                journal = record.block
    if journal is None:
        raise PartDamaged("it has no journal")
    head, steps = read_journal(journal)
    if (head.source, head.job, head.part) != (name.source, name.job, name.part):
        raise PartDamaged("its journal is of another crawl than its name says")
    known = {answer.record.record_id for answer in answers}
    if any(step.record is not None and step.record not in known for step in steps):
        raise JournalUnreadable("it speaks of answers that are not in the part")
    return Part(sha256, head, tuple(steps), tuple(answers))


def _records(path: Path) -> Iterator[tuple[int, int, WarcRecord]]:
    for member in members(path):
        if member.problem is not None:
            raise PartDamaged(f"at {member.offset}: {member.problem}")
        try:
            record = parse_record(member.data)
        except ValueError as error:
            raise PartDamaged(f"at {member.offset}: {error}") from error
        problems = digest_problems(record)
        if problems:
            raise PartDamaged(f"at {member.offset}: {problems[0]}")
        yield member.offset, member.length, record


def _answer(record: WarcRecord, request: bytes | None, packed: bytes) -> Answer:
    if request is None or record.status is None:
        raise PartDamaged(f"the answer for {record.url[:200]} has no request or no status")
    capture = Capture(record.url, record.fetched_at, record.status, record.http_headers, record.payload)
    kind: CaptureKind = "revisit" if record.type == "revisit" else "response"
    return Answer(capture, Record(request + packed, len(request), record.record_id, record.payload_digest, kind))
