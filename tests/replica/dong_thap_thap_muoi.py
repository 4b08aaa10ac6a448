"""thapmuoi.dongthap.gov.vn as we imagine it: NukeViet 4.5 in its classic theme, with feeds and sitemap.

No portal of the code reads it: it is what ``scrapy addportal`` is tried on. Addresses and names of classes are NukeViet's own.
News on the topic stand in two categories; the one on the economy holds none of them.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import ClassVar

from .grammar import weekday
from .markup import CLOCK, ONLINE, ORIGIN, TOTAL, VIEWS, Printer, esc, share_links, slugify
from .model import Article, Draft, clean
from .portal import PDF, Page, Portal
from .vocab import THAP_MUOI

SITE = "Trang thông tin điện tử huyện Tháp Mười"
PER_PAGE = 20
FEED_ITEMS = 30
MENU = (
    ("/", "Trang nhất"),
    ("/vi/about/", "Giới thiệu"),
    ("/vi/news/khuyen-hoc/", "Khuyến học"),
    ("/vi/news/van-hoa-xa-hoi/", "Văn hóa - Xã hội"),
    ("/vi/news/kinh-te/", "Kinh tế"),
    ("/vi/laws/", "Văn bản"),
    ("/vi/contact/", "Liên hệ"),
)
EXTRA = (("/vi/about/", "Giới thiệu"), ("/vi/laws/", "Văn bản"), ("/vi/contact/", "Liên hệ"), ("/vi/users/login/", "Đăng nhập"))
_ARTICLE = re.compile(r"(?:/vi)?/news/(print/|sendmail/)?[a-z-]+/[a-z0-9-]+-(\d+)(?:\.html)?")
_QUERY = re.compile(r"[a-z-]+/[a-z0-9-]+-(\d+)")
_LISTING = re.compile(r"(?:/vi)?(/news/[a-z-]+)/(?:page-(\d{1,6})/)?")


class DongThapThapMuoi(Portal):
    """The portal of a district."""

    name = "dong_thap_thap_muoi"
    world = THAP_MUOI
    listings: ClassVar[dict[str, str]] = {
        "/vi/news/khuyen-hoc/": "Khuyến học",
        "/vi/news/van-hoa-xa-hoi/": "Văn hóa - Xã hội",
        "/vi/news/kinh-te/": "Kinh tế",
    }
    server = "nginx"
    robots: ClassVar[str] = (
        "User-agent: *\nDisallow: /data/\nDisallow: /includes/\nDisallow: /install/\nDisallow: /modules/\nDisallow: /robots.php\n"
        f"Disallow: /web.config\nCrawl-delay: 0\nSitemap: {ORIGIN}/sitemap.xml\n"
    )

    def __init__(self, seed: int, count: int) -> None:
        self.last_id = 812
        super().__init__(seed, count)

    def dress(self, draft: Draft) -> Article:
        """The lead always stands apart; the author is named below the text; the date is always printed."""
        dice = self.dice
        self.last_id += dice.randint(1, 7)
        key = str(self.last_id)
        if draft.on_topic:
            first = "/vi/news/khuyen-hoc/" if dice.random() < 0.6 else "/vi/news/van-hoa-xa-hoi/"
        else:
            first = "/vi/news/van-hoa-xa-hoi/" if draft.theme == "xa_hoi" else "/vi/news/kinh-te/"
        slug = f"{slugify(draft.title)}-{key}.html"
        style = dice.choices(("plain", "word", "br"), (70, 20, 10))[0]
        blocks = [b for b in draft.blocks if style != "br" or (b.kind == "p" and not b.text.endswith(":"))]
        self.pictures(blocks, f"/uploads/news/{draft.when:%Y_%m}/{key}")
        files = []
        if dice.random() < 0.1:
            path = f"/uploads/news/{draft.when:%Y_%m}/{dice.choice(('ke-hoach', 'thong-bao'))}-{key}.pdf"
            self.files[path] = PDF
            files = [path]
        own = f"{first}{slug}"
        sections = [first]
        twins = [
            own.removeprefix("/vi"),
            f"/index.php?language=vi&nv=news&op={first.split('/')[3]}/{slug.removesuffix('.html')}",
            f"{own}?fbclid=IwAR{dice.getrandbits(96):024x}",
        ]
        when = draft.when
        return Article(
            key=f"news_{key}",
            url=own,
            twins=twins,
            title=draft.title,
            lead=draft.lead,
            blocks=blocks,
            byline=draft.byline if dice.random() < 0.7 else None,
            when=when,
            published_at=when.strftime("%Y-%m-%dT%H:%M:00+07:00"),
            precision="minute",
            published_raw=f"{weekday(when).capitalize()} - {when:%d/%m/%Y %H:%M}",
            sections=sections,
            section=self.listings[first],
            on_topic=draft.on_topic,
            kind=draft.kind,
            style=style,
            noise=self.next_noise(),
            attachments=files,
            slug=slug,
            views=dice.randint(9, 1200),
        )

    def route(self, path: str, query: dict[str, str]) -> Page | None:
        """Articles by the number at the end; listings by ``page-N``; feeds and sitemaps; the rest of the menu."""
        if found := _ARTICLE.fullmatch(path):
            return self._article(found[2], found[1])
        if path == "/index.php" and (asked := _QUERY.fullmatch(query.get("op", ""))):
            return self._article(asked[1], None)
        if path in ("/", "/vi/"):
            return self.home()
        if path in ("/sitemap.xml", "/sitemap-vi.xml", "/sitemap-vi.news.xml"):
            return self.sitemap(path)
        if path.startswith("/vi/news/rss/"):
            return self.feed(path.removeprefix("/vi/news/rss/").strip("/"))
        if (found := _LISTING.fullmatch(path)) and f"/vi{found[1]}/" in self.listings:
            return self.listing(f"/vi{found[1]}/", int(found[2] or 1))
        label = dict(EXTRA).get(path)
        return self.static(label) if label else None

    def _article(self, number: str, function: str | None) -> Page | None:
        key = f"news_{number}"
        if key in self.deleted:
            return self.not_found(self.deleted[key])
        article = self.articles.get(key)
        if article is None:
            return None
        return Page(self.draw_print(article) if function else self.draw(article), modified=article.modified, article=article)

    def href(self, article: Article, listing: str) -> str:
        """The address a listing gives an article."""
        return article.url

    def listing(self, path: str, number: int) -> Page | None:
        """One page of a category; beyond the end there is none."""
        everything = self.ordered(path)
        last = max(1, -(-len(everything) // PER_PAGE))
        if number > last:
            return None
        shown = everything[(number - 1) * PER_PAGE : number * PER_PAGE]
        rows = "".join(
            f'<div class="news_column"><div class="panel panel-default"><div class="panel-body">'
            f'<a href="{a.url}" title="{esc(a.title)}"><img alt="" src="/uploads/news/no-image.png" class="img-thumbnail pull-left" /></a>'
            f'<h3><a href="{a.url}" title="{esc(a.title)}">{esc(a.title)}</a></h3>'
            f'<div class="text-muted"><ul class="list-unstyled list-inline"><li><em class="fa fa-clock-o">&nbsp;</em> '
            f'{a.when:%d/%m/%Y %H:%M:%S}</li><li><em class="fa fa-eye">&nbsp;</em> Đã xem: {a.views}</li></ul></div>'
            f"<p>{esc(clean(a.lead or '')[:150])}...</p></div></div></div>\n"
            for a in shown
        )
        pages = "".join(
            f'<li{" class=active" if n == number else ""}><a href="{path}{"" if n == 1 else f"page-{n}/"}">{n}</a></li>'
            for n in range(1, last + 1)
        )
        inner = (
            f'<div class="news_column"><div class="alert alert-info clearfix"><h3>{self.listings[path]}</h3></div></div>\n{rows}'
            f'<div class="text-center"><ul class="pagination">{pages}</ul></div>'
        )
        feed = path.replace("/news/", "/news/rss/")
        head = f'<link rel="alternate" type="application/rss+xml" title="{self.listings[path]}" href="{feed}" />'
        return Page(self.frame(self.listings[path], inner, head), modified=self.listing_modified(shown))

    def home(self) -> Page:
        """The front page: the newest of each category."""
        parts, shown = [], []
        for path, label in self.listings.items():
            newest = self.ordered(path)[:5]
            shown += newest
            items = "".join(f'<li><h3><a class="show h4" href="{a.url}">{esc(a.title)}</a></h3></li>\n' for a in newest)
            parts.append(f'<div class="panel"><div class="panel-heading"><a href="{path}">{label}</a></div><ul>{items}</ul></div>')
        return Page(self.frame("", "\n".join(parts)), modified=self.listing_modified(shown))

    def feed(self, category: str) -> Page | None:
        """The newest of one category or of all. The minutes of ``pubDate`` are the month, as NukeViet's core prints them."""
        path = f"/vi/news/{category}/" if category else ""
        if path and path not in self.listings:
            return None
        shown = [a for a in self.articles.values() if not path or path in a.sections][:FEED_ITEMS]
        items = "".join(
            f'<item><title>{esc(a.title)}</title><link>{ORIGIN}{a.url}</link><guid isPermaLink="false">{a.key}</guid>'
            f"<description>{esc(esc(clean(a.lead or '')))}</description><pubDate>{_nukeviet_date(a.when)}</pubDate></item>\n"
            for a in shown
        )
        body = (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
            f"<title>{esc(self.listings.get(path, 'Tin tức'))} - {SITE}</title><link>{ORIGIN}/</link>\n{items}</channel></rss>\n"
        )
        return Page(body, kind="application/rss+xml; charset=utf-8", modified=self.listing_modified(shown))

    def sitemap(self, path: str) -> Page:
        """The index, the index of the language, and the news themselves."""
        below = {"/sitemap.xml": "/sitemap-vi.xml", "/sitemap-vi.xml": "/sitemap-vi.news.xml"}.get(path)
        if below:
            inner = f"<sitemap><loc>{ORIGIN}{below}</loc></sitemap>"
            body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'
        else:
            entries = "".join(
                f"<url><loc>{ORIGIN}{a.url}</loc><lastmod>{a.when:%Y-%m-%d}</lastmod></url>\n" for a in self.articles.values()
            )
            body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>'
        newest = list(self.articles.values())[:1]
        return Page(
            f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', kind="text/xml; charset=utf-8", modified=self.listing_modified(newest)
        )

    def _content(self, article: Article) -> str:
        out = Printer(article)
        lead = f'<div class="hometext m-bottom" itemprop="description">{out.text(article.lead or "")}</div>\n'
        body = f'<div id="news-bodyhtml" class="bodytext margin-bottom-lg">\n{out.blocks(article.blocks)}</div>\n'
        sign = f'<p class="h5 text-right"><strong>Tác giả: </strong>{out.text(article.byline)}</p>\n' if article.byline else ""
        return f"{lead}{body}{sign}"

    def draw(self, article: Article, empty: bool = False) -> str:
        """The article page."""
        title = "" if empty else article.title
        date = "" if empty else article.published_raw
        text = '<div id="news-bodyhtml" class="bodytext"></div>' if empty else self._content(article)
        older = "".join(
            f'<li><em class="fa fa-angle-right">&nbsp;</em><a href="{a.url}">{esc(a.title)}</a> <em>({a.when:%d/%m/%Y})</em></li>'
            for a in self.others(article, 6)
        )
        files = "".join(f'<li><a href="{p}">{p.rsplit("/", 1)[1]}</a></li>' for p in article.attachments)
        files = f'<div class="news-download-file"><strong>Tệp đính kèm</strong><ul>{files}</ul></div>\n' if files else ""
        path = article.sections[0]
        print_at = article.url.replace("/news/", "/news/print/")
        edited = article.modified + timedelta(days=2, hours=1)
        inner = (
            f'<ol class="breadcrumb"><li><a href="/">Trang nhất</a></li><li><a href="{path}">{self.listings[path]}</a></li></ol>\n'
            '<div class="news_column panel panel-default" itemtype="http://schema.org/NewsArticle" itemscope><div class="panel-body">\n'
            f'<h1 class="title margin-bottom-lg" itemprop="headline">{self.heading(article, title)}</h1>\n'
            f'<span class="hidden hide d-none" itemprop="datePublished">{edited:%Y-%m-%dT%H:%M:%S}+07:00</span>\n'
            f'<div class="row margin-bottom-lg"><div class="col-md-12"><span class="h5">{date}</span></div>'
            f'<div class="col-md-12"><a class="dimgray" title="In ra" href="{print_at}">In ra</a> Đã xem: {VIEWS}</div></div>\n'
            f'{text}{files}<div class="socialicon">{share_links(article.url)}</div>\n'
            '<div class="alert alert-info margin-bottom-lg">Ghi rõ nguồn khi đăng lại nội dung này.</div></div></div>\n'
            '<div class="news_column panel panel-default"><div class="panel-body"><strong>Từ khóa:</strong> '
            '<a href="/vi/news/tag/thap-muoi/">Tháp Mười</a></div></div>\n'
            f'<div class="news_column panel panel-default"><div class="panel-body"><p class="h3"><strong>Những tin cũ hơn</strong></p>'
            f'<ul class="related list-inline">{older}</ul></div></div>'
        )
        head = f'<meta property="article:published_time" content="{article.when:%Y-%m-%d}+07{article.when:%H:%M:%S}" />'
        return self.noised(article, self.frame(f"{title} - {self.listings[path]}" if title else "", inner, head))

    def draw_print(self, article: Article) -> str:
        """The print page: an address of its own that is no article of the portal."""
        page = (
            f'<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8" /><title>{esc(article.title)} - {SITE}</title></head>'
            f'<body><div id="print"><div id="content"><h1>{self.heading(article, article.title)}</h1>'
            f'<div class="time">{article.published_raw}</div>\n<div id="hometext">{esc(article.lead or "")}</div>'
            f'<div id="bodytext">{Printer(article).blocks(article.blocks)}</div></div></div></body></html>\n'
        )
        return self.noised(article, page)

    def frame(self, title: str, inner: str, head: str = "") -> str:
        """Header, menu, side column and footer."""
        menu = "".join(f'<li><a href="{p}">{label}</a></li>' for p, label in MENU)
        return FRAME.format(
            title=f"{esc(title)} - {SITE}" if title else SITE,
            head=head,
            site=SITE,
            menu=menu,
            inner=inner,
            clock=CLOCK,
            online=ONLINE,
            total=TOTAL,
        )


