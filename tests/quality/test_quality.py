"""The floor that only rises: figures of every family over the labelled pages, compared with ``baseline.json``.

A lower figure fails. A higher one fails too until it is written down: ``KHUYEN_HOC_UPDATE=1`` raises the baseline, never lowers it.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from scraper.cms import families
from scraper.extract.generic import read_generic
from scraper.extract.page import Refused, open_page
from scraper.items import Article, Capture
from tests.quality.pages import COUNT, Labelled, pages
from tests.quality.score import Answer, Score

BASELINE = Path(__file__).with_name("baseline.json")


def capture(page: Labelled) -> Capture:
    return Capture(page.url, "2026-11-22T00:00:00Z", 200, (("Content-Type", "text/html; charset=utf-8"),), page.html.encode())


def answer(article: Article | None) -> Answer:
    if article is None:
        return Answer()
    files = tuple(each.url for each in article.attachments if each.kind == "document")
    return Answer(article.title, article.text, article.byline, article.published_at, files)


@cache
def scores() -> dict[str, Score]:
    """By family, of the family's own reading; ``all`` of them; ``generic_on_all``: of the reading for unknown CMSs."""
    found: dict[str, Score] = defaultdict(Score)
    known = families()
    for page in pages():
        reading = known[page.template.cms].read(capture(page))
        for name in (page.template.cms, "all"):
            found[name].add(page, answer(reading.article))
        found["generic_on_all"].add(page, answer(_generic(page)))
    return dict(found)


def _generic(page: Labelled) -> Article | None:
    try:
        return read_generic(open_page(capture(page)), "key", page.url)[0]
    except Refused:
        return None


def test_there_are_240_pages_of_every_family() -> None:
    assert scores()["all"].pages == COUNT == 240
    assert scores().keys() == {*families(), "all", "generic_on_all"}


@pytest.mark.parametrize("family", [*families(), "all", "generic_on_all"])
def test_floor(family: str) -> None:
    floor = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    now = scores()[family].figures()
    before = floor.get(family, {})
    fallen = {name: (now[name], value) for name, value in before.items() if now[name] < value}
    assert not fallen, f"{family} fell: {fallen}\n" + "\n".join(scores()[family].worst)
    if now != before:
        if os.environ.get("KHUYEN_HOC_UPDATE"):
            floor[family] = now
            BASELINE.write_text(json.dumps(floor, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        pytest.fail(f"{family} is better than the baseline; write it down with KHUYEN_HOC_UPDATE=1: {now} for {before}")


def test_no_date_is_wrong() -> None:
    """Of every family, the generic one included: right, and none where none is printed."""
    assert scores()["all"].dates_wrong == 0, "\n".join(scores()["all"].worst)
    assert scores()["all"].dates_right == COUNT


def test_the_bars_of_the_families() -> None:
    for family in set(families()) - {"generic"}:
        score = scores()[family]
        assert score.f1 >= 0.98, (family, score.f1)
        assert score.leads == score.with_lead, family
        assert score.leaks == 0, family
        assert score.bylines_wrong == 0, family
