"""The frames of a WARC.zst file: one record a zstd frame, perhaps with a dictionary in the file's first, skippable frame.

As “Zstandard Compression for WARC Files 1.0” of the IIPC says. Read like :mod:`scraper.archive.members` reads gzip: every frame
to its end and checksum; a damaged one is given with its problem and the walk goes on behind it.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

import zstandard

from scraper.archive.members import MOST, Member, unpack
from scraper.archive.packing import HEAD_BYTES

_FRAME = b"\x28\xb5\x2f\xfd"
_DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"
_CHUNK = 1 << 16


def is_zstd(magic: bytes) -> bool:
    """Whether a file that begins so is made of zstd frames."""
    return magic == _FRAME or _skippable(magic)


def zstd_members(path: Path) -> Iterator[Member]:
    """The frames of a file with what they unpack to, but for skippable ones."""
    size = path.stat().st_size
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as file:
        try:
            dictionary = _dictionary(file)
        except zstandard.ZstdError as error:
            yield Member(0, size, b"", file[:HEAD_BYTES], f"its dictionary is damaged ({error})", at_end=True)
            return
        place = 0
        while place < size:
            if _skippable(file[place : place + 4]):
                place += 8 + int.from_bytes(file[place + 4 : place + 8], "little")
                continue
            member = _member(file, place, size, dictionary)
            yield member
            place = member.end


def _skippable(magic: bytes) -> bool:
    return len(magic) == 4 and magic[1:] == _DICTIONARY_FRAME[1:] and magic[0] & 0xF0 == 0x50


def _dictionary(file: mmap.mmap) -> zstandard.ZstdCompressionDict | None:
    if file[:4] != _DICTIONARY_FRAME:
        return None
    data = file[8 : 8 + int.from_bytes(file[4:8], "little")]
    if data.startswith(_FRAME):  # it may be packed itself
        data = zstandard.ZstdDecompressor().decompress(data, max_output_size=MOST)
    return zstandard.ZstdCompressionDict(data)


def _member(file: mmap.mmap, start: int, end: int, dictionary: zstandard.ZstdCompressionDict | None) -> Member:
    try:
        return unpack(file, start, end, zstandard.ZstdDecompressor(dict_data=dictionary).decompressobj())
    except (ValueError, zstandard.ZstdError) as error:
        return _damaged(file, start, end, dictionary, str(error))


def _damaged(file: mmap.mmap, start: int, end: int, dictionary: zstandard.ZstdCompressionDict | None, problem: str) -> Member:
    """A frame that cannot be unpacked, reaching to the next place where a record begins."""
    place = start
    while (place := file.find(_FRAME, place + 1, end)) >= 0:
        try:
            unpack = zstandard.ZstdDecompressor(dict_data=dictionary).decompressobj()
            if unpack.decompress(file[place : min(place + 4 * _CHUNK, end)]).startswith(b"WARC/"):
                return Member(start, place - start, b"", file[start : start + HEAD_BYTES], problem)
        except zstandard.ZstdError:
            continue
    return Member(start, end - start, b"", file[start : start + HEAD_BYTES], problem, at_end=True)
