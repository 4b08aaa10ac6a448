"""Pages of a table that follow each other: no row between two of them is skipped, none stands on both.

Datasette goes on from page to page by the sorted value and then the key, but sorts its first page by the value alone: rows that
are equal in it come in whatever order the index in use has. Where more of them than fit on a page have the same time, or none
(``?published_at__isnull=1``), the second page then goes on from the wrong place. Here every page is sorted by both.

What a page goes on from comes as text out of its address. A column that may hold anything (ANY) does not compare with it as a
number does; it gets the number. Facets of a later page would count only what comes after it: they count all, as on the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.database import Database  # type: ignore[import-untyped]
from datasette.utils import escape_sqlite, tilde_decode  # type: ignore[import-untyped]
from datasette.utils.asgi import Request  # type: ignore[import-untyped]


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a table page is sorted by, its primary keys, and whether that column may hold numbers and texts alike."""

    column: str
    keys: Sequence[str]
    holds_anything: bool

    def settled(self, sql: str) -> str:
        """The statement of the page's rows sorted by key, too, where they are equal; any other statement as it is."""
        named = re.escape(escape_sqlite(self.column))
        keys = ", ".join(map(escape_sqlite, self.keys))
        return re.sub(rf"( order by {named}(?: desc)?)( limit \d+(?: offset \d+)?\s*)$", rf"\1, {keys}\2", sql)

    def typed(self, sql: str, params: Any) -> Any:
        """The parameters, the value to go on from as a number where it is one and the column may hold any type."""
        if not self.holds_anything or not isinstance(params, dict):
            return params
        named = re.search(rf"\({re.escape(escape_sqlite(self.column))} [<>] :(p\d+)\b", sql)
        return {**params, named[1]: _number(params[named[1]])} if named and named[1] in params else params


_sorting: ContextVar[Sorting | None] = ContextVar("sorting", default=None)


def settle_pages() -> None:
    """Put ourselves between Datasette's table page and its database, once."""
    from datasette.views.table import TableView  # type: ignore[import-untyped]  # noqa: PLC0415 — not there yet while plugins are loaded

    if getattr(TableView._data_traced, "settles_pages", False):
        return
    page, execute = TableView._data_traced, Database.execute

    async def settled_page(view: Any, request: Any, *arguments: Any, **named: Any) -> Any:
        token = _sorting.set(await _sorting_of(view, request))
        try:
            return await page(view, request, *arguments, **named)
        finally:
            _sorting.reset(token)

    async def settled_execute(database: Any, sql: str, params: Any = None, *arguments: Any, **named: Any) -> Any:
        sorting = _sorting.get()
        if sorting is not None:
            sql, params = sorting.settled(sql), sorting.typed(sql, params)
        return await execute(database, sql, params, *arguments, **named)

    settled_page.settles_pages = True  # type: ignore[attr-defined]
    TableView._data_traced = settled_page
    Database.execute = settled_execute


async def _sorting_of(view: Any, request: Any) -> Sorting | None:
    """What a request for a table page sorts by; None where nothing is to be settled: a view, a query, the order of the key."""
    try:
        database = view.ds.get_database(route=tilde_decode(request.url_vars["database"]))
    except KeyError:
        return None
    table = tilde_decode(request.url_vars["table"])
    about = view.ds.table_metadata(database.name, table)
    column = request.args.get("_sort") or request.args.get("_sort_desc") or about.get("sort") or about.get("sort_desc")
    if not column or not await database.table_exists(table):
        return None
    keys = await database.primary_keys(table)
    types = {each.name: each.type.upper() for each in await database.table_column_details(table)}
    return Sorting(column, keys, types.get(column) in ("ANY", "")) if keys and column in types else None


def first_page(request: Any) -> Any:
    """The request for the first page of the same rows."""
    kept = [(name, value) for name, value in parse_qsl(request.query_string, keep_blank_values=True) if name != "_next"]
    return Request({**request.scope, "query_string": urlencode(kept).encode("latin-1")}, request.receive)


def without_page(sql: str) -> str:
    """The statement of a later page's facets without the condition that they come after it: it stands last, in brackets."""
    text = sql.rstrip()
    if not text.endswith(")"):
        return sql
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            head, group = text[:at].rstrip(), text[at:]
            break
    else:
        return sql
    if not re.search(r"(?:[<>] :p\d+| is (?:not )?null)", group):
        return sql
    for joined in (" and", " where"):
        if head.endswith(joined):
            return f"{head.removesuffix(joined)} "
    return sql


def _number(value: Any) -> Any:
    if isinstance(value, str):
        for kind in (int, float):
            try:
                return kind(value)
            except ValueError:
                continue
    return value
