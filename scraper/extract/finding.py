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
from itertools import chain
from typing import Any

from lxml import etree
from parsel import Selector, SelectorList

_IN_BRACKETS = re.compile(r"\[[^\]]*\]")
_CLASS = re.compile(r"\.(-?[A-Za-z_][A-Za-z0-9_-]*)")
_ALONE = re.compile(r"([a-z][a-z0-9]*)?\.(-?[A-Za-z_][A-Za-z0-9_-]*)")
_TAG = re.compile(r"[a-z][a-z0-9]*")
_STEP = r"(?:[a-z][a-z0-9]*)?\.-?[A-Za-z_][A-Za-z0-9_-]*"
_INSIDE = re.compile(rf"({_STEP}(?:\s+{_STEP})*)\s+([^\s>+~,]+)")
# With these a selector may hold a comma or class that is no part of what must be there: :not(.a, .b), [href="x,.y"], \2c.
_UNCLEAR = re.compile(r"[(\"'\\]")
# Asked for the attributes, lxml gives their values, each with its element: the elements alone would be asked for theirs one by one.
_CLASS_VALUES = etree.XPath("descendant-or-self::*/@class")
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
            return _selectors(one for one in self._of_class(wanted) if name is None or one.tag == name)
        if _TAG.fullmatch(only):
            return _selectors(self._root.root.iter(only))
        inside = _INSIDE.fullmatch(only)
        if inside and len(outside := self.css(inside[1])) <= 1:
            return SelectorList(one for outer in outside for one in outer.css(inside[2]) if one.root is not outer.root)
        return self._root.css(only)

    @cached_property
    def _values(self) -> list[Any]:
        """The values of all attributes of classes, in document order."""
        return _CLASS_VALUES(self._root.root)  # type: ignore[return-value]

    @cached_property
    def _printed(self) -> dict[str, list[int]]:
        """Each value, and where in :attr:`_values` it stands: a page of 500 elements with a class has some dozens."""
        found: dict[str, list[int]] = defaultdict(list)
        for position, value in enumerate(self._values):
            found[value].append(position)
        return dict(found)

    @cached_property
    def _classes(self) -> dict[str, list[str]]:
        """Each class, and the values that name it."""
        found: dict[str, list[str]] = defaultdict(list)
        for printed in self._printed:
            for name in dict.fromkeys(_BLANKS.split(printed)):
                found[name].append(printed)
        return dict(found)

    def _of_class(self, name: str) -> list[Any]:
        """The elements that have a class, in document order."""
        positions = [self._printed[printed] for printed in self._classes.get(name, ())]
        return [self._values[each].getparent() for each in (positions[0] if len(positions) == 1 else sorted(chain(*positions)))]


def _selectors(elements: Iterable[Any]) -> SelectorList[Selector]:
    return SelectorList(Selector(root=one, type="html") for one in elements)


@cache
def _alternatives(selector: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The parts of a selector between commas, each with the classes that must be on the page for it to find anything."""
    if _UNCLEAR.search(selector):
        return ((selector, frozenset()),)
    parts = [part.strip() for part in selector.split(",")]
    return tuple((part, frozenset(_CLASS.findall(_IN_BRACKETS.sub("", part)))) for part in parts)
