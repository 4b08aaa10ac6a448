"""``python -m benchmarks.extraction``: the labelled pages through our families and through other tools, one table in docs/extraction.md.

Needs the extra ``bench`` (``pip install -e .[bench]``); a tool that is not installed is left out and named.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import htmldate
import trafilatura
from trafilatura.meta import reset_caches

from scraper.cms import families
from scraper.extract.generic import read_generic
from scraper.extract.page import Refused, open_page
from tests.quality.pages import Labelled, pages
from tests.quality.score import Answer, Score
from tests.quality.test_quality import answer, capture

DOCUMENT = Path(__file__).parents[1] / "docs/extraction.md"
START, END = "<!-- peers: written by python -m benchmarks.extraction -->\n", "<!-- end of peers -->"
Tool = Callable[[Labelled], Answer]


def ours(page: Labelled) -> Answer:
    """The page's own family."""
    return answer(families()[page.template.cms].read(capture(page)).article)


def generic(page: Labelled) -> Answer:
    """Our reading for unknown CMSs."""
    try:
        return answer(read_generic(open_page(capture(page)), "key", page.url)[0])
    except Refused:
        return Answer()


def trafilatura_way(page: Labelled) -> Answer:
    """trafilatura with metadata, as its documentation shows it."""
    found = trafilatura.bare_extraction(page.html, url=page.url, with_metadata=True)
    if found is None:
        return Answer()
    return Answer(found.title, found.text or "", found.author, found.date)


def newspaper4k_way(page: Labelled) -> Answer:
    """newspaper4k, Vietnamese."""
    import newspaper  # noqa: PLC0415 — of the extra bench: may not be there

    article = newspaper.Article(page.url, language="vi")
    article.download(input_html=page.html)
    article.parse()
    published = article.publish_date.date().isoformat() if article.publish_date else None
    return Answer(article.title, article.text, ", ".join(article.authors) or None, published)


def htmldate_way(page: Labelled) -> Answer:
    """htmldate alone: it reads nothing but the date."""
    return Answer(published_at=htmldate.find_date(page.html, url=page.url, original_date=True))


TOOLS: dict[str, tuple[Tool, str]] = {
    "our families": (ours, ""),
    "our generic reading": (generic, ""),
    "trafilatura": (trafilatura_way, "trafilatura"),
    "newspaper4k": (newspaper4k_way, "newspaper4k"),
    "htmldate (dates only)": (htmldate_way, "htmldate"),
}


def measure() -> list[str]:
    """One row a tool; a warm-up page first, so that nobody pays for imports and nobody's models are loaded inside the clock."""
    labelled = pages()
    rows = []
    for name, (tool, package) in TOOLS.items():
        try:
            shown = f"{name} {version(package)}" if package else name
            tool(labelled[0])
        except (PackageNotFoundError, ImportError) as missing:
            print(f"left out: {name} is not installed ({missing}); pip install -e .[bench]", file=sys.stderr)
            continue
        reset_caches()  # htmldate's answers would be trafilatura's for nothing
        score = Score()
        started = time.process_time()
        answers = [tool(page) for page in labelled]
        spent = (time.process_time() - started) * 1000 / len(labelled)
        for page, given in zip(labelled, answers, strict=True):
            score.add(page, given, by_day=bool(package))
        dates = f"{score.dates_right} | {score.dates_wrong} | {score.pages - score.dates_right - score.dates_wrong}"
        if name.startswith("htmldate"):
            rows.append(f"| {shown} | {dates} | | | | | {spent:.0f} |")
        else:
            texts = f"{score.titles} | {score.leads} of {score.with_lead} | {score.f1:.3f} | {score.leaks}"
            rows.append(f"| {shown} | {dates} | {texts} | {spent:.0f} |")
    return rows


def main() -> None:
    """Measure, print and write."""
    head = [
        "| tool | dates right | wrong | missed | titles | leads kept | text F1 | pages with leaks | CPU ms a page |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    table = "\n".join([*head, *measure()])
    print(table)
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{START}Measured on {date.today():%Y-%m-%d}.\n\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
