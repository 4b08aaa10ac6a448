"""The printed dates of TEXT §1 and PORTALS §6, the traps, and round trips through the formats portals use."""

import calendar
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.extract.dates import VIETNAM, read_date

READ = [
    # seen on portals
    ("7:47, Chủ Nhật, 11-12-2022", "2022-12-11T07:47:00+07:00"),
    ("Chủ nhật - 11/12/2022 07:47", "2022-12-11T07:47:00+07:00"),
    ("Thứ tư, 22/10/2025, 19:25 (GMT+7)", "2025-10-22T19:25:00+07:00"),
    ("THỨ TƯ, 05/08/2020 12:16:19", "2020-08-05T12:16:00+07:00"),
    ("13/05/2016 | 4:53 PM", "2016-05-13T16:53:00+07:00"),
    ("24/08/2022 | 04:30 PM", "2022-08-24T16:30:00+07:00"),
    ("(03.07.2019 15:59)", "2019-07-03T15:59:00+07:00"),
    ("15/06/2020 - 15:52", "2020-06-15T15:52:00+07:00"),
    ("07:47, 11/12/2022", "2022-12-11T07:47:00+07:00"),
    ("11/12/2022, 07:47", "2022-12-11T07:47:00+07:00"),
    ("11/12/2022", "2022-12-11"),
    ("11/12/2022 7:47:05 AM", "2022-12-11T07:47:00+07:00"),
    ("11/12/2022 7:47:05 PM", "2022-12-11T19:47:00+07:00"),
    ("07:47:59 | 11/12/2022", "2022-12-11T07:47:00+07:00"),
    ("09/12/2022 | 15:20", "2022-12-09T15:20:00+07:00"),
    ("05/03/2023 14:05:22", "2023-03-05T14:05:00+07:00"),
    ("03-04-2022", "2022-04-03"),
    ("Thứ hai, 12/12/2022 - 08:30", "2022-12-12T08:30:00+07:00"),
    # labels and counters
    ("Ngày đăng: 9.12.2022", "2022-12-09"),
    ("Đăng ngày: 09-12-2022", "2022-12-09"),
    ("Ngày đăng tin 11/12/2022", "2022-12-11"),
    ("Đăng lúc: 07:47 ngày 11/12/2022", "2022-12-11T07:47:00+07:00"),
    ("Cập nhật lúc 10h30 ngày 5/3/2023", "2023-03-05T10:30:00+07:00"),
    ("Cập nhật: 05/03/2023", "2023-03-05"),
    ("Publish date: 11/12/2022 | View count: 1648", "2022-12-11"),
    ("Ngày đăng: 11/12/2022 07:47 | Lượt xem: 1.648", "2022-12-11T07:47:00+07:00"),
    ("[ 11/12/2022 ] Lượt xem: 58/58", "2022-12-11"),
    ("Đăng bởi: Nguyễn Văn A - 11/12/2022 07:47 - Đã xem: 15", "2022-12-11T07:47:00+07:00"),
    ("Lượt xem: 1648 11/12/2022", "2022-12-11"),
    ("Ngày đăng: 11/12/2022 Cập nhật: 13/12/2022", "2022-12-11"),
    ("Cập nhật lúc 08:00 13/12/2022 - Ngày đăng: 11/12/2022 07:47", "2022-12-11T07:47:00+07:00"),
    ("11/12/2022 07:47 (Cập nhật: 13/12/2022 08:00)", "2022-12-11T07:47:00+07:00"),
    ("Xuất bản: 11/12/2022 | Ngày ban hành: 05/12/2022", "2022-12-11"),
    ("Số 12/2022/QĐ-UBND. Ngày đăng: 11/12/2022", "2022-12-11"),
    ("11/12/2022 07:47 | 11/12/2022", "2022-12-11T07:47:00+07:00"),
    ("Đăng lúc 07:47 11/12/2022 | 11/12/2022 09:00", "2022-12-11T07:47:00+07:00"),
    ("NGÀY ĐĂNG : 11/12/2022", "2022-12-11"),
    # in words
    ("ngày 20 tháng 11 năm 2022", "2022-11-20"),
    ("Thứ Ba, ngày 20 tháng 11, 2022", "2022-11-20"),
    ("12 Tháng Mười Hai 2022", "2022-12-12"),
    ("12 tháng năm 2022", "2022-05-12"),
    ("12 tháng Năm năm 2022", "2022-05-12"),
    ("1 tháng mười năm 2022", "2022-10-01"),
    ("11 Tháng Mười Một, 2022 07:47", "2022-11-11T07:47:00+07:00"),
    ("Tháng Mười Hai 11, 2022", "2022-12-11"),
    ("Tháng 12 11, 2022", "2022-12-11"),
    ("11 Th12, 2022", "2022-12-11"),
    ("11 thg 12, 2022", "2022-12-11"),
    ("ngày 11/12 năm 2022", "2022-12-11"),
    ("15 giờ 30 ngày 9/12/2022", "2022-12-09T15:30:00+07:00"),
    ("10h30 ngày 5/3/2023", "2023-03-05T10:30:00+07:00"),
    ("10 giờ 30 phút, ngày 5/3/2023", "2023-03-05T10:30:00+07:00"),
    ("lúc 7 giờ 47 phút ngày 11/12/2022", "2022-12-11T07:47:00+07:00"),
    ("10 giờ 5 phút 11/12/2022", "2022-12-11T10:05:00+07:00"),
    ("3 giờ chiều 11/12/2022", "2022-12-11T15:00:00+07:00"),
    ("7h47’ ngày 11/12/2022", "2022-12-11T07:47:00+07:00"),
    ("20h00 11/12/2022", "2022-12-11T20:00:00+07:00"),
    ("20h00 - 11/12/2022", "2022-12-11T20:00:00+07:00"),
    ("8h 11/12/2022", "2022-12-11T08:00:00+07:00"),
    ("8h 11-12-2022", "2022-12-11T08:00:00+07:00"),
    ("8h 11 tháng 12 năm 2022", "2022-12-11T08:00:00+07:00"),
    ("T2 05/12/2022", "2022-12-05"),
    ("Thứ 2 5/12/2022", "2022-12-05"),
    ("CN, 11/12/2022", "2022-12-11"),
    ("Sunday, 11 December 2022", "2022-12-11"),
    ("Sun, 11 Dec 2022 00:47:00 GMT", "2022-12-11T07:47:00+07:00"),
    ("Sun, 11 Dec 2022 07:47:00 +0700", "2022-12-11T07:47:00+07:00"),
    ("December 11, 2022", "2022-12-11"),
    ("11-Dec-2022", "2022-12-11"),
    # halves of the day, midnight
    ("11/12/2022 7:47 SA", "2022-12-11T07:47:00+07:00"),
    ("11/12/2022 07:47 CH", "2022-12-11T19:47:00+07:00"),
    ("11/12/2022 12:30 CH", "2022-12-11T12:30:00+07:00"),
    ("11/12/2022 12:30 SA", "2022-12-11T00:30:00+07:00"),
    ("11/12/2022 7:47 a.m.", "2022-12-11T07:47:00+07:00"),
    ("11/12/2022 12:00 AM", "2022-12-11"),
    ("11/12/2022 12:00:00 SA", "2022-12-11"),
    ("11/12/2022 00:00:00", "2022-12-11"),
    ("0:00 11/12/2022", "2022-12-11"),
    ("11/12/2022 15:30 AM", "2022-12-11"),
    ("11/12/2022 25:61", "2022-12-11"),
    ("11/12/2022 15:59 PM", "2022-12-11T15:59:00+07:00"),
    ("07:47 11/12/2022 09:30", "2022-12-11"),
    ("11/12/2022 (1 giờ trước)", "2022-12-11"),
    # ISO and what becomes of it
    ("2022-12-11T07:47:00+07:00", "2022-12-11T07:47:00+07:00"),
    ("2022-12-11T07:47:00+0700", "2022-12-11T07:47:00+07:00"),
    ("2022-12-10T18:30Z", "2022-12-11T01:30:00+07:00"),
    ("2022-12-10T17:00:00.000Z", "2022-12-11"),
    ("2022-12-10 18:30 UTC", "2022-12-11T01:30:00+07:00"),
    ("2022-12-11T00:00:00Z", "2022-12-11"),
    ("2022-12-10T19:47:00-05:00", "2022-12-11T07:47:00+07:00"),
    ("2022-12-11", "2022-12-11"),
    ("2022-12-11+07:00", "2022-12-11"),
    ("2022-12-11 07:47:00", "2022-12-11T07:47:00+07:00"),
    ("2022-12-11+0707:47:00", "2022-12-11T07:47:00+07:00"),
    ("2022-12-11ICT07:47:00", "2022-12-11T07:47:00+07:00"),
    # short years, pastes, odd characters
    ("11/12/22", "2022-12-11"),
    ("11/12/22 07:47", "2022-12-11T07:47:00+07:00"),
    ("05/12/97", "1997-12-05"),
    ("08 / 0 2/201 7", "2017-02-08"),
    ("0 8/02/2017 15:30", "2017-02-08T15:30:00+07:00"),
    ("08/02/201 7 15:30", "2017-02-08T15:30:00+07:00"),
    ("11 / 12 / 2022", "2022-12-11"),
    ("11\u00a0/12/2022\u200b \n 07:47", "2022-12-11T07:47:00+07:00"),
    ("11–12–2022", "2022-12-11"),
    ("22/10/2025-19:25", "2025-10-22T19:25:00+07:00"),
    ("07:47-11/12/2022", "2022-12-11T07:47:00+07:00"),
    ("29/02/2024", "2024-02-29"),
    ("01/01/1996", "1996-01-01"),
    ("24/11/2026", "2026-11-24"),
]

