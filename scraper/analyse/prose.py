"""Prose as it is matched: one character for each of the text, and its paragraphs, sentences and clauses as offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.extract.text import same_tone

_PLAIN = (
    ("–", "-"), ("—", "-"), ("−", "-"), ("“", '"'), ("”", '"'), ("„", '"'), ("«", '"'), ("»", '"'), ("’", "'"), ("‘", "'"),
    ("\u00a0", " "), ("\u202f", " "),
)  # fmt: skip
# Abbreviations after which a full stop ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:tp|tx|tt|pgs|gs|ts|ths|ncs|bs|cn|ubnd|đ/c|đc|kts|ks|th\.s|st|h|q|p|x|tr|v\.v|vv|no|ô|bà)|"
    r"(?<!\w)[a-zà-ỹđ]|\b[ivx]{1,5}|^\W*\d{1,2})$"
)
# The end of a sentence: a stop before a space, or glued to a capital ("học tập.Tăng cường").
_END = re.compile(r"[.!?…]+[\"”’)\]]*(?=\s)|(?<=[a-zà-ỹđ])\.(?=[A-ZÀ-ỸĐ][a-zà-ỹđ])|[!?…]+(?=\S)", re.UNICODE)
LONGEST_SENTENCE = 2_000
"""Characters. Of 6,000 sentences of a real portal the longest has 1,700; each figure is looked at with all of its sentence before it,
so that one of 40,000 would hold the crawl for half a minute. What is longer is cut where it pauses."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text."""

    start: int
    end: int

    def __contains__(self, position: object) -> bool:
        return isinstance(position, int) and self.start <= position < self.end


@dataclass(frozen=True, slots=True)
class Prose:
    """A text with its matched form and its parts. ``sentences`` holds, for each paragraph, its sentences."""

    text: str
    low: str
    paragraphs: tuple[Span, ...]
    sentences: tuple[tuple[Span, ...], ...]


def matched(text: str) -> str:
    """The text as patterns see it: lower case, new tone marks, plain quotes and dashes; as long as the text."""
    text = same_tone(text)
    for printed, plain in _PLAIN:  # a dozen searches in C cost a tenth of str.translate with a table
        text = text.replace(printed, plain)
    return text


def read_prose(text: str) -> Prose:
    """Divide a text at its line ends into paragraphs, and these into sentences. Expects NFC."""
    low = matched(text)
    paragraphs, position = [], 0
    for line in text.split("\n"):
        if line.strip():
            left = len(line) - len(line.lstrip())
            paragraphs.append(Span(position + left, position + len(line.rstrip())))
        position += len(line) + 1
    return Prose(text, low, tuple(paragraphs), tuple(tuple(_sentences(text, low, one)) for one in paragraphs))


def _sentences(text: str, low: str, paragraph: Span) -> list[Span]:
    found, start = [], paragraph.start
    for end in _END.finditer(text, paragraph.start, paragraph.end):
        if text[end.start()] == "." and _ABBREVIATION.search(low[max(start, end.start() - 12) : end.start()]):
            continue
        following = text[end.end() : end.end() + 2].lstrip()
        if following and following[0].islower() and end[0] != "!":
            continue
        found.append(Span(start, end.end()))
        start = end.end()
        while start < paragraph.end and text[start].isspace():
            start += 1
    if start < paragraph.end:
        found.append(Span(start, paragraph.end))
    if paragraph.end - paragraph.start <= LONGEST_SENTENCE:
        return found
    return [part for span in found for part in _cut(low, span)]


def _cut(low: str, span: Span) -> Iterator[Span]:
    """A sentence in parts of no more than :data:`LONGEST_SENTENCE` characters."""
    start = span.start
    while span.end - start > LONGEST_SENTENCE:
        longest = start + LONGEST_SENTENCE
        pauses = (low.rfind(pause, start + LONGEST_SENTENCE // 2, longest) for pause in ("; ", ", ", " "))
        end = next((place + 1 for place in pauses if place >= 0), longest)
        yield Span(start, end)
        start = end + (low[end] == " ")
    yield Span(start, span.end)


def opening_of(prose: Prose, title: str) -> Span:
    """The first paragraphs after the title, some 700 characters."""
    at = prose.low.find(title) if title else -1
    start = at + len(title) if at >= 0 else 0
    end = start
    for paragraph in prose.paragraphs:
        if paragraph.start >= start and paragraph.start < start + 500:
            end = min(paragraph.end, start + 700)
    return Span(start, max(end, start))
