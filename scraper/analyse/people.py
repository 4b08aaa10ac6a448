"""People in office: name, position and body, by rules. Officials of public bodies and of the association only.

Pupils, donors, recipients and private people are never read: a name counts only beside a position in a body of the state,
the party, the Fatherland Front or the association itself, and never with “nguyên” (former) before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.analyse.gazetteer import gazetteer, key

_SURNAME = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đoàn|Trịnh|Mai|Tạ|Cao|"
    "Lương|Trương|Hà|Tô|Đào|Lâm|Phùng|Vương|Thái|Tống|Quách|"
    "Nông|Bế|Đàm|Triệu|Mạc|Hứa|Chu|Châu|La|Lò|Vi|Cầm|Giàng|Sùng|Vàng|Thào|Ma|Lục|Bàn|Hoa|Kiều|Tăng|Từ|"
    "Văn|Ninh|Cáp|Lại|Đậu|Thân|Khổng|Doãn|Viên|Hán|Danh|Thạch|Kim|Sơn|Y|H|Rơ|Ksor|Siu|Nay"
)
_CAPITAL = r"[A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]"
_NAME = rf"(?:{_SURNAME})(?: {_CAPITAL}[^\W\d_]+){{1,4}}(?![^\W\d_])"
_POSITION = (
    r"(?P<position>(?:Quyền |Phó )?(?:Chủ tịch|Bí thư|Giám đốc|Trưởng Ban|Trưởng ban|Trưởng phòng|Trưởng Phòng|"
    r"Tổng Thư ký|Tổng thư ký|Chánh Văn phòng|Chánh văn phòng|Bộ trưởng|"
    r"Thứ trưởng)(?: Thường trực| thường trực| Thường Trực)?(?: kiêm [^,;.]{3,40}?)?|Ủy viên (?:Ban )?Thường vụ)"
)
_SMALL = (
    "học|ương|ủy|vụ|nhân|dân|quốc|tổ|tỉnh|huyện|xã|phường|thị|trấn|thành|phố|quận|đồng|hành|chấp|dục|đào|tạo|và|phòng|nước|trận|giáo|"
    "chức|cộng|tài|nội|hội|ban|thường|khuyến|phụ|nữ"
)
_BODY = rf"(?P<body>(?:{_CAPITAL}[^\W_]*(?:&[^\W_]+)*|&)(?: (?:{_CAPITAL}[^\W_]*(?:&[^\W_]+)*|&|-|(?:{_SMALL})(?![^\W_])))*)"
_HONORIFIC = r"(?:(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|[Đđ]/c|PGS\.? ?TS\.?|GS\.? ?TS\.?|TS\.?|ThS\.?|NGƯT|NGND|Thạc sĩ|Tiến sĩ|Nhà giáo)[.,]? )+"
_AFTER_NAME = (
    r"(?:,| -| –|\()? ?(?:là |giữ chức (?:vụ )?|được (?:tín nhiệm |hiệp thương )?bầu (?:giữ chức (?:vụ )?|"
    r"làm |là )?|tái đắc cử (?:giữ )?(?:chức )?|đắc cử |tiếp tục giữ chức (?:vụ )?)?"
)
# What a surname or a word of honour begins with: looked at first, so that the list of surnames is not tried at every letter.
_BEGINS = "[" + "".join(sorted({name[0] for name in _SURNAME.split("|")} | set("ÔôBbĐđPGTN"))) + "]"
_NAME_FIRST = re.compile(rf"(?={_BEGINS})(?P<honorific>{_HONORIFIC})?(?P<name>{_NAME}){_AFTER_NAME}{_POSITION} {_BODY}")
_NOT_FORMER = r"(?=[BCGPQTỦ])(?<!nguyên )(?<!Nguyên )"  # the letters that a position begins with are looked at first
_POSITION_FIRST = re.compile(rf"{_NOT_FORMER}{_POSITION} {_BODY}(?:(?:,| -)? (?:{_HONORIFIC})| - |, )(?P<name>{_NAME})")
_POSITION_RUN = re.compile(
    rf"{_NOT_FORMER}{_POSITION} (?P<run>(?:{_CAPITAL}[^\W_]*|(?:{_SMALL})(?![^\W_]))(?: (?:{_CAPITAL}[^\W_]*|"
    rf"&|(?:{_SMALL})(?![^\W_])))*)"
)
_PUBLIC = re.compile(
    r"khuyến học|ubnd|ủy ban nhân dân|hđnd|hội đồng nhân dân|tỉnh ủy|huyện ủy|thành ủy|thị ủy|quận ủy|"
    r"đảng ủy|đảng bộ|mặt trận|mttq|quốc hội|sở |phòng (?:gd|giáo dục|nội vụ|văn hóa)|"
    r"bộ |chính phủ|trung ương|nước|ban tuyên giáo|ban dân vận|văn phòng"
)
_PRIVATE = re.compile(
    r"công ty|tập đoàn|hđqt|hội đồng quản trị|doanh nghiệp|ngân hàng|dòng họ|thôn|tổ dân phố|câu lạc bộ|hợp tác xã|trường"
)
_TRAILING = re.compile(r"(?: (?:và|hội|ban|các|thành|phố|thị|đồng|tổ|nội|tài|phụ|cộng|thường|nhân|chấp|hành|-))+$")


@dataclass(frozen=True, slots=True)
class Person:
    """One official as the article names them, with the offset of the first mention."""

    name: str
    position: str
    body: str
    start: int
    mentions: int


def find_people(text: str) -> tuple[Person, ...]:
    """The officials that a text names with their position, in order of first mention."""
    found: dict[str, tuple[str, str, int]] = {}
    for pattern in (_NAME_FIRST, _POSITION_FIRST):
        for match in pattern.finditer(text):
            sure = pattern is _POSITION_FIRST or match["honorific"] is not None
            _add(found, match["name"], match["position"], match["body"], match.start("name"), sure=sure)
    for match in _POSITION_RUN.finditer(text):
        named = _split(match["run"])
        if named:
            _add(found, named[1], match["position"], named[0], match.start("run") + match["run"].rindex(named[1]), sure=False)
    people = [Person(name, position, body, start, text.count(name)) for name, (position, body, start) in found.items()]
    return tuple(sorted(people, key=lambda one: one.start))


def _add(found: dict[str, tuple[str, str, int]], name: str, position: str, body: str, start: int, *, sure: bool) -> None:
    body = (
        _TRAILING.sub("", " ".join(body.split()))
        if not body.endswith(("tỉnh", "huyện", "xã", "phường", "thành phố", "quận", "thị xã", "thị trấn"))
        else body
    )
    low = key(body) + " "
    if (not sure and _is_place(name)) or not _PUBLIC.search(low) or _PRIVATE.search(low):
        return
    if name not in found or len(body) > len(found[name][1]):
        found[name] = (" ".join(position.split()), body, start)


def _split(run: str) -> tuple[str, str] | None:
    """“Trung ương Hội Khuyến học Việt Nam Nguyễn Hồng Sơn” → the body and the name: the last surname that begins no place."""
    words = run.split()
    for at in range(len(words) - 2, 0, -1):
        name = " ".join(words[at:])
        if re.fullmatch(_NAME, name) and 2 <= len(words) - at <= 4 and not _is_place(name) and not _is_place(" ".join(words[at - 1 :])):
            body = " ".join(words[:at])
            if words[at - 1] in ("huyện", "xã", "tỉnh", "phố", "phường", "trấn", "quận"):
                continue
            return body, name
    return None


def _is_place(name: str) -> bool:
    return key(name) in gazetteer().by_name
