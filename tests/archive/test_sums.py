"""The digests of archive.db's pages: a writer's end digests what was written, and comes to what all of them anew would be."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scraper.archive import changed
from scraper.archive import sums as module
from scraper.archive.database import ArchiveDatabase
from scraper.archive.sums import changed_pages, read_sums, sums_path, write_sums


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """An archive of some thousand pages, closed by its writer."""
    path = tmp_path / "kho tin" / "archive.db"
    path.parent.mkdir()
    with ArchiveDatabase(path) as archive, archive.transaction() as opened:
        archive.claim_origin("live")
        opened.execute("CREATE TABLE filler (id INTEGER PRIMARY KEY, text BLOB)")
        opened.conn.executemany("INSERT INTO filler (text) VALUES (?)", ((random.Random(n).randbytes(1500),) for n in range(3000)))
    assert path.stat().st_size > 4_000_000
    return path


@pytest.fixture
def digested(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry a page that is digested."""
    read: list[int] = []
    digest = module._digest

    def counted(page: bytes | bytearray) -> bytes:
        read.append(len(page))
        return digest(page)

    monkeypatch.setattr(module, "_digest", counted)
    return read


def write(archive: ArchiveDatabase, chance: random.Random, rows: int) -> None:
    with archive.transaction() as opened:
        for _ in range(rows):
            number = chance.randrange(1, 3000)
            opened.execute("UPDATE filler SET text = ? WHERE id = ?", (chance.randbytes(chance.randrange(3000)), number))


def fail_late(archive: ArchiveDatabase, share: int) -> None:
    with archive.transaction() as opened:
        opened.execute("UPDATE filler SET text = zeroblob(1400) WHERE id % 30 = ?", (share,))
        opened.execute("INSERT INTO filler (id) VALUES ('no number')")


def turn_a_bit(db: Path, number: int) -> None:
    """Of a page, and leave no time behind, as rot does."""
    status = db.stat()
    with db.open("r+b") as stream:
        stream.seek((number - 1) * 4096 + 2000)
        byte = stream.read(1)[0]
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte ^ 8]))
    os.utime(db, ns=(status.st_atime_ns, status.st_mtime_ns))


def check_whole(path: Path) -> None:
    """What was stored is what digesting every page gives."""
    stored = read_sums(path)
    assert stored is not None
    assert stored.pages is not None
    sums_path(path).unlink()
    write_sums(path)
    anew = read_sums(path)
    assert anew is not None
    assert stored.page_count == path.stat().st_size // 4096
    assert [number for number in range(1, anew.page_count + 1) if anew.page(number) != stored.page(number)] == []
    assert stored == anew


def test_a_small_change_digests_few_pages(db: Path, digested: list[int]) -> None:
    with ArchiveDatabase(db) as archive:
        write(archive, random.Random(1), 3)
    assert 0 < len(digested) < 20
    check_whole(db)


def test_an_opening_that_writes_nothing_digests_next_to_nothing(db: Path, digested: list[int]) -> None:
    with ArchiveDatabase(db):
        pass
    assert len(digested) <= 1
    check_whole(db)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_written_is_digested_whatever_the_log_does(
    db: Path, seed: int, digested: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changed, "FOLDED_AT", 40)
    chance = random.Random(seed)
    readers: list[sqlite3.Connection] = []
    for _ in range(3):
        digested.clear()
        with ArchiveDatabase(db) as archive:
            archive.conn.execute("PRAGMA cache_size = 20")  # long transactions reach the log before they are committed
            for _ in range(20):
                match chance.randrange(7):
                    case 0 | 1 | 2:
                        write(archive, chance, chance.randrange(1, 6))
                    case 3:  # rolled back after it reached the log
                        with pytest.raises(sqlite3.IntegrityError):
                            fail_late(archive, chance.randrange(30))
                    case 4:
                        with archive.transaction() as opened:
                            opened.execute("DELETE FROM filler WHERE id > (SELECT max(id) - 5 FROM filler)")
                    case 5:  # a reader holds the log where it is
                        reader = sqlite3.connect(f"file:{db}?mode=ro", uri=True, isolation_level=None)
                        reader.execute("BEGIN")
                        reader.execute("SELECT count(*) FROM filler").fetchone()
                        readers.append(reader)
                    case _:
                        while readers:
                            readers.pop().close()
            while readers:
                readers.pop().close()
        assert 0 < len(digested) < 600  # of 1,500: never all of them
        check_whole(db)


