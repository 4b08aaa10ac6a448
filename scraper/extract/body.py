"""The article's own subtree, cleaned: paragraphs, list items, table rows; pictures with captions and documents apart.

lxml parses the page (leniently, with pasted Word and unclosed tags), parsel finds the subtree, and as BeautifulSoup's it is walked
here. A whole page never comes here: a BeautifulSoup tree costs ten times a parsel one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag
from lxml import etree

from scraper.extract.block import Block, BlockKind, join_blocks
from scraper.extract.byline import is_signature
from scraper.extract.related import heads_related, is_text, part_related
from scraper.extract.subtree import soup_of
from scraper.extract.text import clean, fold, squash
from scraper.items import Attachment

# fmt: off
_UNSEEN = frozenset([
    "script", "style", "noscript", "template", "iframe", "object", "embed", "button", "input", "select", "textarea", "svg",
])
_FURNITURE = frozenset([
    "social", "share", "share-bar", "sharethis", "addthis_toolbox", "fb-like", "fb-share-button", "print", "print-action",
    "mailto-action", "post-tags", "tags", "contextMenu",
])
# fmt: on
_CLASS = re.compile(r"\.([A-Za-z][A-Za-z0-9_-]*)")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
# fmt: off
_BLOCK_TAGS = frozenset([
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])
# fmt: on
_DOCUMENT_SUFFIX = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|rar|7z|txt|csv)$", re.I)
_PICTURE_SUFFIX = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp)(?:\?[^/]*)?$", re.I)
_ALNUM = re.compile(r"[^\W_]+")
_ALIGN_STYLE = re.compile(r"text-align\s*:\s*(left|right|center|justify)", re.I)
_LINE_ENDS = re.compile(r"[\r\n\t]+")
_BLANK_LINE = re.compile(r"\n\s*\n")
_PAD = re.compile(r"^[\s\u00a0\u2002\u2003\u2007]{10,}\S")
_STYLES = {"b": "b", "strong": "b", "em": "i", "i": "i"}
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "th"])
_INNER_KIND: dict[str, BlockKind] = {"li": "item", "figcaption": "caption"}
# Of VCCorp, WordPress, Liferay's editor, NukeViet and Word as pasted by portals.
_CAPTION_CLASSES = frozenset(["PhotoCMS_Caption", "wp-caption-text", "image-caption", "image_caption", "pCaption", "caption-text"])
FURNITURE_MAX = 80
"""Characters; the longest of what is left by CMSs has half."""
BESIDE_LINK_MAX = 30
"""Characters beside a headline that is a link: its date, the paper it stands in, a mark before it."""
CAPTION_MAX = 220
"""Characters; a longer paragraph under a picture is text of the article."""
_SENTENCE_END = re.compile(r"[.!?…][”\")]?\s+(?=[“\"(]?[A-ZÀ-ỸĐ])(?<!TP\. )(?<!TX\. )(?<!TS\. )(?<!Th\. )")

# What CMSs and editors leave at the end or between paragraphs, as the whole of a block (folded: no marks, lower case).
FURNITURE = re.compile(
    r"^(?:"
    r"xem chi tiet(?: tin)?(?: bai)? tai day\.?|"  # xem chi tiết tại đây: details here
    r"(?:luot xem|so luot xem|so luot nguoi xem|da xem|view count|luot truy cap)\s*:?\s*[\d.,]*|"  # view counters
    r"(?:in bai viet|ban in|in trang|gui mail|gui email|quay lai|ve dau trang|tro ve|chia se|chia se\s*:)"  # print, mail, back, share
    r")$"
)


@dataclass(frozen=True, slots=True)
class Body:
    """The cleaned subtree: its blocks in reading order and what it shows or links; ``lost``: letters of it that are in none.

    Scripts, hidden elements and what the layout names as furniture are not counted as lost.
    """

    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...]
    lost: int = 0

    @property
    def text(self) -> str:
        """Paragraphs separated by a blank line; list items and table rows by a newline."""
        return join_blocks(self.blocks)


def read_body(subtree: etree._Element, file: Callable[[str], str | None], drop: tuple[str, ...] = ()) -> Body:
    """Clean the article's subtree. ``file`` gives the address of a linked document or picture; ``drop`` is the layout's own furniture."""
    soup = soup_of(subtree)
    classes, other = _classes_to_drop(drop)
    _remove(soup, lambda element: _is_unseen(element) or not classes.isdisjoint(element.attrs.get("class") or ()))
    for element in soup.select(other) if other else ():
        element.decompose()
    lost = _letters(soup.get_text())
    _remove(soup, lambda element: not _FURNITURE.isdisjoint(element.attrs.get("class") or ()))
    walked = list(_walk(soup))
    lost -= _letters(" ".join(block.text for block in walked))
    own, others = part_related([block for block in walked if _keep(block)])
    lost += _letters(" ".join(block.text for block in others if is_text(block)))
    blocks = _captions(own)
    text = tuple(block for block in blocks if block.kind not in ("caption", "picture"))
    return Body(text, _attachments(soup, blocks, _documents_of(others, walked), file), lost)


def _documents_of(others: list[Block], walked: list[Block]) -> frozenset[str]:
    """Documents linked among headlines of other news, and nowhere else; not what the heading links, nor a list of nothing else."""
    if not any(block.is_link for block in others):
        return frozenset()
    apart = {id(block) for block in others if not heads_related(block)}
    own = {href for block in walked if id(block) not in apart for href in block.documents}
    return frozenset(href for block in others for href in block.documents) - own


def _remove(soup: BeautifulSoup, wanted: Callable[[Tag], bool]) -> None:
    """Take out elements with all that is in them. A selector would be asked of each element alternative by alternative."""
    for element in [each for each in _inside(soup) if wanted(each)]:
        element.decompose()


def _inside(tag: Tag, *names: str) -> list[Tag]:
    """The elements in another, of certain names or all: ``find_all`` without its many kinds of matching."""
    return [each for each in tag.descendants if isinstance(each, Tag) and (not names or each.name in names)]


def _is_unseen(element: Tag) -> bool:
    attributes = element.attrs
    if element.name in _UNSEEN or "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return isinstance(style, str) and _HIDDEN_STYLE.search(style) is not None


@cache
def _classes_to_drop(drop: tuple[str, ...]) -> tuple[frozenset[str], str]:
    """What a layout drops: classes, and the selectors that are more than a class."""
    parts = [part.strip() for part in ", ".join(drop).split(",")] if not any("(" in each or "[" in each for each in drop) else list(drop)
    alone = {match[1]: part for part in parts if (match := _CLASS.fullmatch(part))}
    return frozenset(alone), ", ".join(part for part in parts if part not in alone.values())


def _letters(text: str) -> int:
    # Without blanks: each word between two would be a match of its own.
    return sum(map(len, _ALNUM.findall("".join(text.split()))))


def _keep(block: Block) -> bool:
    return bool(block.images) or (bool(block.text) and not (len(block.text) <= FURNITURE_MAX and FURNITURE.match(fold(block.text))))


class _Line:
    """Inline text being gathered until the next block boundary."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.parts: list[str] = []
        self.styles: set[str] = set()
        self.images: list[str] = []
        self.documents: list[str] = []
        self.linked = 0

    def add(self, text: str, style: str, *, linked: bool) -> None:
        """Add a piece of text in one style (“” plain, “b” bold, “i” italic)."""
        self.parts.append(_LINE_ENDS.sub(" ", text) if "\n" in text or "\r" in text or "\t" in text else text)
        if text.strip(" \u00a0"):
            self.styles.add(style)
            if linked:
                self.linked += len(text.strip())

    def flush(self, kind: BlockKind, align: str | None) -> Iterator[Block]:
        if not self.parts and not self.images:
            self.reset()
            return
        raw = "".join(self.parts)
        text = clean(raw)
        if text or self.images:
            first = raw.lstrip("\r\n\t ")
            paragraphs = _BLANK_LINE.split(text) if text else [""]
            beside = len(text) - self.linked
            is_link = len(paragraphs) == 1 and beside < self.linked and beside <= BESIDE_LINK_MAX
            for position, paragraph in enumerate(paragraphs):
                images = tuple(self.images) if position == 0 else ()
                actual: BlockKind = "picture" if images and not paragraph else kind
                emphasised, italic = "" not in self.styles, self.styles == {"i"}
                documents = tuple(self.documents) if position == 0 else ()
                yield Block(actual, paragraph, align, emphasised, italic, bool(_PAD.match(first)), images, is_link, documents)
        self.reset()


