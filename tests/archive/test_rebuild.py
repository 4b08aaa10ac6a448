"""The database made anew from the captures alone is the database it replaces, and the next crawl goes on from there."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.database import ArchiveDatabase, ArchiveError, ArchiveHeld
from scraper.archive.rebuild import Rebuilt
from scraper.archive.replacement import rebuild
from scraper.archive.sums import sums_path
from scraper.archive.verify import Verification
from scraper.portal import portals
from tests.archive.conftest import Crawled, scrapy
from tests.archive.damage import execute, query
from tests.archive.test_backup import kill_at, silent
from tests.replica import Replica
from tests.test_demo import crawl

SAME = ("articles", "revisions", "attachments", "off_topic", "captures", "frontier", "section_articles", "issues")


def rows(db: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
        cursor = conn.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def content(db: Path) -> dict[str, list[dict[str, Any]]]:
    return {table: rows(db, table) for table in SAME}


def make(db: Path, *, replace_it: bool = True) -> Rebuilt:
    return rebuild(db, db.parent / "warcs", portals(), silent, replace_it=replace_it)


def test_the_same_from_the_captures_alone(crawled: Crawled, copied: Path) -> None:
    copied.unlink()
    done = scrapy("rebuild", db=copied)
    assert done.returncode == 0, done.stderr
    before, after = content(crawled.db), content(copied)
    for table in SAME:
        assert after[table] == before[table], table
    assert len(after["articles"]) > 40 and len(after["revisions"]) > len(after["articles"])
    assert {row["kind"] for row in after["captures"]} == {"response", "revisit"}
    assert {row["kind"] for row in after["issues"]} == {"http_error", "moved"}
    ours, theirs = ({row["id"]: row for row in rows(db, "sources")} for db in (copied, crawled.db))
    assert ours == theirs
    for row in rows(copied, "segments"):
        assert (row["sealed_at"], row["sha256"]) == (None, None)
    for ours_, theirs_ in zip(rows(copied, "crawls"), rows(crawled.db, "crawls"), strict=True):
        told = ("source_id", "kind", "requests", "listed", "new", "changed", "unchanged", "off_topic", "failed", "issues")
        assert {name: ours_[name] for name in told} == {name: theirs_[name] for name in told}
    report = Verification(copied, portals(), full=True, tell=silent).run()
    assert report.exit_code == 0, report.findings
    assert not [path.name for path in copied.parent.iterdir() if "rebuild" in path.name]


def test_the_next_crawl_asks_nothing_that_is_here(crawled: Crawled, copied: Path) -> None:
    make(copied)
    for portal, sections in (("quang_tri", 2), ("cao_bang_thach_an", 3)):
        crawled.replica.clear_requests(portal)
        crawled.crawl(portal, copied)
        asked = crawled.replica.requests(portal)
        assert len(asked) == sections + 1
        assert [request["status"] for request in asked if request["path"] != "/robots.txt"] == [304] * sections
    sums_path(copied).unlink(missing_ok=True)
    assert Verification(copied, portals(), full=True, tell=silent).run().exit_code == 0


def test_a_walk_cut_off_is_still_cut_off(tmp_path: Path) -> None:
    db = tmp_path / "archive.db"
    portal = "cao_bang_thach_an"
    with Replica(articles=60, portals=(portal,)) as replica:
        assert crawl(replica, portal, db, "-a", "max_pages=1").returncode == 0
        incomplete = [row["url"] for row in rows(db, "sections") if row["completed_at"] is None]
        make(db)
        assert [row["url"] for row in rows(db, "sections") if row["completed_at"] is None] == incomplete != []
        assert crawl(replica, portal, db).returncode == 0
        wanted = {article["key"] for article in replica.truth(portal) if article["on_topic"]}
        assert {row["article_key"] for row in rows(db, "articles")} == wanted


def test_an_archive_that_is_there_is_kept(copied: Path) -> None:
    old = copied.read_bytes()
    with pytest.raises(ArchiveError, match="exists already"):
        make(copied, replace_it=False)
    assert copied.read_bytes() == old
    before = content(copied)
    make(copied)
    kept = copied.with_name("archive.db.before-rebuild")
    assert content(kept) == before == content(copied)


UNTOLD = ("archive_info", "crawls", "jobs", "imports", "listings", "holdings")
HAPPENED = (
    "UPDATE sources SET not_before = '2026-12-24T00:00:00Z' WHERE id = 'quang_tri'",
    "UPDATE archive_info SET created_at = '2024-01-01T00:00:00Z'",
    "UPDATE crawls SET verdict = 'doubtful', code_version = '0.1.0' WHERE id = 1",
    # One that met nobody, of a portal that was never reached, and one of a portal that is declared no more.
    "INSERT INTO sources SELECT 'cao_bang', publisher, place, '', cms, 'http://127.0.0.1:1/', '', NULL, NULL, '', NULL"
    " FROM sources LIMIT 1",
    "INSERT INTO sources SELECT 'da_bo', publisher, place, '', cms, 'http://dabo.gov.vn/', '', NULL, NULL, '', NULL FROM sources LIMIT 1",
    "INSERT INTO crawls (id, source_id, kind, started_at, finished_at, finish_reason, verdict, failed, code_version)"
    " VALUES (40, 'cao_bang', 'crawl', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', 'finished', 'bad', 1, '0.1.0')",
    "INSERT INTO issues VALUES (900, 'unreachable', 'cao_bang', 'http://caobang.gov.vn/', 'x', '2026-01-01T00:00:00Z',"
    " '2026-01-01T00:00:00Z', NULL, '2026-01-01T00:00:00Z')",
    "INSERT INTO issues VALUES (901, 'half_page', 'cao_bang', 'http://caobang.gov.vn/', 'of a reading', '2026-01-01T00:00:00Z',"
    " '2026-01-01T00:00:00Z', NULL, '2026-01-01T00:00:00Z')",
    "INSERT INTO jobs VALUES ('j', 'cao_bang', 40, 'w', '{}')",
    "INSERT INTO imports VALUES ('00', 'j', 1, 0, '2026-01-01T00:00:00Z')",
    "INSERT INTO listings (source_id, archive, scope, pages, not_before)"
    " VALUES ('cao_bang', 'http://kho.vn', 'host:a', 2, '2026-12-24T00:00:00Z')",
    "INSERT INTO holdings SELECT 1, source_id, 'http://kho.vn', 'k', url, 0, fetched_at, 'd', 'p', NULL, 'done', 1, NULL, NULL, id"
    " FROM captures WHERE id = 7",
    "INSERT INTO holdings SELECT 2, 'cao_bang', 'http://kho.vn', 'k', url, 0, fetched_at, 'd', 'p', NULL, 'failed', 2,"
    " '2026-12-24T00:00:00Z', 'why', NULL FROM captures WHERE id = 7",
)


def test_what_no_capture_tells_is_taken_over_from_the_archive_that_is_replaced(copied: Path) -> None:
    execute(copied, *HAPPENED)
    before = {table: rows(copied, table) for table in (*UNTOLD, *SAME)}
    rebuilt = make(copied)
    assert (rebuilt.inherited, rebuilt.reviews, rebuilt.not_again) == (True, 0, 0)
    pauses = {row["id"]: row["not_before"] for row in rows(copied, "sources")}
    assert pauses == {"cao_bang": None, "cao_bang_thach_an": None, "quang_tri": "2026-12-24T00:00:00Z"}
    for table in UNTOLD:
        assert rows(copied, table) == before[table], table
    assert rows(copied, "captures") == before["captures"]
    told = {(row["kind"], row["url"]) for row in before["issues"]} - {("half_page", "http://caobang.gov.vn/")}
    assert {(row["kind"], row["url"]) for row in rows(copied, "issues")} == told
    report = Verification(copied, portals(), full=True, tell=silent).run()
    assert [finding.line() for finding in report.findings if finding.severity != "note"] == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE crawls SET verdict = 'gooe' WHERE id = 1",
        "UPDATE sources SET not_before = '2026-13-24T00:00:00Z' WHERE id = 'quang_tri'",
        "UPDATE holdings SET due_at = NULL",
    ],
)
def test_damage_of_the_archive_that_is_replaced_is_not_taken_over(copied: Path, damage: str) -> None:
    execute(copied, *HAPPENED, damage)
    assert not make(copied).inherited
    assert {row["finish_reason"] for row in rows(copied, "crawls")} == {"rebuilt"}
    assert Verification(copied, portals(), full=True, tell=silent).run().exit_code == 0


def test_of_what_did_not_come_again_no_crawl_or_holding_tells_otherwise(copied: Path) -> None:
    execute(copied, *HAPPENED)
    victim = next(row for row in rows(copied, "captures") if row["id"] == 7)
    path = copied.parent / victim["warc_file"]
    data = bytearray(path.read_bytes())
    data[victim["warc_offset"] + victim["warc_length"] // 2] ^= 8
    path.write_bytes(data)
    assert len(make(copied).damaged) == 1
    assert [(row["state"], row["capture_id"]) for row in rows(copied, "holdings")] == [("todo", None), ("failed", None)]
    report = Verification(copied, portals(), full=True, tell=silent).run()
    assert [finding.line() for finding in report.findings if finding.severity != "note" and finding.check != "records"] == []


def test_an_archive_of_a_newer_version_is_not_replaced(copied: Path) -> None:
    with closing(sqlite3.connect(copied)) as conn, conn:
        known = "SELECT migration_set, 'm999', applied_at FROM _sqlite_migrations LIMIT 1"
        conn.execute(f"INSERT INTO _sqlite_migrations (migration_set, name, applied_at) {known}")
    done = scrapy("rebuild", "--replace", db=copied)
    assert done.returncode == 5, done.stderr
    assert "newer version" in done.stderr
    assert not copied.with_name("archive.db.before-rebuild").exists()


def test_a_ruined_archive_is_replaced(crawled: Crawled, copied: Path) -> None:
    copied.write_bytes(b"ruined" * 5000)
    assert not make(copied).inherited
    assert content(copied) == content(crawled.db)
    assert copied.with_name("archive.db.before-rebuild").read_bytes().startswith(b"ruined")


def test_elsewhere_it_writes_nothing_to_the_segments(crawled: Crawled, tmp_path: Path) -> None:
    new = tmp_path / "mới" / "archive.db"
    done = scrapy("rebuild", "--db", str(new), "--from", str(crawled.db.parent), db=tmp_path / "none.db")
    assert done.returncode == 0, done.stderr
    segments = rows(new, "segments")
    assert all(row["sealed_at"] and row["sha256"] for row in segments)
    assert all((new.parent / row["file"]).is_file() for row in segments)
    assert [row["content_digest"] for row in rows(new, "revisions")] == [row["content_digest"] for row in rows(crawled.db, "revisions")]


def test_what_is_damaged_is_named_and_the_rest_is_read(crawled: Crawled, copied: Path) -> None:
    captures = {row["id"]: row for row in rows(copied, "captures")}
    # One that was edited, or met at a twin's address too, has another capture to come back from.
    once = query(
        copied,
        "SELECT min(c.id) FROM captures c JOIN revisions r ON r.id = c.revision_id"
        " GROUP BY r.article_id HAVING count(*) = 1 ORDER BY r.article_id LIMIT 1",
    )
    victim = captures[once[0][0]]
    path = copied.parent / victim["warc_file"]
    data = bytearray(path.read_bytes())
    data[victim["warc_offset"] + victim["warc_length"] // 2] ^= 8
    path.write_bytes(data + data[:300])
    shutil.copytree(copied.parent / "warcs" / "quang_tri", copied.parent / "warcs" / "khong_khai_bao")
    done = scrapy("rebuild", "--replace", db=copied)
    assert done.returncode == 1, done.stderr
    assert f"at {victim['warc_offset']}" in done.stdout
    assert "khong_khai_bao" in done.stdout
    assert "1 articles of the archive that was replaced did not come again" in done.stdout
    lost = {row["uid"] for row in rows(crawled.db, "articles")} - {row["uid"] for row in rows(copied, "articles")}
    assert len(lost) == 1
    assert next(row for row in rows(copied, "segments") if row["file"] == victim["warc_file"])["committed_end"] == len(data)


def test_captures_on_another_disk_behind_a_link_are_where_they_were(copied: Path, tmp_path: Path) -> None:
    away = tmp_path / "dia-lon"
    copied.with_name("warcs").rename(away)
    copied.with_name("warcs").symlink_to(away)
    before = {row["file"] for row in rows(copied, "segments")}
    make(copied)
    assert {row["file"] for row in rows(copied, "segments")} == before
    assert {row["sealed_at"] for row in rows(copied, "segments")} == {None}
    assert Verification(copied, portals(), full=False, tell=silent).run().exit_code == 0


def test_copies_of_records_are_taken_once(crawled: Crawled, copied: Path) -> None:
    path = next((copied.parent / "warcs" / "quang_tri").iterdir())
    shutil.copy(path, path.with_name(f"ban-sao-{path.name}"))
    rebuilt = make(copied)
    assert rebuilt.copies > 60
    assert {row["record_id"] for row in rows(copied, "captures")} == {row["record_id"] for row in rows(crawled.db, "captures")}
    articles = {row["uid"]: row["body_digest"] for row in rows(copied, "articles")}
    assert articles == {row["uid"]: row["body_digest"] for row in rows(crawled.db, "articles")}


def test_a_crawl_that_runs_is_not_disturbed(copied: Path) -> None:
    with ArchiveDatabase(copied), pytest.raises(ArchiveHeld):
        make(copied)


def test_no_captures(tmp_path: Path) -> None:
    done = scrapy("rebuild", db=tmp_path / "archive.db")
    assert done.returncode == 2
    assert "there are no captures" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("each", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_any_step_the_old_or_the_new_is_there(crawled: Crawled, copied: Path, each: int) -> None:
    wanted = content(crawled.db)
    count = 0
    while kill_at(count := count + each, lambda: make(copied)):
        assert copied.exists(), f"step {count}"
        assert content(copied) == wanted, f"step {count}"
    assert count > 12
    make(copied)
    assert content(copied) == wanted
    assert not [path.name for path in copied.parent.iterdir() if path.name.endswith((".rebuild", ".partial", ".rebuild-wal"))]
    assert Verification(copied, portals(), full=True, tell=silent).run().exit_code == 0
