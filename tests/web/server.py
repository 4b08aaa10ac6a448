"""The real thing: ``datasette archive.db -m datasette_metadata.json`` in a process of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Served:
    """A server in a process of its own: its address, the process, and the file that takes what it prints."""

    home: str
    process: subprocess.Popen[bytes]
    log: IO[bytes]

    def printed(self) -> str:
        """Everything it has printed."""
        self.log.seek(0)
        return self.log.read().decode()

    def cpu(self) -> float:
        """CPU seconds it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident megabytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


@contextlib.contextmanager
def datasette_process(archive: Path, *options: str, metadata: Path = METADATA) -> Iterator[Served]:
    """Serves an archive with the command of the README plus port and options; ends the process afterwards."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("datasette")), str(archive), "-m", str(metadata), "-p", str(port), *options]
    # A file, not a pipe: a server whose lines nobody reads would stand still after some hundred of them.
    with tempfile.TemporaryFile() as log, subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT) as process:
        served = Served(f"http://127.0.0.1:{port}", process, log)
        try:
            _wait(served)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


@contextlib.contextmanager
def datasette_server(archive: Path, *options: str) -> Iterator[str]:
    """The same; yields the address only."""
    with datasette_process(archive, *options) as served:
        yield served.home


def _wait(served: Served) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if served.process.poll() is not None:
            raise RuntimeError(f"datasette ended at once: {served.printed()}")
        try:
            with urllib.request.urlopen(f"{served.home}/-/versions.json", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"datasette did not answer within {_PATIENCE} s")
