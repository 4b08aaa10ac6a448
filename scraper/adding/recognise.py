"""Which family a portal is of: every family's fingerprint and layouts against a listing and the articles it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scraper.analyse.relevance import relevance
from scraper.cms import families
from scraper.cms.family import Family
from scraper.extract.page import Page, Refused
from scraper.items import Link, Reading

GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Match:
    """How well one family fits: pages that bear its marks or a layout of it, articles read, different marks, links on the listing."""

    family: type[Family]
    recognised: int
    read: int
    marks: int
    links: int

    @property
    def fits(self) -> tuple[int, int, int, int]:
        """Greater is better."""
        return (self.read, self.recognised, self.marks, self.links)


@dataclass(frozen=True, slots=True)
class Recognition:
    """The family taken, and the others whose marks the pages bear.

    ``known``: a family reads the pages; else the generic reading was taken, and ``rivals`` are families whose marks were seen
    but whose layouts read nothing.
    """

    family: type[Family]
    known: bool
    rivals: tuple[Match, ...]
    ambiguous: bool = False


def known_families() -> dict[str, type[Family]]:
    """The families that have marks of their own."""
    return {name: family for name, family in families().items() if family.FINGERPRINT}


def article_links(page: Page) -> tuple[Link, ...]:
    """The articles a page lists, as the family understands it whose marks it bears most of; generically where there is none."""
    bearing = [(_marks(family, [page]), family) for family in known_families().values()]
    bearing.sort(key=lambda pair: -pair[0])
    for marks, family in bearing:
        if marks and (links := family.links(page)):
            return links
    return families()[GENERIC].links(page)


def topical_first(links: Sequence[Link]) -> list[Link]:
    """Links whose titles speak of the topic before the others, each group in printed order."""
    return sorted(links, key=lambda link: relevance(link.text, "").score <= 0)


def recognise(listing: Page, articles: Sequence[Page], wanted: str | None = None) -> Recognition:
    """The family that fits best; ``wanted`` names one that a person has decided on."""
    if wanted:
        return Recognition(families()[wanted], wanted != GENERIC, ())
    matches = [match for family in known_families().values() if (match := _match(family, listing, articles)).marks]
    matches.sort(key=lambda match: match.fits, reverse=True)
    whole = len(articles) + 1
    fitting = [match for match in matches if match.read and match.links and match.recognised == whole]
    if not fitting:
        return Recognition(families()[GENERIC], False, tuple(matches))
    best = fitting[0]
    rivals = tuple(match for match in matches if match is not best)
    ambiguous = any(rival.fits[:2] == best.fits[:2] and rival.links for rival in rivals)
    return Recognition(best.family, True, rivals, ambiguous)


def _match(family: type[Family], listing: Page, articles: Sequence[Page]) -> Match:
    readings = [reading_of(family, page) for page in articles]
    own = {layout.name for layout in family.LAYOUTS}
    return Match(
        family,
        recognised=family.recognises(listing)
        + sum(
            family.recognises(page) or (reading.article is not None and reading.article.layout in own)
            for page, reading in zip(articles, readings, strict=True)
        ),
        read=sum(map(is_read, readings)),
        marks=_marks(family, [listing, *articles]),
        links=len(family.links(listing)),
    )


def _marks(family: type[Family], pages: Sequence[Page]) -> int:
    return sum(any(page.root.css(mark) for page in pages) for mark in family.FINGERPRINT)


def reading_of(family: type[Family], page: Page) -> Reading:
    """What a family reads on an article's page; a refusal is a reading without an article."""
    key = family.key_at(page.url)
    if key is None:
        return Reading()
    try:
        return family.read_article(page, key)
    except Refused as refusal:
        return Reading(problems=(refusal.problem,))


def is_read(reading: Reading) -> bool:
    """Whether an article with title and text came out, and not as the last resort of a family that knows no such layout."""
    article = reading.article
    last_resort = any(problem.kind == "layout_changed" for problem in reading.problems)
    return article is not None and bool(article.title) and bool(article.text) and not last_resort
