"""How periods are printed: one pattern for each form, over text as :func:`scraper.analyse.prose.matched` leaves it.

The order of the forms is the order in which they are tried: what one has found another does not look at.
"""

from __future__ import annotations

import re

YEAR = r"(?:19|20)\d\d(?!\d)"
_UNTIL = (
    r"(?:tính (?:từ trước )?(?:đến|tới)|(?:cho |kể )?(?:đến|tới)|hết|cuối|số liệu (?:đến|tính đến))(?: hết| cuối| thời điểm| ngày| nay)*"
)
_DM = r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})(?:[/.-](?P<y>" + YEAR + r"))?(?![\d/])"
_PART = r"(?:sáng|trưa|chiều|tối|đêm|hôm|ngày|vào)(?: sớm| nay| qua| ngày| hôm)*,?(?: ngày)?(?: thứ \w+,?)?"
_NOT_ABOUT = r"(?<!so với )(?<!so với cùng kỳ )(?<!hơn )(?<!bằng )(?<!lập )(?<!sinh )(?<!dựng )(?<!từ )(?<!đời )"

_COUNT = r"(?:\d{1,2}|hai mươi|ba mươi|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười(?: \w+)?)"
_MONTHS = r"(?:1[0-2]|0?[1-9]|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười một|mười hai|mười)"
_MANY = r"(?:" + _COUNT + r"|những|nhiều|các|mấy|vài)"
_AROUND_NOW = r"(?:vừa qua|qua|nay|gần đây|trở lại đây|liền|liên tục|liên tiếp|tới|tiếp theo|sau|trước)"

