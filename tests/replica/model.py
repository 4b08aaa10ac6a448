"""The words the replica uses for an article: blocks as they are printed, and the truth read off them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

VN = timezone(timedelta(hours=7))
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")


def clean(text: str) -> str:
    """Text as the truth states it: NFC, no invisible characters, every run of white space one space."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def group(number: int) -> str:
    """An integer with Vietnamese thousands points (12345 -> 12.345)."""
    return f"{number:,}".replace(",", ".")


@dataclass(slots=True)
class Block:
    """One printed piece of the body: a paragraph, a list, a table or a picture with an optional caption."""

    kind: str  # "p" | "ul" | "table" | "img"
    text: str = ""  # paragraph text, or the caption of a picture ("" = none)
    rows: list[list[str]] = field(default_factory=list)  # one list per list item or table row
    path: str = ""  # picture address

    def truth(self) -> list[str]:
        """The paragraphs this block adds to the body."""
        if self.kind == "p":
            return [clean(self.text)]
        return [clean(" | ".join(row)) for row in self.rows]


@dataclass(slots=True)
class Draft:
    """What the composer gives: the news itself, before a portal gives it an address and a dress."""

    title: str
    lead: str
    blocks: list[Block]
    byline: str
    on_topic: bool
    kind: str
    when: datetime
    theme: str = "xa_hoi"  # which section it belongs to: "xa_hoi" | "kinh_te" | "tin"


@dataclass(slots=True)
class Article:
    """One article of one portal as it stands now."""

    key: str
    url: str
    twins: list[str]
    title: str
    lead: str | None
    blocks: list[Block]
    byline: str | None
    when: datetime
    published_at: str | None
    precision: str | None
    published_raw: str | None
    sections: list[str]  # listing paths, the primary one first
    section: str
    on_topic: bool
    kind: str
    style: str = "plain"  # body mark-up: plain | word | br
    noise: str = ""  # "" | "nfd" | "zw": how the page is served
    attachments: list[str] = field(default_factory=list)
    slug: str = ""
    edits: int = 0
    fault: str = ""
    views: int = 0

    @property
    def modified(self) -> datetime:
        """Last-Modified: deterministic, one day later with every edit."""
        return self.when + timedelta(days=self.edits)

    def truth(self) -> dict[str, Any]:
        """What a perfect reader would have got from the page."""
        return {
            "key": self.key,
            "url": self.url,
            "twins": list(self.twins),
            "title": clean(self.title),
            "lead": clean(self.lead) if self.lead else None,
            "paragraphs": [line for block in self.blocks for line in block.truth() if block.kind != "img"],
            "byline": self.byline,
            "published_at": self.published_at,
            "precision": self.precision,
            "published_raw": self.published_raw,
            "section": self.section,
            "sections": list(self.sections),
            "on_topic": self.on_topic,
            "captions": [clean(b.text) for b in self.blocks if b.kind == "img" and b.text],
            "images": [b.path for b in self.blocks if b.kind == "img"],
            "attachments": list(self.attachments),
            "kind": self.kind,
            "style": self.style,
            "noise": self.noise,
            "fault": self.fault,
        }
