"""The text of a page whose CMS is unknown: trafilatura points at paragraphs, the outline says which element holds them.

trafilatura alone drops leads, short paragraphs and tables, returns menus for deep tables and joins the headlines of a listing: so it
only votes. The element whose pieces have the greatest sum of votes (links and furniture count against) is the body.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable

from scraper.extract.block import Block
from scraper.extract.body import Body, is_document, read_body
from scraper.extract.generic_outline import ALWAYS_JUNK, INLINE, JUNK_TAGS, Node, Outline, Piece, common, names, squeeze
from scraper.extract.page import Page
from scraper.extract.text import squash

TEXT_MAX = 2_000_000
TAGS_MAX = 40_000
_CHUNK = 40
_CAPTIONS = frozenset(("figcaption", "figure", "caption"))


class Votes:
    """trafilatura's text of the page, asked whether it holds a paragraph."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.squeezed = squeeze(text)

    def hold(self, text: str) -> bool:
        """Whether (nearly) all of a text is in it."""
        key = squeeze(text)
        if len(key) < 3:
            return False
        if len(key) <= 2 * _CHUNK:
            return key in self.squeezed
        chunks = [key[at : at + _CHUNK] for at in range(0, len(key) - _CHUNK + 1, _CHUNK)]
        return sum(chunk in self.squeezed for chunk in chunks) >= 0.7 * len(chunks)


def ask_trafilatura(page: Page) -> Votes:
    """Its text of a page; nothing for pages so large or so full of tags that it would take seconds."""
    text = page.text
    if len(text) > TEXT_MAX or text.count("<") > TAGS_MAX:
        return Votes("")
    import trafilatura  # noqa: PLC0415 — here, because few portals need it and every command would wait for it

    try:
        found = trafilatura.extract(text, fast=True, include_comments=False, include_tables=True)
    except Exception:  # it raises whatever lxml or its own code meets; we have other means
        found = None
    return Votes(found or "")


def cast(page_outline: Outline, votes: Votes) -> None:
    """Mark the pieces that trafilatura chose, then those in surroundings that its choice does not vindicate."""
    for piece in page_outline.pieces:
        piece.voted = votes.hold(piece.text)
        # A runaway counter or date field, not text.
        piece.junk = len(piece.text) > 5000 and sum(letter.isdigit() for letter in piece.text) > 0.3 * len(piece.text)
    whole = sum(len(piece.text) for piece in page_outline.pieces)
    total = sum(len(piece.text) for piece in page_outline.pieces if piece.voted and piece.prose)
    chosen: Counter[tuple[str, str]] = Counter()
    for node in page_outline.junk_roots:
        chosen[_kind(node)] += sum(len(piece.text) for piece in page_outline.inside(node) if piece.voted and piece.prose)
    for node in page_outline.junk_roots:
        inside = page_outline.inside(node)
        if node.tag in ("html", "body", "main") or sum(len(piece.text) for piece in inside) > 0.6 * whole:
            continue
        always = node.tag in JUNK_TAGS or ALWAYS_JUNK.search(names(node))
        if total and not always and chosen[_kind(node)] > 0.4 * total:
            continue
        for piece in inside:
            piece.junk = True


def _kind(node: Node) -> tuple[str, str]:
    return node.tag, node.get("class") or node.get("id") or ""


def _value(piece: Piece) -> float:
    length = len(piece.text)
    if piece.junk:
        return -float(length)
    if piece.link_share > 0.5:
        return 0.0 if any(is_document(href) for href in piece.hrefs) else -(20.0 + length)
    if length < 60 and sum(letter.isdigit() for letter in piece.text) >= 6:
        return 0.0  # a date, a counter, a telephone number
    if piece.voted:
        return float(length) if piece.sentence or length >= 60 else 0.3 * length
    if piece.prose:
        return 0.4 * length
    return 0.0 if piece.cell or piece.node.tag == "li" else -2.0


