"""``scrapy giveback --warc FILE | --wacz FILE``: the captures behind a slice of the articles, for everybody's tools."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.archive.database import ArchiveError, storage_error
from scraper.archive.findings import printable
from scraper.giveback.slice import GivenArticle, GivenCapture, Slice, captures_of
from scraper.giveback.wacz import write_wacz
from scraper.giveback.warc import write_warc


class Command(ScrapyCommand):
    """Write the captures that prove a slice of the articles, byte for byte, as a WARC or a WACZ.

    A WARC is read by warcio, pywb and every web archive; a WACZ opens as it is in ReplayWeb.page. Reads the archive only, also
    while a crawl writes it. Exit codes: 0 written, 1 written, but records that are lost or damaged were left out, 2 usage or
    nothing to give, 8 the disk is full, 9 the disk failed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy giveback -h``."""
        return "--warc FILE | --wacz FILE [options]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Give the captures behind a slice of articles to others, as WARC or WACZ"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--warc", metavar="FILE", help="write a WARC, gzipped by record (ends in .warc.gz)")
        parser.add_argument("--wacz", metavar="FILE", help="write a WACZ (ends in .wacz)")
        parser.add_argument(
            "--source", metavar="PORTAL", action="append", default=[], help="only of this portal (more than once: of these)"
        )
        parser.add_argument("--since", metavar="DAY", help="articles printed on this day (2024-01-31) or later")
        parser.add_argument("--until", metavar="DAY", help="articles printed up to this day")
        parser.add_argument("--uid", action="append", default=[], help="only this article (more than once: these)")
        parser.add_argument("--db", metavar="FILE", help="the archive (default: the setting ARCHIVE_DB)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Write the file; the exit code says how it went."""
        assert self.settings is not None
        if args or bool(opts.warc) == bool(opts.wacz):
            raise UsageError("name one file to write: --warc FILE or --wacz FILE")
        db, target = Path(opts.db or self.settings["ARCHIVE_DB"]), Path(opts.warc or opts.wacz)
        try:
            self.exitcode = self._give(db, target, opts)
        except sqlite3.DatabaseError as error:
            self.exitcode = 2
            print(f"scrapy giveback: {db} cannot be read as an archive ({error})", file=sys.stderr)
        except (ArchiveError, OSError) as error:
            failure = storage_error(target, error) if isinstance(error, OSError) and not isinstance(error, FileNotFoundError) else error
            self.exitcode = getattr(failure, "exit_code", 2)
            print(f"scrapy giveback: {failure}", file=sys.stderr)

    def _give(self, db: Path, target: Path, opts: argparse.Namespace) -> int:
        wanted = ".wacz" if opts.wacz else ".warc.gz"
        if not target.name.endswith(wanted):
            raise ArchiveError(f"{target} must end in {wanted}: tools tell by that what it is")
        if target.exists():
            raise ArchiveError(f"{target} exists already; name another file, or move it away")
        if not db.is_file():
            raise ArchiveError(f"there is no archive {db}")
        cut = Slice(tuple(opts.source), _day("since", opts.since), _day("until", opts.until), tuple(opts.uid))
        with closing(sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)) as conn:
            conn.execute("BEGIN")  # one view of the archive, whatever a crawl adds meanwhile
            articles = cut.articles(conn)
            if not articles:
                raise ArchiveError("no article is in that slice: nothing was written")
            captures = self._whole(captures_of(conn, db.resolve().parent, articles))
            about = _about(conn, articles, cut)
            with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".giveback-") as folder:
                part = Path(folder) / "data.warc.gz"
                with part.open("wb") as stream:
                    lines = write_warc(stream, part.name if opts.wacz else target.name, about, captures)
                if opts.wacz:
                    bundle = Path(folder) / "bundle.wacz"
                    write_wacz(bundle, part, lines, articles, conn, about)
                    part = bundle
                _put_in_place(part, target)
        print(f"{target}: {len(articles)} articles, {len(lines)} captures, {target.stat().st_size} bytes")
        print(
            "Look at it: https://replayweb.page opens it" if opts.wacz else "Look at it: warcio index, wb-manager add (pywb), cdxj-indexer"
        )
        return 1 if self._left_out else 0

    _left_out = 0

    def _whole(self, captures: Iterable[GivenCapture]) -> Iterator[GivenCapture]:
        """The captures that can be given; the others are named."""
        for capture in captures:
            if capture.problem:
                self._left_out += 1
                print(printable(f"left out: {capture.url} of {capture.captured_at}: {capture.problem}"), file=sys.stderr)
            else:
                yield capture


def _day(name: str, text: str | None) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError as error:
        raise ArchiveError(f"--{name} must be a day like 2024-01-31, not {text!r}") from error


def _about(conn: sqlite3.Connection, articles: list[GivenArticle], cut: Slice) -> str:
    """What the file is, for a person who finds it without us: publishers with the wording they ask for, and what was cut out."""
    named = {article.uid for article in articles}
    sources = conn.execute("SELECT id, citation FROM sources ORDER BY id").fetchall()
    of = [citation for source, citation in sources if any(uid.startswith(f"{source}-") for uid in named)]
    between = " – ".join(day for day in (cut.since, cut.until) if day)
    demo = conn.execute("SELECT note FROM archive_info WHERE origin = 'demo'").fetchone()
    said = [*(row for row in demo or ()), f"{len(articles)} bài / articles", between, "Nguồn / Sources: " + "; ".join(of)]
    return ". ".join(part for part in said if part)


def _put_in_place(part: Path, target: Path) -> None:
    """Durable under its name, or not there; never over another file."""
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.link(part, target)