@dataclass(slots=True)
class _Level:
    """An element being walked: what is left of it, and what its text is."""

    children: Iterator[PageElement]
    kind: BlockKind
    align: str | None
    style: str
    is_block: bool
    linked: bool = False


def _walk(root: Tag) -> Iterator[Block]:
    """The blocks of a subtree in reading order. Not recursive: legacy layouts nest deeper than Python does."""
    line = _Line()
    levels = [_Level(iter(root.children), "paragraph", None, "", is_block=True)]
    while levels:
        level = levels[-1]
        child = next(level.children, None)
        if child is None:
            levels.pop()
            if level.is_block:
                yield from line.flush(level.kind, level.align)
        elif isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):
                line.add(str(child), level.style, linked=level.linked)
        elif isinstance(child, Tag):
            yield from _element(child, line, level, levels)


def _element(tag: Tag, line: _Line, level: _Level, levels: list[_Level]) -> Iterator[Block]:
    """Take up one element: a break, a picture, a table of figures at once; anything else by going down into it."""
    name = tag.name
    if name == "br":
        line.parts.append("\n")
    elif name == "img":
        # A picture written into the page (data:) has no address to keep; its caption then stays in the text.
        sources = [str(tag.get(name) or "").strip() for name in ("data-src", "data-original", "src")]
        line.images += [source for source in sources if source and not source.startswith("data:")][:1]
    elif name == "a" and (picture := _linked_picture(tag)):
        line.images.append(picture)
    elif name == "table" and (rows := _data_rows(tag)):
        yield from line.flush(level.kind, level.align)
        yield from _rows(tag, rows)
    elif name in _BLOCK_TAGS:
        yield from line.flush(level.kind, level.align)
        style = level.style or ("b" if name in _HEADINGS else "")
        kind = "caption" if _CAPTION_CLASSES.intersection(tag.get("class") or ()) else _INNER_KIND.get(name, level.kind)
        levels.append(_Level(iter(tag.children), kind, _align(tag) or level.align, style, is_block=True, linked=level.linked))
    else:
        href = str(tag.get("href") or "") if name == "a" else ""
        if is_document(href):
            line.documents.append(href)
        # A link to a file is no headline: the article hands out the file.
        linked = level.linked or (name == "a" and not is_document(href))
        style = _STYLES.get(name, level.style)
        levels.append(_Level(iter(tag.children), level.kind, level.align, style, is_block=False, linked=linked))


