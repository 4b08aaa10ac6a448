"""When a figure is of: the period named before it, the frame its paragraph opens with, the article's own.

Every answer carries its source: ``sentence``, ``previous_sentence``, ``document``, or ``published`` where the article says
nothing of time and only its own date is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from scraper.analyse.figure import Observation, PeriodSource
from scraper.analyse.numbers import Number
from scraper.analyse.periods import (
    Period,
    PeriodMention,
    as_of,
    document_period,
    find_periods,
    is_news,
    what_is_known,
    years,
)
from scraper.analyse.prose import Prose, Span
from scraper.analyse.rules import indicators
from scraper.analyse.scope import Scope

_AT_EVENT = re.compile(
    r"(?:nhân |trong |vào )?dịp này|(?:tại|trong) (?:buổi lễ|hội nghị|đại hội|lễ|chương trình|buổi gặp|"
    r"buổi)|^hội nghị(?: cũng| đã)|đại hội (?:đã )?bầu|buổi lễ|ban tổ chức (?:đã )?trao|cùng ngày"
)
_REPORTING = re.compile(r"tổng kết|sơ kết|báo cáo|giao ban|hội nghị|đại hội|cho biết")
_RAISED = frozenset(("fund.raised", "fund.for"))
_EVENT_BOUND = frozenset(("dai_bieu", "uy_vien_bch", "uy_vien_btv"))
_HEADING_OF_RESULTS = re.compile(r"kết quả|tình hình|đánh giá")
_SUMS_UP = re.compile(r"(?:tổng|sơ) kết|kết quả (?:hoạt động|công tác|thực hiện|đạt được)")
_ITS_OWN = re.compile(r" ?(?::|là|có|đạt)? ?(?:chỉ |mới )?(?:(?:là|có|đạt) )?(?:hơn |gần |trên |khoảng )?")
_PLANS = re.compile(r"kế hoạch|chỉ tiêu|nghị quyết|phương hướng")


@dataclass(slots=True)
class Carried:
    """What carries from sentence to sentence within a paragraph, and the plan that a heading announces."""

    ours: bool = True
    frame: Period | None = None
    as_of: Period | None = None
    place: Scope | None = None
    plan: Period | None = None
    planning: bool = False
    many_years: bool = False
    heading: str = ""
    last: dict[str, Observation] = field(default_factory=dict)


class Timing:
    """What one article says of time. ``stood``: how an indicator's figure stood; the same kind further down stood then too."""

    def __init__(self, prose: Prose, title: str, opening: Span, published: date | None) -> None:
        self.prose = prose
        self.low = prose.low
        self.known = what_is_known(title, prose.low, published)
        self.periods = find_periods(prose.low, self.known)
        self.frames = {one.period for one in self.periods if one.role != "event" and one.period and one.period.kind == "range"}
        self.stood: dict[str, Period] = {}
        self.reported = document_period(title, prose.low[opening.start : opening.end], self.known)
        told = f"{title}\n{prose.low[opening.start : opening.end]}"
        self.plans = bool(_PLANS.search(title)) and not _HEADING_OF_RESULTS.search(title) and not _SUMS_UP.search(told)

    def within(self, span: Span) -> list[PeriodMention]:
        """The periods that a sentence names."""
        return [one for one in self.periods if span.start <= one.start < span.end]

    def period_of(
        self,
        indicator: str,
        rule: str,
        span: Span,
        number: Number,
        following: int,
        periods: list[PeriodMention],
        state: Carried,
        *,
        target: bool,
    ) -> tuple[Period | None, PeriodSource]:
        stock = indicators()[indicator].measure == "stock"
        sentence = self.low[span.start : span.end]
        before = [one for one in periods if one.start < number.start and not self._is_aside(one.start, number.start)]
        happens = not stock or rule in _RAISED
        frames = [one for one in before if one.role != "event" and (target or not self.is_ahead(one.period))]
        if happens:
            frames = [one for one in frames if one.name != "year_start" or one.period]
        bound = indicator in _EVENT_BOUND or (happens and _AT_EVENT.search(sentence) is not None)
        event = next((one.period for one in reversed(before) if one.role == "event" and is_news(one.period, self.known)), None)
        if indicator in _EVENT_BOUND:
            return (event, "sentence") if event else (self.reported.event or self.reported.frame, "document")
        if frames and frames[-1].name in ("this_year", "past_year") and state.frame and (state.frame.end or "").endswith("-12-31"):
            return state.frame, "document" if state.frame == self.reported.frame else "previous_sentence"
        if frames:
            return self.told_by(frames[-1], happens=happens), "sentence"
        if event and (not stock or (rule in _RAISED and _REPORTING.search(sentence) is None)):
            return event, "sentence"
        after = [one for one in periods if number.end <= one.start < following and one.role != "event"]
        if after and self._follows(number.after, after[0], following) and not target:
            return after[0].period, "sentence"
        if target:
            return (state.plan, "previous_sentence") if state.plan else (self._future(), "document")
        if bound and self.reported.event:
            return self.reported.event, "document"
        if bound and self.known.published and self._spans_years(state.frame or self.reported.frame):
            return years(self.known.published.year), "published"
        if happens and state.many_years:
            return None, "previous_sentence"
        carried = state.frame if happens else (state.as_of or state.frame)
        if carried and not self.is_ahead(carried):
            return carried, "document" if carried == self.reported.frame else "previous_sentence"
        if indicator in self.stood:
            return self.stood[indicator], "previous_sentence"
        if happens and self.reported.many_years:
            return None, "document"
        return self._document(stock=stock)

    def _follows(self, start: int, one: PeriodMention, following: int) -> bool:
        """Whether a period tells of the figure before it; “161.480 người (năm 2021: 152.000 người)” does not."""
        between = self.low[start : one.start]
        if one.name == "every" and "," in between:
            return False  # “đã trao 320 suất, mỗi năm hai đợt”
        has_its_own = between.endswith("(") and _ITS_OWN.fullmatch(self.low, one.end, following)
        return not has_its_own and re.fullmatch(r"[^,;.]{0,60}(?:trong|của|vào|,)? ?\(?", between) is not None

    def told_by(self, one: PeriodMention, *, happens: bool) -> Period | None:
        """What a period before a figure says of it: how many there were when a year began is not how many in that year."""
        if happens or one.period is None:
            return one.period
        if one.name == "since_year":
            return Period("asof", None, one.period.end)
        return None if one.name == "year_start" else one.period

    def _is_aside(self, start: int, at: int) -> bool:
        """Whether a bracket that was open at ``start`` is closed before ``at``."""
        between = self.low[start:at]
        return ")" in between and "(" not in between[: between.index(")")]

    def _spans_years(self, period: Period | None) -> bool:
        """Whether a period is of several years; what is given at an event is not of all of them. A school year is one."""
        return period is not None and int((period.end or "0")[:4]) - int((period.start or period.end or "0")[:4]) > 1

    def is_of_now(self, period: Period | None) -> bool:
        """Whether a range of time reaches into the two years before publication, and not beyond it: no history, no plan."""
        return period is not None and period.kind == "range" and self._ends_of_late(period)

    def _ends_of_late(self, period: Period | None) -> bool:
        year = self.known.published.year if self.known.published else self.known.year
        return period is not None and period.end is not None and year is not None and year - 2 <= int(period.end[:4]) <= year

    def is_ahead(self, period: Period | None) -> bool:
        """Whether a period reaches beyond the year of publication: a term or plan, not when something was counted."""
        if period is None or period.end is None or self.known.published is None:
            return False
        return int(period.end[:4]) > self.known.published.year

    def _future(self) -> Period | None:
        return self.reported.plan if self.plans else None

    def _document(self, *, stock: bool) -> tuple[Period | None, PeriodSource]:
        if self.reported.frame:
            return self.reported.frame, "document"
        if not stock and self.reported.event:
            return self.reported.event, "document"
        if self.known.year:
            return years(self.known.year), "document"
        if self.known.published is None:
            return None, "document"
        return (as_of(self.known.published) if stock else years(self.known.published.year)), "published"

    def of_table(self, start: int, *, target: bool) -> tuple[Period | None, PeriodSource]:
        """The period of a table: what the line above it says, else the article's; of one of aims the time planned for."""
        above = [span for span in self.prose.paragraphs if span.end <= start]
        for distance, span in enumerate(above[-1 if target else -2 :][::-1]):
            stated = [one for one in self.periods if span.start <= one.start < span.end and one.role != "event" and one.period]
            stated = [one for one in stated if target or not self.is_ahead(one.period)]
            # Behind the line that announces the table may stand a story of long ago.
            if stated and (distance == 0 or self._ends_of_late(stated[-1].period)):
                return stated[-1].period, "previous_sentence"
        if target:
            return self._future(), "document"
        if self.reported.frame:
            return self.reported.frame, "document"
        printed = [one.period for one in self.periods if one.role == "frame" and self.is_of_now(one.period)]
        return (printed[0], "document") if len(set(printed)) == 1 else self._document(stock=True)
