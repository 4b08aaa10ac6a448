"""Parts taken in: exactly once, in any order, all of a part or nothing of it; what cannot be ours is refused."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scraper.archive.database import ArchiveDatabase
from scraper.archive.warc_writer import build_record
from scraper.items import Capture
from scraper.portal import PortalSpider
from scraper.workers.journal import Head, Step
from scraper.workers.parts import PartDamaged, PartName, PartWriter, read_part, sealed_in
from scraper.workers.takein import TakeIn, is_taken, parts_taken
from spiders.cao_bang_thach_an import CaoBangThachAnSpider
from spiders.quang_tri import QuangTriSpider
from tests.at_once import AtOnce
from tests.replica.site import Site
from tests.workers.field import content, rows

PORTALS: dict[str, type[PortalSpider]] = {portal.name: portal for portal in (QuangTriSpider, CaoBangThachAnSpider)}
ASKED = (("User-Agent", "test"),)


class Visit:
    """A worker's crawl of a replica in memory: every section's first page, every article it lists, two articles a part."""

    def __init__(self, folder: Path, portal: type[PortalSpider], job: str, day: int) -> None:
        self.portal = portal
        self.at = f"2026-11-{day:02d}T05:00:00Z"
        self._site = Site(portal.name, 2022, 8)
        self._home = portal.home.rstrip("/")
        folder.mkdir(exist_ok=True)
        self._writer = PartWriter(folder, Head(job, portal.name, 0, self.at, "test"))

    def edit(self) -> None:
        """Change every article."""
        for article in self._site.portal.articles.values():
            self._site.portal.articles[article.key].edits += 1
            article.blocks[0] = replace(article.blocks[0], text="Tin đã được sửa lại. " * 12)

    def run(self, *, ends: bool = True) -> None:
        keys: dict[str, str] = {}
        for url in self.portal.facts().sections:
            record, reading = self._ask(url, None)
            self._writer.tell(Step("listing", self.at, record=record, section=url))
            assert reading.listing is not None
            keys |= {link.key: link.url for link in reading.listing.links}
            self._writer.tell(Step("walked", self.at, section=url, etag='"s"'))
        for number, (key, url) in enumerate(sorted(keys.items())):
            record, _ = self._ask(url, key)
            self._writer.tell(Step("article", self.at, record=record, key=key, via=url))
            if number % 2:
                self._writer.turn()
        self._writer.tell(Step("failed", self.at, url=f"{self._home}/x", kind="unreachable", detail="time-out", key="999"))
        if ends:
            self._writer.tell(Step("ended", self.at, reason="finished", requests=9, seen=2, lost=0))
        self._writer.seal()

    def _ask(self, url: str, key: str | None) -> tuple[str, object]:
        answer = self._site.answer("GET", url.removeprefix(self._home), {"host": self._home.split("/")[2]})
        capture = Capture(url, self.at, answer.status, tuple(answer.headers), answer.body)
        record = build_record(capture, ASKED)
        self._writer.keep(record, Step("kept", self.at, record=record.record_id, tls="verified"))
        return record.record_id, self.portal.read(capture)


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two crawls of each of two portals; between them every article changed."""
    folder = tmp_path_factory.mktemp("parts")
    for portal in PORTALS.values():
        for day in (10, 20):
            visit = Visit(folder, portal, f"202611{day}T050000-{portal.name.replace('_', '')}", day)
            if day == 20:
                visit.edit()
            visit.run()
    return folder


def named(folder: Path) -> Iterator[tuple[Path, PartName]]:
    for path in sealed_in(folder):
        name = PartName.of(path.name)
        assert name is not None
        yield path, name


def by_turns(folder: Path, seed: int) -> list[tuple[Path, PartName]]:
    """Crawls mixed at random, the parts of each in their order."""
    dice = random.Random(seed)
    crawls: dict[str, list[tuple[Path, PartName]]] = {}
    for path, name in named(folder):
        crawls.setdefault(name.job, []).append((path, name))
    mixed = []
    while crawls:
        job = dice.choice(sorted(crawls))
        mixed.append(crawls[job].pop(0))
        if not crawls[job]:
            del crawls[job]
    return mixed


def take_all(archive: Path, parts: list[tuple[Path, PartName]]) -> None:
    with ArchiveDatabase(archive) as database:
        database.claim_origin("live")
        take_in = TakeIn(database, PORTALS, AtOnce())
        for path, name in parts:
            take_in.take(read_part(path, name))


