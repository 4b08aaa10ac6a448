"""Segments checked record by record against the rows that point into them, one to one."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scraper.archive.findings import BY_REPAIR, FROM_BACKUP, FROM_CAPTURES, TEXT_IS_WHOLE, Finding, Severity
from scraper.archive.members import Member, WarcRecord, digest_problems, members, parse_record
from scraper.archive.packing import HEAD, HEAD_BYTES, loose_bit, other_bit


def row_problems(record: WarcRecord, row: Mapping[str, Any], length: int) -> list[str]:
    """The columns of a capture's row that do not say what its record says."""
    media_type = (record.http("Content-Type") or "").split(";")[0].strip().lower() or None
    said = {
        "record_id": record.record_id,
        "warc_length": length,
        "url": record.url,
        "fetched_at": record.fetched_at,
        "status": record.status,
        "kind": record.type,
        "payload_digest": record.payload_digest,
        "media_type": media_type,
    }
    return [f"{name} is {row[name]!r} in the row and {value!r} in the record" for name, value in said.items() if row[name] != value]


@dataclass(slots=True)
class SegmentCheck:
    """The check of one segment against the rows that point into it. ``headers`` gathers the HTTP headers of every capture.

    ``vouched``: a digest of the whole file held, so that no bit of it needs to be looked for. ``given_up``: where records begin that
    no row points at and whose loss was accepted (:func:`scraper.archive.issues.given_up`).
    """

    root: Path
    file: str
    end: int
    rows: Mapping[int, Mapping[str, Any]]
    known_elsewhere: Callable[[str], bool]
    vouched: bool = False
    given_up: Collection[int] = ()
    records: int = 0
    headers: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def run(self) -> Iterator[Finding]:
        """Every record, every row."""
        path = self.root / self.file
        usual = self._usual_head(path)
        offsets = sorted(self.rows)
        seen: set[int] = set()
        for member in members(path, self.end):
            self.records += 1
            covered = offsets[bisect_left(offsets, member.offset) : bisect_left(offsets, member.end)]
            seen.update(covered)
            if member.problem is not None:
                yield from self._damaged(member, covered, f"the record is damaged ({member.problem})")
                continue
            row = self.rows.get(member.offset)
            if any(offset != member.offset for offset in covered):
                yield self._finding("damage", member.offset, None, "rows point into the middle of this record")
            try:
                record = parse_record(member.data)
            except ValueError as error:
                yield from self._doubtful(member, row, [str(error)])
                continue
            ours = row is None or row["provenance"] is None
            if not self.vouched and ours and (member.head != usual or self._has_turned(path, member)):
                yield from self._damaged(member, covered, f"a bit of the record's packing has turned; {TEXT_IS_WHOLE}")
            problems = digest_problems(record)
            if problems:
                yield from self._doubtful(member, row, problems)
            if row is not None:
                self.headers[row["id"]] = record.http_headers
                for problem in row_problems(record, row, member.length):
                    yield self._finding("damage", member.offset, row, problem, FROM_CAPTURES)
            elif record.type in ("response", "revisit") and record.status is not None:
                if self.known_elsewhere(record.record_id):
                    yield self._finding("note", member.offset, None, f"a copy of a record that is elsewhere ({record.url})")
                else:
                    what = f"no row points at this {record.type} of {record.url}"
                    yield self._finding("repairable", member.offset, None, what, BY_REPAIR)
        for offset in sorted(self.rows.keys() - seen):
            row = self.rows[offset]
            severity: Severity = "note" if row["outcome"] == "lost" else "damage"
            yield self._finding(severity, offset, row, f"the record is not in the file (its committed end is {self.end})", FROM_BACKUP)

    def _damaged(self, member: Member, covered: list[int], what: str) -> Iterator[Finding]:
        if not covered:
            follows = min((offset for offset in self.rows if offset >= member.end), default=None)
            before = f"; it is the request of {self.rows[follows]['url']}, or the file's first record" if follows is not None else ""
            accepted = member.offset in self.given_up
            yield self._finding("note" if accepted else "damage", member.offset, None, what + before, FROM_BACKUP)
        for offset in covered:
            row = self.rows[offset]
            severity: Severity = "note" if row["outcome"] == "lost" else "damage"
            yield self._finding(severity, offset, row, what, FROM_BACKUP)

    def _doubtful(self, member: Member, row: Mapping[str, Any] | None, problems: list[str]) -> Iterator[Finding]:
        """A whole member whose record is wrong in itself: taken over so from another archive's WARC, or damage."""
        foreign = row is not None and row["provenance"] is not None
        severity: Severity = "note" if foreign else "damage"
        for problem in problems:
            what = f"{problem} (as it was in {row['provenance']})" if foreign and row is not None else problem
            yield self._finding(severity, member.offset, row, what, "" if foreign else FROM_BACKUP)

    def _finding(self, severity: Severity, offset: int, row: Mapping[str, Any] | None, what: str, mend: str = "") -> Finding:
        url, name = (row["url"], f"captures {row['id']}") if row is not None else (None, None)
        return Finding(severity, "records", what, mend, self.file, offset, url, name)

    def _usual_head(self, path: Path) -> bytes:
        """The gzip header of most of our own records: they differ in nothing."""
        counts: Counter[bytes] = Counter()
        with path.open("rb") as stream:
            for offset, row in self.rows.items():
                if row["provenance"] is None:
                    stream.seek(offset)
                    counts[stream.read(HEAD_BYTES)] += 1
        return counts.most_common(1)[0][0] if counts else HEAD

    @staticmethod
    def _has_turned(path: Path, member: Member) -> bool:
        """Whether a bit of a record's packing has turned that does not show in what it unpacks to."""
        with path.open("rb") as stream:
            stream.seek(member.offset)
            packed = stream.read(member.length)
        return loose_bit(packed, member.data) or other_bit(packed, member.data)
