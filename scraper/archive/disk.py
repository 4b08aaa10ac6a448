"""The disk floor: a crawl stops in good order before the disk is full."""

from __future__ import annotations

import shutil
from pathlib import Path

from scraper.archive.database import DiskFull

FLOOR = 200 * 1024 * 1024
"""Bytes that stay free: room for the write-ahead log to be folded in and for a person to clean up."""


def check_floor(folder: Path, floor: int = FLOOR) -> None:
    """Raise :class:`DiskFull` when less than ``floor`` bytes are free where the archive is."""
    free = shutil.disk_usage(folder).free
    if free < floor:
        raise DiskFull(f"{folder} has {free >> 20} MiB free and {floor >> 20} are kept free. Make room, then crawl again: nothing is lost.")
