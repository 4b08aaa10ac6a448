"""What a ready query has beyond the rows of its page: how many there are in all, and where to see more of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.database import QueryInterrupted  # type: ignore[import-untyped]

STEP = 100
"""Rows that a page which shows more has more."""


@dataclass(frozen=True, slots=True)
class Rest:
    """``total``: rows in all, more than are shown. ``more``: the address of a page with more of them, if a page may have more."""

    total: int
    more: str | None


async def rest(datasette: Any, request: Any, database: str, query: Mapping[str, Any], given: Mapping[str, str], shown: int) -> Rest | None:
    """What is not on the page of a query that says in the metadata how its rows are counted; None where everything is."""
    counting = query.get("total")
    if not counting:
        return None
    try:
        rows = await datasette.get_database(database).execute(counting, dict(given))
    except QueryInterrupted:
        return None
    total: int = rows.single_value()
    if total <= shown:
        return None
    size = min(shown + STEP, datasette.max_returned_rows)
    return Rest(total, _address(datasette, request, dict.fromkeys(query["all_rows"], str(size))) if size > shown else None)


def _address(datasette: Any, request: Any, changed: Mapping[str, str]) -> str:
    kept = [(name, value) for name, value in parse_qsl(request.query_string, keep_blank_values=True) if name not in changed]
    return str(datasette.urls.path(f"{request.path}?{urlencode([*kept, *changed.items()])}"))
