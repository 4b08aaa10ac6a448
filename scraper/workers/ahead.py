"""Reading pages ahead of their turn, in a child with the limits of :mod:`scraper.fetch.reader`, while earlier ones are stored."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from types import TracebackType

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from scraper.cms.family import Family
from scraper.fetch.reader import READ_SECONDS, limit_memory, read_safely, too_large, too_long
from scraper.items import Capture, Reading


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reading that is being made."""

    future: ProcessFuture[Reading]

    def reading(self) -> Reading:
        """The reading, waited for; with the problem ``too_heavy`` for a page that exceeds the limits."""
        try:
            reading: Reading = self.future.result()
        except (FutureTimeoutError, TimeoutError):
            return too_long(READ_SECONDS)
        except ProcessExpired as error:
            return too_large(error)
        return reading


class ReadAhead:
    """A child process that reads captures in the order in which this was asked for. Use as a context manager."""

    def __init__(self) -> None:
        # Spawned, not forked: a fork would inherit the archive's lock and hold it after the keeper was killed.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(max_workers=1, initializer=limit_memory, context=context)

    def __enter__(self) -> ReadAhead:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def begin(self, family: type[Family], capture: Capture) -> Waiting:
        """Have one capture read while something else is done."""
        return Waiting(self._pool.schedule(read_safely, args=[family, capture], timeout=READ_SECONDS))
