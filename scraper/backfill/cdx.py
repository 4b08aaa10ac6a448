"""CDX servers: how each kind is asked what it holds of a host, and what its answers say. Pure functions, no sockets.

Three kinds are known:

* the Wayback Machine's CDX API (JSON arrays, a resume key; captures at ``/web/<time>id_/<address>``);
* pywb's and its like (``/<collection>/cdx``, a line of JSON a capture, all at once; ``/<collection>/<time>id_/<address>``);
* Common Crawl's index (a list of collections, numbered pages of JSON lines; captures are byte ranges of its WARC files).

Filters are asked for in each server's own words and applied again here: a server that does not know them costs only bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal
from urllib.parse import quote, unquote_plus, urlencode, urljoin, urlsplit

PAGE_CAPTURES = 2000
"""Captures of one answer of the Wayback Machine; about half a megabyte."""
_PAGES = re.compile(r"text/html|application/xhtml\+xml|text/plain|unk|-|")
_REVISIT = "warc/revisit"
_STAMP = re.compile(r"\d{14}")


class CdxError(ValueError):
    """An answer that is no list of captures; the message says what came instead."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for: a host or, for a portal that shares one, the addresses below a path; between two days (ISO, or empty)."""

    address: str
    kind: Literal["host", "prefix"]
    since: str = ""
    until: str = ""

    def between(self) -> dict[str, str]:
        """``from`` and ``to``, as all servers understand them."""
        said = {"from": self.since.replace("-", ""), "to": self.until.replace("-", "")}
        return {name: day for name, day in said.items() if day}


@dataclass(frozen=True, slots=True)
class Listed:
    """One capture as an index lists it: original address, time (UTC), digest of its payload (empty: not said), where to get it.

    ``byte_range``: first byte and length, where it is a part of a larger file. ``revisit``: the archive saw the same content again.
    """

    url: str
    captured_at: str
    digest: str
    place: str
    byte_range: str | None = None
    revisit: bool = False


@dataclass(frozen=True, slots=True)
class CdxPage:
    """One answer: the captures that may be pages, how many it listed in all, and where to go on (None: it was the last)."""

    captures: tuple[Listed, ...]
    listed: int
    position: str | None


class Wayback:
    """The CDX API of the Wayback Machine."""

    name: ClassVar[str] = "Wayback Machine"

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.replay = urljoin(endpoint, "/web/")

    def query(self, scope: Scope, position: str | None) -> str:
        """The address to ask, from the beginning or from a resume key on."""
        asked: dict[str, str | int] = {"url": scope.address, "matchType": scope.kind, "output": "json"}
        asked |= {"fl": "timestamp,original,mimetype,statuscode,digest", **scope.between()}
        filters = [("filter", "mimetype:text/html|application/xhtml.xml|warc/revisit|unk"), ("filter", "statuscode:200|-")]
        paging = {"limit": str(PAGE_CAPTURES), "showResumeKey": "true", **({"resumeKey": position} if position else {})}
        return f"{self.endpoint}?{urlencode([*asked.items(), *filters, *paging.items()])}"

    def parse(self, text: str, position: str | None) -> CdxPage:
        """Rows under a head of names; behind an empty row the resume key."""
        rows = _json(text or "[]")
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise CdxError(f"no rows, but {text[:80]!r}")
        following = None
        if len(rows) > 1 and rows[-2] == [] and len(rows[-1]) == 1:
            following = unquote_plus(str(rows[-1][0]))  # it is printed as it is to stand in an address
            rows = rows[:-2]
        if following == position:  # a key that leads nowhere would be asked for ever
            following = None
        names = [str(name) for name in rows[0]] if rows else []
        found = [dict(zip(names, map(str, row), strict=False)) for row in rows[1:]]
        return CdxPage(tuple(_listed(found, "original", "mimetype", "statuscode", self.replay)), len(found), following)


class Pywb:
    """The CDX server of pywb, and of the archives that run it."""

    name: ClassVar[str] = "pywb"

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.replay = endpoint.removesuffix("cdx")

    def query(self, scope: Scope, position: str | None) -> str:
        """The address to ask: everything comes in one answer."""
        asked = {"url": scope.address, "matchType": scope.kind, "output": "json", **scope.between()}
        return f"{self.endpoint}?{urlencode([*asked.items(), ('filter', _MIME_FILTER), ('filter', _STATUS_FILTER)])}"

    def parse(self, text: str, position: str | None) -> CdxPage:
        """A line of JSON for each capture."""
        found = _lines(text)
        return CdxPage(tuple(_listed(found, "url", "mime", "status", self.replay)), len(found), None)


