"""``Replica``: the portals in a process of their own, for as long as a ``with`` block lasts."""

from __future__ import annotations

import json
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
PORTAL_NAMES = ("quang_tri", "cao_bang_thach_an")


class Replica:
    """Starts the portals on free ports, tells their addresses and the truth, turns their knobs, and stops them."""

    def __init__(
        self,
        articles: int = 300,
        seed: int = 2022,
        portals: tuple[str, ...] = PORTAL_NAMES,
        ports: dict[str, int] | None = None,
    ) -> None:
        self.urls: dict[str, str] = {}
        wanted = {name: (ports or {}).get(name, 0) for name in portals}
        self._command = [
            sys.executable,
            "-m",
            "tests.replica",
            "--until-stdin-closes",
            "--articles",
            str(articles),
            "--seed",
            str(seed),
            *(part for name, port in wanted.items() for part in ("--port", f"{name}={port}")),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Starts the process and waits until it serves."""
        self._process = subprocess.Popen(self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the replica did not start (exit code {self._process.wait()})")
        self.urls = json.loads(line)
        return self

    def stop(self) -> None:
        """Kills the process."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None

    def __enter__(self) -> Self:
        """Starts."""
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stops."""
        self.stop()

    def control(self, portal: str, action: str, **arguments: Any) -> Any:
        """Turns a knob (see control.py); returns what it answers."""
        connection = HTTPConnection(urlsplit(self.urls[portal]).netloc, timeout=60)
        try:
            connection.request("POST", f"/__replica__/{action}", json.dumps(arguments).encode())
            reply = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        if "error" in reply:
            raise ValueError(reply["error"])
        return reply["result"]

    def truth(self, portal: str) -> list[dict[str, Any]]:
        """Every article as it stands, newest first."""
        return list(self.control(portal, "truth"))

    def requests(self, portal: str) -> list[dict[str, Any]]:
        """What was asked: method, path, status, headers (lower-case names), and when (seconds of a clock that only runs)."""
        return list(self.control(portal, "requests"))

    def clear_requests(self, portal: str) -> None:
        """Forgets what was asked."""
        self.control(portal, "clear_requests")
