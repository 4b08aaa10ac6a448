"""The publication date of a page whose CMS is unknown: the one printed beside its title, else the one its head states, else none.

The traps, each met on real portals: a page clock in the header (equal to the day of the fetch, printed before the title), dates of
related news, of documents in a side list, in the text or in the title, the licence in the footer, NukeViet's metas (edit time).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from scraper.extract.dates import PrintedDate, read_date
from scraper.extract.generic_head import Head
from scraper.extract.generic_outline import INLINE, Node, Outline, Piece, common, is_inside, names
from scraper.extract.generic_title import where
from scraper.extract.related import HEADING_MAX, RELATED_HEADING
from scraper.extract.text import fold, squash

LONGEST = 140
"""Characters; an element that prints a date and its label, counters or author is shorter."""

_HAS_DATE = re.compile(
    r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{2,4}|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|th[áa]ng\s*\S+.{0,8}\d{4}|\b[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+\d{4}|\b\d{1,2}\.?\s+[A-Za-z]{3,9}\.?,?\s+\d{4}",
    re.I,
)
_DATE_NAME = re.compile(r"date|time|ngay|publi|posted|post-?meta|entry-?meta|article-?meta|created|author-?info|\bh5\b|meta|byline", re.I)
# time-home, date-now, clock, dong-ho: what shows the present day.
_CLOCK_NAME = re.compile(
    r"clock|time-?home|date-?now|time-?now|now-?(?:date|time)|current|today|hom-?nay|dong-?ho|head(?:er)?-?(?:date|time)|top-?(?:date|time)|datetime-?top|lunar",
    re.I,
)
# Not cập nhật đến (the state of figures), ngày đăng ký (to sign up), thời gian alone (of an event).
_LABEL = re.compile(
    r"(?:ngay|thoi gian) dang(?! k[yi]\b)|dang (?:luc|ngay)|ngay (?:tao|viet|gui)|xuat ban|cap nhat(?! den\b)|publish|posted"
)
# The same of a line in the text or after it, where a sentence may use such words too: only what begins the line or a part of it.
_LABEL_IN_TEXT = re.compile(
    r"^\W*(?:xuat ban|(?:ngay )?cap nhat(?: lan cuoi)?(?: luc| ngay)?\W*(?:\d|thu\b|chu nhat))"
    r"|(?:^|[^\w\s]) ?(?:(?:ngay|thoi gian) dang(?! k[yi]\b)|(?:tin |bai )?dang (?:luc|ngay)|ngay (?:tao|xuat ban))"
)
_EVENT = re.compile(r"^\W*thoi gian(?! dang(?! k[yi]\b))")
_NEAR = 400


@dataclass(frozen=True, slots=True)
class Published:
    """A date, where it was read, and the element that prints it (None for one of the head)."""

    date: PrintedDate
    evidence: str
    node: Node


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a date's place is judged by: the title's element, the body's, the first and last piece of its text."""

    title: Node
    body: Node
    first: int
    last: int


def find_date(page_outline: Outline, head: Head, around: Surroundings, fetched_on: date) -> Published | None:
    """The certain date of the page, or None."""
    best: tuple[float, Published] | None = None
    if around.title is not None:
        box = common(around.title, around.body)
        wide = _widened(page_outline, box)
        others = _other_news(page_outline, around.title)
        for node, printed in _printed(page_outline, wide, around.title, fetched_on):
            score = _score(page_outline, node, printed, box, around, fetched_on) if page_outline.ranges[node][0] < others else -1.0
            if score > 0 and (best is None or score > best[0]):
                best = (score, Published(printed, where(node), node))
    stated = _stated(head, fetched_on)
    if best is None:
        return stated
    if stated is not None and best[0] < 2.0 and abs(stated.date.at.date() - best[1].date.at.date()) > timedelta(days=1):
        return stated
    return best[1]


# Classes of elements that are not shown: NukeViet hides the time of the last edit there and calls it the publication.
_HIDDEN = frozenset(["hidden", "hide", "d-none"])


def _widened(page_outline: Outline, box: Node) -> Node:
    """The article's box with the line or two that a template sets before it; never a whole page with its menus."""
    start = page_outline.ranges[box][0]
    for above in box.iterancestors():
        if above not in page_outline.ranges or above.tag in ("body", "html"):
            break
        before = page_outline.pieces[page_outline.ranges[above][0] : start]
        if sum(len(piece.text) for piece in before) > 160 or len(before) > 8:
            break
        box = above
    return box


def _other_news(page_outline: Outline, title: Node) -> int:
    """The piece after the title that heads other news; the number of pieces where none does."""
    for number in range(page_outline.ranges[title][1], len(page_outline.pieces)):
        text = page_outline.pieces[number].text
        if len(text) <= HEADING_MAX and RELATED_HEADING.match(fold(text)):
            return number
    return len(page_outline.pieces)


