"""Opening archive.db: one writer at a time, WAL with full synchronisation, schema brought up to date, origin guarded."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

from sqlite_utils import Database

from scraper.archive.changed import ChangedPages
from scraper.archive.schema import migrations
from scraper.archive.sums import forget_sums, write_sums

Origin = Literal["live", "demo"]

_NOTES: dict[Origin, str] = {
    "live": "Crawled from the portals themselves, or from saved captures of them.",
    "demo": "DEMO: made from replica portals with invented articles. Nothing here was published by anyone. Do not cite.",
}


class ArchiveError(Exception):
    """The archive cannot be used as asked; the message names the thing and the mend. ``exit_code`` is the process's."""

    exit_code = 2


class ArchiveHeld(ArchiveError):
    """Another process is writing this archive."""

    exit_code = 3


class OriginMixed(ArchiveError):
    """Demo and real articles may not share a file."""

    exit_code = 4


class DiskFull(ArchiveError):
    """There is no room left to write; what is there is whole."""

    exit_code = 8


class StorageFailed(ArchiveError):
    """The disk failed to write or to make durable; what was committed before is whole."""

    exit_code = 9


class ArchiveNewer(ArchiveError):
    """The file was written by a newer version of this program."""

    exit_code = 5


def now() -> str:
    """The present, as stored: UTC to the second with Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class ArchiveDatabase:
    """archive.db held for writing. Use as a context manager; readers need no lock and open it read-only themselves.

    ``rebuilt``: it is made from the captures that stand beside it; else a new one may not begin where there are some.
    """

    def __init__(self, path: Path, *, rebuilt: bool = False) -> None:
        self.path = path = path.resolve()  # through a link: the lock is the file's, whatever name it is opened by
        self.root = path.parent
        refuse_folder(path)
        if not rebuilt:
            refuse_lost(path)
        with ExitStack() as undo:
            self._lock = take_lock(path)
            undo.callback(self._lock.close)
            try:
                self._open(undo)
            except OSError as error:
                raise storage_error(path, error) from error
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise storage_error(path, error) from error
                raise ArchiveError(f"{path} is no archive ({error}). Move it away, or name another file (-s ARCHIVE_DB=…).") from error
            undo.pop_all()

    def _open(self, undo: ExitStack) -> None:
        self._held = forget_sums(self.path)
        self.conn = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        undo.callback(self.conn.close)
        self.db = Database(self.conn)
        refuse_newer(self.db, self.path)
        refuse_other(self.db, self.path)
        if self._held is not None and self.path.stat().st_mtime_ns != self._held.modified_ns:
            self._held = None  # another wrote between our look at the file and our opening it
        self.conn.execute("PRAGMA journal_mode = WAL")
        self.conn.execute("PRAGMA synchronous = FULL")
        self.conn.execute("PRAGMA foreign_keys = ON")
        self.conn.execute("PRAGMA journal_size_limit = 67108864")
        self.conn.execute("PRAGMA wal_autocheckpoint = 0")  # ChangedPages folds the log in, and sees what it folds in
        pending = migrations.pending(self.db)  # the log exists from the first reading on
        self._changed = ChangedPages(self.conn, self.path, wanted=self._held is not None)
        undo.callback(self._changed.close)
        if pending:
            with self.transaction():  # all or none, the list of what was applied included
                migrations.apply(self.db)

    def __enter__(self) -> ArchiveDatabase:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Fold the write-ahead log into the file, close, and let the next writer in."""
        with ExitStack() as end:
            end.callback(self._lock.close)
            end.callback(self._changed.close)
            end.callback(self.conn.close)
            modified = self._fold_all_in()
            self.conn.close()
            # Without these digests `scrapy verify` judges by the captures alone; a full disk is no reason to fail here.
            with suppress(OSError, sqlite3.Error):
                known = modified is not None and self.path.stat().st_mtime_ns == modified
                write_sums(self.path, self._held if known else None, self._changed.numbers())

    def _fold_all_in(self) -> int | None:
        """The log folded in and cut off; when the file was written last, None when it is not known what was written.

        What fails (full disk) loses nothing: the log is durable and is folded in at the next opening.
        """
        try:
            self._changed.fold_in()
            self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            modified = self.path.stat().st_mtime_ns
            # Asked after it: it waits for another's transaction, and folds that in too.
            return modified if self._changed.known and not self._changed.others_wrote() else None
        except (OSError, sqlite3.Error):
            return None

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """One durable step. IMMEDIATE, so that a stranger holding the write lock makes us wait here and not fail later.

        Inside another one it is a savepoint of that: steps can be grouped. What an inner one raises must end the outer one
        too: before 3.50.4, SQLite may lose in a crash what is committed after a savepoint was rolled back (2026-11). One that
        is alone has no savepoint: SQLite would first copy each page that it changes to a file, a twentieth of a crawl's CPU.
        """
        if self.conn.in_transaction:
            with self.db.atomic():
                yield self.db
            return
        try:
            self.conn.execute("BEGIN IMMEDIATE")
            yield self.db
            self.conn.execute("COMMIT")
            self._committed()
        except sqlite3.OperationalError as error:
            self._roll_back()
            raise storage_error(self.path, error) from error
        except BaseException:
            self._roll_back()
            raise

    def _committed(self) -> None:
        """A transaction is durable."""
        self._changed.after_commit()

    def _roll_back(self) -> None:
        if self.conn.in_transaction:
            self.conn.execute("ROLLBACK")

    def claim_origin(self, origin: Origin) -> None:
        """Mark a new archive as live or demo; refuse to mix the two in one."""
        row = self.conn.execute("SELECT origin FROM archive_info").fetchone()
        if row is None:
            with self.transaction() as db:
                db.table("archive_info").insert({"id": 1, "origin": origin, "note": _NOTES[origin], "created_at": now()})
        elif row[0] != origin:
            raise OriginMixed(
                f"{self.path} holds {'demo' if row[0] == 'demo' else 'real'} articles, and this crawl would add "
                f"{'demo' if origin == 'demo' else 'real'} ones. Use another file (-s ARCHIVE_DB=…), or move this one away."
            )