def _linked_picture(anchor: Tag) -> str | None:
    """The address of a picture that is linked by nothing but its file name (VHV, 2020); None for any other link."""
    href = str(anchor.get("href") or "").strip()
    name = unquote(urlsplit(href).path.rpartition("/")[2]) if _PICTURE_SUFFIX.search(href) else ""
    return href if name and squash(anchor.get_text()) == squash(name) else None


def _align(tag: Tag) -> str | None:
    if tag.name == "center":
        return "center"
    declared = tag.get("align")
    if isinstance(declared, str) and declared:
        return declared.lower()
    style = tag.get("style")
    match = _ALIGN_STYLE.search(style) if isinstance(style, str) else None
    if match:
        return match[1].lower()
    classes = tag.get("class")
    joined = " ".join(classes) if isinstance(classes, list) else ""
    match = re.search(r"\btext-(right|center|end)\b|\b(rtecenter|rteright)\b", joined)
    if match:
        return "right" if "right" in match[0] or "end" in match[0] else "center"
    return None


_Row = tuple[Tag, list[str]]
"""A row of a table, and the texts of its cells."""


def _data_rows(table: Tag) -> list[_Row] | None:
    """The rows of a table of figures; None for a frame around pictures or around the whole text."""
    if _inside(table, "table", "img"):
        return None
    rows = [(row, _inside(row, "td", "th")) for row in _inside(table, "tr")]
    if len(rows) < 2 or sum(len(cells) >= 2 for _, cells in rows) < 2:
        return None
    read = [(row, [squash(cell.get_text(" ")) for cell in cells]) for row, cells in rows]
    texts = [text for _, cells in read for text in cells]
    return read if sum(len(text) > 400 for text in texts) <= len(texts) // 10 else None


