"""Make the synthetic fixtures of tests/fixtures: ``python -m tests.make_fixtures``. Same bytes each time; nothing real is copied."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from unittest import mock
from urllib.parse import urlencode, urlsplit

from parsel import Selector

from scraper.archive.warc_writer import build_record
from scraper.items import Capture
from tests import fixture_pages
from tests.replica.model import Article
from tests.replica.site import Answer, Site

FOLDER = Path(__file__).parent / "fixtures"
DAY = "2026-11-22"
FIRST = datetime(2026, 11, 22, 1, 0)
AGENT = (("User-Agent", "khuyen-hoc-archive/synthetic"), ("Accept-Encoding", "gzip"))
LIMIT = 40_000


class _FixedClock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> _FixedClock:
        return cls(2026, 11, 22, 8, 0, tzinfo=tz)


@contextmanager
def _same_each_time() -> Iterator[None]:
    """The replica's clock stands still and record ids are counted."""
    numbers = itertools.count()
    with (
        mock.patch("tests.replica.site.datetime", _FixedClock),
        mock.patch("uuid.uuid4", side_effect=lambda: uuid.uuid5(uuid.NAMESPACE_URL, f"khuyen-hoc/{next(numbers)}")),
    ):
        yield


def write(name: str, pages: Callable[[], list[tuple[str, Answer]]]) -> Path:
    """Write one fixture: the pages as captures, three seconds apart."""
    path = FOLDER / name / f"{DAY}.warc.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    with _same_each_time():
        captures = [
            Capture(url, f"{FIRST + timedelta(seconds=3 * number):%Y-%m-%dT%H:%M:%SZ}", answer.status, tuple(answer.headers), answer.body)
            for number, (url, answer) in enumerate(pages())
        ]
        data = b"".join(build_record(capture, AGENT).data for capture in captures)
    assert len(data) <= LIMIT, f"{name}: {len(data)} bytes"
    path.write_bytes(data)
    return path


# Portals of the replica, under the addresses of the real ones


def replica_pages(name: str, home: str, seed: int, count: int, sections: dict[str, str]) -> list[tuple[str, Answer]]:
    """The listings of a replica portal (``sections``: path here → path there), every article,
    and the print twin of the first on topic."""
    site = Site(name, seed=seed, count=count)
    host = home.rstrip("/")

    def ask(path: str, coding: str = "identity") -> tuple[str, Answer]:
        answer = site.answer("GET", sections.get(path, path), {"accept-encoding": coding})
        assert answer.status == 200, (path, answer.status)
        return host + path, answer

    href: Callable[[Article, str], str] = site.portal.href  # type: ignore[attr-defined]  # each portal of the replica has one
    linked: dict[str, str] = {}
    for listing in sections.values():
        for article in site.portal.ordered(listing):
            linked.setdefault(article.key, href(article, listing))
    twin = next(article.twins[-1] for article in site.portal.articles.values() if article.on_topic)
    return [*(ask(path, "gzip") for path in sections), *(ask(path) for path in linked.values()), ask(twin)]


def quang_tri() -> list[tuple[str, Answer]]:
    """Liferay's view-article portlet."""
    return replica_pages("quang_tri", "https://www.quangtri.gov.vn/", 7, 8, {"/tin-tuc": "/tin-tuc", "/van-hoa-xa-hoi": "/van-hoa-xa-hoi"})


def cao_bang_thach_an() -> list[tuple[str, Answer]]:
    """A district's portal."""
    sections = {path: path for path in ("/van-hoaxa-hoi", "/kinh-te", "/chuyen-muc-tin-tuc")}
    return replica_pages("cao_bang_thach_an", "https://thachan.caobang.gov.vn/", 7, 8, sections)


def cao_bang() -> list[tuple[str, Answer]]:
    """The province's portal: the same markup; its section on politics shows what another shows."""
    own = {path: path for path in ("/van-hoaxa-hoi", "/kinh-te", "/chuyen-muc-tin-tuc")}
    return replica_pages("cao_bang_thach_an", "https://caobang.gov.vn/", 11, 6, own | {"/chinh-tri": "/chuyen-muc-tin-tuc"})


# ha_noi_so_tttt: Liferay 6.2 with the asset publisher, written by hand

HA_NOI = "http://sotttt.hanoi.gov.vn"
SECTIONS = {"cong-nghe-thong-tin": "Công nghệ thông tin", "thanh-tra": "Thanh tra", "bao-chi-xuat-ban": "Báo chí - Xuất bản"}

