"""A page that takes too long or too much memory fails alone: the next one is read."""

from __future__ import annotations

import asyncio
import time

from scraper.cms.family import Family
from scraper.fetch.reader import Reader
from scraper.items import Capture, Reading

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


def test_limits() -> None:
    async def read_all() -> list[Reading]:
        with Reader(seconds=3) as reader:
            return [await reader.read(family, CAPTURE) for family in (Good, Slow, Greedy, Good)]

    first, slow, greedy, last = asyncio.run(read_all())
    assert first.rank == last.rank == 7
    assert [problem.kind for problem in slow.problems] == ["too_heavy"]
    assert "3 seconds" in slow.problems[0].detail
    assert [problem.kind for problem in greedy.problems] == ["too_heavy"]
