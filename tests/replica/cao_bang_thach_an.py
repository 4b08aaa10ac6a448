"""thachan.caobang.gov.vn as we imagine it: the CMS of Cao Bằng's portals.

Addresses end in ``-<number>``; the names .ModuleContent, .ArticleHeader, .PostDate and .ArticleContent are real ones.
"""

from __future__ import annotations

import re
from typing import ClassVar

from .grammar import weekday
from .markup import CLOCK, ONLINE, TOTAL, VIEWS, Printer, esc, share_links, slugify
from .model import Article, Block, Draft, clean
from .portal import PDF, Page, Portal
from .vocab import THACH_AN

HOST = "https://thachan.caobang.gov.vn"
PER_PAGE = 15
MENU = (
    ("/", "Trang chủ"),
    ("/gioi-thieu", "Giới thiệu"),
    ("/chuyen-muc-tin-tuc", "Tin tức"),
    ("/kinh-te", "Kinh tế"),
    ("/van-hoaxa-hoi", "Văn hóa - Xã hội"),
    ("/so-do-cong", "Sơ đồ cổng"),
)
EXTRA = (("/admin/", "Quản trị"),)
_ARTICLE = re.compile(r"/(van-hoaxa-hoi|kinh-te|chuyen-muc-tin-tuc|in-bai)/[a-z0-9-]+-(\d{4,6})")
_PAGE = re.compile(r"(/[a-z-]+)/page/(\d{1,6})")
_SPACER = "\n<p>&nbsp;</p>"


