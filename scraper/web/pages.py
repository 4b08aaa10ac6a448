"""Pages of our own: the front page, articles and their history, pictures; and what every page says of a demo archive."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

from datasette import Response  # type: ignore[import-untyped]
from datasette.utils import path_with_added_args, tilde_encode  # type: ignore[import-untyped]
from datasette.views.index import IndexView  # type: ignore[import-untyped]

from scraper.archive.database import now
from scraper.web import archives, article, captured, cells, citation, coordinates, front, indicators, pictures, wording
from scraper.web.findings import marked_paragraphs, marked_title

WIDE_TABLES = frozenset({"articles"})
"""Tables whose columns of book-keeping ``static/few_columns.css`` folds away."""
_COLUMNS_ARGUMENT = "_columns"
_FORMS = {".bib": "application/x-bibtex; charset=utf-8", ".ris": "application/x-research-info-systems; charset=utf-8"}
_HISTORY = "/thay-doi"


async def front_page(datasette: Any, request: Any, send: Any) -> Any:
    """``/``: what is in the archive, how fresh it is, where to start. Datasette's own where no archive is served."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    found = await archives.first_kept(datasette, "front", _front)
    if found is None:
        request.scope["url_route"]["kwargs"]["format"] = None
        return await IndexView.as_view(datasette)(request, send)
    database, context = found
    search_path, search_name = _search(datasette, database.name)
    own = {"metadata": datasette.metadata(), "search_path": search_path, "search_name": search_name, "today": now()}
    return await render(datasette, request, "front.html", {**context, **own, "database": database.name})


def _front(connection: sqlite3.Connection) -> dict[str, Any]:
    overview = front.load_overview(connection)
    bars = pictures.Bars("Mọi cổng / All portals", overview.by_month())
    return {
        "overview": overview,
        "latest": front.load_latest(connection),
        "topics": front.load_topics(connection),
        "has_figures": indicators.has_figures(connection),
        "chart": pictures.month_chart([bars], "by-month", "Số bài theo tháng / Articles by month"),
    }


async def pictures_page(datasette: Any, request: Any) -> Any:
    """``/bieu-do``: articles by month, together and by source, and the map; each with its table."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    found = await archives.first_kept(datasette, "pictures", _pictures)
    if found is None:
        return await not_found(datasette, request, "Ở đây chưa có kho nào. / No archive is served here.")
    return await render(datasette, request, "pictures.html", {**found[1], "database": found[0].name})


def _pictures(connection: sqlite3.Connection) -> dict[str, Any]:
    overview = front.load_overview(connection)
    months, by_source = overview.by_month(), overview.by_source()
    sources = [source for source in overview.sources if source.id in by_source]
    rows = [pictures.Bars(source.publisher, by_source[source.id]) for source in sources]
    places = overview.by_place()
    spots = [pictures.Spot(*at, place.name, place.count) for place in places if (at := coordinates.of(place.code))]
    all_title, source_title = (
        "Số bài theo tháng, mọi cổng / Articles by month, all",
        "Số bài theo tháng, từng cổng / Articles by month, each",
    )
    return {
        "overview": overview,
        "has_figures": indicators.has_figures(connection),
        "all_chart": pictures.month_chart([pictures.Bars("", months)], "all", all_title),
        "source_chart": pictures.month_chart(rows, "by-source", source_title, height=64),
        "map": pictures.map_chart(coordinates.land(), spots, "map", "Bản đồ các cổng và số bài / Map of portals and articles"),
        "by_month": list(months.items())[::-1],
        "years": sorted({month[:4] for month in months}),
        "by_year": [(source, front.by_year(by_source[source.id])) for source in sources],
        "places": places,
    }


async def article_pages(datasette: Any, request: Any) -> Any:
    """``/bai/<uid>``, the address to cite, the same for ever; ``.bib``, ``.ris`` and ``/thay-doi`` behind it."""
    asked = unquote(request.url_vars["uid"])
    # A portal's own identifier may end like one of ours: the whole is tried first.
    for suffix in ("", *_FORMS, _HISTORY):
        if not asked.endswith(suffix):
            continue
        uid = asked.removesuffix(suffix)
        if suffix == _HISTORY:
            history = await archives.first(datasette, partial(article.load_history, uid=uid))
            if history:
                return await _history(datasette, request, *history)
            continue
        found = await archives.first(datasette, partial(article.load, uid=uid))
        if found is None:
            continue
        if suffix in _FORMS:
            return _reference(datasette, request, found[1], suffix)
        return await _article(datasette, request, *found)
    # Not raised as NotFound: Datasette would answer an address with % by a redirect to another spelling of it.
    text = f"Kho này không có bài nào mang mã “{asked}”. / This archive has no article with the identifier “{asked}”."
    return await not_found(datasette, request, text, title="Không tìm thấy bài / No such article")


async def not_found(datasette: Any, request: Any, text: str, title: str = "Không tìm thấy / Not found") -> Any:
    """A page that says what is not here."""
    page = await datasette.render_template("error.html", {"title": title, "error": text, "status": 404}, request=request)
    return Response.html(page, status=404)


def article_path(datasette: Any, uid: str) -> str:
    """The permanent address of an article, under this Datasette's base_url."""
    return str(datasette.urls.path(f"/bai/{quote(uid, safe='')}"))


