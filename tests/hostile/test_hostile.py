"""The hostile sites do break the rules they say they break."""

from __future__ import annotations

import gzip
import re
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.hostile import FAULTS, SITES, Fault, Hostile

BY_NAME = {fault.name: fault for fault in FAULTS}


@pytest.fixture(scope="module")
def running() -> Iterator[Hostile]:
    with Hostile() as served:
        yield served


@pytest.fixture
def hostile(running: Hostile) -> Hostile:
    running.reset()
    return running


def ask(base: str, path: str, most: int = 1 << 24, seconds: float = 5) -> tuple[bytes, str]:
    """Everything a raw client gets for a path, and how it ended: closed, reset, timeout or enough."""
    parts = urlsplit(base)
    got = bytearray()
    deadline = time.monotonic() + seconds
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=seconds) as sock:
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
        while len(got) < most:
            sock.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                piece = sock.recv(1 << 18)
            except ConnectionResetError:
                return bytes(got), "reset"
            except TimeoutError:
                return bytes(got), "timeout"
            if not piece:
                return bytes(got), "closed"
            got += piece
    return bytes(got), "enough"


def get(hostile: Hostile, name: str, query: str = "", **limits: float) -> tuple[str, bytes, str]:
    """Head, body and end of the answer of one fault."""
    fault = BY_NAME[name]
    assert fault.path
    raw, end = ask(hostile.urls[fault.site], fault.path + query, **limits)  # type: ignore[arg-type]
    before, _, body = raw.partition(b"\r\n\r\n")
    return before.decode("latin-1"), body, end


def length(head: str) -> int:
    found = re.search(r"(?m)^Content-Length: (\d+)", head)
    assert found, head
    return int(found[1])


def test_the_table_is_consistent() -> None:
    assert len(BY_NAME) == len(FAULTS)
    pages = [good for site in SITES.values() for good in (*(f.good for f in site.faults if f.path and f.good), *site.controls, site.shared)]
    assert len({good.id for good in pages}) == len({good.text for good in pages}) == len(pages)
    assert len({(fault.site, fault.path) for fault in FAULTS if fault.path}) == sum(1 for fault in FAULTS if fault.path)
    assert all(fault.site in SITES and fault.row.startswith("2.") for fault in FAULTS)
    assert {fault.expect for fault in FAULTS} == {"article", "refused", "not_fetched", "retry_later", "capped"}
    assert all(fault.fragments or fault.text for fault in FAULTS if fault.expect == "article")


def test_every_site_lists_its_faults_between_good_articles(hostile: Hostile) -> None:
    assert set(hostile.urls) >= {name for name in SITES if not name.startswith("tls-")} | {"canary"}
    for name in ("net", "enc", "html", "inject", "redir", "dates", "truth"):
        page = ask(hostile.urls[name], "/van-hoaxa-hoi")[0].decode()
        hrefs = re.findall(r'class="NewsTitle" href="([^"]+)"', page)
        assert set(hrefs) == {f.path for f in SITES[name].faults if f.path} | {good.path for good in SITES[name].controls}
        assert "NewsTitle" in ask(hostile.urls[name], "/kinh-te")[0].decode()


def test_good_articles_are_good(hostile: Hostile) -> None:
    good = SITES["net"].controls[0]
    page = ask(hostile.urls["net"], good.path)[0].decode()
    assert page.startswith("HTTP/1.1 200 OK")
    assert good.title in page and good.printed in page and all(text in page for text in good.paragraphs)


def test_bodies_that_break_off(hostile: Hostile) -> None:
    head, body, end = get(hostile, "rst-mid-body")
    assert end == "reset" and 0 < len(body) < length(head)
    head, body, end = get(hostile, "fin-mid-body")
    assert end == "closed" and 0 < len(body) < length(head)
    head, body, end = get(hostile, "chunked-cut")
    assert end == "closed" and "chunked" in head and not body.endswith(b"0\r\n\r\n")


def test_gzip_that_lies(hostile: Hostile) -> None:
    head, body, _ = get(hostile, "gzip-cut")
    assert len(body) == length(head)
    with pytest.raises(EOFError):
        gzip.decompress(body)
    _, body, _ = get(hostile, "gzip-bad-crc")
    with pytest.raises(gzip.BadGzipFile, match="CRC"):
        gzip.decompress(body)
    head, body, _ = get(hostile, "gzip-on-plain")
    assert "Content-Encoding: gzip" in head and body.startswith(b"<!DOCTYPE")
    _, body, _ = get(hostile, "gzip-twice")
    assert BY_NAME["gzip-twice"].fragments[0] in gzip.decompress(gzip.decompress(body)).decode()


