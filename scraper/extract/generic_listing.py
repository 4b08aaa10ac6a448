"""Whether a page whose CMS is unknown is a list of articles: many linked headlines with a teaser each, and no text of its own."""

from __future__ import annotations

from urllib.parse import urlsplit

from scraper.extract.body import is_document
from scraper.extract.generic_head import Head
from scraper.extract.generic_outline import Node, Outline, Piece
from scraper.extract.generic_title import Title
from scraper.extract.page import Page, Refused

_TEASERS = 4
_PROSE_EACH = 500
RUN = 1200
"""Characters of text with no headline between: no listing prints a summary of this length."""


def headline(piece: Piece) -> bool:
    """A line that is one link to another page and reads like a headline."""
    return (
        piece.link_share > 0.75
        and 20 <= len(piece.text) <= 250
        and len(piece.text.split()) >= 4
        and any(href and not href.startswith(("#", "javascript:", "mailto:")) and not is_document(href) for href in piece.hrefs)
    )


def refuse_listing(
    page: Page, seen: Outline, head: Head, title: Title | None, container: Node, first: int, last: int, *, sure: bool
) -> None:
    """Raise :class:`Refused` when the container is a list, or one teaser out of a list. ``sure``: its address says it is neither."""
    inside = seen.pieces[first:last]
    teasers = sum(headline(piece) for piece in inside)
    prose = sum(len(piece.text) for piece in inside if piece.prose and not headline(piece))
    # A page that calls itself an article, under a title that its address or its head confirms, may well link others between.
    confirmed = head.is_article and title is not None and title.sure and (title.slug_share >= 0.6 or "as " in title.evidence)
    each = _PROSE_EACH // 4 if confirmed else _PROSE_EACH
    if teasers >= _TEASERS and prose < each * teasers and longest_run(inside) < RUN:
        raise Refused("not_article", f"a listing: {teasers} linked headlines among {prose} characters of text")
    length = seen.chars(first, last)
    if length < 1500 and not sure and not (title and title.sure and title.slug_share >= 0.6):
        alike = _siblings(seen, container)
        if alike >= 3:
            raise Refused("not_article", f"a listing: {alike} boxes with a linked headline beside each other")
    path = urlsplit(page.url).path.lower().strip("/")
    at_home = (
        path in ("", "index.html", "default.aspx", "trang-chu", "home", "vi", "index.php", "web/guest/home")
        and not urlsplit(page.url).query
    )
    if at_home and not sure and not head.is_article:
        raise Refused("not_article", "the home page")


def longest_run(pieces: list[Piece]) -> int:
    longest = run = 0
    for piece in pieces:
        if headline(piece):
            run = 0
        elif piece.prose:
            run += len(piece.text)
            longest = max(longest, run)
    return longest


def _siblings(seen: Outline, container: Node) -> int:
    """The greatest number of like elements beside the container or around it that each hold a linked headline."""
    most = 0
    node = container
    for _ in range(5):
        parent = node.getparent()
        if parent is None:
            break
        if any(headline(piece) for piece in seen.inside(node)):
            alike = [
                other
                for other in parent
                if other.tag == node.tag
                and (other.get("class") or "") == (node.get("class") or "")
                and any(headline(piece) for piece in seen.inside(other))
            ]
            most = max(most, len(alike))
        node = parent
    return most
