"""CSS selectors asked of one tree many times, as layouts do: answered as ``Selector.css`` does, without a walk where none is needed.

Each walk over a page of 800 elements takes 0.3 ms, and an article's page is asked a dozen selectors, most of which name classes that
it has not (2026-11). So the classes of the page are listed once: what names a class that is not there finds nothing, and what is a
class alone is looked up.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any

from lxml import etree
from parsel import Selector, SelectorList

_IN_BRACKETS = re.compile(r"\[[^\]]*\]")
_CLASS = re.compile(r"\.(-?[A-Za-z_][A-Za-z0-9_-]*)")
_ALONE = re.compile(r"([a-z][a-z0-9]*)?\.(-?[A-Za-z_][A-Za-z0-9_-]*)")
_TAG = re.compile(r"[a-z][a-z0-9]*")
_INSIDE = re.compile(r"\.(-?[A-Za-z_][A-Za-z0-9_-]*)\s+([^\s>+~]+)")
# With these a selector may hold a comma or class that is no part of what must be there: :not(.a, .b), [href="x,.y"], \2c.
_UNCLEAR = re.compile(r"[(\"'\\]")
_WITH_CLASS = etree.XPath("descendant-or-self::*[@class]")
# XPath's white space; str.split() knows more.
_BLANKS = re.compile(r"[ \t\r\n]+")


class Finder:
    """One tree and its classes."""

    def __init__(self, root: Selector) -> None:
        self._root = root

    def css(self, selector: str) -> SelectorList[Selector]:
        """What ``root.css(selector)`` gives, in document order."""
        possible = [one for one, classes in _alternatives(selector) if classes <= self._classes.keys()]
        if not possible:
            return SelectorList()
        if len(possible) > 1:
            return self._root.css(",".join(possible))
        (only,) = possible
        if alone := _ALONE.fullmatch(only):
            name, wanted = alone[1], alone[2]
            return _selectors(one for one in self._classes[wanted] if name is None or one.tag == name)
        if _TAG.fullmatch(only):
            return _selectors(self._root.root.iter(only))
        inside = _INSIDE.fullmatch(only)
        outside = self._classes.get(inside[1], []) if inside else []
        if inside and len(outside) == 1:
            (outer,) = outside
            return SelectorList(one for one in Selector(root=outer, type="html").css(inside[2]) if one.root is not outer)
        return self._root.css(only)

    @cached_property
    def _classes(self) -> dict[str, list[Any]]:
        """The elements that have each class, in document order."""
        found: dict[str, list[Any]] = defaultdict(list)
        elements: list[Any] = _WITH_CLASS(self._root.root)  # type: ignore[assignment]
        for element in elements:
            printed: str = element.get("class")
            # Of what is printable ASCII only the blank is white space; other letters and controls str.split() sees otherwise than XPath.
            names = printed.split() if printed.isascii() and printed.isprintable() else _BLANKS.split(printed)
            for name in names if len(names) < 2 else dict.fromkeys(names):
                found[name].append(element)
        return dict(found)


def _selectors(elements: Iterable[Any]) -> SelectorList[Selector]:
    return SelectorList(Selector(root=one, type="html") for one in elements)


@cache
def _alternatives(selector: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The parts of a selector between commas, each with the classes that must be on the page for it to find anything."""
    if _UNCLEAR.search(selector):
        return ((selector, frozenset()),)
    parts = [part.strip() for part in selector.split(",")]
    return tuple((part, frozenset(_CLASS.findall(_IN_BRACKETS.sub("", part)))) for part in parts)
