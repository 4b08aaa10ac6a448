"""A WARC record as one gzip member: what a portal sent gzipped is stored in it as it came, all else is deflated.

To deflate once more what is deflated already took nearly half of the CPU of making a record, and won nothing (2026-11).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

GZIP_MAGIC = b"\x1f\x8b\x08"
HEAD = GZIP_MAGIC + b"\x00\x00\x00\x00\x00\x02\x03"
"""Of every member: no name, no time, packed as well as it goes, on Unix. zlib's own is the same."""
HEAD_BYTES = len(HEAD)
_TAIL = struct.Struct("<II")
# RFC 1951, 3.2.4: a byte whose lowest bit says that no block follows and whose upper five say nothing, the length, and its complement.
_BLOCK = struct.Struct("<BHH")
_MOST_STORED = 0xFFFF
_FLUSHED = b"\x00\x00\xff\xff"
"""What ends the deflated part: an empty stored block. The bits before it, up to the next byte, say nothing."""
_GAP = b"\r\n\r\n"


def pack(record: bytes) -> bytes:
    """The gzip member of a whole record."""
    at = _stored_from(record)
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    if at is None:
        packed = deflate.compress(record) + deflate.flush()
    else:
        packed = deflate.compress(record[:at]) + deflate.flush(zlib.Z_SYNC_FLUSH) + _stored(record[at:])
    return HEAD + packed + _TAIL.pack(zlib.crc32(record), len(record) & 0xFFFFFFFF)


def loose_bit(member: bytes, record: bytes) -> bool:
    """Whether a bit of a member is set that unpacking it does not look at, and so nothing else notices; ``record``: what it unpacks to.

    Such are behind the end of what is deflated, and in the head of a stored block.
    """
    end = len(member) - _TAIL.size
    begin = _stored_at(member, record)
    if begin is not None and any(member[place] > 1 for place, _ in _blocks(begin, end)):
        return True
    last = (end if begin is None else begin - len(_FLUSHED)) - 1
    if not member[last]:
        return False
    cleared = member[last] & ~(1 << (member[last].bit_length() - 1))
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpack.decompress(member[:last] + bytes([cleared]) + member[last + 1 :])
    except zlib.error:
        return False
    return unpack.eof


def other_bit(member: bytes, record: bytes) -> bool:
    """Whether a member is what :func:`pack` makes of its record, but for one bit: to another encoding of the same text, no sum objects."""
    ours = pack(record)
    return len(ours) == len(member) and (int.from_bytes(ours) ^ int.from_bytes(member)).bit_count() == 1


def _stored_from(record: bytes) -> int | None:
    """Where the payload of a record begins, if that is gzipped."""
    http = record.find(_GAP) + len(_GAP)
    payload = record.find(_GAP, http) + len(_GAP)
    return payload if payload > http and record.startswith(GZIP_MAGIC, payload) else None


def _stored(data: bytes) -> bytes:
    pieces = [data[place : place + _MOST_STORED] for place in range(0, len(data), _MOST_STORED)]
    return b"".join(_BLOCK.pack(piece is pieces[-1], len(piece), len(piece) ^ _MOST_STORED) + piece for piece in pieces)


def _blocks(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each stored block begins and ends."""
    for place in range(begin, end, _BLOCK.size + _MOST_STORED):
        yield place, min(end, place + _BLOCK.size + _MOST_STORED)


def _stored_at(member: bytes, record: bytes) -> int | None:
    """Where the stored blocks of a member begin; None for one that was packed otherwise, as all were before."""
    at = _stored_from(record)
    if at is None:
        return None
    stored = _stored(record[at:])
    end = len(member) - _TAIL.size
    begin = end - len(stored)
    if member[begin - len(_FLUSHED) : begin] != _FLUSHED:
        return None
    # But for the first byte of each: in that a bit may have turned.
    same = all(member[first + 1 : last] == stored[first + 1 - begin : last - begin] for first, last in _blocks(begin, end))
    return begin if same else None
