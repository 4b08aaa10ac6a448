"""The walk of one section, page by page: where it goes next and when it is at its end. The crawl and its rebuilding share it."""

from __future__ import annotations

from scraper.items import Capture, Listing

STALE_PAGES = 2
"""Pages in a row without a link that the walk had not seen: the pager leads in circles."""
Validators = tuple[str | None, str | None]
"""ETag and Last-Modified."""


class Walk:
    """One walk, from the section's own address on. ``validators`` are its first page's, stored when the walk is completed."""

    def __init__(self, start: str) -> None:
        self.pages = 0
        self.validators: Validators = (None, None)
        self._known = {start}
        self._waiting: list[str] = []
        self._seen: set[str] = set()
        self._stale = 0

    @property
    def stands_still(self) -> bool:
        """Whether every page after the first only repeated it, to the end."""
        return self._stale >= STALE_PAGES and self.pages == STALE_PAGES + 1

    def after(self, capture: Capture, listing: Listing, *, known_ground: bool) -> str | None:
        """The page that follows this one; None when the walk is at its end, or on ground that an earlier one had completed.

        Known ground, or a circle, ends the list that a page is of; others that begin on the same first page are gone on with.

        A sitemap is not ordered by date: known ground on one says nothing of the next. Nor does a first page that is as it was
        say anything of those after it, where what is new does not come first.
        """
        if self.pages == 0 and (listing.newest_first or not listing.next_pages):
            self.validators = (capture.header("ETag"), capture.header("Last-Modified"))
        self.pages += 1
        keys = {link.key for link in listing.links}
        self._stale = 0 if keys - self._seen or not keys else self._stale + 1
        self._seen |= keys
        if not (known_ground and listing.newest_first) and self._stale < STALE_PAGES:
            fresh = [url for url in listing.next_pages if url not in self._known]
            self._known.update(fresh)
            self._waiting += fresh
        return self._waiting.pop(0) if self._waiting else None
