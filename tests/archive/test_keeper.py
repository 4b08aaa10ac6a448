"""One crawl from bytes to rows: captured before parsed, every row traceable, a rebuild from the WARC alone gives the same archive."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import CrawlKind, Keeper
from scraper.archive.warc_reader import read_capture, read_records
from scraper.archive.warc_writer import build_record, warcinfo_record
from scraper.items import Capture, Problem, Reading
from scraper.replay import Replay
from spiders.cao_bang import CaoBangPortalSpider
from tests.at_once import AtOnce
from tests.fixture_pages import news_of

HOME = "https://caobang.gov.vn"
TEXT = "Hội Khuyến học tỉnh trao quỹ khuyến học cho học sinh nghèo vượt khó trong toàn tỉnh. "
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def page(number: int, words: str = "đầu", repeat: int = 6) -> bytes:
    body = "".join(f"<p>Đoạn {line} bản {words} của bài {number}. {TEXT}</p>" for line in range(repeat))
    title = f"Hội Khuyến học tỉnh: bài {number} bản {words}"
    return f'<html><div class="ArticleHeader">{title}</div><div class="ArticleContent">{body}</div></html>'.encode()


def capture(number: int, at: str, body: bytes, status: int = 200, **more: Any) -> Capture:
    return Capture(more.get("url", f"{HOME}/van-hoaxa-hoi/bai-{number:04}"), at, status, more.get("headers", HTML), body)


def keep(keeper: Keeper, one: Capture, *, read: bool = True) -> str | None:
    capture_id = keeper.keep(one, (("User-Agent", "thu"),))
    if not read:
        return None
    return keeper.take(one, capture_id, CaoBangPortalSpider.read(one)).outcome


@pytest.fixture
def keeper(archive: ArchiveDatabase) -> Keeper:
    archive.claim_origin("live")
    return Keeper(archive, CaoBangPortalSpider.facts(), "crawl")


def said(archive: ArchiveDatabase) -> dict[str, list[tuple[Any, ...]]]:
    """What the archive says, without row numbers and the times of our own doing."""
    return {
        "articles": archive.conn.execute(
            "SELECT article_key, url, title, body, byline, published_at, first_seen_at, last_seen_at, current_as_of"
            " FROM articles ORDER BY 1"
        ).fetchall(),
        "revisions": archive.conn.execute(
            "SELECT a.article_key, r.content_digest, r.first_captured_at FROM revisions r JOIN articles a ON a.id = r.article_id"
            " ORDER BY 1, 3, 2"
        ).fetchall(),
        "off_topic": archive.conn.execute("SELECT article_key, url, title FROM off_topic ORDER BY 1").fetchall(),
    }


def rebuild(archive: ArchiveDatabase, folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The same, out of the WARC files alone."""
    folder.mkdir()
    files = sorted((archive.root / "warcs").rglob("*.warc.gz"))
    with ArchiveDatabase(folder / "archive.db") as other:
        replay = Replay(other, CaoBangPortalSpider, AtOnce())
        for file in files:
            shutil.copy(file, folder / file.name)
            for _ in replay.run(folder / file.name):
                pass
        replay.finish()
        assert replay.verdict == "good"
        return said(other)


# Capture


