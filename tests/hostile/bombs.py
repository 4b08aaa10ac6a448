"""§2.2 Bombs: a gibibyte out of a few kilobytes, or simply a gibibyte. Nothing is held in memory but one block.

After a full flush the compressor starts anew on a byte boundary, so the compressed form of one block can be sent as often as
one likes. zstd is written by hand (RLE blocks); brotli needs its library and is left out without it.
"""

from __future__ import annotations

import asyncio
import gzip
import struct
import zlib
from functools import cache
from typing import Any

from . import markup
from .model import Series, Serve
from .site import Site, page_fault
from .wire import Exchange, head

try:
    import brotli  # type: ignore[import-untyped, unused-ignore]
except ImportError:
    brotli = None

_goods = Series(42001)
MIB = 1 << 20
SIZE = 1 << 30
_TIMES = SIZE // MIB
_BLOCK = b"\n" * MIB


def _front(exchange: Exchange) -> bytes:
    """What stands before the gibibyte: a whole good article, so that cutting the bomb short would look like success."""
    good = exchange.site.faulty[exchange.path].good
    assert good is not None
    return markup.article(good).encode()


def deflated(front: bytes) -> tuple[bytes, bytes, bytes]:
    """Raw deflate of ``front`` and then newlines: start, the repeatable block of 1 MiB, end."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    start = squeeze.compress(front) + squeeze.flush(zlib.Z_FULL_FLUSH)
    block = squeeze.compress(_BLOCK) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return start, block, squeeze.flush(zlib.Z_FINISH)


@cache
def _checksums(front: bytes) -> tuple[int, int]:
    crc, adler = zlib.crc32(front), zlib.adler32(front)
    for _ in range(_TIMES):
        crc, adler = zlib.crc32(_BLOCK, crc), zlib.adler32(_BLOCK, adler)
    return crc, adler


async def _gzip(x: Exchange) -> None:
    front = _front(x)
    start, block, end = deflated(front)
    await x.send(head(200, [("Content-Encoding", "gzip")]) + b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + start)
    await x.pour(block, _TIMES)
    crc, _ = await asyncio.to_thread(_checksums, front)
    await x.send(end + struct.pack("<II", crc, (len(front) + SIZE) & 0xFFFFFFFF))


async def _deflate(x: Exchange) -> None:
    front = _front(x)
    start, block, end = deflated(front)
    await x.send(head(200, [("Content-Encoding", "deflate")]) + b"\x78\xda" + start)
    await x.pour(block, _TIMES)
    _, adler = await asyncio.to_thread(_checksums, front)
    await x.send(end + struct.pack(">I", adler))


async def _gzip_gzip(x: Exchange) -> None:
    front = _front(x)
    crc, _ = await asyncio.to_thread(_checksums, front)
    start, block, end = deflated(front)
    inner = b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + start + block * _TIMES + end + struct.pack("<II", crc, (len(front) + SIZE) & 0xFFFFFFFF)
    await x.reply(await asyncio.to_thread(gzip.compress, inner, 9, mtime=0), headers=[("Content-Encoding", "gzip, gzip")])


def zstd_bomb(front: bytes, size: int = SIZE) -> bytes:
    """One frame: a window of 128 KiB, ``front`` as raw blocks, then RLE blocks of newlines; 4 bytes for each 128 KiB."""
    most = 1 << 17
    out = [b"\x28\xb5\x2f\xfd\x00\x38"]
    out += [struct.pack("<I", len(front[i : i + most]) << 3)[:3] + front[i : i + most] for i in range(0, len(front), most)]
    full = struct.pack("<I", most << 3 | 2)[:3] + b"\n"
    out.append(full * (size // most - 1))
    out.append(struct.pack("<I", most << 3 | 2 | 1)[:3] + b"\n")
    return b"".join(out)


async def _zstd(x: Exchange) -> None:
    await x.reply(zstd_bomb(_front(x)), headers=[("Content-Encoding", "zstd")])


@cache
def _brotli_bomb(front: bytes) -> bytes:
    squeeze = brotli.Compressor(quality=3)
    out = [squeeze.process(front)]
    out += [squeeze.process(_BLOCK) for _ in range(_TIMES)]
    return b"".join([*out, squeeze.finish()])


async def _brotli(x: Exchange) -> None:
    await x.reply(await asyncio.to_thread(_brotli_bomb, _front(x)), headers=[("Content-Encoding", "br")])


async def _endless_body(x: Exchange) -> None:
    await x.send(head(200) + _front(x))
    await x.pour(b"\n" * 65536, SIZE // 65536)


async def _long_body(x: Exchange) -> None:
    front = _front(x)
    await x.send(head(200, [("Content-Length", str(SIZE + len(front)))]) + front)
    await x.pour(b"\n" * 65536, SIZE // 65536)


async def _chunked_body(x: Exchange) -> None:
    front = _front(x)
    await x.send(head(200, [("Transfer-Encoding", "chunked")]) + b"%x\r\n%s\r\n" % (len(front), front))
    await x.pour(b"10000\r\n" + b"\n" * 65536 + b"\r\n", SIZE // 65536)
    await x.send(b"0\r\n\r\n")


_ROWS: tuple[tuple[str, Serve, str, dict[str, Any]], ...] = (
    ("gzip-bomb", _gzip, "gzip bomb: 1 MB → 1 GiB", {}),
    ("deflate-bomb", _deflate, "deflate bomb: 1 MB → 1 GiB", {}),
    ("gzip-gzip-bomb", _gzip_gzip, "gzip bomb, twice: a few kB → 1 MB → 1 GiB", {}),
    ("zstd-bomb", _zstd, "zstd bomb: 34 kB → 1 GiB", {"note": "not asked for in Accept-Encoding: refusing the encoding is right"}),
    ("brotli-bomb", _brotli, "br bomb: a few kB → 1 GiB", {"note": "not asked for in Accept-Encoding: refusing the encoding is right"}),
    ("body-1gb-no-length", _endless_body, "1 GB body without length", {}),
    ("body-1gb-length", _long_body, "1 GB body with length", {"note": "can be refused by its Content-Length alone"}),
    ("body-1gb-chunked", _chunked_body, "1 GB body, chunked", {}),
)


def sites() -> list[Site]:
    """``bombs``."""
    rows = [row for row in _ROWS if brotli is not None or row[0] != "brotli-bomb"]
    faults = tuple(page_fault("bombs", f"2.2 {row}", _goods.make(name), serve, "capped", **rest) for name, serve, row, rest in rows)
    return [Site("bombs", faults, tuple(_goods.make("doi-chung") for _ in range(3)))]
