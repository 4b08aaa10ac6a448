"""Why a request got no answer, or was not made: the portal, the network, our own rules, or a fault of ours.

A fault of ours is never laid to a portal: one that does not answer for long is told to have ended.
"""

from __future__ import annotations

import logging
from traceback import walk_tb

from scrapy.exceptions import IgnoreRequest

from scraper.extract.decode import Damaged
from scraper.items import Problem

log = logging.getLogger(__name__)


def problem_of(error: BaseException) -> Problem:
    """What is told of a request that failed with an error. A fault of ours is logged as well, with where it came from."""
    if is_fault(error):
        log.error("a fault of ours over a request", exc_info=error)
        return Problem.of_fault("reader_failed", error)
    kind: str = getattr(error, "problem_kind", "unreachable")
    return Problem(kind, str(error) or type(error).__name__)


def is_fault(error: BaseException) -> bool:
    """Whether an error came out of our own code, or out of what that called, and was not raised there on purpose.

    What the network does is an OSError, or raised by Twisted and Scrapy, be it while our code waits for it.
    """
    if isinstance(error, (IgnoreRequest, Damaged, OSError)):
        return False
    called = [frame.f_globals.get("__name__", "").partition(".")[0] for frame, _ in walk_tb(error.__traceback__)]
    nearest = next((name for name in reversed(called) if name in ("scraper", "spiders", "scrapy", "twisted")), None)
    return nearest in ("scraper", "spiders")
