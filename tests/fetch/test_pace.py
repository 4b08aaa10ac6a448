"""Retry-After in both forms, in the past, in the far future, and unreadable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scraper.archive.frontier import LONGEST_PAUSE
from scraper.fetch.pace import WAIT_UNSAID, retry_after

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("0", timedelta(0)),
        ("120", timedelta(minutes=2)),
        ("900", WAIT_UNSAID),
        (" 30 ", timedelta(seconds=30)),
        ("86400", LONGEST_PAUSE),
        ("99999999999999999999", LONGEST_PAUSE),
        ("Sun, 22 Nov 2026 08:05:00 GMT", timedelta(minutes=5)),
        ("Sunday, 22-Nov-26 08:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 07:00:00 GMT", None),
        ("Sun, 22 Nov 2036 07:00:00 GMT", LONGEST_PAUSE),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("²", None),
        ("Wed, 21 Oct 99999999999999999999 07:28:00 GMT", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, NOW) == wait
