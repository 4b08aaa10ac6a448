"""Lists for programs: Atom feeds of articles, the sitemap, robots.txt. Pure functions from rows to text, and the rows they need."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from scraper.web.search import match_expression

ENTRIES = 50
"""Entries of a feed: a portal prints about five articles a day at most, and readers ask daily."""
SITEMAP_URLS = 10_000
"""Articles of one sitemap: the protocol allows 50,000, which would hold a small server for a second."""
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "khuyen-hoc-archive")
_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
# XML 1.0 has no way to write these; texts of the archive hold none, but addresses typed by readers may.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_NEWEST = """
SELECT a.uid, a.title, a.lead, a.body, a.published_at, a.byline, a.section, a.url, a.cite_as, a.source_id,
       s.publisher, s.place_name, r.first_captured_at AS updated
FROM articles a JOIN sources s ON s.id = a.source_id JOIN revisions r ON r.id = a.revision_id
"""
# Undated articles stand at the day they were first seen; the expression is that of the index articles_newest.
_ORDER = "ORDER BY coalesce(a.published_at, a.first_seen_at) DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a feed is of: one source, the sources of a place (code of before July 2025, with all within it), a search, a topic.

    Of several of them together; of everything where none is given.
    """

    source: str = ""
    place: str = ""
    query: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's entries, newest first, and what the source or place asked for is called."""

    entries: list[dict[str, Any]]
    name: str


def load_feed(connection: sqlite3.Connection, wanted: Wanted) -> Feed | None:
    """The newest articles of what is wanted; None when there is no such source, place or topic."""
    conditions, values, names = [], list[object](), list[str]()
    if wanted.source:
        row = connection.execute("SELECT publisher FROM sources WHERE id = ?", (wanted.source,)).fetchone()
        if row is None:
            return None
        names.append(row[0])
        conditions.append("a.source_id = ?")
        values.append(wanted.source)
    if wanted.place:
        rows = connection.execute(
            "SELECT id, place, place_name FROM sources WHERE place = ?1 OR substr(place, 1, length(?1) + 1) = ?1 || '/' ORDER BY place, id",
            (wanted.place,),
        ).fetchall()
        if not rows:
            return None
        names.append(rows[0][2] if rows[0][1] == wanted.place else rows[0][2].rpartition(", ")[2])
        conditions.append(f"a.source_id IN ({', '.join('?' * len(rows))})")
        values += [row[0] for row in rows]
    if wanted.topic:
        label = topic_label(connection, wanted.topic)
        if label is None:
            return None
        names.append(label)
        conditions.append("+a.id IN (SELECT article_id FROM article_topics WHERE topic_id = ?)")  # the plus: as below
        values.append(wanted.topic)
    if wanted.query:
        names.append(f"“{wanted.query}”")
        # The plus keeps SQLite on the index by date, looking each row up among those found: a word that most articles have
        # would else be fetched and sorted whole.
        conditions.append("+a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)")
        values.append(match_expression(wanted.query))
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    cursor = connection.execute(f"{_NEWEST}{where}{_ORDER}", (*values, ENTRIES))
    columns = [column[0] for column in cursor.description]
    return Feed([dict(zip(columns, row, strict=True)) for row in cursor], " · ".join(names))


