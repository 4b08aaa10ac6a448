"""Files of others' crawls: gzip, zstd with a dictionary, plain, whole-file gzip, WACZ; what is damaged is named and left out."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from scraper.archive.database import ArchiveDatabase
from scraper.archive.wacz import warcs_in
from scraper.archive.warc_reader import NotAWarcError
from scraper.archive.warc_writer import build_record, warcinfo_record
from scraper.fetch.ahead import ReadAhead
from scraper.items import Capture, Reading
from scraper.replay import Replay
from spiders.cao_bang import CaoBangPortalSpider
from tests.at_once import AtOnce
from tests.backfill.truth import capture, page

TIMES = tuple(f"2020-01-{day:02}T00:00:00Z" for day in range(1, 29))
Pack = Callable[[list[bytes]], bytes]


def members(count: int = 6) -> list[bytes]:
    """A warcinfo record, then a request and a response for each article; every one a gzip member."""
    found = [warcinfo_record("x.warc.gz", "khác")]
    for number in range(1, count + 1):
        record = build_record(capture(number, TIMES[number], page(number)), ())
        found += [record.data[: record.response_at], record.data[record.response_at :]]
    return found


def zstd_frames(records: list[bytes], *, dictionary: bool, packed: bool = False) -> list[bytes]:
    """The records as frames; the dictionary in a skippable frame before them, perhaps packed itself."""
    plain = [gzip.decompress(record) for record in records]
    if not dictionary:
        return [zstandard.ZstdCompressor(write_checksum=True).compress(one) for one in plain]
    trained = zstandard.train_dictionary(8192, [one for one in plain for _ in range(20)])
    data = trained.as_bytes()
    if packed:
        data = zstandard.ZstdCompressor().compress(data)
    head = b"\x5d\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data
    compressor = zstandard.ZstdCompressor(dict_data=trained, write_checksum=True)
    return [head, *(compressor.compress(one) for one in plain)]


PACKED: dict[str, Pack] = {
    "gzip by record": b"".join,
    "plain": lambda records: b"".join(map(gzip.decompress, records)),
    "gzip as a whole": lambda records: gzip.compress(b"".join(map(gzip.decompress, records))),
    "zstd by record": lambda records: b"".join(zstd_frames(records, dictionary=False)),
    "zstd with a dictionary": lambda records: b"".join(zstd_frames(records, dictionary=True)),
    "zstd with a packed dictionary": lambda records: b"".join(zstd_frames(records, dictionary=True, packed=True)),
    "zstd as a whole": lambda records: zstandard.ZstdCompressor().compress(b"".join(map(gzip.decompress, records))),
}


def replay(archive: ArchiveDatabase, *files: Path) -> Replay:
    if archive.conn.execute("SELECT count(*) FROM archive_info").fetchone() == (0,):
        archive.claim_origin("live")
    replay = Replay(archive, CaoBangPortalSpider, AtOnce())
    for file in files:
        list(replay.run(file))
    replay.finish()
    return replay


def keys(archive: ArchiveDatabase) -> list[str]:
    return [row[0] for row in archive.conn.execute("SELECT article_key FROM articles ORDER BY 1")]


@pytest.mark.parametrize("how", PACKED)
def test_whatever_it_is_packed_with(archive: ArchiveDatabase, tmp_path: Path, how: str) -> None:
    file = tmp_path / "của người khác.warc"
    file.write_bytes(PACKED[how](members()))
    done = replay(archive, file)
    assert (done.read, done.verdict) == (6, "good")
    assert keys(archive) == [f"{number:04}" for number in range(1, 7)]
    assert archive.conn.execute("SELECT DISTINCT provenance FROM captures").fetchall() == [(file.name,)]
    for file_name, offset, length in archive.conn.execute("SELECT warc_file, warc_offset, warc_length FROM captures"):
        data = gzip.decompress((archive.root / file_name).read_bytes()[offset : offset + length])
        assert data.startswith(b"WARC/1.1\r\n")
        assert data.endswith(b"\r\n\r\n")
    again = replay(archive, file)
    assert (again.read, again.known) == (0, 6)


class Stuck(CaoBangPortalSpider):
    """Never done with the third article."""

    @classmethod
    def read(cls, capture: Capture) -> Reading:
        if cls.article_key(capture.url) == "0003":
            time.sleep(60)
        return super().read(capture)


def test_a_page_that_is_never_read_stops_no_replay(archive: ArchiveDatabase, tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(b"".join(members()))
    archive.claim_origin("live")
    with ReadAhead(seconds=3) as reader:
        done = Replay(archive, Stuck, reader)
        list(done.run(file))
        done.finish()
    assert keys(archive) == ["0001", "0002", "0004", "0005", "0006"]
    assert archive.conn.execute("SELECT kind FROM issues").fetchall() == [("too_heavy",)]


@pytest.mark.parametrize("how", ["gzip by record", "zstd by record", "zstd with a dictionary"])
def test_damaged_records_are_named_each_and_the_rest_is_read(archive: ArchiveDatabase, tmp_path: Path, how: str) -> None:
    found = members()
    frames = found if how.startswith("gzip") else zstd_frames(found, dictionary="dictionary" in how)
    head = len(frames) - len(found)
    broken = [head + 4, head + 8]  # the responses of articles 2 and 4
    places = []
    for number in broken:
        data = bytearray(frames[number])
        for place in range(len(data) // 2, len(data) // 2 + 8):
            data[place] ^= 0xA5
        frames[number] = bytes(data)
        places.append(sum(map(len, frames[:number])))
    file = tmp_path / "hỏng.warc.gz"
    file.write_bytes(b"".join(frames))
    done = replay(archive, file)
    assert done.verdict == "doubtful"
    assert keys(archive) == ["0001", "0003", "0005", "0006"]
    issues = archive.conn.execute("SELECT kind, url, detail FROM issues ORDER BY id").fetchall()
    assert [issue[:2] for issue in issues] == [("warc_unreadable", f"warc:{file.name}#{place}") for place in places]
    assert all(issue[2].startswith(f"{file.name} at {place}: damaged") for issue, place in zip(issues, places, strict=True))


@pytest.mark.parametrize("how", PACKED)
def test_a_file_cut_anywhere(archive: ArchiveDatabase, tmp_path: Path, how: str) -> None:
    """What stands before the cut is read where records are packed one by one; nothing raises."""
    whole = PACKED[how](members())
    for number, end in enumerate(random.Random(1).sample(range(20, len(whole)), 12)):
        file = tmp_path / f"{number}.warc"
        file.write_bytes(whole[:end])
        try:
            replay(archive, file)
        except NotAWarcError:
            assert "whole" in how or "dictionary" in how or end < len(whole) // 6
    for _, title in archive.conn.execute("SELECT article_key, title FROM articles"):
        assert "Hội Khuyến học tỉnh" in title


# WACZ


def wacz(path: Path, warcs: dict[str, bytes], *, lie: str | None = None, method: int = zipfile.ZIP_STORED) -> Path:
    resources = [
        {"name": Path(name).name, "path": name, "hash": "sha256:" + hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for name, data in warcs.items()
    ]
    for one in resources:
        if one["path"] == lie:
            one["hash"] = "sha256:" + "0" * 64
    with zipfile.ZipFile(path, "w") as bundle:
        for name, data in warcs.items():
            bundle.writestr(name, data, method)
        bundle.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n')
        bundle.writestr("datapackage.json", json.dumps({"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}))
    return path


def test_every_warc_of_a_wacz(archive: ArchiveDatabase, tmp_path: Path) -> None:
    found = members()
    inner = {
        "archive/a.warc.gz": b"".join(found[:7]),
        "archive/b.warc.zst": b"".join(zstd_frames(found[7:], dictionary=True)),
        "indexes/c.warc.gz": b"not looked at",
    }
    file = wacz(tmp_path / "cuộc thu.wacz", inner, method=zipfile.ZIP_DEFLATED)
    done = replay(archive, file)
    assert (done.read, done.verdict) == (6, "good")
    rows = archive.conn.execute("SELECT provenance, count(*) FROM captures GROUP BY 1 ORDER BY 1").fetchall()
    assert rows == [("cuộc thu.wacz!archive/a.warc.gz", 3), ("cuộc thu.wacz!archive/b.warc.zst", 3)]
    assert replay(archive, file).read == 0


def test_a_wacz_that_contradicts_itself_is_said_and_read(archive: ArchiveDatabase, tmp_path: Path) -> None:
    file = wacz(tmp_path / "a.wacz", {"archive/a.warc.gz": b"".join(members())}, lie="archive/a.warc.gz")
    done = replay(archive, file)
    assert (done.read, done.verdict) == (6, "doubtful")
    assert archive.conn.execute("SELECT kind, url FROM issues").fetchall() == [("warc_unreadable", "warc:a.wacz!archive/a.warc.gz#0")]


def test_a_damaged_entry_gives_its_whole_records(archive: ArchiveDatabase, tmp_path: Path) -> None:
    file = wacz(tmp_path / "a.wacz", {"archive/a.warc.gz": b"".join(members())})
    data = bytearray(file.read_bytes())
    data[len(members()[0]) + 2000] ^= 0xFF
    file.write_bytes(bytes(data))
    done = replay(archive, file)
    assert done.verdict == "doubtful"
    assert len(keys(archive)) == 5


def test_zips_that_are_no_wacz(archive: ArchiveDatabase, tmp_path: Path) -> None:
    empty = tmp_path / "a.zip"
    with zipfile.ZipFile(empty, "w") as bundle:
        bundle.writestr("bài viết.docx", b"x")
    with pytest.raises(NotAWarcError, match="without a WARC file"):
        replay(archive, empty)
    torn = wacz(tmp_path / "b.wacz", {"archive/a.warc.gz": b"".join(members())})
    torn.write_bytes(torn.read_bytes()[:3000])
    with pytest.raises(NotAWarcError, match="no whole ZIP"):
        replay(archive, torn)


def test_a_bomb_is_not_laid_out(tmp_path: Path) -> None:
    file = wacz(tmp_path / "a.wacz", {"archive/a.warc.gz": bytes(50_000_000)}, method=zipfile.ZIP_DEFLATED)
    (inner,) = [(one.problem, one.path.stat().st_size) for one in warcs_in(file)]
    assert inner[0] is not None
    assert "not read" in inner[0]
    assert inner[1] == 0
