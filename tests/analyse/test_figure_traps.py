"""Figures that look like a place's whole in a period and are not: parts, other years, other purses, other places."""

from __future__ import annotations

import pytest

from scraper.analyse.documents import analyse_given

from .readings import HUYEN, read, told


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Toàn huyện trao 1.250 suất học bổng (trong đó cấp huyện 350 suất, cấp xã 900 suất).", [1250]),
        ("Toàn huyện trao 1.250 suất học bổng. Trong đó, học bổng “Tiếp sức” 350 suất; học bổng “Vượt khó” 900 suất.", [1250]),
        ("Trao 45 phần thưởng, trong đó có 30 xe đạp và 15 bộ máy tính.", [30]),
        ("Khen thưởng 2.350 học sinh, trong đó 45 em đạt giải quốc gia, 320 em đạt giải cấp tỉnh.", [2350]),
        ("Có 126 chi hội (98 chi hội thôn, 20 chi hội trường học, 8 chi hội cơ quan).", [126]),
        ("Vận động được 35 tỷ đồng, gồm: Quỹ Khuyến học huyện 2 tỷ đồng; các xã 33 tỷ đồng.", [35 * 10**9]),
        ("Tổng Quỹ khuyến học đạt 4,25 tỷ đồng; trong đó cấp huyện 320 tr.đ, cấp xã 1.150 tr.đ.", [4_250_000_000]),
        ("Huyện có 126 chi hội; có 98 chi hội xếp loại tốt, 25 chi hội khá, 3 chi hội trung bình.", [126]),
        ("Quỹ khuyến học xã Cam Thủy có 65 triệu đồng, các chi hội 112 triệu đồng.", [65_000_000]),
        ("Các chi hội trong huyện vận động quỹ được 1,2 tỷ đồng.", [1_200_000_000]),
        ("Khi ông nhận nhiệm vụ năm 2005, chi hội chỉ có 15 hội viên, quỹ 2 triệu đồng.", []),
        ("Thôn Vĩnh An có 98% gia đình đạt danh hiệu gia đình học tập. Toàn huyện có 126 chi hội.", [126]),
        ("Đến nay, thôn Vĩnh An có 120 hội viên.", []),
        ("Có 88/97 thôn, tổ dân phố đạt cộng đồng học tập, 60/62 đơn vị đạt đơn vị học tập.", [88, 60]),
        ("Một số xã như Cam Tuyền, Thanh An số hội viên còn thấp, mới đạt 12% dân số.", []),
        ("Trong ba năm 2020, 2021, 2022, Hội trao lần lượt 250, 280 và 320 suất học bổng.", []),
        ("Trao 300 suất học bổng, trong đó xã Cam Thủy 120 suất, xã Cam Hiếu 80 suất.", [300, 120, 80]),
        ("Có 9.870 gia đình đăng ký gia đình học tập, trong đó 8.640 gia đình được công nhận gia đình học tập.", [9870, 8640]),
        ("Đã trao 300 suất học bổng. Đã khen thưởng 90 em. Dịp Tết trao 200 suất học bổng.", [300, 90, 200]),
    ],
)
def test_a_part_of_what_was_told_is_not_counted_again(text: str, values: list[int]) -> None:
    assert [fact["value"] for fact in read(text)] == values


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Trao 50 suất quà cho học sinh nghèo, tổng trị giá 25 triệu đồng.", [("qua_tang_suat", 50), ("qua_tang_tien", 25_000_000)]),
        ("Trao 50 suất cho học sinh nghèo, tổng trị giá 25 triệu đồng.", [("hoc_bong_tien", 25_000_000)]),
        ("Quỹ khuyến học đạt 4.250 trđ.", [("quy_khuyen_hoc", 4_250_000_000)]),
        ("Quỹ khuyến học đạt 320 tr.đ, trao 40 suất học bổng.", [("quy_khuyen_hoc", 320_000_000), ("hoc_bong_suat", 40)]),
    ],
)
def test_presents_and_millions(text: str, facts: list[tuple[str, int]]) -> None:
    assert [(fact["indicator"], fact["value"]) for fact in read(text)] == facts


