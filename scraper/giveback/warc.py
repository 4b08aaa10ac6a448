"""A slice as one WARC file: its warcinfo, then each record as it lies in its segment, behind a word on where it is from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from scraper.archive.provenance import imported, provenance_record
from scraper.archive.warc_writer import SOFTWARE, record_writer
from scraper.giveback.slice import GivenCapture
from scraper.giveback.surt import surt


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One line of a CDXJ index, as replay tools look records up."""

    key: str
    stamp: str
    fields: dict[str, str]

    def line(self) -> str:
        """As it stands in the index."""
        return f"{self.key} {self.stamp} {json.dumps(self.fields)}\n"


def write_warc(target: IO[bytes], filename: str, about: str, captures: Iterable[GivenCapture]) -> list[IndexLine]:
    """Write the captures that are whole; returns the lines of their index, in order of their keys."""
    place = target.write(_warcinfo(filename, about))
    lines = []
    for capture in captures:
        if not capture.data:
            continue
        if capture.provenance:
            place += target.write(_provenance(capture))
        lines.append(_line(capture, filename, place))
        place += target.write(capture.data)
    return sorted(lines, key=IndexLine.line)


def _warcinfo(filename: str, about: str) -> bytes:
    writer, buffer = record_writer()
    fields = {
        "software": SOFTWARE,
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": about,
    }
    writer.write_record(writer.create_warcinfo_record(filename, fields))
    return buffer.getvalue()


def _provenance(capture: GivenCapture) -> bytes:
    """A metadata record: others captured this page, and this is how we came by it."""
    assert capture.provenance is not None
    said = "".join(char if char.isprintable() else "·" for char in capture.provenance)
    return provenance_record(capture.url, capture.record_id, capture.captured_at, imported(said))


def _line(capture: GivenCapture, filename: str, place: int) -> IndexLine:
    fields = {
        "url": capture.url,
        "mime": "warc/revisit" if capture.kind == "revisit" else capture.media_type or "unk",
        "status": str(capture.status),
        "digest": capture.digest,
        "length": str(len(capture.data)),
        "offset": str(place),
        "filename": filename,
    }
    stamp = "".join(char for char in capture.captured_at if char.isdigit())
    return IndexLine(surt(capture.url), stamp, {name: value for name, value in fields.items() if value})
