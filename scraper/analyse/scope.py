"""Which place a figure is of: the place named before it, “toàn huyện”, the cluster, the place before, the article's own.

Every answer carries its source: ``sentence``, ``list`` (of several places in one sentence), ``context`` (a sentence before),
``document`` (the article's title or opening) or ``portal``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from scraper.analyse.candidates import FIGURE_FOLLOWS, capitalised
from scraper.analyse.gazetteer import TYPES, gazetteer
from scraper.analyse.mentions import PlaceMention
from scraper.analyse.prose import Prose, Span

PlaceSource = Literal["sentence", "list", "context", "document", "portal", "table"]


@dataclass(frozen=True, slots=True)
class Scope:
    """A place that figures are of: one unit, a cluster of units, or the country (``level``)."""

    level: str
    unit: str | None = None
    name: str = ""
    members: tuple[str, ...] = ()

    def as_place(self) -> dict[str, Any]:
        """In the form of the gold file."""
        if self.unit:
            return gazetteer().units[self.unit].as_place()
        place: dict[str, Any] = {"name": self.name, "level": self.level, "code": None}
        if self.members:
            place["members"] = [gazetteer().units[member].code for member in self.members]
        return place


COUNTRY = Scope("country", name="Việt Nam")


def of_unit(unit: str) -> Scope:
    """The scope of one unit."""
    return Scope(gazetteer().units[unit].level, unit)


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something in a sentence that says what place the figures after it are of."""

    start: int
    end: int
    scope: Scope | None
    source: PlaceSource
    mention: bool = False
    in_clause: bool = False
    """It says so up to the next semicolon only."""


