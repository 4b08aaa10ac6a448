"""The grammar of numbers: what is printed, what it is worth, and what counts nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.analyse.numbers import Number, find_numbers
from scraper.analyse.prose import matched


def one(text: str) -> Number:
    (number,) = find_numbers(matched(text))
    return number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("có 217 chi hội", 217),
        ("1.522 tổ chức hội", 1522),
        ("6126 gia đình", 6126),
        ("02 Chương trình", 2),
        ("2,6 triệu người", 2_600_000),
        ("2.6 triệu người", 2_600_000),
        ("656 tỉ đồng", 656_000_000_000),
        ("12 tỷ 450 triệu đồng", 12_450_000_000),
        ("153 triệu 750 nghìn đồng", 153_750_000),
        ("1 tỷ 234,5 triệu đồng", 1_234_500_000),
        ("2 tỷ 345 triệu 500 nghìn đồng", 2_345_500_000),
        ("53 nghìn 200 hội viên", 53_200),
        ("8 tỷ rưỡi đồng", 8_500_000_000),
        ("100.000.000 đồng", 100_000_000),
        ("số tiền 100.000.000 đồng", 100_000_000),
        ("3.204 năm 2021", 3204),
        ("1,522 chi hội", 1522),
        ("1.235.600.000đ", 1_235_600_000),
        ("1,5tr đồng", 1_500_000),
        ("4.900 tỷ đồng", 4_900_000_000_000),
        ("30,5% dân số", 30.5),
        ("ba lớp tập huấn", 3),
    ],
)
def test_value(text: str, value: float) -> None:
    assert one(text).value == value


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [("hơn 656 tỉ đồng", "gt"), ("trên 60 nghìn hội viên", "gt"), ("gần 96 tỷ đồng", "lt"), ("khoảng 50 em", "approx"),
     ("ngót nghét 67.000 hội viên", "lt"), ("5.000 hội viên", "eq"), ("45 tỷ đồng trở lên", "gt"), ("trên dưới 30 em", "approx")],
)  # fmt: skip
def test_qualifier(text: str, qualifier: str) -> None:
    assert one(text).qualifier == qualifier


@pytest.mark.parametrize(
    "text",
    ["có 12. 345 hội viên", "12 345 hội viên", "12, 345 hội viên", "45 345 000 đồng", "đạt 2, 6 tỷ đồng", "đạt 2. 6 tỷ đồng",
     "đạt 1 tỷ 5 đồng", "đạt 95, 5 %"],
)  # fmt: skip
def test_a_number_torn_by_a_space_is_kept_whole_and_unread(text: str) -> None:
    assert (one(text).kind, one(text).value) == ("decimal", None)


@pytest.mark.parametrize("text", ["3.450,000 đồng", "2 triệu 3 tỷ đồng", "2 tỷ 300 suất"])
def test_what_cannot_be_one_number_is_none(text: str) -> None:
    assert find_numbers(matched(text)) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.204, 987 và 650 hội viên", [1204, 987, 650]),
        ("45, 120 và 650 hội viên", [45, 120, 650]),
        ("năm 2021, 300 suất", [300]),
        ("tháng 9, 320 suất", [320]),
        ("em lớp 9, 2 triệu đồng", [2_000_000]),
        ("2 tỷ, 350 triệu đồng", [2_000_000_000, 350_000_000]),
    ],
)
def test_a_list_is_no_torn_number(text: str, values: list[int]) -> None:
    assert [number.value for number in find_numbers(matched(text))] == values


def test_fraction_range_and_vague() -> None:
    assert (one("58/58 đơn vị").value, one("58/58 đơn vị").whole) == (58, 58)
    ranged = one("từ 500 nghìn đến 2 triệu đồng")
    assert (ranged.value, ranged.high, ranged.kind) == (500_000, 2_000_000, "money")
    ranged = one("300 - 350 triệu đồng")
    assert (ranged.value, ranged.high) == (300_000_000, 350_000_000)
    vague = one("hàng triệu đối tượng")
    assert (vague.value, vague.least, vague.qualifier) == (None, 1_000_000, "vague")


@pytest.mark.parametrize(
    ("text", "kind", "per"),
    [("45.000 đồng/người", "money", "người"), ("1,5 triệu đồng/suất", "money", "suất"), ("12,8 tỷ, ", "bare", ""),
     ("2,6 triệu người", "count", ""), ("70 phần trăm", "percent", "")],
)  # fmt: skip
def test_kind(text: str, kind: str, per: str) -> None:
    assert (one(text).kind, one(text).per) == (kind, per)


@pytest.mark.parametrize(
    "text",
    ["7:47, Chủ Nhật, 11-12-2022", "Ngày 9/12 và sáng 28/12", "giai đoạn 2021 - 2030", "năm học 2022-2023", "nhiệm kỳ 2018-2023",
     "Điện thoại: 0206.3840.081", "Quyết định số 387/QĐ-TTg", "Lượt xem: 37", "Đang truy cập 8", "Đại hội lần thứ V", "suốt 15 năm nay",
     "ông Ba, 82 tuổi", "lớp 5A", "thôn 3", "Quận 1", "quý III/2022", "tháng 11/2022", "lúc 7 giờ 30", "https://a.vn/2022/12 x",
     "rộng 300 m2",
     "xem https://a-hai lớp học", "thư x@hai lớp học",
     "mùng 8 Tết", "từ ngày 3 đến 7/10/2022", "Nghị quyết 29", "phường 9", "năm 2021 và năm 2022", "trong 5 năm qua"],
)  # fmt: skip
def test_what_counts_nothing(text: str) -> None:
    assert find_numbers(matched(text)) == []


def test_a_mask_never_eats_the_tail_of_a_number() -> None:
    assert [number.value for number in find_numbers(matched("số tiền 100.000.000 đồng cho 1.204 em năm 2021"))] == [100_000_000, 1204]


@given(st.text("0123456789.,/%-: năm tỷriệđồgngh\n", max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = find_numbers(matched(text))
    assert all(0 <= number.start < number.end <= number.after <= len(text) for number in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
