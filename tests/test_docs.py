"""What README and docs list is true: portals, kinds of issues, commands, exit codes, links."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from scraper.archive.kinds import KINDS
from scraper.cms import families
from scraper.commands.portals import markdown_table
from scraper.portal import portals
from scraper.web.dictionary import indexes, queries, tables

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md"))]


def check_block(document: str, name: str, wanted: str) -> None:
    """A generated block of a document says what the code says; with ``KHUYEN_HOC_UPDATE=1`` it is written, and to be read."""
    path = ROOT / document
    text = path.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name}: [^\n]*-->\n(.*?)<!-- end of {name} -->", text, re.DOTALL)
    assert found, f"{document} has no block {name!r}"
    if found[1].strip() != wanted and os.environ.get("KHUYEN_HOC_UPDATE"):
        path.write_text(f"{text[: found.start(1)]}{wanted}\n{text[found.end(1) :]}", encoding="utf-8")
        pytest.fail(f"{document}: block {name!r} was written; read it, then run the test again")
    assert found[1].strip() == wanted


def test_the_portals_are_listed() -> None:
    check_block("docs/portals.md", "portals", markdown_table())


def test_readme_counts_the_portals() -> None:
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    counted = re.sub(r"\b\d+ portals are declared", f"{len(portals())} portals are declared", text)
    if counted != text and os.environ.get("KHUYEN_HOC_UPDATE"):
        path.write_text(counted, encoding="utf-8")
        pytest.fail("README.md: the number of portals was written; run the test again")
    assert f"{len(portals())} portals are declared" in text


def test_the_families_are_listed() -> None:
    check_block("docs/adding-a-portal.md", "families", families_table())


def families_table() -> str:
    """Every family by what its module says of it: who uses it, and how it is recognised."""
    lines = ["| family | is | recognise it by | its own search |", "|---|---|---|---|"]
    for name, family in families().items():
        paragraphs = [" ".join(part.split()) for part in (sys.modules[family.__module__].__doc__ or "").split("\n\n")]
        (sign,) = [part.removeprefix("Recognise it by ") for part in paragraphs if part.startswith("Recognise it by ")]
        cells = (
            f"`{name}`",
            paragraphs[0].rstrip("."),
            re.split(r"\. (?=[A-Z])", sign)[0].rstrip("."),
            "`search = True`" if family.SEARCH else "",
        )
        lines.append("| " + " | ".join(_markdown(cell) for cell in cells) + " |")
    return "\n".join(lines)


def _markdown(text: str) -> str:
    """A docstring's markup as Markdown in a cell."""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text.replace("``", "`")).replace("|", "\\|")


def test_operations_list_the_kinds_of_issues() -> None:
    check_block("docs/operations.md", "kinds", kinds_table())


def test_data_dictionary_says_what_schema_and_metadata_say() -> None:
    described = json.loads((ROOT / "datasette_metadata.json").read_text(encoding="utf-8"))["databases"]["archive"]
    for name, text in (("tables", tables(described)), ("queries", queries(described)), ("indexes", indexes())):
        check_block("docs/data-dictionary.md", name, text)


def kinds_table() -> str:
    return "\n".join(["| kind | means |", "|---|---|", *(f"| `{kind}` | {meaning} |" for kind, meaning in sorted(KINDS.items()))])


def test_readme_is_neither_book_nor_stub() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").count("\n")
    assert 100 <= lines <= 180


def test_readme_names_every_command_and_target() -> None:
    pages = ("README.md", "docs/operations.md", "docs/adding-a-portal.md")
    text = "".join((ROOT / page).read_text(encoding="utf-8") for page in pages)
    for module in (ROOT / "scraper/commands").glob("[a-z]*.py"):
        assert f"scrapy {module.stem}" in text, f"scrapy {module.stem} is undocumented"
    for target in ("demo", "serve", "crawl", "test", "lint", "slow"):
        assert f"make {target}" in text


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not target.startswith("http"):
            assert (ROOT / document).parent.joinpath(target).exists(), f"{document} links to {target}"


def test_every_kind_of_problem_is_in_the_vocabulary() -> None:
    used: set[str] = set()
    for path in (ROOT / "scraper").rglob("*.py"):
        used |= set(re.findall(r'(?:Problem|Refused)\(\s*"([a-z_0-9]+)"', path.read_text(encoding="utf-8")))
    assert used <= KINDS.keys()
    assert len(used) > 15
