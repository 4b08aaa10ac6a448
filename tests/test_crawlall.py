"""Many portals in one process, by the real commands over the replica: side by side, judged one by one, gone on with after a kill."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import warm
from tests.replica import Replica

ROOT = Path(__file__).resolve().parents[1]
SCRAPY = Path(sys.executable).with_name("scrapy")
HASTE = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_START_DELAY=0")
PORTALS = ("quang_tri", "cao_bang_thach_an")


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(articles=16) as running:
        yield running


def command(name: str, archive: Path, *more: str, replica: Replica | None = None) -> list[str]:
    urls = [f"--replica={portal}={url}" for portal, url in replica.urls.items()] if replica else []
    return [str(SCRAPY), name, "-s", f"ARCHIVE_DB={archive}", *HASTE, *urls, *more]


def run(name: str, archive: Path, *more: str, replica: Replica | None = None) -> subprocess.CompletedProcess[str]:
    return warm.scrapy(*command(name, archive, *more, replica=replica)[1:])


def rows(archive: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def check_all(replica: Replica, archive: Path) -> None:
    """The archive holds exactly what the portals hold."""
    for portal in PORTALS:
        stored = rows(archive, f"SELECT article_key, title FROM articles WHERE source_id = '{portal}'")
        assert sorted(stored) == sorted((one["key"], one["title"]) for one in replica.truth(portal) if one["on_topic"])


def troubles(archive: Path) -> dict[str, list[str]]:
    """The kinds of trouble of each portal. The replica's newest article is years old: that it is silent is right, and left out."""
    done = run("health", archive, "--json", *PORTALS)
    told = {one["source"]: [each["kind"] for each in one["troubles"]] for one in json.loads(done.stdout)["sources"]}
    assert done.returncode == (1 if any(told.values()) else 0)
    return {name: [kind for kind in kinds if kind != "silent"] for name, kinds in told.items()}


