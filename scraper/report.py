"""What a person sees while a crawl runs and after it: progress on a terminal, plain lines elsewhere, then a table."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import Protocol

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from scraper.archive.crawls import Counts
from scraper.archive.kinds import kind_of
from scraper.steps import Steps


class Shown(Protocol):
    """Where a crawl says how far it is: alone, or as one of many."""

    def update(self, done: int, known: int | None, counts: Counts) -> None:
        """``done`` of ``known`` (None: not known)."""


class ProgressReport(Steps):
    """Progress of one crawl or replay on standard error."""

    def update(self, done: int, known: int | None, counts: Counts) -> None:
        """Show how far it is: ``done`` of ``known`` (None: not known)."""
        said = f"{counts.new} new, {counts.changed} changed, {counts.off_topic} off topic, {counts.failed} failed;"
        self.tell(said, done, known)


def print_summary(source: str, counts: Counts, seconds: float, verdict: str, problems: dict[str, int], archive: str) -> None:
    """The table at the end, on standard output, and where to look next."""
    console = Console(width=None if Console().is_terminal else 110, highlight=False)
    row = counts.row()
    names = ("requests", "listed", "new", "changed", "unchanged", "off_topic", "failed", "issues")
    table = Table(*(name.replace("_", " ") for name in names), box=SIMPLE_HEAD, pad_edge=False)
    table.add_row(*(str(row[name]) for name in names))
    console.print(f"\n[bold]{source}[/bold]: {verdict}, {seconds:.1f} seconds")
    console.print(table)
    archive = shlex.quote(archive)
    if problems:
        listed = ", ".join(f"{kind} × {count}" for kind, count in sorted(_stored(problems).items()))
        console.print(
            f'Seen: {listed}. Read them with: sqlite-utils {archive} "select * from issues where closed_at is null"', soft_wrap=True
        )
    console.print(f"Next: datasette {archive} -m datasette_metadata.json", soft_wrap=True)


def _stored(problems: dict[str, int]) -> Counter[str]:
    """How often each kind of issue was met, by the names that the table ``issues`` has."""
    counted: Counter[str] = Counter()
    for kind, count in problems.items():
        counted[kind_of(kind)] += count
    return counted
