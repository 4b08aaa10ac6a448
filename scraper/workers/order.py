"""What a worker is told: one crawl of one source, with as much of the frontier as the crawl needs, packed small.

The smallest honest form: the key of every article known, since a worker must tell a new link from an old one; of what is due, its
address and validators; of each section, its validators and which articles on it are settled, since that is where a walk may stop; and
for each address that will be asked, the time and digest of the last answer, to which a repeated answer refers. No text, no history.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin

import zstandard

from scraper.archive.crawls import SourceFacts
from scraper.archive.database import now

VERSION = 1
MOST = 64 * 1024 * 1024
"""Bytes of an unpacked order; a source of 100,000 articles has about 5 MB."""


class OrderUnreadable(ValueError):
    """A message is no order, or one of a newer program."""


@dataclass(frozen=True, slots=True)
class DueArticle:
    """An article to be asked for."""

    key: str
    url: str
    listed_date: str | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class SectionState:
    """What is known of a section. ``settled``: keys listed by a completed walk; ``open``: listed since, by one that was cut off."""

    url: str
    etag: str | None
    last_modified: str | None
    completed: bool
    settled: tuple[str, ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """The last whole answer of an address."""

    at: str
    digest: str


@dataclass(frozen=True, slots=True)
class Order:
    """One job. ``known``: keys of articles that are not due; ``arguments``: those of the spider, as typed."""

    job: str
    source: str
    arguments: Mapping[str, str]
    queued_at: str
    sections: tuple[SectionState, ...] = ()
    due: tuple[DueArticle, ...] = ()
    known: tuple[str, ...] = ()
    held: Mapping[str, Held] = field(default_factory=dict)

    def pack(self) -> str:
        """As a message: JSON, zstd, base64."""
        said = {"version": VERSION, **asdict(self)}
        return base64.b64encode(zstandard.compress(json.dumps(said, ensure_ascii=False).encode(), 10)).decode("ascii")


def unpack(message: str) -> Order:
    """The order in a message; raise :class:`OrderUnreadable`."""
    try:
        said = json.loads(zstandard.ZstdDecompressor().decompress(base64.b64decode(message, validate=True), max_output_size=MOST))
        if said.pop("version") != VERSION:
            raise OrderUnreadable("an order of another version of this program: upgrade keeper and workers alike")
        return Order(
            job=said["job"],
            source=said["source"],
            arguments=said["arguments"],
            queued_at=said["queued_at"],
            sections=tuple(
                SectionState(**{**one, "settled": tuple(one["settled"]), "open": tuple(one["open"])}) for one in said["sections"]
            ),
            due=tuple(DueArticle(**one) for one in said["due"]),
            known=tuple(said["known"]),
            held={url: Held(**one) for url, one in said["held"].items()},
        )
    except (ValueError, KeyError, TypeError, zstandard.ZstdError) as error:
        if isinstance(error, OrderUnreadable):
            raise
        raise OrderUnreadable(f"a message is no order ({type(error).__name__}: {error})") from error


def job_id() -> str:
    """A new job's name: sorted by time, unique."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"


def make_order(conn: sqlite3.Connection, facts: SourceFacts, arguments: Mapping[str, str]) -> Order:
    """The order for a crawl of a source as the archive stands."""
    at = now()
    name = facts.id
    rows = conn.execute(
        "SELECT article_key, url, listed_date, etag, last_modified, due_at FROM frontier WHERE source_id = ?"
        " ORDER BY discovered_at, article_key",
        (name,),
    ).fetchall()
    due = tuple(DueArticle(*row[:5]) for row in rows if row[5] is not None and row[5] <= at)
    sections = tuple(_section(conn, name, url) for url in facts.sections)
    asked = [urljoin(facts.home_url, "/robots.txt"), *(one.url for one in sections), *(one.url for one in due)]
    return Order(
        job=job_id(),
        source=name,
        arguments=dict(arguments),
        queued_at=at,
        sections=sections,
        due=due,
        known=tuple(row[0] for row in rows if row[5] is None or row[5] > at),
        held={url: held for url in asked if (held := _held(conn, name, url)) is not None},
    )


def _section(conn: sqlite3.Connection, source: str, url: str) -> SectionState:
    row = conn.execute(
        "SELECT id, etag, last_modified, completed_at FROM sections WHERE source_id = ? AND url = ?", (source, url)
    ).fetchone()
    if row is None:
        return SectionState(url, None, None, False, (), ())
    keys: tuple[list[str], list[str]] = ([], [])
    for key, settled in conn.execute("SELECT article_key, settled FROM section_articles WHERE section_id = ? ORDER BY 1", (row[0],)):
        keys[settled].append(key)
    return SectionState(url, row[1], row[2], row[3] is not None, settled=tuple(keys[1]), open=tuple(keys[0]))


def _held(conn: sqlite3.Connection, source: str, url: str) -> Held | None:
    """The last answer with a body, as scraper.archive.shelf looks it up."""
    row = conn.execute(
        "SELECT fetched_at, payload_digest FROM captures WHERE source_id = ? AND url = ? AND kind = 'response' AND status = 200"
        " AND outcome IS NOT 'lost' ORDER BY fetched_at DESC, id DESC LIMIT 1",
        (source, url),
    ).fetchone()
    return Held(*row) if row else None
