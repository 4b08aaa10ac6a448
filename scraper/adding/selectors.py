"""Where on the pages of an unknown CMS title, date, text and list stand: the selectors that a new family would declare.

A selector is proposed only if it finds exactly one element on every article that was read; a person decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from parsel import Selector

from scraper.extract.page import Page, string_of
from scraper.extract.text import squash
from scraper.items import Article, Link

_TEXT = etree.XPath("string()")
_NAME = re.compile(r"-?[A-Za-z_][\w-]*")
_LONGEST_DATE = 80
"""Letters of an element that prints a date; more, and it is a text that mentions one."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One field: what was read there, by which rule, and the selector a layout would declare for it (None: none fits all pages)."""

    field: str
    read: str
    rule: str
    selector: str | None


def proposals(listing: Page, links: Sequence[Link], articles: Sequence[tuple[Page, Article]]) -> list[Proposal]:
    """What a family's layout and listing would need, from pages and what the generic reading found on them."""
    pages = [page for page, _ in articles]
    found = []
    for field, name in (("title", "title"), ("date", "published_at"), ("lead", "lead"), ("byline", "byline"), ("body", "body")):
        read, selector = "", None
        for page, article in articles:
            wanted = article.published_raw if field == "date" else getattr(article, field)
            if not wanted:
                continue
            read = read or squash(wanted)[:60]
            # A number in a name is often the article's own, or new with every page.
            choices = sorted(_choices(page, field, squash(wanted)), key=lambda choice: bool(re.search(r"\d", choice)))
            selector = selector or next((choice for choice in choices if _fits(choice, pages, field)), None)
        rule = next((article.evidence[name] for _, article in articles if name in article.evidence), "")
        found.append(Proposal(field, read, rule, selector))
    found.append(Proposal("links", f"{len(links)} articles", "", _links_selector(listing, links)))
    return found


def _choices(page: Page, field: str, wanted: str) -> Iterator[str]:
    """Selectors of the elements that print a text, from the smallest on."""
    # A title that was read in the document's head has the site's name behind it.
    spellings = [wanted, wanted.rpartition(" - ")[0]] if field == "title" else [wanted]
    for spelling in filter(None, spellings):
        for element in _elements(page, field, spelling):
            yield from _selectors(element)


def _elements(page: Page, field: str, wanted: str) -> Iterator[etree._Element]:
    root = page.root.root
    texts = [(squash(str(_TEXT(element))), element) for element in root.iter("*")]
    if field == "body":
        first, last = wanted[:50], wanted[-40:]
        holding = [(text, element) for text, element in texts if first in text and last in text]
    else:
        limit = len(wanted) + (_LONGEST_DATE if field == "date" else 0)
        outside = [pair for pair in texts if pair[1].tag not in ("title", "script", "meta", "option")]
        holding = [(text, element) for text, element in outside if wanted in text and len(text) <= limit]
    holding.sort(key=lambda pair: len(pair[0]))
    yield from (element for _, element in holding[:8])


def _selectors(element: etree._Element) -> Iterator[str]:
    own = _own(element)
    if own:
        yield own
    tag = str(element.tag)
    for parent in element.iterancestors():
        above = _own(parent)
        if above and parent.tag not in ("html", "body"):
            yield f"{above} {own or tag}"


def _own(element: etree._Element) -> str | None:
    """An element by its id or classes, or by its tag where that says enough."""
    identity = element.get("id") or ""
    if _NAME.fullmatch(identity):
        return f"#{identity}"
    classes = [name for name in (element.get("class") or "").split() if _NAME.fullmatch(name)]
    if classes:
        return str(element.tag) + "".join(f".{name}" for name in classes[:2])
    return str(element.tag) if element.tag in ("h1", "time", "article") else None


def _fits(selector: str, pages: Sequence[Page], field: str) -> bool:
    counts = [len(page.root.css(selector)) for page in pages]
    # A lead or a byline may be missing from an article.
    return all(count == 1 or (count == 0 and field in ("lead", "byline", "date")) for count in counts) and any(counts)


def _links_selector(listing: Page, links: Sequence[Link]) -> str | None:
    """The commonest place of the anchors that lead to articles."""
    urls = {link.url for link in links}
    places: Counter[str] = Counter()
    for anchor in listing.root.css("a[href]"):
        url = listing.absolute(anchor.attrib["href"])
        if url in urls and squash(string_of(anchor)):
            places.update({place for place in [_place(anchor)] if place})
    return places.most_common(1)[0][0] if places else None


def _place(anchor: Selector) -> str | None:
    element = anchor.root
    own = _own(element)
    if own and not own.startswith("#"):
        return own
    for parent in element.iterancestors():
        above = _own(parent)
        if above and not above.startswith("#"):
            return f"{above} a"
        if parent.tag in ("h1", "h2", "h3", "h4", "h5", "li"):
            return f"{parent.tag} a"
    return None
