"""The publication date that a page prints in its own date element → one moment in Việt Nam, or None.

Reads short texts such as ``Chủ nhật - 11/12/2022 07:47``, never prose. Day first, always; +07:00 unless zoned.
The text is cut into tokens; a date takes the times and weekdays that stand next to it and the label before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from scraper.extract.text import fold, squash

VIETNAM = timezone(timedelta(hours=7))
_EARLIEST = date(1996, 1, 1)
_LATEST = date(2099, 12, 31)  # 31/12/9999 is .NET's "no date"
_FUTURE_ALLOWED = timedelta(days=2)
_LONGEST = 240  # characters; a date element is shorter, a paragraph is not
_PIVOT = 50  # two-digit years from here on are 19xx

# Matching runs on folded text, so the patterns below are written as fold() leaves them: no marks, d for đ.
_LABELS = {
    # Ngày đăng (tin), Đăng ngày/lúc, Thời gian đăng, (Ngày) xuất bản, Ngày tạo.
    "published": r"(?:ngay|gio|thoi gian|tin|bai) dang(?: tin| bai| tai)?(?! k[yi]\b)|dang (?:tin )?(?:ngay|luc|vao)|dang(?= ?:)"
    r"|(?:ngay )?xuat ban|ngay (?:tao|viet|gui|dua tin)|date published|publish(?:ed)?(?: date| time)?|posted",
    # Cập nhật (lúc), Ngày cập nhật, Chỉnh sửa, Sửa đổi.
    "updated": r"(?:ngay |lan )?(?:cap nhat|chinh sua|sua doi)(?: lan)?(?: cuoi)?|(?:last )?(?:updated?|modified)",
    # Ngày ban hành (issued), ký (signed), có hiệu lực (in force), hết hạn (expires), sinh (born), đăng ký (to sign up): not of the article.
    "unrelated": r"ngay (?:ban hanh|ky|(?:co )?hieu luc|het (?:han|hieu luc)|sinh|dang k[yi])|thoi gian dang k[yi]",
}


def _numbered(names: str, first: int) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split(), first)}


# Thứ hai … Thứ bảy, Chủ nhật (Chúa nhật), Thứ 2 … Thứ 7, T2 … T7, CN: Monday … Sunday, numbered as date.weekday().
_WEEKDAYS = _numbered("hai ba tu nam sau bay cn", 0) | _numbered("2 3 4 5 6 7", 0) | {"chu nhat": 6, "chua nhat": 6}
_WEEKDAYS |= _numbered("mon tue wed thu fri sat sun", 0)
# Tháng Giêng is .NET's January; tháng Chạp is left out because nobody means December of this calendar by it.
_MONTHS = _numbered("mot hai ba tu nam sau bay tam chin muoi", 1) | {"gieng": 1, "bon": 4}
_MONTHS |= _numbered("jan feb mar apr may jun jul aug sep oct nov dec", 1) | {"muoi mot": 11, "muoi hai": 12}
_END = r"(?![a-z])"
_MONTH = r"(?:thang|thg|th)[ .]?(\d\d?(?!\d)|gieng|muoi (?:mot|hai)|mot|hai|ba|tu|bon|nam|sau|bay|tam|chin|muoi)" + _END
_ENGLISH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}" + _END
# A number or range that goes on after a date ("1/12/2022-5/12/2022") makes it none; a time does not.
_NOT_MORE = r"(?!\d)(?![/.-]\d+(?![\d:hg]))"
# Each pattern with the meaning of its groups; "-" is the separator, the same both times.
_DATES = (
    # 2022-12-11, also where PHP took NukeViet's "T" for the zone: 2022-12-11+0707:47:00, 2022-12-11ICT07:47:00.
    (r"(\d{4})([/.-])(\d\d?)\2(\d\d?)(?!\d)(?:t(?=\d)|\+\d\d:?\d\d(?![\d:])|\+07(?=\d\d:)|ict(?=\d\d:))?", "y-md"),
    (rf"(\d\d?) ?([/.-]) ?(\d\d?) ?\2 ?(\d{{4}}){_NOT_MORE}", "d-my"),
    # A stray number after a short year may be its other half ("20 17").
    (rf"(\d\d?)([/.-])(\d\d?)\2(\d\d){_NOT_MORE}(?! \d\d?(?![\d:hg/.-]| gio))", "d-my"),
    (r"(\d\d?)([/.-])(\d\d?),? nam (\d{4})(?!\d)", "d-my"),
    (rf"(\d\d?)[ ,/-]*{_MONTH}[ ,/-]*(?:nam )?(\d{{4}})(?!\d)", "dmy"),
    (rf"{_MONTH} (\d\d?),? (\d{{4}})(?!\d)", "mdy"),
    (rf"(\d\d?)(?:st|nd|rd|th)?[ -](?:of )?({_ENGLISH})\.?,?[ -](\d{{4}})(?!\d)", "dmy"),
    (rf"({_ENGLISH})\.? (\d\d?)(?:st|nd|rd|th)?,? (\d{{4}})(?!\d)", "mdy"),
)
# Liferay pastes: "08 / 0 2/201 7". A year cut in the middle ("20 17") could as well be 2020 and a counter.
_TORN_DATE = (r"(\d ?\d?) ?([/.-]) ?(\d ?\d?) ?\2 ?([12]\d\d ?\d|[12] \d ?\d ?\d)(?![\d:h])", "d-my")
_ZONE = r"\(?(?:gmt|utc)(?: ?[+-] ?\d\d?(?::?\d\d)?)?\)?|\(?ict\)?|(?:\+|(?<=:\d\d:\d\d)-)\d\d(?::?\d\d)?(?![\d:])|z"
# In "8h 11/12/2022" and "8h 11 tháng 12" the 11 is not the minutes.
_NOT_A_DAY = r"(?!/\d|[.-]\d+[.-]\d+(?!\d| ?[/.-])| ?th)"
_TIME = (
    r"(?P<hour>\d\d?)(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?!\d)"
    rf"| ?(?:h|g|gio){_END}(?: ?(?P<spoken>\d\d(?!\d)|\d(?= ?phut)){_NOT_A_DAY}(?: ?(?:phut|p|'){_END})?)?)"
    # SA, sáng: before noon; CH, chiều, tối: after it.
    rf"(?: ?(?P<half>[ap]\.?m\b\.?|sa|ch|sang|chieu|toi){_END})?(?P<zone> ?(?:{_ZONE}){_END})?"
)
_TOKENS = {
    **{kind: rf"(?:{words}){_END}" for kind, words in _LABELS.items()},
    "weekday": r"(?:thu ?(hai|ba|tu|nam|sau|bay|[2-7])|t([2-7])|(chua? nhat|cn))(?![a-z\d])"
    rf"|(mon|tue|wed|thu|fri|sat|sun)(?:(?:|s|nes|rs|ur)day{_END}|(?=,? \d\d? {_ENGLISH}))",
    "joint": rf"(?:ngay|luc|vao|hoi|at|on){_END}|[\s,|()\[\]/.:;•·'_-]+",
    # N giờ/phút/giây trước (ago), hôm qua (yesterday), vừa xong (just now).
    "relative": r"(?:(?:(?P<hours>\d{1,3}) ?gio|(?P<minutes>\d{1,4}) ?phut|\d{1,4} ?giay)(?: \d\d? ?(?:phut|giay))?"
    rf" truoc|hom (?P<yesterday>qua)|vua xong){_END}",
    # 387/QĐ-TTg, 12/2022/QĐ-UBND, "số 5/12/2022": numbers of documents.
    "document": r"\d+(?:/\d+)*/[a-z]{2}[a-z0-9-]*|so:? ?\d+(?:[/.-]\d+)+",
    # "2 8/02/2017" may be the 28th; mùng/mồng 1 is a day of the lunar month.
    "unclear": r"m[uo]ng \d\d?|[1-3] \d[/.-]\d\d?[/.-]\d{4}",
    "date": "",
    "time": _TIME,
    "other": r"\d+(?:[/.-]\d+)*|[a-z]+|.",
}
_Grammar = list[tuple[str, re.Pattern[str], str]]


def _grammar(*dates: tuple[str, str]) -> _Grammar:
    rules = ((kind, rule) for kind, token in _TOKENS.items() for rule in (dates if kind == "date" else [(token, "")]))
    return [(kind, re.compile(pattern, re.ASCII), order) for kind, (pattern, order) in rules]


_STRICT, _TORN = _grammar(*_DATES), _grammar(_TORN_DATE)
_PUNCTUATION = str.maketrans("‐‑‒–—―−’′", "-------''")
_Token = tuple[str, re.Match[str], str]  # kind, match in the folded text, meaning of the groups of a date


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as a page prints it.

    ``at`` is aware (+07:00), without seconds, and midnight where only the day is known. ``raw`` is what was read, on
    one line and without label. ``weekday_agrees``: with the printed date; None if no weekday is printed.
    """

    at: datetime
    precision: Literal["minute", "day"]
    raw: str
    weekday_agrees: bool | None = None

    @property
    def iso(self) -> str:
        """``2022-12-11T07:47:00+07:00``, or ``2022-12-11`` where only the day is known."""
        return self.at.isoformat(timespec="seconds") if self.precision == "minute" else self.at.date().isoformat()


