"""A rebuilt database in the place of the old one: made under another name, put in place in one step, the old one kept."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils import Database

from scraper.analyse.relevance import THRESHOLD
from scraper.archive import verify_rows
from scraper.archive.backup import sync_folder, writer_lock
from scraper.archive.database import ArchiveDatabase, ArchiveError, refuse_folder, refuse_newer, storage_error
from scraper.archive.findings import Tell
from scraper.archive.inherited import inherit
from scraper.archive.rebuild import Rebuild, Rebuilt
from scraper.archive.reviews import carry_over, read_all
from scraper.archive.sums import sums_path, write_sums
from scraper.archive.verify import open_to_read

if TYPE_CHECKING:
    from scraper.portal import PortalSpider


def rebuild(
    path: Path,
    folder: Path,
    portals: Mapping[str, type[PortalSpider]],
    tell: Tell,
    *,
    replace_it: bool = False,
    keep_all: bool = False,
    threshold: float = THRESHOLD,
) -> Rebuilt:
    """Rebuild the archive ``path`` from the segments in ``folder``; refuses to replace one that is there unless told to."""
    path = path.resolve()
    refuse_folder(path)
    if not folder.is_dir() or not any(folder.glob("*/*.warc.gz")):
        raise ArchiveError(f"there are no captures in {folder}. Name the folder that holds warcs/ with --from")
    if path.exists() and not replace_it:
        raise ArchiveError(f"{path} exists already. Give --replace (it is kept as {_before(path).name}), or another name with --db")
    path.resolve().parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".rebuild")
    with writer_lock(path):
        _refuse_newer(path)
        _remove(new)
        try:
            with ArchiveDatabase(new, rebuilt=True) as archive:
                rebuilt = Rebuild(archive, folder, portals, tell, keep_all=keep_all, threshold=threshold).run()
                if path.exists():
                    rebuilt.reviews = _carry_reviews(path, archive)
                    rebuilt.inherited = _inherit(path, archive, portals)
                    rebuilt.not_again = _not_again(path, archive)
                archive.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            _sync_file(new)
            _put_in_place(new, path)
            write_sums(path)
        except (OSError, sqlite3.OperationalError) as error:
            raise storage_error(new, error) from error
        except BaseException:
            _remove(new)
            raise
        _remove(new)  # its lock and digests
    return rebuilt


def _refuse_newer(path: Path) -> None:
    """Of an archive that cannot be read nothing is known; it is replaced, and kept."""
    if path.exists():
        with suppress(sqlite3.DatabaseError), closing(open_to_read(path)) as conn:
            refuse_newer(Database(conn), path)


def _carry_reviews(path: Path, archive: ArchiveDatabase) -> int | None:
    """Take what people said of figures over from the archive that is replaced; no capture could give it back.

    Returns how many, None where the old archive cannot be read: it is kept beside the new one.
    """
    try:
        told = read_all(path)
    except sqlite3.DatabaseError:
        return None
    with archive.transaction() as db:
        carry_over(db, told)
    return len(told)


def _inherit(path: Path, archive: ArchiveDatabase, portals: Mapping[str, type[PortalSpider]]) -> bool:
    """Take over what no capture tells from the archive that is replaced; False where that cannot be read, or would bring damage along."""
    try:
        with closing(open_to_read(path)) as old, archive.transaction() as db:
            inherit(db, old, portals)
            for check in (verify_rows.types, verify_rows.contradictions, verify_rows.words, verify_rows.times):
                for finding in check(archive.conn):
                    raise sqlite3.DatabaseError(finding.line())
    except sqlite3.DatabaseError:
        return False
    return True


def _not_again(path: Path, archive: ArchiveDatabase) -> int:
    """How many articles of the archive that is replaced are not in the new one; 0 where it cannot be read."""
    with suppress(sqlite3.DatabaseError), closing(open_to_read(path)) as old:
        had = set(old.execute("SELECT source_id, article_key FROM articles"))
        return len(had - set(archive.conn.execute("SELECT source_id, article_key FROM articles")))
    return 0


def _before(path: Path) -> Path:
    return path.with_name(path.name + ".before-rebuild")


def _put_in_place(new: Path, path: Path) -> None:
    """Keep the old archive with its log under another name, then rename. Killed in between, the next rebuild goes on."""
    wal, shm = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    before = _before(path)
    if path.exists():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=5)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if not before.exists() or not before.samefile(path):
            before.with_name(before.name + "-wal").unlink(missing_ok=True)
            _link_over(path, before)
    if wal.exists() and wal.stat().st_size:
        _link_over(wal, before.with_name(before.name + "-wal"))
    sums_path(path).unlink(missing_ok=True)
    sync_folder(path.resolve().parent)
    # From here on the old log must not meet the new file.
    wal.unlink(missing_ok=True)
    shm.unlink(missing_ok=True)
    sync_folder(path.resolve().parent)
    new.replace(path)
    sync_folder(path.resolve().parent)


def _link_over(source: Path, target: Path) -> None:
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    os.link(source, partial)
    partial.replace(target)


def _remove(new: Path) -> None:
    for name in (new, *(new.with_name(new.name + end) for end in ("-wal", "-shm", ".lock")), sums_path(new)):
        name.unlink(missing_ok=True)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
