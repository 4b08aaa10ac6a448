"""Two thousand inputs into every door of a real server: whatever is typed, it is no failure of the server."""

from __future__ import annotations

import http.client
import random
from pathlib import Path
from urllib.parse import quote, quote_from_bytes, urlsplit

import pytest

from .server import datasette_process
from .test_search import nasty

INPUTS = 2000
DOORS = (
    "/archive/articles?_search={}&_size=1",
    "/archive/articles.json?_search={}&_size=1&_facet_count=section",
    "/archive/tim_kiem?q={}&so_dong=2",
    "/archive/tim_kiem.csv?q={}&so_dong={}",
    "/archive/articles.jsonl?_search={}&_col=uid",
    "/archive/articles.csv?_search={}&_size={}&_sort={}",
    "/archive/ngoai_chu_de?q={}",
    "/archive/articles?_search_title={}&_size=1&_nofacet=1",
)


def inputs() -> list[str]:
    """Percent-encoded: the nasty ones, a tenth of them as bytes that are no UTF-8."""
    dice = random.Random(11)
    broken = [quote_from_bytes(dice.randbytes(dice.randint(1, 30))) for _ in range(INPUTS // 10)]
    return broken + [quote(text, safe="") for text in nasty(INPUTS - len(broken))]


@pytest.mark.slow
def test_two_thousand_inputs(archive_path: Path) -> None:
    asked = inputs()
    assert len(asked) == INPUTS
    with datasette_process(archive_path) as served:
        connection = http.client.HTTPConnection(urlsplit(served.home).netloc, timeout=60)
        for number, typed in enumerate(asked):
            # Every input through two of the doors, every pair of doors often.
            for door in (DOORS[number % len(DOORS)], DOORS[(number * 3 + number // 8) % len(DOORS)]):
                address = door.replace("{}", typed)
                connection.request("GET", address)
                answer = connection.getresponse()
                body = answer.read()
                assert answer.status in (200, 400), f"{answer.status} {address}"
                assert answer.status == 200 or "_size" in door, f"{address}: {body[:300]!r}"
                assert b"Traceback" not in body
        connection.close()
        assert "Traceback" not in served.printed()
