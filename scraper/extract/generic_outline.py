"""An outline of a page whose CMS is unknown: its visible blocks in reading order, and which elements hold which of them.

One iterative walk over parsel's tree (lxml's own parser would drop what is nested deeper than 256 levels); everything that
the generic reading asks (what stands before what, what a container holds, how much of it is links) is answered from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scraper.extract.text import squash

Node = Any
"""An lxml element; parsel types its trees no further."""

SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "title",  # and not head: libxml2 puts what HTML 5 added (main, section) into it where no body is written
        "canvas",
        "map",
        "math",
        "video",
        "audio",
    ]
)
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "o:p",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "picture",
        "source",
    ]
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CELLS = frozenset(("td", "th"))

# Class and id words of what surrounds an article. Vietnamese ones: lien-quan (related), tin-khac (other news), doc-nhieu (most
# read), binh-luan (comments), chia-se (share), thong-ke (statistics), lien-ket (links), quang-cao (advertising), dang-nhap (login).
_JUNK_WORDS = (
    r"related\w*|lien-?quan|tin-?khac|tbtinkhac|bai-?khac|other-?(?:news|title|post|article)s?|more-?(?:news|stories|articles?)|read-?(?:more|next|also)"
    r"|recommend\w*|recirc\w*|comments?|comment-?(?:list|box|area)|binh-?luan|disqus\w*|breadcrumbs?|pathway|share\w*|sharing|social\w*|chia-?se|tags?|tag-?list"
    r"|tag-?cloud|keywords?|menu\w*|navbar|nav|navigation|navigator|navlist|footer|copyright|sidebar|side-?bar|adverts?|advertisement|banner|ads?|quang-?cao|paging|pagination|pager"
    r"|toolbar|newsletter|subscri\w+|promo\w*|popup|modal|cookie\w*|login|dang-?nhap|most-?(?:read|popular|viewed)|doc-?nhieu|xem-?nhieu|hot-?news|trending"
    r"|weblinks?|lien-?ket|counter|thong-?ke|ratings?|poll|rss|marquee|chu-?chay|taboola|outbrain|sponsor\w*|teasers?|skip-?links?|screen-?reader-?text|sr-only"
    r"|visually-?hidden|author-?(?:bio|box)|about-?the-?author|donat\w+|next-?prev|prev-?next|post-?navigation|asset-control-detail"
)
JUNK_CLASS = re.compile(rf"(?:^|[\s_-])(?:{_JUNK_WORDS})(?=$|[\s_\d-])", re.I)
ALWAYS_JUNK = re.compile(r"(?:^|[\s_-])(?:footer|copyright|breadcrumbs?|pathway|marquee|login|counter|thong-?ke)(?=$|[\s_\d-])", re.I)
"""What no extractor's choice vindicates."""
JUNK_TAGS = frozenset(("nav", "footer", "aside", "marquee"))
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)]*$")
_NOT_WORD = re.compile(r"[\W_]+")


def squeeze(text: str) -> str:
    """Letters and digits only, lower-case: two extractors' spacing and punctuation do not matter."""
    return _NOT_WORD.sub("", text).lower()


def names(node: Node) -> str:
    """Class, id and itemprop of an element in one string."""
    return f"{node.get('class') or ''} {node.get('id') or ''} {node.get('itemprop') or ''}".strip()


@dataclass(slots=True)
class Piece:
    """A run of text between two block boundaries; ``node`` is the block element that holds it."""

    node: Node
    text: str
    link: int = 0
    cell: bool = False
    voted: bool = False
    junk: bool = False
    hrefs: list[str] = field(default_factory=list)

    @property
    def link_share(self) -> float:
        """How much of the text is links, 0 to 1."""
        return min(1.0, self.link / max(1, len(self.text)))

    @property
    def sentence(self) -> bool:
        """Whether it ends like a sentence."""
        return bool(_SENTENCE_END.search(self.text))

    @property
    def prose(self) -> bool:
        """Running text: long enough, not links."""
        return len(self.text) >= 80 and self.link_share < 0.35


