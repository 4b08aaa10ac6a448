"""The files of a new portal: all of them at once or none, and never over one that is there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scraper.adding import Taken


@dataclass(frozen=True, slots=True)
class Places:
    """Where a portal's files stand in a project folder."""

    root: Path
    name: str

    @property
    def spider(self) -> Path:
        """The portal's module."""
        return self.root / "spiders" / f"{self.name}.py"

    @property
    def fixtures(self) -> Path:
        """The folder of its fixtures."""
        return self.root / "tests" / "fixtures" / self.name

    def warc(self, day: str) -> Path:
        """The fixture of a day."""
        return self.fixtures / f"{day}.warc.gz"

    def expectation(self, day: str) -> Path:
        """What must come out of it."""
        return self.fixtures / f"{day}.json"

    def check_free(self) -> None:
        """Raise :class:`Taken` naming the first file that is there already."""
        for path in (self.spider, self.fixtures):
            if path.exists():
                raise Taken(f"{path} is there already, and nothing is overwritten: choose another --name")


def expectation_text(expected: Mapping[str, Any]) -> str:
    """The JSON of a fixture as it is written."""
    return json.dumps(expected, ensure_ascii=False, indent=1) + "\n"


def write_portal(places: Places, day: str, spider: str, warc: bytes, expected: Mapping[str, Any]) -> None:
    """Write spider and fixture. What fails half-way, a full disk too, leaves nothing behind."""
    places.check_free()
    for folder in (places.spider.parent, places.fixtures.parent):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=places.root, prefix=".addportal-") as drafted:
        fixture = Path(drafted) / "fixture"
        fixture.mkdir()
        (fixture / places.warc(day).name).write_bytes(warc)
        (fixture / places.expectation(day).name).write_text(expectation_text(expected), encoding="utf-8")
        try:
            os.rename(fixture, places.fixtures)  # fails where a folder with files is there
        except OSError as error:
            if places.fixtures.exists():
                raise Taken(f"{places.fixtures} is there already") from error
            raise
        try:
            with places.spider.open("x", encoding="utf-8") as stream:
                stream.write(spider)
        except FileExistsError as error:
            shutil.rmtree(places.fixtures)
            raise Taken(f"{places.spider} is there already") from error
        except OSError:
            places.spider.unlink(missing_ok=True)
            shutil.rmtree(places.fixtures)
            raise


def replace_fixture(places: Places, day: str, warc: bytes, expected: Mapping[str, Any]) -> None:
    """Put a new fixture in the place of the older ones, which go when the new one stands."""
    places.fixtures.mkdir(parents=True, exist_ok=True)
    new = (places.warc(day), places.expectation(day))
    for path, data in zip(new, (warc, expectation_text(expected).encode()), strict=True):
        drafted = path.with_name(f".{path.name}.new")
        try:
            drafted.write_bytes(data)
            os.replace(drafted, path)
        finally:
            drafted.unlink(missing_ok=True)
    for path in (*places.fixtures.glob("*.warc.gz"), *places.fixtures.glob("*.json")):
        if path not in new:
            path.unlink()