def read_date(text: str, *, today: date | None = None, fetched: datetime | None = None) -> PrintedDate | None:
    """Read the publication date from ``text``, the content of a page's own date element.

    ``today`` (in Việt Nam) rejects dates more than two days after it. ``fetched`` is when the page was received; with
    it "3 giờ trước", "hôm qua" and "vừa xong" are read, to the day. Raises ValueError if ``fetched`` is naive.

    None where no full date is printed, where it is impossible or outside 1996–2099, and where two could be meant;
    a date labelled as publication wins over one labelled as update. Midnight is read as a day without a time.
    """
    if fetched is not None and fetched.tzinfo is None:
        raise ValueError("fetched must be aware")
    shown = squash(text)
    if len(shown) > _LONGEST:
        return None
    folded = fold(shown).translate(_PUNCTUATION)
    tokens = list(_tokens(folded, _STRICT))
    found = _find(tokens) or _find(list(_tokens(folded, _TORN)))
    relative = [match for kind, match, _ in tokens if kind == "relative"]
    read = _choose(found, shown, any(kind == "document" for kind, _, _ in tokens))
    if not found and fetched and len(relative) == 1:
        read = _ago(relative[0], shown, fetched)
    latest = today + _FUTURE_ALLOWED if today else _LATEST
    return read if read and _EARLIEST <= read.at.date() <= min(latest, _LATEST) else None


