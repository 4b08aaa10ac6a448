"""NukeViet (classic and eGovernment themes, and version 3), WordPress (tagDiv, blocks, classic), DNN with Huế's module."""

from __future__ import annotations

from datetime import timedelta

from tests.templates.model import Dress, Listing, News, Template, body, esc, page, related

_NUKEVIET = '<meta name="generator" content="NukeViet v4.5"><link rel="stylesheet" href="/themes/default/css/style.css"><script src="/assets/js/global.js"></script>'


def _nuke_meta(news: News) -> str:
    """What the core gets wrong: the zone for the T, and the time of the last edit for the publication."""
    edited = news.when + timedelta(days=9, hours=3)
    return (
        f'{_NUKEVIET}<meta property="article:published_time" content="{news.when:%Y-%m-%d}+07{news.when:%H:%M:%S}">'
        f'<meta property="og:type" content="article">'
        f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{edited:%Y-%m-%dT%H:%M:%S}+07:00"}}</script>'
    )


def _nuke_credits(news: News) -> str:
    out = f'<p class="h5 text-right"><strong>Tác giả: </strong>{esc(news.byline)}</p>' if news.byline else ""
    return out + (f'<p class="h5 text-right"><strong>Nguồn tin: </strong>{esc(news.source)}</p>' if news.source else "")


def _nuke_related(news: News) -> str:
    items = "".join(
        f'<li><em class="fa fa-angle-right">&nbsp;</em><a href="/news/x/{n}.html">{esc(title)}</a> <em>({day})</em></li>'
        for n, (title, day) in enumerate(news.related)
    )
    return f'<div class="news_column panel panel-default"><div class="panel-body"><p class="h3"><strong>Những tin cũ hơn</strong></p><ul class="related list-inline">{items}</ul></div></div>'


def _nuke_classic(news: News) -> str:
    edited = news.when + timedelta(days=9, hours=3)
    content = f"""<ol class="breadcrumb"><li><a href="/">Trang nhất</a></li><li><a href="/news/">{esc(news.section)}</a></li></ol>
<div class="news_column panel panel-default" itemtype="http://schema.org/NewsArticle" itemscope><div class="panel-body">
<h1 class="title margin-bottom-lg" itemprop="headline">{esc(news.title)}</h1>
<div class="hidden hide d-none" itemprop="author" itemtype="http://schema.org/Person" itemscope><span itemprop="name">admin</span></div>
<span class="hidden hide d-none" itemprop="datePublished">{edited:%Y-%m-%dT%H:%M:%S}+07:00</span>
<div class="row margin-bottom-lg"><div class="col-md-12"><span class="h5">{news.printed}</span></div>
<div class="col-md-12"><ul class="list-inline text-right"><li><a class="dimgray" title="In ra" href="/news/print/x">In ra</a></li></ul></div></div>
<div class="clearfix"><div class="hometext m-bottom" itemprop="description">{esc(news.lead)}</div></div>
<div id="news-bodyhtml" class="bodytext margin-bottom-lg">{body(news, "figure")}</div>
<div class="margin-bottom-lg">{_nuke_credits(news)}<div class="alert alert-info margin-bottom-lg">Bản quyền thuộc về Cổng thông tin.</div></div></div></div>
<div class="news_column panel panel-default"><div class="panel-body"><div class="h5"><em class="fa fa-tags">&nbsp;</em><strong>Từ khóa:</strong> <a href="/news/tag/khuyen-hoc/">khuyến học</a></div></div></div>
{_nuke_related(news)}"""
    return page(news.title, content, head=_nuke_meta(news), clock=news.clock)


def _nuke_egov(news: News) -> str:
    content = f"""<div class="news_column" itemtype="http://schema.org/NewsArticle" itemscope><div class="bg-silver-light">
<h1 class="title margin-bottom-lg" itemprop="headline">{esc(news.title)}</h1>
<div class="newsdetailmetatop"><span class="h5">{news.printed}</span> <span class="h5"><em class="fa fa-eye"></em> 511</span> <span class="h5"><em class="fa fa-comment-o"></em> 0</span></div>
<div class="hometext" itemprop="description">{esc(news.lead)}</div><div id="news-bodyhtml" class="bodytext">{body(news, "figure")}</div>{_nuke_credits(news)}</div></div>
{_nuke_related(news)}"""
    return page(news.title, content, head=_nuke_meta(news), clock=news.clock)


