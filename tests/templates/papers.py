"""VCCorp's CMS as on congdankhuyenhoc.vn, and three CMSs that nobody knows."""

from __future__ import annotations

from tests.templates.model import Dress, Listing, News, Template, body, esc, page, related


def _vccorp(news: News) -> str:
    box = (
        '<div class="VCSortableInPreviewMode" type="RelatedOneNews"><a href="/x.htm">'
        + (esc(news.related[0][0]) if news.related else "Tin khác của báo hôm nay")
        + "</a></div>"
    )
    source = f'<p class="detail-source">Nguồn: {esc(news.source)}</p>' if news.source else ""
    content = f"""<div class="detail__top"><a class="detail-cate" data-role="cate-name">{esc(news.section)}</a><div class="detail-time"><div data-role="publishdate">{news.printed}</div></div></div>
<h1 class="detail-title" data-role="title">{esc(news.title)}</h1><div class="detail-author" data-role="author">{esc(news.byline)}</div>
<h2 class="detail-sapo" data-role="sapo">{esc(news.lead)}</h2>
<div class="detail__cmain"><div class="detail-content afcbc-body" data-role="content" itemprop="articleBody">{body(news, "vccorp")}{box}</div>{source}</div>
{related(news, "detail_related", "Tin liên quan")}<div class="detail_comment box-comment"><p>Bình luận của bạn đọc ở đây.</p></div>"""
    head = f'<meta property="article:published_time" content="{news.when:%Y-%m-%dT%H:%M:%S}+07:00">'
    return page(news.title, content, head=head, clock=news.clock, site="Công dân và Khuyến học")


def _vccorp_path(news: News) -> str:
    return f"/{news.slug}-179{news.when:%y%m%d%H%M%S}{news.number % 1000:03}.htm"


def _vccorp_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(f'<div class="box-category-item"><h3><a href="{_vccorp_path(news)}">{esc(news.title)}</a></h3></div>' for news in items)
    content = f'<h1 class="list__cate-title">Khuyến học</h1><div class="box-category-content">{rows}</div><a class="view-more">Xem thêm</a>'
    return page("Khuyến học", content)


def _schema(news: News) -> str:
    content = f"""<article class="bai"><h1>{esc(news.title)}</h1><p class="ngay">{news.printed}</p><p class="mo-dau"><b>{esc(news.lead)}</b></p><div class="noi-dung">{body(news)}
<p style="text-align:right"><b>{esc(news.byline)}</b></p></div></article>{related(news, "tin-khac", "Tin khác")}"""
    return page(f"{news.title} - Huyện", content, clock=news.clock)


def _tables(news: News) -> str:
    content = f"""<table width="100%"><tr><td class="tieude"><b><font size="4">{esc(news.title)}</font></b></td></tr><tr><td class="ngaythang"><i>{news.printed}</i></td></tr>
<tr><td><b>{esc(news.lead)}</b></td></tr><tr><td class="noidung">{body(news)}</td></tr><tr><td align="right"><b>{esc(news.byline)}</b></td></tr></table>
{related(news, "cactinkhac", "Các tin đã đưa")}"""
    return page(news.title, content, clock=news.clock)


def _meta(news: News) -> str:
    head = (
        f'<meta property="og:title" content="{esc(news.title)}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{news.when.isoformat()}">'
    )
    content = f"""<div class="container"><h2 class="post-heading">{esc(news.title)}</h2><div class="post-info"><span>{news.printed}</span> <span>Lượt xem: 9</span></div>
<div class="post-sapo">{esc(news.lead)}</div><div class="post-body">{body(news)}<p style="text-align:right"><strong>{esc(news.byline)}</strong></p></div></div>{related(news, "post-related", "Bài viết liên quan")}"""
    return page(f"{news.title} | Sở", content, head=head, clock=news.clock)


def _unknown_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(f'<h3><a href="/tin-tuc/{news.slug}-{news.number}.html">{esc(news.title)}</a></h3>' for news in items)
    pager = "".join(f'<a href="/tin-tuc?page={n}">{n}</a> ' for n in range(1, last + 1))
    return page("Tin tức", f"<h1>Tin tức</h1>{rows}{pager}")


def _unknown(name: str, article: Dress, dates: tuple[str, ...], listing: Listing = _unknown_list) -> Template:
    return Template(
        cms="generic",
        name=name,
        path=lambda news: f"/tin-tuc/{news.slug}-{news.number}.html",
        article=article,
        listing=listing,
        listing_path=lambda number: "/tin-tuc" if number == 1 else f"/tin-tuc?page={number}",
        dates=dates,
        leads=False,
    )


TEMPLATES = (
    Template(
        cms="vccorp",
        name="cong_dan_khuyen_hoc",
        path=_vccorp_path,
        article=_vccorp,
        listing=_vccorp_list,
        listing_path=lambda number: "/khuyen-hoc.htm",
        dates=("gmt_plus", "time_first"),
    ),
    _unknown("article_element", _schema, ("dash", "updated")),
    _unknown("tables", _tables, ("nukeviet", "labelled_day")),
    _unknown("meta", _meta, ("comma_gmt", "day_comma_time")),
)
