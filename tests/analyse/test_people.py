"""People in office by rules: officials with position and body; never pupils, donors, recipients or private people."""

from __future__ import annotations

import pytest

from scraper.analyse.people import find_people


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Phó Chủ tịch Trung ương Hội Khuyến học Việt Nam Nguyễn Hồng Sơn dự.",
            ("Nguyễn Hồng Sơn", "Phó Chủ tịch", "Trung ương Hội Khuyến học Việt Nam"),
        ),
        ("ông Hoàng Nam, Phó Chủ tịch UBND tỉnh.", ("Hoàng Nam", "Phó Chủ tịch", "UBND tỉnh")),
        ("bà Trần Thị Lan, Chủ tịch Hội Khuyến học huyện Cam Lộ đề nghị", ("Trần Thị Lan", "Chủ tịch", "Hội Khuyến học huyện Cam Lộ")),
        (
            "Ông Lê Văn Hoan được bầu giữ chức Chủ tịch Hội Khuyến học huyện Triệu Phong.",
            ("Lê Văn Hoan", "Chủ tịch", "Hội Khuyến học huyện Triệu Phong"),
        ),
        (
            "Ông Nguyễn Đức Thắng tái đắc cử Chủ tịch Hội Khuyến học xã Vĩnh Thủy.",
            ("Nguyễn Đức Thắng", "Chủ tịch", "Hội Khuyến học xã Vĩnh Thủy"),
        ),
        (
            "GS.TS Nguyễn Thị Doan, Chủ tịch Hội Khuyến học Việt Nam chủ trì hội nghị.",
            ("Nguyễn Thị Doan", "Chủ tịch", "Hội Khuyến học Việt Nam"),
        ),
        (
            "Đồng chí Phạm Văn Minh, Phó Giám đốc Sở Giáo dục và Đào tạo phát biểu.",
            ("Phạm Văn Minh", "Phó Giám đốc", "Sở Giáo dục và Đào tạo"),
        ),
    ],
)
def test_officials(text: str, wanted: tuple[str, str, str]) -> None:
    (person,) = find_people(text)
    assert (person.name, person.position, person.body) == wanted
    assert text[person.start :].startswith(person.name)


@pytest.mark.parametrize(
    "text",
    [
        "Em Nguyễn Thị Bé, học sinh lớp 5A, nhận học bổng.",
        "Doanh nhân Trần Văn Nam ủng hộ 500 triệu đồng.",
        "Ông Trần Quốc Toản, Chủ tịch Hội đồng quản trị Công ty Cổ phần Sao Mai tặng quà.",
        "Ông Vũ Văn Tám, 74 tuổi, Trưởng ban khuyến học dòng họ Vũ.",
        "Tin buồn: ông Nguyễn Văn An, nguyên Chủ tịch Hội Khuyến học huyện, đã từ trần.",
        "Chủ tịch Hội Khuyến học tỉnh Cao Bằng trao quà cho huyện Hà Quảng.",
        "Bà Lê Thị Mỹ, Giám đốc Công ty TNHH Hoa Sen, tài trợ.",
        "Cụ Đinh Văn Ba, trưởng thôn, góp lương hưu.",
    ],
)
def test_nobody_else(text: str) -> None:
    assert find_people(text) == ()
