"""Whether an article costs the same in a large archive: the replica crawled into generated archives of ever more articles."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.synthetic import build
from benchmarks.ways import ROOT, Cost, Task, crawl
from scraper.archive.sums import sums_path

SIZES = (1_000, 10_000, 100_000)


@dataclass(frozen=True, slots=True)
class Grown:
    """A crawl into an archive that held ``before`` articles, and the unchanged crawl after it."""

    before: int
    megabytes: float
    first: Cost
    again: Cost


def prepared(articles: int, folder: Path) -> Path:
    """An archive of so many generated articles, analysed; made once and kept."""
    archive = folder / f"analysed-{articles}" / "archive.db"
    if not archive.is_file():
        partial = folder / f"analysed-{articles}.partial" / "archive.db"
        print(f"generating and analysing {articles} articles …", file=sys.stderr)
        build(partial, articles)
        command = [str(Path(sys.executable).with_name("scrapy")), "analyse", "--db", str(partial)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        partial.parent.rename(archive.parent)
    return archive


def grown(task: Task, folder: Path, sizes: tuple[int, ...] = SIZES) -> Iterator[Grown]:
    """Crawl the replica into a copy of each archive, twice."""
    for articles in sizes:
        source = prepared(articles, folder)
        with tempfile.TemporaryDirectory(prefix="khuyen-hoc-bench-", dir=folder) as name:
            archive = Path(name) / "archive.db"
            for file in (source, sums_path(source)):  # with its times: the digests are of this state of the file
                shutil.copy2(file, archive.with_name(file.name))
            first = crawl(task, archive, Path(name))
            again = crawl(task, archive, Path(name))
        yield Grown(articles, source.stat().st_size / 1e6, first, again)
