"""Reading the archives that are served: one transaction and one time limit a page, and what is costly only when the file changed."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]

Result = TypeVar("Result")
STALE = 5.0
"""Seconds for which counts may be old while a crawl is writing; a file that stands still is counted once."""
SLOW = 0.5
"""Seconds of counting from which on readers are shown the counts before, and counting goes on behind them."""
COUNTING = 20_000
"""Milliseconds that counting may take; what readers ask for has Datasette's limit."""
_MOST_KEPT = 200


@dataclass(slots=True)
class _Kept:
    """What was read, of which state of the file, when, how long that took, and the task that reads it again."""

    version: object
    at: float
    seconds: float
    result: Any
    again: asyncio.Future[Any] | None = None

    def is_fresh(self, version: object) -> bool:
        return self.version == version or time.monotonic() - self.at < STALE


_kept: dict[tuple[str, str], _Kept] = {}


def files(datasette: Any) -> Iterator[Any]:
    """The databases that are served, those that are no files left out."""
    return (database for database in datasette.databases.values() if not database.is_memory)


async def read(
    datasette: Any, database: Any, reading: Callable[[sqlite3.Connection], Result], milliseconds: int | None = None
) -> Result | None:
    """What a function reads from one database, all of it at one moment. None where the file is no archive.

    Raises QueryInterrupted after ``milliseconds``, or after ``sql_time_limit_ms`` as Datasette's own pages do.
    """

    def in_thread(connection: sqlite3.Connection) -> Result | None:
        if connection.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('archive_info', 'articles')").fetchone()[0] != 2:
            return None
        connection.execute("BEGIN")
        try:
            with sqlite_timelimit(connection, milliseconds or datasette.setting("sql_time_limit_ms")):
                return reading(connection)
        except sqlite3.OperationalError as error:
            if error.args == ("interrupted",):
                raise QueryInterrupted(error, "", {}) from error
            raise
        finally:
            connection.execute("ROLLBACK")

    result: Result | None = await database.execute_fn(in_thread)
    return result


async def first(
    datasette: Any, reading: Callable[[sqlite3.Connection], Result | None], milliseconds: int | None = None
) -> tuple[Any, Result] | None:
    """The first archive for which a function finds something, and what it finds."""
    for database in files(datasette):
        found = await read(datasette, database, reading, milliseconds)
        if found is not None:
            return database, found
    return None


async def first_kept(datasette: Any, name: str, reading: Callable[[sqlite3.Connection], Result]) -> tuple[Any, Result] | None:
    """As :func:`first`, read again only when the file has changed since, and then at most every :data:`STALE` seconds.

    Where reading takes long, as in an archive of a million articles, only the first reader ever waits for it: later ones get
    what was read before, while it is read again.
    """
    for database in files(datasette):
        key = (name, str(database.path))
        kept = _kept.get(key)
        if kept is None:
            kept = await _keep(datasette, database, key, reading)
        elif not kept.is_fresh(_version(Path(database.path))):
            if kept.seconds < SLOW:
                kept = await _keep(datasette, database, key, reading)
            elif kept.again is None or kept.again.done():
                kept.again = asyncio.ensure_future(_keep(datasette, database, key, reading))
                kept.again.add_done_callback(_tell)
        if kept is not None:
            return database, kept.result
    return None


async def _keep(datasette: Any, database: Any, key: tuple[str, str], reading: Callable[[sqlite3.Connection], Any]) -> _Kept | None:
    version, began = _version(Path(database.path)), time.monotonic()
    result = await read(datasette, database, reading, milliseconds=COUNTING)
    if result is None:
        return None
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    now = time.monotonic()
    _kept[key] = kept = _Kept(version, now, now - began, result)
    return kept


def _tell(task: asyncio.Future[Any]) -> None:
    """Of what failed while nobody waited for it: the next reader asks again, but the log is to know."""
    if not task.cancelled() and (error := task.exception()):
        print(f"counting the archive again: {error!r}", file=sys.stderr)


def _version(path: Path) -> object:
    """Changes with every commit: size and time of the file and of its write-ahead log."""
    told = []
    for each in (path, path.with_name(f"{path.name}-wal")):
        try:
            stat = each.stat()
        except FileNotFoundError:
            continue
        told.append((each.name, stat.st_size, stat.st_mtime_ns, stat.st_ino))
    return tuple(told)
