"""§2.2 Network and HTTP: answers that hang, break off, lie about themselves or are none."""

from __future__ import annotations

import asyncio
import gzip
import struct
import zlib

from . import markup
from .model import Fault, Series, Serve
from .site import Site, page_fault
from .wire import HTML, Exchange, head

_goods = Series(41001)
_slow_goods = Series(41201)


def _page(exchange: Exchange) -> bytes:
    """The good article that this fault spoils."""
    good = exchange.site.faulty[exchange.path].good
    assert good is not None
    return markup.article(good).encode()


def _length(data: bytes) -> tuple[str, str]:
    return "Content-Length", str(len(data))


def _zipped(exchange: Exchange) -> bytes:
    return gzip.compress(_page(exchange), 6, mtime=0)


async def _hang(x: Exchange) -> None:
    await x.hang()


async def _drip(x: Exchange, data: bytes) -> None:
    x.close = True
    for position in range(len(data)):
        await x.send(data[position : position + 1])
        await asyncio.sleep(1)


async def _drip_header(x: Exchange) -> None:
    await _drip(x, head(200, [(f"X-{number}", "y" * 20) for number in range(100)]))


async def _drip_body(x: Exchange) -> None:
    await x.send(head(200, [_length(_page(x))]))
    await _drip(x, _page(x))


async def _endless_headers(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
    await x.pour(b"X-Endless: " + b"e" * 1000 + b"\r\n", 10**9, pause=0.002)


async def _rst(x: Exchange) -> None:
    page = _page(x)
    await x.send(head(200, [_length(page)]) + page[: len(page) // 2])
    await x.reset()


async def _fin(x: Exchange) -> None:
    page = _page(x)
    await x.send(head(200, [_length(page)]) + page[: len(page) // 2])
    x.close = True


async def _chunked_cut(x: Exchange) -> None:
    page = _page(x)
    half = page[: len(page) // 2]
    await x.send(head(200, [("Transfer-Encoding", "chunked")]) + b"%x\r\n%s\r\n" % (len(half), half))
    x.close = True


async def _gzip(x: Exchange, data: bytes, encoding: str = "gzip") -> None:
    await x.send(head(200, [("Content-Encoding", encoding), _length(data)]) + data)


async def _gzip_cut(x: Exchange) -> None:
    # Stored blocks, so that the half that arrives holds readable paragraphs.
    data = gzip.compress(_page(x), 0, mtime=0)
    await _gzip(x, data[: len(data) * 2 // 3])


async def _gzip_crc(x: Exchange) -> None:
    page = _page(x)
    await _gzip(x, _zipped(x)[:-8] + struct.pack("<II", zlib.crc32(page) ^ 0xFFFF, len(page)))


async def _gzip_plain(x: Exchange) -> None:
    await _gzip(x, _page(x))


async def _gzip_twice(x: Exchange) -> None:
    await _gzip(x, gzip.compress(_zipped(x), mtime=0), "gzip, gzip")


async def _continue(x: Exchange) -> None:
    for _ in range(200):
        await x.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
    await x.reply(_page(x))


async def _many_headers(x: Exchange) -> None:
    await x.reply(_page(x), headers=[(f"X-Header-{number}", "1") for number in range(20_000)])


async def _two_lengths(x: Exchange) -> None:
    page = _page(x)
    await x.send(head(200, [("Content-Length", str(len(page) // 2)), _length(page)]) + page)
    x.close = True


async def _garbage(x: Exchange) -> None:
    await x.send(bytes(range(256)) * 16 + b"\r\n\r\n" + _page(x))
    x.close = True


async def _big_header(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Big: ")
    await x.pour(b"B" * 65536, 64)
    await x.send(b"\r\nContent-Length: %d\r\n\r\n" % len(_page(x)) + _page(x))


async def _partial(x: Exchange) -> None:
    page = _page(x)
    half = page[: len(page) * 2 // 3]
    await x.send(head(206, [("Content-Range", f"bytes 0-{len(half) - 1}/{len(page)}"), _length(half)]) + half)


def _status(status: int, kind: str | None) -> Serve:
    async def serve(x: Exchange) -> None:
        await x.send(head(status, [("Content-Length", "0")] if status == 200 else (), kind))

    return serve


async def _cookies(x: Exchange) -> None:
    await x.reply(_page(x), headers=[("Set-Cookie", f"bomb{number}={'c' * 3800}; Path=/") for number in range(180)])


_ROWS: tuple[tuple[str, Serve, str, str, dict[str, object]], ...] = (
    ("rst-mid-body", _rst, "retry_later", "RST mid-body", {}),
    ("fin-mid-body", _fin, "retry_later", "FIN mid-body", {}),
    ("chunked-cut", _chunked_cut, "retry_later", "chunked cut", {}),
    ("gzip-cut", _gzip_cut, "retry_later", "gzip cut, honest Content-Length", {"issues": ("damaged",)}),
    ("gzip-bad-crc", _gzip_crc, "retry_later", "gzip bad CRC", {"issues": ("damaged",)}),
    (
        "gzip-on-plain",
        _gzip_plain,
        "retry_later",
        "Content-Encoding: gzip on plain HTML",
        {"issues": ("damaged",), "note": "or stored as the article after one retry with Accept-Encoding: identity"},
    ),
    ("gzip-twice", _gzip_twice, "article", "gzip twice", {}),
    ("continue-20000", _continue, "article", "100-continue × 20,000", {"or_refused": True}),
    ("headers-20000", _many_headers, "article", "20,000 headers", {"or_refused": True, "note": "survive; refusing it is as good"}),
    ("two-content-lengths", _two_lengths, "refused", "duplicate Content-Length", {"note": "they differ"}),
    ("garbage", _garbage, "refused", "garbage", {"note": "no status line, then a good page"}),
    ("header-4mb", _big_header, "refused", "4 MB header", {}),
    ("status-206", _partial, "refused", "206 unasked", {"note": "two thirds of the article; retry later is right too"}),
    ("status-200-empty", _status(200, HTML), "refused", "200 empty", {"issues": ("empty_page",)}),
    ("status-204", _status(204, None), "refused", "204", {}),
    ("status-304", _status(304, None), "refused", "304 unasked", {"note": "there is no stored body: repeat unconditionally, later"}),
    ("cookie-bomb", _cookies, "article", "cookie bomb", {"note": "180 cookies of 3.8 kB; no later request may carry a Cookie header"}),
)
_SLOW: tuple[tuple[str, Serve, str], ...] = (
    ("hang", _hang, "hang"),
    ("drip-header", _drip_header, "drip headers: a byte a second"),
    ("drip-body", _drip_body, "drip body: a byte a second"),
    ("endless-headers", _endless_headers, "endless headers, 500 kB a second"),
)


def _faults() -> tuple[Fault, ...]:
    return tuple(page_fault("net", f"2.2 {row}", _goods.make(name), serve, expect, **rest) for name, serve, expect, row, rest in _ROWS)


def _slow_faults() -> tuple[Fault, ...]:
    return tuple(
        page_fault("slow", f"2.2 {row}", _slow_goods.make(name), serve, "retry_later", slow=True, max_requests=3)
        for name, serve, row in _SLOW
    )


def sites() -> list[Site]:
    """``net``: quick faults; ``slow``: each lasts as long as the client lets it."""
    return [
        Site("net", _faults(), tuple(_goods.make("doi-chung") for _ in range(5))),
        Site("slow", _slow_faults(), tuple(_slow_goods.make("doi-chung") for _ in range(2))),
    ]
