"""What one crawl is of and what it did: the row of a portal in ``sources``, the counts of a row in ``crawls``."""

from __future__ import annotations

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
    """What one crawl did; the columns of ``crawls`` and of the table shown at the end."""

    requests: int = 0
    listed: set[str] = field(default_factory=set)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    off_topic: int = 0
    failed: int = 0
    issues: int = 0

    def row(self) -> dict[str, int]:
        """As numbers, by column name."""
        plain = {name: getattr(self, name) for name in ("requests", "new", "changed", "unchanged", "off_topic", "failed", "issues")}
        return {**plain, "listed": len(self.listed)}
