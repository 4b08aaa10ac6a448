"""A template's text that stands where articles should is stored for none of them, and costs none its own."""

from __future__ import annotations

import pytest

from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.items import Article, Attachment, Capture, Reading
from tests.archive.sightings import HOME, facts

OWN = "Hội Khuyến học xã trao quỹ khuyến học cho học sinh; bài này của riêng địa chỉ {}."
TEMPLATE = "Hội Khuyến học xã giới thiệu quỹ khuyến học. Nội dung đang được cập nhật, mời bạn đọc quay lại sau."


@pytest.fixture
def archive(archive: ArchiveDatabase) -> ArchiveDatabase:
    archive.claim_origin("live")
    return archive


def read(capture: Capture) -> Reading:
    """An invented page is its article's text; one of an address with ``file`` in it offers a file."""
    key = capture.url.rpartition("-")[2]
    files = (Attachment(f"{HOME}/van-ban-{key}.pdf", "document"),) if "file" in capture.url else ()
    return Reading(Article(key, capture.url, f"Hội Khuyến học xã: bài {key}", None, capture.body.decode(), attachments=files))


def crawl(archive: ArchiveDatabase, texts: dict[str, str]) -> tuple[list[str | None], int]:
    """Read a text at each address in one crawl; returns what became of each, and how many were called a template's."""
    keeper = Keeper(archive, facts("thu"), "crawl")
    keeper.reads_by(read, lambda url: url.rpartition("-")[2])
    became = []
    for second, (name, text) in enumerate(texts.items()):
        capture = Capture(f"{HOME}/{name}", f"2024-01-0{keeper.crawl_id}T00:00:0{second}Z", 200, (), text.encode())
        became.append(keeper.take(capture, keeper.keep(capture, ()), read(capture)).outcome)
    keeper.finish("finished", "ok")
    return became, keeper.problems["boilerplate"]


def standing(archive: ArchiveDatabase) -> list[str]:
    return [row[0] for row in archive.conn.execute("SELECT body FROM articles ORDER BY article_key")]


def test_a_text_under_two_addresses_may_be_a_story_printed_twice(archive: ArchiveDatabase) -> None:
    assert crawl(archive, {"bai-1": TEMPLATE, "bai-2": TEMPLATE}) == (["new", "new"], 0)
    assert standing(archive) == [TEMPLATE, TEMPLATE]


def test_a_text_under_three_addresses_is_withdrawn_from_all(archive: ArchiveDatabase) -> None:
    assert crawl(archive, {f"bai-{number}": TEMPLATE for number in range(1, 5)}) == (["new", "new", None, None], 4)
    assert standing(archive) == []


def test_articles_get_their_own_text_again(archive: ArchiveDatabase) -> None:
    own = {f"bai-{number}": OWN.format(number) for number in range(1, 4)}
    crawl(archive, own)
    assert crawl(archive, dict.fromkeys(own, TEMPLATE)) == (["changed", None, None], 3)
    assert standing(archive) == list(own.values())


def test_the_same_words_before_a_file_of_each_are_no_boilerplate(archive: ArchiveDatabase) -> None:
    assert crawl(archive, {f"file-{number}": TEMPLATE for number in range(1, 4)}) == (["new"] * 3, 0)
    assert standing(archive) == [TEMPLATE] * 3