def test_side_by_side_and_then_nothing_is_due(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    for portal in PORTALS:
        replica.control(portal, "delay", seconds=0.05)
    done = run("crawlall", archive, replica=replica)
    assert done.returncode == 0, done.stderr
    check_all(replica, archive)
    asked = {portal: [one["at"] for one in replica.requests(portal)] for portal in PORTALS}
    first, second = sorted(asked.values())
    assert second[0] < first[-1], "one after the other"
    again = run("crawlall", archive, replica=replica)
    assert (again.returncode, "None of 2 portals is due" in again.stdout) == (0, True)
    assert troubles(archive) == {"quang_tri": [], "cao_bang_thach_an": []}
    assert rows(archive, "SELECT count(*) FROM crawls") == [(2,)]


def test_the_threshold_and_a_name_given_twice(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    strict = ("--only", "quang_tri,quang_tri", "-s", "RELEVANCE_THRESHOLD=1000")
    assert run("crawlall", archive, *strict, replica=replica).returncode == 0
    assert rows(archive, "SELECT count(*) FROM crawls") == [(1,)], "a host is asked by one crawl at a time"
    assert rows(archive, "SELECT count(*) FROM articles") == [(0,)]


def test_a_clock_that_was_set_back_keeps_no_portal_waiting(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    only = ("--replica", f"quang_tri={replica.urls['quang_tri']}")
    assert run("crawlall", archive, *only).returncode == 0
    connection = sqlite3.connect(archive)
    with connection:
        connection.execute("UPDATE crawls SET started_at = '2099-01-01T00:00:00Z', finished_at = '2099-01-01T00:05:00Z'")
        connection.execute("UPDATE sources SET not_before = '2099-01-01T01:00:00Z'")
    connection.close()
    again = run("crawlall", archive, *only)
    assert (again.returncode, "due" in again.stdout) == (0, False), again.stdout
    assert rows(archive, "SELECT count(*) FROM crawls") == [(2,)]


def test_captures_that_lost_their_database_are_not_asked_for_again(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    only = ("--only", "quang_tri")
    assert run("crawlall", archive, *only, replica=replica).returncode == 0
    articles = rows(archive, "SELECT count(*) FROM articles")
    archive.rename(tmp_path / "archive.db.kept")
    asked = len(replica.requests("quang_tri"))
    for _ in ("gone", "of no bytes"):
        lost = run("crawlall", archive, *only, replica=replica)
        assert (lost.returncode, "scrapy rebuild --db" in lost.stderr) == (2, True), lost.stderr
        assert not archive.exists() or archive.stat().st_size == 0
        archive.touch()
    archive.unlink()
    assert len(replica.requests("quang_tri")) == asked
    assert run("crawlall", tmp_path / "another.db", *only, "--max-pages", "1", replica=replica).returncode == 2
    assert subprocess.run([str(SCRAPY), "rebuild", "--db", str(archive)], cwd=ROOT, check=False, timeout=60).returncode == 0
    assert run("crawlall", tmp_path / "another.db", *only, "--max-pages", "1", replica=replica).returncode == 0, "beside one that has them"
    assert rows(archive, "SELECT count(*) FROM articles") == articles


def test_one_that_is_blocked_stops_no_other_and_is_an_alarm(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    assert run("crawlall", archive, replica=replica).returncode == 0
    before = rows(archive, "SELECT count(*) FROM articles WHERE source_id = 'quang_tri'")
    replica.control("quang_tri", "challenge")
    replica.control("cao_bang_thach_an", "add", n=2)
    done = run("crawlall", archive, "--now", replica=replica)
    assert done.returncode == 1
    assert rows(archive, "SELECT count(*) FROM articles WHERE source_id = 'quang_tri'") == before
    assert troubles(archive) == {"quang_tri": ["challenge"], "cao_bang_thach_an": []}
    replica.control("quang_tri", "challenge", on=False)
    assert run("crawlall", archive, "--now", replica=replica).returncode == 0
    assert troubles(archive) == {"quang_tri": [], "cao_bang_thach_an": []}
    check_all(replica, archive)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--only", "hue"), "no portal 'hue'"),
        (("--replica", "quang_tri"), "--replica must be like"),
        (("--at-once", "0"), "--at-once must be 1 or more"),
        (("--province", "99"), "no portal is chosen"),
        (("--only", "ha_noi_so_tttt"), "is not asked any more"),
        (("--only", "quang_tri"), "set KHUYEN_HOC_CONTACT"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, options: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KHUYEN_HOC_CONTACT", raising=False)
    done = run("crawlall", tmp_path / "archive.db", *options)
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "archive.db").exists()


def begin(called: list[str], replica: Replica, after: int, **more: Any) -> subprocess.Popen[str]:
    """Start a command and wait until the first portal was asked so often."""
    process = subprocess.Popen(called, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    until = time.monotonic() + 60
    while len(replica.requests("quang_tri")) < after:
        assert time.monotonic() < until, "it never began"
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    return process


def test_killed_and_gone_on_with_one_writer_at_a_time(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    for portal in PORTALS:
        replica.control(portal, "delay", seconds=1.5)
    process = begin(command("crawlall", archive, replica=replica), replica, 5)
    held = run("crawlall", archive, replica=replica)
    assert (held.returncode, "is being written by process" in held.stderr) == (3, True)
    process.kill()
    process.communicate()
    for portal in PORTALS:
        replica.control(portal, "delay", seconds=0)
    assert run("crawlall", archive, replica=replica).returncode == 0, "a crawl that was killed is due at once"
    check_all(replica, archive)
    assert run("verify", archive, "--full").returncode == 0


def test_stopped_by_a_signal(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    for portal in PORTALS:
        replica.control(portal, "delay", seconds=1.5)
    process = begin(command("crawlall", archive, "--at-once", "1", replica=replica), replica, 4)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, "Stopped. Go on with: scrapy crawlall" in out) == (130, True)
    assert replica.requests("cao_bang_thach_an") == [], "nothing new begins"


def test_stopped_by_two_signals(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    replica.control("quang_tri", "delay", seconds=3)
    process = begin(command("crawlall", archive, replica=replica), replica, 2)
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, "Stopped. Go on with: scrapy crawlall" in out) == (130, True), "a crawl that broke off did not go well"


def test_schedule_hands_the_signal_of_a_whole_group_on_once(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    for portal in PORTALS:
        replica.control(portal, "delay", seconds=1.5)
    process = begin(command("schedule", archive, replica=replica), replica, 4, start_new_session=True)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
    out, error = process.communicate(timeout=60)
    assert (process.returncode, "crawlall ended with 130" in out) == (0, True), error
    assert rows(archive, "SELECT DISTINCT finish_reason FROM crawls") == [("shutdown",)], "each crawl came to a good end"


def test_schedule_crawls_what_is_due_and_only_one_runs(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    for portal in PORTALS:
        replica.control(portal, "delay", seconds=1.5)
    process = begin(command("schedule", archive, replica=replica), replica, 4)
    second = run("schedule", archive, "--once", replica=replica)
    assert (second.returncode, "another `scrapy schedule`" in second.stderr) == (3, True)
    process.send_signal(signal.SIGTERM)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    assert "2 due: cao_bang_thach_an, quang_tri" in out
    assert "crawlall ended with 130" in out
    for portal in PORTALS:
        replica.control(portal, "delay", seconds=0)
    went_on = run("schedule", archive, "--once", replica=replica)
    assert (went_on.returncode, "crawlall ended with 0" in went_on.stdout) == (0, True), went_on.stderr
    check_all(replica, archive)
    nothing = run("schedule", archive, "--once", replica=replica)
    assert (nothing.returncode, nothing.stdout) == (0, "")
