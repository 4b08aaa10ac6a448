"""Values of another type than their column's, as one turned bit in a row's header makes them, are named and stop no check."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.archive import verify_rows
from scraper.archive.findings import Finding
from scraper.archive.sums import sums_path
from tests.archive.conftest import Crawled
from tests.archive.damage import damage_types, lines, mend, query, verify


def check_types(db: Path, table: str) -> None:
    damaged = damage_types(db, table)
    sums_path(db).unlink()
    report = verify(db)
    found = {f"{table} {finding.what}".partition(" is blob, and should be ")[0] for finding in report.findings if finding.check == "rows"}
    assert {f"{table} {name}" for name in damaged} <= found
    assert table in lines(report)
    assert json.loads(json.dumps(report.as_json()))["exit_code"] == 1
    mend(db, report)
    assert verify(db).exit_code == 1


@pytest.mark.parametrize("table", ["captures", "articles", "segments"])
def test_a_value_of_another_type_is_named_and_stops_no_check(copied: Path, table: str) -> None:
    check_types(copied, table)


@pytest.mark.slow
def test_values_of_another_type_in_any_table(crawled: Crawled, tmp_path: Path) -> None:
    tables = [str(row[0]) for row in query(crawled.db, "SELECT name FROM pragma_table_list WHERE strict AND schema = 'main'")]
    filled = [table for table in tables if query(crawled.db, f"SELECT 1 FROM {table} LIMIT 1")]
    assert len(filled) > 15
    for table in filled:
        shutil.copytree(crawled.db.parent, tmp_path / table)
        check_types(tmp_path / table / "archive.db", table)


def test_a_fault_of_ours_is_not_called_damage(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: sqlite3.Connection) -> Iterator[Finding]:
        raise TypeError("a mistake in a check")

    monkeypatch.setattr(verify_rows, "CHECKS", (fails,))
    with pytest.raises(TypeError, match="a mistake"):
        verify(copied)
