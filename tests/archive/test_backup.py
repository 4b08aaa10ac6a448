"""Backups are whole, linked where nothing changed, rotated, and come back; one that is killed leaves nothing in the way."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from scraper.archive.backup import BackupFailed, Made, back_up, backups, read_manifest
from scraper.archive.database import ArchiveDatabase, ArchiveError, ArchiveHeld
from scraper.archive.restore import check_backup, restore
from scraper.archive.search import differing_articles
from scraper.archive.segments import Segments
from scraper.archive.verify import Verification
from scraper.portal import portals
from tests.archive.conftest import Crawled, scrapy
from tests.archive.damage import execute, mend, rot


def silent(*_: object) -> None:
    """No progress."""


def make(db: Path, to: Path, keep: int | None = None) -> Made:
    return back_up(db, to, silent, keep)


def dump(db: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
        tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'articles_fts%'")]
        return [repr(conn.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall()) for table in sorted(tables)]


def segments(db: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (db.parent / "warcs").rglob("*.warc.gz")}


def seal_one(db: Path, source: str) -> Path:
    with ArchiveDatabase(db) as archive:
        open_one = Segments(archive, source)
        open_one.recover()
        open_one.seal()
    return db.parent / open_one.file


def kill_at(count: int, work: Callable[[], object]) -> bool:
    """Run something in a child that kills itself at the count-th durable step; False when it came to its end before."""
    child = os.fork()
    if child == 0:
        left = count

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def step(*arguments: object, **named: object) -> object:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments, **named)

            return step

        for name in ("fsync", "fdatasync", "link", "rename", "replace", "unlink", "rmdir", "mkdir", "ftruncate", "chmod"):
            setattr(os, name, counted(getattr(os, name)))
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_backup_and_restore_give_the_same_archive(crawled: Crawled, tmp_path: Path) -> None:
    done = scrapy("backup", str(tmp_path / "sao lưu"), db=crawled.db)
    assert done.returncode == 0, done.stderr
    (backup,) = backups(tmp_path / "sao lưu")
    entries = check_backup(backup, silent)
    assert len(entries) == 3
    with closing(sqlite3.connect(f"file:{backup / 'archive.db'}?mode=ro", uri=True)) as conn:
        assert differing_articles(conn) == set()
    back = tmp_path / "khôi phục" / "archive.db"
    done = scrapy("restore", str(backup), "--to", str(back.parent), db=crawled.db)
    assert done.returncode == 0, done.stderr
    assert dump(back) == dump(crawled.db)
    assert segments(back) == segments(crawled.db)
    report = Verification(back, portals(), full=True, tell=silent).run()
    assert report.exit_code == 0
    assert not report.skipped
    crawled.crawl("cao_bang_thach_an", back)
    check_backup(backup, silent)


def test_restore_overwrites_nothing(crawled: Crawled, copied: Path, tmp_path: Path) -> None:
    backup = make(crawled.db, tmp_path / "b").folder
    done = scrapy("restore", str(backup), "--to", str(copied.parent), db=crawled.db)
    assert done.returncode == 2
    assert "exists already" in done.stderr
    copied.unlink()
    other = next(copied.parent.joinpath("warcs").rglob("*.warc.gz"))
    other.write_bytes(b"another")
    with pytest.raises(ArchiveError, match="is another"):
        restore(backup, copied, silent)
    assert other.read_bytes() == b"another"


def test_what_did_not_change_is_linked(copied: Path, tmp_path: Path) -> None:
    seal_one(copied, "quang_tri")
    first = make(copied, tmp_path / "b").folder
    second = make(copied, tmp_path / "b")
    names = read_manifest(first)
    assert second.copied == 0
    for name, entry in names.items():
        file = second.folder / name
        assert file.samefile(first / name)
        if name != "archive.db":
            assert file.samefile(copied.parent / name) == entry.sealed
        assert file.stat().st_mode & 0o222 == 0
    check_backup(second.folder, silent)


def test_rotation_keeps_the_newest(copied: Path, tmp_path: Path) -> None:
    made = [make(copied, tmp_path / "b", keep=2).folder for _ in range(4)]
    assert backups(tmp_path / "b") == made[2:]
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == sorted(folder.name for folder in made[2:])
    for folder in made[2:]:
        check_backup(folder, silent)


def test_rotation_keeps_the_one_just_made_when_the_clock_was_set_back(copied: Path, tmp_path: Path) -> None:
    later = make(copied, tmp_path / "b").folder
    later = later.rename(later.with_name("2099-01-01T00-00-00.000000Z"))
    made = make(copied, tmp_path / "b", keep=1)
    assert backups(tmp_path / "b") == [made.folder]
    assert made.removed == (later.name,)


def test_what_other_programs_keep_in_the_folder_stays(copied: Path, tmp_path: Path) -> None:
    other = tmp_path / "b" / "trang-web" / "manifest.json"
    unfinished = tmp_path / "b" / "tai-ve.partial"
    for file in (other, unfinished):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    killed = tmp_path / "b" / "2020-01-01T00-00-00.000000Z.partial"
    killed.mkdir()
    for _ in range(2):
        make(copied, tmp_path / "b", keep=1)
    assert other.exists() and unfinished.exists() and not killed.exists()


def test_a_segment_that_is_a_link_is_backed_up_itself(copied: Path, tmp_path: Path) -> None:
    sealed = seal_one(copied, "quang_tri")
    away = (tmp_path / "dia-lon").joinpath(sealed.name)
    away.parent.mkdir()
    sealed.rename(away).chmod(0o444)
    sealed.symlink_to(away)
    folder = make(copied, tmp_path / "b").folder
    backed_up = folder / sealed.relative_to(copied.parent)
    assert not backed_up.is_symlink()
    assert backed_up.read_bytes() == away.read_bytes()


def test_repair_leaves_the_files_of_a_backup_as_they_are(copied: Path, tmp_path: Path) -> None:
    sealed = seal_one(copied, "quang_tri")
    folder = make(copied, tmp_path / "b").folder
    whole = sealed.read_bytes()
    with sealed.open("ab") as stream:
        stream.write(b"\x1f\x8b\x08 rac")
    assert (folder / sealed.relative_to(copied.parent)).samefile(sealed)
    before = (folder / sealed.relative_to(copied.parent)).read_bytes()
    mend(copied)
    assert sealed.read_bytes() == whole
    assert (folder / sealed.relative_to(copied.parent)).read_bytes() == before


def test_an_open_segment_is_copied_up_to_its_committed_end(copied: Path, tmp_path: Path) -> None:
    whole = segments(copied)
    for path in (copied.parent / "warcs").rglob("*.warc.gz"):
        with path.open("ab") as stream:
            stream.write(b"half a record")
    backup = make(copied, tmp_path / "b").folder
    assert segments(backup / "archive.db") == whole


def test_rows_still_in_the_log_are_in_the_backup(copied: Path, tmp_path: Path) -> None:
    """A crawl was killed: its last rows are in the log only; a plain copy of the file would lose them."""
    child = os.fork()
    if child == 0:
        conn = sqlite3.connect(copied, isolation_level=None)
        conn.execute("UPDATE crawls SET code_version = 'in the log'")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert copied.with_name("archive.db-wal").stat().st_size > 0
    backup = make(copied, tmp_path / "b").folder
    with closing(sqlite3.connect(backup / "archive.db")) as conn:
        assert conn.execute("SELECT DISTINCT code_version FROM crawls").fetchall() == [("in the log",)]


def test_a_damaged_archive_is_not_backed_up(copied: Path, tmp_path: Path) -> None:
    kept = make(copied, tmp_path / "b", keep=1).folder
    path = next((copied.parent / "warcs" / "quang_tri").iterdir())
    os.truncate(path, path.stat().st_size - 10)
    with pytest.raises(BackupFailed, match="lost 10 committed bytes"):
        make(copied, tmp_path / "b", keep=1)
    assert backups(tmp_path / "b") == [kept]


def test_a_sealed_segment_that_rotted_is_not_backed_up(copied: Path, tmp_path: Path) -> None:
    seal_one(copied, "quang_tri")
    path = next((copied.parent / "warcs" / "quang_tri").iterdir())
    data = bytearray(path.read_bytes())
    data[9000] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    done = scrapy("backup", str(tmp_path / "b"), db=copied)
    assert done.returncode == 6
    assert path.name in done.stderr


@pytest.mark.parametrize("grown", [False, True])
def test_an_open_segment_that_rotted_takes_no_backups_place(copied: Path, tmp_path: Path, grown: bool) -> None:
    kept = make(copied, tmp_path / "b", keep=1).folder
    path = next((copied.parent / "warcs" / "quang_tri").iterdir())
    data = bytearray(path.read_bytes())
    data[9000] ^= 1
    rot(path, data)
    if grown:
        with ArchiveDatabase(copied):
            path.write_bytes(bytes(data) + b"more")
            execute(copied, f"UPDATE segments SET committed_end = {len(data) + 4} WHERE file LIKE '%{path.name}'")
    with pytest.raises(BackupFailed, match=f"first {len(data)} bytes are not"):
        make(copied, tmp_path / "b", keep=1)
    assert backups(tmp_path / "b") == [kept]


@pytest.mark.parametrize("name", ["archive.db", "manifest.json", "warcs"])
def test_a_damaged_backup_is_not_restored(copied: Path, tmp_path: Path, name: str) -> None:
    backup = make(copied, tmp_path / "b").folder
    path = next((backup / name).rglob("*.warc.gz")) if name == "warcs" else backup / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    with pytest.raises(BackupFailed, match="damaged"):
        restore(backup, tmp_path / "new" / "archive.db", silent)
    assert not (tmp_path / "new").exists()


def test_a_crawl_that_runs_is_not_backed_up(copied: Path, tmp_path: Path) -> None:
    with ArchiveDatabase(copied), pytest.raises(ArchiveHeld):
        make(copied, tmp_path / "b")


def test_killed_at_any_step_it_leaves_nothing_in_the_way(copied: Path, tmp_path: Path) -> None:
    to = tmp_path / "b"
    first = make(copied, to).folder
    before = dump(copied)
    count = 0
    while kill_at(count := count + 1, lambda: make(copied, to, keep=1)):
        whole = backups(to)
        assert whole, f"step {count} left no backup"
        for folder in whole:
            check_backup(folder, silent)
    assert count > 15
    made = make(copied, to, keep=1)
    assert [path.name for path in to.iterdir()] == [made.folder.name]
    assert first.name != made.folder.name
    assert dump(copied) == before == dump(made.folder / "archive.db")


def test_restore_killed_at_any_step_can_be_run_again(copied: Path, tmp_path: Path) -> None:
    backup = make(copied, tmp_path / "b").folder
    target = tmp_path / "new" / "archive.db"
    count = 0
    while kill_at(count := count + 1, lambda: restore(backup, target, silent)):
        if target.exists():
            target.unlink()
        restore(backup, target, silent)
        assert dump(target) == dump(copied)
        assert segments(target) == segments(copied)
        shutil.rmtree(target.parent)
    assert count > 8


def test_a_backup_is_no_capture(copied: Path) -> None:
    before = segments(copied)
    with pytest.raises(ArchiveError, match="among the captures"):
        make(copied, copied.parent / "warcs" / "sao-luu")
    assert segments(copied) == before


def test_bad_input_says_what(tmp_path: Path) -> None:
    for arguments in (["backup", str(tmp_path)], ["restore", str(tmp_path)]):
        done = scrapy(*arguments, db=tmp_path / "none.db")
        assert done.returncode in (2, 6)
        assert done.stderr.count("\n") == 1
