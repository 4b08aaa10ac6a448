"""How well a text found answers to what was typed: the terms in it with the very marks, and an excerpt around them.

The index knows neither marks nor original letters; these functions look at the texts of the few rows that are shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache

from scraper.extract.text import fold, old_tone, same_tone
from scraper.web.cells import FOUND_CLOSE, FOUND_OPEN
from scraper.web.search import Term, read_terms

EXCERPT = 280
"""Characters of an excerpt."""
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=64)
def _exact_patterns(query: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_exact_pattern(term) for term in _wanted(query) if same_tone(term.text) != fold(term.text))


def _exact_pattern(term: Term) -> re.Pattern[str]:
    """The term in lower-case text, its tone marks in either place, i or y where both are written.

    Each form begins with letters, which makes looking for it quick; what is before them is looked at afterwards.
    """
    forms = []
    for spelling in term.spellings:
        words = _WORD.findall(same_tone(spelling))
        first, *others = [[new, *({old_tone(new)} - {new})] for new in words]
        rest = "".join(rf"[\W_]+(?:{'|'.join(both)})" for both in others)
        forms += [rf"{word}(?<![^\W_]{word}){rest}" for word in first]
    return re.compile(f"(?:{'|'.join(forms)})" + (r"[^\W_]*" if term.prefix else r"(?![^\W_])"))


@lru_cache(maxsize=64)
def _loose_pattern(query: str) -> re.Pattern[str] | None:
    """Any of the terms in folded text; i and y are one letter there."""
    parts = [_pattern(term, _loose).pattern for term in sorted(_wanted(query), key=lambda term: -len(term.text))]
    return re.compile("|".join(parts)) if parts else None


def _wanted(query: str) -> list[Term]:
    return [term for term in read_terms(query) if not term.without]


def _loose(text: str) -> str:
    return fold(text).replace("y", "i")


def _pattern(term: Term, form: Callable[[str], str]) -> re.Pattern[str]:
    words = _WORD.findall(form(term.text))
    # Between the words of a phrase the index sees nothing: any signs and spaces may stand there.
    joined = r"[\W_]+".join(map(re.escape, words))
    return re.compile(rf"(?<![^\W_]){joined}" + (r"[^\W_]*" if term.prefix else r"(?![^\W_])"))


def exact_terms(query: str) -> int:
    """How many terms were typed with marks: the most that :func:`exactness` can be."""
    return len(_exact_patterns(query))


def exactness(query: str, *texts: str | None) -> int:
    """How many of the terms that were typed with marks stand in the texts with those marks (hoà is hòa). 0 if none was.

    Expects clean texts, as the archive stores them.
    """
    patterns = _exact_patterns(query)
    if not patterns:
        return 0
    told = [text.lower() for text in texts if text]
    return sum(any(pattern.search(text) for text in told) for pattern in patterns)


def excerpt(query: str, text: str | None) -> str:
    """The part of a text that has most of the terms, each between ⟦ and ⟧ in its original letters; the beginning if it has none."""
    if not text:
        return ""
    text = " ".join(text.split())
    pattern = _loose_pattern(query)
    spots = _better(query, text, [match.span() for match in pattern.finditer(_loose(text))]) if pattern else []
    start = _best_start(text, spots)
    end = min(len(text), start + EXCERPT)
    if end < len(text):
        end = text.rfind(" ", start + 1, end + 1) if " " in text[start + 1 : end + 1] else end
    out = ["… " if start else ""]
    at = start
    for first, last in spots:
        if first >= at and last <= end:
            out += [text[at:first], FOUND_OPEN, text[first:last], FOUND_CLOSE]
            at = last
    out += [text[at:end], " …" if end < len(text) else ""]
    return "".join(out)


def _better(query: str, text: str, spots: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spots; of a term that was typed with marks and stands in the text with them, only those."""
    marked = _marked(query)
    told = [same_tone(text[first:last]) for first, last in spots]
    there = {loose for loose, exact in marked.items() if not exact.isdisjoint(told)}
    return [spot for spot, word in zip(spots, told, strict=True) if (loose := _loose(word)) not in there or word in marked[loose]]


@lru_cache(maxsize=64)
def _marked(query: str) -> dict[str, frozenset[str]]:
    """The terms typed with marks: how they look without, and with, in every spelling."""
    terms = [term for term in _wanted(query) if not term.prefix and same_tone(term.text) != fold(term.text)]
    return {_loose(term.text): frozenset(map(same_tone, term.spellings)) for term in terms}


def _best_start(text: str, spots: list[tuple[int, int]]) -> int:
    """Where the window with most spots begins: a little before its first one, at a word."""
    if not spots:
        return 0
    starts = [start for start, _ in spots]
    best = max(range(len(starts)), key=lambda number: (bisect_left(starts, starts[number] + EXCERPT - 60) - number, -number))
    start = min(max(0, starts[best] - 40), max(0, len(text) - EXCERPT))
    return start if start == 0 else text.rfind(" ", 0, start + 1) + 1
