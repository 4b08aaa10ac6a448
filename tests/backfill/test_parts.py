"""The parts without sockets: what indexes say, which captures are chosen, what is believed of an answer."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.holdings import Wanted
from scraper.archive.provenance import Provenance, build_archived, read_provenance
from scraper.backfill.cdx import CdxError, CommonCrawl, Pywb, Scope, Wayback, collections, server_of
from scraper.backfill.choice import Holding, choose
from scraper.backfill.unwrap import NotTheCapture, has_digest, record_from, unwrap
from scraper.items import Capture
from tests.backfill.museum import sha1
from tests.backfill.truth import address, capture, page

WAYBACK = Wayback("https://web.archive.org/cdx/search/cdx")
CC = CommonCrawl("https://index.commoncrawl.org/CC-MAIN-2022-33-index", "https://data.commoncrawl.org/")
HEAD = ["timestamp", "original", "mimetype", "statuscode", "digest"]
ROW = ["20150101000000", "http://a.gov.vn:80/tin tức/bài-1", "text/html", "200", "A" * 32]
HOST = Scope("a.gov.vn", "host", "2015-01-01", "2016-12-31")

# Indexes


def test_what_a_wayback_machine_is_asked() -> None:
    asked = WAYBACK.query(HOST, None)
    assert asked.startswith("https://web.archive.org/cdx/search/cdx?url=a.gov.vn&matchType=host&output=json&")
    assert "from=20150101&to=20161231" in asked
    assert "resumeKey" not in asked
    assert "&resumeKey=vn%2Cgov%2Ca%29%2F+2015%21" in WAYBACK.query(HOST, "vn,gov,a)/ 2015!")


def test_a_wayback_machines_rows() -> None:
    rows: list[list[str]] = [
        HEAD,
        ROW,
        [*ROW[:2], "warc/revisit", "-", "B" * 32],
        [*ROW[:2], "image/png", "200", "C"],
        [*ROW[:3], "404", "D"],
    ]
    page = WAYBACK.parse(json.dumps([*rows, [], ["vn%2Cgov%2Ca%29%2F+20150101000000%21"]]), None)
    assert [(one.digest[0], one.revisit) for one in page.captures] == [("A", False), ("B", True)]
    assert page.listed == 4
    assert page.position == "vn,gov,a)/ 20150101000000!"
    assert page.captures[0].captured_at == "2015-01-01T00:00:00Z"
    assert page.captures[0].place == "https://web.archive.org/web/20150101000000id_/http://a.gov.vn:80/tin%20t%E1%BB%A9c/b%C3%A0i-1"
    assert WAYBACK.parse(json.dumps(rows), "x").position is None
    # A key that leads to itself is not followed for ever.
    assert WAYBACK.parse(json.dumps([*rows, [], ["x"]]), "x").position is None
    assert WAYBACK.parse("[]", None).captures == ()
    assert WAYBACK.parse("", None).captures == ()


def line(**more: Any) -> str:
    row = {
        "urlkey": "k",
        "timestamp": "20220827040431",
        "url": "http://a.gov.vn/1",
        "mime": "text/html",
        "status": "200",
        "digest": "sha1:AA",
    }
    return json.dumps({**row, **more}) + "\n"


def test_lines_of_pywb() -> None:
    server = Pywb("http://127.0.0.1:8080/kho/cdx")
    page = server.parse(line() + line(mime="warc/revisit", status="-") + line(status="301") + "\n" + line(mime="application/pdf"), None)
    assert [one.revisit for one in page.captures] == [False, True]
    assert page.captures[0].place == "http://127.0.0.1:8080/kho/20220827040431id_/http://a.gov.vn/1"
    assert server.parse("", None).captures == ()


def test_pages_of_common_crawl() -> None:
    assert CC.parse('{"pages": 2, "pageSize": 5, "blocks": 7}', None).position == "0/2"
    assert CC.parse('{"pages": 0}', None).position is None
    place = {"filename": "crawl-data/x.warc.gz", "offset": "12", "length": "345"}
    page = CC.parse(line(**place) + line(**place, mime="warc/revisit") + line(), "0/2")
    (one,) = page.captures
    assert (one.place, one.byte_range) == ("https://data.commoncrawl.org/crawl-data/x.warc.gz", "12-345")
    assert page.position == "1/2"
    assert CC.parse(line(**place), "1/2").position is None
    assert CC.parse('{"message": "No Captures found for: a.gov.vn"}', "1/2").captures == ()
    assert "showNumPages=true" in CC.query(HOST, None)
    assert "page=1" in CC.query(HOST, "1/2")
    assert "showNumPages" not in CC.query(HOST, "1/2")


@given(
    st.text()
    | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)).map(json.dumps)
)
def test_whatever_an_index_says_nothing_else_is_raised(text: str) -> None:
    for server, position in ((WAYBACK, None), (Pywb("http://a/cdx"), None), (CC, None), (CC, "0/1")):
        try:
            server.parse(text, position)
        except CdxError:
            continue


def test_collections_of_the_days_asked_for() -> None:
    told = [
        {"id": "b", "cdx-api": "https://index.commoncrawl.org/b-index", "from": "2022-08-07T00:00:00", "to": "2022-08-20T00:00:00"},
        {"id": "a", "cdx-api": "/a-index", "from": "2016-08-07T00:00:00", "to": "2016-08-20T00:00:00"},
        {"id": "old", "cdx-api": "https://index.commoncrawl.org/old-index"},
    ]
    here = "https://index.commoncrawl.org/collinfo.json"
    assert [one.rpartition("/")[2] for one in collections(json.dumps(told), here, HOST)] == ["a-index", "old-index"]
    assert len(collections(json.dumps(told), here, Scope("x", "host"))) == 3
    with pytest.raises(CdxError):
        collections('{"message": "no"}', here, HOST)


def test_kinds_of_servers() -> None:
    assert isinstance(server_of("https://web.archive.org/cdx/search/cdx"), Wayback)
    assert isinstance(server_of("https://arquivo.pt/wayback/cdx"), Pywb)
    crawl = server_of("https://index.commoncrawl.org/CC-MAIN-2022-33-index")
    assert isinstance(crawl, CommonCrawl)
    assert crawl.data == "https://data.commoncrawl.org/"
    for wrong in ("ftp://a/cdx", "cdx", "https://a/cdx?x=1", "https://a/", "file:///cdx"):
        with pytest.raises(ValueError, match="is no CDX server"):
            server_of(wrong)


# Choice


@st.composite
def holdings(draw: st.DrawFn) -> list[Holding]:
    count = draw(st.integers(1, 12))
    return [
        Holding(
            number,
            draw(st.sampled_from("uvw")),
            draw(st.integers(0, 2)),
            f"20{draw(st.integers(10, 25))}",
            draw(st.sampled_from("ABC")),
            draw(st.sampled_from(["listed", "listed", "done", "skipped", "same", "given_up"])),
        )
        for number in range(count)
    ]


@given(holdings(), st.sets(st.sampled_from("ABC")))
def test_each_content_once_at_the_best_address(found: list[Holding], brought: set[str]) -> None:
    states = choose(found, brought)
    assert set(states) == {one.id for one in found if one.state == "listed"}
    best = min(one.rank for one in found)
    already = brought | {one.digest for one in found if one.state == "done"}
    todo = [one for one in found if states.get(one.id) == "todo"]
    assert len({one.digest for one in todo}) == len(todo)
    assert not {one.digest for one in todo} & already
    assert all(one.rank == best for one in todo)
    fresh = {one.digest for one in found if one.rank == best and one.state == "listed"}
    assert fresh <= already | {one.digest for one in todo}
    assert all((states[one.id] == "twin") == (one.rank > best) for one in found if one.id in states)


@given(holdings())
def test_the_last_sight_of_a_content_is_kept(found: list[Holding]) -> None:
    """What an address showed last is known as of its last capture, and a content that came back as of its coming back."""
    fresh = [Holding(one.id, "u", 0, f"{one.captured_at}-{one.id:02}", one.digest, "listed") for one in found]
    states = choose(fresh, ())
    order = sorted(fresh, key=lambda one: one.captured_at)
    assert states[order[-1].id] in ("todo", "same")
    for before, one, after in zip(order, order[1:], order[2:], strict=False):
        assert (states[one.id] == "skipped") == (before.digest == one.digest == after.digest)


# Answers


def wanted(digest: str = "", url: str = "", byte_range: str | None = None) -> Wanted:
    return Wanted(1, "http://kho/cdx", "0001", url or address(1), "2015-01-01T00:00:00Z", digest, "http://kho/x", byte_range)


def answer(body: bytes, status: int = 200, **headers: str) -> Capture:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture("http://kho/20150101000000id_/x", "2026-11-26T00:00:00Z", status, (("Content-Type", "text/html"), *named), body)


def test_the_portals_own_headers() -> None:
    body = page(1)
    told = answer(
        body, X_Archive_Orig_Content_Type="text/html; charset=utf-8", X_Archive_Orig_Etag='"1"', X_Archive_Orig_Content_Encoding="br",
        X_Archive_Orig_Set_Cookie="a=1", Memento_Datetime="Thu, 01 Jan 2015 00:00:00 GMT", Server="nginx", X_Archive_Src="a.warc.gz",
    )  # fmt: skip
    found, confirmed = unwrap(told, wanted(sha1(body)))
    assert confirmed
    assert found == Capture(address(1), "2015-01-01T00:00:00Z", 200, (("Content-Type", "text/html; charset=utf-8"), ("Etag", '"1"')), body)


@pytest.mark.parametrize("digest_of_packed", [True, False])
def test_the_bytes_that_the_digest_is_of_are_kept(digest_of_packed: bool) -> None:
    """A portal's own gzip is kept as it is; an archive's server's is undone."""
    packed = gzip.compress(page(1), mtime=0)
    found, confirmed = unwrap(answer(packed, Content_Encoding="gzip"), wanted(sha1(packed if digest_of_packed else page(1))))
    assert confirmed
    assert found.body == (packed if digest_of_packed else page(1))
    assert found.header("Content-Encoding") == ("gzip" if digest_of_packed else None)


