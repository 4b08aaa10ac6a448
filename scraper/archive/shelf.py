"""The captures of one source: made durable in its segments, indexed, and taken out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from warcio.exceptions import ArchiveLoadFailed

from scraper.archive.crawls import SourceFacts
from scraper.archive.database import ArchiveDatabase, now
from scraper.archive.provenance import Provenance, build_archived, imported, provenance_record
from scraper.archive.segments import Segments
from scraper.archive.warc_reader import StoredRecord, read_capture
from scraper.archive.warc_writer import Record, build_record, build_revisit, payload_digest
from scraper.items import Capture


class Shelf:
    """What a keeper keeps captures on. The database never points past bytes that are durable in a segment."""

    archive: ArchiveDatabase
    facts: SourceFacts
    crawl_id: int
    _segments: Segments

    # Onto it

    def keep(
        self, capture: Capture, request_headers: tuple[tuple[str, str], ...], *, tls: str | None = None, outcome: str | None = None
    ) -> int:
        """Make one answer durable: WARC, then the row that points at it.

        An answer whose bytes we have, or a 304 that confirms them, becomes a revisit record. ``outcome`` is given for answers
        that nobody will read (robots.txt, redirects); else :meth:`take` sets it.
        """
        digest = payload_digest(capture.body)
        record = self._revisit(capture, request_headers, digest) or build_record(capture, request_headers, digest)
        start = self._segments.append(record.data)
        with self.archive.transaction():
            capture_id = self._index(capture, record, start + record.response_at, len(record.data) - record.response_at)
            if tls or outcome:
                self.archive.conn.execute("UPDATE captures SET tls = ?, outcome = ? WHERE id = ?", (tls, outcome, capture_id))
        return capture_id

    def _revisit(self, capture: Capture, request_headers: tuple[tuple[str, str], ...], digest: str) -> Record | None:
        """A revisit record, when an earlier capture of the address has these bytes, or is what a 304 confirms."""
        condition = "status = 200" if capture.status == 304 else "status = :status AND payload_digest = :digest"
        earlier = self.archive.conn.execute(
            "SELECT url, fetched_at, payload_digest FROM captures WHERE source_id = :source AND url = :url AND kind = 'response'"
            f" AND outcome IS NOT 'lost' AND {condition} ORDER BY fetched_at DESC, id DESC LIMIT 1",
            {"source": self.facts.id, "url": capture.url, "status": capture.status, "digest": digest},
        ).fetchone()
        if earlier is None or (capture.status != 304 and not capture.body):
            return None
        url, fetched_at, held = earlier
        return build_revisit(capture, request_headers, (url, fetched_at), held)

    def keep_archived(
        self,
        capture: Capture,
        provenance: Provenance,
        *,
        member: StoredRecord | None = None,
        data: bytes = b"",
        same_as: int | None = None,
        then: Callable[[int], None],
    ) -> int:
        """Make a capture durable that a web archive made; ``then`` is told its row within the transaction.

        ``member`` and ``data``: the archive's own record, kept byte for byte. ``same_as``: the capture of the same content that
        we have; then nothing was fetched and a revisit is written. A record that is here already is not stored again.
        """
        if member is not None:
            known = self.archive.conn.execute("SELECT id FROM captures WHERE record_id = ?", (member.record_id,)).fetchone()
            if known is not None:
                with self.archive.transaction():
                    then(known[0])
                return int(known[0])
            record = Record(data, 0, member.record_id, member.payload_digest, member.kind)
        else:
            record = build_archived(capture, self._referred(same_as) if same_as is not None else None)
        preface = provenance_record(capture.url, record.record_id, provenance.fetched_at, provenance.fields())
        start = self._segments.append(preface + record.data)
        with self.archive.transaction():
            capture_id = self._index(capture, record, start + len(preface), len(record.data), provenance.line)
            then(capture_id)
        return capture_id

    def _referred(self, capture_id: int) -> tuple[str, str, str]:
        query = "SELECT url, fetched_at, payload_digest FROM captures WHERE id = ?"
        url, at, digest = self.archive.conn.execute(query, (capture_id,)).fetchone()
        return url, at, digest

    def stored(self, capture_id: int) -> Capture:
        """A capture out of its segment, a revisit with the body of what it repeats."""
        query = "SELECT warc_file, warc_offset, kind, payload_digest FROM captures WHERE id = ?"
        return self._stored(*self.archive.conn.execute(query, (capture_id,)).fetchone())

    def keep_stored(self, records: Iterable[tuple[StoredRecord, bytes]], provenance: str) -> dict[str, int]:
        """Take over records of another WARC file, byte for byte, in one step; returns record id → capture of those to be read.

        Before each stands a record that says where it is from: so a rebuild knows it too.
        Records that are here and were read are left out; those that a killed replay stored and did not read are not, nor those
        that were lost here, which have their row again.
        """
        fresh = []
        placed: dict[str, int] = {}
        taken: set[str] = set()
        for stored, data in records:
            if stored.record_id in taken:
                continue
            taken.add(stored.record_id)
            known = self.archive.conn.execute("SELECT id, outcome FROM captures WHERE record_id = ?", (stored.record_id,)).fetchone()
            if known is not None and known[1] is None:
                placed[stored.record_id] = known[0]
            elif stored.capture is not None and (known is None or known[1] == "lost"):
                preface = provenance_record(stored.capture.url, stored.record_id, now(), imported(provenance))
                fresh.append((stored, stored.capture, preface, data))
                placed |= {stored.record_id: known[0]} if known else {}
        if not fresh:
            return placed
        start = self._segments.append(b"".join(preface + data for _, _, preface, data in fresh))
        with self.archive.transaction():
            for stored, capture, preface, data in fresh:
                start += len(preface)
                if stored.record_id in placed:
                    self._found_again(placed[stored.record_id], start, len(data))
                else:
                    record = Record(data, 0, stored.record_id, stored.payload_digest, stored.kind)
                    placed[stored.record_id] = self._index(capture, record, start, len(data), provenance)
                start += len(data)
        return placed

    def places_of(self, record_ids: Iterable[str]) -> dict[str, int]:
        """The captures of records that are ours already: record id → capture."""
        placed: dict[str, int] = {}
        for record_id in record_ids:
            row = self.archive.conn.execute("SELECT id FROM captures WHERE record_id = ?", (record_id,)).fetchone()
            if row:
                placed[record_id] = row[0]
        return placed

    def is_another(self, record_id: str, capture: Capture) -> bool:
        """Whether the record of this id that is here is of another capture."""
        row = self.archive.conn.execute("SELECT url, fetched_at FROM captures WHERE record_id = ?", (record_id,)).fetchone()
        return row is not None and row != (capture.url, capture.fetched_at)

    def _index(self, capture: Capture, record: Record, offset: int, length: int, provenance: str | None = None) -> int:
        capture_id: int = self.archive.conn.execute(
            "INSERT INTO captures (source_id, url, fetched_at, status, media_type, kind, payload_digest, record_id, warc_file,"
            " warc_offset, warc_length, provenance, crawl_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                self.facts.id, capture.url, capture.fetched_at, capture.status, capture.media_type, record.kind, record.payload_digest,
                record.record_id, self._segments.file, offset, length, provenance, self.crawl_id,
            ),
        ).fetchone()[0]  # fmt: skip
        self._commit_end()
        return capture_id

    def _found_again(self, capture_id: int, offset: int, length: int) -> None:
        """The record of a lost capture came from elsewhere: it is here again, and to be read."""
        again = "UPDATE captures SET warc_file = ?, warc_offset = ?, warc_length = ?, outcome = NULL WHERE id = ?"
        self.archive.conn.execute(again, (self._segments.file, offset, length, capture_id))
        self._commit_end()

    def _commit_end(self) -> None:
        self.archive.conn.execute("UPDATE segments SET committed_end = ? WHERE file = ?", (self._segments.end, self._segments.file))

    # Out of it

    def unread(self) -> list[tuple[int, Capture]]:
        """The captures that were stored and never read."""
        rows = self.archive.conn.execute(
            "SELECT id, warc_file, warc_offset, kind, payload_digest FROM captures WHERE source_id = ? AND outcome IS NULL ORDER BY id",
            (self.facts.id,),
        ).fetchall()
        return [(row[0], self._stored(*row[1:])) for row in rows]

    def left_out(self, of: Callable[[str], bool]) -> list[tuple[int, Capture]]:
        """The captures of articles that were off topic, of those addresses. One that is damaged is not among them: verify names it."""
        rows = self.archive.conn.execute(
            "SELECT id, url, warc_file, warc_offset, kind, payload_digest FROM captures WHERE source_id = ? AND outcome = 'off_topic'"
            " ORDER BY id",
            (self.facts.id,),
        ).fetchall()
        found = []
        for number, url, *place in rows:
            if of(url):
                with suppress(OSError, ValueError, StopIteration, ArchiveLoadFailed):
                    found.append((number, self._stored(*place)))
        return found

    def _stored(self, file: str, offset: int, kind: str, digest: str) -> Capture:
        """A capture as it was received; a revisit is given the body of what it refers to."""
        capture = read_capture(self.archive.root / file, offset)
        return self.with_body(capture, digest) or capture if kind == "revisit" else capture

    def resolved(self, record: StoredRecord) -> Capture | None:
        """The capture of a record, a revisit with the body of what it repeats; None when we do not have that."""
        if record.kind == "response" or record.capture is None or record.capture.status == 304:
            return record.capture
        return self.with_body(record.capture, record.payload_digest)

    def now_resolved(self) -> list[tuple[int, Capture]]:
        """The revisits whose original was not here when they were read, and is by now."""
        rows = self.archive.conn.execute(
            "SELECT id, warc_file, warc_offset, payload_digest FROM captures WHERE source_id = ? AND outcome = 'unresolved revisit'"
            " ORDER BY id",
            (self.facts.id,),
        ).fetchall()
        found = []
        for number, file, offset, digest in rows:
            capture = self.with_body(read_capture(self.archive.root / file, offset), digest)
            if capture is not None:
                found.append((number, capture))
        return found

    def with_body(self, capture: Capture, digest: str) -> Capture | None:
        """A revisit with the body that has its digest. Records without one name nothing."""
        if capture.status == 304:
            return capture
        original = self.archive.conn.execute(
            "SELECT warc_file, warc_offset FROM captures WHERE source_id = ? AND payload_digest = ? AND kind = 'response'"
            " AND outcome IS NOT 'lost' LIMIT 1",
            (self.facts.id, digest),
        ).fetchone()
        if original is None or not digest:
            return None
        return replace(capture, body=read_capture(self.archive.root / original[0], original[1]).body)
