"""Figures with their place, period, value, qualifier and proof; and the numbers that no rule could read.

Only articles on the topic are read. Each figure says by which rule it was read and how its place and period were known; one
whose place or period is not known is kept apart (``is_complete``) and waits for a person.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Literal

from scraper.analyse import scope as scopes
from scraper.analyse.aims import DONE, NOT_TARGET, PLAN_HEADING, TARGET, WHAT_FOR, find_aims
from scraper.analyse.figure import Figures, Observation, PeriodSource, Unread, confidence_of, is_beyond, is_part
from scraper.analyse.mentions import PlaceMention
from scraper.analyse.numbers import Number, find_numbers
from scraper.analyse.own import own_place
from scraper.analyse.periods import MANY_YEARS, Period, PeriodMention
from scraper.analyse.prose import Prose, Span, opening_of
from scraper.analyse.rules import Rule, around, indicators, match_rule, without_names
from scraper.analyse.scope import Anchor, PlaceSource, Scope
from scraper.analyse.tables import Cell, find_tables
from scraper.analyse.timing import Carried, Timing

_OTHER = re.compile(
    r"(?:hội|đoàn|chi hội)(?: liên hiệp)? (?:phụ nữ|nông dân|cựu chiến binh|người cao tuổi|chữ thập đỏ|"
    r"thanh niên|cựu giáo chức|luật gia|làm vườn|đông y|người mù|"
    r"nạn nhân|cựu thanh niên|sinh vật cảnh|lhpn|văn học|bảo trợ|nhà báo|cựu tnxp)|hội lhpn|hội ccb|công đoàn|"
    r"mặt trận tổ quốc|liên đoàn|đoàn thanh niên"
)
_OURS = re.compile(
    r"(?<!quỹ )khuyến học|khuyến tài|học tập suốt đời|công dân học tập|gia đình học tập|dòng họ học tập|trung tâm học tập cộng đồng"
)
_HEADING_OF_RESULTS = re.compile(r"kết quả|tình hình|đánh giá")
_STATUS = (("dang_ky", re.compile(r"đăng ký|ghi tên")), ("cong_nhan", re.compile(r"công nhận")), ("dat", re.compile(r"đạt|chuẩn")))
_WITH_STATUS = frozenset(
    ("gia_dinh_hieu_hoc", "gia_dinh_hoc_tap", "dong_ho_hoc_tap", "cong_dong_hoc_tap", "don_vi_hoc_tap", "cong_dan_hoc_tap")
)
_PORTION = "suất"
"""Scholarships and presents are counted by the same word: which are meant, the last ones told."""
_DIGITS = re.compile(r"\d[\d.,/]*\d|\d")
_GOES_ON = re.compile(
    r"(?:trong đó|riêng|cụ thể|dẫn đầu|đứng đầu|tiếp (?:đến|theo|đó)|kế (?:đến|đó|tiếp)|ngoài ra|bên cạnh đó|"
    r"nhiều nhất|cao nhất|còn|điển hình|tiêu biểu|một số|nổi bật|trong số|những đơn vị|các đơn vị|đi đầu|"
    r"(?:ở |tại )?(?:huyện|xã|phường|thị trấn|thị xã|thành phố|tp|quận|tỉnh)\b)"
)
_FRAME_OPENS = 30
"""Characters from a sentence's beginning within which a period sets the frame for the sentences that follow."""


