"""What is to be asked: articles discovered, due or failed, and how far each section has been walked. Rows, no pickle.

A walk reads a section's listing from its newest page on. It may stop where every link is *settled*: listed by an earlier
walk that was completed. Links of a walk that was cut off are not settled, so the gap behind them is always closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from scraper.archive.issues import close_issues
from scraper.archive.renumbered import is_another
from scraper.extract.dates import VIETNAM
from scraper.items import Link

_STAMP = "%Y-%m-%dT%H:%M:%SZ"

RECHECK_AFTER = (timedelta(hours=24), timedelta(days=7), timedelta(days=30))
"""When an archived article is asked again: of articles edited within a week, four in five are edited in the first day."""
RETRY_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""When an article that could not be had is asked again; the last step repeats."""

LONGEST_PAUSE = timedelta(hours=24)
"""The longest pause that a portal is given; a longer one that is stored tells of a clock that was set back."""


@dataclass(frozen=True, slots=True)
class Due:
    """One article to ask for, with the validators of the last answer."""

    key: str
    url: str
    etag: str | None
    last_modified: str | None


def shift(at: str, by: timedelta) -> str:
    """A stored UTC time moved by some time."""
    return (datetime.strptime(at, _STAMP).replace(tzinfo=UTC) + by).strftime(_STAMP)


def discover(db: Database, source: str, section_id: int, links: tuple[Link, ...], at: str) -> bool:
    """Remember the links of a listing page; returns whether all were settled by an earlier completed walk."""
    all_settled = bool(links)
    for link in links:
        inserted = db.execute(
            "INSERT OR IGNORE INTO frontier (source_id, article_key, url, listed_date, state, discovered_at, due_at)"
            " VALUES (?, ?, ?, ?, 'todo', ?, ?)",
            (source, link.key, link.url, link.listed_date, at, at),
        )
        if not inserted.rowcount:
            _listed_again(db, source, section_id, link, at)
        row = db.execute("SELECT settled FROM section_articles WHERE section_id = ? AND article_key = ?", (section_id, link.key)).fetchone()
        if row is None:
            db.execute("INSERT INTO section_articles (section_id, article_key) VALUES (?, ?)", (section_id, link.key))
        all_settled = all_settled and row is not None and row[0] == 1
    return all_settled


def _listed_again(db: Database, source: str, section_id: int, link: Link, at: str) -> None:
    """What a listing says of an article that could not be had, or is gone: it is looked for there. Or of a number given anew.

    At once at an address where it was not looked for yet. Else, and after many failures, no sooner than the last step of
    :data:`RETRY_AFTER` allows: listings go on naming what is gone, and two may name one article by two addresses.
    """
    of_article = (source, link.key)
    row = db.execute(
        "SELECT url, state, attempts, asked_at, due_at FROM frontier WHERE source_id = ? AND article_key = ?", of_article
    ).fetchone()
    url, state, attempts, asked_at, due_at = row
    elsewhere = url != link.url
    if state == "todo" or (state == "failed" and not elsewhere):
        return
    if state == "done" and not (elsewhere and _is_another(db, source, link, url)):
        return
    if elsewhere and attempts < len(RETRY_AFTER):
        due_at = at
    elif state == "gone":
        due_at = max(at, shift(asked_at, RETRY_AFTER[-1])) if asked_at else at
    if state == "done":  # what stands behind it may be others too
        state = "todo"
        db.execute("UPDATE section_articles SET settled = 0 WHERE section_id = ? AND article_key = ?", (section_id, link.key))
    else:
        state, attempts = "failed", max(attempts, 1)
    if elsewhere:  # nobody asks there any more
        close_issues(db, source, url, at)
    db.execute(
        "UPDATE frontier SET url = ?, state = ?, attempts = ?, due_at = ?, etag = iif(?, NULL, etag),"
        " last_modified = iif(?, NULL, last_modified) WHERE source_id = ? AND article_key = ?",
        (link.url, state, attempts, due_at, elsewhere, elsewhere, *of_article),
    )


def _is_another(db: Database, source: str, link: Link, url: str) -> bool:
    """Whether a listing has another article under a number that we know."""
    row = db.execute(
        "SELECT title FROM articles WHERE source_id = ?1 AND article_key = ?2"
        " UNION ALL SELECT title FROM off_topic WHERE source_id = ?1 AND article_key = ?2",
        (source, link.key),
    ).fetchone()
    return row is not None and is_another(row[0], url, link.text, link.url)