def test_a_capture_is_durable_before_it_is_read(archive: ArchiveDatabase, keeper: Keeper) -> None:
    one = capture(1, "2024-01-01T00:00:00Z", gzip.compress(page(1), mtime=0), headers=(*HTML, ("Content-Encoding", "gzip")))
    capture_id = keeper.keep(one, ())
    file, offset, outcome = archive.conn.execute(
        "SELECT warc_file, warc_offset, outcome FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    assert read_capture(archive.root / file, offset) == one
    assert outcome is None
    assert archive.conn.execute("SELECT count(*) FROM articles").fetchone() == (0,)


def test_every_article_points_at_the_capture_that_proves_it(archive: ArchiveDatabase, keeper: Keeper) -> None:
    for number in range(1, 4):
        assert keep(keeper, capture(number, f"2024-01-0{number}T00:00:00Z", page(number))) == "new"
    rows = archive.conn.execute(
        "SELECT a.article_key, a.title, c.warc_file, c.warc_offset FROM articles a JOIN captures c ON c.id = a.capture_id"
    ).fetchall()
    assert len(rows) == 3
    for key, title, file, offset in rows:
        read = CaoBangPortalSpider.read(read_capture(archive.root / file, offset)).article
        assert read is not None
        assert (read.key, read.title) == (key, title)


def test_a_reading_that_fails_to_be_stored_leaves_the_capture_unread(archive: ArchiveDatabase, keeper: Keeper) -> None:
    one = capture(1, "2024-01-01T00:00:00Z", page(1))
    capture_id = keeper.keep(one, ())
    broken = Reading(article=CaoBangPortalSpider.read(one).article, problems=(Problem("khong_co", "no such kind"),))
    with pytest.raises(ValueError, match="khong_co"):
        keeper.take(one, capture_id, broken)
    assert archive.conn.execute("SELECT outcome FROM captures").fetchall() == [(None,)]
    assert archive.conn.execute("SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM issues)").fetchone() == (0,)
    assert keeper.take(one, capture_id, CaoBangPortalSpider.read(one)).outcome == "new"


def test_counts_are_of_articles(archive: ArchiveDatabase, keeper: Keeper) -> None:
    keep(keeper, capture(1, "2024-01-01T00:00:00Z", page(1)))
    keep(keeper, capture(1, "2024-01-02T00:00:00Z", page(1, "sửa")))
    keep(keeper, capture(2, "2024-01-01T00:00:00Z", page(2)))
    keeper.finish("finished", "good")
    row = archive.conn.execute("SELECT new, changed, unchanged, off_topic, failed, verdict, finish_reason FROM crawls").fetchone()
    assert row == (2, 0, 0, 0, 0, "good", "finished")


def test_a_pause_is_over_when_a_crawl_went_through(archive: ArchiveDatabase, keeper: Keeper) -> None:
    def crawled(reason: str, kind: CrawlKind = "crawl") -> list[tuple[object, ...]]:
        Keeper(archive, CaoBangPortalSpider.facts(), kind).finish(reason, "bad")
        return archive.conn.execute("SELECT kind FROM issues WHERE closed_at IS NULL").fetchall()

    keeper.set_not_before("2024-01-01T00:15:00Z", Problem("asked_to_wait", "the portal answered 503"))
    keeper.note("https://caobang.gov.vn/x", Problem("unreachable", "no answer"))
    assert crawled("asked_to_wait") == crawled("shutdown") == crawled("finished", "replay") == [("asked_to_wait",), ("unreachable",)]
    assert crawled("finished") == [("unreachable",)]


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_an_error_never_touches_the_text(archive: ArchiveDatabase, keeper: Keeper, status: int) -> None:
    keep(keeper, capture(1, "2024-01-01T00:00:00Z", page(1)))
    before = said(archive)
    one = capture(1, "2024-01-02T00:00:00Z", b"<h1>error</h1>", status)
    keeper.take(one, keeper.keep(one, ()), CaoBangPortalSpider.read(one), asked_for="0001")
    assert said(archive) == before
    assert archive.conn.execute("SELECT kind FROM issues").fetchall() == [("http_error",)]


@pytest.mark.parametrize("spelling", ["http://caobang.gov.vn:80{}", "https://caobang.gov.vn{};jsessionid=1", "https://caobang.gov.vn{}#a"])
def test_an_issue_is_closed_however_its_address_was_spelled(archive: ArchiveDatabase, keeper: Keeper, spelling: str) -> None:
    url = spelling.format("/van-hoaxa-hoi/bai-0001")
    keeper.fail(url, Problem("unreachable", "no answer"), "0001")
    keep(keeper, capture(1, "2099-01-01T00:00:00Z", page(1), url=url))
    ((opened, closed),) = archive.conn.execute("SELECT url, closed_at FROM issues").fetchall()
    assert opened.endswith("://caobang.gov.vn/van-hoaxa-hoi/bai-0001")
    assert closed == "2099-01-01T00:00:00Z"


SOFT = {
    "maintenance": b"<html><title>H\xe1\xbb\x87 th\xe1\xbb\x91ng \xc4\x91ang b\xe1\xba\xa3o tr\xc3\xac</title></html>",
    "soft_404": "<html><h1>Không tìm thấy trang</h1></html>".encode(),
    "login": "<html><h2>Đăng nhập hệ thống</h2><form></form></html>".encode(),
    "challenge": b'<html><script>document.cookie="D1N=0";window.location.reload(true);</script></html>',
    "empty_page": b"   \n",
    "not_html": b"%PDF-1.4 ...",
    "layout_changed": b"<html><h1>Tin</h1><div class='v2'>bla</div></html>",
}


@pytest.mark.parametrize("kind", SOFT)
def test_what_stands_in_place_of_an_article_is_an_issue(archive: ArchiveDatabase, keeper: Keeper, kind: str) -> None:
    keep(keeper, capture(1, "2024-01-01T00:00:00Z", page(1)))
    before = said(archive)
    assert keep(keeper, capture(1, "2024-01-02T00:00:00Z", SOFT[kind])) is None
    assert said(archive) == before
    assert archive.conn.execute("SELECT kind FROM issues").fetchall() == [(kind,)]


def unknown_theme(words: str) -> bytes:
    news = news_of("nghe_an")[0]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in [f"Bản {words} của bài.", *news.paragraphs])
    date = "<div class='ngay'>7:47, Chủ Nhật, 11-12-2022</div>"
    return f"<html><title>{news.title} - Cổng</title><main><h1>{news.title}</h1>{date}<div class='v2'>{body}</div></main></html>".encode()


