"""``python -m tests.web.screenshots archive.db docs/screenshots``: the pictures of the README, from a real server and browser."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .server import datasette_server

PAGES = {
    "articles.png": "/archive/articles",
    "search.png": "/archive/tim_kiem?q=khuyen+hoc+thach+an",
}
AS_MAKE_SERVE = ("--setting", "suggest_facets", "off", "--setting", "sql_time_limit_ms", "3000")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def photograph(browser: str, address: str, target: Path, width: int = 1280, height: int = 900) -> None:
    """Have the browser draw one page into a PNG, with a profile of its own and no traffic of its own."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--no-first-run", f"--user-data-dir={profile}",
                f"--window-size={width},{height}", f"--screenshot={target}", address,
            ],
            check=True,
            timeout=120,
            capture_output=True,
        )  # fmt: skip


def main() -> int:
    """Serves the archive as the README says and photographs each page; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.web.screenshots", description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--page", action="append", metavar="NAME.png=/address", help="other pages than the README's")
    options = parser.parse_args()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("screenshots: no chromium here (apt-get install chromium)", file=sys.stderr)
        return 2
    options.folder.mkdir(parents=True, exist_ok=True)
    pages = dict(page.split("=", 1) for page in options.page) if options.page else PAGES
    with datasette_server(options.archive, *AS_MAKE_SERVE) as home:
        for name, path in pages.items():
            target = options.folder.resolve() / name
            photograph(browser, home + path, target, options.width)
            print(f"{target}: {target.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
