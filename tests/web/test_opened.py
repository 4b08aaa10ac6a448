"""An archive that is replaced while it is served is read at once, by pages and downloads alike; one that is moved away is read on."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from scraper.web import archives

from .archive import ON_TOPIC
from .conftest import Browser


def _without_a_portal(path: Path, copy: Path) -> int:
    """A smaller archive; returns how many articles it has."""
    shutil.copyfile(path, copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM articles WHERE source_id = 'cao_bang'")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return sum(page.source != "cao_bang" for page in ON_TOPIC)


def _told(browser: Browser) -> list[int]:
    """How many articles the table says there are, ten times over, then a download and the search."""
    tables = [browser.json("/archive/articles.json?_size=1")["filtered_table_rows_count"] for _ in range(10)]
    return [*tables, len(browser.csv("/archive/articles.csv")), len(browser.json("/archive/tim_kiem.json?q=khuyen+hoc&_shape=array"))]


@pytest.mark.parametrize("threads", [3, 0])
def test_a_replaced_archive_is_read(archive_path: Path, tmp_path: Path, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "STALE", 0.0)
    path, new = tmp_path / "archive.db", tmp_path / "new.db"
    shutil.copyfile(archive_path, path)
    fewer = _without_a_portal(path, new)
    browser = Browser(path, num_sql_threads=threads)
    try:
        assert set(_told(browser)) == {len(ON_TOPIC)}
        path.rename(tmp_path / "away.db")
        assert browser.json("/archive/articles.json?_size=1")["filtered_table_rows_count"] == len(ON_TOPIC)
        for end in ("-wal", "-shm"):
            path.with_name(f"archive.db{end}").unlink(missing_ok=True)
        os.replace(new, path)
        assert set(_told(browser)) == {fewer}
        assert f"<strong>{fewer}</strong>" in browser.get("/").text
        assert browser.ask("/bai/cao_bang-2001").status_code == 404
        assert len(browser.datasette.get_database("archive")._all_file_connections) <= max(threads, 1)
    finally:
        browser.close()
