"""Backups that can be trusted, made under the writer's lock. Each is a dated folder, whole in itself, with a manifest of digests.

The database is copied by ``VACUUM INTO`` (a plain copy of the file lacks what is still in the log: 243 rows in one trial,
and SQLite calls it sound). Segments never change once sealed, so they are linked where they can be. A folder is called
``*.partial`` until it is whole; what a killed backup leaves behind, the next one removes.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from scraper import __version__
from scraper.archive.database import ArchiveError, ArchiveHeld, now, refuse_other, storage_error, take_lock
from scraper.archive.findings import OTHER_BYTES, Tell
from scraper.archive.sums import read_sums, segment_digest

MANIFEST = "manifest.json"
_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{6}Z", re.ASCII)
_BLOCK = 1 << 20


class BackupFailed(ArchiveError):
    """The archive or the backup is not what it must be; nothing was changed."""

    exit_code = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a backup. ``sealed``: it never changes again."""

    path: str
    bytes: int
    sha256: str
    sealed: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup, and how its files came to it."""

    folder: Path
    files: int
    bytes: int
    copied: int
    removed: tuple[str, ...]


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """Hold the writer's lock of an archive without opening it."""
    handle = take_lock(path.resolve())
    try:
        yield
    finally:
        handle.close()


def back_up(path: Path, to: Path, tell: Tell, keep: int | None = None) -> Made:
    """Make a backup of an archive in a new folder of ``to``; with ``keep``, remove all but the newest ones."""
    if not path.is_file():
        raise ArchiveError(f"there is no archive {path}")
    if to.resolve().is_relative_to((path.resolve().parent / "warcs").resolve()):
        raise ArchiveError(f"{to} lies among the captures of the archive. Name another folder, best on another disk")
    to.mkdir(parents=True, exist_ok=True)
    with writer_lock(path), _only_one(to):
        for left in sorted(to.glob("*.partial")):
            if _NAME.fullmatch(left.stem):
                _remove(left)
        earlier = backups(to)
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
        partial = to / f"{stamp}.partial"
        try:
            made = _fill(path, partial, earlier[-1] if earlier else None, tell)
            partial.rename(to / stamp)
            sync_folder(to)
        except (OSError, sqlite3.OperationalError) as error:
            raise storage_error(partial, error) from error
        except sqlite3.DatabaseError as error:
            raise BackupFailed(f"{path} is damaged ({error}). See: scrapy verify --full") from error
        removed = _rotate(to, to / stamp, keep) if keep else ()
    return Made(to / stamp, made[0], made[1], made[2], removed)


def backups(to: Path) -> list[Path]:
    """The finished backups of a folder, oldest first; other programs have folders with a ``manifest.json`` too."""
    return sorted(folder for folder in to.iterdir() if _NAME.fullmatch(folder.name) and (folder / MANIFEST).is_file())


