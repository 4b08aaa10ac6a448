"""``python -m tests.web.screenshots archive.db docs/screenshots``: the pictures of the README, from a real server and browser."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .chromium import find_browser, tab
from .server import datasette_server

PAGES = {
    "front.png": "/",
    "article.png": "/bai/cao_bang_thach_an-8926",
    "charts.png": "/bieu-do",
    "articles.png": "/archive/articles",
    "search.png": "/archive/tim_kiem?q=khuyen+hoc+thach+an",
}
AS_MAKE_SERVE = ("--setting", "suggest_facets", "off", "--setting", "sql_time_limit_ms", "3000")


def main() -> int:
    """Serves the archive as the README says and photographs each page; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.web.screenshots", description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--page", action="append", metavar="NAME.png=/address", help="other pages than the README's")
    options = parser.parse_args()
    browser = find_browser()
    if browser is None:
        print("screenshots: no chromium here (apt-get install chromium)", file=sys.stderr)
        return 2
    options.folder.mkdir(parents=True, exist_ok=True)
    pages = dict(page.split("=", 1) for page in options.page) if options.page else PAGES
    with datasette_server(options.archive, *AS_MAKE_SERVE) as home, tab(browser) as page:
        page.size(options.width)
        for name, path in pages.items():
            target = options.folder.resolve() / name
            page.open(home + path)
            page.photograph(target)
            print(f"{target}: {target.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
