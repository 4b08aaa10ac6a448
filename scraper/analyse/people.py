"""People in office: name, position and body, by rules. Officials of public bodies and of the association only.

Pupils, donors, recipients and private people are never read: a name counts only beside a position in a body of the state,
the party, the Fatherland Front or the association itself, and never with “nguyên” (former) before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.analyse.gazetteer import gazetteer, key
from scraper.surnames import SURNAMES

# Beside a position also those that are common words: mùa (season), đường (road), mã (code) …
_SURNAME = "|".join((*SURNAMES, "Giáp", "Tiêu", "Đường", "Lô", "Hầu", "Mã", "Mùa", "Ly", "Âu"))
# fmt: off
_ALSO_INNER = frozenset([
    "Văn", "Kim", "Mai", "Thái", "Doãn", "Hoa", "Sơn", "Danh", "Viên", "Hán", "Thân", "Vi", "Hà", "Cao", "Lâm", "Thạch", "Ninh", "Ly",
    "Tôn", "Lưu", "Diệp",
])
# fmt: on
"""Surnames that stand within names as well: behind another capital letter they begin none."""
_CAPITAL = r"[A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]"
_OFFICE = (
    "(?:(?:Quyền|Phó) )?(?:[Cc]hủ tịch|[Bb]í thư|[Gg]iám đốc|[Tt]rưởng (?:[Bb]an|[Pp]hòng)|Tổng (?:Bí thư|[Tt]hư ký|[Gg]iám đốc)|"
    "Chánh (?:[Vv]ăn phòng|[Tt]hanh tra)|Bộ trưởng|Thứ trưởng|Cục trưởng|Hiệu trưởng|Ủy viên)"
)
_NAME = rf"(?:{_SURNAME})(?: (?!(?:{_OFFICE})(?![^\W\d_])){_CAPITAL}[^\W\d_]+){{1,4}}(?![^\W\d_])"
_POSITION = (
    r"(?P<position>(?:Quyền |Phó )?(?:Chủ tịch|Bí thư|Giám đốc|Trưởng Ban|Trưởng ban|Trưởng phòng|Trưởng Phòng|"
    r"Tổng Thư ký|Tổng thư ký|Chánh Văn phòng|Chánh văn phòng|Bộ trưởng|"
    r"Thứ trưởng)(?: Thường trực| thường trực| Thường Trực)?(?: kiêm [^,;.]{3,40}?)?|Ủy viên (?:Ban )?Thường vụ)"
)
# What a department is called, where that goes on with a small letter.
_DEPARTMENTS = (
    r"Công thương|Thông tin(?:(?: và| &| -|,)? [Tt]ruyền thông)?|Tài nguyên và [Mm]ôi trường|Tài nguyên - [Mm]ôi trường|"
    r"Lao động ?[,-]? Thương binh và [Xx]ã hội|Nông nghiệp và (?:[Pp]hát triển [Nn]ông thôn|[Mm]ôi trường)|"
    r"Khoa học và [Cc]ông nghệ|Kế hoạch và [Đđ]ầu tư|Kế hoạch - [Đđ]ầu tư|Tài chính - [Kk]ế hoạch|Giao thông [Vv]ận tải|"
    r"Văn hóa ?[,-]? (?:Thể thao và [Dd]u lịch|Thể thao|Thông tin)|Văn hóa và (?:Thể thao|Thông tin)|Xây dựng|Y tế|Tư pháp|Dân vận|Kiểm tra"
)
_SMALL = (
    "học|ương|ủy|vụ|nhân|dân|quốc|tổ|tỉnh|huyện|xã|phường|thị|trấn|thành|phố|quận|đồng|hành|chấp|dục|đào|tạo|và|phòng|nước|trận|giáo|"
    "chức|cộng|tài|nội|hội|ban|thường|khuyến|phụ|nữ"
)
_WORD = rf"(?:(?:{_DEPARTMENTS})(?![^\W_])|{_CAPITAL}[^\W_]*(?:&[^\W_]+)*|&)"
# “UBND huyện và Giám đốc …”: there another office begins.
_NO_OFFICE = rf"(?!(?:và )?(?:{_OFFICE})(?![^\W_]))"
_BODY = rf"(?P<body>(?:{_WORD}|nước(?![^\W_]))(?: {_NO_OFFICE}(?:{_WORD}|-|(?:{_SMALL})(?![^\W_])))*)"
_HONORIFIC = r"(?:(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|[Đđ]/c|PGS\.? ?TS\.?|GS\.? ?TS\.?|TS\.?|ThS\.?|NGƯT|NGND|Thạc sĩ|Tiến sĩ|Nhà giáo)[.,]? )+"
_AFTER_NAME = (
    r"(?:,| -| –|\()? ?(?:là |giữ chức (?:vụ )?|được (?:tín nhiệm |hiệp thương )?bầu (?:giữ chức (?:vụ )?|"
    r"làm |là )?|tái đắc cử (?:giữ )?(?:chức )?|đắc cử |tiếp tục giữ chức (?:vụ )?)?"
)
# What a surname or a word of honour begins with: looked at first, so that the list of surnames is not tried at every letter.
_BEGINS = "[" + "".join(sorted({name[0] for name in _SURNAME.split("|")} | set("ÔôBbĐđPGTN"))) + "]"
_NAME_FIRST = re.compile(rf"(?={_BEGINS})(?P<honorific>{_HONORIFIC})?(?P<name>{_NAME}){_AFTER_NAME}{_POSITION} {_BODY}")
# nguyên, cựu: former; cố: late. The letters that a position begins with are looked at first.
_NOT_FORMER = r"(?=[BCGPQTỦ])(?<![Nn]guyên )(?<![Cc]ựu )(?<![Cc]ố )"
_POSITION_FIRST = re.compile(rf"{_NOT_FORMER}{_POSITION} {_BODY}(?:(?:,| -)? (?:{_HONORIFIC})| - |, )(?P<name>{_NAME})")
_POSITION_RUN = re.compile(rf"{_NOT_FORMER}{_POSITION} {_BODY}")
_PUBLIC = re.compile(
    r"khuyến học|ubnd|ủy ban nhân dân|hđnd|hội đồng nhân dân|tỉnh ủy|huyện ủy|thành ủy|thị ủy|quận ủy|"
    r"đảng ủy|đảng bộ|mặt trận|mttq|quốc hội|sở |phòng (?:gd|giáo dục|nội vụ|văn hóa)|"
    r"bộ |chính phủ|trung ương|nước|ban tuyên giáo|ban dân vận|văn phòng"
)
_PRIVATE = re.compile(
    r"công ty|tập đoàn|hđqt|hội đồng quản trị|doanh nghiệp|ngân hàng|dòng họ|(?<!nông )thôn(?![^\W\d_])|tổ dân phố|câu lạc bộ|"
    r"hợp tác xã|(?<!môi )trường"
)
_KINDS_OF_PLACE = ("thành phố", "thị trấn", "thị xã", "huyện", "phường", "tỉnh", "quận", "xã")
_OF_MANY_NAMES = ("phường", "trấn", "xã")
"""Communes are called after people, and not all of them are listed: a name right behind one of these must look like nothing else."""
_TRAILING = re.compile(r"(?: (?:và|hội|ban|các|thành|phố|thị|đồng|tổ|nội|tài|phụ|cộng|thường|nhân|chấp|hành|-))+$")
_CAPITALISED = re.compile(rf"{_CAPITAL}[^\W\d_]* $")


@dataclass(frozen=True, slots=True)
class Person:
    """One official as the article names them, with the offset of the first mention."""

    name: str
    position: str
    body: str
    start: int
    mentions: int


def find_people(text: str) -> tuple[Person, ...]:
    """The officials that a text names with their position, in order of first mention.

    A position is one person's: of the one named before it if there is one (“Lê Thị Hoa - Phó Chủ tịch …”), else of the one behind it.
    """
    found: dict[str, tuple[str, str, int]] = {}
    runs = [(match, run) for match in _POSITION_RUN.finditer(text) if (run := _behind(match))]
    listed = {run[2] for _, run in runs}
    held: set[int] = set()
    named: set[int] = set()
    place = 0
    while match := _NAME_FIRST.search(text, place):
        begins, ends = match.span("name")
        # “Bí thư Huyện ủy Đinh Thị Hà, Chủ tịch UBND huyện Lê Văn Nam”: the next one's office.
        if _split(match["body"]) or (begins in listed and text[ends] == ","):
            place = match.start("position")
            continue
        place = match.end()
        if (
            match["honorific"] is None
            and match["name"].split()[0] in _ALSO_INNER
            and _CAPITALISED.search(text, max(0, begins - 10), begins)
        ):
            continue  # the end of a longer name
        held.add(match.start("position"))
        named.add(begins)
        _add(found, match["name"], match["position"], match["body"], begins, sure=match["honorific"] is not None)
    for match in _POSITION_FIRST.finditer(text):
        begins_another = match["body"].endswith(" và")
        if not begins_another and match.start("position") not in held and match.start("name") not in named:
            _add(found, match["name"], match["position"], match["body"], match.start("name"), sure=True)
    for match, (body, name, begins) in runs:
        if match.start("position") not in held:
            _add(found, name, match["position"], body, begins, sure=False)
    people = [Person(name, position, body, start, text.count(name)) for name, (position, body, start) in found.items()]
    return tuple(sorted(people, key=lambda one: one.start))


def _behind(match: re.Match[str]) -> tuple[str, str, int] | None:
    """The body, the name and where that begins, of a position with a name right behind its body."""
    parts = _split(match["body"].removesuffix(" và"))
    return (*parts, match.start("body") + match["body"].rindex(parts[1])) if parts else None


def _add(found: dict[str, tuple[str, str, int]], name: str, position: str, body: str, start: int, *, sure: bool) -> None:
    body, position = " ".join(body.split()), " ".join(position.split())
    if not body.lower().endswith(_KINDS_OF_PLACE):
        body = _TRAILING.sub("", body)
    low = key(body) + " "
    if (not sure and _is_place(name)) or not _PUBLIC.search(low) or _PRIVATE.search(low):
        return
    before = found.get(name)
    if before is None or (before[0] == position and len(body) > len(before[1])):
        found[name] = (position, body, start)


def _split(run: str) -> tuple[str, str] | None:
    """“Trung ương Hội Khuyến học Việt Nam Nguyễn Hồng Sơn” → the body and the name: the longest that is no place and begins with none."""
    words = run.split()
    for at in range(max(1, len(words) - 4), len(words) - 1):
        name = words[at:]
        if re.fullmatch(_NAME, " ".join(name)) and not _holds_place(words, at) and not _may_be_a_commune(words[at - 1], name):
            return " ".join(words[:at]), " ".join(name)
    return None


def _holds_place(words: list[str], at: int) -> bool:
    """Whether what begins at a word is a place, or a place with a name behind it: “Cao Bằng Hà Ngọc”.

    So may what begins at the word before, unless that is the end of a place: “Thạch An Nông Thái Hà” is no “An Nông”.
    """
    ends_place = any(_is_place(" ".join(words[first:at])) for first in range(max(0, at - 4), at - 1))
    return any(
        _is_place(" ".join(words[first:last])) and (last == len(words) or re.fullmatch(_NAME, " ".join(words[last:])))
        for first in ((at,) if ends_place else (at - 1, at))
        for last in range(at + 1, len(words) + 1)
    )


def _may_be_a_commune(before: str, name: list[str]) -> bool:
    """Whether a name right behind “xã” or “huyện” may be that place's, though it is not in the list."""
    if before.lower() in _OF_MANY_NAMES:
        return name[1] not in ("Văn", "Thị")
    return before.lower() in ("huyện", "quận", "tỉnh", "phố") and len(name) < 3


def _is_place(name: str) -> bool:
    return key(name) in gazetteer().by_name