def _rows(table: Tag, rows: list[_Row]) -> Iterator[Block]:
    heading = next(iter(_inside(table, "caption")), None)
    if heading and squash(heading.get_text(" ")):
        yield Block("paragraph", squash(heading.get_text(" ")))
    for row, cells in rows:
        if any(cells):
            links = (str(anchor["href"]) for anchor in _inside(row, "a") if anchor.has_attr("href"))
            yield Block("row", " | ".join(cells), documents=tuple(filter(is_document, links)))


def _captions(blocks: list[Block]) -> list[Block]:
    """Mark the short centred or italic paragraph under a picture as its caption."""
    out: list[Block] = []
    for position, block in enumerate(blocks):
        previous = out[-1] if out else None
        under_picture = previous is not None and bool(previous.images) and not previous.text
        # At the right of the last line stands who wrote the article, not what the picture above shows.
        signed = block.align == "right" and position == len(blocks) - 1 and is_signature(block.text)
        noted = block.align == "center" or (block.italic and not signed)
        if block.kind == "paragraph" and not block.images and under_picture and noted and is_note(block.text):
            block = replace(block, kind="caption")
        elif block.kind == "paragraph" and block.images and block.align == "center" and is_note(block.text):
            block = replace(block, kind="caption")  # picture and caption share one centred paragraph
        out.append(block)
    return out


def is_note(text: str) -> bool:
    """Whether a text is as short as a caption: one sentence, or none."""
    return 0 < len(text) <= CAPTION_MAX and not _SENTENCE_END.search(text)


def _attachments(
    soup: BeautifulSoup, blocks: list[Block], of_others: frozenset[str], file: Callable[[str], str | None]
) -> tuple[Attachment, ...]:
    """Pictures of the blocks, and the documents linked, but for those ``of_others``: linked in a list of other news only."""
    found: dict[str, Attachment] = {}
    for position, block in enumerate(blocks):
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        caption = block.text if block.kind == "caption" else following.text if following and following.kind == "caption" else None
        for source in block.images:
            url = file(source)
            if url and url not in found:
                found[url] = Attachment(url, "image", caption or None)
    for anchor in _inside(soup, "a"):
        href = anchor.get("href")
        url = file(href) if isinstance(href, str) and href not in of_others else None
        if url and url not in found and is_document(url):
            found[url] = Attachment(url, "document", squash(anchor.get_text(" ")) or None)
    return tuple(found.values())


def is_document(url: str) -> bool:
    """Whether an address is a document: by its last path segment, or the one before it (Liferay: ``/documents/…/ke-hoach.pdf/<uuid>``)."""
    segments = [unquote(part) for part in urlsplit(url).path.split("/") if part]
    return any(_DOCUMENT_SUFFIX.search(part) for part in segments[-2:])