def absolute(datasette: Any, request: Any, path: str) -> str:
    """An address of ours with scheme and host, as the reader sees them; ``path`` begins with a slash."""
    return str(datasette.absolute_url(request, str(path)))


async def _article(datasette: Any, request: Any, database: Any, page: article.ArticlePage) -> Any:
    row = page.article
    path = article_path(datasette, row["uid"])
    archived = absolute(datasette, request, path)
    table = datasette.urls.table(database.name, "articles")
    return await render(
        datasette,
        request,
        "article.html",
        {
            "database": database.name,
            "article": row,
            "attachments": page.attachments,
            "evidence": page.evidence,
            "earlier": page.earlier,
            "later": page.later,
            "copies": page.copies,
            "topics": page.findings.topics,
            "places": page.findings.places,
            "figures": page.findings.figures,
            "story": page.findings.story,
            "title_text": marked_title(row["title"], page.findings.spans.get("title", [])),
            "lead_text": marked_paragraphs(row["lead"] or "", page.findings.spans.get("lead", [])),
            "body_text": marked_paragraphs(row["body"], page.findings.spans.get("body", [])),
            "own_path": path,
            "archived": archived,
            "row_path": datasette.urls.row(database.name, "articles", tilde_encode(str(row["id"]))),
            "capture_path": datasette.urls.row(database.name, "captures", tilde_encode(str(row["capture_id"]))),
            "downloads": downloads(datasette, database, row["capture_id"], row["warc_file"]),
            "source_articles": f"{table}?{urlencode({'source_id': row['source_id']})}",
            "section_articles": f"{table}?{urlencode({'source_id': row['source_id'], 'section': row['section'] or ''})}",
            "precision": wording.PRECISIONS.get(row["published_precision"], ""),
            "words": cells.draw_words(row["relevance_words"]),
            "news_article": citation.news_article(page.cited(archived)),
        },
    )


def _reference(datasette: Any, request: Any, page: article.ArticlePage, suffix: str) -> Any:
    uid = page.article["uid"]
    cited = page.cited(absolute(datasette, request, article_path(datasette, uid)))
    text = citation.bibtex(cited) if suffix == ".bib" else citation.ris(cited)
    # The name of the file is made of what our identifiers are made of, whatever the portal's own was.
    name = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "_" for char in uid)[:80]
    return Response(text, content_type=_FORMS[suffix], headers={"content-disposition": f'attachment; filename="{name}{suffix}"'})


