"""Orders: what a worker is told of a source is what a crawl would look up, and small."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
import zstandard

from scraper.archive import frontier
from scraper.archive.database import ArchiveDatabase, now
from scraper.archive.keeper import Keeper
from scraper.items import Link
from scraper.workers.field import FieldArchive
from scraper.workers.order import DueArticle, Order, OrderUnreadable, SectionState, make_order, unpack
from spiders.quang_tri import QuangTriSpider

FACTS = QuangTriSpider.facts()
LATER = "2100-01-01T00:00:00Z"


def link(number: int) -> Link:
    return Link(f"https://www.quangtri.gov.vn/xem-chi-tiet/-/view-article/1/{number}/1", str(number), f"Bài {number}", "2026-11-01")


def fill(archive: ArchiveDatabase, articles: int) -> None:
    """A section walked to its end, then begun again with two new articles."""
    keeper = Keeper(archive, FACTS, "crawl")
    section = archive.conn.execute("SELECT id FROM sections ORDER BY id").fetchone()[0]
    with archive.transaction() as db:
        frontier.discover(db, FACTS.id, section, tuple(link(number) for number in range(articles)), now())
        db.execute("UPDATE frontier SET due_at = ?, state = 'done'", (LATER,))
        db.execute("UPDATE frontier SET due_at = NULL WHERE article_key = '1'")
        db.execute("UPDATE frontier SET due_at = '2026-01-01T00:00:00Z', etag = '\"e\"' WHERE article_key = '2'")
    keeper.walked(section, ('"s"', None))
    with archive.transaction() as db:
        frontier.discover(db, FACTS.id, section, (link(articles), link(articles + 1), link(0)), now())
    keeper.finish("finished", "good")


def test_an_order_is_what_a_crawl_looks_up(archive: ArchiveDatabase, tmp_path: Path) -> None:
    fill(archive, 5)
    order = unpack(make_order(archive.conn, FACTS, {"since": "2026-01-01"}).pack())
    assert [one.key for one in order.due] == ["2", "5", "6"]
    assert order.due[0] == DueArticle("2", link(2).url, "2026-11-01", '"e"', None)
    assert sorted(order.known) == ["0", "1", "3", "4"]
    walked, other = order.sections
    assert walked == SectionState(FACTS.sections[0], '"s"', None, True, ("0", "1", "2", "3", "4"), ("5", "6"))
    assert other == SectionState(FACTS.sections[1], None, None, False, (), ())
    assert order.arguments == {"since": "2026-01-01"}

    field = FieldArchive(tmp_path, order, FACTS)
    for query in (
        "SELECT article_key, settled FROM section_articles ORDER BY 1",
        "SELECT url, etag, last_modified, completed_at IS NULL FROM sections ORDER BY id",
        "SELECT article_key FROM frontier ORDER BY 1",
    ):
        assert field.conn.execute(query).fetchall() == archive.conn.execute(query).fetchall()
    assert frontier.due(field.db, FACTS.id, now()) == frontier.due(archive.db, FACTS.id, now())
    field.close()


def test_an_order_is_small(archive: ArchiveDatabase) -> None:
    fill(archive, 5000)
    assert len(make_order(archive.conn, FACTS, {}).pack()) < 40_000


def test_two_jobs_are_two(archive: ArchiveDatabase) -> None:
    assert make_order(archive.conn, FACTS, {}).job != make_order(archive.conn, FACTS, {}).job


def packed(text: str) -> str:
    return base64.b64encode(zstandard.compress(text.encode())).decode()


@pytest.mark.parametrize("message", ["", "x", "bm8=", packed("[]"), packed("{}"), packed('{"version": 1}')])
def test_what_is_no_order_is_refused(message: str) -> None:
    with pytest.raises(OrderUnreadable):
        unpack(message)


def test_an_order_of_another_version_is_refused() -> None:
    text = zstandard.ZstdDecompressor().decompress(base64.b64decode(Order("j", "quang_tri", {}, now()).pack())).decode()
    with pytest.raises(OrderUnreadable, match="upgrade"):
        unpack(packed(text.replace('"version": 1', '"version": 2')))
