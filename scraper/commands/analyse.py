"""``scrapy analyse``: topics, places, figures and reprints over the archive, or over given texts."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.analyse.documents import analyse_given
from scraper.archive import analysis
from scraper.archive.database import ArchiveDatabase, ArchiveError, now
from scraper.archive.issues import record_issue
from scraper.archive.rowset import Change
from scraper.items import Problem
from scraper.steps import Steps

BATCH = 50
"""Articles in one transaction: a killed run has done whole batches, and the next goes on after them."""


class _Undo(Exception):
    """Ends a dry run's transaction."""


class Command(ScrapyCommand):
    """Analyse the articles that the present rules have not read yet, or with --texts documents of a file.

    Exit codes: 0 done, 1 some articles could not be analysed (see the issues), 2 usage, or the file or archive is unusable,
    3 archive held by another process, 5 archive written by a newer version, 8 the disk is full, 9 the disk failed.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy analyse -h``."""
        return "[--all] [--dry-run] [--db FILE] | --texts docs.json --out facts.json"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Topics, places, figures and reprints of the archive's articles, or of given texts"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--db", metavar="FILE", help="the archive (default: the setting ARCHIVE_DB)")
        parser.add_argument("--all", action="store_true", dest="everything", help="also what the present rules have read already")
        parser.add_argument("--dry-run", action="store_true", help="list what would change, and store nothing")
        parser.add_argument("--texts", metavar="FILE", help="documents as JSON: doc_id, text, published, portal_place")
        parser.add_argument("--out", metavar="FILE", help="where the same documents go with relevant, topics, people and facts")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Analyse; the exit code says how it went."""
        assert self.settings is not None
        if args or bool(opts.texts) != bool(opts.out):
            raise UsageError("name the archive with --db, or texts with --texts and the result with --out")
        threshold = float(self.settings["RELEVANCE_THRESHOLD"])
        if opts.texts:
            self.exitcode = _texts(Path(opts.texts), Path(opts.out), threshold)
            return
        path = Path(opts.db or self.settings["ARCHIVE_DB"])
        try:
            if not path.is_file():
                raise ArchiveError(f"there is no archive {path}. Crawl a portal first, or name another with --db")
            with ArchiveDatabase(path) as archive, Steps("analyse") as steps:
                self.exitcode = _archive(archive, steps, threshold, everything=opts.everything, dry=opts.dry_run)
        except ArchiveError as error:
            self.exitcode = error.exit_code
            print(f"scrapy analyse: {error}", file=sys.stderr)


def _archive(archive: ArchiveDatabase, steps: Steps, threshold: float, *, everything: bool, dry: bool) -> int:
    """Analyse the archive's articles in batches; a dry run does all of it and takes it back."""
    started = time.monotonic()
    changes: list[Change] = []
    failed: list[str] = []
    total = 0
    try:
        with archive.transaction() as db:
            changes += analysis.sync_vocabulary(db)
            if dry:
                total = _run(archive, steps, threshold, changes, failed, everything=True)
                raise _Undo
        total = _run(archive, steps, threshold, changes, failed, everything=everything)
    except _Undo:
        for change in changes:
            print(change.line())
    told = Counter(
        f"{change.table} {'added' if change.before is None else 'removed' if change.after is None else 'changed'}" for change in changes
    )
    what = ", ".join(f"{count} {name}" for name, count in sorted(told.items())) or "nothing changed"
    print(f"{total} articles read in {time.monotonic() - started:.1f} s: {what}{' (nothing was stored)' if dry else ''}")
    for line in failed:
        print(f"not analysed: {line}", file=sys.stderr)
    return 1 if failed else 0


def _run(archive: ArchiveDatabase, steps: Steps, threshold: float, changes: list[Change], failed: list[str], *, everything: bool) -> int:
    waiting = analysis.outdated(archive.db, everything=everything)
    remaining = iter(waiting)
    done = 0
    while batch := list(islice(remaining, BATCH)):
        with archive.transaction() as db:
            for article_id in batch:
                read = analysis.read_safely(analysis.load(db, article_id), threshold)
                if isinstance(read, Problem):
                    source, url = db.execute("SELECT source_id, url FROM articles WHERE id = ?", (article_id,)).fetchone()
                    record_issue(db, source, url, read, now())
                    failed.append(f"{url}: {read.detail}")
                else:
                    changes += analysis.store(db, read)
        done += len(batch)
        steps.tell("articles", done, len(waiting))
    return len(waiting)


def _texts(given: Path, out: Path, threshold: float) -> int:
    """Analyse the documents of a file, a list or an object with ``docs``; the result has the same form."""
    try:
        content: Any = json.loads(given.read_text(encoding="utf-8"))
        documents = content["docs"] if isinstance(content, dict) else content
        missing = next((number for number, one in enumerate(documents) if not isinstance(one.get("text"), str)), None)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"scrapy analyse: {given} holds no documents ({error}). It must be a JSON list, or an object with “docs”.", file=sys.stderr)
        return 2
    if missing is not None:
        print(f"scrapy analyse: document {missing + 1} of {given} has no “text”.", file=sys.stderr)
        return 2
    started = time.monotonic()
    found = []
    with Steps("analyse") as steps:
        for done, document in enumerate(documents, 1):
            found.append(analyse_given(document, threshold))
            steps.tell("texts", done, len(documents))
    whole = {**content, "docs": found} if isinstance(content, dict) else found
    try:
        out.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        print(f"scrapy analyse: {out} cannot be written ({error.strerror}).", file=sys.stderr)
        return 2
    facts = sum(len(one["facts"]) for one in found)
    relevant = sum(one["relevant"] for one in found)
    print(f"{len(found)} texts, {relevant} on topic, {facts} facts in {time.monotonic() - started:.1f} s: {out}")
    return 0
