"""Which pages of archive.db were written since it was opened, told from the frames of SQLite's write-ahead log.

The log (sqlite.org/walformat.html) is 32 bytes of header and then frames: 24 bytes (page number, size of the database after
a commit or 0, two salts, two checksums), and the page. A checkpoint copies the frames into the database and leaves them
where they are; the next transaction may begin the log anew, with the first salt one higher and the second another. So
whoever looks after each of his transactions sees every frame.
"""

from __future__ import annotations

import os
from pathlib import Path

_HEADER = 32
_FRAME = 24


class ChangedPages:
    """The pages written to one archive's log. ``numbers`` counts from 1 as SQLite does; None when some may have been missed."""

    def __init__(self, path: Path, page_size: int) -> None:
        """The log exists as soon as SQLite has opened the archive ``path`` in WAL mode and read from it."""
        self.numbers: set[int] | None = {1}  # opening may have changed the journal mode, which stands there
        self._file = os.open(path.with_name(path.name + "-wal"), os.O_RDONLY | os.O_CLOEXEC)
        self._stride = _FRAME + page_size
        self._salts = b""
        self.frames = 0
        """Frames of the log up to the last commit, since it was begun anew."""

    def look(self) -> None:
        """After a transaction, and before the next: note its pages."""
        header = os.pread(self._file, _HEADER, 0)
        if len(header) < _HEADER:
            return  # nothing was written yet, or all is folded in and cut off
        if header[16:24] != self._salts:
            self._begin_anew(header[16:24])
        seen: list[int] = []
        position = self.frames
        while True:
            frame = os.pread(self._file, _FRAME, _HEADER + position * self._stride)
            if frame[8:16] != self._salts:
                break
            position += 1
            seen.append(int.from_bytes(frame[:4], "big"))
            if frame[4:8] != b"\0\0\0\0":  # behind the last commit may stand what was rolled back, and is written over
                self.frames = position
                if self.numbers is not None:
                    self.numbers.update(seen)
                seen.clear()

    def _begin_anew(self, salts: bytes) -> None:
        """The log has begun anew; when it did more than once, another program wrote and folded in between."""
        if self._salts:
            following = (int.from_bytes(self._salts[:4], "big") + 1) % (1 << 32)
            if int.from_bytes(salts[:4], "big") != following:
                self.numbers = None
        self._salts = salts
        self.frames = 0

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)
