"""``scrapy backfill <portal>``: what web archives hold of a portal, into the archive, each content once."""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlite_utils import Database

from scraper.archive import holdings
from scraper.archive.database import ArchiveDatabase, ArchiveError, now
from scraper.archive.keeper import Keeper
from scraper.backfill.cdx import server_of
from scraper.backfill.lists import Source
from scraper.backfill.session import BackfillSession
from scraper.backfill.spider import BackfillSpider
from scraper.commands.crawl import EXIT_BAD_CRAWL, EXIT_INTERRUPTED
from scraper.fetch.fleet import NotYet
from scraper.fetch.reader import Reader
from scraper.fetch.robots import is_loopback
from scraper.portal import DeclarationError, PortalSpider, check_declaration, portals
from scraper.report import ProgressReport, print_summary

KNOWN = {"wayback": "https://web.archive.org/cdx/search/cdx", "commoncrawl": "https://index.commoncrawl.org/collinfo.json"}


class Command(ScrapyCommand):
    """Bring back what a web archive holds of a portal: its articles' captures, listed by a CDX server, fetched slowly, each content once.

    Killed or stopped, it goes on where it stood when started again; run again later it asks for what is new or failed.
    Exit codes as those of ``scrapy crawl``: 0 it went well, 1 a list or captures could not be had (see the issues), 2 usage,
    3 archive held by another process, 7 the web archive asked to be left alone for now, 8 and 9 the disk, 130 stopped.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {}

    def syntax(self) -> str:
        """Shown by ``scrapy backfill -h``."""
        return "[options] <portal>"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Bring back what web archives hold of a portal (--from wayback | commoncrawl | URL of a CDX server)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--from", metavar="ARCHIVE", dest="archive", default="wayback", help="wayback (default), commoncrawl, or a URL")
        parser.add_argument("--data", metavar="URL", help="where the WARC files of a server like Common Crawl's are (default: beside it)")
        parser.add_argument("--since", metavar="DAY", default="", help="captures of this day (2015-01-31) and later")
        parser.add_argument("--until", metavar="DAY", default="", help="captures up to this day")
        parser.add_argument("--limit", metavar="N", type=int, help="fetch no more than N captures this time")
        parser.add_argument("--relist", action="store_true", help="ask again what there is, also where it was asked not long ago")
        parser.add_argument("--dry-run", action="store_true", help="only list: say what would be fetched, fetch and write nothing")
        parser.add_argument("--keep-all", action="store_true", help="archive off-topic articles too")
        parser.add_argument("--db", metavar="FILE", help="the archive (default: the setting ARCHIVE_DB)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the backfill; the exit code says how it went."""
        if len(args) != 1:
            raise UsageError("name one portal; `scrapy list` shows them")
        try:
            spider = portals().get(args[0])
            if spider is None:
                raise DeclarationError(f"no portal {args[0]!r}; `scrapy list` shows them")
            check_declaration(spider)
            source = self._source(opts)
            for name in ("since", "until"):
                _check_day(name, getattr(opts, name))
            assert self.settings is not None
            path = Path(opts.db or self.settings["ARCHIVE_DB"])
            if opts.dry_run:
                _check_pause(path, source)
                with tempfile.TemporaryDirectory() as folder:
                    self.exitcode = self._backfill(spider, source, Path(folder) / "archive.db", opts)
            else:
                self.exitcode = self._backfill(spider, source, path, opts)
        except (ArchiveError, DeclarationError) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy backfill: {error}", file=sys.stderr)

    def _source(self, opts: argparse.Namespace) -> Source:
        """What was named with --from; an archive on this machine may be asked fast and without a contact, others may not."""
        assert self.settings is not None
        source = Source(KNOWN.get(opts.archive, opts.archive), opts.data)
        if not source.is_list:
            try:
                server_of(source.address, source.data)
            except ValueError as error:
                raise DeclarationError(str(error)) from error
        addresses = [address for address in (source.address, source.data) if address]
        if opts.archive not in KNOWN:
            # Typed by a person: it may be on this machine or in this house. No answer's redirect may lead there.
            self.settings.set("ALLOWED_LOCAL_HOSTS", [urlsplit(address).hostname for address in addresses], priority="cmdline")
        if all(is_loopback(address) for address in addresses):
            for name in ("DOWNLOAD_DELAY", "AUTOTHROTTLE_START_DELAY"):
                self.settings.set(name, 0, priority="cmdline")
            self.settings.set("AUTOTHROTTLE_ENABLED", False, priority="cmdline")
        elif not self.settings["CONTACT"]:
            raise DeclarationError("archives must be able to write to you: set KHUYEN_HOC_CONTACT to an e-mail or a web page")
        return source

    def _backfill(self, spider: type[PortalSpider], source: Source, path: Path, opts: argparse.Namespace) -> int:
        assert self.crawler_process is not None
        started = time.monotonic()
        with ArchiveDatabase(path) as archive:
            archive.claim_origin("live")
            _refuse_pause(archive.db, source)
            keeper = Keeper(archive, spider.facts(), "replay", keep_all=opts.keep_all)
            with Reader() as reader, ProgressReport(f"backfill {spider.name}") as progress:
                session = BackfillSession(
                    spider,
                    source,
                    keeper,
                    since=opts.since,
                    until=opts.until,
                    limit=opts.limit,
                    list_only=opts.dry_run,
                    relist=opts.relist,
                    progress=progress,
                    reader=reader,
                )
                self.crawler_process.crawl(self.crawler_process.create_crawler(BackfillSpider), session=session)
                self.crawler_process.start()
            if self.crawler_process.bootstrap_failed:
                return EXIT_BAD_CRAWL
            if session.fatal is not None:
                raise session.fatal
            if opts.dry_run:
                _print_plan(archive, spider.name)
            else:
                seconds = time.monotonic() - started
                print_summary(spider.name, keeper.counts, seconds, session.verdict, dict(keeper.problems), str(path))
                _print_state(archive, spider.name)
        if session.reason == "shutdown":
            print(f"Stopped. Go on with: scrapy backfill {spider.name} --from {opts.archive}")
            return EXIT_INTERRUPTED
        if session.reason == "asked_to_wait":
            return NotYet.exit_code
        return EXIT_BAD_CRAWL if session.verdict == "bad" else 0


