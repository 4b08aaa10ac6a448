"""A new portal, from what a person typed and what a survey found to its draft, its fixture and its expectation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from scraper.adding import CannotAdd, NotSaid, Taken
from scraper.adding.draft import MOST_LINES, Draft, evidence, fitting_sections
from scraper.adding.files import Places
from scraper.adding.naming import Identity, Said, identify, is_name, province_prefix, site_text
from scraper.adding.survey import Survey, Surveyor, Tell
from scraper.adding.trim import Fixture, make_fixture
from scraper.adding.visit import Visitor
from scraper.cms import families
from scraper.fetch.robots import is_loopback
from scraper.items import Capture
from scraper.places import place_name
from scraper.portal import PortalSpider
from scraper.rehearsal import expectation
from scraper.urls import site_of, url_key


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person typed. ``root``: the project folder to write into; ``declared``: the portals that are there already."""

    url: str
    root: Path
    declared: Mapping[str, type[PortalSpider]]
    base_url: str | None = None
    name: str | None = None
    place: str | None = None
    publisher: str | None = None
    family: str | None = None
    tls: str = "verified"

    def check(self) -> None:
        """Raise before anybody is asked anything: :class:`NotSaid` for a wrong option, :class:`Taken` for a portal that is there."""
        if self.place is not None:
            check_place(self.place)
        if self.family is not None and self.family not in families():
            raise NotSaid(f"no family {self.family!r}; there are {', '.join(families())}")
        if self.name is not None:
            check_name(self.name, self.place)
            self.check_free(self.name)
        try:
            site = site_of(self.url)
        except ValueError as error:
            raise NotSaid(f"{self.url!r} is no address: give one that begins with http:// or https://") from error
        for name, portal in self.declared.items():
            if site_of(portal.home) == site:
                raise Taken(f"{site} is the portal {name} already: spiders/{name}.py (add the address to its sections, if it lacks it)")

    def check_free(self, name: str) -> None:
        """Raise :class:`Taken` where a name stands for something already."""
        if name in self.declared:
            raise Taken(f"there is a portal {name} already: choose another --name")
        Places(self.root, name).check_free()

    @property
    def replica(self) -> bool:
        """Whether a machine of ours is asked in the portal's place."""
        return is_loopback(self.base_url or self.url)


@dataclass(frozen=True, slots=True)
class NewPortal:
    """All that is written of a portal, and where its name, place and publisher come from."""

    draft: Draft
    said: Mapping[str, Said]
    fixture: Fixture
    expected: Mapping[str, Any]


def check_place(place: str) -> None:
    """Raise :class:`NotSaid` for what is no place of before July 2025."""
    try:
        place_name(place)
    except KeyError as error:
        raise NotSaid(f"--place {place}: no code {error} among the provinces and districts of before July 2025 (such as 04/053)") from error


def check_name(name: str, place: str | None) -> None:
    """Raise :class:`NotSaid` for a name that no portal may have, or that does not begin with its province."""
    if not is_name(name):
        raise NotSaid(f"--name {name}: small letters a–z and single underscores only, such as cao_bang_thach_an")
    if place is not None and not f"{name}_".startswith(f"{province_prefix(place)}_"):
        raise NotSaid(f"--name {name}: the province comes first, as in {province_prefix(place)}_…")


async def look(visitor: Visitor, wishes: Wishes, tell: Tell) -> tuple[Survey, Capture | None]:
    """Visit the portal; returns the survey and the robots.txt that was obeyed."""
    survey = await Surveyor(visitor, tell, wishes.family).survey(wishes.url)
    return survey, visitor.robots


def make_portal(wishes: Wishes, survey: Survey, robots: Capture | None, today: date) -> NewPortal:
    """Draft the portal, rehearse it over its own fixture, and give everything to be written; nothing is written here."""
    said = _identity(wishes, survey)
    name, place = said["name"].value, said["place"].value
    check_name(name, place)
    wishes.check_free(name)
    draft = Draft(
        family=survey.recognition.family,
        name=name,
        place=place,
        publisher=said["publisher"].value,
        home=survey.home,
        sections=fitting_sections(survey.declared or (survey.listing.url,), MOST_LINES - (9 if wishes.tls == "verified" else 10)),
        evidence=evidence(today, len(survey.articles), replica=wishes.replica),
        tls=wishes.tls,
    )
    portal = draft.portal()
    captures = [*([robots] if robots else []), survey.listing, *survey.articles]
    fixture = make_fixture(portal, captures)
    expected = expectation(portal, {url_key(capture.url): capture for capture in fixture.captures})
    if not expected["articles"]:
        seen = "; ".join(f"{issue['url']}: {issue['kind']}, {issue['detail']}" for issue in expected["issues"])
        raise CannotAdd(f"{portal.cms} reads no article of {urljoin(survey.home, '/')}: {seen or 'the list leads to none of them'}")
    return NewPortal(draft, said, fixture, expected)


def _identity(wishes: Wishes, survey: Survey) -> dict[str, Said]:
    """What was typed, else what is certain; raise :class:`NotSaid` with a line for each thing that is left."""
    text = site_text(survey.fronts)
    typed = Identity(*(Said(value, "typed") if value else None for value in (wishes.name, wishes.place, wishes.publisher)))
    found = identify(survey.home, text, [portal.publisher for portal in wishes.declared.values()], place=wishes.place)
    whole = Identity(typed.name or found.name, typed.place or found.place, typed.publisher or found.publisher)
    if whole.open_questions:
        raise NotSaid("not certain from the portal's pages; say it with\n  " + "\n  ".join(whole.open_questions))
    assert whole.name and whole.place and whole.publisher
    return {"name": whole.name, "place": whole.place, "publisher": whole.publisher}
