"""``scrapy portals``: the declared portals as a table."""

from __future__ import annotations

import argparse
import sys
from typing import ClassVar

from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand

from scraper.places import place_name
from scraper.portal import DeclarationError, check_declaration, portals


def markdown_table() -> str:
    """The portals as a Markdown table; docs/portals.md holds it between its markers, and a test compares."""
    lines = ["| portal | place | family | what is known of it |", "|---|---|---|---|"]
    for name, portal in portals().items():
        ended = f" Ended {portal.until:%d/%m/%Y}." if portal.until else ""
        lines.append(f"| `{name}` | {place_name(portal.place)} | {portal.cms} | {portal.evidence}.{ended} |")
    return "\n".join(lines)


class Command(ScrapyCommand):
    """List the portals with what is known of them."""

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Show the declared portals with what is known of each"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Take ``--markdown`` beside Scrapy's own options."""
        super().add_options(parser)
        parser.add_argument("--markdown", action="store_true", help="the table as it stands in docs/portals.md")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print; a portal that is wrongly declared is named."""
        try:
            for portal in portals().values():
                check_declaration(portal)
        except DeclarationError as error:
            print(f"scrapy portals: {error}", file=sys.stderr)
            self.exitcode = 2
            return
        if opts.markdown:
            print(markdown_table())
            return
        table = Table("portal", "place", "family", "home", "ended", "evidence")
        for name, portal in portals().items():
            ended = portal.until.isoformat() if portal.until else ""
            table.add_row(name, place_name(portal.place), portal.cms, portal.home, ended, portal.evidence)
        Console().print(table)