def is_there(path: Path) -> bool:
    """Whether an archive is at a path: a file of no bytes was cut off by a failure, or is what a program that only looked left behind."""
    return path.exists() and path.stat().st_size > 0


def refuse_lost(path: Path) -> None:
    """Raise :class:`ArchiveError` where captures have lost their database: a new one would ask the portals for everything again.

    Where another database stands beside them, they are that one's.
    """
    warcs = path.parent / "warcs"
    if not is_there(path) and any(warcs.glob("*/*.warc.gz")) and not any(map(is_there, path.parent.glob("*.db"))):
        raise ArchiveError(
            f"there is no {path}, and {warcs} holds captures. Make it from them: scrapy rebuild --db {shlex.quote(str(path))}"
            " (or put back the one that was there). To start over, move warcs/ away too."
        )


def refuse_newer(db: Database, path: Path) -> None:
    """Raise :class:`ArchiveNewer` for an archive with migrations that this program does not know."""
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    if "_sqlite_migrations" in db.table_names():
        unknown = [migration.name for migration in migrations.applied(db) if migration.name not in known]
        if unknown:
            raise ArchiveNewer(f"{path} was written by a newer version (it has {', '.join(unknown)}). Upgrade this program.")


def refuse_other(db: Database, path: Path, *, empty: bool = False) -> None:
    """Raise :class:`ArchiveError` for a database of another program; with ``empty``, for one of nobody too."""
    tables = [name for name in db.table_names() if not name.startswith("sqlite_")]
    if tables and "_sqlite_migrations" not in tables:
        raise ArchiveError(
            f"{path} is a database of another program (it has the table {tables[0]}). Move it away, or name another file (-s ARCHIVE_DB=…)."
        )
    if empty and not tables:
        raise ArchiveError(f"{path} is empty. Restore a backup, or make it from its captures: scrapy rebuild --replace --db {path}")


def refuse_folder(path: Path) -> None:
    """Raise :class:`ArchiveError` for a folder given as the archive's file."""
    if path.is_dir():
        raise ArchiveError(f"{path} is a folder. Move it away, or name a file (-s ARCHIVE_DB=…).")


def storage_error(path: Path, error: sqlite3.OperationalError | OSError) -> ArchiveError:
    """What a failed write means to a person: a full disk, or a failing one."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if full or "full" in str(error):
        return DiskFull(f"no room left to write {path}. Make room, then run it again: nothing is lost.")
    return StorageFailed(f"{path} could not be written ({error}). Look after the disk, then run it again: what was committed is whole.")


def take_lock(path: Path) -> IO[str]:
    """Become the writer of an archive for as long as the handle is open; raise :class:`ArchiveHeld` naming who is."""
    lock_path = path.with_name(path.name + ".lock")
    try:
        handle = open(lock_path, "a+", encoding="utf-8")
    except OSError as error:
        raise ArchiveError(f"cannot write {lock_path}: {error.strerror}. The archive's folder must be writable.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.seek(0)
        holder = _holder(handle.read())
        handle.close()
        raise ArchiveHeld(f"{path} is being written by {holder}. Wait for it, or stop it.") from error
    try:
        handle.truncate(0)
        handle.write(json.dumps({"pid": os.getpid(), "since": now()}))
        handle.flush()
    except OSError as error:
        with suppress(OSError):  # what could not be written cannot be flushed either
            handle.close()
        raise storage_error(lock_path, error) from error
    return handle


def _holder(text: str) -> str:
    try:
        held = json.loads(text)
        return f"process {held['pid']} since {held['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process"