SAPO = """<div class="sapo-wrapper"><img src="/image/journal/article?img_id=7001&t=1650000000000" />
<p class="sapo">Chiều 14/4, cán bộ của Sở và Hội Khuyến học cơ quan mang 40 bộ máy tính đến năm ngôi trường ở ngoại thành.</p></div>
<div class="journal-content-article"><p>Đây là năm thứ ba Sở cùng Hội Khuyến học cơ quan
gom máy đã thay, sửa lại rồi chuyển cho các trường còn thiếu.</p>
<p style="text-align:center"><img alt="" src="/documents/10180/7001/may-tinh.jpg?t=1650000000000" /></p>
<p style="text-align:center"><em>Học sinh thử những chiếc máy đầu tiên</em></p>
<p>Mỗi máy cài sẵn phần mềm học tiếng Việt, học toán; quỹ khuyến học của cơ quan trả tiền linh kiện.</p>
<p>Cô hiệu phó một trường nói phòng máy cũ chỉ còn bốn chiếc chạy được, nay mỗi em ngồi riêng một máy.</p>
<p style="text-align:right"><strong>Lê Mai Phương</strong></p>
<p class="view-content-author">admin admin</p></div>"""
WORD = """<div class="sapo-wrapper"><p class="sapo"></p></div>
<div class="journal-content-article"><p class="MsoNormal" style="margin:6.0pt 0cm">
<span style="font-size:14.0pt">Ngày <span lang="VI">0</span>8/02,
 Chi hội Khu</span><span style="font-size:14.0pt">yến học khối văn phòng<o:p></o:p></span></p>
<p class="MsoNormal"><span lang="VI">họp tổng kết,
bàn việc xây dựng “Đơn vị học tập” và phát động tết khuyến học.</span><o:p>&nbsp;</o:p></p>
<p class="MsoListParagraph">-<span style="font:7.0pt">&nbsp;&nbsp;&nbsp; </span>Trao 12 suất học bổng, mỗi suất 800.000 đồng;</p>
<p class="MsoListParagraph">-<span style="font:7.0pt">&nbsp;&nbsp;&nbsp; </span>Góp 15 triệu đồng vào quỹ khuyến học của quận.</p>
<p class="MsoNormal">Chi hội đặt chỉ tiêu mọi gia đình hội viên đều được công nhận “Gia đình học tập”.</p></div>"""
NO_PARAGRAPHS = """<div class="sapo-wrapper"><p class="sapo"></p></div>
<div class="journal-content-article">Đoàn thanh tra của Sở vừa kết thúc đợt kiểm tra 18 cửa hàng bán sim điện thoại tại ba quận.<br><br>
Bảy cửa hàng giữ sim đã kích hoạt sẵn, bị lập biên bản; số sim bị thu là 214 chiếc.<br><br>
Thanh tra Sở đề nghị chủ thuê bao tự kiểm tra thông tin của mình bằng tin nhắn.<br>Thanh tra Sở</div>"""
ENTITIES = """<div class="sapo-wrapper"><p class="sapo"></p></div>
<div class="journal-content-article"><p>Sở TTamp;TT gửi các đơn vị
kế hoạch thi đọc sách ldquo;Mỗi trang sách một tấm lòng khuyến họcrdquo; năm 2022.</p>
<p>Cuộc thi do Hội Khuyến học thành phố và Sở cùng mở, bài dự thi là bản thu
tiếng dài không quá năm phút &#034;kể lại một cuốn sách&#034;.</p>
<p>Giải tập thể dành cho trường có nhiều học sinh dự thi; tiền thưởng lấy từ quỹ khuyến học. Hạn nộp bài 30/9.</p>
<p>Xem <a href="/documents/10180/7004/ke-hoach-thi.docx/0a1b2c3d-0000-4000-8000-00000000000a?t=1">Kế hoạch</a> và
<a href="javascript:void(0)" onclick="x()">biểu mẫu</a>.</p></div>"""
ARTICLES: tuple[tuple[int, str, str, str, str, str], ...] = (
    (71001, "cong-nghe-thong-tin", "phong-may-moi", "Hội Khuyến học Sở mang phòng máy về ngoại thành", "14/04/2022 | 4:53 PM", SAPO),
    (71002, "cong-nghe-thong-tin", "chi-hoi-khuyen-hoc", "Chi hội Khuyến học khối văn phòng họp tổng kết", "08/02/2022 | 09:05 AM", WORD),
    (71003, "thanh-tra", "kiem-tra-sim", "Kiểm tra việc bán sim điện thoại tại ba quận", "20/06/2022 | 12:00 AM", NO_PARAGRAPHS),
    (71004, "bao-chi-xuat-ban", "thi-oc-sach", "Thi đọc sách cùng Hội Khuyến học thành phố", "01/08/2022 | 12:00 AM", ENTITIES),
)
FRAME = """<!DOCTYPE html><html class="aui ltr" dir="ltr" lang="vi-VN"><head><meta charset="utf-8"><title>{title} - Sở TTTT</title></head>
<body class="yui3-skin-sam"><div id="banner"><h1>Cổng giao tiếp điện tử</h1>
<ul class="menu"><li><a href="/vi/web/guest/home">Trang chủ</a></li>
<li><a href="/vi/cong-nghe-thong-tin">CNTT</a></li></ul></div><div class="portlet-boundary portlet-boundary_101_"><div class="portlet-body">
{inner}</div></div><div class="portlet-boundary_56_"><div class="journal-content-article"></div></div>
<div id="footer"><div class="journal-content-article">
<p>Địa chỉ: 185 đường Thử Nghiệm. Số lượt truy cập: 9.812.331</p></div></div></body></html>"""


