"""A collection of N captures in WARC files, and what ``scrapy reread`` needs for it on one core and on all.

``python -m benchmarks.rereading 100000 /tmp/collection`` makes it there when it is not yet, and reads it. The pages are the replica's two
portals', a few thousand different ones repeated in file after file: that is as good as new pages to a reader, who keeps nothing.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from scraper.archive.warc_writer import build_record, warcinfo_record
from scraper.items import Capture
from tests.replica.site import Site

FILE_CAPTURES = 2000
PORTALS = {"quang_tri": "https://www.quangtri.gov.vn", "cao_bang_thach_an": "https://thachan.caobang.gov.vn"}
HEADERS = {"accept-encoding": "gzip", "user-agent": "bench"}
ROOT = Path(__file__).resolve().parents[1]


def make(folder: Path, captures: int) -> None:
    """Fill a folder with one folder of WARC files a portal."""
    files = -(-captures // FILE_CAPTURES)
    for number, (name, origin) in enumerate(PORTALS.items()):
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        site = Site(name, 2022, FILE_CAPTURES)
        paths = [article["url"] for article in (one.truth() for one in site.portal.articles.values())]
        first = target / f"{name}-0.warc.gz"
        with first.open("wb") as stream:
            stream.write(warcinfo_record(first.name, name))
            for path in paths[:FILE_CAPTURES]:
                answer = site.answer("GET", path, HEADERS | {"host": origin.removeprefix("https://")})
                assert answer.status == 200, path
                capture = Capture(origin + path, "2026-11-26T00:00:00Z", 200, tuple(answer.headers), answer.body)
                stream.write(build_record(capture, tuple(HEADERS.items())).data)
        for copy in range(1, files // len(PORTALS) + (number < files % len(PORTALS))):
            shutil.copy(first, target / f"{name}-{copy}.warc.gz")


def main() -> int:
    """Make the collection, read it with one process and with all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rereading", description=__doc__)
    parser.add_argument("captures", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--engine", default="pool")
    options = parser.parse_args()
    warcs: Path = options.folder / "warcs"
    if not warcs.exists():
        make(warcs, options.captures)
    for processes in options.processes:
        to = options.folder / f"readings-{options.engine}-{processes}"
        shutil.rmtree(to, ignore_errors=True)
        command = [str(Path(sys.executable).with_name("scrapy")), "reread", str(warcs), "--to", str(to), "--engine", options.engine]
        started = time.monotonic()
        done = subprocess.run([*command, "--processes", str(processes)], cwd=ROOT, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - started
        print(f"{processes} processes, {options.engine}: exit {done.returncode} after {seconds:.0f} s\n{done.stdout}{done.stderr}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