def test_heads_that_break_rules(hostile: Hostile) -> None:
    raw, _ = ask(hostile.urls["net"], BY_NAME["continue-20000"].path or "")
    assert raw.count(b"HTTP/1.1 100 Continue") == 20_000 and b"HTTP/1.1 200 OK" in raw
    assert get(hostile, "headers-20000")[0].count("X-Header-") == 20_000
    assert len(set(re.findall(r"Content-Length: (\d+)", get(hostile, "two-content-lengths")[0]))) == 2
    assert len(get(hostile, "header-4mb")[0]) > 4_000_000
    assert not get(hostile, "garbage")[0].startswith("HTTP/")
    assert get(hostile, "status-206")[0].startswith("HTTP/1.1 206")
    assert get(hostile, "status-304")[0].startswith("HTTP/1.1 304")
    assert get(hostile, "cookie-bomb")[0].count("Set-Cookie") == 180
    assert "\x1b" in get(hostile, "ansi-header")[0]


@pytest.mark.parametrize("name", ["hang", "drip-header", "drip-body"])
def test_answers_that_never_end(hostile: Hostile, name: str) -> None:
    head, body, end = get(hostile, name, seconds=0.3)
    assert end == "timeout" and len(body) < 10 and (name != "hang" or not head)


def test_endless_streams_stop_when_the_client_has_enough(hostile: Hostile) -> None:
    for name in ("endless-headers", "body-1gb-no-length", "body-1gb-length", "body-1gb-chunked"):
        head, body, end = get(hostile, name, most=200_000)
        assert end == "enough" and len(head) + len(body) >= 200_000
    time.sleep(0.1)
    assert hostile.requests("bombs")[0]["sent"] < 64 << 20


def test_bombs_unpack(hostile: Hostile) -> None:
    _, body, _ = get(hostile, "gzip-bomb")
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    total, rest = 0, body
    while rest and not stream.eof:
        total += len(stream.decompress(rest, 1 << 22))
        rest = stream.unconsumed_tail
    assert stream.eof and total > 1 << 30 and len(body) < 2 << 20
    assert len(get(hostile, "zstd-bomb")[1]) < 40_000
    status = Path(f"/proc/{hostile.pid}/status")
    if status.exists():
        peak = re.search(r"VmHWM:\s+(\d+)", status.read_text())
        assert peak and int(peak[1]) < 200_000


def test_redirects_lead_to_the_canary_and_it_counts(hostile: Hostile) -> None:
    port = urlsplit(hostile.urls["canary"]).port
    for fault in SITES["redir"].faults:
        if fault.target == "canary":
            head, body, _ = get(hostile, fault.name)
            assert str(port) in head + body.decode()
    assert hostile.canary_hits() == []
    assert b"CANARY" in ask(hostile.urls["canary"], "/van-hoaxa-hoi/x-1")[0]
    socket.create_connection(("127.0.0.1", port)).close()
    time.sleep(0.1)
    hits = hostile.canary_hits()
    assert [hit["path"] for hit in hits] == ["/van-hoaxa-hoi/x-1", None]
    hostile.reset()
    assert hostile.canary_hits() == []


def test_redirects_in_circles(hostile: Hostile) -> None:
    assert "buoc=8" in get(hostile, "redir-infinite", "?buoc=7")[0]
    assert "Location: /\r" in get(hostile, "deleted-to-home")[0]
    assert BY_NAME["redir-moved"].fragments[0] in get(hostile, "redir-moved", "?trang=moi")[1].decode()


def test_robots(hostile: Hostile) -> None:
    def robots(site: str, seconds: float = 5) -> tuple[bytes, str]:
        return ask(hostile.urls[site], "/robots.txt", seconds=seconds)

    assert robots("robots-503")[0].startswith(b"HTTP/1.1 503")
    assert robots("robots-hang", 0.2) == (b"", "timeout")
    assert b"Location: /robots.txt" in robots("robots-loop")[0]
    big = robots("robots-5mb")[0]
    assert len(big) > 5_000_000 and 390_000 < big.index(b"/cam-") < 500 * 1024
    assert b"\r\n\r\n\xef\xbb\xbfUSER-AGENT" in robots("robots-bom-crlf")[0]
    assert [entry["path"] for entry in hostile.requests("robots-503")] == ["/robots.txt"]


