"""The health page: what ``scrapy health`` says, for everybody, out of nothing that is not everybody's."""

from __future__ import annotations

import html
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from datasette.app import Datasette  # type: ignore[import-untyped]

from scraper.archive.kinds import KINDS
from scraper.upkeep.health import NEXT, STATUSES
from scraper.web import health, troubles
from scraper.web.guard import PRIVATE_TABLES

from .conftest import Browser
from .server import ROOT, datasette_server

SCRAPY = Path(sys.executable).with_name("scrapy")
STAMP = "%Y-%m-%dT%H:%M:%SZ"


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def crawled(path: Path, source: str, hours: float, verdict: str, reason: str = "finished") -> None:
    """Put a crawl of some hours ago into the archive."""
    began = datetime.now(UTC) - timedelta(hours=hours)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO crawls (source_id, kind, started_at, finished_at, finish_reason, verdict, code_version)"
            " VALUES (?, 'crawl', ?, ?, ?, ?, 'test')",
            (source, began.strftime(STAMP), (began + timedelta(minutes=2)).strftime(STAMP), reason, verdict),
        )
    connection.close()


@pytest.fixture(scope="module")
def troubled(archive_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small archive after two crawls that went badly, behind a check of cookies, and one that went well."""
    path = Path(shutil.copy(archive_path, tmp_path_factory.mktemp("health") / "archive.db"))
    crawled(path, "cao_bang", 9, "bad")
    crawled(path, "cao_bang", 2, "bad")
    crawled(path, "cao_bang_thach_an", 1, "good")
    with sqlite3.connect(path) as connection:
        for number in range(3):
            connection.execute(
                "INSERT INTO issues (kind, source_id, url, detail, first_seen_at, last_seen_at)"
                " VALUES ('challenge', 'cao_bang', ?, ?, ?, ?)",
                (f"https://caobang.gov.vn/{number}", "<b>cookie</b>", "2026-01-01T00:00:00Z", datetime.now(UTC).strftime(STAMP)),
            )
    connection.close()
    return path


@pytest.fixture(scope="module")
def reading(troubled: Path) -> Iterator[Browser]:
    made = Browser(troubled)
    yield made
    made.close()


def test_page_says_what_is_wrong_and_what_to_do(reading: Browser) -> None:
    text = reading.get("/suc-khoe").text
    plain = _plain(text)
    first = _plain(text.split('<article class="trouble')[1])
    assert "Cổng thông tin điện tử tỉnh Cao Bằng : báo động / alarm" in first
    assert "cổng chặn bằng cookie" in first
    assert "challenge: 2 crawls in a row went badly (finished)" in first
    assert f"→ {troubles.ADVICE['challenge']} / {NEXT['challenge']}" in first
    assert "https://caobang.gov.vn" in first
    rows = text.split('id="crawled"')[1].split("<tr>")
    well = _plain(next(row for row in rows if "cao_bang_thach_an" in row))
    # Eight days of publication make a rhythm of working days, the last of them in April 2023: far too long ago.
    # An hour ago is yesterday in the first hour of a day in Việt Nam.
    crawled_on = r"(?:hôm nay / today|1 ngày trước / 1 day ago), tốt / good"
    assert re.search(rf"{crawled_on} \d+ ngày làm việc; thường không quá \d+ / \d+, usually at most \d+ working days", well)
    assert "im lặng quá lâu" in _plain(text.split('<article class="trouble')[2])
    assert "07/04/2023" in well or "08/04/2023" in well
    bad = next(row for row in rows if ">cao_bang<" in row)
    link = next(each for each in re.findall(r'href="([^"]*kind=challenge[^"]*)"', bad))
    assert reading.json(html.unescape(link).replace("issues?", "issues.json?"))["filtered_table_rows_count"] == 3
    assert plain.index("Sức khỏe các nguồn") < plain.index("Health of the sources")


def test_kinds_of_open_issues_with_what_to_do(reading: Browser, troubled: Path) -> None:
    section = reading.get("/suc-khoe").text.split('<section aria-labelledby="kinds"')[1]
    with sqlite3.connect(troubled) as connection:
        rows = connection.execute("SELECT kind, count(*) FROM issues WHERE closed_at IS NULL GROUP BY 1").fetchall()
    connection.close()
    assert dict(rows)["challenge"] == 3
    for kind, count in rows:
        row = _plain(next(row for row in section.split("<tr>") if f"<small>{kind}</small>" in row))
        assert f"{troubles.name(kind)} {kind} {count} " in row
        assert KINDS[kind] in row


def test_it_is_what_the_command_says(troubled: Path) -> None:
    """Real processes: the page's JSON beside ``scrapy health --all --json`` on the same file."""
    command = [str(SCRAPY), "health", "--db", str(troubled), "--json"]
    told = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=120).stdout)
    with datasette_server(troubled) as home, urllib.request.urlopen(f"{home}/suc-khoe.json", timeout=60) as answer:
        served = json.loads(answer.read())
    assert {one["source"] for one in served["sources"]} == {one["source"] for one in told["sources"]}
    for ours, theirs in zip(served["sources"], told["sources"], strict=True):
        if theirs["status"] not in ("new",):  # what was never crawled is due now, and now has moved
            assert ours == theirs
    assert [one["source"] for one in served["sources"] if one["status"] == "alarm"] == ["cao_bang", "cao_bang_thach_an"]
    order = [STATUSES.index(one["status"]) for one in served["sources"]]
    assert order == sorted(order)


