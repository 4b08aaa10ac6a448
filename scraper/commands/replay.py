"""``scrapy replay <portal> <file>``: captures out of WARC and WACZ files into the archive, asking nobody."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveDatabase, ArchiveError
from scraper.archive.warc_reader import NotAWarcError
from scraper.fetch.ahead import ReadAhead
from scraper.portal import DeclarationError, portals
from scraper.replay import Replay
from scraper.report import ProgressReport, print_summary


class Command(ScrapyCommand):
    """Read every capture of a WARC through a portal's family: others' crawls, or our own after a parser was mended.

    Takes .warc, .warc.gz, .warc.zst and .wacz: of browsertrix, ArchiveBox, wget, Heritrix, or restored from a mirror.

    Exit codes as those of ``scrapy crawl``; 1 when a record could not be read.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy replay -h``."""
        return "[options] <portal> <file.warc.gz | file.warc.zst | file.wacz> [<file> …]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Take the captures of WARC and WACZ files into the archive, asking nobody"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--db", metavar="FILE", help="the archive (default: the setting ARCHIVE_DB)")
        parser.add_argument("--keep-all", action="store_true", help="archive off-topic articles too")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Replay; the exit code says how it went."""
        if len(args) < 2:
            raise UsageError("name a portal and at least one WARC or WACZ file")
        try:
            self.exitcode = self._replay(args[0], [Path(name) for name in args[1:]], opts)
        except (ArchiveError, DeclarationError, NotAWarcError) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy replay: {error}", file=sys.stderr)

    def _replay(self, name: str, files: list[Path], opts: argparse.Namespace) -> int:
        assert self.settings is not None
        spider = portals().get(name)
        if spider is None:
            raise DeclarationError(f"no portal {name!r}; `scrapy list` shows them")
        for file in files:
            if not file.is_file():
                raise DeclarationError(f"no file {file}")
        path = Path(opts.db or self.settings["ARCHIVE_DB"])
        started = time.monotonic()
        with ReadAhead(early=True) as reader, ArchiveDatabase(path) as archive, ProgressReport(f"replay {name}") as progress:
            archive.claim_origin("live")
            threshold = float(self.settings["RELEVANCE_THRESHOLD"])
            replay = Replay(archive, spider, reader, keep_all=opts.keep_all, threshold=threshold)
            for file in files:
                for done in replay.run(file):
                    progress.update(done, None, replay.keeper.counts)
            replay.finish()
        counts = replay.keeper.counts
        print_summary(name, counts, time.monotonic() - started, replay.verdict, dict(replay.keeper.problems), str(path))
        left_out = f"{replay.foreign} of other sites and {replay.revisits} revisits left out"
        print(f"{replay.read} captures read, {replay.known} already here, {left_out}.")
        return 0 if replay.verdict == "good" else 1
