"""What a check of the archive found: one line each, with its place and its mend; the exit code follows from the worst."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Severity = Literal["damage", "repairable", "note"]
Tell = Callable[[str, int, int | None], None]
"""Progress: what is being checked, how much is done, of how much."""

FROM_BACKUP = "bring it back from a backup (scrapy restore), or accept the loss with: scrapy verify --repair"
FROM_CAPTURES = "restore a backup, or make the database anew from its captures: scrapy rebuild --replace"
BY_REPAIR = "scrapy verify --repair"
OTHER_BYTES = "are not what they were when their digest was taken"
"""Said of the bytes of a segment in which no record is damaged."""
TEXT_IS_WHOLE = "its text is whole"
"""Said of a record whose packing alone is damaged."""
BY_CRAWL = "the next crawl of the portal does it"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. ``note``: worth knowing, nothing to mend."""

    severity: Severity
    check: str
    what: str
    mend: str = ""
    file: str | None = None
    offset: int | None = None
    url: str | None = None
    row: str | None = None

    def __post_init__(self) -> None:
        """Names come out of rows that may be damaged: bytes or a number in place of an address."""
        for name in ("file", "url", "row"):
            value = getattr(self, name)
            if not isinstance(value, str | None):
                object.__setattr__(self, name, value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))

    def line(self) -> str:
        """The finding as one line of text that no stored letter can break."""
        place = self.file or ""
        if self.offset is not None:
            place += f" at {self.offset}"
        where = ", ".join(part for part in (place, self.row, self.url) if part)
        mend = f" → {self.mend}" if self.mend else ""
        return printable(f"{self.severity}: {where + ': ' if where else ''}{self.what}{mend}")


@dataclass(slots=True)
class Report:
    """Everything one verification found, and how much it looked at."""

    archive: str
    mode: Literal["quick", "full"]
    findings: list[Finding] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 damage, 2 nothing but what can be repaired."""
        severities = {finding.severity for finding in self.findings}
        return 1 if "damage" in severities else 2 if "repairable" in severities else 0

    def count(self, name: str, by: int = 1) -> None:
        """Count something that was looked at."""
        self.checked[name] = self.checked.get(name, 0) + by

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        out = asdict(self)
        return {**out, "exit_code": self.exit_code}


def printable(text: str) -> str:
    """One line without control characters: titles and addresses are others' data."""
    return "".join(char if char.isprintable() else "·" for char in text)
