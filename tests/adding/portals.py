"""Small portals in memory, one for each template of a CMS: a list, its articles, and a visitor that answers with them."""

from __future__ import annotations

from scraper.adding.visit import NotFetched
from scraper.items import Capture
from scraper.urls import url_key
from tests.replica.compose import Newsroom
from tests.replica.vocab import QUANG_TRI
from tests.templates.model import DATES, News, Template

HOME = "https://vidu.quangtri.gov.vn"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


class Visitor:
    """Answers from memory, 404 for the rest; remembers what was asked for. ``closed``: addresses that robots.txt forbids."""

    def __init__(self, pages: dict[str, bytes], robots: str = "", closed: tuple[str, ...] = ()) -> None:
        self._pages = {url_key(url): body for url, body in pages.items()}
        self._closed = closed
        self.asked: list[str] = []
        self.robots = Capture(f"{HOME}/robots.txt", "2026-11-26T01:00:00Z", 200, (("Content-Type", "text/plain"),), robots.encode())

    async def fetch(self, url: str) -> Capture:
        self.asked.append(url)
        if url in self._closed:
            raise NotFetched(f"{url}: robots.txt forbids it")
        body = self._pages.get(url_key(url))
        return Capture(url, "2026-11-26T01:00:00Z", 200 if body is not None else 404, HTML, body or b"")


def news(template: Template, count: int = 5) -> list[News]:
    """Some news as a template prints them."""
    form = DATES[template.dates[0]]
    drafts = Newsroom(31, QUANG_TRI).many(count + 3)
    others = tuple((draft.title, f"{draft.when:%d/%m/%Y}") for draft in drafts[count:])
    return [
        News(1001000 + number, draft.title, draft.lead, tuple(draft.blocks), draft.byline, draft.when, form(draft.when), related=others)
        for number, draft in enumerate(drafts[:count])
    ]


def portal(template: Template, count: int = 5) -> tuple[str, dict[str, bytes]]:
    """The address of a template's list, and all pages of its portal."""
    items = news(template, count)
    listing = HOME + template.listing_path(1)
    pages = {listing: template.listing(items, 1, 1).encode()}
    pages |= {HOME + template.path(item): template.article(item).encode() for item in items}
    return listing, pages
