"""``scrapy verify``: is everything that was stored still here, and the same? Like ``git fsck``."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlite_utils import Database

from scraper.archive.backup import writer_lock
from scraper.archive.database import ArchiveError, refuse_folder, refuse_newer, refuse_other, storage_error
from scraper.archive.findings import Report, printable
from scraper.archive.repair import repair
from scraper.archive.sums import write_sums
from scraper.archive.verify import Verification, open_to_read
from scraper.portal import portals
from scraper.steps import Steps

SHOWN = 100


class Command(ScrapyCommand):
    """Verify the archive. Reads only, unless --repair.

    Exit codes: 0 clean, 1 damage, 2 nothing but what --repair or the next crawl mends. With --repair: of what is left.
    An archive that cannot be looked at gives 1, but for these: 3 held by a crawl when it is to be repaired, 5 written by a newer
    version, 8 no room left, 9 the disk failed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy verify -h``."""
        return "[--quick | --full] [--repair] [--json] [--db FILE]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Check the archive: database, captures, and that each proves the other (--full, --repair)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        depth = parser.add_mutually_exclusive_group()
        depth.add_argument("--quick", action="store_true", help="states and sizes only, within seconds (the default)")
        depth.add_argument("--full", action="store_true", help="every byte of the captures, and every row derived from them again")
        parser.add_argument("--repair", action="store_true", help="mend what can be mended; never deletes text (implies --full)")
        parser.add_argument("--json", action="store_true", help="the report as JSON on standard output")
        parser.add_argument("--db", metavar="FILE", help="the archive (default: the setting ARCHIVE_DB)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Verify; the exit code says what was found."""
        assert self.settings is not None
        if args:
            raise UsageError("scrapy verify takes no arguments; name the archive with --db")
        path = Path(opts.db or self.settings["ARCHIVE_DB"])
        started = time.monotonic()
        try:
            report = self._verify(path, full=opts.full or opts.repair, mend=opts.repair)
        except (ArchiveError, OSError) as error:
            told = error if isinstance(error, ArchiveError) else storage_error(path, error)
            self.exitcode = 1 if told.exit_code == ArchiveError.exit_code else told.exit_code  # 2 is what can be mended
            print(f"scrapy verify: {told}", file=sys.stderr)
            return
        self.exitcode = report.exit_code
        if opts.json:
            print(json.dumps({**report.as_json(), "seconds": round(time.monotonic() - started, 2)}, ensure_ascii=False, indent=1))
        else:
            _print(report, time.monotonic() - started)

    def _verify(self, path: Path, *, full: bool, mend: bool) -> Report:
        refuse_folder(path)
        if not path.is_file():
            raise ArchiveError(f"there is no archive {path}. Restore a backup, or make it from its captures: scrapy rebuild --db {path}")
        with suppress(sqlite3.DatabaseError, UnicodeDecodeError), closing(open_to_read(path)) as conn:  # else the report says so
            refuse_newer(Database(conn), path)
            refuse_other(Database(conn), path, empty=True)
        known = portals()
        if mend:
            with writer_lock(path):  # says who holds it, before anything is looked at
                pass

        def key_of(source: str, url: str) -> str | None:
            return known[source].key_at(url) if source in known else None

        with Steps("verify") as steps:
            report = Verification(path, known, full=full, tell=steps.tell).run()
            done: list[str] = []
            # Once for turned bits, which hide what lies behind them, and once for the rest.
            for _ in range(2):
                if not mend or not report.exit_code:
                    break
                mended = repair(path, report, key_of)
                done += mended
                report = Verification(path, known, full=full, tell=steps.tell).run()
                if not mended:
                    break
            if mend and report.exit_code == 0:
                with writer_lock(path):
                    write_sums(path)
            report.repaired = done
        return report


def _print(report: Report, seconds: float) -> None:
    for line in report.repaired:
        print(printable(f"repaired: {line}"))
    for line in report.skipped:
        print(printable(f"not judged: {line}"))
    order = {"damage": 0, "repairable": 1, "note": 2}
    findings = sorted(report.findings, key=lambda finding: order[finding.severity])
    for finding in findings[:SHOWN]:
        print(finding.line())
    if len(findings) > SHOWN:
        print(f"… and {len(findings) - SHOWN} more; all with --json")
    looked = ", ".join(f"{count} {name}" for name, count in report.checked.items())
    verdict = {0: "clean", 1: "DAMAGE", 2: "repairable"}[report.exit_code]
    print(f"{report.archive}: {verdict} ({report.mode}: {looked}; {seconds:.1f} s)")
