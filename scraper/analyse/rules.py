"""What a number counts: the rules of ``data/indicator_rules.csv``, tried in order; the first that fits decides.

A rule looks at the words around one number within its sentence: ``after`` (from its end to the next number), ``rest`` (from its
end to that of the sentence, numbers as ``<n>``), ``lead`` (from
the last comma, bracket or number up to it) and ``before`` (from the beginning of the sentence, numbers as ``<n>``). Rules
named ``not.…`` say that a number is no figure of ours. ``follows``: the figure just before it must be of this indicator.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from scraper.analyse.numbers import Number

_KINDS = {"count": ("count", "bare"), "money": ("money", "bare"), "percent": ("percent",), "any": ("count", "money", "percent", "bare")}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One kind of figure. ``measure``: a ``stock`` stands at a time, a ``flow`` happens in a period."""

    id: str
    label: str
    label_en: str
    unit: str
    measure: str
    tier: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; patterns that are empty in the data are None."""

    name: str
    indicator: str | None
    kinds: tuple[str, ...]
    after: re.Pattern[str] | None
    rest: re.Pattern[str] | None
    lead: re.Pattern[str] | None
    before: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None
    unless_before: re.Pattern[str] | None
    follows: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Around:
    """The words around a number. ``gap`` is what stands between it and the figure before it, or ``before``."""

    after: str
    rest: str
    lead: str
    before: str
    gap: str


_QUALIFIER = re.compile(
    r"(?:hơn|trên dưới|trên|gần|dưới|khoảng|ngót nghét|ngót|xấp xỉ|chừng|tầm|ước đạt|ước tính|ước|tối thiểu|ít nhất|không dưới|sát|độ) $"
)
_DIGITS = re.compile(r"\d[\d.,/]*\d|\d")
_CUT = re.compile(r"[,;(]|<n>")


def around(
    low: str, start: int, sentence_start: int, after_from: int, after_to: int, per: str, previous_end: int | None, end: int
) -> Around:
    """The words around a number at ``start``, whose following words are ``low[after_from:after_to]``.

    In ``low`` the names of places are replaced (see :func:`without_names`), so that no rule takes “Củ Chi” for spending.
    """
    before = _QUALIFIER.sub("", _DIGITS.sub("<n>", low[sentence_start:start]))
    before = _QUALIFIER.sub("", before)
    cuts = [match.end() for match in _CUT.finditer(before)]
    gap = _QUALIFIER.sub("", low[previous_end:start]) if previous_end is not None else before
    after = f"@{per}" if per else low[after_from:after_to]
    rest = _DIGITS.sub("<n>", low[after_from:end]) if after_to < end or per else after
    return Around(after, rest, before[cuts[-1] :] if cuts else before, before, gap)


def without_names(low: str, names: Iterable[tuple[int, int]]) -> str:
    """The text with each name of a place as ``¶¶¶``, as long as it was; “tr.đ” without its stop, which ends no clause."""
    low = low.replace("tr.đ", "tr đ")
    out, position = [], 0
    for start, end in names:
        if start >= position:
            out += [low[position:start], "¶" * (end - start)]
            position = end
    return "".join((*out, low[position:]))


@cache
def indicators() -> dict[str, Indicator]:
    """The kinds of figures, by id."""
    with files("scraper").joinpath("data/indicators.csv").open(encoding="utf-8") as stream:
        return {row["id"]: Indicator(**row) for row in csv.DictReader(stream)}


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in their order."""

    def compiled(cell: str) -> re.Pattern[str] | None:
        return re.compile(cell) if cell else None

    with files("scraper").joinpath("data/indicator_rules.csv").open(encoding="utf-8") as stream:
        return tuple(
            Rule(
                row["rule"],
                None if row["indicator"] == "-" else row["indicator"],
                _KINDS[row["kind"]],
                compiled(row["after"]),
                compiled(row["rest"]),
                compiled(row["lead"]),
                compiled(row["before"]),
                compiled(row["unless_after"]),
                compiled(row["unless_before"]),
                row["follows"],
                float(row["confidence"]),
            )
            for row in csv.DictReader(stream)
        )


@cache
def _rules_for(kind: str) -> tuple[Rule, ...]:
    """The rules for one kind of number."""
    return tuple(rule for rule in rules() if kind in rule.kinds)


def match_rule(number: Number, words: Around, previous: str | None) -> Rule | None:
    """The first rule that fits a number; ``previous`` is the indicator of the figure before it in the sentence."""
    for rule in _rules_for(number.kind):
        if rule.after and not rule.after.match(words.after):
            continue
        if rule.follows and rule.follows != previous:
            continue
        if rule.rest and not rule.rest.match(words.rest):
            continue
        if rule.lead and not rule.lead.search(words.gap if rule.follows else words.lead):
            continue
        if rule.before and not rule.before.search(words.before):
            continue
        if rule.unless_after and rule.unless_after.search(words.after):
            continue
        if rule.unless_before and rule.unless_before.search(words.before):
            continue
        return rule
    return None
