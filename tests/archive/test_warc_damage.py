"""Damage is named with its place, nothing before it is lost, and no damaged byte is handed out as a page."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.archive.warc_writer import Record, build_record
from tests.archive.records import AGENT, NAMED, PAGE, capture, noise, raw, read_until_damage, written


@pytest.fixture
def four(tmp_path: Path) -> tuple[Path, list[Record]]:
    records = [build_record(capture(number, noise(3_000, number)), AGENT) for number in range(1, 5)]
    return written(tmp_path / "a.warc.gz", *records), records


def starts(records: list[Record]) -> Iterator[int]:
    place = 0
    for record in records:
        yield place + record.response_at
        place += len(record.data)


@pytest.mark.parametrize("where", [0, 1, 20, 700, -9, -1])
def test_a_damaged_member_is_named_and_nothing_before_it_is_lost(four: tuple[Path, list[Record]], where: int) -> None:
    path, records = four
    begin = list(starts(records))[2]
    end = begin + len(records[2].data) - records[2].response_at
    data = bytearray(path.read_bytes())
    data[begin + where if where >= 0 else end + where] ^= 0x55
    path.write_bytes(data)
    found, problem = read_until_damage(path)
    assert [one.capture.url for one in found[:2] if one.capture] == ["http://a.gov.vn/bai-1", "http://a.gov.vn/bai-2"]
    damaged = next((one for one in found[2:] if one.offset == begin and one.capture is None), None)
    assert problem is not None or damaged is not None, "the damage was not noticed"
    if problem is not None:
        assert str(path) in problem
        pair = begin - records[2].response_at
        assert re.search(rf"\b(?:{pair}|{begin})\b", problem), problem
    for one in found:
        if one.capture is not None:
            number = int(one.capture.url.rpartition("-")[2])
            assert one.capture.body == noise(3_000, number), "damaged bytes were handed out as a page"


def test_records_after_a_damaged_one_are_read(four: tuple[Path, list[Record]]) -> None:
    path, records = four
    data = bytearray(path.read_bytes())
    data[list(starts(records))[1] + 700] ^= 0x55
    path.write_bytes(data)
    found, _ = read_until_damage(path)
    assert [one.capture.url for one in found if one.capture] == [f"http://a.gov.vn/bai-{number}" for number in (1, 3, 4)]


@pytest.mark.parametrize(
    "cut",
    [5, 400, 1_500],
)
def test_a_torn_last_record_is_no_page(four: tuple[Path, list[Record]], cut: int) -> None:
    path, _ = four
    path.write_bytes(path.read_bytes()[:-cut])
    found, problem = read_until_damage(path)
    assert [one.capture.url for one in found if one.capture] == [f"http://a.gov.vn/bai-{number}" for number in (1, 2, 3)]
    assert problem or found[-1].problem


def test_a_torn_last_record_of_a_plain_file_is_no_page(four: tuple[Path, list[Record]], tmp_path: Path) -> None:
    plain = tmp_path / "a.warc"
    plain.write_bytes(gzip.decompress(four[0].read_bytes())[:-1_000])
    found, problem = read_until_damage(plain)
    assert [one.capture.url for one in found if one.capture] == [f"http://a.gov.vn/bai-{number}" for number in (1, 2, 3)]
    assert problem or found[-1].problem


@pytest.mark.parametrize("tail", [b"garbage " * 300, bytes(4_096), b"\x1f\x8b\x08"], ids=["garbage", "zeros", "half a magic"])
def test_a_tail_of_junk_loses_no_record(four: tuple[Path, list[Record]], tail: bytes) -> None:
    path, _ = four
    path.write_bytes(path.read_bytes() + tail)
    found, _ = read_until_damage(path)
    assert len([one for one in found if one.capture]) == 4


@pytest.mark.parametrize("content", [b"", b"<html>" * 200], ids=["empty", "a page"])
def test_a_file_that_is_no_warc(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)
    found, problem = read_until_damage(path)
    assert found == []
    assert (problem is None) == (content == b"")


@pytest.mark.parametrize(
    "missing",
    [
        "WARC-Target-URI",
        "WARC-Record-ID",
    ],
)
def test_a_record_without_name_or_address(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(raw("response", PAGE, *(field for field in NAMED if not field.startswith(missing))))
    found, problem = read_until_damage(path)
    assert problem or found[0].problem
