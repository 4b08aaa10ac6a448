"""Repair mends what can be mended and loses no text: bits, tails, segments and rows that do not know each other, search, digests."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from scraper.archive.database import ArchiveDatabase
from scraper.archive.members import members
from scraper.archive.search import refill
from scraper.archive.sums import forget_sums, sums_path, write_sums
from tests.archive.conftest import scrapy
from tests.archive.damage import execute, lines, mend, query, rot, segments, turn_bit, verify


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


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("where", ["the first record", "a request", "a packing"])
def test_what_no_row_tells_of_is_accepted_and_stays_so(copied: Path, sealed: bool, where: str) -> None:
    file, offset, length = query(copied, "SELECT warc_file, warc_offset, warc_length FROM captures WHERE outcome = 'new' LIMIT 1")[0]
    path = copied.parent / str(file)
    begin, end = int(str(offset)), int(str(offset)) + int(str(length))
    if sealed:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        execute(copied, f"UPDATE segments SET sealed_at = opened_at, sha256 = '{digest}' WHERE file = '{file}'")
        write_sums(copied)
    elif where == "a packing":
        sums_path(copied).unlink()
    data = bytearray(path.read_bytes())
    place = {"the first record": 100, "a request": begin - 20, "a packing": begin + 8}[where]
    data[place] ^= 1
    rot(path, data)
    before = {table: query(copied, f"SELECT * FROM {table}") for table in ("captures", "articles", "revisions", "frontier")}
    assert verify(copied).exit_code == 1
    done = scrapy("verify", "--repair", db=copied)
    assert ("digested anew" if where == "a packing" else "given up") in done.stdout
    assert done.returncode == 0, done.stdout
    assert {table: query(copied, f"SELECT * FROM {table}") for table in before} == before
    assert query(copied, "SELECT count(*) FROM issues WHERE kind = 'warc_unreadable' AND closed_at IS NULL") == [(0,)]
    data[end - 20] ^= 1
    rot(path, data)
    assert verify(copied).exit_code == 1, "what is damaged later is told"


def test_search_is_filled_anew_with_the_fold(copied: Path) -> None:
    execute(copied, "INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    assert verify(copied).exit_code == 2
    mend(copied)
    assert verify(copied).exit_code == 0
    with closing(sqlite3.connect(copied, isolation_level=None)) as conn:
        refill(conn)
    forget_sums(copied)
    assert verify(copied).exit_code == 0
