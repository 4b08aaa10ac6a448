"""Everything a capture says, read again and compared with the rows that were made of it.

Rows made by another version of the reader are left out: they may rightly differ.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from warcio.exceptions import ArchiveLoadFailed

from scraper import __version__
from scraper.analyse.article import version
from scraper.analyse.relevance import Relevance, relevance
from scraper.archive.articles import EXTRACTOR, Source, cite
from scraper.archive.findings import BY_CRAWL, FROM_CAPTURES, Finding, Report, Tell
from scraper.archive.verify_analysis import is_analysed
from scraper.archive.verify_rows import ARCHIVING
from scraper.archive.warc_reader import read_capture
from scraper.fetch.ahead import ReadAhead
from scraper.fetch.robots import is_loopback
from scraper.items import Article, Capture
from scraper.urls import tidied

if TYPE_CHECKING:
    from scraper.portal import PortalSpider

Headers = Mapping[int, tuple[tuple[str, str], ...]]
_READ = "title, lead, body, byline, source_line, published_at"


def base_url_of(url: str) -> str | None:
    """The origin of a replica's address, as a crawl is given it with ``-a base_url=``; None for a portal's own."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if is_loopback(url) else None


class ReadingCheck:
    """The check of one archive's rows against its captures."""

    def __init__(
        self, conn: sqlite3.Connection, root: Path, portals: Mapping[str, type[PortalSpider]], damaged: set[int], report: Report
    ) -> None:
        self._conn = conn
        self._root = root
        self._portals = portals
        self._damaged = damaged
        self._report = report
        self._reader = ReadAhead()

    def sources(self) -> Iterator[Finding]:
        """``sources`` is what the spiders declare."""
        for row in self._rows("SELECT * FROM sources"):
            spider = self._portals.get(row["id"])
            if spider is None:
                yield Finding("note", "sources", "no spider declares this portal any more", row=f"sources {row['id']}")
                continue
            for name, value in spider.facts(base_url_of(row["home_url"])).row().items():
                if row[name] != value:
                    what = f"{name} is {row[name]!r}, and its spider says {value!r}"
                    yield Finding("repairable", "sources", what, BY_CRAWL, row=f"sources {row['id']}")
        origin = self._conn.execute("SELECT origin FROM archive_info").fetchone()
        homes = [row["home_url"] for row in self._rows("SELECT home_url FROM sources")]
        if homes and (origin is None or any(is_loopback(home) != (origin[0] == "demo") for home in homes)):
            yield Finding("damage", "sources", "demo and real sources do not fit the archive's origin", FROM_CAPTURES, row="archive_info 1")

    def identities(self, headers: Headers) -> Iterator[Finding]:
        """Keys, addresses, times seen and validators, against all captures of each article's addresses."""
        seen: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        by_url: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for row in self._rows("SELECT id, source_id, url, fetched_at, outcome FROM captures ORDER BY id"):
            spider = self._portals.get(row["source_id"])
            key = spider.key_at(row["url"]) if spider else None
            if key is not None:
                seen[row["source_id"], key].append(row)
            by_url[row["source_id"], tidied(row["url"])].append(row)
        for row in self._rows("SELECT * FROM articles"):
            spider = self._portals.get(row["source_id"])
            if spider is None:
                continue
            captures = seen[row["source_id"], row["article_key"]]
            times = {capture["fetched_at"] for capture in captures}
            if spider.article_key(row["url"]) != row["article_key"] or spider.rank(row["url"]) != row["address_rank"]:
                yield self._wrong("articles", row["id"], row["url"], "its address is not that of its key and rank")
            for name in ("first_seen_at", "last_seen_at", "current_as_of"):
                if row[name] not in times:
                    yield self._wrong("articles", row["id"], row["url"], f"no capture was made at {name} ({row[name]})")
        for row in self._rows("SELECT * FROM frontier"):
            spider = self._portals.get(row["source_id"])
            if spider:
                captures = seen[row["source_id"], row["article_key"]]
                unknown = row["state"] == "done" and (row["source_id"], row["url"]) not in by_url
                if unknown or spider.article_key(row["url"]) != row["article_key"]:
                    yield self._wrong("frontier", row["article_key"], row["url"], "the article was not asked for at this address")
                yield from self._validators("frontier", row["article_key"], row, captures, headers)
        for row in self._rows("SELECT * FROM sections WHERE etag IS NOT NULL OR last_modified IS NOT NULL"):
            yield from self._validators("sections", row["id"], row, by_url[row["source_id"], row["url"]], headers)

    def readings(self, tell: Tell) -> Iterator[Finding]:
        """Every article, revision and decision, derived again."""
        work: dict[int, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
        for row in self._rows("SELECT * FROM revisions WHERE extractor = ?", EXTRACTOR):
            work[row["capture_id"]].append(("revisions", row))
        present = "SELECT a.* FROM articles a JOIN revisions r ON r.id = a.revision_id WHERE r.extractor = ?"
        for row in self._rows(present, EXTRACTOR):
            work[row["capture_id"]].append(("articles", row))
        decided = (
            "SELECT o.* FROM off_topic o JOIN captures c ON c.id = o.capture_id JOIN crawls w ON w.id = c.crawl_id WHERE w.code_version = ?"
        )
        for row in self._rows(decided, __version__):
            work[row["capture_id"]].append(("off_topic", row))
        captures = {row["id"]: row for row in self._rows("SELECT * FROM captures") if row["id"] in work}
        with self._reader:
            yield from self._read_again(work, captures, tell)

    def _read_again(
        self, work: Mapping[int, list[tuple[str, Mapping[str, Any]]]], captures: Mapping[int, Mapping[str, Any]], tell: Tell
    ) -> Iterator[Finding]:
        for done, (number, wanted) in enumerate(sorted(work.items()), 1):
            tell("reading captures again", done, len(work))
            capture = captures.get(number)
            if capture is None or capture["outcome"] == "lost" or number in self._damaged or capture["source_id"] not in self._portals:
                continue
            self._report.count("captures read again")
            article = self._article(capture)
            for table, stored in wanted:
                name = stored["article_key"] if table == "off_topic" else stored["id"]
                if article is None:
                    yield self._wrong(table, name, capture["url"], f"capture {number} gives no article")
                    continue
                for problem in getattr(self, f"_{table}")(article, stored):
                    yield self._wrong(table, name, capture["url"], f"{problem} is not what capture {number} gives")

    def _article(self, row: Mapping[str, Any]) -> Article | None:
        try:
            capture = self._capture(row)
        except (ValueError, OSError, StopIteration, ArchiveLoadFailed):
            return None
        return self._reader.read(self._portals[row["source_id"]], capture).article

    def _capture(self, row: Mapping[str, Any]) -> Capture:
        capture = read_capture(self._root / row["warc_file"], row["warc_offset"])
        if row["kind"] == "revisit":
            original = self._conn.execute(
                "SELECT warc_file, warc_offset FROM captures WHERE payload_digest = ? AND kind = 'response' LIMIT 1",
                (row["payload_digest"],),
            ).fetchone()
            if original is None:
                raise ValueError("the capture that a revisit refers to is not here")
            capture = replace(capture, body=read_capture(self._root / original[0], original[1]).body)
        return capture

    def _revisions(self, article: Article, row: Mapping[str, Any]) -> Iterator[str]:
        yield from _unequal(row, {name: getattr(article, name) for name in (*_READ.split(", "), "content_digest")})

    def _articles(self, article: Article, row: Mapping[str, Any]) -> Iterator[str]:
        names = (*_READ.split(", "), "published_precision", "published_raw", "layout", "body_digest")
        score = relevance(article.title, article.text)
        said = {name: getattr(article, name) for name in names}
        said["evidence"] = json.dumps(dict(article.evidence), ensure_ascii=False, sort_keys=True)
        if self._scored_by_present_rules(row["id"]):
            said |= {"relevance_score": score.score, "relevance_words": score.reason}
        citation = self._conn.execute("SELECT citation FROM sources WHERE id = ?", (row["source_id"],)).fetchone()
        if citation is None:  # the row's portal, or its index, is damaged
            yield f"its portal {row['source_id']!r}"
        else:
            said["cite_as"] = cite(Source(row["source_id"], citation[0]), article.title, article.published_at, row["url"])
        yield from _unequal(row, said)
        query = "SELECT kind, caption, url FROM attachments WHERE article_id = ? ORDER BY position"
        attached = self._conn.execute(query, (row["id"],)).fetchall()
        if attached != _attached(article) and not any(attached == _attached(other) for other in self._current(row)):
            yield "what is attached"
        if row["section"] and row["section"] != article.section and not self._is_section(row):
            yield "section"

    def _scored_by_present_rules(self, article_id: int) -> bool:
        """Whether the present terms scored an article; until ``scrapy analyse`` has run, those of before may stand."""
        if not is_analysed(self._conn):
            return True
        row = self._conn.execute("SELECT version FROM analyses WHERE article_id = ?", (article_id,)).fetchone()
        return row is None or row[0] == version()

    def _off_topic(self, article: Article, row: Mapping[str, Any]) -> Iterator[str]:
        score: Relevance = relevance(article.title, article.text)
        said = {"article_key": article.key, "title": article.title, "published_at": article.published_at, "url": article.url}
        yield from _unequal(row, {**said, "score": score.score, "words": score.reason})

    def _is_section(self, row: Mapping[str, Any]) -> bool:
        """A section's name, or what another capture of the article calls its section."""
        known = "SELECT 1 FROM sections WHERE source_id = ? AND title = ?"
        if self._conn.execute(known, (row["source_id"], row["section"])).fetchone():
            return True
        captures = self._rows("SELECT * FROM captures WHERE source_id = ?", row["source_id"])
        others = (each for each in captures if each["outcome"] in ARCHIVING and tidied(each["url"]) == row["url"])
        return any(article is not None and article.section == row["section"] for article in map(self._article, others))

    def _current(self, row: Mapping[str, Any]) -> Iterator[Article]:
        """What the capture says by which the article stands as it does: its files may differ where its text does not."""
        for capture in self._rows("SELECT * FROM captures WHERE source_id = ? AND fetched_at = ?", row["source_id"], row["current_as_of"]):
            if capture["outcome"] in ARCHIVING and self._portals[row["source_id"]].key_at(capture["url"]) == row["article_key"]:
                article = self._article(capture)
                if article is not None:
                    yield article

    def _validators(
        self, table: str, name: object, row: Mapping[str, Any], captures: list[Mapping[str, Any]], headers: Headers
    ) -> Iterator[Finding]:
        known = [capture["id"] for capture in captures]
        if any(number in self._damaged for number in known):
            return
        for column, header in (("etag", "etag"), ("last_modified", "last-modified")):
            sent = {value for number in known for key, value in headers.get(number, ()) if key.lower() == header}
            if row[column] is not None and row[column] not in sent:
                yield self._wrong(table, name, row["url"], f"no capture was sent with this {column}")

    def _rows(self, query: str, *values: object) -> list[Mapping[str, Any]]:
        cursor = self._conn.execute(query, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    @staticmethod
    def _wrong(table: str, name: object, url: str, what: str) -> Finding:
        return Finding("damage", "readings", what, FROM_CAPTURES, url=url, row=f"{table} {name}")


def _attached(article: Article) -> list[tuple[str, str | None, str]]:
    """The rows of an article's attachments: each address once, in printed order."""
    found: dict[str, tuple[str, str | None, str]] = {}
    for file in article.attachments:
        found.setdefault(file.url, (file.kind, file.caption, file.url))
    return list(found.values())


def _unequal(row: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    yield from (name for name, value in said.items() if row[name] != value)
