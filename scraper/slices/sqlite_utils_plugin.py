"""A plugin of sqlite-utils: its ``search`` finds in an archive what Datasette's search box finds, its ``rebuild-fts`` is safe.

What has the very marks that were typed comes first, then what weighs most in title, lead and text.

Loaded whenever sqlite-utils opens a file, so nothing heavy is imported before one of the two commands runs on an archive.
Other files are left to sqlite-utils.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from pluggy import HookimplMarker

hookimpl = HookimplMarker("sqlite_utils")
# The marks are in the articles, not in the index: each article found is looked at. Weights as in the ready query.
_RANKED = (
    "(select vn_exact({query}, a.title, a.lead, a.body) from articles a where a.id = articles_fts.rowid) desc,"
    " bm25(articles_fts, 10.0, 3.0, 1.0)"
)


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Wrap the two commands."""
    for name, wrapper in (("search", _search), ("rebuild-fts", _rebuild)):
        command = cli.commands.get(name)
        if command is not None and command.callback is not None:
            command.callback = wrapper(command.callback)


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give SQL ``vn_exact``, which the order of a search asks."""

    def vn_exact(query: object, *texts: object) -> int:
        from scraper.web.found import exactness  # noqa: PLC0415 — see above

        return exactness(str(query or ""), *(text for text in texts if isinstance(text, str)))

    conn.create_function("vn_exact", -1, vn_exact, deterministic=True)


def _search(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def search(*arguments: Any, path: str, dbtable: str, q: str, quote: bool, order: str | None, show_sql: bool, **others: Any) -> Any:
        if dbtable == "articles" and _is_archive(path):
            from scraper.web.search import match_expression  # noqa: PLC0415 — see above

            # --sql shows a statement that any SQLite understands: without our function.
            if order is None and not show_sql:
                order = _RANKED.format(query="'{}'".format(q.replace("'", "''").replace("\x00", "")))
            q, quote = match_expression(q), False
        return original(*arguments, path=path, dbtable=dbtable, q=q, quote=quote, order=order, show_sql=show_sql, **others)

    return search


def _rebuild(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def rebuild(*arguments: Any, path: str, tables: Sequence[str], **others: Any) -> Any:
        # FTS5's own rebuild would index đ as it is written, and no search would find a word with it.
        if not _is_archive(path):
            return original(*arguments, path=path, tables=tables, **others)
        from scraper.archive.database import ArchiveDatabase, ArchiveError  # noqa: PLC0415 — see above
        from scraper.archive.search import refill  # noqa: PLC0415

        if tables and not {"articles", "articles_fts"} & set(tables):
            raise click.ClickException(f"{path} is an archive: only articles has an index")
        try:
            with ArchiveDatabase(Path(path)) as archive, archive.transaction():
                refill(archive.conn)
        except ArchiveError as error:
            raise click.ClickException(str(error)) from error
        return None

    return rebuild


def _is_archive(path: str) -> bool:
    """Whether a file's index of articles is filled by our triggers, which index đ as d."""
    try:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)
        try:
            row = connection.execute("select sql from sqlite_master where type = 'trigger' and name = 'articles_ai'").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return row is not None and "'đ', 'd'" in row[0]
