"""One counted value with its proof, and one number that no rule could read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Literal

from scraper.analyse.periods import Period
from scraper.analyse.rules import indicators
from scraper.analyse.scope import COUNTRY, PlaceSource, Scope

PeriodSource = Literal["sentence", "previous_sentence", "document", "published"]
_PLACE_WORTH = {"sentence": 1.0, "list": 1.0, "table": 1.0, "context": 0.9, "document": 0.95, "portal": 0.85}
_PERIOD_WORTH = {"sentence": 1.0, "previous_sentence": 0.95, "document": 0.93, "published": 0.8}
_UNKNOWN_PLACE, _UNKNOWN_PERIOD = 0.4, 0.6
_ONLY_THE_COUNTRY_HAS = 10**12


@dataclass(frozen=True, slots=True)
class Observation:
    """One counted value. Offsets are into the text that was read; ``value`` of money is whole đồng."""

    indicator: str
    scope: Scope | None
    place_source: PlaceSource
    value: int | float | None
    high: int | float | None
    whole: int | None
    least: int | None
    qualifier: str
    period: Period | None
    period_source: PeriodSource
    modality: Literal["actual", "target"]
    status: str | None
    start: int
    end: int
    quote_start: int
    quote_end: int
    rule: str
    confidence: float

    @property
    def is_complete(self) -> bool:
        """Whether its place, period and value are all known."""
        return self.scope is not None and self.period is not None and (self.value is not None or self.least is not None)


@dataclass(frozen=True, slots=True)
class Unread:
    """A number that no rule could read, with the sentence it stands in."""

    start: int
    end: int
    quote_start: int
    quote_end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What an article counts."""

    observations: tuple[Observation, ...]
    unread: tuple[Unread, ...]
    own: Scope | None


def confidence_of(rule: float, place: Scope | None, place_source: PlaceSource, period: Period | None, period_source: PeriodSource) -> float:
    """The rule's own, less where place or period were found further away, half and less where they were not found."""
    where = _PLACE_WORTH[place_source] if place else _UNKNOWN_PLACE
    when = _PERIOD_WORTH[period_source] if period else _UNKNOWN_PERIOD
    return round(rule * where * when, 2)


def is_beyond(one: Observation) -> bool:
    """Whether it is more money than any province has for this (“2.625 tỷ đồng” is a slip for “2,625 tỷ đồng”), or a share of over 100 %."""
    unit, value = indicators()[one.indicator].unit, one.value or 0
    return value > 100 if unit == "%" else unit == "VND" and value >= _ONLY_THE_COUNTRY_HAS and one.scope != COUNTRY


_PARTS = re.compile(r"(?<!\w)(?:trong đó|bao gồm|gồm)(?!\w)|\([^)]*$")
_BEGINS_WITH_PARTS = re.compile(r"\W*trong đó\b")
_NEXT = 2
"""Characters between a sentence and the next one."""


def is_part(one: Observation, told: list[Observation], low: str) -> bool:
    """Whether a figure is a part of one told before it: “1.250 suất, trong đó cấp huyện 350 suất”, “126 chi hội (98 chi hội thôn …)”."""
    near = takewhile(lambda two: one.quote_start - two.quote_end <= _NEXT, reversed(told))
    whole = next((two for two in near if _is_more_of_the_same(two, one)), None)
    if whole is None:
        return False
    if whole.quote_start == one.quote_start:
        return _PARTS.search(low, whole.end, one.start) is not None
    return _BEGINS_WITH_PARTS.match(low, one.quote_start) is not None


def _is_more_of_the_same(one: Observation, than: Observation) -> bool:
    same = all(getattr(one, name) == getattr(than, name) for name in ("indicator", "scope", "period", "modality", "status"))
    return same and one.value is not None and than.value is not None and one.value > than.value


def as_fact(one: Observation, text: str) -> dict[str, Any]:
    """An observation in the form of the gold file."""
    kind = indicators()[one.indicator]
    fact: dict[str, Any] = {
        "place": one.scope.as_place() if one.scope else None,
        "indicator": one.indicator,
        "value": one.value,
        "unit": kind.unit,
        "qualifier": one.qualifier,
        "value_text": text[one.start : one.end],
        "evidence": text[one.quote_start : one.quote_end],
        "period": one.period.as_dict() if one.period else None,
        "period_source": "document" if one.period_source == "published" else one.period_source,
        "status": one.status,
        "modality": one.modality,
        "tier": "vague" if one.value is None else kind.tier,
        "evidence_span": [one.quote_start, one.quote_end],
        "value_span": [one.start, one.end],
        "place_source": one.place_source,
        "rule": one.rule,
        "confidence": one.confidence,
    }
    if one.whole is not None:
        fact["denominator"] = one.whole
    if one.high is not None:
        fact |= {"value_min": one.value, "value_max": one.high}
    if one.least is not None:
        fact["value_min"] = one.least
    return fact
