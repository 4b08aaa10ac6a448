"""WARC segments of one source: open, recover, append, roll and seal. The database never points past durable bytes."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

from scraper.archive.database import ArchiveDatabase, ArchiveError, now
from scraper.archive.warc import append, warcinfo_record

SEGMENT_BYTES = 100 * 1024 * 1024
"""A segment rolls at this size; the same order as other crawlers' WARC files."""


class SegmentShort(ArchiveError):
    """A segment has lost bytes that were committed."""

    exit_code = 6


class Segments:
    """The open segment of one source. Everything appended is durable on return; the caller commits :attr:`end` with its rows."""

    def __init__(self, archive: ArchiveDatabase, source: str) -> None:
        self._archive = archive
        self._source = source
        self._folder = archive.root / "warcs" / source
        self._descriptor: int | None = None
        self.file = ""
        self.end = 0

    def append(self, data: bytes) -> int:
        """Append whole gzip members; returns the offset of the first byte."""
        if self._descriptor is not None and self.end >= SEGMENT_BYTES:
            self.seal()
        if self._descriptor is None:
            self._open()
        assert self._descriptor is not None
        start = self.end
        self.end = append(self._descriptor, start, data)
        return start

    def close(self) -> None:
        """Close the file; it stays open in the sense of the archive and the next crawl goes on with it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def seal(self) -> None:
        """Never write this segment again: store its digest, make it read-only."""
        self.close()
        path = self._archive.root / self.file
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        path.chmod(0o444)
        with self._archive.transaction() as db:
            db.table("segments").update(self.file, {"sealed_at": now(), "sha256": digest})

    def _open(self) -> None:
        row = self._archive.conn.execute(
            "SELECT file, committed_end FROM segments WHERE source_id = ? AND sealed_at IS NULL ORDER BY opened_at DESC", (self._source,)
        ).fetchone()
        if row is not None:
            self.file, self.end = row
            self._descriptor = _recover(self._archive.root / self.file, self.end)
        else:
            self._create()

    def _create(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
        path = self._folder / f"{self._source}-{stamp}.warc.gz"
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
        self.file = path.relative_to(self._archive.root).as_posix()
        self.end = append(self._descriptor, 0, warcinfo_record(path.name, self._source))
        _sync_folder(self._folder)
        with self._archive.transaction() as db:
            db.table("segments").insert({"file": self.file, "source_id": self._source, "opened_at": now(), "committed_end": self.end})


def _recover(path: Path, committed_end: int) -> int:
    """Open a segment at its committed end: a longer tail was never acknowledged and is cut; a shorter file is refused."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError as error:
        raise SegmentShort(f"{path} is missing; {committed_end} bytes of captures were in it. Bring it back from a backup.") from error
    size = os.fstat(descriptor).st_size
    if size < committed_end:
        os.close(descriptor)
        raise SegmentShort(
            f"{path} is {committed_end - size} bytes shorter than committed ({size} of {committed_end}). Bring it back from a backup."
        )
    if size > committed_end:
        os.ftruncate(descriptor, committed_end)
        os.fdatasync(descriptor)
    return descriptor


def _sync_folder(folder: Path) -> None:
    for path in (folder, folder.parent, folder.parent.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