def find_container(page_outline: Outline, after: int) -> tuple[Node, float]:
    """The element with the greatest sum of values, the smallest of equals; text before piece ``after`` speaks for none."""
    sums = [0.0]
    for number, piece in enumerate(page_outline.pieces):
        value = _value(piece)
        sums.append(sums[-1] + (min(value, 0.0) if number < after else value))
    best, best_key = page_outline.root, (float("-inf"), 0)
    for node, (start, end) in page_outline.ranges.items():
        if node.tag in INLINE or end <= start:
            continue
        key = (round(sums[end] - sums[start], 1), start - end)
        if key >= best_key:
            best, best_key = node, key
    return best, best_key[0]


def around_title(page_outline: Outline, title: Node) -> Node | None:
    """For a body without prose (a file, a picture, a placeholder): the smallest element with something after the title."""
    title_end = page_outline.ranges[title][1]
    for above in title.iterancestors():
        if above not in page_outline.ranges or above.tag in INLINE or above.tag in ("body", "html"):
            continue
        _, end = page_outline.ranges[above]
        after = page_outline.pieces[title_end:end]
        if sum(len(piece.text) for piece in after) > 1500:
            return None
        if any(
            not piece.junk and (any(is_document(href) for href in piece.hrefs) or (piece.link_share < 0.5 and _says(piece)))
            for piece in after
        ):
            return above
    return None


def _says(piece: Piece) -> bool:
    return len(piece.text) >= 25 and sum(letter.isdigit() for letter in piece.text) < 8


def widen(page_outline: Outline, container: Node, after: int) -> Node | None:
    """The element around all that trafilatura chose, when the container misses much of it (ads between boxes of text); else None."""
    chosen = [
        number for number, piece in enumerate(page_outline.pieces) if number >= after and piece.voted and piece.prose and not piece.junk
    ]
    total = sum(len(page_outline.pieces[number].text) for number in chosen)
    start, end = page_outline.ranges[container]
    inside = sum(len(page_outline.pieces[number].text) for number in chosen if start <= number < end)
    if total < 250 or inside >= 0.7 * total:
        return None
    # Shrink from the ends as long as a smaller element still holds nearly all.
    first, last = 0, len(chosen) - 1
    spare = 0.1 * total
    while first < last:
        ends = [(len(page_outline.pieces[chosen[number]].text), number) for number in (first, last)]
        length, number = min(ends)
        if length > spare or length > 300:
            break
        spare -= length
        first, last = (first + 1, last) if number == first else (first, last - 1)
    node = common(page_outline.pieces[chosen[first]].node, page_outline.pieces[chosen[last]].node)
    return node if node in page_outline.ranges and node.tag not in INLINE else None


def own_text(votes: Votes, length: int) -> tuple[Block, ...]:
    """The paragraphs of trafilatura, when they are prose and far more than the ``length`` that was found in the container; else none."""
    lines = [line for line in (squash(line) for line in votes.text.split("\n")) if line]
    prose = sum(len(line) for line in lines if len(line) >= 60 and "|" not in line)
    if prose < 1000 or prose < 0.7 * sum(len(line) for line in lines) or length > 0.4 * prose:
        return ()
    return tuple(Block("paragraph", line) for line in lines)


