"""The survey of a portal: which pages are asked for in which order, and what they tell.

A listing, the front page, two articles, and a few addresses that may be sections: about a dozen requests, one after another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from protego import Protego

from scraper.adding import CannotAdd
from scraper.adding.recognise import GENERIC, Recognition, article_links, is_read, reading_of, recognise, topical_first
from scraper.adding.sections import Candidate, candidates, is_home, judged
from scraper.adding.visit import Visitor
from scraper.cms import families
from scraper.cms.family import Family
from scraper.extract.decode import decode_body
from scraper.extract.page import Page, Refused, open_page, soft_page
from scraper.fetch.child import read_safely
from scraper.items import Capture, Link
from scraper.urls import tidy_url, url_key

ARTICLES = 2
MOST_TRIED = 6
"""Articles asked for to find two that are read; a gallery or a notice without text may come first."""
MOST_CANDIDATES = 8
"""Addresses asked for to find sections."""

Tell = Callable[[str, int], None]
"""Says what is being done and how many pages were read, to a person who waits."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a visit found: the pages of the fixture (listing first), the family, and every address that may be a section."""

    home: str
    listing: Capture
    articles: tuple[Capture, ...]
    links: tuple[Link, ...]
    recognition: Recognition
    sections: tuple[Candidate, ...]
    fronts: tuple[Page, ...]
    """The listing, and the front page where it could be read."""
    article_pages: tuple[Page, ...]

    @property
    def declared(self) -> tuple[str, ...]:
        """The addresses that list articles no other of them lists, the one given first."""
        return tuple(section.url for section in self.sections if section.declared)


class Surveyor:
    """One survey of one portal. ``wanted``: the family that a person has decided on."""

    def __init__(self, visitor: Visitor, tell: Tell, wanted: str | None = None) -> None:
        self._visitor = visitor
        self._tell = tell
        self._wanted = wanted
        self._captures: dict[str, Capture] = {}

    async def survey(self, url: str) -> Survey:
        """Read a portal at one of its lists of news, or at its front page."""
        first = await self._page(tidy_url(url))
        home_url = urljoin(first.url, "/")
        home = first if is_home(first.url) else await self._page_or_none(home_url)
        fronts = [page for page in dict.fromkeys((first, home)) if page is not None]
        listing, links = await self._listing(first, fronts)
        articles = await self._articles(listing, links)
        recognition = recognise(listing, [page for _, page in articles], self._wanted)
        family = recognition.family
        if recognition.known and family.article_key(listing.url) is not None:
            raise CannotAdd(f"{listing.url} is an article to {family.cms}, and no list: give the address of a section")
        sections = await self._sections(listing, fronts, family)
        return Survey(
            home=home_url,
            listing=self._captures[listing.url],
            articles=tuple(capture for capture, _ in articles),
            links=links,
            recognition=recognition,
            sections=sections,
            fronts=tuple(dict.fromkeys((listing, *fronts))),
            article_pages=tuple(page for _, page in articles),
        )

    async def _listing(self, first: Page, fronts: list[Page]) -> tuple[Page, tuple[Link, ...]]:
        """The page given, where it is no front page; from there the most wanted section of the menu that lists articles."""
        if is_home(first.url):
            for candidate in candidates(fronts, families()[GENERIC], (), first.url)[:MOST_CANDIDATES]:
                page = await self._page_or_none(candidate.url) if candidate.how == "menu" else None
                if page is not None and len(article_links(page)) >= ARTICLES:
                    return page, article_links(page)
        links = article_links(first)
        if not links:
            soft = soft_page(first)
            why = f"is no list: {soft.detail}" if soft else "leads to not one article: give the address of a list of news"
            raise CannotAdd(f"{first.url} {why}")
        return first, links

    async def _articles(self, listing: Page, links: tuple[Link, ...]) -> list[tuple[Capture, Page]]:
        """Two articles that some family reads, news on the topic first; where there are none, two that may be articles."""
        read: list[tuple[Capture, Page]] = []
        other: list[tuple[Capture, Page]] = []
        reasons: list[str] = []
        for link in topical_first(links)[:MOST_TRIED]:
            self._tell("reading articles; pages:", len(self._captures))
            try:
                page = await self._page(link.url)
            except CannotAdd as error:
                reasons.append(str(error))
                continue
            if url_key(page.url) != url_key(link.url):
                reasons.append(f"{link.url} leads to {page.url}")
                continue
            readable = any(is_read(reading_of(family, page)) for family in families().values())
            (read if readable else other).append((self._captures[page.url], page))
            if len(read) == ARTICLES:
                break
        found = [*read, *other][:ARTICLES]
        if not found:
            raise CannotAdd("not one article could be read: " + "; ".join(reasons))
        return found

    async def _sections(self, listing: Page, fronts: list[Page], family: type[Family]) -> tuple[Candidate, ...]:
        """The listing, then what else may be a section, each read once."""
        robots = self._visitor.robots
        guesses = candidates([listing, *fronts], family, sitemaps_of(robots) if robots else [], listing.url)[:MOST_CANDIDATES]
        # A section is never an article, whatever its address looks like: a family for unknown CMSs has to be told.
        reading = type("Surveyed", (family,), {"sections": (listing.url, *(guess.url for guess in guesses))})
        out: list[Candidate] = []
        known: set[str] = set()
        for candidate in (Candidate(listing.url, "given", "", 0), *guesses):
            self._tell("looking for sections; pages:", len(self._captures))
            try:
                capture = self._captures.get(candidate.url) or await self._ask(candidate.url)
            except CannotAdd as error:
                out.append(replace(candidate, why_not=str(error)))
                continue
            found = judged(candidate, read_safely(reading, capture), known)
            if found.declared:
                known |= keys_of(reading, capture)
            out.append(found)
        return tuple(out)

    async def _ask(self, url: str) -> Capture:
        capture = await self._visitor.fetch(url)
        if capture.status != 200:
            raise CannotAdd(f"{url}: the portal answered {capture.status}")
        self._captures[capture.url] = capture
        return capture

    async def _page(self, url: str) -> Page:
        """A page of the portal; raise :class:`~scraper.adding.CannotAdd` saying what stands in its place."""
        capture = await self._ask(url)
        try:
            return open_page(capture)
        except Refused as refusal:
            raise CannotAdd(f"{capture.url} is no page of news: {refusal.problem.detail}") from refusal

    async def _page_or_none(self, url: str) -> Page | None:
        try:
            return await self._page(url)
        except CannotAdd:
            return None


def keys_of(family: type[Family], capture: Capture) -> set[str]:
    """The articles that a listing lists."""
    listing = read_safely(family, capture).listing
    return {link.key for link in listing.links} if listing else set()


def sitemaps_of(robots: Capture) -> list[str]:
    """The sitemaps that a robots.txt names."""
    if robots.status != 200:
        return []
    return list(Protego.parse(decode_body(robots).decode("utf-8", "replace")).sitemaps)