def test_time_alone_makes_it_an_alarm(archive_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A schedule that died leaves the file as it is: the page must notice all the same."""
    path = Path(shutil.copy(archive_path, tmp_path / "archive.db"))
    crawled(path, "cao_bang", 1, "good")
    made = Browser(path)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(UTC) + timedelta(days=9)

    def kinds() -> list[str]:
        (one,) = [one for one in made.json("/suc-khoe.json")["sources"] if one["source"] == "cao_bang"]
        return [trouble["kind"] for trouble in one["troubles"]]

    try:
        assert "not_crawled" not in kinds()
        monkeypatch.setattr(health, "datetime", Later)
        assert "not_crawled" in kinds()
        assert "không được thu thập" in made.get("/suc-khoe").text
    finally:
        made.close()


def test_no_private_table_is_read(troubled: Path) -> None:
    """SQLite itself says which tables were read."""
    read: set[str] = set()

    def notes(action: int, table: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_READ and table:
            read.add(table)
        return sqlite3.SQLITE_OK

    with sqlite3.connect(f"file:{troubled}?mode=ro", uri=True) as connection:
        connection.set_authorizer(notes)
        health.load(connection, datetime.now(UTC))
        connection.set_authorizer(None)
    connection.close()
    assert {"crawls", "issues"} <= read
    assert not read & PRIVATE_TABLES
    assert read <= {*health.READ, "sqlite_master"}


@pytest.mark.parametrize("table", health.READ)
def test_closed_where_an_owner_closed_a_table_of_it(troubled: Path, table: str) -> None:
    closed = Browser(troubled)
    closed.metadata["databases"]["archive"]["tables"][table]["allow"] = {"id": "an"}
    closed.datasette = Datasette([str(troubled)], metadata=closed.metadata)
    cookies = {"ds_actor": closed.datasette.sign({"a": {"id": "an"}}, "actor")}
    try:
        for path in ("/suc-khoe", "/suc-khoe.json"):
            assert closed.ask(path).status_code == 403
            assert closed.run(closed.datasette.client.get(path, cookies=cookies)).status_code == 200
    finally:
        closed.close()


def test_front_page_leads_there(browser: Browser) -> None:
    assert 'href="/suc-khoe"' in browser.get("/").text
    text = browser.get("/suc-khoe").text
    assert "Chưa có lượt thu thập nào" in text  # replays only
    for link in set(re.findall(r'<a href="(/[^"]*)"', text)):
        assert browser.ask(html.unescape(link)).status_code in (200, 302), link


def test_no_archive(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    connection.close()
    made = Browser(tmp_path / "other.db")
    try:
        assert made.ask("/suc-khoe").status_code == made.ask("/suc-khoe.json").status_code == 404
    finally:
        made.close()


def test_every_kind_has_words_in_vietnamese() -> None:
    assert troubles.ISSUES.keys() == KINDS.keys()
    assert troubles.ADVICE.keys() == NEXT.keys()
    assert NEXT.keys() <= troubles.ISSUES.keys() | troubles.SOURCES.keys()
    assert troubles.STATUSES.keys() == set(STATUSES)
    assert troubles.meaning("challenge") == f"{troubles.ISSUES['challenge'][1]} / {KINDS['challenge']}"
    assert troubles.meaning("no_such_kind") is None
