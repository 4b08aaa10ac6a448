"""Storing an answer in a WARC: our way, and warcio's own, on the same answers of the replica."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.archive.warc_writer import append, build_record
from scraper.extract.decode import decode_body
from scraper.items import Capture

ASKED = (("User-Agent", "bench"), ("Accept-Encoding", "gzip"))


def fetch(base: str, addresses: tuple[str, ...]) -> list[Capture]:
    """The answers as a crawl receives them."""
    connection = HTTPConnection(urlsplit(base).netloc)
    found = []
    for address in addresses:
        connection.request("GET", urlsplit(address).path, headers=dict(ASKED))
        answer = connection.getresponse()
        found.append(Capture(address, "2026-11-22T00:00:00Z", answer.status, tuple(answer.getheaders()), answer.read()))
    connection.close()
    return found


def warcio_default(page: Capture, body: bytes, path: Path) -> int:
    """As warcio's manual shows it: the body decoded, request and response, gzip level 9; returns the bytes it took."""
    headers = [(name, value) for name, value in page.headers if name.lower() != "content-encoding"]
    with path.open("ab") as stream:
        before = stream.tell()
        writer = WARCWriter(stream, gzip=True)
        answer = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        response = writer.create_warc_record(page.url, "response", payload=BytesIO(body), http_headers=answer)
        asked = StatusAndHeaders("GET / HTTP/1.1", list(ASKED), is_http_request=True)
        request = writer.create_warc_record(page.url, "request", http_headers=asked)
        writer.write_request_response_pair(request, response)
        return stream.tell() - before


def compare(pages: list[Capture], folder: Path) -> dict[str, tuple[float, float]]:
    """CPU milliseconds and bytes a page, the better of two interleaved rounds: built, built and synced, and by warcio."""
    decoded = [decode_body(page) for page in pages]
    descriptor = os.open(folder / "ours.warc.gz", os.O_RDWR | os.O_CREAT)
    end = 0

    def synced() -> int:
        nonlocal end
        before = end
        for page in pages:
            end = append(descriptor, end, build_record(page, ASKED).data)
        return end - before

    ways: dict[str, Callable[[], int]] = {
        "ours, built": lambda: sum(len(build_record(page, ASKED).data) for page in pages),
        "ours, built and synced to disk": synced,
        "warcio's default, written": lambda: sum(
            warcio_default(page, body, folder / "warcio.warc.gz") for page, body in zip(pages, decoded, strict=True)
        ),
    }
    best: dict[str, tuple[float, float]] = {}
    for _ in range(2):
        for name, way in ways.items():
            started = time.process_time()
            size = way()
            cost = (time.process_time() - started) * 1000 / len(pages)
            best[name] = min((cost, size / len(pages)), best.get(name, (cost, size / len(pages))))
    os.close(descriptor)
    return best
