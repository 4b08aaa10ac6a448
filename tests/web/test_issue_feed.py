"""The feed of issues: valid Atom, an entry when something opens, one when it closes, and one again when it comes back."""

from __future__ import annotations

import shutil
import sqlite3
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from datasette.app import Datasette  # type: ignore[import-untyped]

from scraper.archive.database import ArchiveDatabase
from scraper.archive.issues import close_issues, record_issue
from scraper.items import Problem
from scraper.web.issue_feed import LISTED, load_happened

from .conftest import Browser
from .server import datasette_server
from .test_feeds import ATOM, check_atom

PAGES = "https://caobang.gov.vn/kinh-te/{}"


class Kept:
    """An archive in which issues open and close by the crawler's own functions, and the feed of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.browser = Browser(path)

    def open(self, kind: str, at: str, *numbers: int, detail: str = "<b>d</b>") -> None:
        with ArchiveDatabase(self.path) as archive, archive.transaction() as db:
            for number in numbers:
                record_issue(db, "cao_bang", PAGES.format(number), Problem(kind, detail), at)

    def close(self, at: str, *numbers: int) -> None:
        with ArchiveDatabase(self.path) as archive, archive.transaction() as db:
            for number in numbers:
                close_issues(db, "cao_bang", PAGES.format(number), at)

    def entries(self, kind: str, source: str = "") -> list[tuple[str, str, str]]:
        """Title, time and identifier of the entries of a kind."""
        root = check_atom(self.browser.get(f"/viec-can-xem.atom{f'?nguon={source}' if source else ''}").content)
        return [
            (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}updated"), entry.findtext(f"{ATOM}id"))
            for entry in root.findall(f"{ATOM}entry")
            if entry.find(f"{ATOM}category").get("term") == kind
        ]


@pytest.fixture
def kept(archive_path: Path, tmp_path: Path) -> Iterator[Kept]:
    made = Kept(Path(shutil.copy(archive_path, tmp_path / "archive.db")))
    yield made
    made.browser.close()


def test_opened_closed_and_back_again(kept: Kept) -> None:
    kept.open("login", "2026-03-01T01:00:00Z", 1)
    ((title, at, first),) = kept.entries("login")
    assert title.startswith("Mới / New: cổng đòi đăng nhập (login) · Cổng thông tin điện tử tỉnh Cao Bằng, 01/03/2026")
    assert at == "2026-03-01T01:00:00Z"
    kept.open("login", "2026-03-02T01:00:00Z", 1)
    assert kept.entries("login") == [(title, at, first)], "seen again is no news"
    kept.close("2026-03-04T01:00:00Z", 1)
    closed, opened = kept.entries("login")
    assert closed[0].startswith("Đã khép / Closed: cổng đòi đăng nhập")
    assert (closed[1], opened) == ("2026-03-04T01:00:00Z", (title, at, first))
    kept.open("login", "2026-03-09T01:00:00Z", 1)
    ((again, at, third),) = kept.entries("login")
    assert again.startswith("Mới / New")
    assert at == "2026-03-09T01:00:00Z"
    assert len({first, closed[2], third}) == 3


def test_many_of_one_kind_are_one_entry(kept: Kept) -> None:
    kept.open("layout_changed", "2026-03-01T16:00:00Z", *range(30))
    kept.open("layout_changed", "2026-03-01T18:00:00Z", *range(30, 33))  # after midnight in Việt Nam
    late, early = kept.entries("layout_changed")
    assert late[0].endswith("02/03/2026, 3 địa chỉ / addresses")
    assert early[0].endswith("01/03/2026, 30 địa chỉ / addresses")
    root = check_atom(kept.browser.get("/viec-can-xem.atom").content)
    content = next(e for e in root.findall(f"{ATOM}entry") if e.findtext(f"{ATOM}id") == early[2]).findtext(f"{ATOM}content")
    assert content.count("https://") == LISTED
    assert content.endswith("… và 10 địa chỉ nữa / and 10 more")
    assert "<b>d</b>" in content  # text, and told to be


def test_entries_lead_to_their_issues(kept: Kept) -> None:
    kept.open("login", "2026-03-01T01:00:00Z", 1, 2)
    kept.close("2026-03-04T01:00:00Z", 1)
    root = check_atom(kept.browser.get("/viec-can-xem.atom?nguon=cao_bang").content)
    assert "Cao Bằng" in root.findtext(f"{ATOM}title")
    for entry in root.findall(f"{ATOM}entry"):
        parts = urlsplit(entry.find(f"{ATOM}link").get("href"))
        rows = kept.browser.json(f"{parts.path}.json?{parts.query}")["filtered_table_rows_count"]
        assert rows >= 1, parts


def test_of_one_source(kept: Kept) -> None:
    kept.open("login", "2026-03-01T01:00:00Z", 1)
    assert kept.entries("login", "cao_bang")
    assert not kept.entries("login", "cao_bang_thach_an")
    assert kept.browser.ask("/viec-can-xem.atom?nguon=khong_co").status_code == 404


def test_closed_where_the_table_is(archive_path: Path) -> None:
    closed = Browser(archive_path)
    closed.metadata["databases"]["archive"]["tables"]["issues"]["allow"] = {"id": "an"}
    closed.datasette = Datasette([str(archive_path)], metadata=closed.metadata)
    try:
        assert closed.ask("/viec-can-xem.atom").status_code == 403
    finally:
        closed.close()


def test_archive_of_before_issues_remembered(archive_path: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(archive_path, tmp_path / "archive.db"))
    with sqlite3.connect(path) as connection:
        before = load_happened(connection, "")
        connection.execute("ALTER TABLE issues DROP COLUMN opened_at")
        assert load_happened(connection, "") == before
        assert before
    connection.close()


def test_no_issue_at_all(archive_path: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(archive_path, tmp_path / "archive.db"))
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM issues")
    connection.close()
    made = Browser(path)
    try:
        root: Any = check_atom(made.get("/viec-can-xem.atom").content)
        assert root.findall(f"{ATOM}entry") == []
    finally:
        made.close()


def test_from_a_real_server(archive_path: Path) -> None:
    with datasette_server(archive_path) as home, urllib.request.urlopen(f"{home}/viec-can-xem.atom", timeout=30) as answer:
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        root: Any = check_atom(answer.read())
    assert len(root.findall(f"{ATOM}entry")) == 2
    assert root.find(f"{ATOM}link").get("href") == f"{home}/viec-can-xem.atom"
