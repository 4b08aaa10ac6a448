"""Whether an archive is whole: measured against the portal's truth and byte by byte, with nothing of the code under test."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

Truth = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Member:
    """One gzip member of a segment: its place and the WARC record in it."""

    offset: int
    length: int
    fields: dict[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        return self.fields["WARC-Type"]


def whole(archive: Path, replica_truth: Truth, *, crawled: bool = True) -> None:
    """Assert that nothing is lost, doubled or torn. ``crawled``: by a crawl that ended well, so nothing is left to be asked."""
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    checks: list[Callable[[], None]] = [
        partial(_database_is_sound, connection),
        partial(_articles_are, connection, list(replica_truth)),
        partial(_nothing_is_doubled, connection, list(replica_truth)),
        partial(_search_finds_all, connection),
        partial(_warc_and_rows_agree, archive.parent, connection),
    ]
    if crawled:
        checks.append(partial(_nothing_is_left, connection))
    wrong = []
    with closing(connection):
        for check in checks:
            try:
                check()
            except AssertionError as error:
                wrong.append(str(error))
    assert not wrong, "; ".join(wrong)


def rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(sql, values)]


def _database_is_sound(connection: sqlite3.Connection) -> None:
    assert (found := rows(connection, "PRAGMA integrity_check")) == [("ok",)], found
    assert (found := rows(connection, "PRAGMA foreign_key_check")) == [], found
    unread = [url for (url,) in rows(connection, "SELECT url FROM captures WHERE outcome IS NULL")]
    assert not unread, f"{len(unread)} captures were stored and never read: {unread[:3]}"


def _articles_are(connection: sqlite3.Connection, truth: list[Mapping[str, Any]]) -> None:
    wanted = {article["key"]: article for article in truth if article["on_topic"]}
    stored = connection.execute("SELECT * FROM articles").fetchall()
    lost = wanted.keys() - {row["article_key"] for row in stored}
    assert not lost, f"lost: {sorted(lost)}"
    strange = {row["article_key"] for row in stored} - wanted.keys()
    assert not strange, f"of no article: {sorted(strange)}"
    assert len(stored) == len(wanted), "an article is doubled"
    for row in stored:
        article = wanted[row["article_key"]]
        assert row["title"] == _squashed(article["title"]), row["article_key"]
        assert _squashed(row["lead"] or "") == _squashed(article["lead"] or ""), row["article_key"]
        assert _squashed(row["body"]) == _squashed("\n".join(article["paragraphs"])), row["article_key"]
        assert row["published_at"] == article["published_at"], row["article_key"]
    off_topic = Counter(key for (key,) in rows(connection, "SELECT article_key FROM off_topic"))
    assert off_topic == Counter(article["key"] for article in truth if not article["on_topic"])


def _nothing_is_doubled(connection: sqlite3.Connection, truth: list[Mapping[str, Any]]) -> None:
    revisions = rows(
        connection, "SELECT a.article_key, count(r.id) FROM articles a LEFT JOIN revisions r ON r.article_id = a.id GROUP BY a.id"
    )
    assert all(count == 1 for _, count in revisions), f"revisions of articles that never changed: {revisions}"
    differing = rows(
        connection,
        "SELECT a.article_key FROM articles a JOIN revisions r ON r.id = a.revision_id"
        " WHERE (a.title, a.lead, a.body, a.byline, a.published_at, a.capture_id)"
        " IS NOT (r.title, r.lead, r.body, r.byline, r.published_at, r.capture_id) OR r.article_id <> a.id",
    )
    assert not differing, f"article and revision differ: {differing}"
    unproved = "SELECT a.article_key FROM articles a LEFT JOIN captures c ON c.id = a.capture_id AND c.status = 200 WHERE c.id IS NULL"
    assert (found := rows(connection, unproved)) == [], f"unproved: {found}"
    asked = Counter(url for (url,) in rows(connection, "SELECT url FROM captures WHERE outcome IN ('new', 'unchanged', 'off_topic')"))
    assert sorted(asked.values()) == [1] * len(truth), f"articles captured other than once: {asked.most_common(3)} of {len(truth)}"


def _search_finds_all(connection: sqlite3.Connection) -> None:
    articles = rows(connection, "SELECT id, title FROM articles")
    assert rows(connection, "SELECT count(*) FROM articles_fts_docsize") == [(len(articles),)]
    for number, title in articles:
        words = title.replace("đ", "d").replace("Đ", "D").replace('"', " ")
        found = rows(connection, "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", f'title : "{words}"')
        assert (number,) in found, f"search does not find {title!r}"


def _nothing_is_left(connection: sqlite3.Connection) -> None:
    assert (found := rows(connection, "SELECT article_key, state, attempts FROM frontier WHERE state <> 'done'")) == [], found
    assert (found := rows(connection, "SELECT url FROM sections WHERE completed_at IS NULL")) == [], f"walks not completed: {found}"
    assert (found := rows(connection, "SELECT kind, url, detail FROM issues WHERE closed_at IS NULL")) == [], f"issues: {found}"
    assert (found := rows(connection, "SELECT verdict FROM crawls ORDER BY id DESC LIMIT 1")) == [("good",)], f"verdict: {found}"


def _warc_and_rows_agree(root: Path, connection: sqlite3.Connection) -> None:
    """Every segment is whole members to its committed end, and its records are the captures, one to one."""
    segments = rows(connection, "SELECT file, committed_end, sealed_at, sha256 FROM segments")
    on_disk = {path.relative_to(root).as_posix() for path in root.glob("warcs/**/*") if path.is_file()}
    assert on_disk == {file for file, *_ in segments}, "files and rows of segments differ"
    found = {}
    for file, committed_end, sealed_at, sha256 in segments:
        data = (root / file).read_bytes()
        assert len(data) == committed_end, f"{file} has {len(data)} bytes, {committed_end} are committed"
        assert sealed_at is None or hashlib.sha256(data).hexdigest() == sha256
        for member in read_members(data, file):
            if member.kind in ("response", "revisit"):
                found[(file, member.offset, member.length, member.fields["WARC-Record-ID"])] = member
    stored = {tuple(row)[:4]: row for row in connection.execute("SELECT warc_file, warc_offset, warc_length, record_id, * FROM captures")}
    assert stored.keys() == found.keys(), f"{len(stored.keys() - found.keys())} rows, {len(found.keys() - stored.keys())} records too many"
    for place, row in stored.items():
        fields = found[place].fields
        header = (fields["WARC-Target-URI"].strip("<>"), fields["WARC-Date"][:19] + "Z", fields["WARC-Payload-Digest"], fields["WARC-Type"])
        assert header == (row["url"], row["fetched_at"], row["payload_digest"], row["kind"]), place


def read_members(data: bytes, name: str) -> Iterator[Member]:
    """The records of a segment. Each is one gzip member, complete, with the length and the digests it states."""
    offset = 0
    before: Member | None = None
    while offset < len(data):
        inflater = zlib.decompressobj(wbits=31)
        try:
            plain = inflater.decompress(memoryview(data)[offset:])
        except zlib.error as error:
            raise AssertionError(f"{name}: the member at {offset} is damaged ({error})") from error
        assert inflater.eof, f"{name}: the member at {offset} is torn"
        length = len(data) - offset - len(inflater.unused_data)
        head, _, rest = plain.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        assert version.startswith("WARC/1."), f"{name}: no record at {offset}"
        fields = dict(line.split(": ", 1) for line in lines)
        block = rest[: int(fields["Content-Length"])]
        assert rest[len(block) :] == b"\r\n\r\n", f"{name}: the record at {offset} is not as long as it says"
        member = Member(offset, length, fields, block)
        _check_digests(member, name)
        assert (member.kind == "warcinfo") == (offset == 0), f"{name}: {member.kind} at {offset}"
        if before is not None and before.kind == "request":
            assert before.fields["WARC-Concurrent-To"] == fields["WARC-Record-ID"], f"{name}: the request before {offset} has no answer"
        yield member
        before = member
        offset += length
    assert before is None or before.kind != "request", f"{name} ends with a request"


def _check_digests(member: Member, name: str) -> None:
    if (stated := member.fields.get("WARC-Block-Digest")) is not None:
        assert stated == _digest(member.block), f"{name}: block digest at {member.offset}"
    if member.kind == "response":
        payload = member.block.partition(b"\r\n\r\n")[2]
        assert member.fields["WARC-Payload-Digest"] == _digest(payload), f"{name}: payload digest at {member.offset}"


def _digest(data: bytes) -> str:
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode()


def _squashed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
