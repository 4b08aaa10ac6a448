"""Where places are on the map, from ``data/places.csv.gz``: degrees north and east."""

from __future__ import annotations

import csv
import gzip
from functools import cache
from importlib.resources import files


def of(path: str) -> tuple[float, float] | None:
    """A province or district by its codes of before July 2025 (``04/053``); the province's where the district has none."""
    for code in reversed(path.split("/")):
        if code in _units():
            return _units()[code]
    return None


@cache
def land() -> tuple[tuple[float, float], ...]:
    """The communes and special zones of July 2025: as dots they draw the country with its islands."""
    return tuple(_at(row) for row in _rows() if row["epoch"] == "2025-07" and row["level"] == "commune" and row["lat"])


@cache
def _units() -> dict[str, tuple[float, float]]:
    return {row["code"]: _at(row) for row in _rows() if row["epoch"] == "2020" and row["level"] != "commune" and row["lat"]}


def _at(row: dict[str, str]) -> tuple[float, float]:
    return float(row["lat"]), float(row["lon"])


def _rows() -> csv.DictReader[str]:
    raw = files("scraper").joinpath("data/places.csv.gz").read_bytes()
    return csv.DictReader(gzip.decompress(raw).decode("utf-8").splitlines())
