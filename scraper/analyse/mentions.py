"""Places in prose: which unit a name means, with the offsets of its mention; NULL where two could be meant.

A name is found by the automaton of :mod:`scraper.analyse.gazetteer` and judged by what stands around it: a word of its type
(“TP.”, “huyện”), capitals, a unit that follows and contains it (“xã A, huyện B”), the portal's own place, and the places
that the article has named already. Bare names are provinces and districts only. The list has the communes of 2020 and of
July 2025: one of before is in no list, so that its namesake in another province is not taken for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from scraper.analyse.gazetteer import NEW_EPOCH, NEW_FROM, NEW_NAMED_FROM, TYPES, Gazetteer, Unit, gazetteer, key
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
# “Nhiều xã có quỹ lớn như: A (45 triệu đồng), B (35 triệu đồng)”: names with their figures, bare.
_LIST_OPENS = re.compile(
    r"(?<!\w)(?:các|nhiều|một số|những|hai|ba|bốn|năm|\d+) (xã|phường|thị trấn|địa phương|đơn vị)\b"
    r"[^.;:\n]{0,60}?(?:(?: như| gồm| là):? |: ?)$"
)
_COMMUNES = re.compile(r"(?<!thị )xã|phường|thị trấn")
_CLAUSE_OPENS = re.compile(r"(?:[,;:(]|(?<!\w)(?:và|như|là|gồm)) ?$")
_SENTENCE_ENDS = re.compile(r"[.!?…]\s|\n")
FIGURE_FOLLOWS = re.compile(
    r" ?[:(-]? ?(?:(?:đã|có|đạt|với|được|vận động|trên|hơn|gần|khoảng|tổng) ){0,4}(?!\d{1,2}[/-]\d|(?:19|20)\d\d(?![\d.]))\d"
)
"""After a name that a figure, and no day or year, is told of."""
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
_SURNAMES = frozenset((
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương",
    "lý", "đinh", "đoàn", "trịnh", "mai", "tạ", "cao", "lương", "trương", "thị", "văn", "đức", "hữu", "bá",
))  # fmt: skip
_NAME = re.compile(r"\w[\w'-]*")
_TYPE_WORD = re.compile(rf"(?<!\w)({'|'.join(TYPES)}) (?=\w)")
# Words with a capital that follow a name or a type word and begin something else.
_NOT_OF_A_NAME = frozenset(("hội", "năm", "tổ", "trao", "tỉnh", "huyện"))
_NOT_OF_A_COMMUNE = _NOT_OF_A_NAME | frozenset(
    ("thành", "thị", "quận", "xã", "phường", "khóa", "khoá", "lần", "nhiệm", "quý", "đợt", "anh", "đã", "có")
)
_NO_NAME = frozenset(("hội", "ubnd", "hđnd", "nhân", "khuyến", "đoàn", "quỹ", "ban"))

_RENAMED = "~"
_AMONG_COMMUNES = f"{_RENAMED}xã"
_RANK: dict[str, int] = {"commune": 0, "district": 1, "province": 2}
_LEVELS_OF_TYPE: dict[str, tuple[str, ...]] = {
    "huyện": ("district",), "quận": ("district",), "thị xã": ("district",), "thành phố": ("district",), "xã": ("commune",),
    "phường": ("commune",), "thị trấn": ("commune",), "tỉnh": (), "đặc khu": (),
}  # fmt: skip


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


@dataclass(slots=True)
class _Found:
    start: int
    end: int
    typed: str
    units: list[Unit]
    typed_from: int
    placed: bool = False
    """A unit that follows contains it."""

    @property
    def is_sure(self) -> bool:
        """One unit of the type that is printed."""
        return len(self.units) == 1 and bool(self.typed) and not self.typed.startswith(_RENAMED)


def find_places(prose: Prose, *, portal: str | None = None, published: str | None = None) -> list[PlaceMention]:
    """All places of a text, in order. ``portal``: the unit whose portal printed it; ``published`` its ISO day."""
    names = gazetteer()
    found = _candidates(prose, names, published[:10] if published else None)
    _narrow_by_followers(prose.low, names, found)
    return _resolve(prose.low, names, found, portal)


def _candidates(prose: Prose, names: Gazetteer, day: str | None) -> list[_Found]:
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
    spans += [(m.end(), end, "") for m in _TYPE_WORD.finditer(low) if (end := _unlisted_end(text, m.end()))]
    spans.sort(key=lambda one: (one[0], not one[2], -one[1]))
    found: list[_Found] = []
    position = 0
    for start, end, name in spans:
        if start < position:
            continue
        one = _candidate(low, text, names, start, end, name, found, day) if name else _unlisted(low, start, end)
        if one is not None:
            found.append(one)
            position = end
    return found


def capitalised(text: str, start: int) -> list[re.Match[str]]:
    """The words with a capital from here on, with only a space between; four at most."""
    words: list[re.Match[str]] = []
    while len(words) < 4 and (word := _NAME.match(text, start)) and word[0].istitle():
        words.append(word)
        if not text.startswith(" ", word.end()):
            break
        start = word.end() + 1
    return words


def _unlisted_end(text: str, start: int) -> int | None:
    """Where a name of two words or more ends that a type word stands before."""
    words = capitalised(text, start)
    is_name = len(words) > 1 and words[0][0].lower() not in _NO_NAME and not _is_title_case(text, start)
    return words[-1].end() if is_name else None


def _is_title_case(text: str, start: int) -> bool:
    """“Hội Khuyến Học Huyện …”: a line whose every word has a capital."""
    before = re.search(r"\w+ \w+ $", text[max(0, start - 30) : start])
    return bool(before and before[0].istitle())


def _unlisted(low: str, start: int, end: int) -> _Found | None:
    """“xã Hoa Sen Trắng”: a name that is in no list. It is a place all the same, and no other one."""
    typed = _TYPE_BEFORE.search(low[max(0, start - 48) : start])
    return _Found(start, end, typed[1], [], start - len(typed[0])) if typed else None


def _candidate(
    low: str, text: str, names: Gazetteer, start: int, end: int, name: str, found: list[_Found], day: str | None
) -> _Found | None:
    before = low[max(0, start - 48) : start]
    units = [unit for unit in names.by_name[name] if unit.epoch != NEW_EPOCH or not day or day >= NEW_NAMED_FROM]
    new = bool(day and day >= NEW_FROM)
    typed = _TYPE_BEFORE.search(before)
    if name in names.aliases and typed is None:
        return _Found(start, end, "", _of_epoch(units, new=new), start)
    if not text[start].isdigit() and not (text[start].isupper() and text[max(low.rfind(" ", start, end) + 1, start)].isupper()):
        return None  # "Hoà bình và": a name has capitals at both ends
    label, fitting = _typed(low, start, before, units, typed, found)
    if not label and typed is None and _is_among_communes(low, start, end, units, found):
        label, fitting = _AMONG_COMMUNES, units
    if label:
        if any(unit.level == "commune" for unit in fitting) and _goes_on(names, low, text, start, end, fitting):
            return None
        printed = len(typed[0].lstrip()) if typed and not label.startswith("các ") else 0
        return _Found(start, end, label, _of_epoch(fitting, new=new), start - printed)
    if typed or (_OTHER.search(before) and not _SCHOOL_NAMED.search(before)):
        return None
    if _is_part_of_a_name(low, text, start, end):
        return None
    bare = _of_epoch([unit for unit in units if unit.level != "commune" and not name.isdigit()], new=new)
    return _Found(start, end, "", bare, start) if bare else None


def _typed(
    low: str, start: int, before: str, units: list[Unit], typed: re.Match[str] | None, found: list[_Found]
) -> tuple[str, list[Unit]]:
    """The type that is printed before a name, itself or of a list, and the units it fits; empty where none is or fits."""
    plural = typed is None or before[: typed.start()].endswith(("các ", " hai ", " ba "))
    listed = _LIST_BEFORE.search(before) if plural else None
    if listed:
        return "các " + _listed_type(listed[0]), _of_types(units, listed[0])
    if typed is None:
        if found and found[-1].typed.startswith("các ") and _LIST_JOINT.match(low[found[-1].end : start]):
            of_types = _of_types(units, found[-1].typed)
            return (found[-1].typed, of_types) if of_types else ("", [])
        return "", []
    kind = _TYPED.get(typed[1], typed[1])
    fitting = [unit for unit in units if unit.type == kind]
    if fitting:
        return kind, fitting
    # A district became a town, a commune a ward since the list was made: the portal's or the article's own area decides.
    fitting = [unit for unit in units if unit.level in _LEVELS_OF_TYPE[kind]]
    return (f"{_RENAMED}{kind}", fitting) if fitting else ("", [])


def _is_among_communes(low: str, start: int, end: int, units: list[Unit], found: list[_Found]) -> bool:
    """Whether a bare name with a figure follows a commune with its own in the same sentence, or opens a list of them."""
    before = low[max(0, start - 100) : start]
    communes = sum(unit.level == "commune" for unit in units)
    if not (communes and _CLAUSE_OPENS.search(before) and FIGURE_FOLLOWS.match(low, end)):
        return False
    if opened := _LIST_OPENS.search(before):
        return bool(_COMMUNES.search(opened[1])) or communes == len(units)  # “đơn vị” can be districts as well
    last = next((one for one in reversed(found[-3:]) if _COMMUNES.search(one.typed)), None)
    return last is not None and not _SENTENCE_ENDS.search(low, last.end, start)


def _listed_type(words: str) -> str:
    return " ".join(re.findall(r"xã|phường|thị trấn|huyện|thị xã|thành phố|quận|tỉnh", words))


def _of_types(units: list[Unit], words: str) -> list[Unit]:
    """Units of the levels that a list names: “các huyện” has towns in it too, “các xã” wards."""
    levels = set()
    if "tỉnh" in words:
        levels.add("province")
    if re.search(r"huyện|thị xã|quận|thành phố(?! trực)", words) and "tỉnh" not in words:
        levels.add("district")
    if _COMMUNES.search(words):
        levels.add("commune")
    return [unit for unit in units if unit.level in levels or not levels]


def _of_epoch(units: list[Unit], *, new: bool) -> list[Unit]:
    """Those of the epoch in which the article speaks; of the other where it has none. Districts are of before."""
    wanted = [unit for unit in units if (unit.epoch == NEW_EPOCH) == new]
    return wanted or units


def _goes_on(names: Gazetteer, low: str, text: str, start: int, end: int, units: list[Unit]) -> bool:
    """“xã Lăng Yên” is not “xã Lăng”; “xã Đức Long Nguyễn Văn Nam”, where an official's name follows, is “xã Đức Long”."""
    words = capitalised(text, end + 1) if text.startswith(" ", end) else []
    if not words or words[0][0].lower() in _NOT_OF_A_COMMUNE or text[start:end].isupper():
        return False
    if any(low.startswith(key(names.units[area].bare), end + 1) for unit in units for area in names.areas(unit.id)):
        return False
    is_official = len(words) > 1 and words[0][0].lower() in _SURNAMES
    return " " not in text[start:end] or not (is_official or _is_title_case(text, start))


