"""``scrapy verify --repair``: everything that can be mended without inventing or deleting text, under the writer's lock.

Turned bits are turned back where a digest proves them; tails nobody acknowledged are cut; captures whose bytes are gone are
marked ``lost`` and their articles asked again; of a file in which every record is whole, and only the digest is not its own, a new
one is taken; WARC files the database does not know are taken into ``captures``, unread, as are lost captures found again under
another name; the search index is filled anew.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from scraper.archive.backup import writer_lock
from scraper.archive.database import ArchiveDatabase, ArchiveError, now
from scraper.archive.findings import OTHER_BYTES, TEXT_IS_WHOLE, Finding, Report
from scraper.archive.issues import give_up
from scraper.archive.members import members, parse_record, whole_end
from scraper.archive.packing import GZIP_MAGIC
from scraper.archive.provenance import is_ours, read_provenance
from scraper.archive.retake import IMPORTED
from scraper.archive.search import refill
from scraper.archive.segments import NOT_AS_WRITTEN, cut, is_as_written, keep_aside
from scraper.archive.sums import changed_pages, forget_sums, is_untouched, log_is_open, read_sums, segment_digest, sums_path, turned_bit
from scraper.urls import tidied

KeyOf = Callable[[str, str], str | None]
"""(source, address) → the key of the article there."""


def turn_bits_back(path: Path) -> list[str]:
    """Undo single turned bits of archive.db. The writer's lock must be held and the file closed."""
    try:
        sums = read_sums(path)
    except ValueError:
        sums_path(path).unlink()
        return [f"{sums_path(path).name} was damaged and is written anew"]
    if sums is None or sums.pages is None or log_is_open(path) or not is_untouched(path, sums):
        return []
    done = []
    for number in changed_pages(path, sums):
        bit = turned_bit(path, sums, number) if number <= sums.page_count else None
        if bit:
            _write_byte(path, *bit)
            done.append(f"{path.name}: a bit of page {number} turned back at {bit[0]}")
    if done:
        os.utime(path, ns=(path.stat().st_atime_ns, sums.modified_ns))  # it is again what it was then
    return done