def test_a_coding_that_the_archive_does_not_speak_of() -> None:
    packed = gzip.compress(page(1), mtime=0)
    found, confirmed = unwrap(answer(packed, X_Archive_Orig_Content_Encoding="gzip"), wanted(sha1(packed)))
    assert confirmed
    assert found.header("Content-Encoding") == "gzip"
    assert unwrap(answer(page(1), X_Archive_Orig_Content_Encoding="gzip"), wanted())[0].header("Content-Encoding") is None


def test_digests_as_indexes_write_them() -> None:
    body = b"x"
    for listed in (
        sha1(body),
        f"sha1:{sha1(body)}",
        sha1(body).lower(),
        "11f6ad8ec52a2984abaafd7c3b516503785c2072",
        "md5:9dd4e461268c8034f5c8564e155c67a6",
    ):
        assert has_digest(body, listed), listed
        assert not has_digest(b"y", listed)
    for listed in ("", "-", "sha1:", "crc32:1", "?2015 http://x"):
        assert not has_digest(body, listed)


def test_another_capture_is_believed_only_by_its_digest() -> None:
    other = answer(page(1), Memento_Datetime="Sun, 01 Feb 2015 00:00:00 GMT")
    with pytest.raises(NotTheCapture, match="2015-02-01T00:00:00Z instead"):
        unwrap(other, wanted(sha1(page(2))))
    assert unwrap(other, wanted(sha1(page(1))))[0].fetched_at == "2015-02-01T00:00:00Z"