NOT_READ = [
    "",
    "Ngày đăng:",
    "Ngày 9/12",
    "Sáng 9/11",
    "Cập nhật lúc 10h30 ngày 5/3",
    "Tháng 12, 2022",
    "tháng 11/2022",
    "Tính đến cuối tháng 11/2022",
    "năm 2022",
    "quý III/2022",
    "12 tháng Chạp 2022",
    "Mùng 1 tháng Giêng 2022",
    "31/2/2022",
    "31/02/2022",
    "29/02/2023",
    "11/13/2022",
    "0/12/2022",
    "01/01/1970",
    "01/01/0001",
    "1970-01-01T00:00:00Z",
    "31/12/1995",
    "31/12/9999",
    "25/11/2026",
    "05/12/58",
    "12/2022/QĐ-UBND",
    "387/QĐ-TTg",
    "5/12/2022/QĐ-UBND",
    "Công văn số 5/12/2022",
    "Căn cứ Quyết định số 12/2022/QĐ-UBND ngày 05/01/2022",
    "Ngày ban hành: 05/12/2022",
    "Ngày đăng ký: 05/12/2022",
    "Thời gian đăng ký: 05/12/2022",
    "58/58",
    "Lượt xem: 1.522.000",
    "0206.11.12.22",
    "192.168.10.12",
    "11/12/2022 - 13/12/2022",
    "11/12/2022-13/12/2022",
    "5-11/12/2022",
    "11-12/2022",
    "Cập nhật: 11/12/2022 | 05/01/2022",
    "Ngày đăng: 31/02/2022 Cập nhật: 01/03/2022",
    "Ngày đăng: 11/12/2022 Đăng lúc: 12/12/2022",
    "2 8/02/2017",
    "08/02/20 17",
    "07:47",
    "Chủ nhật",
    "1 giờ trước",
    "hôm qua",
    "vừa xong",
    "View count: 1648",
    "Sáng ngày 11/12/2022, Hội Khuyến học huyện " + "tổ chức trao học bổng cho học sinh nghèo vượt khó " * 5,
]


