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
        ("Chủ tịch Hội Khuyến học huyện Nguyễn Văn Dũng cho biết.", ("Nguyễn Văn Dũng", "Chủ tịch", "Hội Khuyến học huyện")),
        ("Phó Chủ tịch UBND Thành phố Phạm Doãn Khang dự.", ("Phạm Doãn Khang", "Phó Chủ tịch", "UBND Thành phố")),
        ("Chủ tịch UBND huyện Thạch An Nông Thái Hà dự.", ("Nông Thái Hà", "Chủ tịch", "UBND huyện Thạch An")),
        ("Chủ tịch UBND xã Trần Thị Kim Chi dự.", ("Trần Thị Kim Chi", "Chủ tịch", "UBND xã")),
        ("Chủ tịch Hội Khuyến học tỉnh Cao Bằng Hà Ngọc An dự.", ("Hà Ngọc An", "Chủ tịch", "Hội Khuyến học tỉnh Cao Bằng")),
        ("Giám đốc Sở Dư Văn Bình chủ trì; cơ quan thuộc Bộ Y tế.", ("Dư Văn Bình", "Giám đốc", "Sở")),
        ("đồng chí Lưu Văn Thành Phó Giám đốc Sở Công thương", ("Lưu Văn Thành", "Phó Giám đốc", "Sở Công thương")),
        (
            "Ông Đỗ Văn Hùng, Giám đốc Sở Thông tin và Truyền thông phát biểu.",
            ("Đỗ Văn Hùng", "Giám đốc", "Sở Thông tin và Truyền thông"),
        ),
        (
            "Bà Vi Thị Mai, Phó Giám đốc Sở Tài nguyên và Môi trường tỉnh Cao Bằng dự.",
            ("Vi Thị Mai", "Phó Giám đốc", "Sở Tài nguyên và Môi trường tỉnh Cao Bằng"),
        ),
        ("Ông Trương Quốc Bảo, Chủ tịch UBND xã Hải Chánh dự.", ("Trương Quốc Bảo", "Chủ tịch", "UBND xã Hải Chánh")),
        ("Bà Lò Thị Mai, Bí thư Đảng ủy phường Ngô Quyền dự.", ("Lò Thị Mai", "Bí thư", "Đảng ủy phường Ngô Quyền")),
        ("Thứ trưởng Bộ Nội vụ Trần Đức An và Phó chủ tịch huyện chủ trì.", ("Trần Đức An", "Thứ trưởng", "Bộ Nội vụ")),
        ("Phó Chủ tịch nước Đặng Thị Ngọc Thịnh trao quà.", ("Đặng Thị Ngọc Thịnh", "Phó Chủ tịch", "nước")),
        (
            "đồng chí Ngô Văn An – Phó Chủ tịch UBND thành phố và Giám đốc Sở Nội vụ.",
            ("Ngô Văn An", "Phó Chủ tịch", "UBND thành phố"),
        ),
        # The other has an office that is not told, or none.
        ("Chủ tịch Hội Khuyến học huyện Trần Văn Ba và ông Lê Quốc Toản trao quà.", ("Trần Văn Ba", "Chủ tịch", "Hội Khuyến học huyện")),
        (
            "Đ/c Lê Mạnh Hà - Phó Giám đốc Sở Nội vụ, đồng chí Ngô Thị Hằng - Phó Cục trưởng Cục Thuế dự.",
            ("Lê Mạnh Hà", "Phó Giám đốc", "Sở Nội vụ"),
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
        "Cố Chủ tịch Hội Khuyến học huyện Nông Văn Dũng, cựu Chủ tịch UBND huyện Nguyễn Văn Hải.",
        "Chủ tịch UBND huyện và ông Trần Quốc Toản trao quà.",
        "Chủ tịch UBND phường Nguyễn Trung Trực phát biểu.",
        "Tổ trưởng Ngân Văn Chỉnh, Phó Chủ tịch UBND xã dự.",
    ],
)
def test_nobody_else(text: str) -> None:
    assert find_people(text) == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Bí thư Huyện ủy Đinh Thị Hà, Phó Chủ tịch UBND huyện Nguyễn Hữu Nam.",
            {"Đinh Thị Hà": ("Bí thư", "Huyện ủy"), "Nguyễn Hữu Nam": ("Phó Chủ tịch", "UBND huyện")},
        ),
        (
            "Bí thư Thành ủy Vương Đình Khải, Chủ tịch UBND Thành phố Nguyễn Đức Trung và Phó Chủ tịch HĐND Thành phố Lê Hà An.",
            {
                "Vương Đình Khải": ("Bí thư", "Thành ủy"),
                "Nguyễn Đức Trung": ("Chủ tịch", "UBND Thành phố"),
                "Lê Hà An": ("Phó Chủ tịch", "HĐND Thành phố"),
            },
        ),
        (
            "Ông Trần Quốc Toản - Chủ tịch Hội Khuyến học huyện, Lê Thị Hoa - Phó Chủ tịch HĐND huyện.",
            {"Trần Quốc Toản": ("Chủ tịch", "Hội Khuyến học huyện"), "Lê Thị Hoa": ("Phó Chủ tịch", "HĐND huyện")},
        ),
        (
            "Phó Chủ tịch Hội Khuyến học Việt Nam Nguyễn Xuân Minh, Phó Bí thư Thường trực Đảng ủy, thành viên Ban chỉ đạo.",
            {"Nguyễn Xuân Minh": ("Phó Chủ tịch", "Hội Khuyến học Việt Nam")},
        ),
        (
            "Đ/c Lê Mạnh Hùng - Phó Trưởng ban Tuyên giáo Trung ương và đồng chí Ngô Thị Hằng - Phó Bí thư Thành ủy.",
            {"Lê Mạnh Hùng": ("Phó Trưởng ban", "Tuyên giáo Trung ương"), "Ngô Thị Hằng": ("Phó Bí thư", "Thành ủy")},
        ),
    ],
)
def test_an_office_is_one_persons(text: str, wanted: dict[str, tuple[str, str]]) -> None:
    assert {person.name: (person.position, person.body) for person in find_people(text)} == wanted
