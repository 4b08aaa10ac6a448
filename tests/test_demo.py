"""Both replica portals crawled over HTTP by the real command: every field equals the replica's truth; nothing twice."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from scraper.archive.warc_reader import read_records
from tests import warm
from tests.replica import Replica

PORTALS = ("quang_tri", "cao_bang_thach_an")


def scrapy(*arguments: str, archive: Path) -> subprocess.CompletedProcess[str]:
    return warm.scrapy(*arguments, "-s", f"ARCHIVE_DB={archive}")


def crawl(replica: Replica, portal: str, archive: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return scrapy("crawl", portal, "-a", f"base_url={replica.urls[portal]}", *arguments, archive=archive)


def rows(archive: Path, sql: str, *values: object) -> list[sqlite3.Row]:
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def squashed(text: str | None) -> str | None:
    return re.sub(r"\s+", " ", text).strip() if text is not None else None


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica() as running:
        yield running


@pytest.fixture(scope="module")
def crawled(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("thư mục có dấu") / "archive.db"
    for portal in PORTALS:
        done = crawl(replica, portal, archive)
        assert done.returncode == 0, done.stderr
        assert "good" in done.stdout
    return archive


@pytest.mark.parametrize("portal", PORTALS)
def test_archive_equals_truth(replica: Replica, crawled: Path, portal: str) -> None:
    truth = replica.truth(portal)
    wanted = {article["key"]: article for article in truth if article["on_topic"]}
    stored = {row["article_key"]: row for row in rows(crawled, "SELECT * FROM articles WHERE source_id = ?", portal)}
    assert stored.keys() == wanted.keys()
    off_topic = {row["article_key"] for row in rows(crawled, "SELECT article_key FROM off_topic WHERE source_id = ?", portal)}
    assert off_topic == {article["key"] for article in truth} - wanted.keys()
    for key, article in wanted.items():
        row = stored[key]
        assert row["title"] == squashed(article["title"])
        assert squashed(row["lead"]) == squashed(article["lead"]), key
        assert squashed(row["body"]) == squashed("\n".join(article["paragraphs"])), key
        assert row["byline"] == article["byline"], key
        assert row["published_at"] == article["published_at"], key
        assert row["published_precision"] == article["precision"]
        assert (row["published_raw"] or "") in (article["published_raw"] or "")
        assert bool(row["published_raw"]) == bool(article["published_raw"])
        assert row["uid"] == f"{portal}-{key}"
        attached = rows(crawled, "SELECT kind, caption, url FROM attachments WHERE article_id = ? ORDER BY position", row["id"])
        assert [urlsplit(a["url"]).path for a in attached if a["kind"] == "image"] == article["images"]
        assert [urlsplit(a["url"]).path for a in attached if a["kind"] == "document"] == article["attachments"]
        assert [a["caption"] for a in attached if a["kind"] == "image" and a["caption"]] == article["captions"]


def test_no_trouble_and_one_capture_an_article(replica: Replica, crawled: Path) -> None:
    assert rows(crawled, "SELECT * FROM issues") == []
    for portal in PORTALS:
        asked = [request["path"] for request in replica.requests(portal)]
        assert len(asked) == len(set(asked)), "an address was asked twice"
        articles = len(replica.truth(portal))
        captures = rows(crawled, "SELECT * FROM captures WHERE source_id = ?", portal)
        assert len(captures) == len(asked) < articles * 1.15
        assert asked[0] == "/robots.txt"
        agents = {request["headers"]["user-agent"] for request in replica.requests(portal)}
        assert len(agents) == 1
        assert agents.pop().startswith("khuyen-hoc-archive/")
        assert not any("cookie" in request["headers"] or "referer" in request["headers"] for request in replica.requests(portal))


def test_citation_goes_with_every_row(crawled: Path) -> None:
    wording = "Trang thông tin điện tử huyện Thạch An (hoặc https://thachan.caobang.gov.vn)"
    cited = rows(crawled, "SELECT title, url, cite_as, published_at FROM articles WHERE source_id = 'cao_bang_thach_an'")
    assert cited
    for row in cited:
        assert wording in row["cite_as"]
        assert row["title"] in row["cite_as"]
        assert row["url"] in row["cite_as"]
    assert any("không rõ ngày đăng" in row["cite_as"] for row in cited)


def test_every_row_is_proved_by_a_capture(crawled: Path) -> None:
    found = {}
    for file in (crawled.parent / "warcs").rglob("*.warc.gz"):
        for record in read_records(file):
            assert record.payload_digest.startswith("sha256:")
            found[(file.relative_to(crawled.parent).as_posix(), record.offset)] = record
    for row in rows(crawled, "SELECT * FROM captures"):
        record = found.pop((row["warc_file"], row["warc_offset"]))
        assert (record.record_id, record.length, record.payload_digest) == (row["record_id"], row["warc_length"], row["payload_digest"])
        assert record.capture is not None
        assert (record.capture.url, record.capture.status, record.capture.fetched_at) == (row["url"], row["status"], row["fetched_at"])
    assert not found, "a record without its row"
    unproved = "SELECT count(*) n FROM articles a LEFT JOIN captures c ON c.id = a.capture_id AND c.status = 200 WHERE c.id IS NULL"
    assert rows(crawled, unproved)[0]["n"] == 0


CONTENT = ("articles", "revisions", "attachments", "off_topic", "issues", "sections", "section_articles", "sources", "segments")


def content(archive: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything but the record of the crawls themselves and what says when we last looked."""
    out = {}
    for table in CONTENT:
        ignored = {"last_seen_at", "current_as_of", "last_walked_at", "completed_at", "committed_end"}
        out[table] = [
            tuple(value for key, value in zip(row.keys(), row, strict=True) if key not in ignored)
            for row in rows(archive, f"SELECT * FROM {table}")
        ]
    return out


