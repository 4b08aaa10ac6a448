"""Names for the composer: places of three provinces before July 2025, people, schools, firms. People are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class World:
    """The places one portal writes about."""

    province: str
    home: dict[str, tuple[str, ...]]  # districts an article is about, each with communes of its own
    weights: tuple[int, ...]
    districts: tuple[str, ...]  # others that may be named
    villages: tuple[str, ...]
    prefix: str  # what the portal puts before a lead ("" = nothing)


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("; "))


QUANG_TRI = World(
    province="Quảng Trị",
    home={
        "huyện Vĩnh Linh": _names("xã Vĩnh Thủy; xã Vĩnh Lâm; xã Kim Thạch; xã Hiền Thành; thị trấn Hồ Xá"),
        "huyện Gio Linh": _names("xã Gio Mỹ; xã Trung Hải; xã Gio Châu; xã Linh Trường; thị trấn Gio Linh"),
        "huyện Cam Lộ": _names("xã Cam Thủy; xã Cam Hiếu; xã Thanh An; xã Cam Nghĩa; thị trấn Cam Lộ"),
        "huyện Triệu Phong": _names("xã Triệu Ái; xã Triệu Độ; xã Triệu Trạch; xã Triệu Long; thị trấn Ái Tử"),
        "huyện Hải Lăng": _names("xã Hải Quế; xã Hải Thượng; xã Hải Phú; xã Hải Chánh; thị trấn Diên Sanh"),
        "huyện Hướng Hóa": _names("xã Tân Hợp; xã Hướng Phùng; xã Hướng Linh; xã Tân Liên; thị trấn Khe Sanh"),
        "huyện Đakrông": _names("xã Mò Ó; xã Ba Lòng; xã Tà Rụt; xã Hướng Hiệp; thị trấn Krông Klang"),
        "thị xã Quảng Trị": _names("phường An Đôn; phường 1; phường 2; phường 3; xã Hải Lệ"),
        "thành phố Đông Hà": _names("phường Đông Lễ; phường Đông Giang; phường Đông Thanh; phường Đông Lương; phường 5"),
    },
    weights=(1,) * 9,
    districts=_names("huyện Vĩnh Linh; huyện Gio Linh; huyện Cam Lộ; huyện Hải Lăng; thành phố Đông Hà; huyện đảo Cồn Cỏ"),
    villages=_names(
        "thôn An Bình; thôn Phú Hậu; thôn Tân Xuân; thôn Nhĩ Hạ; thôn Đại Hào; khu phố 3; khu phố 7; thôn Lâm Cao; "
        "thôn Hà Lợi; bản Khe Ngài; thôn Xuân Long; thôn Trung An"
    ),
    prefix="(Web Quảng Trị) ",
)

THACH_AN = World(
    province="Cao Bằng",
    home={
        "huyện Thạch An": _names(
            "thị trấn Đông Khê; xã Canh Tân; xã Kim Đồng; xã Minh Khai; xã Đức Thông; xã Thái Cường; xã Vân Trình; "
            "xã Thụy Hùng; xã Quang Trọng; xã Trọng Con; xã Lê Lai; xã Đức Long; xã Lê Lợi; xã Đức Xuân"
        ),
        "huyện Quảng Hòa": _names("xã Phi Hải; xã Quảng Hưng; xã Cai Bộ; xã Cách Linh; thị trấn Tà Lùng"),
        "huyện Hòa An": _names("xã Nam Tuấn; xã Dân Chủ; xã Hồng Việt; xã Bạch Đằng; thị trấn Nước Hai"),
    },
    weights=(16, 1, 1),
    districts=_names("huyện Quảng Hòa; huyện Hạ Lang; huyện Trùng Khánh; huyện Hà Quảng; huyện Nguyên Bình; huyện Bảo Lạc"),
    villages=_names(
        "xóm Nà Luông; xóm Bản Nghèn; xóm Khau Trường; xóm Pác Lũng; xóm Slộc Vài; xóm Chang Khuyên; xóm Nà Kẻ; "
        "xóm Bó Pha; tổ dân phố 2; tổ dân phố 4; xóm Cạm Phầy; xóm Đoỏng Nà"
    ),
    prefix="",
)

THAP_MUOI = World(
    province="Đồng Tháp",
    home={
        "huyện Tháp Mười": _names(
            "thị trấn Mỹ An; xã Thạnh Lợi; xã Hưng Thạnh; xã Trường Xuân; xã Tân Kiều; xã Mỹ Hòa; xã Mỹ Quý; xã Mỹ Đông; "
            "xã Đốc Binh Kiều; xã Phú Điền; xã Láng Biển; xã Thanh Mỹ"
        ),
        "huyện Cao Lãnh": _names("xã Gáo Giồng; xã Phương Thịnh; xã Ba Sao; xã Tân Hội Trung; thị trấn Mỹ Thọ"),
        "huyện Tam Nông": _names("xã Phú Thọ; xã Phú Cường; xã Hòa Bình; xã An Long; thị trấn Tràm Chim"),
    },
    weights=(14, 1, 1),
    districts=_names("huyện Cao Lãnh; huyện Tam Nông; huyện Thanh Bình; huyện Lấp Vò; huyện Lai Vung; thành phố Sa Đéc"),
    villages=_names("ấp 1; ấp 2; ấp 4; ấp 5A; ấp Mỹ Thạnh; ấp Lợi An; ấp Gò Gòn; ấp Hưng Lợi; khóm 3; khóm 4; ấp Kênh Giữa; ấp Tân Tiến"),
    prefix="",
)

SURNAMES = _names(
    "Nguyễn; Trần; Lê; Phạm; Hoàng; Phan; Võ; Đặng; Bùi; Đỗ; Hồ; Ngô; Dương; Lý; Nông; Đàm; Bế; Triệu; Mạc; Đoàn; "
    "Lương; Đinh; Trương; Thái; Cáp; Hà"
)
MIDDLES = {
    "nam": _names("Văn; Hữu; Đức; Minh; Quốc; Xuân; Đình; Bá; Công"),
    "nu": _names("Thị; Thu; Thanh; Ngọc; Kim; Thị Hồng"),
}
GIVENS = {
    "nam": _names("An; Bảo; Bình; Chiến; Dũng; Đạt; Hiếu; Khôi; Kiên; Lộc; Nghĩa; Phúc; Tâm; Thắng; Tiến; Toàn; Trí; Tú; Vinh"),
    "nu": _names("Duyên; Giang; Hạnh; Hiền; Huệ; Lan; Mai; Nga; Oanh; Phượng; Quyên; Sáu; Thảo; Thủy; Trang; Vân; Yến"),
}
SCHOOLS = (
    "Trường Tiểu học Kim Đồng",
    "Trường THCS Lê Quý Đôn",
    "Trường THCS Chu Văn An",
    "Trường THPT Bế Văn Đàn",
    "Trường Tiểu học và THCS Võ Thị Sáu",
    "Trường THCS Phan Bội Châu",
    "Trường PTDT bán trú THCS số 1",
    "Trường THPT Nguyễn Bỉnh Khiêm",
    "Trường Mầm non Hoa Mai",
    "Trường Tiểu học số 2",
)
FIRMS = (
    "Công ty TNHH Thành Lộc Phát",
    "Công ty Cổ phần Xây dựng Bắc Sơn 9",
    "Hợp tác xã Nông sản Đồng Tâm Xanh",
    "Công ty TNHH Vận tải Minh Hưng Long",
    "Doanh nghiệp tư nhân Ánh Sao Mai",
    "Công ty Cổ phần Năng lượng Trường Thuận",
    "Công ty TNHH MTV Gỗ Phúc Nguyên An",
    "Câu lạc bộ Thiện tâm Ba miền",
)
BANKS = ("Ngân hàng TMCP Đại Phú", "Ngân hàng TMCP Hưng Thái", "Ngân hàng số VietMai", "Ngân hàng TMCP Sao Biển")
PARTNERS = (
    "Mặt trận Tổ quốc",
    "Hội Phụ nữ",
    "Đoàn Thanh niên",
    "ngành giáo dục",
    "Hội Cựu giáo chức",
    "Công đoàn",
    "Hội Cựu chiến binh",
)
