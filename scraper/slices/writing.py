"""A slice into a file: under another name until it is whole, then renamed; nothing half-written is ever under its name."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from sqlite_utils import Database

from scraper.archive.database import ArchiveError, refuse_folder, refuse_other, storage_error
from scraper.slices.formats import Format
from scraper.slices.reading import Question, Reading

Tell = Callable[[str, int, int | None], None]
STANDARD_OUTPUT = "-"
_NOT_THE_DISK = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG)


def open_archive(path: Path) -> sqlite3.Connection:
    """The archive for reading, also while a crawl writes it; raises :class:`ArchiveError` if it is none."""
    refuse_folder(path)
    if not path.is_file():
        raise ArchiveError(f"there is no archive {path}. Name it with --db, or make one: scrapy crawl, make demo")
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=30)
        refuse_other(Database(connection), path, empty=True)
    except sqlite3.Error as error:
        raise ArchiveError(f"{path} cannot be read as an archive ({error})") from error
    return connection


def write_slice(
    connection: sqlite3.Connection, question: Question, file: Callable[[Sequence[str]], Format], target: str, tell: Tell
) -> int:
    """Write all rows; returns how many. ``target``: a path, or - for standard output. Closes the connection."""
    total: int = connection.execute(f"select count(*) from ({question.sql})", question.parameters).fetchone()[0]
    reading = Reading(connection, question, file)

    def write(out: BinaryIO) -> None:
        for piece in reading.pieces():
            out.write(piece)
            tell("rows", reading.rows, total)

    if target == STANDARD_OUTPUT:
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return reading.rows
    path = Path(target)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "xb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, path)
    except OSError as error:
        if error.errno in _NOT_THE_DISK:
            raise ArchiveError(f"{path} cannot be written: {error.strerror}. Name a file in a folder that is there and yours.") from error
        raise storage_error(path, error) from error
    finally:
        part.unlink(missing_ok=True)
    return reading.rows
