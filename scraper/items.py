"""What moves between the stages: one capture in, one reading out. Plain frozen dataclasses: how they are made and told apart, no more."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from traceback import extract_tb
from typing import Literal, Self

Precision = Literal["minute", "day"]
AttachmentKind = Literal["image", "document"]
CaptureKind = Literal["response", "revisit"]


REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses that lead to another address; their captures are kept and not read."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of a portal, as received: the body still carries its Content-Encoding.

    ``fetched_at`` is UTC, ISO 8601 with a trailing Z, to the second, as in WARC-Date.
    """

    url: str
    fetched_at: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The last value of a header, whatever its case; None when it was not sent."""
        wanted = name.lower()
        found = None
        for key, value in self.headers:
            if key.lower() == wanted:
                found = value
        return found

    @property
    def media_type(self) -> str | None:
        """``text/html`` out of ``text/html; charset=utf-8``; None when the portal did not say."""
        declared = self.header("Content-Type")
        return declared.split(";")[0].strip().lower() or None if declared else None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should look at; becomes a row of ``issues``. ``kind`` is a word of :mod:`scraper.archive.kinds`."""

    kind: str
    detail: str

    @classmethod
    def of_fault(cls, kind: str, error: BaseException) -> Self:
        """An error of ours, and where it was raised."""
        where = extract_tb(error.__traceback__)[-1:]
        return cls(kind, f"{type(error).__name__}: {error}" + "".join(f" ({one.name}, line {one.lineno})" for one in where))

    @classmethod
    def of_part(cls, why: str) -> Self:
        """The crawler that made a capture did not keep all of the answer."""
        return cls("damaged", f"only a part was kept by its crawler ({why})")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or a document that an article shows or links; ``url`` is absolute, the caption is kept apart from the body."""

    url: str
    kind: AttachmentKind
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One article as one page tells it. Text is clean (NFC); paragraphs of ``body`` are separated by a blank line.

    ``published_at`` is ISO 8601: with time and +07:00 for ``minute`` precision, a plain date for ``day``; None when the
    page prints none. ``evidence`` says for each field where on the page it was read.
    """

    key: str
    url: str
    title: str
    lead: str | None
    body: str
    byline: str | None = None
    source_line: str | None = None
    section: str | None = None
    published_at: str | None = None
    published_precision: Precision | None = None
    published_raw: str | None = None
    attachments: tuple[Attachment, ...] = ()
    layout: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Lead and body together: what a reader reads."""
        return "\n\n".join(part for part in (self.lead, self.body) if part)

    @property
    def content_digest(self) -> str:
        """SHA-256 over what the article says; counters, clocks, addresses and markup do not count."""
        parts = (self.title, self.lead, self.body, self.byline, self.source_line, self.published_at)
        return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()

    @property
    def body_digest(self) -> str:
        """SHA-256 of lead and body alone: equal under several addresses, it is a template's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """A link from a listing to an article: where, which article it is, what the listing calls it and dates it (ISO day)."""

    url: str
    key: str
    text: str
    listed_date: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a section: its articles in printed order and the further pages it offers.

    ``newest_first``: the order of listings and feeds, but for one whose dates tell otherwise; a sitemap has none.
    """

    url: str
    title: str | None
    links: tuple[Link, ...]
    next_pages: tuple[str, ...]
    newest_first: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether it lists neither articles nor, as an index of sitemaps does, pages that do."""
        return not self.links and (self.newest_first or not self.next_pages)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one capture says: an article, a listing, or neither, with the problems met.

    ``rank`` of the address read: 0 is the article's own, higher numbers are twins (other language, tracking, print).
    """

    article: Article | None = None
    listing: Listing | None = None
    rank: int = 0
    problems: tuple[Problem, ...] = ()
