"""WARC/1.1 records that we write: built whole in memory as gzip members, appended in one write.

The two records of an answer are put together here, all others by warcio; its way takes a fourth more of a capture's CPU (2026-11). The
payload is stored as received (still compressed by the portal), which is both the faithful record and the cheap one.
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
from uuid import uuid4

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


def build_record(capture: Capture, request_headers: tuple[tuple[str, str], ...], digest: str | None = None) -> Record:
    """The request and response records of one capture, as gzip members one after the other; ``digest``: the body's, if it is known."""
    return _pair(capture, request_headers, "response", capture.body, digest or payload_digest(capture.body))


def build_revisit(capture: Capture, request_headers: tuple[tuple[str, str], ...], refers_to: tuple[str, str], digest: str) -> Record:
    """The records of an answer that says nothing new: a 304, or the same bytes as the capture of that address and time."""
    profile = "server-not-modified" if capture.status == 304 else "identical-payload-digest"
    refers = (
        ("WARC-Profile", f"http://netpreserve.org/warc/1.1/revisit/{profile}"),
        ("WARC-Refers-To-Target-URI", refers_to[0]),
        ("WARC-Refers-To-Date", refers_to[1]),
    )
    return _pair(capture, request_headers, "revisit", b"", digest, refers)


def payload_digest(body: bytes) -> str:
    """``sha256:`` and base32, as in WARC-Payload-Digest."""
    return "sha256:" + base64.b32encode(hashlib.sha256(body).digest()).decode("ascii")


_NO_PAYLOAD = payload_digest(b"")


def http_headers_of(capture: Capture) -> StatusAndHeaders:
    headers = [(name, one_line(value)) for name, value in capture.headers if name.lower() not in _HOP_HEADERS]
    return _Headers(f"{capture.status} {_REASONS.get(capture.status, '')}".strip(), headers, protocol="HTTP/1.1")


def one_line(value: str) -> str:
    """A header value that cannot begin another header."""
    return re.sub(r"[\r\n]+\s*", " ", value)


def _pair(
    capture: Capture,
    request_headers: tuple[tuple[str, str], ...],
    kind: CaptureKind,
    payload: bytes,
    digest: str,
    refers: tuple[tuple[str, str], ...] = (),
) -> Record:
    path = quote(capture.url.split("/", 3)[3], safe="%/:?#[]@!$&'()*+,;=~-._") if capture.url.count("/") > 2 else ""
    asked = _Headers(f"GET /{path} HTTP/1.1", list(request_headers), is_http_request=True).to_ascii_bytes()
    record_id = _record_id()
    date = ("WARC-Date", capture.fetched_at)
    concurrent = (date, ("WARC-Concurrent-To", record_id), ("WARC-Type", "request"), ("WARC-Record-ID", _record_id()))
    request = _record(capture.url, concurrent, (("WARC-Payload-Digest", _NO_PAYLOAD),), "request", asked)
    answered = http_headers_of(capture).to_ascii_bytes() + payload
    said = (date, ("WARC-Type", kind), ("WARC-Record-ID", record_id))
    response = _record(capture.url, said, (*refers, ("WARC-Payload-Digest", digest)), "response", answered)
    return Record(request + response, len(request), record_id, digest, kind)


def _record(url: str, first: tuple[tuple[str, str], ...], then: tuple[tuple[str, str], ...], message: str, block: bytes) -> bytes:
    """The gzip member of a record of HTTP: fields in the order in which warcio writes them."""
    fields = (
        *first,
        ("WARC-Target-URI", url),
        *then,
        ("WARC-Block-Digest", payload_digest(block)),
        ("Content-Type", f"application/http; msgtype={message}"),
        ("Content-Length", str(len(block))),
    )
    # The digest of what another program captured may not be known.
    head = "".join(f"{name}: {value}\r\n" for name, value in fields if value)
    return pack(b"".join((b"WARC/1.1\r\n", head.encode(), b"\r\n", block, b"\r\n\r\n")))


def _record_id() -> str:
    return f"<urn:uuid:{uuid4()}>"


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
