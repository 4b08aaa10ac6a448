"""Facets of Datasette's that count quickly: portals, sections and years of a large table of articles in one pass.

``{"count": "source_id"}`` in metadata counts the values of a column as Datasette's own facet does, ``{"year": "published_at"}``
counts by year as printed (Datasette's date facet counts by day and shifts ``+07:00`` to UTC, which puts news of the small
hours on the day before). Of the articles all of them come from one walk along one index (``articles_facts``), kept for as
long as the file is the same; Datasette's own would walk the table once for each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import Any

from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.facets import ArrayFacet, ColumnFacet, DateFacet, Facet  # type: ignore[import-untyped]
from datasette.utils import escape_sqlite, path_with_added_args, path_with_removed_args  # type: ignore[import-untyped]

from scraper.web import matches, paging

_FACTS = {("count", "source_id"): 0, ("count", "section"): 1, ("year", "published_at"): 2}
"""What the one walk counts: type and column of the facet, and where the walk has it."""
_YEAR = "substr({0}, 1, 4)"
MANY_ROWS = 10_000
"""From so many rows on Datasette suggests no facets: each suggestion walks the table, all of them take over a second."""
Counts = list[tuple[str, int]]
_kept: matches.Kept[tuple[Counter[str], ...]] = matches.Kept(200)


class _WholeTable:
    """Of any facet: on a later page it counts and leads to all rows, not to those from there on."""

    def __init__(self, ds: Any, request: Any, database: str, sql: str | None = None, **others: Any) -> None:
        if request.args.get("_next"):
            request = paging.first_page(request)
            sql = paging.without_page(sql) if sql else sql
        super().__init__(ds, request, database, sql=sql, **others)  # type: ignore[call-arg]


class _QuickFacet(_WholeTable, Facet):  # type: ignore[misc]
    """What the two have in common."""

    shown_as: str
    """The type as pages and JSON name it."""

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The values of each column asked for, and the columns that took too long."""
        results: list[dict[str, Any]] = []
        timed_out: list[str] = []
        for configured in self.get_configs():
            column: str = configured["config"].get("column") or configured["config"].get("simple", "")
            try:
                counts = await self._counts(column)
                results.append(await self._result(column, counts, hideable=configured["source"] != "metadata"))
            except QueryInterrupted:
                timed_out.append(column)
        return results, timed_out

    async def _counts(self, column: str) -> Counts:
        """Values and how often they occur, in the order in which they are shown; one more than is shown where there are more."""
        fact = _FACTS.get((self.type, column))
        if self.table == "articles" and fact is not None:
            facts = await self._facts()
            if facts is not None:
                return self._sorted(facts[fact])
        return await self._asked(column)

    async def _facts(self) -> tuple[Counter[str], ...] | None:
        """The walk; None where the file has no such columns or no such index."""
        database = self.ds.get_database(self.database)
        state = matches.stamp(str(database.path or ""))
        # Datasette's base class makes a list of no parameters.
        key: Hashable = (state, self.sql, tuple(sorted(dict(self.params).items()))) if state else None
        kept = _kept.get(key) if key else None
        if kept is not None:
            return kept
        if not (await database.execute("select 1 from sqlite_master where type = 'index' and name = 'articles_facts'")).rows:
            return None
        portals, sections, years = counters = (Counter[Any](), Counter[Any](), Counter[Any]())
        for (portal, section, year), count in await self._groups(database):
            portals[portal] += count
            sections[section] += count
            years[year] += count
        for counter in counters:
            del counter[None]
        return _kept.put(key, counters) if key else counters

    async def _groups(self, database: Any) -> list[tuple[tuple[str | None, ...], int]]:
        """Portal, section and year together, and how many articles have them."""
        if self.sql.endswith(f" where {matches.FOUND.format('id')} "):
            path, query = str(database.path or ""), dict(self.params)["search"]
            found: list[tuple[tuple[str | None, ...], int]] = await database.execute_fn(
                lambda conn: matches.facts(conn, path).counts(matches.matches(conn, path, query))
            )
            return found
        rows = await self._execute(
            f"select source_id, section, {_YEAR.format('published_at')}, count(*) from ({self.sql}) group by 1, 2, 3", self.params
        )
        return [((row[0], row[1], row[2]), row[3]) for row in rows]

    async def _execute(self, sql: str, params: Any) -> list[Any]:
        # With the time a statement of a page may take, not the fifth of it that facets have: one walk stands for three of them.
        answer = await self.ds.execute(self.database, sql, params, truncate=False)
        rows: list[Any] = answer.rows
        return rows

    def _sorted(self, counter: Counter[str]) -> Counts:
        raise NotImplementedError

    async def _asked(self, column: str) -> Counts:
        raise NotImplementedError

    async def _result(self, column: str, counts: Counts, *, hideable: bool) -> dict[str, Any]:
        size = self.get_facet_size()
        shown = counts[:size]
        labels = await self._labels(column, [value for value, _ in shown])
        return {
            "name": column,
            "type": self.shown_as,
            "hideable": hideable,
            "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {f"_facet_{self.type}": column})),
            "results": [self._value(column, value, labels.get((column, value), value), count) for value, count in shown],
            "truncated": len(counts) > size,
        }

    async def _labels(self, column: str, values: list[str]) -> dict[tuple[str, str], str]:
        return {}

    def _filter(self, column: str) -> str:
        return column

    def _value(self, column: str, value: str, label: str, count: int) -> dict[str, Any]:
        narrowed = {self._filter(column): value}
        selected = (self._filter(column), str(value)) in self.get_querystring_pairs()
        path = path_with_removed_args(self.request, narrowed) if selected else path_with_added_args(self.request, narrowed)
        toggle = self.ds.absolute_url(self.request, self.ds.urls.path(path))
        return {"value": value, "label": label, "count": count, "toggle_url": toggle, "selected": selected}


