"""The title of a page whose CMS is unknown: what the page's head, its headings and its address agree on."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from scraper.extract.generic_head import Head
from scraper.extract.generic_outline import Node, Outline, names, squeeze
from scraper.extract.text import fold, squash

TITLE_MAX = 400
_SEPARATOR = re.compile(r"\s+[-–—|»«:·•/]\s+|\s*[|»«]\s*|\s+::\s+|\s*>\s+")
_CUT = re.compile(r"\s*(?:\.\.\.|…)\s*$")
_TITLE_NAME = re.compile(r"title|headline|heading|tieu-?de|tieude|articleheader|post-?name|subject|wd-tlh", re.I)
_HEADINGS = {"h1": 3.0, "h2": 1.0, "h3": 0.5}
# Headings of portals and portlets, folded: Trang chủ (home), Tin tức (news), Chi tiết bài viết (article in detail), Bài viết …
_NO_TITLE = re.compile(
    r"^(?:home(?: ?page)?|trang chu|default|index|tin tuc(?: (?:-|va)? ?su kien)?|chi tiet(?: (?:tin|bai viet|tin tuc|tin bai|bai))?"
    r"|bai viet|noi dung|thong bao|untitled|news|articles?|gioi thieu|lien he|tim kiem|search|dang nhap|login|menu|ban in|xem tin"
    r"|cong thong tin dien tu.*|trang thong tin dien tu.*|(?:cac )?tin (?:khac|lien quan|moi)|tin noi bat)$"
)
_SLUG_END = re.compile(r"\.(?:html?|aspx?|php|jsp|htmlx|chn|vnp|epi)$", re.I)


@dataclass(slots=True)
class _Title:
    """One wording of the title, by all who say it."""

    text: str
    score: float = 0.0
    sources: list[str] = field(default_factory=list)
    node: Node = None
    node_score: float = -99.0


@dataclass(frozen=True, slots=True)
class Title:
    """The chosen title; ``node`` is the visible element that prints it (None if only the head does); ``sure`` when several agree."""

    text: str
    node: Node
    evidence: str
    sure: bool
    slug_share: float


def slug_words(url: str) -> list[str]:
    """The words of the longest hyphenated part of an address, ids left out; empty for addresses that are no slugs."""
    best: list[str] = []
    for segment in urlsplit(url).path.split("/"):
        words = [word for word in re.split(r"[-_+\s]+", fold(_SLUG_END.sub("", unquote(segment)))) if word]
        words = [word for word in words if not re.fullmatch(r"\d{5,}|[0-9a-f]{12,}", word)]
        if len(words) > len(best):
            best = words
    return best if len(best) >= 3 else []


def slug_share(text: str, slug: list[str]) -> float:
    """How many of a slug's words a text holds, and of the text's words (as far as a cut slug goes) the slug; 0 to 1.

    đ is d here and nothing in Liferay's slugs: the letter does not count.
    """
    if not slug:
        return 0.0
    # A hyphen may stand inside what the text writes as one word (2.948 → 2-948): compare both cuts.
    words = [word.replace("d", "") for word in re.findall(r"[a-z0-9]+", fold(text))]
    wanted = Counter(word.replace("d", "") for word in slug)
    have = Counter(words)
    shared = sum((wanted & have).values())
    joined = "".join(words)
    if squeeze("".join(slug)).replace("d", "") in joined:
        shared = max(shared, len(slug))
    covered = shared / max(1, sum(wanted.values()))
    used = shared / max(1, min(len(words), max(len(slug), 4)))
    return covered * min(1.0, used + 0.2)


def find_title(page_outline: Outline, head: Head, url: str) -> Title | None:
    """Weigh all candidates; None when nothing on the page can be its title."""
    slug = slug_words(url)
    found: dict[str, _Title] = {}
    site = {squeeze(name) for name in head.site_names}

    def add(text: str, source: str, weight: float, node: Node = None) -> None:
        text = squash(text)
        key = squeeze(text)
        if not 3 <= len(text) <= TITLE_MAX or not key or key in site or _NO_TITLE.match(fold(text).strip(" .:")):
            return
        one = found.setdefault(key, _Title(text))
        if source not in one.sources:
            one.sources.append(source)
            one.score += weight
        if node is not None and weight > one.node_score:
            one.score += max(0.0, weight - max(0.0, one.node_score)) if one.node is not None else 0.0
            one.node, one.node_score, one.text = node, weight, text

    for source, text in head.titles:
        add(text, source, 2.5)
        if source == "title":
            continue
        for part in _parts(text)[1:]:
            add(part, f"{source} (cut)", 0.8)
    for number, part in enumerate(_parts(head.title)):
        add(part, "title", 2.0 if number == 0 else 1.6)
    for node, weight, source in _visible(page_outline):
        add(page_outline.text(node), source, weight, node)
    for one in found.values():
        one.score += 5.0 * slug_share(one.text, slug)
        if _CUT.search(one.text):
            one.score -= 3.0
        if one.node is None and one.sources == ["title"]:
            one.score -= 1.5  # the site's name, where no one else says it
        if len(one.text.split()) < 3:
            one.score -= 1.5
    _support(list(found.values()))
    ranked = sorted(found.values(), key=lambda one: -one.score)
    if not ranked:
        return None
    best = ranked[0]
    if best.node is None:
        # The head's wording may be printed with another ending or in another case.
        for other in ranked[1:]:
            if other.node is not None and (_same_start(best.text, other.text) and other.score > 0):
                best.node = other.node
                break
    share = slug_share(best.text, slug)
    sure = best.node is not None and (share >= 0.6 or len(best.sources) >= 2 or best.node_score >= 2.0)
    where = _where(best.node) if best.node is not None else best.sources[0]
    agreeing = [source for source in best.sources if source != where]
    evidence = where + (f", as {', '.join(agreeing[:3])}" if agreeing else "") + (", as the address" if share >= 0.6 else "")
    return Title(best.text, best.node, evidence, sure, share)


def _parts(text: str) -> list[str]:
    """The whole text and its beginnings and endings up to each separator: one of them is the title without the site."""
    out = [text]
    cuts = list(_SEPARATOR.finditer(text))
    out += [text[: cut.start()] for cut in reversed(cuts)]
    out += [text[cut.end() :] for cut in cuts[:2]]
    return [part for part in out if part.strip()]


def _same_start(whole: str, part: str) -> bool:
    first, second = squeeze(_CUT.sub("", whole)), squeeze(_CUT.sub("", part))
    short, long = sorted((first, second), key=len)
    return len(short) >= 15 and (long.startswith(short) or (short in long and len(short) > 0.5 * len(long)))


def _support(all_found: list[_Title]) -> None:
    """A cut wording ("Nhà trường tham gia ...") speaks for the full one."""
    for cut in all_found:
        if not _CUT.search(cut.text):
            continue
        for full in all_found:
            if full is not cut and not _CUT.search(full.text) and _same_start(full.text, cut.text) and len(full.text) > len(cut.text):
                full.score += 1.5


def _visible(page_outline: Outline) -> list[tuple[Node, float, str]]:
    candidates: list[tuple[Node, float, str]] = []
    alike: Counter[tuple[str, str]] = Counter()
    for node, (start, end) in page_outline.ranges.items():
        named = names(node)
        heading = _HEADINGS.get(node.tag, 0.0)
        titled = bool(named and _TITLE_NAME.search(named)) and node.tag not in ("body", "html", "table", "tr", "section")
        if (not heading and not titled) or end <= start or end - start > 3:
            continue
        pieces = page_outline.pieces[start:end]
        length = sum(len(piece.text) for piece in pieces)
        if not 3 <= length <= TITLE_MAX:
            continue
        weight = heading + (1.0 if titled else 0.0) + (2.0 if node.get("itemprop") in ("headline", "name") else 0.0)
        if any(piece.junk for piece in pieces):
            weight -= 2.5
        if node.tag == "a" or pieces[0].link_share > 0.8:
            weight -= 1.5
        if any(piece.prose and not piece.junk for piece in page_outline.pieces[end : end + 5]):
            weight += 1.0
        alike[(node.tag, node.get("class") or "")] += 1
        candidates.append((node, weight, _where(node)))
    out = []
    for node, weight, source in candidates:
        # Many of a kind are a list of other pages' titles.
        crowd = alike[(node.tag, node.get("class") or "")]
        out.append((node, weight - (2.0 if crowd > 3 else 0.5 if crowd > 1 else 0.0), source))
    return out


def _where(node: Node) -> str:
    """A short CSS-like name of an element, for evidence."""
    classes = (node.get("class") or "").split()
    prop = node.get("itemprop")
    return (
        str(node.tag)
        + (f".{classes[0]}" if classes else f"#{node.get('id')}" if node.get("id") else "")
        + (f"[itemprop={prop}]" if prop else "")
    )


where = _where
