"""Numbers as Vietnamese news print them: 1.522, 2,6 triệu, 12 tỷ 450 triệu, 58/58, 300 - 350, từ 500 nghìn đến 2 triệu.

What looks like a number and counts nothing (dates, telephones, document numbers, ages, classes) is masked first. Works on
text as :func:`scraper.analyse.prose.matched` leaves it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

Kind = Literal["count", "money", "percent", "bare", "decimal"]
"""``bare``: a scale with nothing after it (“12,8 tỷ,”): money as a rule, a count if the words around say so.
``decimal``: a broken number without a unit (“24,1” in a table): only its column can say what it is."""
Qualifier = Literal["eq", "gt", "lt", "approx", "vague"]

_SCALES = {"nghìn tỷ": 10**12, "ngàn tỷ": 10**12, "trăm tỷ": 10**11, "trăm triệu": 10**8, "tỷ": 10**9, "triệu": 10**6, "tr": 10**6}
_SCALES |= {"nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4}
_SCALE = r"(?:(?:nghìn|ngàn) tỷ|(?:nghìn|ngàn) tỉ|trăm triệu|trăm tỷ|tỷ|tỉ|triệu|nghìn|ngàn|vạn|tr(?=[ .,;)]|đ\b))"
_DIGITS = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}|\d+(?:[.,]\d+)?"
_PART = r"\d{1,3}(?:[.,]\d{1,3})?"
_WORDS = {"hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10, "mười hai": 12, "mười lăm": 15}
_WORD = r"mười hai|mười lăm|hai|ba|bốn|sáu|bảy|tám|chín|mười"

# Every mask begins where no number is under way, or it would eat the tail of one ("số tiền 100.000.000").
_B = r"(?<![\d.,/])"
_DAY = r"(?:ngày|sáng|trưa|chiều|tối|đêm|hôm|mùng|mồng|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|từ|đến|tới|hết|trước|sau)"
# Grouped by what they begin with, each group in the order in which its patterns are tried: where no digit (or “+”) stands, the dozen
# that begin with one need not be tried one by one, which took most of the time (2026-11); and so with the letters of the words.
_FROM_A_DIGIT = (
    _B + r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?!\d)",
    _B + r"\d{1,2}[/-](?:19|20)\d\d(?!\d)(?:/[\w-]+)?",
    _B + r"(?:19|20)\d\d ?- ?(?:19|20)?\d\d(?!\d)",
    _B + r"\d{1,2} ?(?:giờ|h) ?\d{0,2}\b(?: ?\d{1,2} phút)?|" + _B + r"\d{1,2}:\d\d(?::\d\d)?",
    _B + r"\+?0\d{2,3}[. ]?\d{3}[. ]?\d{3,4}(?![\d.])",
    _B + r"\d+/\d*/?(?:qđ|nq|kh|tt|ct|tb|cv|bc|hd|nđ|ttg|tw|ubnd|tu|hu|hkh|ctr)\b[\w/-]*",
    _B + r"\d+-(?:qđ|nq|kh|ct|hd|kl)/[\w-]+",
    _B + r"\d{1,3} (?:năm|tháng|ngày|tuần|giờ|phút|tuổi|quý|buổi|đêm)\b(?! (?:chi hội|học bổng))",
    _B + r"\d+[ ]?(?:m2|km2?|ha|kg|tấn|m3|mét|cm|km|lít)\b|" + _B + r"\d+[.,]\d+[ ]?(?:km2?|ha|kg|tấn|m2)\b",
    r"^\d{1,2}[.)] ",
    r"(?<=[a-z])\d+\b|\b\d+[a-z]+\d+\b",
)
_FROM_A_WORD = (
    rf"{_DAY},? \d{{1,2}}(?:[/.-]\d{{1,2}})?(?: ?(?:-|và|đến|,) ?\d{{1,2}})?[/.-]\d{{1,2}}(?![\d/%])(?:[/.-]\d{{4}})?",
    r"(?<!\w)(?:ngày|mùng|mồng|tháng|năm|quý|tết) (?:đầu )?\d{1,4}(?![\d.,]\d)(?: ?(?:-|đến) ?\d{1,4}(?!\d))?(?:/\d{4})?(?! ?%)",
    r"(?:quý|khóa|kỳ|lần thứ|cụm|khối|số|loại|hạng|cấp|điều|khoản|mục|phần|giai đoạn|vùng) [ivx]+\b",
    r"(?:giai đoạn|nhiệm kỳ|năm học|niên khóa|khóa|từ năm|trong năm) " + r"\d{4}(?: ?(?:-|đến|đến năm) ?\d{2,4})?",
    r"(?<!\w)(?:số|chỉ thị|nghị quyết|quyết định|kết luận|thông tư|công văn|đề án|kế hoạch|hướng dẫn) "
    r"(?:số )?\d{1,5}(?![\d.,]\d)(?:[/-][\w/-]+)?(?= |[,.;)]|$)",
    r"(?:lượt xem|đang truy cập|lượt truy cập|truy cập|tổng truy cập|hôm nay|trực tuyến|đang online)[: ]+\d[\d.]*",
    r"(?<!\w)(?:lớp|khối|khóa|thôn|xóm|tổ|tổ dân phố|khu phố|khu|ấp|bản|đội|quận|phường|q\.|p\.|cụm|quốc lộ|"
    r"đường|ngõ|phố|số nhà|trang|bảng|biểu|điều|mục|"
    r"khoản|giải|hạng|top|covid|lần thứ|thứ) ?\d{1,3}(?:[a-zđ]\d?)?(?:/\d{1,3})?(?![\d.,%]\d)\b",
)
_BEGIN_WORDS = "bcghklmnpqstvxđấ"
_ADDRESSES = r"https?://\S+|www\.\S+|[\w.]+@[\w.]+"
_OTHERS = (
    rf"(?=[\d+])(?:{'|'.join(_FROM_A_DIGIT)})",
    rf"(?=[{_BEGIN_WORDS}])(?:{'|'.join(_FROM_A_WORD)})",
    r"^[ivx]+\. ",
    r"^[ ]+\d{1,2}[.)] ",
)
_MASKS = re.compile("|".join(_OTHERS), re.MULTILINE)
# Looking for addresses walks to the end of the word from every letter.
_MASKS_WITH_ADDRESSES = re.compile("|".join((_ADDRESSES, *_OTHERS)), re.MULTILINE)
_ROUND = r"(?P<vague>(?:hàng|vài|mấy|nhiều) (?:chục|trăm|nghìn|ngàn|vạn|triệu|tỷ|tỉ)(?: (?:triệu|nghìn|ngàn|tỷ|tỉ))?)"
_NUMBER = re.compile(
    rf"(?<![\w.,/])(?:{_ROUND}\b"
    rf"|(?P<low>(?:{_DIGITS}))(?:[ ]?(?P<lowscale>{_SCALE})(?:\b|(?=đ)))?(?P<half>[ ]rưỡi\b)?"
    rf"(?P<more>(?: {_PART} (?:triệu|nghìn|ngàn|tỷ|tỉ)\b)*(?: \d{{3}}\b(?![.,/]\d| ?(?:%|{_SCALE}\b)))?)"
    rf"(?:(?P<lowunit>[ ]?(?:đồng|đ|%))?[ ]?(?:-|đến|tới)[ ]?(?P<high>(?:{_DIGITS}))(?:[ ]?(?P<highscale>{_SCALE})(?:\b|(?=đ)))?(?!\d))?"
    rf"(?:/(?P<whole>{_DIGITS})(?![\d/]))?"
    rf"|(?P<word>{_WORD})\b(?= (?:lớp|chi hội|suất|chiếc|xe đạp|tập thể|cá nhân|dòng họ|trung tâm|ban khuyến|chương trình|tỉnh)))"
)
# A number taken apart by a space (“12. 345 hội viên”, “2, 6 tỷ”): it may be a slip or a list, and neither half is what was counted.
# “1 tỷ 5 đồng”, as it is spoken, is 1.5 or 1.005 billion.
_TORN = re.compile(
    r"(?<!\d, )\d{1,3}(?:(?:\.? \d{3})+(?![\d/]|[.,]\d)|, \d{3}(?![\d/]|[.,] ?\d| và \d)"
    rf"|[.,] \d{{1,2}}(?=[ ]?(?:%|{_SCALE}\b))| (?:tỷ|tỉ|triệu) \d(?= đồng|[.;)]|$))"
)
# Every number is printed with one of these; most lines of prose have none.
_MAY_COUNT = re.compile(rf"\d|(?:hàng|vài|mấy|nhiều) |(?:{_WORD}) ")
_DIGIT = re.compile(r"\d")
_MAY_ADDRESS = re.compile(r"@|://|www\.")
_PERCENT = re.compile(r"[ ]?(?:%|phần trăm)")
_MONEY = re.compile(r"(?:[ ]|\.(?=đ))?(?:đồng|vnđ|vnd|đ)\b(?! hành| bộ| thời| đội| chí| bào)")
_PER = re.compile(
    r"[ ]?(?:/|một |mỗi |trên (?:một |mỗi )?|cho mỗi )[ ]?"
    r"(người(?: dân)?|đầu người|nhân khẩu|khẩu|suất|học bổng|em|cháu|học sinh|sinh viên|năm|tháng|hội viên|hộ|xã)\b"
)
_NOUN = re.compile(r"[ ](?=[a-zà-ỹđ])(?!(?:đồng|và|với|cho|để|trong|từ|của|là|vào|tại|ở|nhằm|do|nên|bằng|so|tăng|giảm|được|đã|có)\b)")
_BEFORE = re.compile(
    r"(?P<gt>hơn|trên|tối thiểu|ít nhất|không dưới|vượt|quá)|(?P<lt>gần|dưới|ngót nghét|ngót|sát|chưa đến|chưa tới|không quá|tối đa)"
    r"|(?P<approx>trên dưới|khoảng|ước(?: đạt| tính)?|xấp xỉ|chừng|tầm|độ)"
)
_BEFORE_END = re.compile(rf"(?:^|\W)(?:{_BEFORE.pattern})[ ]$")
_AFTER = re.compile(r"(?:[ ]?đồng)?(?:(?P<gt> trở lên)|(?P<lt> trở xuống))")


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the text: where, how much, of how many, what kind. Money is in đồng, whole."""

    start: int
    end: int
    kind: Kind
    value: int | float | None
    high: int | float | None = None
    whole: int | None = None
    qualifier: Qualifier = "eq"
    least: int | None = None
    per: str = ""
    after: int = 0
    """Where the words after it begin: past “%”, “đồng” and “/người”."""


