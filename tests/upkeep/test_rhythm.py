"""The rhythm of a portal: crawl pace between bounds, silence counted in working days, back-off after failures."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.upkeep.rhythm import (
    BACK_OFF,
    LONGEST,
    SHORTEST,
    UNKNOWN,
    LastCrawl,
    crawl_pace,
    is_working_day,
    known_of,
    longest_silence,
    next_crawl,
    silence,
    working_days,
)

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


def every(days: int, count: int, last: date = TODAY) -> list[date]:
    return [last - timedelta(days=days * number) for number in range(count)]


@pytest.mark.parametrize(
    ("published", "pace"),
    [
        ([], UNKNOWN),
        (every(1, 2), UNKNOWN),
        (every(1, 60), timedelta(hours=12)),
        (every(4, 30), timedelta(days=2)),
        (every(60, 3), LONGEST),
        ([date(2020, 1, 1)], LONGEST),
        ([TODAY] * 50 + every(0, 50), UNKNOWN),
    ],
)
def test_pace(published: list[date], pace: timedelta) -> None:
    assert crawl_pace(published, TODAY) == pace


@given(st.lists(st.dates(date(2024, 1, 1), date(2028, 1, 1)), max_size=60))
def test_pace_is_within_the_bounds(published: list[date]) -> None:
    assert SHORTEST <= crawl_pace(published, TODAY) <= LONGEST


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-26", True),
        ("2026-11-28", False),
        ("2026-02-17", False),
        ("2026-02-14", False),
        ("2026-02-20", False),
        ("2026-02-24", True),
        ("2026-04-30", False),
        ("2026-09-02", False),
    ],
)
def test_working_days(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


def test_a_week_has_five_working_days() -> None:
    assert working_days(date(2026, 11, 20), date(2026, 11, 27)) == 5
    assert working_days(TODAY, TODAY) == 0
    assert working_days(TODAY, TODAY - timedelta(days=9)) == 0


def offices(last: date, count: int = 40) -> list[date]:
    """A portal that prints something every working day up to a day."""
    days = [last - timedelta(days=step) for step in range(count * 2)]
    return [day for day in days if is_working_day(day)][:count]


@pytest.mark.parametrize(
    ("last", "today", "alarm"),
    [
        ("2026-11-20", "2026-11-22", False),  # a weekend
        ("2026-11-20", "2026-11-23", False),  # Monday may be late
        ("2026-11-20", "2026-11-24", True),
        ("2026-02-13", "2026-02-24", False),  # Tết
        ("2026-02-13", "2026-02-25", True),
    ],
)
def test_silence_of_a_daily_portal(last: str, today: str, alarm: bool) -> None:
    found = silence(offices(date.fromisoformat(last)), date.fromisoformat(today))
    assert found is not None
    assert found.is_too_long is alarm


def test_silence_without_a_rhythm_and_with_a_declaration() -> None:
    assert silence([], TODAY) is None
    ahead = silence([date(2027, 1, 1)], TODAY)
    assert ahead is not None
    assert not ahead.is_too_long
    few = silence([TODAY - timedelta(days=59)], TODAY)
    assert few is not None
    assert not few.is_too_long
    longer = silence([TODAY - timedelta(days=61)], TODAY)
    assert longer is not None
    assert longer.is_too_long
    declared = silence(offices(TODAY - timedelta(days=29)), TODAY, declared=30)
    assert declared is not None
    assert not declared.is_too_long


@pytest.mark.parametrize(
    ("at", "day"), [("2026-11-26T09:59Z", "2026-11-25"), ("2026-11-26T10:00Z", "2026-11-26"), ("2026-11-26T17:00Z", "2026-11-26")]
)
def test_a_look_in_the_morning_tells_of_the_day_before(at: str, day: str) -> None:
    assert known_of(datetime.fromisoformat(at)) == date.fromisoformat(day)


def test_the_longest_silence_is_the_longest_of_the_half_year() -> None:
    assert longest_silence(every(7, 5), TODAY) is None
    assert longest_silence(every(7, 20), TODAY) == 5


@pytest.mark.parametrize(("failures", "wait"), [(1, BACK_OFF[0]), (2, BACK_OFF[1]), (4, BACK_OFF[3]), (9, BACK_OFF[3])])
def test_back_off(failures: int, wait: timedelta) -> None:
    assert next_crawl(LastCrawl(NOW, failures), UNKNOWN, NOW) == NOW + wait


def test_next_crawl() -> None:
    hour = timedelta(hours=1)
    assert next_crawl(None, UNKNOWN, NOW) == NOW
    assert next_crawl(LastCrawl(NOW - hour), UNKNOWN, NOW) == NOW - hour + UNKNOWN
    assert next_crawl(LastCrawl(NOW, not_before=NOW + timedelta(days=3)), UNKNOWN, NOW) == NOW + timedelta(days=3)
    assert next_crawl(LastCrawl(NOW + timedelta(days=400)), UNKNOWN, NOW) == NOW, "the clock was set back: it would never be due"
    assert next_crawl(LastCrawl(NOW + hour), UNKNOWN, NOW) == NOW + hour + UNKNOWN, "by a little"
