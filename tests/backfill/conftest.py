"""What a backfill is tried on: the command as typed, in a process of its own."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import warm

ROOT = Path(__file__).resolve().parents[2]
SCRAPY = Path(sys.executable).with_name("scrapy")
Rows = list[tuple[Any, ...]]


class Lab:
    """An archive of one test, and the commands that write it."""

    def __init__(self, folder: Path, portal: str = "cao_bang") -> None:
        self.db = folder / "kho" / "archive.db"
        self.db.parent.mkdir()
        self.portal = portal

    def command(self, *arguments: str) -> list[str]:
        return [str(SCRAPY), *arguments, "--db", str(self.db)]

    def backfill(self, archive: str, *options: str, code: int = 0, contact: str = "") -> str:
        """Run it; returns what it said."""
        arguments = self.command("backfill", self.portal, "--from", archive, *options)[1:]
        done = warm.scrapy(*arguments, KHUYEN_HOC_CONTACT=contact)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr

    def scrapy(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return warm.scrapy(*self.command(*arguments)[1:])

    def rows(self, sql: str, *values: object) -> Rows:
        with closing(sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def verified(self) -> None:
        done = self.scrapy("verify", "--full")
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def labs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Lab]:
    return lambda portal: Lab(tmp_path_factory.mktemp("kho của lab"), portal)