def find_numbers(low: str) -> list[Number]:
    """All numbers of a matched text that may count something, in order."""
    found: list[Number] = []
    start = 0
    for line in low.split("\n"):
        if _MAY_COUNT.search(line):
            numbers = _of_line(line)
            found += (
                [replace(one, start=one.start + start, end=one.end + start, after=one.after + start) for one in numbers]
                if start
                else numbers
            )
        start += len(line) + 1
    return found


def _of_line(low: str) -> list[Number]:
    hidden = bytearray(len(low))
    masks = _MASKS_WITH_ADDRESSES if _MAY_ADDRESS.search(low) else _MASKS if _DIGIT.search(low) else None
    for mask in masks.finditer(low) if masks else ():
        hidden[mask.start() : mask.end()] = b"\x01" * (mask.end() - mask.start())
    found, position = [], 0
    while match := _NUMBER.search(low, position):
        start, end = match.span()
        if hidden[start]:
            position = start + 1
            while position < len(low) and hidden[position]:
                position += 1
            continue
        torn = _TORN.match(low, start)
        if torn and 1 not in hidden[start : torn.end()]:
            found.append(Number(start, torn.end(), "decimal", None, after=torn.end()))
            position = torn.end()
            continue
        if 1 in hidden[start:end]:
            end = hidden.index(1, start)
            match = _NUMBER.match(low[:end].rstrip(), start)
            if match is None:
                position = end
                continue
            end = match.end()
        number = _read(low, match)
        if number is not None:
            found.append(number)
        position = max(match.end(), position + 1)
    return found


