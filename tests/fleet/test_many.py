"""200 portals in one process: each asked at most once a second, none starved, under 600 MB, every article there."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fleet.many import COUNT
from tests.replica.server import Server
from tests.replica.site import Site

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = 10
ROBOTS = "User-agent: *\nDisallow: /admin/\n"
"""Without the line by which a replica says that it may be asked fast: these are asked as portals are."""
MEMORY = 600 * 1024 * 1024


@pytest.fixture
def sites() -> Iterator[list[tuple[Site, str]]]:
    servers = [Server(Site("quang_tri", seed=number, count=ARTICLES), 0) for number in range(COUNT)]
    for server in servers:
        server.site.knobs.robots_text = ROBOTS
    yield [(server.site, server.start()) for server in servers]
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.slow
def test_two_hundred_portals(sites: list[tuple[Site, str]], tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    command = [sys.executable, "-m", "tests.fleet.many", str(archive)]
    urls = json.dumps([url for _, url in sites])
    done = subprocess.run(command, cwd=ROOT, input=urls, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{COUNT} portals: {told['seconds']:.0f} s, {told['memory'] >> 20} MiB, {told['cpu']:.0f} CPU s", file=sys.stderr)
    assert set(told["verdicts"].values()) == {"good"}, done.stderr[-3000:]
    assert len(told["verdicts"]) == COUNT
    assert told["memory"] < MEMORY
    with closing(sqlite3.connect(archive)) as connection:
        kept = dict(connection.execute("SELECT source_id, count(*) FROM articles GROUP BY 1").fetchall())
    longest = []
    for number, (site, _) in enumerate(sites):
        wanted = sum(article.on_topic for article in site.portal.articles.values())
        assert kept.get(f"vi_du_{number}", 0) == wanted
        at = [one["at"] for one in site.log]
        # This server is one process for all: under load it may look at a request late, and at the next one soon after.
        assert min(later - earlier for earlier, later in zip(at, at[2:], strict=False)) >= 1.9, "asked more than once a second"
        longest.append(at[-1] - at[0])
    # Each has about ten requests two seconds apart; one that waits for the others would take many times as long.
    assert max(longest) < 3 * sorted(longest)[COUNT // 2] + 30