@pytest.mark.parametrize(("printed", "iso"), READ)
def test_reads_what_portals_print(printed: str, iso: str) -> None:
    read = read_date(printed, today=date(2026, 11, 22))
    assert read is not None
    assert read.iso == iso
    assert read.at.utcoffset() == timedelta(hours=7)
    again = read_date(read.raw)
    assert again is not None
    assert again.iso == iso


@pytest.mark.parametrize("printed", NOT_READ)
def test_no_date_rather_than_a_guess(printed: str) -> None:
    assert read_date(printed, today=date(2026, 11, 22)) is None


@pytest.mark.parametrize(
    ("printed", "raw"),
    [
        ("Ngày đăng: Chủ nhật - 11/12/2022 07:47 | Lượt xem: 5", "Chủ nhật - 11/12/2022 07:47"),
        ("(03.07.2019  15:59)", "03.07.2019 15:59"),
        ("Thứ tư, 22/10/2025, 19:25 (GMT+7)", "Thứ tư, 22/10/2025, 19:25 (GMT+7)"),
        ("Cập nhật lúc 10h30 ngày 5/3/2023", "10h30 ngày 5/3/2023"),
        ("11/12/2022 7:47 SA, Admin", "11/12/2022 7:47 SA"),
        ("Đăng ngày 08 / 0 2/201 7", "08 / 0 2/201 7"),
    ],
)
def test_raw_is_what_was_read_without_its_label(printed: str, raw: str) -> None:
    read = read_date(printed)
    assert read is not None
    assert read.raw == raw


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [
        ("Chủ Nhật, 11-12-2022", True),
        ("Chúa nhật, 11-12-2022", True),
        ("CN 11/12/2022", True),
        ("T2 05/12/2022", True),
        ("Thứ Hai, 11/12/2022", False),
        ("11/12/2022 Thứ 7", False),
        ("Sat, 10 Dec 2022 18:30:00 GMT", True),
        ("Thu, 15 Dec 2022", True),
        ("Thứ Năm, 15/12/2022", True),
        ("Nguyễn Thị Thu, 11/12/2022", None),
        ("11/12/2022", None),
    ],
)
def test_a_wrong_weekday_is_told_but_not_fatal(printed: str, agrees: bool | None) -> None:
    read = read_date(printed)
    assert read is not None
    assert read.weekday_agrees is agrees


