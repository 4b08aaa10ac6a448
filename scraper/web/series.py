"""``/chi-tieu``: the indicators, and for each a chart of its series by place and year with the table and the CSV behind it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import unquote, urlencode

from scraper.web import archives, indicators, pages, pictures, wording
from scraper.web.indicators import Indicator, Point, Series

DRAWN = 12
"""Places in one drawing; which, a reader chooses by name."""
TABLED = 200
"""Places in the table of a page; the CSV has all."""
_TABLES = ("indicators", "figures")
_NONE = "Kho này không có chỉ tiêu “{0}”. / This archive has no indicator “{0}”."


@dataclass(frozen=True, slots=True)
class Cell:
    """What the table says of one place in one year: a number or a span of them, how many figures it is of, and the article of the last."""

    text: str
    figures: int
    uid: str


async def indicators_page(datasette: Any, request: Any) -> Any:
    """``/chi-tieu``: every indicator and how much there is of it."""
    await _permitted(datasette, request)
    found = await archives.first_kept(datasette, "indicators", indicators.load_indicators)
    if found is None or found[1] is None:
        return await pages.not_found(datasette, request, "Ở đây chưa có kho số liệu nào. / No archive with figures is served here.")
    database, listed = found
    return await pages.render(datasette, request, "indicators.html", {"database": database.name, "listed": listed})


async def indicator_paths(datasette: Any) -> list[str]:
    """The list of indicators, and the page of each that has figures; none where there are no figures."""
    found = await archives.first_kept(datasette, "indicators", indicators.load_indicators)
    listed = (found[1] or []) if found else []
    return ["/chi-tieu", *(f"/chi-tieu/{one.indicator.id}" for one in listed if one.figures)] if listed else []


async def series_page(datasette: Any, request: Any) -> Any:
    """``/chi-tieu/<id>``; ``?noi=``: only places whose name holds this."""
    await _permitted(datasette, request)
    asked = unquote(request.url_vars["indicator"])
    found = await archives.first_kept(datasette, f"series {asked}", partial(_load, indicator=asked)) if len(asked) < 100 else None
    if found is None or found[1] is None:
        return await pages.not_found(datasette, request, _NONE.format(asked))
    database, loaded = found
    assert loaded is not None
    indicator, series = loaded
    place = (request.args.get("noi") or "").strip()[:200]
    chosen = indicators.of_place(series, place) if place else series
    tabled = chosen[:TABLED]
    query = urlencode({"chi_tieu": indicator.id, "noi": place})
    context = {
        "database": database.name,
        "indicator": indicator,
        "place": place,
        "chart": pictures.series_chart(
            [_dots(one, indicator) for one in chosen[:DRAWN]], "series", f"{indicator.label} ({indicator.unit})"
        ),
        "drawn": min(len(chosen), DRAWN),
        "total": len(chosen),
        "years": sorted({year for one in tabled for year in one.by_year}, reverse=True),
        "rows": [(one, {year: _cell(points, indicator) for year, points in one.by_year.items()}) for one in tabled],
        "csv": datasette.urls.path(f"/{database.name}/chuoi_so_lieu.csv?{query}"),
        "query": datasette.urls.path(f"/{database.name}/chuoi_so_lieu?{query}"),
    }
    return await pages.render(datasette, request, "series.html", context)


def _load(connection: sqlite3.Connection, indicator: str) -> tuple[Indicator, list[Series]] | None:
    return indicators.load_series(connection, indicator)


async def _permitted(datasette: Any, request: Any) -> None:
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    for database in archives.files(datasette):
        for table in _TABLES:
            await datasette.ensure_permissions(request.actor, [("view-table", (database.name, table)), ("view-database", database.name)])


def _dots(series: Series, indicator: Indicator) -> pictures.Dots:
    line = [(point.day, point.value) for point in series.yearly] if indicator.is_stock else []
    return pictures.Dots(series.place, [(point.day, point.value) for point in series.points], line)


def _cell(points: list[Point], indicator: Indicator) -> Cell:
    """Of a stock the last figure of the year; of what happens in periods, which may overlap or be parts, all there are."""
    last = points[-1]
    values = sorted({point.value for point in points})
    if indicator.is_stock or len(values) == 1:
        text = f"{wording.qualifier(last.qualifier)}{wording.figure(last.value)}"
    else:
        text = f"{wording.figure(values[0])} – {wording.figure(values[-1])}"
    return Cell(text, len(points), last.uid)
