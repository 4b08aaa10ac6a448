"""The analysis in the archive: stored with the article, the same however often it is run, and never without its proof."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from scraper.analyse import article as article_module
from scraper.analyse import rules as rules_module
from scraper.archive import analysis, reviews
from scraper.archive.database import ArchiveDatabase
from scraper.archive.verify import Verification
from scraper.portal import portals
from tests.archive.conftest import Crawled, scrapy
from tests.archive.reports import REPORT, TABLES, capture, everything, run, take
from tests.archive.test_backup import silent


def test_a_reading_is_analysed_in_its_own_transaction(filled: ArchiveDatabase) -> None:
    figures = filled.conn.execute(
        "SELECT o.indicator_id, o.value, o.place_id, o.period_end FROM observations o JOIN articles a ON a.id = o.article_id"
        " WHERE a.article_key = '1001' ORDER BY o.value_start"
    ).fetchall()
    assert figures == [
        ("chi_hoi", 217, "053", "2022-12-31"), ("chi_hoi", 21, "01786", "2022-12-31"), ("hoi_vien", 1204, "01786", "2022-12-31"),
        ("quy_khuyen_hoc", 1_200_000_000, "053", "2022-12-31"),
    ]  # fmt: skip
    assert ("Nông Văn Báo", "Chủ tịch") in filled.conn.execute("SELECT name, position FROM article_people").fetchall()
    assert {row[0] for row in filled.conn.execute("SELECT id FROM places")} >= {"04", "053", "01786", "N01786", "N04"}
    assert filled.conn.execute("SELECT new_id FROM place_successors WHERE old_id = '01786'").fetchall() == [("N01786",)]


def test_every_quote_and_number_stands_where_its_offsets_say(filled: ArchiveDatabase) -> None:
    found = filled.conn.execute(
        "SELECT a.title, a.lead, a.body, o.field, o.quote_start, o.quote_end, o.quote, o.value_start, o.value_end, o.value_text, o.version"
        " FROM observations o JOIN articles a ON a.id = o.article_id"
    ).fetchall()
    assert found
    for title, lead, body, field, start, end, quote, value_start, value_end, value_text, version in found:
        text = {"title": title, "lead": lead, "body": body}[field]
        assert text[start:end] == quote
        assert text[value_start:value_end] == value_text
        assert start <= value_start < value_end <= end
        assert version == article_module.version()


def test_again_changes_no_row(filled: ArchiveDatabase) -> None:
    before = everything(filled)
    assert run(filled) == []
    assert everything(filled) == before
    assert analysis.outdated(filled.db) == []


def test_a_run_that_was_cut_off_goes_on(filled: ArchiveDatabase) -> None:
    before = everything(filled)
    with filled.transaction() as db:
        db.execute("DELETE FROM observations WHERE article_id = 3")
        db.execute("DELETE FROM analyses WHERE article_id = 3")
    assert analysis.outdated(filled.db) == [3]
    changed = run(filled, all_of_them=False)
    assert len(changed) == 4 and all(line.startswith("+ observations article_id=3 ") for line in changed)
    after = everything(filled)
    without_ids = [sorted(map(repr, (row[1:] for row in told.pop("observations")))) for told in (before, after)]
    assert without_ids[0] == without_ids[1]
    assert after == before


@pytest.fixture
def without_branches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    kept = tuple(rule for rule in rules_module.rules() if not rule.name.startswith("branch"))
    with monkeypatch.context() as patched:
        patched.setattr(rules_module, "rules", lambda: kept)
        rules_module._rules_for.cache_clear()
        yield
    rules_module._rules_for.cache_clear()


def test_one_rule_changes_only_what_it_should(filled: ArchiveDatabase, request: pytest.FixtureRequest) -> None:
    """Without the rule for branches its figures go, and are told; every other row stays as it was, its number too."""
    before = everything(filled)
    request.getfixturevalue("without_branches")
    changes = run(filled)
    removed = [row for row in before["observations"] if row[2] == "chi_hoi"]
    assert len(removed) == 8
    assert sum(line.startswith("- observations") for line in changes) == len(removed)
    assert all(line.startswith(("- observations", "+ numbers_unread")) for line in changes)
    after = everything(filled)
    assert after["observations"] == [row for row in before["observations"] if row not in removed]
    unchanged = set(TABLES) - {"observations", "numbers_unread"}
    assert {table: after[table] for table in unchanged} == {table: before[table] for table in unchanged}


def test_the_version_follows_the_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    now = article_module.version()
    article_module.version.cache_clear()
    monkeypatch.setattr(article_module, "_DATA", article_module._DATA[1:])
    assert article_module.version() != now
    article_module.version.cache_clear()


def test_an_article_that_changes_is_analysed_anew(archive: ArchiveDatabase) -> None:
    archive.claim_origin("live")
    first = capture("cao_bang_thach_an", 1, REPORT)
    later = capture("cao_bang_thach_an", 1, REPORT.replace("217", "219"), at="2023-02-05T02:00:00Z")
    take(archive, "cao_bang_thach_an", first, later)
    found = archive.conn.execute("SELECT value FROM observations WHERE indicator_id = 'chi_hoi' AND place_id = '053'").fetchall()
    assert found == [(219,)]
    assert archive.conn.execute(
        "SELECT n.revision_id = a.revision_id FROM analyses n JOIN articles a ON a.id = n.article_id"
    ).fetchall() == [(1,)]


def test_an_error_of_ours_costs_the_article_nothing(archive: ArchiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.claim_origin("live")

    def broken(document: object) -> None:
        raise ZeroDivisionError("rule")

    monkeypatch.setattr(analysis, "analyse", broken)
    take(archive, "cao_bang_thach_an", capture("cao_bang_thach_an", 1, REPORT))
    assert archive.conn.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    assert archive.conn.execute("SELECT kind FROM issues").fetchall() == [("analysis_failed",)]
    assert analysis.outdated(archive.db) == [1]


# What a person says


def review(archive: ArchiveDatabase, **said: Any) -> None:
    with archive.transaction() as db:
        number = db.execute("SELECT id FROM observations WHERE indicator_id = 'quy_khuyen_hoc' ORDER BY id").fetchone()[0]
        named = reviews.find(db, str(number))
        assert named is not None
        reviews.record(db, {**named, "reviewed_at": "2023-04-01T00:00:00Z", **said})


def figure(archive: ArchiveDatabase) -> list[tuple[Any, ...]]:
    query = "SELECT value, review FROM figures WHERE indicator_id = 'quy_khuyen_hoc' AND article_id = 1"
    return archive.conn.execute(query).fetchall()


def test_a_correction_survives_every_analysis(filled: ArchiveDatabase) -> None:
    review(filled, decision="corrected", value=1_250_000_000)
    assert figure(filled) == [(1_250_000_000, "corrected")]
    with filled.transaction() as db:
        for article_id in (1, 2, 3, 4):
            for table in (*analysis.KEYS, "analyses"):
                db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
    run(filled)
    assert figure(filled) == [(1_250_000_000, "corrected")]
    # A paragraph before it moves the number, and an edit of the sentence itself leaves the review without one.
    take(filled, "cao_bang_thach_an", capture("cao_bang_thach_an", 1, f"Tin thêm. {REPORT}", at="2023-05-05T02:00:00Z"))
    assert figure(filled) == [(1_250_000_000, "corrected")]
    changed = REPORT.replace("đạt 1,2 tỷ", "nay là 1,3 tỷ")
    take(filled, "cao_bang_thach_an", capture("cao_bang_thach_an", 1, changed, at="2023-06-05T02:00:00Z"))
    assert figure(filled) == [(1_300_000_000, "unreviewed")]
    assert filled.conn.execute("SELECT value_start FROM observation_reviews").fetchall() == [(None,)]


def test_a_rejected_figure_is_in_no_series(filled: ArchiveDatabase) -> None:
    review(filled, decision="rejected")
    assert figure(filled) == []
    assert filled.conn.execute("SELECT count(*) FROM observations WHERE indicator_id = 'quy_khuyen_hoc'").fetchone()[0] == 4


def test_a_number_that_no_rule_read_can_be_read_by_a_person(filled: ArchiveDatabase) -> None:
    uid, start = filled.conn.execute(
        "SELECT a.uid, n.start FROM numbers_unread n JOIN articles a ON a.id = n.article_id WHERE n.printed = '31' ORDER BY n.article_id"
    ).fetchone()
    with filled.transaction() as db:
        named = reviews.find(db, f"{uid}:body:{start}")
        assert named is not None and named["value_text"] == "31"
        said = {"decision": "corrected", "indicator_id": "doi_tuong_ho_tro", "place_id": "053", "value": 31, "period_kind": "range",
                "period_start": "2022-01-01", "period_end": "2022-12-31"}  # fmt: skip
        reviews.record(db, {**named, **said, "reviewed_at": "2023-04-01T00:00:00Z"})
    found = filled.conn.execute("SELECT value, place_name, review FROM figures WHERE indicator_id = 'doi_tuong_ho_tro'").fetchall()
    assert found == [(31, "Huyện Thạch An", "corrected")]


# Over a crawled archive


def test_the_commands(crawled: Crawled, copied: Path) -> None:
    again = scrapy("analyse", "--all", db=copied)
    assert again.returncode == 0, again.stderr
    assert "nothing changed" in again.stdout
    with closing(sqlite3.connect(copied)) as conn:
        number = conn.execute("SELECT id FROM observations WHERE is_complete ORDER BY id").fetchone()[0]
    done = scrapy("review", "correct", str(number), "--value", "77", "--by", "An", db=copied)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("corrected: ")
    refused = scrapy("review", "correct", "999999999", "--value", "7", db=copied)
    assert (refused.returncode, "there is no figure 999999999" in refused.stderr) == (2, True)
    rebuilt = scrapy("rebuild", "--replace", db=copied)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "1 reviews of figures carried over" in rebuilt.stdout
    with closing(sqlite3.connect(copied)) as conn:
        assert conn.execute("SELECT value FROM figures WHERE review = 'corrected'").fetchall() == [(77,)]
    report = Verification(copied, portals(), full=True, tell=silent).run()
    assert report.exit_code == 0, report.findings
    assert report.checked["articles analysed again"] > 40


def test_a_dry_run_lists_and_stores_nothing(copied: Path) -> None:
    with closing(sqlite3.connect(copied)) as conn:
        conn.execute("UPDATE observations SET value = value + 1 WHERE id = (SELECT min(id) FROM observations WHERE value IS NOT NULL)")
        conn.commit()
        stored = conn.execute("SELECT * FROM observations ORDER BY id").fetchall()
    done = scrapy("analyse", "--dry-run", db=copied)
    assert done.returncode == 0, done.stderr
    changes = [line for line in done.stdout.splitlines() if line.startswith("~ observations")]
    assert len(changes) == 1 and "value " in changes[0] and " → " in changes[0]
    assert "1 observations changed (nothing was stored)" in done.stdout
    with closing(sqlite3.connect(copied)) as conn:
        assert conn.execute("SELECT * FROM observations ORDER BY id").fetchall() == stored


def test_verify_finds_a_figure_that_the_text_does_not_say(copied: Path) -> None:
    with closing(sqlite3.connect(copied)) as conn:
        conn.execute("UPDATE observations SET value = value + 1 WHERE id = (SELECT min(id) FROM observations WHERE value IS NOT NULL)")
        conn.commit()
    report = Verification(copied, portals(), full=True, tell=silent).run()
    assert [finding.what for finding in report.findings if finding.check == "analysis"] == ["the rows are not what the text says"]


def test_the_vocabulary_is_that_of_the_data(filled: ArchiveDatabase) -> None:
    with files("scraper").joinpath("data/indicators.csv").open(encoding="utf-8") as stream:
        wanted = [tuple(row.values()) for row in csv.DictReader(stream)]
    assert sorted(filled.conn.execute("SELECT * FROM indicators").fetchall()) == sorted(wanted)
    assert len(wanted) == 38
    assert filled.conn.execute("SELECT count(*) FROM topics").fetchone() == (8,)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Hội Khuyến học", "1.234 " * 400_000),
        ("Hội Khuyến học " + "T" * 1_000_000, "Huyện có 5 chi hội."),
        ("Hội Khuyến học", "khuyến học " * 400_000),
        ("Hội Khuyến học", "a" * 3_000_000),
    ],
)
def test_a_text_made_to_be_long_is_read_in_bounds(title: str, body: str) -> None:
    """Not timed: what is read of it is bounded, and the beginning is read as ever."""
    begun = "Năm 2022, huyện Thạch An có 125 chi hội khuyến học.\n\n"
    article = analysis.Article(1, 1, title, begun, body, "2022-12-01", "04/053")
    bounded = analysis._bounded(f"{begun}{body}")
    assert len(bounded) <= analysis.LONGEST
    assert bounded.startswith(begun.rstrip()[:20])
    assert len(re.findall(r"\d+", bounded)) <= analysis.MOST_NUMBERS
    assert analysis.read_article(article).on_topic
