"""Which articles a search finds, worked out once for all the statements of a page.

Datasette's table page puts the search into each of its statements (rows, count, every facet) as ``id in (select rowid …)``,
and SQLite builds a table of all rows found for each of them anew: a fifth of a second each where a phrase stands in all of
100,000 articles. Here the search runs once, its rows become a row of bytes (1 where the article is found), and the
statements look into that. Answers are kept for as long as the file is the same.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from array import array
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import compress
from typing import Generic, TypeVar

from scraper.archive.schema import FTS_COLUMNS
from scraper.extract.text import fold
from scraper.web.search import match_expression

FEW = 3000
"""Up to this many rows SQLite's own way is the faster one."""
FOUND = "substr(vn_found(:search), {}, 1) = x'01'"
"""The condition of a table page for what a search found; the column of the id is put in."""
FACTS = "select id, source_id, section, substr(published_at, 1, 4) from articles indexed by articles_facts where id <= ?"
"""All of it stands in one index, which is a hundredth of the table."""
_KEPT = 64
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZàáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝăĂĩĨũŨơƠưƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA)))
_ALIKE = {ord(char): fold(char) for char in _LETTERS}
"""The letters of Vietnamese that the index takes for others: one answer serves “Khuyến học” and “khuyen hoc”."""
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


@dataclass(frozen=True, slots=True)
class Facts:
    """Portal, section and year of every article: a number for each id from 1 on, and what the numbers stand for.

    Number 0 is no article.
    """

    numbers: array[int]
    groups: list[tuple[str | None, ...]]

    def counts(self, found: Matches) -> list[tuple[tuple[str | None, ...], int]]:
        """How many of the articles found are in each group."""
        return [(self.groups[number], count) for number, count in Counter(compress(self.numbers, found.marks)).items()]


_facts: Kept[Facts] = Kept(4, lambda facts: facts.numbers.itemsize * len(facts.numbers))
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
    key = (state, expression.translate(_ALIKE))
    kept = _matches.get(key) if state else None
    if kept is not None:
        return kept
    rows = conn.cursor()
    rows.row_factory = None
    last = rows.execute("select max(id) from articles").fetchone()[0] or 0
    marks = bytearray(last + 1)
    # Not what a crawl has added since the line above. One row with all the numbers, not a row for each: half the time, and none
    # of it with Python's lock held, which other readers' pages wait for.
    numbers = "select group_concat(rowid) from articles_fts where articles_fts match ? and rowid <= ?"
    for number in json.loads(f"[{rows.execute(numbers, (expression, last)).fetchone()[0] or ''}]"):
        marks[number] = 1
    found = Matches(marks.count(1), bytes(marks[1:]))
    return _matches.put(key, found) if state else found


def facts(conn: sqlite3.Connection, path: str) -> Facts:
    """Portal, section and year of every article; at once if it was asked for since the last write."""
    state = stamp(path)
    kept = _facts.get(state) if state else None
    if kept is not None:
        return kept
    rows = conn.cursor()
    rows.row_factory = None
    last = rows.execute("select max(id) from articles").fetchone()[0] or 0
    numbers = array("L", bytes(array("L").itemsize * last))
    known: dict[tuple[str | None, ...], int] = {}
    for number, *group in rows.execute(FACTS, (last,)):
        numbers[number - 1] = known.setdefault(tuple(group), len(known) + 1)
    made = Facts(numbers, [(None, None, None), *known])
    return _facts.put(state, made) if state else made


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
