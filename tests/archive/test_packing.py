"""Records are packed so that gzip unpacks them, what is packed already lies in them as it came, and every bit of them counts."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.packing import HEAD, HEAD_BYTES, loose_bit, other_bit, pack
from tests.archive.records import PAGE, noise, raw

HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
PLAIN = raw("response", PAGE * 3)
GZIPPED = raw("response", HEADERS + gzip.compress(noise(300), mtime=0))
REQUEST = raw("request", b"GET / HTTP/1.1\r\n\r\n")
LARGE = raw("response", HEADERS + gzip.compress(noise(150_000), mtime=0))


def by_zlib(record: bytes) -> bytes:
    """As every record was packed before 2026-11, and those of most other programs are."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return deflate.compress(record) + deflate.flush()


def unnoticed(member: bytes, record: bytes, bits: Iterable[int]) -> list[int]:
    """The bits that can turn without anything being different but the file."""
    found = []
    for bit in bits:
        turned = bytearray(member)
        turned[bit // 8] ^= 1 << bit % 8
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            same = unpack.decompress(bytes(turned)) == record and unpack.eof and not unpack.unused_data
        except zlib.error:
            continue
        if same and turned[:HEAD_BYTES] == HEAD and not loose_bit(bytes(turned), record) and not other_bit(bytes(turned), record):
            found.append(bit)
    return found


@given(head=st.binary(max_size=40), payload=st.binary(max_size=400), packed=st.booleans())
def test_any_record_comes_back(head: bytes, payload: bytes, packed: bool) -> None:
    record = head + b"\r\n\r\nHTTP/1.1 200\r\n\r\n" + (gzip.compress(payload, mtime=0) if packed else payload)
    member = pack(record)
    assert gzip.decompress(member) == record
    for packed_so in (member, by_zlib(record)):
        assert not loose_bit(packed_so, record)
        assert not other_bit(packed_so, record)


@pytest.mark.parametrize("size", [0, 1, 65_000, 65_500, 65_510, 65_530, 65_536, 131_000, 200_000])
def test_payloads_of_any_size_come_back(size: int) -> None:
    record = raw("response", HEADERS + b"\x1f\x8b\x08" + noise(size))
    assert gzip.decompress(pack(record)) == record
    assert not loose_bit(pack(record), record)


def test_what_came_gzipped_lies_there_as_it_came() -> None:
    payload = gzip.compress(noise(300), mtime=0)
    assert payload + b"\r\n\r\n" in pack(GZIPPED)
    assert len(pack(GZIPPED)) < len(GZIPPED)
    assert PAGE not in pack(PLAIN)
    assert len(pack(PLAIN)) < len(PLAIN)


def test_the_head_is_the_one_of_zlib() -> None:
    assert by_zlib(PLAIN)[:HEAD_BYTES] == pack(PLAIN)[:HEAD_BYTES] == pack(GZIPPED)[:HEAD_BYTES] == HEAD


@pytest.mark.parametrize("way", [pack, by_zlib])
@pytest.mark.parametrize("record", [PLAIN, REQUEST], ids=["page", "request"])
def test_no_bit_behind_the_end_turns_unnoticed(record: bytes, way: Callable[[bytes], bytes]) -> None:
    member = way(record)
    assert unnoticed(member, record, range((len(member) - 9) * 8, len(member) * 8)) == []


@pytest.mark.parametrize("record", [GZIPPED, LARGE], ids=["gzipped page", "large one"])
def test_no_bit_around_what_is_stored_turns_unnoticed(record: bytes) -> None:
    member = pack(record)
    flushed = member.index(b"\x00\x00\xff\xff")
    heads = range(flushed + 4, len(member) - 8, 5 + 65_535)
    assert [member[head] for head in heads] == ([1] if record is GZIPPED else [0, 0, 1])
    places = {flushed - 1, *range(flushed, flushed + 4), *(head + more for head in heads for more in range(5))}
    assert unnoticed(member, record, (place * 8 + bit for place in sorted(places) for bit in range(8))) == []
    assert unnoticed(member, record, range((len(member) - 100) * 8, len(member) * 8)) == []


@pytest.mark.parametrize("width", [4, 8, 16, 32])
def test_no_bit_turns_unnoticed_to_another_encoding_of_the_same(width: int) -> None:
    """Of what is repeated, the copy that is pointed at may be another one than before."""
    chance = random.Random(width)
    record = raw("response", HEADERS + b"".join(b"%0*d" % (width, chance.randrange(30)) for _ in range(120)))
    member = pack(record)
    assert unnoticed(member, record, range(HEAD_BYTES * 8, len(member) * 8)) == []


def test_a_large_one_of_another_program_is_no_damage() -> None:
    member = by_zlib(LARGE)
    assert LARGE[20_000:20_100] in member, "zlib stores what does not get smaller, in blocks of its own"
    assert not loose_bit(member, LARGE)
