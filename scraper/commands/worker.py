"""``scrapy worker``: crawls what the keeper of an archive queues, and hands it in as WARC files."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveError
from scraper.fetch.reader import Reader

AT_ONCE = 8
"""Portals that one worker crawls side by side: a few small machines share the work evenly."""
LEASED = "scraper.workers.wire.LeasedHandler"


class Command(ScrapyCommand):
    """Take jobs from the queue that `scrapy keep` fills, for ever. Any number of workers may run, on any number of machines.

    Exit codes: 0 stopped by a signal, 2 usage, or the queue or store cannot be used, 8 the disk is full, 9 the disk failed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {}

    def syntax(self) -> str:
        """Shown by ``scrapy worker -h``."""
        return "[options]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Crawl on behalf of `scrapy keep`, on this or another machine"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--queue", metavar="URL", help="the Redis of the keeper (default: the setting WORKER_QUEUE)")
        parser.add_argument("--store", metavar="URL", help="where crawls are handed in (default: WORKER_STORE)")
        parser.add_argument("--spool", metavar="FOLDER", help="where they are written before (default: WORKER_SPOOL)")
        parser.add_argument("--at-once", type=int, default=AT_ONCE, metavar="N", help=f"portals side by side (default {AT_ONCE})")
        parser.add_argument(
            "--replicas-on", action="append", default=[], metavar="HOST", help="crawl replicas on this host of our own network, too"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Work; the exit code says why it ended."""
        if args:
            raise UsageError("worker takes no arguments; `scrapy keep` chooses the portals")
        try:
            from redis.exceptions import RedisError  # noqa: PLC0415 — the extra `workers`

            from scraper.workers.store import StoreFailed  # noqa: PLC0415
        except ImportError as error:
            self._refuse(f"{error.name} is not installed: make setup installs it")
            return
        try:
            self.exitcode = self._work(opts)
        except (ArchiveError, StoreFailed, RedisError, ValueError) as error:
            self._refuse(str(error), getattr(error, "exit_code", 2))

    def _refuse(self, why: str, code: int = 2) -> None:
        print(f"scrapy worker: {why}", file=sys.stderr)
        self.exitcode = code

    def _work(self, opts: argparse.Namespace) -> int:
        from scraper.workers.jobs import Jobs, connect  # noqa: PLC0415
        from scraper.workers.spool import Spool  # noqa: PLC0415
        from scraper.workers.store import Store  # noqa: PLC0415
        from scraper.workers.worker import FieldWorker, Limits, worker_name  # noqa: PLC0415

        settings = self.settings
        assert settings is not None
        assert isinstance(self.crawler_process, AsyncCrawlerProcess)
        if opts.at_once < 1:
            raise ValueError(f"--at-once must be 1 or more, not {opts.at_once}")
        redis = connect(opts.queue or settings["WORKER_QUEUE"])
        redis.ping()
        settings.set("ALLOWED_LOCAL_HOSTS", opts.replicas_on, priority="cmdline")
        settings.set("DOWNLOAD_HANDLERS", {**settings.getdict("DOWNLOAD_HANDLERS"), "http": LEASED, "https": LEASED}, priority="cmdline")
        limits = Limits(
            opts.at_once,
            settings.getfloat("WORKER_LEASE"),
            settings.getfloat("DOWNLOAD_TIMEOUT"),
            settings.getfloat("WORKER_PART"),
            settings.getfloat("DOWNLOAD_DELAY"),
        )
        store = Store(opts.store or settings["WORKER_STORE"])
        spool = Spool(Path(opts.spool or settings["WORKER_SPOOL"]), worker_name(), store, _say)
        with Reader() as reader:
            jobs = Jobs(redis, heartbeat_seconds=settings.getfloat("WORKER_HEARTBEAT"))
            local = frozenset(opts.replicas_on)
            worker = FieldWorker(self.crawler_process, jobs, spool, reader, limits, contact=settings["CONTACT"], local=local, say=_say)
            _say(f"worker {spool.worker} takes up to {opts.at_once} portals at once")
            worker.run()
        if worker.fatal is not None:
            raise worker.fatal
        _say("stopped")
        return 0


def _say(line: str) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC {line}", flush=True)
