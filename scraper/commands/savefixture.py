"""``scrapy savefixture <portal>``: a portal's fixture captured again, and what changed in it."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.utils.conf import closest_scrapy_cfg

from scraper.adding import CannotAdd, NotSaid
from scraper.adding.files import Places, replace_fixture
from scraper.adding.refresh import capture_again, changes, older_fixture
from scraper.adding.show import Shown, show_articles, show_changes
from scraper.adding.trim import make_fixture
from scraper.adding.visit import check_may_ask, visit
from scraper.commands.addportal import EXIT_DISK, base_url_of
from scraper.portal import DeclarationError, portals
from scraper.rehearsal import expectation
from scraper.steps import Steps
from scraper.urls import url_key


class Command(ScrapyCommand):
    """Capture a portal's fixture again: the same list, the same articles where it still leads to them.

    Exit codes: 0 captured, 1 the portal could not be read, 2 usage, or a fixture that is not to be captured, 9 the disk failed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy savefixture -h``."""
        return "[options] <portal>"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Capture a portal's fixture again and show what changed"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--out", metavar="DIR", type=Path, help="the project folder to write into (default: this one)")
        parser.add_argument(
            "-a", dest="spargs", action="append", default=[], metavar="base_url=URL", help="ask a replica of the portal there"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Capture; the exit code says how it went."""
        if len(args) != 1:
            raise UsageError("name one portal; `scrapy list` shows them")
        try:
            self._save(args[0], opts)
        except (CannotAdd, DeclarationError) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy savefixture: {error}", file=sys.stderr)
        except OSError as error:
            self.exitcode = EXIT_DISK
            print(f"scrapy savefixture: cannot write {error.filename or ''}: {error.strerror}; the old fixture stands", file=sys.stderr)

    def _save(self, name: str, opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None and self.settings is not None
        base_url = base_url_of(opts)
        portal = portals().get(name)
        if portal is None:
            raise NotSaid(f"no portal {name!r}; `scrapy list` shows them, `scrapy addportal` adds one")
        if portal.until is not None and base_url is None:
            raise NotSaid(f"{name} ended on {portal.until:%d/%m/%Y} and is not asked any more; its fixture stays as it is")
        places = Places((opts.out or Path(closest_scrapy_cfg()).parent).resolve(), name)
        older = older_fixture(places)
        check_may_ask(self.settings, base_url or portal.home)
        with Steps("savefixture") as steps:
            captures = visit(
                self.crawler_process,
                self.settings,
                portal.home,
                base_url,
                lambda visitor: capture_again(visitor, portal, older, lambda step, done: steps.tell(step, done, None)),
                tls=portal.tls,
            )
        fixture = make_fixture(portal, captures)
        expected = expectation(portal, {url_key(capture.url): capture for capture in fixture.captures})
        shown = Shown()
        show_articles(shown, expected["articles"], expected["issues"])
        found = changes(older.expected, expected)
        if older.expected and found:
            show_changes(shown, found)
        day = datetime.now(UTC).date().isoformat()
        replace_fixture(places, day, fixture.data, expected)
        changed = f"{len(found)} difference{'s' if len(found) != 1 else ''}" if found else "nothing is otherwise than before"
        shown.line(
            f"captured     {places.warc(day).relative_to(places.root)}"
            + (f": {changed}" if older.expected else ": the first of this portal")
        )
        shown.line(
            f'expected     {places.expectation(day).relative_to(places.root)}: read it beside the pages, then set "read": true in it'
        )
