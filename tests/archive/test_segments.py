"""A crawl killed at any point finds its segment again: what was committed is there, what was not is cut, what is lost is said."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive import segments
from scraper.archive.crawls import SourceFacts
from scraper.archive.database import ArchiveDatabase, ArchiveError
from scraper.archive.keeper import Keeper
from scraper.archive.segments import SegmentShort
from scraper.archive.sums import read_sums, segment_digest
from scraper.archive.warc_reader import StoredRecord, read_capture, read_records
from scraper.archive.warc_writer import build_record
from scraper.items import Capture
from tests.archive.records import noise


def keeper_of(archive: ArchiveDatabase, source: str = "nguon") -> Keeper:
    facts = SourceFacts(source, "UBND", "04", "Cao Bằng", "thu", "http://a.gov.vn", "UBND", None, None, "thử", ("http://a.gov.vn/tin",))
    return Keeper(archive, facts, "crawl")


def capture(number: int, size: int = 500) -> Capture:
    body = f"bài {number} ".encode() * (size // 8)
    return Capture(f"http://a.gov.vn/bai-{number}", f"2024-01-01T00:00:{number:02}Z", 200, (("Content-Type", "text/html"),), body)


def crawl(path: Path, *numbers: int, source: str = "nguon", finish: bool = True) -> None:
    """One process that keeps some captures and ends (``finish``) or is cut off."""
    with ArchiveDatabase(path) as archive:
        keeper = keeper_of(archive, source)
        for number in numbers:
            keeper.keep(capture(number), (("User-Agent", "thu"),))
        if finish:
            keeper.finish("finished", "good")


def segment_files(path: Path, source: str = "nguon") -> list[Path]:
    return sorted((path.parent / "warcs" / source).iterdir())


def check_whole(path: Path, *numbers: int, source: str = "nguon") -> None:
    """Rows and records are one to one, every byte of every segment is accounted for, and other programs read all of it."""
    with ArchiveDatabase(path) as archive:
        rows = archive.conn.execute(
            "SELECT url, fetched_at, warc_file, warc_offset, warc_length, payload_digest, record_id FROM captures"
            " WHERE source_id = ? ORDER BY id",
            (source,),
        ).fetchall()
        ends = dict(archive.conn.execute("SELECT file, committed_end FROM segments WHERE source_id = ?", (source,)).fetchall())
    assert [row[0] for row in rows] == [f"http://a.gov.vn/bai-{number}" for number in numbers]
    found: dict[tuple[str, int, int], StoredRecord] = {}
    for file in segment_files(path, source):
        name = file.relative_to(path.parent).as_posix()
        assert file.stat().st_size == ends.pop(name)
        found |= {(name, record.offset, record.length): record for record in read_records(file)}
        with file.open("rb") as stream:
            assert next(ArchiveIterator(stream, check_digests="raise")).rec_type == "warcinfo"
    assert all(end == 0 for end in ends.values()), "a segment with captures has no file"
    for number, (url, fetched_at, name, offset, length, digest, record_id) in zip(numbers, rows, strict=True):
        record = found.pop((name, offset, length))
        assert record.capture == capture(number) == read_capture(path.parent / name, offset)
        assert (record.capture.url, record.capture.fetched_at) == (url, fetched_at)
        assert (record.payload_digest, record.record_id) == (digest, record_id)
    assert found == {}


def test_one_crawl_goes_on_where_the_last_ended(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1, 2)
    crawl(path, 3)
    assert len(segment_files(path)) == 1
    check_whole(path, 1, 2, 3)


def test_sources_have_segments_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1, source="mot")
    crawl(path, 2, source="hai")
    check_whole(path, 1, source="mot")
    check_whole(path, 2, source="hai")


TAILS: dict[str, Callable[[], bytes]] = {
    "garbage": lambda: b"rubbish " * 400,
    "zeros": lambda: bytes(4_096),
    "half a record": lambda: build_record(capture(9, 5_000), ()).data[:-200],
    "a whole record": lambda: build_record(capture(9), ()).data,
    "one byte": lambda: b"\x1f",
}


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("finish", [True, False])
def test_an_uncommitted_tail_is_cut(tmp_path: Path, tail: str, finish: bool) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1, 2, finish=finish)
    (file,) = segment_files(path)
    whole = file.read_bytes()
    with file.open("ab") as stream:
        stream.write(TAILS[tail]())
    crawl(path, 3)
    assert file.read_bytes().startswith(whole)
    check_whole(path, 1, 2, 3)


def test_recovery_can_be_interrupted_and_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1, finish=False)
    (file,) = segment_files(path)
    with file.open("ab") as stream:
        stream.write(b"rubbish")

    def refuse(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", refuse)
        with pytest.raises((OSError, ArchiveError)):
            crawl(path, 2)
    crawl(path, 2)
    check_whole(path, 1, 2)


def test_captures_that_an_older_database_does_not_know_are_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1)
    (file,) = segment_files(path)
    end = file.stat().st_size
    older = path.read_bytes()
    crawl(path, 2, 3)
    whole = file.read_bytes()
    file.chmod(0o444)
    path.write_bytes(older)
    crawl(path, 4)
    aside = file.with_name(f"{file.name.removesuffix('.warc.gz')}-{end}-{len(whole) - end}.warc.gz")
    assert segment_files(path) == [aside, file]
    assert aside.read_bytes() == whole[end:]
    assert file.read_bytes()[:end] == whole[:end]
    sums = read_sums(path)
    assert sums is not None
    assert sums.segments[file.relative_to(tmp_path).as_posix()] == (file.stat().st_size, segment_digest(file, file.stat().st_size))
    aside.unlink()
    check_whole(path, 1, 4)


@pytest.mark.parametrize("how", [gzip.decompress, lambda data: gzip.compress(gzip.decompress(data) + noise(20_000))])
def test_a_file_that_was_packed_otherwise_is_refused_and_not_touched(tmp_path: Path, how: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1, 2)
    (file,) = segment_files(path)
    other = how(file.read_bytes())
    file.write_bytes(other)
    with pytest.raises(SegmentShort, match=f"{file.name} is not the file that was written") as refused:
        crawl(path, 3)
    assert refused.value.exit_code == 6
    assert file.read_bytes() == other


@pytest.mark.parametrize("lost", [1, 300])
def test_a_shorter_file_is_refused_and_not_touched(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1, 2)
    (file,) = segment_files(path)
    size = file.stat().st_size
    os.truncate(file, size - lost)
    left = file.read_bytes()
    with pytest.raises(SegmentShort, match=rf"{file.name} is {lost} bytes shorter than committed \({size - lost} of {size}\)") as refused:
        crawl(path, 3)
    assert refused.value.exit_code == 6
    assert file.read_bytes() == left


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1)
    (file,) = segment_files(path)
    file.unlink()
    with pytest.raises(SegmentShort, match=rf"{file.name} is missing"):
        crawl(path, 2)


def test_other_sources_go_on_beside_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1, source="mot")
    os.truncate(segment_files(path, "mot")[0], 10)
    crawl(path, 2, source="hai")
    check_whole(path, 2, source="hai")


def test_a_segment_rolls_and_is_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 2_000)
    path = tmp_path / "archive.db"
    crawl(path, *range(1, 7))
    crawl(path, 7)
    files = segment_files(path)
    assert len(files) > 1
    with ArchiveDatabase(path) as archive:
        rows = archive.conn.execute("SELECT file, sealed_at, sha256 FROM segments ORDER BY opened_at, file").fetchall()
    sealed = [row for row in rows if row[1]]
    assert len(sealed) >= len(files) - 1
    for name, _, digest in sealed:
        file = path.parent / name
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest
        assert file.stat().st_mode & 0o222 == 0
    check_whole(path, *range(1, 8))


@pytest.mark.parametrize("failing", ["pwrite", "short pwrite", "fdatasync"])
def test_a_full_disk_stops_the_crawl_and_leaves_it_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    path = tmp_path / "archive.db"
    real = os.pwrite

    def refuse(*arguments: Any) -> int:
        raise OSError(28, "No space left on device")

    def half(descriptor: int, data: bytes, place: int) -> int:
        return real(descriptor, data[: len(data) // 2], place)

    name, fake = {"pwrite": ("pwrite", refuse), "short pwrite": ("pwrite", half), "fdatasync": ("fdatasync", refuse)}[failing]
    with ArchiveDatabase(path) as archive:
        keeper = keeper_of(archive)
        keeper.keep(capture(1), ())
        (file,) = segment_files(path)
        before = file.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(os, name, fake)
            with pytest.raises((OSError, ArchiveError), match=r"No space left|bytes could be written|full"):
                keeper.keep(capture(2), ())
        assert file.read_bytes() == before
        assert archive.conn.execute("SELECT count(*) FROM captures").fetchone() == (1,)
        keeper.keep(capture(3), ())
        keeper.finish("finished", "good")
    check_whole(path, 1, 3)


def test_a_capture_whose_row_failed_leaves_no_gap(tmp_path: Path) -> None:
    """The bytes were durable and the row was not: the next start cuts them, and the page is asked for again."""
    path = tmp_path / "archive.db"
    with ArchiveDatabase(path) as archive:
        keeper = keeper_of(archive)
        keeper.keep(capture(1), ())
        archive.conn.execute("CREATE TRIGGER stop BEFORE INSERT ON captures BEGIN SELECT raise(ABORT, 'stop'); END")
        with pytest.raises(Exception, match="stop"):
            keeper.keep(capture(2), ())
        archive.conn.execute("DROP TRIGGER stop")
    crawl(path, 2)
    check_whole(path, 1, 2)


def test_a_segment_is_no_link(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    crawl(path, 1)
    (file,) = segment_files(path)
    other = tmp_path / "khac"
    other.write_bytes(file.read_bytes() + b"tail that is not ours")
    file.unlink()
    file.symlink_to(other)
    with pytest.raises((OSError, ArchiveError)):
        crawl(path, 2)
    assert other.read_bytes().endswith(b"tail that is not ours")
