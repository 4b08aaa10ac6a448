"""``scrapy health``: is every source well? A table for people, JSON and an exit code for programs."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveError, is_there
from scraper.portal import portals
from scraper.upkeep.alerts import NotTold, change, check_address, key_of, read_told, remember, send, unreadable, write_told
from scraper.upkeep.health import STATUSES, Health, as_dict
from scraper.upkeep.network import examine_all
from scraper.upkeep.sources import read_states

EXIT_NOT_TOLD = 10


class Command(ScrapyCommand):
    """Examine every source.

    Exit codes: 0 no alarm, 1 at least one (or our own network is cut), 2 the archive cannot be read or an address is none, 10 somebody
    could not be told, or it could not be remembered.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy health -h``."""
        return "[options] [<portal> …]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Say which sources are well, which are not, and what to do"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--db", metavar="FILE", help="the archive (default: the setting ARCHIVE_DB)")
        parser.add_argument("--json", action="store_true", help="as JSON, one object")
        parser.add_argument(
            "--tell",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="tell mailto:… or a webhook https://… of alarms that are new or over since it was last told (may be repeated)",
        )
        parser.add_argument("--all", action="store_true", help="also those that are well, new or ended")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Examine and print."""
        assert self.settings is not None
        known = portals()
        unknown = [name for name in args if name not in known]
        if unknown:
            raise UsageError(f"no portal {unknown[0]!r}; `scrapy portals` shows them")
        path = Path(opts.db or self.settings["ARCHIVE_DB"])
        try:
            for address in opts.tell:
                check_address(address)
        except NotTold as error:
            raise UsageError(str(error)) from error
        now = datetime.now(UTC)
        try:
            if not is_there(path):
                raise ArchiveError(f"there is no archive at {path}: name it with --db, or crawl first")
            # Of all: whether the network is to blame shows only beside the others.
            found = [one for one in examine_all(read_states(path, known.values(), now), now) if one.state.name in (args or known)]
        except ArchiveError as error:
            print(f"scrapy health: {error}", file=sys.stderr)
            self.exitcode = error.exit_code
            self._tell(path, opts.tell, [], broken=str(error))
            return
        found.sort(key=lambda health: (STATUSES.index(health.status), health.state.name))
        if opts.json:
            told = {"at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "sources": [as_dict(health) for health in found]}
            print(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            _print(found, everything=bool(opts.all or args))
        self.exitcode = 1 if any(trouble.grave for health in found for trouble in health.troubles) else 0
        self._tell(path, opts.tell, found)

    def _tell(self, path: Path, addresses: list[str], found: list[Health], *, broken: str | None = None) -> None:
        """Send each address what changed since it was last told; ``broken``: why the archive cannot be read."""
        assert self.settings is not None
        memory = path.with_name(path.name + ".told")
        before = read_told(memory)
        told = dict(before)
        sender = self.settings["CONTACT"] if "@" in self.settings["CONTACT"] else "khuyen-hoc@localhost"
        for address in addresses:
            known = before.get(key_of(address), {})
            changed, knows = unreadable(known, broken) if broken else (change(known, found), remember(known, found))
            payload: dict[str, object] = {"alarms": [as_dict(health) for health in changed.alarms], "over": list(changed.over)}
            payload |= {"archive": changed.archive, "network": changed.network}
            try:
                if changed:
                    send(address, changed, payload, sender, self.settings["MAIL_SERVER"])
                if knows != known:
                    told[key_of(address)] = knows
            except NotTold as error:
                self.exitcode = EXIT_NOT_TOLD
                print(f"scrapy health: {error}", file=sys.stderr)
        try:
            if told != before:
                write_told(memory, told)
        except OSError as error:
            self.exitcode = EXIT_NOT_TOLD
            print(f"scrapy health: {memory} could not be written ({error.strerror}): the same is told again", file=sys.stderr)


def _print(found: list[Health], *, everything: bool) -> None:
    console = Console(width=None if Console().is_terminal else 150, highlight=False)
    counts = {status: sum(health.status == status for health in found) for status in STATUSES}
    console.print(", ".join(f"{count} {status}" for status, count in counts.items() if count))
    shown = [health for health in found if everything or health.status in ("alarm", "watch")]
    if not shown:
        return
    table = Table("source", "status", "last crawl", "newest", "what", "what to do", box=SIMPLE_HEAD, pad_edge=False)
    for health in shown:
        row = as_dict(health)
        what = "\n".join(f"{one.kind}: {one.detail}" for one in health.troubles)
        advice = "\n".join(one.advice for one in health.troubles)
        table.add_row(row["source"], row["status"], row["last_crawl"] or "", row["newest"] or "", what, advice)
    console.print(table)
