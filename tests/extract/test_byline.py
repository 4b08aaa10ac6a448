"""Closing lines: names and sources are taken off, everything that might be the article's own last sentence stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.extract.block import Block, join_blocks
from scraper.extract.byline import BYLINE_MAX, Credits, source_prefix, split_credits

FIRST = Block("paragraph", "Chiều 9/11, Hội Khuyến học huyện trao 40 suất học bổng.")


def known_limit(behaviour: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=f"known limit (2026-11): {behaviour}")


def closing(text: str, how: str = "plain") -> Credits:
    """An article that ends with a line; ``how`` it is set."""
    align = "right" if how in ("right", "right bold") else None
    block = Block("paragraph", text, align, emphasised=how in ("bold", "right bold"), padded=how == "padded")
    return split_credits((FIRST, block))


BYLINES: tuple[tuple[str, str, str], ...] = (
    ("Hồng Hà", "plain", "Hồng Hà"),
    ("Hồng Hà", "bold", "Hồng Hà"),
    ("Hồng Hà", "right", "Hồng Hà"),
    ("Hồng Hà", "padded", "Hồng Hà"),
    ("Trần Nhung - Tuấn Anh", "right", "Trần Nhung - Tuấn Anh"),
    ("Trần Nhung - Tuấn Anh", "plain", "Trần Nhung - Tuấn Anh"),
    ("Nguyễn Văn An – Lê Thị Bình", "plain", "Nguyễn Văn An – Lê Thị Bình"),
    ("Mai Lan, Quốc Bảo", "plain", "Mai Lan, Quốc Bảo"),
    ("Mai Lan và Quốc Bảo", "plain", "Mai Lan và Quốc Bảo"),
    ("Mai Lan & Quốc Bảo", "plain", "Mai Lan & Quốc Bảo"),
    ("Ngọc Ánh/Thu Hà", "plain", "Ngọc Ánh/Thu Hà"),
    ("H'Linh Niê", "right", "H'Linh Niê"),
    ("Đ. Hùng", "plain", "Đ. Hùng"),
    ("N.T.H", "right", "N.T.H"),
    ("PV", "right", "PV"),
    ("NGUYỄN HOÀNG", "plain", "NGUYỄN HOÀNG"),
    ("ĐỨC THỊNH", "plain", "ĐỨC THỊNH"),
    ("Thuỷ Tiên", "plain", "Thuỷ Tiên"),
    ("Vi Thị Ơi", "plain", "Vi Thị Ơi"),
    ("Sóng Biển", "bold", "Sóng Biển"),
    ("Lạ Kỳ - Lê Minh", "plain", "Lạ Kỳ - Lê Minh"),
    ("Thu Hà (Phòng Văn hóa - Thông tin)", "right", "Thu Hà (Phòng Văn hóa - Thông tin)"),
    ("Phòng Giáo dục và Đào tạo huyện", "right", "Phòng Giáo dục và Đào tạo huyện"),
    ("Hội Khuyến học huyện", "right bold", "Hội Khuyến học huyện"),
    ("Lê Minh, Trung tâm Văn hóa huyện", "right", "Lê Minh, Trung tâm Văn hóa huyện"),
    ("Tin, ảnh: Hồng Hà", "plain", "Hồng Hà"),
    ("Tin: Hồng Hà; ảnh: Mai Lan", "plain", "Hồng Hà; ảnh: Mai Lan"),
    ("Bài: Hồng Hà - Ảnh: Mai Lan", "right", "Hồng Hà - Ảnh: Mai Lan"),
    ("Tin ảnh: Hồng Hà", "plain", "Hồng Hà"),
    ("TIN, ẢNH: HỒNG HÀ", "right", "HỒNG HÀ"),
    ("Bài, ảnh: Hồng Hà.", "plain", "Hồng Hà"),
    ("Bài và ảnh: Hồng Hà - Lê Minh", "plain", "Hồng Hà - Lê Minh"),
    ("Tin bài: Hồng Hà", "right", "Hồng Hà"),
    ("Tác giả: Nguyễn Thị Hồng Hà", "plain", "Nguyễn Thị Hồng Hà"),
    ("Người viết: Hồng Hà", "plain", "Hồng Hà"),
    ("Thực hiện: Hồng Hà", "bold", "Hồng Hà"),
    ("Bài viết: Hồng Hà", "plain", "Hồng Hà"),
    ("Biên tập: Hồng Hà", "plain", "Hồng Hà"),
)


@pytest.mark.parametrize(("text", "how", "name"), BYLINES)
def test_a_byline_is_taken_off(text: str, how: str, name: str) -> None:
    signed = closing(text, how)
    assert (signed.byline, signed.blocks, signed.source_line) == (name, (FIRST,), None)
    assert signed.byline_evidence


SOURCES: tuple[tuple[str, str], ...] = (
    ("(Theo caolo.example.gov.vn)", "Theo caolo.example.gov.vn"),
    ("Theo Báo Quảng Trị", "Theo Báo Quảng Trị"),
    ("(Theo Báo Cao Bằng điện tử)", "Theo Báo Cao Bằng điện tử"),
    ("Theo TTXVN", "Theo TTXVN"),
    ("THEO BÁO DÂN TRÍ", "THEO BÁO DÂN TRÍ"),
    ("Theo Dân trí", "Theo Dân trí"),
    ("Theo Đài Tiếng nói Việt Nam", "Theo Đài Tiếng nói Việt Nam"),
    ("Nguồn: Cổng thông tin điện tử tỉnh", "Nguồn: Cổng thông tin điện tử tỉnh"),
    ("Nguồn tin: congdankhuyenhoc.vn", "Nguồn tin: congdankhuyenhoc.vn"),
)


@pytest.mark.parametrize(("text", "source"), SOURCES)
@pytest.mark.parametrize("how", ["plain", "right"])
def test_a_source_is_taken_off(text: str, source: str, how: str) -> None:
    signed = closing(text, how)
    assert (signed.source_line, signed.blocks, signed.byline) == (source, (FIRST,), None)


KEPT: tuple[tuple[str, str], ...] = (
    ("Buổi lễ kết thúc trong không khí ấm áp.", "plain"),
    ("Chúc các em học tốt!", "right"),
    ("Bao giờ có lớp mới?", "plain"),
    ("Còn nữa…", "plain"),
    ("Chủ tịch", "right"),
    ("CHỦ TỊCH", "right bold"),
    ("Phó Chủ tịch", "right"),
    ("Giám đốc", "right"),
    ("Hiệu trưởng", "right bold"),
    ("Chủ tịch Hội Khuyến học", "right"),
    ("Nơi nhận:", "plain"),
    ("Nơi nhận", "plain"),
    ("Trân trọng", "right"),
    ("Trân trọng kính mời", "right"),
    ("Kính mời", "right"),
    ("Lưu: VT", "plain"),
    ("Hết", "right"),
    ("Trong đó", "plain"),
    ("Ảnh: Hồng Hà", "plain"),
    ("Ảnh minh họa", "right"),
    ("Cao Bằng, ngày 09/11/2022", "right"),
    ("Quảng Trị, ngày 11 tháng 12 năm 2022", "right"),
    ("Điện thoại: 0206.3840.081", "right"),
    ("20 suất", "plain"),
    ("Học tập suốt đời", "plain"),
    ("Xã hội học tập", "bold"),
    ("Khuyến học", "plain"),
    ("Đoàn kết - Sáng tạo - Phát triển", "bold"),
    ("Học không bao giờ cùng", "plain"),
    ("- Trao 12 suất quà;", "plain"),
    ("Học sinh: tiền ăn, tiền sách", "plain"),
    ("Bài học: phải kiên trì", "plain"),
    ("Tin mừng: cả ba em đều đỗ", "plain"),
    ("TM. BAN CHẤP HÀNH", "plain"),
    ("Hội nghị còn nghe ý kiến của các chi hội về việc gây quỹ", "plain"),
)


@pytest.mark.parametrize(("text", "how"), KEPT)
def test_what_signs_nothing_stays(text: str, how: str) -> None:
    signed = closing(text, how)
    assert (signed.byline, signed.source_line) == (None, None)
    assert signed.blocks == (FIRST, Block("paragraph", text, "right" if "right" in how else None, "bold" in how))


LAST_SENTENCES = (
    "Theo đó, mỗi em được nhận 500 nghìn đồng.",
    "Theo kế hoạch, lễ trao thưởng diễn ra vào tháng 9.",
    "theo quy định của Hội.",
    "Theo Hội Khuyến học huyện, năm nay có 40 em được nhận quà.",
    "Theo ông Nguyễn Văn An, quỹ còn thiếu.",
    "Nguồn: ngân sách huyện và tiền dân góp, mỗi bên một nửa.",
)


@pytest.mark.parametrize("text", LAST_SENTENCES)
def test_a_last_sentence_is_no_source(text: str) -> None:
    assert closing(text).blocks == (FIRST, Block("paragraph", text))


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện: 5 mô hình trong năm tới",
        "Tin: Hội nghị thành công tốt đẹp",
        "Thực hiện: vận động, quyên góp, trao quà.",
        "Tác giả: giải nhất thuộc về em lớp bốn",
    ],
)
def test_a_label_does_not_make_a_sentence_a_name(text: str) -> None:
    assert closing(text).blocks == (FIRST, Block("paragraph", text))


@pytest.mark.parametrize("text", ["Thạch An", "Cao Bằng", "Hà Nội", "Quảng Trị", "Việt Nam"])
def test_places_are_no_authors(text: str) -> None:
    assert closing(text).byline is None


@pytest.mark.parametrize("text", ["Đông Khê", "Bác Hồ", "Xuân Quý Mão", "Cháu Ngoan - Trò Giỏi", "Mùa Xuân", "Bông Hoa Đẹp"])
def test_other_capitalised_words_are_no_authors(text: str) -> None:
    assert closing(text).byline is None


@known_limit("words that begin as a surname does are taken for a person's name")
@pytest.mark.parametrize("text", ["Hoa Điểm Mười", "Vàng Anh Trên Núi"])
def test_words_like_surnames_are_no_authors(text: str) -> None:
    assert closing(text).byline is None


@pytest.mark.parametrize(
    "text",
    [
        "Một Số Hình Ảnh",
        "Xem Tiếp",
        "Xem Thêm",
        "Lễ Trao Giải",
        "Tải Về",
        "Video Clip",
        "Gia Đình Học Tập",
        "Lịch Công Tác",
        "Chi Tiết Tại Đây",
        "MỘT SỐ HÌNH ẢNH",
        "Danh Sách",
    ],
)
@pytest.mark.parametrize("how", ["plain", "bold", "right"])
def test_a_heading_is_no_author(text: str, how: str) -> None:
    assert closing(text, how).byline is None
    assert split_credits((FIRST, Block("paragraph", f"Buổi lễ kết thúc.\n{text}"))).byline is None


@pytest.mark.parametrize("text", ["Ấm áp", "Êm ả", "Đẹp ý"])
def test_small_letters_begin_no_name(text: str) -> None:
    assert closing(text).byline is None


@pytest.mark.parametrize("text", ["TM. BAN CHẤP HÀNH", "KT. CHỦ TỊCH", "Xin cảm ơn"])
def test_a_right_aligned_line_that_signs_nothing(text: str) -> None:
    assert closing(text, "right").byline is None


@pytest.mark.parametrize("text", ["Ngày hội của toàn dân", "Quảng Trị, tháng 5 năm ấy", "học, học nữa, học mãi", "ĐÃ KÝ"])
def test_other_right_aligned_words_sign_nothing(text: str) -> None:
    assert closing(text, "right").byline is None


# Where it stands


ANNEX = (Block("row", "STT | Hoạt động | Nơi"), Block("row", "1 | Tặng sách | Sân khấu"))


def test_a_name_before_an_annexed_table_is_the_byline() -> None:
    signed = split_credits((FIRST, Block("paragraph", "Minh Thu", "right", italic=True), *ANNEX))
    assert (signed.byline, signed.blocks) == ("Minh Thu", (FIRST, *ANNEX))


@pytest.mark.parametrize(("text", "align"), [("Minh Thu", None), ("Lịch hoạt động", "right"), ("Quảng Trị", "right")])
def test_what_heads_a_table_stays(text: str, align: str | None) -> None:
    blocks = (FIRST, Block("paragraph", text, align), *ANNEX)
    assert split_credits(blocks) == Credits(blocks)


@pytest.mark.parametrize(("text", "code"), [("HNP - Sáng 19/7, Ban Chỉ đạo họp.", "HNP"), ("QTO – Ngày 5/3, tỉnh mở lớp.", "QTO")])
def test_the_code_of_a_newsroom_before_the_first_word(text: str, code: str) -> None:
    assert source_prefix(text) == code


@pytest.mark.parametrize("text", ["UBND - Sáng nay", "DNSSEC – Đảm bảo an toàn", "CNTT - TT", "HNP", "Hà Nội - Sáng 19/7"])
def test_other_capitals_are_no_newsroom(text: str) -> None:
    assert source_prefix(text) is None


@pytest.mark.parametrize("kind", ["item", "row"])
def test_names_in_lists_and_tables_stay(kind: str) -> None:
    blocks = (FIRST, Block(kind, "Hồng Hà"))  # type: ignore[arg-type]
    assert split_credits(blocks) == Credits(blocks)


def test_the_only_block_stays() -> None:
    assert split_credits((Block("paragraph", "Hồng Hà", "right"),)).byline is None
    assert split_credits(()) == Credits(())


def test_only_the_end_is_looked_at() -> None:
    blocks = (FIRST, Block("paragraph", "Hồng Hà", "right"), Block("paragraph", "Buổi lễ kết thúc lúc 17 giờ."))
    assert split_credits(blocks) == Credits(blocks)


@pytest.mark.parametrize("order", [("Hồng Hà", "Theo Báo Cao Bằng"), ("Theo Báo Cao Bằng", "Hồng Hà")])
def test_byline_and_source_in_either_order(order: tuple[str, str]) -> None:
    signed = split_credits((FIRST, *(Block("paragraph", text, "right") for text in order)))
    assert (signed.byline, signed.source_line, signed.blocks) == ("Hồng Hà", "Theo Báo Cao Bằng", (FIRST,))


def test_two_names_below_each_other_are_not_guessed() -> None:
    signed = split_credits((FIRST, Block("paragraph", "Hồng Hà", "right"), Block("paragraph", "Lê Minh", "right")))
    assert signed.byline == "Lê Minh"
    assert signed.blocks[-1].text == "Hồng Hà"


def test_a_name_after_a_break_in_the_last_paragraph() -> None:
    signed = split_credits((FIRST, Block("paragraph", "Buổi lễ kết thúc lúc 17 giờ.\nHồng Hà")))
    assert signed.byline == "Hồng Hà"
    assert signed.blocks == (FIRST, Block("paragraph", "Buổi lễ kết thúc lúc 17 giờ."))


@pytest.mark.parametrize("text", ["Buổi lễ kết thúc,\nHồng Hà", "Đến dự có ông\nNguyễn Văn An", "Kết quả:\nGiải nhất\nHồng Hà"])
def test_a_break_in_the_middle_of_a_sentence_signs_nothing(text: str) -> None:
    assert split_credits((FIRST, Block("paragraph", text))).blocks[-1].text == text


def test_a_long_line_is_no_byline() -> None:
    assert closing("Hồng " * 17 + "Hà", "right").byline is None
    assert len("Hồng " * 17 + "Hà") > BYLINE_MAX


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("(Web Quảng Trị) Ngày 11/12, …", "Web Quảng Trị"),
        ("(HNP) - Chiều 9/11, …", "HNP"),
        ("(Chinhphu.vn) – Thủ tướng …", "Chinhphu.vn"),
        ("(Cổng TTĐT tỉnh) Sáng nay, …", "Cổng TTĐT tỉnh"),
        ("(Theo Báo Dân trí) Sáng nay, …", "Theo Báo Dân trí"),
        ("(40 em được nhận) …", None),
        ("(sáng 9/11) Hội …", None),
        ("Ngày 11/12 (Web Quảng Trị) …", None),
        ("", None),
    ],
)
def test_the_source_before_the_first_word(text: str, source: str | None) -> None:
    assert source_prefix(text) == source


def test_the_prefix_stays_in_the_text() -> None:
    first = Block("paragraph", "(Web Quảng Trị) Ngày 11/12, Hội Khuyến học tỉnh họp.")
    signed = split_credits((first, Block("paragraph", "Buổi họp kết thúc.")))
    assert (signed.source_line, signed.blocks[0]) == ("Web Quảng Trị", first)


# Never a sentence

SENTENCES = st.lists(
    st.sampled_from(
        ["Hội", "Khuyến", "học", "trao", "quà", "cho", "em", "Hà", "ở", "xã", "Lê", "Lai", "năm", "nay", "rất", "vui", "và", "ấm"]
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(words=SENTENCES, mark=st.sampled_from(".!?…"), align=st.sampled_from((None, "right", "center")), bold=st.booleans())
def test_a_line_that_ends_as_a_sentence_is_never_taken(words: list[str], mark: str, align: str | None, bold: bool) -> None:
    last = Block("paragraph", " ".join(words).capitalize() + mark, align, bold)
    assert split_credits((FIRST, last)).blocks == (FIRST, last)


@settings(max_examples=200, deadline=None)
@given(texts=st.lists(st.text("Hồng Hàabc.,:\n (Theo)-", max_size=40), max_size=5), align=st.sampled_from((None, "right")))
def test_nothing_is_lost(texts: list[str], align: str | None) -> None:
    """Every letter of the article is afterwards in the text, the byline or the source line, or was a label before a name."""
    blocks = tuple(Block("paragraph", text, align) for text in texts)
    signed = split_credits(blocks)
    assert len(signed.blocks) <= len(blocks)
    assert join_blocks(blocks).startswith(join_blocks(signed.blocks).rstrip())