_NO_VERB = r"(?<!thực )(?<!thể )(?<!biểu )(?<!phát )(?<!xuất )(?<!tái )(?<!hiển )(?<!đại )"

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("since", r"(?:từ|kể từ|tính từ) đầu năm(?: (?:học )?(?P<y>" + YEAR + r"))? (?:đến|tới) nay"),
    ("since_year", r"(?:kể |tính )?từ (?:đầu |giữa |cuối )?năm (?P<y>" + YEAR + r") (?:đến|tới) nay"),
    (
        "span_days",
        r"(?:từ )?(?:ngày )?(?P<d1>\d{1,2})(?:[/.-](?P<m1>\d{1,2})(?:[/.-](?P<y1>" + YEAR + r"))?)? ?(?:-|đến|và)(?: hết)?(?: ngày)? ?"
        r"(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})(?:[/.-](?P<y>" + YEAR + r"))?(?![\d/])",
    ),
    (
        "span_months",
        r"(?:tính )?từ (?:đầu )?tháng (?P<a>\d{1,2})(?:/(?P<y1>"
        + YEAR
        + r"))? (?:đến|tới) (?:hết |cuối |nay )?(?:tháng )?(?P<b>\d{1,2})[/ ](?:năm )?(?P<y2>"
        + YEAR
        + ")",
    ),
    ("from_school", r"từ (?:đầu )?năm học " + YEAR + r"(?: ?- ?\d{2,4})?(?: (?:đến|tới) (?:hết )?năm học " + YEAR + r"(?: ?- ?\d{2,4})?)?"),
    ("school", r"(?:năm học|niên học|niên khóa)(?: này)? (?P<y>" + YEAR + r")(?: ?- ?(?:\d{4}|\d\d))?"),
    ("school_now", r"(?:trong )?năm học (?:này|qua|vừa qua|vừa rồi)|trong năm học(?! \d)"),
    ("term", r"nhiệm kỳ (?P<a>" + YEAR + r") ?(?:-|đến|đến năm) ?(?P<b>" + YEAR + ")"),
    (
        "span",
        r"(?:giai đoạn|thời kỳ|từ năm|trong các năm|các năm|từ|\(|năm) ?(?P<a>"
        + YEAR
        + r") ?(?:-|đến|tới|đến năm|đến hết năm|tới năm) ?(?:hết )?(?:năm )?(?P<b>"
        + YEAR
        + ")",
    ),
    # Of how many years a sum is cannot be told from “sau 5 năm”: not of the one that the article reports on.
    ("years_reviewed", r"(?:tổng kết|sơ kết|đánh giá|nhìn lại)(?: kết quả| chặng đường)? " + _COUNT + r" năm(?![^\w,;.]{1,2}[12][09]\d\d)"),
    (
        "year_list",
        r"(?:trong |của )?(?:(?:các|" + _COUNT + r") )?năm \(?(?P<years>" + YEAR + r"(?:(?:,? và |, )" + YEAR + r")+)",
    ),
    (
        "many_years",
        r"(?:(?<!tháng )(?<!quý )(?<!thứ )"
        + _MANY
        + r" năm "
        + _AROUND_NOW
        + r"|(?:qua|trong|suốt|hơn|gần|trên|sau) "
        + _MANY
        + r" năm|sau (?:một|1|01) năm)(?![^\w,;.]{1,2}[12][09]\d\d)",
    ),
    ("from_year", r"(?:kể |tính )?từ (?:đầu |giữa |cuối )?năm (?P<y>" + YEAR + r")(?! ?-)"),
    (
        "half",
        r"(?P<n>"
        + _MONTHS
        + r") tháng (?P<part>đầu|cuối)(?: của)? năm(?: (?P<y>"
        + YEAR
        + r"))?|(?<!ngày )(?P<n9>"
        + _MONTHS
        + r") tháng (?:năm )?(?P<y9>"
        + YEAR
        + r")|(?:lũy kế|cộng dồn|tính chung)(?: trong)? (?P<n8>"
        + _MONTHS
        + r") tháng(?! qua)(?! cuối)(?! gần)",
    ),
    ("some_months", r"(?:những|các|mấy|vài|nhiều) tháng (?:(?:đầu|cuối) năm(?: " + YEAR + r")?|qua|gần đây)"),
    ("at_first", r"(?:đầu|giữa) nhiệm kỳ|trước (?:khi |thời điểm |lúc )?(?:sáp nhập|sắp xếp|hợp nhất|chia tách)"),
    (
        "until_day",
        _UNTIL
        + r" (?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>"
        + YEAR
        + r")|"
        + _UNTIL
        + r" ngày (?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})(?![\d/])",
    ),
    ("until_day_long", _UNTIL + r" (?P<d>\d{1,2}) tháng (?P<m>\d{1,2})(?: năm (?P<y>" + YEAR + "))?"),
    ("until_month", _UNTIL + r" tháng (?P<m>\d{1,2})(?:(?:/| năm |/năm |-)(?P<y>" + YEAR + "))?"),
    ("until_quarter", _UNTIL + r" quý (?P<q>i{1,3}|iv|[1-4])(?:(?:/| năm |/năm |-)(?P<y>" + YEAR + "))?"),
    ("until_year", _UNTIL + r" năm (?:học )?(?P<y>" + YEAR + r")(?! ?-)"),
    ("quarter", r"quý (?P<q>i{1,3}|iv|[1-4])(?:(?:/| năm |/năm |-)(?P<y>" + YEAR + "))?"),
    ("month", r"tháng (?P<m>\d{1,2})(?:/| năm |/năm |-)(?P<y>" + YEAR + ")"),
    (
        "month_pair",
        r"(?:trong |của )?tháng (?P<a>\d{1,2})(?: và |, )tháng (?P<b>\d{1,2})(?:(?:/| năm |/năm |-)(?P<y>" + YEAR + r"))?(?![\d/])",
    ),
    ("event_long", _PART + r" (?P<d>\d{1,2}) tháng (?P<m>\d{1,2})(?: năm (?P<y>" + YEAR + "))?"),
    ("event", _PART + r" \(?" + _DM),
    ("full_day", r"(?<![\d/.-])" + r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>" + YEAR + r")(?![\d/])"),
    ("month_from", r"từ tháng (?P<m>\d{1,2})(?![\d/.-])"),
    (
        "month_alone",
        r"(?<!\d )(?<!từ )(?:trong |vào |của |riêng )?tháng (?P<m>\d{1,2})(?![\d/.-])(?P<of> năm (?:nay|ngoái|trước|qua))?",
    ),
    ("yesterday", r"(?:sáng|chiều|tối|ngày) hôm qua|hôm qua"),
    ("today", r"(?:sáng|chiều|tối|ngày|hôm) nay\b|(?:sáng|chiều|tối) hôm nay"),
    (
        "now",
        r"(?:tính |cho )?(?:đến|tới) (?:nay|thời điểm (?:này|hiện tại|hiện nay)|hiện nay)|(?:(?<=[.;:,] )|(?<![^\n]))nay(?= )|"
        + _NO_VERB
        + r"hiện(?! vật| tượng| đại| trạng| thực| hành| hữu| diện| kim)(?: (?:nay|tại|có|đang|còn|đã))?",
    ),
    ("every", r"(?:hằng|hàng|mỗi) năm(?! (?:học|nay))"),
    ("last_term", r"(?:trong )?nhiệm kỳ (?:qua|vừa qua|này)|trong nhiệm kỳ"),
    ("next_term", r"nhiệm kỳ (?:tới|mới|tiếp theo)"),
    ("year_start", r"(?<!từ )đầu năm(?! học| mới)(?: (?P<y>" + YEAR + r"))?(?! ?-)"),
    ("year_in_brackets", r"(?<=\x28)(?P<y>" + YEAR + r")(?= ?: ?\d)"),
    ("year", _NOT_ABOUT + r"(?:trong |cả |của |riêng )?năm (?P<y>" + YEAR + r")(?! ?-)"),
    ("next_year", r"năm (?:tới|sau|tiếp theo)|thời gian tới"),
    ("last_year", _NOT_ABOUT + r"năm (?:ngoái|trước)"),
    ("past_year", r"(?:trong |một )?năm (?:vừa )?qua|năm vừa rồi"),
    ("this_year", r"trong năm(?! \d| học)|năm nay|cả năm(?! \d)"),
)
FORMS = tuple((name, re.compile(r"(?<!\w)(?:" + pattern + r")(?!\w)")) for name, pattern in _PATTERNS)
_DAY = re.compile(r"\d[/.-]\d")
NEEDED: dict[str, tuple[str, ...] | re.Pattern[str]] = {
    "since": ("đầu năm",),
    "since_year": ("từ ",),
    "from_school": ("từ ",),
    "from_year": ("từ ",),
    "years_reviewed": ("tổng kết", "sơ kết", "đánh giá", "nhìn lại"),
    "year_list": ("năm 19", "năm 20", "năm (19", "năm (20"),
    "many_years": (" năm",),
    "some_months": ("tháng qua", "tháng đầu", "tháng cuối", "tháng gần"),
    "at_first": ("nhiệm kỳ", "trước "),
    "month_pair": ("tháng ",),
    "month_from": ("từ tháng ",),
    "month_alone": ("tháng ",),
    "year_start": ("đầu năm",),
    "span_days": _DAY,
    "span_months": ("tháng",),
    "school": ("năm học", "niên học", "niên khóa"),
    "school_now": ("năm học",),
    "term": ("nhiệm kỳ",),
    "span": re.compile(r"\d\d\d\d ?[-đt]"),
    "half": (" tháng",),
    "until_day": _DAY,
    "until_day_long": (" tháng ",),
    "until_month": (" tháng ",),
    "until_quarter": (" quý ",),
    "until_year": (" năm ",),
    "quarter": ("quý ",),
    "month": ("tháng ",),
    "event_long": (" tháng ",),
    "event": _DAY,
    "full_day": _DAY,
    "yesterday": ("hôm qua",),
    "today": (" nay",),
    "now": ("nay", "thời điểm", "hiện"),
    "every": ("hằng năm", "hàng năm", "mỗi năm"),
    "last_term": ("nhiệm kỳ",),
    "next_term": ("nhiệm kỳ ",),
    "year_in_brackets": re.compile(r"\d{4}"),
    "year": ("năm 19", "năm 20"),
    "next_year": ("năm tới", "năm sau", "năm tiếp theo", "thời gian tới"),
    "last_year": ("năm ngoái", "năm trước"),
    "past_year": ("năm qua", "năm vừa"),
    "this_year": ("trong năm", "năm nay", "cả năm"),
}
"""Of each pattern, words of which a text must hold one (or what it must match) for it to find anything: most texts hold few."""
