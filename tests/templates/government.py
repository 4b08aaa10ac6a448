"""Cao Bằng's portals, SharePoint 2010 as in Đắk Nông, VHV eGov, and Thanh Hóa's ASP.NET portal."""

from __future__ import annotations

from tests.templates.model import News, Template, body, esc, page

_SIGN = '<p style="text-align: right;"><strong>{}</strong></p>'


def _sign(news: News) -> str:
    return _SIGN.format(esc(news.byline)) if news.byline else ""


def _lead_first(news: News) -> str:
    return f'<p style="text-align: justify;"><strong>{esc(news.lead)}</strong></p>{body(news)}'


def _cao_bang(news: News) -> str:
    date = f'<div class="PostDate">{news.printed}</div>' if news.printed else ""
    items = "".join(f'<li><a href="/{n}">{esc(title)}</a> <span>({day})</span></li>' for n, (title, day) in enumerate(news.related))
    content = f"""<div class="ModuleContent"><div class="ArticleView">Lượt xem: 37</div><div class="ArticleHeader">{esc(news.title.upper())}</div>{date}
<div class="ArticleContent">{_lead_first(news)}{_sign(news)}</div>
<div class="OtherArticles"><h3>Các tin khác</h3><ul>{items}</ul></div></div>"""
    return page("Trang thông tin điện tử huyện", content, clock=news.clock, foot="<p>ipv6 ready</p>")


def _cao_bang_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(
        f'<div class="NewsItem"><a href="/van-hoaxa-hoi/{news.slug}-{news.number}">{esc(news.title)}</a>'
        f'<span class="NewsDate">{news.when:%d/%m/%Y}</span></div>'
        for news in items
    )
    pager = "".join(
        f'<li class="page-item{" active" if n == number else ""}"><a class="page-link" href="/van-hoaxa-hoi?page={n}">{n}</a></li>'
        for n in range(1, last + 1)
    )
    return page(
        "Văn hóa - Xã hội", f'<div class="ModuleContent"><div class="NewsList">{rows}</div><ul class="pagination">{pager}</ul></div>'
    )


def _sharepoint(news: News) -> str:
    menu = '<ul style="DISPLAY: none" id="myMenuPost" class="contextMenu"><li class="new"><a href="#newpost">Soạn bài viết</a></li><li>Chỉnh sửa bài viết</li></ul>'
    items = "".join(
        f'<li><a href="/x{n}">{esc(title)}</a><span class="ShowDate">({day})</span></li>' for n, (title, day) in enumerate(news.related)
    )
    sign = f"<p>{esc(news.byline)}</p>" if news.byline else ""
    content = f"""<h1>Home</h1><div class="ms-WPBody noindex"><table><tbody><tr><td class="FolderTitle">{esc(news.section)}</td>
<td class="Time" align="right">{news.printed}</td></tr></tbody></table><div id="part1"><table id="tableforprint" width="100%"><tbody>
<tr><td width="100%"><p class="Title allowMenuPost">{esc(news.title)}</p>{menu}<p></p></td></tr>
<tr><td style="TEXT-ALIGN: justify"><b class="lv_description_mode1">{esc(news.lead)}</b></td></tr>
<tr><td style="TEXT-ALIGN: justify"><div class="ExternalClass3F23D01D51B44FD6AF2213BFD2BBF0D7"><div id="bodytext">{body(news)}{sign}</div></div></td></tr>
</tbody></table><span class="css_readCounter">Số lượt người xem: 0</span><a class="print" href="">Bản in</a></div>
<div id="part2"><table class="tbtinkhac"><tbody><tr><td class="OtherTitle"><p class="OtherTitle">TIN ĐÃ ĐƯA</p></td></tr></tbody></table>
<table><tbody><tr><td class="Other"><ul>{items}</ul></td></tr></tbody></table></div></div>"""
    return page("Trang thông tin điện tử Huyện", content, head='<meta name="GENERATOR" content="Microsoft SharePoint">', clock=news.clock)


def _sharepoint_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(
        f'<tr><td class="TitleFront"><a href="/{news.slug}">{esc(news.title)}<span class="ShowDate"> ({news.when:%d.%m.%Y %H:%M})</span></a></td></tr>'
        for news in items
    )
    pager = "".join(f'<a href="/tin-tuc/page/{n}/">{n}</a> ' for n in range(1, last + 1))
    content = f'<div class="div_header_style1"><a class="a_header_style1">Giáo dục</a></div><div class="ms-WPBody"><table><tbody>{rows}</tbody></table>{pager}</div>'
    return page("Trang thông tin điện tử Huyện", content, head='<meta name="GENERATOR" content="Microsoft SharePoint">')


