"""What the gate lets through: whole articles, short ones too; nothing without title or content, nothing much shorter than before."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.archive.gate import HALF, judge
from scraper.items import Article, Attachment

PICTURE = Attachment("http://a.vn/a.jpg", "image")


def article(title: str = "Tin", lead: str | None = None, body: str = "", attachments: tuple[Attachment, ...] = ()) -> Article:
    return Article("1", "http://a.vn/1", title, lead, body, attachments=attachments)


def kinds(read: Article, current: int | None) -> list[str]:
    verdict = judge(read, current)
    assert verdict.accepted == (not verdict.problems)
    return [problem.kind for problem in verdict.problems]


@pytest.mark.parametrize("current", [None, 0, 150, 5_000])
def test_without_a_title(current: int | None) -> None:
    assert kinds(article(title="", body="x" * 6_000), current) == ["title_missing"]


@pytest.mark.parametrize("current", [None, 150, 5_000])
def test_without_any_content(current: int | None) -> None:
    assert kinds(article(), current) == ["body_empty"]


def test_a_picture_or_a_file_is_content() -> None:
    assert kinds(article(attachments=(PICTURE,)), None) == []


def test_a_lead_is_content() -> None:
    assert kinds(article(lead="Một câu."), None) == []


@pytest.mark.parametrize(("length", "current", "accepted"), [(299, 1_000, False), (300, 1_000, True), (59, 200, False), (10, 199, True)])
def test_where_the_half_begins(length: int, current: int, accepted: bool) -> None:
    assert judge(article(body="x" * length), current).accepted is accepted


@settings(deadline=None)
@given(length=st.integers(1, 10_000), current=st.none() | st.integers(0, 10_000))
def test_only_much_less_is_refused(length: int, current: int | None) -> None:
    refused = kinds(article(body="x" * length), current)
    assert refused == (["half_page"] if current is not None and current >= 200 and length < HALF * current else [])


def test_the_lead_counts_on_both_sides() -> None:
    assert judge(article(lead="l" * 200, body="x" * 150), 1_000).accepted


def test_no_text_never_replaces_a_short_text() -> None:
    assert not judge(article(attachments=(PICTURE,)), 190).accepted
