"""The power fails: what was not synced may be lost, half there or zeros. The database never points past what a segment has."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.crash.lab import KILLED, Fault, Lab, crawl_arguments
from tests.crash.power import KEPT, Disk, State, trace_arguments

WAL_HEADER = 32
FRAME_HEADER = 24

pytestmark = pytest.mark.usefixtures("strace")


def committed_end(archive: Path) -> tuple[Path, int]:
    """The open segment and what the database says of it. Read from a copy, so that the log stays as it is."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as connection:
        file, end = connection.execute("SELECT file, committed_end FROM segments").fetchone()
    return archive.parent / file, end


def log_end(archive: Path) -> tuple[Path, int]:
    """The log, and where its last commit ends."""
    wal = archive.with_name("archive.db-wal")
    data = wal.read_bytes()
    (page,) = struct.unpack(">I", data[8:12])
    salts = data[16:24]
    end = WAL_HEADER
    for start in range(WAL_HEADER, len(data) - FRAME_HEADER - page + 1, FRAME_HEADER + page):
        if data[start + 8 : start + 16] != salts:
            break
        if struct.unpack(">I", data[start + 4 : start + 8])[0]:
            end = start + FRAME_HEADER + page
    return wal, end


TAILS: dict[str, Callable[[bytes], bytes]] = {
    "lost": lambda tail: b"",
    "one byte of it": lambda tail: tail[:1],
    "half of it": lambda tail: tail[: len(tail) // 2],
    "all but a byte": lambda tail: tail[:-1],
    "zeros": lambda tail: bytes(len(tail)),
    "half zeros": lambda tail: tail[: len(tail) // 2] + bytes(len(tail) - len(tail) // 2),
    "junk": lambda tail: (b"\x1f\x8b\x08rubbish" * 600)[: len(tail) + 3000],
}


@pytest.fixture(scope="module")
def tail_of_segment(lab: Lab) -> Path:
    """The folder of a crawl killed between the sync of a record and the commit of its row."""
    for when in range(12, 40):  # records, rows and checkpoints share the count, in an order that a busy machine changes
        archive = lab.fresh()
        assert lab.crawl(archive, Fault("fdatasync", when)).code == KILLED
        segment, end = committed_end(archive)
        if segment.stat().st_size > end:
            return archive.parent
    raise AssertionError("no kill left a record without its row")


@pytest.fixture(scope="module")
def tail_of_log(lab: Lab) -> Path:
    """The folder of a crawl killed half way through the frames of a transaction."""
    for when in range(310, 340):
        archive = lab.fresh()
        assert lab.crawl(archive, Fault("pwrite64", when)).code == KILLED
        wal, end = log_end(archive)
        if wal.stat().st_size - end > 8000:
            return archive.parent
    raise AssertionError("no kill left a transaction half written")


@pytest.mark.parametrize("tail", ["lost", "half of it", "zeros", "junk"])
def test_tail_of_segment(lab: Lab, tail_of_segment: Path, tail: str) -> None:
    archive = lab.copy(tail_of_segment)
    segment, end = committed_end(archive)
    data = segment.read_bytes()
    segment.write_bytes(data[:end] + TAILS[tail](data[end:]))
    lab.resume(archive)


@pytest.mark.parametrize("tail", ["lost", "half of it", "junk"])
def test_tail_of_log(lab: Lab, tail_of_log: Path, tail: str) -> None:
    archive = lab.copy(tail_of_log)
    wal, end = log_end(archive)
    data = wal.read_bytes()
    wal.write_bytes(data[:end] + TAILS[tail](data[end:]))
    archive.with_name("archive.db-shm").unlink()
    lab.resume(archive)


@dataclass(frozen=True, slots=True)
class Loss:
    """One way in which the power may fail, and what is left then."""

    name: str
    left: State = field(repr=False)


@pytest.mark.slow
def test_only_what_was_synced_is_kept(lab: Lab, tmp_path: Path) -> None:
    """At every sync of a whole crawl, everything since the syncs before lost, half there or of zeros."""
    log = tmp_path / "calls"
    archive = lab.fresh()
    assert lab.run(archive, crawl_arguments(lab.url, archive), strace=trace_arguments(log)).code == 0
    disk = Disk(str(archive.parent))
    states: dict[int, Loss] = {}
    for number, name in enumerate(disk.replay(log)):
        for what, state in disk.states():
            states.setdefault(hash(frozenset(state.items())), Loss(f"before sync {number} of {Path(name).name}: {what}", state))
    cached = {name: bytes(content) for name, content in disk.cached.items()}
    real = {str(path): path.read_bytes() for path in archive.parent.rglob("*") if path.name.endswith(KEPT)}
    assert cached == real, "the log does not tell what the files are"

    def lose(loss: Loss, archive: Path) -> bool:
        disk.write(loss.left, archive.parent)
        return True

    lab.each("power lost", states.values(), lose).check()
