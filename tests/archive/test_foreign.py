"""What other programs write, read, verified and rebuilt as what we wrote; what is left out is named."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.archive.database import ArchiveDatabase
from scraper.archive.replacement import rebuild
from scraper.archive.verify import Verification
from scraper.archive.warc_writer import build_record, build_revisit, payload_digest
from scraper.items import Capture
from scraper.portal import portals
from scraper.replay import Replay
from spiders.quang_tri import QuangTriSpider
from tests.archive.damage import mend, query, verify
from tests.archive.test_import import TIMES, keys, members, replay
from tests.at_once import AtOnce
from tests.backfill.truth import address, capture, page
from tests.crash.pages import captures as replica
from tests.replica import Replica


def test_a_revisit_may_come_before_its_original(archive: ArchiveDatabase, tmp_path: Path) -> None:
    first, again = capture(1, TIMES[1]), capture(1, TIMES[9])
    revisit = build_revisit(again, (), (first.url, first.fetched_at), payload_digest(first.body))
    early, late = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    early.write_bytes(revisit.data)
    late.write_bytes(build_record(first, ()).data)
    done = replay(archive, early)
    assert (done.read, done.revisits, keys(archive)) == (0, 1, [])
    replay(archive, late)
    row = archive.conn.execute("SELECT first_seen_at, last_seen_at FROM articles").fetchone()
    assert row == (TIMES[1], TIMES[9])
    assert archive.conn.execute("SELECT count(*) FROM captures WHERE outcome = 'unresolved revisit'").fetchone() == (0,)


def test_a_page_that_its_recorder_unpacked_is_read_and_told(archive: ArchiveDatabase, tmp_path: Path) -> None:
    one = capture(1, TIMES[1])
    told = Capture(one.url, one.fetched_at, 200, (*one.headers, ("Content-Encoding", "gzip"), ("Content-Length", "900")), one.body)
    (tmp_path / "1.warc.gz").write_bytes(build_record(told, ()).data)
    done = replay(archive, tmp_path / "1.warc.gz")
    assert (done.read, done.verdict, len(keys(archive))) == (1, "good", 1)
    assert archive.conn.execute("SELECT kind, closed_at FROM issues").fetchall() == [("stored_unpacked", None)]


def foreign(kind: str, number: int, body: bytes, **fields: str) -> bytes:
    """A record of another writer's: WARC/1.0, SHA-1 or no digests, perhaps truncated."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.0")
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
    headers = {"WARC-Date": TIMES[number], **fields}
    record = writer.create_warc_record(
        address(number), kind, payload=BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=headers
    )
    for name in ("WARC-Payload-Digest", "WARC-Block-Digest"):
        record.rec_headers.remove_header(name)
    record.rec_headers.replace_header("WARC-Target-URI", f"<{address(number)}>")
    writer.write_record(record)
    return buffer.getvalue()


def test_what_its_crawler_did_not_keep_whole_is_no_article(archive: ArchiveDatabase, tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(foreign("response", 1, page(1), **{"WARC-Truncated": "length"}) + foreign("response", 2, page(2)))
    replay(archive, file)
    assert keys(archive) == ["0002"]
    assert archive.conn.execute("SELECT kind, url FROM issues").fetchall() == [("damaged", address(1))]
    assert archive.conn.execute("SELECT outcome FROM captures ORDER BY id").fetchall()[0] == ("refused: damaged",)


DIGESTS = re.compile(rb"\r\nWARC-(?:Payload|Block)-Digest: [^\r]+")


def changed(record: bytes, change: Callable[[bytes, bytes], tuple[bytes, bytes]]) -> bytes:
    """A record with another header or block, its length told anew."""
    head, _, rest = gzip.decompress(record).partition(b"\r\n\r\n")
    head, block = change(head, rest[:-4])
    end = b"\n\n" if b"\r\n" not in head else b"\r\n\r\n"
    lines = [line for line in head.splitlines(keepends=True) if not line.lower().startswith(b"content-length")]
    return gzip.compress(
        lines[0] + b"Content-Length: %d" % len(block) + end[: len(end) // 2] + b"".join(lines[1:]).rstrip() + end + block + end
    )


def headed(line: bytes, *, body: Callable[[bytes], bytes] = bytes) -> Callable[[bytes, bytes], tuple[bytes, bytes]]:
    """One more HTTP header, and perhaps another body."""

    def change(head: bytes, block: bytes) -> tuple[bytes, bytes]:
        http, _, content = block.partition(b"\r\n\r\n")
        return head, http + b"\r\n" + line + b"\r\n\r\n" + body(content)

    return change


def chunks(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:300], body[300:])) + b"0\r\n\r\n"