class _Reader:
    """Reads one article."""

    def __init__(self, prose: Prose, title: str, mentions: list[PlaceMention], portal: str | None, published: date | None) -> None:
        self.prose = prose
        self.low = prose.low
        self.mentions = mentions
        self.nameless = without_names(prose.low, ((one.start, one.end) for one in mentions))
        self.portal = portal
        self.numbers = find_numbers(prose.low)
        self.heading = ""  # the line before, as a heading of the items that follow
        self.opening = opening_of(prose, title)
        self.time = Timing(prose, title, self.opening, published)
        self.cluster = scopes.find_cluster(prose, mentions)
        self.own, self.own_source = own_place(prose, title, self.opening, mentions, self.cluster, portal)

    def read(self) -> Figures:
        """All figures, in order."""
        observations: list[Observation] = []
        unread: list[Unread] = []
        tables = find_tables(self.prose)
        covered = [(table.start, table.end) for table in tables]
        for table in tables:
            aims = self._table_aims(table.start)
            frame = self.time.of_table(table.start, target=aims)
            for cell in table.cells:
                observations += self._cell(cell, frame, "target" if aims else "actual")
        state = Carried(planning=self.time.plans, plan=self.time.reported.plan if self.time.plans else None)
        previous_line = ""
        for index, paragraph in enumerate(self.prose.sentences):
            first = paragraph[0]
            if any(start <= first.start < end for start, end in covered):
                continue
            line = self.low[self.prose.paragraphs[index].start : self.prose.paragraphs[index].end]
            self._new_paragraph(state, line, previous_line, self.prose.paragraphs[index])
            for span in paragraph:
                self._sentence(span, state, observations, unread)
            previous_line = line
        return Figures(tuple(self._once(observations)), tuple(unread), self.own)

    def _begins_with_place(self, span: Span) -> bool:
        return any(0 <= one.start - span.start <= 3 for one in self.mentions)

    def _once(self, observations: list[Observation]) -> list[Observation]:
        """Each figure once, where it is first told; those of the title only where the text has none."""
        told = sorted(observations, key=lambda one: (one.start < self.opening.start, one.start))
        kept: dict[tuple[object, ...], Observation] = {}
        for one in told:
            in_title = one.start < self.opening.start
            if in_title and kept:
                continue
            kept.setdefault((one.indicator, one.scope, one.value, one.high, one.least, one.period, one.modality), one)
        return sorted(kept.values(), key=lambda one: one.start)

    def _new_paragraph(self, state: Carried, line: str, previous: str, span: Span) -> None:
        state.ours = True
        state.last = {}
        item = re.match(r"[-+•*]|[a-zđ]\)|\d{1,2}[.)]", line) is not None
        if not item and not (state.heading and self._begins_with_place(span)):
            state.heading = ""
        if previous.endswith(":") and len(previous) < 160:
            state.heading = self.heading
        self.heading = _DIGITS.sub("<n>", self.nameless[span.start : span.end])
        if not item and not previous.endswith(":"):
            state.frame = state.as_of = None
            state.place = None
            state.many_years = False
            if not self.time.plans:
                state.planning = False
        aims = PLAN_HEADING.search(line) and not NOT_TARGET.search(line) and not WHAT_FOR.search(line)
        if len(line) < 160 and aims and (line.endswith(":") or len(line) < 70):
            state.planning = True
            frames = [one for one in self.time.periods if span.start <= one.start < span.end and one.period]
            if frames:
                state.plan = frames[0].period
        elif len(line) < 70 and _HEADING_OF_RESULTS.search(line) and not item:
            state.planning = False
        if re.match(r"(?:[ivx]+|[a-z])[.)] ", line) and PLAN_HEADING.search(line) is None and len(line) < 70:
            state.planning = self.time.plans

    def _sentence(self, span: Span, state: Carried, observations: list[Observation], unread: list[Unread]) -> None:
        low = self.low
        numbers = [one for one in self.numbers if span.start <= one.start < span.end]
        periods = self.time.within(span)
        anchors = scopes.anchors(self.prose, span, self.mentions, self.own, self.cluster, self.portal)
        starts = [one.start for one in numbers]
        self._announce(span, periods, state)
        segments = self._segments(span, state)
        inherited = dict(state.last)
        goes_on = _GOES_ON.match(low, span.start) is not None
        last: Observation | None = None
        for index, number in enumerate(numbers):
            following = numbers[index + 1].start if index + 1 < len(numbers) else span.end
            previous_end = numbers[index - 1].after if index else None
            words = around(self.nameless, number.start, span.start, number.after, following, number.per, previous_end, span.end)
            if state.heading:
                words = replace(words, before=f"{state.heading} {words.before}")
            ours = next(told for start, end, told in segments if start <= number.start < end)
            kind = "count" if number.kind == "count" else "money"
            before = last or inherited.get(kind)
            if words.after.startswith(" suất"):
                before = state.last.get(_PORTION)
            elif before and last is None and not goes_on:
                before = None
            rule = match_rule(number, words, before.indicator if before else None) if ours else None
            if rule is None:
                if ours:
                    unread.append(Unread(number.start, number.end, span.start, span.end, number.kind))
                continue
            if rule.indicator is None:
                continue
            where = scopes.place_of(self.prose, anchors, number.start, following, starts, self.own)
            follows = before if rule.follows or (last and rule.indicator == f"ty_le_{last.indicator}") else None
            read = self._observe(number, rule, span, following, where, anchors, periods, state, follows)
            if is_beyond(read):
                unread.append(Unread(number.start, number.end, span.start, span.end, number.kind))
                continue
            if is_part(read, observations, low):
                continue
            last = read
            observations.append(last)
            state.last[kind] = last
            if last.indicator in ("hoc_bong_suat", "qua_tang_suat"):
                state.last[_PORTION] = last
            if (
                last.period_source in ("sentence", "previous_sentence")
                and last.period
                and last.period.kind == "asof"
                and last.modality == "actual"
            ):
                self.time.stood[last.indicator] = last.period
        if numbers or anchors or periods:
            self._carry(span, anchors, periods, state, last)

    def _segments(self, span: Span, state: Carried) -> list[tuple[int, int, bool]]:
        """The parts of a sentence between semicolons, and whether each speaks of our association."""
        found = []
        start = span.start
        for end in [*(m.end() for m in re.finditer(";", self.low[span.start : span.end])), span.end - span.start]:
            part = self.low[start : span.start + end]
            other, ours = _OTHER.search(part), _OURS.search(part)
            if other and not ours:
                state.ours = False
            elif ours:
                state.ours = True
            found.append((start, span.start + end, state.ours))
            start = span.start + end
        return [one for one in found if one[0] < one[1]] or [(span.start, span.end, state.ours)]

    def _announce(self, span: Span, periods: list[PeriodMention], state: Carried) -> None:
        """A sentence that ends in a colon and speaks of aims: the items after it are aims."""
        sentence = self.low[span.start : span.end]
        if sentence.endswith(":") and TARGET.search(sentence) and not NOT_TARGET.search(sentence):
            state.planning = True
            future = [one.period for one in periods if one.period and one.role in ("frame", "term")]
            state.plan = future[-1] if future else state.plan

    def _carry(self, span: Span, anchors: list[Anchor], periods: list[PeriodMention], state: Carried, last: Observation | None) -> None:
        opening = [one for one in periods if one.start - span.start <= _FRAME_OPENS and one.role != "event"]
        opening = [one for one in opening if not self._in_brackets(span, one.start)]
        if opening:
            state.many_years = opening[0].name in MANY_YEARS
        opening = [one for one in opening if one.period]
        aims = find_aims(self.low[span.start : span.end])
        if last and self._in_brackets(span, last.start):
            last = None
        if last and not opening and last.period_source == "sentence" and last.modality == "actual" and last.period in self.time.frames:
            spans_years = last.period is not None and (last.period.start or "")[:4] != (last.period.end or "")[:4]
            state.frame = last.period if spans_years or self.time.is_of_now(last.period) else state.frame
        if opening and not aims:
            stated = opening[0].period
            state.as_of = stated if stated and stated.kind == "asof" else None
            state.frame = stated if stated and stated.kind == "range" else state.frame
        named = [one for one in anchors if one.scope]
        first = [one for one in named if one.start - span.start <= 12 or scopes.is_subject(self.low[span.start : one.start], one, self.own)]
        state.place = first[0].scope if first and len({one.scope for one in named}) == 1 else None

    def _in_brackets(self, span: Span, at: int) -> bool:
        return self.low.rfind("(", span.start, at) > self.low.rfind(")", span.start, at)

    def _modality(self, span: Span, number: Number, periods: list[PeriodMention], state: Carried) -> bool:
        """Whether the figure is an aim: the last word about it before the number decides."""
        before = self.low[span.start : number.start]
        aims = find_aims(before)
        done = [m.start() for m in DONE.finditer(before)]
        if aims:
            return not done or done[-1] < aims[-1]
        if done:
            return False
        near = [one for one in periods if one.start < number.start and one.period]
        if near and near[-1].period and self.time.known.published and near[-1].period.kind == "range":
            start, end = near[-1].period.start or "", near[-1].period.end or ""
            if start > self.time.known.published.isoformat():
                return True
            if near[-1].name == "past_year" or (end < self.time.known.published.isoformat() and near[-1].role in ("frame", "term")):
                return False
        return state.planning

    def _observe(
        self,
        number: Number,
        rule: Rule,
        span: Span,
        following: int,
        where: tuple[Scope | None, PlaceSource] | None,
        anchors: list[Anchor],
        periods: list[PeriodMention],
        state: Carried,
        follows: Observation | None,
    ) -> Observation:
        target = self._modality(span, number, periods, state)
        indicator = rule.indicator or ""
        period, period_source = self.time.period_of(indicator, rule.name, span, number, following, periods, state, target=target)
        if follows and period_source != "sentence" and not target:
            period, period_source = follows.period, "previous_sentence"
        if where is None and state.place is not None:
            named = next((one.scope for one in anchors if not one.mention and one.scope), None)
            where = (named, "sentence") if named else (state.place, "context")
        place, place_source = where or (self.own, self.own_source)
        return Observation(
            indicator=indicator,
            scope=place,
            place_source=place_source,
            value=number.value,
            high=number.high,
            whole=number.whole,
            least=number.least,
            qualifier=number.qualifier,
            period=period,
            period_source=period_source,
            modality="target" if target else "actual",
            status=self._status(indicator, span, number, following),
            start=number.start,
            end=self._printed_end(number),
            quote_start=span.start,
            quote_end=span.end,
            rule=rule.name,
            confidence=confidence_of(rule.confidence, place, place_source, period, period_source),
        )

    def _printed_end(self, number: Number) -> int:
        """A rate's sign belongs to what is printed; “đồng” does not."""
        return number.after if number.kind == "percent" else number.end

    def _status(self, indicator: str, span: Span, number: Number, following: int) -> str | None:
        if indicator not in _WITH_STATUS:
            return None
        after = self.low[number.after : following].split(";")[0]
        before = self.low[span.start : number.start].rsplit(";", 1)[-1]
        for text, last in ((after, False), (before, True)):
            found = [(match.start(), name) for name, pattern in _STATUS for match in pattern.finditer(text)]
            if found:
                return (max if last else min)(found)[1]
        return None

    def _table_aims(self, start: int) -> bool:
        """Whether a table is of aims: the line above it says so, or the heading above that, or the title."""
        above = [self.low[span.start : span.end] for span in self.prose.paragraphs if self.opening.start <= span.start < start][-2:]
        for distance, line in enumerate(reversed(above)):
            if DONE.search(line):
                return False
            if find_aims(line) if distance == 0 else len(line) < 160 and PLAN_HEADING.search(line):
                return True
        return self.time.plans

    def _cell(self, cell: Cell, frame: tuple[Period | None, PeriodSource], modality: Literal["actual", "target"]) -> list[Observation]:
        inside = [one for one in self.mentions if cell.row_start <= one.start < cell.row_label_end]
        if cell.is_total:
            place = self.own
        elif inside and inside[0].unit:  # “Xã Cam An (huyện Cam Lộ)”: a commune that is in no list is not its district
            place = scopes.of_unit(inside[0].unit)
        else:
            place = None
        named = self.time.within(cell.heading)
        if named:
            is_stock = indicators()[cell.indicator].measure == "stock"
            period = self.time.told_by(named[0], happens=not is_stock) if len(named) == 1 else None
            frame = None if modality == "actual" and self.time.is_ahead(period) else period, "sentence"
        heading = self.low[cell.heading.start : cell.heading.end]
        status = next((name for name, pattern in _STATUS if pattern.search(heading)), None) if cell.indicator in _WITH_STATUS else None
        observation = Observation(
            cell.indicator, place, "table", cell.value, None, cell.whole, None, "eq", frame[0], frame[1], modality, status,
            cell.start, cell.end, cell.row_start, cell.row_end, cell.rule, confidence_of(0.95, place, "table", *frame),
        )  # fmt: skip
        return [] if is_beyond(observation) else [observation]


def read_figures(prose: Prose, title: str, mentions: list[PlaceMention], portal: str | None, published: date | None) -> Figures:
    """Read the figures of one article on the topic. ``title`` as matched text; ``portal`` the unit whose portal printed it."""
    return _Reader(prose, title, mentions, portal, published).read()
