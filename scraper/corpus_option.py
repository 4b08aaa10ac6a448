"""pytest's option ``--corpus DIR``: where the real pages are that some tests read.

A plugin and not a line of conftest.py, because pytest looks for conftest.py beside what it takes for paths, and takes the
value of an option it does not know yet for a path: ``pytest --corpus DIR`` would not find the tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def pytest_addoption(parser: Any) -> None:
    """Called by pytest."""
    parser.addoption("--corpus", type=Path, default=None, help="folder of real pages (ha_noi_so_tttt.warc.gz, pages/, seeds/)")
