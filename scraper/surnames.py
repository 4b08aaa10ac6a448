"""Vietnamese surnames, those of the Kinh and of other peoples of the country, as a name begins with them."""

from __future__ import annotations

# fmt: off
SURNAMES: tuple[str, ...] = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh",
    "Đoàn", "Trịnh", "Mai", "Tạ", "Cao", "Lương", "Trương", "Hà", "Tô", "Đào", "Lâm", "Phùng", "Vương", "Thái", "Tống", "Quách",
    "Nông", "Bế", "Đàm", "Triệu", "Mạc", "Hứa", "Chu", "Châu", "La", "Lò", "Vi", "Cầm", "Giàng", "Sùng", "Vàng", "Thào", "Ma",
    "Lục", "Bàn", "Hoa", "Kiều", "Tăng", "Từ", "Văn", "Ninh", "Cáp", "Lại", "Đậu", "Thân", "Khổng", "Doãn", "Viên", "Hán", "Danh",
    "Thạch", "Kim", "Sơn", "Y", "H", "Rơ", "Ksor", "Siu", "Nay", "Lưu", "Dư", "Phí", "Bạch", "Cù", "Diệp", "Khuất", "Nghiêm", "Nhâm",
    "Sầm", "Tôn", "Uông", "Ung", "Đới", "Lã", "Lữ", "Lường", "Quàng", "Vừ", "Tòng",
)
# fmt: on