@pytest.fixture(scope="module")
def in_order(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = tmp_path_factory.mktemp("in order") / "archive.db"
    take_all(archive, list(named(handed_in)))
    assert len(content(archive, uninterrupted=True)["revisions"]) == 2 * len(content(archive, uninterrupted=True)["articles"]) > 10
    return archive


SAME = ("articles", "revisions", "off_topic", "attachments", "frontier", "sections", "listed", "captures")


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order(handed_in: Path, in_order: Path, tmp_path: Path, seed: int) -> None:
    parts = by_turns(handed_in, seed)
    assert parts != list(named(handed_in))
    take_all(tmp_path / "archive.db", parts)
    got, wanted = content(tmp_path / "archive.db", uninterrupted=True), content(in_order, uninterrupted=True)
    for table in SAME:
        if table == "captures":  # what was new and what changed depends on what came first
            assert [row[:4] for row in got[table]] == [row[:4] for row in wanted[table]]
        else:
            assert got[table] == wanted[table], table


def test_exactly_once(handed_in: Path, in_order: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    parts = by_turns(handed_in, 1)
    take_all(archive, list(named(handed_in)))
    before = content(archive, uninterrupted=True)
    take_all(archive, parts + parts)
    assert content(archive, uninterrupted=True) == before == content(in_order, uninterrupted=True)
    assert rows(archive, "SELECT count(*) FROM imports") == [(len(parts),)]
    assert rows(archive, "SELECT count(*), sum(finished_at IS NULL) FROM crawls") == [(4, 0)]


def test_killed_at_many_statements(handed_in: Path, tmp_path: Path) -> None:
    """Killed before any of its statements, a keeper has all of a part or nothing of it, and goes on to the same archive."""
    parts = [(path, name) for path, name in named(handed_in) if name.source == "quang_tri"][:3]
    wanted = tmp_path / "wanted" / "archive.db"
    total = take_and_be_killed(wanted, parts, 0)
    assert total > 300
    for when in (*range(1, 40, 3), *range(40, total, total // 15)):
        archive = tmp_path / str(when) / "archive.db"
        assert take_and_be_killed(archive, parts, when) == 0
        with ArchiveDatabase(archive) as database:
            taken = [path for path, name in parts if is_taken(database, name.digest)]
            captures = database.conn.execute("SELECT count(*), count(outcome) FROM captures").fetchone()
            assert captures == (sum(len(read_part(path, name).answers) for path, name in parts if path in taken),) * 2
        take_all(archive, parts)
        assert content(archive, uninterrupted=True) == content(wanted, uninterrupted=True)
        (segment,) = archive.parent.glob("warcs/*/*.warc.gz")
        assert rows(archive, "SELECT committed_end FROM segments") == [(segment.stat().st_size,)]


def take_and_be_killed(archive: Path, parts: list[tuple[Path, PartName]], when: int) -> int:
    """Take parts in, in a process that kills itself before its ``when``-th statement; returns how many there were, 0 when killed."""
    archive.parent.mkdir()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        calls = 0

        def count(statement: str) -> None:
            nonlocal calls
            calls += 1
            if calls == when:
                os.kill(os.getpid(), signal.SIGKILL)

        with ArchiveDatabase(archive) as database:
            database.claim_origin("live")
            database.conn.set_trace_callback(count)
            take_in = TakeIn(database, PORTALS, AtOnce())
            for path, name in parts:
                take_in.take(read_part(path, name))
        os.write(write, str(calls).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as stream:
        said = stream.read()
    os.waitpid(child, 0)
    return int(said or 0)


def test_a_late_part_of_an_older_crawl_says_less(handed_in: Path, archive: ArchiveDatabase) -> None:
    """Its failures and its completed walk are of before what is known by now."""
    take_in = TakeIn(archive, PORTALS, AtOnce())
    parts = [(path, name) for path, name in named(handed_in) if name.source == "quang_tri"]
    newer = [pair for pair in parts if "20261120" in pair[1].job]
    older = [pair for pair in parts if "20261110" in pair[1].job]
    for path, name in newer:
        take_in.take(read_part(path, name))
    listed = archive.conn.execute("SELECT url, last_walked_at, completed_at, etag FROM sections ORDER BY url").fetchall()
    archive.conn.execute("UPDATE section_articles SET settled = 0")
    for path, name in older:
        take_in.take(read_part(path, name))
    assert archive.conn.execute("SELECT url, last_walked_at, completed_at, etag FROM sections ORDER BY url").fetchall() == listed
    assert archive.conn.execute("SELECT count(*) FROM section_articles WHERE settled = 1").fetchone() == (0,)
    assert archive.conn.execute("SELECT count(*) FROM articles WHERE body LIKE 'Tin đã được sửa lại%'").fetchone()[0] > 3
    assert parts_taken(archive, newer[0][1].job) == set(range(len(newer)))


def test_a_crawl_whose_worker_died_is_unfinished(tmp_path: Path, archive: ArchiveDatabase) -> None:
    Visit(tmp_path / "parts", QuangTriSpider, "20261110T050000-x", 10).run(ends=False)
    take_in = TakeIn(archive, PORTALS, AtOnce())
    taken = [take_in.take(read_part(path, name)) for path, name in named(tmp_path / "parts")]
    assert [one.ended for one in taken if one] == [None] * len(taken)
    assert archive.conn.execute("SELECT finished_at, verdict FROM crawls").fetchall() == [(None, None)]


def test_what_cannot_be_ours_is_refused(tmp_path: Path, archive: ArchiveDatabase) -> None:
    """A page of another site, and a portal that is not declared: neither leaves a trace."""
    folder = tmp_path / "parts"
    folder.mkdir()
    writer = PartWriter(folder, Head("20261110T050000-x", "quang_tri", 0, "2026-11-10T05:00:00Z", "test"))
    record = build_record(Capture("https://kẻ-lạ.example/", "2026-11-10T05:00:00Z", 200, (), b"x"), ASKED)
    writer.keep(record, Step("kept", "2026-11-10T05:00:00Z", record=record.record_id))
    writer.seal()
    Visit(folder, CaoBangThachAnSpider, "20261110T050000-y", 10).run()
    take_in = TakeIn(archive, {"quang_tri": QuangTriSpider}, AtOnce())
    for path, name in named(folder):
        with pytest.raises(PartDamaged):
            take_in.take(read_part(path, name))
    assert archive.conn.execute("SELECT count(*) FROM sources").fetchone() == (0,)
    assert not (archive.root / "warcs").exists()
