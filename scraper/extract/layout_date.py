"""Which of the dates that a layout's selectors find is the article's: told by where each stands to the title and to the text.

The traps: the page's clock (the day of the fetch, before the title), the dates of other news after the text or in a column beside
it, a time inside the text. Where two days could be meant, none is.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache, cached_property
from itertools import islice
from typing import NamedTuple

from scraper.extract.dates import PrintedDate, read_date
from scraper.extract.generic_outline import Node, names
from scraper.extract.layout import Layout
from scraper.extract.page import Page, text_in
from scraper.extract.text import fold, squash
from scraper.items import Problem

_EVERYWHERE = frozenset((".date", ".time", "time"))
"""Selectors that find the page's clock as well as an article's date."""
# ngày đăng, đăng lúc, đăng ngày, ngày tạo, xuất bản: labels of publication, which no clock and no headline has.
_LABEL = re.compile(r"ngay dang|dang (?:luc|ngay)|ngay tao|xuat ban")
_LABELLED_MAX = 140
"""Characters; a line with a date and its label is shorter."""
_LONGEST = 400
"""Characters of an element that are read; no date element is longer."""
_MOST = 200
"""Elements of one selector that are looked at; a page of an article has some dozens."""
_HEADLINE = 30
"""Characters; a link of a menu is shorter, a headline is longer."""
_AROUND = 4
"""Elements around a date that are searched for a headline which it belongs to."""
_HEADING = 300
"""Characters beside the title in the element that holds title, date, author and counters."""
# What heads the page and not the article: header, top bar, banner, đồng hồ (clock).
_PAGE_HEAD = re.compile(r"(?:^|[\s_-])(?:head(?:er)?|top|banner|clock|dong-?ho)(?=$|[\s_\d-])", re.I)
_PAGE_TAGS = frozenset(("html", "body", "form", "header"))
_DAY = timedelta(days=1)

_Path = list[Node]
"""An element after all that hold it, the root first."""


class Published(NamedTuple):
    """A date and the selector that found it."""

    date: PrintedDate
    selector: str


class _Found(NamedTuple):
    """A date, the text that was read, and whether it may be the page's clock."""

    date: PrintedDate
    text: str
    is_clock: bool


def find_published(page: Page, layout: Layout, problems: list[Problem]) -> Published | None:
    """The certain date of an article; why there is none is told."""
    places = _Places(page, layout)
    unread, mismatched = "", False
    for selector in layout.date:
        nodes = [one.root for one in page.css(selector)[:_MOST]]
        found, printed = places.dates(nodes)
        if selector in _EVERYWHERE or not all(one.is_clock for one in found):
            found = [one for one in found if not one.is_clock]
        if not found:
            unread = printed or unread
            continue
        days = {one.date.at.date() for one in found}
        # Labels may tell two days apart: “11/12/2022” and “Cập nhật: 12/12/2022” (updated).
        told = read_date(" = ".join(one.text for one in found), today=page.fetched_on) if len(days) > 1 else found[0].date
        if told:
            return Published(next(one.date for one in found if one.date.at.date() == told.at.date()), selector)
        problems.append(Problem("selector_mismatch", f"date: {selector!r} finds {len(days)} different days"))
        mismatched = True
    if unread:
        problems.append(Problem("date_unread", f"no certain date in “{unread[:120]}”"))
    elif not mismatched and not layout.date_optional:
        problems.append(Problem("date_missing", f"none of {', '.join(layout.date)} finds the article's date"))
    return None