def test_dead_hosts_and_tls(hostile: Hostile) -> None:
    assert ask(hostile.urls["host-mute"], "/", seconds=0.2) == (b"", "timeout")
    with pytest.raises(ConnectionRefusedError):
        ask(hostile.urls["host-closed"], "/")
    context = ssl.create_default_context()
    context.check_hostname = False
    for name in ("tls-expired", "tls-wrong-name"):
        if name not in hostile.urls:
            pytest.skip("no openssl here: no TLS sites")
        port = urlsplit(hostile.urls[name]).port
        with socket.create_connection(("127.0.0.1", port), timeout=5) as sock, pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(sock)
    with socket.create_connection(("127.0.0.1", urlsplit(hostile.urls["tls-hang"]).port), timeout=0.3) as sock, pytest.raises(TimeoutError):
        context.wrap_socket(sock)


def test_retry_after(hostile: Hostile) -> None:
    for name in ("retry-seconds", "retry-date", "retry-past", "retry-garbage", "retry-24h", "retry-none", "retry-listing"):
        site = SITES[name]
        raw = ask(hostile.urls[name], site.controls[0].path)[0]
        assert raw.split(b" ", 2)[1] in (b"429", b"503"), raw
        assert (b"Retry-After: " in raw) == (name != "retry-none")
        assert ask(hostile.urls[name], "/robots.txt")[0].startswith(b"HTTP/1.1 200")
    hostile.control("phase", 2, site="retry-seconds")
    assert ask(hostile.urls["retry-seconds"], SITES["retry-seconds"].controls[0].path)[0].startswith(b"HTTP/1.1 200")


def test_encodings(hostile: Hostile) -> None:
    def fault_and_body(name: str) -> tuple[Fault, str, bytes]:
        head, body, _ = get(hostile, name)
        return BY_NAME[name], head, body

    fault, head, body = fault_and_body("utf8-as-latin1")
    assert "iso-8859-1" in head and fault.fragments[0].encode() in body
    fault, head, body = fault_and_body("utf16be-header")
    assert fault.fragments[0] in body.decode("utf-16-be")
    fault, head, body = fault_and_body("double-utf8")
    assert fault.fragments[0].encode() not in body and "khuyáº¿n" in body.decode()
    assert b"khuy\xd5n h\xe4c" in fault_and_body("tcvn3")[2]
    with pytest.raises(UnicodeDecodeError):
        fault_and_body("cp1258-as-utf8")[2].decode()
    assert fault_and_body("jpeg")[2].startswith(b"\xff\xd8\xff")


def test_markup(hostile: Hostile) -> None:
    assert get(hostile, "divs-100000")[1].count(b"<div>") >= 100_000
    assert len(get(hostile, "text-12mb")[1]) > 12_000_000
    assert get(hostile, "attributes-200000")[1].count(b"=1") >= 200_000
    assert hostile.urls["canary"].encode() + b"/xxe" in get(hostile, "xxe")[1]
    assert get(hostile, "forged-warc")[1].count(b"WARC/1.1\r\n") == 3


def test_phases(hostile: Hostile) -> None:
    for fault in SITES["truth"].faults:
        if fault.path and fault.good:
            assert fault.good.text.split("\n")[0] in get(hostile, fault.name)[1].decode()
    hostile.control("phase", 2)
    changed = [f for f in SITES["truth"].faults if f.good and f.expect == "refused"]
    assert len(changed) >= 13
    assert not any(fault.good and fault.good.paragraphs[2] in get(hostile, fault.name)[1].decode() for fault in changed)
    hostile.control("phase", 3, site="truth")
    page = get(hostile, "edited")[1].decode()
    assert "ArticleContent" not in page and BY_NAME["edited"].fragments[0] in page


def test_traps_have_no_end(hostile: Hostile) -> None:
    assert b"/van-hoaxa-hoi/page/901" in ask(hostile.urls["trap-pager"], "/van-hoaxa-hoi/page/900")[0]
    base = hostile.urls["trap-sessions"]
    assert ask(base, "/van-hoaxa-hoi")[0] != ask(base, "/van-hoaxa-hoi")[0]
    good = SITES["trap-sessions"].controls[0]
    for spelling in (f"{good.path};jsessionid=0a", f"/(S(0a)){good.path}", f"{good.path}?PHPSESSID=0a"):
        assert good.paragraphs[0].encode() in ask(base, spelling)[0]
    assert b'href="page/"' in ask(hostile.urls["trap-relative"], "/van-hoaxa-hoi/page/page/")[0]
    many = ask(hostile.urls["trap-50000-links"], "/van-hoaxa-hoi")[0]
    assert many.count(b"<a href=") > 50_000 and len(many) < 8 << 20
