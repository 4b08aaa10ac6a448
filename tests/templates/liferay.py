"""Liferay: 6.2's asset publisher as on Hà Nội's departments, 7's own, Đắk Lắk's, Đà Nẵng's, VCMS; and Quảng Trị's portlet."""

from __future__ import annotations

from urllib.parse import urlencode

from tests.templates.model import Dress, Listing, News, Template, body, esc, page, related

_HEAD = '<link href="/html/css/main.css?browserId=other&amp;themeId=egov" rel="stylesheet"><script src="/html/js/barebone.jsp"></script>'
_SIGN = '<p style="text-align:right"><strong>{}</strong></p>'


def _cur(path: str, number: int) -> str:
    query = {
        "p_p_id": "101_INSTANCE_aBcD",
        "p_p_lifecycle": "0",
        "p_p_state": "normal",
        "_101_INSTANCE_aBcD_delta": "20",
        "_101_INSTANCE_aBcD_cur": number,
    }
    return path if number == 1 else f"{path}?{urlencode(query)}"


def _sign(news: News) -> str:
    return _SIGN.format(esc(news.byline)) if news.byline else ""


def _boundary(content: str, instance: str = "101_INSTANCE_aBcD") -> str:
    return f'<div class="portlet-boundary" id="p_p_id_{instance}_"><section class="portlet"><div class="portlet-body">{content}</div></section></div>'


def _asset_6(news: News) -> str:
    content = f"""<h1 class="portlet-title">Tin tức nổi bật</h1><div class="dd_chuyenmuc"><a class="tintuc">{esc(news.section)}</a></div>
<div class="asset-full-content-title">{esc(news.title)}</div>
<div class="assetPublishDate block_timer">{news.printed} | View count: 1648</div>
<div class="asset-content"><div class="sapo-wrapper"><p class="sapo">{esc(news.lead)}</p></div>
<div class="journal-content-article">{body(news)}{_sign(news)}<p class="view-content-author">admin admin</p></div></div>
<div class="asset-control-detail"><a href="?print">In bài viết</a></div>{related(news, "related_asset", "Các tin khác")}"""
    footer = '<div class="journal-content-article"><p>Bản quyền thuộc về Sở</p></div>'
    return page(f"{news.title} - {news.section} - Sở", _boundary(content), head=_HEAD, clock=news.clock, foot=footer)


def _asset_6_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(
        f'<div class="asset-abstract"><h3 class="asset-title"><a href="{_TEMPLATE_6.path(news)}">{esc(news.title)}</a></h3>'
        f'<div class="assetPublishDate">{news.when:%d/%m/%Y | %I:%M %p}</div><p>{esc(news.lead)}</p></div>'
        for news in items
    )
    pager = "".join(f'<li><a href="{esc(_cur("/vi/van-hoa", n))}">{n}</a></li>' for n in range(1, last + 1))
    delta = f'<a href="{esc(_cur("/vi/van-hoa", number))}&amp;_101_INSTANCE_aBcD_delta=75">75 mục</a>'
    content = f'<div class="dd_chuyenmuc"><a class="tintuc">Văn hóa - Xã hội</a></div>{rows}<div class="taglib-page-iterator">{delta}<ul>{pager}</ul></div>'
    return page("Văn hóa - Xã hội", _boundary(content), head=_HEAD)


_TEMPLATE_6 = Template(
    cms="liferay",
    name="asset_6",
    path=lambda news: f"/vi/van-hoa/-/view_content/{news.number}-{news.slug}.html",
    article=_asset_6,
    listing=_asset_6_list,
    listing_path=lambda number: _cur("/vi/van-hoa", number),
    dates=("liferay", "liferay_bare", "liferay_en"),
)


def _asset_7(news: News) -> str:
    content = f"""<div class="asset-full-content clearfix"><h3 class="header-title"><span>{esc(news.title)}</span></h3>
<div class="asset-content"><div class="asset-metadata"><span class="metadata-entry metadata-publish-date">{news.printed}</span>
<span class="metadata-entry metadata-view-count">213 lượt xem</span></div>
<div class="journal-content-article" data-analytics-asset-type="web-content">{body(news)}{_sign(news)}</div></div>
{related(news, "asset-links", "Tin liên quan")}</div>"""
    return page(f"{news.title} - Trang chủ", _boundary(content), head=_HEAD, clock=news.clock)


def _nd_detail(news: News) -> str:
    content = f"""<div class="nd_detail_chitiet"><h2><b>{esc(news.title)}</b><br><span>{news.printed}</span></h2>
<div class="asset-content"><div class="journal-content-article"><p class="sapo" style="font-weight:bold">{esc(news.lead)}</p>{body(news)}{_sign(news)}</div></div>
</div>{related(news, "related_asset", "Các tin khác")}"""
    return page("Cổng thông tin điện tử tỉnh Đắk Lắk", _boundary(content), head=_HEAD, clock=news.clock)


