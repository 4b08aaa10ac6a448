"""Feeds and sitemaps (RSS, Atom, RDF, sitemap, sitemap index): the addresses they name, with title and day where given.

Their dates only say which links are old: NukeViet prints the month for the minutes of an RSS date (4.0–4.5, read in its
source, 2026-11), so no time of a feed is ever taken for an article's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Literal

from lxml import etree

from scraper.extract.dates import VIETNAM
from scraper.extract.text import squash

FeedKind = Literal["feed", "sitemap", "index"]
MAX_ENTRIES = 50_000
"""Addresses of one file, as the sitemap protocol allows."""
_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex)[\s>]", re.I)
_PROLOG = re.compile(r"^\ufeff?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*", re.S)
_KINDS: dict[str, FeedKind] = {"rss": "feed", "feed": "feed", "rdf": "feed", "urlset": "sitemap", "sitemapindex": "index"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a feed; ``day`` (ISO, in Việt Nam) is when the feed says it was published or changed."""

    url: str
    title: str
    day: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed (articles, newest first), a sitemap (articles and other pages, in no order) or an index of sitemaps."""

    kind: FeedKind
    title: str | None
    entries: tuple[Entry, ...]
    capped: bool = False


def is_feed(text: str) -> bool:
    """Whether a document is a feed or sitemap, by its first element."""
    return _ROOT.match(text, _start(text)) is not None


def read_feed(text: str) -> Feed:
    """Read what :func:`is_feed` says is one. Lenient with broken XML; no entity is expanded and nothing is fetched."""
    match = _ROOT.match(text, _start(text))
    if match is None:
        raise ValueError("not a feed")
    kind = _KINDS[match[1].lower()]
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    root = etree.fromstring(text[match.start() :].encode(), parser)
    if root is None:
        return Feed(kind, None, ())
    entries = list(_entries(root, kind))
    capped = len(entries) > MAX_ENTRIES
    if kind == "index":  # the sitemap that changed last comes first
        entries.sort(key=lambda entry: entry.day or "", reverse=True)
    title = squash(_text(root, "channel", "title") or _text(root, "title") or "") or None
    return Feed(kind, title, tuple(entries[:MAX_ENTRIES]), capped)


def _start(text: str) -> int:
    match = _PROLOG.match(text)
    return match.end() if match else 0


def _entries(root: etree._Element, kind: FeedKind) -> Iterator[Entry]:
    wanted = {"feed": ("item", "entry"), "sitemap": ("url",), "index": ("sitemap",)}[kind]
    for node in root.iter():
        if _name(node) not in wanted:
            continue
        url = _text(node, "loc") or _link(node)
        if url:
            printed = next((found for name in ("pubDate", "published", "date", "updated", "lastmod") if (found := _text(node, name))), None)
            news_title = node.find("{*}news/{*}title")
            title = _text(node, "title") or (news_title.text if news_title is not None else None)
            yield Entry(url.strip(), squash(unescape(title or "")), _day(printed) if printed else None)


def _name(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _text(node: etree._Element, *path: str) -> str | None:
    found = node.find("/".join(f"{{*}}{name}" for name in path))
    return ("".join(map(str, found.itertext())).strip() or None) if found is not None else None


def _link(node: etree._Element) -> str | None:
    for link in node.findall("{*}link"):
        if link.get("rel", "alternate") == "alternate" and (link.get("href") or (link.text or "").strip()):
            return link.get("href") or link.text
    guid = node.find("{*}guid")
    return guid.text if guid is not None and (guid.text or "").strip().startswith("http") else None


def _day(printed: str) -> str | None:
    """The day in Việt Nam of an RFC 822 or ISO date; None for anything else."""
    printed = squash(printed)
    try:
        at = parsedate_to_datetime(printed)
    except ValueError:
        try:
            at = datetime.fromisoformat(printed)
        except ValueError:
            return None
        if re.fullmatch(r"\d{4}-\d\d-\d\d", printed):
            return printed
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(VIETNAM).date().isoformat()
