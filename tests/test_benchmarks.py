"""The benchmark's own figures: every process is counted, and a tool that gives nothing is no tool that costs nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import ways
from benchmarks.portal import Heavy
from benchmarks.size import size_of
from scraper.archive.database import ArchiveDatabase
from scraper.items import Capture
from spiders.quang_tri import QuangTriSpider
from tests.replica import site

# A child that starts a grandchild, does not wait for it and ends; the grandchild works for half a second and holds 60 MB.
ORPHAN = """
import subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time\\nheld = bytearray(60_000_000)\\nwhile time.process_time() < 0.5: pass"])
sys.exit(3)
"""


def test_children_that_nobody_waits_for_are_counted(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, str(ways.ROOT / "benchmarks/measured.py"), str(figures), sys.executable, "-c", ORPHAN]
    assert subprocess.run(command, check=False).returncode == 3
    told = json.loads(figures.read_text())
    assert told["user"] + told["system"] >= 0.5
    assert told["memory"] > 60


@pytest.mark.parametrize(
    ("printed", "said"),
    [("", "told no figures"), ('{"articles": 9, "with_text": 0}', "got 9 of 10 articles, 0 of them with a text")],
)
def test_a_silent_zero_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, printed: str, said: str) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python").symlink_to(sys.executable)
    (tmp_path / "silent.py").write_text(f"print({printed!r})")
    monkeypatch.setattr(ways, "PEERS", tmp_path)
    monkeypatch.setattr(ways, "SCRIPTS", tmp_path)
    with pytest.raises(ways.CannotRun, match=said):
        ways._peer("silent.py")(ways.Task("http://127.0.0.1:1", 10, ()), tmp_path)


def test_heavy_pages_say_what_light_ones_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands around the news is no part of it: both are read alike, word for word."""
    read = {}
    for portal in (site.PORTALS["quang_tri"], Heavy):
        monkeypatch.setitem(site.PORTALS, "quang_tri", portal)
        served = site.Site("quang_tri", 5, 12)
        for article in served.portal.articles.values():
            answer = served.answer("GET", article.url, {"host": "www.quangtri.gov.vn"})
            capture = Capture(f"https://www.quangtri.gov.vn{article.url}", "2026-11-22T00:00:00Z", 200, tuple(answer.headers), answer.body)
            reading = QuangTriSpider.read(capture).article
            assert reading is not None
            if portal is Heavy:
                assert len(answer.body) > 60_000
                assert reading == read[article.key]
            read[article.key] = reading


def test_sizes_add_up(archive: ArchiveDatabase) -> None:
    archive.claim_origin("demo")
    archive.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = size_of(archive.path)
    assert (size.articles, size.captures, size.warcs) == (0, 0, 0)
    assert sum(size.tables.values()) == size.database
