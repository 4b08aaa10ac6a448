"""Other news below a heading in an article's own element: a list at its end, or a box of links inside the text."""

from __future__ import annotations

import re
from itertools import pairwise

from scraper.extract.block import Block
from scraper.extract.text import fold

HEADLINE_MAX = 200
"""Characters; what is longer in a list of related news is no headline."""
HEADING_MAX = 39
"""Characters of a heading of other news."""
SENTENCE_MIN = 40
"""Characters; what is shorter, or does not end as sentences do, may be a headline, a date or a name."""
_ENDED = re.compile(r"[.!?…:;][”\")]*$")
# Headings of other news (folded).
RELATED_HEADING = re.compile(
    r"^(?:cac tin khac|tin khac|tin da dua|cac tin da dua|nhung tin moi hon|nhung tin cu hon|tin cu hon|tin moi hon|bai tin lien quan|"
    r"tin lien quan|cac tin lien quan|bai viet lien quan|tin bai lien quan|tin cung chuyen muc|cac bai khac|theo dong su kien|"
    r"xem them|tin doc nhieu|other news|related news)\s*:?$"
)


def part_related(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """The article's own blocks, and those of other news with the headings above them."""
    headings = [position for position, block in enumerate(blocks) if position and heads_related(block)]
    own, others = blocks[: headings[0] if headings else None], []
    for position, end in pairwise([*headings, len(blocks)]):
        count = _count_related(blocks[position + 1 : end])
        others += blocks[position : position + 1 + count] if count is not None else []
        own += blocks[position if count is None else position + 1 + count : end]
    return own, others


def heads_related(block: Block) -> bool:
    """Whether a block is a heading of other news."""
    return len(block.text) <= HEADING_MAX and RELATED_HEADING.match(fold(block.text)) is not None


def _count_related(after: list[Block]) -> int | None:
    """How many of the blocks after such a heading are other news: a box of links inside the text, or all; None if none is."""
    box = _leading_links(after)
    texts = [position for position in range(box, len(after)) if is_text(after[position])]
    # In a list of other news with a summary under each headline, every text stands below a link.
    summaries = len(texts) > 1 and all(position and after[position - 1].is_link for position in texts)
    if box and not summaries and (len(texts) > 1 or any(len(after[position].text) > HEADLINE_MAX for position in texts)):
        return box
    return len(after) if all(len(block.text) <= HEADLINE_MAX for block in after) else None


def _leading_links(blocks: list[Block]) -> int:
    """How many blocks a list of links at the beginning has; between two links may stand a date or a picture."""
    count = 0
    for position, block in enumerate(blocks):
        if block.is_link:
            count = position + 1
        elif position > count or block.kind == "row" or len(block.text) >= SENTENCE_MIN:
            break
    return count


def is_text(block: Block) -> bool:
    """Whether a block is more than a headline, a date or a name: a row of a table, a sentence, or longer than any headline."""
    if block.is_link:
        return False
    ended = len(block.text) >= SENTENCE_MIN and _ENDED.search(block.text) is not None
    return block.kind == "row" or ended or len(block.text) > HEADLINE_MAX
