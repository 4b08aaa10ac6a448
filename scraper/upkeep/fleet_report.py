"""What a person sees of many crawls at once: a row a portal on a terminal, plain lines elsewhere, then one table."""

from __future__ import annotations

import shlex
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from scraper.archive.crawls import Counts
from scraper.steps import LINE_EVERY

if TYPE_CHECKING:
    from scraper.fetch.fleet import Ended


class FleetReport:
    """Progress of a fleet on standard error."""

    def __init__(self, console: Console | None = None, title: str = "crawlall") -> None:
        self._title = title
        self._console = console or Console(stderr=True)
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._all = TaskID(0)
        self._total = self._over = 0
        self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._progress = Progress(*columns, console=self._console, transient=True)
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._progress:
            self._progress.stop()

    def begin(self, total: int) -> None:
        """Say how many portals there are."""
        self._total = total
        if self._progress:
            self._all = self._progress.add_task("all portals", total=total)
        else:
            self._line(f"{self._title}: {total} portals")

    def of(self, name: str) -> SourceProgress:
        """The progress of one portal, handed to its crawl."""
        if self._progress:
            self._tasks[name] = self._progress.add_task(name, total=None)
        return SourceProgress(self, name)

    def update(self, name: str, done: int, known: int | None, counts: Counts) -> None:
        """Show how far a portal is."""
        said = f"{name}: {counts.new} new, {counts.changed} changed, {counts.failed} failed"
        if self._progress:
            self._progress.update(self._tasks[name], description=said, completed=done, total=known)
        elif time.monotonic() - self._last_line >= LINE_EVERY:
            self._last_line = time.monotonic()
            self._line(f"{self._title}: {self._over} of {self._total} portals done; {said}")

    def ended(self, ended: Ended) -> None:
        """A portal is over."""
        self._over += 1
        if self._progress:
            if ended.name in self._tasks:
                self._progress.remove_task(self._tasks.pop(ended.name))
            self._progress.update(self._all, completed=self._over)
        else:
            why = f" ({ended.error})" if ended.error else ""
            self._line(f"{ended.name}: {ended.verdict}, {ended.counts.new} new, {ended.counts.changed} changed{why}")

    def _line(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


class SourceProgress:
    """One portal's part of the report."""

    def __init__(self, report: FleetReport, name: str) -> None:
        self._report = report
        self._name = name

    def update(self, done: int, known: int | None, counts: Counts) -> None:
        """Show how far it is: ``done`` of ``known`` (None: not known)."""
        self._report.update(self._name, done, known, counts)


def print_fleet(ended: list[Ended], archive: str) -> None:
    """The table at the end, on standard output: the troubled portals first, and where to look next."""
    console = Console(width=None if Console().is_terminal else 120, highlight=False)
    names = ("requests", "listed", "new", "changed", "unchanged", "off_topic", "failed", "issues")
    table = Table("portal", "verdict", *(name.replace("_", " ") for name in names), "seconds", box=SIMPLE_HEAD, pad_edge=False)
    order = {"bad": 0, "doubtful": 1, "not yet": 2, "good": 3}
    for one in sorted(ended, key=lambda each: (order.get(each.verdict, 0), each.name)):
        row = one.counts.row()
        table.add_row(one.name, one.verdict, *(str(row[name]) for name in names), f"{one.seconds:.0f}")
    console.print(table)
    for one in ended:
        if one.error:
            console.print(f"{one.name}: {one.error}", markup=False, soft_wrap=True)
    if any(one.problems for one in ended):
        console.print(
            f'Look at: sqlite-utils {shlex.quote(archive)} "select * from issues where closed_at is null", and scrapy health',
            soft_wrap=True,
        )
