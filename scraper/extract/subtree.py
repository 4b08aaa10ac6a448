"""A part of a parsed page as a BeautifulSoup tree, made from lxml's: the page is parsed once.

Writing the part out as HTML and parsing that again, as ``BeautifulSoup(html, "lxml")`` does, took twice the CPU (2026-11).
"""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from bs4.builder import HTMLTreeBuilder
from lxml import etree

_EVENTS = ("start", "end", "comment", "pi")


class _SubtreeBuilder(HTMLTreeBuilder):
    """What a parser's events are to BeautifulSoup, a walk over an lxml element is here."""

    def feed(self, markup: Any) -> None:
        """Build the tree of an element and all that is in it; what follows it is not its own."""
        soup = self.soup
        assert soup is not None
        for event, node in etree.iterwalk(markup, events=_EVENTS):
            if event == "start":
                # Not node.attrib: it takes “{{a}}” for a namespace.
                soup.handle_starttag(node.tag, None, None, self.attribute_dict_class(node.items()))
                if node.text:
                    soup.handle_data(node.text)
                continue
            if event == "end":
                soup.handle_endtag(node.tag)
            else:  # a comment: what stands before it and after it are two texts
                soup.endData()
            if node.tail and node is not markup:
                soup.handle_data(node.tail)
        soup.endData()


def soup_of(element: etree._Element) -> BeautifulSoup:
    """The subtree of an element, free of the page: it may be changed. Nothing stands around it, and comments are left out."""
    return BeautifulSoup(element, builder=_SubtreeBuilder())  # type: ignore[arg-type]  # anything that its builder can read
