"""Bytes to text: whole bodies only, and Vietnamese in whatever encoding a server says or does not say."""

from __future__ import annotations

import gzip
import unicodedata
import zlib

import brotli
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.extract.decode import MAX_BODY, Damaged, decode_body, decode_kept, to_text
from scraper.extract.text import clean, legacy_suspect
from scraper.items import Capture

ARTICLE = "Hội Khuyến học huyện Thạch An trao thưởng cho học sinh giỏi; mỗi suất quà trị giá 500.000 đồng. " * 3
HTML = f"<html><body><p>{ARTICLE}</p></body></html>"


def capture(body: bytes, encoding: str | None = None) -> Capture:
    headers = (("Content-Encoding", encoding),) if encoding is not None else ()
    return Capture("http://a.vn/1", "2024-01-01T00:00:00Z", 200, headers, body)


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


PLAIN = HTML.encode()
CODED = {
    "none": (PLAIN, None),
    "identity": (PLAIN, "identity"),
    "empty value": (PLAIN, ""),
    "gzip": (gzip.compress(PLAIN), "gzip"),
    "x-gzip in capitals": (gzip.compress(PLAIN), "X-GZIP"),
    "two members": (gzip.compress(PLAIN[:50]) + gzip.compress(PLAIN[50:]), "gzip"),
    "padding after": (gzip.compress(PLAIN) + bytes(64), "gzip"),
    "deflate with header": (zlib.compress(PLAIN), "deflate"),
    "deflate without": (raw_deflate(PLAIN), "deflate"),
    "stacked": (gzip.compress(zlib.compress(PLAIN)), "deflate, gzip"),
    "gzip of gzip": (gzip.compress(gzip.compress(PLAIN)), "gzip, gzip"),
    "brotli": (brotli.compress(PLAIN), "br"),
    "zstd": (zstandard.ZstdCompressor(write_checksum=True).compress(PLAIN), "zstd"),
    "zstd without its size": (zstandard.ZstdCompressor(write_content_size=False).compress(PLAIN), "zstd"),
    "brotli of gzip": (brotli.compress(gzip.compress(PLAIN)), "gzip, br"),
}


@pytest.mark.parametrize("name", CODED)
def test_content_encodings(name: str) -> None:
    assert decode_body(capture(*CODED[name])) == PLAIN


@pytest.mark.parametrize("encoding", [None, "gzip", "deflate", "br", "zstd"])
def test_an_empty_body_is_empty(encoding: str | None) -> None:
    assert decode_body(capture(b"", encoding)) == b""


@settings(deadline=None, max_examples=60)
@given(cut=st.integers(1, 100))
def test_a_cut_gzip_body_is_never_taken_for_whole(cut: int) -> None:
    body = gzip.compress(PLAIN)
    with pytest.raises(Damaged):
        decode_body(capture(body[: max(1, len(body) - cut)], "gzip"))


@pytest.mark.parametrize("where", [-1, -5, 30])
def test_a_flipped_bit_is_noticed(where: int) -> None:
    body = bytearray(gzip.compress(PLAIN))
    body[where] ^= 1
    with pytest.raises(Damaged):
        decode_body(capture(bytes(body), "gzip"))


@pytest.mark.parametrize("encoding", ["compress", "dcb", "gzip, aes128gcm"])
def test_an_encoding_nobody_asked_for(encoding: str) -> None:
    with pytest.raises(Damaged, match="was not asked for"):
        decode_body(capture(gzip.compress(PLAIN), encoding))


PACK = {"br": brotli.compress, "zstd": zstandard.ZstdCompressor(write_checksum=True).compress}


@pytest.mark.parametrize("encoding", PACK)
@settings(deadline=None, max_examples=60)
@given(cut=st.integers(1, 100))
def test_a_cut_or_foreign_body_is_never_taken_for_whole(encoding: str, cut: int) -> None:
    body = PACK[encoding](PLAIN)
    with pytest.raises(Damaged, match=encoding):
        decode_body(capture(body[: max(1, len(body) - cut)], encoding))
    with pytest.raises(Damaged, match=encoding):
        decode_body(capture(PLAIN, encoding))


