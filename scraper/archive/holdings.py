"""What web archives hold of a portal and how far it was brought back: rows of ``listings`` and ``holdings``, no side files.

Everything that changes state runs inside a transaction of the caller, where there is one that of the capture's own row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlite_utils import Database

from scraper.archive.frontier import shift
from scraper.backfill.cdx import CdxPage, Listed, Scope
from scraper.backfill.choice import Holding, choose

RELIST_AFTER = timedelta(days=30)
"""How long a completed list is believed: archives add to their past, but not by the day."""
RETRY_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3))
"""When a capture that could not be had is asked for again; after that it is given up."""
_GIVES_ARTICLES = "('new', 'changed', 'unchanged', 'off_topic')"


@dataclass(frozen=True, slots=True)
class Listing:
    """One list to be asked for: at which server, of what, and how far it was read."""

    id: int
    archive: str
    scope: Scope
    position: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """One capture to be had: its row, the server that lists it, address, time and digest as listed, and where it is."""

    id: int
    archive: str
    key: str
    url: str
    captured_at: str
    digest: str
    place: str
    byte_range: str | None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A capture that shows what we have: to be stored as seen again. ``original``: the capture of that content."""

    wanted: Wanted
    original: int


def open_listing(db: Database, source: str, archive: str, scope: Scope, at: str, *, again: bool = False) -> None:
    """Have a list asked for, unless one that was completed is still believed; ``again``: whatever its age."""
    address = f"{scope.kind}:{scope.address}"
    key = (source, archive, address, scope.since, scope.until)
    db.execute("INSERT OR IGNORE INTO listings (source_id, archive, scope, since, until) VALUES (?, ?, ?, ?, ?)", key)
    db.execute(
        "UPDATE listings SET position = NULL, pages = 0, captures = 0, completed_at = NULL WHERE completed_at < ?"
        " AND (source_id, archive, scope, since, until) = (?, ?, ?, ?, ?)",
        ("9" if again else shift(at, -RELIST_AFTER), *key),
    )


def open_listings(db: Database, source: str, archives: Iterable[str]) -> list[Listing]:
    """The lists that are not completed, in the order they were opened."""
    rows = db.execute(
        "SELECT id, archive, scope, since, until, position FROM listings WHERE source_id = ? AND completed_at IS NULL ORDER BY id",
        (source,),
    ).fetchall()
    wanted = tuple(archives)
    return [_listing(row) for row in rows if row[1].startswith(wanted)]


def _listing(row: tuple[int, str, str, str, str, str | None]) -> Listing:
    kind, _, address = row[2].partition(":")
    return Listing(row[0], row[1], Scope(address, "prefix" if kind == "prefix" else "host", row[3], row[4]), row[5])


def store_page(db: Database, source: str, listing: Listing, page: CdxPage, keyed: Iterable[tuple[Listed, str, int]], at: str) -> None:
    """Remember the captures of one answer with their article's key and the rank of their address, and where the list goes on."""
    for one, key, rank in keyed:
        here = db.execute(
            "SELECT id FROM captures WHERE source_id = ? AND url = ? AND fetched_at = ? AND outcome IS NOT 'lost'",
            (source, one.url, one.captured_at),
        ).fetchone()
        db.execute(
            "INSERT OR IGNORE INTO holdings (source_id, archive, article_key, url, address_rank, captured_at, digest, place, byte_range,"
            " state, capture_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                source, listing.archive, key, one.url, rank, one.captured_at, one.digest or f"?{one.captured_at} {one.url}", one.place,
                one.byte_range, "done" if here else "listed", here[0] if here else None,
            ),
        )  # fmt: skip
    db.execute(
        "UPDATE listings SET position = ?, pages = pages + 1, captures = captures + ?, attempts = 0, completed_at = ? WHERE id = ?",
        (page.position, page.listed, None if page.position else at, listing.id),
    )


def complete(db: Database, listing: Listing, at: str) -> None:
    """A list that needs not be asked for any more: it was divided, or it is a list of lists."""
    db.execute("UPDATE listings SET position = NULL, pages = pages + 1, completed_at = ? WHERE id = ?", (at, listing.id))


def listing_failed(db: Database, listing: Listing) -> None:
    """A list that could not be had; it goes on from where it is."""
    db.execute("UPDATE listings SET attempts = attempts + 1 WHERE id = ?", (listing.id,))


def choose_all(db: Database, source: str) -> None:
    """Choose among everything newly listed what is to be fetched."""
    keys = [key for (key,) in db.execute("SELECT DISTINCT article_key FROM holdings WHERE source_id = ? AND state = 'listed'", (source,))]
    _choose(db, source, keys, ("listed", "todo", "done", "failed", "same", "skipped", "given_up"))


def _choose(db: Database, source: str, keys: list[str], among: tuple[str, ...]) -> None:
    if not keys:
        return
    brought = {
        digest
        for (digest,) in db.execute(
            "SELECT DISTINCT digest FROM holdings WHERE source_id = ? AND state IN ('todo', 'done', 'failed')", (source,)
        )
    }
    slots = ", ".join("?" for _ in among)
    query = (
        "SELECT id, url, address_rank, captured_at, digest, state FROM holdings WHERE source_id = ? AND article_key = ?"
        f" AND state IN ({slots})"
    )
    for key in sorted(keys):
        rows = [Holding(*row) for row in db.execute(query, (source, key, *among)).fetchall()]
        digests = {row.id: row.digest for row in rows}
        for number, state in choose(rows, brought).items():
            db.execute("UPDATE holdings SET state = ? WHERE id = ?", (state, number))
            if state == "todo":
                brought.add(digests[number])


