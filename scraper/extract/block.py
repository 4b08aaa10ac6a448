"""What an article's body is made of, in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "item", "row", "caption", "picture"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list item, table row or picture of the body, with what its markup says of it.

    ``is_link``: nearly all of its text is a link's to a page, as of a headline of other news. ``documents``: where its links to
    files lead.
    """

    kind: BlockKind
    text: str
    align: str | None = None
    emphasised: bool = False
    italic: bool = False
    padded: bool = False
    images: tuple[str, ...] = ()
    is_link: bool = False
    documents: tuple[str, ...] = ()


def join_blocks(blocks: tuple[Block, ...]) -> str:
    """The text of some blocks: rows of a table and items of a list stay together, everything else is its own paragraph."""
    out: list[str] = []
    previous: BlockKind | None = None
    for block in blocks:
        if not block.text:
            continue
        if out:
            out.append("\n" if block.kind == previous and block.kind in ("item", "row") else "\n\n")
        out.append(block.text)
        previous = block.kind
    return "".join(out)
