"""Captures go out byte for byte, as downloads only, and from nowhere but the archive's own segments."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.archive.warc_writer import payload_digest
from scraper.items import Capture
from scraper.portal import portals
from scraper.web.captured import segment_path

from .archive import ON_TOPIC, build_archive
from .conftest import Browser

PAGE = ON_TOPIC[0]


def _captures(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        found = dict(connection.execute("SELECT a.uid, a.capture_id FROM articles a").fetchall())
    connection.close()
    return found


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Browser, Path]]:
    """An archive that a test may spoil, with a revisit in it and a page that came compressed."""
    (tmp_path / "kho").mkdir()
    path = build_archive(tmp_path / "kho" / "archive.db")
    with ArchiveDatabase(path) as archive:
        spider = portals()[PAGE.source]
        keeper = Keeper(archive, spider.facts(), "replay")
        for at, headers, body in (
            ("2025-03-01T00:00:00Z", (("Content-Type", "text/html"),), PAGE.body),
            ("2025-03-02T00:00:00Z", (("Content-Type", "text/html"), ("Content-Encoding", "gzip")), gzip.compress(b"<p>compressed</p>")),
        ):
            keeper.keep(Capture(PAGE.url, at, 200, headers, body), (), outcome="read")
        keeper.finish("finished", "good")
    made = Browser(path)
    yield made, path
    made.close()


@pytest.mark.parametrize("page", ON_TOPIC[:3], ids=lambda page: page.uid)
def test_downloads_are_what_was_received(browser: Browser, archive_path: Path, page: object) -> None:
    uid = page.uid  # type: ignore[attr-defined]
    number = _captures(archive_path)[uid]
    for address in (f"/bai/{uid}", f"/archive/captures/{number}"):
        shown = browser.get(address).text
        assert f'href="/ban-luu/{number}.warc.gz"' in shown
        assert f'href="/ban-luu/{number}.html"' in shown
    for form in ("html", "warc.gz"):
        answer = browser.get(f"/ban-luu/{number}.{form}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == f'attachment; filename="{uid.rpartition("-")[0]}-{number}.{form}"'
        assert answer.headers["x-content-type-options"] == "nosniff"
    record = next(ArchiveIterator(BytesIO(answer.content)))
    with sqlite3.connect(archive_path) as connection:
        digest, record_id = connection.execute("SELECT payload_digest, record_id FROM captures WHERE id = ?", (number,)).fetchone()
    connection.close()
    body = record.raw_stream.read()
    assert record.rec_headers.get_header("WARC-Record-ID") == record_id
    assert payload_digest(body) == digest
    assert browser.get(f"/ban-luu/{number}.html").content == body
    if uid != "cao_bang_thach_an-1003":  # edited later
        assert body == page.body  # type: ignore[attr-defined]


def test_revisits_and_compressed_pages(own: tuple[Browser, Path]) -> None:
    browser, path = own
    with sqlite3.connect(path) as connection:
        rows = dict(connection.execute("SELECT kind, id FROM captures WHERE fetched_at > '2025-03'").fetchall())
    connection.close()
    assert browser.get(f"/ban-luu/{rows['revisit']}.html").content == PAGE.body
    assert browser.get(f"/ban-luu/{rows['response']}.html").content == b"<p>compressed</p>"
    revisit = next(ArchiveIterator(BytesIO(browser.get(f"/ban-luu/{rows['revisit']}.warc.gz").content)))
    assert revisit.rec_type == "revisit"


def test_without_segments_nothing_is_offered(own: tuple[Browser, Path]) -> None:
    browser, path = own
    number = _captures(path)[PAGE.uid]
    shutil.rmtree(path.parent / "warcs")
    assert "/ban-luu/" not in browser.get(f"/bai/{PAGE.uid}").text
    assert "/ban-luu/" not in browser.get(f"/archive/captures/{number}").text
    answer = browser.ask(f"/ban-luu/{number}.html")
    assert answer.status_code == 404
    assert "không nằm cạnh" in answer.text


def test_damaged_segments_fail_gently(own: tuple[Browser, Path]) -> None:
    browser, path = own
    number = _captures(path)[PAGE.uid]
    for segment in (path.parent / "warcs").rglob("*.warc.gz"):
        os.truncate(segment, 600)
    for form in ("html", "warc.gz"):
        assert browser.ask(f"/ban-luu/{number}.{form}").status_code == 404


FORGED = [
    "../secret.warc.gz", "warcs/../secret.warc.gz", "warcs/a/../../secret.warc.gz", "/etc/passwd", "warcs/a/link.warc.gz",
    "warcs/linked/x.warc.gz", "warcs/a/folder.warc.gz", "secret.warc.gz", "warcs/a/.hidden.warc.gz", "warcs/a/x\x00.warc.gz",
]  # fmt: skip


@pytest.mark.parametrize("segment", FORGED)
def test_no_other_file_is_ever_read(own: tuple[Browser, Path], segment: str) -> None:
    browser, path = own
    number = _captures(path)[PAGE.uid]
    kho = path.parent
    real = next((kho / "warcs").rglob("*.warc.gz"))
    for place in (kho / "secret.warc.gz", kho.parent / "secret.warc.gz"):
        shutil.copy(real, place)
    (kho / "warcs" / "a" / "folder.warc.gz").mkdir(parents=True)
    (kho / "warcs" / "a" / "link.warc.gz").symlink_to(kho / "secret.warc.gz")
    (kho / "elsewhere").mkdir()
    shutil.copy(real, kho / "elsewhere" / "x.warc.gz")
    (kho / "warcs" / "linked").symlink_to(kho / "elsewhere")
    assert segment_path(path, segment) is None
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE captures SET warc_file = ? WHERE id = ?", (segment, number))
    connection.close()
    for form in ("html", "warc.gz"):
        assert browser.ask(f"/ban-luu/{number}.{form}").status_code == 404
    assert "/ban-luu/" not in browser.get(f"/bai/{PAGE.uid}").text


@pytest.mark.parametrize("name", ["0.html", "1.exe", "999999.html", "../archive.db", "1.html/x", "9" * 18 + ".html"])
def test_no_such_capture(browser: Browser, name: str) -> None:
    assert browser.ask(f"/ban-luu/{name}").status_code in (403, 404)
