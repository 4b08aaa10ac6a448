"""``scrapy review``: a person accepts, corrects or rejects a figure, or reads a number that no rule could read."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from scraper.analyse.gazetteer import gazetteer
from scraper.analyse.rules import indicators
from scraper.archive import places, reviews
from scraper.archive.database import ArchiveDatabase, ArchiveError, now

_DECISIONS = {"accept": "accepted", "reject": "rejected", "correct": "corrected"}
_PERIOD = re.compile(r"(?P<asof><)?(?P<first>\d{4}(?:-\d\d-\d\d)?)(?:/(?P<last>\d{4}(?:-\d\d-\d\d)?))?")


class Command(ScrapyCommand):
    """Record what a person says of a figure. It outlives every analysis, and ``scrapy rebuild --replace`` carries it over.

    A figure is named by its id in ``observations``; an unread number by ``uid:field:start`` as the query “số cần xem” shows
    it. Exit codes: 0 recorded, 2 usage or no such figure, 3 archive held by another process.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy review -h``."""
        return "accept|reject|correct <figure> [--value N] [--indicator ID] [--place CODE] [--period 2022]"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Accept, reject or correct a figure"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--db", metavar="FILE", help="the archive (default: the setting ARCHIVE_DB)")
        parser.add_argument("--value", help="the right value, in the indicator's unit (đồng for money)")
        parser.add_argument("--indicator", metavar="ID", help="the right indicator")
        parser.add_argument("--place", metavar="CODE", help="the right place: its id in the data (045, N19363)")
        parser.add_argument("--period", metavar="WHEN", help="2022, 2022-12-09, 2018/2023, or <2022-11-30 (as it stood)")
        parser.add_argument("--note", help="why")
        parser.add_argument("--by", metavar="NAME", help="who says so")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Record the review; the exit code says how it went."""
        assert self.settings is not None
        if len(args) != 2 or args[0] not in _DECISIONS:
            raise UsageError("say accept, reject or correct, and name the figure")
        path = Path(opts.db or self.settings["ARCHIVE_DB"])
        try:
            if not path.is_file():
                raise ArchiveError(f"there is no archive {path}")
            said = _said(args[0], opts)
            with ArchiveDatabase(path) as archive, archive.transaction() as db:
                named = reviews.find(db, args[1])
                if named is None:
                    raise ArchiveError(f"there is no figure {args[1]} in {path}")
                if said["place_id"]:
                    places.ensure(db, [said["place_id"]])
                reviews.record(db, {**named, **said, "note": opts.note, "reviewer": opts.by, "reviewed_at": now()})
            print(f"{_DECISIONS[args[0]]}: {named['value_text']} in “{named['quote']}”")
        except ArchiveError as error:
            self.exitcode = error.exit_code
            print(f"scrapy review: {error}", file=sys.stderr)


def _said(decision: str, opts: argparse.Namespace) -> dict[str, Any]:
    """What the options say, checked; raises ArchiveError naming what is wrong."""
    given = (opts.value, opts.indicator, opts.place, opts.period)
    if (decision == "correct") != any(one is not None for one in given):
        raise ArchiveError("correct needs --value, --indicator, --place or --period; accept and reject take none of them")
    if opts.indicator is not None and opts.indicator not in indicators():
        raise ArchiveError(f"there is no indicator {opts.indicator}; scraper/data/indicators.csv lists them")
    if opts.place is not None and opts.place not in gazetteer().units:
        raise ArchiveError(f"there is no place {opts.place}; codes are those of before July 2025, and N… for later ones")
    said: dict[str, Any] = {
        "decision": _DECISIONS[decision], "indicator_id": opts.indicator, "place_id": opts.place,
        "value": None, "period_kind": None, "period_start": None, "period_end": None,
    }  # fmt: skip
    if opts.value is not None:
        if not re.fullmatch(r"\d+(?:\.\d+)?", opts.value):
            raise ArchiveError(f"--value {opts.value}: write digits only, with a point before decimals")
        said["value"] = float(opts.value) if "." in opts.value else int(opts.value)
    if opts.period is not None:
        said |= _period(opts.period)
    return said


def _period(text: str) -> dict[str, str | None]:
    found = _PERIOD.fullmatch(text)
    if found is None or (found["asof"] and found["last"]):
        raise ArchiveError(f"--period {text}: write 2022, 2022-12-09, 2018/2023, or <2022-11-30")
    last = found["last"] or found["first"]
    end = f"{last}-12-31" if len(last) == 4 else last
    if found["asof"]:
        return {"period_kind": "asof", "period_start": None, "period_end": end}
    start = f"{found['first']}-01-01" if len(found["first"]) == 4 else found["first"]
    return {"period_kind": "range", "period_start": start, "period_end": end}