class CaoBangThachAn(Portal):
    """The portal of the district."""

    name = "cao_bang_thach_an"
    world = THACH_AN
    listings: ClassVar[dict[str, str]] = {"/van-hoaxa-hoi": "Văn hóa - Xã hội", "/kinh-te": "Kinh tế", "/chuyen-muc-tin-tuc": "Tin tức"}
    server = "Microsoft-IIS/10.0"

    def __init__(self, seed: int, count: int) -> None:
        self.last_id = 4107
        self.step = max(1, min(600, 180_000 // max(count, 1)))
        super().__init__(seed, count)

    def dress(self, draft: Draft) -> Article:
        """Slug and number; many titles in capitals, nearly half of the pages without a date."""
        dice = self.dice
        self.last_id += dice.randint(1, self.step)
        key = str(self.last_id)
        slug = f"{slugify(draft.title)}-{key}"
        first = {"xa_hoi": "/van-hoaxa-hoi", "kinh_te": "/kinh-te", "tin": "/chuyen-muc-tin-tuc"}[draft.theme]
        sections = [first]
        if dice.random() < 0.25:
            sections.append(dice.choice([p for p in self.listings if p != first]))
        style = dice.choices(("plain", "word", "br"), (70, 20, 10))[0]
        blocks = [b for b in draft.blocks if style != "br" or (b.kind == "p" and not b.text.endswith(":"))]
        separate = dice.random() < 0.4
        if not separate:
            blocks.insert(0, Block("p", draft.lead))
        self.pictures(blocks, f"/upload/{draft.when:%Y}/{draft.when:%m}/{key}")
        url = f"{first}/{slug}"
        twins = [f"{path}/{slug}" for path in sections[1:]]
        twins += [f"{url}?fbclid=IwAR{dice.getrandbits(96):024x}", f"/in-bai/{slug}"]
        published, precision, raw = self._date(draft)
        files = []
        if dice.random() < 0.12:
            name = dice.choice(("ke-hoach", "thong-bao", "bieu-mau"))
            path = f"/upload/{draft.when:%Y}/{draft.when:%m}/{key}/{name}.pdf"
            self.files[path] = PDF
            files = [path]
        return Article(
            key=key,
            url=url,
            twins=twins,
            title=draft.title.upper() if dice.random() < 0.6 else draft.title,
            lead=draft.lead if separate else None,
            blocks=blocks,
            byline=draft.byline if dice.random() < 0.75 else None,
            when=draft.when,
            published_at=published,
            precision=precision,
            published_raw=raw,
            sections=sections,
            section=self.listings[first],
            on_topic=draft.on_topic,
            kind=draft.kind,
            style=style,
            noise=self.next_noise(),
            attachments=files,
            slug=slug,
            views=dice.randint(5, 900),
        )

    def _date(self, draft: Draft) -> tuple[str | None, str | None, str | None]:
        """How the publication date is printed: four ways, or not at all."""
        if self.dice.random() >= 0.55:
            return None, None, None
        when = draft.when
        day, minute = f"{when:%Y-%m-%d}", f"{when:%Y-%m-%dT%H:%M}:00+07:00"
        form = self.dice.choices(("long", "short", "label", "midnight"), (40, 30, 18, 12))[0]
        if form == "long":
            return minute, "minute", f"{weekday(when)}, {when:%d/%m/%Y} | {when:%H:%M}"
        if form == "short":
            return minute, "minute", f"{when:%d/%m/%Y %H:%M}"
        return day, "day", f"Ngày đăng: {when:%d/%m/%Y}" if form == "label" else f"{when:%d/%m/%Y} 12:00 SA"

    def route(self, path: str, query: dict[str, str]) -> Page | None:
        """Articles by the number at the end under any category; listings by /page/N."""
        if found := _ARTICLE.fullmatch(path):
            key = found[2]
            if key in self.deleted:
                return self.not_found(self.deleted[key])
            if not (article := self.articles.get(key)):
                return None
            body = self.draw_print(article) if found[1] == "in-bai" else self.draw(article)
            return Page(body, modified=article.modified, article=article)
        if path == "/":
            return self.home()
        number = 1
        if found := _PAGE.fullmatch(path):
            path, number = found[1], int(found[2])
        if path in self.listings:
            return self.listing(path, number)
        label = dict(MENU + EXTRA).get(path)
        return self.static(label) if label else None

    def href(self, article: Article, listing: str) -> str:
        """The address a listing gives an article: under that listing."""
        return f"{listing}/{article.slug}"

    def listing(self, path: str, number: int) -> Page:
        """One page of a listing; beyond the end it is empty."""
        everything = self.ordered(path)
        last = max(1, -(-len(everything) // PER_PAGE))
        shown = everything[max(number - 1, 0) * PER_PAGE : max(number, 1) * PER_PAGE]
        rows = []
        for article in shown:
            href = self.href(article, path)
            date = f'<span class="NewsDate">{article.when:%d/%m/%Y}</span>' if article.published_at else ""
            teaser = esc(clean(article.lead or next(b.text for b in article.blocks if b.kind == "p"))[:120])
            rows.append(
                f'<div class="NewsItem"><a class="NewsTitle" href="{href}" title="{esc(article.title)}">'
                f'{esc(article.title)}</a>{date}<p class="NewsSummary">{teaser}...</p>'
                f'<a class="NewsMore" href="{href}">Xem chi tiết</a></div>\n'
            )
        links = []
        if number > 1:
            links.append(self._pager(path, number - 1, "«"))
        near = {1, last, *range(max(1, number - 2), min(last, number + 2) + 1)}
        links += [self._pager(path, n, str(n), " active" if n == number else "") for n in sorted(near)]
        if number < last:
            links.append(self._pager(path, number + 1, "»"))
        inner = (
            f'<div class="ModuleTitle"><h2>{self.listings[path]}</h2></div>\n<div class="ModuleContent">\n'
            f'<div class="NewsList">\n{"".join(rows) or "<p>Dữ liệu đang được cập nhật</p>"}</div>\n'
            f'<ul class="pagination">{"".join(links)}</ul>\n</div>'
        )
        return Page(self.frame(self.listings[path], inner), modified=self.listing_modified(shown))

    @staticmethod
    def _pager(path: str, number: int, label: str, css: str = "") -> str:
        href = path if number == 1 else f"{path}/page/{number}"
        return f'<li class="page-item{css}"><a class="page-link" href="{href}">{label}</a></li>'

    def home(self) -> Page:
        """The front page: the newest of each listing."""
        parts = []
        shown: list[Article] = []
        for path, label in self.listings.items():
            newest = self.ordered(path)[:6]
            shown += newest
            items = "".join(f'<div class="HotnewsItem"><a href="{self.href(a, path)}">{esc(a.title)}</a></div>\n' for a in newest)
            parts.append(f'<div class="HomeBox"><h2><a href="{path}">{label}</a></h2>\n{items}</div>')
        return Page(self.frame("Trang chủ", "\n".join(parts)), modified=self.listing_modified(shown))

    def _content(self, article: Article) -> str:
        spaced = article.style != "br" and int(article.key) % 3 != 0
        out = Printer(article, _SPACER if spaced else "")
        summary = f'<p class="ArticleSummary">{out.text(article.lead)}</p>\n' if article.lead else ""
        body = out.blocks(article.blocks)
        sign = ""
        if article.byline:
            tag = "div" if article.style == "br" else "p"
            name = out.text(article.byline)
            name = name if int(article.key) % 2 else f"<strong>{name}</strong>"
            sign = f'<{tag} style="text-align: right;">{name}</{tag}>\n'
        return f'{summary}<div class="ArticleContent">\n{body}{sign}</div>\n'

    def draw(self, article: Article, empty: bool = False) -> str:
        """The article page."""
        title = "" if empty else article.title
        date = f'<div class="PostDate">{article.published_raw}</div>\n' if article.published_raw and not empty else ""
        text = '<div class="ArticleContent"></div>\n' if empty else self._content(article)
        files = "".join(f'<a href="{p}">{p.rsplit("/", 1)[1]}</a> ' for p in article.attachments)
        files = f'<div class="ArticleFile">Tệp đính kèm: {files}</div>\n' if files else ""
        links = []
        for i, other in enumerate(self.others(article, 7)):
            href = other.twins[0] if i in (1, 4) else other.url
            when = f' <span class="OtherDate">({other.when:%d/%m/%Y})</span>' if other.published_at else ""
            links.append(f'<li><a href="{href}">{esc(other.title)}</a>{when}</li>')
        heading = "Tin liên quan" if int(article.key) % 2 else "Các tin khác"
        inner = (
            f'<div class="ModuleContent">\n<div class="ArticleView">Lượt xem: {VIEWS}</div>\n'
            f'<div class="ArticleHeader">{self.heading(article, title)}</div>\n{date}{text}{files}'
            f'<div class="ArticleTool"><a href="/in-bai/{article.slug}">In bài viết</a> '
            f"{share_links(HOST + article.url)}</div>\n"
            f'<div class="OtherNews"><div class="OtherTitle">{heading}</div>\n<ul>{"".join(links)}</ul></div>\n</div>'
        )
        return self.noised(article, self.frame(title, inner))

    def draw_print(self, article: Article) -> str:
        """The print twin: the same text without menu and side column."""
        date = f'<div class="PostDate">{article.published_raw}</div>' if article.published_raw else ""
        page = (
            f'<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8" />'
            f"<title>In bài: {esc(article.title)}</title></head>"
            f'<body onload="window.print()"><div class="ModuleContent PrintPage">'
            f'<div class="ArticleHeader">{self.heading(article, article.title)}</div>{date}\n'
            f'{self._content(article)}<p class="PrintSource">Nguồn: {HOST}{article.url}</p></div></body></html>\n'
        )
        return self.noised(article, page)

    def frame(self, title: str, inner: str) -> str:
        """Header, menu, side column and footer."""
        return FRAME.format(
            title=f"{esc(title)} - " if title else "",
            inner=inner,
            clock=CLOCK,
            online=ONLINE,
            total=TOTAL,
            menu="".join(f'<li class="nav-item"><a class="nav-link" href="{p}">{label}</a></li>' for p, label in MENU),
        )


FRAME = """<!DOCTYPE html>
<html lang="vi">
<head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
<title>{title}Trang thông tin điện tử huyện Thạch An</title>
<link href="/Content/css/site.css" rel="stylesheet" /></head>
<body>
<div class="Header"><a href="/"><img alt="" src="/Content/images/banner.png" /></a>
<div class="TimeNow">{clock}</div></div>
<ul class="MainMenu nav">{menu}</ul>
<div class="row"><div class="col-md-9 MainColumn">
{inner}
</div>
<div class="col-md-3 SideColumn">
<div class="SideBox"><div class="SideTitle">Thống kê truy cập</div><ul><li>Đang truy cập {online}</li>
<li>Tổng truy cập {total}</li></ul></div>
<div class="SideBox"><div class="SideTitle">Liên kết</div>
<ul><li><a href="https://caobang.gov.vn">Cổng thông tin tỉnh</a></li></ul></div>
</div></div>
<div class="Footer"><p><strong>TRANG THÔNG TIN ĐIỆN TỬ HUYỆN THẠCH AN</strong></p>
<p>Thành phần của Cổng thông tin điện tử tỉnh Cao Bằng</p>
<p>Địa chỉ: Thị trấn Đông Khê, huyện Thạch An, Tỉnh Cao Bằng</p>
<p>Email: vanphongta@caobang.gov.vn - Điện thoại: 0206.3840.081</p>
<p>Ghi rõ nguồn Trang thông tin điện tử huyện Thạch An (hoặc https://thachan.caobang.gov.vn) khi trích dẫn thông tin \
từ địa chỉ này.</p><p>ipv6 ready</p><p><a href="/admin/">Quản trị</a></p></div>
</body></html>
"""
