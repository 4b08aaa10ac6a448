"""``scrapy restore <backup>``: a backup back as an archive; overwrites nothing."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveError
from scraper.archive.restore import restore
from scraper.archive.verify import Verification
from scraper.portal import portals
from scraper.steps import Steps


class Command(ScrapyCommand):
    """Restore a backup made by ``scrapy backup``, after checking every file of it, and verify what was restored.

    Exit codes: 0 done, 1 the restored archive is not clean, 2 usage or something is in the way, 3 archive held by another
    process, 6 the backup is damaged, 8 the disk is full, 9 the disk failed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy restore -h``."""
        return "[options] <backup>"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Bring a backup back, checked (--to DIR; overwrites nothing)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--to", metavar="DIR", help="the folder of the archive (default: that of the setting ARCHIVE_DB)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Restore; the exit code says how it went."""
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("name one backup: a dated folder made by `scrapy backup`")
        setting = Path(self.settings["ARCHIVE_DB"])
        path = Path(opts.to) / setting.name if opts.to else setting
        try:
            with Steps("restore") as steps:
                files = restore(Path(args[0]), path, steps.tell)
                report = Verification(path, portals(), full=False, tell=steps.tell).run()
        except (ArchiveError, OSError) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy restore: {error}", file=sys.stderr)
            return
        for finding in report.findings:
            print(finding.line())
        self.exitcode = 1 if report.exit_code == 1 else 0
        print(f"{path}: {files} files restored")
        print(f"Next: datasette {shlex.quote(str(path))} -m datasette_metadata.json")
