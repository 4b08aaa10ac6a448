"""Captures and WARC files to test with, and what a reader gives of a file that may be damaged."""

from __future__ import annotations

import base64
import hashlib
import random
from pathlib import Path
from typing import Any

from scraper.archive.warc_reader import StoredRecord, read_records
from scraper.archive.warc_writer import Record
from scraper.items import Capture

AGENT = (("User-Agent", "khuyen-hoc-archive/0 (+thu@example.vn)"), ("Accept-Language", "vi"))
HTML = ("Content-Type", "text/html; charset=utf-8")


def capture(number: int = 1, body: bytes = b"x", headers: tuple[tuple[str, str], ...] = (HTML,), **more: Any) -> Capture:
    values: dict[str, Any] = {"url": f"http://a.gov.vn/bai-{number}", "fetched_at": f"2024-01-01T00:00:{number:02}Z", "status": 200} | more
    return Capture(headers=headers, body=body, **values)


def noise(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


def sha256(data: bytes) -> str:
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode()


def written(path: Path, *records: Record, head: bytes = b"") -> Path:
    path.write_bytes(head + b"".join(record.data for record in records))
    return path


def read_until_damage(path: Path) -> tuple[list[StoredRecord], str | None]:
    found: list[StoredRecord] = []
    try:
        found.extend(read_records(path))
    except ValueError as error:
        return read_before(path), str(error)
    return found, None


def read_before(path: Path) -> list[StoredRecord]:
    """What the reader gives before it raises."""
    found: list[StoredRecord] = []
    records = read_records(path)
    while True:
        try:
            found.append(next(records))
        except (StopIteration, ValueError):
            return found


def raw(kind: str, block: bytes, *fields: str) -> bytes:
    """A record as somebody's own program writes it."""
    head = "\r\n".join(("WARC/1.0", f"WARC-Type: {kind}", "WARC-Date: 2020-01-01T00:00:00Z", *fields, f"Content-Length: {len(block)}"))
    return head.encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\npage"
NAMED = ("WARC-Target-URI: http://a.gov.vn/x", "WARC-Record-ID: <urn:uuid:0>", "Content-Type: application/http; msgtype=response")
