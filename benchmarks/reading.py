"""``python -m benchmarks.reading --articles 100000``: what reading a large archive costs, as a user of ``make serve`` would see it.

Pages are asked by one client and by four at a time, each time with other arguments, so that nothing is served from memory that
a second reader would not find there too. Downloads run beside ``sqlite3 -csv`` on the same statement. The server's CPU seconds
are printed beside the times: on a busy machine only they can be compared. A benchmark, never a test.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import os
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from rich.console import Console
from rich.table import Table

from benchmarks.synthetic import SECTIONS, build

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
WHOLE = "/archive/articles.csv"
WHOLE_SQL = "select * from articles order by published_at desc, id"
# Phrases that stand in every generated article, and words and names that stand in some.
_IN_ALL = ["hội", "viên", "khuyến", "học", "dự", "buổi", "lễ"]
_IN_SOME = ("học bổng", "Đông Hà", "dong khe", "quỹ khuyến học xã Lê Lợi", "mưa lũ", "Nông Thị Lan", "dòng họ Hà", "Triệu Phong", "tủ sách")


@dataclass(frozen=True)
class Served:
    """A Datasette of its own."""

    port: int
    pid: int

    def cpu(self) -> float:
        """CPU seconds it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self, name: str = "VmRSS") -> float:
        """Resident megabytes."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))

    def get(self, address: str) -> tuple[int, bytes]:
        """Status and body."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=300)
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def serve(archive: Path) -> Iterator[Served]:
    """As ``make serve`` serves it."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    line = next(line for line in (ROOT / "Makefile").read_text().splitlines() if "datasette_metadata.json" in line)
    options = line.split("datasette_metadata.json", 1)[1].split()
    command = [str(Path(sys.executable).with_name("datasette")), str(archive), "-m", str(ROOT / "datasette_metadata.json"), *options]
    with subprocess.Popen([*command, "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        served = Served(port, process.pid)
        try:
            for _ in range(300):
                try:
                    if served.get("/-/versions.json")[0] == 200:
                        break
                except OSError:
                    time.sleep(0.1)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def phrases() -> Iterator[str]:
    """Phrases that every article holds, each time without another word that none holds: no answer is there already."""
    spans = [" ".join(_IN_ALL[first:last]) for first in range(len(_IN_ALL)) for last in range(first + 2, len(_IN_ALL) + 1)]
    random.Random(7).shuffle(spans)
    for number in itertools.count():
        yield f'"{spans[number % len(spans)]}" -zz{number}'


def words() -> Iterator[str]:
    """Ever other words that some articles hold."""
    for one, other in itertools.permutations(_IN_SOME, 2):
        yield one if other == _IN_SOME[0] else f"{one} {other}" if len(one) % 2 else f"“{one}”"


def uids(archive: Path) -> list[str]:
    """Of a thousand articles from all over the table."""
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    last = connection.execute("select max(id) from articles").fetchone()[0]
    dice = random.Random(7)
    found = [connection.execute("select uid from articles where id >= ?", (dice.randint(1, last),)).fetchone()[0] for _ in range(1000)]
    connection.close()
    return found


def pages(articles: int, archive: Path) -> dict[str, Iterator[str]]:
    """What is asked, by name."""
    dice = random.Random(7)
    table = "/archive/articles"
    return {
        "table of articles": itertools.repeat(table),
        "facet: one portal": (f"{table}?source_id=huyen_{number % 60:02}" for number in itertools.count()),
        "facet: section and year": (
            f"{table}?{urlencode({'section': SECTIONS[n % 8], 'published_at__startswith': 2012 + n % 14})}" for n in itertools.count()
        ),
        "search box: words": (f"{table}?_search={quote(text)}" for text in itertools.cycle(words())),
        "search box: phrase in all rows": (f"{table}?_search={quote(text)}" for text in phrases()),
        "ranked search: words": (f"/archive/tim_kiem?q={quote(text)}" for text in itertools.cycle(words())),
        "ranked search: phrase in all rows": (f"/archive/tim_kiem?q={quote(text)}" for text in phrases()),
        "row of an article": (f"{table}/{dice.randint(1, articles)}" for _ in itertools.count()),
        "page of an article": (f"/bai/{quote(uid, safe='')}" for uid in itertools.cycle(uids(archive))),
        "latest articles": itertools.repeat("/archive/bai_moi_nhat"),
        "by month and source": itertools.repeat("/archive/theo_thang_va_nguon"),
        "freshness of sources": itertools.repeat("/archive/do_moi_cua_nguon"),
        "front page": itertools.repeat("/"),
    }


def ask(served: Served, addresses: Iterator[str], clients: int, requests: int) -> tuple[list[float], float]:
    """Milliseconds of each request, and the server's CPU milliseconds a request."""
    lock, times, errors = threading.Lock(), list[float](), list[str]()
    served.get(next(addresses))

    def client() -> None:
        for _ in range(requests // clients):
            with lock:
                address = next(addresses)
            started = time.monotonic()
            status, body = served.get(address)
            times.append((time.monotonic() - started) * 1000)
            if status != 200 or b"timed out" in body or b"SQL Interrupted" in body:
                errors.append(f"{status} {address}")

    before = served.cpu()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        print(f"FAILED: {errors[:3]}", file=sys.stderr)
    return times, (served.cpu() - before) * 1000 / len(times)


def quantile(times: list[float], share: float) -> float:
    """The time that this share of the requests took at most."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def download(served: Served, address: str) -> tuple[float, float, int, float]:
    """Seconds, the server's CPU seconds, bytes, and the most megabytes it held meanwhile."""
    before, started, size, most = served.cpu(), time.monotonic(), 0, served.memory()
    connection = http.client.HTTPConnection(HOST, served.port, timeout=600)
    connection.request("GET", address)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    while piece := answer.read(1 << 20):
        size += len(piece)
        most = max(most, served.memory())
    connection.close()
    return time.monotonic() - started, served.cpu() - before, size, most


def shell(archive: Path, sql: str) -> tuple[float, float, int]:
    """Seconds, CPU seconds and bytes of ``sqlite3 -csv``, its output read as a client reads ours."""
    before, started, size = os.times(), time.monotonic(), 0
    with subprocess.Popen(["sqlite3", "-readonly", "-csv", "-header", str(archive), sql], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while piece := process.stdout.read(1 << 20):
            size += len(piece)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - started, cpu, size


def leave(served: Served) -> float:
    """How long the server goes on working for a client that has gone (seconds, by its CPU clock; the look is every 0.1 s)."""
    connection = http.client.HTTPConnection(HOST, served.port, timeout=60)
    connection.request("GET", WHOLE)
    connection.getresponse().read(1 << 20)
    connection.close()
    started = time.monotonic()
    last = served.cpu()
    while time.monotonic() - started < 10:
        time.sleep(0.1)
        now = served.cpu()
        if now - last < 0.02:
            return time.monotonic() - started - 0.1
        last = now
    return float("inf")


def sizes(archive: Path) -> tuple[float, float, float]:
    """Megabytes of the table of articles, of its search index, of its other indexes."""
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    found = dict(connection.execute("select name, sum(pgsize) / 1e6 from dbstat group by 1"))
    names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'index' and tbl_name = 'articles'")]
    connection.close()
    return found["articles"], sum(size for name, size in found.items() if name.startswith("articles_fts")), sum(found[n] for n in names)


def report_pages(served: Served, archive: Path, articles: int, requests: int, only: str, show: Callable[[Table], None]) -> None:
    """The table of pages."""
    table = Table(
        "page", "1 client p50", "p95", "4 clients p50", "p95", "CPU ms", title=f"{articles} articles, ms, {requests} requests each"
    )
    for name, addresses in pages(articles, archive).items():
        if only not in name:
            continue
        one, cpu = ask(served, addresses, 1, requests)
        four, _ = ask(served, addresses, 4, requests)
        figures = (statistics.median(one), quantile(one, 0.95), statistics.median(four), quantile(four, 0.95), cpu)
        table.add_row(name, *(f"{figure:.0f}" for figure in figures))
    show(table)


def report_downloads(served: Served, archive: Path, show: Callable[[Table], None]) -> None:
    """The table of downloads."""
    table = Table("download", "s", "CPU s", "MB", "MB/s", "most MB held", title=f"server at rest: {served.memory():.0f} MB")
    shell(archive, "select count(*) from articles where length(body) < 0")  # so that both find the file in memory
    reference = shell(archive, WHOLE_SQL) if shutil.which("sqlite3") else None
    if reference:
        seconds, cpu, size = reference
        table.add_row("sqlite3 -csv, whole table", f"{seconds:.1f}", f"{cpu:.1f}", f"{size / 1e6:.0f}", f"{size / 1e6 / seconds:.0f}", "")
    for address in (WHOLE, "/archive/articles.jsonl", "/archive/articles.xlsx", "/archive/articles.csv?_search=khuyen+hoc"):
        seconds, cpu, size, most = download(served, address)
        rate = size / 1e6 / seconds
        share = f" ({rate / (reference[2] / 1e6 / reference[0]):.2f} of sqlite3)" if reference and address == WHOLE else ""
        table.add_row(address, f"{seconds:.1f}", f"{cpu:.1f}", f"{size / 1e6:.0f}", f"{rate:.0f}{share}", f"{most:.0f}")
    show(table)
    print(f"a client that goes away: work goes on for {leave(served):.1f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40, help="of each page and number of clients")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/khuyen-hoc-bench"), help="where the generated archives are kept")
    parser.add_argument("--only", default="", help="only pages whose name holds this; no downloads")
    options = parser.parse_args()
    archive = options.folder / str(options.articles) / "archive.db"
    if not archive.is_file():
        print(f"generating {archive} …", file=sys.stderr)
        build(archive, options.articles)
    console = Console(width=120)
    articles_mb, search_mb, other_mb = sizes(archive)
    console.print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; SQLite {sqlite3.sqlite_version}", highlight=False)
    console.print(
        f"articles {articles_mb:.0f} MB, search index {search_mb:.0f} MB ({search_mb / articles_mb:.2f}), other indexes {other_mb:.0f} MB",
        highlight=False,
    )
    with serve(archive) as served:
        report_pages(served, archive, options.articles, options.requests, options.only, console.print)
        if not options.only:
            report_downloads(served, archive, console.print)


if __name__ == "__main__":
    main()
