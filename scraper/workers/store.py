"""Where workers hand in parts and the keeper fetches them: a folder of any file system that fsspec knows, by its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import fsspec

from scraper.workers.parts import PartName

NOTE = "README.txt"
_NOTE_SAYS = b"Here workers hand in what they crawled; the keeper of the archive takes it away. Leave this note.\n"


class StoreFailed(Exception):
    """The store could not be reached or used; the message names it."""

    exit_code = 2


@contextmanager
def _named(address: str) -> Iterator[None]:
    """Every store fails in its own way (OSError, an HTTP library's error, a cloud's): to us it is one."""
    try:
        yield
    except StoreFailed:
        raise
    except Exception as error:
        raise StoreFailed(f"the store {address} failed ({type(error).__name__}: {error})") from error


class Store:
    """One folder for parts; a part is whole when its bytes have the digest in its name, so no store needs to rename or lock.

    Every method raises :class:`StoreFailed` when the store cannot be reached. A note in the folder says what it is for: stores of
    objects have no empty folders, and one that is lost (a disk that is no longer mounted) must not look like one without parts.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        with _named(address):
            self._fs, self._folder = fsspec.core.url_to_fs(address)
            self._fs.makedirs(self._folder, exist_ok=True)
            if not self._fs.exists(f"{self._folder}/{NOTE}"):
                self._fs.pipe_file(f"{self._folder}/{NOTE}", _NOTE_SAYS)

    def put(self, path: Path) -> None:
        """Hand in a sealed part; one that is there already in the same length is left."""
        there = f"{self._folder}/{path.name}"
        with _named(self.address):
            if not self._fs.exists(there) or self._fs.size(there) != path.stat().st_size:
                self._fs.put_file(str(path), there)

    def names(self) -> list[PartName]:
        """The parts that are there, crawl by crawl in the order they were made."""
        with _named(self.address):
            self._fs.invalidate_cache(self._folder)
            found: list[dict[str, Any]] = self._fs.ls(self._folder, detail=True)
        names = (PartName.of(str(one["name"]).rstrip("/").rpartition("/")[2]) for one in found)
        return sorted(name for name in names if name is not None)

    def fetch(self, name: PartName, to: Path) -> None:
        """A copy of a part on this machine's disk."""
        with _named(self.address):
            self._fs.get_file(f"{self._folder}/{name.file}", str(to))

    def remove(self, name: PartName) -> None:
        """Delete a part that is in the archive."""
        with _named(self.address), suppress(FileNotFoundError):
            self._fs.rm_file(f"{self._folder}/{name.file}")
