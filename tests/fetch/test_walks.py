"""Listings that lead astray, over HTTP: what was not walked is told, and what is new is found wherever it stands."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from spiders.cao_bang_thach_an import CaoBangThachAnSpider

ROOT = Path(__file__).resolve().parents[2]
SCRAPY = Path(sys.executable).with_name("scrapy")
SECTION, *OTHERS = (f"/{url.rpartition('/')[2]}" for url in CaoBangThachAnSpider.sections)
TEXT = "<p>Hội Khuyến học xã trao quỹ khuyến học cho học sinh nghèo vượt khó, hiếu học.</p>"


def address(number: int) -> str:
    return f"{SECTION}/hoi-khuyen-hoc-trao-qua-{number}"


def listing(*numbers: int, page: int = 1, pages: int = 1) -> str:
    items = "".join(
        f'<div class="NewsItem"><a href="{address(one)}">Bài {one}</a><span class="NewsDate">{one - 1000}/03/2024</span></div>'
        for one in numbers
    )
    pager = "".join(
        f'<li class="page-item{" active" * (one == page)}"><a class="page-link" href="{SECTION}?page={one}">{one}</a></li>'
        for one in range(1, pages + 1)
    )
    return f'<div class="ModuleContent">{items}<ul class="pagination">{pager}</ul></div>'


class Portal(ThreadingHTTPServer):
    """A portal that has every article. ``pages``: what else it answers, markup or the address that it leads to.

    ``busy``: its robots.txt is not to be had, and a header says more. ``dead``: articles that answer 404. It would like to know
    whence we came.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, str] = {}
        self.asked: list[str] = []
        self.busy: tuple[str, str] | None = None
        self.dead: set[str] = set()
        self.referers: set[str | None] = set()

    def walk(self, *numbers: int, by: int = 5) -> None:
        """A section of so many articles, some on a page."""
        pages = -(-len(numbers) // by)
        for page in range(1, pages + 1):
            shown = listing(*numbers[(page - 1) * by : page * by], page=page, pages=pages)
            self.pages |= {f"{SECTION}?page={page}": shown} | ({SECTION: shown} if page == 1 else {})


class _Handler(BaseHTTPRequestHandler):
    server: Portal

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.referers.add(self.headers["Referer"])
        number = self.path.rpartition("-")[2]
        shown = self.server.pages.get(self.path)
        if shown is None and number.isdigit():
            body = f'<p>Bài {number}</p>{TEXT * 6}<p class="x">{number}</p>'
            shown = f'<div class="ArticleHeader">Bài {number}</div><div class="ArticleContent">{body}</div>'
        if self.path == "/robots.txt":
            shown = "User-agent: *\nCrawl-delay: 0\n"
        if self.path == "/robots.txt" and self.server.busy is not None:
            self.send_response(503)
            self.send_header(*self.server.busy)
        elif number in self.server.dead:
            self.send_response(404)
            shown = ""
        elif shown is not None and shown.startswith(("/", "http:")):
            self.send_response(302)
            self.send_header("Location", shown)
            shown = ""
        else:
            self.send_response(200 if shown is not None else 404)
        body_sent = (shown or "").encode()
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Referrer-Policy", "unsafe-url")
        self.send_header("Content-Length", str(len(body_sent)))
        self.end_headers()
        self.wfile.write(body_sent)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 — http.server's name
        """Nothing."""


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal() as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        serving.pages |= dict.fromkeys(OTHERS, listing(1001))
        yield serving
        serving.shutdown()
        thread.join()


class Archive:
    """Crawled by the real command."""

    def __init__(self, path: Path, portal: Portal) -> None:
        self._path, self._portal = path, portal

    def crawl(self) -> int:
        self._portal.asked.clear()
        base_url = f"base_url=http://127.0.0.1:{self._portal.server_port}"
        command = [SCRAPY, "crawl", "cao_bang_thach_an", "-a", base_url, "-s", f"ARCHIVE_DB={self._path}"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=120).returncode

    def says(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._path)) as conn:
            found = conn.execute(sql).fetchall()
            conn.commit()
            return found

    @property
    def issues(self) -> list[str]:
        return [kind for (kind,) in self.says("SELECT kind FROM issues WHERE closed_at IS NULL ORDER BY kind")]

    @property
    def articles(self) -> set[int]:
        return {int(key) for (key,) in self.says("SELECT article_key FROM articles")}


@pytest.fixture
def archive(tmp_path: Path, portal: Portal) -> Archive:
    return Archive(tmp_path / "archive.db", portal)


def test_pages_that_only_repeat_the_first_are_told(portal: Portal, archive: Archive) -> None:
    for page in ("", "?page=1", "?page=2", "?page=3", "?page=4"):
        portal.pages[SECTION + page] = listing(1028, 1027, 1026, page=int(page[-1:] or 1), pages=4)
    for _ in range(2):
        assert archive.crawl() == 0
        assert archive.issues == ["listing_capped"]
    assert f"{SECTION}?page=4" not in portal.asked