def test_the_file_is_made_smaller(db: Path) -> None:
    with ArchiveDatabase(db) as archive:
        with archive.transaction() as opened:
            opened.execute("DELETE FROM filler WHERE id % 3 = 0")
        archive.conn.execute("VACUUM")
    check_whole(db)


def test_the_log_begins_anew_many_times(db: Path, digested: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed, "FOLDED_AT", 100)
    chance = random.Random(3)
    with ArchiveDatabase(db) as archive:
        for _ in range(300):
            with archive.transaction() as opened:
                opened.execute("UPDATE filler SET text = ? WHERE id = ?", (chance.randbytes(1500), chance.randrange(100, 200)))
        assert db.with_name("archive.db-wal").stat().st_size < 600_000  # it was folded in on the way
    assert 40 < len(digested) < 200
    check_whole(db)


@pytest.fixture
def other(db: Path) -> Iterator[sqlite3.Connection]:
    """Another program's connection."""
    with closing(sqlite3.connect(db, isolation_level=None, timeout=0, check_same_thread=False)) as conn:
        yield conn


@pytest.mark.parametrize("how", ["PASSIVE", "RESTART", "TRUNCATE"])
@pytest.mark.parametrize("again", [True, False])
def test_another_program_that_folds_in_is_noticed(db: Path, other: sqlite3.Connection, how: str, again: bool) -> None:
    """Our pages or its own may never have been seen: all are digested."""
    with ArchiveDatabase(db) as archive:
        write(archive, random.Random(1), 3)
        assert other.execute(f"PRAGMA wal_checkpoint({how})").fetchone()[0] == 0
        if again:
            write(archive, random.Random(2), 1)
    check_whole(db)


@pytest.mark.parametrize("how", ["PASSIVE", "RESTART", "TRUNCATE"])
@pytest.mark.parametrize(("before", "after"), [(True, True), (True, False), (False, True), (False, False)])
def test_another_program_that_writes_and_folds_in_is_noticed(
    db: Path, other: sqlite3.Connection, digested: list[int], how: str, before: bool, after: bool
) -> None:
    with ArchiveDatabase(db) as archive:
        if before:
            write(archive, random.Random(1), 1)
        other.execute("UPDATE filler SET text = zeroblob(1400) WHERE id = 1700")
        assert other.execute(f"PRAGMA wal_checkpoint({how})").fetchone()[0] == 0
        if after:
            write(archive, random.Random(2), 1)
    assert len(digested) > 1000
    check_whole(db)


def test_another_program_in_the_middle_of_a_transaction_at_our_end(db: Path, other: sqlite3.Connection, digested: list[int]) -> None:
    with ArchiveDatabase(db) as archive:
        write(archive, random.Random(1), 1)
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE filler SET text = zeroblob(1400) WHERE id = 1700")
        committed = threading.Timer(0.3, other.execute, ("COMMIT",))
        committed.start()
    committed.join()
    assert len(digested) > 1000
    check_whole(db)


def test_what_could_not_be_written_is_not_taken_for_a_commit(db: Path) -> None:
    """A full disk leaves the header of a commit's frame behind the end of the log; shorter transactions come to stand before it."""
    with ArchiveDatabase(db) as archive:
        write(archive, random.Random(1), 1)
        with db.with_name("archive.db-wal").open("r+b") as log:
            header = log.read(32)
            for position in range(20, 40):
                log.seek(32 + position * 4120)
                log.write((900).to_bytes(4, "big") + (1600).to_bytes(4, "big") + header[16:24])
        for number in range(2, 30):
            write(archive, random.Random(number), 1)
    check_whole(db)


