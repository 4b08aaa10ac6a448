"""The store: also one of objects, which knows no empty folders; and one that is lost is said to be lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from scraper.workers.parts import recover
from scraper.workers.store import Store, StoreFailed
from tests.workers.test_parts import write


class Objects(MemoryFileSystem):  # type: ignore[misc]
    """As S3 does it: a folder is there as long as something is in it."""

    protocol = "objects"

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        pass

    def rm_file(self, path: str) -> None:
        super().rm_file(path)
        self.pseudo_dirs.clear()

    def ls(self, path: str, detail: bool = True, **more: Any) -> list[Any]:
        found = super().ls(path, detail=detail, **more)
        if not found:
            raise FileNotFoundError(path)
        return list(found)


@pytest.fixture(params=["folder", "objects"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    fsspec.register_implementation("objects", Objects, clobber=True)
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs.clear()
    return str(tmp_path / "store") if request.param == "folder" else "objects://parts/handed-in"


def test_in_and_out_and_empty_again(address: str, tmp_path: Path) -> None:
    store = Store(address)
    assert store.names() == []
    write(tmp_path)
    assert recover(tmp_path) == 1
    (part,) = (path for path in tmp_path.iterdir() if path.is_file())
    store.put(part)
    (name,) = Store(address).names()
    assert name.file == part.name
    store.fetch(name, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == part.read_bytes()
    store.remove(name)
    store.remove(name)
    assert store.names() == []


def test_a_store_that_is_lost_is_not_an_empty_one(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    shutil.rmtree(tmp_path / "store")
    with pytest.raises(StoreFailed, match="store"):
        store.names()
