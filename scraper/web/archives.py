"""Reading the archives that are served: one transaction and one time limit a page, and what is costly only when the file changed."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.utils import sqlite_timelimit  # type: ignore[import-untyped]

Result = TypeVar("Result")
STALE = 5.0
"""Seconds for which counts may be old while a crawl is writing; a file that stands still is counted once."""
_KEPT = 200

_kept: dict[tuple[str, str], tuple[object, float, Any]] = {}


def files(datasette: Any) -> Iterator[Any]:
    """The databases that are served, those that are no files left out."""
    return (database for database in datasette.databases.values() if not database.is_memory)


async def read(datasette: Any, database: Any, reading: Callable[[sqlite3.Connection], Result]) -> Result | None:
    """What a function reads from one database, all of it at one moment. None where the file is no archive.

    Raises QueryInterrupted after ``sql_time_limit_ms``, as Datasette's own pages do.
    """

    def in_thread(connection: sqlite3.Connection) -> Result | None:
        if connection.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('archive_info', 'articles')").fetchone()[0] != 2:
            return None
        connection.execute("BEGIN")
        try:
            with sqlite_timelimit(connection, datasette.setting("sql_time_limit_ms")):
                return reading(connection)
        except sqlite3.OperationalError as error:
            if error.args == ("interrupted",):
                raise QueryInterrupted(error, "", {}) from error
            raise
        finally:
            connection.execute("ROLLBACK")

    result: Result | None = await database.execute_fn(in_thread)
    return result


async def first(datasette: Any, reading: Callable[[sqlite3.Connection], Result | None]) -> tuple[Any, Result] | None:
    """The first archive for which a function finds something, and what it finds."""
    for database in files(datasette):
        found = await read(datasette, database, reading)
        if found is not None:
            return database, found
    return None


async def first_kept(datasette: Any, name: str, reading: Callable[[sqlite3.Connection], Result]) -> tuple[Any, Result] | None:
    """As :func:`first`, read again only when the file has changed since, and then at most every :data:`STALE` seconds."""
    for database in files(datasette):
        key, version, now = (name, str(database.path)), _version(Path(database.path)), time.monotonic()
        if key in _kept and (_kept[key][0] == version or now - _kept[key][1] < STALE):
            return database, _kept[key][2]
        found = await read(datasette, database, reading)
        if found is not None:
            if len(_kept) >= _KEPT:
                _kept.clear()
            _kept[key] = (version, now, found)
            return database, found
    return None


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
