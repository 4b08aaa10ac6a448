"""Whether two articles under one number are two: a portal that was set up anew counts from one again."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scraper.extract.text import fold

FEW_WORDS = 4
"""Words of a title, or of an address, below which it is not compared with another."""
SAME_WORDS = 0.6
"""Share of common words from which two of them are of one article: titles of this news are made of the same few words."""
_WORD = re.compile(r"[^\W\d_]+")


def is_another(title: str, url: str, other_title: str, other_url: str) -> bool:
    """Whether both title and address are others: titles are edited, listings cut them, and twins have other addresses."""
    return _differ(title, other_title) and _differ(_slug(url), _slug(other_url))


def _slug(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def _differ(one: str, other: str) -> bool:
    """Whether two texts have most of their words not in common. Of a few words nothing is said."""
    first, second = (set(_WORD.findall(fold(text))) for text in (one, other))
    fewest = min(len(first), len(second))
    return fewest >= FEW_WORDS and len(first & second) < SAME_WORDS * fewest
