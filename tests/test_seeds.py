"""The two seed texts in the markup of their families: every sentence of the news comes out, and none of the furniture."""

from __future__ import annotations

import html
from pathlib import Path

from scraper.extract.text import squash
from scraper.items import Capture
from spiders.cao_bang_thach_an import CaoBangThachAnSpider
from spiders.quang_tri import QuangTriSpider


def capture(url: str, page: str) -> Capture:
    return Capture(url, "2022-12-20T00:00:00Z", 200, (("Content-Type", "text/html; charset=utf-8"),), page.encode())


def paragraphs(text: str) -> list[str]:
    return [line for line in (line.strip("\n\r") for line in text.split("\n")) if squash(line)]


def test_quang_tri(corpus: Path) -> None:
    lines = paragraphs((corpus / "seeds/quang_tri.txt").read_text(encoding="utf-8"))
    title, printed, *news, byline, related = lines
    assert squash(related) == "Các tin khác"
    body = "".join(f"<p>{html.escape(line)}</p>" for line in news) + f'<p style="text-align:right"><strong>{byline}</strong></p>'
    related_list = '<ul><li><a href="/chi-tiet-tin/-/view-article/1/2/1670000000000">Một tin khác</a> (10/12/2022)</li></ul>'
    templates = {
        "view_article_detail": f"""<div class="breadcrumb"><a>Trang chủ</a><a>Tin tức</a></div><h1 class="title-detail">{title}</h1>
            <div class="info-detail"><span class="date-detail">{printed}</span> <span class="view-detail">Lượt xem: 12</span></div>
            <div class="content-detail">{body}</div><div class="other-news"><h3>{related}</h3>{related_list}</div>""",
        "view_article_journal": f"""<div class="portlet-body"><h1 class="title">{title}</h1><span class="date">{printed}</span>
            <div class="journal-content-article">{body}<h3>{related}</h3>{related_list}</div></div>""",
        "generic": f"""<div id="c1"><h2>{title}</h2><div>{printed}</div><div>{body}</div><div><b>{related}</b>{related_list}</div></div>""",
    }
    url = "https://www.quangtri.gov.vn/chi-tiet-tin/-/view-article/1/13729062791727/1670719620000"
    for layout, template in templates.items():
        page = f"<html><head><title>{title} - Cổng TTĐT</title></head><body><ul><li><a href='/'>Trang chủ</a></li></ul>{template}"
        article = QuangTriSpider.read(capture(url, page)).article
        assert article is not None, layout
        assert article.layout == layout
        assert article.title == title
        assert article.published_at == "2022-12-11T07:47:00+07:00"
        assert article.published_raw == squash(printed)
        assert article.byline == byline.strip()
        assert article.source_line == "Web Quảng Trị"
        assert squash(article.text) == squash(" ".join(news)), layout


def test_thach_an(corpus: Path) -> None:
    lines = paragraphs((corpus / "seeds/cao_bang_thach_an.txt").read_text(encoding="utf-8"))
    statistics, online, counter, title, *rest = lines
    footer_at = next(i for i, line in enumerate(rest) if line.startswith("TRANG THÔNG TIN ĐIỆN TỬ"))
    news, byline, footer = rest[: footer_at - 1], rest[footer_at - 1], rest[footer_at:]
    captions = {"Toàn cảnh hội nghị", "Các đại biểu thảo luận tại hội nghị"}
    body = ""
    for line in news:
        if squash(line) in captions:
            body += f'<p style="text-align:center"><img src="/upload/anh.jpg"></p><p style="text-align:center"><em>{line}</em></p>'
        else:
            body += f"<p>{html.escape(line)}</p><p>&nbsp;</p>"
    signed = {
        "aligned": f'<p align="right"><b>{byline.strip()}</b></p>',
        "padded": f"<p>{byline.replace(' ', '&nbsp;')}</p>",
    }
    for how, closing in signed.items():
        page = f"""<html><head><title>Trang thông tin</title></head><body><div>{statistics} {online}</div><div class="ModuleContent">
            <div class="ArticleView">{counter}</div><div class="ArticleHeader">{title}</div>
            <div class="ArticleContent">{body}{closing}</div></div><div class="Footer">{"<br>".join(footer)}</div></body></html>"""
        url = "https://thachan.caobang.gov.vn/van-hoaxa-hoi/giao-ban-cum-thi-dua-khuyen-hoc-12345"
        article = CaoBangThachAnSpider.read(capture(url, page)).article
        assert article is not None
        assert article.title == squash(title)
        assert article.published_at is None, "the first date of the text is the event's"
        assert article.byline == "Trần Nhung - Tuấn Anh", how
        wanted = " ".join(squash(line) for line in news if squash(line) not in captions)
        assert squash(article.text) == wanted
        assert {attachment.caption for attachment in article.attachments} <= captions
