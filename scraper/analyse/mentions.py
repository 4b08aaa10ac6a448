"""Places in prose: which unit a name means, with the offsets of its mention; NULL where two could be meant.

Which of the units that a name could mean is decided by a unit that follows and contains it (“xã A, huyện B”), the portal's
own place, and the places that the article has named already. The list has the communes of 2020 and of July 2025: one of
before is in no list, so that its namesake in another province is not taken for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scraper.analyse.candidates import LEVELS_OF_TYPE, RENAMED, TYPED, Found, find_candidates
from scraper.analyse.gazetteer import NEW_EPOCH, TYPES, Gazetteer, Unit, gazetteer
from scraper.analyse.prose import Prose

_JOINT = re.compile(r"^(?:,| \(|\(| -| của| thuộc|, thuộc| ở| \(thuộc)? ?(?:(?:" + "|".join(map(re.escape, (*TYPES, *TYPED))) + r") ?)?$")
_RANK: dict[str, int] = {"commune": 0, "district": 1, "province": 2}


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """One name in the text. ``unit`` is None where it is ambiguous or in no list; ``within``: it says where the place before lies."""

    start: int
    end: int
    unit: str | None
    typed: str
    how: str
    candidates: tuple[str, ...]
    within: bool = False


def find_places(prose: Prose, *, portal: str | None = None, published: str | None = None) -> list[PlaceMention]:
    """All places of a text, in order. ``portal``: the unit whose portal printed it; ``published`` its ISO day."""
    names = gazetteer()
    found = find_candidates(prose, names, published[:10] if published else None)
    _narrow_by_followers(prose.low, names, found)
    return _resolve(prose.low, names, found, portal)


def _narrow_by_followers(low: str, names: Gazetteer, found: list[Found]) -> None:
    """“xã A, huyện B (tỉnh C)”: each must lie in the next. One that can not is none of the list's."""
    for index in range(len(found) - 2, -1, -1):
        one, next_one = found[index], found[index + 1]
        if not _JOINT.match(low[one.end : next_one.start]):
            continue
        outer = {unit.id for unit in next_one.units}
        inner = [unit for unit in one.units if not outer.isdisjoint(names.areas(unit.id))]
        if inner:
            one.units, one.placed = inner, True
            inner_areas = {area for unit in inner for area in names.areas(unit.id)}
            next_one.units = [unit for unit in next_one.units if unit.id in inner_areas]
        elif one.typed and _all_below(one.units, next_one.units) and not next_one.typed.startswith("các "):
            one.units = []


def _all_below(inner: list[Unit], outer: list[Unit]) -> bool:
    ranks = [_RANK[unit.level] for unit in inner]
    return bool(inner and outer) and max(ranks) < min(_RANK[unit.level] for unit in outer)


@dataclass(slots=True)
class _Known:
    """What a name can be judged by: the portal's place with those it lies in, and what the article names."""

    chain: tuple[str, ...]
    seen: set[str]
    districts: set[str]

    def add(self, names: Gazetteer, unit: Unit) -> None:
        self.seen.update(names.chain(unit.id))
        if unit.level == "district":
            self.districts.add(unit.id)

    def expects(self, names: Gazetteer, unit: Unit) -> bool:
        """Whether a commune lies where the portal is, or in a district that is named. Others may be namesakes of one of before 2020."""
        return unit.level != "commune" or not self.chain or not names.areas(unit.id).isdisjoint((*self.chain, *self.districts))


def _resolve(low: str, names: Gazetteer, found: list[Found], portal: str | None) -> list[PlaceMention]:
    chain = names.chain(portal) if portal else ()
    if portal and (new := names.successor(chain[-1])) and new not in chain:
        chain = (*chain, new)
    elif portal and names.units[portal].epoch == NEW_EPOCH:
        chain = (*chain, *(unit.id for unit in names.units.values() if unit.level == "province" and names.successor(unit.id) == chain[-1]))
    known = _Known(chain, set(), set())
    first = [one for one in found if one.is_sure or (len(one.units) == 1 and one.units[0].level == "province")]
    for one in sorted(first, key=lambda one: one.units[0].level == "commune"):
        if one.placed or known.expects(names, one.units[0]):
            known.add(names, one.units[0])
    mentions: list[PlaceMention] = []
    for one in found:
        unit, how = _choose(names, one, known)
        if unit is not None:
            known.add(names, names.units[unit])
        start = one.typed_from
        if not mentions or mentions[-1].end <= start:
            mentions.append(PlaceMention(start, one.end, unit, one.typed, how, tuple(unit.id for unit in one.units)))
            _mark_within(low, names, mentions)
    return mentions


def _mark_within(low: str, names: Gazetteer, mentions: list[PlaceMention]) -> None:
    if len(mentions) < 2:
        return
    inner, outer = mentions[-2], mentions[-1]
    joined = _JOINT.match(low[inner.end : outer.start])
    if not joined or outer.unit is None:
        return
    if inner.unit is None:
        levels = LEVELS_OF_TYPE.get(inner.typed.removeprefix(RENAMED), ())
        contains = bool(levels) and _RANK[names.units[outer.unit].level] > _RANK[levels[0]]
    else:
        contains = inner.unit != outer.unit and names.is_within(inner.unit, outer.unit)
    if contains:
        mentions[-1] = replace(outer, within=True)


def _choose(names: Gazetteer, one: Found, known: _Known) -> tuple[str | None, str]:
    units = one.units
    if not units:
        return None, "unlisted"
    if not one.typed:
        # "Cao Bằng" is the province unless a word says that the town is meant.
        provinces = [unit for unit in units if unit.level == "province"]
        units = provinces or units
        if provinces and len(provinces) == 1:
            return provinces[0].id, "province"
    units = [unit for unit in units if one.placed or known.expects(names, unit)]
    if not units:
        return None, "elsewhere"
    if len(units) == 1 and one.is_sure:
        return units[0].id, "typed"
    for area in known.chain:
        fitting = [unit for unit in units if names.is_within(unit.id, area) or unit.id == area]
        if len(fitting) == 1:
            return fitting[0].id, "portal"
        if fitting:
            units = fitting
            break
    near = [unit for unit in units if any(area in known.seen for area in names.chain(unit.id)[1:])]
    if near and len(units) > 1:
        for levels in (("district",), ("province",)):
            fitting = [
                unit for unit in near if any(area in known.seen and names.units[area].level in levels for area in names.chain(unit.id)[1:])
            ]
            if len(fitting) == 1:
                return fitting[0].id, "article"
            if fitting:
                break
    if len(units) == 1 and (not one.typed or one.typed.startswith(RENAMED)):
        inside = (not known.chain and not one.typed) or any(
            area in known.chain or area in known.seen for area in names.chain(units[0].id)[1:]
        )
        return (units[0].id, "bare") if inside else (None, "elsewhere")
    return None, "ambiguous"
