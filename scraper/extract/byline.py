"""Who wrote it: the closing line of the article, told apart from the last sentence and from the CMS account.

Seen on real portals: a right-aligned, often bold, short last paragraph (“Trần Nhung - Tuấn Anh”, “Hồng Hà”, ≤ 40
characters in a third of the articles), the same without alignment, a line padded with no-break spaces, and credit lines
(“Tin, ảnh: …”, “Theo …”). The CMS account (“admin admin”) has its own class and is dropped by the layout.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scraper.extract.body import Block
from scraper.extract.text import fold, squash

BYLINE_MAX = 80
"""Characters; the longest byline seen (three names and their offices) has 64."""

# Labels before a name: Tin, ảnh: (text and photos), Tác giả: (author), Người viết, Thực hiện.
_AND = r"\s*(?:,|va|-|&|–)?\s*"
_LABEL = re.compile(
    rf"^(?:tin{_AND}(?:bai{_AND})?anh|tin\s*,?\s*bai|bai{_AND}anh|bai viet|tac gia|nguoi viet|thuc hien|tin|bai|bien tap)\s*:\s*"
)
# Labels before where the text came from: Theo …, Nguồn: …, (Theo …).
_SOURCE = re.compile(r"^\(?\s*(?:theo\s+(?=[A-ZĐ0-9])|nguon(?:\s*tin)?\s*:\s*)", re.I)
_SOURCE_PREFIX = re.compile(r"^\(((?:Web|Cổng|Theo)\s[^()]{2,40}|[A-Z]{2,6}|[A-Z][a-z]+\.vn)\)\s*[-–:]?\s*")
_NAME_WORD = r"(?:[A-ZÀ-ỸĐ][a-zà-ỹđ]*\.?|[A-ZÀ-ỸĐ]{2,}(?:&[A-ZÀ-ỸĐ]+)?)"
_NAME = re.compile(rf"^{_NAME_WORD}(?: {_NAME_WORD}){{1,4}}$")
_JOINT = re.compile(r"\s*(?:[-–—,;&/]| và )\s*")
_PHOTO_NOTE = re.compile(r"\s*\((?:ảnh|tổng hợp|sưu tầm|biên soạn|t/h|st)[^()]*\)\s*$", re.I)
# Closing formulas and organisations that are short and capitalised but sign nothing.
_NO_NAME = re.compile(r"^(?:trong|noi nhan|het|chu tich|pho chu tich|giam doc|hieu truong|kinh|tran trong|luu|nguon|anh)\b")


@dataclass(frozen=True, slots=True)
class Credits:
    """The blocks without their closing credit lines, and what those lines said, with where each was read."""

    blocks: tuple[Block, ...]
    byline: str | None = None
    byline_evidence: str | None = None
    source_line: str | None = None


def split_credits(blocks: tuple[Block, ...]) -> Credits:
    """Take byline and source line off the end of an article. A line in doubt stays in the text: NULL beats a guess."""
    rest = list(blocks)
    byline = evidence = source_line = None
    for _ in range(3):
        if len(rest) < 2:
            break
        text = squash(rest[-1].text)
        if rest[-1].kind != "paragraph":
            break
        if source_line is None and len(text) <= BYLINE_MAX and _SOURCE.match(_marks_off(text)):
            source_line = text.strip("() ")
            rest.pop()
            continue
        found = None if byline else _as_byline(rest[-1], text)
        if not found:
            break
        byline, evidence = found
        rest.pop()
    if byline is None and rest and rest[-1].kind == "paragraph":
        inline = _inline_byline(rest[-1])
        if inline:
            rest[-1], byline, evidence = inline
    if source_line is None and rest:
        source_line = source_prefix(rest[0].text)
    return Credits(tuple(rest), byline, evidence, source_line)


def source_prefix(text: str) -> str | None:
    """The source named in brackets before the first word: “(Web Quảng Trị) Ngày …” → “Web Quảng Trị”. The text keeps it."""
    match = _SOURCE_PREFIX.match(text)
    return match[1] if match else None


def _marks_off(text: str) -> str:
    return "".join(plain if plain.islower() != letter.isupper() else plain.upper() for plain, letter in zip(fold(text), text, strict=True))


def _as_byline(block: Block, text: str) -> tuple[str, str] | None:
    if not text or len(text) > BYLINE_MAX:
        return None
    label = _LABEL.match(fold(text))
    if label:
        name = text[label.end() :].strip(" .")
        return (name, "labelled last line") if name and not re.search(r"\d{2}", name) else None
    if (re.search(r"[.!?:;…]$", text) and not re.search(r"\b[A-ZĐ]\.$", text)) or re.search(r"\d{2}", text) or _NO_NAME.match(fold(text)):
        return None
    right = block.align == "right" or block.padded
    if right and text.count(" ") <= 12:
        return text, "right-aligned last line"
    if len(text) <= 40 and _all_names(text):
        return text, "name as the last line" + (", bold or italic" if block.emphasised else "")
    return None


def _all_names(text: str) -> bool:
    names = [part for part in _JOINT.split(_PHOTO_NOTE.sub("", text)) if part]
    return bool(names) and len(names) <= 4 and all(_NAME.match(part) for part in names)


def _inline_byline(block: Block) -> tuple[Block, str, str] | None:
    """A name on the last line of the last paragraph, after a line break (bodies without <p>)."""
    head, newline, last = block.text.rpartition("\n")
    if not newline or not re.search(r"[.!?…\"”)]\s*$", head):
        return None
    found = _as_byline(Block("paragraph", last, block.align if block.align == "right" else None), squash(last))
    if not found:
        return None
    shortened = replace(block, text=head.rstrip())
    return shortened, found[0], found[1]