def test_second_crawl_adds_no_row(replica: Replica, crawled: Path) -> None:
    before = content(crawled)
    for portal in PORTALS:
        replica.clear_requests(portal)
        done = crawl(replica, portal, crawled)
        assert done.returncode == 0, done.stderr
        asked = replica.requests(portal)
        sections = rows(crawled, "SELECT count(*) n FROM sections WHERE source_id = ?", portal)[0]["n"]
        assert len(asked) <= sections + 1
        assert {request["status"] for request in asked if request["path"] != "/robots.txt"} == {304}
    assert content(crawled) == before


def test_live_crawl_refuses_the_demo_archive(crawled: Path) -> None:
    done = scrapy("crawl", "quang_tri", "-s", "CONTACT=nobody@example.org", archive=crawled)
    assert done.returncode == 4
    assert "demo" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["crawl", "quang_tri"], "KHUYEN_HOC_CONTACT"),
        (["crawl", "ha_noi_so_tttt"], "scrapy replay"),
        (["crawl", "khong_co"], "scrapy list"),
        (["crawl", "quang_tri", "-a", "base_url=nowhere"], "base_url"),
        (["crawl", "quang_tri", "-a", "since=hôm qua", "-a", "base_url=http://127.0.0.1:9"], "since"),
        (["replay", "ha_noi_so_tttt", "khong_co.warc.gz"], "khong_co.warc.gz"),
    ],
)
def test_bad_input_says_what_and_how_to_mend(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = scrapy(*arguments, archive=tmp_path / "archive.db")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_edits_new_articles_and_loss(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with Replica(articles=40) as replica:
        portal = "quang_tri"
        assert crawl(replica, portal, archive).returncode == 0
        first = {row["article_key"]: row for row in rows(archive, "SELECT * FROM articles")}
        new = replica.control(portal, "add", n=3)
        replica.clear_requests(portal)
        assert crawl(replica, portal, archive).returncode == 0
        stored = {row["article_key"]: row for row in rows(archive, "SELECT * FROM articles")}
        assert stored.keys() - first.keys() == set(new)
        pages = [request["path"] for request in replica.requests(portal) if "view-article" in request["path"]]
        assert len(pages) == len(new)

        replica.control(portal, "maintenance", on=True)
        done = crawl(replica, portal, archive)
        assert done.returncode == 1
        assert "bad" in done.stdout
        assert [row["kind"] for row in rows(archive, "SELECT DISTINCT kind FROM issues WHERE closed_at IS NULL")] == ["maintenance"]
        after = {row["article_key"]: row["body"] for row in rows(archive, "SELECT * FROM articles")}
        assert after == {key: row["body"] for key, row in stored.items()}
        replica.control(portal, "maintenance", on=False)
        assert crawl(replica, portal, archive).returncode == 0
        assert rows(archive, "SELECT * FROM issues WHERE closed_at IS NULL") == []


def test_due_articles_are_asked_conditionally(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with Replica(articles=40) as replica:
        portal = "quang_tri"
        assert crawl(replica, portal, archive).returncode == 0
        kept = [row["article_key"] for row in rows(archive, "SELECT article_key FROM articles ORDER BY article_key LIMIT 10")]
        edited = kept[:2]
        for key in edited:
            replica.control(portal, "edit", key=key, paragraph="Ban Chấp hành Hội Khuyến học xã vừa bổ sung số liệu quý IV.")
        new = replica.control(portal, "add", n=3)
        with sqlite3.connect(archive) as connection:  # the day has come on which ten of them are looked at again
            slots = ", ".join("?" for _ in kept)
            connection.execute(f"UPDATE frontier SET due_at = '2026-01-01T00:00:00Z' WHERE article_key IN ({slots})", kept)
        connection.close()
        revisions = rows(archive, "SELECT count(*) n FROM revisions")[0]["n"]
        replica.clear_requests(portal)
        assert crawl(replica, portal, archive).returncode == 0
        pages = [request for request in replica.requests(portal) if "view-article" in request["path"]]
        fetched = {request["path"].rpartition("/")[2] for request in pages if request["status"] == 200}
        assert fetched == {*edited, *new}
        assert sum(request["status"] == 304 for request in pages) == 8
        assert rows(archive, "SELECT count(*) n FROM revisions")[0]["n"] == revisions + 5
        history = rows(archive, "SELECT count(*) n, article_id FROM revisions GROUP BY article_id HAVING n > 1")
        assert [row["n"] for row in history] == [2, 2]
        kinds = rows(archive, "SELECT kind, count(*) n FROM captures WHERE status = 304 GROUP BY kind")
        assert [row["kind"] for row in kinds] == ["revisit"]


def test_gone_articles_stay_readable(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with Replica(articles=40) as replica:
        portal = "cao_bang_thach_an"
        assert crawl(replica, portal, archive).returncode == 0
        before = {row["article_key"]: row["body"] for row in rows(archive, "SELECT article_key, body FROM articles")}
        withdrawn, lost, home, *_ = sorted(before)
        replica.control(portal, "delete", key=withdrawn, status=410)
        replica.control(portal, "delete", key=lost, status=404)
        replica.control(portal, "redirect_home", key=home)
        for look, shift in enumerate(("", "-3 days", "-8 days")):
            with sqlite3.connect(archive) as connection:
                connection.execute(
                    "UPDATE frontier SET due_at = '2026-01-01T00:00:00Z' WHERE article_key IN (?, ?, ?)", (withdrawn, lost, home)
                )
                if shift:
                    connection.execute("UPDATE articles SET missing_since = strftime('%Y-%m-%dT%H:%M:%SZ', missing_since, ?)", (shift,))
            connection.close()
            crawl(replica, portal, archive)
            state = {row["article_key"]: row for row in rows(archive, "SELECT article_key, missing_looks, gone_at FROM articles")}
            assert state[withdrawn]["gone_at"]
            assert state[lost]["missing_looks"] == state[home]["missing_looks"] == look + 1
            assert bool(state[lost]["gone_at"]) == bool(state[home]["gone_at"]) == (look == 2)
        assert {row["article_key"]: row["body"] for row in rows(archive, "SELECT article_key, body FROM articles")} == before


@pytest.mark.parametrize("portal", PORTALS)
def test_a_server_that_leads_to_addresses_with_a_session(tmp_path: Path, portal: str) -> None:
    """As Java servers do where no cookie is kept: each is the page that was asked for, and the session no part of its address."""
    archive, again = tmp_path / "archive.db", tmp_path / "again.db"
    tables = ("SELECT count(*) FROM section_articles", "SELECT url, title, completed_at IS NULL FROM sections ORDER BY url")
    with Replica(articles=30, portals=(portal,)) as replica:
        replica.control(portal, "sessions")
        assert crawl(replica, portal, archive).returncode == 0
        wanted = {article["key"] for article in replica.truth(portal) if article["on_topic"]}
    assert {row["article_key"] for row in rows(archive, "SELECT article_key FROM articles")} == wanted
    assert not rows(archive, "SELECT * FROM issues")
    for table in ("articles", "frontier", "attachments"):
        assert not rows(archive, f"SELECT url FROM {table} WHERE url LIKE '%jsessionid%'")
    assert rows(archive, "SELECT count(*) n FROM captures WHERE url LIKE '%jsessionid%'")[0]["n"] > 30
    for command, file in ((("rebuild",), again), (("verify", "--full"), archive), (("verify", "--full"), again)):
        done = scrapy(*command, archive=file)
        assert done.returncode == 0, done.stdout + done.stderr
    for sql in tables:
        assert [tuple(row) for row in rows(again, sql)] == [tuple(row) for row in rows(archive, sql)]


def test_a_walk_cut_off_is_gone_on_with(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with Replica(articles=60) as replica:
        portal = "cao_bang_thach_an"
        assert crawl(replica, portal, archive, "-a", "max_pages=1").returncode == 0
        assert rows(archive, "SELECT * FROM sections WHERE completed_at IS NOT NULL AND url LIKE '%van-hoaxa-hoi'") == []
        assert {row["kind"] for row in rows(archive, "SELECT kind FROM issues")} == {"listing_capped"}
        assert crawl(replica, portal, archive).returncode == 0
        wanted = {article["key"] for article in replica.truth(portal) if article["on_topic"]}
        assert {row["article_key"] for row in rows(archive, "SELECT article_key FROM articles")} == wanted


def test_since_asks_for_nothing_older(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with Replica(articles=60) as replica:
        portal = "quang_tri"
        assert crawl(replica, portal, archive, "-a", "since=2024-06-01").returncode == 0
        wanted = {a["key"] for a in replica.truth(portal) if a["on_topic"] and a["published_at"] >= "2024-06-01"}
        assert {row["article_key"] for row in rows(archive, "SELECT article_key FROM articles")} == wanted
        assert crawl(replica, portal, archive).returncode == 0
        wanted = {a["key"] for a in replica.truth(portal) if a["on_topic"]}
        assert {row["article_key"] for row in rows(archive, "SELECT article_key FROM articles")} == wanted
