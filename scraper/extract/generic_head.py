"""What the head of a page says of it: metas, Open Graph, JSON-LD and microdata that name a title, a date, an author, a summary."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from scraper.extract.page import Page
from scraper.extract.text import squash

_ARTICLE_TYPES = re.compile(r"Article$|NewsArticle|BlogPosting|Report$|WebPage$")
_JSON_MAX = 400_000
_DATE_METAS = (
    "article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "article.published",
    "og:published_time",
    "dc.date.issued",
    "sailthru.date",
    "parsely-pub-date",
    "date",
)


@dataclass(frozen=True, slots=True)
class Head:
    """Plain facts; each list is in order of trust. ``titles`` and ``dates`` are (where, text)."""

    title: str
    titles: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, str], ...]
    descriptions: tuple[str, ...]
    authors: tuple[str, ...]
    site_names: tuple[str, ...]
    generator: str
    is_article: bool
    is_site: bool


def read_head(page: Page) -> Head:
    """Read metas and JSON-LD once."""
    metas: dict[str, str] = {}
    for meta in page.root.css("meta[content]"):
        attributes = meta.attrib
        content = squash(attributes["content"])
        for name in ("property", "name", "itemprop", "http-equiv"):
            key = attributes.get(name, "").lower()
            if key and content:
                metas.setdefault(key, content)
    graph = _json_ld(page)
    articles = [item for item in graph if _is_article(item)]
    titles = [
        ("og:title", metas.get("og:title")),
        ("meta title", metas.get("title") or metas.get("dc.title")),
        ("twitter:title", metas.get("twitter:title")),
    ]
    titles += [("JSON-LD headline", _text(item.get("headline"))) for item in articles[:1]]
    dates = [("JSON-LD datePublished", _text(item.get("datePublished"))) for item in articles[:1]]
    dates += [(f"meta {key}", metas.get(key, "")) for key in _DATE_METAS]
    nodes = page.root.css("[itemprop=datePublished]")[:3]
    dates += [("itemprop datePublished", node.attrib.get("datetime") or node.attrib.get("content") or "") for node in nodes]
    authors = [name for item in articles[:1] for name in _people(item.get("author"))]
    descriptions = [metas.get(key) for key in ("og:description", "description", "twitter:description")]
    descriptions += [_text(item.get("description")) for item in articles[:1]]
    names = [metas.get(key) for key in ("og:site_name", "application-name", "dc.publisher", "copyright")]
    names += [_text(item.get("name")) for item in graph if "WebSite" in str(item.get("@type")) or "Organization" in str(item.get("@type"))]
    kind = metas.get("og:type", "").lower()
    return Head(
        title=squash(page.root.css("head title").xpath("string()").get() or page.root.css("title").xpath("string()").get() or ""),
        titles=tuple((where, text) for where, text in titles if text),
        dates=tuple((where, text) for where, text in dates if text),
        descriptions=tuple(dict.fromkeys(text for text in descriptions if text)),
        authors=tuple(dict.fromkeys(authors)),
        site_names=tuple(dict.fromkeys(name for name in names if name)),
        generator=metas.get("generator", ""),
        is_article="article" in kind or any("WebPage" not in str(item.get("@type")) for item in articles),
        is_site=kind in ("website", "site", "blog"),
    )


def _json_ld(page: Page) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for raw in page.root.css("script[type='application/ld+json']").xpath("string()").getall()[:20]:
        if len(raw) > _JSON_MAX:
            continue
        try:
            # Real pages have raw line breaks inside strings.
            data = json.loads(raw.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        waiting = [data]
        while waiting and len(out) < 200:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting.extend(item)
            elif isinstance(item, dict):
                out.append(item)
                waiting.extend(value for key, value in item.items() if key in ("@graph", "mainEntity", "mainEntityOfPage"))
    return out


def _is_article(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    return any(isinstance(kind, str) and _ARTICLE_TYPES.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])) and bool(
        item.get("headline") or item.get("datePublished")
    )


def _text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    return squash(value) if isinstance(value, str) else ""


def _people(value: object) -> list[str]:
    """Names of authors that the page calls persons (an organisation writes no byline)."""
    out = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and "Organization" not in str(one.get("@type")):
            name = _text(one.get("name"))
        else:
            name = squash(one) if isinstance(one, str) else ""
        if name and not name.startswith("http"):
            out.append(name)
    return out
