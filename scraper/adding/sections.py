"""Which addresses of a portal may be sections: feeds, sitemaps, and links of its menu that speak of what we look for.

A candidate is only a guess until its page was read: :func:`judged` says what it listed and whether it is declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

from scraper.cms.addresses import page_number
from scraper.cms.family import Family
from scraper.extract.page import Page, string_of
from scraper.extract.text import fold, squash
from scraper.items import Reading
from scraper.urls import site_of, tidy_url, url_key

How = Literal["given", "menu", "feed", "sitemap", "usual place"]
NEWEST = 10
"""Articles of a feed that are compared with those of the lists."""
LONGEST_LABEL = 60
"""Characters of a menu's item; headlines are longer."""

# What an item of a menu may speak of, the most wanted first: study encouragement, education, culture and society, news.
TOPICS = ("khuyen hoc", "giao duc", "van hoa xa hoi|van hoaxa hoi|van xa", "tin tuc|tin hoat dong|hoat dong|thoi su")
_TOPICS = tuple(re.compile(rf"(?<![a-z])(?:{topic})(?![a-z])") for topic in TOPICS)
# Functions of a site, not sections: sign in, contact, search, documents, procedures.
_NO_SECTION = re.compile(r"(?<![a-z])(?:dang nhap|lien he|tim kiem|van ban|thu tuc|so do|login|search|print|thu vien|video)(?![a-z])")
_EVERYTHING = "sitemaps list everything the portal has: declare it to read the whole past"
_HOME = re.compile(r"/?(?:vi(?:-vn)?|home|trang-chu|index|default|web/guest(?:/(?:home|trang-chu))?)?(?:\.(?:html?|aspx?|php))?/?", re.I)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a section. ``rank``: smaller is more wanted. ``listed`` and on: known once its page was read.

    ``fresh``: articles that the sections declared before it do not list on their first page.
    """

    url: str
    how: How
    label: str
    rank: int
    listed: int = 0
    fresh: int = 0
    newest: str | None = None
    why_not: str | None = None

    @property
    def declared(self) -> bool:
        """Whether it goes into the spider."""
        return self.why_not is None


def is_home(url: str) -> bool:
    """Whether an address is a portal's front page."""
    parts = urlsplit(url)
    return not parts.query and _HOME.fullmatch(parts.path) is not None


def candidates(pages: Sequence[Page], family: type[Family], sitemaps: Iterable[str], given: str) -> list[Candidate]:
    """What may be a section besides the one given, the most wanted first. ``pages``: that one and, where there is one, the front page."""
    home = urljoin(pages[0].url, "/")
    found: dict[str, Candidate] = {}
    feeds = list(_feeds(pages))
    usual = [] if feeds else [urljoin(home, path) for path in family.FEEDS]
    everything = [
        *_menu(pages, family),
        *(Candidate(url, "feed", label, 10) for url, label in feeds),
        *(Candidate(url, "sitemap", "named in robots.txt", 20) for url in sitemaps),
        *(Candidate(url, "usual place", f"where {family.cms} has feeds", 30) for url in usual),
    ]
    for candidate in everything:
        try:
            key = url_key(candidate.url)
            own = site_of(candidate.url) == site_of(home)
        except ValueError:
            continue
        if own and key != url_key(given) and not (key in found and found[key].rank <= candidate.rank):
            found[key] = replace(candidate, url=tidy_url(candidate.url))
    return sorted(found.values(), key=lambda candidate: candidate.rank)


def _feeds(pages: Sequence[Page]) -> Iterator[tuple[str, str]]:
    for page in pages:
        for link in page.root.css("link[rel~=alternate]"):
            url = page.absolute(link.attrib.get("href", ""))
            if url and re.search(r"rss|atom", link.attrib.get("type", ""), re.I):
                yield url, squash(link.attrib.get("title", ""))


def _menu(pages: Sequence[Page], family: type[Family]) -> Iterator[Candidate]:
    for page in pages:
        for anchor in page.root.css("a[href]"):
            url = page.absolute(anchor.attrib["href"])
            label = squash(string_of(anchor)) or squash(anchor.attrib.get("title", ""))
            if not url or not re.search(r"[^\W\d_]{2}", label) or len(label) > LONGEST_LABEL or is_home(url) or page_number(url):
                continue
            rank = topic_of(label, url)
            if rank is not None and family.article_key(url) is None:
                yield Candidate(url, "menu", label, rank)


def topic_of(label: str, url: str) -> int | None:
    """Which of :data:`TOPICS` an item of a menu speaks of, by its text or its address; None when of none."""
    address = re.sub(r"[^a-z]+", " ", fold(unquote(urlsplit(url).path)))
    words = re.sub(r"[^a-z]+", " ", fold(label))
    if _NO_SECTION.search(words) or _NO_SECTION.search(address):
        return None
    return next((rank for rank, topic in enumerate(_TOPICS) if topic.search(words) or topic.search(address)), None)


def judged(candidate: Candidate, reading: Reading, known: set[str]) -> Candidate:
    """A candidate after its page was read; ``known``: the articles that declared sections list."""
    listing = reading.listing
    if listing is None or not listing.links:
        kinds = ", ".join(problem.kind for problem in reading.problems) or "not one article"
        index = listing is not None and bool(listing.next_pages)
        return replace(candidate, why_not=_EVERYTHING if index else f"lists nothing ({kinds})")
    # A feed reaches further back than a list's first page does: only its newest tell whether it has others.
    compared = listing.links[:NEWEST] if candidate.how in ("feed", "usual place") else listing.links
    fresh = len({link.key for link in compared} - known)
    newest = max((link.listed_date for link in listing.links if link.listed_date), default=None)
    why_not: str | None = None
    if not listing.newest_first and candidate.how not in ("given", "menu"):  # a list that begins with the oldest is one all the same
        why_not = _EVERYTHING
    elif not fresh and candidate.how != "given":
        why_not = "lists what the others list"
    return replace(candidate, listed=len(listing.links), fresh=fresh, newest=newest, why_not=why_not)
