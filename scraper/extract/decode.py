"""From the bytes as received to text: Content-Encoding with its end and checksum verified, then the charset.

Evidence for the rules: servers that declare iso-8859-1 and send UTF-8 are common on IIS, so bytes that are valid UTF-8
are UTF-8 whatever the header says; a gzip body cut in the middle is otherwise delivered as if it were whole.
"""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import replace

import brotli
import zstandard

from scraper.extract.legacy import decode_by_words
from scraper.items import Capture

MAX_BODY = 8 * 1024 * 1024
"""Bytes after decompression; a news page is under 1 MiB, a bomb of 32 kB unpacks to 1 GiB."""

_CHUNK = 1 << 16
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.I)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.I)
# Codecs that decode some bytes and raise on others.
_NO_CHARSETS = frozenset(["idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"])
_LOOKED_AT = 256
"""Bytes from which UTF-16 is told where nothing says so."""
_CODINGS = frozenset(["gzip", "x-gzip", "deflate", "br", "zstd"])
# How markup begins, and how a document of it ends: what is packed has neither.
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|html|head|rss|feed|urlset|sitemapindex)\b", re.I)
_END = re.compile(rb"</(?:html|rss|feed|urlset|sitemapindex|rdf:rdf)\s*>", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Damaged(ValueError):
    """The body is not whole: cut, corrupt, larger than the cap, or in an encoding we cannot undo."""

    problem_kind = "damaged"


def decode_body(capture: Capture) -> bytes:
    """Undo Content-Encoding, also stacked; raise :class:`Damaged` unless the stream ends as it should.

    We ask for gzip and deflate; brotli and zstd are in the files of crawlers that keep what a browser was sent.
    """
    body = capture.body
    encodings = [part.strip().lower() for part in (capture.header("Content-Encoding") or "").split(",")]
    for encoding in reversed([part for part in encodings if part not in ("", "identity")]):
        if not body:
            break
        if encoding in ("gzip", "x-gzip"):
            body = _inflate(body, (zlib.MAX_WBITS | 16,), encoding)
        elif encoding == "deflate":
            body = _inflate(body, (zlib.MAX_WBITS, -zlib.MAX_WBITS), encoding)
        elif encoding == "br":
            body = _unbrotli(body)
        elif encoding == "zstd":
            body = _unzstd(body)
        else:
            raise Damaged(f"Content-Encoding {encoding!r} was not asked for and cannot be undone")
    if len(body) > MAX_BODY:
        raise Damaged(f"body of {len(body)} bytes is over the cap of {MAX_BODY}")
    return body


def decode_kept(capture: Capture) -> bytes:
    """The same of a capture that others may have made: a body that was stored unpacked is taken as it is."""
    return decode_body(replace(capture, headers=()) if is_unpacked(capture) else capture)


def is_unpacked(capture: Capture) -> bool:
    """Whether a body is markup though its header says it is packed: recorders behind a browser or proxy store what that had unpacked.

    No checksum tells that it is whole, and such a proxy may leave the length that the packed body had: so its last tag must be there.
    """
    coded = {part.strip().lower() for part in (capture.header("Content-Encoding") or "").split(",")} & _CODINGS
    return bool(coded) and _BEGINNING.match(capture.body) is not None and _END.search(capture.body) is not None


def _inflate(data: bytes, windows: tuple[int, ...], name: str) -> bytes:
    failure: zlib.error | None = None
    for window in windows:
        try:
            return _inflate_members(data, window, name)
        except zlib.error as error:
            failure = error
    raise Damaged(f"{name} body is corrupt: {failure}")


def _inflate_members(data: bytes, window: int, name: str) -> bytes:
    out = bytearray()
    while data:
        stream = zlib.decompressobj(window)
        out += stream.decompress(data, MAX_BODY + 1 - len(out))
        if len(out) > MAX_BODY:
            raise Damaged(f"{name} body unpacks to more than {MAX_BODY} bytes")
        if not stream.eof:
            raise Damaged(f"{name} body is cut: {len(out)} bytes came out and the end marker is missing")
        data = stream.unused_data
        if not data.startswith(b"\x1f\x8b"):  # trailing padding after the last gzip member is legal
            break
    return bytes(out)


def _unbrotli(data: bytes) -> bytes:
    stream = brotli.Decompressor()
    out = bytearray()
    try:
        while not stream.is_finished():
            part = stream.process(data, output_buffer_limit=_CHUNK)
            data = b""
            out += part
            if len(out) > MAX_BODY:
                raise Damaged(f"br body unpacks to more than {MAX_BODY} bytes")
            if not part and stream.can_accept_more_data():
                raise Damaged(f"br body is cut: {len(out)} bytes came out and the end marker is missing")
    except brotli.error as error:
        raise Damaged(f"br body is corrupt: {error}") from error
    return bytes(out)


def _unzstd(data: bytes) -> bytes:
    unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_BODY)
    try:
        with unpacker.stream_reader(data) as stream:
            out = stream.read(MAX_BODY + 1)
        if len(out) > MAX_BODY:
            raise Damaged(f"zstd body unpacks to more than {MAX_BODY} bytes")
        whole = unpacker.decompressobj()
        whole.decompress(data)
    except zstandard.ZstdError as error:
        raise Damaged(f"zstd body is corrupt: {error}") from error
    if not whole.eof:
        raise Damaged(f"zstd body is cut: {len(out)} bytes came out and the end marker is missing")
    return out


