"""One article: relevance first, and only for what is on topic its topics, places, figures and officials."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from scraper.analyse.figure import Figures
from scraper.analyse.mentions import PlaceMention, find_places
from scraper.analyse.observe import read_figures
from scraper.analyse.people import Person, find_people
from scraper.analyse.prose import matched, read_prose
from scraper.analyse.relevance import Relevance, relevance
from scraper.analyse.topics import Topic, find_topics

CODE_VERSION = 4
"""Of the analysis as written in Python; raised with every change of what it reads."""
_DATA = ("relevance_terms", "topics", "indicators", "indicator_rules", "table_headings", "place_aliases")


@cache
def version() -> str:
    """The version of code and rules: ``1-3f2a90bc``. The second part is that of the data files, so that no change is missed."""
    digest = hashlib.sha256()
    for name in _DATA:
        digest.update(files("scraper").joinpath(f"data/{name}.csv").read_bytes())
    digest.update(files("scraper").joinpath("data/places.csv.gz").read_bytes())
    return f"{CODE_VERSION}-{digest.hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class Document:
    """What is analysed. ``text`` is the whole as printed, title and all, in NFC; offsets are into it."""

    title: str
    text: str
    published: str | None = None
    portal: str | None = None


def day_of(published: str | None) -> date | None:
    """The day of an ISO moment or day."""
    return date.fromisoformat(published[:10]) if published else None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an article on the topic says: its topics, places, figures and officials."""

    topics: tuple[Topic, ...]
    places: tuple[PlaceMention, ...]
    figures: Figures
    people: tuple[Person, ...]


def analyse(document: Document) -> Analysis:
    """Analyse an article that is on the topic."""
    prose = read_prose(document.text)
    title = matched(document.title)
    places = find_places(prose, portal=document.portal, published=document.published)
    figures = read_figures(prose, title, places, document.portal, day_of(document.published))
    return Analysis(find_topics(title, prose.low), tuple(places), figures, find_people(document.text))


def judge(document: Document) -> Relevance:
    """The relevance of a document, its title counted as title only."""
    text = document.text
    if document.title and document.title in text:
        text = text.replace(document.title, "", 1)
    return relevance(document.title, text)
