"""Progress of work in named steps: a spinner on a terminal, a line now and then elsewhere. On standard error."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

LINE_EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal."""


class Steps:
    """Progress of one command. :meth:`tell` says what is being done, how much of it, of how much (None: not known)."""

    def __init__(self, title: str, console: Console | None = None) -> None:
        self._title = title
        self._console = console or Console(stderr=True)
        self._progress: Progress | None = None
        self._task = TaskID(0)
        self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._progress = Progress(*columns, console=self._console, transient=True)
            self._task = self._progress.add_task(self._title, total=None)
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._progress:
            self._progress.stop()

    def tell(self, step: str, done: int, total: int | None) -> None:
        """Show a step."""
        if self._progress:
            self._progress.update(self._task, description=f"{self._title}: {step}", completed=done, total=total)
        elif time.monotonic() - self._last_line >= LINE_EVERY:
            self._last_line = time.monotonic()
            self._console.print(f"{self._title}: {step} {done}{f' of {total}' if total else ''}", highlight=False, markup=False)
