"""Backup, restore and rebuild killed at a call, any call: done again they give all of it, and the archive never suffers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.lab import CALLS, KILLED, Fault, Lab
from tests.crash.whole import whole

MORE_CALLS = (*CALLS, "link", "linkat", "mkdir")
STEP = 5

pytestmark = pytest.mark.usefixtures("strace")


@pytest.fixture(scope="module")
def kept(lab: Lab) -> Path:
    """The folder of an archive with a backup of it."""
    archive = lab.fresh()
    assert lab.crawl(archive).code == 0
    done = lab.run(archive, backup(archive))
    assert done.code == 0, done.err
    return archive.parent


def backup(archive: Path) -> list[str]:
    return ["backup", str(archive.parent / "backups"), "--db", str(archive)]


def rebuild(archive: Path) -> list[str]:
    return ["rebuild", "--replace", "--db", str(archive)]


def restore(archive: Path) -> list[str]:
    (newest, *_) = sorted(archive.parent.glob("backups/*Z"), reverse=True)
    return ["restore", str(newest), "--to", str(archive.parent / "restored")]


def backed_up_again(lab: Lab, archive: Path) -> None:
    whole(archive, lab.truth)
    done = lab.run(archive, backup(archive))
    assert done.code == 0, done.err
    assert not list(archive.parent.glob("backups/*.partial"))
    done = lab.run(archive, restore(archive))
    assert done.code == 0, done.err
    whole(archive.parent / "restored" / "archive.db", lab.truth)


def rebuilt_again(lab: Lab, archive: Path) -> None:
    done = lab.run(archive, rebuild(archive))
    assert done.code == 0, done.err
    whole(archive, lab.truth, crawled=False)
    lab.resume(archive)


def restored_again(lab: Lab, archive: Path) -> None:
    restored = archive.parent / "restored" / "archive.db"
    done = lab.run(archive, restore(archive))
    assert done.code == 0 or (done.code == 2 and "exists already" in done.err), done.err
    whole(restored, lab.truth)


@pytest.mark.slow
@pytest.mark.parametrize("call", MORE_CALLS)
def test_backup_killed(lab: Lab, kept: Path, call: str) -> None:
    step = STEP if call in ("pwrite64", "write") else 1
    lab.sweep(call, backup, step=step, before=kept, mend=lambda archive: backed_up_again(lab, archive)).check()


@pytest.mark.slow
@pytest.mark.parametrize("call", MORE_CALLS)
def test_rebuild_killed(lab: Lab, kept: Path, call: str) -> None:
    step = STEP if call in ("pwrite64", "write") else 1
    lab.sweep(call, rebuild, step=step, before=kept, mend=lambda archive: rebuilt_again(lab, archive)).check()


@pytest.mark.slow
@pytest.mark.parametrize("call", MORE_CALLS)
def test_restore_killed(lab: Lab, kept: Path, call: str) -> None:
    step = STEP if call in ("pwrite64", "write") else 1

    def break_it(when: int, archive: Path) -> bool:
        return lab.run(archive, restore(archive), Fault(call, when)).code == KILLED

    lab.each(
        f"restore killed at {call}", range(1, 10_000, step), break_it, lambda archive: restored_again(lab, archive), before=kept
    ).check()


def test_killed_here_and_there(lab: Lab, kept: Path) -> None:
    """A sample of the sweeps above, for every run of the tests."""
    lab.sweep("rename", backup, before=kept, mend=lambda archive: backed_up_again(lab, archive)).check()
    lab.sweep("rename", rebuild, before=kept, mend=lambda archive: rebuilt_again(lab, archive)).check()
