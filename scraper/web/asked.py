"""What a request for a slice asks for → one statement: a table with its filters, sort and search, a row, a query.

The addresses and their arguments are Datasette's own, and so are its filters, hooks and permissions; what this module leaves
out are pages: the statement has no limit but the one that was asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Any

from datasette.filters import Filters  # type: ignore[import-untyped]
from datasette.plugins import pm  # type: ignore[import-untyped]
from datasette.utils import (  # type: ignore[import-untyped]
    InvalidSql,
    await_me_maybe,
    derive_named_parameters,
    escape_sqlite,
    tilde_decode,
    urlsafe_components,
    validate_sql_select,
    value_as_boolean,
)
from datasette.utils.asgi import BadRequest, Forbidden, NotFound  # type: ignore[import-untyped]
from datasette.views.base import ureg  # type: ignore[import-untyped]
from datasette.views.database import MagicParameters  # type: ignore[import-untyped]
from datasette.views.table import TableView, _sql_params_pks  # type: ignore[import-untyped]

from scraper.slices.labels import PLACE, TOPIC_TABLES, TOPICS
from scraper.slices.reading import Question

STRANGERS_MINUTES = 5
"""How long a statement that came with the request may work in all; our own tables and queries have no limit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement, the database it is for, and a name for the file."""

    database: Any
    question: Question
    name: str


async def asked(datasette: Any, request: Any) -> Asked:
    """Read a request; raises Datasette's NotFound, Forbidden or BadRequest."""
    variables = request.url_vars
    try:
        database = datasette.get_database(route=tilde_decode(variables["database"]))
    except KeyError as error:
        raise NotFound("Database not found") from error
    if "table" not in variables:
        return await _statement(datasette, request, database)
    name = tilde_decode(variables["table"])
    if "pks" in variables:
        return await _row(datasette, request, database, name)
    canned = await datasette.get_canned_query(database.name, name, request.actor)
    if canned:
        return await _canned(datasette, request, database, name, canned)
    return await _table(datasette, request, database, name)


async def _see(datasette: Any, request: Any, action: str, database: Any, name: str) -> None:
    permissions = [(action, (database.name, name)), ("view-database", database.name), "view-instance"]
    visible, _ = await datasette.check_visibility(request.actor, permissions=permissions)
    if not visible:
        raise Forbidden(f"{action} {name}")


async def _statement(datasette: Any, request: Any, database: Any) -> Asked:
    sql = request.args.get("sql")
    if not sql:
        raise NotFound("No table and no ?sql=")
    await datasette.ensure_permissions(request.actor, [("execute-sql", database.name)])
    try:
        validate_sql_select(sql)
    except InvalidSql as error:
        raise BadRequest(str(error)) from error
    names = await derive_named_parameters(database, sql)
    return Asked(database, _strangers(datasette, sql, _given(request, names)), database.name)


async def _canned(datasette: Any, request: Any, database: Any, name: str, canned: dict[str, Any]) -> Asked:
    await _see(datasette, request, "view-query", database, name)
    if canned.get("write"):
        raise Forbidden(f"{name} is a query that writes")
    names = canned.get("params") or await derive_named_parameters(database, canned["sql"])
    given = _given(request, names)
    for parameter, value in canned.get("all_rows", {}).items():
        given[parameter] = given[parameter] or value
    return Asked(database, Question(canned["sql"], MagicParameters(given, request, datasette)), name)


def _given(request: Any, names: Iterable[str]) -> dict[str, str]:
    """The arguments, and an empty text for each parameter that was not given; those with an underscore are Datasette's magic."""
    given = {key: request.args.get(key) for key in request.args if key not in ("sql", "_shape")}
    return given | {name: given.get(name) or "" for name in names if not name.startswith("_")}


def _strangers(datasette: Any, sql: str, parameters: dict[str, Any]) -> Question:
    return Question(sql, parameters, datasette.setting("sql_time_limit_ms") / 1000, STRANGERS_MINUTES * 60)


async def _row(datasette: Any, request: Any, database: Any, table: str) -> Asked:
    await _see(datasette, request, "view-table", database, table)
    if not await database.table_exists(table):
        raise NotFound("Table not found")
    keys = urlsafe_components(request.url_vars["pks"])
    sql, parameters, columns = await _sql_params_pks(database, table, keys)
    if len(columns) != len(keys):
        raise NotFound("Record not found")
    return Asked(database, Question(sql, parameters), f"{table}-{'-'.join(keys)}")


