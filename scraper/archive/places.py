"""``places``: the units that the archive's rows name, with those they belong to, became, or were made of."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from scraper.analyse.gazetteer import Unit, gazetteer


def ensure(db: Database, ids: Iterable[str]) -> None:
    """Make sure that units are in ``places`` with their chain, and old ones with their successors of July 2025."""
    names = gazetteer()
    for unit_id in sorted(ids):
        if db.execute("SELECT 1 FROM places WHERE id = ?", (unit_id,)).fetchone():
            continue
        unit = names.units[unit_id]
        _insert(db, unit)
        for old, new in _links(unit):
            _insert(db, names.units[old])
            _insert(db, names.units[new])
            db.execute("INSERT OR IGNORE INTO place_successors (old_id, new_id) VALUES (?, ?)", (old, new))


def _links(unit: Unit) -> list[tuple[str, str]]:
    """From old to new: a commune's successors or predecessors, a province's successor."""
    names = gazetteer()
    if unit.level == "commune":
        if unit.successors:
            return [(unit.id, new) for new in unit.successors]
        return [(old, unit.id) for old in names.predecessors.get(unit.id, ())]
    successor = names.successor(unit.id)
    return [(unit.id, successor)] if successor and successor != unit.id else []


def _insert(db: Database, unit: Unit) -> None:
    names = gazetteer()
    for unit_id in reversed(names.chain(unit.id)):
        one = names.units[unit_id]
        db.execute(
            "INSERT OR IGNORE INTO places (id, code, epoch, level, name, parent_id, lat, lon) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (one.id, one.code, one.epoch, one.level, one.name, one.parent or None, one.lat, one.lon),
        )
