"""Addresses of our own, and what every page says of a demo archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from datasette import Response  # type: ignore[import-untyped]
from datasette.utils import path_with_added_args, tilde_encode  # type: ignore[import-untyped]

WIDE_TABLES = frozenset({"articles"})
"""Tables whose columns of book-keeping ``static/few_columns.css`` folds away."""
_COLUMNS_ARGUMENT = "_columns"


async def article(datasette: Any, request: Any) -> Any:
    """``/bai/<uid>``: the address to cite, the same for ever; it leads to wherever the article is shown."""
    uid = unquote(request.url_vars["uid"])
    for database in _files(datasette):
        for row in await _rows(database, "select id from articles where uid = ?", [uid]):
            return Response.redirect(datasette.urls.row(database.name, "articles", tilde_encode(str(row[0]))), status=302)
    page = await datasette.render_template(
        "error.html",
        {
            "title": "Không tìm thấy bài",
            "error": f"Kho này không có bài nào mang mã “{uid}”. / This archive has no article with the identifier “{uid}”.",
        },
        request=request,
    )
    # Not raised as NotFound: Datasette would answer an address with % by a redirect to another spelling of it.
    return Response.html(page, status=404)


async def demo_notes(datasette: Any) -> list[str]:
    """The notes of the demo archives being served: none where all is real."""
    notes: list[str] = []
    for database in _files(datasette):
        notes += [row[0] for row in await _rows(database, "select note from archive_info where origin = 'demo'", [])]
    return notes


def shows_few_columns(arguments: Mapping[str, str]) -> bool:
    """Whether a table page was asked for without a word on columns."""
    return not any(name in arguments for name in ("_col", "_nocol", _COLUMNS_ARGUMENT))


def with_all_columns(request: Any) -> str:
    """The address of the same page with every column."""
    return str(path_with_added_args(request, {_COLUMNS_ARGUMENT: "all"}))


def _files(datasette: Any) -> Iterator[Any]:
    return (database for database in datasette.databases.values() if not database.is_memory)


async def _rows(database: Any, sql: str, parameters: list[str]) -> list[Any]:
    """Rows of a database that may be no archive at all: then none."""
    try:
        return list((await database.execute(sql, parameters, log_sql_errors=False)).rows)
    except sqlite3.OperationalError:
        return []
