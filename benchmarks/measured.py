"""``python -m benchmarks.measured FIGURES.json COMMAND…``: run a command, and write what it and all its children cost.

CPU: user and system seconds of every process that the command started, also of those that it did not wait for: they become our
children (Linux: PR_SET_CHILD_SUBREAPER). Memory: the most that was resident at once, summed over the processes; what two share
counts twice. The exit code is the command's. Only the standard library, so that it runs in any environment.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
EVERY = 0.05
"""Seconds between two looks at the memory."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


def descendants(pid: int) -> list[int]:
    """The processes below one."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        for children in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            try:
                below = [int(word) for word in children.read_text().split()]
            except OSError:  # it ended between two looks
                continue
            found += below
            waiting += below
    return found


def resident(pids: list[int]) -> int:
    """Resident bytes of some processes."""
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
        except (OSError, IndexError):
            continue
    return total


def run(command: list[str]) -> dict[str, float]:
    """Run it to the end of its last process."""
    most = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(EVERY):
            most = max(most, resident(descendants(os.getpid())))

    started = time.monotonic()
    process = subprocess.Popen(command)
    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    wall = time.monotonic() - started
    try:
        while True:
            os.wait()
    except ChildProcessError:  # none is left
        pass
    done.set()
    watcher.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"code": code, "wall": wall, "user": used.ru_utime, "system": used.ru_stime, "memory": most / 1e6}


def main() -> int:
    """Run the command line."""
    figures, *command = sys.argv[1:]
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this system cannot tell what a command's children cost")
    cost = run(command)
    Path(figures).write_text(json.dumps(cost))
    return int(cost["code"])


if __name__ == "__main__":
    sys.exit(main())
