"""The archive as people read it: a Datasette plugin. In comes ``archive.db``, read-only; out go pages, cells, search.

``search`` makes what a person types safe for FTS5, ``cells`` draws the values of tables and queries, ``facets`` counts by
year, ``rest`` tells what of a ready query is not on its page. ``pages``, ``series``, ``health`` and ``programs`` are the
addresses of our own, for people and for feed readers; what they show is read by ``front``, ``article``, ``indicators``,
``feeds``, ``issue_feed`` and ``captured`` and drawn by ``pictures``, ``diff``, ``citation``, ``wording`` and ``troubles``.
``guard`` says who may see what, and puts the headers on every answer; ``opened`` sees to it that a rebuilt archive is read,
``prefix`` that all of it works below one.
Nothing here writes, and no page asks another host for anything.
Hooks are declared here and only here; titles, descriptions and canned queries are in ``datasette_metadata.json``.
"""

from __future__ import annotations

import functools
import gc
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Any, TypeVar

from datasette import Forbidden  # type: ignore[import-untyped]
from pluggy import HookimplMarker

from scraper.archive.schema import FTS_COLUMNS
from scraper.extract.text import clean, fold
from scraper.web import cells, facets, guard, health, matches, opened, pages, paging, prefix, programs, rest, series, troubles, wording
from scraper.web.found import exact_terms, exactness, excerpt
from scraper.web.search import NOTHING, match_expression, phrase_expression

hookimpl = HookimplMarker("datasette")
T = TypeVar("T")
PLUGIN = "khuyen-hoc-archive"
"""The distribution's name: Datasette serves our ``static/`` under it."""


# Datasette's own hook defines escape_fts too, and the last to define a function wins.
@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give SQL our functions.

    ``escape_fts``, ``vn_phrase`` and ``vn_found`` for searching, ``vn_fold`` for comparing, ``vn_exact`` and ``vn_excerpt``
    for what a search found, ``issue_meaning`` for issues.
    """
    conn.create_function("escape_fts", 1, _of_text(match_expression, absent=NOTHING), deterministic=True)
    conn.create_function("escape_fts", 2, _expression, deterministic=True)
    conn.create_function("vn_phrase", 1, _of_text(phrase_expression, absent=NOTHING), deterministic=True)
    conn.create_function("vn_fold", 1, _of_text(lambda text: fold(clean(text))), deterministic=True)
    conn.create_function("vn_exact", -1, _exact, deterministic=True)
    conn.create_function("vn_exact", 1, _of_text(exact_terms), deterministic=True)
    conn.create_function("vn_excerpt", 2, _excerpt, deterministic=True)
    matches.add_function(conn)
    conn.create_function("issue_meaning", 1, _of_text(troubles.meaning), deterministic=True)


@hookimpl
def startup() -> None:
    """Put our conditions, facets and connections in the place of Datasette's, and see to it that pages follow each other.

    What is loaded by now stays: the collector need not look through it again in the middle of a page (40 ms every few pages).
    """
    from scraper.web import filters  # noqa: PLC0415 — uses Datasette's views, which are not there yet while plugins are loaded

    filters.replace_datasettes()
    paging.settle_pages()
    opened.follow_replaced_files()
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
    # A search calls back into Python row by row; each time it would wait up to 5 ms for other readers' pages that are being drawn.
    sys.setswitchinterval(0.0005)


@hookimpl(specname="filters_from_request", tryfirst=True)
def known_filters(request: Any, database: str, table: str, datasette: Any) -> Any:
    """Refuse a column or a comparison that there is not."""
    from scraper.web import filters  # noqa: PLC0415 — as above

    return filters.known(request, database, table, datasette)


@hookimpl(specname="filters_from_request")
def where_filters(request: Any, database: str, datasette: Any) -> Any:
    """``?_where=``, as Datasette has it."""
    from scraper.web import filters  # noqa: PLC0415 — as above

    return filters.where(request, database, datasette)


@hookimpl(specname="filters_from_request")
def through_filters(request: Any, database: str, table: str, datasette: Any) -> Any:
    """``?_through=``, as Datasette has it."""
    from scraper.web import filters  # noqa: PLC0415 — as above

    return filters.through(request, database, table, datasette)


@hookimpl(specname="filters_from_request")
def search_filters(request: Any, database: str, table: str, datasette: Any) -> Any:
    """``?_search=``, quick also where much is found."""
    from scraper.web import filters  # noqa: PLC0415 — as above

    return filters.search(request, database, table, datasette)


@hookimpl
def render_cell(row: Any, value: object, column: str, database: str, datasette: Any) -> str | None:
    """Draw one value of a table, row or query."""
    return cells.draw(row, value, column, cells.Links(datasette.urls, database))


@hookimpl
def register_facet_classes() -> list[type]:
    """Offer Datasette's facets, ``{"count": "source_id"}`` and ``{"year": "published_at"}``."""
    return facets.CLASSES


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Serve the addresses of our own, and slices of everything; they come before Datasette's."""
    from scraper.web import downloads  # noqa: PLC0415 — as above

    return [
        (r"^/$", pages.front_page),
        (r"^/bai/(?P<uid>.+)$", pages.article_pages),
        (r"^/bieu-do$", pages.pictures_page),
        (r"^/chi-tieu$", series.indicators_page),
        (r"^/chi-tieu/(?P<indicator>[^/]+)$", series.series_page),
        (r"^/suc-khoe$", health.health_page),
        (r"^/suc-khoe\.json$", health.health_json),
        (r"^/feed\.atom$", programs.atom_feed),
        (r"^/viec-can-xem\.atom$", programs.issues_feed),
        (r"^/sitemap(?:-(?P<part>[1-9][0-9]{0,5}))?\.xml$", programs.sitemap),
        (r"^/robots\.txt$", programs.robots),
        (r"^/ban-luu/(?P<number>[1-9][0-9]{0,17})\.(?P<form>warc\.gz|html)$", programs.capture),
        *guard.machine_routes(),
        *((route, downloads.download) for route in downloads.ROUTES),
    ]


