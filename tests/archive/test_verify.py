"""Verify calls a crawled archive clean, finds every turned bit, says where, and repairs without losing text."""

from __future__ import annotations

import gzip
import json
import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from sqlite_utils import Database

from scraper.archive.database import ArchiveDatabase
from scraper.archive.members import members
from scraper.archive.schema import migrations
from scraper.archive.search import refill
from scraper.archive.sums import forget_sums, read_sums, sums_path, write_sums
from tests.archive.conftest import Crawled, scrapy
from tests.archive.damage import dump, execute, lines, mend, query, rot, segments, turn_bit, verify


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


def test_damaged_digests_are_written_anew(copied: Path) -> None:
    sums_path(copied).write_text("{}\n0\n", encoding="ascii")
    assert verify(copied).exit_code == 2
    done = scrapy("verify", "--repair", db=copied)
    assert done.returncode == 0, done.stdout
    assert verify(copied).skipped == []


def test_repair_turns_a_bit_of_the_database_back(copied: Path) -> None:
    whole = copied.read_bytes()
    offset, _ = turn_bit(copied, random.Random(1))
    done = scrapy("verify", "--repair", db=copied)
    assert done.returncode == 0, done.stdout
    assert f"turned back at {offset}" in done.stdout
    assert copied.read_bytes() == whole


def test_a_bit_turned_between_two_crawls_is_found_after_both_and_turned_back(copied: Path) -> None:
    offset, _ = turn_bit(copied, random.Random(3))
    with ArchiveDatabase(copied) as archive, archive.transaction() as db:
        db.execute("UPDATE archive_info SET note = note || '.'")
    assert [finding.offset for finding in verify(copied).findings if finding.check == "sums"] == [offset]
    done = scrapy("verify", "--repair", db=copied)
    assert done.returncode == 0, done.stdout
    assert f"turned back at {offset}" in done.stdout
    assert verify(copied).skipped == []


def test_one_bit_that_another_program_changed_is_not_turned_back(copied: Path) -> None:
    """In WAL mode it leaves SQLite's change counter as it was; the file's time tells."""
    before = query(copied, "SELECT requests FROM crawls WHERE id = 1")
    execute(copied, "UPDATE crawls SET requests = requests + 1 - 2 * (requests % 2) WHERE id = 1")
    after = query(copied, "SELECT requests FROM crawls WHERE id = 1")
    assert before != after
    report = verify(copied, full=False)
    assert report.exit_code == 2, lines(report)
    mend(copied)
    assert query(copied, "SELECT requests FROM crawls WHERE id = 1") == after


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


def test_repair_cuts_a_torn_tail(copied: Path) -> None:
    path = segments(copied)[0]
    size = path.stat().st_size
    with path.open("ab") as stream:
        stream.write(path.read_bytes()[:300])
    quick = verify(copied, full=False)
    assert quick.exit_code == 2
    assert f"at {size}" in lines(quick)
    mend(copied)
    assert path.stat().st_size == size
    assert verify(copied).exit_code == 0


def test_repair_takes_in_a_segment_nobody_knows(copied: Path) -> None:
    path = segments(copied)[1]
    file = path.relative_to(copied.parent).as_posix()
    before = query(copied, f"SELECT record_id, warc_offset FROM captures WHERE warc_file = '{file}'")
    newest = path.with_name(f"{path.name.removesuffix('.warc.gz')}-moved.warc.gz")
    text = query(copied, "SELECT uid, body FROM articles")
    path.rename(newest)
    report = verify(copied)
    assert {finding.check for finding in report.findings if finding.severity == "damage"} >= {"segments"}
    assert "the database does not know this WARC file" in lines(report)
    mend(copied)
    assert query(copied, "SELECT uid, body FROM articles") == text
    found = newest.relative_to(copied.parent).as_posix()
    assert query(copied, f"SELECT record_id, warc_offset FROM captures WHERE warc_file = '{found}' AND outcome IS NULL") == before
    left = verify(copied)
    assert {(finding.check, finding.severity) for finding in left.findings} == {("sqlite", "note"), ("unread", "repairable")}, lines(left)


OTHERS: dict[str, Callable[[bytes], bytes]] = {
    "unpacked": gzip.decompress,
    "packed as a whole": lambda data: gzip.compress(gzip.decompress(data)),
    "packed with zstd": lambda data: zstandard.ZstdCompressor().compress(gzip.decompress(data)),
}


