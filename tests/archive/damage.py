"""Damage done to a copy of an archive, and what verify says of it."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

from scraper.archive.findings import Report
from scraper.archive.repair import repair
from scraper.archive.verify import Verification
from scraper.portal import portals

PORTALS = portals()


def verify(db: Path, *, full: bool = True) -> Report:
    return Verification(db, PORTALS, full=full, tell=lambda *_: None).run()


def mend(db: Path, report: Report | None = None) -> list[str]:
    return repair(db, report or verify(db), lambda source, url: PORTALS[source].article_key(url))


def lines(report: Report) -> str:
    return "\n".join(finding.line() for finding in report.findings if finding.severity != "note")


def execute(db: Path, *statements: str) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as conn:
        for statement in statements:
            conn.execute(statement)


def query(db: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as conn:
        return conn.execute(sql).fetchall()


def segments(db: Path) -> list[Path]:
    return sorted((db.parent / "warcs").rglob("*.warc.gz"))


def dump(db: Path) -> object:
    """Every value that SQL can read of a file, index tables of the search included."""
    out = []
    with closing(sqlite3.connect(f"file:{db}?mode=ro&immutable=1", uri=True)) as conn:
        conn.text_factory = lambda stored: stored.decode("utf-8", "surrogateescape")
        try:
            for (table,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1").fetchall():
                out.append((table, conn.execute(f'SELECT * FROM "{table}"').fetchall()))
            out.append(("schema", conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()))
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            return str(error)
    return out


def turn_bit(path: Path, chance: random.Random) -> tuple[int, int]:
    offset, bit = chance.randrange(path.stat().st_size), chance.randrange(8)
    data = bytearray(path.read_bytes())
    data[offset] ^= 1 << bit
    rot(path, data)
    return offset, bit


def rot(path: Path, data: bytes | bytearray) -> None:
    """Other bytes in a file, and no time of it: no program wrote them."""
    status = path.stat()
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def damage_types(db: Path, table: str) -> list[str]:
    """Every column holds bytes for its text or text for its number, one column a row: what a turned bit in a row's header does."""
    shape = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE type = 'trigger' OR name = ?"
    with closing(sqlite3.connect(db, isolation_level=None)) as conn:
        kept = conn.execute(shape, (table,)).fetchall()
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("DELETE FROM sqlite_schema WHERE type = 'trigger'")
        conn.execute("UPDATE sqlite_schema SET sql = replace(replace(sql, 'STRICT, ', ''), 'STRICT', '') WHERE name = ?", (table,))
    with closing(sqlite3.connect(db, isolation_level=None)) as conn:
        conn.execute("PRAGMA ignore_check_constraints = ON")
        columns = conn.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,)).fetchall()
        keyless = conn.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table,)).fetchone()[0]
        key = ", ".join(name for name, _, place in columns if place) if keyless else "rowid"
        number_of_row = {name for name, kind, place in columns if place and kind == "INTEGER" and not keyless}
        damaged = [name for name, kind, _ in columns if kind != "ANY" and name not in number_of_row]
        for number, name in enumerate(damaged):
            rows = conn.execute(f"SELECT {key} FROM {table}").fetchall()
            row = rows[number % len(rows)]
            wrong = f"CAST(coalesce({name}, 'x') AS BLOB)"
            conn.execute(f"UPDATE {table} SET {name} = {wrong} WHERE ({key}) = ({', '.join('?' * len(row))})", row)
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (next(row[4] for row in kept if row[1] == table), table))
        conn.executemany("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", [row for row in kept if row[1] != table])
    return damaged
