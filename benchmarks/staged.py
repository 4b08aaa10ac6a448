"""``python -m benchmarks.staged FIGURES.json crawl quang_tri …``: a scrapy command with a clock at each stage of our way.

The clocks are put around the functions of the product from outside, on the main thread's CPU time; a stage within another counts
for itself alone. What no clock covers is the fetching: Scrapy's engine, robots.txt, guard, frontier.
"""

from __future__ import annotations

import functools
import json
import resource
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from scrapy.cmdline import execute

from scraper.archive import analysis, keeper, search
from scraper.archive.keeper import Keeper
from scraper.archive.segments import Segments
from scraper.fetch.capture import CaptureMiddleware
from scraper.fetch.session import Session

CLOCKS: tuple[tuple[str, Any, str], ...] = (
    ("capture", CaptureMiddleware, "process_response"),
    ("capture: durable append", Segments, "append"),
    ("store", Keeper, "take"),
    ("store", Keeper, "unmodified"),
    ("gate", keeper, "judge"),
    ("gate", Keeper, "_is_boilerplate"),
    ("analyse", keeper, "relevance"),
    ("analyse", analysis, "read_safely"),
    ("store: analysis", analysis, "store"),
    ("frontier", Session, "due"),
)
"""Stage, and the function that it is."""


class Clock:
    """Exclusive CPU seconds by stage of the thread that makes it."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._stack = ["fetch"]
        self._since = time.thread_time()

    def switch(self) -> None:
        """Charge what has passed to the stage on top."""
        now = time.thread_time()
        self.seconds[self._stack[-1]] += now - self._since
        self._since = now

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function on the clock."""

        @functools.wraps(function)
        def timed(*arguments: Any, **keywords: Any) -> Any:
            self.switch()
            self._stack.append(stage)
            try:
                return function(*arguments, **keywords)
            finally:
                self.switch()
                self._stack.pop()

        return timed


def index_cost(archive: Path) -> float:
    """CPU seconds of indexing every article anew, each in a transaction of its own, in a copy in memory."""
    with closing(sqlite3.connect(archive)) as conn, closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        conn.backup(copy)
        copy.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
        numbers = [row[0] for row in copy.execute("SELECT id FROM articles ORDER BY id")]
        started = time.thread_time()
        for number in numbers:
            copy.execute(
                f"INSERT INTO articles_fts (rowid, {search._COLUMNS}) SELECT id, {search._FOLDED} FROM articles WHERE id = ?", (number,)
            )
        return time.thread_time() - started


def main() -> None:
    """Run the command and write the figures."""
    figures, *command = sys.argv[1:]
    start = time.process_time()
    clock = Clock()
    for stage, owner, name in CLOCKS:
        setattr(owner, name, clock.around(stage, getattr(owner, name)))
    code: object = 0
    try:
        execute(["scrapy", *command])
    except SystemExit as end:
        code = end.code
    clock.switch()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = dict(clock.seconds)
    seconds["start"] = start
    seconds["hand over"] = time.process_time() - start - sum(clock.seconds.values())
    seconds["extract"] = children.ru_utime + children.ru_stime
    archive = next(part.partition("=")[2] for part in command if part.startswith("ARCHIVE_DB="))
    seconds["index"] = index_cost(Path(archive))
    seconds["store"] -= seconds["index"]
    Path(figures).write_text(json.dumps(seconds))
    sys.exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    main()