class Repair:
    """The repair of one archive that is open for writing."""

    def __init__(self, archive: ArchiveDatabase, report: Report, key_of: KeyOf) -> None:
        self._archive = archive
        self._report = report
        self._key_of = key_of
        self.done: list[str] = []
        self._shortened: set[str] = set()
        self._others: set[str] = set()

    def run(self) -> list[str]:
        """Mend what the report names; returns what was done."""
        self._others = {file for file in self._of_damaged_segments() if self._is_another(file)}
        for file in sorted({f.file for f in self._report.findings if f.check == "segments" and f.file}):
            self._bring_to_committed_end(file)
        damaged = [f for f in self._report.findings if f.check == "records" and f.severity == "damage" and f.file not in self._others]
        self._lose([f for f in damaged if f.row])
        self._give_up([f for f in damaged if not f.row and "damaged" in f.what])
        self._digest_anew({f.file for f in damaged if f.file and f.what.endswith((OTHER_BYTES, TEXT_IS_WHOLE))})
        for finding in self._report.findings:
            if finding.check == "orphans" and finding.severity == "repairable" and finding.file:
                self._take_in(finding.file)
        for file in sorted({f.file for f in self._report.findings if f.check == "records" and f.severity == "repairable" and f.file}):
            self._index_rowless(file)
        if any(finding.check == "search" for finding in self._report.findings):
            with self._archive.transaction():
                refill(self._archive.conn)
            self.done.append("the search index was filled anew")
        forget_sums(self._archive.path, self._shortened)
        return self.done

    # Segments

    def _of_damaged_segments(self) -> set[str]:
        return {f.file for f in self._report.findings if f.check in ("segments", "records") and f.severity != "note" and f.file}

    def _is_another(self, file: str) -> bool:
        """Whether a segment is a file that we did not write so, of which nothing is to be cut or given up."""
        path = self._archive.root / file
        return path.is_file() and path.stat().st_size > 0 and not is_as_written(self._archive.conn, path, file)

    def _bring_to_committed_end(self, file: str) -> None:
        """Cut a tail that was never acknowledged; where committed bytes are missing, accept the loss."""
        conn = self._archive.conn
        path = self._archive.root / file
        row = conn.execute("SELECT committed_end FROM segments WHERE file = ? AND typeof(committed_end) = 'integer'", (file,)).fetchone()
        if row is None:  # the finding is of the database itself, or the row is damaged
            return
        end = row[0]
        size = path.stat().st_size if path.exists() else 0
        if file in self._others:
            self.done.append(f"{file}: left alone, it {NOT_AS_WRITTEN}; bring it back as it was, or move it away to accept the loss")
        elif size > end:
            aside = keep_aside(conn, path, end)
            cut(path, end)
            self._shortened.add(file)
            what = f"kept aside as {aside.name}" if aside else "cut that were never acknowledged"
            self.done.append(f"{file}: {size - end} bytes {what}")
        elif size < end:
            kept = whole_end(path) if size else 0
            if size:
                cut(path, kept)
            rows = conn.execute(
                "SELECT id, source_id, url FROM captures WHERE warc_file = ? AND warc_offset + warc_length > ?", (file, kept)
            ).fetchall()
            with self._archive.transaction():
                self._mark_lost(rows)
                conn.execute("UPDATE segments SET committed_end = ? WHERE file = ?", (kept, file))
                self._seal_again(file, kept)
            self.done.append(f"{file}: {end - kept} bytes are lost, and with them {len(rows)} captures")

    def _lose(self, findings: list[Finding]) -> None:
        """Mark damaged records' captures; the bytes stay, for what they may still be good for."""
        conn = self._archive.conn
        for file in sorted({finding.file for finding in findings if finding.file and "damaged" in finding.what}):
            offsets = [finding.offset for finding in findings if finding.file == file and "damaged" in finding.what]
            query = "SELECT id, source_id, url FROM captures WHERE warc_file = ? AND warc_offset = ? AND coalesce(outcome, '') <> 'lost'"
            rows = [row for offset in offsets for row in conn.execute(query, (file, offset)).fetchall()]
            if rows:
                end = conn.execute("SELECT committed_end FROM segments WHERE file = ?", (file,)).fetchone()[0]
                with self._archive.transaction():
                    self._mark_lost(rows)
                    self._seal_again(file, end)
                self.done.append(f"{file}: {len(rows)} captures cannot be read and count as lost")

    def _give_up(self, findings: list[Finding]) -> None:
        """Accept the loss of records that no row points at."""
        for finding in findings:
            query = "SELECT source_id, committed_end FROM segments WHERE file = ?"
            row = self._archive.conn.execute(query, (finding.file,)).fetchone()
            if row is not None and finding.file and finding.offset is not None:
                with self._archive.transaction() as db:
                    give_up(db, row[0], finding.file, finding.offset, finding.what, now())
                    self._seal_again(finding.file, row[1])
                self.done.append(f"{finding.file}: the record at {finding.offset} cannot be read and is given up; no row points at it")

    def _digest_anew(self, files: set[str]) -> None:
        """Take a file as it is: all that can be read of it is what it was."""
        for file in sorted(files):
            (end,) = self._archive.conn.execute("SELECT committed_end FROM segments WHERE file = ?", (file,)).fetchone()
            with self._archive.transaction():
                self._seal_again(file, end)
            self.done.append(f"{file}: digested anew; what can be read of its records is as it was")

    def _mark_lost(self, rows: list[tuple[int, str, str]]) -> None:
        """Their articles keep text and revisions, and are asked for again, unconditionally."""
        conn = self._archive.conn
        for number, source, url in rows:
            conn.execute("UPDATE captures SET outcome = 'lost', revision_id = NULL WHERE id = ?", (number,))
            key = self._key_of(source, url)
            if key is not None:
                conn.execute(
                    "UPDATE frontier SET state = 'todo', attempts = 0, due_at = ?, etag = NULL, last_modified = NULL"
                    " WHERE source_id = ? AND article_key = ? AND state <> 'gone'",
                    (now(), source, key),
                )
            conn.execute("UPDATE sections SET etag = NULL, last_modified = NULL WHERE source_id = ? AND url = ?", (source, tidied(url)))

    def _seal_again(self, file: str, end: int) -> None:
        """What is left is what is to be kept from now on."""
        self._shortened.add(file)
        path = self._archive.root / file
        digest = segment_digest(path, end) if end else ""
        self._archive.conn.execute("UPDATE segments SET sha256 = ? WHERE file = ? AND sealed_at IS NOT NULL", (digest, file))

    def _take_in(self, file: str) -> None:
        """A WARC file nobody knows becomes a sealed segment; its whole records become captures to be read."""
        path = self._archive.root / file
        source = Path(file).parent.name
        known = self._archive.conn.execute("SELECT 1 FROM sources WHERE id = ?", (source,)).fetchone()
        if known is None or not _is_by_record(path):
            self.done.append(f"{file}: left alone, {'no source' if known is None else 'not gzipped by record'}; scrapy replay reads it")
            return
        end = whole_end(path)
        if end < path.stat().st_size:
            cut(path, end)
        with self._archive.transaction() as db:
            row = {
                "file": file,
                "source_id": source,
                "opened_at": now(),
                "committed_end": end,
                "sealed_at": now(),
                "sha256": segment_digest(path, end),
            }
            db.table("segments").insert(row)
            taken = self._insert(file, source, end)
        self.done.append(f"{file}: {taken} captures taken in, to be read by the next crawl")

    def _index_rowless(self, file: str) -> None:
        source, end = self._archive.conn.execute("SELECT source_id, committed_end FROM segments WHERE file = ?", (file,)).fetchone()
        with self._archive.transaction():
            taken = self._insert(file, source, end)
        self.done.append(f"{file}: {taken} captures taken in, to be read by the next crawl")

    def _insert(self, file: str, source: str, end: int) -> int:
        conn = self._archive.conn
        taken = 0
        asked_for, ours = "", True
        told: dict[str, str | None] = {}
        for member in members(self._archive.root / file, end):
            try:
                record = parse_record(member.data)
            except ValueError:
                continue
            if record.type == "warcinfo":
                ours = is_ours(record)
            if record.type == "request" and ours:
                asked_for = record.headers.get("warc-concurrent-to", "")
            if record.type == "metadata":
                told[record.headers.get("warc-refers-to", "")] = read_provenance(record.block)
            if record.type not in ("response", "revisit") or record.status is None:
                continue
            others = told.pop(record.record_id, None) or (IMPORTED if ours else Path(file).name)
            provenance = None if asked_for == record.record_id else others
            media_type = (record.http("Content-Type") or "").split(";")[0].strip().lower() or None
            taken += conn.execute(
                "INSERT INTO captures (source_id, url, fetched_at, status, media_type, kind, payload_digest, record_id,"
                " warc_file, warc_offset, warc_length, provenance, crawl_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                " (SELECT crawl_id FROM captures WHERE warc_file = ? AND warc_offset < ? ORDER BY warc_offset DESC LIMIT 1))"
                " ON CONFLICT (record_id) DO UPDATE SET warc_file = excluded.warc_file, warc_offset = excluded.warc_offset, outcome = NULL"
                " WHERE outcome = 'lost' ON CONFLICT DO NOTHING",
                (
                    source, record.url, record.fetched_at, record.status, media_type, record.type, record.payload_digest,
                    record.record_id, file, member.offset, member.length, provenance, file, member.offset,
                ),
            ).rowcount  # fmt: skip
        return taken


