"""What one crawl is of and what it did: the row of a portal in ``sources``, the counts of a row in ``crawls``."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The row of a portal in ``sources`` and the sections it walks."""

    id: str
    publisher: str
    place: str
    place_name: str
    cms: str
    home_url: str
    citation: str
    since: str | None
    until: str | None
    evidence: str
    sections: tuple[str, ...]

    def row(self) -> dict[str, str | None]:
        """The columns of ``sources``."""
        names = ("id", "publisher", "place", "place_name", "cms", "home_url", "citation", "since", "until", "evidence")
        return {name: getattr(self, name) for name in names}


@dataclass(slots=True)
class Counts:
    """What one crawl did; the columns of ``crawls`` and of the table shown at the end.

    ``again``: of the failed those that say nothing of the portal: they had failed before, or were archived and are not there any more.
    """

    requests: int = 0
    listed: set[str] = field(default_factory=set)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    off_topic: int = 0
    failed: int = 0
    issues: int = 0
    again: int = 0

    def row(self) -> dict[str, int]:
        """As numbers, by column name."""
        plain = {name: getattr(self, name) for name in ("requests", "new", "changed", "unchanged", "off_topic", "failed", "issues")}
        return {**plain, "listed": len(self.listed)}


ALARMING = frozenset(
    {"asked_to_wait", "challenge", "layout_changed", "listing_empty", "login", "maintenance", "robots_closed", "unreachable"}
)
"""Kinds of problems that say something of the portal as a whole, not of a page."""


def judge_crawl(reason: str, counts: Counts, problems: Container[str], *, seen: int, lost: int) -> str:
    """The verdict on a crawl that ended for a reason: ``seen`` and ``lost`` are its sections, ``problems`` the kinds that it met."""
    failed = counts.failed - counts.again
    asked = counts.new + counts.changed + counts.unchanged + counts.off_topic + failed
    if reason != "finished" or lost or not seen or failed * 2 > asked:
        return "bad"
    return "doubtful" if counts.failed or any(kind in problems for kind in ALARMING) else "good"
