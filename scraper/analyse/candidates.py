"""Names in prose that may be places: where each stands, the type printed before it, and the units it could mean.

A name is found by the automaton of :mod:`scraper.analyse.gazetteer` and judged by what stands around it: a word of its type
(“TP.”, “huyện”), a list it stands in, capitals. Bare names are provinces and districts only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.analyse.gazetteer import NEW_EPOCH, NEW_FROM, NEW_NAMED_FROM, TYPES, Gazetteer, Unit, key
from scraper.analyse.prose import Prose

TYPED = {
    "tp.": "thành phố", "tp": "thành phố", "t.p": "thành phố", "tx.": "thị xã", "tx": "thị xã", "t.x": "thị xã", "tt.": "thị trấn",
    "tt": "thị trấn", "h.": "huyện", "q.": "quận", "p.": "phường", "x.": "xã", "thủ đô": "thành phố",
}  # fmt: skip
_TYPE_BEFORE = re.compile(r"(?<!\w)(" + "|".join(sorted(map(re.escape, (*TYPES, *TYPED)), key=len, reverse=True)) + r") ?(?:đảo )?$")
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

# “Tỉnh Quảng Trị cũ”, “Quảng Trị (trước sáp nhập)”: the unit of before July 2025 that has the same name.
_FORMER = re.compile(r" \(?(?:cũ|trước (?:đây|(?:khi |lúc )?(?:sáp nhập|hợp nhất|sắp xếp)))(?!\w)")
# Half a year before the others the city that was a district became the whole of its province.
_HUE, _HUE_BEFORE, _HUE_FROM = "N46", "474", "2025-01-01"

RENAMED = "~"
"""Before a type: the unit in the list is of another type of the same level."""
_AMONG_COMMUNES = f"{RENAMED}xã"
LEVELS_OF_TYPE: dict[str, tuple[str, ...]] = {
    "huyện": ("district",), "quận": ("district",), "thị xã": ("district",), "thành phố": ("district",), "xã": ("commune",),
    "phường": ("commune",), "thị trấn": ("commune",), "tỉnh": (), "đặc khu": (),
}  # fmt: skip


@dataclass(slots=True)
class Found:
    """One name, and the units of the list that it could mean."""

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
        return len(self.units) == 1 and bool(self.typed) and not self.typed.startswith(RENAMED)


def find_candidates(prose: Prose, names: Gazetteer, day: str | None) -> list[Found]:
    """All of a text in order, none in another; ``day``: when it was published."""
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
    found: list[Found] = []
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


def _unlisted(low: str, start: int, end: int) -> Found | None:
    """“xã Hoa Sen Trắng”: a name that is in no list. It is a place all the same, and no other one."""
    typed = _TYPE_BEFORE.search(low[max(0, start - 48) : start])
    return Found(start, end, typed[1], [], start - len(typed[0])) if typed else None


def _candidate(low: str, text: str, names: Gazetteer, start: int, end: int, name: str, found: list[Found], day: str | None) -> Found | None:
    before = low[max(0, start - 48) : start]
    former = _FORMER.match(low, end) is not None
    units = [unit for unit in names.by_name[name] if not day or _may_be_meant(unit, day, former=former)]
    new = bool(day and day >= NEW_FROM) and not former
    typed = _TYPE_BEFORE.search(before)
    if name in names.aliases and typed is None:
        return Found(start, end, "", _of_epoch(units, new=new), start)
    if not text[start].isdigit() and not (text[start].isupper() and text[max(low.rfind(" ", start, end) + 1, start)].isupper()):
        return None  # "Hoà bình và": a name has capitals at both ends
    label, fitting = _typed(low, start, before, units, typed, found)
    if not label and typed is None and _is_among_communes(low, start, end, units, found):
        label, fitting = _AMONG_COMMUNES, units
    if label:
        if any(unit.level == "commune" for unit in fitting) and _goes_on(names, low, text, start, end, fitting):
            return None
        printed = len(typed[0].lstrip()) if typed and not label.startswith("các ") else 0
        return Found(start, end, label, _of_epoch(fitting, new=new), start - printed)
    if typed or (_OTHER.search(before) and not _SCHOOL_NAMED.search(before)):
        return None
    if _is_part_of_a_name(low, text, start, end):
        return None
    bare = _of_epoch([unit for unit in units if unit.level != "commune" and not name.isdigit()], new=new)
    return Found(start, end, "", bare, start) if bare else None


def _may_be_meant(unit: Unit, day: str, *, former: bool) -> bool:
    """Whether a unit was there, or about to be, on the day of an article; “cũ” behind the name says that it was there before."""
    if unit.id == _HUE_BEFORE:
        return former or day < _HUE_FROM
    return unit.epoch != NEW_EPOCH or day >= (_HUE_FROM if unit.id == _HUE else NEW_NAMED_FROM)


def _typed(low: str, start: int, before: str, units: list[Unit], typed: re.Match[str] | None, found: list[Found]) -> tuple[str, list[Unit]]:
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
    kind = TYPED.get(typed[1], typed[1])
    fitting = [unit for unit in units if unit.type == kind]
    if fitting:
        return kind, fitting
    # A district became a town, a commune a ward since the list was made: the portal's or the article's own area decides.
    fitting = [unit for unit in units if unit.level in LEVELS_OF_TYPE[kind]]
    return (f"{RENAMED}{kind}", fitting) if fitting else ("", [])


def _is_among_communes(low: str, start: int, end: int, units: list[Unit], found: list[Found]) -> bool:
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