def strays(page_outline: Outline, container: Node, first: int, *, strict: bool) -> list[Node]:
    """What trafilatura left out and stands in other boxes than the text: promotions, captions, notes.

    Only where it read the container well. A paragraph among those it chose is never a stray: it drops short ones and lists.
    """
    start, end = page_outline.ranges[container]
    pieces = [(number, page_outline.pieces[number]) for number in range(start, end) if not page_outline.pieces[number].junk]
    written = [(number, piece) for number, piece in pieces if piece.prose]
    chosen = [(number, piece) for number, piece in written if piece.voted]
    total = sum(len(piece.text) for _, piece in chosen)
    if not strict and (total < 400 or total < 0.6 * sum(len(piece.text) for _, piece in written)):
        return []
    homes: Counter[Node] = Counter()
    kinds: Counter[tuple[str, ...]] = Counter()
    for _, piece in chosen:
        homes[piece.node.getparent()] += len(piece.text)
        homes[piece.node] += len(piece.text) if piece.node.tag not in ("p", "li") else 0
        kinds[_form(piece.node)] += len(piece.text)
    opening = chosen[0][0] if chosen else first
    out = []
    for number, piece in pieces:
        node = piece.node
        if piece.voted or node is container or _is_caption(node) or (piece.cell and not strict):
            continue  # what is printed under a picture is no text of the body, and is kept with the picture
        if page_outline.ranges[node] != (number, number + 1):
            continue
        parent = node.getparent()
        at_home = homes[parent] >= 0.1 * total or homes[node] >= 0.1 * total or kinds[_form(node)] >= 0.3 * total
        if node.tag == "li" and parent is not None:
            at_home = at_home or homes[parent.getparent()] >= 0.1 * total
        at_home = at_home or (piece.prose and piece.sentence and _plainly_in(node, homes, 0.3 * total))
        if not at_home and not (number < opening and piece.prose and node.tag not in _CAPTIONS):
            out.append(node)
    return out


def _is_caption(node: Node) -> bool:
    parent = node.getparent()
    return "figcaption" in (node.tag, parent.tag if parent is not None else None)


def _plainly_in(node: Node, homes: Counter[Node], least: float) -> bool:
    """Whether only bare elements (an editor's, no widget's) stand between a paragraph and the element that holds the text."""
    for _ in range(4):
        if node is None or node.tag in _CAPTIONS or node.get("class") or node.get("id"):
            return False
        node = node.getparent()
        if homes[node] >= least:
            return True
    return False


def _form(node: Node) -> tuple[str, ...]:
    parent = node.getparent()
    above = parent.getparent() if parent is not None else None
    return (
        str(node.tag),
        str(parent.tag) if parent is not None else "",
        (parent.get("class") or "") if parent is not None else "",
        str(id(above)),
    )


def clean_container(page_outline: Outline, container: Node, dropped: list[Node], file: Callable[[str], str | None], first: int) -> Body:
    """The container without what is known to be no text of the article, read as every article of the project is."""
    twin = copy.deepcopy(container)
    twin.tail = None
    unwanted = set(dropped)
    for node, (start, end) in page_outline.ranges.items():
        if end <= start or node is container:
            continue
        pieces = page_outline.pieces[start:end]
        if node.tag not in INLINE and (all(piece.junk for piece in pieces) or _link_list(pieces) or _before(pieces, end, first)):
            unwanted.add(node)
    if unwanted:
        copies = {original: twin_node for original, twin_node in zip(container.iter(), twin.iter(), strict=True) if original in unwanted}
        for twin_node in copies.values():
            _remove(twin_node)
    for form in list(twin.iter("form", "button", "noscript")):
        if form.tag == "form":
            form.tag = "div"  # ASP.NET wraps the whole page in one; the cleaning drops forms
    return read_body(twin, file)


def _link_list(pieces: list[Piece]) -> bool:
    """Other pages' headlines: nearly all links, none of them to a document."""
    if any(is_document(href) for piece in pieces for href in piece.hrefs):
        return False
    length = sum(len(piece.text) for piece in pieces)
    linked = sum(min(piece.link, len(piece.text)) for piece in pieces)
    return linked > 0.7 * length and not any(piece.voted and len(piece.text) > 200 for piece in pieces) and (len(pieces) > 1 or length > 15)


def _before(pieces: list[Piece], end: int, first: int) -> bool:
    """Counters, labels and share words above the first paragraph."""
    return end <= first and all(len(piece.text) < 80 and not piece.sentence for piece in pieces)


def _remove(node: Node) -> None:
    parent = node.getparent()
    if parent is None:
        return
    if node.tail:
        before = node.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)
