"""Every hostile site crawled by the real command: no wrong outcome, no request to the canary, memory bounded."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.extract.text import squash
from tests.hostile import Hostile
from tests.hostile.model import SECTION, Fault
from tests.hostile.table import FAULTS, SITES

ROOT = Path(__file__).resolve().parents[2]
SCRAPY = Path(sys.executable).with_name("scrapy")
PEAK = Path(__file__).with_name("peak.py")
PEAK_BYTES = 400 * 1024 * 1024
"""No process of a crawl may hold more, whatever it is sent."""
STANDSTILL = 2.0
"""Seconds for which no page may hold up the crawl's event loop: as long no other host could be served."""
TIMEOUT = "4"
"""Seconds for a whole answer here; the product's own is 30."""


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    with Hostile() as running:
        yield running


def crawl(hostile: Hostile, site: str, archive: Path) -> subprocess.CompletedProcess[str]:
    settings = {
        "ARCHIVE_DB": archive,
        "DOWNLOAD_TIMEOUT": TIMEOUT,
        "DOWNLOAD_DELAY": 0.05,
        "AUTOTHROTTLE_ENABLED": 0,
        "EXTENSIONS": json.dumps({"tests.hostile.lag.LagMonitor": 0}),
        "LAG_FILE": archive.with_name("lag"),
    }
    command = [sys.executable, str(PEAK), str(archive.with_name("peak"))]
    command += [str(SCRAPY), "crawl", "cao_bang_thach_an", "-a", f"base_url={hostile.urls[site]}"]
    command += [argument for name, value in settings.items() for argument in ("-s", f"{name}={value}")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=400)


class Archive:
    """What a crawl left behind, by article key."""

    def __init__(self, path: Path) -> None:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        self.articles = {row["article_key"]: row for row in connection.execute("SELECT * FROM articles")}
        self.issues = {(row["url"].rpartition("-")[2], row["kind"]) for row in connection.execute("SELECT url, kind FROM issues")}
        self.kinds = {kind for _, kind in self.issues}
        self.due = {row["article_key"] for row in connection.execute("SELECT article_key FROM frontier WHERE due_at IS NOT NULL")}
        connection.close()


def key_of(fault: Fault) -> str | None:
    return fault.path.rpartition("-")[2] if fault.path else None


def wrong(fault: Fault, archive: Archive, hostile: Hostile) -> str | None:
    """What is wrong with the outcome of one fault; None when it is right."""
    key = key_of(fault)
    stored = archive.articles.get(key) if key else None
    asked = [request for request in hostile.requests(fault.site) if not request["path"].startswith("/robots.txt")]
    if fault.max_requests is not None:
        mine = [r for r in asked if fault.path is None or r["path"].partition("?")[0] == fault.path]
        if len(mine) > fault.max_requests:
            return f"asked {len(mine)} times, at most {fault.max_requests} are right"
    if fault.pause is not None:
        first, second, *_ = [request["at"] for request in asked if request["path"].startswith(f"{SECTION}/")]
        if second - first < fault.pause:
            return f"asked again after {second - first:.1f} seconds, and not {fault.pause}"
    if fault.expect == "not_fetched":
        if fault.target == "canary":
            return None  # the canary is looked at once for all
        pages = [r["path"] for r in asked if fault.path is None or r["path"] == fault.path]
        return f"asked {pages[:3]}" if pages else None
    if fault.expect == "article":
        if key is None:
            return None if archive.articles else "no article of the site was archived"
        if stored is None:
            refused = any(issue_key == key for issue_key, _ in archive.issues)
            return None if fault.or_refused and refused else f"not archived ({sorted(k for q, k in archive.issues if q == key)})"
        text = squash(f"{stored['lead'] or ''} {stored['body']}")
        if fault.title is not None and stored["title"] != squash(fault.title):
            return f"title {stored['title'][:80]!r}"
        if fault.text is not None and text != squash(fault.text):
            return f"text {text[:200]!r} for {squash(fault.text)[:200]!r}"
        if fault.good is not None and stored["published_at"] != fault.published_at:
            return f"date {stored['published_at']} for {fault.published_at}"
        for fragment in fault.fragments:
            if squash(fragment) not in text:
                return f"lost {fragment!r} in {text[:120]!r}"
        for bad in fault.absent:
            if bad in f"{stored['title']} {text}":
                return f"kept {bad!r}"
        return None
    if stored is not None and fault.phase == 1:
        return f"archived as {stored['title'][:60]!r}"
    if fault.expect == "retry_later" and key and key not in archive.due:
        return "not due again"
    if fault.issues and not any(kind in archive.kinds for kind in fault.issues):
        return f"no issue of {fault.issues}, only {sorted(archive.kinds)}"
    return None


QUICK = ("net", "enc", "redir", "inject", "robots-503", "robots-bom-crlf", "boilerplate", "retry-short")
FIRST_PHASE = [site for site in SITES if any(fault.phase == 1 for fault in FAULTS if fault.site == site)]


@pytest.mark.parametrize("site", [site if site in QUICK else pytest.param(site, marks=pytest.mark.slow) for site in FIRST_PHASE])
def test_site(hostile: Hostile, tmp_path: Path, site: str) -> None:
    if site not in hostile.urls:
        pytest.skip(f"{site} cannot be served here")
    done = crawl(hostile, site, tmp_path / "archive.db")
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    archive = Archive(tmp_path / "archive.db")
    outcomes = {fault.name: wrong(fault, archive, hostile) for fault in FAULTS if fault.site == site and fault.phase == 1}
    assert {name: problem for name, problem in outcomes.items() if problem} == {}
    assert hostile.canary_hits() == []
    assert int((tmp_path / "peak").read_text("ascii")) < PEAK_BYTES
    assert float((tmp_path / "lag").read_text("ascii")) < STANDSTILL


@pytest.mark.slow
def test_good_text_survives_what_comes_in_its_place(hostile: Hostile, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    crawl(hostile, "truth", path)
    before = Archive(path)
    second = [fault for fault in FAULTS if fault.site == "truth" and fault.phase == 2]
    assert second
    hostile.control("phase", 2, site="truth")
    with sqlite3.connect(path) as connection:  # the day has come on which they are looked at again
        connection.execute("UPDATE frontier SET due_at = '2026-01-01T00:00:00Z'")
    connection.close()
    crawl(hostile, "truth", path)
    after = Archive(path)
    for fault in second:
        key = key_of(fault)
        assert key is not None
        if fault.expect == "article":
            assert wrong(fault, after, hostile) is None, fault.name
        elif key in before.articles:
            assert after.articles[key]["body"] == before.articles[key]["body"], fault.name
            assert after.articles[key]["title"] == before.articles[key]["title"], fault.name
