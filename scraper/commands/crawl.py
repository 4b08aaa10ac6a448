"""``scrapy crawl <portal>``: Scrapy's own command, with the archive opened before and the crawl judged after."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.commands import BaseRunSpiderCommand
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveDatabase, ArchiveError
from scraper.archive.keeper import Keeper
from scraper.fetch.fleet import check_not_before, origin_of, settle
from scraper.fetch.reader import Reader
from scraper.portal import DeclarationError, PortalSpider, check_declaration, portals, read_arguments
from scraper.report import ProgressReport, print_summary

EXIT_BAD_CRAWL = 1
EXIT_INTERRUPTED = 130


class Command(BaseRunSpiderCommand):
    """Crawl one portal into the archive.

    Exit codes: 0 the crawl went well, 1 it did not (see the issues), 2 usage or archive unusable, 3 archive held by
    another process, 4 demo and real articles would mix, 5 archive written by a newer version, 6 captures lost on disk,
    7 the portal asked to be left alone for now, 8 the disk is full, 9 the disk failed, 11 no process could be started to read
    pages in, 130 stopped by a signal.
    """

    requires_project = True

    def syntax(self) -> str:
        """Shown by ``scrapy crawl -h``."""
        return "[options] <portal>"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Crawl one portal into the archive (-a since=2024-01-01 -a max_pages=5)"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the crawl; the exit code says how it went."""
        if len(args) != 1:
            raise UsageError("name one portal; `scrapy list` shows them")
        try:
            self.exitcode = self._crawl(args[0], opts)
        except (ArchiveError, DeclarationError) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy crawl: {error}", file=sys.stderr)

    def _crawl(self, name: str, opts: argparse.Namespace) -> int:
        assert self.crawler_process is not None and self.settings is not None
        spider_class = portals().get(name)
        if spider_class is None:
            raise DeclarationError(f"no portal {name!r}; `scrapy list` shows them")
        unknown = opts.spargs.keys() - {"base_url", "since", "max_pages"}
        if unknown:
            raise DeclarationError(f"unknown argument -a {sorted(unknown)[0]}=…; there are base_url, since and max_pages")
        check_declaration(spider_class)
        base_url, _, _ = read_arguments(**opts.spargs)
        origin = origin_of(spider_class, base_url, self.settings["CONTACT"])
        path = Path(self.settings["ARCHIVE_DB"])
        started = time.monotonic()
        with Reader(early=True) as reader, ArchiveDatabase(path) as archive:
            archive.claim_origin(origin)
            check_not_before(archive, name)
            # What is wrong with the archive is said here, in one line, and not from within the engine.
            keeper = Keeper(archive, spider_class.facts(base_url), "crawl", threshold=float(self.settings["RELEVANCE_THRESHOLD"]))
            crawler = self._create_crawler(spider_class)
            if base_url:
                self.settings.set("ALLOWED_LOCAL_HOSTS", [urlsplit(base_url).hostname], priority="cmdline")
            with ProgressReport(name) as progress:
                self.crawler_process.crawl(crawler, keeper=keeper, progress=progress, reader=reader, **opts.spargs)
                settle()
                self.crawler_process.start()
            spider = crawler.spider
            if self.crawler_process.bootstrap_failed or not isinstance(spider, PortalSpider):
                return EXIT_BAD_CRAWL
            session = spider.session
            if session.fatal is not None:
                raise session.fatal
            print_summary(
                name, session.keeper.counts, time.monotonic() - started, session.verdict, dict(session.keeper.problems), str(path)
            )
        if session.reason in ("shutdown", ""):  # "": a second signal broke it off, and it never told how it ended
            print(f"Stopped. Go on with: scrapy crawl {name}")
            return EXIT_INTERRUPTED
        return EXIT_BAD_CRAWL if session.verdict == "bad" else 0
