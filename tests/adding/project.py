"""A copy of the project in a folder of its own: what a person who adds a portal has, and may break."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.warm import Warm

ROOT = Path(__file__).resolve().parents[2]
SCRAPY = Path(sys.executable).with_name("scrapy")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "crash", "hostile")


class Project:
    """The copy; its own spiders, scraper and tests are used, not those of this checkout.

    ``stays``: nothing of it is changed, so that its commands may be forked from one warm process.
    """

    def __init__(self, folder: Path, *, stays: bool = False) -> None:
        self.root = folder
        for name in ("scraper", "spiders", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
        for name in ("scrapy.cfg", "pyproject.toml"):
            shutil.copy(ROOT / name, folder / name)
        self._warm = Warm(folder) if stays else None

    def _run(self, command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
        known = {name: value for name, value in os.environ.items() if name != "KHUYEN_HOC_CONTACT"}
        return subprocess.run(
            command,
            cwd=self.root,
            env=known | {"PYTHONPATH": str(self.root)} | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    def scrapy(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one of the project's commands."""
        if self._warm is not None:
            return self._warm.scrapy(*arguments, **{"KHUYEN_HOC_CONTACT": "", **environment})
        return self._run([str(SCRAPY), *arguments], **environment)

    def pytest(self, name: str, only: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run the tests of one portal, as the command's last lines say; or only one of them."""
        chosen = [f"tests/test_portals.py::{only}[{name}]"] if only else ["tests/test_portals.py", "-k", name]
        return self._run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen])

    def close(self) -> None:
        """End its warm process."""
        if self._warm is not None:
            self._warm.close()

    def files(self) -> set[str]:
        """Every file there is, but for what Python leaves behind."""
        found = (path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())
        return {name for name in found if "__pycache__" not in name and ".egg-info" not in name}