def test_records_of_others() -> None:
    one = capture(1, "2015-01-01T00:00:00Z")
    data = build_archived(one).data
    part = wanted(sha1(one.body), byte_range=f"100-{len(data)}")
    for told in (answer(data, 206), answer(b"." * 100 + data + b"more", 200)):
        record, found, confirmed = record_from(told, part)
        assert (record.capture, found, confirmed) == (one, data, True)
    for wrong, why in (
        (answer(data[:-5], 206), "bytes came"),
        (answer(b"x" * len(data), 206), "no record"),
        (answer(data, 404), "answered 404"),
        (answer(build_archived(capture(1, "2015-01-02T00:00:00Z")).data, 206), "2015-01-02"),
    ):
        length = len(data) if "bytes" in why else len(wrong.body)
        with pytest.raises(NotTheCapture, match=why):
            record_from(wrong, wanted(byte_range=f"0-{length}"))


def test_provenance_is_read_as_it_was_written() -> None:
    for confirmed in (True, False):
        told = Provenance("Kho của tôi", "http://kho/x: y", "2026-11-26T00:00:00Z", confirmed)
        assert read_provenance(told.fields()) == told.line
    assert read_provenance(b"via: x\r\n") is None
    forged = Provenance("a\r\nvia: elsewhere", "b", "c", True)
    assert read_provenance(forged.fields()) == "captured by a via: elsewhere; got from b at c"
