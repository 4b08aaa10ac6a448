"""``scrapy rebuild``: the whole database from the WARC segments alone."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveError
from scraper.archive.replacement import rebuild
from scraper.portal import portals
from scraper.steps import Steps


class Command(ScrapyCommand):
    """Make archive.db anew from its captures, asking nobody. An archive that is there is replaced only when told to, and kept.

    Exit codes: 0 done, 1 done, but some records could not be read or belong to no declared portal, or articles that were there
    did not come again, 2 usage or something is in the way, 3 archive held by another process, 4 demo and real captures are
    mixed, 8 the disk is full, 9 the disk failed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy rebuild -h``."""
        return "[options]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Make the database anew from the captures alone (--replace keeps the old one beside it)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--db", metavar="NEW", help="the archive to make (default: the setting ARCHIVE_DB)")
        parser.add_argument("--from", metavar="DIR", dest="source", help="the folder that holds warcs/ (default: that of the archive)")
        parser.add_argument("--replace", action="store_true", help="replace an archive that is there; it is kept as ….before-rebuild")
        parser.add_argument("--keep-all", action="store_true", help="archive off-topic articles too, as `scrapy replay --keep-all` does")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Rebuild; the exit code says how it went."""
        assert self.settings is not None
        if args:
            raise UsageError("scrapy rebuild takes no arguments; name the archive with --db and the captures with --from")
        path = Path(opts.db or self.settings["ARCHIVE_DB"])
        source = Path(opts.source) if opts.source else path.resolve().parent
        folder = source if source.name == "warcs" else source / "warcs"
        started = time.monotonic()
        try:
            with Steps("rebuild") as steps:
                rebuilt = rebuild(
                    path, folder, portals(), steps.tell, replace_it=opts.replace, keep_all=opts.keep_all,
                    threshold=float(self.settings["RELEVANCE_THRESHOLD"]),
                )  # fmt: skip
        except (ArchiveError, OSError) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy rebuild: {error}", file=sys.stderr)
            return
        for finding in rebuilt.damaged:
            print(finding.line())
        for name in rebuilt.undeclared:
            print(f"left out: {folder / name} (no spider of that name is declared)")
        self.exitcode = 1 if rebuilt.damaged or rebuilt.undeclared or rebuilt.not_again else 0
        copies = f", {rebuilt.copies} copies of records left out" if rebuilt.copies else ""
        print(f"{path}: {rebuilt.captures} captures of {rebuilt.crawls} crawls read{copies} in {time.monotonic() - started:.1f} s")
        if rebuilt.not_again:
            gone = f"{rebuilt.not_again} articles of the archive that was replaced did not come again"
            print(f"{gone}; it is kept as {path.name}.before-rebuild")
        if not rebuilt.inherited:
            print(f"what the old archive tells of crawls and pauses is damaged and was not taken over; see {path.name}.before-rebuild")
        if rebuilt.reviews is None:
            print(f"the reviews of figures in the old archive could not be read; it is kept as {path.name}.before-rebuild")
        elif rebuilt.reviews:
            print(f"{rebuilt.reviews} reviews of figures carried over from the archive that was replaced")
        print("Next: scrapy verify --full")
