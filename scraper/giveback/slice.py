"""Which articles are given back, and which captures prove them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scraper.archive.members import digest_problems, members_of, parse_record


@dataclass(frozen=True, slots=True)
class Slice:
    """The articles of some sources (none named: all) printed or, where no date is printed, first seen between two days; or by uid."""

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    uids: tuple[str, ...] = ()

    def articles(self, conn: sqlite3.Connection) -> list[GivenArticle]:
        """The articles, oldest first."""
        rows = conn.execute(
            "SELECT a.id, a.uid, a.title, a.cite_as, c.url, c.fetched_at, c.payload_digest FROM articles a"
            " JOIN captures c ON c.id = a.capture_id"
            " WHERE (:sources = '[]' OR a.source_id IN (SELECT value FROM json_each(:sources)))"
            " AND (:uids = '[]' OR a.uid IN (SELECT value FROM json_each(:uids)))"
            " AND (:since IS NULL OR substr(coalesce(a.published_at, a.first_seen_at), 1, 10) >= :since)"
            " AND (:until IS NULL OR substr(coalesce(a.published_at, a.first_seen_at), 1, 10) <= :until)"
            " ORDER BY coalesce(a.published_at, a.first_seen_at), a.id",
            {"sources": json.dumps(self.sources), "uids": json.dumps(self.uids), "since": self.since, "until": self.until},
        ).fetchall()
        return [GivenArticle(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class GivenArticle:
    """An article that is given back, with the capture by which it stands."""

    id: int
    uid: str
    title: str
    cite_as: str
    url: str
    captured_at: str
    digest: str


@dataclass(frozen=True, slots=True)
class GivenCapture:
    """A capture that is given back: its row, and its record as it lies in its segment (empty: it could not be read)."""

    id: int
    url: str
    captured_at: str
    status: int
    media_type: str | None
    kind: str
    digest: str
    record_id: str
    provenance: str | None
    data: bytes
    problem: str | None = None


_CAPTURE = "c.id, c.url, c.fetched_at, c.status, c.media_type, c.kind, c.payload_digest, c.record_id, c.provenance"


def captures_of(conn: sqlite3.Connection, root: Path, articles: list[GivenArticle]) -> Iterator[GivenCapture]:
    """Every capture that gave one of the articles' texts, and what a revisit among them refers to; in the order they were made."""
    wanted = json.dumps([article.id for article in articles])
    rows = conn.execute(
        "WITH own AS (SELECT id, source_id, kind, payload_digest FROM captures WHERE revision_id IN"
        " (SELECT id FROM revisions WHERE article_id IN (SELECT value FROM json_each(:wanted)))),"
        " originals AS (SELECT min(o.id) AS id FROM own JOIN captures o ON o.source_id = own.source_id"
        " AND o.payload_digest = own.payload_digest AND o.kind = 'response' WHERE own.kind = 'revisit' GROUP BY own.id)"
        f" SELECT {_CAPTURE}, c.warc_file, c.warc_offset, c.warc_length FROM captures c WHERE c.outcome IS NOT 'lost'"
        " AND (c.id IN (SELECT id FROM own) OR c.id IN (SELECT id FROM originals)) ORDER BY c.fetched_at, c.id",
        {"wanted": wanted},
    )
    for number, url, at, status, media_type, kind, digest, record_id, provenance, file, offset, length in rows:
        try:
            with (root / file).open("rb") as segment:
                segment.seek(offset)
                data = segment.read(length)
            problem = _problem(data)
        except OSError as error:
            data, problem = b"", str(error)
        yield GivenCapture(number, url, at, status, media_type, kind, digest, record_id, provenance, b"" if problem else data, problem)


def _problem(data: bytes) -> str | None:
    """Why a record must not be given to others: it is damaged, or contradicts itself."""
    found = members_of(data)
    if len(found) != 1 or found[0].problem:
        return found[0].problem if found else "it is empty"
    try:
        problems = digest_problems(parse_record(found[0].data))
    except ValueError as error:
        return str(error)
    return problems[0] if problems else None
