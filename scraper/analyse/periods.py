"""Periods in prose: “tính đến cuối tháng 11/2022”, “6 tháng đầu năm”, “nhiệm kỳ 2018 - 2023”, “sáng 9/12”, “hằng năm”.

Works on text as :func:`scraper.analyse.prose.matched` leaves it. Years that are not printed come from the article's own
date or from the year it reports on; where neither is known there is no period.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from scraper.analyse.period_forms import FORMS, NEEDED, YEAR

PeriodKind = Literal["range", "asof", "recurrent"]
Role = Literal["frame", "event", "term", "relative"]
"""``event``: a day on which something happened; ``term``: a term of office; ``relative``: no year of its own."""


@dataclass(frozen=True, slots=True)
class Period:
    """``range`` from start to end, ``asof`` as it stood at the end, ``recurrent`` every year. Days are ISO 8601."""

    kind: PeriodKind
    start: str | None = None
    end: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """In the form of the gold file."""
        return {"start": self.start, "end": self.end, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period and where it is printed; ``period`` is None where it cannot be known."""

    start: int
    end: int
    period: Period | None
    role: Role
    name: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What an article tells of time: its day, the year it reports on, the terms of office gone by and to come, the school year."""

    published: date | None = None
    year: int | None = None
    term: tuple[int, int] | None = None
    coming: tuple[int, int] | None = None
    school_year: int | None = None

    @property
    def now(self) -> int | None:
        """The year in which the article speaks."""
        return self.year or (self.published.year if self.published else None)


def years(first: int, last: int | None = None) -> Period:
    """Whole calendar years."""
    return Period("range", f"{first}-01-01", f"{last or first}-12-31")


def school_year(first: int) -> Period:
    """September to May, as schools in Việt Nam count."""
    return Period("range", f"{first}-09-01", f"{first + 1}-05-31")


def day(at: date) -> Period:
    """One day."""
    return Period("range", at.isoformat(), at.isoformat())


def as_of(at: date) -> Period:
    """As it stood on a day."""
    return Period("asof", None, at.isoformat())


def months(year: int, first: int, last: int) -> Period:
    """Whole months of one year."""
    return Period("range", f"{year}-{first:02d}-01", _last_day(year, last).isoformat())


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_MONTHS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
_QUOTED = re.compile(r'"[^"\n]{0,200}"')
_COMPARED = re.compile(r"so với(?: \w+){0,3} $")
_RISEN = re.compile(r" (?:đã )?(?:tăng |nâng )?lên")
_RISEN_FROM = re.compile(r"\btừ (?:[^,;]|(?<=\d),(?=\d))*$")
# Every form holds one of these; see NEEDED.
_MAY_TELL = re.compile(r"\d[/.-]\d|\(\d{4}|\d\d\d\d ?[-đt]|năm|niên |nhiệm kỳ|tháng |quý |hôm qua|nay|thời |hiện|trước ")

_FORMS = tuple((name, pattern, *((needed, None) if isinstance(needed := NEEDED[name], tuple) else ((), needed))) for name, pattern in FORMS)


def find_periods(low: str, known: Known) -> list[PeriodMention]:
    """All periods of a matched text, in order, none over another. What stands in quotes names a programme and is left out."""
    found: list[PeriodMention] = []
    start, speaks = 0, False
    for line in low.split("\n"):
        found += [replace(one, start=one.start + start, end=one.end + start) for one in _of_line(line, known, speaks)]
        start += len(line) + 1
        speaks = line.rstrip().endswith(":") if line.strip() else speaks
    return found


@lru_cache(maxsize=256)  # a title and an opening are read by themselves, and again with the whole text
def _of_line(low: str, known: Known, speaks: bool) -> tuple[PeriodMention, ...]:
    """The periods of one line; ``speaks``: the line before ends in a colon, so that a quote here is what somebody says."""
    if not _MAY_TELL.search(low):
        return ()
    taken = bytearray(len(low))
    for quoted in _QUOTED.finditer(low):
        before = low[: quoted.start()].rstrip()
        if before.endswith(":") if before else speaks:
            continue  # somebody speaks
        taken[quoted.start() : quoted.end()] = b"\x01" * (quoted.end() - quoted.start())
    found = []
    for name, pattern, words, shape in _FORMS:
        for word in words:
            if word in low:
                break
        else:
            if shape is None or not shape.search(low):
                continue
        for match in pattern.finditer(low):
            if 1 in taken[match.start() : match.end()]:
                continue
            taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
            before, after = low[max(0, match.start() - 40) : match.start()], low[match.end() : match.end() + 24]
            if _COMPARED.search(before) or (_RISEN.match(after) and _RISEN_FROM.search(before)):
                continue  # the time that is compared with
            try:
                period, role = _period(name, match, known)
            except ValueError:  # 31/2
                continue
            found.append(PeriodMention(match.start(), match.end(), period, role, name))
    return tuple(sorted(found, key=lambda one: one.start))


def _period(name: str, match: re.Match[str], known: Known) -> tuple[Period | None, Role]:
    part = match.groupdict()
    year = int(part["y"]) if part.get("y") else None
    if name in ("event", "event_long", "full_day", "until_day", "until_day_long"):
        at = _dated(int(part["d"] or part.get("d2") or 0), int(part["m"] or part.get("m2") or 0), year, known)
        until = name.startswith("until")
        return (None if at is None else as_of(at) if until else day(at)), "frame" if until else "event"
    if name in ("since", "since_year") and year:
        return (Period("range", f"{year}-01-01", known.published.isoformat()) if known.published else None), "frame"
    if name in _UNKNOWN:
        return None, "relative"
    if name in _RELATIVE:
        return _RELATIVE[name](known), "event" if name in ("yesterday", "today") else "relative"
    return _printed(name, part, year, known)


def _printed(name: str, part: dict[str, str | None], year: int | None, known: Known) -> tuple[Period | None, Role]:
    here = year or known.now
    if name in ("year", "year_in_brackets") and year:
        return years(year), "frame"
    if name == "year_list":
        listed = [int(one) for one in re.findall(r"\d{4}", part["years"] or "")]
        return (years(listed[0], listed[-1]) if listed == [*range(listed[0], listed[-1] + 1)] else None), "frame"
    if name == "year_start":
        return (years(year) if year else None), "frame" if year else "relative"
    if name == "until_year" and year:
        return as_of(date(year, 12, 31)), "frame"
    if name == "school" and year:
        return school_year(year), "frame"
    if name in ("span", "term"):
        first, last = int(part["a"] or 0), int(part["b"] or 0)
        return (years(first, last) if first < last else None), "term" if name == "term" else "frame"
    if name == "span_days":
        last_day = _dated(int(part["d2"] or 0), int(part["m2"] or 0), year, known)
        if last_day is None:
            return None, "event"
        first_day = date(int(part["y1"] or last_day.year), int(part["m1"] or last_day.month), int(part["d1"] or 0))
        return Period("range", first_day.isoformat(), last_day.isoformat()), "event"
    if name == "span_months":
        last_year = int(part["y2"] or 0)
        first_year = int(part["y1"] or last_year)
        end = _last_day(last_year, int(part["b"] or 0))
        return Period("range", date(first_year, int(part["a"] or 0), 1).isoformat(), end.isoformat()), "frame"
    if here is None:
        return None, "frame"
    if name == "half":
        here = int(part["y9"]) if part["y9"] else here
        count = _months(part["n"] or part["n9"] or part["n8"] or "")
        return months(here, 13 - count, 12) if part["part"] == "cuối" else months(here, 1, count), "frame"
    if name in ("quarter", "until_quarter"):
        quarter = _QUARTERS[part["q"] or ""]
        whole = months(here, 3 * quarter - 2, 3 * quarter)
        return (Period("asof", None, whole.end) if name == "until_quarter" else whole), "frame"
    if name == "month_pair":
        first, last = int(part["a"] or 0), int(part["b"] or 0)
        return (months(here, first, last) if first + 1 == last else None), "frame" if year else "relative"
    month = int(part["m"] or 0)
    if name == "month_alone":
        if part["of"] and part["of"] != " năm nay":
            return None, "relative"
        ahead = known.published is not None and date(here, month, 1) > known.published
        return months(here - ahead, month, month), "relative"
    if name == "until_month":
        return as_of(_last_day(here, month)), "frame"
    return months(here, month, month), "frame"


def _months(printed: str) -> int:
    return int(printed) if printed.isdigit() else _MONTHS.index(printed) + 1


def _dated(number: int, month: int, year: int | None, known: Known) -> date | None:
    """A day; without a printed year that of publication, or the one before if it would lie in the future."""
    if year is not None:
        return date(year, month, number)
    if known.published is not None:
        at = date(known.published.year, month, number)
        return date(at.year - 1, month, number) if at > known.published + timedelta(days=7) else at
    return date(known.year, month, number) if known.year else None


def _since(known: Known) -> Period | None:
    if known.published is None:
        return None
    return Period("range", f"{known.published.year}-01-01", known.published.isoformat())


def _past_year(known: Known) -> Period | None:
    """“Năm qua”: the year reported on, else in the first quarter the year before."""
    if known.year or known.published is None:
        return years(known.year) if known.year else None
    return years(known.published.year - (known.published.month <= 3))


# What is printed cannot be told in days; the figure after it is still not of the year that the article reports on.
MANY_YEARS = frozenset(("years_reviewed", "many_years", "from_school", "from_year"))
_UNKNOWN = MANY_YEARS | {"some_months", "month_from", "at_first"}
_RELATIVE: dict[str, Callable[[Known], Period | None]] = {
    "since": _since,
    "now": lambda known: as_of(known.published) if known.published else None,
    "yesterday": lambda known: day(known.published - timedelta(days=1)) if known.published else None,
    "today": lambda known: day(known.published) if known.published else None,
    "every": lambda known: Period("recurrent"),
    "last_term": lambda known: years(*known.term) if known.term else None,
    "next_term": lambda known: years(*known.coming) if known.coming else None,
    "next_year": lambda known: years(known.now + 1) if known.now else None,
    "last_year": lambda known: years(known.now - 1) if known.now else None,
    "past_year": _past_year,
    "this_year": lambda known: years(known.now) if known.now else None,
    "school_now": lambda known: school_year(known.school_year) if known.school_year else None,
}

_REPORT = re.compile(
    r"(?:tổng kết|sơ kết|giao ban|đánh giá|kết quả|báo cáo|số liệu|thống kê|nhìn lại|kế hoạch|chỉ tiêu|nghị quyết|nhiệm vụ|chương trình)"
)
_TERM = re.compile(r"nhiệm kỳ (?:[ivx]+ )?\(?(" + YEAR + r") ?- ?(" + YEAR + ")")


_TERM_YEARS = 5
"""Of every association and committee in Việt Nam: a congress for 2023–2028 looks back on 2018–2023."""


def what_is_known(title: str, low: str, published: date | None) -> Known:
    """Read off the matched title and text what years without a print of their own refer to."""
    year = _first(re.findall(r"(?<!học )(?<!vụ )(?<!hướng )(?<!hoạch )năm (" + YEAR + r")(?! ?-)", title))
    opening = low[: len(title) + 700]
    if year is None:
        found = re.search(r"(?:tổng kết|sơ kết|giao ban|đánh giá)[^.\n]{0,80}?năm (" + YEAR + r")(?! ?-)", opening)
        year = int(found[1]) if found else None
    school = _first(re.findall(r"năm học (" + YEAR + ") ?-", low))
    if published is not None and school is not None and school > published.year:
        school = None
    terms = [(int(a), int(b)) for a, b in _TERM.findall(low)]
    if published is None:
        # Of one term nothing tells whether it has gone by; of two that follow each other, the first has.
        first, second = min(terms, default=None), max(terms, default=None)
        if first is None or second is None or first[1] != second[0]:
            return Known(None, year, school_year=school)
        return Known(None, year, first, second, school)
    past = [term for term in terms if term[1] <= published.year]
    coming = [term for term in terms if term[1] > published.year]
    if coming and not past and coming[0][1] - coming[0][0] == _TERM_YEARS:
        past = [(coming[0][0] - _TERM_YEARS, coming[0][0])]
    return Known(published, year, past[0] if past else None, coming[0] if coming else None, school)


def _first(found: list[str]) -> int | None:
    return int(found[0]) if found else None


@dataclass(frozen=True, slots=True)
class Reported:
    """The period of a whole article: what it reports on, the day of its event, and the time it plans for."""

    frame: Period | None
    event: Period | None
    plan: Period | None = None
    many_years: bool = False
    """Whether it looks back on years that it does not name."""


_AHEAD = re.compile(r"(?:nhiệm vụ|phương hướng|kế hoạch|triển khai|chương trình công tác|chỉ tiêu)[^.;]{0,40}$")


_NEWS_DAYS = 120


def is_news(period: Period | None, known: Known) -> bool:
    """Whether a day may be that of the event reported: some weeks before publication, not that of a decision of years ago."""
    if period is None or known.published is None or period.end is None:
        return period is not None
    return abs((known.published - date.fromisoformat(period.end)).days) <= _NEWS_DAYS


def document_period(title: str, opening: str, known: Known) -> Reported:
    """The period an article is about: from its title, else from what its opening says it sums up; and its event's day."""
    in_title = [one for one in find_periods(title, known) if one.role == "frame" and one.period]
    in_opening = find_periods(opening, known)
    event = next((one.period for one in in_opening if one.role == "event" and is_news(one.period, known)), None)
    planned = [one.period for one in in_title if _AHEAD.search(title[: one.start])]
    frame = next((one.period for one in in_title if one.period not in planned), None)
    if frame is None and re.search(r"đại hội|nhiệm kỳ", title) is None:
        for one in in_opening:
            near = opening[max(0, one.start - 90) : one.start]
            ahead = _AHEAD.search(near)
            if one.role == "frame" and one.period and one.period.kind == "range" and _REPORT.search(near) and not ahead:
                frame = one.period
                break
    if frame is None and re.search(r"đại hội|nhiệm kỳ", title) is None:
        frame = next((one.period for one in in_opening if _opens_a_sentence(opening, one) and _is_recent(one, known)), None)
    reviewed = (
        frame is None and known.year is None and any(one.name == "years_reviewed" for one in (*find_periods(title, known), *in_opening))
    )
    return Reported(frame, event, planned[0] if planned else frame, reviewed)


def _opens_a_sentence(opening: str, one: PeriodMention) -> bool:
    return one.role == "frame" and bool(re.search(r"(?:^|[.!?\n] ?)(?:trong |theo [^,.]{0,60}, )?$", opening[: one.start]))


def _is_recent(one: PeriodMention, known: Known) -> bool:
    """Whether a range of time reaches into the year or so before publication: what the article reports, not its history."""
    if one.period is None or one.period.kind != "range" or known.published is None or one.period.end is None:
        return False
    return known.published.year - 1 <= int(one.period.end[:4]) <= known.published.year
