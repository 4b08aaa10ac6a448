"""One writer at a time, demo and live apart, newer files refused untouched, transactions whole."""

from __future__ import annotations

import gc
import os
import re
import signal
import sqlite3
import subprocess
import sys
import textwrap
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.database import ArchiveDatabase, ArchiveError, ArchiveHeld, ArchiveNewer, OriginMixed
from scraper.archive.schema import m009_addresses_of_files, m010_citations_without_a_day
from tests.web.archive import build_archive

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
    import sys, time
    from pathlib import Path
    from scraper.archive.database import ArchiveDatabase
    archive = ArchiveDatabase(Path(sys.argv[1]))
    if "mid" in sys.argv:
        archive.conn.execute("BEGIN IMMEDIATE")
        archive.conn.execute("INSERT INTO archive_info VALUES (1, 'demo', 'half done', 'now')")
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_process(path: Path, *how: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds an archive for writing until it is killed."""
    command = [sys.executable, "-c", textwrap.dedent(HOLDER), str(path), *how]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def refusal(path: Path) -> ArchiveHeld:
    """How a second writer is refused; what the attempt leaves open is collected here, where it disturbs no other test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        with pytest.raises(ArchiveHeld) as refused:
            ArchiveDatabase(path)
        error = refused.value.with_traceback(None)
        error.__cause__ = error.__context__ = None
        del refused
        gc.collect()
    return error


# One writer


def test_a_second_writer_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with another_process(path) as holder:
        error = refusal(path)
        assert re.search(rf"process {holder.pid} since 20\d\d-", str(error))
        assert error.exit_code == 3
        assert str(path) in str(error)


@pytest.mark.parametrize("how", ["idle", "mid"])
def test_a_killed_writer_leaves_no_lock(tmp_path: Path, how: str) -> None:
    path = tmp_path / "archive.db"
    with another_process(path, how) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with ArchiveDatabase(path) as archive:
            assert archive.conn.execute("SELECT count(*) FROM archive_info").fetchone() == (0,)
            assert archive.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_closed_archive_can_be_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    for _ in range(3):
        with ArchiveDatabase(path) as archive:
            assert archive.conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert archive.conn.execute("PRAGMA synchronous").fetchone() == (2,)
            assert archive.conn.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert not path.with_name("archive.db-wal").exists()


def test_the_same_process_is_refused_too(archive: ArchiveDatabase) -> None:
    assert str(os.getpid()) in str(refusal(archive.path))


def test_a_refused_writer_leaves_nothing_open(archive: ArchiveDatabase) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        with pytest.raises(ArchiveHeld):
            ArchiveDatabase(archive.path)
        gc.collect()
    assert [str(warning.message) for warning in caught] == []
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_symlink_is_the_same_archive(tmp_path: Path) -> None:
    (tmp_path / "kho").mkdir()
    (tmp_path / "archive.db").symlink_to(tmp_path / "kho/archive.db")
    with ArchiveDatabase(tmp_path / "kho/archive.db"), pytest.raises(ArchiveHeld):
        ArchiveDatabase(tmp_path / "archive.db").close()


def test_a_damaged_lock_file_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.with_name("archive.db.lock").write_bytes(b"\xff not json")
    with ArchiveDatabase(path) as archive:
        assert archive.conn.execute("SELECT count(*) FROM articles").fetchone() == (0,)
        assert str(os.getpid()) in path.with_name("archive.db.lock").read_text(encoding="utf-8")


def test_readers_go_on_while_one_writes(archive: ArchiveDatabase) -> None:
    reader = sqlite3.connect(f"file:{archive.path}?mode=ro", uri=True)
    with archive.transaction() as db:
        db.execute("INSERT INTO archive_info VALUES (1, 'demo', 'n', 'now')")
        assert reader.execute("SELECT count(*) FROM archive_info").fetchone() == (0,)
    assert reader.execute("SELECT count(*) FROM archive_info").fetchone() == (1,)
    reader.close()


# Origin and schema


@pytest.mark.parametrize(("first", "second", "words"), [("live", "demo", "holds real articles"), ("demo", "live", "holds demo articles")])
def test_demo_and_live_are_not_mixed(archive: ArchiveDatabase, first: Any, second: Any, words: str) -> None:
    archive.claim_origin(first)
    archive.claim_origin(first)
    with pytest.raises(OriginMixed, match=words) as refused:
        archive.claim_origin(second)
    assert refused.value.exit_code == 4
    assert archive.conn.execute("SELECT origin FROM archive_info").fetchall() == [(first,)]


def test_a_demo_says_so(archive: ArchiveDatabase) -> None:
    archive.claim_origin("demo")
    assert "Do not cite" in archive.conn.execute("SELECT note FROM archive_info").fetchone()[0]


def newer(path: Path) -> None:
    with ArchiveDatabase(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO _sqlite_migrations SELECT 99, migration_set, 'm999_of_tomorrow', applied_at FROM _sqlite_migrations LIMIT 1"
    )
    connection.commit()
    connection.close()


def test_a_newer_archive_is_refused_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    newer(path)
    before = path.read_bytes()
    with pytest.raises(ArchiveNewer, match="m999_of_tomorrow") as refused:
        ArchiveDatabase(path)
    assert refused.value.exit_code == 5
    assert path.read_bytes() == before


def test_a_newer_archive_in_another_journal_mode_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    newer(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveNewer):
        ArchiveDatabase(path)
    assert path.read_bytes() == before


def test_after_a_refusal_the_lock_is_free(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    newer(path)
    for _ in range(2):
        with pytest.raises(ArchiveNewer):
            ArchiveDatabase(path)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_text("không phải cơ sở dữ liệu " * 100, encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"archive\.db"):
        ArchiveDatabase(path)


@pytest.mark.parametrize("table", ["articles", "hoa_don"])
def test_a_database_of_another_program_is_refused_and_not_written(tmp_path: Path, table: str) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY)")
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match=rf"a database of another program \(it has the table {table}\)") as refused:
        ArchiveDatabase(path)
    assert refused.value.exit_code == 2
    assert path.read_bytes() == before


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.mkdir()
    with pytest.raises(ArchiveError, match=r"archive\.db is a folder") as refused:
        ArchiveDatabase(path)
    assert refused.value.exit_code == 2
    assert list(tmp_path.iterdir()) == [path]


