"""Indicators as series: what the news says of one indicator, by place and time. Functions of a connection.

A point is one figure of one article as people reviewed it (the view ``figures``). What a plan aims at, and figures without
number, place or period, are left out, as in the query ``so_sanh_noi``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from scraper.extract.text import clean, fold

_AT = "coalesce(f.period_end, f.period_start, f.published_at)"
# The last: what undated news says of every year has no day, and earlier versions read some terms of office as the year 0.
_COUNTED = (
    "f.modality = 'actual' AND typeof(f.value) IN ('integer', 'real') AND f.place_name IS NOT NULL AND f.period_kind IS NOT NULL"
    f" AND {_AT} >= '1900'"
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One kind of figure. ``is_stock``: stands at a time; else it happens in a period."""

    id: str
    label: str
    label_en: str
    unit: str
    is_stock: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """An indicator and what there is of it."""

    indicator: Indicator
    figures: int
    places: int
    first_year: str | None
    last_year: str | None


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: the day its period ended, the number, the word before it where it is not exact, and the article that says so."""

    day: str
    value: float
    qualifier: str
    uid: str

    @property
    def year(self) -> str:
        """The year it is told of."""
        return self.day[:4]


@dataclass(frozen=True)
class Series:
    """The figures of one place, in order of time."""

    place_id: str | None
    place: str
    points: tuple[Point, ...]

    @cached_property
    def by_year(self) -> dict[str, list[Point]]:
        """The figures of each year."""
        years: dict[str, list[Point]] = {}
        for point in self.points:
            years.setdefault(point.year, []).append(point)
        return years

    @property
    def yearly(self) -> list[Point]:
        """The last figure of each year: what a stock stood at."""
        return [points[-1] for points in self.by_year.values()]


def load_indicators(connection: sqlite3.Connection) -> list[Listed] | None:
    """Every indicator with how much there is of it, the most first; None in an archive of before there were figures."""
    if not has_figures(connection):
        return None
    rows = connection.execute(
        "SELECT i.id, i.label, i.label_en, i.unit, i.measure = 'stock', coalesce(n.figures, 0), coalesce(n.places, 0), n.first, n.last"
        " FROM indicators i LEFT JOIN (SELECT f.indicator_id, count(*) AS figures,"
        f" count(DISTINCT coalesce(f.place_id, f.place_name)) AS places, substr(min({_AT}), 1, 4) AS first,"
        f" substr(max({_AT}), 1, 4) AS last FROM figures f WHERE {_COUNTED} GROUP BY 1) n ON n.indicator_id = i.id ORDER BY 6 DESC, i.label"
    )
    return [
        Listed(Indicator(id_, label, english, unit, bool(stock)), figures, places, first, last)
        for id_, label, english, unit, stock, figures, places, first, last in rows
    ]


def load_series(connection: sqlite3.Connection, indicator: str) -> tuple[Indicator, list[Series]] | None:
    """One indicator and its series, those with the most years and figures first; None when there is no such indicator."""
    if not has_figures(connection):
        return None
    row = connection.execute("SELECT id, label, label_en, unit, measure = 'stock' FROM indicators WHERE id = ?", (indicator,)).fetchone()
    if row is None:
        return None
    places: dict[str, tuple[str | None, str]] = {}
    points: dict[str, list[Point]] = {}
    for place_id, place, day, value, qualifier, uid in connection.execute(
        f"SELECT f.place_id, f.place_name, substr({_AT}, 1, 10) AS day, f.value, f.qualifier, f.uid FROM figures f"
        f" WHERE f.indicator_id = ? AND {_COUNTED} ORDER BY day, f.confidence, f.uid DESC, f.observation_id",
        (indicator,),
    ):
        key = place_id or place
        places[key] = (place_id, place)
        points.setdefault(key, []).append(Point(day, value, qualifier, uid))
    series = [Series(*places[key], tuple(found)) for key, found in points.items()]
    series.sort(key=lambda one: (-len(one.by_year), -len(one.points), one.place))
    id_, label, english, unit, stock = row
    return Indicator(id_, label, english, unit, bool(stock)), series


def of_place(series: Iterable[Series], typed: str) -> list[Series]:
    """The series whose place's name holds what was typed, with or without marks."""
    wanted = fold(clean(typed)).strip()
    return [one for one in series if wanted in fold(one.place)]


def has_figures(connection: sqlite3.Connection) -> bool:
    """Whether the archive was written since there are figures."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'figures'").fetchone() is not None
