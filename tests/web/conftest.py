"""Fixtures: the small archive, and a browser without a network in front of it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import sqlite3
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette  # type: ignore[import-untyped]

from .archive import build_archive
from .server import METADATA

_FETCHED = re.compile(r"<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc=\"([^\"]*)\"|<link rel=\"stylesheet\" href=\"([^\"]*)\"")


class Browser:
    """Asks one Datasette in this process; every page it gets is checked for what no page of ours may do."""

    def __init__(self, archive: Path, *, root: bool = False, **settings: Any) -> None:
        self.metadata = json.loads(METADATA.read_text(encoding="utf-8"))
        self.datasette = Datasette([str(archive)], metadata=self.metadata, immutables=[], settings=settings)
        self._runner = asyncio.Runner()
        self._cookies = {"ds_actor": self.datasette.sign({"a": {"id": "root"}}, "actor")} if root else {}

    def run(self, awaitable: Coroutine[Any, Any, Any]) -> Any:
        """What Datasette does asynchronously, done."""
        return self._runner.run(awaitable)

    def ask(self, address: str, **arguments: Any) -> httpx.Response:
        """The answer, whatever it is, as long as it is no failure of the server."""
        answer: httpx.Response = self.run(self.datasette.client.get(address, cookies=self._cookies, **arguments))
        assert answer.status_code < 500, f"{address}: {answer.status_code}\n{answer.text[:2000]}"
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert "<script>alert" not in answer.text, address
            assert "<b>link</b>" not in answer.text, address
            for found in _FETCHED.findall(answer.text):
                assert all(not each or re.match(r"/(?!/)", each) for each in found), f"{address} fetches {found}"
        return answer

    def get(self, address: str, **arguments: Any) -> httpx.Response:
        """An answer that must be a good one."""
        answer = self.ask(address, **arguments)
        assert answer.status_code == 200, f"{address}: {answer.status_code}\n{answer.text[:2000]}"
        return answer

    def json(self, address: str, **arguments: Any) -> Any:
        """An answer read as JSON."""
        return self.get(address, **arguments).json()

    def csv(self, address: str, **arguments: Any) -> list[dict[str, str]]:
        """An answer read as CSV."""
        answer = self.get(address, **arguments)
        assert "utf-8" in answer.headers["content-type"]
        return list(csv.DictReader(io.StringIO(answer.text, newline="")))

    def uids(self, query: str) -> set[str]:
        """What the search box of the table of articles finds."""
        found = self.json("/archive/articles.json", params={"_search": query, "_shape": "array", "_size": "max", "_col": "uid"})
        return {row["uid"] for row in found}

    def close(self) -> None:
        """End the threads and the loop."""
        for database in self.datasette.databases.values():
            database.close()
        self._runner.close()


@pytest.fixture(scope="session")
def archive_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small archive, marked as a demo."""
    return build_archive(tmp_path_factory.mktemp("web") / "archive.db")


@pytest.fixture(scope="session")
def browser(archive_path: Path) -> Iterator[Browser]:
    """A browser in front of it."""
    made = Browser(archive_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def root(archive_path: Path) -> Iterator[Browser]:
    """The browser of whoever started the server with ``--root``."""
    made = Browser(archive_path, root=True)
    yield made
    made.close()


@pytest.fixture
def reader(archive_path: Path) -> Iterator[sqlite3.Connection]:
    """The same file, read directly: what the pages must agree with."""
    connection = sqlite3.connect(archive_path)
    yield connection
    connection.close()
