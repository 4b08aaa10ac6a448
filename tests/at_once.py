"""A reader for tests that need no process: it reads where it stands."""

from __future__ import annotations

from scraper.cms.family import Family
from scraper.fetch.ahead import ReadAhead, Waiting
from scraper.fetch.child import read_safely
from scraper.items import Capture


class AtOnce(ReadAhead):
    """Reads at once, without limits."""

    def begin(self, family: type[Family], capture: Capture) -> Waiting:
        return Waiting(b"", read_safely(family, capture), reader=self)
