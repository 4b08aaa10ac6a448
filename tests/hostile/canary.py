"""The canary: a port no crawl may ever reach. It records every connection and answers like the article that was asked for."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
from typing import Any

from . import markup
from .model import Series
from .wire import head

_BAIT = Series(60001).make("CANARY")
TITLE = f"CANARY {_BAIT.title}"
"""What stands in an archive that followed: search it for CANARY."""
_ASKED = re.compile(rb"^[A-Z]+ (\S+)")


class Canary:
    """Listens on 127.0.0.1 and, on the same port, on ::1 where there is IPv6."""

    def __init__(self) -> None:
        self.hits: list[dict[str, Any]] = []
        self.ipv6 = False

    async def start(self) -> str:
        """Listens; returns the address."""
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        if socket.has_ipv6:
            with contextlib.suppress(OSError):
                await asyncio.start_server(self._connection, "::1", port)
                self.ipv6 = True
        return f"http://127.0.0.1:{port}"

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hit: dict[str, Any] = {"at": time.time(), "on": writer.get_extra_info("sockname")[0], "path": None, "first": ""}
        self.hits.append(hit)
        with contextlib.suppress(ConnectionError, OSError, TimeoutError):
            async with asyncio.timeout(5):
                data = await reader.read(4096)
                hit["first"] = data.decode("latin-1")
                if asked := _ASKED.match(data):
                    hit["path"] = asked[1].decode("latin-1")
                page = markup.article(_BAIT, title=TITLE).encode()
                if hit["path"] == "/robots.txt":
                    page = b"User-agent: *\nCrawl-delay: 0\n"
                writer.write(head(200, [("Content-Length", str(len(page))), ("Connection", "close")]) + page)
                await writer.drain()
        writer.close()
