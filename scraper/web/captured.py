"""A capture as a download: its record of the WARC file, or the bytes of the page in it. Never a page of this origin.

What a portal sent may hold any script; it goes out as an attachment of no type that a browser would show. File names are made
of our own numbers, and the file read is one that the archive's own rows name, below ``warcs/`` beside the database.
"""

from __future__ import annotations

import os
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scraper.archive.warc_reader import read_capture
from scraper.extract.decode import Damaged, decode_body

Form = Literal["warc.gz", "html"]
_SEGMENT = re.compile(r"warcs/[\w-]+/[\w-][\w.-]*\.warc\.gz", re.ASCII)
_MOST = 64 * 1024 * 1024
"""Bytes of a record that are sent; a capture is 8 MiB at most, one brought in from elsewhere may be larger."""


class NotHere(LookupError):
    """There is no such capture, or its file does not stand beside this database; the message says which."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture's response stands: a segment below the archive's folder, the place in it, and what it is called."""

    segment: str
    offset: int
    length: int
    name: str


def place_of(connection: sqlite3.Connection, number: int, form: Form) -> Place | None:
    """Where a capture is to be read from. The bytes of a revisit are those of the response it confirms."""
    row = connection.execute("SELECT source_id, url, kind, payload_digest FROM captures WHERE id = ?", (number,)).fetchone()
    if row is None:
        return None
    source, url, kind, digest = row
    if form == "html" and kind == "revisit":
        found = connection.execute(
            "SELECT id FROM captures WHERE source_id = ? AND url = ? AND payload_digest = ? AND kind = 'response' ORDER BY id LIMIT 1",
            (source, url, digest),
        ).fetchone()
        if found is None:
            return None
        number = found[0]
    segment, offset, length = connection.execute(
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE id = ?", (number,)
    ).fetchone()
    return Place(segment, offset, length, f"{source}-{number}.{form}")


def segment_path(database: Path, segment: str) -> Path | None:
    """The file of a segment beside a database; None when it does not stand there, or the name is none of ours."""
    if not _SEGMENT.fullmatch(segment):
        return None
    path = database.parent / segment
    # No link is followed, be it the file or a folder on the way to it.
    return path if path.is_file() and path.resolve() == database.parent.resolve() / segment else None


def record_bytes(database: Path, place: Place) -> bytes:
    """The gzip member of the record, exactly as stored: a WARC file of its own."""
    path = _path(database, place)
    if place.length > _MOST:
        raise NotHere(f"bản ghi dài {place.length} byte, quá lớn / the record is too large")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        data = os.pread(descriptor, place.length, place.offset)
    finally:
        os.close(descriptor)
    if len(data) != place.length:
        raise NotHere("tệp WARC ngắn hơn phải có / the WARC file is shorter than it must be")
    return data


def page_bytes(database: Path, place: Place) -> bytes:
    """The page as the portal sent it, without its Content-Encoding where that can be undone."""
    path = _path(database, place)
    try:
        capture = read_capture(path, place.offset)
    except (ValueError, StopIteration) as error:
        raise NotHere(f"bản ghi không đọc được / the record cannot be read: {error}") from error
    try:
        return decode_body(capture)
    except Damaged:
        return capture.body


def _path(database: Path, place: Place) -> Path:
    path = segment_path(database, place.segment)
    if path is None:
        raise NotHere("tệp WARC không nằm cạnh tệp cơ sở dữ liệu này / the WARC file does not stand beside this database")
    return path
