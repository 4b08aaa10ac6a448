"""Names of provinces, districts and communes as hosts and page texts spell them, and the district a commune was in.

A portal's place is told in the codes of before July 2025; a commune made in July 2025 has the district its parts were in,
where that is one.
"""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from scraper.extract.text import fold, same_tone, squash

_LEVEL = re.compile(r"^(Tỉnh|Thành phố|Thị xã|Huyện|Quận|Xã|Phường|Thị trấn|Đặc khu)\s+", re.I)
# How a host may begin before the bare name: huyện, thị xã, thành phố, quận, xã, phường, thị trấn, UBND.
_HOST_LEVEL = re.compile(r"^(?:ubnd)?(?:huyen|thixa|thanhpho|quan|phuong|thitran|tx|tp|tt|xa|px)(?=[a-z]{3})")


@dataclass(frozen=True, slots=True)
class Unit:
    """One administrative unit. ``path``: the province or ``province/district`` of before July 2025 it is, or lies in."""

    level: str
    kind: str
    bare: str
    path: str

    @property
    def province(self) -> str:
        """Its province's code."""
        return self.path.split("/")[0]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All units: old provinces and districts, and communes of both epochs whose old district is certain."""

    provinces: tuple[Unit, ...]
    districts: tuple[Unit, ...]
    communes: tuple[Unit, ...]


@cache
def gazetteer() -> Gazetteer:
    """Read the places once."""
    raw = files("scraper").joinpath("data/places.csv.gz").read_bytes()
    rows = list(csv.DictReader(gzip.decompress(raw).decode("utf-8").splitlines()))
    old = [row for row in rows if row["epoch"] == "2020"]
    provinces = tuple(_unit(row, row["code"]) for row in old if row["level"] == "province")
    paths = {row["code"]: f"{row['parent']}/{row['code']}" for row in old if row["level"] == "district"}
    districts = tuple(_unit(row, paths[row["code"]]) for row in old if row["level"] == "district")
    communes = [_unit(row, paths[row["parent"]]) for row in old if row["level"] == "commune" and row["parent"] in paths]
    parts: dict[str, set[str]] = {}
    for row in old:
        if row["level"] == "commune" and row["parent"] in paths:
            for code in row["new_commune_codes"].split():
                parts.setdefault(f"N{code}", set()).add(paths[row["parent"]])
    for row in rows:
        within = parts.get(row["code"], set())
        if row["level"] == "commune" and row["epoch"] != "2020" and len(within) == 1:
            communes.append(_unit(row, next(iter(within))))
    return Gazetteer(provinces, districts, tuple(dict.fromkeys(communes)))


def _unit(row: dict[str, str], path: str) -> Unit:
    name = squash(row["name"])
    level = _LEVEL.match(name)
    return Unit(row["level"], level[1].lower() if level else "", _LEVEL.sub("", name), path)


def in_host(unit: Unit) -> str:
    """A unit's bare name as a host spells it: ``thapmuoi``."""
    return re.sub(r"[^a-z0-9]", "", fold(unit.bare))


def host_units(host: str) -> tuple[Unit | None, tuple[Unit, ...], str]:
    """What a host says: its province (None: nothing), the units in it that the label before may mean, and that label."""
    labels = host.lower().removeprefix("www.").split(".")
    for at in range(len(labels) - 1, -1, -1):
        province = next((unit for unit in gazetteer().provinces if in_host(unit) == labels[at].replace("-", "")), None)
        if province is not None:
            label = labels[at - 1] if at else ""
            return province, _units_of(label, province) if label else (), label
    return None, (), ""


def _units_of(label: str, province: Unit) -> tuple[Unit, ...]:
    """The units of a province that a label means: one by its name, or ``<commune>-<district>``."""
    found = _named_in(label.replace("-", ""), province)
    commune, _, district = label.partition("-")
    if found or not district:
        return found
    within = {unit.path for unit in _named_in(district, province) if unit.level == "district"}
    return tuple(unit for unit in gazetteer().communes if unit.path in within and in_host(unit) == commune)


def _named_in(label: str, province: Unit) -> tuple[Unit, ...]:
    cities = tuple(unit for unit in gazetteer().districts if unit.province == province.path and unit.kind == "thành phố")
    if label in ("thanhpho", "tp"):
        return cities if len(cities) == 1 else ()
    names = {label, _HOST_LEVEL.sub("", label)}
    merged = _successors(province)
    for units in (gazetteer().districts, gazetteer().communes):
        found = tuple(unit for unit in units if unit.province == province.path and in_host(unit) in names)
        if found:
            return found
    # A commune may keep the host of the province its own was merged into.
    return tuple(unit for unit in gazetteer().communes if unit.province in merged and in_host(unit) in names)


@cache
def _successors(province: Unit) -> frozenset[str]:
    """The old provinces that now lie in the new province of this one's name."""
    raw = files("scraper").joinpath("data/places.csv.gz").read_bytes()
    rows = list(csv.DictReader(gzip.decompress(raw).decode("utf-8").splitlines()))
    new = {row["code"]: row["parent"] for row in rows if row["epoch"] != "2020" and row["level"] == "commune"}
    own = {row["code"] for row in rows if row["epoch"] != "2020" and row["level"] == "province" and province.bare in row["name"]}
    districts = {row["code"]: row["parent"] for row in rows if row["epoch"] == "2020" and row["level"] == "district"}
    return frozenset(
        districts[row["parent"]]
        for row in rows
        if row["epoch"] == "2020" and row["level"] == "commune" and row["parent"] in districts
        for code in row["new_commune_codes"].split()
        if new.get(f"N{code}") in own
    )


@cache
def _named(level: str) -> tuple[re.Pattern[str], dict[str, tuple[Unit, ...]]]:
    units = getattr(gazetteer(), level)
    by_name: dict[str, list[Unit]] = {}
    for unit in units:
        kinds = {unit.kind} | ({"tp.", "tp"} if unit.kind == "thành phố" else set())
        for kind in kinds:
            by_name.setdefault(same_tone(f"{kind} {unit.bare}"), []).append(unit)
    longest_first = sorted(by_name, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")
    return pattern, {name: tuple(units) for name, units in by_name.items()}


def text_units(text: str, level: str) -> tuple[tuple[Unit, ...], ...]:
    """The units of a level (``provinces``, ``districts``, ``communes``) that a text names in full (“huyện Tháp Mười”), each name once.

    A name that several units bear comes with all of them.
    """
    pattern, by_name = _named(level)
    return tuple(by_name[name] for name in dict.fromkeys(pattern.findall(same_tone(squash(text)))))