@pytest.mark.parametrize("how", OTHERS)
@pytest.mark.parametrize("known", [True, False])
def test_repair_touches_no_file_that_is_packed_otherwise(copied: Path, how: str, known: bool) -> None:
    path = segments(copied)[0]
    other = OTHERS[how](path.read_bytes())
    path = path if known else path.with_name("cua-nguoi-khac.warc.gz")
    path.write_bytes(other)
    text = query(copied, "SELECT uid, body FROM articles")
    assert ("is not the file that was written" in lines(verify(copied, full=False))) == known
    done = "".join(mend(copied))
    assert f"{path.name}: left alone" in done
    assert path.read_bytes() == other
    assert query(copied, "SELECT count(*) FROM captures WHERE outcome = 'lost'") == [(0,)]
    assert query(copied, "SELECT uid, body FROM articles") == text
    assert verify(copied).exit_code == (1 if known else 2)


def test_captures_that_an_older_database_does_not_know_are_taken_in(copied: Path) -> None:
    path = segments(copied)[0]
    whole = path.read_bytes()
    file = path.relative_to(copied.parent).as_posix()
    offsets = [row[0] for row in query(copied, f"SELECT warc_offset FROM captures WHERE warc_file = '{file}' ORDER BY 1")]
    end = max(member.end for member in members(path) if member.end <= int(str(offsets[-3])) and member.offset in offsets)
    newest = set(query(copied, f"SELECT record_id, url, provenance FROM captures WHERE warc_file = '{file}' AND warc_offset >= {end}"))
    assert len(newest) == 3
    execute(
        copied,
        f"UPDATE captures SET outcome = 'lost', revision_id = NULL WHERE warc_file = '{file}' AND warc_offset >= {end}",
        f"UPDATE segments SET committed_end = {end} WHERE file = '{file}'",
    )
    mend(copied)
    mend(copied)
    assert path.read_bytes() == whole[:end]
    (aside,) = (one for one in segments(copied) if one.name.startswith(path.name.removesuffix(".warc.gz") + f"-{end}-"))
    assert aside.read_bytes() == whole[end:]
    found = aside.relative_to(copied.parent).as_posix()
    assert set(query(copied, f"SELECT record_id, url, provenance FROM captures WHERE warc_file = '{found}' AND outcome IS NULL")) == newest
    left = verify(copied)
    assert {finding.check for finding in left.findings if finding.severity != "note"} == {"unread"}, lines(left)


def test_repair_of_an_orphan_makes_unread_captures(copied: Path) -> None:
    path = segments(copied)[1]
    file = path.relative_to(copied.parent).as_posix()
    key = f"warc_file = '{file}' AND kind = 'response' AND outcome = 'listing'"
    last = query(copied, f"SELECT max(id) FROM captures WHERE {key}")[0][0]
    execute(copied, f"DELETE FROM captures WHERE id = {last}")
    report = verify(copied)
    assert "no row points at this response" in lines(report)
    done = mend(copied)
    assert "1 captures taken in" in "".join(done)
    assert query(copied, f"SELECT count(*) FROM captures WHERE outcome IS NULL AND warc_file = '{file}'") == [(1,)]
    assert verify(copied).exit_code == 2


def test_lost_captures_are_asked_again_and_no_text_goes(copied: Path) -> None:
    path = segments(copied)[0]
    text = query(copied, "SELECT uid, title, body FROM articles")
    revisions = query(copied, "SELECT content_digest FROM revisions")
    os.truncate(path, path.stat().st_size * 2 // 3)
    quick = verify(copied, full=False)
    assert quick.exit_code == 1
    assert "committed bytes" in lines(quick)
    mend(copied)
    report = verify(copied)
    assert report.exit_code == 0, lines(report)
    assert query(copied, "SELECT uid, title, body FROM articles") == text
    assert query(copied, "SELECT content_digest FROM revisions") == revisions
    lost = query(copied, "SELECT count(*) FROM captures WHERE outcome = 'lost'")[0][0]
    again = query(copied, "SELECT count(*) FROM frontier WHERE state = 'todo' AND etag IS NULL")[0][0]
    assert lost >= again > 0
    assert mend(copied) == []


def test_a_damaged_record_counts_as_lost_after_repair(copied: Path) -> None:
    file, offset, length = query(copied, "SELECT warc_file, warc_offset, warc_length FROM captures WHERE outcome = 'new' LIMIT 1")[0]
    path = copied.parent / str(file)
    data = bytearray(path.read_bytes())
    data[int(str(offset)) + int(str(length)) // 2] ^= 16
    path.write_bytes(data)
    assert verify(copied).exit_code == 1
    done = scrapy("verify", "--repair", db=copied)
    assert "1 captures cannot be read and count as lost" in done.stdout
    assert done.returncode == 0, done.stdout
    assert verify(copied).exit_code == 0


def test_search_is_filled_anew_with_the_fold(copied: Path) -> None:
    execute(copied, "INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    assert verify(copied).exit_code == 2
    mend(copied)
    assert verify(copied).exit_code == 0
    with closing(sqlite3.connect(copied, isolation_level=None)) as conn:
        refill(conn)
    forget_sums(copied)
    assert verify(copied).exit_code == 0


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
