"""Pages are read in the order they were asked for, while others are stored; one that exceeds the limits fails alone."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.cms.family import Family
from scraper.fetch.ahead import ReadAhead
from tests.fetch.test_reader import CAPTURE, Deadly, Echo, Good, Greedy, Patient, Slow, Verbose

ROOT = Path(__file__).resolve().parents[2]


def test_in_order_whatever_is_waited_for_first() -> None:
    with ReadAhead() as reader:
        waiting = [reader.begin(Echo, replace(CAPTURE, body=bytes(size))) for size in range(20)]
        assert waiting[13].reading().rank == 13
        assert [one.reading().rank for one in waiting] == list(range(20))
    assert not multiprocessing.active_children()


def test_the_child_reads_while_something_else_is_done() -> None:
    with ReadAhead() as reader:
        assert reader.read(Good, CAPTURE).rank == 7
        waiting = [reader.begin(Patient, CAPTURE) for _ in range(2)]
        time.sleep(2.5)
        began = time.monotonic()
        assert [one.reading().rank for one in waiting] == [9, 9]
        assert time.monotonic() - began < 1


def test_more_than_the_socket_holds_both_ways() -> None:
    sizes = [7 << 20, 1, 5 << 20, 0, 6 << 20, 300_000]
    with ReadAhead() as reader:
        waiting = [reader.begin(Verbose, replace(CAPTURE, body=bytes(size))) for size in sizes]
        assert [one.reading().rank for one in waiting] == sizes
        assert [len(one.reading().problems[0].detail) for one in waiting] == sizes


@pytest.mark.parametrize("family", [Slow, Greedy, Deadly])
def test_a_page_beyond_the_limits_fails_alone(family: type[Family]) -> None:
    with ReadAhead(seconds=3) as reader:
        before, bad, *after = [reader.begin(one, CAPTURE) for one in (Good, family, Good, Good)]
        assert [one.reading().rank for one in after] == [7, 7]
        assert before.reading().rank == 7
        assert [problem.kind for problem in bad.reading().problems] == ["too_heavy"]
        assert reader.read(Good, CAPTURE).rank == 7


def test_closed_over_what_was_not_waited_for() -> None:
    with ReadAhead() as reader:
        reader.begin(Slow, CAPTURE)
    assert not multiprocessing.active_children()
    reader.close()
    assert reader.read(Good, CAPTURE).rank == 7
    reader.close()


def test_nothing_is_started_for_nothing() -> None:
    with ReadAhead():
        assert not multiprocessing.active_children()


def test_who_forgets_to_close_it_can_still_end() -> None:
    script = "\n".join(
        (
            "from scraper.fetch.ahead import ReadAhead",
            "from tests.fetch.test_reader import CAPTURE, Good, Slow",
            "if __name__ == '__main__':",
            "    reader = ReadAhead()",
            "    print(reader.read(Good, CAPTURE).rank)",
            "    reader.begin(Slow, CAPTURE)",
        )
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=40, check=True)
    assert done.stdout == "7\n"
