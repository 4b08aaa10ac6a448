"""§2.4 Bytes → text: every page is the good article, in bytes that a careless reader gets wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from html import escape
from typing import Any

from . import markup
from .model import Good, Series, Serve
from .site import Site, page_fault
from .wire import HTML, Exchange

_goods = Series(46001)
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# TCVN 5712:1993 as in the .VnTime fonts: a letter's byte; capitals with a tone take the small letter's byte.
_TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        bytes.fromhex(
            "B5B6B7B8B9A8BBBCBDBEC6A9C7C8C9CACBAECCCECFD0D1AAD2D3D4D5D6D7D8DCDDDEDFE1E2E3E4ABE5E6E7E8E9ACEAEBECEDEEEFF1F2F3F4ADF5F6F7F8F9FAFBFCFDFE"
            "A1A2A3A4A5A6A7"
        ),
        strict=True,
    )
)


def cp1258(text: str) -> bytes:
    """Windows-1258: tone marks are characters of their own."""
    out = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tones = "".join(mark for mark in parts if mark in _TONES)
        out.append(unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES)) + tones)
    return "".join(out).encode("cp1258", "xmlcharrefreplace")


def tcvn3(text: str) -> bytes:
    """TCVN3 (ABC), the encoding of the .Vn fonts."""
    return b"".join(
        bytes([_TCVN3.get(char) or _TCVN3.get(char.lower(), 0)])
        if char in _TCVN3 or char.lower() in _TCVN3
        else char.encode("latin-1", "replace")
        for char in text
    )


def twice(text: str) -> bytes:
    """UTF-8, read as Windows-1252 and written as UTF-8 again."""
    return "".join(_as_1252(byte) for byte in text.encode()).encode()


def _as_1252(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _page(encode: Callable[[str], bytes], kind: str = HTML, meta: str | None = None, **parts: Callable[[Good], str]) -> Serve:
    async def serve(x: Exchange) -> None:
        good = x.site.faulty[x.path].good
        assert good is not None
        html = markup.article(good, head=markup.META if meta is None else meta, **{name: part(good) for name, part in parts.items()})
        await x.reply(encode(html), kind=kind)

    return serve


def _raw(data: Callable[[bytes], bytes]) -> Serve:
    return _page(lambda html: data(html.encode()))


def _invisible(good: Good) -> str:
    """Zero-width space, joiner and BOM, soft hyphen (raw and as a reference) inside words; no-break spaces between them."""
    spoiled = escape(good.paragraphs[1])
    for word, odd in (
        ("khuyến", "khu\u200byến"),
        ("học", "h\u00adọc"),
        ("được", "đư\u2060ợc"),
        ("người", "ng&#8203;ười"),
        ("nhiều", "nhi&shy;ều"),
    ):
        spoiled = spoiled.replace(word, odd)
    first = escape(good.paragraphs[0]).replace(" ", "\u00a0", 9)
    last = escape(good.paragraphs[2]).replace(" ", "&nbsp;")
    return f"<p>\ufeff{first}</p><p>{spoiled}</p><p>{last}</p>"


def _with_marks(mark: str) -> Callable[[Good], str]:
    """The second paragraph with something inserted into it."""

    def body(good: Good) -> str:
        one, two, three = (escape(text) for text in good.paragraphs)
        return f"<p>{one}</p><p>{two[:40]}{mark}{two[40:]}</p><p>{three}</p>"

    return body


def _broken(bad: bytes, times: int) -> Serve:
    """Bytes that are no UTF-8 in the second paragraph, so many times."""

    def encode(html: str) -> bytes:
        return html.encode().replace(b"<!--bad-->", (bad + b" ") * times)

    return _page(encode, body=_with_marks("<!--bad-->"))


_LEGACY: dict[str, Any] = {
    "issues": ("encoding_suspect", "broken_encoding"),
    "or_refused": True,
    "note": "converted to exactly this text, or flagged; never stored garbled without an issue",
}


def _rows() -> list[tuple[str, Serve, str, str, dict[str, Any]]]:
    utf16 = "text/html; charset=utf-16"
    old = '<meta http-equiv="Content-Type" content="text/html; charset={}">'
    middle: dict[str, Any] = {"text": None, "fragments": None}
    return [
        ("utf8-as-latin1", _page(str.encode, "text/html; charset=iso-8859-1", ""), "article", "UTF-8, header says iso-8859-1", {}),
        ("cp1258-as-utf8", _page(cp1258, HTML), "article", "windows-1258, header says utf-8", {}),
        (
            "cp1258-declared",
            _page(cp1258, "text/html; charset=windows-1258", old.format("windows-1258")),
            "article",
            "windows-1258 declared",
            {"note": "decomposed in the bytes; stored NFC"},
        ),
        ("cp1258-meta", _page(cp1258, "text/html", old.format("windows-1258")), "article", "windows-1258 declared in <meta> only", {}),
        ("utf16be-header", _page(lambda t: t.encode("utf-16-be"), utf16 + "be", ""), "article", "UTF-16BE by header", {}),
        ("utf16le-header", _page(lambda t: t.encode("utf-16-le"), utf16 + "le", ""), "article", "UTF-16LE by header, no BOM", {}),
        ("utf16le-bom", _page(lambda t: b"\xff\xfe" + t.encode("utf-16-le"), "text/html", ""), "article", "UTF-16LE with BOM", {}),
        ("tcvn3", _page(tcvn3, "text/html", ""), "article", "TCVN3 bytes", _LEGACY),
        ("tcvn3-as-utf8", _page(lambda t: tcvn3(t).decode("latin-1").encode(), HTML), "article", "TCVN3-as-UTF-8", _LEGACY),
        ("double-utf8", _page(twice, HTML), "article", "double UTF-8", _LEGACY),
        ("nfd", _page(lambda t: unicodedata.normalize("NFD", t).encode()), "article", "NFD", {"note": "stored NFC"}),
        ("invisible", _page(str.encode, body=_invisible), "article", "zero-width, soft hyphen, NBSP inside words", {}),
        ("nul", _page(str.encode, body=_with_marks("\0")), "article", "NUL", {"absent": ("\0",)}),
        (
            "escape",
            _page(str.encode, body=_with_marks("\x1b[2J\x1b[31m\x07\x9b1m")),
            "article",
            "ESC/ANSI",
            {**middle, "absent": ("\x1b", "\x07", "\x9b")},
        ),
        ("broken-utf8", _broken(b"\xff", 1), "article", "broken UTF-8, one byte", {**middle, "note": "kept as U+FFFD"}),
        ("broken-utf8-much", _broken(b"\xe1\xba", 60), "article", "broken UTF-8, > 0.1 %", {**middle, "issues": ("broken_encoding",)}),
        ("surrogates", _broken(b"\xed\xa0\xbd\xed\xb8", 2), "article", "lone surrogates", middle),
        ("jpeg", _raw(lambda h: b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(range(256)) * 20 + h), "refused", "JPEG as text/html", {}),
        ("pdf", _raw(lambda h: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + h), "refused", "PDF as text/html", {}),
    ]


def sites() -> list[Site]:
    """``enc``."""
    faults = []
    for name, serve, expect, row, rest in _rows():
        good = _goods.make(name)
        options = dict(rest)
        if "fragments" in options:  # the second paragraph is spoiled, its neighbours are not
            options["fragments"] = (good.paragraphs[0], good.paragraphs[2])
        if expect == "refused":
            options["issues"] = ("not_html",)
        faults.append(page_fault("enc", f"2.4 {row}", good, serve, expect, **options))
    return [Site("enc", tuple(faults), tuple(_goods.make("doi-chung") for _ in range(5)))]