@hookimpl
def permission_allowed(datasette: Any, actor: Any, action: str, resource: Any) -> bool | None:
    """Keep strangers from SQL, private tables and the file as a whole."""
    return guard.allowed(datasette, actor, action, resource)


@hookimpl(trylast=True)  # the last wrapper is the outermost: other plugins' answers get the headers too
def asgi_wrapper(datasette: Any) -> Callable[[guard.App], guard.App]:
    """Put the headers on every answer, and answer under a prefix."""
    return lambda app: prefix.without_prefix(guard.with_headers(app), datasette.setting("base_url"))


@hookimpl(tryfirst=True)
def forbidden(datasette: Any, request: Any, message: str) -> Callable[[], Awaitable[Any]]:
    """Refuse as all our pages do, also in JSON."""
    return lambda: guard.failure(datasette, request, Forbidden(message))


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """Answer failures ourselves: Datasette's way prints every value on the stack into the log for each unknown address."""
    outcome = yield
    outcome.force_result([lambda: guard.failure(datasette, request, exception)])


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Give every template, error pages included, what all of them need: warnings, licence, the way around, words for values."""
    from scraper.web import downloads  # noqa: PLC0415 — as above

    async def demo_notes() -> list[str]:
        return await pages.demo_notes(datasette)

    async def capture_downloads(number: str) -> list[tuple[str, str]]:
        return await pages.capture_downloads(datasette, number)

    env.globals["demo_notes"] = demo_notes
    env.globals["capture_downloads"] = capture_downloads
    env.globals["archive_metadata"] = datasette.metadata
    env.globals["whole_cell"] = cells.draw_whole
    env.globals["rest_of_query"] = functools.partial(rest.rest, datasette)
    env.globals["slice_links"] = lambda request, expandable: downloads.links(datasette, request, labels=bool(expandable))
    env.globals["site_links"] = lambda: pages.site_links(datasette)
    env.globals["own_static"] = lambda name: datasette.urls.static_plugins(PLUGIN, name)
    env.globals["private_tables"] = guard.PRIVATE_TABLES
    env.tests["web_address"] = cells.is_address
    env.filters |= {
        "paragraphs": cells.paragraphs, "shortened": cells.shortened, "lines": cells.lines, "number": wording.number, "day": wording.day,
        "moment": wording.moment, "month_name": wording.month, "verdict": wording.verdict, "ago": wording.since,
        "figure_value": wording.figure, "figure_qualifier": wording.qualifier, "health_status": troubles.status,
        "trouble_name": troubles.name, "trouble_advice": troubles.advice, "issue_meaning": troubles.meaning,
    }  # fmt: skip


@hookimpl
def extra_css_urls(view_name: str, request: Any, datasette: Any) -> list[str]:
    """Our style; on table pages the columns of book-keeping are folded away until asked for."""
    names = ["reading.css", "pages.css"]
    if view_name == "table" and request is not None and pages.shows_few_columns(request.args):
        names.append("few_columns.css")
    # Not made plain str: Datasette would take them for addresses without its base_url and put it before them again.
    return [datasette.urls.static_plugins(PLUGIN, name) for name in names]


@hookimpl
def extra_template_vars(view_name: str, table: str | None, request: Any, datasette: Any) -> Mapping[str, object]:
    """Say on table pages whether some columns are folded away, and where they are not."""
    if view_name != "table" or request is None or table not in pages.WIDE_TABLES or not pages.shows_few_columns(request.args):
        return {}
    return {"all_columns_url": pages.with_all_columns(datasette, request)}


def _expression(query: object, column: object) -> str:
    return match_expression(str(query or ""), str(column) if column in FTS_COLUMNS else None)


def _exact(query: object, *texts: object) -> int:
    return exactness(str(query or ""), *(text for text in texts if isinstance(text, str)))


def _excerpt(query: object, text: object) -> str:
    return excerpt(str(query or ""), text if isinstance(text, str) else None)


def _of_text(function: Callable[[str], T], absent: T | None = None) -> Callable[[object], T | None]:
    """A function of text as SQL calls it: with any value, and NULL."""

    def of_value(value: object) -> T | None:
        if value is None:
            return absent
        return function(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))

    return of_value
