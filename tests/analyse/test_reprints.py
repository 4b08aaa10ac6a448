"""Reprints: copies that are cut, edited or added to; not last year's report with this year's numbers."""

from __future__ import annotations

import random
import unicodedata

import pytest

from scraper.analyse.reprints import PROMISING, agreement, containment, is_of_the_same_places, is_reprint, keys, likeness, sample

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


def test_keys_find_what_is_compared() -> None:
    for seed in range(200):
        text = story(seed, 120 + seed)
        own = keys(sample(text))
        assert set(own) <= sample(text)
        assert likeness(own, keys(sample(text + " " + story(1000 + seed, 80)))) >= PROMISING
        cut = keys(sample(" ".join(text.split()[: 60 + seed // 4])))
        assert likeness(own, cut) >= PROMISING
        assert likeness(own, keys(sample(story(2000 + seed)))) < PROMISING
    assert likeness([], own) == likeness(own, []) == 0


def test_a_long_text_has_a_third_of_its_sample_as_keys() -> None:
    whole = sample(story(1, 2000))
    assert len(keys(whole)) == len(whole) // 3
    short = sample(story(1, 60))
    assert set(keys(short)) == short


PLAN = (
    "Thực hiện Quyết định số 387/QĐ-TTg và Kế hoạch số 98/KH-UBND của UBND tỉnh Quảng Trị, UBND {} ban hành kế hoạch xây dựng mô hình "
    "Công dân học tập; đến năm 2025 có ít nhất 40%, đến năm 2030 có ít nhất 60% người trưởng thành đạt danh hiệu."
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("xã Cam Thủy", "xã Cam Hiếu", False),
        ("xã Cam Thủy", "xã Cam Thuỷ", True),
        ("TP. Đông Hà", "thành phố Đông Hà", True),
        ("xã Cam Thủy", "xã", True),
    ],
)
def test_two_communes_plans_are_two_stories(one: str, other: str, *, same: bool) -> None:
    first, second = PLAN.format(one), PLAN.format(other)
    assert compare(first, second)
    assert is_of_the_same_places(first, second) is same


def test_numbers_written_otherwise_are_the_same() -> None:
    assert agreement("Ngày 09/11 có 14.325 hội viên, 28,6%", "Ngày 9/11 có 14325 hội viên, 28.6%") == 1.0
