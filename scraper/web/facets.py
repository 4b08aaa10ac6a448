"""A facet of Datasette's that counts by year as printed.

Datasette's own date facet counts by day and shifts ``+07:00`` to UTC, which puts news of the small hours on the day before.
"""

from __future__ import annotations

from typing import Any

from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.facets import Facet  # type: ignore[import-untyped]
from datasette.utils import escape_sqlite, path_with_added_args, path_with_removed_args  # type: ignore[import-untyped]


class YearFacet(Facet):  # type: ignore[misc]
    """``{"year": "column"}`` in metadata or ``?_facet_year=column``; the column holds ISO 8601. Newest year first."""

    type = "year"

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """The years of each column asked for, and the columns that took too long."""
        results: list[dict[str, Any]] = []
        timed_out: list[str] = []
        for configured in self.get_configs():
            column: str = configured["config"].get("column") or configured["config"].get("simple", "")
            try:
                results.append(await self._years(column, hideable=configured["source"] != "metadata"))
            except QueryInterrupted:
                timed_out.append(column)
        return results, timed_out

    async def _years(self, column: str, *, hideable: bool) -> dict[str, Any]:
        size = self.get_facet_size()
        name = escape_sqlite(column)
        rows = await self.ds.execute(
            self.database,
            f"select substr({name}, 1, 4) as value, count(*) as count from ({self.sql}) where {name} glob '[0-9][0-9][0-9][0-9]-*'"
            f" group by 1 order by 1 desc limit {size + 1}",
            self.params,
            truncate=False,
            custom_time_limit=self.ds.setting("facet_time_limit_ms"),
        )
        return {
            "name": column,
            "type": self.type,
            "hideable": hideable,
            "toggle_url": self.ds.urls.path(path_with_removed_args(self.request, {"_facet_year": column})),
            "results": [self._year(column, row["value"], row["count"]) for row in rows.rows[:size]],
            "truncated": len(rows.rows) > size,
        }

    def _year(self, column: str, year: str, count: int) -> dict[str, Any]:
        narrowed = {f"{column}__startswith": year}
        selected = (f"{column}__startswith", year) in self.get_querystring_pairs()
        path = path_with_removed_args(self.request, narrowed) if selected else path_with_added_args(self.request, narrowed)
        toggle = self.ds.absolute_url(self.request, self.ds.urls.path(path))
        return {"value": year, "label": year, "count": count, "toggle_url": toggle, "selected": selected}
