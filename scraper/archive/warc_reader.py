"""Records of WARC files, ours and others', read back with their place in the file; what is damaged is named.

warcio parses the records; added here are the place of each and HTTP headers byte for byte.
"""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeadersParser

from scraper.archive.members import Member, chunks_end, members, utc_of
from scraper.archive.packing import GZIP_MAGIC
from scraper.archive.zstd_members import is_zstd, zstd_members
from scraper.items import Capture, CaptureKind


class _HeadersParser(StatusAndHeadersParser):  # type: ignore[misc]
    """HTTP headers read so that their bytes can be told again; warcio takes UTF-8 where it can and Latin-1 where not."""

    @staticmethod
    def decode_header(line: bytes) -> str:
        return line.decode("utf-8", "surrogateescape")


def _as_received(text: str) -> str:
    """A character for each byte of what :class:`_HeadersParser` read."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One response or revisit record of a WARC file: the capture, the place, and the member's own bytes.

    ``problem`` says why a record carries no capture that can be read (a revisit without payload, a damaged member).
    ``data``: the record unpacked, where the file has it in no gzip member of its own.
    ``truncated``: why its maker did not keep all of the answer (``WARC-Truncated``).
    """

    capture: Capture | None
    record_id: str
    kind: CaptureKind
    payload_digest: str
    offset: int
    length: int
    problem: str | None = None
    data: bytes | None = None
    truncated: str | None = None


_DAMAGED = "damaged: "
"""How a problem begins that keeps the record itself from being read, and not only its capture."""


class NotAWarcError(ValueError):
    """A file given as a WARC is something else."""


def read_records(path: Path, left_out: Counter[str] | None = None) -> Iterator[StoredRecord]:
    """Every response and revisit of a WARC file in file order: gzipped or zstd-compressed by record, as a whole, or not at all.

    ``left_out`` counts, by type, records of pages that are no server's answers. Raises :class:`NotAWarcError` for a file that is
    no WARC. Where it is damaged a record with a ``problem`` naming the place is given, and reading goes on at the next member.
    """
    with path.open("rb") as stream:
        begin = stream.read(1024)
    magic = begin[:4]
    if _is_arc(begin):
        raise NotAWarcError(
            f"{path} is an ARC file. Make a WARC of it: warcio recompress {path.name} {path.name.partition('.arc')[0]}.warc.gz"
        )
    if magic[:3] == GZIP_MAGIC:
        records = _member_records(members(path), left_out, repacked=False)
    elif is_zstd(magic):
        records = _member_records(zstd_members(path), left_out, repacked=True)
    else:
        records = _plain_records(path, left_out)
    for number, record in enumerate(records):
        problem = record.problem or ""
        if number == 0 and record.offset == 0 and problem.startswith(_DAMAGED) and record.length == path.stat().st_size:
            raise NotAWarcError(f"{path} is no WARC file ({problem[:100]})")
        yield record


def _is_arc(begin: bytes) -> bool:
    """Whether a file is of the kind that crawlers wrote before there were WARC files: its records have no ids."""
    with suppress(zlib.error):
        begin = zlib.decompressobj(31).decompress(begin, 16) if begin.startswith(GZIP_MAGIC) else begin
    return begin.startswith(b"filedesc://")


def _member_records(found: Iterable[Member], left_out: Counter[str] | None, *, repacked: bool) -> Iterator[StoredRecord]:
    """Usually one record a member; a member is read to its end and checksum before its records are believed.

    ``repacked``: the members are no gzip, so each record is given with its own bytes.
    """
    for member in found:
        if member.problem:
            yield StoredRecord(None, "", "response", "", member.offset, member.length, f"{_DAMAGED}{member.problem}")
            continue
        for start, length, stored in _records_in(member.data, left_out):
            whole = start == 0 and length == len(member.data)
            data = None if whole and not repacked else member.data[start : start + length]
            yield StoredRecord(**stored, offset=member.offset, length=member.length, data=data)


def record_of(data: bytes) -> StoredRecord:
    """The one record of a gzip member that came by itself; one that is cut or no record has a ``problem``."""
    unpack = zlib.decompressobj(31)
    try:
        plain = unpack.decompress(data)
    except zlib.error as error:
        return StoredRecord(None, "", "response", "", 0, len(data), f"{_DAMAGED}{error}")
    if not unpack.eof or unpack.unused_data:
        return StoredRecord(None, "", "response", "", 0, len(data), f"{_DAMAGED}it is not one whole gzip member")
    for start, length, stored in _records_in(plain):
        if start == 0 and length == len(plain):
            return StoredRecord(**stored, offset=0, length=len(data))
    return StoredRecord(None, "", "response", "", 0, len(data), f"{_DAMAGED}it is not one response record")


def _iterate(stream: IO[bytes]) -> Any:
    """Warcio's records of a stream, their HTTP headers byte for byte."""
    records = ArchiveIterator(stream)
    records.loader.http_parser = _HeadersParser(records.loader.HTTP_TYPES, verify=False)
    return records


