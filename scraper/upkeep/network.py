"""All sources together: when hardly any portal answers, it is our own network, and no portal's trouble. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from scraper.upkeep.health import LATE, Health, Trouble, examine
from scraper.upkeep.sources import CrawlRow, SourceState

FEWEST = 3
"""Portals without an answer from which the network may be to blame."""
NEARLY_ALL = 0.9
"""Of the crawls that ended since the first failed."""


def examine_all(states: Iterable[SourceState], now: datetime) -> list[Health]:
    """Judge each source; those that our own network cuts off are told as that, and raise no alarm of their own."""
    found = [examine(state, now) for state in states]
    silent = {one.state.name: one for one in found if one.state.failures and any(trouble.kind == "unreachable" for trouble in one.troubles)}
    answered = [_answers(one.state, 0 if one.state.name not in silent else one.state.failures) for one in found]
    # The earliest moment from which nothing but failures came.
    for first in sorted((_first_failed(one.state) for one in silent.values()), key=lambda crawl: crawl.started_at):
        cut = [one for one in silent.values() if _first_failed(one.state).started_at >= first.started_at]
        if len(cut) < FEWEST or not _is_network(first, len(cut), answered):
            continue
        grave = any(one.state.failures > 1 for one in cut) or now - first.started_at >= LATE
        trouble = Trouble("own_network", f"{len(cut)} portals do not answer, and hardly any does", first.started_at, grave)
        names = {one.state.name for one in cut}
        return [_blamed(one, trouble) if one.state.name in names else one for one in found]
    return found


def cut_off(found: Iterable[Health]) -> dict[str, Trouble]:
    """The sources that our own network cuts off."""
    return {one.state.name: trouble for one in found for trouble in one.troubles if trouble.kind == "own_network"}


def _is_network(first: CrawlRow, cut: int, answered: list[list[datetime]]) -> bool:
    """Hardly any answered after the first had failed, and no more than failed since it began: they may have answered just before."""
    since_begun = sum(any(at >= first.started_at for at in times) for times in answered)
    since_failed = sum(any(at > (first.finished_at or first.started_at) for at in times) for times in answered)
    return cut >= NEARLY_ALL * (cut + since_failed) and cut >= since_begun


def _answers(state: SourceState, failures: int) -> list[datetime]:
    """When crawls ended that had an answer: all but the last ``failures``."""
    return [crawl.finished_at for crawl in state.finished[failures:] if crawl.finished_at]


def _first_failed(state: SourceState) -> CrawlRow:
    return state.finished[state.failures - 1]


def _blamed(health: Health, trouble: Trouble) -> Health:
    """The source with the network's trouble in place of its own; what else it suffers stays."""
    rest = tuple(one for one in health.troubles if one.kind != "unreachable")
    return replace(health, status="alarm" if any(one.grave for one in rest) else "watch", troubles=(trouble, *rest))
