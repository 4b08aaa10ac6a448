"""Charts and the map, drawn here as SVG that stands in the page. Pure functions from numbers to markup.

No charting library: a drawing of some hundred bars is 10 kB of text where the smallest library is 40 kB and a script, and so
it shows on a slow line, without scripts, on paper, and under a policy that runs none. Every drawing has a title and a
description for those who do not see it, and stands beside its table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from scraper.web.wording import day as day_name
from scraper.web.wording import figure, number, short
from scraper.web.wording import month as month_name

MOST_YEARS = 30
"""Years drawn in a series, the latest."""
MOST_MONTHS = 240
"""Months drawn, the latest; twenty years fill a phone's width with bars of a pixel and a half."""
_WIDTH = 720
_LEFT = 44
_WIDE_LEFT, _RIGHT = 112, _WIDTH - 8
"""A series has room for sums of money beside it, and for a dot on its last day."""
_SVG = Markup(
    '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-labelledby="{} {}"><title id="{}">{}</title><desc id="{}">{}</desc>{}</svg>'
)


@dataclass(frozen=True, slots=True)
class Bars:
    """One row of bars: a name, and a count for each month that has any."""

    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dots:
    """One row of a series: a name, and each value with its day (ISO). A line is drawn through ``line``."""

    name: str
    values: Sequence[tuple[str, float]]
    line: Sequence[tuple[str, float]] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """One circle of the map: degrees north and east, what it is, how much it has."""

    lat: float
    lon: float
    name: str
    count: int


def months_between(first: str, last: str) -> list[str]:
    """Every month from one YYYY-MM to another, at most :data:`MOST_MONTHS`, the latest kept."""
    start, end = (int(each[:4]) * 12 + int(each[5:7]) - 1 for each in (first, last))
    start = max(start, end - MOST_MONTHS + 1)
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(start, end + 1)]


def month_chart(rows: Sequence[Bars], name: str, title: str, *, height: int = 120) -> Markup:
    """Rows of bars one under another over the same months, each with its own scale of counts. Empty without any count."""
    present = sorted({month for row in rows for month in row.counts})
    if not present:
        return Markup("")
    months = months_between(present[0], present[-1])
    step = (_WIDTH - _LEFT) / len(months)
    label = 30 if len(rows) > 1 else 6
    parts: list[Markup] = []
    for index, row in enumerate(rows):
        top = index * (height + label)
        parts.append(_row_of_bars(row, months, step, top + label, height, named=len(rows) > 1))
    bottom = len(rows) * (height + label)
    parts.append(_month_axis(months, step, bottom))
    total = sum(sum(row.counts.values()) for row in rows)
    told = (
        f"Từ {month_name(months[0])} đến {month_name(months[-1])}: {number(total)} bài. Số liệu ở bảng bên cạnh. / "
        f"{months[0]} to {months[-1]}: {total:,} articles; the figures are in the table beside."
    )
    return _drawing("months", name, title, told, _WIDTH, bottom + 22, parts)


def _row_of_bars(row: Bars, months: Sequence[str], step: float, top: float, height: int, *, named: bool) -> Markup:
    most = max((row.counts.get(month, 0) for month in months), default=0)
    ceiling = _ceiling(most)
    base = top + height
    # One path for all bars: a hundred rectangles would weigh five times as much.
    bars = "".join(
        f"M{_LEFT + step * (at + 0.5):.1f} {base}V{base - height * row.counts[month] / ceiling:.1f}"
        for at, month in enumerate(months)
        if row.counts.get(month)
    )
    parts = [Markup('<path class="grid" d="M{} {}H{}M{} {}H{}"/>').format(_LEFT, top, _WIDTH, _LEFT, base, _WIDTH)]
    parts.append(Markup('<path class="bars" stroke-width="{}" d="{}"/>').format(f"{max(step * 0.8, 1):.2f}", bars))
    parts += [_text("count", _LEFT - 4, top + 9, number(ceiling)), _text("count", _LEFT - 4, base, "0")]
    if named:
        parts.append(_text("name", _LEFT, top - 6, row.name))
    return Markup("").join(parts)


def _month_axis(months: Sequence[str], step: float, bottom: float) -> Markup:
    """Years under their Januaries, as many as there is room for; the months themselves where they are few."""
    if len(months) <= 14:
        every = 1 if len(months) <= 7 else 2
        marks = [(at, month_name(month)) for at, month in enumerate(months) if at % every == 0]
    else:
        years = [at for at, month in enumerate(months) if month.endswith("-01")]
        every = max(1, math.ceil(len(years) / 12))
        marks = [(at, months[at][:4]) for at in years[::-1][::every][::-1]]
    return Markup("").join(_text("month", _LEFT + step * (at + 0.5), bottom + 15, text) for at, text in marks)


def series_chart(rows: Sequence[Dots], name: str, title: str, *, height: int = 90) -> Markup:
    """Rows of dots one under another over the same years, each with its own scale from 0. Empty without any value."""
    days = [day for row in rows for day, _ in row.values]
    if not days:
        return Markup("")
    last = int(max(days)[:4])
    first = max(int(min(days)[:4]), last - MOST_YEARS + 1)
    step = (_RIGHT - _WIDE_LEFT) / (last - first + 1)
    parts = [_row_of_dots(row, first, step, index * (height + 34) + 34, height) for index, row in enumerate(rows)]
    bottom = len(rows) * (height + 34)
    every = math.ceil((last - first + 1) / 10)
    # A year stands in the middle of its twelve months, which the grid shows.
    parts += [_text("month", _WIDE_LEFT + step * (year - first + 0.5), bottom + 18, str(year)) for year in range(last, first - 1, -every)]
    told = (
        f"Từ {first} đến {last}: {number(len(days))} số của {number(len(rows))} nơi, ở bảng bên cạnh. / "
        f"{first} to {last}: {len(days):,} figures of {len(rows):,} places, in the table beside."
    )
    return _drawing("months series", name, title, told, _WIDTH, bottom + 26, parts)


