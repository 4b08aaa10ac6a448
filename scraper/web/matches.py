"""Which articles a search finds, worked out once for all the statements of a page.

Datasette's table page puts the search into each of its statements (rows, count, every facet) as ``id in (select rowid …)``,
and SQLite builds a table of all rows found for each of them anew: a fifth of a second each where a phrase stands in all of
100,000 articles. Here the search runs once, its rows become a row of bytes (1 where the article is found), and the
statements look into that. Answers are kept for as long as the file is the same.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from scraper.archive.schema import FTS_COLUMNS
from scraper.web.search import match_expression

FEW = 3000
"""Up to this many rows SQLite's own way is the faster one."""
FOUND = b"\x01"
_KEPT = 64
_KEPT_BYTES = 32_000_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search found: how many articles, and a byte for each id from 1 on."""

    count: int
    marks: bytes


class Kept(Generic[T]):
    """Answers that are right for as long as the database file stays as it is, the oldest forgotten first."""

    def __init__(self, most: int, size: Callable[[T], int] = lambda _: 0, most_bytes: int = _KEPT_BYTES) -> None:
        self._answers: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()
        self._most, self._size, self._most_bytes = most, size, most_bytes

    def get(self, key: Hashable) -> T | None:
        """An answer that was kept."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: Hashable, answer: T) -> T:
        """Keep an answer; returns it."""
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._most or sum(map(self._size, self._answers.values())) > self._most_bytes:
                self._answers.popitem(last=False)
        return answer


_matches: Kept[Matches] = Kept(_KEPT, lambda matches: len(matches.marks))


def stamp(path: str) -> tuple[Hashable, ...] | None:
    """What changes whenever a file of SQLite's is written; None for a database that is no file."""
    if not path:
        return None
    found: list[Hashable] = [path]
    for name in (path, f"{path}-wal"):
        try:
            about = os.stat(name)
        except FileNotFoundError:
            continue
        found += [about.st_mtime_ns, about.st_size]
    return tuple(found)


def matches(conn: sqlite3.Connection, path: str, query: str, column: str | None = None) -> Matches:
    """What a search of the articles (or of one column of them) finds; at once if it was looked for since the last write."""
    expression = match_expression(query, column)
    state = stamp(path)
    kept = _matches.get((state, expression)) if state else None
    if kept is not None:
        return kept
    rows = conn.cursor()
    rows.row_factory = None
    last = rows.execute("select max(id) from articles").fetchone()[0] or 0
    marks = bytearray(last + 1)
    for (number,) in rows.execute("select rowid from articles_fts where articles_fts match ?", (expression,)):
        marks[number] = 1
    found = Matches(marks.count(1), bytes(marks[1:]))
    return _matches.put((state, expression), found) if state else found


def add_function(conn: sqlite3.Connection) -> None:
    """Give SQL ``vn_found(query)``: the marks of the articles found, as in ``substr(vn_found(:q), id, 1) = x'01'``.

    ``vn_found(query, 'title')`` looks in one column only.
    """
    path = conn.execute("pragma database_list").fetchone()
    file = str(path[2] or "") if path else ""

    def vn_found(query: object, column: object = None) -> bytes:
        return matches(conn, file, str(query or ""), str(column) if column in FTS_COLUMNS else None).marks

    for arguments in (1, 2):
        conn.create_function("vn_found", arguments, vn_found, deterministic=True)
