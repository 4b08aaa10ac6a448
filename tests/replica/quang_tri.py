"""www.quangtri.gov.vn as we imagine it: Liferay 6.2 with a news portlet of its own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import ClassVar

from .grammar import weekday
from .markup import CLOCK, ONLINE, TOTAL, VIEWS, Printer, esc, share_links, slugify
from .model import Article, Block, Draft, clean
from .portal import PDF, Page, Portal
from .vocab import QUANG_TRI

HOST = "https://www.quangtri.gov.vn"
PORTLET = "vcmsviewcontent_INSTANCE_hN7k"
CATEGORIES = {"/tin-tuc": "1445748553374", "/van-hoa-xa-hoi": "1462270914802"}
SPARE_CATEGORY = "1478833051147"
MENU = (
    ("/", "Trang chủ"),
    ("/gioi-thieu", "Giới thiệu"),
    ("/tin-tuc", "Tin tức – Sự kiện"),
    ("/van-hoa-xa-hoi", "Văn hóa – Xã hội"),
    ("/van-ban", "Văn bản"),
    ("/lien-he", "Liên hệ"),
)
BODIES = (
    ("/to-chuc/hoi-nong-dan", "Hội Nông dân"),
    ("/to-chuc/hoi-khuyen-hoc", "Hội Khuyến học"),
    ("/to-chuc/hoi-cuu-chien-binh", "Hội Cựu chiến binh"),
    ("/to-chuc/hoi-lien-hiep-phu-nu", "Hội Liên hiệp Phụ nữ"),
)
EXTRA = (("/tim-kiem", "Tìm kiếm"), ("/admin/", "Quản trị"))
_ARTICLE = re.compile(r"(?:/vi)?/chi-tiet-tin/-/view-article/\d+/\d+/(\d{13})(?:;jsessionid=[\w.]+)?")
_SESSION = re.compile(r";jsessionid=[\w.]+$")


class QuangTri(Portal):
    """The portal of the province."""

    name = "quang_tri"
    world = QUANG_TRI
    listings: ClassVar[dict[str, str]] = {"/tin-tuc": "Tin tức – Sự kiện", "/van-hoa-xa-hoi": "Văn hóa – Xã hội"}
    server = "Apache"

    def dress(self, draft: Draft) -> Article:
        """Address by category and time; half of the leads stand in an element of their own."""
        dice = self.dice
        created = draft.when - timedelta(minutes=dice.randint(2, 75), seconds=dice.randint(0, 59))
        key = str(int(created.timestamp() * 1000) + dice.randint(0, 999))
        while key in self.articles:
            key = str(int(key) + 1)
        first = "/van-hoa-xa-hoi" if draft.theme == "xa_hoi" else "/tin-tuc"
        second = "/tin-tuc" if first == "/van-hoa-xa-hoi" else "/van-hoa-xa-hoi"
        sections = [first, second] if dice.random() < 0.2 else [first]
        url = f"/chi-tiet-tin/-/view-article/1/{CATEGORIES[first]}/{key}"
        other = CATEGORIES[second] if len(sections) == 2 else SPARE_CATEGORY
        lead = (QUANG_TRI.prefix if dice.random() < 0.6 else "") + draft.lead
        style = dice.choices(("plain", "word", "br"), (66, 22, 12))[0]
        blocks = [b for b in draft.blocks if style != "br" or (b.kind == "p" and not b.text.endswith(":"))]
        separate = dice.random() < 0.5
        if not separate:
            blocks.insert(0, Block("p", lead))
        self.pictures(blocks, f"/image/journal/{key}")
        files = []
        if dice.random() < 0.08:
            path = f"/documents/10180/{key[:6]}/{slugify(draft.title, 30)}.pdf/{key[-8:]}-4c1e-4d0a-9b7e-{key[:12]}"
            self.files[path] = PDF
            files = [path]
        stamp = draft.when
        return Article(
            key=key,
            url=url,
            twins=[
                f"/vi{url}",
                f"/chi-tiet-tin/-/view-article/1/{other}/{key}",
                f"{url}?utm_source=zalo&utm_medium=zns",
                f"{url};jsessionid={dice.getrandbits(64):016X}.node{dice.randint(1, 3)}",
                f"{url}?p_p_state=pop_up&_print=true",
            ],
            title=draft.title,
            lead=lead if separate else None,
            blocks=blocks,
            byline=draft.byline if dice.random() < 0.8 else None,
            when=stamp,
            published_at=stamp.strftime("%Y-%m-%dT%H:%M:00+07:00"),
            precision="minute",
            published_raw=f"{stamp.hour}:{stamp:%M}, {weekday(stamp)}, {stamp:%d-%m-%Y}",
            sections=sections,
            section=self.listings[first],
            on_topic=draft.on_topic,
            kind=draft.kind,
            style=style,
            noise=self.next_noise(),
            attachments=files,
            views=dice.randint(11, 4000),
        )

    def route(self, path: str, query: dict[str, str]) -> Page | None:
        """Articles under any category and with or without /vi/; listings by the portlet's cur and delta."""
        if found := _ARTICLE.fullmatch(path):
            key = found[1]
            if key in self.deleted:
                return self.not_found(self.deleted[key])
            if not (article := self.articles.get(key)):
                return None
            body = self.draw_print(article) if query.get("_print") == "true" else self.draw(article)
            return Page(body, modified=article.modified, article=article)
        path = _SESSION.sub("", path)
        path = path.removeprefix("/vi") if path == "/vi" or path.startswith("/vi/") else path
        if path in ("", "/"):
            return self.home()
        if path in self.listings:
            cur = next((v for k, v in query.items() if k.endswith("_cur")), "1")
            delta = next((v for k, v in query.items() if k.endswith("_delta")), "20")
            return self.listing(path, int(cur) if cur.isdigit() else 1, int(delta) if delta.isdigit() else 20)
        label = dict(MENU + BODIES + EXTRA).get(path)
        return self.static(label) if label else None

    def href(self, article: Article, listing: str) -> str:
        """The address a listing gives an article: under that listing's own category."""
        return f"/chi-tiet-tin/-/view-article/1/{CATEGORIES[listing]}/{article.key}"

    def page_link(self, path: str, cur: int, delta: int = 20) -> str:
        """A listing address as Liferay writes it."""
        return esc(
            f"{path}?p_p_id={PORTLET}&p_p_lifecycle=0&p_p_state=normal&p_p_mode=view"
            f"&p_p_col_id=column-1&p_p_col_count=1&_{PORTLET}_delta={delta}&_{PORTLET}_cur={cur}"
        )

    def listing(self, path: str, cur: int, delta: int) -> Page:
        """One page of a listing; beyond the end it is the last one."""
        everything = self.ordered(path)
        delta = min(max(delta, 1), 75)
        last = max(1, -(-len(everything) // delta))
        cur = min(max(cur, 1), last)
        shown = everything[(cur - 1) * delta : cur * delta]
        rows = "".join(
            f'<div class="item-news"><h3 class="title-news"><a href="{self.href(a, path)}">{esc(a.title)}</a></h3>'
            f'<span class="date-news">{a.when:%d/%m/%Y}</span>'
            f'<p class="sapo-news">{esc(clean(a.lead or a.blocks[0].text)[:140])}...</p></div>\n'
            for a in shown
        )
        sizes = "".join(f'<li><a href="{self.page_link(path, 1, n)}">{n}</a></li>' for n in (5, 10, 20, 50))
        pager = [f'<li class="first"><a href="{self.page_link(path, 1, delta)}">Đầu tiên</a></li>']
        if cur > 1:
            pager.append(f'<li class="prev"><a href="{self.page_link(path, cur - 1, delta)}">Trước</a></li>')
        for n in range(max(1, cur - 2), min(last, cur + 2) + 1):
            css = ' class="active"' if n == cur else ""
            pager.append(f'<li{css}><a href="{self.page_link(path, n, delta)}">{n}</a></li>')
        if cur < last:
            pager.append(f'<li class="next"><a href="{self.page_link(path, cur + 1, delta)}">Tiếp theo</a></li>')
        inner = (
            f'<div class="list-news"><h2 class="title-category">{self.listings[path]}</h2>\n{rows}</div>\n'
            f'<div class="taglib-page-iterator"><span class="search-results">'
            f"Hiển thị kết quả {(cur - 1) * delta + 1} - "
            f"{(cur - 1) * delta + len(shown)} / {len(everything)}</span>"
            f'<div class="delta-selector">Số tin trên trang <ul>{sizes}</ul></div>'
            f'<ul class="lfr-pagination-buttons pager">{"".join(pager)}</ul></div>'
        )
        return Page(self.frame(self.listings[path], inner), modified=self.listing_modified(shown))

    def home(self) -> Page:
        """The front page: the newest of each listing."""
        parts = []
        shown: list[Article] = []
        for path, label in self.listings.items():
            newest = self.ordered(path)[:8]
            shown += newest
            items = "".join(f'<li><a href="{self.href(a, path)}">{esc(a.title)}</a></li>' for a in newest)
            parts.append(f'<div class="home-box"><h2><a href="{path}">{label}</a></h2><ul>{items}</ul></div>')
        return Page(self.frame("Trang chủ", "\n".join(parts)), modified=self.listing_modified(shown))

    def _content(self, article: Article) -> str:
        out = Printer(article)
        sapo = f'<p class="sapo-detail">{out.text(article.lead)}</p>\n' if article.lead else ""
        caption = "caption" if out.dice.random() < 0.5 else ""
        body = out.blocks(article.blocks, caption)
        sign = ""
        if article.byline:
            tag = "div" if article.style == "br" else "p"
            sign = f'<{tag} style="text-align: right;"><strong>{out.text(article.byline)}</strong></{tag}>\n'
        return f'{sapo}<div class="journal-content-article content-detail">\n{body}{sign}</div>\n'

    def draw(self, article: Article, empty: bool = False) -> str:
        """The article page."""
        title = "" if empty else article.title
        text = '<div class="journal-content-article content-detail"></div>\n' if empty else self._content(article)
        date = "" if empty else article.published_raw
        links = []
        for i, other in enumerate(self.others(article, 8)):
            href = other.twins[0] if i == 2 else other.twins[1] if i == 5 else other.url
            links.append(f'<li><a href="{href}">{esc(other.title)}</a> <span class="date-other">({other.when:%d/%m/%Y})</span></li>')
        files = "".join(f'<li><a href="{p}">{esc(p.split("/")[-2])}</a></li>' for p in article.attachments)
        files = f'<ul class="file-detail">{files}</ul>' if files else ""
        inner = (
            f'<div class="detail-news">\n<h1 class="title-detail">{self.heading(article, title)}</h1>\n'
            f'<div class="info-detail"><span class="date-detail">{date}</span> '
            f'<span class="view-detail">Lượt xem: {VIEWS}</span> '
            f'<a class="print-detail" href="{esc(article.twins[-1])}">Bản in</a></div>\n'
            f"{text}{files}"
            f'<div class="share-detail">{share_links(HOST + article.url)}</div>\n'
            f'<div class="tags-detail">Từ khóa: <a href="/tim-kiem?tag=quang-tri">Quảng Trị</a></div>\n</div>\n'
            f'<div class="other-news"><h3>Các tin khác</h3>\n<ul>{"".join(links)}</ul></div>'
        )
        path = article.sections[0]
        crumb = f'<a href="/">Trang chủ</a> » <a href="{path}">{self.listings[path]}</a>'
        return self.noised(article, self.frame(title or "Chi tiết tin", inner, crumb, article.url))

    def draw_print(self, article: Article) -> str:
        """The print twin: the same text in a pop-up, without menu and other news."""
        page = (
            f'<!DOCTYPE html>\n<html class="aui ltr" dir="ltr" lang="vi-VN"><head><title>{esc(article.title)}</title>'
            f'<link rel="canonical" href="{esc(HOST + article.twins[-1])}" /></head><body class="portal-popup">'
            f'<div class="detail-news"><h1 class="title-detail">{self.heading(article, article.title)}</h1>'
            f'<div class="info-detail"><span class="date-detail">{article.published_raw}</span></div>\n'
            f"{self._content(article)}</div></body></html>\n"
        )
        return self.noised(article, page)

    def frame(self, title: str, inner: str, crumb: str = "", canonical: str = "") -> str:
        """Header, menu, clock and footer."""
        return FRAME.format(
            title=esc(title),
            canonical=f'<link href="{HOST}{canonical}" rel="canonical" />' if canonical else "",
            menu="".join(f'<li><a href="{p}">{label}</a></li>' for p, label in MENU),
            bodies=" | ".join(f'<a href="{p}">{label}</a>' for p, label in BODIES),
            crumb=crumb or '<a href="/">Trang chủ</a>',
            inner=inner,
            clock=CLOCK,
            online=ONLINE,
            total=TOTAL,
            portlet=PORTLET,
        )


FRAME = """<!DOCTYPE html>
<html class="aui ltr" dir="ltr" lang="vi-VN">
<head><meta content="text/html; charset=UTF-8" http-equiv="content-type" />
<title>{title} - Cổng thông tin điện tử tỉnh Quảng Trị</title>
{canonical}
<link class="lfr-css-file" href="/quangtri-theme/css/aui.css?browserId=other&amp;languageId=vi_VN" rel="stylesheet" />
<script type="text/javascript">var Liferay={{ThemeDisplay:{{getLanguageId:function(){{return"vi_VN"}}}}}};</script>
</head>
<body class="yui3-skin-sam controls-visible signed-out public-page site">
<div id="wrapper">
<header id="banner"><div class="site-banner">CỔNG THÔNG TIN ĐIỆN TỬ TỈNH QUẢNG TRỊ</div>
<div class="time-home">{clock}</div>
<nav id="navigation"><ul class="nav-main">{menu}</ul>
<div class="nav-org">{bodies}</div></nav></header>
<div class="breadcrumb">{crumb}</div>
<div id="content"><div class="columns-2" id="main-content">
<div class="portlet-boundary portlet-boundary_vcmsviewcontent_" id="p_p_id_{portlet}_">
<section class="portlet"><div class="portlet-content"><div class="portlet-body">
{inner}
</div></div></section></div>
</div></div>
<footer id="footer"><div class="portlet-boundary portlet-journal-content"><div class="journal-content-article">
<p>Cơ quan chủ quản: Ủy ban nhân dân tỉnh Quảng Trị</p>
<p>Giấy phép số 01/GP-TTĐT do Sở Thông tin và Truyền thông cấp ngày 05/01/2015</p>
<p>© Bản quyền thuộc Cổng thông tin điện tử tỉnh Quảng Trị</p></div></div>
<div class="visit-counter">Đang truy cập: {online} - Tổng lượt truy cập: {total}
<a href="/admin/">Quản trị</a></div></footer>
</div></body></html>
"""
