"""One crawl or replay of one source, from captured bytes to rows. Everything that writes goes through here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from sqlite_utils import Database

from scraper import __version__
from scraper.analyse.relevance import THRESHOLD, relevance
from scraper.archive import analysis, boilerplate, frontier, sections
from scraper.archive.articles import CaptureRef, Outcome, Source, mark_missing, mark_present, reinstate, store_article, withdraw
from scraper.archive.crawls import Counts, SourceFacts
from scraper.archive.database import ArchiveDatabase, now
from scraper.archive.gate import judge
from scraper.archive.issues import close_issues, record_issue
from scraper.archive.segments import AT_ONCE, Segments
from scraper.archive.shelf import Shelf
from scraper.archive.walk import Validators
from scraper.items import Article, Capture, Listing, Problem, Reading
from scraper.urls import tidied

CrawlKind = Literal["crawl", "replay"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a reading: the article's outcome (None: no article), and whether a listing page was known ground."""

    outcome: Outcome | None
    known_ground: bool = False


class Keeper(Shelf):
    """Keeps one crawl. Captures are durable when :meth:`keep` returns; readings when :meth:`take` does."""

    def __init__(
        self,
        archive: ArchiveDatabase,
        facts: SourceFacts,
        kind: CrawlKind,
        *,
        keep_all: bool = False,
        threshold: float = THRESHOLD,
        segments: Segments | None = None,
    ) -> None:
        self.archive = archive
        self.facts = facts
        self.counts = Counts()
        self.problems: Counter[str] = Counter()
        self._source = Source(facts.id, facts.citation)
        self._segments = segments or Segments(archive, facts.id)
        self._kind = kind
        self._keep_all = keep_all
        self._threshold = threshold
        self._boilerplate: set[str] = set()
        self._reread: Callable[[Capture], Reading] | None = None
        self._key_at: Callable[[str], str | None] = lambda url: None
        self._outcomes: dict[str, Outcome] = {}
        if segments is None:
            self._segments.recover(AT_ONCE[kind])  # first: a crawl that cannot begin leaves no row
        with archive.transaction() as db:
            db.table("sources").upsert(facts.row(), pk="id")
            analysis.sync_vocabulary(db)
            for url in facts.sections:
                db.execute("INSERT OR IGNORE INTO sections (source_id, url) VALUES (?, ?)", (facts.id, url))
            self.crawl_id = self._begin(db, kind)

    def reads_by(self, read: Callable[[Capture], Reading], key_at: Callable[[str], str | None]) -> None:
        """How what is stored is read once more, and the key of the article at an address: what ends half done is made good by them."""
        self._reread, self._key_at = read, key_at

    def clock(self) -> str:
        """The time at which something happens that no capture tells of."""
        return now()

    def _begin(self, db: Database, kind: CrawlKind) -> int:
        """The row of ``crawls``."""
        crawl_id: int = db.execute(
            "INSERT INTO crawls (source_id, kind, started_at, code_version) VALUES (?, ?, ?, ?) RETURNING id",
            (self.facts.id, kind, self.clock(), __version__),
        ).fetchone()[0]
        return crawl_id

    # Reading

    def take(
        self, capture: Capture, capture_id: int, reading: Reading, *, asked_for: str | None = None, section: int | None = None
    ) -> Taken:
        """Store what a capture said, in one transaction.

        ``asked_for``: the article key that the frontier wanted at this address; ``section``: the section this is a page of.
        """
        url = tidied(capture.url)
        problems = list(reading.problems)
        outcome: Outcome | None = None
        revision_id: int | None = None
        known_ground = False
        with self.archive.transaction() as db:
            archived = self._is_archived(capture_id)  # outside it would be one more of its own
            article = reading.article
            was_left_out = article is not None and self._is_off_topic(article.key)
            if article is not None:
                outcome, revision_id = self._judge_and_store(capture, capture_id, article, reading.rank, problems, archived=archived)
            if section is not None and reading.listing is not None:
                known_ground = self._list(section, reading.listing, capture.fetched_at)
            label = outcome or ("listing" if reading.listing else f"refused: {problems[0].kind}" if problems else "other")
            db.execute("UPDATE captures SET outcome = ?, revision_id = ? WHERE id = ?", (label, revision_id, capture_id))
            if article is not None and was_left_out and outcome == "new":
                self._take_what_was_left_out(article.key)
            close_issues(db, self.facts.id, url, capture.fetched_at, keep=frozenset(problem.kind for problem in problems))
            for problem in problems:
                self._issue(capture.url, problem, capture.fetched_at)
            key = asked_for or (article.key if article else None)
            if archived:
                self._take_note(key, capture, outcome)
            elif key is not None:
                if outcome is not None and article is not None:
                    validators = (capture.header("ETag"), capture.header("Last-Modified"))
                    frontier.mark_done(db, self.facts.id, article.key, url, capture.fetched_at, validators)
                if outcome is None or article is None or article.key != key:
                    self._lost(key, capture, problems, is_elsewhere=outcome is not None)
        self._count(article.key if article else None, outcome)
        return Taken(outcome, known_ground)

    def _is_archived(self, capture_id: int) -> bool:
        """Whether others made a capture: it says nothing of whether the portal is to be asked again."""
        row = self.archive.conn.execute("SELECT provenance FROM captures WHERE id = ?", (capture_id,)).fetchone()
        return row is not None and row[0] is not None

    def _take_note(self, key: str | None, capture: Capture, outcome: Outcome | None) -> None:
        """An archive's capture: its article is known from now on; what the frontier says of one that was asked for stays."""
        if outcome is None:
            self.counts.failed += key is not None
        elif key is not None:
            frontier.mark_known(self.archive.db, self.facts.id, key, tidied(capture.url), capture.fetched_at)

    def _list(self, section: int, listing: Listing, at: str) -> bool:
        """Remember a listing page; returns whether an earlier completed walk has been over all of it."""
        self.counts.listed.update(link.key for link in listing.links)
        return sections.list_page(self.archive.db, self.facts.id, section, listing, at)

    def walked(self, section: int, validators: Validators) -> None:
        """A walk reached the end of a section, or known ground."""
        with self.archive.transaction() as db:
            frontier.finish_walk(db, section, self.clock(), *validators)

    def _judge_and_store(
        self, capture: Capture, capture_id: int, article: Article, rank: int, problems: list[Problem], *, archived: bool
    ) -> tuple[Outcome | None, int | None]:
        """Store an article if it is one, and not worse than what is here; else ``problems`` says why not."""
        length, layout = self._current(article.key)
        lost_layout = any(problem.kind == "layout_changed" for problem in problems) and layout != article.layout
        verdict = judge(article, length, read_worse=lost_layout)
        problems += verdict.problems
        if not verdict.accepted:
            return None, None
        if self._is_boilerplate(article, capture.fetched_at):
            problems.append(Problem("boilerplate", "the same text stands under other addresses of this portal"))
            return None, None
        return self._store(capture, capture_id, article, rank, archived=archived)

    def _is_off_topic(self, key: str) -> bool:
        """Whether an article was seen and left out."""
        query = "SELECT 1 FROM off_topic WHERE source_id = ? AND article_key = ?"
        return self.archive.conn.execute(query, (self.facts.id, key)).fetchone() is not None

    def _take_what_was_left_out(self, key: str) -> None:
        """What an article showed while it was off topic belongs to its history, as it would had it come on topic first."""
        if self._reread is None:
            return
        for capture_id, capture in self.left_out(lambda url: self._key_at(url) == key):
            reading = self._reread(capture)
            if reading.article is None or reading.article.key != key:
                continue
            outcome, revision_id = self._judge_and_store(
                capture, capture_id, reading.article, reading.rank, list(reading.problems), archived=self._is_archived(capture_id)
            )
            if outcome is not None:
                update = "UPDATE captures SET outcome = ?, revision_id = ? WHERE id = ?"
                self.archive.db.execute(update, (outcome, revision_id, capture_id))

    def _store(self, capture: Capture, capture_id: int, article: Article, rank: int, *, archived: bool) -> tuple[Outcome, int | None]:
        if article.section is None:
            article = replace(article, section=sections.name_of(self.archive.db, self.facts.id, article.key, article.url))
        score = relevance(article.title, article.text)
        reference = CaptureRef(capture_id, capture.fetched_at, rank, archived)
        on_topic = self._keep_all or score.is_on_topic(self._threshold)
        outcome, revision_id = store_article(self.archive.db, self._source, reference, article, score, on_topic=on_topic)
        if outcome in ("new", "changed"):
            self._analyse(article)
        return outcome, revision_id

    def _analyse(self, article: Article) -> None:
        """Topics, places and figures of an article as it now stands; an error of ours there costs the article nothing."""
        db = self.archive.db
        key = (self.facts.id, article.key)
        article_id = db.execute("SELECT id FROM articles WHERE source_id = ? AND article_key = ?", key).fetchone()[0]
        read = analysis.read_safely(analysis.load(db, article_id), self._threshold)
        if isinstance(read, Problem):
            self._issue(article.url, read, self.clock())
        else:
            analysis.store(db, read)

    def _is_boilerplate(self, article: Article, at: str) -> bool:
        """Whether a text is a template's, and offers no file.

        What this crawl stored of the same text before that was known is taken back: new articles are withdrawn, changed ones
        get their earlier text again.
        """
        if any(attachment.kind == "document" for attachment in article.attachments):
            return False
        if article.body_digest in self._boilerplate:
            return True
        db = self.archive.db
        same = boilerplate.copies(db, self.facts.id, article)
        if not boilerplate.is_boilerplate(db, self.facts.id, article, same):
            return False
        self._boilerplate.add(article.body_digest)
        for copy in same:
            if copy.crawl_id == self.crawl_id and self._take_back(copy.id, copy.revision_id):
                self._issue(copy.url, Problem("boilerplate", "the same text stands under other addresses of this portal"), at)
                self._fail(copy.key, at)
        return True

    def _take_back(self, article_id: int, revision_id: int) -> bool:
        """Undo what this crawl stored of an article; False when its earlier text cannot be read here."""
        db = self.archive.db
        earlier = db.execute(
            "SELECT r.id, r.capture_id, c.warc_file, c.warc_offset, c.kind, c.payload_digest FROM revisions r"
            " JOIN captures c ON c.id = r.capture_id WHERE r.article_id = ? AND r.id <> ? ORDER BY r.first_captured_at DESC, r.id DESC",
            (article_id, revision_id),
        ).fetchone()
        if earlier is None:
            withdraw(db, article_id)
            return True
        article = self._reread(self._stored(*earlier[2:])).article if self._reread else None
        if article is None:
            return False
        reinstate(db, self._source, article_id, earlier[0], earlier[1], article, relevance(article.title, article.text))
        self._analyse(article)
        return True

    def _current(self, key: str) -> tuple[int | None, str | None]:
        """How long the archived text of an article is, and the layout it was read by; None, None when it is not archived."""
        row = self.archive.conn.execute(
            "SELECT length(body) + length(coalesce(lead, '')), layout FROM articles WHERE source_id = ? AND article_key = ?",
            (self.facts.id, key),
        ).fetchone()
        return row or (None, None)

    def _count(self, key: str | None, outcome: Outcome | None) -> None:
        """Count articles, not captures: of an article's several captures the most telling counts."""
        if key is None or outcome is None:
            return
        weight = {"unchanged": 0, "off_topic": 1, "changed": 2, "new": 3}
        before = self._outcomes.get(key)
        if before is not None and weight[before] >= weight[outcome]:
            return
        if before is not None:
            setattr(self.counts, before, getattr(self.counts, before) - 1)
        self._outcomes[key] = outcome
        setattr(self.counts, outcome, getattr(self.counts, outcome) + 1)

    def set_outcome(self, capture_id: int, outcome: str) -> None:
        """Say what became of a capture that nobody reads."""
        with self.archive.transaction() as db:
            db.execute("UPDATE captures SET outcome = ? WHERE id = ?", (outcome, capture_id))

    def refuse_part(self, capture: Capture, capture_id: int, why: str) -> None:
        """The crawler that made a capture did not keep all of the answer: it is here and is not read."""
        self.note(capture.url, Problem.of_part(why))
        self.set_outcome(capture_id, "refused: damaged")

    def recover(self) -> None:
        """Read what was stored and never read, because the crawl was killed in between; a listing is walked again anyway."""
        assert self._reread is not None
        for capture_id, capture in self.unread():
            key = self._key_at(capture.url)
            if key is None or capture.status == 304:
                self.set_outcome(capture_id, "interrupted")
            else:
                asked_for = None if self._is_archived(capture_id) else key
                self.take(capture, capture_id, self._reread(capture), asked_for=asked_for)

    # What did not work

    def set_not_before(self, at: str, problem: Problem) -> None:
        """Remember that the portal is not to be asked before some time, and why."""
        with self.archive.transaction() as db:
            db.execute("UPDATE sources SET not_before = ? WHERE id = ?", (at, self.facts.id))
            self._issue(self.facts.home_url, problem, self.clock())

    def unmodified(self, capture: Capture, capture_id: int, key: str | None) -> None:
        """The portal confirmed (304) what we have of an article, or of a listing (``key`` None)."""
        at = capture.fetched_at
        with self.archive.transaction() as db:
            db.execute("UPDATE captures SET outcome = 'unmodified' WHERE id = ?", (capture_id,))
            close_issues(db, self.facts.id, tidied(capture.url), at)
            if key is not None:
                mark_present(db, self.facts.id, key, at)
                validators = (capture.header("ETag"), capture.header("Last-Modified"))
                frontier.mark_done(db, self.facts.id, key, tidied(capture.url), at, validators, confirmed=True)
        self._count(key, "unchanged")

    def fail(self, url: str, problem: Problem, key: str | None = None) -> None:
        """Nothing was received for an address: an issue, and for an article a later time."""
        at = self.clock()
        with self.archive.transaction():
            self._issue(url, problem, at)
            if key is not None:
                self._fail(key, at)

    def note(self, url: str, problem: Problem) -> None:
        """Record an issue that is no page's."""
        with self.archive.transaction():
            self._issue(url, problem, self.clock())

    def _issue(self, url: str, problem: Problem, at: str) -> None:
        self.problems[problem.kind] += 1
        if record_issue(self.archive.db, self.facts.id, tidied(url), problem, at):
            self.counts.issues += 1

    def _lost(self, key: str, capture: Capture, problems: list[Problem], *, is_elsewhere: bool) -> None:
        """An article's address gave no article, or led to another's: the portal says it is gone, or it is looked for again later."""
        if is_elsewhere and self._current(key) == (None, None):  # nothing is lost: all that is known of it was stored there
            frontier.mark_gone(self.archive.db, self.facts.id, key, capture.fetched_at)
            return
        vanished = capture.status in (404, 410) or any(problem.kind == "moved" for problem in problems)
        was_there = vanished and self._current(key) != (None, None)
        if vanished and mark_missing(self.archive.db, self.facts.id, key, capture.fetched_at, gone=capture.status == 410):
            self.counts.failed += 1
            self.counts.again += was_there
            frontier.mark_gone(self.archive.db, self.facts.id, key, capture.fetched_at)
        else:
            self._fail(key, capture.fetched_at, was_there=was_there)

    def _fail(self, key: str, at: str, *, was_there: bool = False) -> None:
        self.counts.failed += 1
        self.counts.again += frontier.mark_failed(self.archive.db, self.facts.id, key, at) or was_there

    # The end

    def finish(self, reason: str, verdict: str) -> None:
        """Close the crawl's row with what it did. A portal that it went through does not ask to be left alone any more."""
        self._segments.close()
        at = self.clock()
        with self.archive.transaction() as db:
            ending = {"finished_at": at, "finish_reason": reason, "verdict": verdict}
            db.table("crawls").update(self.crawl_id, {**ending, **self.counts.row()})
            if self._kind == "crawl" and reason == "finished":
                pauses = "UPDATE issues SET closed_at = ? WHERE source_id = ? AND kind = 'asked_to_wait' AND closed_at IS NULL"
                db.execute(pauses, (at, self.facts.id))
