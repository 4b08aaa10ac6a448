"""Pages of a portal of the cao_bang family, each part replaceable by something hostile."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .model import Good

LISTINGS = {"/van-hoaxa-hoi": "Văn hóa - Xã hội", "/kinh-te": "Kinh tế", "/chuyen-muc-tin-tuc": "Tin tức"}
PORTAL = "Trang thông tin điện tử huyện Thạch An"
_FRAME = """<!DOCTYPE html>
<html lang="vi">
<head>{head}
<title>{title}</title></head>
<body>
<div class="Header"><a href="/"><img alt="" src="/Content/images/banner.png" /></a></div>
<ul class="MainMenu nav">{menu}</ul>
<div class="row"><div class="col-md-9 MainColumn">
{inner}
</div>
<div class="col-md-3 SideColumn"><div class="SideBox"><div class="SideTitle">Thống kê truy cập</div>
<ul><li>Đang truy cập 12</li><li>Tổng truy cập 120.345</li></ul></div></div></div>
<div class="Footer"><p><strong>TRANG THÔNG TIN ĐIỆN TỬ HUYỆN THẠCH AN</strong></p>
<p>Địa chỉ: Thị trấn Đông Khê, huyện Thạch An, Tỉnh Cao Bằng</p></div>
</body></html>
"""
META = '<meta charset="utf-8" />'
_MENU = "".join(f'<li class="nav-item"><a class="nav-link" href="{path}">{label}</a></li>' for path, label in LISTINGS.items())


def frame(title: str, inner: str, head: str = META) -> str:
    """Header, menu, side column and footer around ``inner``; ``title`` is HTML."""
    return _FRAME.format(head=head, title=f"{title} - {PORTAL}" if title else PORTAL, menu=_MENU, inner=inner)


def body_of(good: Good) -> str:
    """The paragraphs as HTML."""
    return "\n".join(f'<p style="text-align: justify;">{escape(text)}</p>' for text in good.paragraphs)


def module(good: Good, *, title: str | None = None, date: str | None = None, body: str | None = None, after: str = "") -> str:
    """The article's own part of the page. Arguments are HTML; ``after`` stands between the text and the related list."""
    return (
        f'<div class="ModuleContent">\n<div class="ArticleView">Lượt xem: 41</div>\n'
        f'<div class="ArticleHeader">{escape(good.title) if title is None else title}</div>\n'
        f'<div class="PostDate">{good.printed if date is None else date}</div>\n'
        f'<div class="ArticleContent">\n{body_of(good) if body is None else body}\n</div>\n{after}'
        '<div class="OtherNews"><div class="OtherTitle">Các tin khác</div>\n<ul></ul></div>\n</div>'
    )


def article(good: Good, *, head: str = META, **parts: str) -> str:
    """The page of one article; ``parts`` as in :func:`module`."""
    return frame(escape(good.title), module(good, **parts), head)


def item(href: str, title: str, day: str = "") -> str:
    """One entry of a listing."""
    date = f'<span class="NewsDate">{day}</span>' if day else ""
    return f'<div class="NewsItem"><a class="NewsTitle" href="{escape(href)}">{escape(title)}</a>{date}</div>\n'


def items(goods: Iterable[Good]) -> str:
    """Entries for some articles."""
    return "".join(item(good.path, good.title, f"{good.when:%d/%m/%Y}") for good in goods)


def pager(links: Iterable[tuple[str, str]], current: str = "1") -> str:
    """The row of page numbers: (href, label)."""
    rows = (f'<li class="page-item"><a class="page-link" href="{escape(href)}">{label}</a></li>' for href, label in links)
    return f'<ul class="pagination"><li class="page-item active"><a class="page-link" href="#">{current}</a></li>{"".join(rows)}</ul>'


def listing(label: str, entries: str, pages: str = "") -> str:
    """A listing page."""
    inner = (
        f'<div class="ModuleTitle"><h2>{label}</h2></div>\n<div class="ModuleContent">\n<div class="NewsList">\n'
        f"{entries or '<p>Dữ liệu đang được cập nhật</p>'}</div>\n{pages}\n</div>"
    )
    return frame(label, inner)


def plain(title: str, text: str) -> str:
    """A page of the portal that is no article: home, login, not found."""
    return frame(title, f'<div class="ModuleContent"><h1>{title}</h1><p>{text}</p></div>')
