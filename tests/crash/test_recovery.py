"""Killed while mending, and killed again: recovery can be repeated at any point of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.lab import CALLS, KILLED, Fault, Lab

pytestmark = pytest.mark.usefixtures("strace")


def _tail_and_log(archive: Path, segment: Path) -> None:
    """As the kill left it: a record that no row knows, or a row that nobody read."""


def _half_a_record(archive: Path, segment: Path) -> None:
    data = segment.read_bytes()
    segment.write_bytes(data + data[: len(data) // 3])


def _zeros(archive: Path, segment: Path) -> None:
    segment.write_bytes(segment.read_bytes() + bytes(4096))


def _junk(archive: Path, segment: Path) -> None:
    segment.write_bytes(segment.read_bytes() + b"\x1f\x8b\x08\x00junk" * 400)


def _no_shared_memory(archive: Path, segment: Path) -> None:
    """The index of the log is not kept by a power loss."""
    archive.with_name("archive.db-shm").unlink()


@dataclass(frozen=True)
class Leaving:
    """A crawl of an opened archive killed at this call, or the next one of its kind that leaves things as ``state`` says."""

    call: str
    when: int
    spoil: Callable[[Path, Path], None]
    state: Callable[[Path], bool]


def _ahead(folder: Path) -> bool:
    """A record was written, and no row says so."""
    return any(length > end for end, length in segment_states(folder))


def _unread(folder: Path) -> bool:
    """A row says that something was stored, and not what it was."""
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        return bool(connection.execute("SELECT count(*) FROM captures WHERE outcome IS NULL").fetchone()[0])


def _any(folder: Path) -> bool:
    return any(end > 0 for end, _ in segment_states(folder))


LEAVINGS = {
    "record without row": Leaving("fdatasync", 15, _tail_and_log, _ahead),
    "row not read": Leaving("fdatasync", 15, _tail_and_log, _unread),
    "several pages on": Leaving("pwrite64", 500, _tail_and_log, _any),
    "half a record": Leaving("fdatasync", 32, _half_a_record, _any),
    "zeros": Leaving("fdatasync", 33, _zeros, _any),
    "junk": Leaving("pwrite64", 601, _junk, _any),
    "no shared memory": Leaving("fdatasync", 41, _no_shared_memory, _any),
}


@pytest.fixture(scope="module")
def leavings(lab: Lab, opened: Path) -> dict[str, Path]:
    """Folders of archives that need recovery."""
    out = {}
    for name, leaving in LEAVINGS.items():
        for when in range(leaving.when, leaving.when + 10):
            archive = lab.copy(opened)
            assert lab.crawl(archive, Fault(leaving.call, when)).code == KILLED
            if leaving.state(lab.copy(archive.parent).parent):  # of a copy: who looks into it writes the log into the file
                break
        else:
            pytest.fail(f"no kill left {name}")
        (segment,) = archive.parent.glob("warcs/*/*.warc.gz")
        leaving.spoil(archive, segment)
        out[name] = archive.parent
    return out


def segment_states(folder: Path) -> Iterator[tuple[int, int]]:
    """The committed end and the length of each segment."""
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        for file, end in connection.execute("SELECT file, committed_end FROM segments").fetchall():
            yield end, (folder / file).stat().st_size


def recovery(lab: Lab, archive: Path) -> list[str]:
    return ["@recover", str(archive), lab.url]


def test_recovery_cuts_what_was_never_committed(lab: Lab, leavings: dict[str, Path]) -> None:
    """The folders are what they should be, and one recovery mends each."""
    for name, folder in leavings.items():
        archive = lab.copy(folder)
        run = lab.run(archive, recovery(lab, archive))
        assert run.code == 0 and not run.complaints, (name, run.err)
        assert all(end == length for end, length in segment_states(archive.parent)), name
        with closing(sqlite3.connect(archive)) as connection:
            assert connection.execute("SELECT count(*) FROM captures WHERE outcome IS NULL").fetchone() == (0,), name
        lab.resume(archive)


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", ["record without row", "half a record", "no shared memory"])
def test_recovery_killed_at_every_call(lab: Lab, leavings: dict[str, Path], name: str, call: str) -> None:
    lab.sweep(call, lambda archive: recovery(lab, archive), before=leavings[name]).check()


@pytest.mark.slow
def test_killed_again_and_again(lab: Lab) -> None:
    """Ten crawls in a row are killed ever further on; the eleventh finds everything whole."""

    def kill(step: int, archive: Path) -> bool:
        for turn in range(1, 11):
            run = lab.crawl(archive, Fault("pwrite64", step + 7 * turn))
            assert run.code in (KILLED, 0), run.err
        return True

    lab.each("killed ten times in a row", range(1, 90, 4), kill).check()
