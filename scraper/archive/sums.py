"""``archive.db.sums``: a digest of every page of archive.db and of the open segments, written when a writer closes.

Most of a database can be derived again from the captures, but not when a crawl ended or what was to be asked when. These
digests notice any changed bit of the file. A page in which one bit was turned is told from a page that another program
wrote, and is brought back exactly: of its 32,768 bits the one is looked for that makes the digest right again.

The page digests hold for one state of the file: they are forgotten when a writer opens, and not there after a killed crawl.
A writer that found them whole takes them along and at its end digests the pages that it wrote, and no other: that costs
what was written, not what there is, and a bit that turned in a page nobody wrote is never signed. Where they are not of the
state of the file (killed crawl, another program, restored copy), all pages are digested.
The digest of a segment's first bytes holds for ever, as segments only grow.

The file: a line of JSON, a line with its SHA-256, then 16 bytes a page.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, takewhile
from pathlib import Path
from typing import IO, Any

_DIGEST_BYTES = 16
_BLOCK = 1 << 20
MOST_SEARCHED = 50
"""Pages in which a turned bit is looked for (0.2 s each); more than that is no rot of single bits."""


@dataclass(slots=True)
class Sums:
    """What was true when the last writer closed. ``pages`` is None when it holds for no state of the file."""

    page_size: int = 4096
    change_counter: int = 0
    modified_ns: int = 0
    pages: bytes | bytearray | None = None
    segments: dict[str, tuple[int, str]] = field(default_factory=dict)

    def page(self, number: int) -> bytes | bytearray:
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
    damaged = f"{sums_path(path)} is damaged"
    try:
        data = sums_path(path).read_bytes()
    except FileNotFoundError:
        return None
    text, _, rest = data.partition(b"\n")
    digest, _, pages = rest.partition(b"\n")
    if hashlib.sha256(text).hexdigest().encode() != digest:
        raise ValueError(damaged)
    head: dict[str, Any] = json.loads(text)
    segments = {file: (end, sha) for file, (end, sha) in head["segments"].items()}
    of_pages = head.get("pages_sha256")  # a file of an earlier program has none: its pages are digested anew
    if of_pages and hashlib.sha256(pages).hexdigest() != of_pages:
        raise ValueError(damaged)
    return Sums(head["page_size"], head["change_counter"], head.get("modified_ns", 0), pages if of_pages else None, segments)


def forget_sums(path: Path, files: Collection[str] = ()) -> Sums | None:
    """A writer opens: what is known of the pages will not hold any more; what is known of segments stays, but for ``files``.

    Returns what was known when it is of this very state of the file: its page digests hold of every page that is not written
    from now on.
    """
    try:
        sums = read_sums(path)
    except ValueError:
        sums = None
    if sums is None:
        sums_path(path).unlink(missing_ok=True)
        return None
    held = sums if sums.pages is not None and _is_state_of(path, sums) else None
    if sums.pages is not None or files:
        _store(path, replace(sums, pages=None, segments={file: entry for file, entry in sums.segments.items() if file not in files}))
    return held


def write_sums(path: Path, held: Sums | None = None, written: Iterable[int] = ()) -> None:
    """A writer closed and the log is folded in: digest the file as it is now. The archive must not be open for writing.

    With the digests that were ``held`` at its opening, the pages ``written`` since (in order) and those that are new; else all.
    """
    if log_is_open(path):
        return  # a reader holds the log open; the file is not whole without it
    try:
        earlier = read_sums(path)
    except ValueError:
        earlier = None
    sums = Sums()
    with path.open("rb") as stream:
        sums.modified_ns = os.fstat(stream.fileno()).st_mtime_ns
        sums.page_size, sums.change_counter = _header(stream.read(100))
        if held is not None and held.page_size == sums.page_size:
            sums.pages = _pages_again(stream, held, written)
        else:
            stream.seek(0)
            sums.pages = b"".join(_digest(page) for page in _pages(stream.read, sums.page_size))
        if log_is_open(path) or os.fstat(stream.fileno()).st_mtime_ns != sums.modified_ns:
            return  # another program writes
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        # A damaged row names no file.
        sound = "typeof(file) = 'text' AND typeof(committed_end) = 'integer'"
        query = f"SELECT file, committed_end FROM segments WHERE sealed_at IS NULL AND committed_end > 0 AND {sound}"
        rows = conn.execute(query).fetchall()
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


def is_untouched(path: Path, sums: Sums) -> bool:
    """Whether no program wrote the file since its digests were taken: rot leaves no time behind.

    Other programs' writes in WAL mode leave SQLite's change counter, and may differ by one bit.
    """
    return path.stat().st_mtime_ns == sums.modified_ns


def _is_state_of(path: Path, sums: Sums) -> bool:
    """Whether this is the file that the digests are of."""
    try:
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            header = _header(stream.read(100))
    except FileNotFoundError:
        return False
    size = sums.page_count * sums.page_size
    known = (sums.page_size, sums.change_counter)
    return header == known and (status.st_size, status.st_mtime_ns) == (size, sums.modified_ns) and not log_is_open(path)


def log_is_open(path: Path) -> bool:
    """Whether the write-ahead log holds anything: the file is not whole without it."""
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


def _pages_again(stream: IO[bytes], held: Sums, written: Iterable[int]) -> bytearray:
    """The digests of all pages, of which those ``written`` or new are read."""
    count = os.fstat(stream.fileno()).st_size // held.page_size
    pages = bytearray(held.pages or b"")
    kept = min(held.page_count, count)
    del pages[kept * _DIGEST_BYTES :]
    pages.extend(bytes((count - kept) * _DIGEST_BYTES))
    for number in chain(takewhile(lambda number: number <= kept, written), range(kept + 1, count + 1)):
        stream.seek((number - 1) * held.page_size)
        pages[(number - 1) * _DIGEST_BYTES : number * _DIGEST_BYTES] = _digest(stream.read(held.page_size))
    return pages


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
    head = {
        "page_size": sums.page_size,
        "change_counter": sums.change_counter,
        "modified_ns": sums.modified_ns,
        "pages_sha256": hashlib.sha256(sums.pages).hexdigest() if sums.pages is not None else None,
        "segments": sums.segments,
    }
    text = json.dumps(head, sort_keys=True).encode()
    target = sums_path(path)
    partial = target.with_name(target.name + ".partial")
    with partial.open("wb") as stream:
        stream.write(text + b"\n" + hashlib.sha256(text).hexdigest().encode() + b"\n")
        stream.write(sums.pages or b"")
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(target)
