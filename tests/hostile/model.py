"""A row of the table of faults, and a good article: what it says and where it stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .wire import Exchange

Serve = Callable[["Exchange"], Awaitable[None]]
Hook = Callable[["Exchange"], Awaitable[bool]]
Expect = Literal["article", "refused", "not_fetched", "retry_later", "capped"]
"""What a crawler must make of a fault.

``article``: stored with exactly ``title``, ``text`` and ``published_at`` (each only where not None) and ``fragments``.
``refused``: no article (or, for an archived one, its text untouched) and an issue that says so.
``not_fetched``: ``target`` gets no request: the canary, or the pages of the site (robots.txt may be asked).
``retry_later``: nothing is stored of this answer, the address stays due, and it is not asked again at once.
``capped``: given up at the size cap, memory bounded, not retried at once, an issue that says so.
"""
SECTION = "/van-hoaxa-hoi"
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


@dataclass(frozen=True)
class Good:
    """An article as it should be stored. ``id`` is unique over all sites; no two have the same text."""

    id: int
    slug: str
    title: str
    paragraphs: tuple[str, ...]
    when: datetime
    section: str = SECTION

    @property
    def path(self) -> str:
        """Its address on its site."""
        return f"{self.section}/{self.slug}-{self.id}"

    @property
    def text(self) -> str:
        """The body as it should be stored: paragraphs separated by a blank line."""
        return "\n\n".join(self.paragraphs)

    @property
    def printed(self) -> str:
        """The date as the page prints it."""
        return f"{WEEKDAYS[self.when.weekday()]}, {self.when:%d/%m/%Y} | {self.when:%H:%M}"

    @property
    def published_at(self) -> str:
        """The date as it should be stored."""
        return f"{self.when:%Y-%m-%dT%H:%M}:00+07:00"


@dataclass(frozen=True)
class Fault:
    """One fault: where it is served and what must come of it.

    ``row``: the section of RELIABILITY.md and the row. ``path``: the faulty page, None when the whole site is at fault.
    ``target``: for ``not_fetched``, whose requests must be none. ``issues``: kinds of issues, one of which should be recorded.
    ``or_refused``: refusing it with an issue is as good. ``absent``: what stored text must not hold. ``max_requests``: how often
    one crawl may ask ``path`` (with any query) or, without a path, how many requests the site may get (robots.txt apart).
    ``pause``: seconds in which nothing may be asked after the first answer that asks for it.
    ``slow``: it lasts until the client's own time limit. ``phase``: served so from that phase on; a good article before.
    """

    name: str
    row: str
    site: str
    path: str | None
    expect: Expect
    title: str | None = None
    text: str | None = None
    published_at: str | None = None
    fragments: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    or_refused: bool = False
    target: str | None = None
    max_requests: int | None = None
    pause: float | None = None
    phase: int = 1
    slow: bool = False
    note: str = ""
    good: Good | None = field(default=None, repr=False)
    serve: Serve | None = field(default=None, repr=False, compare=False)


PLACES = (
    "Đức Xuân", "Lê Lai", "Lê Lợi", "Kim Đồng", "Canh Tân", "Minh Khai", "Quang Trọng", "Thái Cường", "Vân Trình", "Trọng Con",
    "Đức Long", "Đức Thông", "Thụy Hùng",
)  # fmt: skip
_TEXTS: tuple[tuple[str, ...], ...] = (
    (
        "Hội Khuyến học xã {xa} trao {n} suất học bổng cho học sinh vượt khó",
        "Sáng ngày hôm qua, tại nhà văn hóa xã {xa}, Hội Khuyến học xã tổ chức lễ trao {n} suất học bổng cho học sinh có hoàn cảnh"
        " khó khăn vươn lên trong học tập. Dự buổi lễ có đại diện Hội Khuyến học huyện và đông đảo phụ huynh.",
        "Từ đầu năm đến nay, quỹ khuyến học của xã nhận được sự ủng hộ của {so} lượt hội viên và nhà hảo tâm. Mỗi suất học bổng gồm"
        " sách vở, đồ dùng học tập và một khoản tiền nhỏ để các em yên tâm đến trường.",
        "Thay mặt Hội Khuyến học, ông chủ tịch hội xã {xa} mong các em tiếp tục nỗ lực để xứng đáng với tấm lòng của bà con.",
    ),
    (
        "Dòng họ học tập ở xã {xa} xây dựng quỹ khuyến học {n} triệu đồng",
        "Phong trào dòng họ học tập ở xã {xa} ngày càng lan rộng. Các dòng họ đã góp được {n} triệu đồng vào quỹ khuyến học để"
        " khen thưởng con cháu đỗ đạt và giúp những gia đình còn thiếu thốn.",
        "Theo thống kê của Hội Khuyến học xã, {so} lượt người đã ghi tên vào sổ vàng khuyến học, khuyến tài. Nhiều cụ cao tuổi vẫn"
        " đều đặn đóng góp mỗi tháng một ít từ lương hưu của mình.",
        "Các trưởng họ thống nhất đến cuối năm sẽ họp mặt tại nhà thờ tổ để biểu dương gia đình học tập tiêu biểu.",
    ),
    (
        "Xã {xa} phát động tháng khuyến học, khuyến tài với {n} hoạt động",
        "UBND xã {xa} phối hợp với Hội Khuyến học xã phát động tháng khuyến học, khuyến tài với {n} hoạt động hướng về"
        " học sinh các trường trên địa bàn và người lớn học tập suốt đời.",
        "Trong ngày đầu, ban tổ chức tiếp nhận ủng hộ của {so} lượt cá nhân, đơn vị. Toàn bộ số tiền được chuyển vào quỹ khuyến học"
        " và công khai tại trụ sở xã để nhân dân theo dõi.",
        "Hội Khuyến học đề nghị mỗi thôn chọn một mô hình cộng đồng học tập để nhân rộng trong thời gian tới.",
    ),
    (
        "Đại hội Hội Khuyến học xã {xa} bầu ban chấp hành {n} ủy viên",
        "Đại hội đại biểu Hội Khuyến học xã {xa} diễn ra trong một ngày với sự tham dự của các chi hội. Đại hội bầu ban chấp hành mới"
        " gồm {n} ủy viên và thông qua phương hướng của nhiệm kỳ.",
        "Báo cáo tại đại hội cho biết {so} lượt học sinh được nhận quà từ quỹ khuyến học trong nhiệm kỳ vừa qua. Trung tâm học tập"
        " cộng đồng mở thêm nhiều lớp dạy nghề cho bà con.",
        "Đại hội kêu gọi toàn thể hội viên góp sức xây dựng xã hội học tập, không để em nào phải bỏ học vì nghèo.",
    ),
    (
        "Xã {xa} biểu dương {n} gia đình học tập tiêu biểu",
        "Hội Khuyến học xã {xa} vừa tổ chức hội nghị biểu dương {n} gia đình học tập tiêu biểu. Đây là những gia đình có con cháu chăm"
        " ngoan, ông bà cha mẹ nêu gương đọc sách và học nghề.",
        "Nhân dịp này, quỹ khuyến học của xã trao {so} phần quà nhỏ cho học sinh các cấp. Nguồn quỹ do cán bộ, giáo viên và những"
        " người con xa quê đóng góp qua nhiều năm.",
        "Hội nghị cũng nghe các gia đình kể lại kinh nghiệm nuôi dạy con và giữ gìn nếp nhà hiếu học.",
    ),
    (
        "Công dân học tập: lớp học buổi tối của {n} người dân xã {xa}",
        "Mỗi tuần ba buổi tối, {n} người dân xã {xa} lại đến trung tâm học tập cộng đồng để học chữ và học sử dụng máy tính. Lớp học do"
        " Hội Khuyến học xã đứng ra tổ chức từ nguồn quỹ khuyến học.",
        "Sau một năm, trung tâm ghi nhận {so} lượt người đến lớp. Nhiều bác nông dân đã tự đọc được tài liệu trồng thạch đen và bán"
        " hàng qua mạng nhờ mô hình công dân học tập.",
        "Hội Khuyến học xã cho biết sẽ mở thêm lớp ở hai xóm vùng cao khi có đủ giáo viên tình nguyện.",
    ),
)


class Series:
    """Good articles of one site, numbered from a first number on."""

    def __init__(self, first: int) -> None:
        self._next = first

    def make(self, slug: str) -> Good:
        """The next one."""
        number = self._next
        self._next += 1
        title, *paragraphs = (
            line.format(xa=PLACES[number % len(PLACES)], n=number % 83 + 12, so=f"{number:,}".replace(",", "."))
            for line in _TEXTS[number % len(_TEXTS)]
        )
        when = datetime(2021, 1, 4, 7, 5) + timedelta(days=number * 7 % 1700, minutes=number * 13 % 580)
        return Good(number, slug, title, tuple(paragraphs), when)
