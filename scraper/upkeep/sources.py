"""What the archive knows of each source's crawls and news: the ground for deciding when to crawl it and whether it is well.

Reads only. In: a connection to archive.db and the declared portals; out: one :class:`SourceState` a portal.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils import Database

from scraper.archive.database import ArchiveError, is_there, refuse_folder, refuse_other
from scraper.archive.frontier import LONGEST_PAUSE
from scraper.extract.dates import VIETNAM
from scraper.upkeep.rhythm import LastCrawl, crawl_pace, day_of, moment, next_crawl

if TYPE_CHECKING:
    from scraper.portal import PortalSpider

RECENT = timedelta(days=14)
"""Articles first seen since are compared with those before."""
CRAWLS_SEEN = 20
"""Crawls of a source that are looked back at."""


@dataclass(frozen=True, slots=True)
class CrawlRow:
    """One crawl as its row in ``crawls`` tells it; ``finished_at`` is None for one that was killed."""

    started_at: datetime
    finished_at: datetime | None
    verdict: str | None
    reason: str | None
    listed: int
    new: int
    failed: int
    requests: int

    @property
    def interrupted(self) -> bool:
        """Whether it was killed, stopped, lost its host to a worker or could not be stored: no matter of the portal. It is gone on with."""
        return self.finished_at is None or self.reason in ("shutdown", "lease_lost", "archive_failed")


@dataclass(frozen=True, slots=True)
class Fields:
    """Of some articles: how many, and how many of them have no date and no text."""

    articles: int = 0
    undated: int = 0
    empty: int = 0


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source: its crawls (newest first), the days it published on, its open issues (kind, first and last seen, how many).

    ``recent`` and ``earlier``: what was read of the articles first seen within :data:`RECENT`, and of those before.
    """

    portal: type[PortalSpider]
    crawls: tuple[CrawlRow, ...] = ()
    published: tuple[date, ...] = ()
    issues: tuple[tuple[str, str, str, int], ...] = ()
    recent: Fields = Fields()
    earlier: Fields = Fields()
    not_before: datetime | None = None

    @property
    def name(self) -> str:
        """The source's id."""
        return self.portal.name

    @property
    def finished(self) -> tuple[CrawlRow, ...]:
        """The crawls that came to an end."""
        return tuple(crawl for crawl in self.crawls if not crawl.interrupted)

    @property
    def failures(self) -> int:
        """Crawls in a row, up to the last, that went badly."""
        count = 0
        for crawl in self.finished:
            if crawl.verdict != "bad":
                break
            count += 1
        return count

    def due_at(self, now: datetime) -> datetime:
        """When it is to be crawled next; a crawl that was interrupted is gone on with at once."""
        if self.crawls and self.crawls[0].interrupted:
            return max(now, self.not_before) if self.not_before else now
        last = LastCrawl(ended, self.failures, self.not_before) if (ended := self._last_end()) else None
        return next_crawl(last, crawl_pace(self.published, today(now)), now)

    def _last_end(self) -> datetime | None:
        return self.finished[0].finished_at if self.finished else None


def today(now: datetime) -> date:
    """The day in Việt Nam."""
    return now.astimezone(VIETNAM).date()


def read_states(path: Path, chosen: Iterable[type[PortalSpider]], now: datetime) -> list[SourceState]:
    """The state of each portal; of an archive that is not there yet, that none was ever crawled."""
    portals = list(chosen)
    if not is_there(path):
        return [SourceState(portal) for portal in portals]
    refuse_folder(path)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
            refuse_other(Database(connection), path)
            return states_of(connection, portals, now)
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"{path} cannot be read ({error})") from error


def states_of(connection: sqlite3.Connection, portals: Iterable[type[PortalSpider]], now: datetime) -> list[SourceState]:
    """The state of each portal, over a connection that somebody else opened and closes."""
    return [_state(connection, portal, now) for portal in portals]


def _state(connection: sqlite3.Connection, portal: type[PortalSpider], now: datetime) -> SourceState:
    crawls = connection.execute(
        "SELECT started_at, finished_at, verdict, finish_reason, listed, new, failed, requests FROM crawls"
        " WHERE source_id = ? AND kind = 'crawl' ORDER BY id DESC LIMIT ?",
        (portal.name, CRAWLS_SEEN),
    ).fetchall()
    days = connection.execute(
        "SELECT substr(published_at, 1, 10) FROM articles WHERE source_id = ?1 AND published_at IS NOT NULL"
        " UNION SELECT substr(published_at, 1, 10) FROM off_topic WHERE source_id = ?1 AND published_at IS NOT NULL",
        (portal.name,),
    ).fetchall()
    issues = connection.execute(
        "SELECT kind, min(first_seen_at), max(last_seen_at), count(*) FROM issues"
        " WHERE source_id = ? AND closed_at IS NULL GROUP BY kind ORDER BY kind",
        (portal.name,),
    ).fetchall()
    cut = (now - RECENT).strftime("%Y-%m-%dT%H:%M:%SZ")
    recent, earlier = _fields(connection, portal.name, cut)
    row = connection.execute("SELECT not_before FROM sources WHERE id = ?", (portal.name,)).fetchone()
    pause = moment(row[0]) if row and row[0] else None
    return SourceState(
        portal,
        tuple(CrawlRow(moment(started), moment(ended) if ended else None, *rest) for started, ended, *rest in crawls),
        tuple(sorted(day_of(printed) for (printed,) in days)),
        tuple(issues),
        recent,
        earlier,
        pause if pause and pause <= now + LONGEST_PAUSE else None,
    )


def _fields(connection: sqlite3.Connection, name: str, cut: str) -> tuple[Fields, Fields]:
    """Of the articles first seen from a moment on, and of those before; one walk over the source's articles."""
    counts = ", ".join(
        f"count(*) FILTER (WHERE first_seen_at {sign} ?2{more})"
        for sign in (">=", "<")
        for more in ("", " AND published_at IS NULL", " AND body = ''")
    )
    row = connection.execute(f"SELECT {counts} FROM articles WHERE source_id = ?1", (name, cut)).fetchone()
    return Fields(*row[:3]), Fields(*row[3:])
