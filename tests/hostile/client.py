"""``Hostile``: the sites in a process of their own, for as long as a ``with`` block lasts."""

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


class Hostile:
    """Starts all sites on free ports. ``urls``: base URL of each site that can be served here, and of ``canary``."""

    def __init__(self) -> None:
        self.urls: dict[str, str] = {}
        self._control = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Starts the process and waits until it serves."""
        command = [sys.executable, "-m", "tests.hostile", "--until-stdin-closes"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            self.stop()
            raise RuntimeError(f"the hostile sites did not start (exit code {code})")
        self.urls = json.loads(line)
        self._control = urlsplit(self.urls.pop("control")).netloc
        return self

    def stop(self) -> None:
        """Ends the process: it leaves when its standard input closes, and is killed when it does not."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None

    def __enter__(self) -> Self:
        """Starts."""
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stops."""
        self.stop()

    @property
    def pid(self) -> int:
        """Of the server's process."""
        assert self._process is not None
        return self._process.pid

    def requests(self, site: str) -> list[dict[str, Any]]:
        """What a site was asked, in order: ``at`` (seconds since 1970), method, path with query, headers, bytes ``sent`` so far."""
        return list(self._ask("requests", site=site))

    def canary_hits(self) -> list[dict[str, Any]]:
        """Every connection to the canary: ``at``, ``on`` which address, ``path``, ``first`` bytes."""
        return list(self._ask("canary"))

    def control(self, action: str, value: Any = None, site: str | None = None) -> Any:
        """Turn a knob: ``control("phase", 2)`` for all sites, ``control("phase", 2, site="truth")`` for one."""
        return self._ask(action, value=value, site=site)

    def reset(self, site: str | None = None) -> None:
        """Forget requests, canary hits and phases (of one site; the canary's are always forgotten)."""
        self._ask("reset", site=site)

    def _ask(self, action: str, **arguments: Any) -> Any:
        connection = HTTPConnection(self._control, timeout=60)
        try:
            connection.request("POST", f"/{action}", json.dumps(arguments).encode(), {"Connection": "close"})
            reply = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        if "error" in reply:
            raise ValueError(reply["error"])
        return reply["result"]
