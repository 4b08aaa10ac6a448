"""``scrapy addportal <address>``: from a list of news to a spider, a fixture and the expectation that a person reads."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import urljoin

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.utils.conf import arglist_to_dict, closest_scrapy_cfg

from scraper.adding import CannotAdd
from scraper.adding.files import Places, write_portal
from scraper.adding.naming import citation_wish, site_text
from scraper.adding.portal import NewPortal, Wishes, look, make_portal
from scraper.adding.recognise import is_read, reading_of
from scraper.adding.selectors import proposals
from scraper.adding.show import Shown, show_articles, show_identity, show_proposals, show_recognition, show_sections
from scraper.adding.survey import Survey
from scraper.adding.visit import check_may_ask, visit
from scraper.portal import DeclarationError, portals, read_arguments
from scraper.steps import Steps

EXIT_DISK = 9


class Command(ScrapyCommand):
    """Add a portal to the project: recognise its family, find its sections, capture a fixture, draft what must come out of it.

    Exit codes: 0 added, 1 the portal could not be read, 2 usage, or something has to be said with an option, 9 the disk
    failed, 10 a portal, file or fixture of that name or address is there already, 130 stopped by a signal. Whatever fails
    leaves nothing behind.
    """

    requires_project = True
    default_settings: ClassVar[dict[str, object]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Shown by ``scrapy addportal -h``."""
        return "[options] <address of a list of news, or of the front page>"

    def short_desc(self) -> str:
        """Shown by ``scrapy -h``."""
        return "Add a portal: recognise its family, write its spider, capture a fixture"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options beside Scrapy's own."""
        super().add_options(parser)
        parser.add_argument("--name", help="the spider's name, province first: cao_bang_thach_an (default: from its place)")
        parser.add_argument(
            "--place", metavar="CODE", help="province or province/district of before July 2025: 04/053 (default: from host and pages)"
        )
        parser.add_argument("--publisher", metavar="TEXT", help="the body behind the portal (default: as its footer names it)")
        parser.add_argument("--family", metavar="CMS", help="the CMS family, if it is not the one recognised")
        parser.add_argument(
            "--tls",
            choices=("verified", "unverified"),
            default="verified",
            help="unverified: its certificate is known to be broken; the spider says so",
        )
        parser.add_argument("--out", metavar="DIR", type=Path, help="the project folder to write into (default: this one)")
        parser.add_argument(
            "-a", dest="spargs", action="append", default=[], metavar="base_url=URL", help="ask a replica of the portal there"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Add the portal; the exit code says how it went."""
        if len(args) != 1:
            raise UsageError("give one address: a list of news of the portal, or its front page")
        try:
            self._add(args[0], opts)
        except (CannotAdd, DeclarationError) as error:
            self.exitcode = getattr(error, "exit_code", 2)
            print(f"scrapy addportal: {error}", file=sys.stderr)
        except OSError as error:
            self.exitcode = EXIT_DISK
            print(f"scrapy addportal: cannot write {error.filename or ''}: {error.strerror}; nothing was added", file=sys.stderr)

    def _add(self, url: str, opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None and self.settings is not None
        base_url = base_url_of(opts)
        project = Path(closest_scrapy_cfg()).parent
        root = (opts.out or project).resolve()
        declared = portals() if root == project.resolve() else {}
        wishes = Wishes(url, root, declared, base_url, opts.name, opts.place, opts.publisher, opts.family, opts.tls)
        check_may_ask(self.settings, base_url or url)
        wishes.check()
        with Steps("addportal") as steps:
            survey, robots = visit(
                self.crawler_process,
                self.settings,
                urljoin(url, "/"),
                base_url,
                lambda visitor: look(visitor, wishes, lambda step, done: steps.tell(step, done, None)),
                tls=opts.tls,
            )
        shown = Shown()
        show_recognition(shown, survey.recognition, len(survey.articles))
        today = datetime.now(UTC).date()
        made = make_portal(wishes, survey, robots, today)
        _show(shown, survey, made)
        places = Places(root, made.draft.name)
        write_portal(places, today.isoformat(), made.draft.source(), made.fixture.data, made.expected)
        _say_what_next(shown, places, made, today.isoformat(), base_url or (url if wishes.replica else None))


def base_url_of(opts: argparse.Namespace) -> str | None:
    """The replica to ask, out of ``-a base_url=…``; raises :class:`~scraper.portal.DeclarationError` for any other argument."""
    try:
        arguments = arglist_to_dict(opts.spargs)
    except ValueError as error:
        raise UsageError("-a takes base_url=http://…") from error
    if arguments.keys() - {"base_url"}:
        raise DeclarationError(f"unknown argument -a {sorted(arguments.keys() - {'base_url'})[0]}=…; there is base_url")
    base_url, _, _ = read_arguments(arguments.get("base_url"))
    return base_url


def _show(shown: Shown, survey: Survey, made: NewPortal) -> None:
    show_identity(shown, made.said)
    show_sections(shown, survey.sections, made.draft.sections)
    show_articles(shown, made.expected["articles"], made.expected["issues"])
    if not survey.recognition.known:
        family = survey.recognition.family
        read = [
            (page, reading.article) for page in survey.article_pages if is_read(reading := reading_of(family, page)) and reading.article
        ]
        show_proposals(shown, proposals(survey.fronts[0], survey.links, read))
    wish = citation_wish(site_text(survey.fronts))
    if wish:
        shown.line(f'citation     the footer says “{wish}”: if it words how to cite, add citation = "…"')
    for url in made.fixture.whole:
        shown.line(f"kept whole   {url}: it reads otherwise without its scripts and comments")


def _say_what_next(shown: Shown, places: Places, made: NewPortal, day: str, base_url: str | None) -> None:
    def at(path: Path) -> str:
        return str(path.relative_to(places.root))

    kept = len(made.fixture.captures)
    shown.line(f"written      {at(places.spider)} ({len(made.draft.source().splitlines())} lines)")
    shown.line(f"captured     {at(places.warc(day))} ({kept} pages, {-(-len(made.fixture.data) // 1000)} kB)")
    shown.line(f"expected     {at(places.expectation(day))}")
    shown.line('             Read it beside the pages, mend the spider where it is wrong, then set "read": true in it.')
    shown.line(f"next         pytest tests/test_portals.py -k {made.draft.name}      (fails until it is read)")
    shown.line("             KHUYEN_HOC_UPDATE=1 pytest tests/test_docs.py      (writes it into the lists of portals)")
    replica = f" -a base_url={urljoin(base_url, '/').rstrip('/')}" if base_url else ""
    shown.line(
        f"             mkdir -p /tmp/try && scrapy crawl {made.draft.name}{replica} -a max_pages=1 -s ARCHIVE_DB=/tmp/try/archive.db"
    )
