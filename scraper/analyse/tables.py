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
_MULTIPLIERS = (("nghìn tỷ", 10**12), ("tỷ", 10**9), ("tỉ", 10**9), ("triệu", 10**6), ("nghìn", 10**3), ("ngàn", 10**3), ("đồng", 1))


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table, its row's label and extent."""

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
        cells = _cells(prose.low, paragraph) if paragraph else []
        if paragraph and len(cells) >= 2 and (not rows or len(rows[0][1]) == len(cells)):
            rows.append((paragraph, cells))
            continue
        if len(rows) >= 2:
            found.append(_read(prose, rows))
        rows = [(paragraph, cells)] if paragraph and len(cells) >= 2 else []
    return found


def _cells(low: str, line: Span) -> list[Span]:
    text = low[line.start : line.end]
    separator = r"\|" if "|" in text else r"\t" if "\t" in text else None
    if separator is None:
        return []
    bounds = [0, *(m.end() for m in re.finditer(separator, text)), len(text) + 1]
    spans = []
    for start, end in pairwise(bounds):
        cell = text[start : end - 1]
        spans.append(Span(line.start + start + len(cell) - len(cell.lstrip()), line.start + start + len(cell.rstrip())))
    if text.startswith("|"):
        spans = spans[1:]
    if text.endswith("|"):
        spans = spans[:-1]
    return spans


def _read(prose: Prose, rows: list[tuple[Span, list[Span]]]) -> Table:
    low = prose.low
    head = [low[cell.start : cell.end] for cell in rows[0][1]]
    columns = [_column(text) for text in head]
    label = 1 if re.match(r"(?:tt|stt|số tt)\b", head[0]) and len(head) > 2 else 0
    cells = []
    for line, parts in rows[1:]:
        name = parts[label]
        for column, part in zip(columns[label + 1 :], parts[label + 1 :], strict=True):
            text = low[part.start : part.end]
            numbers = find_numbers(text)
            if column is None or len(numbers) != 1 or numbers[0].value is None or not re.fullmatch(r"[^\wÀ-ỹ]*", text[: numbers[0].start]):
                continue
            number = numbers[0]
            if number.value is None:
                continue
            value = number.value if number.kind in ("money", "bare") else _times(number.value, column.multiplier)
            total = bool(_TOTAL.match(low[name.start : name.end]))
            cells.append(
                Cell(column.indicator, column.rule, value, number.whole, part.start + number.start, part.start + number.end,
                     line.start, name.end, line.end, total)
            )  # fmt: skip
    return Table(rows[0][0].start, rows[-1][0].end, tuple(cells))


def _column(heading: str) -> _Column | None:
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
