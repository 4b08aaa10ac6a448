"""Two texts of an article → what was taken out and put in, word by word, in the paragraphs that changed. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

Change = Literal["same", "out", "in"]
MOST_WORDS = 2000
"""Words, spaces and signs of a changed passage that are compared one by one; a longer one is shown as out and in whole.

difflib may take the square of it: 2,000 of the most repetitive are a third of a second."""
_WORD = re.compile(r"\s+|[^\W_]+|[\W_]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that share a fate."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A changed passage, or how many paragraphs in a row did not change (then without runs)."""

    runs: tuple[Run, ...]
    unchanged: int = 0


@lru_cache(maxsize=64)
def compare(before: str, after: str) -> tuple[Passage, ...]:
    """The passages of two texts in order; nothing at all when they are equal."""
    if before == after:
        return ()
    old, new = _paragraphs(before), _paragraphs(after)
    return tuple(_passages(old, new))


def _passages(old: list[str], new: list[str]) -> Iterator[Passage]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Passage((), b - a)
        else:
            yield Passage(tuple(_runs("\n\n".join(old[a:b]), "\n\n".join(new[c:d]))))


def _runs(before: str, after: str) -> Iterator[Run]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        yield from (Run(change, text) for change, text in (("out", before), ("in", after)) if text)  # type: ignore[arg-type]
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Run("same", "".join(old[a:b]))
            continue
        if b > a:
            yield Run("out", "".join(old[a:b]))
        if d > c:
            yield Run("in", "".join(new[c:d]))


def _paragraphs(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part]