@pytest.mark.parametrize(
    "text",
    [
        "Quỹ Khuyến học tỉnh tài trợ xây dựng thư viện trị giá 120 triệu đồng.",
        "Quỹ khuyến học huyện hỗ trợ học sinh nghèo với tổng số tiền 195 triệu đồng.",
        "Từ Quỹ khuyến học, huyện mua 50 máy tính với số tiền 350 triệu đồng.",
        "Nhờ có quỹ khuyến học, em Lan được giúp đỡ 5 triệu đồng.",
        "Quỹ khuyến học huyện sử dụng 415 triệu đồng cho các hoạt động.",
        "Gửi tiết kiệm quỹ khuyến học được 45 triệu đồng tiền lãi.",
        "Đóng góp vào quỹ khuyến học, ông Nam 20 triệu đồng, bà Lan 10 triệu đồng.",
        "Huy động xã hội hóa xây dựng cơ sở vật chất trường học 12,5 tỷ đồng.",
        "Vận động ủng hộ đồng bào lũ lụt được 320 triệu đồng.",
        "Cụm thi đua số 1 gồm 5 xã đã vận động quỹ 820 triệu đồng.",
        "So với chỉ tiêu, gia đình học tập đạt 105,7%.",
        "Tổng số học bổng và quà tặng trị giá 1,25 tỷ đồng.",
        "Bình quân cứ 4,5 người dân có 1 hội viên khuyến học.",
    ],
)
def test_money_that_is_no_fund_of_the_district(text: str) -> None:
    assert read(text) == []


def test_what_there_is_when_a_plan_is_made_is_no_aim() -> None:
    text = "I. Đặc điểm tình hình: Xã có 12 thôn; có 19 chi hội.\nII. Chỉ tiêu: Kết nạp 60 hội viên mới."
    plan = {
        "doc_id": "t",
        "text": f"Kế hoạch khuyến học năm 2023 của xã Cam Thủy\n\n{text}",
        "published": "2023-01-20",
        "portal_place": HUYEN,
    }
    facts = analyse_given(plan)["facts"]
    assert [(fact["value"], fact["modality"], fact["period"]["end"]) for fact in facts] == [
        (19, "actual", "2023-01-20"),
        (60, "target", "2023-12-31"),
    ]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("Đã trao 320 suất học bổng cho học sinh, mỗi năm 2 đợt, mỗi đợt 160 suất.", ["2022-12-31"]),
        ("Hội viên: 161.480 người (năm 2021: 152.000 người). Chi hội: 2.412.", ["2022-12-31", "2022-12-31"]),
        ("Quỹ khuyến học: 35 tỷ đồng (2021: 30 tỷ đồng). Trao 120 suất học bổng.", ["2022-12-31", "2021-12-31", "2022-12-31"]),
        ("Quý III/2022, huy động quỹ được 8 tỷ đồng; lũy kế 9 tháng đạt 26 tỷ đồng.", ["2022-09-30", "2022-09-30"]),
        ("Kết nạp 300 hội viên mới (năm 2021).", ["2021-12-31"]),
        ("Hội viên tăng từ 12.100 (năm 2019) lên 14.325 hội viên (năm 2021), đạt 28,6% dân số.", ["2021-12-31", "2021-12-31"]),
        ("Quỹ khuyến học tăng gấp đôi, từ 2,1 tỷ đồng năm 2018 lên 4,2 tỷ đồng năm 2021.", ["2021-12-31"]),
        ("Nhiệm kỳ 2021-2026 bầu 27 đồng chí vào Ban Chấp hành. Toàn huyện có 14.325 hội viên.", ["2022-12-31", "2022-12-31"]),
    ],
)
def test_what_stands_in_brackets_for_another_year(text: str, ends: list[str]) -> None:
    assert [fact["period"]["end"] for fact in read(text)] == ends


def test_what_is_given_at_an_event_is_not_of_many_years() -> None:
    text = "Giai đoạn 2016 - 2021, toàn huyện vận động quỹ được 12 tỷ đồng.\nTại lễ kỷ niệm, quỹ trao 100 suất học bổng."
    document = {"doc_id": "t", "text": f"Khuyến học huyện Cam Lộ: 25 năm\n\n{text}", "published": "2021-10-03", "portal_place": HUYEN}
    facts = analyse_given(document)["facts"]
    assert [(fact["value"], fact["period"]["start"]) for fact in facts] == [(12 * 10**9, "2016-01-01"), (100, "2021-01-01")]


def test_what_each_of_several_places_gets_is_not_of_the_first() -> None:
    text = "Quỹ Khuyến học huyện trao 30 suất học bổng, mỗi suất 1 triệu đồng cho học sinh các xã Cam Thủy, Cam Hiếu, Cam Nghĩa."
    assert told(text) == [("hoc_bong_suat", 30, "468"), ("hoc_bong_muc", 1_000_000, "468")]


def test_what_is_reckoned_together_begins_in_january() -> None:
    facts = read("Quý III/2022, huy động quỹ được 8 tỷ đồng; lũy kế 9 tháng đạt 26 tỷ đồng.")
    assert [fact["period"]["start"] for fact in facts] == ["2022-07-01", "2022-01-01"]


def test_the_standing_committee_is_not_the_committee() -> None:
    text = "Đại hội hiệp thương cử 23 đồng chí vào BCH; BCH bầu 7 đồng chí vào BTV."
    assert [(code, value) for code, value, _ in told(text)] == [("uy_vien_bch", 23), ("uy_vien_btv", 7)]
