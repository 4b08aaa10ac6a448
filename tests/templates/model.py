"""What a template prints, and the words all templates share: dates, the dress of a page, a body in the styles editors leave."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.replica.markup import slugify
from tests.replica.model import Block, clean

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
CLOCKS = ("Thứ năm, 19/11/2026 - 16:16", "Sunday, 22/11/2026 - 20:59", "Hôm nay: 22/11/2026")
LICENCE = "Giấy phép số 12/GP-TTĐT ngày 05/01/2015"


@dataclass(frozen=True)
class News:
    """One article before it is dressed. ``printed``: its date as the page prints it, “” for none."""

    number: int
    title: str
    lead: str
    blocks: tuple[Block, ...]
    byline: str
    when: datetime
    printed: str
    source: str = ""
    file: str = ""
    related: tuple[tuple[str, str], ...] = ()
    section: str = "Văn hóa - Xã hội"
    style: str = "plain"
    clock: str = CLOCKS[0]

    @property
    def slug(self) -> str:
        """The title in an address."""
        return slugify(self.title, 70)

    @property
    def paragraphs(self) -> list[str]:
        """The body as it should be read."""
        return [line for block in self.blocks for line in block.truth() if block.kind != "img"]

    @property
    def captions(self) -> list[str]:
        """The captions of its pictures."""
        return [clean(block.text) for block in self.blocks if block.kind == "img" and block.text]


Dress = Callable[[News], str]
Listing = Callable[[list[News], int, int], str]
"""News of one page, that page's number and the number of the last."""


@dataclass(frozen=True)
class Template:
    """One way a CMS prints an article, and the list it stands on.

    ``path``: the article's address. ``dates``: names of :data:`DATES` that this CMS prints. ``leads``/``signs``: whether it
    sets the lead apart and names the author.
    """

    cms: str
    name: str
    path: Dress
    article: Dress
    listing: Listing
    listing_path: Callable[[int], str]
    dates: tuple[str, ...]
    leads: bool = True
    signs: bool = True


def _weekday(at: datetime) -> str:
    return WEEKDAYS[at.weekday()]


