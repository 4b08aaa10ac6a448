"""``scrapy verify``: is everything that was ever stored still here, and does it still say the same? Like ``git fsck``.

Reads only: archive.db is opened read-only, in one read transaction, so that a crawl may go on meanwhile. ``quick`` looks at
states and sizes; ``full`` reads every byte of the segments, every row, and derives the rows again from their captures.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from scraper.archive import verify_analysis, verify_rows
from scraper.archive.findings import BY_REPAIR, FROM_BACKUP, FROM_CAPTURES, OTHER_BYTES, Finding, Report, Severity, Tell
from scraper.archive.issues import given_up
from scraper.archive.schema import migrations
from scraper.archive.search import differing_articles
from scraper.archive.segments import NOT_AS_WRITTEN, is_as_written
from scraper.archive.sums import (
    MOST_SEARCHED,
    Sums,
    changed_pages,
    is_untouched,
    log_is_open,
    read_sums,
    segment_digest,
    sums_path,
    turned_bit,
)
from scraper.archive.verify_readings import ReadingCheck
from scraper.archive.verify_warc import SegmentCheck
from scraper.extract.text import fold

if TYPE_CHECKING:
    from scraper.portal import PortalSpider

WAL_LARGE = 64 * 1024 * 1024
WAL_RESET_FIXED = (3, 51, 3)
"""From this version on, two programs that write or checkpoint at once cannot corrupt a database in WAL mode."""
TITLES_SEARCHED = 500
_PROVEN = frozenset({"sums", "sqlite", "rows"})
"""Checks that find damage of the database file itself."""


def crawl_holds(path: Path) -> bool:
    """Whether a process holds the writer's lock now."""
    try:
        with path.with_name(path.name + ".lock").open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def open_to_read(path: Path) -> sqlite3.Connection:
    """archive.db read-only, also on a medium that cannot be written."""
    uri = path.resolve().as_uri()
    conn = sqlite3.connect(f"{uri}?mode=ro", uri=True, isolation_level=None, timeout=30)
    conn.text_factory = _text
    try:
        conn.execute("SELECT 1 FROM sqlite_schema").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        conn.close()
        if not isinstance(error, sqlite3.OperationalError) or _size(path.with_name(path.name + "-wal")):
            raise
        conn = sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True, isolation_level=None)
        conn.text_factory = _text
    return conn