def _records_in(data: bytes, left_out: Counter[str] | None = None) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Start, length and content of each response and revisit in unpacked bytes; what cannot be read has a ``problem``."""
    records = _iterate(BytesIO(data))
    place = 0
    try:
        for record in records:
            stored = _stored(record) if _is_answer(record, left_out) else None
            place, length = records.get_record_offset(), records.get_record_length()  # asking consumes the record
            end = place + length
            while data.startswith(b"\r\n", end):  # the two empty lines behind a record belong to it
                end += 2
            if stored is not None:
                yield place, end - place, stored
            place = end
    except _UNREADABLE as error:
        broken: dict[str, Any] = {"capture": None, "record_id": "", "kind": "response", "payload_digest": ""}
        yield place, len(data) - place, {**broken, "problem": f"{_DAMAGED}{_said(error)}"}


def _plain_records(path: Path, left_out: Counter[str] | None) -> Iterator[StoredRecord]:
    """The records of a file that is not compressed; behind damage nothing can be found in it."""
    with path.open("rb") as stream, path.open("rb") as ends:
        records = _iterate(stream)
        place = 0
        try:
            for record in records:
                stored = _stored(record) if _is_answer(record, left_out) else None
                place, length = records.get_record_offset(), records.get_record_length()  # asking consumes the record
                ends.seek(place + length)
                while ends.read(2) == b"\r\n":  # the two empty lines behind a record belong to it
                    length += 2
                if stored is not None:
                    yield StoredRecord(**stored, offset=place, length=length)
                place += length
        except _UNREADABLE as error:
            yield StoredRecord(None, "", "response", "", place, path.stat().st_size - place, f"{_DAMAGED}{_said(error)}")


# What warcio raises on bytes that are no record; AttributeError for one without an address.
_UNREADABLE = (ArchiveLoadFailed, EOFError, zlib.error, AttributeError)


def _said(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def member_bytes(stream: IO[bytes], record: StoredRecord) -> bytes:
    """The record as a gzip member of its own: byte for byte where the file has it so, compressed where it does not."""
    if record.data is not None:
        return gzip.compress(record.data, mtime=0)
    stream.seek(record.offset)
    data = stream.read(record.length)
    if data.startswith(b"\x1f\x8b"):
        return data
    return gzip.compress(data, mtime=0)


def read_capture(path: Path, offset: int) -> Capture:
    """The one response record at a place in a segment."""
    return read_with_cut(path, offset)[0]


def read_with_cut(path: Path, offset: int) -> tuple[Capture, str | None]:
    """The one response record at a place in a segment, and why its maker did not keep all of the answer."""
    with path.open("rb") as stream:
        stream.seek(offset)
        stored = _stored(next(_iterate(stream)))
    if not isinstance(stored["capture"], Capture):
        raise ValueError(f"{path} has no response at offset {offset}")
    return stored["capture"], stored["truncated"]


def _is_answer(record: ArcWarcRecord, left_out: Counter[str] | None) -> bool:
    """Whether a record is a web server's answer; crawlers also keep those of name servers, and pages that were files."""
    if not (record.rec_headers.get_header("WARC-Target-URI") or "http").strip("<>").lower().startswith("http"):
        return False
    if left_out is not None and record.rec_type in ("resource", "conversion"):
        left_out[record.rec_type] += 1
    return record.rec_type in ("response", "revisit")


def _stored(record: ArcWarcRecord) -> dict[str, Any]:
    headers = record.rec_headers
    kind: CaptureKind = "revisit" if record.rec_type == "revisit" else "response"
    out: dict[str, Any] = {
        "capture": None,
        "record_id": headers.get_header("WARC-Record-ID"),
        "kind": kind,
        "payload_digest": headers.get_header("WARC-Payload-Digest") or "",
        "problem": None,
        "truncated": headers.get_header("WARC-Truncated") or ("one segment of it" if headers.get_header("WARC-Segment-Number") else None),
    }
    if record.http_headers is None or not record.http_headers.protocol.startswith("HTTP/"):
        out["problem"] = "the record has no HTTP header"
        return out
    http = record.http_headers
    chunked = "chunked" in (http.get_header("Transfer-Encoding") or "").lower()
    body = record.raw_stream.read()
    if record.raw_stream.limit:  # what the record promised and the file did not hold
        out["problem"] = f"the record is cut: {record.raw_stream.limit} bytes are missing"
        return out
    promised = http.get_header("Content-Length") or ""
    if kind == "response" and not (chunks_end(body) if chunked else not promised.isdecimal() or len(body) >= int(promised)):
        out["truncated"] = out["truncated"] or "the answer was cut off"
    if chunked:
        body = ChunkedDataReader(BytesIO(body), decomp_type=None).read()
    status = http.get_statuscode()
    told = headers.get_header("WARC-Date") or ""
    date = utc_of(told)
    url = headers.get_header("WARC-Target-URI")
    if not status.isdigit() or date is None or not url or not out["record_id"]:
        out["problem"] = f"no status, date, address or record id ({status!r}, {told!r}, {url!r}, {out['record_id']!r})"
        return out
    out["capture"] = Capture(
        url=url.strip("<>"),
        fetched_at=date,
        status=int(status),
        headers=tuple((_as_received(name), _as_received(value)) for name, value in http.headers),
        body=body,
    )
    return out
