"""``make bench``: what crawling costs, by ratios: our whole way beside what one would pick instead, on one replica in one run.

``make bench BENCH="--only ours,bare --rounds 5"``; ``BENCH=--growth`` for archives of 1,000 to 100,000 articles. Rounds are
interleaved and ratios are taken within each, because the machine may be busy: read the ratios, not the seconds. docs/speed.md
says what was measured and how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import ways
from benchmarks.capture import compare, fetch
from benchmarks.growth import SIZES, grown
from benchmarks.portal import HeavyReplica
from benchmarks.size import size_of
from benchmarks.ways import CannotRun, Cost, Task
from tests.replica import Replica

PARTS = ("ways", "stages", "capture", "recrawl", "size")
SLOW = ("newspaper4k", "news-please")
console = Console(width=130, highlight=False)


def task_of(replica: Replica, articles: int, some: int | None = None) -> Task:
    """The replica as a task; ``some``: how many addresses those are given that must be given a list."""
    base = replica.urls[ways.PORTAL]
    addresses = tuple(base + article["url"] for article in replica.truth(ways.PORTAL)[:some])
    return Task(base, articles, addresses)


def compare_ways(replica: Replica, options: argparse.Namespace) -> None:
    """Rounds of all ways, one after the other; ratios to the bare spider of the same round."""
    names = [name for name in ways.WAYS if not options.only or name in options.only]
    failed: dict[str, str] = {}
    if (peers := set(names) - {"ours", "least"}) and (why := ways.prepare_peers()):
        failed = dict.fromkeys(peers, f"its environment could not be made: {why}")
    costs: dict[str, dict[int, Cost]] = defaultdict(dict)
    for number in range(options.rounds):
        for name in names:
            if name in failed or (number and name in SLOW):
                continue
            task = task_of(replica, options.articles, options.slow_articles if name in SLOW else None)
            try:
                costs[name][number] = ways.run(name, task)
                console.print(f"round {number + 1}: {name}: {costs[name][number].per_thousand:.1f} CPU s per 1,000 articles")
            except CannotRun as error:
                failed[name] = str(error)
    show_ways(names, costs, failed)


def show_ways(names: list[str], costs: dict[str, dict[int, Cost]], failed: dict[str, str]) -> None:
    """The table of :func:`compare_ways`."""
    table = Table("way", "CPU s per 1,000", "× bare", "each round", "most MB", "articles (with text)")
    for name in names:
        if name in failed:
            table.add_row(ways.TITLES[name], "CANNOT RUN", "", failed[name], "", "")
            continue
        rounds = costs[name]
        ratios = [rounds[n].per_thousand / costs["bare"][n].per_thousand for n in rounds if n in costs["bare"]]
        table.add_row(
            ways.TITLES[name],
            f"{statistics.median(cost.per_thousand for cost in rounds.values()):.1f}",
            f"{statistics.median(ratios):.2f}" if ratios else "",
            " ".join(f"{ratio:.2f}" for ratio in ratios),
            f"{max(cost.memory for cost in rounds.values()):.0f}",
            " ".join(sorted({f"{cost.articles} ({cost.with_text})" for cost in rounds.values()})),
        )
    console.print(table)
    both = costs["ours"].keys() & costs["trafilatura"].keys()
    if both:
        shares = [costs["ours"][n].per_thousand / costs["trafilatura"][n].per_thousand for n in both]
        console.print(f"ours / Scrapy + trafilatura: {statistics.median(shares):.3f} ({', '.join(f'{share:.3f}' for share in shares)})")


def show_stages(replica: Replica, articles: int) -> None:
    """One crawl with clocks around its stages."""
    with tempfile.TemporaryDirectory(prefix="khuyen-hoc-bench-") as name:
        figures = Path(name) / "stages.json"
        command = ways.crawl_command(replica.urls[ways.PORTAL], Path(name) / "archive.db")[1:]
        _, _ = ways.measure([sys.executable, "-m", "benchmarks.staged", str(figures), *command], Path(name))
        seconds: dict[str, float] = json.loads(figures.read_text())
    table = Table("stage", "CPU s per 1,000", "share")
    total = sum(seconds.values())
    for stage, spent in sorted(seconds.items(), key=lambda pair: -pair[1]):
        table.add_row(stage, f"{spent * 1000 / articles:.2f}", f"{spent / total:.0%}")
    table.add_row("all", f"{total * 1000 / articles:.2f}", "")
    console.print(table)


def show_capture(replica: Replica, articles: int) -> None:
    """WARC records beside warcio's own way."""
    task = task_of(replica, articles, 600)
    pages = fetch(task.base, task.addresses)
    with tempfile.TemporaryDirectory(prefix="khuyen-hoc-bench-") as name:
        found = compare(pages, Path(name))
    reference = found["warcio's default, written"][0]
    table = Table("WARC capture", "CPU ms a page", "× warcio's default", "bytes a page")
    for way, (cost, size) in found.items():
        table.add_row(way, f"{cost:.3f}", f"{cost / reference:.2f}", f"{size:.0f}")
    console.print(table)


