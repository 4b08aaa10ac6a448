"""The corpus of real pages is not part of the repository: tests that need it say plainly when they run without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from scraper.archive.database import ArchiveDatabase

# A machine that is busy with other work must not fail a property: nothing here measures time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Also where pytest was started so that it did not find pyproject.toml."""
    config.addinivalue_line("markers", "slow: sweeps that .ci/run runs and `make test` leaves out")


def pytest_report_header(config: pytest.Config) -> str:
    corpus = config.getoption("--corpus")
    return f"corpus: {corpus}" if corpus else "corpus: NONE, tests on real pages are skipped (give --corpus DIR)"


@pytest.fixture(scope="session")
def corpus(pytestconfig: pytest.Config) -> Path:
    """The folder of real pages; skips the test where there is none."""
    folder: Path | None = pytestconfig.getoption("--corpus")
    if folder is None:
        pytest.skip("without --corpus: real pages not tested")
    assert folder.is_dir(), f"--corpus {folder} is no folder"
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveDatabase]:
    """An empty archive open for writing."""
    with ArchiveDatabase(tmp_path / "archive.db") as database:
        yield database