def _vhv(news: News) -> str:
    edited = f"{news.when:%Y-%m-%dT%H}:59:53+0700"
    items = "".join(
        f'<article class="list-news-one" itemscope itemtype="http://schema.org/NewsArticle"><h2 class="h4 title" itemprop="headline">'
        f'<a href="/tin/{n}.html">{esc(title)}</a></h2><span>{day}</span></article>'
        for n, (title, day) in enumerate(news.related)
    )
    content = f"""<ol class="breadcrumb"><li class="last-item"><a href="/tin-tuc">{esc(news.section)}</a></li></ol><div class="time-home-gio">{news.clock}</div>
<section class="news-detail-default"><article id="article34" itemscope itemtype="http://schema.org/NewsArticle" class="Article-News">
<meta itemprop="datePublished" content="{edited}"><h1 itemprop="headline">{esc(news.title)}</h1>
<div class="post-desc"><div class="social clearfix"><div class="news-date">{news.printed}</div></div>
<div class="brief-detail" itemprop="description"><p>{esc(news.lead)}</p></div>
<div class="data-content"><div class="content-detail" itemprop="articleBody">{body(news)}{_sign(news)}</div></div>
<ul class="share-social hidden-print"><li>Chia sẻ:</li></ul></div></article></section>
<section><h3>Bài tin liên quan</h3>{items}</section>"""
    cut = news.title[:50] + "..."
    return page(
        cut,
        content,
        head=f'<meta property="article:published_time" content="{edited}"><link href="/App/Corporate/images/favicon.ico" rel="icon">',
    )


def _vhv_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(
        f'<article class="list-news-one" itemscope><h2 class="h4 title"><a href="/tin-tuc/su-kien/{news.slug}.html">{esc(news.title)}</a></h2></article>'
        for news in items
    )
    content = f'<ol class="breadcrumb"><li class="last-item"><a href="/tin-tuc">Tin tức</a></li></ol>{rows}<script>var pageNo = 1;</script>'
    return page("Tin tức", content)


def _thanh_hoa(news: News) -> str:
    date = f'<span class="article-date">{news.printed}</span>' if news.printed else ""
    items = "".join(f'<li><a href="/portal/pages/x{n}.aspx">{esc(title)}</a> ({day})</li>' for n, (title, day) in enumerate(news.related))
    content = f"""<div class="article-detail"><h1>{esc(news.title)}</h1>{date}<div class="article-content">{_lead_first(news)}{_sign(news)}</div>
<div class="article-other"><h3>Các tin khác</h3><ul>{items}</ul></div></div>"""
    return page(news.title, content, clock=news.clock, foot='<a href="/portal/KenhTin/Van-hoa-xa-hoi.aspx">Văn hóa - xã hội</a>')


def _thanh_hoa_path(news: News) -> str:
    return f"/portal/pages/{news.when:%Y-%m-%d}/{news.slug}-{news.number}.aspx"


def _thanh_hoa_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(f'<li><h3><a href="{_thanh_hoa_path(news)}">{esc(news.title)}</a></h3></li>' for news in items)
    pager = "<a href=\"javascript:__doPostBack('pager','2')\">2</a>"
    return page("Văn hóa - xã hội", f'<h1 class="channel-title">Văn hóa - xã hội</h1><ul>{rows}</ul>{pager}')


TEMPLATES = (
    Template(
        cms="cao_bang",
        name="cao_bang",
        path=lambda news: f"/van-hoaxa-hoi/{news.slug}-{news.number}",
        article=_cao_bang,
        listing=_cao_bang_list,
        listing_path=lambda number: "/van-hoaxa-hoi" if number == 1 else f"/van-hoaxa-hoi?page={number}",
        dates=("nukeviet", "updated", "day"),
        leads=False,
    ),
    Template(
        cms="sharepoint_2010",
        name="dak_nong",
        path=lambda news: f"/{news.slug}",
        article=_sharepoint,
        listing=_sharepoint_list,
        listing_path=lambda number: "/tin-tuc" if number == 1 else f"/tin-tuc/page/{number}/",
        dates=("dots", "day"),
    ),
    Template(
        cms="vhv",
        name="vhv",
        path=lambda news: f"/tin-tuc/su-kien/{news.slug}.html",
        article=_vhv,
        listing=_vhv_list,
        listing_path=lambda number: "/tin-tuc",
        dates=("dash", "posted_at"),
    ),
    Template(
        cms="aspnet_portal",
        name="thanh_hoa",
        path=_thanh_hoa_path,
        article=_thanh_hoa,
        listing=_thanh_hoa_list,
        listing_path=lambda number: "/portal/KenhTin/Van-hoa-xa-hoi.aspx",
        dates=("day_comma_time", "spoken"),
        leads=False,
    ),
)
