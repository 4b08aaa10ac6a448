"""A real pywb, in the venv of ``make pywb``, over a collection of WARC or WACZ files."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv-pywb" / "bin"
COLLECTION = "kho"


class Pywb:
    """Use as a context manager: the collection is made, then served on loopback. Ended with its process alone."""

    def __init__(self, folder: Path, files: Sequence[Path]) -> None:
        self._folder = folder
        self._files = files
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.cdx = f"{self.url}/{COLLECTION}/cdx"

    def __enter__(self) -> Self:
        # Without frames: what a browser shows at an address is the page itself.
        (self._folder / "config.yaml").write_text("collections_root: collections\nframed_replay: false\n", encoding="utf-8")
        manager = [str(BIN / "python"), str(BIN / "wb-manager")]
        _run([*manager, "init", COLLECTION], self._folder)
        for file in self._files:
            unpack = ["--unpack-wacz"] if file.suffix == ".wacz" else []
            _run([*manager, "add", *unpack, COLLECTION, str(file)], self._folder)
        self._log = (self._folder / "pywb.log").open("w+", encoding="utf-8")
        command = [str(BIN / "python"), str(BIN / "wayback"), "-b", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(command, cwd=self._folder, stdout=self._log, stderr=self._log)
        end = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < end, self.log()
            time.sleep(0.1)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._log.close()

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/", timeout=5):
                return True
        except (URLError, OSError):
            return False

    def log(self) -> str:
        self._log.flush()
        return (self._folder / "pywb.log").read_text(encoding="utf-8", errors="replace")

    def asked(self) -> list[str]:
        """The paths pywb says it was asked for."""
        return [line.split('"')[1].split(" ")[1] for line in self.log().splitlines() if '"GET ' in line]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def tool(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """One of the tools beside pywb: warcio, cdxj-indexer, wacz."""
    command = [str(BIN / "python"), str(BIN / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
