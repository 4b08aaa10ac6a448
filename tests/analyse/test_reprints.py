"""Reprints: copies that are cut, edited or added to; not last year's report with this year's numbers."""

from __future__ import annotations

import random
import unicodedata

from scraper.analyse.reprints import agreement, containment, is_reprint, sample

WORDS = [
    "hội",
    "khuyến",
    "học",
    "huyện",
    "tổ",
    "chức",
    "trao",
    "học",
    "bổng",
    "cho",
    "em",
    "nghèo",
    "vượt",
    "khó",
    "trong",
    "năm",
    "học",
    "mới",
    "tại",
    "nhà",
    "văn",
    "hóa",
    "xã",
    "với",
    "sự",
    "có",
    "mặt",
    "của",
    "lãnh",
    "đạo",
    "các",
    "ban",
    "ngành",
    "đoàn",
    "thể",
    "đông",
    "đảo",
    "bà",
    "con",
    "phụ",
    "huynh",
    "quỹ",
    "do",
    "doanh",
    "nghiệp",
    "con",
    "xa",
    "quê",
    "đóng",
    "góp",
    "được",
    "công",
    "khai",
    "từng",
    "đồng",
    "trên",
    "loa",
]


def story(seed: int, words: int = 240) -> str:
    """A text with a number every dozen words."""
    rng = random.Random(seed)
    return " ".join(rng.choice(WORDS) if at % 12 else str(rng.randint(100, 99_999)) for at in range(1, words))


def compare(one: str, other: str) -> bool:
    return is_reprint(containment(sample(one), sample(other)), agreement(one, other))


def test_a_copy_is_a_reprint_however_it_is_marked() -> None:
    text = story(1)
    assert compare(text, text)
    assert compare(text, unicodedata.normalize("NFC", text.upper()))


def test_cut_to_its_lead_or_with_a_paragraph_more() -> None:
    text = story(1)
    assert compare(text, " ".join(text.split()[:90]))
    assert compare(text, f"{text} {story(2, 50)}")


def test_last_year_s_template_is_none() -> None:
    """Same words, other numbers: contained nearly whole, and still another story."""
    first = story(1, 600).split()
    rng = random.Random(3)
    changed = [str(rng.randint(100, 99_999)) if word.isdigit() and at % 3 else word for at, word in enumerate(first)]
    assert not compare(" ".join(first), " ".join(changed))


def test_another_story_is_none() -> None:
    assert not compare(story(1), story(2))


def test_short_texts_cannot_be_compared() -> None:
    assert not compare("Hội Khuyến học trao 20 suất học bổng.", "Hội Khuyến học trao 20 suất học bổng.")
    assert agreement("không có số", "có 5") is None