def test_future_needs_today() -> None:
    assert read_date("25/11/2026") is not None
    assert read_date("25/11/2026", today=date(2026, 11, 22)) is None


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("1 giờ trước", "2022-12-10"),
        ("Cập nhật: 15 phút trước", "2022-12-11"),
        ("40 phút trước", "2022-12-10"),
        ("23 giờ trước", "2022-12-10"),
        ("hôm qua", "2022-12-10"),
        ("Hôm qua, 07:47", "2022-12-10"),
        ("vừa xong", "2022-12-11"),
        ("Ngày đăng: 09/12/2022 (1 giờ trước)", "2022-12-09"),
    ],
)
def test_relative_dates_count_from_the_fetch_in_viet_nam(printed: str, iso: str) -> None:
    read = read_date(printed, fetched=datetime(2022, 12, 10, 17, 30, tzinfo=UTC))
    assert read is not None
    assert (read.iso, read.precision) == (iso, "day")


@pytest.mark.parametrize("printed", ["Ngày 9/12", "hôm nay", "2 ngày trước", "31/2/2022, 1 giờ trước", "1 giờ trước, hôm qua"])
def test_a_fetch_time_does_not_make_a_date(printed: str) -> None:
    assert read_date(printed, fetched=datetime(2022, 12, 10, 17, 30, tzinfo=UTC)) is None


def test_naive_fetch_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        read_date("hôm qua", fetched=datetime(2022, 12, 10, tzinfo=UTC).replace(tzinfo=None))


VI_DAYS = ["Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật"]
VI_SHORT = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"]
VI_NUMBERS = ["Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Mười Hai"]
VI_MONTHS = [f"Tháng {number}" for number in VI_NUMBERS]
EN_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
EN_MONTHS = list(calendar.month_name)[1:]


def _half(at: datetime, morning: str, evening: str) -> str:
    return f"{at.hour % 12 or 12}:{at.minute:02}:31 {morning if at.hour < 12 else evening}"