def due(db: Database, source: str, at: str, since: str | None = None, keys: tuple[str, ...] | None = None) -> list[Due]:
    """The articles whose time has come, oldest discovery first; with ``since``, none that its listing dates earlier."""
    sql = (
        "SELECT article_key, url, etag, last_modified FROM frontier WHERE source_id = ? AND due_at <= ?"
        " AND (? IS NULL OR listed_date IS NULL OR listed_date >= ?)"
    )
    arguments: list[str | None] = [source, at, since, since]
    if keys is not None:
        sql += f" AND article_key IN ({', '.join('?' for _ in keys)})"
        arguments += keys
    rows = db.execute(sql + " ORDER BY discovered_at", arguments).fetchall()
    return [Due(*row) for row in rows]


def mark_done(
    db: Database, source: str, key: str, url: str, at: str, validators: tuple[str | None, str | None], *, confirmed: bool = False
) -> None:
    """An article was read at ``at``; an archived one is asked again while it is young.

    It is asked at the address where it was first had, which may not be the one that was listed. ``validators``: ETag and
    Last-Modified of the answer; one that was ``confirmed`` (304) and brings none keeps those it had.
    A capture older than the last answer changes nothing.
    """
    kept = "coalesce(excluded.{0}, {0})" if confirmed else "excluded.{0}"
    db.execute(
        "INSERT INTO frontier (source_id, article_key, url, state, discovered_at, asked_at, due_at, etag, last_modified)"
        " VALUES (?, ?, ?, 'done', ?, ?, ?, ?, ?) ON CONFLICT (source_id, article_key) DO UPDATE SET state = 'done', attempts = 0,"
        " url = iif(state = 'done', url, excluded.url),"
        f" asked_at = excluded.asked_at, due_at = excluded.due_at, etag = {kept.format('etag')},"
        f" last_modified = {kept.format('last_modified')}"
        " WHERE asked_at IS NULL OR excluded.asked_at >= asked_at",
        (source, key, url, at, at, _next_check(db, source, key, at), *validators),
    )


def mark_known(db: Database, source: str, key: str, url: str, at: str) -> None:
    """An article is known from another's capture of ``at``. One that was ever discovered or asked for is left as it is."""
    db.execute(
        "INSERT OR IGNORE INTO frontier (source_id, article_key, url, state, discovered_at, asked_at, due_at)"
        " VALUES (?, ?, ?, 'done', ?, ?, ?)",
        (source, key, url, at, at, _next_check(db, source, key, at)),
    )


def _next_check(db: Database, source: str, key: str, at: str) -> str | None:
    """When an archived article is looked at again: counted from its publication, or from its discovery when it prints no date.

    Old news read in a backfill is not asked again, nor is what is off topic.
    """
    row = db.execute("SELECT published_at, first_seen_at FROM articles WHERE source_id = ? AND article_key = ?", (source, key)).fetchone()
    if row is None:
        return None
    born = datetime.fromisoformat(row[0] or row[1])
    if born.tzinfo is None:
        born = born.replace(tzinfo=VIETNAM)
    checks = [(born + step).astimezone(UTC).strftime(_STAMP) for step in RECHECK_AFTER]
    return next((check for check in checks if check > at), None)


def mark_failed(db: Database, source: str, key: str, at: str) -> bool:
    """An article could not be had at ``at``: later, and later still. Returns whether it had failed before."""
    row = db.execute("SELECT attempts FROM frontier WHERE source_id = ? AND article_key = ?", (source, key)).fetchone()
    if row is not None:
        next_due = shift(at, RETRY_AFTER[min(row[0], len(RETRY_AFTER) - 1)])
        db.execute(
            "UPDATE frontier SET state = 'failed', attempts = attempts + 1, due_at = ? WHERE source_id = ? AND article_key = ?",
            (next_due, source, key),
        )
    return row is not None and row[0] > 0


def mark_gone(db: Database, source: str, key: str, at: str) -> None:
    """An article was found to be gone at ``at``: it is not asked again, unless a listing names it."""
    db.execute(
        "UPDATE frontier SET state = 'gone', attempts = attempts + 1, asked_at = max(coalesce(asked_at, ''), ?), due_at = NULL"
        " WHERE source_id = ? AND article_key = ?",
        (at, source, key),
    )


def finish_walk(db: Database, section_id: int, at: str, etag: str | None, last_modified: str | None) -> None:
    """A walk reached the end of the section or settled ground: everything listed so far is settled."""
    db.execute("UPDATE section_articles SET settled = 1 WHERE section_id = ? AND settled = 0", (section_id,))
    db.execute(
        "UPDATE sections SET completed_at = ?, last_walked_at = ?, etag = ?, last_modified = ? WHERE id = ?",
        (at, at, etag, last_modified, section_id),
    )