class CountFacet(_QuickFacet):
    """``{"count": "column"}`` in metadata or ``?_facet_count=column``: the values of a column, the most frequent first."""

    type = "count"
    shown_as = "column"  # what it counts is no different

    def _sorted(self, counter: Counter[str]) -> Counts:
        return sorted(counter.items(), key=lambda item: (-item[1], item[0]))

    async def _asked(self, column: str) -> Counts:
        name = escape_sqlite(column)
        rows = await self._execute(
            f"select {name}, count(*) from ({self.sql}) where {name} is not null group by 1 order by 2 desc, 1"
            f" limit {self.get_facet_size() + 1}",
            self.params,
        )
        return [(row[0], row[1]) for row in rows]

    async def _labels(self, column: str, values: list[str]) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = await self.ds.expand_foreign_keys(self.database, self.table, column, values) if values else {}
        return found


class YearFacet(_QuickFacet):
    """``{"year": "column"}`` in metadata or ``?_facet_year=column``; the column holds ISO 8601. Newest year first."""

    type = shown_as = "year"

    def _sorted(self, counter: Counter[str]) -> Counts:
        return sorted(((year, count) for year, count in counter.items() if len(year) == 4 and year.isdecimal()), reverse=True)

    async def _asked(self, column: str) -> Counts:
        name = escape_sqlite(column)
        rows = await self._execute(
            f"select {_YEAR.format(name)}, count(*) from ({self.sql}) where {name} glob '[0-9][0-9][0-9][0-9]-*'"
            f" group by 1 order by 1 desc limit {self.get_facet_size() + 1}",
            self.params,
        )
        return [(row[0], row[1]) for row in rows]

    def _filter(self, column: str) -> str:
        return f"{column}__startswith"


class _NoSuggestions(_WholeTable):
    """Of a facet of Datasette's: it does not look for more facets in a large table."""

    row_count: int | None

    async def suggest(self) -> list[dict[str, Any]]:
        if self.row_count is None or self.row_count > MANY_ROWS:
            return []
        suggested: list[dict[str, Any]] = await super().suggest()  # type: ignore[misc]
        return suggested


class _Column(_NoSuggestions, ColumnFacet):  # type: ignore[misc]
    pass


class _Date(_NoSuggestions, DateFacet):  # type: ignore[misc]
    pass


class _Array(_NoSuggestions, ArrayFacet):  # type: ignore[misc]
    pass


CLASSES: list[type] = [CountFacet, YearFacet, _Column, _Date, _Array]
"""All facets there are, in the place of Datasette's built-in plugin ``datasette.facets``."""
