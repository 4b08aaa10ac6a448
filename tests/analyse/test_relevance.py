"""Which articles are about khuyến học: labelled snippets with every trap we know, and the rules of the score one by one."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.analyse.relevance import THRESHOLD, Relevance, relevance

LABELLED = Path(__file__).with_name("labelled.tsv")


@dataclass(frozen=True)
class Scores:
    """How the score divides the labelled snippets."""

    precision: float
    recall: float
    false: tuple[str, ...]
    missed: tuple[str, ...]


def labelled() -> list[tuple[str, str, bool]]:
    with LABELLED.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["title"], row["text"], row["on_topic"] == "1") for row in rows]


@pytest.fixture(scope="module")
def scores() -> Scores:
    judged = [(title, wanted, relevance(title, text).is_on_topic()) for title, text, wanted in labelled()]
    found = sum(wanted and got for _, wanted, got in judged)
    false = tuple(title for title, wanted, got in judged if got and not wanted)
    missed = tuple(title for title, wanted, got in judged if wanted and not got)
    return Scores(found / (found + len(false)), found / (found + len(missed)), false, missed)


def test_the_labels_are_enough_and_apart() -> None:
    rows = labelled()
    assert len(rows) >= 200
    assert 0.4 < sum(wanted for *_, wanted in rows) / len(rows) < 0.6
    assert len({(title, text) for title, text, _ in rows}) == len(rows)


def test_recall(scores: Scores) -> None:
    assert scores.recall >= 0.98, scores.missed


def test_precision_does_not_fall(scores: Scores) -> None:
    assert scores.precision >= 0.96, scores.false


def test_precision(scores: Scores) -> None:
    assert scores.precision >= 0.97, scores.false


# The score


def test_a_word_in_the_title_counts_twice_and_in_the_text_by_its_logarithm() -> None:
    assert relevance("Khuyến học", "").score == 4.0
    assert relevance("Tin", "khuyến học").score == 2.0
    assert relevance("Tin", "khuyến học, khuyến học, khuyến học").score == 4.0
    assert relevance("Khuyến học", "khuyến học").score == 6.0


def test_a_stretch_of_text_counts_once_and_for_its_longest_term() -> None:
    assert relevance("", "hội khuyến học").score == 3.0
    assert relevance("", "quỹ khuyến học").words == ("quỹ khuyến học (×1) +3.0",)
    assert relevance("", "trung tâm học tập cộng đồng").words == ("trung tâm học tập cộng đồng (×1) +2.0",)


@pytest.mark.parametrize("text", ["HỘI KHUYẾN HỌC", "Hội Khuyến học", "hội khuyến học"])
def test_case_does_not_count(text: str) -> None:
    assert relevance("", text).score == 3.0


def test_marks_count_but_not_where_they_stand() -> None:
    assert relevance("", "khuyen hoc").score == 0.0
    assert relevance("", "khuyên học").score == 0.0
    assert relevance("", "xoá mù, hoà chung khuyến học").score == relevance("", "xóa mù, hòa chung khuyến học").score == 2.0


@pytest.mark.parametrize("text", ["khuyến học sinh", "đơn vị học tập"])
def test_words_are_whole(text: str) -> None:
    score = relevance("", f"{text}x").score
    assert score == (2.0 if text == "khuyến học sinh" else 0.0)


def test_advice_to_pupils_is_no_study_encouragement() -> None:
    assert relevance("Khuyến học sinh không tắm sông", "Nhà trường khuyến học sinh không tắm sông.").score == 0.0


def test_menus_do_not_count() -> None:
    menu = "Hội Nông dân | Hội Khuyến học | Hội Phụ nữ | Hội Khuyến học"
    assert relevance("Tin", f"Làm đường.\n{menu}\nHết.") == relevance("Tin", "Làm đường.\nHết.")
    assert relevance("Tin", "Hội Khuyến học | 12 | 14 | 16").score == 3.0, "a row of figures is no menu"


@pytest.mark.parametrize(
    ("title", "text", "passing"),
    [
        ("Tin", "Dự lễ có Hội Khuyến học.", True),
        ("Tin", "Dự lễ có Hội Khuyến học và quỹ khuyến học.", True),
        ("Tin", "Hội Khuyến học, quỹ khuyến học, xã hội học tập.", False),
        ("Tin", "Hội Khuyến học đến; Hội Khuyến học về.", False),
        ("Hội Khuyến học", "Một câu.", False),
        ("Tin", "Không có gì.", False),
    ],
)
def test_a_passing_mention(title: str, text: str, passing: bool) -> None:
    found = relevance(title, text)
    assert found.passing is passing
    assert found.is_on_topic() == (not passing and found.score >= THRESHOLD)


def test_the_reason_names_words_places_and_worth() -> None:
    found = relevance("Tin buồn", "Nguyên Chủ tịch Hội Khuyến học xã.")
    assert found.reason == "tin buồn (title) -8.0; hội khuyến học (×1) +3.0; passing mention"
    assert relevance("", "").reason == ""


def test_the_threshold_can_be_moved() -> None:
    found = relevance("Học tập suốt đời", "")
    assert found.score == 4.0
    assert found.is_on_topic(4.0)
    assert not found.is_on_topic(4.1)


TEXT = st.text("khuyến họchội ậpgađìnxs|\n", max_size=60)


@settings(max_examples=150, deadline=None)
@given(title=TEXT, text=TEXT)
def test_any_text_is_scored(title: str, text: str) -> None:
    found = relevance(title, text)
    assert isinstance(found, Relevance)
    assert math.isfinite(found.score)
    assert bool(found.words) or found.score == 0
    assert relevance(title, text) == found


@settings(max_examples=60, deadline=None)
@given(count=st.integers(1, 50))
def test_more_mentions_never_lower_it(count: int) -> None:
    fewer, more = (relevance("Tin", "Hội Khuyến học. " * number).score for number in (count, count + 1))
    assert more > fewer
