"""Times, numbers and judgements of the archive in the words of a page; Vietnamese first, English beside it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
VERDICTS = {"good": "tốt / good", "doubtful": "cần xem / doubtful", "bad": "hỏng / bad"}
PRECISIONS = {"minute": "đọc được đến phút / to the minute", "day": "chỉ đọc được đến ngày / to the day only"}


def number(value: int) -> str:
    """Grouped as in Vietnamese: 12.345."""
    return f"{value:,}".replace(",", ".")


_QUALIFIERS = {"gt": "hơn ", "lt": "gần ", "approx": "khoảng ", "vague": "chừng "}


def figure(value: object) -> str:
    """A figure as printed in Vietnam: 12.345 and 88,5; “?” where the text gives no number."""
    if isinstance(value, float) and not value.is_integer():
        whole, _, part = f"{value:,}".partition(".")
        return f"{whole.replace(',', '.')},{part}"
    return number(int(value)) if isinstance(value, int | float) else "?" if value is None else str(value)


def short(value: int) -> str:
    """A round number in little room: 500, 20 nghìn, 5 triệu, 2 tỷ."""
    for least, unit, word in ((1_000_000_000, 1_000_000_000, "tỷ"), (1_000_000, 1_000_000, "triệu"), (10_000, 1000, "nghìn")):
        if value >= least:
            return f"{number(value // unit)} {word}"
    return number(value)


def qualifier(value: str | None) -> str:
    """The word before a figure that is not exact: hơn (more than), gần (nearly), khoảng (about), chừng (some)."""
    return _QUALIFIERS.get(value or "", "")


def day(value: str | None) -> str:
    """The day of an ISO 8601 text as printed in Vietnam: 31/12/2022. A time of ours (Z) is told on Vietnam's clock."""
    if not value:
        return ""
    match = _DAY.match(_local(value))
    return f"{match[3]}/{match[2]}/{match[1]}" if match else value


def local_day(value: str) -> str:
    """The day of a time of ours in Vietnam, as ISO 8601 has it."""
    return _local(value)[:10]


def moment(value: str | None) -> str:
    """Time and day: 07:47, 31/12/2022; a day alone where no time is known."""
    if not value:
        return ""
    local = _local(value)
    return f"{local[11:16]}, {day(local)}" if len(local) >= 16 and local[10] == "T" else day(local)


def month(value: str) -> str:
    """2022-12 → 12/2022."""
    return f"{value[5:7]}/{value[:4]}"


def since(value: str | None, today: str) -> str:
    """How long before a day or time another one was: “hôm nay / today”, “3 ngày trước / 3 days ago”."""
    if not value:
        return "chưa / never"
    days = (datetime.fromisoformat(_local(today)[:10]) - datetime.fromisoformat(_local(value)[:10])).days
    if days <= 0:
        return "hôm nay / today"
    return f"{number(days)} ngày trước / {days:,} day{'s' if days != 1 else ''} ago"


def verdict(value: str | None) -> str:
    """How a crawl judged itself."""
    return VERDICTS.get(value or "", "chưa xong / unfinished")


def _local(value: str) -> str:
    """UTC as we store it, on Vietnam's clock; anything else as it is."""
    if not value.endswith("Z"):
        return value
    return datetime.fromisoformat(value[:-1]).replace(tzinfo=UTC).astimezone(VIETNAM).isoformat()
