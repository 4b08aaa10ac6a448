"""A set of rows brought to what it should be, touching only those that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

_SILENT = frozenset({"version"})
"""Columns whose change alone is stored and not told."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row that was added (``before`` is None), removed (``after`` is None) or altered."""

    table: str
    key: Mapping[str, Any]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def line(self) -> str:
        """The change on one line, as ``scrapy analyse --dry-run`` prints it."""
        where = " ".join(f"{name}={value}" for name, value in self.key.items())
        if self.before is None:
            return f"+ {self.table} {where}: {_told(self.after or {})}"
        if self.after is None:
            return f"- {self.table} {where}: {_told(self.before)}"
        before, after = self.before, self.after
        altered = [name for name in after if before.get(name) != after[name] and name not in _SILENT]
        return f"~ {self.table} {where}: " + ", ".join(f"{name} {before.get(name)!r} → {after[name]!r}" for name in altered)


def _told(row: Mapping[str, Any]) -> str:
    named = ("indicator_id", "value", "value_text", "place_name", "period_end", "rule", "printed", "topic_id", "name", "words", "title")
    return ", ".join(f"{name}={row[name]!r}" for name in named if row.get(name) is not None)


def replace_rows(db: Database, table: str, owner: Mapping[str, Any], key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Make the rows of ``owner`` those given; returns what changed. ``key`` tells the owner's rows apart."""
    condition = " AND ".join(f"{name} = :{name}" for name in owner)
    cursor = db.execute(f"SELECT * FROM {table} WHERE {condition}", dict(owner))
    names = [column[0] for column in cursor.description]
    stored = [dict(zip(names, row, strict=True)) for row in cursor]
    present = {tuple(row[name] for name in key): row for row in stored}
    changes: list[Change] = []
    fresh: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        which = tuple(row[name] for name in key)
        whole = {**owner, **row}
        before = present.pop(which, None)
        told = {**owner, **dict(zip(key, which, strict=True))}
        if before is None:
            fresh.setdefault(tuple(whole), []).append(whole)
            changes.append(Change(table, told, None, row))
            continue
        altered = [name for name in whole if before[name] != whole[name] or type(before[name]) is not type(whole[name])]
        if altered:
            assignments = ", ".join(f"{name} = :{name}" for name in altered)
            where = " AND ".join(f"{name} = :{name}" for name in told)
            db.execute(f"UPDATE {table} SET {assignments} WHERE {where}", whole)
            if any(name not in _SILENT for name in altered):
                changes.append(Change(table, told, before, row))
    for columns, added in fresh.items():
        slots = ", ".join(f":{name}" for name in columns)
        db.conn.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({slots})", added)
    for which, before in present.items():
        told = {**owner, **dict(zip(key, which, strict=True))}
        where = " AND ".join(f"{name} = :{name}" for name in told)
        db.execute(f"DELETE FROM {table} WHERE {where}", told)
        changes.append(Change(table, told, before, None))
    return changes