@dataclass(slots=True)
class Outline:
    """The pieces of a page and, for every visited element, the half-open range of pieces inside it."""

    root: Node
    pieces: list[Piece]
    ranges: dict[Node, tuple[int, int]]
    junk_roots: list[Node]

    def text(self, node: Node) -> str:
        """The visible text of an element, on one line."""
        if node.tag in INLINE or node not in self.ranges:
            return squash("".join(node.itertext()))
        start, end = self.ranges[node]
        return " ".join(piece.text for piece in self.pieces[start:end])

    def inside(self, node: Node) -> list[Piece]:
        """The pieces inside an element."""
        start, end = self.ranges.get(node, (0, 0))
        return self.pieces[start:end]

    def at(self, node: Node) -> int:
        """The number of the first piece inside an element, or the piece that its inline text belongs to."""
        return self.ranges[node][0] if node in self.ranges else len(self.pieces)

    def chars(self, start: int, end: int) -> int:
        """Characters of visible text in a range of pieces."""
        return sum(len(piece.text) for piece in self.pieces[max(0, start) : end])


def hidden(node: Node) -> bool:
    """Whether an element is not shown."""
    style = node.get("style")
    return node.get("hidden") is not None or bool(style and _HIDDEN_STYLE.search(style))


def outline(root: Node) -> Outline:
    """Walk the tree once, without recursion."""
    pieces: list[Piece] = []
    ranges: dict[Node, tuple[int, int]] = {}
    junk_roots: list[Node] = []
    run: list[str] = []
    state = {"link": 0, "anchors": 0}
    hrefs: list[str] = []
    block: list[Node] = [root]

    def flush() -> None:
        text = squash("".join(run)) if run else ""
        if text:
            pieces.append(Piece(block[-1], text, state["link"], block[-1].tag in _CELLS, hrefs=list(hrefs)))
        run.clear()
        hrefs.clear()
        state["link"] = 0

    def say(text: str | None) -> None:
        if text:
            run.append(text)
            if state["anchors"]:
                state["link"] += len(text.strip())

    for event, node in _walk(root):
        if event == "tail":
            say(node.tail)
            continue
        tag = node.tag
        if event == "start":
            if tag not in INLINE:
                flush()
                block.append(node)
                if tag in JUNK_TAGS or JUNK_CLASS.search(names(node)):
                    junk_roots.append(node)
            elif tag == "a":
                state["anchors"] += 1
                hrefs.append(node.get("href") or "")
            elif tag == "br":
                run.append("\n")
            ranges[node] = (len(pieces), -1)
            say(node.text)
        else:
            if tag not in INLINE:
                flush()
                block.pop()
                ranges[node] = (ranges[node][0], len(pieces))
            else:
                # The piece an inline element stands in is not closed yet.
                ranges[node] = (ranges[node][0], len(pieces) + bool(run))
                if tag == "a":
                    state["anchors"] -= 1
            say(node.tail)
    flush()
    return Outline(root, pieces, ranges, junk_roots)


def _walk(root: Node) -> Iterator[tuple[str, Node]]:
    """``start`` and ``end`` of every visible element; of a comment or a skipped element only its ``tail``."""
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            yield "end", node
            continue
        if not isinstance(node.tag, str) or node.tag in SKIPPED or hidden(node):
            yield "tail", node
            continue
        yield "start", node
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))


def common(first: Node, second: Node) -> Node:
    """The lowest element that holds both."""
    above = {first, *first.iterancestors()}
    for node in (second, *second.iterancestors()):
        if node in above:
            return node
    return first.getroottree().getroot()


def is_inside(node: Node, holder: Node) -> bool:
    """Whether ``node`` is ``holder`` or stands in it."""
    return node is holder or any(above is holder for above in node.iterancestors())
