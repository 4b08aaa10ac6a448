"""Datasette's connections, opened anew when another file was put in the place of an archive, as a rebuild or a restore does.

Datasette opens a file once for each of its threads and keeps it. Of an archive that was replaced it would show the old file, which
nothing writes any more, until somebody starts it again, while downloads, which open the file themselves, tell of the new one.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from datasette.database import Database  # type: ignore[import-untyped]

Result = TypeVar("Result")
_File = tuple[int, int] | None


class _Opened(threading.local):
    """What this thread has open: of each database the connection, and the file it was opened on."""

    def __init__(self) -> None:
        self.of: WeakKeyDictionary[Any, tuple[sqlite3.Connection, _File]] = WeakKeyDictionary()


_opened = _Opened()


def follow_replaced_files() -> None:
    """Put our connections in the place of Datasette's."""

    async def execute_fn(database: Any, function: Callable[[sqlite3.Connection], Result]) -> Result:
        def in_thread() -> Result:
            return function(_connection(database))

        if database.ds.executor is None:
            return in_thread()
        return await asyncio.get_running_loop().run_in_executor(database.ds.executor, in_thread)

    Database.execute_fn = execute_fn


def _connection(database: Any) -> sqlite3.Connection:
    """The connection of this thread."""
    file = _file_of(database)
    kept = _opened.of.get(database)
    if kept is not None and (kept[1] == file or file is None):  # a file that is gone is read on until there is another
        return kept[0]
    connection: sqlite3.Connection = database.connect()
    database.ds._prepare_connection(connection, database.name)
    if kept is not None:
        database._all_file_connections.remove(kept[0])
        kept[0].close()
    _opened.of[database] = connection, file
    return connection


def _file_of(database: Any) -> _File:
    """Which file stands at the path; None where none does, and of what is in memory or never changes."""
    if not database.path or not database.is_mutable:
        return None
    try:
        about = os.stat(database.path)
    except FileNotFoundError:
        return None
    return about.st_dev, about.st_ino
