"""Reading captures in a child process with limits of time and memory, so that no page can stop or swell a crawl.

The child also puts the second core to use: the reactor goes on fetching while a page is read.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import traceback
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from types import TracebackType

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from scraper.cms.family import Family
from scraper.items import Capture, Problem, Reading

READ_SECONDS = 10.0
"""Wall time for one page; the slowest real page takes 0.3 s."""
READ_BYTES = 1024 * 1024 * 1024
"""Address space of the child."""


class Reader:
    """A child process that reads captures. Use as a context manager; started with the first page."""

    def __init__(self, seconds: float = READ_SECONDS) -> None:
        self._seconds = seconds
        # Spawned, not forked: a fork would inherit the archive's lock and hold it after the crawler was killed.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPool(max_workers=1, initializer=_limit_memory, context=context)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    async def read(self, family: type[Family], capture: Capture) -> Reading:
        """Read one capture; a page that exceeds the limits gives a reading with the problem ``too_heavy``."""
        waiting = self.begin(family, capture)
        try:
            reading: Reading = await asyncio.wrap_future(waiting.future)
        except _TOO_HEAVY as error:
            return waiting.given_up(error)
        return reading

    def begin(self, family: type[Family], capture: Capture) -> Waiting:
        """Have one capture read while something else is done; captures are read in the order in which this was asked for."""
        return Waiting(self._pool.schedule(read_safely, args=[family, capture], timeout=self._seconds), self._seconds)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reading that is being made."""

    future: ProcessFuture[Reading]
    seconds: float

    def reading(self) -> Reading:
        """The reading, waited for; ``too_heavy`` as with :meth:`Reader.read`."""
        try:
            reading: Reading = self.future.result()
        except _TOO_HEAVY as error:
            return self.given_up(error)
        return reading

    def given_up(self, error: BaseException) -> Reading:
        """What is said of a page that could not be read within the limits."""
        if isinstance(error, ProcessExpired):
            return Reading(problems=(Problem("too_heavy", f"not read within {READ_BYTES >> 20} MiB ({type(error).__name__})"),))
        return Reading(problems=(Problem("too_heavy", f"not read within {self.seconds:.0f} seconds"),))


_TOO_HEAVY = (FutureTimeoutError, TimeoutError, ProcessExpired)


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (READ_BYTES, READ_BYTES))


def read_safely(family: type[Family], capture: Capture) -> Reading:
    """Read one capture here; an error of ours becomes a problem of that page and stops no other."""
    try:
        return family.read(capture)
    except (MemoryError, RecursionError) as error:
        return Reading(problems=(Problem("too_heavy", f"not read within {READ_BYTES >> 20} MiB ({type(error).__name__})"),))
    except Exception as error:  # the one place where any error of the reading is met: it becomes an issue that names it
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Reading(problems=(Problem("reader_failed", f"{type(error).__name__}: {error} ({where.name}, line {where.lineno})"),))
