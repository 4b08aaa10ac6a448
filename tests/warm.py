"""``scrapy …`` as typed, in a process of its own that is forked from a warm one: most of what a short command costs is importing.

The command, its output, its exit code and the processes it starts are the real ones. Not for what is killed or fed from outside: that
is started by itself.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from scrapy.cmdline import execute
from scrapy.utils.misc import walk_modules_iter

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 240
"""Seconds that a command may take."""


class Warm:
    """The warm process of one copy of the project."""

    def __init__(self, root: Path = ROOT) -> None:
        command = [sys.executable, "-m", "tests.warm"]
        environment = os.environ | {"PYTHONPATH": str(root)}
        self._process = subprocess.Popen(command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def scrapy(self, *arguments: str, seconds: float = LONGEST, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; one that takes longer than ``seconds`` is killed and raises."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            asked = {"arguments": arguments, "environment": environment, "out": str(out), "err": str(err), "seconds": seconds}
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            code = json.loads(self._process.stdout.readline())
            said, complained = out.read_text("utf-8"), err.read_text("utf-8")
        if code is None:
            raise subprocess.TimeoutExpired(["scrapy", *arguments], seconds, said, complained)
        return subprocess.CompletedProcess(["scrapy", *arguments], code, said, complained)

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def scrapy(*arguments: str, seconds: float = LONGEST, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of this project in its warm process, which is started with the first."""
    return _ours().scrapy(*arguments, seconds=seconds, **environment)


@cache
def _ours() -> Warm:
    process = Warm()
    atexit.register(process.close)
    return process


def _serve() -> int:
    """Fork one command after the other until standard input ends; returns a command's exit code in its own process."""
    for package in ("scrapy.commands", "scraper.commands", "spiders"):  # every scrapy command imports them all
        list(walk_modules_iter(package))
    gc.freeze()
    assert "twisted.internet.reactor" not in sys.modules, "a reactor must not be shared by forks"
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            return _command(asked["arguments"], asked["environment"], asked["out"], asked["err"])
        print(json.dumps(ended(pid, asked["seconds"])), flush=True)
    return 0


def _command(arguments: list[str], environment: dict[str, str], out: str, err: str) -> int:
    for descriptor, path in enumerate((os.devnull, out, err)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.environ.update(environment)
    sys.modules.pop("scraper.settings", None)  # which the environment is part of
    sys.argv = ["scrapy", *arguments]
    execute()
    return 0


def ended(pid: int, seconds: float) -> int | None:
    """The exit code of a child; None for one that had to be killed after so many seconds."""
    handle = os.pidfd_open(pid)
    in_time = select.select([handle], [], [], seconds)[0]
    os.close(handle)
    if not in_time:
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code if in_time else None


if __name__ == "__main__":
    sys.exit(_serve())
