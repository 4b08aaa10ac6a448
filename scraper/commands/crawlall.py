"""``scrapy crawlall``: every portal whose time has come, side by side in one process, each host politely."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveDatabase, ArchiveError
from scraper.fetch.fleet import AT_ONCE, Fleet, Job
from scraper.fetch.reader import Reader
from scraper.portal import DeclarationError
from scraper.upkeep.chosen import add_choice, arguments_of, choose, due, one_origin, read_replicas
from scraper.upkeep.fleet_report import FleetReport, print_fleet

EXIT_BAD_CRAWL = 1
EXIT_INTERRUPTED = 130


class Command(ScrapyCommand):
    """Crawl every portal that is due.

    Exit codes: 0 every crawl went well or none was due, 1 at least one did not, 2 usage or archive unusable, 3 archive held by
    another process, 4 demo and real articles would mix, 5 archive written by a newer version, 8 the disk is full, 9 the
    disk failed, 11 no process could be started to read pages in, 130 stopped by a signal.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {}

    def syntax(self) -> str:
        """Shown by ``scrapy crawlall -h``."""
        return "[options]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Crawl every portal whose time has come, side by side"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        add_choice(parser)
        parser.add_argument("--now", action="store_true", help="also those that are not due yet")
        parser.add_argument("--at-once", type=int, default=AT_ONCE, metavar="N", help=f"portals side by side (default {AT_ONCE})")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the crawls; the exit code says how they went."""
        if args:
            raise UsageError("crawlall takes no arguments; choose portals with --only, --province, --family")
        try:
            self.exitcode = self._crawl(opts)
        except (ArchiveError, DeclarationError) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy crawlall: {error}", file=sys.stderr)

    def _crawl(self, opts: argparse.Namespace) -> int:
        assert self.settings is not None
        assert isinstance(self.crawler_process, AsyncCrawlerProcess)
        if opts.at_once < 1:
            raise DeclarationError(f"--at-once must be 1 or more, not {opts.at_once}")
        replicas = read_replicas(opts.replica)
        path = Path(self.settings["ARCHIVE_DB"])
        chosen = choose(opts.only, opts.province, opts.family, replicas)
        wanted = due(path, chosen, every=bool(opts.now or opts.only))
        jobs = [Job(portal, arguments_of(portal, opts.since, opts.max_pages, replicas)) for portal in wanted]
        if not jobs:
            print(f"None of {len(chosen)} portals is due. Crawl them all the same with --now, or see `scrapy health`.")
            return 0
        origin = one_origin(wanted, replicas, self.settings["CONTACT"])
        self.settings.set("ALLOWED_LOCAL_HOSTS", [urlsplit(url).hostname for url in replicas.values()], priority="cmdline")
        with Reader(early=True) as reader, ArchiveDatabase(path) as archive:
            archive.claim_origin(origin)
            with FleetReport() as report:
                threshold = float(self.settings["RELEVANCE_THRESHOLD"])
                fleet = Fleet(self.crawler_process, archive, reader, report, opts.at_once, threshold=threshold)
                ended = fleet.run(jobs)
        print_fleet(ended, str(path))
        if fleet.fatal is not None:
            raise fleet.fatal
        if fleet.stopped:
            print("Stopped. Go on with: scrapy crawlall")
            return EXIT_INTERRUPTED
        return EXIT_BAD_CRAWL if any(one.verdict == "bad" for one in ended) else 0