FORMATS = [
    lambda t: f"{t.hour}:{t.minute:02}, {VI_DAYS[t.weekday()]}, {t:%d-%m-%Y}",
    lambda t: f"{VI_DAYS[t.weekday()]} - {t:%d/%m/%Y %H:%M}",
    lambda t: f"{VI_DAYS[t.weekday()].upper()}, {t:%d/%m/%Y, %H:%M} (GMT+7)",
    lambda t: f"{VI_SHORT[t.weekday()]} {t.day}/{t.month}/{t.year} {t.hour}h{t.minute:02}",
    lambda t: f"Ngày đăng: {t:%d/%m/%Y} | {_half(t, 'AM', 'PM')} | Lượt xem: 1648",
    lambda t: f"{t.day}/{t.month}/{t.year} {_half(t, 'SA', 'CH')}",
    lambda t: f"({t:%d.%m.%Y %H:%M})",
    lambda t: f"{t:%H:%M:%S | %d/%m/%Y}",
    lambda t: f"Cập nhật lúc {t.hour} giờ {t.minute} phút, ngày {t.day}/{t.month}/{t.year}",
    lambda t: f"{t.hour} giờ {t.minute:02} ngày {t.day} tháng {t.month} năm {t.year}",
    lambda t: f"{t:%H:%M} {t.day} {VI_MONTHS[t.month - 1]} {t.year}",
    lambda t: f"{VI_MONTHS[t.month - 1]} {t.day}, {t.year} {t:%H:%M}",
    lambda t: f"{EN_DAYS[t.weekday()]}, {t.day} {EN_MONTHS[t.month - 1]} {t.year} {t:%H:%M}",
    lambda t: f"{EN_MONTHS[t.month - 1][:3]} {t.day}, {t.year}, {t:%H:%M}",
    lambda t: f"{t:%Y-%m-%dT%H:%M:%S}+07:00",
    lambda t: f"{t.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z",
    lambda t: f"{t:%Y-%m-%d}+07{t:%H:%M:%S}",
    lambda t: f"{t:%Y-%m-%d}ICT{t:%H:%M:%S}",
    lambda t: f"{t:%d/%m/%y %H:%M}",
    lambda t: f"{t.hour}h{t.minute:02} - {t:%d-%m-%Y}",
]


@settings(deadline=None)
@given(st.dates(date(1996, 1, 1), date(2035, 12, 31)), st.times(), st.sampled_from(range(len(FORMATS))))
@example(date(1996, 1, 1), time(0, 1), 15)
def test_round_trip(day: date, clock: time, number: int) -> None:
    at = datetime.combine(day, clock.replace(second=0, microsecond=0), VIETNAM)
    read = read_date(FORMATS[number](at), today=date(2036, 1, 1))
    assert read is not None
    # A midnight, here or in Greenwich, is an import and not a time.
    if (at.hour, at.minute) != (0, 0) and not (number == 15 and (at.hour, at.minute) == (7, 0)):
        assert (read.at, read.precision) == (at, "minute")
    assert read.at.date() == at.date()
    assert read.weekday_agrees in (None, True)


@settings(deadline=None)
@given(st.dates(date(1996, 1, 1), date(2035, 12, 31)), st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]))
def test_round_trip_of_days(day: date, form: str) -> None:
    read = read_date(day.strftime(form))
    assert read is not None
    assert (read.iso, read.weekday_agrees) == (day.isoformat(), None)


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789/-.: ,|hgTZ+()ngàyđăgcậptháSA"), max_size=60) | st.text(max_size=60))
@example("9999-12-31T23:59:00-14:00")
@example("0001-01-01T00:30:00+14:00")
def test_any_text_is_read_or_not_but_never_fails(text: str) -> None:
    read = read_date(text, today=date(2026, 11, 22), fetched=datetime(2026, 11, 22, tzinfo=UTC))
    if read is not None:
        assert date(1996, 1, 1) <= read.at.date() <= date(2026, 11, 24)
        assert read.at.tzinfo is VIETNAM
        assert read.raw
