"""WARC segments of one source: open, recover, append, roll and seal. The database never points past durable bytes."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

from scraper.archive.database import ArchiveDatabase, ArchiveError, now, storage_error
from scraper.archive.warc_writer import append, warcinfo_record

SEGMENT_BYTES = 100 * 1024 * 1024
"""A segment rolls at this size; the same order as other crawlers' WARC files."""


class SegmentShort(ArchiveError):
    """A segment has lost bytes that were committed."""

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

    def recover(self) -> None:
        """Bring the source's open segment to its committed end: a longer tail was never acknowledged and is cut.

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
        self._open(self._archive.root / self.file)

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