def _nuke_3(news: News) -> str:
    sign = f'<p style="text-align: right;"><strong>Tác giả bài viết: </strong>{esc(news.byline)}</p>' if news.byline else ""
    items = "".join(
        f'<li><a href="/{n}">{esc(title)}</a> <span class="date">({day})</span></li>' for n, (title, day) in enumerate(news.related)
    )
    content = f"""<div class="news_column" style="padding:0 !important;"><div id="news_detail"><h1>{esc(news.title)}</h1><span class="time">{news.printed}</span>
<div class="control"><ul><li><a class="print" title="In ra"></a></li></ul></div><div id="hometext">{esc(news.lead)}</div>
<div class="bodytext">{body(news)}</div>{sign}<p class="copyright">Ghi rõ nguồn</p></div><p><strong>Những tin cũ hơn</strong></p><ul class="related">{items}</ul></div>"""
    return page(news.title, content, head='<meta name="generator" content="NukeViet v3.4">', clock=news.clock)


def _nuke_path(news: News) -> str:
    return f"/vi/news/khuyen-hoc/{news.slug}-{news.number}.html"


def _nuke_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(
        f'<div class="news_column"><div class="panel panel-default"><div class="panel-body"><h3><a href="{_nuke_path(news)}">{esc(news.title)}</a></h3>'
        f'<div class="text-muted"><ul class="list-unstyled list-inline"><li><em class="fa fa-clock-o">&nbsp;</em> {news.when:%d/%m/%Y %H:%M:%S}</li>'
        f"<li>Đã xem: 12</li></ul></div><p>{esc(news.lead)}</p></div></div></div>"
        for news in items
    )
    pager = "".join(f'<li><a href="/vi/news/khuyen-hoc/{"" if n == 1 else f"page-{n}/"}">{n}</a></li>' for n in range(1, last + 1))
    content = f'<div class="news_column"><div class="alert alert-info"><h1>Khuyến học</h1></div></div>{rows}<div class="text-center"><ul class="pagination">{pager}</ul></div>'
    return page("Khuyến học", content, head=_NUKEVIET)


def _nuke(name: str, article: Dress, dates: tuple[str, ...]) -> Template:
    return Template(
        cms="nukeviet",
        name=name,
        path=_nuke_path,
        article=article,
        listing=_nuke_list,
        listing_path=lambda number: "/vi/news/khuyen-hoc/" + ("" if number == 1 else f"page-{number}/"),
        dates=dates,
    )


_WP = '<meta name="generator" content="WordPress 6.4"><link rel="stylesheet" href="/wp-content/themes/x/style.css"><script src="/wp-includes/js/jquery.js"></script>'
_SHARE = '<div class="sharedaddy sd-sharing-enabled"><h3>Chia sẻ:</h3><ul><li>Facebook</li></ul></div>'


def _wp_time(news: News) -> str:
    updated = news.when + timedelta(days=5)
    return (
        f'<time class="entry-date published" datetime="{news.when.isoformat()}">{news.printed}</time>'
        f'<time class="updated" datetime="{updated.isoformat()}">{updated:%d/%m/%Y}</time>'
    )


def _wp_sign(news: News) -> str:
    return f'<p style="text-align: right"><em>{esc(news.byline)}</em></p>' if news.byline else ""


def _wp_tagdiv(news: News) -> str:
    content = f"""<article class="post type-post"><div class="td-post-header"><ul class="td-category"><li><a href="/category/tin">{esc(news.section)}</a></li></ul>
<header class="td-post-title"><h1 class="entry-title">{esc(news.title)}</h1><p class="td-post-sub-title">{esc(news.lead)}</p>
<div class="td-module-meta-info"><div class="td-post-author-name"><a>admin</a></div><span class="td-post-date">{_wp_time(news)}</span><div class="td-post-views">812</div></div></header></div>
<div class="td-post-content tagdiv-type">{body(news, "figure")}{_wp_sign(news)}{_SHARE}</div></article>{related(news, "td_block_related_posts", "BÀI LIÊN QUAN")}"""
    return page(f"{news.title} - Công an tỉnh", content, head=_WP, clock=news.clock)


def _wp_blocks(news: News) -> str:
    content = f"""<main class="wp-block-group"><h1 class="wp-block-post-title">{esc(news.title)}</h1><div class="wp-block-post-date">{_wp_time(news)}</div>
<div class="wp-block-post-author"><p>admin</p></div><div class="entry-content wp-block-post-content"><p><strong>{esc(news.lead)}</strong></p>{body(news, "figure")}{_wp_sign(news)}</div>
{related(news, "wp-block-query", "Tin khác")}</main>"""
    return page(f"{news.title} – Hội Khuyến học", content, head=_WP, clock=news.clock)


