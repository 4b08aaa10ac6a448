"""Our own walk over the gzip members of a WARC file, and the record in each.

``warcio check`` passes a file whose last record is cut (warcio 1.8, 2026-11). This walk reads every member to its end and
CRC, says why one cannot be read, and goes on behind it.
"""

from __future__ import annotations

import base64
import hashlib
import mmap
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from scraper.archive.packing import GZIP_MAGIC, HEAD_BYTES

_CHUNK = 1 << 16
_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)", re.ASCII)
_VERSION = re.compile(r"WARC/\d+\.\d+", re.ASCII)
# Other writers end lines with LF alone, fold them, and put fewer or more empty lines behind a record: warcio reads them all.
_GAP = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(r"\r?\n")
MOST = 1 << 29
"""Bytes of one record; more is a bomb made by a turned bit."""


@dataclass(frozen=True, slots=True)
class Member:
    """One gzip member: where, what it unpacks to, or why it does not. ``head``: its ten bytes of gzip header."""

    offset: int
    length: int
    data: bytes
    head: bytes
    problem: str | None = None
    at_end: bool = False

    @property
    def end(self) -> int:
        """Where the next member begins."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record as its header and block say."""

    type: str
    headers: Mapping[str, str]
    block: bytes
    status: int | None = None
    http_headers: tuple[tuple[str, str], ...] = ()
    payload: bytes = b""

    @property
    def record_id(self) -> str:
        """WARC-Record-ID as printed."""
        return self.headers.get("warc-record-id", "")

    @property
    def url(self) -> str:
        """The address asked for; blanks in it encoded, as warcio reads it."""
        return self.headers.get("warc-target-uri", "").strip("<>").replace(" ", "%20")

    @property
    def fetched_at(self) -> str:
        """WARC-Date to the second, as stored in the database."""
        date = self.headers.get("warc-date", "")
        return utc_of(date) or f"{date[:19]}Z"

    @property
    def payload_digest(self) -> str:
        """WARC-Payload-Digest, or nothing."""
        return self.headers.get("warc-payload-digest", "")

    def http(self, name: str) -> str | None:
        """The last value of an HTTP header."""
        found = [value for key, value in self.http_headers if key.lower() == name.lower()]
        return found[-1] if found else None


def members(path: Path, end: int | None = None, *, begin: int = 0) -> Iterator[Member]:
    """The gzip members of a file, up to ``end``. A damaged one is given with its problem; the walk goes on behind it."""
    size = min(path.stat().st_size, end if end is not None else 1 << 62)
    if not size:
        return
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as file:
        place = begin
        while place < size:
            member = _member(file, place, size)
            yield member
            place = member.end


def members_of(data: bytes) -> list[Member]:
    """The gzip members of bytes, as :func:`members` gives those of a file."""
    if not data:
        return []
    with mmap.mmap(-1, len(data)) as file:
        file.write(data)
        found = []
        place = 0
        while place < len(data):
            found.append(_member(file, place, len(data)))
            place = found[-1].end
    return found


def answer_in(member: Member) -> WarcRecord | None:
    """The record of a web server's answer in a member; None for one that is damaged or holds another record."""
    try:
        record = parse_record(member.data)
    except ValueError:
        return None
    return record if record.type in ("response", "revisit") and record.status is not None else None


def whole_end(path: Path) -> int:
    """The end of the last whole member of a file."""
    end = 0
    for member in members(path):
        if member.problem is None:
            end = member.end
    return end


class Unpacker(Protocol):
    """What unpacks one member or frame: zlib's and zstandard's objects."""

    @property
    def eof(self) -> bool:
        """Whether it has come to its end."""

    @property
    def unused_data(self) -> bytes:
        """What was behind the end."""

    def decompress(self, data: bytes, /) -> bytes:
        """The next part."""


def unpack(file: mmap.mmap, start: int, end: int, unpacker: Unpacker) -> Member:
    """What is packed at a place; raise ValueError, or the unpacker's own error, where it cannot be unpacked."""
    parts: list[bytes] = []
    unpacked = 0
    place = start
    while not unpacker.eof and place < end:
        chunk = file[place : min(place + _CHUNK, end)]
        place += len(chunk)
        parts.append(unpacker.decompress(chunk))
        unpacked += len(parts[-1])
        if unpacked > MOST:
            raise ValueError(f"it unpacks to more than {MOST >> 20} MiB; what was packed as a whole is to be unpacked first")
    if not unpacker.eof:
        raise ValueError("it has no end")
    return Member(start, place - len(unpacker.unused_data) - start, b"".join(parts), file[start : start + HEAD_BYTES])


