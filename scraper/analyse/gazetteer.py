"""Administrative units by name: the 2020 epoch (63 provinces, districts, communes) and the one from July 2025.

Built when first asked for, so that articles which need no place never pay for it (about 0.2 s). A unit's ``id`` is its
code in the data: the GSO code of before July 2025, or ``N`` and the GSO code for a unit of July 2025.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

import ahocorasick

from scraper.extract.text import same_tone

Level = Literal["province", "district", "commune"]
NEW_EPOCH = "2025-07"
NEW_FROM = "2025-07-01"
"""Day from which the units of July 2025 are in force."""
NEW_NAMED_FROM = "2025-06-15"
"""Day before which no article names them: the resolutions that made them are of 16 June 2025."""

TYPES = ("thành phố", "thị trấn", "đặc khu", "thị xã", "huyện", "phường", "tỉnh", "quận", "xã")
"""Words before a name, longest first."""
_TYPE = re.compile(rf"({'|'.join(TYPES)}) +", re.IGNORECASE)
_PLAIN_MARKS = str.maketrans("–—’‘", "--''")
_HYPHEN = re.compile(r" ?- ?")
# Highland names: đắk and pắk (water, stream) as maps and portals write them.
_HIGHLAND = (
    (re.compile(r"\b(?:đắk|đăk|đak|đắc|đăc)\b"), ("đắk", "đăk", "đak", "đắc")),
    (re.compile(r"\b(?:pắk|pắc|păk|păc)\b"), ("pắk", "pắc", "păk")),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One administrative unit. ``successors``: the communes of July 2025 that took it in (of a district or province: all)."""

    id: str
    epoch: str
    level: Level
    name: str
    parent: str
    lat: float | None
    lon: float | None
    successors: tuple[str, ...]

    @property
    def code(self) -> str:
        """The GSO code."""
        return self.id.removeprefix("N")

    @property
    def type(self) -> str:
        """``huyện`` of “Huyện Thạch An”; empty where the name carries none."""
        found = _TYPE.match(self.name)
        return found[1].lower() if found else ""

    @property
    def bare(self) -> str:
        """“Thạch An” of “Huyện Thạch An”."""
        return _TYPE.sub("", self.name, count=1)

    def as_place(self) -> dict[str, Any]:
        """The unit as the place of a figure."""
        place: dict[str, Any] = {"name": self.name, "level": self.level, "code": self.code}
        if self.epoch == NEW_EPOCH:
            place["admin_epoch"] = NEW_EPOCH
        return place


def key(name: str) -> str:
    """A name as it is matched: lower case, new tone marks, plain hyphens and apostrophes."""
    return same_tone(name).translate(_PLAIN_MARKS)


def _spellings(name: str) -> set[str]:
    """The ways a name is printed: hyphens with and without spaces, and the highland Đắk, Đăk, Đak and Pắc, Pắk."""
    found = {name, name.replace("'", "")}
    if "-" in name:
        found |= {name.replace(" - ", "-"), _HYPHEN.sub(" ", name)}
    for pattern, others in _HIGHLAND:
        if pattern.search(name):
            found |= {pattern.sub(other, name) for other in others}
    return found


