"""``scrapy analyse``: topics, places, figures and reprints over the archive, or over given texts."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.analyse.documents import analyse_given
from scraper.steps import Steps


class Command(ScrapyCommand):
    """Read topics, places and figures out of given texts.

    Exit codes: 0 done, 2 usage, or the texts cannot be read.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy analyse -h``."""
        return "--texts docs.json --out facts.json"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Topics, places and figures of given texts"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--texts", metavar="FILE", help="documents as JSON: doc_id, text, published, portal_place")
        parser.add_argument("--out", metavar="FILE", help="where the same documents go with relevant, topics, people and facts")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Analyse; the exit code says how it went."""
        if args or not opts.texts or not opts.out:
            raise UsageError("name the texts with --texts and the result with --out")
        self.exitcode = _texts(Path(opts.texts), Path(opts.out))


def _texts(given: Path, out: Path) -> int:
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
            found.append(analyse_given(document))
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
