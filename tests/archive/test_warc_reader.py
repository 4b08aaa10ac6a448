"""Files that others wrote: every page in them is found, byte for byte, and what is none is named or passed over."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.archive.warc_reader import NotAWarcError, member_bytes, read_capture, read_records
from tests.archive.records import HTML, NAMED, PAGE, raw


def foreign(path: Path, write: Callable[[WARCWriter], None], *, compressed: bool = True) -> Path:
    buffer = BytesIO()
    write(WARCWriter(buffer, gzip=compressed, warc_version="1.0"))
    path.write_bytes(buffer.getvalue())
    return path


def response(writer: WARCWriter, body: bytes, headers: list[tuple[str, str]], **more: Any) -> None:
    http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record("http://a.gov.vn/x", "response", payload=BytesIO(body), length=len(body), http_headers=http, **more)
    )


@pytest.mark.parametrize("compressed", [True, False])
def test_a_file_of_another_program(tmp_path: Path, compressed: bool) -> None:
    def write(writer: WARCWriter) -> None:
        writer.write_record(writer.create_warcinfo_record("x", {"software": "khác"}))
        for number in range(3):
            response(writer, b"page %d" % number, [HTML], warc_headers_dict={"WARC-Date": f"2020-01-0{number + 1}T00:00:00.123456Z"})
        writer.write_record(writer.create_warc_record("http://a.gov.vn/m", "metadata", payload=BytesIO(b"a: b"), length=4))

    path = foreign(tmp_path / "a.warc", write, compressed=compressed)
    stored = list(read_records(path))
    assert [one.capture.body for one in stored if one.capture] == [b"page 0", b"page 1", b"page 2"]
    assert [one.capture.fetched_at for one in stored if one.capture] == [f"2020-01-0{day}T00:00:00Z" for day in (1, 2, 3)]
    with path.open("rb") as stream:
        for one in stored:
            own = tmp_path / "own.warc.gz"
            own.write_bytes(member_bytes(stream, one))
            assert read_capture(own, 0) == one.capture


def test_chunks_are_undone(tmp_path: Path) -> None:
    body = b"4\r\nHoi \r\n5\r\nkhuyx\r\n0\r\n\r\n"
    path = foreign(tmp_path / "a.warc.gz", lambda writer: response(writer, body, [HTML, ("Transfer-Encoding", "chunked")]))
    (stored,) = read_records(path)
    assert stored.capture is not None
    assert stored.capture.body == b"Hoi khuyx"


def test_chunks_that_are_told_and_not_there(tmp_path: Path) -> None:
    path = foreign(tmp_path / "a.warc.gz", lambda writer: response(writer, b"<html>page</html>", [HTML, ("Transfer-Encoding", "chunked")]))
    (stored,) = read_records(path)
    assert stored.capture is not None
    assert stored.capture.body == b"<html>page</html>"


def test_a_record_without_http_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    bare = raw("response", b"hello", "WARC-Target-URI: http://a.gov.vn/y", "WARC-Record-ID: <urn:uuid:1>", "Content-Type: text/plain")
    path.write_bytes(bare + raw("response", PAGE, *NAMED))
    stored = list(read_records(path))
    assert stored[0].capture is None
    assert stored[0].problem
    assert stored[1].capture is not None
    assert stored[1].capture.body == b"page"


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_of_one_record_without_a_capture_is_a_warc(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "a.warc"
    bare = raw("response", b"hello", "WARC-Target-URI: http://a.gov.vn/y", "WARC-Record-ID: <urn:uuid:1>", "Content-Type: text/plain")
    path.write_bytes(gzip.compress(bare) if packed else bare)
    (stored,) = read_records(path)
    assert stored.problem == "the record has no HTTP header"


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_a_file_of_the_older_kind_says_how_to_make_a_warc_of_it(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "cu.arc.gz"
    path.write_bytes(pack(b"filedesc://cu.arc 0.0.0.0 20050101000000 text/plain 76\n1 0 InternetArchive\n"))
    with pytest.raises(NotAWarcError, match=r"is an ARC file.*warcio recompress cu.arc.gz cu.warc.gz"):
        list(read_records(path))


def test_answers_of_name_servers_are_no_business_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    dns = raw("response", b"a 1 IN A", "WARC-Target-URI: dns:a.gov.vn", "WARC-Record-ID: <urn:uuid:1>", "Content-Type: text/dns")
    path.write_bytes(dns + raw("response", PAGE, *NAMED))
    (stored,) = read_records(path)
    assert stored.capture is not None
    assert stored.capture.url == "http://a.gov.vn/x"
