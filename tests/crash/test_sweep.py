"""Killed at a call, any call: the next crawl leaves nothing lost, doubled or torn."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path

import pytest

from scraper.portal import portals
from tests.crash import pages
from tests.crash.lab import CALLS, KILLED, PORTAL, SCRAPY, Fault, Lab, crawl_arguments, shell, strace_command
from tests.crash.whole import whole

ARTICLES = 12

pytestmark = pytest.mark.usefixtures("strace")


def test_killed_here_and_there(lab: Lab) -> None:
    """A sample of the sweep below, for every run of the tests."""
    faults = [Fault("pwrite64", when) for when in range(2, 780, 71)]
    faults += [Fault("fdatasync", when) for when in range(1, 59, 11)]
    faults += [Fault("ftruncate", when) for when in (1, 2)] + [Fault("fsync", 1), Fault("unlink", 1), Fault("write", 1)]

    def kill(fault: Fault, archive: Path) -> bool:
        assert lab.crawl(archive, fault).code == KILLED
        return True

    lab.each("crawl killed here and there", faults, kill).check()


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
def test_crawl_killed_at_every_call(lab: Lab, opened: Path, call: str) -> None:
    lab.sweep(call, partial(crawl_arguments, lab.url), before=opened).check()


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
def test_first_opening_killed_at_every_call(lab: Lab, call: str) -> None:
    def mend(archive: Path) -> None:
        lab.resume(archive)
        if int(archive.parent.parent.name) % 4 == 0:
            lab.verify(archive)

    lab.sweep(call, lambda archive: ["@open", str(archive)], mend=mend).check()


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS)
def test_replay_killed(lab: Lab, call: str, tmp_path: Path) -> None:
    """At every call of the rarer kinds, at every fifth write of a page; replayed again after it."""
    file = tmp_path / "handed_in.warc.gz"
    pages.write_warc(file, portals()[PORTAL], ARTICLES)
    step = 5 if call == "pwrite64" else 1
    lab.sweep(call, partial(replay_arguments, file), step=step, mend=partial(replayed_again, lab, file)).check()


def test_replay_killed_here_and_there(lab: Lab, tmp_path: Path) -> None:
    """Around the step from captures stored to captures read."""
    file = tmp_path / "handed_in.warc.gz"
    pages.write_warc(file, portals()[PORTAL], ARTICLES)

    def kill(when: int, archive: Path) -> bool:
        assert lab.run(archive, replay_arguments(file, archive), Fault("fdatasync", when)).code == KILLED
        return True

    lab.each("replay killed here and there", range(10, 17), kill, partial(replayed_again, lab, file)).check()


def replay_arguments(file: Path, archive: Path) -> list[str]:
    return ["replay", PORTAL, str(file), "--db", str(archive)]


def replayed_again(lab: Lab, file: Path, archive: Path) -> None:
    run = lab.run(archive, replay_arguments(file, archive))
    assert run.code == 0 and not run.complaints, f"replayed again: {run.code} {run.err[-1500:]}"
    whole(archive, pages.truth(portals()[PORTAL], ARTICLES), crawled=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "step"), [("pwrite64", 40), ("fdatasync", 5), ("ftruncate", 1), ("fsync", 1), ("unlink", 1), ("write", 1)]
)
def test_command_killed_at_every_so_many_calls(lab: Lab, call: str, step: int) -> None:
    """The command as a person types it, with its reader process; the warm one above is killed at every single call."""

    def kill(when: int, archive: Path) -> bool:
        run = shell(
            [*strace_command(Fault(call, when, only_lock=call == "write"), archive), str(SCRAPY), *crawl_arguments(lab.url, archive)]
        )
        assert run.code in (KILLED, 0), f"ended with {run.code}: {run.err[-1500:]}"
        return run.code == KILLED

    lab.each(f"scrapy crawl killed at {call}", itertools.count(1, step), kill).check()
