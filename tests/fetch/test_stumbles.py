"""Faults of ours and of the machine end a crawl loudly: never a good verdict over nothing, and what was fetched is read later."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.replica import Replica

ROOT = Path(__file__).resolve().parents[2]
NO_PROCESS = """
import multiprocessing.context as context
def none_left(self):
    raise BlockingIOError(11, "Resource temporarily unavailable")
context.SpawnProcess.start = context.ForkProcess.start = none_left
"""
FAULT = """
from scraper.archive.keeper import Keeper
take = Keeper.take
def fails(self, capture, capture_id, reading, **more):
    if {when}:
        raise RuntimeError("a mistake of ours")
    return take(self, capture, capture_id, reading, **more)
Keeper.take = fails
"""


FAULT_OVER_FAILURES = """
from scraper.fetch.session import Session
def fails(self, failure):
    raise RuntimeError("a mistake of ours")
Session.failed = fails
"""


FAULT_OF_A_MIDDLEWARE = """
from scraper.fetch import guard
before = guard.site_of
def fails(url):
    return len(None) if "view-article" in url else before(url)
guard.site_of = fails
"""
FAULT_OVER_ROBOTS = """
from scraper.fetch import robots
def fails(response, agent, site):
    raise RuntimeError("a mistake of ours")
robots.read_rules = fails
"""


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(articles=12, portals=("quang_tri",)) as serving:
        yield serving


def crawl(replica: Replica, db: Path, patch: str = "") -> subprocess.CompletedProcess[str]:
    script = patch + "import sys\nfrom scrapy.cmdline import execute\nif __name__ == '__main__':\n    execute(['scrapy', *sys.argv[1:]])\n"
    given = ["crawl", "quang_tri", "-a", f"base_url={replica.urls['quang_tri']}", "-s", f"ARCHIVE_DB={db}"]
    return subprocess.run([sys.executable, "-c", script, *given], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def query(db: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as conn:
        return conn.execute(sql).fetchall()


def test_where_no_process_is_to_be_had_the_crawl_says_so(replica: Replica, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    done = crawl(replica, db, NO_PROCESS)
    assert done.returncode == 11, done.stderr
    assert "no process could be started to read pages in" in done.stderr
    assert query(db, "SELECT verdict FROM crawls") == [("bad",)]
    assert crawl(replica, db).returncode == 0
    assert query(db, "SELECT count(*) FROM captures WHERE outcome IS NULL") == [(0,)]


@pytest.mark.parametrize("when", ["more.get('section')", "more.get('asked_for') and capture_id % 7 == 0"])
def test_a_fault_of_ours_is_an_issue_and_no_good_crawl(replica: Replica, tmp_path: Path, when: str) -> None:
    db, whole = tmp_path / "archive.db", tmp_path / "whole" / "archive.db"
    whole.parent.mkdir()
    done = crawl(replica, db, FAULT.format(when=when))
    assert done.returncode == ("section" in when), done.stdout
    assert query(db, "SELECT verdict FROM crawls") == [("bad" if "section" in when else "doubtful",)]
    assert ("reader_failed", "RuntimeError: a mistake of ours (fails, line 6)") in query(db, "SELECT kind, detail FROM issues")
    assert crawl(replica, db).returncode == 0
    assert crawl(replica, whole).returncode == 0
    listed = "SELECT uid, title, body FROM articles ORDER BY uid"
    assert query(db, listed) == query(whole, listed)


def test_a_fault_of_ours_over_a_request_without_an_answer_is_one_too(replica: Replica, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    key = next(article["key"] for article in replica.truth("quang_tri") if article["on_topic"])
    replica.control("quang_tri", "truncate", key=key)
    done = crawl(replica, db, FAULT_OVER_FAILURES)
    replica.control("quang_tri", "truncate", key=key, on=False)
    assert done.returncode == 0, done.stdout
    assert query(db, "SELECT verdict FROM crawls") == [("doubtful",)]
    assert query(db, "SELECT detail FROM issues WHERE kind = 'reader_failed'") == [("RuntimeError: a mistake of ours (fails, line 4)",)]


def test_a_fault_of_a_middleware_is_not_the_portals(replica: Replica, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    done = crawl(replica, db, FAULT_OF_A_MIDDLEWARE)
    assert done.returncode == 1, done.stdout
    assert "TypeError" in done.stderr, "the log says where"
    assert query(db, "SELECT verdict FROM crawls") == [("bad",)]
    assert query(db, "SELECT DISTINCT kind, detail FROM issues") == [
        ("reader_failed", "TypeError: object of type 'NoneType' has no len() (fails, line 5)")
    ]
    with closing(sqlite3.connect(db, isolation_level=None)) as conn:
        conn.execute("UPDATE frontier SET due_at = '2026-01-01T00:00:00Z'")
    assert crawl(replica, db).returncode == 0
    assert query(db, "SELECT count(*) FROM issues WHERE closed_at IS NULL") == [(0,)]
    on_topic = sum(article["on_topic"] for article in replica.truth("quang_tri"))
    assert query(db, "SELECT count(*) FROM articles") == [(on_topic,)]


def test_a_fault_over_robots_txt_ends_the_crawl(replica: Replica, tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    done = crawl(replica, db, FAULT_OVER_ROBOTS)
    assert done.returncode == 1, done.stdout
    assert query(db, "SELECT verdict FROM crawls") == [("bad",)]
    assert query(db, "SELECT DISTINCT kind FROM issues") == [("reader_failed",)]


def test_a_portal_that_does_not_answer_is_not_told_to_forbid_anything(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    gone = [sys.executable, "-m", "scrapy", "crawl", "quang_tri", "-a", "base_url=http://127.0.0.1:9", "-s", f"ARCHIVE_DB={db}"]
    assert subprocess.run(gone, cwd=ROOT, capture_output=True, check=False, timeout=120).returncode == 1
    assert query(db, "SELECT verdict FROM crawls") == [("bad",)]
    assert query(db, "SELECT DISTINCT kind FROM issues") == [("unreachable",)]


def test_the_limit_of_memory_may_be_under_ours() -> None:
    script = (
        "import resource\nfrom scraper.fetch.child import limit_memory\n"
        "resource.setrlimit(resource.RLIMIT_AS, (900 << 20, 900 << 20))\nlimit_memory()\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0] >> 20)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "900\n"