class CommonCrawl:
    """One collection of Common Crawl's index. First the number of pages is asked for, then each page."""

    name: ClassVar[str] = "Common Crawl"

    def __init__(self, endpoint: str, data: str) -> None:
        self.endpoint = endpoint
        self.data = data

    def query(self, scope: Scope, position: str | None) -> str:
        """The address to ask; ``position``: ``page/pages``."""
        asked = {"url": scope.address, "matchType": scope.kind, "output": "json", **scope.between()}
        filters = [("filter", _MIME_FILTER), ("filter", _STATUS_FILTER)]
        paging = {"page": position.partition("/")[0]} if position else {"showNumPages": "true"}
        return f"{self.endpoint}?{urlencode([*asked.items(), *filters, *paging.items()])}"

    def parse(self, text: str, position: str | None) -> CdxPage:
        """The number of pages, or a line of JSON for each capture of one."""
        if position is None:
            told = _json(text)
            pages = told.get("pages") if isinstance(told, dict) else told
            if not isinstance(pages, int):
                raise CdxError(f"no number of pages, but {text[:80]!r}")
            return CdxPage((), 0, f"0/{pages}" if pages > 0 else None)
        page, pages = map(int, position.split("/"))
        found = _lines(text)
        captures = [
            Listed(one.url, one.captured_at, one.digest, urljoin(self.data, row["filename"]), f"{int(row['offset'])}-{int(row['length'])}")
            for row in found
            for one in _listed([row], "url", "mime", "status", "")
            if not one.revisit and {"filename", "offset", "length"} <= row.keys()
        ]
        return CdxPage(tuple(captures), len(found), f"{page + 1}/{pages}" if page + 1 < pages else None)


Server = Wayback | Pywb | CommonCrawl
_MIME_FILTER = "~mime:(text/html|application/xhtml|text/plain|warc/revisit|unk|-|$)"
_STATUS_FILTER = "~status:(200|-|$)"


def collections(text: str, address: str, scope: Scope) -> list[str]:
    """The indexes that a ``collinfo.json`` names, newest first, but for those wholly outside the days asked for."""
    told = _json(text)
    if not isinstance(told, list):
        raise CdxError(f"no list of collections, but {text[:80]!r}")
    found = []
    for one in told:
        if not isinstance(one, dict) or not isinstance(one.get("cdx-api"), str):
            raise CdxError(f"a collection without cdx-api: {str(one)[:80]}")
        first, last = str(one.get("from") or "")[:10], str(one.get("to") or "")[:10]
        if (scope.until and first > scope.until) or (scope.since and last and last < scope.since):
            continue
        found.append(urljoin(address, one["cdx-api"]))
    return found


def server_of(address: str, data: str | None = None) -> CommonCrawl | Pywb | Wayback:
    """The kind of server at an address, told by how the address ends; ``data``: where a Common Crawl's files are.

    Raises ValueError naming the forms.
    """
    path = urlsplit(address).path
    if urlsplit(address).scheme in ("http", "https") and urlsplit(address).netloc and not urlsplit(address).query:
        if path.endswith("-index"):
            default = "https://data.commoncrawl.org/" if address.startswith("https://index.commoncrawl.org/") else urljoin(address, "/")
            return CommonCrawl(address, data or default)
        if path.endswith("/cdx/search/cdx"):
            return Wayback(address)
        if path.endswith("/cdx"):
            return Pywb(address)
    raise ValueError(
        f"{address!r} is no CDX server known here. Its address ends in /cdx (pywb), /cdx/search/cdx (Wayback Machine),"
        " -index or /collinfo.json (Common Crawl)"
    )


def _listed(rows: Iterable[Mapping[str, Any]], url: str, mime: str, status: str, replay: str) -> Iterable[Listed]:
    """The rows that may be pages: HTML with status 200, or the same content seen again."""
    for row in rows:
        address, stamp = str(row.get(url, "")), str(row.get("timestamp", ""))
        media = str(row.get(mime, "")).lower()
        revisit = media == _REVISIT
        if not _STAMP.fullmatch(stamp) or not (revisit or (_PAGES.fullmatch(media) and str(row.get(status, "")) == "200")):
            continue
        try:
            at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            continue
        digest = str(row.get("digest", ""))
        # Like a browser's: what is quoted stays, what may not stand in an address is quoted.
        place = f"{replay}{stamp}id_/{quote(address, safe=_AS_IT_IS)}"
        yield Listed(address, at.strftime("%Y-%m-%dT%H:%M:%SZ"), "" if digest == "-" else digest, place, None, revisit)


_AS_IT_IS = "%/:?#[]@!$&'()*+,;=~-._"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise CdxError(f"no JSON, but {text[:80]!r}") from error


def _lines(text: str) -> list[dict[str, Any]]:
    found = []
    for line in text.splitlines():
        if line.strip():
            row = _json(line)
            if not isinstance(row, dict):
                raise CdxError(f"no capture, but {line[:80]!r}")
            found.append(row)
    if len(found) == 1 and "message" in found[0] and "url" not in found[0]:  # “No Captures found for: …”
        return []
    return found
