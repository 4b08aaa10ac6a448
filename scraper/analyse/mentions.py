"""Places in prose: which unit a name means, with the offsets of its mention; NULL where two could be meant.

A name is found by the automaton of :mod:`scraper.analyse.gazetteer` and judged by what stands around it: a word of its type
(“TP.”, “huyện”), capitals, a unit that follows and contains it (“xã A, huyện B”), the portal's own place, and the places
that the article has named already. Bare names are provinces and districts only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scraper.analyse.gazetteer import NEW_EPOCH, NEW_FROM, TYPES, Gazetteer, Unit, gazetteer
from scraper.analyse.prose import Prose

_TYPED = {
    "tp.": "thành phố", "tp": "thành phố", "t.p": "thành phố", "tx.": "thị xã", "tx": "thị xã", "t.x": "thị xã", "tt.": "thị trấn",
    "tt": "thị trấn", "h.": "huyện", "q.": "quận", "p.": "phường", "x.": "xã", "thủ đô": "thành phố",
}  # fmt: skip
_TYPE_BEFORE = re.compile(r"(?<!\w)(" + "|".join(sorted(map(re.escape, (*TYPES, *_TYPED)), key=len, reverse=True)) + r") ?(?:đảo )?$")
_LIST_BEFORE = re.compile(
    r"(?<!\w)(?:các|hai|ba|bốn|năm|\d+) (?:(?:xã|phường|thị trấn|huyện|thị xã|thành phố|quận|tỉnh|địa phương|"
    r"đơn vị|tỉnh thành)(?:, | và |/)?)+"
    r"(?: miền \w+| trong cụm)?(?: như| gồm| là)?[: ]+$"
)
_LIST_JOINT = re.compile(r"^(?:,|;| và| -|,? cùng| với)? ?$")
# Words after which a name is not the place itself: a school, a street, a village, a person, a clan.
_OTHER = re.compile(
    r"(?:trường|thpt|thcs|tiểu học|mầm non|mẫu giáo|ptdtnt|ptdtbt|đại học|đh|cao đẳng|học viện|bệnh viện|"
    r"công ty|tnhh|cổ phần|doanh nghiệp|đường|phố|sông|cầu|"
    r"chợ|đèo|hồ|núi|ngân hàng|làng|thôn|xóm|bản|ấp|buôn|khu phố|tổ dân phố|dòng họ|ông|bà|anh|chị|em|"
    r"cháu|thầy|cô|cụ|chùa|đình|đền|báo|giải|"
    r"khu công nghiệp|khu kinh tế|hợp tác xã|htx|câu lạc bộ|giáo xứ|khách sạn|nhà máy|mang tên|quảng trường|đồng chí|đ/c|học bổng) "
    r"(?:[a-zà-ỹđ]+ ){0,2}?$"
)
_SCHOOL_NAMED = re.compile(r"(?:số \d |xã |huyện |tỉnh |thị trấn |thành phố |tp\.? ?|tx\.? ?)$")
_JOINT = re.compile(r"^(?:,| \(|\(| -| của| thuộc|, thuộc| ở| \(thuộc)? ?(?:(?:" + "|".join(map(re.escape, (*TYPES, *_TYPED))) + r") ?)?$")
_SURNAMES = frozenset(
    [
        "nguyễn",
        "trần",
        "lê",
        "phạm",
        "hoàng",
        "huỳnh",
        "phan",
        "vũ",
        "võ",
        "đặng",
        "bùi",
        "đỗ",
        "hồ",
        "ngô",
        "dương",
        "lý",
        "đinh",
        "đoàn",
        "trịnh",
        "mai",
        "tạ",
        "cao",
        "lương",
        "trương",
        "thị",
        "văn",
        "đức",
        "hữu",
        "bá",
    ]
)


_RENAMED = "~"
_LEVELS_OF_TYPE: dict[str, tuple[str, ...]] = {
    "huyện": ("district",), "quận": ("district",), "thị xã": ("district",), "thành phố": ("district",), "xã": ("commune",),
    "phường": ("commune",), "thị trấn": ("commune",), "tỉnh": (), "đặc khu": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """One name in the text. ``unit`` is None where it is ambiguous; ``within``: it only says where the place before it lies."""

    start: int
    end: int
    unit: str | None
    typed: str
    how: str
    candidates: tuple[str, ...]
    within: bool = False


@dataclass(slots=True)
class _Found:
    start: int
    end: int
    typed: str
    units: list[Unit]
    typed_from: int


def find_places(prose: Prose, *, portal: str | None = None, published: str | None = None) -> list[PlaceMention]:
    """All places of a text, in order. ``portal``: the unit whose portal printed it; ``published`` its ISO day."""
    names = gazetteer()
    found = _candidates(prose, names, new=bool(published and published[:10] >= NEW_FROM))
    _narrow_by_followers(prose.low, names, found)
    return _resolve(prose.low, names, found, portal)


def _candidates(prose: Prose, names: Gazetteer, *, new: bool) -> list[_Found]:
    spans: list[tuple[int, int, str]] = []
    low, text = prose.low, prose.text
    for last, name in names.automaton.iter(low):
        start, end = last - len(name) + 1, last + 1
        if (start and low[start - 1].isalnum()) or (end < len(low) and low[end].isalnum()):
            continue
        spans.append((start, end, name))
    spans += [
        (m.start(1), m.end(1), m[1]) for m in re.finditer(r"(?:quận|phường|q\.|p\.|thị trấn) ?(\d{1,2})\b", low) if m[1] in names.by_name
    ]
    spans.sort(key=lambda one: (one[0], -one[1]))
    found: list[_Found] = []
    position = 0
    for start, end, name in spans:
        if start < position:
            continue
        one = _candidate(low, text, names, start, end, name, found, new=new)
        if one is not None:
            found.append(one)
            position = end
    return found


def _candidate(low: str, text: str, names: Gazetteer, start: int, end: int, name: str, found: list[_Found], *, new: bool) -> _Found | None:
    before = low[max(0, start - 48) : start]
    units = names.by_name[name]
    typed = _TYPE_BEFORE.search(before)
    if name in names.aliases and typed is None:
        return _Found(start, end, "", _of_epoch(units, new=new), start)
    if not text[start].isdigit() and not (text[start].isupper() and text[max(low.rfind(" ", start, end) + 1, start)].isupper()):
        return None  # "Hoà bình và": a name has capitals at both ends
    kind = _TYPED.get(typed[1], typed[1]) if typed else ""
    typed_from = start - len(typed[0].lstrip()) if typed else start
    plural = typed is None or before[: typed.start()].endswith(("các ", " hai ", " ba "))
    listed = _LIST_BEFORE.search(before) if plural else None
    if listed:
        return _Found(start, end, "các " + _listed_type(listed[0]), _of_types(units, listed[0], new=new), start)
    if not typed and found and found[-1].typed.startswith("các ") and _LIST_JOINT.match(low[found[-1].end : start]):
        of_types = _of_types(units, found[-1].typed, new=new)
        if of_types:
            return _Found(start, end, found[-1].typed, of_types, start)
    if kind:
        fitting = [unit for unit in units if unit.type == kind]
        if not fitting:
            # A district became a town, a commune a ward since the list was made: the portal's or the article's own area decides.
            levels = _LEVELS_OF_TYPE[kind]
            fitting = [unit for unit in units if unit.level in levels]
            return _Found(start, end, f"{_RENAMED}{kind}", _of_epoch(fitting, new=new), typed_from) if fitting else None
        return _Found(start, end, kind, _of_epoch(fitting, new=new), typed_from)
    if _OTHER.search(before) and not _SCHOOL_NAMED.search(before):
        return None
    if _is_part_of_a_name(low, text, start, end):
        return None
    bare = [unit for unit in units if unit.level != "commune" and not name.isdigit()]
    return _Found(start, end, "", _of_epoch(bare, new=new), start) if bare else None


def _listed_type(words: str) -> str:
    return " ".join(re.findall(r"xã|phường|thị trấn|huyện|thị xã|thành phố|quận|tỉnh", words))


def _of_types(units: list[Unit], words: str, *, new: bool) -> list[Unit]:
    """Units of the levels that a list names: “các huyện” has towns in it too, “các xã” wards."""
    levels = set()
    if "tỉnh" in words:
        levels.add("province")
    if re.search(r"huyện|thị xã|quận|thành phố(?! trực)", words) and "tỉnh" not in words:
        levels.add("district")
    if re.search(r"(?<!thị )xã|phường|thị trấn", words):
        levels.add("commune")
    return _of_epoch([unit for unit in units if unit.level in levels or not levels], new=new)


def _of_epoch(units: list[Unit], *, new: bool) -> list[Unit]:
    """Those of the epoch in which the article speaks; of the other where it has none. Districts are of before."""
    wanted = [unit for unit in units if (unit.epoch == NEW_EPOCH) == new]
    return wanted or units


def _is_part_of_a_name(low: str, text: str, start: int, end: int) -> bool:
    """“Nguyễn Hoàng Mai”, “Hà Nội Mới”: a capital goes on before (a surname) or after, with only a space between."""
    after = text[end : end + 2]
    if len(after) == 2 and after[0] == " " and after[1].isupper() and not text[start:end].isupper():
        following = re.match(r" (\w+)", low[end : end + 12])
        if following and following[1] not in ("hội", "năm", "tổ", "trao", "tỉnh", "huyện"):
            return True
    previous = re.search(r"(\w+) $", low[max(0, start - 12) : start])
    return bool(previous and previous[1] in _SURNAMES and text[start - len(previous[0])].isupper())


def _narrow_by_followers(low: str, names: Gazetteer, found: list[_Found]) -> None:
    """“xã A, huyện B (tỉnh C)”: each must lie in the next."""
    for index in range(len(found) - 2, -1, -1):
        one, next_one = found[index], found[index + 1]
        if not _JOINT.match(low[one.end : next_one.start]):
            continue
        outer = {unit.id for unit in next_one.units}
        inner = [unit for unit in one.units if any(parent in outer for parent in names.chain(unit.id)[1:])]
        if inner:
            one.units = inner
            inner_parents = {parent for unit in inner for parent in names.chain(unit.id)}
            next_one.units = [unit for unit in next_one.units if unit.id in inner_parents]


def _resolve(low: str, names: Gazetteer, found: list[_Found], portal: str | None) -> list[PlaceMention]:
    chain = names.chain(portal) if portal else ()
    if portal and (new := names.successor(chain[-1])) and new not in chain:
        chain = (*chain, new)
    elif portal and names.units[portal].epoch == NEW_EPOCH:
        chain = (*chain, *(unit.id for unit in names.units.values() if unit.level == "province" and names.successor(unit.id) == chain[-1]))
    seen: dict[str, None] = {}
    for one in found:
        if len(one.units) == 1 and ((one.typed and not one.typed.startswith(_RENAMED)) or one.units[0].level == "province"):
            seen.update(dict.fromkeys(names.chain(one.units[0].id)))
    mentions: list[PlaceMention] = []
    for index, one in enumerate(found):
        unit, how = _choose(names, one, chain, tuple(seen))
        if unit is not None:
            seen.update(dict.fromkeys(names.chain(unit)))
        start = one.typed_from
        if not mentions or mentions[-1].end <= start:
            mentions.append(PlaceMention(start, one.end, unit, one.typed, how, tuple(unit.id for unit in one.units)))
            _mark_within(low, names, mentions, found[index - 1].end if index else 0)
    return mentions


def _mark_within(low: str, names: Gazetteer, mentions: list[PlaceMention], previous_end: int) -> None:
    if len(mentions) < 2:
        return
    inner, outer = mentions[-2], mentions[-1]
    joined = _JOINT.match(low[inner.end : outer.start])
    if joined and inner.unit and outer.unit and inner.unit != outer.unit and names.is_within(inner.unit, outer.unit):
        mentions[-1] = replace(outer, within=True)


def _choose(names: Gazetteer, one: _Found, chain: tuple[str, ...], seen: tuple[str, ...]) -> tuple[str | None, str]:
    units = one.units
    if not one.typed:
        # "Cao Bằng" is the province unless a word says that the town is meant.
        provinces = [unit for unit in units if unit.level == "province"]
        units = provinces or units
        if provinces and len(provinces) == 1:
            return provinces[0].id, "province"
    if len(units) == 1 and one.typed and not one.typed.startswith(_RENAMED):
        return units[0].id, "typed"
    for area in chain:
        fitting = [unit for unit in units if names.is_within(unit.id, area) or unit.id == area]
        if len(fitting) == 1:
            return fitting[0].id, "portal"
        if fitting:
            units = fitting
            break
    near = [unit for unit in units if any(area in seen for area in names.chain(unit.id)[1:])]
    if near and len(units) > 1:
        for levels in (("district",), ("province",)):
            fitting = [
                unit for unit in near if any(area in seen and names.units[area].level in levels for area in names.chain(unit.id)[1:])
            ]
            if len(fitting) == 1:
                return fitting[0].id, "article"
            if fitting:
                break
    if len(units) == 1 and (not one.typed or one.typed.startswith(_RENAMED)):
        inside = (not chain and not one.typed) or any(area in chain or area in seen for area in names.chain(units[0].id)[1:])
        return (units[0].id, "bare") if inside else (None, "elsewhere")
    return None, "ambiguous"
