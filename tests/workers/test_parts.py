"""Parts: whole or not at all, after a kill at any byte, and never believed when their bytes are not what their name says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.warc_writer import build_record
from scraper.items import Capture
from scraper.workers.journal import Head, JournalUnreadable, Step, head_line, read_journal, step_line, whole_lines
from scraper.workers.parts import PartDamaged, PartName, PartWriter, read_part, recover, sealed_in

HEAD = Head("20261126T051200-0123456789ab", "quang_tri", 0, "2026-11-26T05:12:00Z", "máy-1")
ASKED = (("User-Agent", "test"),)


def capture(number: int) -> Capture:
    body = f"<p>Bài số {number}</p>".encode() * 20
    return Capture(f"https://a.gov.vn/{number}", "2026-11-26T05:12:01Z", 200, (("Content-Type", "text/html"),), body)


def write(folder: Path, answers: int = 3, head: Head = HEAD) -> PartWriter:
    """An open part with some answers, each told of."""
    writer = PartWriter(folder, head)
    for number in range(answers):
        record = build_record(capture(number), ASKED)
        writer.keep(record, Step("kept", "2026-11-26T05:12:01Z", record=record.record_id))
        writer.tell(Step("article", "2026-11-26T05:12:01Z", record=record.record_id, key=str(number)))
    return writer


def only(folder: Path) -> tuple[Path, PartName]:
    (path,) = sealed_in(folder)
    name = PartName.of(path.name)
    assert name is not None
    return path, name


def test_a_sealed_part_says_what_was_kept(tmp_path: Path) -> None:
    write(tmp_path).seal()
    path, name = only(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o222 == 0
    part = read_part(path, name)
    assert part.head == HEAD and part.sha256.startswith(name.digest)
    assert [answer.capture for answer in part.answers] == [capture(number) for number in range(3)]
    assert [step.do for step in part.steps] == ["kept", "article"] * 3
    assert PartName.of(name.file) == name


def test_parts_of_a_crawl_follow_each_other(tmp_path: Path) -> None:
    writer = write(tmp_path, 1)
    writer.turn()
    writer.tell(Step("ended", "2026-11-26T05:13:00Z", reason="finished", requests=1, seen=1, lost=0))
    writer.seal()
    names = [PartName.of(path.name) for path in sealed_in(tmp_path)]
    assert [name.part for name in names if name] == [0, 1]
    assert writer.parts == 2


@pytest.mark.parametrize("name", ["a.warc.gz", "quang_tri.x.0.ab.warc.gz", "Quảng.1.0001." + "0" * 32 + ".warc.gz", "../" + "0" * 32])
def test_other_files_are_no_parts(name: str) -> None:
    assert PartName.of(name) is None


def test_recovered_from_a_kill_at_any_byte(tmp_path: Path) -> None:
    """The records cut anywhere: what was whole is sealed, with the steps that speak of it."""
    write(tmp_path, 2)
    opened, journal = tmp_path / next(tmp_path.glob("*.open")).name, next(tmp_path.glob("*.journal"))
    records, told = opened.read_bytes(), journal.read_bytes()
    opened.unlink()
    journal.unlink()
    for cut in [*range(0, len(records), 37), len(records)]:
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / opened.name).write_bytes(records[:cut])
        (folder / journal.name).write_bytes(told)
        recover(folder)
        assert not [one for one in folder.iterdir() if one.suffix in (".open", ".journal")]
        for path in sealed_in(folder):
            name = PartName.of(path.name)
            assert name is not None
            part = read_part(path, name)
            assert [answer.capture for answer in part.answers] == [capture(number) for number in range(len(part.answers))]
            assert len([step for step in part.steps if step.do == "kept"]) == len(part.answers)
        recover(folder)
        shutil.rmtree(folder)


def test_recovered_when_the_journal_was_cut(tmp_path: Path) -> None:
    write(tmp_path, 2)
    journal = next(tmp_path.glob("*.journal"))
    journal.write_bytes(journal.read_bytes()[:-30])
    assert recover(tmp_path) == 1
    part = read_part(*only(tmp_path))
    assert len(part.answers) == 2
    assert [step.do for step in part.steps] == ["kept", "article", "kept"]


def test_killed_while_sealing(tmp_path: Path) -> None:
    """Between the journal's record and the last name, and between that and the end of the journal's file."""
    write(tmp_path).seal()
    path, name = only(tmp_path)
    whole = path.read_bytes()
    path.rename(tmp_path / f"{name.source}.{name.job}.0000.warc.gz.open")
    assert recover(tmp_path) == 1
    assert only(tmp_path)[0].read_bytes() == whole
    (tmp_path / f"{name.source}.{name.job}.0000.journal").write_bytes(head_line(HEAD))
    assert recover(tmp_path) == 0
    assert only(tmp_path)[0].read_bytes() == whole
    assert not list(tmp_path.glob("*.journal"))


def test_begun_and_nothing_happened(tmp_path: Path) -> None:
    write(tmp_path, 0)
    assert recover(tmp_path) == 0
    assert not list(tmp_path.iterdir())


def test_a_turned_bit_is_noticed(tmp_path: Path) -> None:
    write(tmp_path).seal()
    path, name = only(tmp_path)
    data = bytearray(path.read_bytes())
    path.chmod(0o644)
    for place in range(0, len(data), 97):
        data[place] ^= 16
        path.write_bytes(data)
        with pytest.raises(PartDamaged, match="digest"):
            read_part(path, name)
        data[place] ^= 16
    path.write_bytes(data[:-5])
    with pytest.raises(PartDamaged, match="digest"):
        read_part(path, name)


def test_a_part_of_another_crawl_is_not_believed(tmp_path: Path) -> None:
    write(tmp_path).seal()
    path, name = only(tmp_path)
    other = PartName("ha_tinh", name.job, name.part, name.digest)
    with pytest.raises(PartDamaged, match="another crawl"):
        read_part(path, other)


TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@given(TEXT, TEXT, st.none() | TEXT)
def test_a_step_comes_back_as_it_was(url: str, detail: str, key: str | None) -> None:
    step = Step("failed", "2026-11-26T05:12:01Z", url=url, detail=detail, kind="unreachable", key=key)
    data = head_line(HEAD) + step_line(step)
    assert read_journal(data) == (HEAD, [step])
    for cut in range(len(head_line(HEAD)), len(data)):
        assert whole_lines(data[:cut]) == head_line(HEAD)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (head_line(HEAD).replace(b'"version":1', b'"version":2'), "Upgrade"),
        (b'{"version":1}\n', "names no job"),
        (head_line(HEAD) + b'{"do":"delete","at":"x"}\n', "no step"),
        (head_line(HEAD) + b'{"do":"failed","at":"x","sql":"x"}\n', "no step"),
        (head_line(HEAD) + b"[1]\n", "no object"),
    ],
)
def test_what_is_no_journal_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(JournalUnreadable, match=words):
        read_journal(data)