# Places and names


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        ArchiveError, match=r"khong-co/archive\.db\.lock: No such file or directory\. The archive's folder must be writable"
    ):
        ArchiveDatabase(tmp_path / "khong-co" / "archive.db")


def test_a_read_only_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "chi-doc"
    folder.mkdir(mode=0o555)
    if os.geteuid() == 0:  # root writes everywhere: let the system say what it says to others

        def refuse(*arguments: Any, **keywords: Any) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(ArchiveError, match=r"Permission denied\. The archive's folder must be writable") as refused:
        ArchiveDatabase(folder / "archive.db")
    assert refused.value.exit_code == 2
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["kho tin", "Lưu trữ khuyến học", unicodedata.normalize("NFD", "Đường đến trường"), "a'b\"c", "50% #1?x=1"]
)
def test_names_people_give_to_folders(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "archive.db"
    path.parent.mkdir()
    with ArchiveDatabase(path) as archive:
        archive.claim_origin("live")
        assert archive.root == path.parent
    assert {file.name for file in path.parent.iterdir()} == {"archive.db", "archive.db.lock", "archive.db.sums"}
    with ArchiveDatabase(path) as archive, pytest.raises(OriginMixed):
        archive.claim_origin("demo")


def test_files_stored_under_two_spellings_are_one(archive: ArchiveDatabase) -> None:
    """m009: until then, what was linked beside a text was stored as printed, and what was linked in it as a browser sends it."""
    archive.conn.execute("PRAGMA foreign_keys = OFF")
    stored = [
        (1, 1, "http://a.vn/t%E1%BA%BFt%201.pdf"),
        (1, 2, "http://a.vn/tết 1.pdf"),
        (1, 3, "http://a.vn/b.pdf?x=[1]"),
        (2, 1, "http://a.vn/tết 1.pdf"),
        (2, 2, "http://a.vn/anh.jpg%20"),
        (2, 3, "http://a.vn/b.jpg%20%20"),
        (2, 4, "http://a.vn/c.jpg%0D%0A%09"),
        (2, 5, "http://a.vn/d.jpg%C2%A0"),
        (2, 6, "http://a.vn/%20d.jpg?100%25"),
    ]
    archive.conn.executemany("INSERT INTO attachments (article_id, position, kind, url) VALUES (?, ?, 'document', ?)", stored)
    archive.conn.execute("INSERT INTO attachments (article_id, position, kind, url) VALUES (3, 1, 'image', CAST(x'C3203F' AS TEXT))")
    with archive.transaction() as db:
        m009_addresses_of_files(db)
    assert archive.conn.execute("SELECT article_id, position, url FROM attachments WHERE article_id < 3 ORDER BY 1, 2").fetchall() == [
        (1, 1, "http://a.vn/t%E1%BA%BFt%201.pdf"),
        (1, 3, "http://a.vn/b.pdf?x=[1]"),
        (2, 1, "http://a.vn/t%E1%BA%BFt%201.pdf"),
        (2, 2, "http://a.vn/anh.jpg"),
        (2, 3, "http://a.vn/b.jpg"),
        (2, 4, "http://a.vn/c.jpg"),
        (2, 5, "http://a.vn/d.jpg"),
        (2, 6, "http://a.vn/%20d.jpg?100%25"),
    ]


def test_a_citation_without_a_day_does_not_say_that_none_was_printed(tmp_path: Path) -> None:
    """m010."""
    with ArchiveDatabase(build_archive(tmp_path / "archive.db")) as archive:
        cited = "SELECT cite_as FROM articles ORDER BY id"
        now = [row[0] for row in archive.conn.execute(cited)]
        assert any(", không rõ ngày đăng, http" in each for each in now)
        with archive.transaction() as db:
            db.execute("UPDATE articles SET cite_as = replace(cite_as, 'không rõ ngày đăng', 'không ghi ngày đăng')")
            m010_citations_without_a_day(db)
        assert [row[0] for row in archive.conn.execute(cited)] == now


# Transactions


class Interrupted(BaseException):
    """Like KeyboardInterrupt: no Exception."""


@pytest.mark.parametrize("error", [ValueError, Interrupted])
def test_a_failed_transaction_leaves_nothing(archive: ArchiveDatabase, error: type[BaseException]) -> None:
    def write() -> None:
        with archive.transaction() as db:
            db.table("archive_info").insert({"id": 1, "origin": "live", "note": "n", "created_at": "now"})
            db.execute(
                "INSERT INTO issues (kind, source_id, url, detail, first_seen_at, last_seen_at) VALUES ('a', 'b', 'c', 'd', 'e', 'f')"
            )
            raise error("stop")

    with pytest.raises((error, sqlite3.IntegrityError)):
        write()
    assert not archive.conn.in_transaction
    assert archive.conn.execute("SELECT (SELECT count(*) FROM archive_info) + (SELECT count(*) FROM issues)").fetchone() == (0,)
    archive.claim_origin("demo")


def test_a_foreign_key_is_held(archive: ArchiveDatabase) -> None:
    with pytest.raises(sqlite3.IntegrityError), archive.transaction() as db:
        db.execute("INSERT INTO sections (source_id, url) VALUES ('khong_co', 'http://a.vn/')")
    assert archive.conn.execute("SELECT count(*) FROM sections").fetchone() == (0,)


def fail_inside(archive: ArchiveDatabase, name: str) -> None:
    with archive.transaction() as db:
        source(db.conn, name)
        raise ValueError("stop")


def test_a_step_inside_a_step_can_fail_alone(archive: ArchiveDatabase) -> None:
    with archive.transaction() as db:
        source(db.conn, "mot")
        with pytest.raises(ValueError, match="stop"):
            fail_inside(archive, "hai")
        source(db.conn, "ba")
    assert archive.conn.execute("SELECT id FROM sources ORDER BY id").fetchall() == [("ba",), ("mot",)]


def test_an_outer_failure_takes_the_inner_step_back(archive: ArchiveDatabase) -> None:
    def write() -> None:
        with archive.transaction():
            with archive.transaction() as db:
                source(db.conn, "mot")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        write()
    assert archive.conn.execute("SELECT count(*) FROM sources").fetchone() == (0,)


def test_one_step_is_no_savepoint(archive: ArchiveDatabase) -> None:
    said: list[str] = []
    archive.conn.set_trace_callback(said.append)
    with archive.transaction() as db:
        source(db.conn, "mot")
    archive.conn.set_trace_callback(None)
    # Of every page that changes after one, SQLite first writes a copy into a file of its own.
    assert [words for words in said if words.startswith(("BEGIN", "SAVEPOINT", "COMMIT"))] == ["BEGIN IMMEDIATE", "COMMIT"]


def source(connection: sqlite3.Connection, name: str) -> None:
    row = {
        "id": name,
        "publisher": "p",
        "place": "04",
        "place_name": "Cao Bằng",
        "cms": "thu",
        "home_url": "h",
        "citation": "c",
        "evidence": "e",
    }
    columns, slots = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO sources ({columns}) VALUES ({slots})", tuple(row.values()))