def rebuilt(archive: ArchiveDatabase, table: str) -> tuple[list[object], list[object]]:
    """Rows as they are, and as a rebuild makes them."""
    new = archive.root / "neu" / "archive.db"
    query = {
        "articles": "SELECT article_key, title, body, first_seen_at, last_seen_at FROM articles ORDER BY 1",
        "captures": "SELECT url, fetched_at, status, media_type, outcome, provenance FROM captures ORDER BY 1, 2",
    }[table]
    assert rebuild(new, archive.root / "warcs", portals(), lambda *_: None).damaged == []
    with closing(sqlite3.connect(new)) as conn:
        return archive.conn.execute(query).fetchall(), conn.execute(query).fetchall()


WRITERS: dict[str, Callable[[bytes], bytes]] = {
    "an early draft": lambda record: changed(record, lambda head, block: (head.replace(b"WARC/1.0", b"WARC/0.18"), block)),
    "line feeds": lambda record: changed(record, lambda head, block: (head.replace(b"\r\n", b"\n"), block)),
    "line feeds in HTTP": lambda record: changed(
        record, lambda head, block: (head, block.replace(b"\r\n\r\n", b"\n\n", 1).replace(b"\r\n", b"\n", 2))
    ),
    "a folded field": lambda record: changed(record, lambda head, block: (head + b"\r\nWARC-Note: hai\r\n  dong", block)),
    "no empty lines behind it": lambda record: gzip.compress(gzip.decompress(record)[:-4]),
    "more empty lines behind it": lambda record: gzip.compress(gzip.decompress(record) + b"\r\n\r\n"),
    "blanks in its address": lambda record: changed(record, lambda head, block: (head.replace(b"hoi/bai", b"hoi/ bai"), block)),
    "HTTP/2": lambda record: changed(record, lambda head, block: (head, block.replace(b"HTTP/1.1 200 OK", b"HTTP/2 200"))),
    "chunks": lambda record: changed(record, headed(b"Transfer-Encoding: chunked", body=chunks)),
    "chunks told and not there": lambda record: changed(record, headed(b"Transfer-Encoding: chunked")),
}


@pytest.mark.parametrize("how", WRITERS)
def test_other_writers_records_are_read_verified_and_rebuilt(archive: ArchiveDatabase, tmp_path: Path, how: str) -> None:
    file = tmp_path / "khac.warc.gz"
    file.write_bytes(b"".join(WRITERS[how](foreign("response", number, page(number))) for number in (1, 2)))
    assert replay(archive, file).verdict == "good"
    assert keys(archive) == ["0001", "0002"]
    report = Verification(archive.path, portals(), full=True, tell=lambda *_: None).run()
    assert [finding.line() for finding in report.findings if finding.severity != "note"] == []
    for table in ("articles", "captures"):
        before, after = rebuilt(archive, table)
        assert after == before
        (archive.root / "neu" / "archive.db").unlink()


@pytest.mark.parametrize("spelled", [str.upper, str.lower, str])
@pytest.mark.parametrize("spell", [lambda digest: digest.hex(), lambda digest: base64.b32encode(digest).decode()])
def test_a_digest_is_right_however_it_is_spelled(
    archive: ArchiveDatabase, tmp_path: Path, spell: Callable[[bytes], str], spelled: Callable[[str], str]
) -> None:
    told = "sha1:" + spelled(spell(hashlib.sha1(page(1)).digest()))
    (tmp_path / "khac.warc.gz").write_bytes(
        changed(
            foreign("response", 1, page(1)),
            lambda head, block: (DIGESTS.sub(b"", head) + b"\r\nWARC-Payload-Digest: " + told.encode(), block),
        )
    )
    replay(archive, tmp_path / "khac.warc.gz")
    report = Verification(archive.path, portals(), full=True, tell=lambda *_: None).run()
    assert [finding.what for finding in report.findings if finding.check == "records"] == []


def test_a_file_whose_name_is_no_text_of_ours(archive: ArchiveDatabase, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"c\xf2 \r\nvia: \xe2\x80\xa8u\xcc\x89.warc.gz")
    file.write_bytes(foreign("response", 1, page(1)) + b"junk")
    replay(archive, file)
    assert archive.conn.execute("SELECT provenance FROM captures").fetchall() == [("c\ufffd  via: \u2028ủ.warc.gz",)]
    before, after = rebuilt(archive, "captures")
    assert after == before


