"""The measure itself: it accepts a sound archive and notices every kind of damage that the crash tests look for."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.crash.lab import Lab
from tests.crash.whole import whole

STATEMENTS = {
    "an article lost": "DELETE FROM articles WHERE id = (SELECT min(id) FROM articles)",
    "an article doubled": "INSERT INTO articles SELECT id + 1000, uid || 'x', title, published_at, source_id, section, lead, body, byline,"
    " source_line, url, cite_as, published_precision, published_raw, relevance_score, relevance_words, first_seen_at, last_seen_at,"
    " missing_since, missing_looks, gone_at, article_key || 'x', layout, evidence, body_digest, current_as_of, address_rank, capture_id,"
    " revision_id FROM articles LIMIT 1",
    "a wrong title": "UPDATE articles SET title = title || '.' WHERE id = (SELECT min(id) FROM articles)",
    "half a body": "UPDATE articles SET body = substr(body, 1, length(body) / 2) WHERE id = (SELECT min(id) FROM articles)",
    "a revision doubled": "INSERT INTO revisions SELECT id + 1000, article_id, first_captured_at, title, lead, body, byline, source_line,"
    " published_at, content_digest || 'x', extractor, capture_id FROM revisions LIMIT 1",
    "a capture never read": "UPDATE captures SET outcome = NULL WHERE id = 5",
    "a capture's row lost": "DELETE FROM captures WHERE outcome = 'robots'",
    "a capture elsewhere": "UPDATE captures SET warc_offset = warc_offset + 1 WHERE id = 5",
    "another record": "UPDATE captures SET record_id = '<urn:uuid:0>' WHERE id = 5",
    "another address": "UPDATE captures SET url = url || '?' WHERE id = 5",
    "a committed end too early": "UPDATE segments SET committed_end = committed_end - 1",
    "an article not searchable": "INSERT INTO articles_fts (articles_fts, rowid, title, lead, body) SELECT 'delete', id,"
    " replace(replace(title, 'đ', 'd'), 'Đ', 'D'), replace(replace(lead, 'đ', 'd'), 'Đ', 'D'), replace(replace(body, 'đ', 'd'), 'Đ', 'D')"
    " FROM articles LIMIT 1",
    "an article still to be asked": "UPDATE frontier SET state = 'todo' WHERE article_key = (SELECT min(article_key) FROM frontier)",
    "a walk cut off": "UPDATE sections SET completed_at = NULL WHERE id = 1",
}


def _last_byte_lost(segment: Path) -> None:
    segment.write_bytes(segment.read_bytes()[:-1])


def _tail_of_zeros(segment: Path) -> None:
    segment.write_bytes(segment.read_bytes() + bytes(4096))


def _flipped_bit(segment: Path) -> None:
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.write_bytes(data)


def _unknown_segment(segment: Path) -> None:
    shutil.copy(segment, segment.with_name("another.warc.gz"))


@pytest.fixture(scope="module")
def sound(lab: Lab) -> Path:
    archive = lab.fresh()
    assert lab.crawl(archive).code == 0
    whole(archive, lab.truth)
    return archive


@pytest.fixture
def copy(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound.parent, tmp_path / "kho")
    return tmp_path / "kho" / "archive.db"


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_notices_what_is_wrong_in_the_database(lab: Lab, copy: Path, statement: str) -> None:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount == 1
    with pytest.raises(AssertionError):
        whole(copy, lab.truth)


@pytest.mark.parametrize("damage", [_last_byte_lost, _tail_of_zeros, _flipped_bit, _unknown_segment])
def test_notices_what_is_wrong_in_a_segment(lab: Lab, copy: Path, damage: Callable[[Path], None]) -> None:
    (segment,) = copy.parent.glob("warcs/*/*.warc.gz")
    damage(segment)
    with pytest.raises(AssertionError):
        whole(copy, lab.truth)