def read_manifest(backup: Path) -> dict[str, Entry]:
    """What a backup holds, by path; raises :class:`BackupFailed` when the manifest cannot be trusted."""
    try:
        manifest: dict[str, Any] = json.loads((backup / MANIFEST).read_text(encoding="utf-8"))
        entries = [Entry(**entry) for entry in manifest["files"]]
        trusted = manifest["digest"] == _digest_of(manifest)
    except FileNotFoundError as error:
        raise BackupFailed(f"{backup} is no backup: it has no {MANIFEST}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BackupFailed(f"{backup / MANIFEST} is damaged ({error}). Take another backup") from error
    if not trusted or any(not _is_inside(entry.path) for entry in entries):
        raise BackupFailed(f"{backup / MANIFEST} is damaged: it is not what it was when it was written. Take another backup")
    return {entry.path: entry for entry in entries}


def _fill(path: Path, partial: Path, earlier: Path | None, tell: Tell) -> tuple[int, int, int]:
    root = path.resolve().parent
    known = _known(earlier)
    begun = _begun(path)
    tell("archive.db", 0, None)
    database = partial / "archive.db"
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as conn:
        refuse_other(Database(conn), path, empty=True)
        partial.mkdir()
        segments = conn.execute("SELECT file, committed_end, sha256 FROM segments WHERE committed_end > 0 ORDER BY file").fetchall()
        conn.execute("VACUUM INTO ?", (str(database),))
    _check_database(database)
    entries = [Entry(database.name, database.stat().st_size, _sha(database), False)]
    copied = 0 if _keep_equal(database, entries[0], earlier, known) else entries[0].bytes
    for done, (file, end, sha256) in enumerate(segments, 1):
        tell("segments", done, len(segments))
        if not _is_inside(file):
            raise BackupFailed(f"{file} lies outside the archive's folder; back up the archive it belongs to")
        _check_begun(root / file, begun.get(file))
        entry, was_copied = _take(root, partial, file, end, sha256, earlier, known)
        entries.append(entry)
        copied += entry.bytes if was_copied else 0
    manifest: dict[str, Any] = {
        "made_at": now(),
        "made_by": f"khuyen-hoc-archive {__version__}",
        "archive": str(path.resolve()),
        "files": [asdict(entry) for entry in entries],
    }
    manifest["digest"] = _digest_of(manifest)
    _write(partial / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    for folder in [partial, *(inner for inner in partial.rglob("*") if inner.is_dir())]:
        sync_folder(folder)
    return len(entries), sum(entry.bytes for entry in entries), copied


def _begun(path: Path) -> dict[str, tuple[int, str]]:
    """What the last writers knew of the first bytes of open segments, which only grow; nothing where that is damaged itself."""
    try:
        sums = read_sums(path)
    except ValueError:
        return {}
    return sums.segments if sums else {}


def _check_begun(source: Path, begun: tuple[int, str] | None) -> None:
    """A bit that turned in an open segment would else take the place of what was whole, backup after backup."""
    if begun and _size(source) >= begun[0] and segment_digest(source, begun[0]) != begun[1]:
        raise BackupFailed(f"{source} is damaged: its first {begun[0]} bytes {OTHER_BYTES}. See: scrapy verify --full")


def _take(
    root: Path, partial: Path, file: str, end: int, sha256: str | None, earlier: Path | None, known: dict[str, Entry]
) -> tuple[Entry, bool]:
    """One segment into the backup: linked to the earlier backup's equal file, linked to the original when sealed, or copied."""
    source, target = root / file, partial / file
    size = _size(source)
    if size < end:
        raise BackupFailed(f"{source} has lost {end - size} committed bytes. See: scrapy verify; older backups are left as they are")
    target.parent.mkdir(parents=True, exist_ok=True)
    before = known.get(file)
    if earlier and before and sha256 and before.sha256 == sha256 and before.bytes == end and _link(earlier / file, target, end):
        return before, False
    digest = segment_digest(source, end)
    if sha256 and digest != sha256:
        raise BackupFailed(f"{source} is damaged: it is not what it was when it was sealed. See: scrapy verify --full")
    entry = Entry(file, end, digest, sha256 is not None)
    if earlier and before and (before.sha256, before.bytes) == (digest, end) and _link(earlier / file, target, end):
        return entry, False
    if sha256 and _link(source, target, end):
        return entry, False
    copy_durably(source, target, Entry(file, end, digest, True))
    return entry, True


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _link(source: Path, target: Path, size: int) -> bool:
    try:
        if source.stat().st_size != size:
            return False
        os.link(source.resolve(), target, follow_symlinks=False)  # of what a link leads to, and not of the link
    except OSError:
        return False  # another file system, or one without links
    return True


def _keep_equal(file: Path, entry: Entry, earlier: Path | None, known: dict[str, Entry]) -> bool:
    """A file equal to the earlier backup's needs no second place on the disk."""
    before = known.get(entry.path)
    if earlier and before and before.sha256 == entry.sha256:
        linked = file.with_name(file.name + ".same")
        if _link(earlier / entry.path, linked, entry.bytes):
            linked.replace(file)
            return True
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    file.chmod(0o444)
    return False


def copy_durably(source: Path, target: Path, entry: Entry) -> None:
    """The first bytes of a file under another name, durable and checked before the name is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    digest = hashlib.sha256()
    left = entry.bytes
    with source.open("rb") as read, partial.open("xb") as write:
        while left and (block := read.read(min(_BLOCK, left))):
            digest.update(block)
            write.write(block)
            left -= len(block)
        write.flush()
        os.fsync(write.fileno())
    if digest.hexdigest() != entry.sha256:
        partial.unlink()
        raise BackupFailed(f"{source} changed or could not be read whole while it was copied")
    partial.chmod(0o444 if entry.sealed else 0o644)
    partial.rename(target)
    sync_folder(target.parent)


def _check_database(database: Path) -> None:
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as conn:
        said = conn.execute("PRAGMA integrity_check").fetchone()[0]
        broken = conn.execute("PRAGMA foreign_key_check").fetchone()
        articles, indexed = (conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("articles", "articles_fts_docsize"))
    if said != "ok" or broken or articles != indexed:
        problem = said if said != "ok" else f"a row of {broken[0]} points nowhere" if broken else "the search index is not of its articles"
        raise BackupFailed(f"the copy of the database is not sound ({problem}). See: scrapy verify --full")


def _known(earlier: Path | None) -> dict[str, Entry]:
    try:
        return read_manifest(earlier) if earlier else {}
    except BackupFailed:
        return {}


def _rotate(to: Path, made: Path, keep: int) -> tuple[str, ...]:
    """Remove all but the newest; the one just made stays, also when the clock was set back."""
    removed = []
    others = [folder for folder in backups(to) if folder != made]
    for folder in others[: len(others) - (keep - 1)]:
        gone = folder.rename(folder.with_name(folder.name + ".partial"))
        _remove(gone)
        removed.append(folder.name)
    return tuple(removed)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder) if folder.is_dir() else folder.unlink()


@contextmanager
def _only_one(to: Path) -> Iterator[None]:
    descriptor = os.open(to, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise ArchiveHeld(f"another backup is writing to {to}. Wait for it") from error
    finally:
        os.close(descriptor)


def _is_inside(path: str) -> bool:
    parts = Path(path).parts
    return not Path(path).is_absolute() and ".." not in parts


def _digest_of(manifest: dict[str, Any]) -> str:
    rest = {name: value for name, value in manifest.items() if name != "digest"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _sha(path: Path) -> str:
    return segment_digest(path, path.stat().st_size)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
