"""axe-core out of npm, pinned, kept between runs: the accessibility checks that browsers' makers use themselves."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

VERSION = "4.14.1"
SERIOUS = ("serious", "critical")
RUN = (
    "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map("
    "v => [v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' … ' + n.failureSummary.slice(0, 300)).join('\\n')]))"
)
"""Gives [impact, rule, where] of every fault."""


def axe_script(folder: Path) -> str | None:
    """The script, taken from npm into a folder at the first run; None where npm or its registry cannot be reached."""
    kept = folder / f"axe-core-{VERSION}.js"
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [npm, "pack", f"axe-core@{VERSION}", "--silent"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=180,
        env={**os.environ, "NO_COLOR": "1"},
    )
    package = folder / f"axe-core-{VERSION}.tgz"
    if done.returncode or not package.exists():
        return None
    with tarfile.open(fileobj=io.BytesIO(package.read_bytes())) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        kept.write_bytes(member.read())
    package.unlink()
    return kept.read_text(encoding="utf-8")
