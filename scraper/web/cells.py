"""One value of the archive → HTML, by the name of its column; the same names mean the same in tables and canned queries.

Every function escapes what it is given: portals print what they like. ``draw`` returns None where Datasette's own drawing
(numbers, labels of other tables' rows, plain text) is right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from datasette.utils import tilde_encode  # type: ignore[import-untyped]
from markupsafe import Markup, escape

TEXT_COLUMNS = frozenset({"body", "lead"})
WORD_COLUMNS = frozenset({"relevance_words", "words"})
CITATION_COLUMNS = frozenset({"cite_as", "citation"})
FOUND_COLUMN = "excerpt"
FOUND_OPEN, FOUND_CLOSE = "⟦", "⟧"
"""What canned queries have snippet() put around the words found: readable in CSV, a ``<mark>`` on pages."""

_KEYS_TO_TABLES = {
    "source_id": "sources",
    "section_id": "sections",
    "crawl_id": "crawls",
    "capture_id": "captures",
    "article_id": "articles",
    "revision_id": "revisions",
}
PLAIN_KEYS = frozenset({"warc_file"})
"""Keys of rows that readers may not see (``scraper.web.guard.PRIVATE_TABLES``): no link."""
_SHOWN = 220
"""Characters of a text in a table: enough to see what it is about."""
_LONGEST_ADDRESS = 60
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_WORD = re.compile(r"(?P<term>.+) \((?P<where>.*)\) (?P<value>[+-][\d.]+)")
_MONTH = re.compile(r"\d{4}-\d{2}")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}T)(\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2}))")


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses within this Datasette, under its base_url."""

    urls: Any
    database: str

    def article(self, uid: str) -> str:
        """The permanent address of an article."""
        return str(self.urls.path(f"/bai/{quote(uid, safe='')}"))

    def indicator(self, name: str) -> str:
        """The chart of an indicator."""
        return str(self.urls.path(f"/chi-tieu/{quote(name, safe='')}"))

    def row(self, table: str, key: object) -> str:
        """The page of a row."""
        return str(self.urls.row(self.database, table, tilde_encode(str(key))))

    def articles(self, **filters: str) -> str:
        """The list of articles, filtered."""
        return f"{self.urls.table(self.database, 'articles')}?{urlencode(filters)}"


def draw(row: Any, value: object, column: str, links: Links) -> Markup | None:
    """One value as a table shows it: texts shortened, addresses as links; None: as Datasette shows it."""
    if column in _KEYS_TO_TABLES and isinstance(value, str | int):
        return _link(links.row(_KEYS_TO_TABLES[column], value), str(value))
    if column in PLAIN_KEYS:
        return escape(value["value"] if isinstance(value, dict) else value)
    if not isinstance(value, str) or not value:
        return None
    if column == "indicator_id":
        return _link(links.indicator(value), value)
    uid = _other(row, "uid")
    if column == "uid" or (column == "title" and uid):
        return _link(links.article(uid or value), value)
    source = _other(row, "source_id")
    if column == "month" and source and _MONTH.fullmatch(value):
        return _link(links.articles(published_at__startswith=value, source_id=source), value)
    if column in TEXT_COLUMNS:
        return paragraphs(shortened(value))
    return _by_column(column, value)


def draw_whole(column: str, value: object, drawn: object) -> object:
    """One value as a row's page shows it: texts and addresses whole, the rest as drawn for tables."""
    if isinstance(value, str) and column in TEXT_COLUMNS:
        return paragraphs(value)
    if column == "title":
        return value
    if isinstance(value, str) and _ADDRESS.fullmatch(value):
        return _address(value, longest=len(value))
    return drawn


def is_address(value: object) -> bool:
    """Whether a text may be made a link: what portals print may be ``javascript:``."""
    return isinstance(value, str) and _ADDRESS.fullmatch(value) is not None


def lines(text: str) -> Markup:
    """A text with its line breaks."""
    return Markup("<br>").join(text.split("\n"))


def _by_column(column: str, value: str) -> Markup | None:
    drawing: Callable[[str], Markup | None] | None = None
    if column in CITATION_COLUMNS:
        drawing = _citation
    elif column in WORD_COLUMNS:
        drawing = draw_words
    elif column == FOUND_COLUMN:
        drawing = _found
    elif column == "evidence":
        drawing = _evidence
    elif _ADDRESS.fullmatch(value):
        drawing = _address
    elif column.endswith("_at"):
        drawing = _time
    return drawing(value) if drawing else None


def _other(row: Any, column: str) -> str | None:
    """Another value of the row, if the row has it as text: sqlite3.Row and Datasette's CustomRow raise differently."""
    try:
        value = row[column]
    except (KeyError, IndexError):
        return None
    if isinstance(value, dict):
        value = value["value"]
    return value if isinstance(value, str) else None


def _link(address: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, text)


def _address(value: str, longest: int = _LONGEST_ADDRESS) -> Markup:
    text = value if longest >= len(value) else value.split("://", 1)[1]
    if len(text) > longest:
        text = f"{text[: longest // 2]}…{text[-longest // 2 + 1 :]}"
    return Markup('<a class="address" href="{}" title="{}" rel="nofollow noopener noreferrer">{}</a>').format(value, value, text)


def shortened(text: str) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= _SHOWN:
        return text
    cut = text[: _SHOWN + 1]
    end = max(cut.rfind(" "), cut.rfind("\n"))
    return f"{cut[: end if end > _SHOWN // 2 else _SHOWN].rstrip(' ,;:')} …"


def paragraphs(text: str) -> Markup:
    """A text as stored: blank lines separate paragraphs, single ones are kept."""
    parts = [Markup("<br>").join(part.split("\n")) for part in text.split("\n\n") if part]
    return Markup('<div class="text">{}</div>').format(Markup("").join(Markup("<p>{}</p>").format(part) for part in parts))


def _time(value: str) -> Markup | None:
    """A time exactly as stored, with a place where a narrow column may break it."""
    match = _TIME.fullmatch(value)
    return Markup("<span>{}</span><wbr><span>{}</span>").format(match[1], match[2]) if match else None


def _citation(value: str) -> Markup:
    # One click selects the whole (user-select: all), so that it can be copied without a script.
    return Markup('<q class="citation">{}</q>').format(value)


def draw_words(value: str) -> Markup:
    """The words that earned a score, each with where and how much."""
    items = []
    for part in value.split("; "):
        match = _WORD.fullmatch(part)
        if match:
            items.append(Markup("<li><b>{term}</b> <small>{where}</small> {value}</li>").format(**match.groupdict()))
        else:
            items.append(Markup("<li>{}</li>").format(part))
    return Markup('<ul class="words">{}</ul>').format(Markup("").join(items))


def _found(value: str) -> Markup:
    marked = escape(value).replace(FOUND_OPEN, Markup("<mark>")).replace(FOUND_CLOSE, Markup("</mark>"))
    # A snippet cut by SQLite or a text that holds the signs itself must not leave an element open.
    return marked if marked.count("<mark>") == marked.count("</mark>") else escape(value)


def _evidence(value: str) -> Markup | None:
    """Where on the page each field was read; the evidence of a source is a sentence and drawn as one."""
    try:
        places = json.loads(value)
    except ValueError:
        return None
    if not isinstance(places, dict):
        return None
    items = (Markup("<li>{}: <code>{}</code></li>").format(name, place) for name, place in places.items())
    return Markup('<ul class="words">{}</ul>').format(Markup("").join(items))
