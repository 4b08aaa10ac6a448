"""Whose news an article is: the place of the association that its title or opening names, a cluster, else its portal's."""

from __future__ import annotations

import re

from scraper.analyse import scope as scopes
from scraper.analyse.gazetteer import gazetteer
from scraper.analyse.mentions import PlaceMention
from scraper.analyse.prose import Prose, Span
from scraper.analyse.scope import Anchor, PlaceSource, Scope


def own_place(
    prose: Prose, title: str, opening: Span, mentions: list[PlaceMention], cluster: Scope | None, portal: str | None
) -> tuple[Scope | None, PlaceSource]:
    """The place that an article's figures are of where they name none themselves, and how it is known."""
    low = prose.low
    if cluster and (scopes.mentions_cluster(title) or scopes.mentions_cluster(low[opening.start : opening.end])):
        return cluster, "document"
    at = low.find(title) if title else -1
    spans = [Span(at, at + len(title))] if at >= 0 else []
    spans += [span for paragraph in prose.sentences for span in paragraph if opening.start <= span.start < opening.end]
    if len(spans) > 1 and (labelled := _within_label(prose, spans[0], spans[1], mentions, portal)):
        return labelled, "document"
    for span in spans:
        anchor = _main_place(prose, span, mentions, portal)
        if anchor:
            return anchor.scope, "document"
    return (scopes.of_unit(portal), "portal") if portal else (None, "portal")


def _within_label(prose: Prose, title: Span, first: Span, mentions: list[PlaceMention], portal: str | None) -> Scope | None:
    """“Quảng Ninh: …” says where the news is from; the association that the first sentence names is whose news it is."""
    label = next((one for one in mentions if one.start == title.start and one.unit), None)
    if label is None or not prose.low.startswith(":", label.end):
        return None
    for anchor in scopes.anchors(prose, first, mentions, None, None, portal):
        unit = anchor.scope.unit if anchor.scope else None
        if unit and anchor.mention and prose.low[first.start : anchor.start].endswith("hội khuyến học "):
            return anchor.scope if gazetteer().is_within(unit, label.unit or "") else None
    return None


def _main_place(prose: Prose, span: Span, mentions: list[PlaceMention], portal: str | None) -> Anchor | None:
    """Whose news a title or sentence is: the association's place if it names one, else the first place. Either may be in no list."""
    found = scopes.anchors(prose, span, mentions, None, None, portal)
    for anchor in found:
        before = prose.low[span.start : anchor.start]
        if (anchor.scope or anchor.mention) and (
            re.search(r"khuyến học (?:của )?$", before) or prose.low.startswith("hội khuyến học", anchor.start)
        ):
            return anchor
    for anchor in found:
        if anchor.mention:
            return anchor
        if anchor.scope and (anchor.scope.level == "country" or prose.low.startswith(("toàn", "cả"), anchor.start)):
            return anchor
    return None
