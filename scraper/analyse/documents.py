"""Given texts in the form of a gold file in, the same documents with relevance, topics, people and facts out.

A document has ``doc_id``, ``text``, ``published`` (ISO 8601 or null) and ``portal_place``; ``title`` is taken where it is
given and else the first line that is no furniture. Offsets of the output are into ``text`` exactly as given.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from scraper.analyse.article import Document, analyse, judge
from scraper.analyse.figure import as_fact
from scraper.analyse.gazetteer import NEW_EPOCH, NEW_FROM, gazetteer
from scraper.analyse.relevance import THRESHOLD
from scraper.extract.text import squash

_FURNITURE = re.compile(
    r"^\W*(?:thống kê|đang truy cập|lượt xem|lượt truy cập|trang chủ|cỡ chữ|in bài|chia sẻ|đăng nhập|"
    r"hôm nay|tổng truy cập|ngày đăng|tin tức|"
    r"\d[\d:,./ -]*|thứ |chủ nhật)",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])")
_DROPPED = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\r")


def analyse_given(given: dict[str, Any], threshold: float = THRESHOLD) -> dict[str, Any]:
    """One document with what was read in it. Raises KeyError where ``text`` is missing."""
    printed: str = given["text"]
    text, offsets = _plain(printed)
    title = squash(given.get("title") or "") or _title(text)
    found_title = next((line.strip() for line in text.split("\n") if squash(line) == title), title)
    published = given.get("published")
    dated = published if isinstance(published, str) and _DAY.match(published) else None
    document = Document(found_title, text, dated, _portal(given))
    judged = judge(document)
    relevant = judged.is_on_topic(threshold)
    out = {**given, "relevant": relevant, "relevance": {"score": judged.score, "words": judged.reason}}
    out |= {"topics": [], "people": [], "facts": []}
    if not relevant:
        return out
    read = analyse(document)
    facts = []
    for number, one in enumerate(figure for figure in read.figures.observations if figure.is_complete):
        fact = as_fact(one, text)
        for name in ("evidence_span", "value_span"):
            start, end = fact[name]
            fact[name] = [offsets[start], offsets[end - 1] + 1]
        fact["evidence"] = printed[slice(*fact["evidence_span"])]
        fact["value_text"] = printed[slice(*fact["value_span"])]
        facts.append({**fact, "id": f"{given.get('doc_id', '')}#{number + 1}"})
    out["topics"] = [topic.id for topic in read.topics]
    out["people"] = [{"name": p.name, "position": p.position, "organisation": p.body, "mentions": p.mentions} for p in read.people]
    out["facts"] = facts
    return out


def _title(text: str) -> str:
    lines = [squash(line) for line in text.split("\n") if squash(line)]
    return next((line for line in lines[:8] if not _FURNITURE.match(line) and len(line) > 12), lines[0] if lines else "")


def _portal(given: dict[str, Any]) -> str | None:
    place = given.get("portal_place") or {}
    code = place.get("code") or ""
    epoch = place.get("admin_epoch")
    unit = gazetteer().find(code, place.get("level"), epoch) if code else None
    if unit is None or (epoch is None and (given.get("published") or "") >= NEW_FROM and place.get("name")):
        newer = gazetteer().find(code, place.get("level"), NEW_EPOCH) if code else None
        if newer and (unit is None or (squash(place.get("name") or "") == newer.name != unit.name)):
            unit = newer
    return unit.id if unit else None


def _plain(printed: str) -> tuple[str, list[int]]:
    """The text in NFC without invisible characters, and for each of its characters the offset in what was given."""
    out: list[str] = []
    offsets: list[int] = []
    position = 0
    while position < len(printed):
        end = position + 1
        while end < len(printed) and unicodedata.combining(printed[end]):
            end += 1
        cluster = unicodedata.normalize("NFC", printed[position:end])
        if printed[position] not in _DROPPED:
            for char in cluster:
                out.append(" " if char == "\u00a0" else char)
                offsets.append(position)
        position = end
    return "".join(out), offsets