PARTS: dict[str, Callable[[bytes], bytes]] = {
    "one that says so": lambda record: changed(record, lambda head, block: (head + b"\r\nWARC-Truncated: length", block)),
    "the first segment": lambda record: changed(record, lambda head, block: (head + b"\r\nWARC-Segment-Number: 1", block)),
    "chunks without end": lambda record: changed(record, headed(b"Transfer-Encoding: chunked", body=lambda body: chunks(body)[:-5])),
    "half a chunk": lambda record: changed(record, headed(b"Transfer-Encoding: chunked", body=lambda body: chunks(body)[:-40])),
    "fewer bytes than told": lambda record: changed(record, headed(b"Content-Length: 99999")),
}


@pytest.mark.parametrize("how", PARTS)
def test_a_part_of_a_page_is_no_article_in_a_rebuild_either(archive: ArchiveDatabase, tmp_path: Path, how: str) -> None:
    file = tmp_path / "khac.warc.gz"
    file.write_bytes(PARTS[how](foreign("response", 1, page(1))) + foreign("response", 2, page(2)))
    replay(archive, file)
    assert keys(archive) == ["0002"]
    assert archive.conn.execute("SELECT kind, url FROM issues").fetchall() == [("damaged", address(1))]
    before, after = rebuilt(archive, "captures")
    assert after == before


@pytest.mark.parametrize(
    ("date", "stored"),
    [
        ("2020-01-02T07:00:00+07:00", "2020-01-02T00:00:00Z"),
        ("2020-01-02T07:00:00+0700", "2020-01-02T00:00:00Z"),
        ("2020-01-02T00:00:00.123456789Z", "2020-01-02T00:00:00Z"),
        ("1996-12-02T07:00:00Z", "1996-12-02T07:00:00Z"),
        ("2020-01-02T07:00:00", None),
        ("2020-01-02 00:00:00Z", None),
        ("2020-13-41T00:00:00Z", None),
        ("20200102000000", None),
        ("2099-01-02T00:00:00Z", None),
    ],
)
def test_a_date_is_believed_as_far_as_it_is_one(archive: ArchiveDatabase, tmp_path: Path, date: str, stored: str | None) -> None:
    file = tmp_path / "khac.warc.gz"
    file.write_bytes(foreign("response", 2, page(2)) + foreign("response", 1, page(1), **{"WARC-Date": date}))
    replay(archive, file)
    found = archive.conn.execute("SELECT fetched_at FROM captures WHERE url = ?", (address(1),)).fetchall()
    assert found == ([(stored,)] if stored else [])
    assert archive.conn.execute("SELECT kind FROM issues").fetchall() == ([] if stored else [("warc_unreadable",)])
    report = Verification(archive.path, portals(), full=True, tell=lambda *_: None).run()
    assert [finding.line() for finding in report.findings if finding.severity != "note"] == []
    before, after = rebuilt(archive, "captures")
    assert after == before


def test_a_record_with_anothers_id_is_named(archive: ArchiveDatabase, tmp_path: Path) -> None:
    file = tmp_path / "khac.warc.gz"
    same = {"WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000001>"}
    file.write_bytes(foreign("response", 1, page(1), **same) + foreign("response", 2, page(2), **same))
    done = replay(archive, file)
    assert (done.verdict, keys(archive)) == ("doubtful", ["0001"])
    assert archive.conn.execute("SELECT url, capture_id FROM articles").fetchall() == [(address(1), 1)]


def test_a_revisit_without_digest_is_given_no_body(archive: ArchiveDatabase, tmp_path: Path) -> None:
    file = tmp_path / "khac.warc.gz"
    records = (foreign("response", 1, page(1)), foreign("revisit", 2, b""))
    file.write_bytes(b"".join(changed(record, lambda head, block: (DIGESTS.sub(b"", head), block)) for record in records))
    assert replay(archive, file).revisits == 1
    assert archive.conn.execute("SELECT DISTINCT payload_digest FROM captures").fetchall() == [("",)]
    before, after = rebuilt(archive, "captures")
    assert after == before


def test_pages_that_no_server_sent_are_named(archive: ArchiveDatabase, tmp_path: Path) -> None:
    buffer = BytesIO(b"damaged")
    buffer.seek(0, os.SEEK_END)
    writer = WARCWriter(buffer, gzip=True)
    for kind in ("resource", "resource", "conversion"):
        writer.write_record(
            writer.create_warc_record(address(1), kind, payload=BytesIO(page(1)), length=len(page(1)), warc_content_type="text/html")
        )
    file = tmp_path / "thu-muc.warc.gz"
    file.write_bytes(b"\x1f\x8b\x08" + buffer.getvalue())
    assert replay(archive, file).verdict == "doubtful"
    told = [detail for (detail,) in archive.conn.execute("SELECT detail FROM issues ORDER BY id")]
    assert told[0].startswith("thu-muc.warc.gz at 0: damaged: ")
    assert told[1:] == [
        f"thu-muc.warc.gz: {count} {kind} records are no answers of a server; they were not read"
        for count, kind in ((2, "resource"), (1, "conversion"))
    ]


