"""One crawl taken again from its captures: what each was asked for follows from its address and what led there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scraper.archive import frontier
from scraper.archive.crawls import SourceFacts
from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import CrawlKind, Keeper
from scraper.archive.walk import Walk
from scraper.archive.warc_reader import read_with_cut
from scraper.archive.warc_writer import Record
from scraper.fetch.ahead import ReadAhead
from scraper.fetch.session import moved
from scraper.items import REDIRECTS, Capture, CaptureKind
from scraper.urls import session_in, tidied

if TYPE_CHECKING:
    from scraper.portal import PortalSpider


IMPORTED = "imported; its file's name is in no record"
"""``captures.provenance`` of a rebuilt import of before its name was written down."""


@dataclass(frozen=True, slots=True)
class Place:
    """A response or revisit in a segment. ``asked``: its request stands before it, so a crawl of ours made it.

    ``provenance``: who made it, where the record before it says so.
    """

    fetched_at: str
    file: str
    offset: int
    length: int
    record_id: str
    kind: CaptureKind
    digest: str
    url: str
    status: int
    asked: bool
    provenance: str | None = None


@dataclass(slots=True)
class _Asked:
    """What an address was asked for: a page of a section, an article, or robots.txt."""

    section: int | None = None
    key: str | None = None
    robots: bool = False
    via: str = ""


class _PlacedKeeper(Keeper):
    """A keeper of captures that are in their segments already."""

    def place(self, capture: Capture, place: Place, end: int) -> int:
        """The row of a capture, whose segment ends at ``end``."""
        self._segments.file, self._segments.end = place.file, end
        record = Record(b"", 0, place.record_id, place.digest, place.kind)
        return self._index(capture, record, place.offset, place.length, None if place.asked else place.provenance or IMPORTED)

    def close(self, first: Place, last: Place, requests: int) -> None:
        """The crawl's row with what its captures tell; whether it went well they do not tell."""
        self.counts.requests = requests
        with self.archive.transaction() as db:
            told = {"started_at": first.fetched_at, "finished_at": last.fetched_at, "finish_reason": "rebuilt"}
            db.table("crawls").update(self.crawl_id, {**told, **self.counts.row()})


class RetakenCrawl:
    """The captures of one crawl, each taken for what it was asked for."""

    def __init__(
        self,
        archive: ArchiveDatabase,
        spider: type[PortalSpider],
        facts: SourceFacts,
        kind: CrawlKind,
        reader: ReadAhead,
        *,
        keep_all: bool,
        threshold: float,
    ) -> None:
        self.keeper = _PlacedKeeper(archive, facts, kind, keep_all=keep_all, threshold=threshold)
        self.keeper.reads_by(partial(reader.read, spider), spider.key_at)
        self._spider = spider
        self._archive = archive
        self._reader = reader
        rows = archive.conn.execute("SELECT id, url FROM sections WHERE source_id = ?", (facts.id,)).fetchall()
        own = set(facts.sections)
        self._pages = {url: _Asked(section=number) for number, url in rows if url in own}
        self._walks = {number: Walk(url) for number, url in rows if url in own}
        self._redirected: dict[tuple[str, str], _Asked] = {}

    def take(self, place: Place, end: int) -> bool:
        """Index one capture and read it; False for a copy of one that is here already."""
        conn = self._archive.conn
        if conn.execute("SELECT 1 FROM captures WHERE record_id = ?", (place.record_id,)).fetchone():
            return False
        capture, cut = read_with_cut(self._archive.root / place.file, place.offset)
        number = self.keeper.place(capture, place, end)
        if place.asked and capture.url.startswith("https:"):
            tls = "unverified" if self._spider.tls == "unverified" else "verified"
            conn.execute("UPDATE captures SET tls = ? WHERE id = ?", (tls, number))
        asked = self._asked_for(capture.url, imported=not place.asked)
        if cut and not place.asked:
            self.keeper.refuse_part(capture, number, cut)
        elif asked.robots:
            self._follow(capture, asked)
            self.keeper.set_outcome(number, "robots")
        elif capture.status in REDIRECTS:
            if place.asked:
                self._follow(capture, asked)
            self.keeper.set_outcome(number, "redirect")
        elif capture.status == 304:
            self.keeper.unmodified(capture, number, asked.key)
        else:
            if place.kind == "revisit":
                whole = self.keeper.with_body(capture, place.digest)
                if whole is None and not place.asked:
                    self.keeper.set_outcome(number, "unresolved revisit")
                    return True
                if whole is None:
                    self.keeper.unmodified(capture, number, asked.key)
                    return True
                capture = whole
            self._read(capture, number, asked, imported=not place.asked)
        return True

    def _asked_for(self, url: str, *, imported: bool) -> _Asked:
        led_here = self._redirected.pop(_spelled(url), None)
        if led_here is not None:
            return led_here
        if urlsplit(url).path == "/robots.txt":
            return _Asked(robots=True)
        page = None if imported else self._pages.get(url)
        return page or _Asked(key=self._spider.key_at(url))

    def _follow(self, capture: Capture, asked: _Asked) -> None:
        """Remember what the address was asked for that a redirect leads to."""
        location = capture.header("Location")
        if capture.status in REDIRECTS and location:
            try:
                target = _spelled(urljoin(capture.url, location))
            except ValueError:  # no address
                return
            self._redirected[target] = replace(asked, via=asked.via or capture.url)

    def _read(self, capture: Capture, number: int, asked: _Asked, *, imported: bool) -> None:
        reading = self._reader.read(self._spider, capture)
        if asked.key is not None and self._spider.key_at(capture.url) != asked.key:
            reading = moved(reading, asked.via, capture.url)
        taken = self.keeper.take(capture, number, reading, asked_for=None if imported else asked.key, section=asked.section)
        if asked.section is not None and reading.listing is not None and not reading.listing.is_empty:
            walk = self._walks[asked.section]
            url = walk.after(capture, reading.listing, known_ground=taken.known_ground)
            if url is not None:
                self._pages[url] = _Asked(section=asked.section)
                return
            with self._archive.transaction() as db:
                frontier.finish_walk(db, asked.section, capture.fetched_at, *walk.validators)


def _spelled(url: str) -> tuple[str, str]:
    """An address, and the session in it: a redirect to the one with the session leads to no other, nor to the one without."""
    return tidied(url), session_in(url)
