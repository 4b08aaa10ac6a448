"""Alerts: each alarm is told once, its end once, to a real mail server and a real webhook; what could not be told is told later."""

from __future__ import annotations

import json
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.database import ArchiveDatabase
from scraper.archive.issues import record_issue
from scraper.archive.keeper import Keeper
from scraper.items import Problem
from scraper.portal import portals
from scraper.upkeep import alerts
from scraper.upkeep.alerts import ARCHIVE, NETWORK, Change, NotTold, alarms_of, change, check_address, remember, subject_of, text_of
from scraper.upkeep.health import Health, Trouble
from scraper.upkeep.sources import CrawlRow, SourceState
from tests import warm
from tests.hostile.tls import contexts

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


def health(name: str, *kinds: str) -> Health:
    troubles = tuple(Trouble(kind, "chi tiết", NOW - timedelta(days=1), grave=True) for kind in kinds)
    return Health(SourceState(portals()[name]), "alarm" if kinds else "well", troubles, NOW)


def test_each_alarm_is_told_once_and_so_is_its_end() -> None:
    first = [health("quang_tri", "challenge"), health("cao_bang")]
    told = change({}, first)
    assert [one.state.name for one in told.alarms] == ["quang_tri"]
    assert not change(alarms_of(first), first)
    worse = [health("quang_tri", "challenge", "silent"), health("cao_bang")]
    assert [one.state.name for one in change(alarms_of(first), worse).alarms] == ["quang_tri"]
    assert change(alarms_of(worse), first) == Change((), ())
    assert change(alarms_of(first), [health("quang_tri"), health("cao_bang")]) == Change((), ("quang_tri",))


def test_the_message_says_what_to_do() -> None:
    told = Change((health("quang_tri", "challenge"),), ("cao_bang",))
    assert subject_of(told) == "Khuyến học: 1 nguồn có sự cố, 1 nguồn đã ổn / 1 in trouble, 1 well again"
    text = text_of(told)
    assert "quang_tri: Cổng thông tin điện tử tỉnh Quảng Trị, https://www.quangtri.gov.vn/" in text
    assert "challenge: chi tiết (từ/since 2026-11-25)" in text
    assert "→ ask the portal" in text
    assert "Đã ổn / well again: cao_bang" in text


def cut(name: str) -> Health:
    troubles = (Trouble("own_network", "12 portals do not answer", NOW, grave=True),)
    return Health(SourceState(portals()[name]), "watch", troubles, NOW)


def test_a_cut_of_our_own_network_is_told_once_and_so_is_its_end() -> None:
    known = {"nghe_an": ["silent"], "cao_bang": ["challenge"]}
    found = [cut("quang_tri"), cut("cao_bang"), health("nghe_an", "silent")]
    told = change(known, found)
    assert told == Change((), (), network="12 portals do not answer")
    assert subject_of(told) == "Khuyến học: mạng của máy này đứt / our own network is cut"
    assert "own network: 12 portals do not answer\n  → look at the network" in text_of(told)
    during = remember(known, found)
    assert during == {**known, NETWORK: ["cao_bang", "quang_tri"]}
    assert not change(during, found)
    assert not change(during, [health("nghe_an", "silent")]), "of none of those that it cut off anything was seen"
    after = [health("quang_tri", "unreachable"), health("cao_bang"), health("nghe_an", "silent")]
    assert change(during, after) == Change((after[0],), ("cao_bang", NETWORK))
    assert remember(during, after) == {"nghe_an": ["silent"], "quang_tri": ["unreachable"]}


def test_one_crawl_without_an_answer_ends_no_alarm() -> None:
    failed = CrawlRow(NOW, NOW, "bad", "finished", 0, 0, 0, 1)
    known = {"quang_tri": ["silent"]}
    watched = Health(SourceState(portals()["quang_tri"], (failed,)), "watch", (Trouble("unreachable", "", NOW, grave=False),), NOW)
    assert not change(known, [watched])
    assert remember(known, [watched]) == known


