"""A full or failing disk: one clear line, its own exit code, no traceback; with room again the next crawl leaves it whole."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.lab import SCRAPY, Fault, Lab, Run, crawl_arguments, shell

FULL = 8
FAILED = 9
FULL_NOW, FULL_FROM = "error=ENOSPC", "error=ENOSPC+"
FAILS_NOW, FAILS_FROM = "error=EIO", "error=EIO+"


def fault(call: str, when: int, how: str) -> Fault:
    """``how`` with a plus: this call and all after it."""
    return Fault(call, f"{when}+" if how.endswith("+") else when, how.rstrip("+"))


def stopped_plainly(run: Run, codes: tuple[int, ...]) -> None:
    assert "Traceback" not in run.err + run.out, run.err[-1500:]
    assert run.code in codes, f"exit code {run.code} and not one of {codes}: {run.err[-600:]}"
    if run.code:
        said = run.complaints
        assert said.startswith("scrapy crawl: ") and said.count("\n") == 1, f"not one line: {said[-1500:]}"


def codes_of(fault: Fault) -> tuple[int, ...]:
    """What a crawl may answer. 0: the fault met the closing of the database, whose log is whole and is folded in the next time."""
    if "EIO" in fault.what:
        return (0, FAILED)
    # What is full from now on can not be rolled back either, and SQLite calls that a failure; so it does any call but a write.
    return (0, FULL) if fault.call in ("pwrite64", "write") and isinstance(fault.when, int) else (0, FULL, FAILED)


def break_crawls(lab: Lab, name: str, faults: list[Fault]) -> None:
    stopped = set()

    def break_it(fault: Fault, archive: Path) -> bool:
        run = lab.crawl(archive, fault)
        stopped.add(run.code)
        stopped_plainly(run, codes_of(fault))
        return True

    lab.each(name, faults, break_it).check()
    assert stopped & {FULL, FAILED}, "no fault was noticed"


@pytest.mark.usefixtures("strace")
def test_writes_fail_here_and_there(lab: Lab) -> None:
    """A sample of those below, for every run of the tests."""
    faults = [fault("pwrite64", when, FULL_FROM) for when in (2, 181, 400)] + [fault("pwrite64", 300, FAILS_NOW)]
    faults += [fault("fdatasync", when, FAILS_NOW) for when in (1, 14, 21)]
    faults += [fault("write", 1, FULL_NOW), fault("ftruncate", 1, FAILS_NOW), fault("fsync", 1, FAILS_NOW)]
    break_crawls(lab, "crawl with failing writes here and there", faults)


@pytest.mark.slow
@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize(
    ("call", "how", "step", "last"),
    [
        ("pwrite64", FULL_FROM, 16, 800),
        ("pwrite64", FULL_NOW, 24, 800),
        ("pwrite64", FAILS_NOW, 19, 800),
        ("pwrite64", FAILS_FROM, 60, 800),
        ("fdatasync", FAILS_NOW, 1, 60),
        ("fdatasync", FAILS_FROM, 4, 60),
        ("fdatasync", FULL_NOW, 4, 60),
        ("fsync", FAILS_NOW, 1, 5),
        ("fsync", FULL_FROM, 1, 5),
        ("ftruncate", FAILS_NOW, 1, 5),
        ("ftruncate", FULL_FROM, 1, 5),
        ("unlink", FAILS_NOW, 1, 4),
        ("mkdir", FULL_NOW, 1, 3),
    ],
)
def test_calls_fail(lab: Lab, call: str, how: str, step: int, last: int) -> None:
    faults = [fault(call, when, how) for when in range(1, last + 1, step)]
    stopped: list[int] = []

    def break_it(fault: Fault, archive: Path) -> bool:
        run = lab.crawl(archive, fault)
        stopped.append(run.code)
        stopped_plainly(run, codes_of(fault))
        return True

    lab.each(f"crawl with {how} at {call}", faults, break_it).check()
    if call in ("pwrite64", "fdatasync"):
        assert sum(code != 0 for code in stopped) > len(stopped) * 0.8, f"faults that were not noticed: {stopped}"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    if os.geteuid() != 0:
        pytest.skip("not root: no tmpfs can be mounted")
    folder = tmp_path / "đĩa nhỏ"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no tmpfs can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def grow(folder: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=True)


@pytest.mark.parametrize("size", ["1m", "60k"])
def test_full_disk(lab: Lab, small_disk: Path, size: str) -> None:
    grow(small_disk, size)
    archive = small_disk / "1" / "kho" / "archive.db"
    outside = lab.fresh()
    archive.parent.mkdir(parents=True)
    stopped_plainly(lab.run(outside, crawl_arguments(lab.url, archive), floor=False), (FULL,))
    grow(small_disk, "400m")
    lab.resume(archive)


def test_disk_floor_stops_the_command(lab: Lab, small_disk: Path) -> None:
    """The command as it is typed, with less room than is kept free."""
    archive = small_disk / "1" / "kho" / "archive.db"
    archive.parent.mkdir(parents=True)
    run = shell([str(SCRAPY), *crawl_arguments(lab.url, archive)])
    stopped_plainly(run, (FULL,))
    grow(small_disk, "400m")
    lab.resume(archive)


@pytest.mark.parametrize("kilobytes", [100, 700])
def test_limit_of_file_size(lab: Lab, kilobytes: int) -> None:
    archive = lab.fresh()
    stopped_plainly(lab.crawl(archive, file_size=kilobytes * 1024), (FULL, FAILED))
    lab.resume(archive)


def test_ulimit_stops_the_command(lab: Lab) -> None:
    archive = lab.fresh()
    run = shell(["bash", "-c", 'ulimit -f 300 && exec "$@"', "bash", str(SCRAPY), *crawl_arguments(lab.url, archive)])
    stopped_plainly(run, (FULL, FAILED))
    lab.resume(archive)
