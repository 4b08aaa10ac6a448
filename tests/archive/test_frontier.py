"""What is asked and when: new articles now, archived ones less and less often, failures later and later, nothing forgotten."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from scraper.archive import frontier
from scraper.archive.crawls import SourceFacts
from scraper.archive.database import ArchiveDatabase
from scraper.archive.frontier import RECHECK_AFTER, RETRY_AFTER, shift
from scraper.archive.keeper import Keeper, Taken
from scraper.fetch.session import moved
from scraper.items import Article, Capture, Link, Listing, Problem, Reading

SECTION = "http://a.gov.vn/tin"
T0 = "2024-01-01T00:00:00Z"
TEXT = "Hội Khuyến học xã trao quỹ khuyến học cho học sinh. " * 8


class Crawl:
    """A keeper, and what a crawl does with it."""

    def __init__(self, archive: ArchiveDatabase) -> None:
        self.archive = archive
        facts = SourceFacts("nguon", "UBND", "04", "Cao Bằng", "thu", "http://a.gov.vn", "UBND", None, None, "thử", (SECTION,))
        self.keeper = Keeper(archive, facts, "crawl")
        (self.section,) = archive.conn.execute("SELECT id FROM sections").fetchone()
        self.numbers = itertools.count()

    def capture(self, url: str, at: str, status: int = 200, **headers: str) -> tuple[Capture, int]:
        pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        capture = Capture(url, at, status, pairs, b"" if status == 304 else b"page %d" % next(self.numbers))
        return capture, self.keeper.keep(capture, ())

    def listing(self, *keys: str, at: str = T0, dates: dict[str, str] | None = None, path: str = "", folder: str = "") -> Taken:
        capture, capture_id = self.capture(SECTION + path, at)
        links = tuple(Link(f"http://a.gov.vn/{folder}{key}", key, key, (dates or {}).get(key)) for key in keys)
        return self.keeper.take(capture, capture_id, Reading(listing=Listing(SECTION, "Tin", links, ())), section=self.section)

    def article(self, key: str, at: str = T0, text: str = TEXT, published: str | None = None, folder: str = "", **headers: str) -> Taken:
        capture, capture_id = self.capture(f"http://a.gov.vn/{folder}{key}", at, 200, **headers)
        article = Article(key, capture.url, f"Tin {key}", None, f"{text} {key}", published_at=published)
        return self.keeper.take(capture, capture_id, Reading(article=article), asked_for=key)

    def failure(self, key: str, at: str = T0, kind: str = "http_500", status: int = 500) -> Taken:
        capture, capture_id = self.capture(f"http://a.gov.vn/{key}", at, status)
        return self.keeper.take(capture, capture_id, Reading(problems=(Problem(kind, "x"),)), asked_for=key)

    def due(self, at: str, since: str | None = None, keys: tuple[str, ...] | None = None) -> list[str]:
        return [one.key for one in frontier.due(self.archive.db, "nguon", at, since, keys)]

    def finish_walk(self, at: str = T0) -> None:
        with self.archive.transaction() as db:
            frontier.finish_walk(db, self.section, at, '"e"', None)

    def row(self, key: str) -> dict[str, Any]:
        cursor = self.archive.conn.execute("SELECT * FROM frontier WHERE article_key = ?", (key,))
        return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))


@pytest.fixture
def crawl(archive: ArchiveDatabase) -> Crawl:
    return Crawl(archive)


def after(*steps: timedelta) -> str:
    return shift(T0, sum(steps, timedelta()))


def test_shift_crosses_years_and_leap_days() -> None:
    assert shift("2023-12-31T23:30:00Z", timedelta(hours=1)) == "2024-01-01T00:30:00Z"
    assert shift("2024-02-28T00:00:00Z", timedelta(days=1)) == "2024-02-29T00:00:00Z"


def test_listed_articles_are_due_at_once_and_once(crawl: Crawl) -> None:
    crawl.listing("3", "2", "1")
    crawl.listing("3", "4", at=after(timedelta(hours=1)))
    assert sorted(crawl.due(T0)) == ["1", "2", "3"]
    assert sorted(crawl.due(after(timedelta(hours=1)))) == ["1", "2", "3", "4"]
    assert crawl.due(T0, keys=("2", "9")) == ["2"]
    assert crawl.due(T0, keys=()) == []


def test_since_leaves_out_what_is_dated_earlier_and_nothing_undated(crawl: Crawl) -> None:
    crawl.listing("1", "2", "3", dates={"1": "2023-05-01", "2": "2024-05-01"})
    assert sorted(crawl.due(T0, since="2024-01-01")) == ["2", "3"]
    assert sorted(crawl.due(T0, since="2024-05-01")) == ["2", "3"]


def test_an_undated_article_is_looked_at_again_while_it_is_young(crawl: Crawl) -> None:
    crawl.listing("1")
    at = T0
    for age in RECHECK_AFTER:
        crawl.article("1", at)
        assert crawl.row("1")["due_at"] == shift(T0, age)
        assert crawl.due(shift(T0, age - timedelta(seconds=1))) == []
        at = shift(T0, age)
        assert crawl.due(at) == ["1"]
    crawl.article("1", at)
    assert crawl.row("1")["due_at"] is None
    assert crawl.due("2099-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    ("published", "due"),
    [
        ("2024-01-01T06:00:00+07:00", "2024-01-01T23:00:00Z"),
        ("2023-12-31", "2024-01-06T17:00:00Z"),
        ("2023-12-30", "2024-01-05T17:00:00Z"),
        ("2023-12-10", "2024-01-08T17:00:00Z"),
        ("2019-05-05", None),
    ],
)
def test_a_dated_article_is_looked_at_by_its_age(crawl: Crawl, published: str, due: str | None) -> None:
    crawl.listing("1")
    crawl.article("1", T0, published=published)
    assert crawl.row("1")["due_at"] == due


def test_looking_late_skips_no_later_look(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.article("1", T0)
    crawl.article("1", after(timedelta(days=8)))
    assert crawl.row("1")["due_at"] == after(RECHECK_AFTER[2])


def test_failures_wait_longer_and_longer_and_never_end(crawl: Crawl) -> None:
    crawl.listing("1")
    at = T0
    for wait in (*RETRY_AFTER, RETRY_AFTER[-1], RETRY_AFTER[-1]):
        crawl.failure("1", at)
        assert (crawl.row("1")["state"], crawl.row("1")["due_at"]) == ("failed", shift(at, wait))
        at = shift(at, wait)
        assert crawl.due(at) == ["1"]
    crawl.article("1", at)
    assert (crawl.row("1")["state"], crawl.row("1")["attempts"], crawl.row("1")["due_at"]) == ("done", 0, shift(at, RECHECK_AFTER[0]))


def test_a_failure_to_connect_waits_too(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.keeper.fail("http://a.gov.vn/1", Problem("unreachable", "timeout"), "1")
    assert crawl.row("1")["state"] == "failed"
    assert crawl.due(T0) == []


def test_an_address_that_nobody_listed_can_fail_and_be_read(crawl: Crawl) -> None:
    crawl.keeper.fail("http://a.gov.vn/7", Problem("unreachable", "timeout"), "7")
    crawl.article("8")
    assert crawl.row("8")["state"] == "done"


def test_validators_of_the_last_answer_are_used(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.article("1", ETag='"1"', Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT")
    (due,) = frontier.due(crawl.archive.db, "nguon", "2099-01-01T00:00:00Z")
    assert (due.etag, due.last_modified) == ('"1"', "Mon, 01 Jan 2024 00:00:00 GMT")


def test_off_topic_articles_are_not_asked_again(crawl: Crawl) -> None:
    crawl.listing("1")
    assert crawl.article("1", text="Làm đường giao thông nông thôn. ").outcome == "off_topic"
    assert (crawl.row("1")["state"], crawl.row("1")["due_at"]) == ("done", None)


def test_a_half_page_is_asked_for_again_soon(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.article("1")
    assert crawl.article("1", after(timedelta(days=1)), text="x").outcome is None
    assert crawl.row("1")["due_at"] == after(timedelta(days=1), RETRY_AFTER[0])


def test_a_confirmation_counts_as_a_look(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.article("1", ETag='"1"')
    capture, capture_id = crawl.capture("http://a.gov.vn/1", after(timedelta(days=1)), 304, ETag='"1"')
    crawl.keeper.unmodified(capture, capture_id, "1")
    assert crawl.row("1")["due_at"] == after(RECHECK_AFTER[1])
    assert crawl.archive.conn.execute("SELECT last_seen_at FROM articles").fetchone() == (after(timedelta(days=1)),)


def test_a_bare_confirmation_keeps_the_validators(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.article("1", ETag='"1"', Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT")
    capture, capture_id = crawl.capture("http://a.gov.vn/1", after(timedelta(days=1)), 304)
    crawl.keeper.unmodified(capture, capture_id, "1")
    assert (crawl.row("1")["etag"], crawl.row("1")["last_modified"]) == ('"1"', "Mon, 01 Jan 2024 00:00:00 GMT")


def test_a_replay_uses_up_no_recheck(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.article("1")
    before = crawl.row("1")
    capture = Capture("http://a.gov.vn/1", T0, 200, (), b"page 1")
    (capture_id,) = crawl.archive.conn.execute("SELECT id FROM captures WHERE url LIKE '%/1'").fetchone()
    article = Article("1", "http://a.gov.vn/1", "Tin 1", None, f"{TEXT} 1")
    replay = Keeper(crawl.archive, crawl.keeper.facts, "replay")
    for _ in range(3):
        replay.take(capture, capture_id, Reading(article=article))
    assert crawl.row("1") == before


def test_an_older_capture_does_not_turn_back_the_frontier(crawl: Crawl) -> None:
    crawl.listing("1", at=after(timedelta(days=5)))
    crawl.article("1", after(timedelta(days=5)), ETag='"new"')
    crawl.article("1", T0, ETag='"old"')
    row = crawl.row("1")
    assert row["etag"] == '"new"'
    assert row["due_at"] >= after(timedelta(days=5))


def gone(crawl: Crawl) -> dict[str, Any]:
    cursor = crawl.archive.conn.execute("SELECT missing_since, missing_looks, gone_at FROM articles")
    return dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))


def address(crawl: Crawl) -> str:
    (url,) = crawl.archive.conn.execute("SELECT url FROM articles").fetchone()
    return str(url)


NOT_GONE = {"missing_since": None, "missing_looks": 0, "gone_at": None}


def test_what_is_gone_and_listed_again_is_looked_for_once_a_week(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.article("1")
    crawl.failure("1", after(timedelta(days=1)), "http_410", 410)
    assert (crawl.row("1")["state"], crawl.row("1")["due_at"]) == ("gone", None)
    at = after(timedelta(days=1))
    for _ in range(3):  # a listing that goes on naming it
        crawl.listing("1", at=shift(at, timedelta(hours=6)))
        at = shift(at, RETRY_AFTER[-1])
        assert (crawl.row("1")["state"], crawl.row("1")["due_at"]) == ("failed", at)
        crawl.failure("1", at, "http_410", 410)
        assert (crawl.row("1")["state"], crawl.row("1")["due_at"]) == ("gone", None)
    crawl.listing("1", at=shift(at, timedelta(days=90)))
    assert crawl.due(shift(at, timedelta(days=90))) == ["1"]
    crawl.article("1", shift(at, timedelta(days=90)))
    assert gone(crawl) == NOT_GONE


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_listed_elsewhere_is_asked_for_there(crawl: Crawl, status: int) -> None:
    crawl.listing("1")
    crawl.article("1", ETag='"old"')
    crawl.failure("1", after(timedelta(days=1)), f"http_{status}", status)
    day = after(timedelta(days=1), timedelta(minutes=1))
    crawl.listing("1", at=day, folder="moi/")
    assert crawl.due(day) == ["1"]
    row = crawl.row("1")
    assert (row["url"], row["etag"], row["last_modified"]) == ("http://a.gov.vn/moi/1", None, None)
    crawl.article("1", day, folder="moi/")
    assert gone(crawl) == NOT_GONE
    assert address(crawl) == "http://a.gov.vn/moi/1", "what is cited is not what answers 404"
    assert crawl.archive.conn.execute("SELECT count(*) FROM issues WHERE closed_at IS NULL").fetchone() == (0,)


def test_an_article_that_an_address_leads_to_is_archived_for_itself(crawl: Crawl) -> None:
    crawl.listing("1", "2")
    crawl.listing("91", folder="another/")  # a twin
    crawl.article("2")
    for number, key in enumerate(("1", "2")):
        there = f"9{key}"
        capture, capture_id = crawl.capture(f"http://a.gov.vn/{there}", after(timedelta(days=1 + number)))
        article = Article(there, capture.url, f"Tin {there}", None, f"{TEXT} {there}")
        crawl.keeper.take(capture, capture_id, moved(Reading(article=article), f"http://a.gov.vn/{key}", capture.url), asked_for=key)
        assert (crawl.row(there)["state"], crawl.row(there)["url"]) == ("done", capture.url)
    assert (crawl.row("1")["state"], crawl.row("1")["due_at"]) == ("gone", None), "it was never anywhere else"
    assert crawl.row("2")["state"] == "failed", "it is looked for again"
    found = "SELECT article_key, missing_looks FROM articles ORDER BY 1"
    assert crawl.archive.conn.execute(found).fetchall() == [("2", 1), ("91", 0), ("92", 0)]
    assert crawl.keeper.counts.failed == 1


def test_an_article_of_two_addresses_that_fails_waits_longer_and_longer_too(crawl: Crawl) -> None:
    crawl.listing("1")
    at, asked = T0, 0
    for _ in range(100):  # two sections name it by an address each, four times a day
        at = shift(at, timedelta(hours=6))
        for folder in ("", "moi/"):
            crawl.listing("1", at=at, folder=folder)
        if crawl.due(at):
            crawl.failure("1", at)
            asked += 1
    assert asked < 10


def test_what_was_had_stays_at_its_address(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.article("1")
    before = crawl.row("1")
    crawl.listing("1", at=after(timedelta(days=1)), folder="moi/")
    assert crawl.row("1") == before


OLD = ("tin-giao-duc-va-dao-tao/trao-qua-cho-hoc-sinh-ngheo", "Trao quà cho học sinh nghèo của huyện")


@pytest.mark.parametrize(
    ("path", "text", "asked"),
    [
        ("tin-giao-duc-va-dao-tao/dai-hoi-hoi-khuyen-hoc-xa-dong-khe", "Đại hội Hội Khuyến học xã Đông Khê", True),
        ("tin-giao-duc-va-dao-tao/trao-qua-cho-hoc-sinh-ngheo-hieu-hoc", "Trao quà cho học sinh nghèo hiếu học của huyện", False),  # edited
        ("tin-giao-duc-va-dao-tao/trao-qua-cho-hoc-sinh-ngheo-hieu-hoc", "Trao quà cho học…", False),  # cut
        ("khuyen-hoc/trao-qua-cho-hoc-sinh-ngheo", "Đại hội Hội Khuyến học xã Đông Khê", False),  # a twin, whatever stands before it
        ("tin-giao-duc-va-dao-tao/dai-hoi-hoi-khuyen-hoc-xa-dong-khe", "Xem tiếp", False),
        ("tin-giao-duc-va-dao-tao/dai-hoi-hoi-khuyen-hoc-xa-dong-khe", "", False),
    ],
)
@pytest.mark.parametrize("on_topic", [True, False])
def test_a_number_that_was_given_anew_is_asked_for(crawl: Crawl, path: str, text: str, asked: bool, on_topic: bool) -> None:
    def listed(path: str, text: str, at: str) -> Taken:
        capture, capture_id = crawl.capture(SECTION, at)
        listing = Listing(SECTION, "Tin", (Link(f"http://a.gov.vn/{path}-12", "12", text),), ())
        return crawl.keeper.take(capture, capture_id, Reading(listing=listing), section=crawl.section)

    listed(*OLD, T0)
    capture, capture_id = crawl.capture(f"http://a.gov.vn/{OLD[0]}-12", T0)
    article = Article("12", capture.url, OLD[1], None, TEXT if on_topic else "Làm đường giao thông nông thôn. ", published_at="2019-05-05")
    crawl.keeper.take(capture, capture_id, Reading(article=article), asked_for="12")
    crawl.finish_walk()
    year = after(timedelta(days=365))
    assert listed(path, text, year).known_ground is not asked
    assert crawl.due(year) == (["12"] if asked else [])
    assert crawl.row("12")["url"].endswith(f"{path if asked else OLD[0]}-12")
    capture, capture_id = crawl.capture(f"http://a.gov.vn/z/{path}-12", year)
    crawl.keeper.take(capture, capture_id, Reading(article=Article("12", capture.url, text or OLD[1], None, TEXT)), asked_for="12")
    assert (address(crawl) == capture.url) is (asked or not on_topic), "what is cited is where it stands"


def test_a_confirmation_brings_back_what_was_missing(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.article("1", ETag='"1"')
    crawl.failure("1", after(timedelta(days=2)), "http_404", 404)
    assert gone(crawl)["missing_looks"] == 1
    capture, capture_id = crawl.capture("http://a.gov.vn/1", after(timedelta(days=1)), 304, ETag='"1"')
    crawl.keeper.unmodified(capture, capture_id, "1")
    assert gone(crawl)["missing_looks"] == 1, "an earlier one says nothing of it"
    capture, capture_id = crawl.capture("http://a.gov.vn/1", after(timedelta(days=3)), 304, ETag='"1"')
    crawl.keeper.unmodified(capture, capture_id, "1")
    assert gone(crawl) == NOT_GONE


# Walks


def test_a_section_is_known_ground_only_after_a_completed_walk(crawl: Crawl) -> None:
    assert crawl.listing("3", "2").known_ground is False
    assert crawl.listing("3", "2", at=after(timedelta(hours=1))).known_ground is False, "a walk that was cut settles nothing"
    crawl.finish_walk()
    assert crawl.listing("3", "2", at=after(timedelta(hours=2))).known_ground is True


@pytest.mark.parametrize(("keys", "known"), [(("3",), True), (("4", "3"), False), (("5", "4"), False), (("2", "3"), True)])
def test_one_new_link_keeps_the_walk_going(crawl: Crawl, keys: Sequence[str], known: bool) -> None:
    crawl.listing("3", "2", "1")
    crawl.finish_walk()
    assert crawl.listing(*keys, at=after(timedelta(hours=2))).known_ground is known


def test_the_gap_behind_a_cut_walk_is_closed(crawl: Crawl) -> None:
    """Articles 4 to 6 came; the crawl was killed after the page with 6 and 5. The next one must reach 4."""
    crawl.listing("3", "2")
    crawl.finish_walk()
    crawl.listing("6", "5", at=after(timedelta(days=1)))
    assert crawl.listing("6", "5", at=after(timedelta(days=2))).known_ground is False
    assert crawl.listing("4", "3", at=after(timedelta(days=2)), path="?page=2").known_ground is False
    assert crawl.listing("2", at=after(timedelta(days=2)), path="?page=3").known_ground is True
    crawl.finish_walk()
    assert crawl.listing("6", "5", at=after(timedelta(days=3))).known_ground is True


def test_an_empty_listing_is_never_known_ground(crawl: Crawl) -> None:
    crawl.listing("1")
    crawl.finish_walk()
    assert crawl.listing(at=after(timedelta(days=1))).known_ground is False