def _tokens(folded: str, grammar: _Grammar) -> Iterator[_Token]:
    position = 0
    while position < len(folded):
        attempts = ((kind, pattern.match(folded, position), order) for kind, pattern, order in grammar)
        kind, match, order = next((kind, match, order) for kind, match, order in attempts if match)
        yield kind, match, order
        position = match.end()


@dataclass(slots=True)
class _Found:
    """A date-shaped token and what stands next to it; ``day`` is None if no such day exists."""

    label: str
    day: date | None
    tokens: list[_Token]


def _find(tokens: list[_Token]) -> list[_Found]:
    found: list[_Found] = []
    near: list[_Token] = []  # the date to the left with its times and weekdays, or those waiting for a date
    label = ""
    for token in tokens:
        kind, match, order = token
        if kind in ("time", "weekday"):
            near.append(token)
        elif kind in ("date", "unclear"):
            near = [token] if found and near is found[-1].tokens else [*near, token]
            found.append(_Found(label, _day(match, order), near))
            label = ""
        elif kind != "joint":
            near = []
            label = kind if kind in _LABELS else label
    return found


def _day(match: re.Match[str], order: str) -> date | None:
    part = dict(zip(order, match.groups(), strict=True))
    try:
        day, year = (int(part[name].replace(" ", "")) for name in "dy")
        name = part["m"].replace(" ", "") if part["m"][0].isdigit() else part["m"]
        month = int(name) if name.isdigit() else _MONTHS.get(name) or _MONTHS[name[:3]]
        year += (1900 if year >= _PIVOT else 2000) if len(part["y"]) == 2 else 0
        # A zone may move it by a day, into the range, but not over the edge of the calendar.
        return date(year, month, day) if _EARLIEST.year - 1 <= year <= _LATEST.year + 1 else None
    except (KeyError, ValueError):  # KeyError: the groups of an unclear date mean nothing
        return None