_WORD = "|".join(TYPES)
_REFERENCE = re.compile(
    rf"(?<!\w)(?:(?P<strong>toàn|cả|trên địa bàn|địa bàn|trong toàn|trong|hội khuyến học|khuyến học|của|"
    rf"ubnd|chủ tịch|hội|các cấp hội|quỹ khuyến học) )?"
    rf"(?P<type>{_WORD})\b(?!,| và|/|-| ?:)(?P<verb> (?:hiện|đã|có|ta|nhà|này|đang|vận động|tổ chức|trao|"
    rf"duy trì|cũng|được|thống nhất|đạt|mở|phấn đấu|kết nạp|triển khai|đặt|nhắm|lập|còn|tặng))?"
)
_PLURAL = re.compile(r"(?:(?<![\d/.])\d{1,3}|các|mỗi|từng|cấp|hai|ba|bốn|liên|nhiều|một số|số|những|ngoài|cùng|thuộc) ?$")
_IN_LIST = re.compile(rf"(?:{_WORD})(?:,| và|/| -) ?$")
# “được Trung ương Hội tặng Bằng khen”: those who are praised are ours.
_COUNTRY = re.compile(r"\b(?:cả nước|toàn quốc|trên cả nước|(?<!được )(?P<body>trung ương hội khuyến học việt nam))\b")
_TOTAL = re.compile(r"\b(?:với tổng số|nâng tổng số|tổng cộng|cả thảy|tất cả)\b")
_CLUSTER_REFERENCE = re.compile(
    r"\b(?:(?:toàn|cả|trong|của|các tỉnh|các huyện) cụm|cụm (?:đã|có|hiện|thi đua|iv|i{1,3}|v|vi{0,3}|số|\d))\b"
)
_CLUSTER = re.compile(r"cụm (?:thi đua|[ivx]+\b|số|\d)")
_CLUSTER_OPENS = re.compile(rf"[-+•*\s]*(?:các \w+ |toàn |trong )*{_CLUSTER.pattern}")
_CLUSTER_LIST = re.compile(
    r"(?<!\w)gồm(?: có)?(?: (?:các|\d+|hai|ba|bốn|năm|sáu))?(?: (?:tỉnh|huyện|xã|thành phố|đơn vị|địa phương|"
    r"huyện, thành phố|hội)[ ,]*)*:? ?"
)
_VENUE = re.compile(
    r"(?:^|[ ,(])(?:tại|ở) (?:(?:hội trường|trung tâm|nhà văn hóa|trường|ubnd|trụ sở|khách sạn|văn phòng|"
    r"huyện ủy|nhà thi đấu|sân vận động|quảng trường|bộ chqs|điểm)[^,.;]{0,40})$"
)
# “Hội Khuyến học tỉnh trao 100 suất tại huyện A”: the figure is of the one who gives.
_HELD_AT = re.compile(r"(?:hội|quỹ) khuyến học (?:¶|\w)[^;]*(?:tổ chức|trao|mở|phối hợp|tặng|khai mạc|tập huấn|bồi dưỡng)[^;]* (?:tại|ở) $")
_CREDIT = re.compile(r"\((?:web|báo|cổng|trang|đài|theo|nguồn)[^)]{0,40}$")
_VENUE_BEFORE_HOST = re.compile(r"(?:tại|ở) $")
_COMPARED = re.compile(r"so với[^,;.]*$")
# “Học tập kinh nghiệm của tỉnh A, đến nay …”, “Bắt đầu từ xã A, …”: what follows is not of A.
_EXAMPLE = re.compile(r"(?<!\w)(?:kinh nghiệm (?:của|từ|ở|tại)|(?:bắt đầu|khởi đầu|xuất phát) từ)(?: hội khuyến học)? $")
_EXCEPT = re.compile(r"(?<!\w)ngoài $")
# “Đoàn từ thiện TP. A”, “Hội đồng hương A tại B”: the place in the name of one who gives.
_DONOR = re.compile(
    r"(?<!\w)(?:đoàn từ thiện|hội đồng hương|câu lạc bộ|công ty)"
    r"(?: (?!trao|tặng|ủng|hỗ|tài|cho|đã|đến|về|thăm|phối|tổ)[^\s,.;:()]+){0,8} $"
)
# “UBND tỉnh tặng Bằng khen cho 2 tập thể”, “Bằng khen của UBND tỉnh cho 2 tập thể”: those who are praised are ours.
_PRAISE = r"(?:bằng khen|giấy khen|cờ thi đua|kỷ niệm chương)"
_PRAISES = re.compile(rf"[^,;.\d]{{0,30}}?(?:tặng|trao|tặng thưởng) {_PRAISE}")
_PRAISE_OF = re.compile(rf"{_PRAISE}[^,;.\d]{{0,30}} của [^,;.\d]{{0,40}}$")
_ASSOCIATION_OF = re.compile(r"\W*(?:đến nay, |hiện nay, |hiện )?(?:các cấp )?hội khuyến học (?:của )?")
_CLAUSE = re.compile(r"[,;:(]\s*|(?<!\w)(?:và|như|là|gồm) ")
# “Một số xã như A, B, số hội viên còn thấp”: the figures after it are of those.
_SUCH_AS = re.compile(
    r"(?<!\w)(?:một số|nhiều|những|vài) (?:xã|phường|thị trấn|huyện|đơn vị|địa phương|thôn|chi hội)(?: [^\s,.;:()\d]+){0,5}? như:? (?=\w)"
)
_BULLET = re.compile(r"[-+•*\s]*")
# First words of what is no place, where each word has a capital: “Quỹ Khuyến Học: 45 triệu đồng”, “Ông Trần Văn Nam với 2 triệu đồng”.
_NO_PLACE = frozenset(
    ("hội", "chi", "quỹ", "ban", "đoàn", "giải", "ông", "bà", "anh", "chị", "em", "thầy", "cô", "học", "công", "toàn", "tổng", "số", "năm")
)


def references(prose: Prose, span: Span, mentions: list[PlaceMention], own: Scope | None, portal: str | None) -> list[Anchor]:
    """“toàn huyện”, “xã hiện có”, “cả nước”: what a type word without a name means here."""
    low, found = prose.low, []
    for match in _REFERENCE.finditer(low, span.start, span.end):
        at = match.start("type")
        if not (match["strong"] or match["verb"]) or any(m.start <= at < m.end for m in mentions):
            continue
        if not match["strong"] and (_PLURAL.search(low[max(0, at - 10) : at]) or _IN_LIST.search(low[max(0, at - 14) : at])):
            continue
        if match["strong"] in ("trong", "của", "hội") and not match["verb"] and low[match.end() : match.end() + 1].isalpha():
            continue
        unit = _refer(match["type"], at, mentions, own, portal)
        found.append(Anchor(match.start(), match.end("type"), of_unit(unit) if unit else None, "sentence"))
    found += [
        Anchor(m.start(), m.end(), COUNTRY, "sentence", in_clause=bool(m["body"])) for m in _COUNTRY.finditer(low, span.start, span.end)
    ]
    return found


