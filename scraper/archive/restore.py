"""The way back from a backup: every file checked against the manifest first, nothing overwritten, the database last."""

from __future__ import annotations

from pathlib import Path

from scraper.archive.backup import BackupFailed, Entry, copy_durably, read_manifest, writer_lock
from scraper.archive.database import ArchiveError, storage_error
from scraper.archive.findings import Tell
from scraper.archive.sums import segment_digest, write_sums

_MEND = "Move it away, or restore to another folder (--to)"


def check_backup(backup: Path, tell: Tell) -> dict[str, Entry]:
    """Every file of a backup against its manifest."""
    entries = read_manifest(backup)
    for done, entry in enumerate(entries.values(), 1):
        tell(f"checking {backup.name}", done, len(entries))
        file = backup / entry.path
        if not file.is_file():
            raise BackupFailed(f"{file} is missing from the backup. Take another one")
        if file.stat().st_size != entry.bytes or segment_digest(file, entry.bytes) != entry.sha256:
            raise BackupFailed(f"{file} is damaged: it is not what it was when the backup was made. Take another one")
    return entries


def restore(backup: Path, path: Path, tell: Tell) -> int:
    """Bring a backup back as the archive ``path``; returns the number of files. Refuses to overwrite anything."""
    path = path.resolve()
    entries = check_backup(backup, tell)
    root = path.resolve().parent
    root.mkdir(parents=True, exist_ok=True)
    database = next((entry for entry in entries.values() if entry.path.endswith(".db")), None)
    if database is None:
        raise BackupFailed(f"{backup} holds no archive")
    with writer_lock(path):
        for name in (path, path.with_name(path.name + "-wal")):
            if name.exists() and (name == path or name.stat().st_size):
                raise ArchiveError(
                    f"{name} exists already, and a restore overwrites nothing. Move it away, or restore to another folder (--to)"
                )
        segments = [entry for entry in entries.values() if entry is not database]
        for entry in segments:
            target = root / entry.path
            if target.exists() and (target.stat().st_size != entry.bytes or segment_digest(target, entry.bytes) != entry.sha256):
                raise ArchiveError(f"{target} exists already and is another. {_MEND}")
        try:
            for done, entry in enumerate([*segments, database], 1):
                tell("restoring", done, len(entries))
                target = path if entry is database else root / entry.path
                if not target.exists():
                    copy_durably(backup / entry.path, target, entry)
            write_sums(path)
        except OSError as error:
            raise storage_error(root, error) from error
    return len(entries)