def test_a_last_page_that_is_repeated_is_the_end(portal: Portal, archive: Archive) -> None:
    portal.walk(*range(1028, 1018, -1))
    for page in (2, 3, 4):
        portal.pages[f"{SECTION}?page={page}"] = listing(*range(1023, 1018, -1), page=page, pages=page + 1)
    assert archive.crawl() == 0
    assert archive.issues == []
    assert archive.articles == {1001, *range(1019, 1029)}


def test_what_is_new_is_found_at_the_end_of_a_listing_that_begins_with_the_oldest(portal: Portal, archive: Archive) -> None:
    portal.walk(*range(1001, 1016))
    assert archive.crawl() == 0
    portal.walk(*range(1001, 1018))
    assert archive.crawl() == 0
    assert archive.articles == set(range(1001, 1018))


def test_a_section_that_leads_to_the_home_page_is_lost(portal: Portal, archive: Archive) -> None:
    portal.pages |= {SECTION: "/", "/": listing(1028)}
    assert archive.crawl() == 1
    assert archive.issues == ["moved"]
    assert archive.articles == {1001, 1028}, "what the home page names is news all the same"
    portal.walk(1028, 1027)
    assert archive.crawl() == 0
    assert archive.issues == []
    assert archive.articles == {1001, 1027, 1028}


def test_a_page_beyond_the_last_that_leads_to_the_home_page_is_the_end(portal: Portal, archive: Archive) -> None:
    portal.walk(*range(1028, 1018, -1))
    portal.pages |= {SECTION: listing(*range(1028, 1018, -1), pages=2), f"{SECTION}?page=2": "/", "/": listing(1028)}
    assert archive.crawl() == 0
    assert archive.issues == []


def test_an_article_that_another_leads_to_is_not_lost(portal: Portal, archive: Archive) -> None:
    portal.walk(1028, 1027)
    portal.pages[address(1028)] = address(9028)
    assert archive.crawl() == 0
    assert archive.articles == {1001, 1027, 9028}
    assert archive.issues == ["moved"]
    assert archive.says("SELECT state FROM frontier WHERE article_key = '1028'") == [("gone",)]


def test_a_section_that_leads_off_the_portal_is_named_until_it_is_mended(portal: Portal, archive: Archive) -> None:
    portal.pages[SECTION] = "http://parked.example/x"
    assert archive.crawl() == 1
    ((url, detail),) = archive.says("SELECT url, detail FROM issues")
    assert url.endswith(SECTION)
    assert detail == f"{url} leads off: http://parked.example/x is not on this portal"
    portal.walk(1028)
    assert archive.crawl() == 0
    assert archive.issues == []


@pytest.mark.parametrize(("busy", "rests"), [(("X-Nothing", "1"), False), (("Retry-After", "7200"), True)])
def test_articles_that_were_not_asked_for_stay_due(portal: Portal, archive: Archive, busy: tuple[str, str], rests: bool) -> None:
    portal.walk(*range(1028, 1018, -1))
    assert archive.crawl() == 0
    waiting = "UPDATE frontier SET due_at = '2020-01-01T00:00:00Z' RETURNING article_key, state, attempts, due_at"
    before = archive.says(waiting)
    portal.busy = busy
    assert archive.crawl() == 1
    assert portal.asked == ["/robots.txt"]
    assert archive.says("SELECT article_key, state, attempts, due_at FROM frontier") == before
    assert archive.says("SELECT not_before IS NOT NULL FROM sources") == [(rests,)]
    assert archive.says("SELECT count(*) <= 5 FROM issues") == [(1,)]


def test_a_dead_link_or_two_make_no_bad_crawl(portal: Portal, archive: Archive) -> None:
    portal.walk(*range(1028, 1018, -1))
    portal.dead = {"1028"}
    due = "UPDATE frontier SET due_at = '2020-01-01T00:00:00Z' WHERE article_key IN ('1028', '1027')"
    assert archive.crawl() == 0
    archive.says(due)
    portal.dead = {"1028", "1027"}  # one was never there, one was taken off
    for _ in range(2):
        assert archive.crawl() == 0
        archive.says(due)
    assert archive.says("SELECT verdict, failed FROM crawls") == [("doubtful", 1), ("doubtful", 2), ("doubtful", 2)]
    portal.walk(*range(1030, 1028, -1))
    portal.dead |= {"1029", "1030"}
    assert archive.crawl() == 1, "what is new fails too"


def test_a_portal_that_asks_is_not_told_how_we_came_to_a_page(portal: Portal, archive: Archive) -> None:
    portal.walk(1001, 1002)
    portal.pages[address(1002)] = address(1003)
    assert archive.crawl() == 0
    assert address(1003) in portal.asked
    assert portal.referers == {None}