def test_a_crawl_of_others_laid_among_our_segments_is_not_taken_for_ours(tmp_path: Path) -> None:
    """As wget and warcio write it, its requests beside its answers."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    writer.write_record(writer.create_warcinfo_record("thu.warc.gz", {"software": "Wget/1.21.3 (linux-gnu)"}))
    with ArchiveDatabase(tmp_path / "archive.db") as archive:
        replay(archive)
    file = tmp_path / "warcs" / "cao_bang" / "thu.warc.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(buffer.getvalue() + build_record(capture(1, TIMES[1]), ()).data)
    mend(archive.path, verify(archive.path))
    assert query(archive.path, "SELECT url, provenance FROM captures") == [(address(1), "thu.warc.gz")]
    new = tmp_path / "neu" / "archive.db"
    assert rebuild(new, tmp_path / "warcs", portals(), lambda *_: None).damaged == []
    assert query(new, "SELECT url, provenance FROM captures") == [(address(1), "thu.warc.gz")]
    assert query(new, "SELECT kind FROM crawls") == [("replay",)]


def test_a_capture_that_was_lost_comes_back(archive: ArchiveDatabase, tmp_path: Path) -> None:
    file = tmp_path / "khac.warc.gz"
    file.write_bytes(b"".join(members(3)))
    replay(archive, file)
    before = archive.conn.execute("SELECT id, url, revision_id FROM captures ORDER BY id").fetchall()
    (lost,) = (archive.root / row[0] for row in archive.conn.execute("SELECT file FROM segments"))
    archive.conn.execute("UPDATE captures SET outcome = 'lost', revision_id = NULL WHERE id > 1")
    end = archive.conn.execute("SELECT warc_offset + warc_length FROM captures WHERE id = 1").fetchone()[0]
    archive.conn.execute("UPDATE segments SET committed_end = ?", (end,))
    os.truncate(lost, end)
    again = replay(archive, file)
    assert (again.read, again.known) == (2, 1)
    assert archive.conn.execute("SELECT id, url, revision_id FROM captures ORDER BY id").fetchall() == before
    report = Verification(archive.path, portals(), full=True, tell=lambda *_: None).run()
    assert [finding.line() for finding in report.findings if finding.severity != "note"] == []


def test_a_file_laid_beside_our_segments_is_imported(archive: ArchiveDatabase, tmp_path: Path) -> None:
    file = tmp_path / "warcs" / "cao_bang" / "cua-nguoi-khac.warc.gz"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"".join(members(2)))
    done = replay(archive, file)
    assert (done.read, done.known) == (2, 0)
    assert keys(archive) == ["0001", "0002"]
    (own,) = (archive.root / row[0] for row in archive.conn.execute("SELECT file FROM segments"))
    assert replay(archive, own).read == 2
    assert replay(archive, file).known == 2


@pytest.mark.skipif(shutil.which("wget") is None, reason="without wget: no crawl of another program's to import")
@pytest.mark.parametrize("digests", [True, False])
def test_a_crawl_of_wget(archive: ArchiveDatabase, tmp_path: Path, digests: bool) -> None:
    """A crawl as ArchiveBox makes it, of the replica; the addresses are then the portal's, as if it had been the portal."""
    with Replica(articles=5, portals=("quang_tri",)) as portal:
        base = portal.urls["quang_tri"]
        urls = [base + one.url.removeprefix(QuangTriSpider.home.rstrip("/")) for one in replica(QuangTriSpider, 5)]
        (tmp_path / "urls").write_text("\n".join(urls))
        options = [] if digests else ["--no-warc-digests"]
        command = ["wget", "-q", "-i", "urls", "--warc-file=thu", "--no-warc-compression", "-O", "/dev/null", "-e", "robots=off", *options]
        subprocess.run(command, cwd=tmp_path, check=False, timeout=60)
    file = tmp_path / "thu.warc"
    data = file.read_bytes()
    assert b"Wget" in data
    file.write_bytes(data.replace(b"<" + base.encode(), b"<http://www.quangtri.gov.vn"))
    done = Replay(archive, QuangTriSpider, AtOnce())
    archive.claim_origin("live")
    list(done.run(file))
    done.finish()
    assert done.verdict == "good"
    assert (
        archive.conn.execute("SELECT count(*) FROM articles").fetchone()[0]
        + archive.conn.execute("SELECT count(*) FROM off_topic").fetchone()[0]
        == 5
    )
