"""Excerpts show original letters, and exactness knows marks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.text import clean
from scraper.web.found import EXCERPT, exactness, excerpt

TEXT = "Sáng 9/11, tại thị trấn Đông Khê, Hội Khuyến học huyện trao quà. Tỉ lệ gia đình học tập đạt 72%; hoà giải viên dự."


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("dong khe", ["Đông", "Khê"]),
        ("“đông khê”", ["Đông Khê"]),
        ("tỷ lệ", ["Tỉ", "lệ"]),
        ("ty le", ["Tỉ", "lệ"]),
        ("khuy*", ["Khuyến"]),
        ("hòa", ["hoà"]),
        ("qua -dong", ["quà"]),
        ("không có", []),
        ("", []),
    ],
)
def test_what_is_marked(query: str, marked: list[str]) -> None:
    shown = excerpt(query, TEXT)
    assert re.findall("⟦(.*?)⟧", shown) == marked
    assert re.sub("[⟦⟧]", "", shown) == TEXT


def test_a_long_text_is_cut_around_most_of_the_words() -> None:
    text = "Khuyến học. " + "Một câu khác. " * 60 + "Quỹ khuyến học và khuyến tài của dòng họ. " + "Câu cuối. " * 60
    shown = excerpt("khuyen hoc dong ho", text)

    assert "⟦dòng⟧ ⟦họ⟧" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < EXCERPT + 60


@pytest.mark.parametrize(
    ("query", "text", "count"),
    [
        ("Đông Khê", TEXT, 2),
        ("Đồng Khê", TEXT, 1),
        ("dong khe", TEXT, 0),
        ("hòa", TEXT, 1),
        ("hóa", TEXT, 0),
        ("“thị trấn Đông Khê”", TEXT, 1),
        ("“thị trấn Đông”", "thị trấn, Đông", 1),
        ("khuyế*", TEXT, 1),
        ("khuyế", TEXT, 0),
        ("-Đông quà", TEXT, 1),
    ],
)
def test_exactness(query: str, text: str, count: int) -> None:
    assert exactness(query, text) == count
    assert exactness(query, None, text) == count


@given(st.text(max_size=60), st.text(max_size=900))
def test_any_query_and_any_text(query: str, text: str) -> None:
    text = clean(text)
    shown = excerpt(query, text)
    assert exactness(query, text) >= 0
    if "⟦" not in text and "⟧" not in text:
        assert shown.count("⟦") == shown.count("⟧")
        assert shown.replace("⟦", "").replace("⟧", "").removeprefix("… ").removesuffix(" …") in " ".join(text.split())
