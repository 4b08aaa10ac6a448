"""All sites, the canary and the control port in one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import time
from functools import partial
from pathlib import Path
from typing import Any

from . import tls
from .canary import Canary
from .site import Site
from .table import SITES
from .wire import PATIENCE, Exchange, serve_connection


class Server:
    """Starts everything and obeys the control port."""

    def __init__(self, folder: Path) -> None:
        self.urls: dict[str, str] = {}
        self.canary = Canary()
        self._folder = folder
        self._held: list[Any] = []

    async def start(self) -> dict[str, str]:
        """Listens; returns the address of every site, of the canary and of ``control``."""
        self.urls["canary"] = await self.canary.start()
        contexts = tls.contexts(self._folder)
        for site in SITES.values():
            if site.manner in ("expired", "wrong_name", "legacy") and site.manner not in contexts:
                continue
            port = await self._listen(site, contexts.get(site.manner))
            self.urls[site.name] = f"{site.scheme}://127.0.0.1:{port}"
            site.urls = self.urls
        self.urls["control"] = f"http://127.0.0.1:{await self._listen(Site('control', (), hook=self._control), None)}"
        return self.urls

    async def _listen(self, site: Site, context: ssl.SSLContext | None) -> int:
        if site.manner == "closed":
            return await self._closed_port()
        handler = partial(_mute if site.manner in ("mute", "tls_hang") else serve_connection, site)
        server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context, backlog=128)
        self._held.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _closed_port(self) -> int:
        """A port that is taken, so that nobody else gets it, and on which nobody listens."""
        sock = socket.socket()
        sock.bind(("127.0.0.1", 0))
        self._held.append(sock)
        port: int = sock.getsockname()[1]
        return port

    async def _control(self, x: Exchange) -> bool:
        try:
            result = self._perform(x.path.strip("/"), json.loads(x.body or b"{}"))
            status, answer = 200, {"result": result}
        except (KeyError, TypeError, ValueError) as error:
            status, answer = 400, {"error": f"{type(error).__name__}: {error}"}
        await x.reply(json.dumps(answer), status, kind="application/json")
        return True

    def _perform(self, action: str, arguments: dict[str, Any]) -> Any:
        chosen = [SITES[arguments["site"]]] if arguments.get("site") else list(SITES.values())
        if action == "requests":
            return SITES[arguments["site"]].log
        if action == "canary":
            return self.canary.hits
        if action == "phase":
            for site in chosen:
                site.phase = int(arguments["value"])
            return None
        if action == "reset":
            self.canary.hits.clear()
            for site in chosen:
                site.reset()
            return None
        raise ValueError(f"no such action: {action!r} (requests, canary, phase, reset)")


async def _mute(site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take what comes and say nothing. The log has a line for each connection, without a path."""
    entry: dict[str, Any] = {"at": time.time(), "method": "CONNECTION", "path": "", "headers": {}, "sent": 0}
    site.log.append(entry)
    with contextlib.suppress(ConnectionError, OSError, TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while await reader.read(65536):
                pass
    writer.close()
