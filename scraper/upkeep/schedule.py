"""Crawling by itself for years: looks again and again at what is due, and crawls it in a process of its own.

When a source is due is worked out from archive.db each time (:mod:`scraper.upkeep.sources`), so there is nothing to restore after a
restart, a sleep, a crash or a step of the clock: the next look sees what is overdue. A crawl that dies takes nothing with it.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from scraper.archive.database import ArchiveError, ArchiveHeld, take_lock
from scraper.portal import PortalSpider
from scraper.upkeep.network import due_times
from scraper.upkeep.sources import read_states

LOOK_EVERY = timedelta(minutes=5)
"""Between two looks: short against the shortest pace, so that a clock that jumped is noticed soon."""
EXAMINE_EVERY = timedelta(hours=6)
AFTER_TROUBLE = timedelta(hours=1)
"""After a round that a person must mend (full disk, unusable archive): the next round may find it mended."""
PERSONS_WORK = frozenset({2, 4, 5, 8, 9})
"""Exit codes of ``crawlall`` that waiting alone does not mend."""


class ScheduleHeld(ArchiveError):
    """Another schedule of this archive is running."""

    exit_code = 3


class Schedule:
    """One schedule of one archive; ``command`` crawls what is due, ``say`` is told each thing that happens, as a line.

    ``examine``: a command that looks at the health of the sources, after each round and at least every six hours.
    """

    def __init__(
        self,
        archive: Path,
        chosen: list[type[PortalSpider]],
        command: list[str],
        say: Callable[[str], None],
        examine: list[str] | None = None,
    ) -> None:
        self._examine = examine
        self._examined = float("-inf")
        self._archive = archive.resolve()
        self._chosen = chosen
        self._command = command
        self._say = say
        self._stopping = False
        self._child: subprocess.Popen[bytes] | None = None

    def run(self, *, once: bool = False) -> None:
        """Look and crawl until a signal comes; ``once``: one look."""
        try:
            lock = take_lock(self._archive.with_name(self._archive.name + ".schedule"))
        except ArchiveHeld as error:
            raise ScheduleHeld(f"another `scrapy schedule` of {self._archive} is running") from error
        with lock:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self._stop)
            if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup has it
                signal.signal(signal.SIGHUP, self._stop)
            while not self._stopping:
                try:
                    wait = self.look()
                except ArchiveError:
                    self._examined = float("-inf")  # somebody is to be told before this ends
                    self._look_at_health()
                    raise
                self._look_at_health()
                if once or self._stopping:
                    return
                self._sleep(wait)

    def look(self) -> timedelta:
        """Crawl what is due now; returns how long to wait until the next look."""
        now = datetime.now(UTC)
        times = due_times(read_states(self._archive, self._chosen, now), now)
        due = sorted(state.name for at, state in times if at <= now)
        if not due:
            return min(max(min(at for at, _ in times) - now, timedelta(seconds=1)), LOOK_EVERY)
        self._say(f"{len(due)} due: {', '.join(due)}")
        code = self._run(self._command)
        self._examined = float("-inf")
        self._say(f"crawlall ended with {code}")
        return AFTER_TROUBLE if code in PERSONS_WORK else LOOK_EVERY

    def _look_at_health(self) -> None:
        if self._examine is None or self._stopping or time.monotonic() - self._examined < EXAMINE_EVERY.total_seconds():
            return
        self._examined = time.monotonic()
        code = self._run(self._examine)
        if code not in (0, 1):
            self._say(f"health ended with {code}")

    def _run(self, command: list[str]) -> int:
        # In a group of its own: Ctrl-C reaches a whole group, and a crawl that is told twice to stop breaks off.
        self._child = subprocess.Popen(command, process_group=0)  # noqa: S603 — our own command, from our own settings
        if self._stopping:  # the signal came before there was anybody to hand it on to
            self._child.send_signal(signal.SIGTERM)
        try:
            return self._child.wait()
        finally:
            self._child = None

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """A signal: let the crawl that runs come to a good end, and then end."""
        self._stopping = True
        if self._child is not None:
            self._child.send_signal(signal.SIGTERM)

    def _sleep(self, wait: timedelta) -> None:
        """Wait in short steps of the monotonic clock, so that a signal ends it and a step of the wall clock does not stretch it."""
        until = time.monotonic() + wait.total_seconds()
        while not self._stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 1.0))


def crawl_command(archive: Path, settings: list[str], replicas: list[str]) -> list[str]:
    """``scrapy crawlall`` of this Python, with the settings and replicas given on our own command line."""
    options = [part for one in settings for part in ("-s", one)] + [part for one in replicas for part in ("--replica", one)]
    return [sys.executable, "-m", "scrapy", "crawlall", "-s", f"ARCHIVE_DB={archive}", *options]


def health_command(archive: Path, settings: list[str], addresses: list[str]) -> list[str] | None:
    """``scrapy health`` that tells these addresses; None when there is nobody to tell."""
    if not addresses:
        return None
    options = [part for one in settings for part in ("-s", one)] + [part for one in addresses for part in ("--tell", one)]
    return [sys.executable, "-m", "scrapy", "health", "--db", str(archive), *options]