def _refer(kind: str, at: int, mentions: list[PlaceMention], own: Scope | None, portal: str | None) -> str | None:
    names = gazetteer()
    if own and own.unit:
        for unit in names.chain(own.unit):
            if names.units[unit].type == kind:
                return unit
    before = [one for one in mentions if one.start < at]
    if any(one.unit is None and one.typed == kind for one in before):
        return None  # it may be the one that is in no list
    for mention in reversed(before):
        for unit in names.chain(mention.unit or ""):
            if names.units[unit].type == kind:
                return unit
    return next((unit for unit in names.chain(portal or "") if names.units[unit].type == kind), None)


def find_cluster(prose: Prose, mentions: list[PlaceMention]) -> Scope | None:
    """The emulation cluster that an article defines (“Cụm IV gồm 5 tỉnh: …”); None if it names no members."""
    names = gazetteer()
    for paragraph in prose.sentences:
        for span in paragraph:
            cluster = _CLUSTER.search(prose.low, span.start, span.end)
            listing = _CLUSTER_LIST.search(prose.low, cluster.end(), span.end) if cluster else None
            if cluster is None or listing is None:
                continue
            members: list[str] = []
            position = listing.end()
            for mention in mentions:
                if mention.start < listing.end() - 14 or mention.start >= span.end:
                    continue
                gap = prose.low[position : mention.start] if mention.start > position else ""
                if not re.fullmatch(r"[ :,;]*(?:(?:và|các|huyện|tỉnh|xã)[ :]*)*", gap):
                    break
                if mention.unit is None:
                    return None
                members.append(mention.unit)
                position = mention.end
            if len(members) >= 2 and len({names.units[member].level for member in members}) == 1:
                return Scope("cluster", None, prose.text[cluster.start() : listing.start()].strip(" ,:("), tuple(members))
    return None


def mentions_cluster(low: str) -> bool:
    """Whether a title or opening speaks of a cluster."""
    return bool(_CLUSTER.search(low))


def anchors(
    prose: Prose, span: Span, mentions: list[PlaceMention], own: Scope | None, cluster: Scope | None, portal: str | None
) -> list[Anchor]:
    """Everything in a sentence that says whose the figures are, in order."""
    low = prose.low
    found: list[Anchor] = []
    venue_end = except_end = -1
    for mention in mentions:
        if not span.start <= mention.start < span.end or mention.within:
            continue
        before = low[span.start : mention.start]
        if _CREDIT.search(before):
            continue
        if _HELD_AT.search(before) or (venue_end >= 0 and _COORDINATE.match(low[venue_end : mention.start])):
            venue_end = mention.end
            continue
        if _VENUE.search(before) or _COMPARED.search(before) or _EXAMPLE.search(before) or _is_donor(before, mention, own, portal):
            continue
        if _VENUE_BEFORE_HOST.search(before[-5:]) and re.match(
            r"[^.;]{0,60}?,? ?(?:ban|hội khuyến học|hội|cụm|ubnd|quỹ)\b", low[mention.end : min(span.end, mention.end + 60)]
        ):
            continue
        if _EXCEPT.search(before) or (except_end >= 0 and _COORDINATE.match(low[except_end : mention.start])):
            except_end = mention.end
        # A name in no list, of two places, or left out (“ngoài xã A, 13 xã còn lại …”): what follows is not of the place before it.
        scope = of_unit(mention.unit) if mention.unit and except_end != mention.end else None
        found.append(Anchor(mention.start, mention.end, scope, "sentence", mention=True))
    found += [Anchor(m.start(), m.end(), None, "sentence", mention=True) for m in _SUCH_AS.finditer(low, span.start, span.end)]
    found += _unlisted(prose, span, mentions) + references(prose, span, mentions, own, portal)
    opens = None if cluster else _CLUSTER_OPENS.match(low, span.start, span.end)
    if opens:  # which places it has is not told
        found.append(Anchor(span.start, opens.end(), None, "sentence", mention=True))
    if cluster:
        found += [Anchor(m.start(), m.end(), cluster, "sentence") for m in _CLUSTER_REFERENCE.finditer(low, span.start, span.end)]
    found = [one for one in found if not _praises(low, span, one, own)]
    found.sort(key=lambda one: one.start)
    places = [one for one in found if one.mention]
    if len({one.scope for one in places}) > 1:
        found = [Anchor(a.start, a.end, a.scope, "list", a.mention) if a.mention else a for a in found]
    return found


