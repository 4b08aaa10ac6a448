"""The crawl as a command of its own: started, watched, killed."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.crash.lab import ROOT, SCRAPY, Run, crawl_arguments

PATIENCE = 60.0


class Command:
    """``scrapy crawl`` of a replica in a process of its own. Killed, if it still runs, at the end of the ``with`` block."""

    def __init__(self, url: str, archive: Path) -> None:
        self.archive = archive
        arguments = [str(SCRAPY), *crawl_arguments(url, archive)]
        # Files and not pipes: what is left of a killed crawl may write its last words later than the next crawl begins.
        self._out = (archive.parent.parent / "command.stdout").open("w+", encoding="utf-8")
        self._err = (archive.parent.parent / "command.stderr").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._err)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._out.close()
        self._err.close()

    def ended(self, within: float) -> bool:
        """Wait a while for it to end by itself; says whether it did."""
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def wait_for_articles(self, count: int) -> None:
        """Until it has stored some articles."""

        def enough() -> bool:
            assert self.process.poll() is None, f"the crawl ended by itself: {self.result()}"
            return count_of(self.archive, "articles") >= count

        wait_until(enough)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def result(self) -> Run:
        """Its exit code and what it said, once it ended."""
        code = self.process.wait(PATIENCE)
        for stream in (self._out, self._err):
            stream.seek(0)
        return Run(code, self._out.read(), self._err.read())


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Look again and again, and fail when it takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def count_of(archive: Path, table: str) -> int:
    """Rows of a table; 0 before there is one."""
    if not archive.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def descendants(pid: int) -> set[int]:
    """The processes below one, while they live."""
    found = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found |= {child, *descendants(child)}
    return found


def lives(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