@pytest.mark.parametrize("encoding", PACK)
def test_bombs_of_other_packers_are_refused(encoding: str) -> None:
    with pytest.raises(Damaged, match="more than 8388608 bytes"):
        decode_body(capture(PACK[encoding](bytes(MAX_BODY * 8)), encoding))
    assert len(decode_body(capture(PACK[encoding](bytes(MAX_BODY)), encoding))) == MAX_BODY


def test_what_is_no_gzip_and_says_so() -> None:
    with pytest.raises(Damaged, match="gzip body is corrupt"):
        decode_body(capture(PLAIN, "gzip"))


FEED = b'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Tin</title></channel></rss>\n'
STORED = {
    "a page": (PLAIN, "gzip"),
    "with its type": (b"\xef\xbb\xbf\r\n<!DOCTYPE html>" + PLAIN, "br"),
    "a feed": (FEED, "gzip, deflate"),
    "packed, as told": (gzip.compress(PLAIN), "gzip"),
    "not told to be packed": (PLAIN[:80], "identity"),
}
NOT_WHOLE = {
    "a page without its end": (PLAIN[:80], "gzip"),
    "packed and cut": (gzip.compress(PLAIN)[:-9], "gzip"),
    "no markup": (b"khuy\xe1\xba\xbfn h\xe1\xbb\x8dc </html>", "gzip"),
    "a coding nobody knows": (PLAIN, "aes128gcm"),
    "over the cap": (b"<html>" + bytes(MAX_BODY) + b"</html>", "gzip"),
}


@pytest.mark.parametrize("name", STORED)
def test_what_its_recorder_unpacked_is_read_as_it_is(name: str) -> None:
    body, encoding = STORED[name]
    assert decode_kept(capture(body, encoding)) == (PLAIN if name.startswith("packed") else body)


@pytest.mark.parametrize("name", NOT_WHOLE)
def test_what_nothing_shows_to_be_whole_is_refused(name: str) -> None:
    with pytest.raises(Damaged):
        decode_kept(capture(*NOT_WHOLE[name]))


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_refused(layers: int) -> None:
    body = bytes(MAX_BODY + 1)
    for _ in range(layers):
        body = gzip.compress(body)
    with pytest.raises(Damaged, match="more than 8388608 bytes"):
        decode_body(capture(body, ", ".join(["gzip"] * layers)))


def test_a_large_plain_body_is_refused() -> None:
    with pytest.raises(Damaged, match="over the cap"):
        decode_body(capture(bytes(MAX_BODY + 1)))


def test_the_largest_body_passes() -> None:
    assert len(decode_body(capture(gzip.compress(bytes(MAX_BODY)), "gzip"))) == MAX_BODY


# Characters

NFD = unicodedata.normalize("NFD", HTML)


