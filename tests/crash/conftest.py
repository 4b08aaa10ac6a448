"""The lab of the crash tests. They say plainly when they run without strace."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.lab import Lab


@pytest.fixture(scope="session")
def strace() -> None:
    """Skips where calls can not be made to fail."""
    if shutil.which("strace") is None:
        pytest.skip("without strace (apt-get install strace): no faults injected")
    done = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"strace may not trace here: {done.stderr.strip()}")


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A replica of twelve articles and two warm processes."""
    with Lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="session")
def opened(lab: Lab) -> Path:
    """The folder of an archive that was opened and never crawled: making its tables is swept on its own."""
    archive = lab.fresh()
    assert lab.run(archive, ["@open", str(archive)]).code == 0
    return archive.parent
