"""Captures made small enough for a repository, without changing what is read in them.

Scripts, styles, comments and pictures set into the page are taken out of the bytes; the markup around them stays as the portal
wrote it, its encoding and its mistakes included. A page that reads otherwise after that is kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scraper import __version__
from scraper.adding import CannotAdd
from scraper.archive.warc_writer import build_record
from scraper.cms.family import Family
from scraper.extract.decode import decode_body
from scraper.fetch.child import read_safely
from scraper.items import Capture

LIMIT = 100_000
"""Bytes of a fixture, compressed."""
AGENT = (("User-Agent", f"khuyen-hoc-archive/{__version__}"), ("Accept-Encoding", "gzip, deflate"))
"""The request headers of a fixture: a person's contact stays out of it."""

_LEFT_OUT = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie", "connection", "keep-alive"})
# Structured data is read; a script's address may be a family's mark.
_SCRIPT = re.compile(rb"(<script\b(?![^>]*ld\+json)[^>]*>).*?(</script\s*>)", re.I | re.S)
_STYLE = re.compile(rb"(<style\b[^>]*>).*?(</style\s*>)", re.I | re.S)
_DRAWING = re.compile(rb"(<svg\b[^>]*>).*?(</svg\s*>)", re.I | re.S)
_COMMENT = re.compile(rb"<!--(?!\[if).*?-->", re.S)
_DATA = re.compile(rb"(=\s*[\"'])data:[^\"']{200,}([\"'])", re.I)
_BLANK = re.compile(rb"(?:[ \t]*\r?\n){3,}")


class TooLarge(CannotAdd):
    """The pages do not fit into a fixture."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """The captures of a fixture and its bytes; ``whole``: addresses of pages that could not be trimmed."""

    captures: tuple[Capture, ...]
    data: bytes
    whole: tuple[str, ...]


def make_fixture(family: type[Family], captures: Sequence[Capture]) -> Fixture:
    """The WARC of some pages of a portal, trimmed; raise :class:`TooLarge` above :data:`LIMIT`."""
    kept, whole = [], []
    for capture in captures:
        small = trim(family, capture)
        if small is None:
            whole.append(capture.url)
        kept.append(small or plain(capture))
    records = [build_record(capture, AGENT).data for capture in kept]
    size = sum(map(len, records))
    if size > LIMIT:
        sizes = ", ".join(f"{capture.url} {len(record) // 1000} kB" for capture, record in zip(kept, records, strict=True))
        raise TooLarge(
            f"the fixture would have {size // 1000} kB, more than {LIMIT // 1000}: {sizes}. Try another section, of shorter pages"
        )
    return Fixture(tuple(kept), b"".join(records), tuple(whole))


def plain(capture: Capture) -> Capture:
    """A capture without its compression, and without headers that said something of that or of one visitor."""
    headers = tuple(pair for pair in capture.headers if pair[0].lower() not in _LEFT_OUT)
    return replace(capture, headers=headers, body=decode_body(capture))


def trim(family: type[Family], capture: Capture) -> Capture | None:
    """The capture without what nobody reads; None where the family would then read something else."""
    whole = plain(capture)
    body = whole.body
    for pattern in (_SCRIPT, _STYLE, _DRAWING):
        body = pattern.sub(rb"\1\2", body)
    body = _DATA.sub(rb"\1data:,\2", _COMMENT.sub(b"", body))
    small = replace(whole, body=_BLANK.sub(b"\n\n", body))
    return small if read_safely(family, small) == read_safely(family, whole) else None
