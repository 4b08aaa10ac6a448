"""Word by word: both texts can be put together again from the differences, and no input takes long."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from scraper.web.diff import MOST_WORDS, Passage, Run, compare

TEXT = st.lists(st.lists(st.sampled_from(["học", "bổng", "20", "triệu", ",", " ", "đ"]), max_size=8).map("".join), max_size=6).map(
    "\n\n".join
)


def _sides(passages: tuple[Passage, ...], old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Both texts out of the passages: unchanged paragraphs are counted, not repeated."""
    before, after = [], []
    for passage in passages:
        if passage.unchanged:
            before += old[len(before) : len(before) + passage.unchanged]
            after += new[len(after) : len(after) + passage.unchanged]
        else:
            before += [part for part in "".join(run.text for run in passage.runs if run.change != "in").split("\n\n") if part]
            after += [part for part in "".join(run.text for run in passage.runs if run.change != "out").split("\n\n") if part]
    return before, after


@given(TEXT, TEXT)
def test_nothing_is_lost(before: str, after: str) -> None:
    old, new = ([part for part in text.split("\n\n") if part] for text in (before, after))
    passages = compare(before, after)
    assert (passages == ()) == (before == after) or old == new
    if passages:
        assert _sides(passages, old, new) == (old, new)


def test_words_are_whole() -> None:
    assert compare("Trao 20 suất học bổng.\n\nHết.", "Trao 25 suất học bổng.\n\nHết.") == (
        Passage((Run("same", "Trao "), Run("out", "20"), Run("in", "25"), Run("same", " suất học bổng."))),
        Passage((), 1),
    )
    assert compare("", "Mới.") == (Passage((Run("in", "Mới."),)),)
    assert compare("Cũ.", "") == (Passage((Run("out", "Cũ."),)),)


def test_long_and_repetitive_texts_take_no_time() -> None:
    dice = random.Random(1)
    words = ["học", "khuyến", "xã", "bổng", "triệu"]
    for count in (MOST_WORDS // 2 - 1, 50_000):
        old = " ".join(dice.choices(words, k=count))
        new = " ".join(dice.choices(words, k=count))
        began = time.process_time()
        runs = compare(old, new)[0].runs
        assert time.process_time() - began < 8
        assert "".join(run.text for run in runs if run.change != "in") == old