async def _history(datasette: Any, request: Any, database: Any, found: tuple[article.Row, list[article.Revision]]) -> Any:
    row, revisions = found
    return await render(
        datasette,
        request,
        "history.html",
        {
            "database": database.name,
            "article": row,
            "revisions": revisions,
            "fields": article.FIELDS,
            "own_path": article_path(datasette, row["uid"]),
        },
    )


async def render(datasette: Any, request: Any, template: str, context: dict[str, Any]) -> Any:
    """A template of ours as an answer."""
    context["article_path"] = lambda uid: article_path(datasette, uid)
    context["topic_articles"] = lambda topic: topic_articles(datasette, context["database"], topic)
    text = await datasette.render_template(template, context, request=request, view_name=template.removesuffix(".html"))
    return Response.html(text, headers={"cache-control": f"max-age={datasette.setting('default_cache_ttl')}"})


def downloads(datasette: Any, database: Any, capture_id: object, segment: str | None) -> list[tuple[str, str]]:
    """What of a capture can be downloaded, and where: nothing when its WARC file does not stand beside the database."""
    if not segment or not database.path or captured.segment_path(Path(database.path), segment) is None:
        return []
    base = datasette.urls.path(f"/ban-luu/{capture_id}")
    return [("WARC", f"{base}.warc.gz"), ("HTML", f"{base}.html")]


async def capture_downloads(datasette: Any, number: str) -> list[tuple[str, str]]:
    """As :func:`downloads`, for the page of a capture's row."""
    for database in archives.files(datasette):
        for row in await _rows(database, "select warc_file from captures where id = ?", [number]):
            return downloads(datasette, database, number, row[0])
    return []


async def demo_notes(datasette: Any) -> list[str]:
    """The notes of the demo archives being served: none where all is real."""
    notes: list[str] = []
    for database in archives.files(datasette):
        notes += [row[0] for row in await _rows(database, "select note from archive_info where origin = 'demo'", [])]
    return notes


def site_links(datasette: Any) -> list[dict[str, str]]:
    """The way around, on every page."""
    for database in archives.files(datasette):
        name = database.name
        return [
            {"href": _search(datasette, name)[0], "vi": "Tìm kiếm", "en": "Search"},
            {"href": datasette.urls.table(name, "articles"), "vi": "Bài viết", "en": "Articles"},
            {"href": datasette.urls.path("/bieu-do"), "vi": "Biểu đồ", "en": "Charts"},
            {"href": datasette.urls.table(name, "sources"), "vi": "Nguồn", "en": "Sources"},
        ]
    return []


def topic_articles(datasette: Any, database: str, topic: str) -> str:
    """The table of articles, of one topic."""
    through = json.dumps({"table": "article_topics", "column": "topic_id", "value": topic}, separators=(",", ":"))
    return f"{datasette.urls.table(database, 'articles')}?{urlencode({'_through': through})}"


def shows_few_columns(arguments: Mapping[str, str]) -> bool:
    """Whether a table page was asked for without a word on columns."""
    return not any(name in arguments for name in ("_col", "_nocol", _COLUMNS_ARGUMENT))


def with_all_columns(datasette: Any, request: Any) -> str:
    """The address of the same page with every column."""
    return str(datasette.urls.path(path_with_added_args(request, {_COLUMNS_ARGUMENT: "all"})))


def _search(datasette: Any, database: str) -> tuple[str, str]:
    """Where a search is sent and what its words are called: the ranked query where the metadata has it, else the table."""
    if "tim_kiem" in (datasette.metadata("queries", database=database) or {}):
        return str(datasette.urls.query(database, "tim_kiem")), "q"
    return str(datasette.urls.table(database, "articles")), "_search"


async def _rows(database: Any, sql: str, parameters: list[str]) -> list[Any]:
    """Rows of a database that may be no archive at all: then none."""
    try:
        return list((await database.execute(sql, parameters, log_sql_errors=False)).rows)
    except sqlite3.OperationalError:
        return []
