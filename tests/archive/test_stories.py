"""The same text on several portals is one story, however many have it, and however large the archive is."""

from __future__ import annotations

import random
from typing import Any

import pytest

from scraper.analyse.reprints import keys
from scraper.archive import analysis, stories
from scraper.archive.database import ArchiveDatabase
from scraper.archive.schema import m008_keys_of_reprints
from tests.archive.reports import REPORT, capture, everything, run, take


def test_reprints_are_a_story_and_last_year_s_report_is_none(filled: ArchiveDatabase) -> None:
    stories = filled.conn.execute(
        "SELECT m.story_id, group_concat(a.article_key) FROM story_articles m JOIN articles a ON a.id = m.article_id GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert [set(keys.split(",")) for _, keys in stories] == [{"1001", "1003"}, {"1002", "1004"}]
    assert filled.conn.execute("SELECT articles, sources FROM stories").fetchall() == [(2, 2), (2, 2)]


def test_a_story_ends_when_its_copy_changes(filled: ArchiveDatabase) -> None:
    other = " ".join(f"từ{at} mới{at % 7}" for at in range(80)) + " Hội Khuyến học tỉnh trao 5 suất học bổng."
    take(filled, "cao_bang", capture("cao_bang", 3, other, at="2023-03-05T02:00:00Z"))
    assert filled.conn.execute("SELECT count(*) FROM stories").fetchone() == (1,)
    assert filled.conn.execute("SELECT count(*) FROM story_articles").fetchone() == (2,)


def copied(archive: ArchiveDatabase, table: str, row: dict[str, Any], **changed: Any) -> None:
    values = {**row, **changed}
    slots = ", ".join(f":{name}" for name in values)
    archive.conn.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({slots})", values)


def test_what_fifty_portals_print_is_one_story_and_no_article_has_fifty_pairs(filled: ArchiveDatabase) -> None:
    """Every key of the text is in more articles than are looked up, as every phrase of an appeal to all provinces is."""
    stored_copies(filled, *((number, f"portal_{number}", REPORT) for number in range(100, 150)))
    assert filled.conn.execute("SELECT max(articles), max(sources) FROM stories").fetchone() == (52, 52)
    pairs = "SELECT max(pairs) FROM (SELECT count(*) AS pairs FROM reprints WHERE other_id >= 100 GROUP BY other_id)"
    assert filled.conn.execute(pairs).fetchone()[0] == stories.REMEMBERED
    before = everything(filled)
    assert run(filled) == []
    assert everything(filled) == before


def stored_copies(archive: ArchiveDatabase, *texts: tuple[int, str, str]) -> None:
    """Articles out of (number, portal, body), analysed one after the other as a crawl does it."""
    source, article = (next(iter(archive.db.query(f"SELECT * FROM {table} LIMIT 1"))) for table in ("sources", "articles"))
    with archive.transaction() as db:
        for number, name, body in texts:
            if not db.execute("SELECT 1 FROM sources WHERE id = ?", (name,)).fetchone():
                copied(archive, "sources", source, id=name)
            own = {
                "id": number,
                "uid": f"{name}-{number}",
                "source_id": name,
                "article_key": str(number),
                "url": f"https://{name}.vn/{number}",
            }
            copied(archive, "articles", article, **own, body=body)
            analysis.store(db, analysis.read_article(analysis.load(db, number)))


_WORDS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
NOTICE = " ".join(f"khuyến học việc thứ {word} của tuần này" for word in _WORDS)


@pytest.mark.parametrize("weeks", [10, 40])
def test_a_notice_of_every_week_does_not_hide_the_reprint_of_one(filled: ArchiveDatabase, weeks: int) -> None:
    def notice(week: int) -> str:
        return f"{NOTICE} trao {week * 7 + 1000} suất, {week * 13 + 300} quyển vở, {week * 3 + 500} cặp và {week * 11 + 700} bút."

    stored_copies(filled, *((100 + week, "portal_a", notice(week)) for week in range(weeks)))
    stored_copies(filled, (500, "portal_b", notice(weeks - 1)))
    found = filled.conn.execute("SELECT article_id FROM reprints WHERE other_id = 500").fetchall()
    assert found == [(100 + weeks - 1,)]


def test_those_that_hung_together_by_one_that_changed_find_each_other(filled: ArchiveDatabase) -> None:
    stored_copies(filled, *((number, f"portal_{number}", REPORT) for number in range(100, 130)))
    for number in range(100, 112):
        with filled.transaction() as db:
            db.execute("UPDATE articles SET body = ? WHERE id = ?", (f"{NOTICE} lần {number}.", number))
            analysis.store(db, analysis.read_article(analysis.load(db, number)))
    kept = filled.conn.execute("SELECT story_id FROM story_articles WHERE article_id >= 112").fetchall()
    assert len(kept) == 18
    assert len(set(kept)) == 1


def test_an_older_archive_s_shingles_are_thinned_to_the_keys(archive: ArchiveDatabase) -> None:
    archive.claim_origin("live")
    rng = random.Random(1)
    samples = [frozenset(4 * rng.randrange(2**30) for _ in range(size)) for size in (0, 1, 9, 23, 24, 25, 71, 72, 73, 75, 76, 300)]
    archive.conn.execute("PRAGMA foreign_keys = OFF")
    archive.conn.executemany(
        "INSERT INTO article_shingles (hash, article_id) VALUES (?, ?)",
        [(value, number) for number, one in enumerate(samples) for value in one],
    )
    with archive.transaction() as db:
        m008_keys_of_reprints(db)
    for number, one in enumerate(samples):
        left = archive.conn.execute("SELECT hash FROM article_shingles WHERE article_id = ?", (number,)).fetchall()
        assert {row[0] for row in left} == set(keys(one))


def test_what_an_edit_does_to_a_pair_is_seen_though_the_keys_stay(filled: ArchiveDatabase) -> None:
    found = "SELECT containment, numbers FROM reprints ORDER BY article_id"
    before = filled.conn.execute(found).fetchall()
    changed = REPORT.replace("31 hộ", "32 hộ")
    take(filled, "cao_bang_thach_an", capture("cao_bang_thach_an", 1, changed, at="2023-02-05T02:00:00Z"))
    after = filled.conn.execute(found).fetchall()
    assert len(after) == len(before) == 2
    assert after != before
