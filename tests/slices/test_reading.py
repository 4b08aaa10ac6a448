"""One statement, piece by piece; stopped from another thread, out of patience, or failing half way."""

from __future__ import annotations

import functools
import sqlite3
import threading
import time
import tracemalloc
from collections.abc import Sequence

import pytest

from scraper.slices.formats import Csv, Format, Options
from scraper.slices.reading import PIECE, Question, Reading, Stopped, TooLong

COUNT = "with recursive c(x) as (select 1 union all select x + 1 from c limit {}) select x, hex(zeroblob({})) as zeros from c"
FOR_EVER = "with recursive c(x) as (select 1 union all select x + 1 from c) select x from c where x < 0"


def reading(sql: str, **limits: float) -> Reading:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    return Reading(connection, Question(sql, {}, **limits), functools.partial(_csv))


def _csv(columns: Sequence[str]) -> Format:
    return Csv(columns, Options())


def test_all_rows_in_pieces_of_a_size() -> None:
    made = reading(COUNT.format(20_000, 50))
    pieces = list(made.pieces())
    assert b"".join(pieces).count(b"\r\n") == 20_001
    assert made.rows == 20_000
    assert len(pieces) > 5
    assert all(len(piece) < 4 * PIECE for piece in pieces)


def test_what_is_wrong_shows_before_the_first_piece() -> None:
    for sql in ("select nothing", "select abs(-9223372036854775808)", "selec"):
        with pytest.raises(sqlite3.Error):
            next(reading(sql).pieces())


def test_stopped_between_pieces_and_afterwards() -> None:
    made = reading(COUNT.format(100_000, 500))
    pieces = made.pieces()
    next(pieces)
    made.stop()
    with pytest.raises(Stopped):
        next(pieces)
    made.stop()  # closed already: nothing to stop, and no error


def test_stopped_while_the_statement_runs() -> None:
    made = reading(FOR_EVER)
    threading.Timer(0.2, made.stop).start()
    started = time.monotonic()
    with pytest.raises(Stopped):
        next(made.pieces())
    assert time.monotonic() - started < 10


def test_patience_with_strangers() -> None:
    with pytest.raises(TooLong):
        next(reading(FOR_EVER, between_rows=0.1).pieces())
    slow = reading(COUNT.format(10_000_000, 500), in_all=0.2)
    with pytest.raises(TooLong):
        list(slow.pieces())
    assert slow.rows > 0


def test_wide_rows_do_not_fill_the_memory() -> None:
    tracemalloc.start()
    try:
        size = sum(map(len, reading(COUNT.format(100, 1_000_000)).pieces()))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 200_000_000
    assert most < 60_000_000