def _choose(found: list[_Found], shown: str, names_document: bool) -> PrintedDate | None:
    found = [one for one in found if one.label != "unrelated"]
    pool = [one for one in found if one.label == "published"]
    if not pool and not names_document:
        # "11/12/2022 (Cập nhật: 12/12/2022)"; the other way round the bare date may be anything.
        pool = [one for one in found if not one.label] if found and not found[0].label else found
    read = [printed for one in pool if (printed := _resolve(one, shown))]
    if len(read) < len(pool) or len({one.at.date() for one in read}) != 1:
        return None
    moments = {one.at: one for one in read if one.precision == "minute"}
    if len(moments) == 1:
        return moments.popitem()[1]
    return replace(read[0], at=_midnight(read[0].at), precision="day")


def _resolve(one: _Found, shown: str) -> PrintedDate | None:
    if one.day is None:
        return None
    raw = shown[min(match.start() for _, match, _ in one.tokens) : max(match.end() for _, match, _ in one.tokens)]
    names = {next(filter(None, match.groups())) for kind, match, _ in one.tokens if kind == "weekday"}
    agrees = {_WEEKDAYS[name] for name in names} == {one.day.weekday()} if names else None
    moments = {_moment(one.day, match) for kind, match, _ in one.tokens if kind == "time"}
    at = (moments.pop() if len(moments) == 1 else None) or datetime(one.day.year, one.day.month, one.day.day, tzinfo=VIETNAM)
    return PrintedDate(at.replace(second=0), "day" if at == _midnight(at) else "minute", raw, agrees)


def _moment(day: date, time: re.Match[str]) -> datetime | None:
    """Return the moment in Việt Nam, with seconds; None if the clock shows no time or the midnight of an import."""
    hour, second = int(time["hour"]), int(time["second"] or 0)
    minute = int(time["minute"] or time["spoken"] or 0)
    half = (time["half"] or "")[:1]
    if half in ("a", "s"):  # am, sa, sang
        hour = 0 if hour == 12 else hour if hour < 12 else 24
    elif half:
        hour = 24 if hour == 0 else hour + 12 if hour < 12 else hour
    if hour > 23 or minute > 59 or second > 59 or hour == minute == second == 0:
        return None
    ahead = timedelta(hours=7)
    if time["zone"] and "ict" not in time["zone"]:
        offset = re.search(r"([+-]) ?(\d\d?):?(\d\d)?", time["zone"])
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0)) if offset else timedelta()
        if ahead > timedelta(hours=14):
            return None
        ahead = -ahead if offset and offset[1] == "-" else ahead
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=timezone(ahead)).astimezone(VIETNAM)


def _ago(match: re.Match[str], shown: str, fetched: datetime) -> PrintedDate:
    back = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0), days=bool(match["yesterday"]))
    return PrintedDate(_midnight(fetched.astimezone(VIETNAM) - back), "day", shown[match.start() : match.end()])


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)