class Verification:
    """One verification of one archive. :meth:`run` gives the report."""

    def __init__(self, path: Path, portals: Mapping[str, type[PortalSpider]], *, full: bool, tell: Tell) -> None:
        self.path = path = path.resolve()
        self.root = path.parent
        self.report = Report(str(path), "full" if full else "quick")
        self._portals = portals
        self._tell = tell
        self._held = crawl_holds(path)
        self._damaged: set[int] = set()
        self._headers: dict[int, tuple[tuple[str, str], ...]] = {}
        self._sums: Sums | None = None
        self._is_older = False

    def run(self) -> Report:
        """Look at everything that this mode looks at."""
        if self._held:
            self._skip("a crawl or another writer holds the archive: what it has not committed yet, and the page digests, are not judged")
        self._check_sums()
        try:
            conn = open_to_read(self.path)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            self._add([Finding("damage", "sqlite", f"the database cannot be opened: {error}", FROM_CAPTURES, self.path.name)])
            if self.report.mode == "full":
                self._files_alone()
            return self.report
        try:
            conn.execute("BEGIN")
            self._guarded(conn, "sqlite", self._sqlite)
            self._guarded(conn, "segments", self._segments)
            self._guarded(conn, "rows", lambda conn: self._add(verify_rows.waiting(conn, held=self._held)))
            if self.report.mode == "full":
                self._full(conn)
        finally:
            conn.close()
        return self.report

    def _full(self, conn: sqlite3.Connection) -> None:
        for check in verify_rows.CHECKS:
            self._tell(f"rows: {check.__name__}", 0, None)
            self._guarded(conn, "rows", lambda conn, check=check: self._add(check(conn)))
        readings = ReadingCheck(conn, self.root, self._portals, self._damaged, self.report)
        self._guarded(conn, "sources", lambda _: self._add(readings.sources()))
        self._guarded(conn, "readings", lambda _: self._add(readings.identities(self._headers)))
        self._guarded(conn, "readings", lambda _: self._add(readings.readings(self._tell)))
        self._guarded(conn, "analysis", lambda _: self._add(verify_analysis.analyses(conn, self.report, self._tell)))
        self._guarded(conn, "search", self._search)

    def _guarded(self, conn: sqlite3.Connection, check: str, step: Any) -> None:
        """Run one check; a database that cannot be read is damage, and the other checks go on.

        So is one whose rows hold what no program of ours wrote there (bytes for a text, no number for a time). That is told as
        damage only where SQLite or the page digests have found some: elsewhere it is a fault of ours, and stays loud.
        """
        try:
            step(conn)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if self._is_older and isinstance(error, sqlite3.OperationalError):  # a table or column that is not there yet
                self._skip(f"{check}: the archive is of an older version; it is brought up to date when it is written next")
                return
            self._add([Finding("damage", check, f"the database cannot be read: {error}", FROM_CAPTURES, self.path.name)])
        except Exception as error:
            if not any(finding.severity == "damage" and finding.check in _PROVEN for finding in self.report.findings):
                raise
            what = f"this check could not go on over damaged rows: {type(error).__name__}: {error}"
            self._add([Finding("damage", check, what, FROM_CAPTURES, self.path.name)])

    def _add(self, findings: Iterable[Finding]) -> None:
        self.report.findings.extend(findings)

    def _skip(self, what: str) -> None:
        self.report.skipped.append(what)

    # The file

    def _check_sums(self) -> None:
        """Every page of the file, when the digests are those of this state of it."""
        name = sums_path(self.path).name
        try:
            self._sums = sums = read_sums(self.path)
        except ValueError:
            self._add([Finding("repairable", "sums", "the digests are damaged themselves", BY_REPAIR, name)])
            return
        if sums is None or sums.pages is None or log_is_open(self.path):
            why = "there are none" if sums is None else "the last writer has not closed"
            self._skip(f"page digests ({name}): {why}; rows are judged by what they say")
            return
        if self._held:
            return
        self._tell("pages of archive.db", 0, None)
        changed = changed_pages(self.path, sums)
        self.report.count("pages", sums.page_count)
        if changed and not is_untouched(self.path, sums):
            self._skip(
                f"page digests ({name}): another program has written {self.path.name}, or it is a copy; rows are judged by what they say"
            )
            self._add([Finding("repairable", "sums", "the digests are not of this state of the file", BY_REPAIR, name)])
            return
        turned = {}
        for number in changed[:MOST_SEARCHED]:
            bit = turned_bit(self.path, sums, number) if number <= sums.page_count else None
            if bit:
                turned[number] = bit
        for number, (offset, _) in turned.items():
            what = f"a bit has turned in page {number}{self._owner(number)}"
            mend = f"{BY_REPAIR} turns it back: the page's digest proves it"
            self._add([Finding("damage", "sums", what, mend, self.path.name, offset)])
        others = [number for number in changed if number not in turned]
        if others:
            what = f"{len(others)} pages are not what the last writer left{self._owner(others[0])}"
            self._add([Finding("damage", "sums", what, FROM_CAPTURES, self.path.name, (others[0] - 1) * sums.page_size)])

    def _owner(self, number: int) -> str:
        """Which table a page belongs to, where SQLite was built to tell."""
        try:
            with closing(open_to_read(self.path)) as conn:
                row = conn.execute("SELECT name FROM dbstat WHERE pageno = ?", (number,)).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return ""
        return f" ({row[0]})" if row else " (in no table)"

    def _sqlite(self, conn: sqlite3.Connection) -> None:
        version = tuple(map(int, sqlite3.sqlite_version.split(".")))
        if version < WAL_RESET_FIXED:
            what = f"SQLite {sqlite3.sqlite_version}: before 3.51.3 two programs that write may corrupt a database: let only this one"
            self._add([Finding("note", "sqlite", what)])
        wal = _size(self.path.with_name(self.path.name + "-wal"))
        if wal > WAL_LARGE:
            what = f"the write-ahead log is {wal >> 20} MiB: a reader has held it for long"
            self._add([Finding("note", "sqlite", what, "close the reader; the next crawl folds it in", self.path.name + "-wal")])
        self._schema(conn)
        check = "integrity_check" if self.report.mode == "full" else "quick_check"
        self._tell(f"archive.db: {check}", 0, None)
        said = [row[0] for row in conn.execute(f"PRAGMA {check}")]
        self._add(Finding("damage", "sqlite", line, FROM_CAPTURES, self.path.name) for line in said if line != "ok")
        for table, rowid, parent, _ in conn.execute("PRAGMA foreign_key_check").fetchall():
            self._add([Finding("damage", "sqlite", f"it points at no row of {parent}", FROM_CAPTURES, row=f"{table} {rowid}")])
        articles, indexed = (conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("articles", "articles_fts_docsize"))
        self.report.count("articles", articles)
        if articles != indexed:
            self._add([Finding("repairable", "search", f"the search index holds {indexed} of {articles} articles", BY_REPAIR)])

    def _schema(self, conn: sqlite3.Connection) -> None:
        """The tables, indexes and triggers are those the migrations make."""
        fresh = Database(memory=True)
        known = {migration.name for migration in migrations.pending(fresh)}
        migrations.apply(fresh)
        query = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'"
        wanted, found = set(fresh.execute(query)), set(conn.execute(query))
        fresh.close()
        applied = {str(row[0]) for row in conn.execute("SELECT name FROM _sqlite_migrations")}
        if applied - known:
            what = f"the file has {', '.join(sorted(applied - known))}, which this program does not know"
            self._add([Finding("damage", "schema", what, "upgrade this program")])
        elif known - applied:
            self._is_older = True
            self._add(
                [Finding("repairable", "schema", f"{', '.join(sorted(known - applied))} is not applied yet", "the next crawl does it")]
            )
        else:
            for _, name, _, _ in sorted(wanted ^ found, key=lambda row: row[1]):
                self._add([Finding("damage", "schema", f"{name} is not as this program makes it", FROM_CAPTURES)])

    # The segments

    def _segments(self, conn: sqlite3.Connection) -> None:
        segments = conn.execute("SELECT file, committed_end, sha256 FROM segments ORDER BY file").fetchall()
        for done, (file, end, sha256) in enumerate(segments, 1):
            self._tell("segments", done, len(segments))
            size = _size(self.root / file)
            self.report.count("segments")
            if size and size != end and not is_as_written(conn, self.root / file, file):
                self._add(
                    [Finding("damage", "segments", f"the segment {NOT_AS_WRITTEN}", "bring it back as it was (scrapy restore)", file)]
                )
            elif size < end:
                gone = f"has {size} of {end} committed bytes" if (self.root / file).exists() else "is missing"
                self._add([Finding("damage", "segments", f"the segment {gone}", FROM_BACKUP, file, size)])
            elif size > end:
                severity: Severity = "note" if self._held else "repairable"
                what = f"{size - end} bytes behind the committed end were never acknowledged"
                self._add([Finding(severity, "segments", what, "" if self._held else BY_REPAIR, file, end)])
            if self.report.mode == "full" and size:
                self._records(conn, file, end, sha256)
        known = {row[0] for row in segments}
        for path in sorted((self.root / "warcs").rglob("*")):
            file = path.relative_to(self.root).as_posix()
            if path.is_file() and file not in known and not self._held:
                if path.name.endswith((".warc.gz", ".warc")):
                    self._add([Finding("repairable", "orphans", "the database does not know this WARC file", BY_REPAIR, file)])
                elif path.name.endswith((".warc.zst", ".wacz", ".arc", ".arc.gz")):
                    mend = "scrapy replay reads it; keep it elsewhere"
                    self._add([Finding("note", "orphans", "somebody's captures are no segment of the archive", mend, file)])
                else:
                    self._add([Finding("note", "orphans", "this is no WARC file", "remove it when it is nobody's", file)])
        for path in self.root.glob(f"{self.path.name}*.partial"):
            self._add([Finding("note", "orphans", "left behind by a process that was killed", "remove it", path.name)])

    def _files_alone(self) -> None:
        """The records of every file, where no row can be read."""
        for path in sorted((self.root / "warcs").rglob("*.warc.gz")):
            file = path.relative_to(self.root).as_posix()
            self._tell(file, 0, None)
            check = SegmentCheck(self.root, file, _size(path), {}, lambda _: True)
            self._add(finding for finding in check.run() if finding.severity == "damage")

    def _records(self, conn: sqlite3.Connection, file: str, end: int, sha256: str | None) -> None:
        cursor = conn.execute("SELECT * FROM captures WHERE warc_file = ?", (file,))
        names = [column[0] for column in cursor.description]
        rows = {row["warc_offset"]: row for row in (dict(zip(names, values, strict=True)) for values in cursor)}
        known = (end, sha256) if sha256 else self._sums.segments.get(file) if self._sums else None
        whole = known is not None and segment_digest(self.root / file, known[0]) == known[1]

        def known_elsewhere(record_id: str) -> bool:
            return conn.execute("SELECT 1 FROM captures WHERE record_id = ?", (record_id,)).fetchone() is not None

        vouched = whole and known is not None and known[0] == end
        check = SegmentCheck(self.root, file, end, rows, known_elsewhere, vouched=vouched, given_up=given_up(conn, file))
        findings = list(check.run())
        self._headers |= check.headers
        self._damaged |= {rows[f.offset]["id"] for f in findings if f.severity == "damage" and f.offset in rows}
        self.report.count("records", check.records)
        if known and not whole and not any(finding.severity == "damage" for finding in findings):
            what = f"its first {known[0]} bytes {OTHER_BYTES}"
            findings.append(Finding("damage", "records", what, FROM_BACKUP, file, 0))
        self._add(findings)

    # Search

    def _search(self, conn: sqlite3.Connection) -> None:
        self._tell("search index", 0, None)
        wrong = differing_articles(conn)
        for number in sorted(wrong)[:20]:
            what = "its words are not those of its articles" if not number else "the search index holds other words than the article"
            self._add([Finding("repairable", "search", what, BY_REPAIR, row=f"articles {number}" if number else "articles_fts")])
        if len(wrong) > 20:
            self._add([Finding("repairable", "search", f"and {len(wrong) - 20} articles more", BY_REPAIR)])
        titles = conn.execute("SELECT id, title FROM articles ORDER BY id").fetchall()
        for number, title in titles[:: max(1, len(titles) // TITLES_SEARCHED)]:
            words = [word for word in "".join(c if c.isalnum() else " " for c in title).split() if word][:6]
            for asked in (words, [fold(word) for word in words]):
                phrase = " ".join(f'"{word}"'.replace("đ", "d").replace("Đ", "D") for word in asked)
                found = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?"
                if words and not conn.execute(found, (f"title : ({phrase})", number)).fetchone():
                    what = f"a search for {' '.join(asked)!r} does not find it"
                    self._add([Finding("repairable", "search", what, BY_REPAIR, row=f"articles {number}")])


def _text(stored: bytes) -> str:
    """A turned bit can make text no UTF-8; then it differs from what it should be, and its row is named."""
    return stored.decode("utf-8", "replace")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
