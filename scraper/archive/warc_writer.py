"""WARC/1.1 records that we write: built whole in memory as gzip members, appended in one write.

warcio builds the records; added here are SHA-256 digests and the durable append. The payload is stored as received (still
compressed by the portal), which is both the faithful record and the cheap one.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from scraper import __version__
from scraper.archive.packing import pack
from scraper.items import Capture, CaptureKind

SOFTWARE = f"khuyen-hoc-archive/{__version__}"
# What a WARC reader must not see on a payload that is stored without its transfer coding.
_HOP_HEADERS = frozenset({"transfer-encoding", "connection", "keep-alive"})


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio has no annotations
    """warcio's writer with SHA-256 digests (its own are SHA-1, and it replaces a digest passed in) and our packing."""

    def _create_digester(self) -> Digester:
        return Digester("sha256")

    def write_record(self, record: ArcWarcRecord, params: object = None) -> None:
        whole = BytesIO()
        self._write_warc_record(whole, record)
        self.out.write(pack(whole.getvalue()))


class _Headers(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers written byte for byte; warcio's own are percent-encoded where they are not ASCII.

    Values are as a :class:`~scraper.items.Capture` has them: a character for each byte.
    """

    def to_ascii_bytes(self, filter_func: Callable[[tuple[str, str]], tuple[str, str] | None] | None = None) -> bytes:
        return bytes(self.to_str(filter_func).encode("latin-1")) + b"\r\n"


@dataclass(frozen=True, slots=True)
class Record:
    """One response (with its request before it) ready to append: its bytes, and what the index will say of it."""

    data: bytes
    response_at: int
    record_id: str
    payload_digest: str
    kind: CaptureKind


def warcinfo_record(filename: str, source: str) -> bytes:
    """The first record of a segment: what software wrote it, for which source."""
    writer, buffer = record_writer()
    fields = {"software": SOFTWARE, "format": "WARC File Format 1.1", "isPartOf": source}
    writer.write_record(writer.create_warcinfo_record(filename, fields))
    return buffer.getvalue()


def build_record(capture: Capture, request_headers: tuple[tuple[str, str], ...]) -> Record:
    """The request and response records of one capture, as gzip members one after the other."""
    writer, buffer = record_writer()
    response = writer.create_warc_record(
        capture.url,
        "response",
        payload=BytesIO(capture.body),
        length=len(capture.body),
        http_headers=http_headers_of(capture),
        warc_headers_dict={"WARC-Date": capture.fetched_at},
    )
    return _pair(writer, buffer, capture, response, request_headers, "response")


def build_revisit(capture: Capture, request_headers: tuple[tuple[str, str], ...], refers_to: tuple[str, str], digest: str) -> Record:
    """The records of an answer that says nothing new: a 304, or the same bytes as the capture of that address and time."""
    writer, buffer = record_writer()
    response = writer.create_revisit_record(
        capture.url,
        digest,
        refers_to[0],
        refers_to[1],
        http_headers=http_headers_of(capture),
        warc_headers_dict={"WARC-Date": capture.fetched_at},
    )
    profile = "server-not-modified" if capture.status == 304 else "identical-payload-digest"
    response.rec_headers.replace_header("WARC-Profile", f"http://netpreserve.org/warc/1.1/revisit/{profile}")
    return _pair(writer, buffer, capture, response, request_headers, "revisit")


def payload_digest(body: bytes) -> str:
    """``sha256:`` and base32, as in WARC-Payload-Digest."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode("ascii")


def http_headers_of(capture: Capture) -> StatusAndHeaders:
    headers = [(name, one_line(value)) for name, value in capture.headers if name.lower() not in _HOP_HEADERS]
    return _Headers(f"{capture.status} {_REASONS.get(capture.status, '')}".strip(), headers, protocol="HTTP/1.1")


def one_line(value: str) -> str:
    """A header value that cannot begin another header."""
    return re.sub(r"[\r\n]+\s*", " ", value)


def _pair(
    writer: _Writer,
    buffer: BytesIO,
    capture: Capture,
    response: ArcWarcRecord,
    request_headers: tuple[tuple[str, str], ...],
    kind: CaptureKind,
) -> Record:
    path = quote(capture.url.split("/", 3)[3], safe="%/:?#[]@!$&'()*+,;=~-._") if capture.url.count("/") > 2 else ""
    request = writer.create_warc_record(
        capture.url,
        "request",
        http_headers=_Headers(f"GET /{path} HTTP/1.1", list(request_headers), is_http_request=True),
        warc_headers_dict={"WARC-Date": capture.fetched_at, "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")},
    )
    writer.write_record(request)
    response_at = len(buffer.getvalue())
    writer.write_record(response)
    return Record(
        buffer.getvalue(),
        response_at,
        response.rec_headers.get_header("WARC-Record-ID"),
        response.rec_headers.get_header("WARC-Payload-Digest") or "",
        kind,
    )


def record_writer() -> tuple[_Writer, BytesIO]:
    buffer = BytesIO()
    return _Writer(buffer, gzip=False, warc_version="1.1"), buffer


def append(descriptor: int, end: int, data: bytes) -> int:
    """Append at the known end of a segment in one write and make it durable; returns the new end.

    A short write or an error cuts the file back to where it was and raises OSError: nothing half written stays.
    """
    try:
        written = os.pwrite(descriptor, data, end)
        if written != len(data):
            raise OSError(28, f"only {written} of {len(data)} bytes could be written")
        os.fdatasync(descriptor)
    except OSError:
        with suppress(OSError):  # where even this fails, the next start cuts the tail
            os.ftruncate(descriptor, end)
        raise
    return end + len(data)


_REASONS = {
    200: "OK", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other",
    304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 410: "Gone", 429: "Too Many Requests", 500: "Internal Server Error",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip
