"""What was read out of an article, for its page: topics, places, figures with the sentence that proves each, the story it is part of.

An archive that was last written before there was an analysis has none of these tables: then there is nothing to show.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

Row = dict[str, Any]
Span = tuple[int, int, str]
"""Where a sentence stands in a text (start, end), and its anchor on the page."""


@dataclass(frozen=True, slots=True)
class Findings:
    """``spans``: by field of the article, the sentences that figures were read from, in order and apart from each other."""

    topics: list[Row] = field(default_factory=list)
    places: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    story: list[Row] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(default_factory=dict)


def load_findings(connection: sqlite3.Connection, article_id: int) -> Findings:
    """Everything that was read out of one article."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'figures'").fetchone() is None:
        return Findings()
    figures = _rows(
        connection,
        "SELECT f.observation_id, f.indicator_id, i.label, i.unit, f.place_id, f.place_name, f.value, f.value_max, f.denominator,"
        " f.qualifier, f.period_start, f.period_end, f.modality, f.quote, f.review, o.field, o.quote_start, o.quote_end"
        " FROM figures f JOIN indicators i ON i.id = f.indicator_id LEFT JOIN observations o ON o.id = f.observation_id"
        " WHERE f.article_id = ? ORDER BY o.field = 'body', o.field, o.value_start",
        article_id,
    )
    spans: dict[str, list[Span]] = {}
    for figure in figures:
        figure["anchor"] = _anchor(spans, figure)
    return Findings(
        topics=_rows(
            connection,
            "SELECT t.id, t.label, a.words FROM article_topics a JOIN topics t ON t.id = a.topic_id"
            " WHERE a.article_id = ? ORDER BY t.label",
            article_id,
        ),
        places=_rows(
            connection,
            "SELECT p.id, p.name, count(*) AS mentions FROM article_places a JOIN places p ON p.id = a.place_id"
            " WHERE a.article_id = ? GROUP BY p.id ORDER BY mentions DESC, p.name",
            article_id,
        ),
        figures=figures,
        story=_rows(
            connection,
            "SELECT a.uid, a.title, a.published_at, s.publisher FROM story_articles mine"
            " JOIN story_articles other ON other.story_id = mine.story_id AND other.article_id <> mine.article_id"
            " JOIN articles a ON a.id = other.article_id JOIN sources s ON s.id = a.source_id"
            " WHERE mine.article_id = ? ORDER BY a.published_at, a.id",
            article_id,
        ),
        spans=spans,
    )


def _anchor(spans: dict[str, list[Span]], figure: Row) -> str | None:
    """The anchor of a figure's sentence: its own, or that of the sentence before which it shares; None where it has no place."""
    if figure["quote_start"] is None:
        return None
    marked = spans.setdefault(figure["field"], [])
    start, end = figure["quote_start"], figure["quote_end"]
    for known_start, known_end, anchor in marked:
        if start < known_end and known_start < end:
            return anchor
    anchor = f"cau-{sum(map(len, spans.values())) + 1}"
    marked.append((start, end, anchor))
    return anchor


def marked_paragraphs(text: str, spans: Iterable[Span]) -> Markup:
    """A text as stored, with the sentences that figures were read from marked; blank lines separate paragraphs."""
    known = sorted(spans)
    out, at = [], 0
    for part in text.split("\n\n"):
        if part:
            out.append(Markup("<p>{}</p>").format(_marked(part, at, known)))
        at += len(part) + 2
    return Markup('<div class="text">{}</div>').format(Markup("").join(out))


def marked_title(title: str, spans: Iterable[Span]) -> Markup:
    """A title, marked likewise."""
    return _marked(title, 0, sorted(spans))


def _marked(part: str, offset: int, spans: list[Span]) -> Markup:
    """One paragraph; a span is marked as far as it stands in it, and its anchor set where it begins."""
    pieces, at = [], 0
    for start, end, anchor in spans:
        first, last = max(start - offset, at), min(end - offset, len(part))
        if first >= last:
            continue
        pieces.append(_lines(part[at:first]))
        begins = Markup(' id="{}"').format(anchor) if start >= offset else ""
        pieces.append(Markup('<mark class="figure"{}>{}</mark>').format(begins, _lines(part[first:last])))
        at = last
    return Markup("").join([*pieces, _lines(part[at:])])


def _lines(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))


def _rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[Row]:
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
