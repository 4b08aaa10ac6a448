"""Two web archives on loopback over the same captures: one laid out like the Wayback Machine, one like Common Crawl.

They answer as the documented servers do, count what they are asked, and misbehave where a test tells them to.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, quote_plus, unquote, urlsplit

from scraper.archive.provenance import build_archived
from scraper.archive.warc_writer import warcinfo_record
from scraper.items import Capture
from tests.backfill.truth import stamp

COLLECTIONS = ("CC-MAIN-2019-01", "CC-MAIN-2022-33")
PAGE = 30


@dataclass(frozen=True)
class Kept:
    """One capture as an archive keeps it."""

    capture: Capture
    digest: str
    collection: str
    offset: int
    length: int
    revisit: bool = False

    @property
    def stamp(self) -> str:
        return stamp(self.capture.fetched_at)

    @property
    def key(self) -> str:
        parts = urlsplit(self.capture.url)
        host = (parts.hostname or "").removeprefix("www.")
        return ",".join(reversed(host.split("."))) + ")" + parts.path + (f"?{parts.query}" if parts.query else "")


def sha1(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body).digest()).decode()


@dataclass
class Museum:
    """Use as a context manager. ``faults``: what is served first, by a part of the path: (status, headers, body)."""

    captures: Iterable[Capture]
    robots: str | None = None
    revisits: frozenset[tuple[str, str]] = frozenset()
    faults: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    touch: str | None = None  # what a toolbar would put in
    most: int = 1_000_000  # captures of one answer
    wait: float = 0.0  # seconds before each answer
    log: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.kept: list[Kept] = []
        self.files: dict[str, bytes] = {}
        for number, name in enumerate(COLLECTIONS):
            data = warcinfo_record(f"{name}.warc.gz", name)
            mine = [one for one in self.captures if (one.fetched_at < "2020") == (number == 0)]
            for one in mine:
                member = build_archived(one).data
                revisit = (one.url, one.fetched_at) in self.revisits
                self.kept.append(Kept(one, sha1(one.body), name, len(data), len(member), revisit))
                data += member
            self.files[f"/crawl-data/{name}/{name}.warc.gz"] = data
        self.kept.sort(key=lambda one: (one.key, one.stamp))
        museum = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                museum.log.append(self.path)
                time.sleep(museum.wait)
                status, headers, body = museum.answer(self.path, self.headers.get("Range"), self.headers.get("User-Agent") or "")
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args: object) -> None:
                """A client that was killed is no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.agents: Counter[str] = Counter()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def wayback(self) -> str:
        return f"{self.url}/cdx/search/cdx"

    @property
    def commoncrawl(self) -> str:
        return f"{self.url}/collinfo.json"

    def asked(self, *, robots: bool = False) -> list[str]:
        """What was asked since the last time, but for robots.txt."""
        found = [path for path in self.log if robots or path != "/robots.txt"]
        self.log.clear()
        return found

    def answer(self, path: str, part: str | None, agent: str) -> tuple[int, dict[str, str], bytes]:
        self.agents[agent] += 1
        for word, answers in self.faults.items():
            if word in path and answers:
                return answers.pop(0)
        parts = urlsplit(path)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path == "/robots.txt":
            return (200, {"Content-Type": "text/plain"}, self.robots.encode()) if self.robots else (404, {}, b"")
        if parts.path == "/collinfo.json":
            years = {"CC-MAIN-2019-01": ("2019-01-01", "2019-12-31"), "CC-MAIN-2022-33": ("2022-01-01", "2027-12-31")}
            return self._json(
                [
                    {"id": n, "cdx-api": f"{self.url}/{n}-index", "from": a + "T00:00:00", "to": b + "T00:00:00"}
                    for n, (a, b) in years.items()
                ]
            )
        if parts.path.endswith("-index"):
            return self._index(parts.path[1:].removesuffix("-index"), asked)
        if parts.path in self.files:
            return self._part(self.files[parts.path], part)
        if parts.path == "/cdx/search/cdx":
            return self._cdx(asked)
        return self._replay(path)

    def _json(self, told: object) -> tuple[int, dict[str, str], bytes]:
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()

    def _found(self, asked: dict[str, str]) -> list[Kept]:
        wanted = asked["url"].removeprefix("www.")
        days = (asked.get("from", ""), asked.get("to", "99999999") + "99")
        out = []
        for one in self.kept:
            parts = urlsplit(one.capture.url)
            host = parts.netloc.removeprefix("www.")
            fits = host == wanted if asked["matchType"] == "host" else (host + parts.path).startswith(wanted)
            if fits and days[0] <= one.stamp <= days[1]:
                out.append(one)
        return out

    def _index(self, name: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        found = [one for one in self._found(asked) if one.collection == name and not one.revisit]
        if not found:
            return 404, {"Content-Type": "application/json"}, json.dumps({"message": f"No Captures found for: {asked['url']}"}).encode()
        if asked.get("showNumPages"):
            return self._json({"pages": -(-len(found) // PAGE), "pageSize": 5, "blocks": 1})
        page = int(asked["page"])
        rows = [
            {
                "urlkey": one.key, "timestamp": one.stamp, "url": one.capture.url, "mime": one.capture.media_type,
                "status": str(one.capture.status), "digest": one.digest, "length": str(one.length), "offset": str(one.offset),
                "filename": f"crawl-data/{name}/{name}.warc.gz", "charset": "UTF-8",
            }
            for one in found[page * PAGE : (page + 1) * PAGE]
        ]  # fmt: skip
        return 200, {"Content-Type": "text/x-ndjson"}, "".join(json.dumps(row) + "\n" for row in rows).encode()

    def _part(self, data: bytes, part: str | None) -> tuple[int, dict[str, str], bytes]:
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", part or "")
        if match is None:
            return 200, {}, data
        first, last = int(match[1]), int(match[2])
        return 206, {"Content-Range": f"bytes {first}-{last}/{len(data)}"}, data[first : last + 1]

    def _cdx(self, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        found = self._found(asked)
        start = 0
        if asked.get("resumeKey"):
            start = next(n for n, one in enumerate(found) if f"{one.key} {one.stamp}!" > asked["resumeKey"])
        limit = min(int(asked["limit"]), self.most)
        head = asked["fl"].split(",")
        rows: list[list[str]] = [head] if found else []
        for one in found[start : start + limit]:
            told = {
                "timestamp": one.stamp, "original": one.capture.url, "mimetype": "warc/revisit" if one.revisit else one.capture.media_type,
                "statuscode": "-" if one.revisit else str(one.capture.status), "digest": one.digest,
            }  # fmt: skip
            rows.append([told[name] or "unk" for name in head])
        if start + limit < len(found):
            last = found[start + limit - 1]
            rows += [[], [quote_plus(f"{last.key} {last.stamp}!")]]
        return self._json(rows)

    def _replay(self, path: str) -> tuple[int, dict[str, str], bytes]:
        match = re.match(r"/web/(\d{14})id_/(.+)", path)
        if match is None:
            return 404, {}, b"nothing here"
        same = [one for one in self.kept if one.capture.url == match[2] or one.capture.url == unquote(match[2])]
        if not same:
            return 404, {}, b"not archived"
        for one in same:
            if one.stamp == match[1]:
                at = datetime.strptime(one.stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
                told = {f"x-archive-orig-{name.lower()}": value for name, value in one.capture.headers}
                told |= {"Memento-Datetime": format_datetime(at, usegmt=True), "x-archive-src": "spn.warc.gz", "Server": "nginx"}
                told["Content-Type"] = one.capture.header("Content-Type") or "text/html"
                coding = one.capture.header("Content-Encoding")
                if coding:
                    told["Content-Encoding"] = coding
                body = one.capture.body
                if self.touch:
                    body = body.replace(b"<html>", b"<html>" + self.touch.encode(), 1)
                return one.capture.status, told, body
        return 302, {"Location": f"/web/{same[0].stamp}id_/{same[0].capture.url}"}, b""