def _row_of_dots(row: Dots, first: int, step: float, top: float, height: int) -> Markup:
    ceiling = _ceiling(math.ceil(max(value for _, value in row.values)))
    base = top + height

    def at(day: str, value: float) -> tuple[float, float]:
        into = (int(day[5:7] or 7) - 1) / 12 + (int(day[8:10] or 1) - 1) / 372 if len(day) >= 7 else 0.5
        return _WIDE_LEFT + step * (int(day[:4]) - first + into), base - height * value / ceiling

    years = "".join(f"M{_WIDE_LEFT + step * year:.1f} {top}V{base}" for year in range(round((_RIGHT - _WIDE_LEFT) / step) + 1))
    parts = [
        Markup('<path class="grid" d="M{} {}H{}M{} {}H{}{}"/>').format(_WIDE_LEFT, top, _RIGHT, _WIDE_LEFT, base, _RIGHT, years),
        _text("name", _WIDE_LEFT, top - 8, row.name),
        _text("count", _WIDE_LEFT - 6, top + 9, short(ceiling)),
        _text("count", _WIDE_LEFT - 6, base, "0"),
    ]
    drawn = [(day, value) for day, value in row.line if int(day[:4]) >= first]
    if len(drawn) > 1:
        parts.append(
            Markup('<path class="line" d="M{}"/>').format("L".join(f"{x:.1f} {y:.1f}" for x, y in (at(*point) for point in drawn)))
        )
    dot = Markup('<circle class="dot" cx="{}" cy="{}" r="5"><title>{}: {}</title></circle>')
    for day, value in row.values:
        if int(day[:4]) >= first:
            x, y = at(day, value)
            parts.append(dot.format(f"{x:.1f}", f"{y:.1f}", day_name(day), figure(value)))
    return Markup("").join(parts)


def _ceiling(most: int) -> int:
    """The round number at the top of a scale: 1, 2 or 5 with zeros, not below the largest count."""
    power = int(10 ** (len(str(max(most, 1))) - 1))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= most)


# The map: Vietnam and its sea, from 8° to 24° north. A degree of longitude is drawn as at 16° north.
_NORTH, _SOUTH, _WEST, _EAST = 23.8, 7.6, 101.6, 115.6
_DEGREE = 44
_ISLANDS = (("Quần đảo Hoàng Sa", 16.57, 112.14), ("Quần đảo Trường Sa", 9.71, 114.45))
_CELL = 6
"""Side of the squares the country is drawn with; 15 km."""
_LABELS = 12


def map_chart(land: Iterable[tuple[float, float]], spots: Sequence[Spot], name: str, title: str) -> Markup:
    """Circles as large as their counts over the country, which is drawn by the places in it (degrees north and east)."""
    cells = sorted({(round(x / _CELL) * _CELL, round(y / _CELL) * _CELL) for x, y in (_at(*place) for place in land)})
    parts = [Markup('<path class="land" d="{}"/>').format("".join(f"M{x} {y}h0" for x, y in cells))]
    width, height = _at(_SOUTH, _EAST)
    taken: list[tuple[float, float]] = []
    for island, lat, lon in _ISLANDS:
        x, y = _at(lat, lon)
        taken.append((x, y - 8))
        parts.append(_text("island", min(x, width - 105), y - 8, island))
    largest = max((spot.count for spot in spots), default=0)
    for spot in sorted(spots, key=lambda spot: (-spot.count, spot.name)):
        x, y = _at(spot.lat, spot.lon)
        radius = 4 + 22 * math.sqrt(spot.count / largest) if largest else 4
        parts.append(_circle(x, y, radius, f"{spot.name}: {number(spot.count)} bài"))
        # A name that would stand on another is left to the table.
        free = (at for at in (y + 4, y + 26, y - 18) if all(abs(at - other) > 16 or abs(x - beside) > 260 for beside, other in taken))
        at = next(free, None)
        if at is not None and len(taken) < _LABELS:
            taken.append((x, at))
            parts.append(_text("place", x + radius + 4, at, f"{spot.name.partition(', ')[0]}: {number(spot.count)}"))
    told = f"{number(len(spots))} nơi; số bài của mỗi nơi ở bảng bên cạnh. / {len(spots)} places; their counts are in the table beside."
    return _drawing("map", name, title, told, round(width), round(height), parts)


def _text(kind: str, x: float, y: float, text: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, f"{x:.0f}", f"{y:.0f}", text)


def _circle(x: float, y: float, radius: float, told: str) -> Markup:
    drawing = Markup('<circle class="spot" cx="{}" cy="{}" r="{}"><title>{}</title></circle>')
    return drawing.format(f"{x:.1f}", f"{y:.1f}", f"{radius:.1f}", told)


def _at(lat: float, lon: float) -> tuple[float, float]:
    return (lon - _WEST) * _DEGREE * math.cos(math.radians(16)), (_NORTH - lat) * _DEGREE


def _drawing(kind: str, name: str, title: str, told: str, width: int, height: float, parts: Iterable[Markup]) -> Markup:
    head, text = f"{name}-title", f"{name}-desc"
    return _SVG.format(kind, width, round(height), head, text, head, title, text, told, Markup("").join(parts))
