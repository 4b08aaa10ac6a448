"""Reading an article page whose CMS is unknown: head, outline and trafilatura's vote, each field with the place it was read.

In: a decoded page. Out: an article, or :class:`Refused` when the page is a listing, a home page or a soft answer. trafilatura refuses
nothing and joins the headlines of a listing to an "article": what is one is decided here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from scraper.extract.block import Block, join_blocks
from scraper.extract.body import Body, is_document
from scraper.extract.byline import source_prefix, split_credits
from scraper.extract.generic_body import around_title, ask_trafilatura, cast, clean_container, find_container, own_text, strays, widen
from scraper.extract.generic_date import Surroundings, find_date
from scraper.extract.generic_head import Head, read_head
from scraper.extract.generic_listing import RUN, longest_run, refuse_listing
from scraper.extract.generic_outline import INLINE, Node, Outline, common, is_inside, names, outline, squeeze
from scraper.extract.generic_title import Title, find_title, where
from scraper.extract.page import Page, Refused, encoding_problem, soft_page
from scraper.extract.text import fold, squash
from scraper.items import Article, Attachment, Problem

SHORT = 250
"""Characters; a body below it must prove by its title that the page is an article."""

_PARAGRAPHS = frozenset(
    ["p", "li", "h2", "h3", "h4", "h5", "h6", "blockquote", "font", "center", "td", "tr", "tbody", "ul", "ol", "pre", "figure"]
)
_LEAD_NAME = re.compile(
    r"sapo|(?:^|[\s_-])lead(?:$|[\s_\d-]|detail)|lead-?text|home-?text|summary|description|chapeau|trich|brief|tom-?tat|tomtat|standfirst|(?:^|[\s_-])dek(?:$|[\s_-])|(?:^|[\s_-])(?:intro|teaser)(?:$|[\s_-])|article-?intro|excerpt|sub-?head|sub-?title|abstract|gioi-?thieu-?ngan",
    re.I,
)
_AUTHOR_NAME = re.compile(r"author|byline|tac-?gia|nguoi-?viet|wd-actor|but-?danh", re.I)
_AUTHOR_LABEL = re.compile(r"^(?:tac gia|nguoi viet|tac gia bai viet|author|by|boi|written by)\s*[:\s]\s*")
# CMS accounts and boards that sign nothing: admin, Ban biên tập (editorial board), quản trị (administration).
_ACCOUNT = re.compile(
    r"^(?:(?:super)?admin\w*|administrator|editor|(?:pho )?ban bien tap|bien tap(?: vien)?|quan tri.*|webmaster|root|bbt|user\d*|guest)\b"
    r"|^(?:admin ?)+$"
)


def read_generic(page: Page, key: str, url: str, *, sure: bool = False) -> tuple[Article, tuple[Problem, ...]]:
    """Read one page as an article stored under ``key`` and ``url``; raise :class:`Refused` when it is none.

    ``sure``: the address is an article's by the rules of its CMS; only a page of many teasers is still taken for a listing.
    """
    head = read_head(page)
    seen = outline(page.root.root)
    votes = ask_trafilatura(page)
    cast(seen, votes)
    title = find_title(seen, head, url)
    container, how, wide = _container(seen, title)
    first, last = _text_range(seen, container, _title_end(seen, title))
    refuse_listing(page, seen, head, title, container, first, last, sure=sure)

    evidence: dict[str, str] = {}
    problems: list[Problem] = []
    around = Surroundings(title.node if title else None, container, first, last)
    published = find_date(seen, head, around, page.fetched_on)
    box = common(title.node, container) if title and title.node is not None else container
    lead = _lead(seen, head, title, container, first, published.node if published else None)
    known = [
        node
        for node in (title.node if title else None, published.node if published else None, lead[0] if lead else None)
        if node is not None
    ]
    if lead:
        first = max(first, min(seen.ranges[lead[0]][1], last))
    container = _settled(seen, container, known, first, last)
    known += strays(seen, container, first, strict=wide)
    authors = _authors(seen, box, _title_end(seen, title), first, last)
    dropped = [node for node in (*known, *(node for node, _ in authors)) if is_inside(node, container) and not is_inside(container, node)]
    body = clean_container(seen, container, dropped, page.file, first)
    if head.is_article and title and title.sure:
        own = own_text(votes, sum(len(block.text) for block in body.blocks))
        if own:
            body, how = replace(body, blocks=own), "trafilatura's own text"
    body = replace(body, blocks=_without_title(body.blocks, title))
    signed = split_credits(body.blocks)
    evidence["body"] = how
    lead_text = lead[1] if lead else None
    blocks = signed.blocks
    if lead_text and blocks and squeeze(blocks[0].text) == squeeze(lead_text):
        blocks = blocks[1:]
    text = join_blocks(blocks)
    attachments = _attachments(page, seen, box, body)
    _refuse_empty(seen, first, last, page, head, title, lead_text, text, attachments)

    byline = _byline(authors, signed.byline, signed.byline_evidence, head, evidence)
    if title:
        evidence["title"] = title.evidence
    else:
        problems.append(Problem("title_missing", "no heading, meta or address names a title"))
    if lead:
        evidence["lead"] = lead[2]
    if published:
        evidence["published_at"] = published.evidence
    else:
        problems.append(Problem("date_missing", "no certain date beside the title or in the head"))
    if not text and not lead_text:
        problems.append(Problem("body_empty", f"nothing to read in {how}"))
    suspect = encoding_problem(f"{lead_text or ''} {text}")
    if suspect:
        problems.append(suspect)
    return Article(
        key=key,
        url=url,
        title=title.text if title else "",
        lead=lead_text,
        body=text,
        byline=byline,
        source_line=signed.source_line or (source_prefix(lead_text) if lead_text else None),
        published_at=published.date.iso if published else None,
        published_precision=published.date.precision if published else None,
        published_raw=published.date.raw if published else None,
        attachments=attachments,
        layout="generic",
        evidence=evidence,
    ), tuple(problems)


def _title_end(seen: Outline, title: Title | None) -> int:
    """The piece after the title; 0 when it is not printed, or so low that it cannot stand above the text."""
    if title is None or title.node is None:
        return 0
    start, end = seen.ranges[title.node]
    voted = [
        number for number, piece in enumerate(seen.pieces) if piece.voted and piece.prose and not piece.junk and not start <= number < end
    ]
    before = sum(len(seen.pieces[number].text) for number in voted if number < start)
    return 0 if before > 0.5 * sum(len(seen.pieces[number].text) for number in voted) else end


def _container(seen: Outline, title: Title | None) -> tuple[Node, str, bool]:
    """The element that holds the text, how it was found, and whether it is so wide that only what trafilatura chose counts in it."""
    after = _title_end(seen, title)
    container, weight = find_container(seen, after)
    wider = widen(seen, container, after)
    if wider is not None:
        return wider, f"{where(wider)}, paragraphs chosen by trafilatura", True
    if weight < SHORT and title and title.node is not None:
        near = around_title(seen, title.node)
        if near is not None and not is_inside(container, near):
            return near, f"{where(near)}, around the title", False
    return container, where(container), False


def _text_range(seen: Outline, container: Node, after: int) -> tuple[int, int]:
    """The first piece of running text in the container and the piece after the last."""
    start, end = seen.ranges[container]
    start = max(start, min(after, end))
    text = [
        number
        for number in range(start, end)
        if (piece := seen.pieces[number])
        and not piece.junk
        and piece.link_share < 0.5
        and (piece.prose or (piece.voted and (piece.sentence or piece.cell or len(piece.text) >= 60)))
    ]
    return (text[0], text[-1] + 1) if text else (start, end)


def _settled(seen: Outline, container: Node, known: list[Node], first: int, last: int) -> Node:
    """The container without the furniture around its text, or around a text that is one paragraph with what belongs to it."""
    start, end = seen.ranges[container]
    if not start <= first < last <= end:
        return container
    taken = {number for node in known for number in range(*seen.ranges[node])}
    if any(number not in taken for number in (*range(start, first), *range(last, end))):
        core = common(seen.pieces[first].node, seen.pieces[last - 1].node)
        if core in seen.ranges and is_inside(core, container):
            container = core
    while container.tag in _PARAGRAPHS and (parent := container.getparent()) is not None and parent in seen.ranges:
        begin, stop = seen.ranges[parent]
        own = range(*seen.ranges[container])
        more = [number for number in range(begin, stop) if number not in own]
        if len(more) > 6 or any(number in taken or seen.pieces[number].junk or seen.pieces[number].link_share > 0.5 for number in more):
            break
        container = parent
    return container


def _lead(seen: Outline, head: Head, title: Title | None, container: Node, first: int, date_node: Node) -> tuple[Node, str, str] | None:
    """The summary between title and text, with where it was read; None when the text simply begins."""
    if title is None or title.node is None:
        return None
    start, end = seen.ranges[container]
    descriptions = [squeeze(text)[:60] for text in head.descriptions if len(text) >= 40]
    for number in range(_title_end(seen, title), min(first + 1, len(seen.pieces))):
        piece = seen.pieces[number]
        if piece.link_share > 0.5 or len(piece.text) < 30 or piece.node.tag in ("figcaption", "li"):
            continue
        if squeeze(piece.text) == squeeze(title.text) or (
            date_node is not None and is_inside(date_node, piece.node) and len(piece.text) < 140
        ):
            continue
        node = _named(seen, piece.node, container)
        described = squeeze(piece.text)[:60] in descriptions
        if piece.junk and not (described or (node is not None and piece.prose)):
            continue
        inside = start <= number < end
        if node is not None and seen.text(node) and (not inside or seen.ranges[node][1] < end):
            return node, seen.text(node), where(node)
        if not inside and (described or (piece.prose and piece.sentence)):
            return piece.node, piece.text, where(piece.node) + (", as the description" if described else ", between title and text")
    return None


def _named(seen: Outline, node: Node, container: Node) -> Node | None:
    """The element that a summary's name is on: the piece's own, one inside it, or a small one around it."""
    if len(node) and len(seen.inside(node)) == 1:
        for inner in node.iterdescendants():
            if (
                isinstance(inner.tag, str)
                and _LEAD_NAME.search(names(inner))
                and len(squash("".join(inner.itertext()))) > 0.8 * len(seen.text(node))
            ):
                return node
    for above in (node, *list(node.iterancestors())[:3]):
        if above is container or is_inside(container, above) or len(seen.inside(above)) > 4:
            return None
        if _LEAD_NAME.search(names(above)):
            return above
    return None


def _authors(seen: Outline, box: Node, after: int, first: int, last: int) -> list[tuple[Node, str]]:
    """Short elements between title and text or at its end that are made for an author, with their text."""
    start, end = seen.ranges[box]
    out: list[tuple[Node, str]] = []
    for node, (begin, stop) in seen.ranges.items():
        if not max(start, after) <= begin < min(end, last + 8) or first <= begin < last - 3 or stop - begin > 3:
            continue
        named = _AUTHOR_NAME.search(names(node)) or "author" in (node.get("rel") or "")
        if not named and node.tag in INLINE:
            continue
        text = seen.text(node)
        if len(text) > 100 or any(piece.junk for piece in seen.inside(node)):
            continue
        labelled = _AUTHOR_LABEL.match(fold(text)) and ":" in text[:25]
        if (named or labelled) and not any(is_inside(node, other) for other, _ in out):
            out.append((node, text))
    return out


def _byline(
    authors: list[tuple[Node, str]], credited: str | None, credited_where: str | None, head: Head, evidence: dict[str, str]
) -> str | None:
    found = [(where(node), name, bool(_AUTHOR_LABEL.match(fold(text)))) for node, text in authors if (name := _person(text))]
    labelled = [one for one in found if one[2]]
    if labelled:
        evidence["byline"] = labelled[0][0]
        return labelled[0][1]
    if credited:
        evidence["byline"] = credited_where or "end of the text"
        return credited
    if found:
        evidence["byline"] = found[0][0]
        return found[0][1]
    names_of_head = [name for name in head.authors if _person(name) and squeeze(name) not in {squeeze(site) for site in head.site_names}]
    if names_of_head:
        evidence["byline"] = "JSON-LD author"
        return ", ".join(names_of_head)
    return None


def _person(text: str) -> str | None:
    """A name without its label; None for CMS accounts, dates and everything too long to be one."""
    label = _AUTHOR_LABEL.match(fold(text))
    name = (text[label.end() :] if label else text).strip(" .,:;-–|")
    if not 3 <= len(name) <= 80 or re.search(r"\d{2}", name) or _ACCOUNT.search(fold(name)) or len(name.split()) > 12:
        return None
    return name


def _without_title(blocks: tuple[Block, ...], title: Title | None) -> tuple[Block, ...]:
    """Some templates print the title again as the first line of the text."""
    if title and blocks and squeeze(blocks[0].text) == squeeze(title.text):
        return blocks[1:]
    return blocks


def _attachments(page: Page, seen: Outline, box: Node, body: Body) -> tuple[Attachment, ...]:
    """The body's, and documents that the template links beside it."""
    found = {attachment.url: attachment for attachment in body.attachments}
    for piece in seen.inside(box):
        for href in piece.hrefs:
            url = page.file(href) if not piece.junk and href else None
            if url and is_document(url):
                found.setdefault(url, Attachment(url, "document", piece.text[:300] or None))
    return tuple(found.values())


def _refuse_empty(
    seen: Outline,
    first: int,
    last: int,
    page: Page,
    head: Head,
    title: Title | None,
    lead: str | None,
    text: str,
    attachments: tuple[Attachment, ...],
) -> None:
    """A page with little text is an article only if its title is beyond doubt."""
    length = len(text) + len(lead or "")
    if length < 3 * SHORT:
        soft = soft_page(page)
        if soft:
            raise Refused(soft.kind, soft.detail)
    if length >= SHORT:
        long = longest_run(seen.pieces[first:last]) >= RUN
        if title is None or not (title.sure or head.is_article or long or (title.node is not None and length >= 3 * SHORT)):
            raise Refused("not_article", "nothing on the page is certainly its title")
        return
    if page.root.css("input[type=password]") and not (title and title.sure and head.is_article):
        raise Refused("login", "a page with a password field and no text")
    if not (length or attachments) or not (title and title.sure and (head.is_article or title.slug_share >= 0.6)):
        raise Refused("not_article", f"{length} characters of text, and no title that the address or the head confirms")
