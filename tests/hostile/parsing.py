"""§2.5 HTML: the article is whole on every page; what is around it breaks parsers. And §2.6, dates."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from . import markup
from .model import Good, Series, Serve
from .site import Site, page_fault
from .wire import Exchange

_goods = Series(47001)
_date_goods = Series(47201)
Make = Callable[[Good], str]


def _serve(make: Make) -> Serve:
    async def serve(x: Exchange) -> None:
        good = x.site.faulty[x.path].good
        assert good is not None
        x.close = True  # what was made need not outlive the answer
        await x.reply(make(good))

    return serve


def _around(before: str, after: str) -> Make:
    """The article's part of the page between two pieces of HTML."""
    return lambda good: markup.frame(escape(good.title), before + markup.module(good) + after)


def _within(before: str, after: str = "") -> Make:
    """Pieces of HTML before and after the paragraphs, inside the body."""
    return lambda good: markup.article(good, body=before + markup.body_of(good) + after)


def _tables(good: Good) -> str:
    opened = '<table border="0" cellpadding="0"><tr><td>' * 300
    return markup.frame(escape(good.title), opened + markup.module(good) + "</td></tr></table>" * 300)


def _long_text(good: Good) -> str:
    return markup.article(good, after=f'<div class="ArticleTool">{"khuyến học " * 900_000}</div>')


def _attributes(count: int) -> Make:
    def make(good: Good) -> str:
        many = " ".join(f"a{number:x}=1" for number in range(count))
        return markup.article(good, body=f"<p {many}>{escape(good.paragraphs[0])}</p>" + _paragraphs(good, 1))

    return make


def _paragraphs(good: Good, start: int, close: str = "</p>") -> str:
    return "".join(f"<p>{escape(text)}{close}" for text in good.paragraphs[start:])


def _xxe(good: Good) -> str:
    kinds = '<!ENTITY xxe SYSTEM "file:///etc/passwd"><!ENTITY out SYSTEM "http://127.0.0.1:CANARY/xxe">'
    page = markup.article(good, body=markup.body_of(good) + "<p>&xxe;&out;</p>")
    return page.replace("<!DOCTYPE html>", f'<?xml version="1.0"?><!DOCTYPE html [{kinds}]>')


async def _serve_xxe(x: Exchange) -> None:
    good = x.site.faulty[x.path].good
    assert good is not None
    await x.reply(_xxe(good).replace("CANARY", x.site.urls["canary"].rpartition(":")[2]))


def _laughs(good: Good) -> str:
    rows = ['<!ENTITY l0 "ha">', *(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))]
    return markup.article(good, body=markup.body_of(good) + "<p>&l9;</p>").replace("<!DOCTYPE html>", f"<!DOCTYPE html [{''.join(rows)}]>")


def _old_asp(good: Good) -> str:
    rows = f"<P>{escape(good.paragraphs[0])}" + _paragraphs(good, 1, close="")
    return (
        f"<HTML><HEAD>{markup.META}<TITLE>{escape(good.title)}</TITLE><BODY><TABLE><TR><TD><UL><LI>Trang chủ<LI>Tin tức</UL><TR><TD>"
        f"<DIV CLASS=ModuleContent><DIV CLASS=ArticleHeader>{escape(good.title)}</DIV><DIV CLASS=PostDate>{good.printed}</DIV>"
        f"<DIV CLASS=ArticleContent>{rows}</DIV></DIV><TR><TD><FONT SIZE=2>Bản quyền thuộc UBND huyện"
    )


_HIDDEN = "Nhà cái uy tín, đặt cược trực tuyến nhận thưởng"
_SECOND = "Bài thứ hai trên cùng một trang, không phải là bài được hỏi."


def _two(good: Good) -> str:
    second = f'<div class="ArticleHeader">Bài thứ hai</div><div class="ArticleContent"><p>{_SECOND}</p></div>'
    return markup.article(good, after=second)


