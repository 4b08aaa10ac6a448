"""A small archive made by the crawler's own classes from pages of the Cao Bằng layout that are written here."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from scraper.archive import reviews
from scraper.archive.database import ArchiveDatabase, Origin
from scraper.archive.keeper import Keeper
from scraper.items import Capture, Problem
from scraper.portal import portals

SCRIPT_TITLE = "<script>alert('khuyến học')</script> & “Hội Khuyến học”"
FORMULA_TITLE = '=HYPERLINK("http://example.org","Hội Khuyến học xã Lê Lai")'


@dataclass(frozen=True)
class Page:
    """One article page as the portal prints it."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    date: str = ""
    byline: str = ""
    source: str = "cao_bang_thach_an"
    fetched_at: str = "2025-01-15T02:00:00Z"
    section: str = "van-hoaxa-hoi"
    document: str = ""

    @property
    def url(self) -> str:
        """Its own address."""
        host = {"cao_bang_thach_an": "thachan.caobang.gov.vn", "cao_bang": "caobang.gov.vn"}[self.source]
        return f"https://{host}/{self.section}/bai-viet-{self.number}"

    @property
    def uid(self) -> str:
        """Its identifier in the archive."""
        return f"{self.source}-{self.number}"

    @property
    def body(self) -> bytes:
        """Its markup."""
        date = f'<div class="PostDate">{self.date}</div>' if self.date else ""
        text = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in self.paragraphs)
        sign = f'<p style="text-align: right;">{self.byline}</p>' if self.byline else ""
        file = f'<div class="ArticleFile"><a href="{self.document}">Kế hoạch &lt;b&gt;</a></div>' if self.document else ""
        return (
            f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Tin</title></head><body><div class="ModuleContent">'
            f'<div class="ArticleView">Lượt xem: 9</div><div class="ArticleHeader">{html.escape(self.title)}</div>{date}'
            f'<div class="ArticleContent">{text}{sign}</div>{file}</div></body></html>'
        ).encode()


_FUND = "Hội Khuyến học vận động quỹ khuyến học, trao học bổng cho học sinh nghèo hiếu học."
# On two portals: one story. Names an official, so that this table has a row.
_REPRINTED = (
    "Hôm ấy, bà Nông Thị Mai, Chủ tịch Hội Khuyến học tỉnh Cao Bằng, kể rằng thuở mới lập hội chỉ có 9 người, leo 14 quả núi để xin từng"
    " quyển vở, từng cây bút cho trẻ em vùng cao; nay con em học xa gửi thư về, có người làm cô giáo dạy ở trường cũ, có người mở xưởng"
    " mộc nhận 6 người cùng bản vào học nghề, ai cũng nhớ bữa cơm nhà bác trưởng bản năm ấy."
)
_NFD = unicodedata.normalize("NFD", f"Xóm Nà Đỏong. {_FUND}")
ON_TOPIC = (
    Page(1001, "Hội Khuyến học huyện Thạch An tổng kết năm 2022", (f"Tại thị trấn Đông Khê, {_FUND}", "Toàn huyện có 5 chi hội."),
         "Chủ nhật, 11/12/2022 | 07:47", "Nông Thị Lan"),
    Page(1002, "Đức Long: gia đình học tập làm theo Bác", ("Xã Đức Long biểu dương gia đình học tập.", _FUND), "12/12/2022 00:30"),
    Page(1003, "KHUYẾN HỌC Ở LÊ LỢI", ("Các dòng họ đóng góp 20 triệu đồng.", _FUND), byline="Hoàng Văn Đạt"),
    Page(1004, SCRIPT_TITLE, (f"Nhà văn hoá <b>xóm</b> & trường học. {_FUND}",), "05/03/2023 08:00"),
    Page(1005, FORMULA_TITLE, (_FUND, "+1+1", "@SUM(A1)"), "06/03/2023 08:00"),
    Page(1006, unicodedata.normalize("NFD", "Khuyến tài, khuyến học ở Trọng Con"), (_NFD,)),
    Page(1007, "Quỹ khuyến học dòng họ Nông", (f"Thuỷ và Hoà nhận học bổng. {_FUND}", "Đoạn hai.\u200b Đoạn\u00a0ba.", _REPRINTED),
         "Ngày đăng: 07/04/2023", document="/upload/ke-hoach.pdf"),
    Page(1008, "Khen thưởng giáo viên Đồng Kỳ", (f"Thầy Lí, bác sỹ Mĩ nhận khen. {_FUND}",), "08/04/2023 10:00"),
    Page(2001, "Hội Khuyến học tỉnh Cao Bằng phát động tháng khuyến học", (_FUND, _REPRINTED),
         "02/10/2023 09:00", source="cao_bang", section="kinh-te"),
    Page(2002, "Đồng hành cùng khuyến học", (f"Ngân hàng ủng hộ 100 triệu đồng. {_FUND}",), "03/10/2024 09:00", source="cao_bang"),
    Page(2003, "Dòng họ hiếu học ở Đống Đa", (_FUND, "Một đoạn dài. " * 60), "04/10/2024 23:59", source="cao_bang"),
)  # fmt: skip
OFF_TOPIC = (
    Page(1901, "Phòng chống dịch tả lợn ở Đức Xuân", ("Ngành thú y phun khử khuẩn 200 hộ.",), "01/02/2023 08:00"),
    Page(1902, "Xã Lê Lai họp mặt đầu xuân", ("Hội Khuyến học dự họp mặt.",), "02/02/2023 08:00"),
)
EDITED = Page(
    1003, "KHUYẾN HỌC Ở LÊ LỢI", ("Các dòng họ đóng góp 25 triệu đồng.", _FUND), byline="Hoàng Văn Đạt", fetched_at="2025-02-01T02:00:00Z"
)


def build_archive(path: Path, origin: Origin = "demo") -> Path:
    """Make the archive; everything goes through the keeper, as in a replay."""
    with ArchiveDatabase(path) as archive:
        archive.claim_origin(origin)
        for source in ("cao_bang_thach_an", "cao_bang"):
            spider = portals()[source]
            keeper = Keeper(archive, spider.facts(), "replay")
            for page in (*ON_TOPIC, *OFF_TOPIC, EDITED):
                if page.source == source:
                    capture = Capture(page.url, page.fetched_at, 200, (("Content-Type", "text/html; charset=utf-8"),), page.body)
                    keeper.take(capture, keeper.keep(capture, ()), spider.read(capture))
            keeper.note(spider.home, Problem("listing_empty", "not one <b>link</b> to an article"))
            keeper.finish("finished", "good")
        with archive.transaction() as db:
            number = db.execute("SELECT id FROM observations WHERE indicator_id = 'chi_hoi' ORDER BY id LIMIT 1").fetchone()[0]
            named = reviews.find(db, str(number))
            assert named is not None
            reviews.record(db, {**named, "decision": "corrected", "value": 6, "reviewer": "An", "reviewed_at": "2025-02-02T02:00:00Z"})
    return path
