"""What others captured beside what we asked for: it fills gaps, it never takes the portal's later word away."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.archive.database import ArchiveDatabase
from scraper.archive.frontier import mark_gone
from scraper.archive.keeper import Keeper
from scraper.archive.provenance import Provenance
from scraper.archive.replacement import rebuild
from scraper.items import Capture
from scraper.portal import portals
from spiders.cao_bang import CaoBangPortalSpider
from tests.archive.conftest import not_waiting_for_the_disk
from tests.backfill.truth import address, capture, page

Y2015, Y2018, Y2022, Y2024, Y2026 = (f"{year}-05-01T00:00:00Z" for year in (2015, 2018, 2022, 2024, 2026))


@dataclass(frozen=True)
class Seen:
    """One capture: when, of which text, at the article's own address or a twin, by us or by an archive."""

    at: str
    words: str
    archived: bool
    twin: bool = False
    repeat: int = 6

    @property
    def capture(self) -> Capture:
        url = address(1, "http://caobang.gov.vn" if self.archived else "https://caobang.gov.vn")
        return capture(1, self.at, page(1, self.words, self.repeat), url=url + ("?ref=zalo" if self.twin else ""))


def live(at: str, words: str, **more: Any) -> Seen:
    return Seen(at, words, archived=False, **more)


def old(at: str, words: str, **more: Any) -> Seen:
    return Seen(at, words, archived=True, **more)


class Book:
    """Archives to store into, as many as there are orders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self.archive: ArchiveDatabase

    def store(self, order: tuple[Seen, ...]) -> dict[str, Any]:
        """Store in this order; returns the article and its revisions."""
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        self.path = folder / "archive.db"
        with not_waiting_for_the_disk(self.path) as archive:
            archive.claim_origin("live")
            keeper = Keeper(archive, CaoBangPortalSpider.facts(), "crawl")
            for seen in order:
                store(keeper, seen)
            keeper.finish("finished", "good")
            return said(archive)


def store(keeper: Keeper, seen: Seen) -> None:
    one = seen.capture
    if seen.archived:
        provenance = Provenance("thu", "http://kho.example/1", "2026-11-26T00:00:00Z", True)
        number = keeper.keep_archived(one, provenance, then=lambda capture_id: None)
    else:
        number = keeper.keep(one, ())
    key = None if seen.archived else "0001"
    keeper.take(one, number, CaoBangPortalSpider.read(one), asked_for=key)


def said(archive: ArchiveDatabase) -> dict[str, Any]:
    columns = "title, body, url, first_seen_at, last_seen_at, current_as_of, missing_since, gone_at"
    names = columns.split(", ")
    (row,) = archive.conn.execute(f"SELECT {columns} FROM articles").fetchall()
    revisions = archive.conn.execute("SELECT first_captured_at, title FROM revisions ORDER BY 1, 2").fetchall()
    return {**dict(zip(names, row, strict=True)), "revisions": revisions}


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)


def stands(found: dict[str, Any]) -> str:
    return str(found["title"]).rpartition(" ")[2]


ORDERS: dict[str, tuple[tuple[Seen, ...], str]] = {
    "a later live text": ((old(Y2015, "cũ"), live(Y2026, "mới")), "mới"),
    "a later live text at a twin address": ((old(Y2015, "cũ"), live(Y2026, "mới", twin=True)), "mới"),
    "nothing live": ((old(Y2015, "cũ"), old(Y2018, "sau")), "sau"),
    "an archive's capture later than ours": ((live(Y2022, "ta"), old(Y2024, "sau")), "sau"),
    "ours between two of an archive": ((old(Y2015, "cũ"), live(Y2022, "ta"), old(Y2018, "giữa")), "ta"),
    "an archive between two of ours": ((live(Y2018, "đầu"), old(Y2022, "giữa"), live(Y2024, "cuối")), "cuối"),
    "the same text": ((old(Y2015, "một"), live(Y2026, "một")), "một"),
}


@pytest.mark.parametrize("name", ORDERS)
def test_in_every_order(book: Book, name: str) -> None:
    captures, wanted = ORDERS[name]
    found = [book.store(order) for order in itertools.permutations(captures)]
    assert all(one == found[0] for one in found), found
    assert stands(found[0]) == wanted
    times = sorted(seen.at for seen in captures)
    assert (found[0]["first_seen_at"], found[0]["last_seen_at"]) == (times[0], times[-1])
    assert len(found[0]["revisions"]) == len({seen.words for seen in captures})
    assert all(at in times for at, _ in found[0]["revisions"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.booleans()), min_size=2, max_size=5),
    st.randoms(use_true_random=False),
)
def test_any_captures_in_any_order(book: Book, seen: list[tuple[str, bool]], dice: random.Random) -> None:
    """At one address the latest capture stands, whoever made it; the portal's own spelling of the address is the one cited."""
    captures = [Seen(f"20{10 + year}-05-01T00:00:00Z", words, archived) for year, (words, archived) in enumerate(seen)]
    mixed = captures.copy()
    dice.shuffle(mixed)
    found = book.store(tuple(mixed))
    assert found == book.store(tuple(captures))
    assert stands(found) == captures[-1].words
    assert found["url"].startswith("https:") == any(not one.archived for one in captures)