def _wp_classic(news: News) -> str:
    content = f"""<article class="post"><header class="entry-header"><h1 class="entry-title">{esc(news.title)}</h1><div class="entry-meta"><span class="posted-on">Đăng ngày {_wp_time(news)}</span>
<span class="byline">bởi <a>quantri</a></span></div></header><div class="entry-content"><p><strong>{esc(news.lead)}</strong></p>{body(news)}{_wp_sign(news)}{_SHARE}</div>
<footer class="entry-footer"><span class="cat-links"><a href="/category/tin">{esc(news.section)}</a></span></footer></article>{related(news, "related-posts", "Bài viết liên quan")}
<div id="comments" class="comments-area"><p>Một phản hồi dài của bạn đọc về bài viết này.</p></div>"""
    return page(f"{news.title} | Hội", content, head=_WP, clock=news.clock)


def _wp_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(
        f'<article><h2 class="entry-title"><a href="/{news.slug}/">{esc(news.title)}</a></h2><time class="entry-date published">{news.when:%d/%m/%Y}</time></article>'
        for news in items
    )
    pager = "".join(
        f'<a class="page-numbers" href="/category/khuyen-hoc/{"" if n == 1 else f"page/{n}/"}">{n}</a>' for n in range(1, last + 1)
    )
    return page("Khuyến học", f'<h1 class="page-title">Khuyến học</h1>{rows}<div class="nav-links">{pager}</div>', head=_WP)


def _wp(name: str, article: Dress, dates: tuple[str, ...], *, leads: bool) -> Template:
    return Template(
        cms="wordpress",
        name=name,
        path=lambda news: f"/{news.slug}/",
        article=article,
        listing=_wp_list,
        listing_path=lambda number: "/category/khuyen-hoc/" + ("" if number == 1 else f"page/{number}/"),
        dates=dates,
        leads=leads,
    )


def _dnn(news: News) -> str:
    content = f"""<a name="dnn_ctr412_ModuleContent"></a><div id="dnn_ctr412_ViewNews_pnl"><h1 id="dnn_ctr412_lblTitle" class="NewsTitle">{esc(news.title)}</h1>
<span id="dnn_ctr412_lblDate" class="NewsDate">{news.printed}</span><div id="dnn_ctr412_lblSapo" class="NewsSummary"><strong>{esc(news.lead)}</strong></div>
<div id="dnn_ctr412_lblContent" class="NewsContent">{body(news)}</div><div id="dnn_ctr412_lblAuthor" style="text-align:right"><b>{esc(news.byline)}</b></div></div>
{related(news, "NewsOther", "Các tin khác")}"""
    return page(
        news.title,
        content,
        head='<link href="/Portals/0/portal.css" rel="stylesheet"><script src="/DesktopModules/News/x.js"></script>',
        clock=news.clock,
    )


def _dnn_listing() -> Listing:
    def listing(items: list[News], number: int, last: int) -> str:
        rows = "".join(f'<h3><a href="/?gd=1&amp;cn=129&amp;tc={news.number}">{esc(news.title)}</a></h3>' for news in items)
        pager = "".join(f'<a href="/?gd=1&amp;cn=129&amp;page={n}">{n}</a> ' for n in range(1, last + 1))
        return page("Tin tức", f'<div id="dnn_ctr411_pnl">{rows}{pager}</div>', head='<link href="/Portals/0/portal.css" rel="stylesheet">')

    return listing


TEMPLATES = (
    _nuke("classic", _nuke_classic, ("nukeviet",)),
    _nuke("egov", _nuke_egov, ("nukeviet",)),
    _nuke("version_3", _nuke_3, ("nukeviet", "sa_ch")),
    _wp("tagdiv", _wp_tagdiv, ("day", "words"), leads=True),
    _wp("blocks", _wp_blocks, ("words", "day"), leads=False),
    _wp("classic", _wp_classic, ("day_comma_time", "day"), leads=False),
    Template(
        cms="dnn",
        name="hue",
        path=lambda news: f"/?gd=1&cn=129&tc={news.number}",
        article=_dnn,
        listing=_dnn_listing(),
        listing_path=lambda number: "/?gd=1&cn=129" + ("" if number == 1 else f"&page={number}"),
        dates=("dash", "capitals"),
    ),
)
