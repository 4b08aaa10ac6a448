"""All sources together: when hardly any portal answers, it is our own network, and no portal's trouble. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from scraper.upkeep.health import LATE, Health, Trouble, examine
from scraper.upkeep.sources import CrawlRow, SourceState

FEWEST = 3
"""Portals without an answer from which the network may be to blame."""
NEARLY_ALL = 0.9
"""Of the portals that were asked meanwhile."""
TOGETHER = timedelta(minutes=10)
"""Crawls that began together fail within this."""


def examine_all(states: Iterable[SourceState], now: datetime) -> list[Health]:
    """Judge each source; those that our own network cut off when they were last asked raise no alarm of their own."""
    found = [examine(state, now) for state in states]
    cut = _cut(found, now)
    lasting = [one for one in found if cut.get(one.state.name)]
    since = min((_first_failed(one.state).started_at for one in lasting), default=now)
    grave = now - since >= LATE or any(one.state.failures > 1 for one in lasting)
    detail = f"{len(cut)} portals did not answer, and hardly any did"
    told = []
    for one in found:
        if (lasts := cut.get(one.state.name)) is None:
            told.append(one)
            continue
        trouble = Trouble("own_network", detail, _first_failed(one.state).started_at, grave and lasts)
        told.append(_blamed(one, trouble, _due_at(one.state, now, lasts=lasts)))
    return told


def due_times(states: Iterable[SourceState], now: datetime) -> list[tuple[datetime, SourceState]]:
    """When each source is to be crawled next: what our own network cut off at once when it is back, however often it was tried."""
    found = [examine(state, now) for state in states]
    cut = _cut(found, now)
    return [(_due_at(one.state, now, lasts=cut.get(one.state.name)), one.state) for one in found]


def _due_at(state: SourceState, now: datetime, *, lasts: bool | None) -> datetime:
    at = state.due_at(now)
    return min(at, max(now, state.not_before or now)) if lasts is False else at


def cut_off(found: Iterable[Health]) -> dict[str, Trouble]:
    """The sources that our own network cuts off."""
    return {one.state.name: trouble for one in found for trouble in one.troubles if trouble.kind == "own_network"}


def _cut(found: list[Health], now: datetime) -> dict[str, bool]:
    """Which sources our own network cut off when they were last asked, and whether it is still cut."""
    crawls = [_ends(one) for one in found]
    silent = [one for one in found if one.state.failures and any(trouble.kind == "unreachable" for trouble in one.troubles)]
    return {one.state.name: lasts for one in silent if (lasts := _is_cut(one.state, crawls, now)) is not None}


def _ends(health: Health) -> list[tuple[datetime, bool]]:
    """When the crawls of a source ended, and whether it did not answer: a portal that shuts us out does."""
    is_silent = any(trouble.kind in ("unreachable", "likely_ended", "asked_to_wait") for trouble in health.troubles)
    answered = 0 if is_silent else health.state.failures
    return [
        (crawl.finished_at, crawl.verdict == "bad" and number >= answered)
        for number, crawl in enumerate(health.state.finished)
        if crawl.finished_at
    ]


def _is_cut(state: SourceState, crawls: list[list[tuple[datetime, bool]]], now: datetime) -> bool | None:
    """Whether the network is still cut that cut this source off; None when it was not the network.

    Of the others as many must have failed as answered since it was first asked, for they may have answered just before, and nearly all
    from its first failure to its last: what it did not answer when others did is its own.
    """
    first, last = _first_failed(state), state.finished[0]
    assert first.finished_at is not None and last.finished_at is not None
    answers = [[at for at, bad in one if not bad] for one in crawls]
    failed = [[at for at, bad in one if bad] for one in crawls]
    later = sum(any(at > last.finished_at for at in one) for one in answers)
    lasts = later <= (1 - NEARLY_ALL) * sum(any(at >= first.started_at for at in one) for one in failed)
    end = now if lasts else last.finished_at + TOGETHER
    cut = sum(any(first.started_at <= at <= end for at in one) for one in failed)
    before = sum(any(first.started_at <= at <= last.finished_at for at in one) for one in answers)
    between = sum(any(first.finished_at < at <= last.finished_at for at in one) for one in answers)
    is_network = cut >= FEWEST and cut >= before and cut >= NEARLY_ALL * (cut + between)
    return lasts if is_network else None


def _first_failed(state: SourceState) -> CrawlRow:
    return state.finished[state.failures - 1]


def _blamed(health: Health, trouble: Trouble, due_at: datetime) -> Health:
    """The source with the network's trouble in place of its own; what else it suffers stays."""
    rest = tuple(one for one in health.troubles if one.kind != "unreachable")
    return replace(health, status="alarm" if any(one.grave for one in rest) else "watch", troubles=(trouble, *rest), due_at=due_at)
