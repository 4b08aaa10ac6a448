"""The real thing: ``datasette archive.db -m datasette_metadata.json`` in a process of its own."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
METADATA = ROOT / "datasette_metadata.json"
_PATIENCE = 30.0


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def datasette_server(archive: Path, *options: str) -> Iterator[str]:
    """Serves an archive with the command of the README plus port and options; yields its address, ends the process afterwards."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("datasette")), str(archive), "-m", str(METADATA), "-p", str(port), *options]
    # Into a file: a pipe that nobody reads holds the server up after some hundred requests.
    with tempfile.TemporaryFile("w+") as log, subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process:
        try:
            home = f"http://127.0.0.1:{port}"
            _wait(process, home, log)
            yield home
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: subprocess.Popen[bytes], home: str, log: IO[str]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            log.seek(0)
            raise RuntimeError(f"datasette ended at once: {log.read()}")
        try:
            with urllib.request.urlopen(f"{home}/-/versions.json", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"datasette did not answer within {_PATIENCE} s")