def is_subject(before: str, one: Anchor, own: Scope | None) -> bool:
    """Whether a sentence opens with the association of a place within the article's own: the next one may speak of it still."""
    if not _ASSOCIATION_OF.fullmatch(before) or not (one.scope and one.scope.unit and own and own.unit):
        return False
    return one.scope != own and gazetteer().is_within(one.scope.unit, own.unit)


def _praises(low: str, span: Span, one: Anchor, own: Scope | None) -> bool:
    """Whether it names a body above the article's own place as the one who praises."""
    if one.scope is None or own is None or own.unit is None or one.scope == own:
        return False
    if one.scope != COUNTRY and not (one.scope.unit and gazetteer().is_within(own.unit, one.scope.unit)):
        return False
    return bool(_PRAISES.match(low, one.end, span.end) or _PRAISE_OF.search(low[span.start : one.start]))


def _is_donor(before: str, mention: PlaceMention, own: Scope | None, portal: str | None) -> bool:
    """Whether a place is in the name of one who gives; one of the article's own place speaks for it all the same."""
    home = own.unit if own else portal
    names = gazetteer()
    return bool(mention.unit and _DONOR.search(before) and not (home and names.is_within(mention.unit, home)))


def _unlisted(prose: Prose, span: Span, mentions: list[PlaceMention]) -> list[Anchor]:
    """Bare names with a figure that are no unit's (“Quảng Uyên có 12.204 hội viên, …”): it is not of the place before them."""
    bullet = _BULLET.match(prose.low, span.start, span.end)
    openings = [bullet.end() if bullet else span.start, *(m.end() for m in _CLAUSE.finditer(prose.low, span.start, span.end))]
    inside = [one for one in mentions if one.start < span.end and span.start < one.end]
    found = []
    for start in openings:
        words = capitalised(prose.text, start)
        if len(words) < 2 or words[0][0].lower() in _NO_PLACE:
            continue
        end = words[-1].end()
        if FIGURE_FOLLOWS.match(prose.low, end, span.end) and not any(one.start < end and start < one.end for one in inside):
            found.append(Anchor(start, end, None, "sentence", mention=True))
    return found


def totals(low: str, span: Span) -> list[int]:
    """Where a sentence begins to sum up: “với tổng số”, “tổng cộng”."""
    return [match.start() for match in _TOTAL.finditer(low, span.start, span.end)]


_AFTER = re.compile(r"^[^,;.]{0,80}?(?:cho|tại|ở|của|trên địa bàn|trong|toàn)(?: [a-zà-ỹđ]+){0,5} $")
_COORDINATE = re.compile(r"^(?:,| và|,? cùng| -) ?(?:[a-zà-ỹđ.]+ ?){0,2}$")


def place_of(
    prose: Prose, found: list[Anchor], start: int, next_start: int, figures: list[int], own: Scope | None
) -> tuple[Scope | None, PlaceSource] | None:
    """The place of the figure at ``start``; None if the sentence names none. A scope of None: it cannot be known.

    ``figures`` are where the sentence's figures begin.
    """
    earlier = [one for one in found if one.start < start and not (one.in_clause and prose.low.find(";", one.end, start) >= 0)]
    if earlier:
        last = earlier[-1]
        if totals(prose.low, Span(last.end, start)) and last.mention and len({one.scope for one in earlier if one.mention}) > 1:
            return own, "document"
        if len(earlier) > 1 and earlier[-2].mention and last.mention and earlier[-2].scope != last.scope:
            between = prose.low[earlier[-2].end : last.start]
            if _COORDINATE.match(between) and not any(earlier[-2].end <= at < last.start for at in figures):
                return None, "list"
        return last.scope, last.source
    for one in found:
        if one.start >= next_start:
            break
        if _AFTER.match(prose.low[start : one.start].lstrip("0123456789.,/% ")):
            if one.mention and _is_listed(prose.low, one, found, figures):
                return None
            return one.scope, "sentence"
    return None


def _is_listed(low: str, one: Anchor, found: list[Anchor], figures: list[int]) -> bool:
    """Whether more places follow with nothing counted between: “mỗi suất 3 triệu đồng cho học sinh các huyện A, B, C” is of them all."""
    after = next((other for other in found if other.mention and other.start >= one.end), None)
    if after is None or not _COORDINATE.match(low[one.end : after.start]):
        return False
    return not any(one.end <= at < after.start for at in figures)