def liferay_url(number: int, section: str, slug: str) -> str:
    """The address under which a listing of a section shows an article."""
    return f"{HA_NOI}/vi/{section}/-/view_content/{number}-{slug}.html"


def liferay_article(number: int, section: str, slug: str, title: str, printed: str, content: str) -> str:
    """An article's page with its control links, its counter and the list of other news."""
    twin = f"/vi/{section}/-/view_content/pop_up/{number}-{slug}.html?_101_viewMode=print"
    others = "".join(
        f'<li><a href="{liferay_url(*other[:3])}">{other[3]}</a> <span>({other[4][:10]})</span></li>'
        for other in ARTICLES
        if other[0] != number
    )
    inner = f"""<div class="dd_chuyenmuc"><a class="tintuc">{SECTIONS[section]}</a></div><h1 class="portlet-title">Tin tức nổi bật</h1>
<div class="asset-full-content"><div class="asset-full-content-title">{title}</div>
<div class="assetPublishDate block_timer">Ngày đăng {printed} | View count: {number % 977}</div>
<div class="asset-control-detail"><a href="{twin}">Bản in</a> <a href="mailto:?">Gửi mail</a></div>
<div class="asset-content">{content}</div></div>
<div class="related_asset"><h2>Các tin khác</h2><ul>{others}</ul></div>"""
    return FRAME.format(title=f"{title} - {SECTIONS[section]}", inner=inner)


def liferay_listing(section: str, shown: list[tuple[int, str, str, str, str, str]], number: int, last: int) -> str:
    """One page of a listing; its pager multiplies addresses as the real one does."""

    def page(cur: int, delta: int = 20) -> str:
        query = {"p_p_id": "101", "p_p_lifecycle": "0", "p_p_state": "normal", "p_p_mode": "view", "_101_delta": delta, "_101_cur": cur}
        return f"/vi/{section}?{urlencode(query)}".replace("&", "&amp;")

    rows = "".join(
        f'<div class="asset-abstract"><h3 class="asset-title"><a href="{liferay_url(*one[:3])}">{one[3]}</a></h3>'
        f'<div class="assetPublishDate">{one[4][:10]} | {one[4][-8:]}</div><p>Xem tiếp</p></div>'
        for one in shown
    )
    sizes = "".join(f'<li><a href="{page(1, delta)}">{delta}</a></li>' for delta in (5, 10, 20, 75))
    pages = "".join(f'<a href="{page(cur)}">{cur}</a>' for cur in range(1, last + 1) if cur != number)
    pager = f'<div class="taglib-page-iterator"><ul class="delta">{sizes}</ul><div class="page-links">{pages}</div></div>'
    head = f'<div class="dd_chuyenmuc"><a class="tintuc">{SECTIONS[section]}</a></div>'
    return FRAME.format(title=SECTIONS[section], inner=head + rows + (pager if last > 1 else ""))


def ha_noi_so_tttt() -> list[tuple[str, Answer]]:
    """Two pages of one section, one of each other, four articles, a print twin."""
    headers = [("Server", "Apache"), ("Content-Type", "text/html;charset=UTF-8")]

    def answer(page: str) -> Answer:
        return Answer(200, list(headers), page.encode())

    first, second, third, fourth = ARTICLES
    listing = liferay_listing("cong-nghe-thong-tin", [first], 1, 2)
    (link,) = [href for href in Selector(listing).css(".page-links a::attr(href)").getall() if href.endswith("_cur=2")]
    pages = [
        (f"{HA_NOI}/vi/cong-nghe-thong-tin", answer(listing)),
        (HA_NOI + link, answer(liferay_listing("cong-nghe-thong-tin", [second], 2, 2))),
        (f"{HA_NOI}/vi/thanh-tra", answer(liferay_listing("thanh-tra", [third], 1, 1))),
        (f"{HA_NOI}/vi/bao-chi-xuat-ban", answer(liferay_listing("bao-chi-xuat-ban", [fourth], 1, 1))),
    ]
    pages += [(liferay_url(*article[:3]), answer(liferay_article(*article))) for article in ARTICLES]
    twin = urlsplit(liferay_url(*first[:3])).path.replace("/view_content/", "/view_content/pop_up/")
    return [*pages, (f"{HA_NOI}{twin}?_101_viewMode=print", answer(liferay_article(*first)))]


MAKERS: dict[str, Callable[[], list[tuple[str, Answer]]]] = {
    "cao_bang": cao_bang,
    "cao_bang_thach_an": cao_bang_thach_an,
    "ha_noi_so_tttt": ha_noi_so_tttt,
    "quang_tri": quang_tri,
    **{name: fixture_pages.maker(name) for name in fixture_pages.PORTALS},
}


if __name__ == "__main__":
    for portal, make in MAKERS.items():
        made = write(portal, make)
        print(f"{made.relative_to(FOLDER.parent)}: {made.stat().st_size} bytes")
