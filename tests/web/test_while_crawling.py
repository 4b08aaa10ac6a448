"""Datasette serves an archive that a crawl is writing: no error, no read that waits for the writer."""

from __future__ import annotations

import itertools
import sqlite3
import sys
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from tests.crash.command import Command, count_of
from tests.crash.lab import PORTAL
from tests.replica import Replica
from tests.web.server import datasette_server

READERS = 3
ARTICLES = 150
PATHS = (
    "/",
    "/archive/articles",
    "/archive/articles?_search=khuyen+hoc",
    "/archive/tim_kiem?q=hoc+bong",
    "/archive/articles.csv?_search=khuyen+hoc",
    "/archive/articles?_facet=section",
    "/archive/crawls.json",
    "/archive/issues",
    "/bieu-do",
    "/suc-khoe",
    "/feed.atom?q=hoc",
    "/sitemap-1.xml",
)
SLOWEST = 5.0
"""Seconds; on two busy cores a page takes up to one. A read that waits for the writer would take the lock's 30."""


def read_on(home: str, paths: tuple[str, ...], start: int, stop: threading.Event, times: list[float], errors: list[str]) -> None:
    for path in itertools.islice(itertools.cycle(paths), start, None):
        if stop.is_set():
            return
        began = time.monotonic()
        try:
            with urllib.request.urlopen(home + path, timeout=30) as answer:
                answer.read()
        except OSError as error:
            errors.append(f"{path}: {error}")
        times.append(time.monotonic() - began)


def _first_uid(archive: Path) -> str:
    with sqlite3.connect(f"file:{archive}?mode=ro", uri=True) as connection:
        uid: str = connection.execute("SELECT uid FROM articles ORDER BY id").fetchone()[0]
    connection.close()
    return uid


def test_readers_of_datasette_during_a_crawl(tmp_path: Path) -> None:
    archive = tmp_path / "kho" / "archive.db"
    archive.parent.mkdir()
    stop, times, errors = threading.Event(), list[float](), list[str]()
    with Replica(articles=ARTICLES, portals=(PORTAL,)) as replica:
        replica.control(PORTAL, "delay", seconds=0.04)
        with Command(replica.urls[PORTAL], archive) as crawl:
            crawl.wait_for_articles(3)
            with datasette_server(archive) as home:
                before = count_of(archive, "articles")
                article = f"/bai/{quote(_first_uid(archive), safe='')}"
                paths = (*PATHS, article, f"{article}/thay-doi", f"{article}.bib")
                readers = [threading.Thread(target=read_on, args=(home, paths, number, stop, times, errors)) for number in range(READERS)]
                for reader in readers:
                    reader.start()
                run = crawl.result()
                during = len(times)
                stop.set()
                for reader in readers:
                    reader.join()
        expected = sum(article["on_topic"] for article in replica.truth(PORTAL))
    assert run.code == 0, run.err
    assert errors == []
    assert max(times) < SLOWEST
    assert during > len(PATHS), "too few reads while the crawl was writing"
    assert before < count_of(archive, "articles") == expected
    print(f"\n{during} pages read during a crawl, slowest {max(times):.2f} s, 0 errors", file=sys.stderr)
