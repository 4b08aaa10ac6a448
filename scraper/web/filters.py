"""The conditions of table pages: Datasette's own, with a faster one for a search of the articles that finds very much.

``where``, ``through`` and ``search`` stand in for Datasette's built-in plugin ``datasette.filters``, which cannot be told to
search otherwise.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import filters  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from scraper.web import matches

REPLACED = ("datasette.filters", "datasette.facets")
where = filters.where_filters
_NO_COLUMN = "Bảng này không có cột “{0}”. / This table has no column “{0}”."
_NO_COMPARISON = "Không có phép so “{0}”. / There is no comparison “{0}”."
_TOPIC = re.compile(r'article_topics\.topic_id = "(.*)"')
_SLOW = "{} in (select rowid from articles_fts where articles_fts match escape_fts(:search))"


def replace_datasettes() -> None:
    """Take the built-in plugins out, so that their conditions and facets are not added to ours."""
    for name in REPLACED:
        if pm.has_plugin(name):
            pm.unregister(name=name)


def known(request: Any, database: str, table: str, datasette: Any) -> Callable[[], Awaitable[None]]:
    """Refuse what is no filter: of a column that there is not Datasette finds nothing, by a comparison that there is not, everything."""

    async def inner() -> None:
        named = [(key, "") for key in request.args if not key.startswith("_") or "__" in key]
        columns = {"rowid", *map(str.lower, await datasette.get_database(database).table_columns(table))} if named else set()
        for column, lookup, _ in filters.Filters(named).selections():
            if column.lower() not in columns:
                raise DatasetteError(_NO_COLUMN.format(column), status=400)
            if lookup not in filters.Filters._filters_by_key:
                raise DatasetteError(_NO_COMPARISON.format(lookup), status=400)

    return inner


def through(request: Any, database: str, table: str, datasette: Any) -> Callable[[], Awaitable[Any]]:
    """``?_through=``: as Datasette does it; a topic is told by its name."""
    datasettes = filters.through_filters(request, database, table, datasette)

    async def through_settled() -> Any:
        found = await datasettes()
        for number, told in enumerate(found.human_descriptions):
            topic = _TOPIC.fullmatch(told)
            named = await datasette.execute(database, "select label from topics where id = ?", [topic[1]]) if topic else None
            if named and named.rows:
                found.human_descriptions[number] = f"chủ đề / topic “{named.rows[0][0]}”"
        return found

    return through_settled


def search(request: Any, database: str, table: str, datasette: Any) -> Callable[[], Awaitable[Any]]:
    """``?_search=``: as Datasette does it, unless very much is found."""
    datasettes = filters.search_filters(request, database, table, datasette)

    async def inner() -> Any:
        found = await datasettes()
        for key in ("id", "rowid"):
            if found.where_clauses == [_SLOW.format(key)] and await _finds_many(datasette.get_database(database), found.params["search"]):
                found.where_clauses = [matches.FOUND.format(key)]
        return found

    return inner


async def _finds_many(database: Any, query: str) -> bool:
    def look(conn: sqlite3.Connection) -> bool:
        return matches.matches(conn, str(database.path or ""), query).count > matches.FEW

    return bool(await database.execute_fn(look))
