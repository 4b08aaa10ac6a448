"""What a disk holds after the power failed: the calls of a traced run replayed with only that kept which had been synced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,pwrite64,fdatasync,fsync,ftruncate,unlink"
KEPT = (".db", "-wal", "-journal", ".warc.gz")
"""The files that hold the archive. Its lock, the log's index and the page digests may be lost."""
_CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += (\d+)")
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")

State = dict[str, bytes]


def trace_arguments(log: Path) -> list[str]:
    """The options of strace that make a log for :class:`Disk`. Only the thread that writes is traced."""
    return ["-o", str(log), "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}"]


@dataclass(slots=True)
class Disk:
    """The files below a folder, as the kernel has them and as the disk is sure to have them."""

    root: str
    cached: dict[str, bytearray] = field(default_factory=dict)
    durable: State = field(default_factory=dict)
    _unlinked: set[str] = field(default_factory=set)

    def replay(self, log: Path) -> Iterator[str]:
        """Follow a log; yields the path of each file just before it is synced, when most can be lost, and at the end."""
        for line in log.read_text(encoding="ascii").splitlines():
            found = _CALL.match(line)
            if found and (name := self._follow(found[1], found[2], int(found[3]))):
                yield name
                self._sync(name)
        yield "the end"

    def _follow(self, call: str, arguments: str, result: int) -> str | None:
        if call == "openat":
            name = _unescaped(arguments.split('"')[1]).decode()
            if "O_CREAT" in arguments and name.startswith(self.root) and name.endswith(KEPT):
                self.cached.setdefault(name, bytearray())
            return None
        if call == "unlink":
            name = _unescaped(arguments.split('"')[1]).decode()
            self.cached.pop(name, None)
            self._unlinked.add(name)
            return None
        name = _unescaped(arguments.partition("<")[2].partition(">")[0]).decode()
        if name not in self.cached and call not in ("fsync", "fdatasync"):
            return None
        if call == "pwrite64":
            data = _unescaped(arguments.split('"')[1])[:result]
            offset = int(arguments.rsplit(", ", 1)[1])
            content = self.cached[name]
            content.extend(bytes(max(0, offset - len(content))))
            content[offset : offset + len(data)] = data
            return None
        if call == "ftruncate":
            length = int(arguments.rsplit(", ", 1)[1])
            content = self.cached[name]
            del content[length:]
            content.extend(bytes(length - len(content)))
            return None
        return name

    def _sync(self, name: str) -> None:
        if name in self.cached:
            self.durable[name] = bytes(self.cached[name])
            return
        for gone in [path for path in self._unlinked if str(Path(path).parent) == name]:
            self._unlinked.discard(gone)
            if gone not in self.cached:
                self.durable.pop(gone, None)
        for path in self.cached:
            if str(Path(path).parent) == name:
                self.durable.setdefault(path, b"")

    def states(self) -> Iterator[tuple[str, State]]:
        """What may be found now: only what was synced; or also the log, the segments, the database, whole or half."""
        yield "only what was synced", dict(self.durable)
        for end in ("-wal", ".warc.gz", ".db"):
            for name, content in self.cached.items():
                before = self.durable.get(name, b"")
                if name.endswith(end) and content != before:
                    yield f"{end} not lost", {**self.durable, name: bytes(content)}
                    if content.startswith(before):
                        half = (len(content) - len(before)) // 2
                        yield f"half of {end} lost", {**self.durable, name: bytes(content[: len(before) + half])}
                        yield f"{end} of zeros", {**self.durable, name: before + bytes(len(content) - len(before))}

    def write(self, state: State, folder: Path) -> None:
        """Lay a state out in another folder."""
        for name, content in state.items():
            path = folder / Path(name).relative_to(self.root)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _unescaped(text: str) -> bytes:
    return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), text.encode())