def to_text(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Decode a document; returns the text and the name of the encoding used. Never raises: broken bytes become U+FFFD.

    Order: byte-order mark, UTF-16 by its zero bytes, UTF-8 if the bytes are valid UTF-8, the charset of the header, that of
    <meta>; then whichever of damaged UTF-8, cp1258 and TCVN3 gives most Vietnamese words; UTF-8 when only a few bytes are
    broken; cp1252.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace"), name
    header = _HEADER_CHARSET.search(content_type or "")
    if header and (_known(header[1]) or "").startswith("utf-16"):
        return body.decode(header[1], "replace"), header[1].lower()
    wide = _utf_16(body[:_LOOKED_AT])
    if wide:
        return body.decode(wide, "replace"), wide
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    meta = _META_CHARSET.search(body[:4096])
    for declared in (header[1] if header else None, meta[1].decode("ascii") if meta else None):
        charset = _known(declared)
        if charset and charset not in ("utf-8", "cp1252", "iso8859-1", "ascii"):
            return body.decode(charset, "replace"), charset
    by_words = decode_by_words(body)
    if by_words:
        return by_words
    broken = body.decode("utf-8", "replace")
    damaged = broken.count("\ufffd") < max(10, len(broken) // 100)
    return (broken, "utf-8") if damaged else (body.decode("cp1252", "replace"), "cp1252")


def _utf_16(head: bytes) -> str | None:
    """The kind of UTF-16 that markup begins in: most of its letters are ASCII, each beside a zero byte, and always on the same side."""
    for name, letters, beside in (("utf-16-le", head[::2], head[1::2]), ("utf-16-be", head[1::2], head[::2])):
        if 0 not in letters and beside.count(0) > max(3, len(beside) // 2):
            return name
    return None


def to_utf8(body: bytes, content_type: str | None = None) -> tuple[bytes, str]:
    """What :func:`to_text` gives, in UTF-8: in bytes things are counted and found three times as fast."""
    text, encoding = to_text(body, content_type)
    as_it_came = encoding == "utf-8" and "\ufffd" not in text
    return (body if as_it_came else text.encode("utf-8", "replace")), encoding  # half a surrogate pair is no character


def _known(charset: str | None) -> str | None:
    if not charset:
        return None
    try:
        name = codecs.lookup(charset).name
        b"abcd".decode(name)
    except (LookupError, UnicodeError):  # unknown, or one of Python's codecs that is no charset (hex, zlib …)
        return None
    return None if name in _NO_CHARSETS else name