def show_recrawl(replica: Replica, options: argparse.Namespace) -> None:
    """A full crawl, and the same again with nothing changed."""
    task = task_of(replica, options.articles)
    with tempfile.TemporaryDirectory(prefix="khuyen-hoc-bench-") as name:
        archive = Path(name) / "archive.db"
        replica.clear_requests(ways.PORTAL)
        full = ways.crawl(task, archive, Path(name))
        asked = [len(replica.requests(ways.PORTAL))]
        rounds = []
        for _ in range(options.rounds):
            replica.clear_requests(ways.PORTAL)
            rounds.append(ways.crawl(task, archive, Path(name)))
            asked.append(len(replica.requests(ways.PORTAL)))
    wall, cpu = (statistics.median(getattr(cost, field) for cost in rounds) for field in ("wall", "cpu"))
    table = Table("crawl", "requests", "wall s", "CPU s", title=f"full / unchanged: wall {full.wall / wall:.1f}, CPU {full.cpu / cpu:.1f}")
    table.add_row("full", str(asked[0]), f"{full.wall:.1f}", f"{full.cpu:.1f}")
    table.add_row("again, nothing changed", str(asked[1]), f"{wall:.2f}", f"{cpu:.2f}")
    console.print(table)


def show_size(replica: Replica, articles: int) -> None:
    """Bytes an article, where they lie, and what a million would take."""
    with tempfile.TemporaryDirectory(prefix="khuyen-hoc-bench-") as name:
        archive = Path(name) / "archive.db"
        ways.crawl(task_of(replica, articles), archive, Path(name))
        size = size_of(archive)
    table = Table("bytes an article", "", title=f"{size.articles} articles, {size.captures} captures; a million: {size.million():.0f} GB")
    table.add_row("WARC, with what is off topic and the listings", f"{size.of_each(size.warcs):.0f}")
    table.add_row("archive.db", f"{size.of_each(size.database):.0f}")
    for table_name, taken in sorted(size.tables.items(), key=lambda pair: -pair[1])[:16]:
        table.add_row(f"  {table_name}", f"{size.of_each(taken):.0f}")
    console.print(table)


def show_growth(options: argparse.Namespace) -> None:
    """The same crawl into archives of ever more articles."""
    table = Table("articles before", "archive.db MB", "CPU ms an article", "wall ms", "most MB", "again, CPU s", "wall s")
    with HeavyReplica(options.growth_articles) as replica:
        for row in grown(task_of(replica, options.growth_articles), options.folder, tuple(options.sizes)):
            cost = row.first
            table.add_row(
                f"{row.before:,}", f"{row.megabytes:.0f}", f"{cost.cpu * 1000 / options.growth_articles:.1f}",
                f"{cost.wall * 1000 / options.growth_articles:.1f}", f"{cost.memory:.0f}", f"{row.again.cpu:.2f}", f"{row.again.wall:.2f}",
            )  # fmt: skip
    console.print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--articles", type=int, default=2000, help="of the replica")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", type=lambda text: text.split(","), help=f"ways: {','.join(ways.WAYS)}")
    parser.add_argument("--slow-articles", type=int, default=100, help=f"given to {' and '.join(SLOW)}, once")
    parser.add_argument("--parts", type=lambda text: text.split(","), default=PARTS, help=f"of {','.join(PARTS)}")
    parser.add_argument("--growth", action="store_true", help="only: archives of ever more articles; makes them first, which takes long")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="of those archives")
    parser.add_argument("--growth-articles", type=int, default=500, help="crawled into each of them")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/khuyen-hoc-bench"), help="where those archives are kept")
    options = parser.parse_args()
    console.print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if options.growth:
        options.folder.mkdir(parents=True, exist_ok=True)
        ways.prepare_ours()
        show_growth(options)
        return
    ways.prepare_ours()
    with HeavyReplica(options.articles) as replica:
        if "ways" in options.parts:
            compare_ways(replica, options)
        if "stages" in options.parts:
            show_stages(replica, options.articles)
        if "capture" in options.parts:
            show_capture(replica, options.articles)
        if "recrawl" in options.parts:
            show_recrawl(replica, options)
        if "size" in options.parts:
            show_size(replica, options.articles)


if __name__ == "__main__":
    main()
