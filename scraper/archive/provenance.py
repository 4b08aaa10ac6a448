"""Captures that others made: their records without a request of ours, each behind a record that says where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from scraper.archive.members import WarcRecord
from scraper.archive.warc_writer import SOFTWARE, Record, http_headers_of, one_line, record_writer
from scraper.items import Capture, CaptureKind


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who made a capture that we did not: the archive, where we got it, when (UTC), and whether its index's digest confirms it."""

    captured_by: str
    place: str
    fetched_at: str
    confirmed: bool

    def fields(self) -> bytes:
        """As the block of a metadata record (application/warc-fields)."""
        said = {
            "captured-by": self.captured_by,
            "via": self.place,
            "fetched": self.fetched_at,
            "digest-confirmed": "yes" if self.confirmed else "no",
        }
        return "".join(f"{name}: {one_line(value)}\r\n" for name, value in said.items()).encode()

    @property
    def line(self) -> str:
        """As stored in ``captures.provenance``."""
        doubt = "" if self.confirmed else "; the index's digest does not confirm it"
        return f"captured by {self.captured_by}; got from {self.place} at {self.fetched_at}{doubt}"


def imported(name: str) -> bytes:
    """What the metadata record before a record out of somebody's file says: the file's name, as in ``captures.provenance``."""
    return f"provenance: {one_line(name)}\r\n".encode()


def is_ours(record: WarcRecord) -> bool:
    """Whether a warcinfo record was written by this program. The requests behind another's are its own, and not ours."""
    return f"software: {SOFTWARE.partition('/')[0]}/".encode() in record.block


def read_provenance(block: bytes) -> str | None:
    """The line of ``captures.provenance`` out of a metadata record's block; None when it is about something else."""
    said = dict(line.split(": ", 1) for line in block.decode("utf-8", "replace").split("\r\n") if ": " in line)
    if said.keys() == {"provenance"}:
        return said["provenance"]
    if not {"captured-by", "via", "fetched"} <= said.keys():
        return None
    return Provenance(said["captured-by"], said["via"], said["fetched"], said.get("digest-confirmed") == "yes").line


def build_archived(capture: Capture, refers_to: tuple[str, str, str] | None = None) -> Record:
    """The response record of a capture that others made: without a request, which was theirs.

    ``refers_to``: address, time and digest of the capture that has the same content; then it is a revisit.
    """
    writer, buffer = record_writer()
    headers = {"WARC-Date": capture.fetched_at}
    kind: CaptureKind = "revisit" if refers_to else "response"
    if refers_to:
        url, at, digest = refers_to
        record = writer.create_revisit_record(
            capture.url, digest, url, at, http_headers=http_headers_of(capture), warc_headers_dict=headers
        )
        record.rec_headers.replace_header("WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest")
    else:
        record = writer.create_warc_record(
            capture.url,
            "response",
            payload=BytesIO(capture.body),
            length=len(capture.body),
            http_headers=http_headers_of(capture),
            warc_headers_dict=headers,
        )
    writer.write_record(record)
    said = record.rec_headers
    return Record(buffer.getvalue(), 0, said.get_header("WARC-Record-ID"), said.get_header("WARC-Payload-Digest") or "", kind)


def provenance_record(url: str, record_id: str, at: str, block: bytes) -> bytes:
    """The metadata record that stands before a capture of others and says where it is from and when (UTC) we got it."""
    writer, buffer = record_writer()
    record = writer.create_warc_record(
        url,
        "metadata",
        payload=BytesIO(block),
        length=len(block),
        warc_content_type="application/warc-fields",
        warc_headers_dict={"WARC-Date": at, "WARC-Refers-To": record_id},
    )
    writer.write_record(record)
    return buffer.getvalue()