def _is_part_of_a_name(low: str, text: str, start: int, end: int) -> bool:
    """“Nguyễn Hoàng Mai”, “Hà Nội Mới”: a capital goes on before (a surname) or after, with only a space between."""
    after = text[end : end + 2]
    if len(after) == 2 and after[0] == " " and after[1].isupper() and not text[start:end].isupper():
        following = re.match(r" (\w+)", low[end : end + 12])
        if following and following[1] not in _NOT_OF_A_NAME:
            return True
    previous = re.search(r"(\w+) $", low[max(0, start - 12) : start])
    return bool(previous and previous[1] in _SURNAMES and text[start - len(previous[0])].isupper())


def _narrow_by_followers(low: str, names: Gazetteer, found: list[_Found]) -> None:
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


def _resolve(low: str, names: Gazetteer, found: list[_Found], portal: str | None) -> list[PlaceMention]:
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
    for index, one in enumerate(found):
        unit, how = _choose(names, one, known)
        if unit is not None:
            known.add(names, names.units[unit])
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
    if not joined or outer.unit is None:
        return
    if inner.unit is None:
        levels = _LEVELS_OF_TYPE.get(inner.typed.removeprefix(_RENAMED), ())
        contains = bool(levels) and _RANK[names.units[outer.unit].level] > _RANK[levels[0]]
    else:
        contains = inner.unit != outer.unit and names.is_within(inner.unit, outer.unit)
    if contains:
        mentions[-1] = replace(outer, within=True)


def _choose(names: Gazetteer, one: _Found, known: _Known) -> tuple[str | None, str]:
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
    if len(units) == 1 and (not one.typed or one.typed.startswith(_RENAMED)):
        inside = (not known.chain and not one.typed) or any(
            area in known.chain or area in known.seen for area in names.chain(units[0].id)[1:]
        )
        return (units[0].id, "bare") if inside else (None, "elsewhere")
    return None, "ambiguous"