def repair(path: Path, report: Report, key_of: KeyOf) -> list[str]:
    """Mend an archive as far as it can be; returns what was done. Raises :class:`ArchiveError` when the file is no database."""
    path = path.resolve()
    with writer_lock(path):
        done = turn_bits_back(path)
        if done:
            return done  # looked at again before anything else is done
        forget_sums(path)  # what no digest can bring back is judged by what the rows say, and all pages are digested anew
    try:
        with ArchiveDatabase(path) as archive:
            return Repair(archive, report, key_of).run()
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"{path} cannot be opened ({error}). Restore a backup, or: scrapy rebuild --replace") from error


def _is_by_record(path: Path) -> bool:
    """Whether every whole member of a file is one record; what is torn or damaged may stand among them, but nothing that is no gzip."""
    found = False
    with path.open("rb") as stream:
        for member in members(path):
            if member.problem is not None:
                stream.seek(member.offset)
                if stream.read(len(GZIP_MAGIC)) not in (GZIP_MAGIC, bytes(len(GZIP_MAGIC))):
                    return False
                continue
            try:
                parse_record(member.data)
            except ValueError:
                return False
            found = True
    return found


def _write_byte(path: Path, offset: int, value: int) -> None:
    with path.open("r+b") as stream:
        stream.seek(offset)
        stream.write(bytes([value]))
        stream.flush()
        os.fsync(stream.fileno())