def test_the_address_that_the_portal_answered_at_is_cited(book: Book) -> None:
    for order in itertools.permutations((old(Y2015, "cũ"), live(Y2026, "mới"))):
        assert book.store(order)["url"].startswith("https://")
    assert book.store((old(Y2015, "cũ"),))["url"].startswith("http://")


def test_a_longer_old_text_does_not_replace_a_later_live_one(book: Book) -> None:
    found = book.store((live(Y2026, "ngắn", repeat=1), old(Y2015, "dài", repeat=30)))
    assert stands(found) == "ngắn"
    assert [title.rpartition(" ")[2] for _, title in found["revisions"]] == ["dài", "ngắn"]


def test_a_half_live_page_does_not_replace_good_text(book: Book) -> None:
    assert stands(book.store((old(Y2015, "dài", repeat=30), live(Y2026, "ngắn", repeat=1)))) == "dài"


def test_what_the_portal_confirmed_is_live(book: Book) -> None:
    """A 304 of 2024 says that the text of 2018 stood then: an archive's capture of 2022 was something else."""
    book.store((live(Y2018, "đầu"),))
    with ArchiveDatabase(book.path) as archive:
        keeper = Keeper(archive, CaoBangPortalSpider.facts(), "crawl")
        same = Capture(address(1), Y2024, 304, (), b"")
        keeper.unmodified(same, keeper.keep(same, ()), "0001")
        store(keeper, old(Y2022, "giữa"))
        assert stands(said(archive)) == "đầu"


@pytest.mark.parametrize("gone", [False, True])
def test_old_captures_say_nothing_of_being_gone(book: Book, gone: bool) -> None:
    """An archive's capture from before the article was found missing: it stays missing, and is asked for as before."""
    book.store((live(Y2018, "đầu"),))
    with ArchiveDatabase(book.path) as archive:
        keeper = Keeper(archive, CaoBangPortalSpider.facts(), "crawl")
        answer = Capture(address(1), Y2024, 410 if gone else 404, (), b"<h1>404</h1>")
        keeper.take(answer, keeper.keep(answer, ()), CaoBangPortalSpider.read(answer), asked_for="0001")
        if gone:
            mark_gone(archive.db, "cao_bang", "0001", Y2024)
        before = archive.conn.execute("SELECT * FROM frontier").fetchall(), said(archive)["missing_since"], said(archive)["gone_at"]
        assert before[1] == Y2024
        for seen in (old(Y2022, "sau"), old(Y2015, "trước"), old(Y2015, "ngắn", repeat=0)):
            store(keeper, seen)
        after = archive.conn.execute("SELECT * FROM frontier").fetchall(), said(archive)["missing_since"], said(archive)["gone_at"]
        assert after == before
        assert stands(said(archive)) == "sau"
        # Seen again after that, it is there again: the archive met it on the portal.
        store(keeper, old(Y2026, "lại"))
        assert said(archive)["missing_since"] is None


def test_an_archive_never_makes_an_article_due(book: Book) -> None:
    """What failed live fails no more often for a poor old capture, and what waits goes on waiting."""
    book.store((live(Y2024, "ta"),))
    with ArchiveDatabase(book.path) as archive:
        archive.conn.execute("UPDATE frontier SET state = 'todo', due_at = '2026-11-01T00:00:00Z'")
        before = archive.conn.execute("SELECT * FROM frontier").fetchall()
        keeper = Keeper(archive, CaoBangPortalSpider.facts(), "replay")
        store(keeper, old(Y2015, "ngắn", repeat=0))
        store(keeper, old(Y2015, "dài"))
        assert archive.conn.execute("SELECT * FROM frontier").fetchall() == before


def test_a_crawl_reads_what_a_killed_backfill_left(book: Book) -> None:
    """And asks the portal neither more nor less for it."""
    book.store((live(Y2024, "ta"),))
    with ArchiveDatabase(book.path) as archive:
        keeper = Keeper(archive, CaoBangPortalSpider.facts(), "replay")
        provenance = Provenance("thu", "http://kho.example/1", "2026-11-26T00:00:00Z", True)
        for seen in (old(Y2026, "sau"), old(Y2015, "ngắn", repeat=0)):
            keeper.keep_archived(seen.capture, provenance, then=lambda capture_id: None)
        before = archive.conn.execute("SELECT * FROM frontier").fetchall()
        crawl = Keeper(archive, CaoBangPortalSpider.facts(), "crawl")
        crawl.reads_by(CaoBangPortalSpider.read, CaoBangPortalSpider.article_key)
        crawl.recover()
        assert archive.conn.execute("SELECT count(*) FROM captures WHERE outcome IS NULL").fetchone() == (0,)
        assert stands(said(archive)) == "sau"
        assert archive.conn.execute("SELECT * FROM frontier").fetchall() == before


def test_a_rebuild_knows_who_captured_what(book: Book, tmp_path: Path) -> None:
    before = book.store((live(Y2026, "mới"), old(Y2015, "cũ"), old(Y2018, "giữa")))
    tell: Callable[..., None] = lambda *_: None  # noqa: E731
    rebuild(tmp_path / "lại" / "archive.db", book.path.parent / "warcs", portals(), tell)
    with ArchiveDatabase(tmp_path / "lại" / "archive.db") as archive, ArchiveDatabase(book.path) as first:
        assert said(archive) == before
        query = "SELECT url, fetched_at, provenance FROM captures ORDER BY 2"
        assert archive.conn.execute(query).fetchall() == first.conn.execute(query).fetchall()
