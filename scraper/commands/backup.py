"""``scrapy backup <folder>``: a whole, checked copy of the archive in a dated folder."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.archive.backup import back_up
from scraper.archive.database import ArchiveError
from scraper.steps import Steps


class Command(ScrapyCommand):
    """Back up the archive: database and captures, with a manifest of digests. What did not change is linked, not copied.

    Exit codes: 0 done, 2 usage or archive unusable, 3 archive held by another process, 6 the archive is damaged, 8 the disk
    is full, 9 the disk failed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy backup -h``."""
        return "[options] <folder>"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Copy the whole archive into a dated folder, checked (--keep 7 removes older ones)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--db", metavar="FILE", help="the archive (default: the setting ARCHIVE_DB)")
        parser.add_argument("--keep", metavar="N", type=int, help="remove all but the newest N backups of the folder afterwards")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Back up; the exit code says how it went."""
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("name the folder that holds the backups")
        if opts.keep is not None and opts.keep < 1:
            raise UsageError("--keep must be at least 1: the backup just made stays")
        path = Path(opts.db or self.settings["ARCHIVE_DB"])
        try:
            with Steps("backup") as steps:
                made = back_up(path, Path(args[0]), steps.tell, opts.keep)
        except (ArchiveError, OSError) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy backup: {error}", file=sys.stderr)
            return
        print(f"{made.folder}: {made.files} files, {made.bytes / 1e6:.1f} MB, of which {made.copied / 1e6:.1f} MB copied")
        for name in made.removed:
            print(f"removed {name}")
        print(f"Bring it back with: scrapy restore {shlex.quote(str(made.folder))} --to DIR")
