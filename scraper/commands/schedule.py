"""``scrapy schedule``: keeps crawling every portal at its own pace, or prints how cron, systemd and others can."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveError
from scraper.fetch.fleet import origin_of
from scraper.portal import DeclarationError
from scraper.upkeep.alerts import NotTold, check_address
from scraper.upkeep.chosen import choose, read_replicas
from scraper.upkeep.recipes import RECIPES, recipe
from scraper.upkeep.schedule import Schedule, crawl_command, health_command


class Command(ScrapyCommand):
    """Crawl for ever, each portal when it is due.

    Exit codes: 0 stopped by a signal (or ``--once`` is done), 2 usage or archive unusable, 3 another schedule of this archive runs, 8
    the disk is full, 9 the disk failed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy schedule -h``."""
        return "[options]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Keep crawling, each portal at its own pace"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--once", action="store_true", help="crawl what is due now, and end")
        parser.add_argument("--tell", action="append", default=[], metavar="ADDRESS", help="as with health: tell mailto:… or https://…")
        parser.add_argument("--replica", action="append", default=[], metavar="NAME=URL", help="as with crawlall: try it on replicas")
        parser.add_argument(
            "--recipe", choices=sorted(RECIPES), help="print how to run it by cron, systemd, in a container, by a hosted CI"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run, or print a recipe."""
        assert self.settings is not None
        if args:
            raise UsageError("schedule takes no arguments; `scrapy crawlall --only` crawls chosen portals")
        if opts.recipe:
            contact = self.settings["CONTACT"] or "ten@example.org"
            print(recipe(opts.recipe, Path.cwd(), sys.executable, contact, getpass.getuser()), end="")
            return
        archive = Path(self.settings["ARCHIVE_DB"]).resolve()
        given = [one for one in opts.set if not one.startswith("ARCHIVE_DB=")]
        try:
            replicas = read_replicas(opts.replica)
            chosen = choose(None, None, None, replicas)
            for portal in chosen:
                origin_of(portal, replicas.get(portal.name), self.settings["CONTACT"])
            for address in opts.tell:
                check_address(address)
            examine = health_command(archive, given, opts.tell)
            Schedule(archive, chosen, crawl_command(archive, given, opts.replica), _say, examine).run(once=opts.once)
        except (ArchiveError, DeclarationError, NotTold) as error:
            print(f"scrapy schedule: {error}", file=sys.stderr)
            self.exitcode = getattr(error, "exit_code", 2)


def _say(line: str) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC {line}", flush=True)
