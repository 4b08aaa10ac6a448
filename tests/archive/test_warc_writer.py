"""Records go in and come out byte for byte, and other readers read them."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from scraper.archive.warc_reader import read_capture, read_records
from scraper.archive.warc_writer import append, build_record, build_revisit, warcinfo_record
from tests.archive.records import AGENT, HTML, capture, noise, sha256, written

# Round trips

BODIES = {
    "empty": b"",
    "text": "Hội khuyến học\r\n\r\nxã".encode(),
    "binary": noise(70_000),
    "gzip": gzip.compress(b"x" * 50_000 + noise(5_000), mtime=0),
    "looks like WARC": b"\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n",
    "looks like gzip members": gzip.compress(b"a") + gzip.compress(b"b") + b"\x1f\x8b",
    "looks chunked": b"5\r\nhello\r\n0\r\n\r\n",
    "all bytes": bytes(range(256)) * 40,
    "line ends": b"\r\n\r\n\n\r\r\n",
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_come_back_byte_for_byte(tmp_path: Path, name: str) -> None:
    wanted = capture(body=BODIES[name], headers=(HTML, ("Content-Encoding", "gzip"), ("Content-Length", str(len(BODIES[name])))))
    record = build_record(wanted, AGENT)
    path = written(tmp_path / "a.warc.gz", record)
    (stored,) = read_records(path)
    assert stored.capture == wanted
    assert read_capture(path, stored.offset) == wanted
    assert stored.payload_digest == record.payload_digest == sha256(BODIES[name])
    assert (stored.offset, stored.length) == (record.response_at, len(record.data) - record.response_at)
    assert stored.record_id == record.record_id
    assert stored.kind == "response"


HEADER_SETS = {
    "none": (),
    "repeated": (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2; path=/")),
    "case kept": (("x-ODD-Name", "1"), ("X-Odd-Name", "2")),
    "empty value": (("X-Empty", ""), HTML),
    "colons": (("X", "a: b: c"), ("Date", "Sun, 11 Dec 2022 07:47:00 GMT")),
    "long": (("X-Long", "v" * 9_000),),
    "quotes": (("ETag", 'W/"abc\\"d"'),),
}


@pytest.mark.parametrize("name", HEADER_SETS)
def test_headers_come_back(tmp_path: Path, name: str) -> None:
    wanted = capture(headers=HEADER_SETS[name])
    (stored,) = read_records(written(tmp_path / "a.warc.gz", build_record(wanted, AGENT)))
    assert stored.capture == wanted


@pytest.mark.parametrize("value", ["/tệp/kế-hoạch.pdf".encode(), '"été"'.encode("latin-1"), "à là".encode(), b"\x80\xff"])
def test_headers_that_are_not_ascii_are_stored_as_received(tmp_path: Path, value: bytes) -> None:
    wanted = capture(headers=(("Location", value.decode("latin-1")),))
    path = written(tmp_path / "a.warc.gz", build_record(wanted, AGENT))
    (stored,) = read_records(path)
    assert stored.capture == wanted
    assert b"\r\nLocation: " + value + b"\r\n" in gzip.decompress(path.read_bytes())


def test_a_header_cannot_make_another(tmp_path: Path) -> None:
    (stored,) = read_records(written(tmp_path / "a.warc.gz", build_record(capture(headers=(("X", "a\r\nX-Injected: 1"),)), AGENT)))
    assert stored.capture is not None
    assert stored.capture.header("X-Injected") is None


def test_an_address_with_vietnamese_letters(tmp_path: Path) -> None:
    wanted = capture(url="http://a.gov.vn/tin-tức?trang=một")
    (stored,) = read_records(written(tmp_path / "a.warc.gz", build_record(wanted, AGENT)))
    assert stored.capture == wanted


@pytest.mark.parametrize("status", [200, 204, 301, 302, 304, 403, 404, 410, 429, 500, 503, 599])
def test_every_status(tmp_path: Path, status: int) -> None:
    wanted = capture(status=status, body=b"" if status in (204, 304) else b"page")
    (stored,) = read_records(written(tmp_path / "a.warc.gz", build_record(wanted, AGENT)))
    assert stored.capture == wanted


def test_the_transfer_coding_is_not_told(tmp_path: Path) -> None:
    """The body is stored without it; a reader that saw the header would look for chunks."""
    wanted = capture(body=b"abc", headers=(HTML, ("Transfer-Encoding", "chunked"), ("Connection", "keep-alive")))
    (stored,) = read_records(written(tmp_path / "a.warc.gz", build_record(wanted, AGENT)))
    assert stored.capture is not None
    assert stored.capture.headers == (HTML,)
    assert stored.capture.body == b"abc"


TOKENS = st.text("abcXYZ-0189", min_size=1, max_size=12).filter(lambda name: name.lower() not in ("transfer-encoding", "connection"))
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    bodies=st.lists(st.binary(max_size=400), min_size=1, max_size=5),
    headers=st.lists(st.tuples(TOKENS, VALUES), max_size=4),
    status=st.sampled_from((200, 404, 503)),
    path=st.text("abc/%2Fé"[:7] + "?=&-", max_size=20),
)
def test_any_records_come_back(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes], headers: list[tuple[str, str]], status: int, path: str
) -> None:
    file = tmp_path_factory.mktemp("r") / "a.warc.gz"
    wanted = [capture(number, body, tuple(headers), status=status, url=f"http://a.gov.vn/{path}") for number, body in enumerate(bodies, 1)]
    records = [build_record(one, AGENT) for one in wanted]
    stored = list(read_records(written(file, *records, head=warcinfo_record("a.warc.gz", "thu"))))
    assert [one.capture for one in stored] == wanted
    data = file.read_bytes()
    for one, body in zip(stored, bodies, strict=True):
        member = data[one.offset : one.offset + one.length]
        assert gzip.decompress(member).startswith(b"WARC/1.1\r\n")
        assert one.payload_digest == sha256(body)


# Other readers


def test_warcio_reads_all_and_finds_the_digests_right(tmp_path: Path) -> None:
    records = [build_record(capture(number, body), AGENT) for number, body in enumerate(BODIES.values(), 1)]
    revisit = build_revisit(capture(40, b"", status=304), AGENT, ("http://a.gov.vn/bai-1", "2024-01-01T00:00:01Z"), sha256(b""))
    path = written(tmp_path / "a.warc.gz", *records, revisit, head=warcinfo_record("a.warc.gz", "thu"))
    kinds = []
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            kinds.append(record.rec_type)
            record.content_stream().read()
    assert kinds == ["warcinfo", *["request", "response"] * len(BODIES), "request", "revisit"]


def test_requests_stand_before_their_responses(tmp_path: Path) -> None:
    record = build_record(capture(url="http://a.gov.vn/tin?x=1&y=2"), AGENT)
    with written(tmp_path / "a.warc.gz", record).open("rb") as stream:
        request, response = ((one.rec_headers, one.http_headers) for one in ArchiveIterator(stream))
    assert request[0].get_header("WARC-Concurrent-To") == response[0].get_header("WARC-Record-ID") == record.record_id
    assert request[0].get_header("WARC-Date") == response[0].get_header("WARC-Date") == "2024-01-01T00:00:01Z"
    assert request[1].get_header("User-Agent") == AGENT[0][1]
    assert (request[1].protocol, request[1].statusline) == ("GET", "/tin?x=1&y=2 HTTP/1.1")


@pytest.mark.parametrize(("url", "line"), [("http://a.gov.vn", "/ HTTP/1.1"), ("http://a.gov.vn/", "/ HTTP/1.1")])
def test_the_request_line_of_a_home_page(tmp_path: Path, url: str, line: str) -> None:
    with written(tmp_path / "a.warc.gz", build_record(capture(url=url), AGENT)).open("rb") as stream:
        assert next(ArchiveIterator(stream)).http_headers.statusline == line


@pytest.mark.parametrize("digest", [sha256(b"old"), ""], ids=["known", "not known"])
def test_a_confirmation_is_a_revisit(tmp_path: Path, digest: str) -> None:
    refers_to = ("http://a.gov.vn/bai-1", "2024-01-01T00:00:01Z")
    answer = capture(9, b"", headers=(("ETag", '"1"'),), status=304)
    record = build_revisit(answer, AGENT, refers_to, digest)
    path = written(tmp_path / "a.warc.gz", record)
    (stored,) = read_records(path)
    assert (stored.kind, record.kind) == ("revisit", "revisit")
    assert stored.payload_digest == record.payload_digest == digest
    assert (stored.offset, stored.length) == (record.response_at, len(record.data) - record.response_at)
    with path.open("rb") as stream:
        headers = [one.rec_headers for one in ArchiveIterator(stream)][1]
    assert headers.get_header("WARC-Refers-To-Target-URI") == refers_to[0]
    assert headers.get_header("WARC-Refers-To-Date") == refers_to[1]
    assert headers.get_header("WARC-Profile").endswith("/revisit/server-not-modified")
    assert headers.get_header("WARC-Payload-Digest") == (digest or None)


# Appending


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    opened = os.open(tmp_path / "segment", os.O_RDWR | os.O_CREAT)
    os.pwrite(opened, b"committed", 0)
    yield opened
    os.close(opened)


def contents(descriptor: int) -> bytes:
    return os.pread(descriptor, 1_000_000, 0)


def test_append_goes_to_the_known_end(descriptor: int) -> None:
    assert append(descriptor, 9, b" and more") == 18
    assert contents(descriptor) == b"committed and more"


def test_an_uncommitted_tail_is_overwritten(descriptor: int) -> None:
    append(descriptor, 9, b"x")
    assert append(descriptor, 9, b"y") == 10
    assert contents(descriptor) == b"committedy"


@pytest.mark.parametrize("failing", ["pwrite", "short pwrite", "fdatasync"])
def test_a_failed_append_leaves_the_file_as_it_was(descriptor: int, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    real = os.pwrite

    def refuse(*arguments: Any) -> int:
        raise OSError(5, "Input/output error")

    def half(target: int, data: bytes, place: int) -> int:
        return real(target, data[: len(data) // 2], place)

    name, fake = {"pwrite": ("pwrite", refuse), "short pwrite": ("pwrite", half), "fdatasync": ("fdatasync", refuse)}[failing]
    with monkeypatch.context() as patch:
        patch.setattr(os, name, fake)
        with pytest.raises(OSError, match=r"only 4 of 9|Input/output"):
            append(descriptor, 9, b" and more")
    assert contents(descriptor) == b"committed"
    assert append(descriptor, 9, b"!") == 10


def test_members_are_gzip_of_their_own() -> None:
    record = build_record(capture(body=b"abc"), AGENT)
    for member in (record.data[: record.response_at], record.data[record.response_at :]):
        stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        assert stream.decompress(member).endswith(b"\r\n\r\n")
        assert stream.eof
        assert stream.unused_data == b""
