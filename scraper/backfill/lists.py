"""The lists of one portal's captures at one archive: which are asked for, how far they are read, what is kept of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.archive import holdings
from scraper.archive.database import now
from scraper.archive.holdings import Listing
from scraper.archive.keeper import Keeper
from scraper.backfill.cdx import CdxError, CommonCrawl, Listed, Scope, Server, collections, server_of
from scraper.extract.decode import decode_body
from scraper.items import Capture, Problem
from scraper.urls import site_of, tidy_url

if TYPE_CHECKING:
    from scraper.portal import PortalSpider

ALL_YEARS = ("1996-01-01", "2100-01-01")
_COLLECTIONS = "collections"


@dataclass(frozen=True, slots=True)
class Source:
    """Where to ask: the server or the list of servers, and where Common Crawl's files are."""

    address: str
    data: str | None = None

    @property
    def is_list(self) -> bool:
        """Whether it names servers instead of being one."""
        return self.address.endswith("/collinfo.json")

    def server(self, endpoint: str) -> Server:
        """The server of a list."""
        return server_of(endpoint, self.data)

    @property
    def archives(self) -> tuple[str, ...]:
        """What the addresses of its servers begin with."""
        return (self.address.rpartition("/")[0] + "/",) if self.is_list else (self.address,)


class Lists:
    """Asks an index for a portal's hosts, page by page, and keeps what may be articles."""

    def __init__(
        self, family: type[PortalSpider], source: Source, keeper: Keeper, *, since: str = "", until: str = "", relist: bool = False
    ) -> None:
        self._family = family
        self._source = source
        self._keeper = keeper
        self._archive = keeper.archive
        self._since, self._until, self._relist = since, until, relist
        self._with_www: set[str] = set()

    def open(self) -> None:
        """See that the lists are asked for: the portal's hosts, or first the list of the archive's servers."""
        scopes = [Scope(_COLLECTIONS, "host", self._since, self._until)] if self._source.is_list else self._scopes()
        with self._archive.transaction() as db:
            for scope in scopes:
                holdings.open_listing(db, self._family.name, self._source.address, scope, now(), again=self._relist)

    def take(self, listing: Listing, answer: Capture) -> None:
        """Store an answer; ValueError says why it is none. An index that knows nothing of a host may say so with 404."""
        nothing_there = answer.status == 404 and listing.scope.address != _COLLECTIONS
        if answer.status != 200 and not nothing_there:
            raise CdxError(f"the archive answered {answer.status}")
        text = "" if nothing_there else decode_body(answer).decode("utf-8", "replace")
        if listing.scope.address == _COLLECTIONS:
            self._take_collections(listing, text)
        else:
            self._store_page(listing, text)

    def _scopes(self) -> list[Scope]:
        """The portal's hosts; the path below which a portal lies that shares its host."""
        home = urlsplit(tidy_url(self._family.home))
        below = home.path.rstrip("/") + "/"
        shared = below != "/" and all(urlsplit(section).path.startswith(below) for section in self._family.sections)
        address = home.netloc.removeprefix("www.") + (below if shared else "")
        found = [Scope(address, "prefix" if shared else "host", self._since, self._until)]
        hosts = dict.fromkeys(host.removeprefix("www.") for host in self._family.hosts)
        return found + [Scope(host, "host", self._since, self._until) for host in hosts if host != site_of(self._family.home)]

    def query(self, listing: Listing) -> str:
        """The address to ask for a list, or for its next page."""
        if listing.scope.address == _COLLECTIONS:
            return self._source.address
        return self._source.server(listing.archive).query(listing.scope, listing.position)

    def _take_collections(self, listing: Listing, text: str) -> None:
        endpoints = collections(text, self._source.address, listing.scope)
        for endpoint in endpoints:
            self._source.server(endpoint)  # one that is of no known kind is said here
            if not endpoint.startswith(self._source.archives):
                self._keeper.note(endpoint, Problem("address_refused", f"{self._source.address} names an index elsewhere"))
        with self._archive.transaction() as db:
            holdings.complete(db, listing, now())
            for endpoint in endpoints:
                if endpoint.startswith(self._source.archives):
                    for scope in self._scopes():
                        holdings.open_listing(db, self._family.name, endpoint, scope, now(), again=self._relist)

    def _store_page(self, listing: Listing, text: str) -> None:
        server = self._source.server(listing.archive)
        if not text and isinstance(server, CommonCrawl) and listing.position is None:
            text = '{"pages": 0}'
        page = server.parse(text, listing.position)
        scope = listing.scope
        keyed = [(one, key, self._family.rank(one.url)) for one in page.captures if (key := self._key(one)) is not None]
        self._keeper.counts.listed.update(key for _, key, _ in keyed)
        if any(urlsplit(one.url).netloc.startswith("www.") for one in page.captures):
            self._with_www.add(f"{listing.archive} {scope.address}")
        with self._archive.transaction() as db:
            holdings.store_page(db, self._family.name, listing, page, keyed, now())
            # Most servers take www.x and x for one; where no www came, that may be asked for by its own name.
            if page.position is None and self._may_have_www(listing):
                other = replace(scope, address=f"www.{scope.address}")
                holdings.open_listing(db, self._family.name, listing.archive, other, now(), again=self._relist)

    def _may_have_www(self, listing: Listing) -> bool:
        """Whether the portal is known to be served under www, too, and nothing of that has come."""
        host = listing.scope.address.partition("/")[0]
        known = urlsplit(self._family.home).netloc == f"www.{host}" or f"www.{host}" in self._family.hosts
        return known and f"{listing.archive} {listing.scope.address}" not in self._with_www

    def _key(self, one: Listed) -> str | None:
        """The article at a listed address; None for one of another site, or no article's.

        An address becomes a line of a record's header: one with line ends in it is none.
        """
        if not one.url.isprintable():
            return None
        try:
            return self._family.article_key(tidy_url(one.url)) if self._family.owns(one.url) else None
        except ValueError:
            return None

    def divide(self, listing: Listing) -> bool:
        """Ask for a list that is larger than any answer may be in two halves of its time; False for that of a single day."""
        scope = listing.scope
        first, last = date.fromisoformat(scope.since or ALL_YEARS[0]), date.fromisoformat(scope.until or ALL_YEARS[1])
        if listing.position is not None or first >= last or scope.address == _COLLECTIONS:
            return False
        middle = first + (last - first) / 2
        parts = ((first, middle), (middle + timedelta(days=1), last))
        with self._archive.transaction() as db:
            holdings.complete(db, listing, now())
            for start, end in parts:
                part = replace(scope, since=start.isoformat(), until=end.isoformat())
                holdings.open_listing(db, self._family.name, listing.archive, part, now())
        return True


def label_of(server: Server) -> str:
    """Who made the captures of a server, as people call it."""
    parts = urlsplit(server.endpoint)
    where = parts.netloc
    if isinstance(server, CommonCrawl):
        where = parts.path.strip("/").removesuffix("-index")
    elif server.name == "pywb":
        where += parts.path.removesuffix("/cdx")
    return f"{server.name} ({where})"
