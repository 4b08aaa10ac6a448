"""How often a portal publishes, learned from what it has published: when to crawl it again, and when its silence means something.

Pure functions over days and times; the archive's rows and the clock are the callers' business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from statistics import median

from scraper.extract.dates import VIETNAM

SHORTEST = timedelta(hours=6)
LONGEST = timedelta(days=7)
"""Bounds of the time between two crawls: a busy portal's front page turns over within a day, a quiet one is looked at weekly."""
UNKNOWN = timedelta(days=1)
"""Between crawls of a portal of which too little is known."""
LOOK_BACK = timedelta(days=180)
FEWEST = 8
"""Days of publication from which a rhythm is taken for one."""
SILENT_UNKNOWN = 60
"""Days of silence that are worth a look where no rhythm is known."""
BACK_OFF = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
"""After a crawl that went badly; the last step repeats."""

# The first day of the lunar year (Tết Nguyên đán). Offices close from about two days before to five days after; the state sets
# the days anew each year, so one more on both sides is taken.
TET = tuple(
    date.fromisoformat(day)
    for day in (
        "2015-02-19", "2016-02-08", "2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01",
        "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03",
        "2031-01-23", "2032-02-11", "2033-01-31", "2034-02-19", "2035-02-08",
    )
)  # fmt: skip
TET_BEFORE, TET_AFTER = 3, 6
# Ngày Giải phóng, Quốc tế Lao động, Quốc khánh, New Year: (month, day).
HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2), (9, 3)})


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether Vietnamese offices work: no weekend, no Tết, no national holiday. Past the table, Tết is not known."""
    if day.weekday() >= 5 or (day.month, day.day) in HOLIDAYS:
        return False
    return not any(-TET_BEFORE <= (day - first).days <= TET_AFTER for first in TET)


def working_days(after: date, until: date) -> int:
    """Working days after one day, up to and with another; 0 when that is not later."""
    return sum(is_working_day(after + timedelta(days=step)) for step in range(1, (until - after).days + 1))


def crawl_pace(published: Sequence[date], today: date) -> timedelta:
    """The time between two crawls: half of the usual time between two days of publication, within the bounds."""
    days = sorted({day for day in published if today - LOOK_BACK <= day <= today})
    if not days:
        return LONGEST if published else UNKNOWN
    if len(days) < 3:
        return UNKNOWN
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    usual = timedelta(days=median(gaps)) / 2
    return min(max(usual, SHORTEST), LONGEST)


def longest_silence(published: Sequence[date], today: date) -> int | None:
    """The longest run of working days without news in the last half year; None when too few days are known."""
    days = sorted({day for day in published if today - LOOK_BACK <= day <= today})
    if len(days) < FEWEST:
        return None
    return max(max(working_days(earlier, later) for earlier, later in pairwise(days)), 1)


@dataclass(frozen=True, slots=True)
class Silence:
    """How long a portal has been silent, against what is usual: both in working days (``working``), or in days where none is usual."""

    since: date
    elapsed: int
    allowed: int
    working: bool = False

    @property
    def is_too_long(self) -> bool:
        """Whether a person should look: one working day more than ever lately."""
        return self.elapsed > self.allowed


def silence(published: Sequence[date], today: date, *, declared: int | None = None) -> Silence | None:
    """The silence of a portal as it is known of a day; ``declared``: the days it may be silent by its own declaration.

    None when it never spoke.
    """
    if not published:
        return None
    newest = max(published)
    if declared is not None:
        return Silence(newest, (today - newest).days, declared)
    usual = longest_silence(published, newest)
    if usual is None:
        return Silence(newest, (today - newest).days, SILENT_UNKNOWN)
    return Silence(newest, working_days(newest, today), usual, working=True)


OFFICES_CLOSE = 17
"""The hour in Việt Nam after which little is published."""


def known_of(looked_at: datetime) -> date:
    """The last day of which a look at a portal tells all its news: a look in the morning tells those of the day before."""
    local = looked_at.astimezone(VIETNAM)
    return local.date() if local.hour >= OFFICES_CLOSE else local.date() - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LastCrawl:
    """How the last crawl of a portal ended; ``failures``: crawls in a row that went badly, it included."""

    finished_at: datetime
    failures: int = 0
    not_before: datetime | None = None


def next_crawl(last: LastCrawl | None, pace: timedelta, now: datetime) -> datetime:
    """When a portal is to be crawled next; ``now`` for one that never was.

    A crawl that seems to have ended in the future (the clock was set back) says nothing of when: it is made again now.
    """
    if last is None:
        return now
    wait = BACK_OFF[min(last.failures, len(BACK_OFF)) - 1] if last.failures else pace
    at = now if last.finished_at > now + SHORTEST else last.finished_at + wait
    return max(at, last.not_before) if last.not_before else at


def day_of(published_at: str) -> date:
    """The day of a stored ``published_at``: as printed, never moved to UTC."""
    return date.fromisoformat(published_at[:10])


def moment(stored: str) -> datetime:
    """A stored UTC time (``…Z``) as an aware one."""
    return datetime.strptime(stored, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
