"""Verify calls a crawled archive clean, finds every turned bit and every wrong row, and says where."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from sqlite_utils import Database

from scraper.archive.database import ArchiveDatabase
from scraper.archive.schema import migrations
from scraper.archive.sums import forget_sums, read_sums, sums_path, write_sums
from tests.archive.conftest import Crawled, scrapy
from tests.archive.damage import dump, execute, lines, mend, rot, segments, turn_bit, verify


def test_a_crawled_archive_is_clean(crawled: Crawled) -> None:
    for mode in ("--quick", "--full"):
        done = scrapy("verify", mode, "--json", db=crawled.db)
        told = json.loads(done.stdout)
        assert done.returncode == told["exit_code"] == 0, done.stdout
        assert not [finding for finding in told["findings"] if finding["severity"] != "note"]
    assert told["checked"]["captures read again"] > 60
    assert told["checked"]["records"] > 200


def test_clean_without_digests_too(copied: Path) -> None:
    sums_path(copied).unlink()
    report = verify(copied)
    assert report.exit_code == 0, lines(report)
    assert "there are none" in report.skipped[0]


def check_warc_bits(db: Path, number: int) -> None:
    chance = random.Random(16)
    for _ in range(number):
        path = chance.choice(segments(db))
        whole = path.read_bytes()
        offset, _ = turn_bit(path, chance)
        report = verify(db)
        found = [finding for finding in report.findings if finding.severity == "damage" and finding.check == "records"]
        assert report.exit_code == 1, f"{path.name} at {offset}"
        assert found[0].file == path.relative_to(db.parent).as_posix()
        assert found[0].offset is not None and found[0].offset <= offset
        assert found[0].mend
        path.write_bytes(whole)


def check_database_bits(db: Path, number: int) -> None:
    """Every bit that changes a value; and every other one too, as the page has changed."""
    chance = random.Random(16)
    whole, original = db.read_bytes(), dump(db)
    visible = 0
    for _ in range(number):
        offset, bit = turn_bit(db, chance)
        visible += dump(db) != original
        report = verify(db)
        assert report.exit_code == 1, f"{offset}.{bit}"
        assert [finding.offset for finding in report.findings if finding.check == "sums"] == [offset]
        rot(db, whole)
    assert visible > number // 5


def test_every_turned_bit_of_a_segment_is_found(copied: Path) -> None:
    check_warc_bits(copied, 20)


def test_every_turned_bit_of_a_segment_is_found_without_digests(copied: Path) -> None:
    sums_path(copied).unlink()
    check_warc_bits(copied, 8)


def test_every_turned_bit_of_the_database_is_found(copied: Path) -> None:
    check_database_bits(copied, 20)


@pytest.mark.slow
@pytest.mark.parametrize("with_digests", [True, False])
def test_a_hundred_turned_bits_of_segments(copied: Path, *, with_digests: bool) -> None:
    if not with_digests:
        sums_path(copied).unlink()
    check_warc_bits(copied, 100)


@pytest.mark.slow
def test_a_hundred_turned_bits_of_the_database(copied: Path) -> None:
    check_database_bits(copied, 100)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE articles SET title = title || ' ' WHERE id = 3", "articles 3"),
        ("UPDATE articles SET lead = 'Khác.' WHERE id = 3", "the article is not its current revision"),
        ("UPDATE revisions SET body = body || 'x' WHERE id = 3", "its digest"),
        ("UPDATE articles SET evidence = '{}' WHERE id = 4", "evidence is not what capture"),
        ("UPDATE articles SET relevance_words = 'x' WHERE id = 4", "relevance_words is not what capture"),
        ("UPDATE articles SET cite_as = 'x' WHERE id = 4", "cite_as is not what capture"),
        ("UPDATE articles SET first_seen_at = '2020-01-01T00:00:00Z' WHERE id = 4", "no capture was made at first_seen_at"),
        ("UPDATE articles SET gone_at = '2026-11-22T00:00:00Z' WHERE missing_since IS NULL", "missing and gone"),
        ("UPDATE articles SET byline = 'e' || char(768) WHERE id = 4", "byline is no clean text"),
        ("UPDATE articles SET published_at = '2022-02-30', published_raw = 'x' WHERE id = 4", "'2022-02-30' is no date"),
        ("UPDATE attachments SET caption = 'x' WHERE id = 1", "what is attached"),
        ("DELETE FROM attachments WHERE id = 2", "what is attached"),
        ("UPDATE off_topic SET words = 'x' WHERE rowid = 1", "off_topic"),
        ("UPDATE captures SET fetched_at = '2026-11-22T00:00:00Z' WHERE id = 7", "fetched_at is '2026-11-22T00:00:00Z' in the row"),
        ("UPDATE captures SET url = url || 'x' WHERE id = 7", "in the record"),
        ("UPDATE captures SET outcome = 'nwe' WHERE id = 7", "no outcome 'nwe'"),
        ("UPDATE captures SET warc_offset = warc_offset + 1 WHERE id = 7", "middle of this record"),
        ("UPDATE issues SET kind = 'misc'", "no kind of issue 'misc'"),
        ("UPDATE frontier SET etag = 'W/x' WHERE state = 'done'", "no capture was sent with this etag"),
        ("UPDATE frontier SET state = 'done' WHERE state = 'failed'", ""),
        ("UPDATE frontier SET due_at = NULL WHERE state = 'failed'", "has no time to be asked"),
        ("DELETE FROM frontier WHERE article_key = (SELECT article_key FROM articles LIMIT 1)", "not in the frontier"),
        ("UPDATE sections SET completed_at = '2026-13-01T00:00:00Z'", "is no time of ours"),
        ("UPDATE crawls SET requests = 7", "other requests than it has captures"),
        ("UPDATE sources SET publisher = 'x'", "its spider says"),
        ("UPDATE archive_info SET origin = 'live'", "do not fit the archive's origin"),
        ("DROP TRIGGER articles_au", "articles_au is not as this program makes it"),
        ("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')", "other words than the article"),
        ("DELETE FROM articles_fts_docsize WHERE id = 3", "the search index holds"),
    ],
)
def test_a_wrong_row_is_named(copied: Path, statement: str, said: str) -> None:
    execute(copied, statement)
    sums_path(copied).unlink()
    report = verify(copied)
    if said:
        assert report.exit_code in (1, 2)
        assert said in lines(report)


def test_another_programs_write_is_told_from_damage(copied: Path) -> None:
    execute(copied, "CREATE TABLE notes (x)", "DROP TABLE notes")
    report = verify(copied)
    assert report.exit_code == 2, lines(report)
    assert "another program has written" in report.skipped[0]
    assert mend(copied) == []


def test_digests_are_forgotten_while_a_writer_works(copied: Path) -> None:
    forget_sums(copied)
    sums = read_sums(copied)
    assert sums is not None and sums.pages is None and len(sums.segments) == 2
    report = verify(copied)
    assert report.exit_code == 0
    assert "the last writer has not closed" in report.skipped[0]
    write_sums(copied)
    assert verify(copied).skipped == []


@pytest.mark.parametrize(
    ("name", "mend"), [("cua-ai.wacz", "scrapy replay"), ("cua-ai.warc.zst", "scrapy replay"), ("doc.txt", "remove it")]
)
def test_what_lies_among_the_segments_is_named(copied: Path, name: str, mend: str) -> None:
    (copied.parent / "warcs" / "quang_tri" / name).write_bytes(b"x")
    report = verify(copied, full=False)
    assert report.exit_code == 0
    assert [finding.mend[: len(mend)] for finding in report.findings if finding.check == "orphans"] == [mend]


def test_damage_is_never_signed(copied: Path) -> None:
    path = segments(copied)[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    execute(copied, "UPDATE segments SET committed_end = committed_end")
    write_sums(copied)
    sums = read_sums(copied)
    assert sums is not None
    assert verify(copied).exit_code == 1


def test_a_crawl_that_runs_is_named_and_not_disturbed(copied: Path) -> None:
    with ArchiveDatabase(copied) as archive:
        with archive.transaction() as db:
            db.execute("UPDATE captures SET outcome = NULL WHERE id = 5")
        with segments(copied)[0].open("ab") as stream:
            stream.write(b"being written")
        report = verify(copied)
        assert report.exit_code in (0, 1)
        assert "a crawl or another writer holds the archive" in report.skipped[0]
        assert not [finding for finding in report.findings if finding.check in ("segments", "unread") and finding.severity != "note"]
        done = scrapy("verify", "--repair", db=copied)
        assert done.returncode == 3
        assert "is being written by" in done.stderr


def test_a_ruined_database_is_told_and_the_captures_are_still_checked(copied: Path) -> None:
    copied.write_bytes(b"no database" * 1000)
    sums_path(copied).unlink()
    data = bytearray(segments(copied)[0].read_bytes())
    data[5000] ^= 1
    segments(copied)[0].write_bytes(data)
    report = verify(copied)
    assert report.exit_code == 1
    assert {finding.check for finding in report.findings} >= {"sqlite", "records"}


@pytest.mark.parametrize("first_missing", [migration.name for migration in migrations.pending(Database(memory=True))][1:])
def test_an_archive_of_an_older_version_is_not_damaged(tmp_path: Path, first_missing: str) -> None:
    path = tmp_path / "archive.db"
    older = Database(path)
    migrations.apply(older, stop_before=first_missing)
    older.close()
    report = verify(path)
    assert [finding.what for finding in report.findings if finding.severity == "damage"] == []
    assert report.exit_code == 2
    assert any(f"{first_missing}" in finding.what and "not applied yet" in finding.what for finding in report.findings)


def test_an_archive_of_a_newer_version_is_not_judged(copied: Path) -> None:
    newer = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) SELECT migration_set, 'm999', applied_at"
    execute(copied, f"{newer} FROM _sqlite_migrations LIMIT 1")
    done = scrapy("verify", "--full", db=copied)
    assert (done.returncode, done.stdout) == (5, "")
    assert "was written by a newer version (it has m999)" in done.stderr


def test_no_such_archive(tmp_path: Path) -> None:
    done = scrapy("verify", db=tmp_path / "none.db")
    assert done.returncode == 1
    assert "scrapy rebuild" in done.stderr
    assert not list(tmp_path.iterdir())