def _rows() -> list[tuple[str, Make, str, str, dict[str, Any]]]:
    deep = {"or_refused": True, "note": "the text, or a loud issue; never an empty or cut article, never 44 CPU-seconds in the reactor"}
    hidden = f'<p style="display:none">{_HIDDEN}</p><div hidden>{_HIDDEN}</div><p style="VISIBILITY: hidden">{_HIDDEN}</p>'
    script = '<script>var s = "</article></div></p>"; document.write("<p>quảng cáo</p>");</script>'
    links = "".join(f'<a href="/tag/{number}">thẻ {number}</a> ' for number in range(50_000))
    junk = "12/13/14 " * 45_000
    return [
        ("tables-300", _tables, "article", "300-deep tables", {}),
        ("divs-100000", _around("<div>" * 100_000, "</div>" * 100_000), "article", "100,000 <div>", deep),
        ("bi-50000", _within("<b><i>" * 25_000), "article", "50,000 unclosed <b><i>", deep),
        ("br-500000", _around("<div>" + "<br>" * 500_000 + "</div>", ""), "article", "500,000 <br>", {}),
        ("br-500000-inside", _within("", "<br>" * 500_000), "article", "500,000 <br> in the body", {"or_refused": True}),
        ("text-12mb", _long_text, "capped", "12 MB text node", {"note": "over the cap of 8 MiB; the article stands before it"}),
        (
            "date-400kb",
            lambda good: markup.article(good, date=junk),
            "article",
            "date field of 400 KB",
            {"published_at": None, "issues": ("date_unread",), "note": "published_at NULL"},
        ),
        (
            "title-1mb",
            lambda good: markup.article(good).replace("<title>", "<title>" + "Tiêu đề " * 110_000, 1),
            "article",
            "1 MB title (<title>)",
            {},
        ),
        (
            "header-1mb",
            lambda good: markup.article(good, title=escape(good.title) + " rất dài" * 100_000),
            "article",
            "1 MB title (.ArticleHeader)",
            {"title": None, "or_refused": True, "note": "refused or the title cut; the archive must not hold a title of 1 MB silently"},
        ),
        ("links-50000", lambda good: markup.article(good, after=f"<div class=OtherNews>{links}</div>"), "article", "50,000 links", {}),
        ("entity-laughs", _laughs, "article", "billion laughs", {"text": None, "note": "memory bounded"}),
        ("unclosed-comment", lambda good: markup.article(good, after="<!-- hết bài "), "article", "unclosed comment", {}),
        ("script-article", _within(script, script), "article", "script containing </article>", {"absent": ("var s", "quảng cáo")}),
        ("no-closing-tags", _old_asp, "article", "no closing tags (old ASP)", {}),
        ("hidden-text", _within(hidden, hidden), "article", "hidden text", {"absent": (_HIDDEN,)}),
        ("two-articles", _two, "article", "two articles", {"absent": (_SECOND,), "issues": ("selector_mismatch",)}),
        ("attributes-10000", _attributes(10_000), "article", "one tag with 10,000 attributes", deep),
        ("attributes-40000", _attributes(40_000), "article", "one tag with 40,000 attributes (44 CPU-s in lxml)", deep),
        ("attributes-200000", _attributes(200_000), "article", "one tag with 200,000 attributes", deep),
    ]


def _date_rows() -> list[tuple[str, str, str | None, str]]:
    return [
        ("date-gmt", "Thứ Sáu, 03/04/2026, 20:30 (GMT+7)", "2026-04-03T20:30:00+07:00", "d/m/y with zone; not the sidebar's 01/01/2020"),
        ("date-swap", "07/12/2022 08:05", "2022-12-07T08:05:00+07:00", "d/m/y, never m/d/y"),
        ("date-label", "Ngày đăng: 09/02/2023", "2023-02-09", "a day without a time"),
        ("date-impossible", "30/02/2026", None, "30 February: NULL, not 1 February"),
        ("date-future", "07/12/2097", None, "future: NULL, and not 2097-07-12 either"),
        ("date-old", "01/01/1970 07:00", None, "before the portals: NULL"),
        ("date-none", "", None, "no date: NULL, not the first date of the text or the sidebar"),
        ("date-two", "11/12/2022 - 15/12/2022", None, "two dates: NULL beats a guess"),
        ("date-english", "12/31/2022 8:05 AM", None, "m/d/y: there is no month 31"),
    ]


def sites() -> list[Site]:
    """``html`` and ``dates``."""
    faults = [
        page_fault("html", f"2.5 {row}", _goods.make(name), _serve(make), expect, **rest) for name, make, expect, row, rest in _rows()
    ]
    xxe = _goods.make("xxe")
    rest = {"text": None, "absent": ("root:x:",), "note": "no hit at the canary either"}
    faults.append(page_fault("html", "2.5 XXE to /etc/passwd", xxe, _serve_xxe, "article", **rest))
    dates = []
    for name, printed, iso, note in _date_rows():
        good = _date_goods.make(name)
        side = '<div class="SideBox"><div class="SideDate">01/01/2020</div></div>'
        body = _paragraphs(good, 0)
        make = _dated(printed, side, body)
        dates.append(page_fault("dates", "2.6 dates", good, _serve(make), "article", published_at=iso, note=note))
    controls = tuple(_goods.make("doi-chung") for _ in range(5))
    return [
        Site("html", tuple(faults), controls),
        Site("dates", tuple(dates), tuple(_date_goods.make("doi-chung") for _ in range(2))),
    ]


def _dated(printed: str, side: str, body: str) -> Make:
    return lambda good: markup.article(good, date=printed, body=body, after=side)