class Gazetteer:
    """All units, by id and by name."""

    def __init__(self, units: Iterable[Unit], aliases: Iterable[tuple[str, str]]) -> None:
        self.units = {unit.id: unit for unit in units}
        self.by_name: dict[str, list[Unit]] = defaultdict(list)
        alike: dict[str, set[str]] = {}  # two units of three share their name with another
        for unit in self.units.values():
            bare = unit.bare
            for name in alike.get(bare) or alike.setdefault(bare, _spellings(key(bare))):
                self.by_name[name].append(unit)
        self.aliases: set[str] = set()
        for alias, unit_id in aliases:
            self.by_name[key(alias)].append(self.units[unit_id])
            self.aliases.add(key(alias))
        self._successors: dict[str, str | None] = {}
        self._areas: dict[str, frozenset[str]] = {}
        self.children: dict[str, list[str]] = defaultdict(list)
        for unit in self.units.values():
            if unit.parent:
                self.children[unit.parent].append(unit.id)

    @cached_property
    def automaton(self) -> ahocorasick.Automaton:
        """Finds every name of two letters or more; numbers (“Quận 3”) are not names of their own."""
        automaton = ahocorasick.Automaton()
        for name in self.by_name:
            if not name.isdigit() and len(name) > 1:
                automaton.add_word(name, name)
        automaton.make_automaton()
        return automaton

    def chain(self, unit_id: str) -> tuple[str, ...]:
        """The unit and those it belongs to, smallest first."""
        found = []
        while unit_id:
            found.append(unit_id)
            unit_id = self.units[unit_id].parent
        return tuple(found)

    def is_within(self, unit_id: str, other: str) -> bool:
        """Whether a unit is ``other`` or belongs to it."""
        return other in self.chain(unit_id)

    def areas(self, unit_id: str) -> frozenset[str]:
        """The districts and provinces that a unit lies in, or lay in, of both epochs."""
        if unit_id not in self._areas:
            found = set(self.chain(unit_id)[1:])
            if found and self.units[unit_id].epoch != NEW_EPOCH:
                found |= {new for area in found if (new := self.successor(area))}
            for old in self.predecessors.get(unit_id, ()):
                found.update(self.chain(old)[1:])
            self._areas[unit_id] = frozenset(found)
        return self._areas[unit_id]

    def successor(self, unit_id: str) -> str | None:
        """The unit of July 2025 that stands for one of before: the one commune, or the province that took most in."""
        if unit_id not in self._successors:
            self._successors[unit_id] = self._successor(unit_id)
        return self._successors[unit_id]

    def _successor(self, unit_id: str) -> str | None:
        unit = self.units[unit_id]
        if unit.epoch == NEW_EPOCH:
            return unit_id
        if unit.level == "commune":
            return unit.successors[0] if len(unit.successors) == 1 else None
        if unit.level == "district":
            return None
        counted: Counter[str] = Counter()
        for district in self.children[unit_id]:
            for commune in self.children[district]:
                counted.update(self.units[new].parent for new in self.units[commune].successors)
        return counted.most_common(1)[0][0] if counted else None

    @cached_property
    def predecessors(self) -> dict[str, tuple[str, ...]]:
        """The communes of before that went into each of July 2025."""
        found: dict[str, list[str]] = defaultdict(list)
        for unit in self.units.values():
            for new in unit.successors:
                found[new].append(unit.id)
        return {new: tuple(sorted(old)) for new, old in found.items()}

    def find(self, code: str, level: str | None = None, epoch: str | None = None) -> Unit | None:
        """The unit of a GSO code; of before July 2025 unless the epoch says otherwise or only a newer one has the code."""
        order = ("N" + code, code) if epoch == NEW_EPOCH else (code, "N" + code)
        for unit_id in order:
            unit = self.units.get(unit_id)
            if unit is not None and (level is None or unit.level == level):
                return unit
        return None


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


@cache
def gazetteer() -> Gazetteer:
    """The units of ``data/places.csv.gz`` with the aliases of ``data/place_aliases.csv``."""
    data = files("scraper").joinpath("data")
    rows = csv.reader(gzip.decompress(data.joinpath("places.csv.gz").read_bytes()).decode("utf-8").splitlines())
    header = next(rows)
    columns = [header.index(name) for name in ("code", "epoch", "level", "name", "parent", "lat", "lon", "new_commune_codes")]
    units = []
    for row in rows:
        code, epoch, printed, name, parent, lat, lon, communes = [row[column] for column in columns]
        level: Level = "province" if printed == "province" else "district" if printed == "district" else "commune"
        new = tuple(["N" + each for each in communes.split()])
        units.append(Unit(code, epoch, level, " ".join(name.split()), parent, _number(lat), _number(lon), new))
    with data.joinpath("place_aliases.csv").open(encoding="utf-8") as stream:
        aliases = [(row["alias"], row["code"]) for row in csv.DictReader(stream)]
    return Gazetteer(units, aliases)