def _printed(page_outline: Outline, wide: Node, title: Node, today: date) -> list[tuple[Node, PrintedDate]]:
    """Every short element in the box that reads as one date; the nearest ancestor that adds a time or a label is preferred."""
    out: list[tuple[Node, PrintedDate]] = []
    seen: set[Node] = set()
    start, end = page_outline.ranges[wide]
    for node, (first, _) in page_outline.ranges.items():
        if not start <= first < end or node in seen:
            continue
        own = "".join([node.text or "", *(child.tail or "" for child in node)])
        machine = node.get("datetime") if node.tag == "time" else None
        if not machine and not _HAS_DATE.search(own):
            continue
        text = page_outline.text(node)
        printed = read_date(text, today=today) if len(text) <= LONGEST else None
        if machine and printed is None:
            printed = read_date(squash(machine), today=today)
        if printed is None:
            continue
        for above in list(node.iterancestors())[:3]:
            if (
                above is wide
                or above not in page_outline.ranges
                or is_inside(title, above)
                or len(text := page_outline.text(above)) > LONGEST
            ):
                break
            better = read_date(text, today=today)
            if better is None or better.at.date() != printed.at.date():
                break
            labelled = _LABEL.search(fold(text)) and not _LABEL.search(fold(page_outline.text(node)))
            if (better.precision == "minute" and printed.precision == "day") or labelled:
                node, printed = above, better
            seen.add(above)
        out.append((node, printed))
    return out


def _score(page_outline: Outline, node: Node, printed: PrintedDate, box: Node, around: Surroundings, fetched_on: date) -> float:
    if is_inside(node, around.title) or is_inside(around.title, node):
        return -1.0
    start, end = page_outline.ranges[node]
    pieces = page_outline.pieces[start : max(end, start + 1)]
    text = page_outline.text(node)
    folded = fold(text)
    labelled = bool((_LABEL if start < around.first else _LABEL_IN_TEXT).search(folded))
    # A date with its label may stand in a bar of share buttons, which is furniture otherwise.
    if (any(piece.junk for piece in pieces) and not (labelled and is_inside(node, box))) or any(
        above.tag == "a" for above in (node, *node.iterancestors())
    ):
        return -1.0
    if pieces and pieces[0].link_share > 0.6:
        return -1.0
    if start >= around.first and not labelled and _is_listed(pieces, node):
        return -1.0
    if any(_HIDDEN.intersection((above.get("class") or "").split()) for above in (node, *list(node.iterancestors())[:2])):
        return -1.0
    named = " ".join([names(node), *(names(above) for above in list(node.iterancestors())[:2] if len(page_outline.inside(above)) <= 6)])
    dated = bool(_DATE_NAME.search(named)) or node.tag == "time" or node.get("itemprop") == "datePublished"
    if _EVENT.match(folded) and not (dated and start < around.first):
        return -1.0
    inline_in_prose = node.tag in INLINE and pieces and len(pieces[0].text) > LONGEST
    if inline_in_prose or _CLOCK_NAME.search(named):
        return -1.0
    rest = len(re.sub(r"[\W\d_]+", "", text.replace(printed.raw, "")))
    title_at = page_outline.ranges[around.title][0]
    score = 1.0 + (2.0 if labelled else 0.0) + (1.5 if dated else 0.0) + (1.0 if printed.precision == "minute" else 0.0)
    score -= 0.0 if rest <= 30 else 1.0 if rest <= 60 else 2.5
    score += 1.5 if is_inside(node, box) else 0.0
    if start < title_at:
        distance = page_outline.chars(start + 1, title_at)
        if abs(printed.at.date() - fetched_on) <= timedelta(days=1) and not (labelled or (is_inside(node, box) and dated)):
            return -1.0
        score -= 0.5
    elif start < around.first:
        distance = page_outline.chars(title_at + 1, start)
    elif start < around.last:
        # Inside the text: only the line above its first paragraph, or an element made for dates.
        distance = page_outline.chars(around.first, start)
        if not (labelled or dated) or (distance > _NEAR and not labelled):
            return -1.0
        score -= 1.5
    else:
        distance = page_outline.chars(around.last, start)
        if not (labelled or dated) or distance > 250:
            return -1.0
        score -= 1.0
    return score - min(2.5, distance / 200)


def _is_listed(pieces: list[Piece], node: Node) -> bool:
    """Whether a date stands in the item of a list or on a line with a link."""
    return any(piece.link for piece in pieces) or any(above.tag == "li" for above in (node, *node.iterancestors()))


def _stated(head: Head, fetched_on: date) -> Published | None:
    """The date that the head states. NukeViet's states the time of the last edit."""
    if "nukeviet" in head.generator.lower():
        return None
    for source, text in head.dates:
        printed = read_date(squash(text), today=fetched_on)
        if printed:
            return Published(printed, source, None)
    return None