def _da_nang(news: News) -> str:
    content = f"""<article><header class="title-article"><h1>{esc(news.title)}</h1></header>
<div><span class="the-article-timecreate">{news.printed}</span><span>Người đăng tin: quantri</span><span class="viewcount">Lượt xem: 97</span></div>
<p class="the-article-summary">{esc(news.lead)}</p><div class="the-article-body">{body(news)}{_sign(news)}</div></article>
{related(news, "the-article-related", "Tin liên quan")}"""
    return page(f"{news.title} - Đà Nẵng", _boundary(content), head=_HEAD, clock=news.clock)


def _vcms(news: News) -> str:
    content = f"""<h1 class="title" id="titleDetail">{esc(news.title)}</h1><span class="date_time">{news.printed}</span>
<div class="summary" id="leadDetail">{esc(news.lead)}</div><div class="textdetail" id="contentDetail">{body(news)}</div>
<div class="author">{f"Tác giả: {esc(news.byline)}" if news.byline else ""}</div><div class="source">{f"Nguồn tin: {esc(news.source)}" if news.source else ""}</div>
<ul class="wd-other-news">{"".join(f"<li><a>{esc(title)}</a> ({day})</li>" for title, day in news.related)}</ul>"""
    return page(f"{news.title}", _boundary(content, "vcmsviewcontent_INSTANCE_x"), head=_HEAD, clock=news.clock)


def _plain_list(path: str) -> Listing:
    def listing(items: list[News], number: int, last: int) -> str:
        rows = "".join(f'<h3><a href="{esc(path.format(news=news))}">{esc(news.title)}</a></h3>' for news in items)
        pager = "".join(f'<li><a href="{esc(_cur("/tin-tuc", n))}">{n}</a></li>' for n in range(1, last + 1))
        return page("Tin tức", _boundary(f'{rows}<ul class="pagination">{pager}</ul>'), head=_HEAD)

    return listing


def _more(name: str, path: str, article: Dress, dates: tuple[str, ...], *, leads: bool = True) -> Template:
    return Template(
        cms="liferay",
        name=name,
        path=lambda news: path.format(news=news),
        article=article,
        listing=_plain_list(path),
        listing_path=lambda number: _cur("/tin-tuc", number),
        dates=dates,
        leads=leads,
    )


def _view_article(news: News) -> str:
    content = f"""<h1 class="title-detail">{esc(news.title)}</h1><div class="info-detail"><span class="date-detail">{news.printed}</span>
<span class="view-detail">Lượt xem: 41</span></div><div class="sapo-detail">{esc(news.lead)}</div><div class="content-detail">{body(news)}{_sign(news)}</div>
<div class="other-news"><h4>Các tin khác</h4><ul>{"".join(f"<li><a>{esc(title)}</a> ({day})</li>" for title, day in news.related)}</ul></div>"""
    return page(f"{news.title} - Chi tiết tin", _boundary(content, "view_article"), head=_HEAD, clock=news.clock)


def _view_article_path(news: News) -> str:
    return f"/chi-tiet-tin/-/view-article/1/1445748553374/{int(news.when.timestamp() * 1000) + news.number % 1000}"


def _view_article_list(items: list[News], number: int, last: int) -> str:
    rows = "".join(
        f'<div class="item-news"><a href="{_view_article_path(news)}">{esc(news.title)}</a> <span class="date-news">{news.when:%d/%m/%Y}</span></div>'
        for news in items
    )
    pager = "".join(f'<li><a href="{esc(_cur("/tin-tuc", n))}">{n}</a></li>' for n in range(1, last + 1))
    content = f'<h2 class="title-category">Tin tức</h2><div class="list-news">{rows}</div><ul class="lfr-pagination">{pager}</ul>'
    return page("Tin tức", _boundary(content), head=_HEAD)


TEMPLATES = (
    _TEMPLATE_6,
    _more("asset_7", "/web/guest/tin-tuc/-/asset_publisher/aBcD/content/{news.slug}", _asset_7, ("comma_gmt", "dash"), leads=False),
    _more("dak_lak", "/web/guest/tin-tuc/-/asset_publisher/aBcD/content/id/{news.number}", _nd_detail, ("dots", "day_comma_time")),
    _more("da_nang", "/chi-tiet-tin?dinhdanh={news.number}&cat=12", _da_nang, ("labelled_day", "posted_at")),
    _more("vcms", "/-/details/20181/{news.slug}-{news.number}", _vcms, ("time_first", "sa_ch")),
    Template(
        cms="liferay_view_article",
        name="view_article",
        path=_view_article_path,
        article=_view_article,
        listing=_view_article_list,
        listing_path=lambda number: _cur("/tin-tuc", number),
        dates=("seed", "capitals", "words"),
    ),
)