def _member(file: mmap.mmap, start: int, end: int) -> Member:
    try:
        return unpack(file, start, end, zlib.decompressobj(31))
    except (ValueError, zlib.error) as error:
        return _damaged(file, start, end, str(error).rpartition(": ")[2])


def _damaged(file: mmap.mmap, start: int, end: int, problem: str) -> Member:
    """A member that cannot be unpacked, reaching to the next place where a record begins."""
    place = start
    while (place := file.find(GZIP_MAGIC, place + 1, end)) >= 0:
        try:
            if zlib.decompressobj(31).decompress(file[place : min(place + 4096, end)], 5) == b"WARC/":
                return Member(start, place - start, b"", file[start : start + HEAD_BYTES], problem)
        except zlib.error:
            pass
    return Member(start, end - start, b"", file[start : start + HEAD_BYTES], problem, at_end=True)


def utc_of(date: str) -> str | None:
    """A WARC-Date as we store times: UTC to the second. None for what is no time, or one of no known zone."""
    parts = _DATE.fullmatch(date)
    if parts is not None:
        with suppress(ValueError, OverflowError):
            return datetime.fromisoformat("".join(parts.groups())).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def parse_record(data: bytes) -> WarcRecord:
    """A record out of its unpacked bytes; ValueError says what is wrong with them."""
    head, rest = _parted(data)
    lines = _LINE.split(head.decode("utf-8", "replace"))
    if rest is None or not _VERSION.fullmatch(lines[0]):
        raise ValueError("it does not begin with a WARC header")
    headers: dict[str, str] = {}
    last = ""
    for line in lines[1:]:
        if last and line[:1] in (" ", "\t"):
            headers[last] = f"{headers[last]} {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"a line of its header is no field: {line[:40]!r}")
        last = name.strip().lower()
        headers[last] = value.strip()
    length = headers.get("content-length", "")
    if not length.isdigit() or len(rest) < int(length) or rest[int(length) :].strip(b"\r\n"):
        raise ValueError("it is not as long as its header says")
    block = rest[: int(length)]
    kind = headers.get("warc-type", "")
    if kind not in ("response", "revisit") or not block.startswith(b"HTTP/"):
        return WarcRecord(kind, headers, block)
    head, payload = _parted(block)
    lines = _LINE.split(head.decode("latin-1"))
    words = lines[0].split(" ")
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else None
    fields = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:] if line))
    return WarcRecord(kind, headers, block, status, fields, payload or b"")


def _parted(data: bytes) -> tuple[bytes, bytes | None]:
    """A header and what follows its empty line; None where it has none."""
    gap = _GAP.search(data)
    return (data[: gap.start()], data[gap.end() :]) if gap else (data, None)


def chunks_end(body: bytes) -> bool:
    """Whether a body in chunks comes to their end; so does one that is told to be in chunks and is not."""
    place = 0
    while True:
        size, _, _ = body[place : place + 100].partition(b"\r\n")
        try:
            step = int(size.partition(b";")[0], 16)
        except ValueError:
            return place == 0
        if step <= 0:
            return True
        place += len(size) + step + 4


def digest_problems(record: WarcRecord) -> list[str]:
    """The digests of a record that are not those of its bytes. A revisit's payload is elsewhere."""
    problems = []
    declared = record.headers.get("warc-block-digest")
    if declared and not _matches(declared, record.block):
        problems.append("its block digest is wrong")
    if record.type == "response" and record.payload_digest and not _matches(record.payload_digest, record.payload):
        problems.append("its payload digest is wrong")
    return problems


def _matches(declared: str, data: bytes) -> bool:
    name, _, value = declared.partition(":")
    if name.lower() not in ("sha1", "sha256", "md5"):
        return True
    digest = hashlib.new(name.lower(), data, usedforsecurity=False)
    return value.upper() in (base64.b32encode(digest.digest()).decode("ascii"), digest.hexdigest().upper())
