"""An archive that two portals were really crawled into, with an edit, new articles and losses between two crawls."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import scraper.archive.rebuild
import scraper.archive.verify_readings
from scraper.archive.database import ArchiveDatabase
from scraper.archive.sums import write_sums
from tests import warm
from tests.archive.reports import REPORT, capture, take
from tests.at_once import AtOnce
from tests.replica import Replica


@dataclass(frozen=True)
class Crawled:
    """The archive, never written by a test itself, and the portals it came from, still serving."""

    db: Path
    replica: Replica

    def crawl(self, portal: str, db: Path) -> None:
        done = scrapy("crawl", portal, "-a", f"base_url={self.replica.urls[portal]}", db=db)
        assert done.returncode == 0, done.stdout + done.stderr


def scrapy(*arguments: str, db: Path) -> subprocess.CompletedProcess[str]:
    return warm.scrapy(*arguments, "-s", f"ARCHIVE_DB={db}")


@contextmanager
def not_waiting_for_the_disk(path: Path) -> Iterator[ArchiveDatabase]:
    """An archive open for writing where what is compared is the logic: no power is lost here."""
    with pytest.MonkeyPatch.context() as patch, ArchiveDatabase(path) as database:
        patch.setattr(os, "fdatasync", lambda descriptor: None)
        patch.setattr(os, "fsync", lambda descriptor: None)
        database.conn.execute("PRAGMA synchronous = OFF")
        yield database


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What verifies or rebuilds in this process reads in it too: to start a child costs more than all else. Commands have theirs."""
    monkeypatch.setattr(scraper.archive.rebuild, "ReadAhead", AtOnce)
    monkeypatch.setattr(scraper.archive.verify_readings, "ReadAhead", AtOnce)


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    db = tmp_path_factory.mktemp("đã thu") / "archive.db"
    with Replica(articles=30) as replica:
        found = Crawled(db, replica)
        found.crawl("quang_tri", db)
        found.crawl("cao_bang_thach_an", db)
        keys = [article["key"] for article in replica.truth("quang_tri") if article["on_topic"]]
        replica.control("quang_tri", "edit", key=keys[0])
        replica.control("quang_tri", "add", n=3)
        replica.control("quang_tri", "delete", key=keys[5])
        replica.control("quang_tri", "redirect_home", key=keys[6])
        with closing(sqlite3.connect(db, isolation_level=None)) as conn:
            conn.execute("UPDATE frontier SET due_at = '2026-01-01T00:00:00Z' WHERE source_id = 'quang_tri'")
        found.crawl("quang_tri", db)
        write_sums(db)
        yield found


@pytest.fixture
def copied(crawled: Crawled, tmp_path: Path) -> Path:
    """A copy of the crawled archive, to be damaged."""
    shutil.copytree(crawled.db.parent, tmp_path / "bản sao")
    return tmp_path / "bản sao" / "archive.db"


@pytest.fixture
def filled(archive: ArchiveDatabase) -> ArchiveDatabase:
    """One report on two portals (the second cut), and last year's of the same portal with other numbers."""
    archive.claim_origin("live")
    other = REPORT.replace("217", "205").replace("1.204", "1.101").replace("1,2", "1,1").replace("21 ", "19 ").replace("31 hộ", "26 hộ")
    take(archive, "cao_bang_thach_an", capture("cao_bang_thach_an", 1, REPORT), capture("cao_bang_thach_an", 2, other))
    take(archive, "cao_bang", capture("cao_bang", 3, REPORT), capture("cao_bang", 4, other + " Các đại biểu cùng ra về."))
    return archive
