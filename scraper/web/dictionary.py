"""``python -m scraper.web.dictionary``: the lists of docs/data-dictionary.md, from the schema and ``datasette_metadata.json``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.db import Table

from scraper.archive.schema import migrations
from scraper.web.guard import PRIVATE_TABLES

OWN = ("archive_info", "_sqlite_migrations")
"""Tables about the file itself."""


def tables(described: dict[str, Any]) -> str:
    """Every table that readers see, column by column, and the names of those they do not. ``described``: the metadata of the archive."""
    schema = _schema()
    parts = []
    for name, about in described["tables"].items():
        if about.get("hidden"):
            continue
        vi, _, en = about["title"].partition(" / ")
        parts += [f"### `{name}`: {vi} / {en}", "", _plain(about["description_html"]), ""]
        parts += ["| column | type | | meaning |", "|---|---|---|---|"]
        of = schema[name]
        links = {key.column: f"→ `{key.other_table}`" for key in of.foreign_keys} if isinstance(of, Table) else {}
        for column in of.columns:
            notes = ["key"] if column.is_pk else []
            notes += [links[column.name]] if column.name in links else []
            notes += [] if column.notnull or column.is_pk else ["may be empty"]
            parts.append(f"| `{column.name}` | {column.type} | {', '.join(notes)} | {_cell(about['columns'][column.name])} |")
        parts += ["", f"Facets: {_facets(about)}.", ""]
    others = [name for name, about in described["tables"].items() if about.get("hidden") and name not in (*PRIVATE_TABLES, *OWN)]
    if others:
        parts += [f"Of use to programs rather than people: {', '.join(f'`{name}`' for name in others)}.", ""]
    private = ", ".join(f"`{name}`" for name in sorted(PRIVATE_TABLES))
    own = ", ".join(f"`{name}`" for name in OWN)
    parts.append(
        f"Not open to readers, being the crawler's book-keeping: {private}. About the file itself: {own}. Search index: `articles_fts`."
    )
    return "\n".join(parts)


def queries(described: dict[str, Any]) -> str:
    """Every canned query with its parameters."""
    lines = ["| query | parameters | gives |", "|---|---|---|"]
    for name, about in described["queries"].items():
        parameters = ", ".join(f"`{each}`" for each in about.get("params", [])) or "–"
        lines.append(f"| `/archive/{name}` | {parameters} | {_cell(about['title'])}. {_cell(_plain(about['description_html']))} |")
    return "\n".join(lines)


def indexes() -> str:
    """Every index that a migration makes."""
    rows = _schema().execute(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT GLOB '[_]*'"
        " ORDER BY tbl_name, name"
    )
    lines = ["| index | of |", "|---|---|"]
    for name, table, sql in rows:
        lines.append(f"| `{name}` | `{table}` {' '.join(sql[sql.index('(') :].split())} |")
    return "\n".join(lines)


def _schema() -> Database:
    schema = Database(memory=True)
    migrations.apply(schema)
    return schema


def _facets(about: dict[str, Any]) -> str:
    named = []
    for facet in about.get("facets", []):
        named += [f"`{facet}`"] if isinstance(facet, str) else [f"`{column}` by {kind}" for kind, column in facet.items()]
    return ", ".join(named) or "none"


def _plain(markup: str) -> str:
    """A description without its markup, which is ours."""
    out, inside = [], False
    for char in markup.replace("</p><p", "</p> <p"):
        inside = inside or char == "<"
        if not inside:
            out.append(char)
        inside = inside and char != ">"
    return " ".join("".join(out).split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Print the dictionary; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scraper.web.dictionary", description=__doc__)
    parser.add_argument("metadata", type=Path, nargs="?", default=Path("datasette_metadata.json"))
    path = parser.parse_args().metadata
    if not path.exists():
        print(f"dictionary: there is no {path} here; run it in the project's folder, or name the file", file=sys.stderr)
        return 2
    described = json.loads(path.read_text(encoding="utf-8"))["databases"]["archive"]
    print(tables(described), queries(described), indexes(), sep="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
