"""Articles as captures show them, of invented sources, stored in any order: what the tests of storing are made of."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from scraper.archive.crawls import SourceFacts
from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.items import Article, Attachment, Capture, Link, Listing, Reading

HOME = "http://nguon.gov.vn"
SECTION = f"{HOME}/tin"
TIMES = tuple(f"2024-0{month}-01T08:00:00Z" for month in range(1, 7))
ON_TOPIC = "Hội Khuyến học xã trao quỹ khuyến học cho học sinh; hội khuyến học mỗi thôn đều góp sức."
OFF_TOPIC = "Nhân dân trong xã ra quân làm đường, sửa kênh mương, chuẩn bị cho vụ lúa mới của cả vùng."
ADDRESSES = ("{home}/bai-{key}", "{home}/en/bai-{key}", "{home}/in/bai-{key}")
KEYS = ("101", "102")


def facts(source: str) -> SourceFacts:
    return SourceFacts(source, "UBND", "04", "Cao Bằng", "thu", HOME, "UBND xã (thử)", None, None, "thử", (SECTION,))


@dataclass(frozen=True)
class Seen:
    """One answer of an article's address: which twin, when, and which of its contents."""

    key: str
    rank: int
    time: str
    content: str
    section: str | None = None
    files: tuple[str, ...] = ()
    repeat: int = 4

    @property
    def url(self) -> str:
        return ADDRESSES[self.rank].format(home=HOME, key=self.key)

    @property
    def article(self) -> Article:
        topic = OFF_TOPIC if self.content.startswith("off") else ON_TOPIC
        return Article(
            key=self.key,
            url=self.url,
            title=f"Bài {self.content} của {self.key}",
            lead=None,
            body="\n\n".join([f"Bản {self.content} của bài {self.key}. {topic}"] * self.repeat),
            byline=f"Người viết {self.content}",
            section=self.section,
            published_at="2023-12-30",
            published_precision="day",
            published_raw="30/12/2023",
            attachments=tuple(Attachment(f"{HOME}/tep/{name}", "document", name) for name in self.files),
            layout="thu",
            evidence={"title": "h1"},
        )


class Reprint(Seen):
    """An article with the text of another one: a story printed twice."""

    @property
    def article(self) -> Article:
        return replace(Seen(**{**asdict(self), "key": "101"}).article, key=self.key, url=self.url)


@dataclass(frozen=True)
class Listed:
    """One answer of the section's address: the articles it shows."""

    keys: tuple[str, ...]
    time: str


def reread(capture: Capture) -> Reading:
    """What :meth:`Archive.take` says of a capture, told from the body that :meth:`Archive.keep` gave it."""
    seen = eval(capture.body, {"Seen": Seen, "Reprint": Reprint})
    return Reading(article=seen.article, rank=seen.rank)


class Archive:
    """Stores captures under as many sources as there are orders to compare, in one file."""

    def __init__(self, database: ArchiveDatabase) -> None:
        self.database = database
        self.numbers = itertools.count()

    def fresh(self) -> Keeper:
        keeper = Keeper(self.database, facts(f"nguon{next(self.numbers)}"), "replay")
        keeper.reads_by(reread, lambda url: url.rpartition("-")[2] if "/bai-" in url else None)
        return keeper

    def keep(self, keeper: Keeper, seen: Seen | Listed) -> int:
        url = SECTION if isinstance(seen, Listed) else seen.url
        return keeper.keep(Capture(url, seen.time, 200, (("Content-Type", "text/html"),), repr(seen).encode()), ())

    def take(self, keeper: Keeper, seen: Seen | Listed, capture_id: int) -> str | None:
        if isinstance(seen, Listed):
            section = self.rows("SELECT id FROM sections WHERE source_id = ?", keeper.facts.id)[0]["id"]
            links = tuple(Link(ADDRESSES[0].format(home=HOME, key=key), key, f"Bài {key}") for key in seen.keys)
            reading = Reading(listing=Listing(SECTION, "Tin tức", links, ()))
            keeper.take(Capture(SECTION, seen.time, 200, (), b""), capture_id, reading, section=section)
            return None
        reading = Reading(article=seen.article, rank=seen.rank)
        return keeper.take(Capture(seen.url, seen.time, 200, (), b""), capture_id, reading).outcome

    def store(self, captures: Sequence[Seen | Listed], times: int = 1) -> Keeper:
        keeper = self.fresh()
        placed = [(seen, self.keep(keeper, seen)) for seen in captures]
        for _ in range(times):
            for seen, capture_id in placed:
                self.take(keeper, seen, capture_id)
        keeper.finish("finished", "good")
        return keeper

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        cursor = self.database.conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def snapshot(self, keeper: Keeper) -> dict[str, Any]:
        """What the archive says of a source, without row numbers and the source's own name."""
        source = keeper.facts.id
        articles = self.rows(
            "SELECT a.*, r.content_digest AS current FROM articles a JOIN revisions r ON r.id = a.revision_id"
            " WHERE a.source_id = ? ORDER BY article_key",
            source,
        )
        for article in articles:
            for name in ("id", "uid", "source_id", "capture_id", "revision_id"):
                del article[name]
        return {
            "articles": articles,
            "revisions": self.rows(
                "SELECT a.article_key, r.content_digest, r.first_captured_at, r.title FROM revisions r JOIN articles a"
                " ON a.id = r.article_id WHERE a.source_id = ? ORDER BY 1, 2",
                source,
            ),
            "off_topic": self.rows(
                "SELECT article_key, title, score, words, url, decided_at FROM off_topic WHERE source_id = ? ORDER BY article_key", source
            ),
            "attachments": self.rows(
                "SELECT a.article_key, t.position, t.kind, t.caption, t.url FROM attachments t JOIN articles a ON a.id = t.article_id"
                " WHERE a.source_id = ? ORDER BY 1, 2",
                source,
            ),
        }
