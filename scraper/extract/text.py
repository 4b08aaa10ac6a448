"""Vietnamese text as portals print it → text that can be stored, compared and matched.

``clean`` gives what is stored and shown; ``squash`` the same on one line. ``fold`` and ``same_tone`` are for matching
only: one character out for each character of clean text, so an offset found in them is an offset into the stored text.
No function here raises on any ``str``.
"""

import re
import unicodedata

# The no-break space and its family: ogham, en to hair, narrow no-break, mathematical and ideographic space.
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Vertical tab is Word's soft line break; dropping it (or a form feed) would glue two words together.
_BREAKS = re.compile("\r\n|[\r\v\f\u2028\u2029]")
# Zero-width characters and soft hyphen, C0/C1 controls other than \t \n, and surrogates (UTF-8 cannot hold them).
_DROPPED = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS = re.compile("[ \t]+")
_AROUND_BREAK = re.compile(" ?\n ?")
_MANY_BREAKS = re.compile("\n{3,}")
# What any of the steps of clean() would change: nearly no text has it. A class alone is looked for at five times the speed of one
# among alternatives.
_UNTIDY = re.compile(
    "[\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\u00ad\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfffðÐ]"
)
_UNTIDY_BLANKS = ("  ", " \n", "\n ", "\n\n\n")
# Icelandic eth, typed or converted in place of đ: the two capitals cannot be told apart on the screen.
_ETH = str.maketrans("ðÐ", "đĐ")


def clean(text: str) -> str:
    """Return ``text`` as it is stored and shown: NFC, plain spaces, no invisible characters; idempotent.

    Lines are trimmed, runs of spaces and tabs are one space, and at most one blank line separates paragraphs.
    Quotes, dashes and the placement of tone marks stay as printed.
    """
    tidy = not _UNTIDY.search(text) and not any(blanks in text for blanks in _UNTIDY_BLANKS)
    if tidy and unicodedata.is_normalized("NFC", text):
        return text.strip(" \n")
    text = _BREAKS.sub("\n", text)
    text = _SPACES.sub(" ", _DROPPED.sub("", text)).translate(_ETH)
    # After the removals, because a zero-width character may stand between a letter and its mark.
    text = unicodedata.normalize("NFC", text)
    text = _AROUND_BREAK.sub("\n", _BLANKS.sub(" ", text))
    return _MANY_BREAKS.sub("\n\n", text).strip(" \n")


def squash(text: str) -> str:
    """Return ``clean(text)`` on one line, words one space apart: for titles, bylines and comparison."""
    return " ".join(clean(text).split())


class _PerCharacter(dict[int, str]):
    """A ``str.translate`` table that is worked out as characters are met; one character in, one out."""

    def __init__(self, *, marks: bool) -> None:
        super().__init__({ord("đ"): "đ", ord("Đ"): "đ"} if marks else {ord(c): "d" for c in "đĐðÐ"})
        self._marks = marks

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = char if self._marks else "".join(c for c in unicodedata.normalize("NFD", char) if not _is_mark(c))
        lower = plain.lower()
        self[code] = folded = lower if len(lower) == 1 else char
        return folded


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


_FOLDED = _PerCharacter(marks=False)
_LOWERED = _PerCharacter(marks=True)


def fold(text: str) -> str:
    """Return ``text`` lower-case, without marks and with đ as d: for matching only, never shown.

    As long as ``text``, always; a character whose folding is not one character (ŉ, 각, a lone mark) stays as it is.
    Expects clean text: in NFD the marks are characters of their own and stay.
    """
    return text.translate(_FOLDED)


# Old-style placement (hoà, khoẻ, thuỷ) → new (hòa, khỏe, thủy): 3 rhymes × 5 tones.
_OLD_RHYMES = "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ"
_NEW_RHYMES = "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy"
_TONE_PAIRS = dict(zip(_OLD_RHYMES.split(), _NEW_RHYMES.split(), strict=True))
# In "quý" the u belongs to the consonant; in "hoàn", "huỳnh" the mark stands where both styles put it.
_OLD_TONE = re.compile(rf"(?<!q)(?:{'|'.join(_TONE_PAIRS)})(?![^\W\d_])")


def same_tone(text: str) -> str:
    """Return ``text`` lower-case with old-style tone marks moved (hoà → hòa): for matching words with their marks.

    As long as the NFC form of ``text``, so as long as clean text.
    """
    text = unicodedata.normalize("NFC", text)
    lowered = text.lower()
    # str.lower() is ten times as fast, and the same but for two letters: İ becomes two characters, Σ is another at the end of a word.
    if len(lowered) != len(text) or "Σ" in text:
        lowered = text.translate(_LOWERED)
    return _OLD_TONE.sub(lambda match: _TONE_PAIRS[match[0]], lowered)


_OLD_PAIRS = {new: old for old, new in _TONE_PAIRS.items()}
_NEW_TONE = re.compile(rf"(?<!q)(?:{'|'.join(_OLD_PAIRS)})(?![^\W\d_])")


def old_tone(text: str) -> str:
    """Return lower-case ``text`` with its tone marks placed as they once were (hòa → hoà): the other way of :func:`same_tone`."""
    return _NEW_TONE.sub(lambda match: _OLD_PAIRS[match[0]], text)


_NOT_ASCII = re.compile("[^\x00-\x7f]")
_ENOUGH_LETTERS = 10
_LEAST_SHARE = 0.10
_ONLY_VIETNAMESE = frozenset("ăđơưĂĐƠƯ") | {chr(code) for code in range(0x1EA0, 0x1EFA)}


def legacy_suspect(text: str) -> bool:
    """Tell whether ``text`` looks like TCVN3, VNI or doubly encoded UTF-8 rather than Vietnamese in Unicode.

    True if it has at least 10 non-ASCII letters of which fewer than 10 % are letters that only Vietnamese uses. Text in
    another language or script with as many accents is suspect too; short text never is.
    """
    letters = [char for char in _NOT_ASCII.findall(unicodedata.normalize("NFC", text)) if char.isalpha()]
    if len(letters) < _ENOUGH_LETTERS:
        return False
    return sum(char in _ONLY_VIETNAMESE for char in letters) < _LEAST_SHARE * len(letters)
