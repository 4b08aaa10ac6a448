"""Tables of figures as the archive stores them: lines of cells apart by bars (or tabs), the first line naming the columns."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from scraper.analyse.numbers import find_numbers
from scraper.analyse.prose import Prose, Span

_TOTAL = re.compile(r"^[\W\d]*(?:tổng(?: cộng| số)?|cộng|toàn (?:huyện|tỉnh|xã|thành phố|thị xã|quận|cụm))\W*$")
_NUMBERED = re.compile(r"(?:tt|stt|số tt)\b")
_PART_OR_AIM = re.compile(
    r"(?<!\w)(?:nữ|đảng viên|giáo viên|cựu|trong đó|tăng|giảm|dân tộc|chỉ tiêu|kế hoạch|kh|giao|phấn đấu|mục tiêu|đăng ký)(?!\w)"
)
"""A column of a part, a difference, an aim or an application: not of what there is."""
_TIME = re.compile(r"năm (?:19|20)\d\d|\d{1,2}/(?:19|20)\d\d")
_GROUP_OR_DECIMALS = re.compile(r"\d,\d{3}(?!\d)")
"""“45,500” in a column of millions may be 45.5 of them or 45,500."""
_MULTIPLIERS = (("nghìn tỷ", 10**12), ("tỷ", 10**9), ("tỉ", 10**9), ("triệu", 10**6), ("nghìn", 10**3), ("ngàn", 10**3), ("đồng", 1))


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table, its row's label and extent, and its column's heading."""

    indicator: str
    rule: str
    value: int | float
    whole: int | None
    start: int
    end: int
    row_start: int
    row_label_end: int
    row_end: int
    is_total: bool
    heading: Span


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one table and where it stands."""

    start: int
    end: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    indicator: str
    rule: str
    multiplier: int


@cache
def _headings() -> tuple[tuple[str, str, re.Pattern[str], re.Pattern[str] | None], ...]:
    with files("scraper").joinpath("data/table_headings.csv").open(encoding="utf-8") as stream:
        return tuple(
            (row["rule"], row["indicator"], re.compile(row["heading"]), re.compile(row["unless"]) if row["unless"] else None)
            for row in csv.DictReader(stream)
        )


def find_tables(prose: Prose) -> list[Table]:
    """All tables: two or more lines one after the other with the same number of cells, three with bars at least twice."""
    found: list[Table] = []
    rows: list[tuple[Span, list[Span]]] = []
    for paragraph in (*prose.paragraphs, None):
        cells = _cells(prose.low, paragraph, len(rows[0][1]) if rows else 0) if paragraph else []
        if rows and len(cells) == len(rows[0][1]) - 1 and _is_merged(prose.low, rows[0][1][0], cells[0]):
            cells.insert(0, cells[0])
        if paragraph and len(cells) >= 2 and (not rows or len(rows[0][1]) == len(cells)):
            rows.append((paragraph, cells))
            continue
        if len(rows) >= 2:
            found.append(_read(prose, rows))
        rows = [(paragraph, cells)] if paragraph and len(cells) >= 2 else []
    return found


def _is_merged(low: str, heading: Span, cell: Span) -> bool:
    """Whether a cell stands over the columns of number and name: “Tổng cộng” below “TT | Xã”."""
    return bool(_NUMBERED.match(low, heading.start, heading.end) and _TOTAL.match(low[cell.start : cell.end]))


def _cells(low: str, line: Span, expected: int) -> list[Span]:
    """The cells of a line; ``expected``: how many the line before has. A bar at its end is a border, or has an empty cell beside it."""
    text = low[line.start : line.end]
    separator = r"\|" if "|" in text else r"\t" if "\t" in text else None
    if separator is None:
        return []
    bounds = [0, *(m.end() for m in re.finditer(separator, text)), len(text) + 1]
    spans = []
    for start, end in pairwise(bounds):
        cell = text[start : end - 1]
        spans.append(Span(line.start + start + len(cell) - len(cell.lstrip()), line.start + start + len(cell.rstrip())))
    if len(spans) == expected:
        return spans
    if text.startswith("|"):
        spans = spans[1:]
    if text.endswith("|"):
        spans = spans[:-1]
    return spans


def _read(prose: Prose, rows: list[tuple[Span, list[Span]]]) -> Table:
    low = prose.low
    head = [low[cell.start : cell.end] for cell in rows[0][1]]
    columns = _told_apart([_column(text) for text in head], head)
    label = 1 if _NUMBERED.match(head[0]) and len(head) > 2 else 0
    cells = []
    for line, parts in rows[1:]:
        name = parts[label] if parts[label].end > parts[label].start else parts[0]
        for column, heading, part in zip(columns[label + 1 :], rows[0][1][label + 1 :], parts[label + 1 :], strict=True):
            text = low[part.start : part.end]
            numbers = find_numbers(text)
            if column is None or len(numbers) != 1 or numbers[0].value is None or not re.fullmatch(r"[^\wÀ-ỹ]*", text[: numbers[0].start]):
                continue
            number = numbers[0]
            if number.value is None or (column.multiplier > 1 and _GROUP_OR_DECIMALS.search(text)):
                continue
            value = number.value if number.kind in ("money", "bare") else _times(number.value, column.multiplier)
            total = bool(_TOTAL.match(low[name.start : name.end]))
            cells.append(
                Cell(column.indicator, column.rule, value, number.whole, part.start + number.start, part.start + number.end,
                     line.start, name.end, line.end, total, heading)
            )  # fmt: skip
    return Table(rows[0][0].start, rows[-1][0].end, tuple(cells))


def _told_apart(columns: list[_Column | None], head: list[str]) -> list[_Column | None]:
    """Without the columns of one indicator of which the headings do not name a time of its own for each: one may be a part of another."""
    times: dict[str, list[str]] = {}
    for column, heading in zip(columns, head, strict=True):
        if column:
            times.setdefault(column.indicator, []).append(" ".join(_TIME.findall(heading)))
    vague = {indicator for indicator, told in times.items() if len(told) > 1 and (not all(told) or len(set(told)) < len(told))}
    return [None if column and column.indicator in vague else column for column in columns]


def _column(heading: str) -> _Column | None:
    if _PART_OR_AIM.search(heading):
        return None
    for rule, indicator, pattern, unless in _headings():
        if pattern.search(heading) and not (unless and unless.search(heading)):
            multiplier = 1
            if indicator.startswith("quy") or indicator.endswith(("tien", "muc")):
                multiplier = next((factor for word, factor in _MULTIPLIERS if re.search(rf"\b{word}\b", heading)), 0)
            return _Column(indicator, rule, multiplier) if multiplier else None
    return None


def _times(value: int | float, factor: int) -> int | float:
    if factor == 1:
        return value
    return round(value * factor)
