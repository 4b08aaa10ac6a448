"""From an archive's answer to the capture it made: original address, time, headers and bytes. Pure, and strict.

An answer that is another capture than the one listed, or only a part of it, is refused with the reason. Whether the bytes are
the archive's own, untouched by toolbar or rewriter, is proven where the index gives a digest: it is that of the payload.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime

from scraper.archive.holdings import Wanted
from scraper.archive.warc_reader import StoredRecord, record_of
from scraper.extract.decode import Damaged, decode_body
from scraper.items import Capture

_ORIGINAL = "x-archive-orig-"
# What an archive adds to an answer, or what is true of its answer only.
_OF_THE_ARCHIVE = re.compile(
    r"x-archive-.*|x-app-.*|x-ts|x-tr|x-rl|x-na|x-nid|x-page-cache|memento-datetime|link|content-location|date|server|set-cookie|"
    r"server-timing|connection|transfer-encoding|preference-applied|vary|referrer-policy|permissions-policy|x-location",
    re.I,
)
_TIME_IN_ADDRESS = re.compile(r"/(\d{14})id_/")


class NotTheCapture(ValueError):
    """An answer that does not give the capture asked for. ``for_good``: asking again would not help."""

    def __init__(self, reason: str, *, for_good: bool = True) -> None:
        super().__init__(reason)
        self.for_good = for_good


def unwrap(answer: Capture, wanted: Wanted) -> tuple[Capture, bool]:
    """The capture out of a replayed answer (``id_``), and whether the index's digest confirms it."""
    if answer.status != 200:
        raise NotTheCapture(f"the archive answered {answer.status}", for_good=answer.status < 500)
    headers = tuple(_headers_of(answer))
    capture = Capture(wanted.url, wanted.captured_at, 200, headers, answer.body)
    confirmed = False
    for body in _bodies(answer):
        if has_digest(body, wanted.digest):
            confirmed = True
            if body is not answer.body:  # the archive's own server had packed it
                capture = replace(capture, body=body, headers=tuple(pair for pair in headers if pair[0].lower() != "content-encoding"))
            break
    at = _time_of(answer)
    if at is not None and at != wanted.captured_at:
        if not confirmed:
            raise NotTheCapture(f"the archive gave its capture of {at} instead")
        capture = replace(capture, fetched_at=at)
    return capture, confirmed


def record_from(answer: Capture, wanted: Wanted) -> tuple[StoredRecord, bytes, bool]:
    """The archive's own record out of a part of its WARC file, its bytes, and whether the index's digest confirms it."""
    if answer.status not in (200, 206):
        raise NotTheCapture(f"the archive answered {answer.status}", for_good=answer.status < 500)
    assert wanted.byte_range is not None
    offset, length = map(int, wanted.byte_range.split("-"))
    data = answer.body[offset : offset + length] if answer.status == 200 else answer.body
    if len(data) != length:
        raise NotTheCapture(f"{len(data)} bytes came where {length} were asked for", for_good=False)
    record = record_of(data)
    if record.problem or record.capture is None:
        raise NotTheCapture(f"no record that can be read: {record.problem}")
    capture = record.capture
    if (capture.url, capture.fetched_at) != (wanted.url, wanted.captured_at) or capture.status != 200:
        raise NotTheCapture(f"the record is of {capture.url} at {capture.fetched_at} with status {capture.status}")
    if record.truncated:
        raise NotTheCapture(f"the archive kept only a part of the page ({record.truncated})")
    if not record.record_id:
        raise NotTheCapture("the record has no id")
    return record, data, has_digest(capture.body, wanted.digest)


def has_digest(body: bytes, listed: str) -> bool:
    """Whether bytes have a digest as an index lists it: SHA-1 where it names no other, in base32 or hex."""
    name, colon, value = listed.rpartition(":")
    name = name.lower() if colon else "sha1"
    if name not in ("sha1", "sha256", "md5") or not value:
        return False
    digest = hashlib.new(name, body, usedforsecurity=False)
    return value.upper() == base64.b32encode(digest.digest()).decode("ascii") or value.lower() == digest.hexdigest()


def _bodies(answer: Capture) -> Iterator[bytes]:
    yield answer.body
    if answer.header("Content-Encoding"):
        try:
            yield decode_body(answer)
        except Damaged as error:
            raise NotTheCapture(str(error), for_good=False) from error


def _headers_of(answer: Capture) -> Iterator[tuple[str, str]]:
    """The portal's headers as far as the archive tells them; the coding is that of the bytes we hold."""
    told = [(name[len(_ORIGINAL) :], value) for name, value in answer.headers if name.lower().startswith(_ORIGINAL)]
    own = [(name, value) for name, value in answer.headers if not _OF_THE_ARCHIVE.fullmatch(name)]
    dropped = ("content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie")
    if told:
        yield from (pair for pair in told if pair[0].lower() not in dropped)
        if not any(name.lower() == "content-type" for name, _ in told):
            yield from (pair for pair in own if pair[0].lower() == "content-type")
    else:
        yield from (pair for pair in own if pair[0].lower() not in dropped)
    coding = answer.header("Content-Encoding") or _unsaid_coding(answer)
    if coding:
        yield "Content-Encoding", coding


def _unsaid_coding(answer: Capture) -> str | None:
    """The portal's own gzip, which some archives hand on without the word for it."""
    said = answer.header(f"{_ORIGINAL}Content-Encoding") or ""
    return said if "gzip" in said.lower() and answer.body.startswith(b"\x1f\x8b") else None


def _time_of(answer: Capture) -> str | None:
    """When the capture was made, as the archive says with its answer; None when it does not say."""
    said = answer.header("Memento-Datetime")
    if said:
        try:
            return parsedate_to_datetime(said).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except ValueError:
            return None
    stamp = _TIME_IN_ADDRESS.search(answer.url)
    if stamp is None:
        return None
    text = stamp[1]
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:14]}Z"
