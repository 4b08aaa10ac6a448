"""A page that takes too long or too much memory fails alone: the next one is read."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from dataclasses import replace

import pytest

from scraper.cms.family import Family
from scraper.fetch.child import NoProcess
from scraper.fetch.reader import Reader
from scraper.items import Capture, Problem, Reading

CAPTURE = Capture("https://cong.gov.vn/", "2026-11-22T00:00:00Z", 200, (), b"")


class Slow(Family):
    """Reads for ever."""

    @classmethod
    def read(cls, capture: Capture) -> Reading:
        time.sleep(60)
        return Reading()


class Greedy(Family):
    """Takes two gigabytes."""

    @classmethod
    def read(cls, capture: Capture) -> Reading:
        return Reading(rank=len(bytearray(2 << 30)))


class Good(Family):
    """Reads."""

    @classmethod
    def read(cls, capture: Capture) -> Reading:
        return Reading(rank=7)


class Deadly(Family):
    """Ends its process, as a fault of a parser in C does."""

    @classmethod
    def read(cls, capture: Capture) -> Reading:
        os._exit(11)


class Echo(Family):
    """Says how much it was given."""

    @classmethod
    def read(cls, capture: Capture) -> Reading:
        return Reading(rank=len(capture.body))


class Verbose(Family):
    """Says as much as it was given."""

    @classmethod
    def read(cls, capture: Capture) -> Reading:
        return Reading(rank=len(capture.body), problems=(Problem("long", "x" * len(capture.body)),))


class Patient(Family):
    """Takes a moment."""

    @classmethod
    def read(cls, capture: Capture) -> Reading:
        time.sleep(1)
        return Reading(rank=9)


def test_limits() -> None:
    async def read_all() -> list[Reading]:
        with Reader(seconds=3) as reader:
            return [await reader.read(family, CAPTURE) for family in (Good, Slow, Greedy, Good)]

    first, slow, greedy, last = asyncio.run(read_all())
    assert first.rank == last.rank == 7
    assert [problem.kind for problem in slow.problems] == ["too_heavy"]
    assert "3 seconds" in slow.problems[0].detail
    assert [problem.kind for problem in greedy.problems] == ["too_heavy"]


def test_a_page_that_ends_the_process_fails_alone() -> None:
    async def read_all() -> list[Reading]:
        with Reader(seconds=10) as reader:
            return [await reader.read(family, CAPTURE) for family in (Deadly, Good)]

    deadly, good = asyncio.run(read_all())
    assert [problem.kind for problem in deadly.problems] == ["too_heavy"]
    assert good.rank == 7


def test_pages_asked_for_at_once_get_their_own_answers() -> None:
    """Also large ones, and after one whose asker went away while it was read."""
    sizes = [0, 1, 7 << 20, 3, 70_000, 5]

    async def read_all() -> list[int]:
        with Reader(seconds=10) as reader:
            given_up = asyncio.ensure_future(reader.read(Slow, CAPTURE))
            await asyncio.sleep(2)
            given_up.cancel()
            readings = await asyncio.gather(*(reader.read(Echo, replace(CAPTURE, body=bytes(size))) for size in sizes))
        return [reading.rank for reading in readings]

    assert asyncio.run(read_all()) == sizes


def test_a_stop_of_the_service_is_the_crawlers_business() -> None:
    """Signals go to all processes of a service or terminal; the page that is being read is still read."""

    async def read() -> Reading:
        with Reader(seconds=10) as reader:
            await reader.read(Good, CAPTURE)
            reading = asyncio.ensure_future(reader.read(Patient, CAPTURE))
            await asyncio.sleep(0.3)
            (child,) = multiprocessing.active_children()
            assert child.pid is not None
            os.kill(child.pid, signal.SIGTERM)
            os.kill(child.pid, signal.SIGINT)
            return await reading

    assert asyncio.run(read()).rank == 9
    assert not multiprocessing.active_children()


def test_the_next_page_is_read_while_the_loop_is_busy_with_the_last() -> None:
    async def read_both() -> float:
        with Reader() as reader:
            await reader.read(Good, CAPTURE)
            first, second = (asyncio.ensure_future(reader.read(Patient, CAPTURE)) for _ in range(2))
            await first
            time.sleep(1.5)  # as when a page is stored
            began = time.monotonic()
            assert (await second).rank == 9
            return time.monotonic() - began

    assert asyncio.run(read_both()) < 0.5


def test_those_in_line_behind_a_page_beyond_the_limits_are_read() -> None:
    async def read_all() -> list[Reading]:
        with Reader(seconds=3) as reader:
            families = (Slow, Good, Deadly, Good, Greedy, Good)
            return await asyncio.gather(*(reader.read(family, CAPTURE) for family in families))

    readings = asyncio.run(read_all())
    assert [reading.rank for reading in readings[1::2]] == [7, 7, 7]
    assert [[problem.kind for problem in reading.problems] for reading in readings[::2]] == [["too_heavy"]] * 3


def test_an_answer_that_came_while_the_loop_stood_still_is_in_time() -> None:
    async def read() -> Reading:
        with Reader(seconds=2) as reader:
            await reader.read(Good, CAPTURE)
            reading = asyncio.ensure_future(reader.read(Patient, CAPTURE))
            await asyncio.sleep(0.2)
            time.sleep(3)  # a disk that takes its time
            return await reading

    assert asyncio.run(read()).rank == 9


def test_a_child_that_ends_between_pages_is_no_pages_fault() -> None:
    async def read_both() -> list[Reading]:
        with Reader(seconds=10) as reader:
            before = await reader.read(Good, CAPTURE)
            (child,) = multiprocessing.active_children()
            child.kill()
            child.join()
            await asyncio.sleep(0.2)
            return [before, await reader.read(Good, CAPTURE)]

    assert [reading.rank for reading in asyncio.run(read_both())] == [7, 7]


def test_a_long_answer_that_is_still_coming_is_in_time() -> None:
    async def read() -> Reading:
        with Reader(seconds=2) as reader:
            await reader.read(Good, CAPTURE)
            reading = asyncio.ensure_future(reader.read(Verbose, replace(CAPTURE, body=bytes(2 << 20))))
            await asyncio.sleep(0)
            time.sleep(3)  # it fills the socket and goes on when somebody listens
            return await reading

    assert asyncio.run(read()).rank == 2 << 20


def test_where_no_process_is_to_be_had_all_who_wait_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def read_all() -> list[Reading | BaseException]:
        with Reader(seconds=10) as reader:
            await reader.read(Good, CAPTURE)
            waiting = [asyncio.ensure_future(reader.read(family, CAPTURE)) for family in (Deadly, Good, Good)]
            await asyncio.sleep(0)
            with monkeypatch.context() as patched:
                patched.setattr("scraper.fetch.line.Child", none_left)
                found = await asyncio.gather(*waiting, return_exceptions=True)
                found += await asyncio.gather(reader.read(Good, CAPTURE), return_exceptions=True)
            return [*found, await reader.read(Good, CAPTURE)]

    def none_left() -> None:
        raise NoProcess("no process could be started")

    deadly, *others, last = asyncio.run(read_all())
    assert isinstance(deadly, Reading)
    assert [type(other) for other in others] == [NoProcess] * 3
    assert isinstance(last, Reading) and last.rank == 7