def test_a_theme_nobody_knows_is_read_and_said_where_there_is_nothing_yet(archive: ArchiveDatabase, keeper: Keeper) -> None:
    assert keep(keeper, capture(1, "2024-01-01T00:00:00Z", unknown_theme("đầu"))) == "new"
    assert keep(keeper, capture(1, "2024-01-02T00:00:00Z", unknown_theme("hai"))) == "changed"
    assert keep(keeper, capture(1, "2024-01-03T00:00:00Z", page(1, "ba", repeat=12))) == "changed"
    assert archive.conn.execute("SELECT layout FROM articles").fetchall() == [("cao_bang_article",)]
    assert archive.conn.execute("SELECT kind FROM issues WHERE closed_at IS NULL").fetchall() == []


def test_a_page_that_lost_its_layout_never_replaces_one_that_had_it(archive: ArchiveDatabase, keeper: Keeper) -> None:
    keep(keeper, capture(1, "2024-01-01T00:00:00Z", page(1)))
    before = said(archive)
    assert keep(keeper, capture(1, "2024-01-02T00:00:00Z", unknown_theme("hai"))) is None
    assert said(archive) == before
    assert ("layout_changed",) in archive.conn.execute("SELECT kind FROM issues").fetchall()


@pytest.mark.parametrize("title", ["Không tìm thấy trang", "Hệ thống đang bảo trì", "Bài viết không tồn tại"])
def test_a_soft_page_in_the_template_never_replaces_the_article(archive: ArchiveDatabase, keeper: Keeper, title: str) -> None:
    keep(keeper, capture(1, "2024-01-01T00:00:00Z", page(1, repeat=2)))
    before = said(archive)
    text = "Nội dung quý vị tìm không còn trên Cổng hoặc đã chuyển đi nơi khác. Mời quý vị quay lại trang chủ hoặc tìm kiếm. " * 2
    soft = f'<html><div class="ArticleHeader">{title}</div><div class="ArticleContent"><p>{text}</p></div></html>'
    keep(keeper, capture(1, "2024-01-02T00:00:00Z", soft.encode()))
    assert said(archive) == before


# Replay and rebuild


def test_a_rebuild_gives_the_same_archive(archive: ArchiveDatabase, keeper: Keeper, tmp_path: Path) -> None:
    keep(keeper, capture(1, "2024-01-01T00:00:00Z", page(1)))
    keep(keeper, capture(2, "2024-01-01T00:00:01Z", page(2)))
    keep(keeper, capture(1, "2024-01-02T00:00:00Z", page(1, "sửa")))
    keep(keeper, capture(3, "2024-01-02T00:00:01Z", page(3).replace("huyến".encode(), b"x")))
    keep(keeper, capture(1, "2024-01-03T00:00:00Z", page(1, "sửa hai")))
    keeper.finish("finished", "good")
    assert rebuild(archive, tmp_path / "lại") == said(archive)


