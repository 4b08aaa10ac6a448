"""``archive.db.sums``: a digest of every page of archive.db and of the open segments, written when a writer closes.

Most of a database can be derived again from the captures, but not when a crawl ended or what was to be asked when. These
digests notice any changed bit of the file. A page in which one bit was turned is told from a page that another program
wrote, and is brought back exactly: of its 32,768 bits the one is looked for that makes the digest right again.

The page digests hold for one state of the file: they are forgotten when a writer opens, and not there after a killed crawl.
The digest of a segment's first bytes holds for ever, as segments only grow.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_DIGEST_BYTES = 16
_BLOCK = 1 << 20
MOST_SEARCHED = 50
"""Pages in which a turned bit is looked for (0.2 s each); more than that is no rot of single bits."""


@dataclass(slots=True)
class Sums:
    """What was true when the last writer closed. ``pages`` is None when it holds for no state of the file."""

    page_size: int = 4096
    change_counter: int = 0
    pages: bytes | None = None
    segments: dict[str, tuple[int, str]] = field(default_factory=dict)

    def page(self, number: int) -> bytes:
        """The digest of a page, counted from 1 as SQLite does."""
        assert self.pages is not None
        return self.pages[(number - 1) * _DIGEST_BYTES : number * _DIGEST_BYTES]

    @property
    def page_count(self) -> int:
        """Pages that were there."""
        return len(self.pages or b"") // _DIGEST_BYTES


def sums_path(path: Path) -> Path:
    """Where the digests of an archive are."""
    path = path.resolve()
    return path.with_name(path.name + ".sums")


def read_sums(path: Path) -> Sums | None:
    """The digests beside an archive; None when there are none, ValueError when they are damaged themselves."""
    try:
        text, _, digest = sums_path(path).read_text(encoding="ascii").rstrip("\n").rpartition("\n")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise ValueError(f"{sums_path(path)} is damaged") from error
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise ValueError(f"{sums_path(path)} is damaged")
    stored: dict[str, Any] = json.loads(text)
    pages = stored["pages"]
    segments = {file: (end, sha) for file, (end, sha) in stored["segments"].items()}
    return Sums(stored["page_size"], stored["change_counter"], base64.b64decode(pages) if pages is not None else None, segments)


def forget_sums(path: Path, files: Collection[str] = ()) -> None:
    """A writer opens: what is known of the pages will not hold any more; what is known of segments stays, but for ``files``."""
    try:
        sums = read_sums(path)
    except ValueError:
        sums = None
    if sums is None:
        sums_path(path).unlink(missing_ok=True)
    elif sums.pages is not None or files:
        sums.pages = None
        sums.segments = {file: entry for file, entry in sums.segments.items() if file not in files}
        _store(path, sums)


def write_sums(path: Path) -> None:
    """A writer closed and the log is folded in: digest the file as it is now. The archive must not be open for writing."""
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        return  # a reader holds the log open; the file is not whole without it
    try:
        earlier = read_sums(path)
    except ValueError:
        earlier = None
    sums = Sums()
    with path.open("rb") as stream:
        sums.page_size, sums.change_counter = _header(stream.read(100))
        stream.seek(0)
        sums.pages = b"".join(_digest(page) for page in _pages(stream.read, sums.page_size))
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        rows = conn.execute("SELECT file, committed_end FROM segments WHERE sealed_at IS NULL AND committed_end > 0").fetchall()
    for file, end in rows:
        known = earlier.segments.get(file) if earlier else None
        entry = known if known and known[0] == end else _segment(path.resolve().parent / file, end, known)
        if entry:
            sums.segments[file] = entry
    _store(path, sums)


def segment_digest(path: Path, end: int) -> str:
    """SHA-256 of a file's first ``end`` bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while end > 0 and (block := stream.read(min(_BLOCK, end))):
            digest.update(block)
            end -= len(block)
    return digest.hexdigest()


def changed_pages(path: Path, sums: Sums) -> list[int]:
    """The pages that are not what they were, those that are new or missing included."""
    assert sums.pages is not None
    changed = []
    number = 0
    with path.open("rb") as stream:
        for number, page in enumerate(_pages(stream.read, sums.page_size), 1):
            if _digest(page) != sums.page(number):
                changed.append(number)
    return changed + list(range(number + 1, sums.page_count + 1))


def turned_bit(path: Path, sums: Sums, number: int) -> tuple[int, int] | None:
    """The one bit of a page that was turned: (offset of its byte in the file, the byte as it was). None: it is not one bit."""
    start = (number - 1) * sums.page_size
    with path.open("rb") as stream:
        stream.seek(start)
        page = bytearray(stream.read(sums.page_size))
    wanted = sums.page(number)
    for place in range(len(page)):
        for bit in range(8):
            page[place] ^= 1 << bit
            if _digest(page) == wanted:
                return start + place, page[place]
            page[place] ^= 1 << bit
    return None


def change_counter(path: Path) -> int:
    """SQLite's count of the changes to a file."""
    with path.open("rb") as stream:
        return _header(stream.read(100))[1]


def _header(head: bytes) -> tuple[int, int]:
    size = int.from_bytes(head[16:18], "big")
    return 65536 if size == 1 else size, int.from_bytes(head[24:28], "big")


def _pages(read: Callable[[int], bytes], size: int) -> Iterator[bytes]:
    while block := read(size * 256):
        for start in range(0, len(block), size):
            yield block[start : start + size]


def _digest(page: bytes | bytearray) -> bytes:
    return hashlib.sha256(page).digest()[:_DIGEST_BYTES]


def _segment(path: Path, end: int, known: tuple[int, str] | None) -> tuple[int, str] | None:
    """The digest up to ``end``; what was known stays when the bytes it covers have changed: damage is never signed."""
    try:
        if path.stat().st_size < end:
            return known
        if known and segment_digest(path, known[0]) != known[1]:
            return known
        return end, segment_digest(path, end)
    except OSError:
        return known


def _store(path: Path, sums: Sums) -> None:
    pages = base64.b64encode(sums.pages).decode("ascii") if sums.pages is not None else None
    text = json.dumps(
        {"page_size": sums.page_size, "change_counter": sums.change_counter, "pages": pages, "segments": sums.segments}, sort_keys=True
    )
    target = sums_path(path)
    partial = target.with_name(target.name + ".partial")
    with partial.open("w", encoding="ascii") as stream:
        stream.write(f"{text}\n{hashlib.sha256(text.encode()).hexdigest()}\n")
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(target)