def _nukeviet_date(when: datetime) -> str:
    """RFC 822 in GMT, with the month where the minutes should be (``H:m:s`` in its source, 4.0–4.5)."""
    at = when.astimezone(UTC)
    return format_datetime(at.replace(minute=at.month, second=0), usegmt=True)


FRAME = """<!DOCTYPE html>
<html lang="vi" xmlns="http://www.w3.org/1999/xhtml" prefix="og: http://ogp.me/ns#">
<head><meta charset="utf-8" /><title>{title}</title>
<meta name="generator" content="NukeViet v4.5" />
{head}
<link rel="stylesheet" href="/themes/default/css/style.css" />
<script src="/assets/js/global.js"></script>
<script type="text/javascript">var nv_base_siteurl="/",nv_lang_data="vi",nv_name_variable="nv";</script>
<style>.panel{{margin:0}}</style></head>
<body>
<div id="header"><a href="/"><img alt="{site}" src="/uploads/banner.png" /></a><span>{clock}</span></div>
<nav><ul class="nav navbar-nav">{menu}<li><a href="/vi/users/login/">Đăng nhập</a></li></ul></nav>
<section><div class="row"><div class="col-md-18">
{inner}
</div>
<div class="col-md-6"><div class="panel"><div class="panel-heading">Thống kê</div>
<ul><li>Đang truy cập {online}</li><li>Tổng lượt truy cập {total}</li></ul></div></div></div></section>
<footer id="footer"><p>Cơ quan chủ quản: Ủy ban nhân dân huyện Tháp Mười, tỉnh Đồng Tháp</p>
<p>Địa chỉ: Thị trấn Mỹ An, huyện Tháp Mười. Email: vidu@thapmuoi.example</p>
<p>Bản quyền thuộc về Trang thông tin điện tử huyện Tháp Mười</p></footer>
</body></html>
"""
