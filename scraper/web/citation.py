"""An article in the forms that reference managers and search engines read: BibTeX, RIS, schema.org. Pure functions.

A byline is printed as one text (“Tin, ảnh: Lan Anh”, “Theo TTXVN”) and given as one: which part of it names a person is
not known. ``archived`` is the permanent address in this archive, ``note`` the citation in the portal's own wording.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from scraper.web.wording import local_day


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation is made of. ``published_at`` as stored; ``captured_at`` UTC; ``archived`` absolute."""

    uid: str
    title: str
    publisher: str
    home_url: str
    place_name: str
    url: str
    archived: str
    captured_at: str
    note: str
    published_at: str | None = None
    byline: str | None = None
    section: str | None = None
    lead: str | None = None


# What TeX takes for a command; braces are dropped, since an unbalanced one would end the entry.
_TEX = {char: f"\\{char}" for char in "&%$#_"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_NO_ADDRESS = re.compile(r"[\s{}\\]")
_KEY = re.compile(r"[^A-Za-z0-9_.:-]+")


def bibtex(cited: Cited) -> str:
    """One ``@misc`` entry, which every style of BibTeX and biblatex knows; UTF-8."""
    day = (cited.published_at or "")[:10]
    fields = {
        "title": f"{{{_tex(cited.title)}}}",
        "author": f"{{{_tex(cited.byline)}}}" if cited.byline else "",
        "publisher": f"{{{_tex(cited.publisher)}}}",
        "howpublished": _tex(f"{cited.publisher} ({cited.home_url.rstrip('/')})"),
        "year": day[:4],
        "month": str(int(day[5:7])) if day else "",
        "date": day,
        "url": _address(cited.url),
        "urldate": local_day(cited.captured_at),
        "note": _tex(f"{cited.note}. Bản lưu / Archived: {cited.archived}"),
        "langid": "vietnamese",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{_KEY.sub('-', cited.uid)},", *lines, "}", ""])


def ris(cited: Cited) -> str:
    """One reference of type NEWS, lines ended by CRLF as the format has them."""
    day = (cited.published_at or "")[:10]
    fields = [
        ("TY", "NEWS"), ("TI", cited.title), ("AU", cited.byline), ("T2", cited.publisher), ("PB", cited.publisher),
        ("CY", cited.place_name), ("PY", day[:4]), ("DA", day.replace("-", "/")), ("SE", cited.section), ("AB", cited.lead),
        ("UR", cited.url), ("L2", cited.archived), ("Y2", local_day(cited.captured_at).replace("-", "/")), ("N1", cited.note), ("LA", "vi"),
        ("ID", cited.uid),
    ]  # fmt: skip
    lines = [f"{name}  - {' '.join(value.split())}" for name, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def news_article(cited: Cited) -> dict[str, Any]:
    """schema.org NewsArticle. No ``author``: it wants to know whether a byline is a person; ``creditText`` does not."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": cited.title,
        "inLanguage": "vi",
        "datePublished": cited.published_at,
        "creditText": cited.byline,
        "articleSection": cited.section,
        "abstract": cited.lead,
        "publisher": {"@type": "Organization", "name": cited.publisher, "url": cited.home_url, "areaServed": cited.place_name},
        "url": cited.url,
        "isBasedOn": cited.url,
        "archivedAt": cited.archived,
        "identifier": cited.uid,
    }
    return {name: value for name, value in told.items() if value}


def _tex(text: str | None) -> str:
    return "".join(_TEX.get(char, char) for char in " ".join((text or "").split()) if char not in "{}")


def _address(url: str) -> str:
    """An address that cannot end the field or its line; percent signs stay, url fields are read verbatim."""
    return _NO_ADDRESS.sub(lambda found: quote(found[0]), url)
