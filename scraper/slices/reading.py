"""One statement read from one connection into one file, piece by piece; another thread may stop it at any moment.

All rows come from one read transaction: what a crawl writes meanwhile is not seen, and no row is missed or told twice.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from scraper.slices.formats import Format

PIECE = 256 * 1024
"""Bytes of a piece, more or less; what one slice holds in memory is a few of them."""
_FIRST_BATCH = 8
_LARGEST_BATCH = 500
_STEPS_BETWEEN_LOOKS = 10_000
T = TypeVar("T")
P = ParamSpec("P")


class Stopped(Exception):
    """The reading was stopped from outside: nobody wants the rest."""


class TooLong(Exception):
    """The statement ran longer than it may without giving a row, or altogether."""


@dataclass(frozen=True, slots=True)
class Question:
    """A statement and its parameters. Of a statement written by a stranger the patience is limited (seconds; None: not).

    ``between_rows``: how long it may run without giving a row; ``in_all``: how long altogether, not counting the time in
    which it waits for whoever takes the rows.
    """

    sql: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    between_rows: float | None = None
    in_all: float | None = None


class Reading:
    """The rows of one question on their way. The connection is its own and is closed with it."""

    def __init__(self, connection: sqlite3.Connection, question: Question, file: Callable[[Sequence[str]], Format]) -> None:
        self._conn = connection
        self._conn.text_factory = bytes
        self._conn.row_factory = None
        self._question = question
        self._file = file
        self._made: Format | None = None
        self._stopped = False
        self._deadline: float | None = None
        self._spent = 0.0
        self.rows = 0
        """How many rows have been written so far."""

    def stop(self) -> None:
        """End the reading, whatever it is doing; may be called from any thread, also when all is over."""
        self._stopped = True
        try:
            self._conn.interrupt()
        except sqlite3.ProgrammingError:
            return  # closed: nothing is running

    def pieces(self) -> Iterator[bytes]:
        """The file, from its first byte to its last.

        Raises :class:`Stopped`, :class:`TooLong`, or sqlite3.Error for a statement that is wrong or a database that is. The
        statement is begun before the first piece is given: what is wrong with it shows before anything is sent.
        """
        try:
            yield from self._pieces()
        except sqlite3.OperationalError as error:
            if self._stopped:
                raise Stopped from error
            if str(error) == "interrupted":
                raise TooLong("the statement ran longer than it may") from error
            raise
        finally:
            self._conn.close()

    def cut_off(self, reason: str) -> bytes:
        """What to write when :meth:`pieces` failed half way."""
        return self._made.cut_off(reason) if self._made else b""

    def _pieces(self) -> Iterator[bytes]:
        if self._question.between_rows is not None or self._question.in_all is not None:
            self._conn.set_progress_handler(self._is_late, _STEPS_BETWEEN_LOOKS)
        batch = _FIRST_BATCH
        cursor = self._timed(self._conn.execute, self._question.sql, self._question.parameters)
        rows = self._timed(cursor.fetchmany, batch)
        self._made = made = self._file([column[0] for column in cursor.description])
        piece = [made.begin()]
        size = len(piece[0])
        while rows:
            piece.append(made.rows(rows))
            size += len(piece[-1])
            self.rows += len(rows)
            batch = max(1, min(_LARGEST_BATCH, len(rows) * PIECE // max(1, len(piece[-1]))))
            if size >= PIECE:
                yield b"".join(piece)
                piece, size = [], 0
            if self._stopped:
                raise Stopped
            rows = self._timed(cursor.fetchmany, batch)
        piece.append(made.end())
        yield b"".join(piece)

    def _timed(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        started = time.monotonic()
        limits = [] if self._question.between_rows is None else [self._question.between_rows]
        if self._question.in_all is not None:
            limits.append(self._question.in_all - self._spent)
        self._deadline = started + min(limits) if limits else None
        found = work(*arguments, **named)
        self._spent += time.monotonic() - started
        return found

    def _is_late(self) -> bool:
        return self._stopped or (self._deadline is not None and time.monotonic() > self._deadline)