def test_a_step_within_a_transaction_that_is_rolled_back(db: Path) -> None:
    with ArchiveDatabase(db) as archive:
        archive.conn.execute("PRAGMA cache_size = 10")
        for number in range(10):
            with archive.transaction():
                write(archive, random.Random(number), 30)
                with pytest.raises(sqlite3.IntegrityError):
                    fail_late(archive, number)
                write(archive, random.Random(-number), 10)
    check_whole(db)


def test_a_log_that_cannot_be_read_costs_no_transaction(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: int) -> bytes:
        raise OSError(5, "Input/output error")

    with ArchiveDatabase(db) as archive:
        monkeypatch.setattr(changed.os, "pread", refuse)
        write(archive, random.Random(1), 3)
        monkeypatch.undo()
        write(archive, random.Random(2), 3)
    check_whole(db)


@pytest.mark.parametrize("between", ["written", "touched", "cut", "copied back"])
def test_digests_of_another_state_are_not_taken_along(db: Path, digested: list[int], between: str) -> None:
    if between == "written":
        with closing(sqlite3.connect(db, isolation_level=None)) as other:
            other.execute("UPDATE filler SET text = zeroblob(1400) WHERE id = 17")
    elif between == "touched":
        os.utime(db)
    elif between == "cut":
        with closing(sqlite3.connect(db, isolation_level=None)) as other:
            other.execute("DELETE FROM filler WHERE id > 2000")
            other.execute("VACUUM")
    else:
        db.write_bytes(db.read_bytes())
    with ArchiveDatabase(db):
        pass
    assert len(digested) > 500
    check_whole(db)


def test_a_program_that_only_reads_changes_no_state(db: Path, digested: list[int]) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("SELECT count(*) FROM filler").fetchone()
    with ArchiveDatabase(db):
        pass
    assert len(digested) <= 1


def test_after_a_killed_writer_all_is_digested(db: Path, digested: list[int]) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from scraper.archive.database import ArchiveDatabase\n"
        "archive = ArchiveDatabase(Path(sys.argv[1]))\n"
        "with archive.transaction() as db: db.execute('DELETE FROM filler WHERE id = 9')\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(db)], check=False, timeout=60).returncode == -signal.SIGKILL
    with ArchiveDatabase(db):
        pass
    assert len(digested) > 1000
    check_whole(db)


def test_a_reader_that_holds_the_log_at_the_end_leaves_no_digests(db: Path, digested: list[int]) -> None:
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True, isolation_level=None)) as reader:
        with ArchiveDatabase(db) as archive:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM filler").fetchone()
            write(archive, random.Random(1), 3)
            archive.conn.execute("PRAGMA busy_timeout = 50")
        stored = read_sums(db)
        assert stored is not None
        assert stored.pages is None
    with ArchiveDatabase(db):
        pass
    assert len(digested) > 1000
    check_whole(db)


def test_a_bit_turned_in_a_page_nobody_writes_is_never_signed(db: Path) -> None:
    number = 900
    turn_a_bit(db, number)
    for _ in range(2):
        with ArchiveDatabase(db) as archive, archive.transaction() as opened:
            opened.execute("INSERT INTO filler (text) VALUES (zeroblob(1400))")
        stored = read_sums(db)
        assert stored is not None
        assert changed_pages(db, stored) == [number]


def test_digests_of_an_earlier_version_are_taken_anew(db: Path) -> None:
    """They were base64 within the JSON; what they say of segments is kept."""
    text = '{"change_counter": 3, "page_size": 4096, "pages": "AAAA", "segments": {"warcs/a.warc.gz": [3, "ab"]}}'
    sums_path(db).write_text(f"{text}\n{hashlib.sha256(text.encode()).hexdigest()}\n", encoding="ascii")
    stored = read_sums(db)
    assert stored is not None
    assert stored.pages is None
    assert stored.segments == {"warcs/a.warc.gz": (3, "ab")}


@pytest.mark.parametrize("offset", [5, 200, 5000])
def test_a_turned_bit_of_the_digests_is_noticed(db: Path, offset: int) -> None:
    data = bytearray(sums_path(db).read_bytes())
    data[offset] ^= 4
    sums_path(db).write_bytes(data)
    with pytest.raises(ValueError, match="is damaged"):
        read_sums(db)
