"""WARC segments of one source: open, recover, append, roll and seal. The database never points past durable bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import zlib
from datetime import UTC, datetime
from pathlib import Path

from scraper.archive.database import ArchiveDatabase, ArchiveError, now, storage_error
from scraper.archive.members import Member, answer_in, members
from scraper.archive.packing import GZIP_MAGIC
from scraper.archive.sums import forget_sums
from scraper.archive.warc_writer import append, warcinfo_record

SEGMENT_BYTES = 100 * 1024 * 1024
"""A segment rolls at this size; the same order as other crawlers' WARC files."""


AT_ONCE = {"crawl": 1, "replay": 50}
"""Captures made durable in one step: a replay can always be run again, so it need not sync for each."""
NOT_AS_WRITTEN = "is not the file that was written (unpacked, or packed anew?)"


class SegmentShort(ArchiveError):
    """A segment has lost bytes that were committed, or is another file."""

    exit_code = 6


class Segments:
    """The open segment of one source. Everything appended is durable on return; the caller commits :attr:`end` with its rows.

    A segment's row comes before its file, with a committed end of 0: at no instant is there a file that no row knows.
    """

    def __init__(self, archive: ArchiveDatabase, source: str) -> None:
        self._archive = archive
        self._source = source
        self._folder = archive.root / "warcs" / source
        self._descriptor: int | None = None
        self.file = ""
        self.end = 0

    def recover(self, most: int | None = 1) -> None:
        """Bring the source's open segment to its committed end: a longer tail was never acknowledged and is cut.

        ``most``: answers that one append may have left there; more of them are kept aside. None: all of them are told again.
        Raises :class:`SegmentShort` when the file has lost committed bytes.
        """
        row = self._archive.conn.execute(
            "SELECT file, committed_end FROM segments WHERE source_id = ? AND sealed_at IS NULL ORDER BY opened_at DESC", (self._source,)
        ).fetchone()
        if row is None:
            return
        self.file, self.end = row
        if self.end >= SEGMENT_BYTES:
            self.seal()
            return
        path = self._archive.root / self.file
        try:
            if path.exists() and path.stat().st_size > self.end:
                if not is_as_written(self._archive.conn, path, self.file):
                    raise SegmentShort(f"{path} {NOT_AS_WRITTEN}. Bring it back from a backup.")
                if keep_aside(self._archive.conn, path, self.end, most):
                    forget_sums(self._archive.path, {self.file})
                cut(path, self.end)
                path.chmod(0o644)  # an older archive.db may have open what was sealed since
        except OSError as error:
            raise storage_error(path, error) from error
        self._open(path)

    def append(self, data: bytes) -> int:
        """Append whole gzip members; returns the offset of the first byte."""
        if self._descriptor is not None and self.end >= SEGMENT_BYTES:
            self.seal()
        if self._descriptor is None:
            self._create()
        assert self._descriptor is not None
        head = warcinfo_record(self.file.rpartition("/")[2], self._source) if self.end == 0 else b""
        start = self.end
        try:
            self.end = append(self._descriptor, start, head + data)
        except OSError as error:
            raise storage_error(self._archive.root / self.file, error) from error
        return start + len(head)

    def close(self) -> None:
        """Close the file; it stays open in the sense of the archive and the next crawl goes on with it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def seal(self) -> None:
        """Never write this segment again: store its digest, make it read-only. Safe to repeat after a crash half way."""
        self.close()
        path = self._archive.root / self.file
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            path.chmod(0o444)
        except OSError as error:
            raise storage_error(path, error) from error
        with self._archive.transaction() as db:
            db.table("segments").update(self.file, {"sealed_at": now(), "sha256": digest})

    def _create(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
        path = self._folder / f"{self._source}-{stamp}.warc.gz"
        self.file, self.end = path.relative_to(self._archive.root).as_posix(), 0
        with self._archive.transaction() as db:
            db.table("segments").insert({"file": self.file, "source_id": self._source, "opened_at": now(), "committed_end": 0})
        self._open(path)

    def _open(self, path: Path) -> None:
        try:
            self._descriptor = _at_committed_end(path, self.end)
        except OSError as error:
            raise storage_error(path, error) from error


def _at_committed_end(path: Path, committed_end: int) -> int:
    """A descriptor of the segment, exactly as long as committed."""
    if committed_end == 0:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        _sync_folders(path.parent)
    else:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        except FileNotFoundError as error:
            raise SegmentShort(f"{path} is missing; {committed_end} bytes of captures were in it. Bring it back from a backup.") from error
    size = os.fstat(descriptor).st_size
    if size < committed_end:
        os.close(descriptor)
        lost = f"{path} is {committed_end - size} bytes shorter than committed ({size} of {committed_end})"
        raise SegmentShort(f"{lost}. Bring it back from a backup, or accept the loss with: scrapy verify --repair")
    if size > committed_end:
        os.ftruncate(descriptor, committed_end)
        os.fdatasync(descriptor)
    return descriptor


def _sync_folders(folder: Path) -> None:
    """Make the file's name durable: its folder, warcs/, and the folder of the archive."""
    for path in (folder, folder.parent, folder.parent.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def cut(path: Path, end: int) -> None:
    """Bring a file to a length. One that a backup is linked to is copied first: the backup keeps its own."""
    mode = path.stat().st_mode
    if path.stat().st_nlink > 1:
        partial = path.with_name(path.name + ".partial")
        with path.open("rb") as read, partial.open("wb") as write:
            shutil.copyfileobj(read, write)
            write.flush()
            os.fsync(write.fileno())
        partial.replace(path)
    path.chmod(0o644)
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        os.ftruncate(descriptor, end)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
        path.chmod(mode)
    _sync_folders(path.parent)


def keep_aside(conn: sqlite3.Connection, path: Path, end: int, most: int | None = 1) -> Path | None:
    """What stands behind the committed end of a segment, in a file of its own, when it is more than one append can have left.

    Then archive.db is older than its captures, as after one of a backup was copied over it, and they are not to be cut off.
    Nobody knows the new file: ``scrapy verify`` names it, and ``--repair`` takes it in.
    """
    if most is None or sum(_is_unknown(conn, member) for member in members(path, begin=end)) <= most:
        return None
    with path.open("rb") as stream:
        stream.seek(end)
        data = stream.read()
    aside = path.with_name(f"{path.name.removesuffix('.warc.gz')}-{end}-{len(data)}.warc.gz")
    if not aside.exists():
        partial = aside.with_name(aside.name + ".partial")
        partial.write_bytes(data)
        descriptor = os.open(partial, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        partial.rename(aside)
        _sync_folders(aside.parent)
    return aside


def _is_unknown(conn: sqlite3.Connection, member: Member) -> bool:
    """Whether a member is a whole answer that the database has nowhere, or counts as lost."""
    known = "SELECT 1 FROM captures WHERE record_id = ? AND outcome IS NOT 'lost'"
    answer = answer_in(member)
    return answer is not None and conn.execute(known, (answer.record_id,)).fetchone() is None


def is_as_written(conn: sqlite3.Connection, path: Path, file: str) -> bool:
    """Whether a record that the database knows is still at its place in a segment, or damage may be why none is.

    In a file that was unpacked or packed anew none is, and nothing is damaged.
    """
    rows = conn.execute(
        "SELECT warc_offset, warc_length FROM captures WHERE warc_file = ? AND typeof(warc_offset) = 'integer' AND warc_offset >= 0"
        " AND typeof(warc_length) = 'integer' AND warc_length > 0 ORDER BY warc_offset DESC",
        (file,),
    ).fetchall()
    with path.open("rb") as stream:
        begins = stream.read(len(GZIP_MAGIC))
        for offset, length in rows:
            stream.seek(offset)
            data = stream.read(length)
            if data.startswith(GZIP_MAGIC) and _is_one_member(data):
                return True
    return not rows or (begins == GZIP_MAGIC and any(member.problem for member in members(path)))


def _is_one_member(data: bytes) -> bool:
    unpack = zlib.decompressobj(31)
    try:
        unpack.decompress(data)
    except zlib.error:
        return False
    return unpack.eof and not unpack.unused_data
