"""What a person types → an FTS5 expression that never fails and finds with or without marks.

The index folds marks by its tokenizer and the bar of đ by its triggers (``scraper.archive.schema``); a query is cleaned as
stored text is and its đ folded likewise, so that “Đông Khê”, “dong khe” and either of them in NFD find the same rows.
Words are all asked for, in any place and order; “text in quotes” as a phrase; a star at the end of a word or phrase stands
for any ending. Everything else a person may type is text, never syntax.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from scraper.extract.text import squash

MOST_TERMS = 40
"""Terms of one query that are looked for; a pasted article is not a search."""
_LONGEST = 4000
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))
_FOLDED = str.maketrans("đĐ", "dD")
_TERM = re.compile(r'"([^"]*)"(\*?)|([^\s"]+)')
NOTHING = '""'
"""The expression that matches no row: FTS5 refuses an empty one."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase as typed, in clean text with its marks (ranking by exact marks needs them); ``prefix``: ends in a star."""

    text: str
    prefix: bool = False

    @property
    def expression(self) -> str:
        """The term in FTS5: a quoted string, in which nothing is syntax."""
        return f'"{self.text.translate(_FOLDED)}"' + "*" * self.prefix


def read_terms(query: str) -> tuple[Term, ...]:
    """The terms of a query. A quotation mark without its partner is left out; so is a term without letter or digit."""
    text = squash(query[:_LONGEST]).translate(_QUOTES)
    if text.count('"') % 2:
        text = " ".join(text.rsplit('"', 1))
    terms: list[Term] = []
    for phrase, star, word in _TERM.findall(text):
        term = Term(phrase.strip(), bool(star)) if phrase else Term(word.rstrip("*"), word.endswith("*"))
        if any(_is_indexed(char) for char in term.text):
            terms.append(term)
    return tuple(terms[:MOST_TERMS])


def match_expression(query: str) -> str:
    """The right-hand side of MATCH for a query: valid for any ``str``."""
    return " ".join(term.expression for term in read_terms(query)) or NOTHING


def _is_indexed(char: str) -> bool:
    """Whether unicode61 makes tokens of a character: letters, digits, private use."""
    category = unicodedata.category(char)
    return category[0] in "LN" or category == "Co"