def topic_label(connection: sqlite3.Connection, topic: str) -> str | None:
    """What a topic is called; None where there is none, as in an archive of before there were topics."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'topics'").fetchone() is None:
        return None
    row = connection.execute("SELECT label FROM topics WHERE id = ?", (topic,)).fetchone()
    return str(row[0]) if row else None


def atom(feed: Feed, wanted: Wanted, *, title: str, own: str, home: str, article_home: str, as_of: str) -> bytes:
    """The feed as Atom 1.0 (RFC 4287).

    ``own``: its absolute address; ``article_home``: what an entry's path is put behind; ``as_of``: when an empty feed changed.
    """
    # A feed without a topic keeps the identifier it had before there were topics.
    parts = (wanted.source, wanted.place, wanted.query, *([wanted.topic] if wanted.topic else []))
    updated = max((entry["updated"] for entry in feed.entries), default=as_of)
    root = begin(identifier("feed", *parts), f"{title} · {feed.name}" if feed.name else title, updated, own, home)
    for entry in feed.entries:
        item = add(root, "entry")
        add(item, "id", identifier("bai", entry["uid"]))
        add(item, "title", entry["title"])
        add(item, "updated", entry["updated"])
        if entry["published_at"]:
            day = entry["published_at"]
            add(item, "published", day if "T" in day else f"{day}T00:00:00+07:00")
        add(add(item, "author"), "name", entry["byline"] or entry["publisher"])
        add(item, "link", rel="alternate", type="text/html", href=f"{article_home}{entry['path']}")
        add(item, "link", rel="via", href=entry["url"])
        if entry["section"]:
            add(item, "category", term=entry["section"])
        add(item, "summary", entry["lead"] or _beginning(entry["body"]))
        add(item, "content", f"{entry['body']}\n\n{entry['cite_as']}", type="text")
        add(item, "rights", entry["cite_as"])
    return document(root)


def load_sitemap(connection: sqlite3.Connection, part: int) -> list[tuple[str, str]]:
    """Identifier and day of last change of the articles of one part: by row number, so that a part stays what it is."""
    first = (part - 1) * SITEMAP_URLS
    rows = connection.execute(
        "SELECT a.uid, r.first_captured_at FROM articles a JOIN revisions r ON r.id = a.revision_id WHERE a.id > ? AND a.id <= ?",
        (first, first + SITEMAP_URLS),
    )
    return [(row[0], row[1]) for row in rows]


def sitemap_parts(connection: sqlite3.Connection) -> int:
    """How many parts the sitemap has."""
    last: int = connection.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0]
    return max(1, -(-last // SITEMAP_URLS))


def sitemap(addresses: Iterable[tuple[str, str | None]]) -> bytes:
    """A sitemap of absolute addresses with their last changes."""
    return _sitemap("urlset", "url", addresses)


def sitemap_index(addresses: Iterable[str]) -> bytes:
    """The index of a sitemap's parts."""
    return _sitemap("sitemapindex", "sitemap", ((address, None) for address in addresses))


def robots(home: str, databases: Iterable[str], *, demo: bool) -> str:
    """robots.txt: news and pictures may be taken, the endless combinations of tables may not. A demo is not indexed at all."""
    if demo:
        return "User-agent: *\nDisallow: /\n"
    root = "/" + home.split("://", 1)[-1].partition("/")[2]
    closed = "".join(
        f"Disallow: {root}{path}\n" for path in (*(f"{name}/" for name in databases), "ban-luu/", "-/", "feed.atom?", "viec-can-xem.atom")
    )
    return f"User-agent: *\nAllow: {root}-/static\n{closed}Crawl-delay: 2\n\nSitemap: {home}sitemap.xml\n"


def _sitemap(kind: str, item: str, addresses: Iterable[tuple[str, str | None]]) -> bytes:
    root = ET.Element(kind, {"xmlns": _SITEMAP})
    for address, changed in addresses:
        entry = ET.SubElement(root, item)
        ET.SubElement(entry, "loc").text = address
        if changed:
            ET.SubElement(entry, "lastmod").text = changed
    return document(root)


def begin(name: str, title: str, updated: str, own: str, home: str) -> ET.Element:
    """The head of a feed; ``own`` and ``home``: the absolute addresses of itself and of its page."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "vi"})
    add(root, "id", name)
    add(root, "title", title)
    add(root, "updated", updated)
    add(root, "link", rel="self", type="application/atom+xml", href=own)
    add(root, "link", rel="alternate", type="text/html", href=home)
    return root


def document(root: ET.Element) -> bytes:
    """An element and what is in it as a file."""
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def add(parent: ET.Element, name: str, text: str | None = None, /, **attributes: str) -> ET.Element:
    """Put an element of Atom into another; what XML cannot hold is left out of its text."""
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}", {key: _NOT_XML.sub("", value) for key, value in attributes.items()})
    if text is not None:
        element.text = _NOT_XML.sub("", text)
    return element


def identifier(*parts: str) -> str:
    """The same for the same thing wherever the archive is served from."""
    return uuid.uuid5(_NAMES, "\n".join(parts)).urn


def _beginning(text: str, most: int = 300) -> str:
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0] or text[:most]} …"