async def _table(datasette: Any, request: Any, database: Any, table: str) -> Asked:
    view = TableView(datasette)
    is_view = bool(await database.get_view_definition(table))
    if not is_view and not await database.table_exists(table):
        raise NotFound("Table not found")
    await _see(datasette, request, "view-table", database, table)
    keys = await database.primary_keys(table)
    table_columns = await database.table_columns(table)
    columns = await view.columns_to_select(table_columns, keys, request)
    selected = await _with_labels(datasette, request, database, table, columns)
    if not keys and not is_view:
        selected.insert(0, "rowid")
    wheres, parameters = await _wheres(datasette, request, database, table)
    sql = f"select {', '.join(selected)} from {escape_sqlite(table)}"
    if wheres:
        sql += f" where {' and '.join(wheres)}"
    sql += await _order(view, datasette, request, database, table, is_view=is_view, keys=keys)
    sql += _limit(datasette, request)
    strange = "_where" in request.args
    return Asked(database, _strangers(datasette, sql, parameters) if strange else Question(sql, parameters), table)


async def _wheres(datasette: Any, request: Any, database: Any, table: str) -> tuple[list[str], dict[str, Any]]:
    """The conditions of the filters and of every hook that adds some, as Datasette's table page has them."""
    pairs = [(key, value) for key in request.args if not key.startswith("_") or "__" in key for value in request.args.getlist(key)]
    wheres, parameters = Filters(sorted(pairs), {}, ureg).build_where_clauses(table)
    hooks: Iterable[Awaitable[Any]] = pm.hook.filters_from_request(
        request=request, table=table, database=database.name, datasette=datasette
    )
    for hook in hooks:
        try:
            found = await await_me_maybe(hook)
        except (ValueError, KeyError, TypeError) as error:  # what Datasette's reading of ?_through= stumbles over
            raise BadRequest(f"{type(error).__name__} in the arguments: {error}") from error
        if found:
            wheres.extend(found.where_clauses)
            parameters.update(found.params)
    return wheres, parameters


async def _order(view: Any, datasette: Any, request: Any, database: Any, table: str, *, is_view: bool, keys: list[str]) -> str:
    about = datasette.table_metadata(database.name, table)
    up, down = request.args.get("_sort"), request.args.get("_sort_desc")
    if not up and not down:
        up, down = about.get("sort"), about.get("sort_desc")
    if up and down:
        raise BadRequest("Cannot use _sort and _sort_desc at the same time")
    use_rowid = not keys and not is_view
    if not up and not down:
        order = "rowid" if use_rowid else ", ".join(map(escape_sqlite, keys))
        return f" order by {order}" if order else ""
    column = up or down
    if column not in await view.sortable_columns_for_table(database.name, table, use_rowid):
        raise BadRequest(f"Cannot sort table by {column}")
    # By key what is equal, as Datasette does from its second page on: the same rows in the same order every time.
    return ", ".join([f" order by {escape_sqlite(column)}{'' if up else ' desc'}", *map(escape_sqlite, keys)])


def _limit(datasette: Any, request: Any) -> str:
    """All rows, unless a number was asked for; where the owner allows no streams, only as many as a page may have."""
    size = request.args.get("_size") or "max"
    if size != "max" and not size.isdecimal():
        raise BadRequest("_size must be a number, or max for all rows")
    if not datasette.setting("allow_csv_stream"):
        most = datasette.max_returned_rows
        if size == "max" or int(size) > most:
            raise Forbidden(f"This server gives at most {most} rows at a time: add _size={most}")
    return "" if size == "max" else f" limit {int(size)}"


async def _with_labels(datasette: Any, request: Any, database: Any, table: str, columns: list[str]) -> list[str]:
    """The columns; behind each that points at another table, where ``_labels=on`` or ``_label=`` asks for it, what that row is called."""
    try:
        everywhere = value_as_boolean(request.args.get("_labels") or "off")
    except ValueError as error:
        raise BadRequest("_labels must be on or off") from error
    named = request.args.getlist("_label")
    labels: dict[str, str] = {}
    for key in await database.foreign_keys_for_table(table):
        column, other = key["column"], key["other_table"]
        label = await database.label_column_for_table(other)
        if not label or column in labels or not (column in named or (everywhere and not named)):
            continue
        # A label is a value of another table: whoever may not see that table does not see it here.
        try:
            await _see(datasette, request, "view-table", database, other)
        except Forbidden:
            continue
        labels[column] = (
            f"(select {escape_sqlite(label)} from {escape_sqlite(other)} as named where named.{escape_sqlite(key['other_column'])}"
            f" = {escape_sqlite(table)}.{escape_sqlite(column)}) as {escape_sqlite(f'{column}_label')}"
        )
    pairs = [[escape_sqlite(column), labels.get(column)] for column in columns]
    if table == "articles" and everywhere and not named:
        if "source_id" in labels and "source_id" in columns:
            pairs[columns.index("source_id")].append(PLACE)
        if "_col" not in request.args and await _are_seen(datasette, request, database, TOPIC_TABLES):
            pairs.append([TOPICS])
    return [part for part in itertools.chain.from_iterable(pairs) if part]


async def _are_seen(datasette: Any, request: Any, database: Any, tables: Iterable[str]) -> bool:
    """Whether these tables are there, and the reader may see all of them."""
    for table in tables:
        try:
            await _see(datasette, request, "view-table", database, table)
        except Forbidden:
            return False
        if not await database.table_exists(table):
            return False
    return True
