"""Where portals are slow, two workers do nearly twice as much as one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.workers.field import Field, one_at_a_time, wait_until

DELAY = 0.6
RATIO = 1.7


def seconds(folder: Path, workers: int) -> float:
    """From the first question to the last answer of four slow portals; each worker crawls one at a time."""
    folder.mkdir()
    with Field(folder, articles=12) as field:
        field.everywhere("delay", seconds=DELAY)
        started = [field.worker(f"w{number}", at_once=1) for number in range(workers)]
        wait_until(lambda: all("takes up to" in worker.said for worker in started))
        keeper = field.keeper(folder / "kept" / "archive.db", "--once", "--now")
        assert keeper.wait(180) == 0, keeper.said
        logs = [field.requests(portal) for portal in field.portals]
        for log in logs:
            one_at_a_time(log, DELAY)
        asked_by = [{one["headers"]["user-agent"] for one in log} for log in logs]
        assert [len(names) for names in asked_by] == [1] * 4
        return max(log[-1]["at"] for log in logs) - min(_began(log) for log in logs)


def _began(log: list[dict[str, object]]) -> float:
    at = log[0]["at"]
    assert isinstance(at, float)
    return at - DELAY


@pytest.mark.slow
def test_two_workers_do_nearly_twice_as_much(tmp_path: Path) -> None:
    one, two = seconds(tmp_path / "one", 1), seconds(tmp_path / "two", 2)
    print(f"\none worker {one:.1f} s, two {two:.1f} s: {one / two:.2f} times as fast", file=sys.stderr)
    assert one / two >= RATIO
