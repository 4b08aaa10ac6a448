"""What a person types → an FTS5 expression that never fails and finds with or without marks.

The index folds marks by its tokenizer and the bar of đ by its triggers (``scraper.archive.schema``); a query is cleaned as
stored text is and its đ folded likewise, so that “Đông Khê”, “dong khe” and either of them in NFD find the same rows.
Syllables that are written with i and with y (“tỉ lệ”, “tỷ lệ”) find each other.

Words are all asked for, in any place and order; “text in quotes” as a phrase; a star at the end of a word or phrase stands
for any ending; ``OR`` (HOẶC, |) between two terms asks for either; a minus before a term leaves out what has it. Everything
else a person may type is text, never syntax.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, replace

from scraper.extract.text import fold, squash

MOST_TERMS = 40
"""Terms of one query that are looked for; a pasted article is not a search."""
_LONGEST = 4000
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))
_FOLDED = str.maketrans("đĐ", "dD")
_TERM = re.compile(r'(-?)(?:"([^"]*)"(\*?)|([^\s"]+))')
_OR = frozenset(["OR", "HOẶC", "|", "||"])
_WORD = re.compile(r"[^\W_]+")
# Syllables whose i may be written y: hi, kĩ, lí, mĩ, sĩ, tỉ, vi (hy vọng, kỹ thuật, lý do, thẩm mỹ, bác sỹ, tỷ lệ), quí (quý).
_EITHER = re.compile(r"^(h|k|l|m|s|t|v|qu)([iy])$")
_MOST_SPELLINGS = 8
NOTHING = '""'
"""The expression that matches no row: FTS5 refuses an empty one."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase as typed, in clean text with its marks (ranking by exact marks needs them).

    ``prefix``: ends in a star. ``without``: has a minus before it. ``either``: is joined to the term before it by OR.
    """

    text: str
    prefix: bool = False
    without: bool = False
    either: bool = False

    @property
    def spellings(self) -> list[str]:
        """The text with each syllable that may have i or y in both."""
        return _spellings(self.text, last=not self.prefix)

    @property
    def expression(self) -> str:
        """The term in FTS5: quoted strings, in which nothing is syntax, one for each spelling."""
        spellings = [f'"{text.translate(_FOLDED)}"' + "*" * self.prefix for text in self.spellings]
        return spellings[0] if len(spellings) == 1 else f"({' OR '.join(spellings)})"


def read_terms(query: str) -> tuple[Term, ...]:
    """The terms of a query. A quotation mark without its partner is left out; so is a term without letter or digit."""
    text = squash(query[:_LONGEST]).translate(_QUOTES)
    if text.count('"') % 2:
        text = " ".join(text.rsplit('"', 1))
    terms: list[Term] = []
    either = False
    for minus, phrase, star, word in _TERM.findall(text):
        if not minus and word in _OR:
            either = bool(terms)
            continue
        term = Term(phrase.strip(), bool(star)) if phrase else Term(word.rstrip("*"), word.endswith("*"))
        if any(_is_indexed(char) for char in term.text):
            terms.append(replace(term, without=bool(minus), either=either and not minus and not terms[-1].without))
        either = False
    return tuple(terms[:MOST_TERMS])


def match_expression(query: str, column: str | None = None) -> str:
    """The right-hand side of MATCH for a query: valid for any ``str``. A query of nothing but what is left out finds nothing.

    ``column``: all that is asked for must stand in that column of the index.
    """
    groups: list[list[str]] = []
    without: list[str] = []
    for term in read_terms(query):
        if term.without:
            without.append(term.expression)
        elif term.either:
            groups[-1].append(term.expression)
        else:
            groups.append([term.expression])
    if not groups:
        return NOTHING
    wanted = " AND ".join(group[0] if len(group) == 1 else f"({' OR '.join(group)})" for group in groups)
    if column:
        wanted = f"{{{column}}} : ({wanted})"
    return f"({wanted}) NOT ({' OR '.join(without)})" if without else wanted


def phrase_expression(query: str) -> str:
    """The right-hand side of MATCH for all words of a query side by side, as typed: who types two words means them together.

    Finds nothing for a query of one term, and for one that says itself how its terms belong together.
    """
    terms = read_terms(query)
    if len(terms) < 2 or any(term.without or term.either for term in terms) or any(term.prefix for term in terms[:-1]):
        return NOTHING
    return Term(" ".join(term.text for term in terms), terms[-1].prefix).expression


def _spellings(text: str, *, last: bool) -> list[str]:
    """A term with each of its syllables in i and in y; as it is when that makes too many. ``last``: its last syllable is whole."""
    words = list(_WORD.finditer(text))
    either = [word for word in words[: None if last else -1] if _EITHER.match(fold(word[0]))]
    if not either or 2 ** len(either) > _MOST_SPELLINGS:
        return [text]
    found = []
    for choice in itertools.product((False, True), repeat=len(either)):
        letters = list(text)
        for word, turned in zip(either, choice, strict=True):
            if turned:
                letters[word.end() - 1] = "i" if fold(letters[word.end() - 1]) == "y" else "y"
        found.append("".join(letters))
    return found


def _is_indexed(char: str) -> bool:
    """Whether unicode61 makes tokens of a character: letters, digits, private use."""
    category = unicodedata.category(char)
    return category[0] in "LN" or category == "Co"
