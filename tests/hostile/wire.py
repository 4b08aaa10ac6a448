"""One request and the socket it came by: answers in order, and every way to break one."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from .site import Site

Headers = Iterable[tuple[str, str]]
HTML = "text/html; charset=utf-8"
PATIENCE = 900.0
"""Seconds after which even a hanging answer ends."""
_PHRASES = {200: "OK", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently", 302: "Found", 304: "Not Modified"}


class Exchange:
    """A request with its connection. ``close``: nothing may follow the answer on this connection."""

    def __init__(self, site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, entry: dict[str, Any]) -> None:
        self.site = site
        self.reader = reader
        self.writer = writer
        self.entry = entry
        self.method: str = entry["method"]
        self.target: str = entry["path"]
        parts = urlsplit(self.target if self.target.startswith("/") else "/")
        self.path, self.query = parts.path, parts.query
        self.body = b""
        self.close = False

    async def send(self, data: bytes) -> None:
        """Write some bytes and wait until the kernel has them."""
        self.writer.write(data)
        await self.writer.drain()
        self.entry["sent"] += len(data)

    async def reply(self, body: str | bytes, status: int = 200, headers: Headers = (), kind: str = HTML) -> None:
        """A correct answer."""
        data = body.encode() if isinstance(body, str) else body
        await self.send(head(status, (*headers, ("Content-Length", str(len(data)))), kind) + (b"" if self.method == "HEAD" else data))

    async def redirect(self, location: str, status: int = 302) -> None:
        """Send elsewhere."""
        await self.reply("<a href>Moved</a>", status, (("Location", location),))

    async def hang(self) -> None:
        """Say nothing (more) until the client leaves."""
        self.close = True
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(PATIENCE):
                while await self.reader.read(65536):
                    pass

    async def pour(self, piece: bytes, times: int, pause: float = 0.0) -> None:
        """The same bytes again and again, as long as the client takes them."""
        self.close = True
        for _ in range(times):
            await self.send(piece)
            await asyncio.sleep(pause)

    async def reset(self) -> None:
        """Break the connection with RST, after what was sent has had time to arrive."""
        self.close = True
        await asyncio.sleep(0.05)
        sock: socket.socket | None = self.writer.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def head(status: int, headers: Headers = (), kind: str | None = HTML) -> bytes:
    """Status line and headers, with the empty line."""
    lines = [f"HTTP/1.1 {status} {_PHRASES.get(status, 'Status')}", "Server: Microsoft-IIS/10.0"]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


async def read_request(site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Exchange | None:
    """The next request on a connection, logged; None when there is none."""
    raw = await reader.readuntil(b"\r\n\r\n")
    first, *rest = raw.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) < 2:
        return None
    pairs = (line.partition(":") for line in rest if ":" in line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    entry = {"at": time.time(), "method": words[0], "path": words[1], "headers": headers, "sent": 0}
    site.log.append(entry)
    exchange = Exchange(site, reader, writer, entry)
    exchange.close = headers.get("connection", "").lower() == "close"
    length = headers.get("content-length", "0")
    if length.isdigit() and 0 < int(length) < 1 << 20:
        exchange.body = await reader.readexactly(int(length))
    return exchange


async def serve_connection(site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """All requests of one connection."""
    writer.transport.set_write_buffer_limits(0)
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, OSError):
        while exchange := await read_request(site, reader, writer):
            await site.answer(exchange)
            if exchange.close:
                break
    writer.close()
    with contextlib.suppress(ConnectionError, OSError, TimeoutError):
        async with asyncio.timeout(2):
            await writer.wait_closed()
