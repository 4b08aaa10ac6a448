"""A portal's fixture captured again, and what its expectation says otherwise than before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scraper.adding import CannotAdd, NotSaid
from scraper.adding.files import Places
from scraper.adding.survey import ARTICLES, MOST_TRIED, Tell
from scraper.adding.visit import Visitor
from scraper.analyse.relevance import relevance
from scraper.fetch.child import read_safely
from scraper.items import Capture
from scraper.portal import PortalSpider
from scraper.rehearsal import FIELDS

Change = tuple[str, str, str]
"""What, what it was, what it is."""


@dataclass(frozen=True, slots=True)
class Older:
    """The fixture that is there: its expectation; empty where there is none yet."""

    expected: Mapping[str, Any]

    @property
    def keys(self) -> set[str]:
        """The articles it holds."""
        return {article["article_key"] for article in self.expected.get("articles", ())}

    @property
    def listing(self) -> str | None:
        """The listing it holds."""
        return next((listing["url"] for listing in self.expected.get("listings", ())), None)


def older_fixture(places: Places) -> Older:
    """The newest expectation of a portal; raise :class:`NotSaid` for one that was made and not captured."""
    found = sorted(places.fixtures.glob("*.json"))
    if not found:
        return Older({})
    expected = _read(found[-1])
    if expected.get("origin") != "captured":
        raise NotSaid(
            f"the fixture of {places.name} is {expected.get('origin')}: made by tests/make_fixtures.py, as no page of a portal may stand"
            " in this repository, and made again by `python -m tests.make_fixtures`. Captured fixtures of it"
            " belong into a project of your own (--out)"
        )
    return Older(expected)


def _read(path: Path) -> dict[str, Any]:
    try:
        expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CannotAdd(f"{path} is no JSON ({error}): mend it or take it away") from error
    return expected


async def capture_again(visitor: Visitor, portal: type[PortalSpider], older: Older, tell: Tell) -> list[Capture]:
    """The listing of the fixture and two articles: those it holds, where the list still leads to them."""
    sections = portal.sections
    url = older.listing if older.listing in sections else sections[0]
    assert url is not None
    listing = await visitor.fetch(url)
    reading = read_safely(portal, listing)
    if reading.listing is None or not reading.listing.links:
        kinds = "; ".join(f"{problem.kind}: {problem.detail}" for problem in reading.problems) or "not one link to an article"
        raise CannotAdd(f"{url} lists nothing ({kinds})")
    wanted = sorted(reading.listing.links, key=lambda link: (link.key not in older.keys, relevance(link.text, "").score <= 0))
    articles: list[Capture] = []
    reasons: list[str] = []
    for link in wanted[:MOST_TRIED]:
        tell("reading articles; pages:", len(articles) + 1)
        capture = await visitor.fetch(link.url)
        article = read_safely(portal, capture)
        if article.article is not None and capture.url == link.url:
            articles.append(capture)
        else:
            reasons += [f"{link.url}: {problem.kind}, {problem.detail}" for problem in article.problems] or [
                f"{link.url} leads to {capture.url}"
            ]
        if len(articles) == ARTICLES:
            break
    if not articles:
        raise CannotAdd("not one article was read: " + "; ".join(reasons))
    return [*([visitor.robots] if visitor.robots else []), listing, *articles]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What a new expectation says otherwise, article by article and field by field."""
    was = {article["article_key"]: article for article in old.get("articles", ())}
    now = {article["article_key"]: article for article in new["articles"]}
    found: list[Change] = []
    for key in dict.fromkeys((*was, *now)):
        if key not in now:
            found.append((f"article {key}", was[key]["title"], "not in it any more"))
        elif key not in was:
            found.append((f"article {key}", "not in it", now[key]["title"]))
        else:
            fields = [*FIELDS, "attachments"]
            found += [
                (f"{key} {name}", _said(was[key].get(name)), _said(now[key].get(name)))
                for name in fields
                if was[key].get(name) != now[key].get(name)
            ]
    found += [
        (name, _said(old.get(name)), _said(new.get(name))) for name in ("off_topic", "issues") if old.get(name, []) != new.get(name, [])
    ]
    lists = [(listing["url"], listing) for listing in new["listings"]]
    before = {listing["url"]: listing for listing in old.get("listings", ())}
    for url, listing in lists:
        earlier = before.get(url, {"title": None, "links": [], "next_pages": []})
        if len(earlier["links"]) != len(listing["links"]):
            found.append((f"list {url}", f"{len(earlier['links'])} articles", f"{len(listing['links'])} articles"))
        found += [
            (f"list {url} {name}", _said(earlier[name]), _said(listing[name]))
            for name in ("title", "next_pages")
            if earlier[name] != listing[name]
        ]
    return found


def _said(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(json.dumps(one, ensure_ascii=False) if isinstance(one, dict) else str(one) for one in value) or "none"
    return "none" if value is None else str(value)
