"""What is asked of a warm process."""

from __future__ import annotations

from dataclasses import dataclass, field

HUNG = 999
"""The exit code told of a run that had to be ended."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run: a scrapy command, or one of the zygote's own with ``@``."""

    argv: list[str]
    folder: str  # where its stdout and stderr go
    strace: list[str] = field(default_factory=list)
    file_size: int | None = None  # RLIMIT_FSIZE
    floor: bool = True  # whether the disk floor is looked at
    seconds: float = 90.0
