"""The WARC files in a WACZ, which is a ZIP of others' crawls (browsertrix, ArchiveWeb.page): each laid out in a temporary file.

Names within the ZIP are only looked at, never used as paths. What its own list of digests contradicts is said, and read all the
same: each record has its own checksum.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scraper.archive.disk import FLOOR
from scraper.archive.warc_reader import NotAWarcError

ZIP_MAGIC = b"PK\x03\x04"
_WARC_ENDS = (".warc", ".warc.gz", ".warc.zst")
_MOST_PACKED = 64
"""How many times its own size an entry may unpack to; WARC files in a ZIP are packed already."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class InnerWarc:
    """One WARC file of a WACZ: its name there, where it lies for now, what is wrong with it as a whole."""

    name: str
    path: Path
    problem: str | None = None


def is_wacz(path: Path) -> bool:
    """Whether a file is a ZIP."""
    with path.open("rb") as stream:
        return stream.read(4) == ZIP_MAGIC


def warcs_in(path: Path) -> Iterator[InnerWarc]:
    """Each WARC file of a WACZ, there until the next is asked for. Raises :class:`NotAWarcError` for a ZIP that has none."""
    try:
        with zipfile.ZipFile(path) as bundle, tempfile.TemporaryDirectory() as folder:
            found = [entry for entry in bundle.infolist() if entry.filename.startswith("archive/") and entry.filename.endswith(_WARC_ENDS)]
            if not found:
                raise NotAWarcError(f"{path} is a ZIP without a WARC file in archive/")
            digests = _digests(bundle)
            for number, entry in enumerate(found):
                target = Path(folder) / str(number)
                problem = _lay_out(bundle, entry, target, digests.get(entry.filename))
                yield InnerWarc(entry.filename, target, problem)
                target.unlink()
    except zipfile.BadZipFile as error:
        raise NotAWarcError(f"{path} is no whole ZIP ({error})") from error


def _digests(bundle: zipfile.ZipFile) -> dict[str, str]:
    """What ``datapackage.json`` says the digests are; nothing where it cannot be read."""
    try:
        told: Any = json.loads(bundle.read("datapackage.json"))
        return {str(one["path"]): str(one["hash"]) for one in told["resources"]}
    except (KeyError, TypeError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return {}


def _lay_out(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, declared: str | None) -> str | None:
    """Write an entry to a file as far as it can be read; returns what is wrong with it."""
    target.touch()
    if entry.file_size > _MOST_PACKED * max(entry.compress_size, 1):
        return f"{entry.filename} unpacks to {entry.file_size} bytes; it was not read"
    if entry.file_size > shutil.disk_usage(target.parent).free - FLOOR:
        return f"{entry.filename} has {entry.file_size} bytes, for which there is no room; it was not read"
    digest, checksum = hashlib.sha256(), 0
    try:
        with bundle.open(entry) as source, target.open("wb") as copy:
            # Its own check of the sum comes with the last bytes and keeps them back; it is made here instead.
            setattr(source, "_expected_crc", None)  # noqa: B010 — no attribute that a reader of zipfile's types knows
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                checksum = zlib.crc32(chunk, checksum)
                copy.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        return f"{entry.filename} is damaged ({error}); what could be read of it was"
    if checksum != entry.CRC:
        return f"{entry.filename} is damaged (its checksum is another); what could be read of it was"
    name, _, value = (declared or "").partition(":")
    if name == "sha256" and value != digest.hexdigest():
        return f"{entry.filename} is not what datapackage.json says its digest is; its records were read"
    return None
