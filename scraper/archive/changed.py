"""Which pages of archive.db were written since it was opened, told from the frames of SQLite's write-ahead log.

The log (sqlite.org/walformat.html) is 32 bytes of header and then frames: 24 bytes (page number, size of the database after
a commit or 0, two salts, two checksums), and the page. Folding it in (a checkpoint) copies the frames into the database and
leaves them where they are; the next transaction may begin the log anew, with the first salt one higher and the second another.
So the log is folded in by us alone, and the frames are read right after it, as far as SQLite says that they go: behind its end
may stand what was rolled back or could not be written.

Others may write and fold in as well. That is told from SQLite's count of their commits and from a log that began anew behind
our back; then it is not known what was written.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_HEADER = 32
_FRAME = 24
FOLDED_AT = 1000
"""Frames at which the log is folded in, as SQLite does of its own accord."""


class ChangedPages:
    """The pages that one connection wrote. The log exists as soon as SQLite has read from the archive in WAL mode.

    ``known`` is False when nobody wants to know (``wanted``), or when some page may have been missed.
    """

    def __init__(self, conn: sqlite3.Connection, path: Path, *, wanted: bool) -> None:
        self.known = wanted
        self._conn = conn
        self._commits = self._commits_of_others()
        self._stride = _FRAME + conn.execute("PRAGMA page_size").fetchone()[0]
        self._file = os.open(path.with_name(path.name + "-wal"), os.O_RDONLY | os.O_CLOEXEC)
        self._salts = b""
        self._noted = 0
        self._pending = False
        """Whether the log has frames of ours that are not noted, or not folded in."""
        self._written = bytearray(2)
        self._note(1)  # opening may have changed the journal mode, which stands there

    def after_commit(self) -> None:
        """After a transaction of ours, and before the next: fold the log in when it is long. What fails is made good later."""
        try:
            self._see_where_it_begins()
            if not self._salts:  # nothing was written
                return
            self._pending = True
            if self._is_long():
                self.fold_in()
        except (OSError, sqlite3.Error):
            self.known = False  # the transaction is durable all the same

    def fold_in(self) -> None:
        """Fold the log in as far as readers let us, and note the pages of its frames."""
        self._see_where_it_begins()
        busy, frames, folded = self._conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if frames < 0:  # another is folding in just now
            return
        if self._pending and (frames == 0 or frames < self._noted):
            self.known = False  # another folded in and cut the log off
        if self.known:
            for position in range(self._noted, frames):
                frame = os.pread(self._file, _FRAME, _HEADER + position * self._stride)
                if frame[8:16] != self._salts:
                    self.known = False  # another began it anew; or SQLite < 3.50.4 after a savepoint was rolled back (2026-11)
                    break
                self._note(int.from_bytes(frame[:4], "big"))
        self._noted = frames
        self._pending = bool(busy) or folded < frames

    def others_wrote(self) -> bool:
        """Whether another connection committed anything since ours was opened."""
        return self._commits_of_others() != self._commits

    def numbers(self) -> Iterator[int]:
        """The pages written, counted from 1 as SQLite does, in order."""
        number = self._written.find(1)
        while number >= 0:
            yield number
            number = self._written.find(1, number + 1)

    def close(self) -> None:
        """Give the file back."""
        with suppress(OSError):
            os.close(self._file)

    def _commits_of_others(self) -> int:
        version: int = self._conn.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _is_long(self) -> bool:
        return os.pread(self._file, 8, _HEADER + (FOLDED_AT - 1) * self._stride + 8) == self._salts

    def _see_where_it_begins(self) -> None:
        """A log begins anew by a transaction after all of it was folded in: by us, or behind our back."""
        salts = os.pread(self._file, _HEADER, 0)[16:24]
        if salts == self._salts or not salts:  # nothing was written yet
            return
        if self._salts and (self._pending or int.from_bytes(salts[:4], "big") != (int.from_bytes(self._salts[:4], "big") + 1) % (1 << 32)):
            self.known = False
        self._salts = salts
        self._noted = 0

    def _note(self, number: int) -> None:
        if number >= len(self._written):
            self._written.extend(bytes(number + 1 - len(self._written)))
        self._written[number] = 1
