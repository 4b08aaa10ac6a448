"""The grammar of periods, and what an article as a whole reports on."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.analyse.periods import Known, Period, document_period, find_periods, what_is_known
from scraper.analyse.prose import matched

KNOWN = Known(published=date(2022, 12, 11), term=(2017, 2022), coming=(2022, 2027), school_year=2021)


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("Tính đến cuối tháng 11/2022", "asof", None, "2022-11-30"),
        ("số liệu đến 31/12/2022", "asof", None, "2022-12-31"),
        ("Đến ngày 30-11-2022", "asof", None, "2022-11-30"),
        ("đến hết quý III/2022", "asof", None, "2022-09-30"),
        ("đến năm 2025", "asof", None, "2025-12-31"),
        ("Hết năm 2022", "asof", None, "2022-12-31"),
        ("Đến nay", "asof", None, "2022-12-11"),
        ("Huyện hiện có", "asof", None, "2022-12-11"),
        ("Năm 2022", "range", "2022-01-01", "2022-12-31"),
        ("6 tháng đầu năm 2022", "range", "2022-01-01", "2022-06-30"),
        ("sáu tháng cuối năm 2021", "range", "2021-07-01", "2021-12-31"),
        ("9 tháng năm 2021", "range", "2021-01-01", "2021-09-30"),
        ("8 tháng đầu năm 2022", "range", "2022-01-01", "2022-08-31"),
        ("mười một tháng năm 2022", "range", "2022-01-01", "2022-11-30"),
        ("Trong tháng 9", "range", "2022-09-01", "2022-09-30"),
        ("tháng 12 năm nay", "range", "2022-12-01", "2022-12-31"),
        ("tháng 10 và tháng 11", "range", "2022-10-01", "2022-11-30"),
        ("Trong 3 năm 2020, 2021, 2022", "range", "2020-01-01", "2022-12-31"),
        ("Từ năm 2018 đến nay", "range", "2018-01-01", "2022-12-11"),
        ("Trong 5 năm 2018 - 2022", "range", "2018-01-01", "2022-12-31"),
        ("Từ 01/01/2022 đến 30/6/2022", "range", "2022-01-01", "2022-06-30"),
        ("từ 1/9/2021 đến 31/5/2022", "range", "2021-09-01", "2022-05-31"),
        ("Từ 1/1 đến 15/12/2022", "range", "2022-01-01", "2022-12-15"),
        ("Lũy kế 9 tháng đạt", "range", "2022-01-01", "2022-09-30"),
        ("quý I/2022", "range", "2022-01-01", "2022-03-31"),
        ("tháng 2 năm 2022", "range", "2022-02-01", "2022-02-28"),
        ("năm học 2021-2022", "range", "2021-09-01", "2022-05-31"),
        ("giai đoạn 2016 - 2020", "range", "2016-01-01", "2020-12-31"),
        ("nhiệm kỳ 2018 - 2023", "range", "2018-01-01", "2023-12-31"),
        ("trong nhiệm kỳ qua", "range", "2017-01-01", "2022-12-31"),
        ("Từ đầu năm đến nay", "range", "2022-01-01", "2022-12-11"),
        ("Từ năm 2018 đến năm 2022", "range", "2018-01-01", "2022-12-31"),
        ("từ ngày 30/10 đến 1/11/2022", "range", "2022-10-30", "2022-11-01"),
        ("Sáng 9/11", "range", "2022-11-09", "2022-11-09"),
        ("Chiều 28/12", "range", "2021-12-28", "2021-12-28"),
        ("sáng hôm qua", "range", "2022-12-10", "2022-12-10"),
        ("hằng năm", "recurrent", None, None),
    ],
)
def test_period(text: str, kind: str, start: str | None, end: str) -> None:
    (found,) = find_periods(matched(text), KNOWN)
    assert found.period == Period(kind, start, end)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["so với năm 2021", "mô hình “Công dân học tập giai đoạn 2021 - 2030”", "thực hiện tốt", "tiền mặt và hiện vật", "ngày 31/2/2022"],
)
def test_what_is_no_period(text: str) -> None:
    assert [one.period for one in find_periods(matched(text), KNOWN) if one.period] == []


@pytest.mark.parametrize(
    "text",
    ["Sau 5 năm thực hiện", "qua 10 năm hoạt động", "trong mười lăm năm", "suốt 15 năm nay", "hơn 10 năm qua", "những năm gần đây",
     "Những năm qua", "trong 5 năm tới", "3 năm trước", "sơ kết 5 năm thực hiện", "Từ năm 2012", "từ năm học 2019-2020",
     "Các năm 2016, 2019 và 2022", "những tháng đầu năm 2022", "từ tháng 3", "tháng 9 năm ngoái", "đầu nhiệm kỳ", "Trước khi sáp nhập"],
)  # fmt: skip
def test_a_time_that_is_not_known_is_not_the_year_reported_on(text: str) -> None:
    assert [one.period for one in find_periods(matched(text), KNOWN)] == [None]


def test_a_month_without_a_year_is_not_yet_to_come() -> None:
    (found,) = find_periods("trong tháng 12", Known(published=date(2023, 1, 9)))
    assert found.period == Period("range", "2022-12-01", "2022-12-31")


def test_the_year_that_is_compared_with_is_not_the_figure_s() -> None:
    found = find_periods(matched("quỹ từ 3 tỷ năm 2021 đã tăng lên 4 tỷ"), KNOWN)
    assert found == []


def test_a_congress_looks_back_on_five_years() -> None:
    known = what_is_known("đại hội nhiệm kỳ 2023 - 2028", "đại hội nhiệm kỳ 2023 - 2028. nhiệm kỳ qua, hội có", date(2023, 4, 12))
    assert (known.term, known.coming) == ((2018, 2023), (2023, 2028))


def test_a_report_is_of_its_year_and_its_plans_of_the_next() -> None:
    title = matched("Hội Khuyến học tỉnh triển khai nhiệm vụ năm 2023")
    opening = matched("Ngày 9/1, Hội Khuyến học tỉnh tổng kết công tác năm 2022, triển khai nhiệm vụ năm 2023.")
    known = what_is_known(title, f"{title}\n{opening}", date(2023, 1, 12))
    told = document_period(title, opening, known)
    assert known.year == 2022
    assert told.frame == Period("range", "2022-01-01", "2022-12-31")
    assert told.plan == Period("range", "2023-01-01", "2023-12-31")
    assert told.event == Period("range", "2023-01-09", "2023-01-09")


@pytest.mark.parametrize(
    ("low", "term", "coming"),
    [
        ("đại hội. nhiệm kỳ qua, hội có", None, None),
        ("đại hội nhiệm kỳ 2020 - 2025. nhiệm kỳ qua, hội có", None, None),
        ("nhiệm kỳ 2015 - 2020, nhiệm kỳ 2020 - 2025. nhiệm kỳ qua, hội có", (2015, 2020), (2020, 2025)),
    ],
)
def test_an_undated_congress_tells_its_terms_or_none(low: str, term: tuple[int, int] | None, coming: tuple[int, int] | None) -> None:
    known = what_is_known("đại hội", low, None)
    assert (known.term, known.coming) == (term, coming)


def test_without_a_date_nothing_is_made_up() -> None:
    assert [one.period for one in find_periods("đến nay, sáng 9/11, trong năm, quý i", Known())] == [None] * 4


def test_a_period_is_read_in_its_line() -> None:
    """What the line before compares is nothing to it, and what is quoted after a colon in it is said by somebody."""
    (found,) = find_periods(matched("Chuyển biến từ cơ sở\nNăm 2022 lên kế hoạch trao 20 suất"), KNOWN)
    assert (found.start, found.end) == (21, 29)
    assert find_periods(matched('Ông nói:\n"năm 2022 là năm được mùa"'), KNOWN)
    assert not find_periods(matched('Ông nói\n"năm 2022 là năm được mùa"'), KNOWN)