def _read(low: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    tail = _PERCENT.match(low, end)
    before = _BEFORE_END.search(low[max(0, start - 16) : start])
    qualifier: Qualifier = "eq"
    if before:
        qualifier = "gt" if before["gt"] and "trên dưới" not in before[0] else "lt" if before["lt"] else "approx"
    if match["vague"]:
        return _vague(low, match)
    if match["word"]:
        return Number(start, end, "count", _WORDS[match["word"]], qualifier=qualifier, after=end)
    value, high, whole = _value(match, percent=bool(tail))
    if value is None:
        return None
    if tail:
        return Number(start, end, "percent", _plain(value), _plain(high), None, qualifier, after=tail.end())
    scaled = match["highscale"] or match["lowscale"]
    kind: Kind = "count"
    money = _MONEY.match(low, end)
    if money:
        kind, end_of_unit = "money", money.end()
    else:
        end_of_unit = end
        if scaled and scaled not in ("vạn",) and not _NOUN.match(low, end):
            kind = "bare"
    trailing = _AFTER.match(low, end)
    if trailing:
        qualifier = "gt" if trailing["gt"] else "lt"
        end_of_unit = max(end_of_unit, trailing.end())
    per = _PER.match(low, end_of_unit) if kind != "count" else None
    if per:
        end_of_unit = per.end()
    if kind == "count" and value != int(value):
        kind = "decimal"
    whole_number = int(whole) if whole is not None and whole >= value else None
    if whole is not None and whole_number is None:
        return None
    return Number(start, end, kind, _plain(value), _plain(high), whole_number, qualifier, per=per[1] if per else "", after=end_of_unit)


def _vague(low: str, match: re.Match[str]) -> Number:
    scale = {"chục": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000, "vạn": 10**4, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
    least = 1
    for word in match["vague"].split()[1:]:
        least *= scale[word]
    money = _MONEY.match(low, match.end())
    kind: Kind = "money" if money else "count"
    return Number(match.start(), match.end(), kind, None, None, None, "vague", least, after=money.end() if money else match.end())


def _value(match: re.Match[str], *, percent: bool) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    low_scale, high_scale = match["lowscale"], match["highscale"]
    low = _decimal(match["low"], scaled=bool(low_scale or (match["high"] and high_scale)), percent=percent)
    high = _decimal(match["high"], scaled=bool(high_scale or low_scale), percent=percent) if match["high"] else None
    whole = _decimal(match["whole"], scaled=False, percent=False) if match["whole"] else None
    if low is None or (match["high"] and high is None):
        return None, None, None
    low *= _scale(low_scale or (high_scale if high is not None else None))
    if match["half"]:
        low += Decimal(_scale(low_scale)) / 2 if low < 10 * _scale(low_scale) and low_scale in ("tỷ", "tỉ") else _half_of_one(low_scale)
    least = _scale(low_scale)
    for printed, scale in re.findall(r" ([\d.,]+)(?: ([^\W\d]+))?", match["more"]):
        part = _decimal(printed, scaled=True, percent=False)
        if part is None or not (part := part * _scale(scale)) < least or (not scale and least != 1000):
            return None, None, None
        low, least = low + part, _scale(scale)
    if high is not None:
        high *= _scale(high_scale)
        if high <= low:
            return None, None, None
    return low, high, whole


def _half_of_one(scale: str | None) -> Decimal:
    """“240 triệu rưỡi”: half of one million more."""
    return Decimal(_scale(scale)) / 2


def _scale(word: str | None) -> int:
    return _SCALES[word.replace("tỉ", "tỷ")] if word else 1


def _decimal(printed: str, *, scaled: bool, percent: bool) -> Decimal | None:
    """Points group thousands, a comma begins decimals; “2.6 triệu” and “1,522 chi hội” are the slips they look like."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", printed):
        if (scaled or percent) and printed.count(".") == 1 and printed.startswith("0"):
            return Decimal(printed)
        if re.search(r",\d{3}$", printed) and not scaled and not percent:
            return None  # “3.450,000 đồng”: groups of both kinds
        return Decimal(printed.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}", printed) or (not scaled and not percent and re.fullmatch(r"[1-9]\d{0,2},\d{3}", printed)):
        return Decimal(printed.replace(",", ""))
    if "." in printed and not (scaled or percent):
        return None
    return Decimal(printed.replace(",", "."))


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