def test_of_what_was_not_examined_or_has_ended_nothing_is_told() -> None:
    known = {"quang_tri": ["challenge"], "cao_bang": ["silent"], "nghe_an": ["silent"], ARCHIVE: ["unreadable"]}
    ended = Health(SourceState(portals()["cao_bang"]), "ended", (), None)
    found = [health("quang_tri", "silent"), ended]
    assert (told := change(known, found)) == Change((found[0],), (ARCHIVE,))
    assert "well again: archive.db" in text_of(told)
    assert remember(known, found) == {"quang_tri": ["silent"], "nghe_an": ["silent"]}


@pytest.mark.parametrize(
    "address",
    [
        "ten@example.org",
        "http://example.org/hook",
        "file:///etc/passwd",
        "mailto:nobody",
        "",
        "https://",
        "https://exa mple.org/",
        "https://hội.vn/",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(NotTold, match="--tell takes"):
        check_address(address)


# By the command


class Mailbox(socketserver.StreamRequestHandler):
    """Enough of an SMTP server to take one message a connection."""

    def handle(self) -> None:
        self.wfile.write(b"220 hop thu\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            tls = self.server.tls  # type: ignore[attr-defined]
            if word == b"EHLO" and tls and not isinstance(self.connection, ssl.SSLSocket):
                self.wfile.write(b"250-hop thu\r\n250 STARTTLS\r\n")
                continue
            if word == b"STAR":
                self.wfile.write(b"220 go on\r\n")
                self.connection = tls.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
                continue
            if word == b"MAIL" and tls and not isinstance(self.connection, ssl.SSLSocket):
                self.wfile.write(b"530 Must issue a STARTTLS command first\r\n")
                continue
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(line)
                self.server.got.append(b"".join(lines))  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return

    def finish(self) -> None:
        super().finish()
        self.connection.close()


class Hook(BaseHTTPRequestHandler):
    """A webhook."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(json.loads(body))  # type: ignore[attr-defined]
        if not self.server.status:  # type: ignore[attr-defined]
            self.wfile.write(b"no answer of HTTP\r\n")
            return
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Location", "/moved")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Silent."""


def serve(server: Any) -> Iterator[Any]:
    server.got = []
    server.status = 204
    server.tls = None
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox() -> Iterator[Any]:
    yield from serve(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox))


@pytest.fixture
def hook() -> Iterator[Any]:
    yield from serve(HTTPServer(("127.0.0.1", 0), Hook))


@pytest.fixture
def troubled(tmp_path: Path) -> Path:
    """An archive whose one source is shut out."""
    path = tmp_path / "archive.db"
    with ArchiveDatabase(path) as archive:
        archive.claim_origin("live")
        keeper = Keeper(archive, portals()["quang_tri"].facts(), "crawl")
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with archive.transaction() as db:
            record_issue(db, "quang_tri", "https://www.quangtri.gov.vn/tin-tuc", Problem("challenge", "cookie"), at)
        keeper.finish("finished", "bad")
    return path


def told(archive: Path, mailbox: Any, hook: Any) -> subprocess.CompletedProcess[str]:
    addresses = ("--tell", "mailto:hoi@example.vn", "--tell", f"http://127.0.0.1:{hook.server_address[1]}/")
    server = f"MAIL_SERVER=127.0.0.1:{mailbox.server_address[1]}"
    return warm.scrapy("health", "--db", str(archive), "-s", server, *addresses)


def test_told_once_by_mail_and_webhook(troubled: Path, mailbox: Any, hook: Any) -> None:
    assert told(troubled, mailbox, hook).returncode == 1
    assert told(troubled, mailbox, hook).returncode == 1
    (mail,) = [message_from_bytes(raw, policy=policy.default) for raw in mailbox.got]
    assert mail["To"] == "hoi@example.vn"
    assert mail["Subject"] == "Khuyến học: 1 nguồn có sự cố / 1 in trouble"
    assert "Cổng thông tin điện tử tỉnh Quảng Trị" in mail.get_content()
    (posted,) = hook.got
    assert [(one["source"], one["status"]) for one in posted["alarms"]] == [("quang_tri", "alarm")]
    with ArchiveDatabase(troubled) as archive:
        Keeper(archive, portals()["quang_tri"].facts(), "crawl").finish("finished", "good")
    assert told(troubled, mailbox, hook).returncode == 0
    assert hook.got[1]["over"] == ["quang_tri"]
    assert len(mailbox.got) == 2


@pytest.mark.parametrize("status", [500, 301, 0], ids=["failed", "moved", "no HTTP"])
def test_what_could_not_be_told_is_told_later_and_to_nobody_else_again(troubled: Path, mailbox: Any, hook: Any, status: int) -> None:
    hook.status = status
    for _ in range(2):
        failed = told(troubled, mailbox, hook)
        assert (failed.returncode, "could not be told" in failed.stderr) == (10, True), failed.stderr
    hook.status = 204
    assert told(troubled, mailbox, hook).returncode == 1
    assert [len(one["alarms"]) for one in hook.got] == [1, 1, 1]
    assert len(mailbox.got) == 1


@pytest.mark.parametrize("scheme", ["mail", "hook"])
def test_an_answer_that_drips_holds_nobody_up(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    class Dripping(socketserver.StreamRequestHandler):
        """A byte now and then: no single wait is long."""

        def handle(self) -> None:
            with suppress(OSError):
                while not over.wait(0.05):
                    self.wfile.write(b"2")

    over = threading.Event()
    monkeypatch.setattr(alerts, "TIMEOUT", 0.5)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        host = f"127.0.0.1:{server.server_address[1]}"
        address = "mailto:hoi@example.vn" if scheme == "mail" else f"http://{host}/"
        try:
            with pytest.raises(NotTold, match=r"no answer within 0\.5 seconds"):
                alerts.send(address, Change((), ("cao_bang",)), {}, "ten@example.vn", host)
        finally:
            over.set()
            server.shutdown()


def test_a_mail_server_that_wants_encryption(troubled: Path, mailbox: Any, hook: Any, tmp_path: Path) -> None:
    mailbox.tls = contexts(tmp_path).get("wrong_name") or pytest.skip("openssl is not installed")
    done = told(troubled, mailbox, hook)
    assert (done.returncode, len(mailbox.got)) == (1, 1), done.stderr


def test_what_cannot_be_remembered_is_said(troubled: Path, mailbox: Any, hook: Any) -> None:
    troubled.with_name("archive.db.told.new").mkdir()
    done = told(troubled, mailbox, hook)
    assert (done.returncode, "Traceback" in done.stderr, "is told again" in done.stderr) == (10, False, True)


def test_an_archive_that_cannot_be_read_is_told_once_and_so_is_its_end(troubled: Path, mailbox: Any, hook: Any) -> None:
    kept = troubled.read_bytes()
    troubled.write_bytes(b"x" * 4096)
    for _ in range(2):
        assert told(troubled, mailbox, hook).returncode == 2
    troubled.write_bytes(kept)
    assert told(troubled, mailbox, hook).returncode == 1
    assert [(one["archive"] is not None, one["over"]) for one in hook.got] == [(True, []), (False, ["archive.db"])]
    assert len(mailbox.got) == 2


def gone_wrong(hook: Any, *command: str) -> subprocess.CompletedProcess[str]:
    hooked = f"http://127.0.0.1:{hook.server_address[1]}/"
    return warm.scrapy(*command, "--tell", hooked, seconds=60, KHUYEN_HOC_CONTACT="hoi@example.vn")


def test_a_schedule_that_cannot_read_its_archive_tells_so_before_it_ends(troubled: Path, hook: Any) -> None:
    troubled.write_bytes(b"x" * 4096)
    done = gone_wrong(hook, "schedule", "-s", f"ARCHIVE_DB={troubled}")
    assert (done.returncode, "cannot be read" in done.stderr) == (2, True)
    assert ["cannot be read" in one["text"] for one in hook.got] == [True]


def test_a_keeper_that_cannot_go_on_tells_how_the_sources_are(troubled: Path, hook: Any) -> None:
    done = gone_wrong(hook, "keep", "-s", f"ARCHIVE_DB={troubled}", "--queue", "redis://127.0.0.1:1/0")
    assert (done.returncode, "127.0.0.1:1" in done.stderr) == (2, True)
    assert [[alarm["source"] for alarm in one["alarms"]] for one in hook.got] == [["quang_tri"]]