def _twelve(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"


DATES: dict[str, Callable[[datetime], str]] = {
    "seed": lambda at: f"{at.hour}:{at.minute:02}, {_weekday(at).title()}, {at:%d-%m-%Y}",
    "nukeviet": lambda at: f"{_weekday(at)} - {at:%d/%m/%Y %H:%M}",
    "comma_gmt": lambda at: f"{_weekday(at)}, {at:%d/%m/%Y, %H:%M} (GMT+7)",
    "capitals": lambda at: f"{_weekday(at).upper()}, {at:%d/%m/%Y %H:%M:%S}",
    "liferay": lambda at: f"Ngày đăng {at:%d/%m/%Y} | {_twelve(at)}",
    "liferay_bare": lambda at: f"{at:%d/%m/%Y} | {at:%I:%M} {'AM' if at.hour < 12 else 'PM'}",
    "liferay_en": lambda at: f"Publish date {at:%d/%m/%Y} | {_twelve(at)}",
    "dots": lambda at: f"({at:%d.%m.%Y %H:%M})",
    "dash": lambda at: f"Ngày đăng: {at:%d/%m/%Y} - {at:%H:%M}",
    "time_first": lambda at: f"{at:%H:%M, %d/%m/%Y}",
    "day_comma_time": lambda at: f"{at:%d/%m/%Y, %H:%M}",
    "day": lambda at: f"{at:%d/%m/%Y}",
    "labelled_day": lambda at: f"Ngày đăng tin: {at:%d/%m/%Y}",
    "updated": lambda at: f"Cập nhật lúc: {at:%H:%M %d/%m/%Y}",
    "posted_at": lambda at: f"Đăng lúc: {at:%H:%M:%S} | {at:%d/%m/%Y}",
    "iso": lambda at: at.isoformat(timespec="seconds"),
    "gmt_plus": lambda at: f"{at:%d/%m/%Y %H:%M} GMT+7",
    "words": lambda at: f"Ngày {at.day} tháng {at.month} năm {at.year}",
    "sa_ch": lambda at: f"{at:%d/%m/%Y} {at.hour % 12 or 12}:{at:%M:%S} {'SA' if at.hour < 12 else 'CH'}",
    "spoken": lambda at: f"{at.hour} giờ {at.minute:02} phút, ngày {at:%d/%m/%Y}",
}
DAY_ONLY = frozenset({"day", "labelled_day", "words"})


def esc(text: str) -> str:
    """Text for an element or attribute."""
    return html.escape(text, quote=True)


def body(news: News, caption: str = "centre") -> str:
    """The blocks in one of the styles editors leave; ``caption``: how this CMS's editor notes a picture."""
    out = []
    for number, block in enumerate(news.blocks):
        if block.kind == "img":
            out.append(_picture(news, number, block, caption))
        elif block.kind == "ul":
            out.append("<ul>" + "".join(f"<li>{esc(row[0])}</li>" for row in block.rows) + "</ul>")
        elif block.kind == "table":
            cells = ("".join(f"<td>{esc(cell)}</td>" for cell in row) for row in block.rows)
            out.append(f'<table border="1"><tbody>{"".join(f"<tr>{row}</tr>" for row in cells)}</tbody></table>')
        else:
            out.append(_paragraph(block.text, news.style))
    if news.file:
        out.append(f'<p>Xem chi tiết: <a href="/upload/{news.file}">{esc(news.file)}</a></p>')
    return "\n".join(out)


def _paragraph(text: str, style: str) -> str:
    if style == "br":
        return f"{esc(text)}<br /><br />"
    if style == "div":
        return f'<div style="text-align: justify">&nbsp;&nbsp; {esc(text)}</div>'
    if style == "word":
        head, _, rest = esc(text).partition(" ")
        cut = len(rest) // 2
        return (
            f'<p class="MsoNormal" style="margin:6.0pt 0cm"><span style="font-size:14.0pt">{head} {rest[:cut]}</span>'
            f'<span lang="VI" style="font-size:14.0pt">{rest[cut:]}<o:p></o:p></span></p>'
        )
    return f'<p style="text-align: justify;">{esc(text)}</p>'


def _picture(news: News, number: int, block: Block, caption: str) -> str:
    image = f'<img alt="" src="/upload/anh-{news.number}-{number}.jpg" width="600" />'
    if not block.text:
        return f'<p style="text-align:center">{image}</p>'
    if caption == "figure":
        return f"<figure>{image}<figcaption>{esc(block.text)}</figcaption></figure>"
    if caption == "vccorp":
        return (
            f'<div class="VCSortableInPreviewMode" type="Photo"><div>{image}</div>'
            f'<div class="PhotoCMS_Caption"><p>{esc(block.text)}</p></div></div>'
        )
    return f'<p style="text-align:center">{image}</p><p style="text-align:center"><em>{esc(block.text)}</em></p>'


def related(news: News, css: str, heading: str) -> str:
    """The list of other news under an article, each with its own date."""
    items = "".join(
        f'<li><a href="/tin-khac-{n}.html">{esc(title)}</a> <span class="date">({day})</span></li>'
        for n, (title, day) in enumerate(news.related)
    )
    return f'<div class="{css}"><h3>{heading}</h3><ul class="{css}">{items}</ul></div>'


def page(title: str, content: str, *, head: str = "", clock: str = "", site: str = "Cổng thông tin điện tử", foot: str = "") -> str:
    """A whole page around some content: clock, menu, side column, licence and counters."""
    return f"""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{esc(title)}</title>{head}
<script>window.dataLayer = [];</script></head><body>
<div id="header"><div class="time-home">{clock}</div><a href="/">{site}</a></div>
<ul id="menu"><li><a href="/gioi-thieu">Giới thiệu</a></li><li><a href="/tin-tuc">Tin tức - Sự kiện</a></li><li><a href="/van-ban">Văn bản</a></li>
<li><a href="/to-chuc/hoi-khuyen-hoc">Hội Khuyến học</a></li><li><a href="/lien-he">Liên hệ</a></li></ul>
<div id="main">{content}</div>
<div id="side"><h3>Thông báo</h3><ul><li><a href="/thong-bao/1">Lịch tiếp công dân tháng 12/2026</a></li><li><a href="/thong-bao/2">Tuyển dụng viên chức</a></li></ul>
<p>Đang truy cập: 17</p><p>Tổng lượt truy cập: 1.204.377</p></div>
<div id="footer"><p>Cơ quan chủ quản: UBND huyện. {LICENCE}</p><p>Ghi rõ nguồn khi phát hành lại thông tin từ trang này.</p>{foot}</div>
</body></html>"""