def _check_pause(path: Path, source: Source) -> None:
    """A dry run writes nothing, but a pause that was asked for holds for it as well."""
    if path.is_file():
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            db = Database(connection)
            if "listings" in db.table_names():
                _refuse_pause(db, source)


def _refuse_pause(db: Database, source: Source) -> None:
    until = holdings.resting(db, source.address)
    if until and until > now():
        raise NotYet(f"{urlsplit(source.address).netloc} asked to be left alone until {until}; start this again after that")


def _check_day(name: str, text: str) -> None:
    try:
        if text:
            date.fromisoformat(text)
    except ValueError as error:
        raise DeclarationError(f"--{name} must be a day like 2015-01-31, not {text!r}") from error


def _print_plan(archive: ArchiveDatabase, source: str) -> None:
    """What a dry run found."""
    states = holdings.tally(archive.db, source)
    lists = archive.conn.execute("SELECT count(*), sum(pages), sum(captures) FROM listings WHERE source_id = ?", (source,)).fetchone()
    articles = archive.conn.execute("SELECT count(DISTINCT article_key) FROM holdings WHERE source_id = ?", (source,)).fetchone()[0]
    print(
        f"Listed: {lists[2] or 0} captures that may be pages ({lists[1] or 0} answers); {sum(states.values())} are of {articles} articles:"
    )
    print(f"  {states['todo']} contents to fetch, {states['same'] + states['skipped']} seen again, {states['twin']} twins that can wait")
    for year, (found, todo) in holdings.years(archive.db, source).items():
        print(f"  {year}: {found} articles, {todo} to fetch")
    for kind, url, detail in archive.conn.execute("SELECT kind, url, detail FROM issues ORDER BY id"):
        print(f"  {kind}: {url}: {detail}")
    print("Nothing was fetched or written. Without --dry-run they are.")


def _print_state(archive: ArchiveDatabase, source: str) -> None:
    """How far it is, and when it can go on."""
    states = holdings.tally(archive.db, source)
    waiting = states["todo"] + states["failed"]
    print(f"{states['done']} captures here, {waiting} still to be had, {states['given_up']} given up, {states['twin']} twins left alone.")
    due = archive.conn.execute("SELECT min(due_at) FROM holdings WHERE source_id = ? AND state = 'failed'", (source,)).fetchone()[0]
    if due:
        print(f"Some could not be had; they are asked for again after {due}: start this again then.")
