"""``scrapy export``: articles as a file for Excel, R, pandas or a program."""

from __future__ import annotations

import argparse
import functools
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveError
from scraper.slices.formats import Csv, Format, JsonLines, Options
from scraper.slices.parquet import NoPyarrow, Parquet, pyarrow
from scraper.slices.selection import Selection, Unknown
from scraper.slices.writing import STANDARD_OUTPUT, open_archive, write_slice
from scraper.slices.xlsx import Xlsx
from scraper.steps import Steps

FORMATS: dict[str, type[Format]] = {each.suffix: each for each in (Csv, Xlsx, JsonLines, Parquet)}
Maker = Callable[[Sequence[str]], Format]


class Command(ScrapyCommand):
    """Write articles with their citations into a file. The archive is only read; a crawl may be writing it.

    Exit codes: 0 done (also with no row), 2 usage or archive unusable, 8 the disk is full, 9 the disk failed, 130 stopped.
    Under its name the file is always whole: until then it has another.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy export -h``."""
        return "[options] <file.csv | file.xlsx | file.jsonl | file.parquet | ->"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Write articles to CSV, Excel, JSON lines or Parquet (--source, --place, --topic, --period, --query)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--source", action="append", default=[], metavar="ID", help="only of this portal; may be given again")
        parser.add_argument(
            "--place", action="append", default=[], metavar="PLACE", help="only of portals of this place: 87, 87/872, or part of its name"
        )
        parser.add_argument(
            "--topic", action="append", default=[], metavar="TOPIC", help="only about this topic: hoc_bong, or part of its name"
        )
        parser.add_argument("--period", metavar="YYYY[-MM[-DD]]", help="only what was published in this year, month or day")
        parser.add_argument("--since", metavar="YYYY-MM-DD", help="only what was published on this day or later")
        parser.add_argument("--until", metavar="YYYY-MM-DD", help="only what was published on this day or earlier")
        parser.add_argument("--query", metavar="WORDS", help="only what the search box would find for this")
        parser.add_argument("--format", choices=sorted(FORMATS), help="if the file's name does not say it")
        parser.add_argument("--bom", action="store_true", help="begin a CSV with the mark by which Excel knows UTF-8")
        parser.add_argument(
            "--labels",
            action=argparse.BooleanOptionalAction,
            help="name portal, place and topics beside the codes (default: in .xlsx and with --bom, the files for people)",
        )
        parser.add_argument("--keep-formulas", action="store_true", help="leave texts as they are that a spreadsheet would run as formulas")
        parser.add_argument("--db", metavar="FILE", help="the archive (default: the setting ARCHIVE_DB)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Export; the exit code says how it went."""
        assert self.settings is not None
        if len(args) != 1:
            raise UsageError("name the file to write, or - for standard output")
        target: str = args[0]
        suffix: str = opts.format or Path(target).suffix.removeprefix(".").lower()
        if suffix not in FORMATS:
            raise UsageError(f"no format for {target}: end its name in {', '.join(f'.{each}' for each in FORMATS)}, or give --format")
        labels = opts.labels if opts.labels is not None else suffix == Xlsx.suffix or opts.bom
        chosen = Selection(opts.source, opts.place, opts.period, opts.since, opts.until, opts.query, opts.topic, labels)
        options = Options(neutral=not opts.keep_formulas, bom=opts.bom)
        try:
            rows = _export(Path(opts.db or self.settings["ARCHIVE_DB"]), chosen, suffix, options, target)
        except KeyboardInterrupt:
            self.exitcode = 130
            print("scrapy export: stopped; nothing was written under that name", file=sys.stderr)
        except BrokenPipeError:
            self.exitcode = 130
        except (ArchiveError, Unknown, NoPyarrow, OSError, sqlite3.Error) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy export: {error}", file=sys.stderr)
        else:
            print(f"{target}: {rows} articles", file=sys.stderr if target == STANDARD_OUTPUT else sys.stdout)


def _export(path: Path, chosen: Selection, suffix: str, options: Options, target: str) -> int:
    connection = open_archive(path)
    question = chosen.question(connection)
    made: Maker = functools.partial(_file, FORMATS[suffix], options)
    if suffix == Parquet.suffix:
        pyarrow()
        types = {row[1]: row[2] for row in connection.execute("pragma table_info(articles)")}
        made = functools.partial(_parquet, options, types)
    with Steps("export") as steps:
        return write_slice(connection, question, made, target, steps.tell)


def _file(made: type[Format], options: Options, columns: Sequence[str]) -> Format:
    return made(columns, options)


def _parquet(options: Options, types: dict[str, str], columns: Sequence[str]) -> Format:
    return Parquet(columns, options, types)