def release_twins(db: Database, source: str) -> int:
    """Let twins be asked for where everything at an article's better addresses was had and gave no article; returns how many."""
    keys = [
        key
        for (key,) in db.execute(
            "SELECT DISTINCT h.article_key FROM holdings h WHERE h.source_id = ? AND h.state = 'twin' AND NOT EXISTS"
            " (SELECT 1 FROM holdings o LEFT JOIN captures c ON c.id = o.capture_id WHERE o.source_id = h.source_id"
            f" AND o.article_key = h.article_key AND (o.state IN ('listed', 'todo', 'same', 'failed') OR c.outcome IN {_GIVES_ARTICLES}))",
            (source,),
        )
    ]
    for key in keys:
        db.execute(
            "UPDATE holdings SET state = 'listed' WHERE source_id = ? AND article_key = ? AND state = 'twin'",
            (source, key),
        )
    _choose(db, source, keys, ("listed",))
    return len(keys)


_WANTED = "h.id, h.archive, h.article_key, h.url, h.captured_at, h.digest, h.place, h.byte_range"


def next_wanted(db: Database, source: str, archives: tuple[str, ...], at: str) -> Wanted | None:
    """The next capture to ask for: article by article, from the earliest on."""
    rows = db.execute(
        f"SELECT {_WANTED} FROM holdings h WHERE h.source_id = ? AND (h.state = 'todo' OR (h.state = 'failed' AND h.due_at <= ?))"
        " ORDER BY h.article_key, h.captured_at, h.id",
        (source, at),
    )
    return next((Wanted(*row) for row in rows if row[1].startswith(archives)), None)


def sightings(db: Database, source: str, digest: str | None = None) -> list[Sighting]:
    """The captures whose content is here by now (``digest``: that one), earliest first."""
    rows = db.execute(
        f"SELECT {_WANTED}, min(o.capture_id) FROM holdings h JOIN holdings o ON o.source_id = h.source_id AND o.digest = h.digest"
        " AND o.capture_id IS NOT NULL JOIN captures c ON c.id = o.capture_id AND c.kind = 'response' AND c.outcome IS NOT 'lost'"
        " WHERE h.source_id = ? AND h.state = 'same' AND (? IS NULL OR h.digest = ?) GROUP BY h.id ORDER BY h.captured_at, h.id",
        (source, digest, digest),
    ).fetchall()
    return [Sighting(Wanted(*row[:8]), row[8]) for row in rows]


def mark_done(db: Database, wanted: Wanted, capture_id: int) -> None:
    """A capture is here."""
    sql = "UPDATE holdings SET state = 'done', due_at = NULL, detail = NULL, capture_id = ? WHERE id = ?"
    db.execute(sql, (capture_id, wanted.id))


def mark_failed(db: Database, wanted: Wanted, detail: str, at: str, *, for_good: bool = False) -> None:
    """A capture could not be had: later, and later still. When it is given up, another of the same content takes its place."""
    (attempts,) = db.execute("SELECT attempts FROM holdings WHERE id = ?", (wanted.id,)).fetchone()
    given_up = for_good or attempts >= len(RETRY_AFTER)
    due = None if given_up else shift(at, RETRY_AFTER[attempts])
    state = "given_up" if given_up else "failed"
    db.execute(
        "UPDATE holdings SET state = ?, attempts = attempts + 1, due_at = ?, detail = ? WHERE id = ?", (state, due, detail[:500], wanted.id)
    )
    if given_up:
        db.execute(
            "UPDATE holdings SET state = 'todo' WHERE id = (SELECT h.id FROM holdings h JOIN holdings o ON o.id = ?"
            " WHERE h.source_id = o.source_id AND h.digest = o.digest AND h.state IN ('same', 'skipped')"
            " ORDER BY h.state, h.captured_at, h.id LIMIT 1)",
            (wanted.id,),
        )


def rest(db: Database, archive: str, until: str) -> None:
    """Leave a server alone until some time, whoever's portal it is asked about."""
    for number, address in db.execute("SELECT id, archive FROM listings").fetchall():
        if urlsplit(address).netloc == urlsplit(archive).netloc:
            db.execute("UPDATE listings SET not_before = ? WHERE id = ?", (until, number))


def resting(db: Database, archive: str) -> str | None:
    """Until when a server is to be left alone; None when it never asked for that."""
    rows = db.execute("SELECT archive, not_before FROM listings WHERE not_before IS NOT NULL").fetchall()
    return max((until for address, until in rows if urlsplit(address).netloc == urlsplit(archive).netloc), default=None)


def tally(db: Database, source: str) -> Counter[str]:
    """How many captures are in which state."""
    return Counter(dict(db.execute("SELECT state, count(*) FROM holdings WHERE source_id = ? GROUP BY state", (source,)).fetchall()))


def years(db: Database, source: str) -> dict[str, tuple[int, int]]:
    """By year: articles that were captured in it, and captures that are to be fetched."""
    out: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    sql = (
        "SELECT substr(captured_at, 1, 4), count(DISTINCT article_key), sum(state IN ('todo', 'failed')) FROM holdings"
        " WHERE source_id = ? GROUP BY 1 ORDER BY 1"
    )
    for year, articles, todo in db.execute(sql, (source,)):
        out[year] = (articles, todo)
    return dict(out)
