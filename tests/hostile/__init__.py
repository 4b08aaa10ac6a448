"""Portals that break every rule, on loopback: what the crawler must survive.

``FAULTS`` is the table: each row of RELIABILITY.md §2.2–§2.7 that one machine can serve, where it is, and what must come of it.
``Hostile`` serves them (``python -m tests.hostile`` by hand): a site for each group of page-level faults, with good articles
between the bad ones, and a site for each fault of a whole host. Every site can be crawled as cao_bang_thach_an.
"""

from .client import Hostile
from .model import Expect, Fault, Good
from .table import FAULTS, SITES

__all__ = ["FAULTS", "SITES", "Expect", "Fault", "Good", "Hostile"]