def in_1258(text: str) -> bytes:
    """Vietnamese in windows-1258: vowels of its own, tones as characters after them."""
    out = []
    for char in text:
        try:
            out.append(char.encode("cp1258"))
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tone = next((part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"), "")
            out.append((unicodedata.normalize("NFC", parts.replace(tone, "", 1)) + tone).encode("cp1258"))
    return b"".join(out)


TABLE: dict[str, tuple[bytes, str | None]] = {
    "UTF-8": (PLAIN, "text/html; charset=utf-8"),
    "UTF-8 without a word": (PLAIN, None),
    "UTF-8 called iso-8859-1": (PLAIN, "text/html; charset=iso-8859-1"),
    "UTF-8 called windows-1258": (PLAIN, "text/html; charset=windows-1258"),
    "UTF-8 called ascii": (PLAIN, "text/html; charset=us-ascii"),
    "UTF-8 called nonsense": (PLAIN, "text/html; charset=tieng-viet"),
    "UTF-8 with BOM": (b"\xef\xbb\xbf" + PLAIN, "text/html"),
    "UTF-8, <meta> says 1252": (b'<meta charset="windows-1252">' + PLAIN, None),
    "windows-1258 declared": (in_1258(HTML), "text/html; charset=windows-1258"),
    "windows-1258 in <meta>": (b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1258">' + in_1258(HTML), "text/html"),
    "windows-1258 called UTF-8": (in_1258(HTML), "text/html; charset=utf-8"),
    "windows-1258 without a word": (in_1258(HTML), None),
    "windows-1258 called iso-8859-1": (in_1258(HTML), "text/html; charset=ISO-8859-1"),
    "UTF-16BE by header": (HTML.encode("utf-16-be"), "text/html; charset=UTF-16BE"),
    "UTF-16LE by header": (HTML.encode("utf-16-le"), "text/html; charset=utf-16le"),
    "UTF-16 with BOM": (HTML.encode("utf-16"), "text/html"),
    "UTF-16LE without any sign": (HTML.encode("utf-16-le"), "text/html"),
    "UTF-16BE called UTF-8": (HTML.encode("utf-16-be"), "text/html; charset=utf-8"),
    "UTF-16BE with BOM": (b"\xfe\xff" + HTML.encode("utf-16-be"), None),
    "NFD": (NFD.encode(), "text/html; charset=utf-8"),
    "a few broken bytes": (PLAIN.replace(b"500.000", b"500\xff.000"), "text/html; charset=utf-8"),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_article_comes_out(name: str) -> None:
    text, encoding = to_text(*TABLE[name])
    assert clean(ARTICLE) in clean(text.replace("500\ufffd.000", "500.000").split("<p>")[1].split("</p>")[0]), encoding


@pytest.mark.parametrize("body", [b"", b"\0", b"\0\0\0\0", b"<p>\0</p>" * 20, "Hội Khuyến học".encode() + bytes(200)])
def test_zero_bytes_alone_are_no_utf_16(body: bytes) -> None:
    assert to_text(body) == (body.decode(), "utf-8")


@pytest.mark.parametrize("short", ["Hội Khuyến học", "Tin tức"])
def test_a_short_text_in_windows_1258(short: str) -> None:
    text, encoding = to_text(in_1258(short), "text/html; charset=windows-1258")
    assert (unicodedata.normalize("NFC", text), encoding) == (short, "cp1258")


def test_tcvn3_is_flagged() -> None:
    tcvn3 = "Héi KhuyÕn häc huyÖn Th¹ch An trao th­ëng cho häc sinh giái; mçi suÊt quµ trÞ gi¸ n¨m tr¨m ngh×n ®ång"
    text, _ = to_text(tcvn3.encode("utf-8"), "text/html; charset=utf-8")
    assert legacy_suspect(text)


def test_double_utf_8_is_flagged() -> None:
    text, _ = to_text(ARTICLE.encode().decode("latin-1").encode(), "text/html; charset=utf-8")
    assert legacy_suspect(text)


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=300))
def test_any_bytes_become_text(body: bytes) -> None:
    text, encoding = to_text(body, "text/html; charset=utf-8")
    assert isinstance(text, str)
    assert encoding


CHARSETS = (
    "utf-16foo",
    "utf-160",
    "hex",
    "base64",
    "rot13",
    "zlib",
    "undefined",
    "idna",
    "punycode",
    "unicode_escape",
    "utf-7",
    "cp037",
    "mbcs",
    "x",
)


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=60), charset=st.sampled_from(CHARSETS))
@example(body=b"\xff\xe1", charset="hex")
@example(body=b"\xe1", charset="utf-16foo")
def test_no_declared_charset_raises(body: bytes, charset: str) -> None:
    for text, _ in (to_text(body, f"text/html; charset={charset}"), to_text(f"<meta charset={charset}>".encode() + body)):
        assert isinstance(text, str)
