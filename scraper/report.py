"""What a person sees while a crawl runs and after it: progress on a terminal, plain lines elsewhere, then a table."""

from __future__ import annotations

import time
from types import TracebackType

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from scraper.archive.crawls import Counts

LINE_EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal."""


class ProgressReport:
    """Progress of one crawl or replay on standard error."""

    def __init__(self, title: str, console: Console | None = None) -> None:
        self._title = title
        self._console = console or Console(stderr=True)
        self._progress: Progress | None = None
        self._task = TaskID(0)
        self._last_line = time.monotonic()

    def __enter__(self) -> ProgressReport:
        if self._console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._progress = Progress(*columns, TextColumn("{task.fields[counts]}"), console=self._console, transient=True)
            self._task = self._progress.add_task(self._title, total=None, counts="")
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._progress:
            self._progress.stop()

    def update(self, done: int, known: int | None, counts: Counts) -> None:
        """Show how far it is: ``done`` of ``known`` (None: not known)."""
        said = f"{counts.new} new, {counts.changed} changed, {counts.off_topic} off topic, {counts.failed} failed"
        if self._progress:
            self._progress.update(self._task, completed=done, total=known, counts=said)
        elif time.monotonic() - self._last_line >= LINE_EVERY:
            self._last_line = time.monotonic()
            self._console.print(f"{self._title}: {done}{f' of {known}' if known else ''} — {said}", highlight=False)


def print_summary(source: str, counts: Counts, seconds: float, verdict: str, problems: dict[str, int], archive: str) -> None:
    """The table at the end, on standard output, and where to look next."""
    console = Console(width=None if Console().is_terminal else 110, highlight=False)
    row = counts.row()
    names = ("requests", "listed", "new", "changed", "unchanged", "off_topic", "failed", "issues")
    table = Table(*(name.replace("_", " ") for name in names), box=SIMPLE_HEAD, pad_edge=False)
    table.add_row(*(str(row[name]) for name in names))
    console.print(f"\n[bold]{source}[/bold]: {verdict}, {seconds:.1f} seconds")
    console.print(table)
    if problems:
        listed = ", ".join(f"{kind} × {count}" for kind, count in sorted(problems.items()))
        console.print(
            f'Seen: {listed}. Read them with: sqlite-utils {archive} "select * from issues where closed_at is null"', soft_wrap=True
        )
    console.print(f"Next: datasette {archive} -m datasette_metadata.json", soft_wrap=True)
