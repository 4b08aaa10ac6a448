"""What a person sees of a portal that is being added: tables on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from scraper.adding.naming import Said
from scraper.adding.recognise import Recognition
from scraper.adding.sections import Candidate
from scraper.adding.selectors import Proposal

WORDS = 12
"""First and last words of a text that are shown."""
LONGEST = 160


class Shown:
    """Prints tables: drawn where there is a terminal, ``title: name = value`` lines for scripts and logs."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    def line(self, text: str) -> None:
        """One line."""
        self.console.print(text, soft_wrap=True, markup=False, highlight=False)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table."""
        if not self.console.is_terminal:
            for row in rows:
                told = [f"{name} = {value}" for name, value in zip(columns[1:], row[1:], strict=True) if value]
                self.line(f"{title}: {row[0]}: {row[1] if len(row) == 2 else ', '.join(told)}")
            return
        drawn = Table(*(Column(name, overflow="fold") for name in columns), title=title, title_justify="left", show_lines=False)
        for row in rows:
            drawn.add_row(*map(Text, row))
        self.console.print(drawn)


def shorten(text: str | None, most: int = LONGEST) -> str:
    """A text for a cell: one line, cut."""
    line = " ".join((text or "").split())
    return line if len(line) <= most else line[: most - 1] + "…"


def show_articles(shown: Shown, articles: Sequence[Mapping[str, Any]], issues: Sequence[Mapping[str, Any]]) -> None:
    """Each article that came out, field by field, to be compared with the page."""
    for article in articles:
        words = " ".join(article["body"]).split()
        problems = "; ".join(f"{issue['kind']}: {issue['detail']}" for issue in issues if issue["url"] == article["url"])
        rows = [
            ("address", article["url"]),
            ("title", article["title"]),
            ("lead", shorten(article["lead"]) or "none"),
            ("byline", article["byline"] or "none"),
            ("date printed", article["published_raw"] or "none"),
            ("date read", article["published_at"] or "none"),
            ("text begins", " ".join(words[:WORDS])),
            ("text ends", " ".join(words[-WORDS:])),
            ("words", str(len(words))),
            ("attachments", str(len(article["attachments"]))),
            ("layout", article["layout"]),
            ("problems", problems or "none"),
        ]
        shown.table(f"article {article['article_key']}", ("field", "read"), rows)


def show_sections(shown: Shown, sections: Sequence[Candidate], declared: Sequence[str]) -> None:
    """What was found to be a section, and what not and why."""
    rows = []
    for section in sections:
        found = f"{section.how} “{section.label}”" if section.label else section.how
        lists = [f"lists {section.listed}, {section.fresh} of them new"] if section.listed else []
        newest = [f"newest {section.newest}"] if section.newest else []
        no_room = "not declared: no room in the spider's lines, add it by hand"
        taken = "declared" if section.url in declared else f"not declared: {section.why_not}" if section.why_not else no_room
        rows.append((section.url, ", ".join([found, *lists, *newest, taken])))
    shown.table("section", ("address", "what it is"), rows)


def show_recognition(shown: Shown, recognition: Recognition, articles: int) -> None:
    """The family, and which others might be meant."""
    pages = f"the listing and {articles} article{'s' if articles != 1 else ''}"
    if recognition.known:
        shown.line(f"recognised   {recognition.family.cms}, on {pages}")
    for rival in recognition.rivals:
        what = (
            f"{rival.recognised} of {articles + 1} pages bear marks of {rival.family.cms}, and it reads {rival.read} of {articles} articles"
        )
        shown.line(f"             {what}")
    if recognition.ambiguous:
        names = ", ".join(rival.family.cms for rival in recognition.rivals)
        shown.line(f"             not certain: look at the pages, and decide with --family if it is {names}")
    if not recognition.known:
        shown.line(f"recognised   no family: the generic reading was taken for {pages}")


def show_identity(shown: Shown, said: Mapping[str, Said]) -> None:
    """Name, place and publisher with where they come from."""
    shown.table("portal", ("what", "is", "taken from"), [(name, one.value, one.source) for name, one in said.items()])


def show_proposals(shown: Shown, proposals: Sequence[Proposal]) -> None:
    """The selectors that a family for this CMS would declare."""
    rows = [
        (one.field, one.read or "nothing", one.rule, one.selector or ("none that fits every page" if one.read else "")) for one in proposals
    ]
    shown.table("a family would need", ("field", "read here", "by the rule", "selector"), rows)


def show_changes(shown: Shown, changes: Sequence[tuple[str, str, str]]) -> None:
    """What a new fixture says otherwise than the old one."""
    shown.table("changed", ("what", "was", "is"), [(what, shorten(was), shorten(now)) for what, was, now in changes])
