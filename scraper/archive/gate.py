"""The gate before the archive: is this an article, and not worse than what we have? Good text is never overwritten by worse."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.items import Article, Problem

HALF = 0.3
"""Share of the current text below which a new one is taken for a broken page."""
_PLAINLY_WHOLE = 200
"""Characters of current text from which :data:`HALF` applies; shorter texts vary."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a reading may be stored, and what a person should know of it."""

    accepted: bool
    problems: tuple[Problem, ...] = ()


def is_half(length: int, whole: int) -> bool:
    """Whether a text of one length is a broken page's where one of the other is known."""
    return (whole >= _PLAINLY_WHOLE and length < HALF * whole) or (length == 0 and whole > 0)


def judge(article: Article, current_length: int | None, *, read_worse: bool = False) -> Verdict:
    """Judge one reading; ``current_length`` is that of the archived lead and body, None for an article not yet archived.

    ``read_worse``: the page was read without a layout of its family, and what is archived was read by one.
    """
    if not article.title:
        return Verdict(False, (Problem("title_missing", "no title on the page"),))
    length = len(article.text)
    if not length and not article.attachments:
        return Verdict(False, (Problem("body_empty", "neither text nor picture nor file"),))
    if current_length is not None and read_worse:
        return Verdict(False)  # that the layout changed is said already
    if current_length is not None and is_half(length, current_length):
        return Verdict(False, (Problem("half_page", f"{length} characters where {current_length} are archived"),))
    return Verdict(True)