class _Places:
    """Where the elements of a page stand to the article's title and text."""

    def __init__(self, page: Page, layout: Layout) -> None:
        self._page, self._layout = page, layout
        self._headlines = cache(_headlines)
        self._length = cache(lambda node: len(_text(node)))

    @cached_property
    def _title(self) -> _Path:
        return _first(self._page, self._layout.title)

    @cached_property
    def _body(self) -> _Path:
        return _first(self._page, self._layout.body)

    def dates(self, nodes: list[Node]) -> tuple[list[_Found], str]:
        """The dates that stand with the title, or else those elsewhere that are of no other news; and the last text that is no date."""
        beside: list[_Path] = []
        others: list[_Path] = []
        for path in map(_path, nodes):
            place = beside if self._is_beside(path) else others
            if not self._is_other_news(path, place is beside):
                place.append(path)
        unread = ""
        for paths in (beside, others):
            found = []
            for path in paths:
                text = _text(path[-1])[:_LONGEST]
                read = read_date(text, today=self._page.fetched_on)
                if read:
                    found.append(_Found(read, text, paths is others and self._is_clock(path, read)))
                unread = unread if read else text or unread
            if found:
                return found, ""
        return [], unread

    def _is_beside(self, path: _Path) -> bool:
        """Whether an element stands between title and text, or near the title."""
        if not self._title or self._title[: len(path)] == path:
            return not self._title
        if _precedes(self._title, path) and _precedes(path, self._body):
            return True
        return self._is_near(path)

    def _is_near(self, path: _Path) -> bool:
        """Whether what holds an element and the title is small, or the element is the line above the title."""
        depth = next((at for at, (one, other) in enumerate(zip(path, self._title, strict=False)) if one is not other), None)
        if depth is None:  # in the title
            return True
        holder, box, heading = path[depth - 1], path[depth], self._title[depth]
        if holder not in self._body:
            return self._length(holder) <= self._length(self._title[-1]) + _HEADING
        return (
            heading not in self._body
            and next(box.itersiblings("*"), None) is heading
            and holder.tag not in _PAGE_TAGS
            and box.tag not in _PAGE_TAGS
            and not _PAGE_HEAD.search(names(box))
            and _text(box) == _text(path[-1])
        )

    def _is_clock(self, path: _Path, read: PrintedDate) -> bool:
        """Whether an element before the title, and not near it, shows the day of the fetch."""
        is_today = abs(read.at.date() - self._page.fetched_on) <= _DAY  # the portal's day may be another than ours
        return is_today and bool(self._title) and _precedes(path, self._title) and not _is_labelled(path[-1])

    def _is_other_news(self, path: _Path, beside: bool) -> bool:
        """Whether a date stands after the text without a label, or with the headline of something else."""
        body = self._body[-1:]
        after = bool(body) and body[0] not in path and _precedes(self._body, path) and not beside
        if after:
            return not _is_labelled(path[-1])
        return self._has_headline(path, 0 if beside else _AROUND)

    def _has_headline(self, path: _Path, around: int) -> bool:
        """Whether a headline stands in the link or list item that holds a date, or in as many elements around it."""
        node = path[-1]
        for distance, above in enumerate(reversed(path[:-1]), 1):
            if above in self._title or above in self._body:
                return False
            if above.tag == "a":
                return self._length(above) - self._length(node) >= _HEADLINE
            in_item = above.tag == "li"
            if (in_item or distance <= around) and any(
                link not in path and node not in link.iterancestors() for link in self._headlines(above)
            ):
                return True
            if in_item:
                return False
        return False


def _first(page: Page, selectors: tuple[str, ...]) -> _Path:
    """The first element of a field's selectors that has text."""
    for selector in selectors:
        for one in page.css(selector):
            if any(not text.isspace() for text in one.root.itertext()):
                return _path(one.root)
    return []


def _path(node: Node) -> _Path:
    return [*reversed([*node.iterancestors()]), node]


def _precedes(one: _Path, other: _Path) -> bool:
    """Whether an element begins before another; what holds it does."""
    for depth, (mine, others) in enumerate(zip(one, other, strict=False)):
        if mine is not others:
            holder = one[depth - 1]
            return bool(holder.index(mine) < holder.index(others))
    return len(one) < len(other)


def _headlines(box: Node) -> list[Node]:
    """The first links in an element that are long enough for headlines."""
    return list(islice((link for link in box.iter("a") if len(_text(link)) >= _HEADLINE), 3))


def _is_labelled(node: Node) -> bool:
    """Whether an element, or the short line that it stands in, says that it prints the publication."""
    holder = node.getparent()
    lines = (_text(node), _text(holder) if holder is not None else "")
    return any(len(line) <= _LABELLED_MAX and _LABEL.search(fold(line)) for line in lines)


def _text(node: Node) -> str:
    return squash(text_in(node))
