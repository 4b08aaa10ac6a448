"""NukeViet 3 and 4, the CMS of many communes, schools, unions and departments (seen in its source: 3.x, 4.0–4.5, eGovernment).

Recognise it by ``<meta name="generator" content="NukeViet …">``, ``/uploads/news/YYYY_MM/``, ``nv_base_siteurl``.

Declare: ``home``, ``sections`` (``/<module>/<category>/``, or its feed ``/<module>/rss/<category>/``: 30 items), ``module`` where
the portal drops one module's name from its addresses.

Identity: an address is ``/<lang>/<module>/<category>/<slug>-<id>.html``; language and one module may be left out, the title's
slug changes with the title. Ids are counted per module, so the key is ``<module>_<id>``, and ``<id>`` where no module is named.

Quirks, all read in its source (4.0.29 – 4.5.05, 2026-11):

* only the visible date is true: ``article:published_time`` is no ISO date (``2022-12-11+0707:47:00``), both ``itemprop``
  dates are the time of the last edit (4.4 on), and a feed's minutes are the month;
* lead (``hometext``) and picture stand outside the body; author and source below it, labelled;
* print, sendmail, savefile and tag pages carry the article's own title: they are told apart by their addresses;
* “Những tin mới hơn / cũ hơn” follow after the article, each with a date.

Its own search (``/<module>/search/``) sorts by time but is closed to robots on many portals and refuses short questions;
``search = True`` walks it.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.extract.layout import Layout
from scraper.extract.page import Page
from scraper.portal import PortalSpider
from scraper.urls import site_of, tidy_url

_ARTICLE = re.compile(r"-(\d+)(?:\.html)?$")
_LANGUAGE = re.compile(r"[a-z]{2}")
# Functions of the CMS that are no articles, as the first or second part of a path.
_FUNCTION = re.compile(
    r"print|sendmail|savefile|tag|search|users|comments?|statistics|rss|feeds|rating|content|groups|topic|siteterms|contact"
)
_PAGE = re.compile(r"^page-(\d+)$")
_RELATED = (".related", ".news_column .alert-info", ".newsdetailmetatop", ".article_control", ".socialicon", ".keywords", ".copyright")


class NukeVietSpider(PortalSpider):
    """A portal on NukeViet. ``module``: the one whose name its addresses leave out."""

    cms = "nukeviet"
    module: ClassVar[str] = ""
    FINGERPRINT: ClassVar[tuple[str, ...]] = (
        'meta[name=generator][content^="NukeViet"]',
        'script[src*="/assets/js/global.js"]',
        "#news-bodyhtml",
    )
    FEEDS: ClassVar[tuple[str, ...]] = ("/rss/", "/news/rss/", "/tin-tuc/rss/", "/sitemap.xml")
    SEARCH = "/index.php?language=vi&nv=news&op=search&q={words}"
    LAYOUTS: ClassVar[tuple[Layout, ...]] = (
        Layout(
            name="nukeviet_4",
            fingerprint=(".news_column h1", "#news-bodyhtml, .news_column .bodytext"),
            title=(".news_column h1.title", ".news_column h1"),
            date=(".newsdetailmetatop span.h5", ".news_column span.h5", ".news_column .time", ".news_column time"),
            lead=(".news_column .hometext", ".news_column #hometext"),
            body=("#news-bodyhtml", ".news_column .bodytext"),
            credits=(".news_column p.text-right", '.news_column p[style*="right"]', ".news_column .author"),
            section=(".breadcrumb li:last-child", ".breadcrumbs a:last-child"),
            pictures=(".news_column .imghome img", ".news_column .hometext img", ".news_column figure.article img"),
            documents=(".news-download-file a",),
            drop=_RELATED,
        ),
        Layout(
            name="nukeviet_theme",
            fingerprint=("h1", "#news-bodyhtml"),
            title=("h1[itemprop=headline]", "h1.title", ".detail h1", "h1"),
            date=("span.h5", ".newsdetailmetatop span", ".dt-info li:first-child", ".post-date", ".news-date", ".date", ".time", "time"),
            lead=("[itemprop=description]", ".hometext", "#hometext"),
            body=("#news-bodyhtml",),
            credits=("p.text-right", '#news-bodyhtml ~ p[style*="right"]', ".author"),
            pictures=(".hometext img", "figure.article img"),
            documents=(".news-download-file a",),
            drop=_RELATED,
        ),
        Layout(
            name="nukeviet_3",
            fingerprint=("#news_detail h1", "#news_detail .bodytext, #news_detail #bodytext"),
            title=("#news_detail h1",),
            date=("#news_detail .time",),
            lead=("#news_detail #hometext",),
            body=("#news_detail .bodytext", "#news_detail #bodytext"),
            credits=('#news_detail p[style*="right"]',),
            pictures=("#news_detail #imghome img",),
            drop=_RELATED,
        ),
    )
    LISTING_LINKS: ClassVar[tuple[str, ...]] = (
        ".news_column h2 a, .news_column h3 a, .news_column h4 a, .featured h2 a",
        "a.show.h4, .list-group a",
        "h2 a, h3 a, h4 a",
        "a",
    )
    LISTING_TITLE: ClassVar[tuple[str, ...]] = (
        ".news_column .alert h1",
        ".news_column .alert h3",
        ".page-header h1",
        ".breadcrumb li:last-child",
    )
    LISTING_DATE: ClassVar[str] = ".text-muted li:first-child, .time, time"

    @classmethod
    def article_key(cls, url: str) -> str | None:
        parts = urlsplit(url)
        path = [part for part in parts.path.split("/") if part and part != "index.php"]
        query = dict(parse_qsl(parts.query))
        if "op" in query:
            path = [query.get("nv", ""), *query["op"].split("/")]
        elif query.keys() & {"nv", "page", "q"}:
            return None
        if path and _LANGUAGE.fullmatch(path[0]):
            path = path[1:]
        match = _ARTICLE.search(path[-1]) if len(path) >= 2 else None
        if match is None or _PAGE.match(path[-1]) or any(_FUNCTION.fullmatch(part.lower()) for part in path[:2]):
            return None
        module = unquote(path[0]).lower() if len(path) >= 3 else ""
        return f"{module}_{match[1]}" if module and module != cls.module else match[1]

    @classmethod
    def rank(cls, url: str) -> int:
        parts = urlsplit(url)
        return 1 if parts.query or parts.path.startswith(("/index.php", "/en/")) else 0

    @classmethod
    def next_pages(cls, page: Page) -> tuple[str, ...]:
        wanted = _number(page.url) + 1
        for href in page.hrefs(".pagination a, .text-center a, #generate_page a, link[rel=next]"):
            url = page.absolute(href)
            if url and _number(url) == wanted and site_of(url) == site_of(page.url):
                return (tidy_url(url),)
        return ()


def _number(url: str) -> int:
    """Which page of a listing an address is: ``…/page-2/``, ``&page=2``; 1 when it does not say."""
    parts = urlsplit(url)
    for text in [*parts.path.split("/"), *dict(parse_qsl(parts.query)).get("op", "").split("/")]:
        match = _PAGE.match(text)
        if match:
            return int(match[1])
    page = dict(parse_qsl(parts.query)).get("page", "")
    return int(page) if page.isdigit() else 1
