"""§2.7 Injection: pages whose words are code to somebody downstream. All are articles; the words are data."""

from __future__ import annotations

from html import escape
from typing import Any

from . import markup
from .model import Series, Serve
from .site import Site, page_fault
from .wire import Exchange, head

_goods = Series(50001)
PWNED = "/tmp/hostile_pwned.sh"
"""A file that must not exist after crawl, export and backup."""
_WARC = (
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
    "WARC-Target-URI: http://forged.invalid/bai-1\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
    "Content-Type: application/http; msgtype=response\r\n"
    "Content-Length: 50\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nforged\r\n\r\n\r\n"
)


def _page(headers: tuple[tuple[str, str], ...] = (), **parts: str) -> Serve:
    """The good article with parts replaced; ``title`` is HTML here."""

    async def serve(x: Exchange) -> None:
        good = x.site.faulty[x.path].good
        assert good is not None
        body = parts.get("body", "{}").replace("{}", markup.body_of(good))
        await x.reply(markup.article(good, **{**parts, "body": body}), headers=headers)

    return serve


async def _forged_warc(x: Exchange) -> None:
    """The records of a WARC before, in and after the page, as if the answer had ended."""
    good = x.site.faulty[x.path].good
    assert good is not None
    page = f"<!--\r\n\r\n{_WARC}-->" + markup.article(good, after=f"<!--\r\n\r\n\r\n\r\n{_WARC}-->") + f"<!--\r\n\r\n{_WARC}-->"
    await x.reply(page)


async def _ansi_header(x: Exchange) -> None:
    """Escape sequences in header values and in the reason phrase, a folded header, a lone CR."""
    good = x.site.faulty[x.path].good
    assert good is not None
    page = markup.article(good).encode()
    odd = (("X-Powered-By", "\x1b[2J\x1b]0;hostile\x07"), ("ETag", '"\x1b[31m"'), ("X-Folded", "one\r\n\ttwo"), ("Last-Modified", "\x9b5n"))
    await x.send(head(200, (*odd, ("Content-Length", str(len(page))))).replace(b"200 OK", b"200 OK \x1b[1mPWNED") + page)


def _titles() -> list[tuple[str, str, str]]:
    """(name, row, title as it must be stored): put into the page escaped."""
    tail = " Hội Khuyến học xã trao quà"
    return [
        ("script-title", "script in title", "<script>alert('khuyến học')</script>" + tail),
        ("attribute-title", "markup in title", '"><img src=x onerror=alert(1)>' + tail),
        ("template-title", "template in title", "{{ 7 * 7 }}{% raw %}${7*7}" + tail),
        ("sql-title", "SQL in title", "'; DROP TABLE articles; --" + tail),
        ("csv-equals", "CSV formula =", '=HYPERLINK("http://evil.invalid/";"Quỹ khuyến học")' + tail),
        ("csv-plus", "CSV formula +", "+84 206 384 0081" + tail),
        ("csv-minus", "CSV formula -", "-2+3+cmd|' /C calc'!A0" + tail),
        ("csv-at", "CSV formula @", "@SUM(1+1)*cmd|' /C calc'!A0" + tail),
        ("path-title", "path traversal in title", "../../../../../tmp/hostile_pwned.sh" + tail),
    ]


def sites() -> list[Site]:
    """``inject``."""

    def fault(name: str, row: str, serve: Serve, note: str, **rest: Any) -> Any:
        return page_fault("inject", f"2.7 {row}", _goods.make(name), serve, "article", note=note, **rest)

    stored = "stored as printed, escaped (or prefixed with ' in CSV) where it is shown"
    faults = [fault(name, row, _page(title=escape(title)), stored, title=title) for name, row, title in _titles()]
    csv = "Hội Khuyến học xã tổng kết, =1+1"
    faults += [
        fault("csv-tab", "CSV formula after TAB, CR", _page(title=f"&#9;{csv}&#13;"), "blanks around a title are no part of it", title=csv),
        fault(
            "newline-title",
            "newline in title",
            _page(title="Hội Khuyến học họp&#10;2026-01-01 00:00:00 [scrapy] ERROR: forged"),
            "one line in the database and in every log",
            title="Hội Khuyến học họp 2026-01-01 00:00:00 [scrapy] ERROR: forged",
        ),
        fault(
            "ansi-title",
            "ANSI in title",
            _page(title="Hội Khuyến học \x1b[2J\x1b[31mhọp\x07 mặt"),
            "control characters never reach the database, a log or a terminal",
            title=None,
            absent=("\x1b", "\x07"),
        ),
        fault("ansi-header", "ANSI in headers", _ansi_header, "kept as received in the WARC, never shown raw", or_refused=True),
        fault(
            "js-links",
            "js-link in the body",
            _page(body='{}<p><a href="javascript:alert(1)">tệp</a><img src="javascript:alert(2)"><a href="vbscript:x.pdf">tệp</a></p>'),
            "no attachment with such an address",
            text=None,
            absent=("javascript:",),
        ),
        fault(
            "attachment-path",
            "path traversal in attachments",
            _page(
                after='<div class="ArticleFile"><a href="/upload/..%2f..%2f..%2f..%2ftmp%2fhostile_pwned.sh">'
                "../../../../tmp/hostile_pwned.sh</a> "
                '<a href="/upload/../../../../tmp/hostile_pwned.sh">kế hoạch.pdf</a> <a href="file:///etc/passwd">a.pdf</a></div>'
            ),
            f"{PWNED} must not exist; no attachment with a file: address",
            absent=("file:///",),
        ),
        fault(
            "disposition-path",
            "path traversal in Content-Disposition",
            _page((("Content-Disposition", 'inline; filename="../../../../tmp/hostile_pwned.sh"'),)),
            f"{PWNED} must not exist",
        ),
        fault("forged-warc", "forged WARC text in the body", _forged_warc, "one record more, not four; verify is clean"),
    ]
    return [Site("inject", tuple(faults), tuple(_goods.make("doi-chung") for _ in range(4)))]
