"""How many bytes an article takes: in its WARC and, table by table and index by index, in archive.db."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Size:
    """An archive on the disk. ``tables``: bytes by table or index, of all articles together."""

    articles: int
    captures: int
    warcs: int
    database: int
    tables: dict[str, int]

    def of_each(self, size: float) -> float:
        """Bytes an article."""
        return size / self.articles

    def million(self) -> float:
        """Gigabytes that a million such articles take, with their captures."""
        return self.of_each(self.warcs + self.database) * 1e6 / 1e9


def size_of(archive: Path) -> Size:
    """Look at an archive and the WARC files beside it. Articles that were read and found off topic are not counted as articles."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as conn:
        tables = dict(conn.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
        articles, captures = (conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("articles", "captures"))
        warcs = conn.execute("SELECT coalesce(sum(committed_end), 0) FROM segments").fetchone()[0]
    return Size(articles, captures, warcs, archive.stat().st_size, tables)
