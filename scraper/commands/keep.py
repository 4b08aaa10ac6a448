"""``scrapy keep``: has workers crawl every portal when it is due, and takes what they hand in into the archive."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveDatabase, ArchiveError
from scraper.portal import DeclarationError
from scraper.upkeep.alerts import NotTold, check_address
from scraper.upkeep.chosen import add_choice, arguments_of, choose, one_origin, read_replicas
from scraper.upkeep.fleet_report import FleetReport, print_fleet
from scraper.upkeep.schedule import health_command

if TYPE_CHECKING:
    from scraper.workers.keeping import Keeping

EXIT_BAD_CRAWL = 1
EXIT_INTERRUPTED = 130


class Command(ScrapyCommand):
    """Keep an archive with the help of workers (`scrapy worker`): queue what is due, take in what comes.

    Exit codes: 0 stopped by a signal, or with ``--once`` every crawl went well, 1 at least one did not, 2 usage, archive, queue or
    store unusable, 3 archive held by another process, 4 demo and real articles would mix, 5 archive written by a newer version, 6
    captures lost on disk, 8 the disk is full, 9 the disk failed, 130 ``--once`` stopped by a signal.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy keep -h``."""
        return "[options]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Have workers crawl what is due, and take in what they hand in"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        add_choice(parser)
        parser.add_argument("--once", action="store_true", help="each portal that is due once, and end when all is taken in")
        parser.add_argument("--now", action="store_true", help="with --once: also those that are not due yet")
        parser.add_argument("--tell", action="append", default=[], metavar="ADDRESS", help="as with health: tell mailto:… or https://…")
        parser.add_argument("--queue", metavar="URL", help="the Redis that workers look at (default: the setting WORKER_QUEUE)")
        parser.add_argument("--store", metavar="URL", help="where workers hand in what they crawled (default: WORKER_STORE)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Keep; the exit code says how it went."""
        if args:
            raise UsageError("keep takes no arguments; choose portals with --only, --province, --family")
        try:
            from redis.exceptions import RedisError  # noqa: PLC0415 — the extra `workers`

            from scraper.workers.store import StoreFailed  # noqa: PLC0415
        except ImportError as error:
            self._refuse(f"{error.name} is not installed: make setup installs it")
            return
        try:
            self.exitcode = self._keep(opts)
        except (DeclarationError, NotTold) as error:
            self._refuse(str(error))
            return
        except (ArchiveError, StoreFailed, RedisError, ValueError) as error:
            self._refuse(str(error), getattr(error, "exit_code", 2))
        if opts.once or self.exitcode:
            self._examine(opts)

    def _examine(self, opts: argparse.Namespace) -> None:
        """Tell of the health of the sources, where there is somebody to tell."""
        assert self.settings is not None
        command = health_command(Path(self.settings["ARCHIVE_DB"]).resolve(), opts.set, opts.tell)
        if command is not None:
            subprocess.run(command, check=False, process_group=0)  # noqa: S603 — our own command, from our own settings

    def _refuse(self, why: str, code: int = 2) -> None:
        print(f"scrapy keep: {why}", file=sys.stderr)
        self.exitcode = code

    def _keep(self, opts: argparse.Namespace) -> int:
        from scraper.fetch.ahead import ReadAhead  # noqa: PLC0415 — every command of Scrapy's loads this module
        from scraper.workers.jobs import Jobs, connect  # noqa: PLC0415
        from scraper.workers.keeping import Keeping, clear_incoming  # noqa: PLC0415
        from scraper.workers.store import Store  # noqa: PLC0415
        from scraper.workers.takein import TakeIn  # noqa: PLC0415

        settings = self.settings
        assert settings is not None
        if opts.now and not opts.once:
            raise DeclarationError("--now goes with --once: without it each portal is crawled when it is due")
        for address in opts.tell:
            check_address(address)
        replicas = read_replicas(opts.replica)
        path = Path(settings["ARCHIVE_DB"])
        portals = choose(opts.only, opts.province, opts.family, replicas)
        arguments = {portal.name: arguments_of(portal, opts.since, opts.max_pages, replicas) for portal in portals}
        origin = one_origin(portals, replicas, settings["CONTACT"])
        jobs = Jobs(connect(opts.queue or settings["WORKER_QUEUE"]), heartbeat_seconds=settings.getfloat("WORKER_HEARTBEAT"))
        jobs.redis.ping()
        store = Store(opts.store or settings["WORKER_STORE"])
        with ArchiveDatabase(path) as archive, ReadAhead() as reader, FleetReport(title="keep") as report:
            archive.claim_origin(origin)
            clear_incoming(archive.root)
            take_in = TakeIn(archive, {portal.name: portal for portal in portals}, reader, float(settings["RELEVANCE_THRESHOLD"]))
            keeping = Keeping(archive, jobs, store, take_in, portals, arguments, report, _say, lambda: self._examine(opts))
            _stop_by_signal(keeping)
            if not opts.once:
                keeping.run()
                return 0
            ended = keeping.run_once(every=bool(opts.now or opts.only))
        print_fleet(ended, str(path))
        if keeping.stopped:
            print("Stopped. Go on with: scrapy keep")
            return EXIT_INTERRUPTED
        return EXIT_BAD_CRAWL if any(one.verdict == "bad" for one in ended) else 0


def _stop_by_signal(keeping: Keeping) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        keeping.stopped = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _say(line: str) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC {line}", flush=True)
