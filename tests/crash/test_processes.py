"""More than one process: two crawls at once, readers during a crawl, signals, and what a killed crawl leaves running."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.crash.command import Command, count_of, descendants, lives, wait_until
from tests.crash.lab import PORTAL, SCRAPY, Lab, crawl_arguments, shell
from tests.crash.whole import whole

PAUSE = 0.02
"""Seconds that the replica takes to answer."""
READERS = 3
READER = """
import sqlite3, sys, time
queries = [
    "SELECT count(*) FROM articles",
    "SELECT title, published_at FROM articles ORDER BY published_at DESC LIMIT 20",
    "SELECT a.title FROM articles_fts f JOIN articles a ON a.id = f.rowid WHERE articles_fts MATCH 'khuyen hoc' ORDER BY rank LIMIT 20",
    "SELECT s.publisher, count(*) FROM articles a JOIN sources s ON s.id = a.source_id GROUP BY s.id",
    "SELECT c.outcome, count(*) FROM captures c GROUP BY c.outcome",
]
connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=1)
count, slowest, end = 0, 0.0, time.monotonic() + 60
while time.monotonic() < end and not sys.stdin.closed:
    for query in queries:
        started = time.monotonic()
        connection.execute(query).fetchall()
        slowest = max(slowest, time.monotonic() - started)
        count += 1
    print(count, round(slowest, 3), flush=True)
    time.sleep(0.005)
"""


@pytest.fixture(scope="module")
def slow_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A replica of forty articles that takes its time, so that a crawl can be met in the middle."""
    with Lab(tmp_path_factory.mktemp("slow"), articles=40) as running:
        running.slow_down(PAUSE)
        yield running


def test_second_crawl_names_the_first_and_a_third_runs_when_that_is_killed(slow_lab: Lab) -> None:
    archive = slow_lab.fresh()
    with Command(slow_lab.url, archive) as first:
        first.wait_for_articles(3)
        slow_lab.slow_down(1)  # the first is still at it when the others come
        started = time.monotonic()
        second = shell([str(SCRAPY), *crawl_arguments(slow_lab.url, archive)])
        assert second.code == 3
        assert f"process {first.process.pid} " in second.err
        assert second.err.count("\n") == 1
        assert time.monotonic() - started < 10
        replay = shell([str(SCRAPY), "replay", PORTAL, __file__, "--db", str(archive)])
        assert replay.code == 3
        children = descendants(first.process.pid)
        assert children, "the reader is a child"
        first.signal(signal.SIGKILL)
        assert first.result().code == -signal.SIGKILL
    slow_lab.slow_down(PAUSE)
    slow_lab.resume(archive)
    wait_until(lambda: not any(lives(child) for child in children), 15)


@pytest.mark.slow
def test_five_crawls_at_once(slow_lab: Lab) -> None:
    archive = slow_lab.fresh()
    command = [str(SCRAPY), *crawl_arguments(slow_lab.url, archive)]
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(5)]
    assert sorted(process.wait(90) for process in processes) == [0, 3, 3, 3, 3]
    whole(archive, slow_lab.truth)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_one_signal_ends_the_crawl_in_good_order(slow_lab: Lab, number: signal.Signals) -> None:
    archive = slow_lab.fresh()
    with Command(slow_lab.url, archive) as crawl:
        crawl.wait_for_articles(3)
        crawl.signal(number)
        run = crawl.result()
    assert run.code == 130, run
    assert f"scrapy crawl {PORTAL}" in run.out
    assert "Traceback" not in run.err, run.err
    slow_lab.resume(archive)


@pytest.mark.parametrize(
    ("number", "pause"),
    [
        (signal.SIGINT, 0.02),
        pytest.param(signal.SIGINT, 0.0, marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, 0.2, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, 0.0, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, 0.02, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, 0.2, marks=pytest.mark.slow),
    ],
)
def test_two_signals_end_it_at_once(slow_lab: Lab, number: signal.Signals, pause: float) -> None:
    archive = slow_lab.fresh()
    with Command(slow_lab.url, archive) as crawl:
        crawl.wait_for_articles(5)
        crawl.signal(number)
        time.sleep(pause)
        crawl.signal(number)
        started = time.monotonic()
        run = crawl.result()
        assert time.monotonic() - started < 20
    # The signal that ends Python before Scrapy listens, or the code of a crawl that was stopped.
    assert run.code in (130, -number), run
    slow_lab.resume(archive)


def test_readers_are_not_disturbed_by_a_crawl(slow_lab: Lab) -> None:
    archive = slow_lab.fresh()
    with Command(slow_lab.url, archive) as crawl:
        wait_until(lambda: count_of(archive, "captures") > 0)
        readers = [
            subprocess.Popen([sys.executable, "-c", READER, archive], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(READERS)
        ]
        run = crawl.result()
    assert run.code == 0, run.err
    queries = 0
    for reader in readers:
        assert reader.poll() is None, f"a reader ended: {reader.communicate()[1]}"
        reader.terminate()
        out, err = reader.communicate()
        assert err == ""
        (*_, last) = [line for line in out.split("\n") if line.count(" ") == 1]
        count, slowest = last.split()
        queries += int(count)
        assert float(slowest) < 2, "a read was blocked"
    assert queries > 100
    print(f"\n{queries} queries by {READERS} readers during a crawl, 0 errors", file=sys.stderr)
    whole(archive, slow_lab.truth)