def test_a_rebuild_knows_that_an_article_went_back(archive: ArchiveDatabase, keeper: Keeper, tmp_path: Path) -> None:
    for day, words in ((1, "A"), (2, "B"), (3, "A")):
        keep(keeper, capture(1, f"2024-01-0{day}T00:00:00Z", page(1, words)))
    keeper.finish("finished", "good")
    assert "bản A" in said(archive)["articles"][0][2]
    assert rebuild(archive, tmp_path / "lại") == said(archive)


def test_a_replay_of_our_own_segment_changes_nothing(archive: ArchiveDatabase, keeper: Keeper) -> None:
    keep(keeper, capture(1, "2024-01-01T00:00:00Z", page(1)))
    keep(keeper, capture(1, "2024-01-02T00:00:00Z", page(1, "sửa")))
    keeper.finish("finished", "good")
    before = said(archive), archive.conn.execute("SELECT count(*) FROM captures").fetchone()
    for _ in range(2):
        replay = Replay(archive, CaoBangPortalSpider, AtOnce())
        for file in (archive.root / "warcs").rglob("*.warc.gz"):
            assert list(replay.run(file)) == [2]
        replay.finish()
    assert (said(archive), archive.conn.execute("SELECT count(*) FROM captures").fetchone()) == before


@pytest.mark.parametrize("compressed", [True, False])
def test_a_foreign_file_is_taken_over_once(archive: ArchiveDatabase, tmp_path: Path, compressed: bool) -> None:
    records = [build_record(capture(number, f"2024-01-0{number}T00:00:00Z", page(number)), ()) for number in (1, 2)]
    other_site = build_record(capture(3, "2024-01-03T00:00:00Z", page(3), url="https://khac.gov.vn/tin/bai-0003"), ())
    data = warcinfo_record("x", "x") + b"".join(record.data for record in (*records, other_site))
    file = tmp_path / ("khac.warc.gz" if compressed else "khac.warc")
    file.write_bytes(data if compressed else gzip.decompress(data))
    for again in (False, True):
        replay = Replay(archive, CaoBangPortalSpider, AtOnce())
        list(replay.run(file))
        replay.finish()
        assert (replay.read, replay.known, replay.foreign, replay.verdict) == ((0, 2, 1, "good") if again else (2, 0, 1, "good"))
    rows = archive.conn.execute("SELECT url, warc_file, warc_offset, warc_length, provenance FROM captures ORDER BY id").fetchall()
    assert [row[0] for row in rows] == [f"{HOME}/van-hoaxa-hoi/bai-000{number}" for number in (1, 2)]
    for number, (_, name, offset, length, provenance) in enumerate(rows, 1):
        stored = archive.root / name
        assert read_capture(stored, offset) == capture(number, f"2024-01-0{number}T00:00:00Z", page(number))
        assert provenance == file.name
        assert gzip.decompress(stored.read_bytes()[offset : offset + length]).startswith(b"WARC/1.1")
    assert len(list(read_records(archive.root / rows[0][1]))) == 2


def test_a_record_that_stands_twice_is_taken_once(archive: ArchiveDatabase, tmp_path: Path) -> None:
    record = build_record(capture(1, "2024-01-01T00:00:00Z", page(1)), ())
    file = tmp_path / "hai.warc.gz"
    file.write_bytes(record.data + record.data)
    replay = Replay(archive, CaoBangPortalSpider, AtOnce())
    list(replay.run(file))
    replay.finish()
    assert archive.conn.execute("SELECT count(*) FROM captures").fetchone() == (1,)


def test_a_damaged_foreign_file_gives_what_stands_before_the_damage(archive: ArchiveDatabase, tmp_path: Path) -> None:
    records = [build_record(capture(number, f"2024-01-0{number}T00:00:00Z", page(number)), ()) for number in (1, 2, 3)]
    data = bytearray(b"".join(record.data for record in records))
    data[len(records[0].data) + len(records[1].data) + records[2].response_at + 200] ^= 0x55
    file = tmp_path / "hong.warc.gz"
    file.write_bytes(data)
    replay = Replay(archive, CaoBangPortalSpider, AtOnce())
    list(replay.run(file))
    replay.finish()
    assert replay.verdict == "doubtful"
    assert [row[0] for row in archive.conn.execute("SELECT article_key FROM articles ORDER BY 1")] == ["0001", "0002"]
    kind, detail = archive.conn.execute("SELECT kind, detail FROM issues").fetchone()
    assert kind == "warc_unreadable"
    assert "hong.warc.gz" in detail
