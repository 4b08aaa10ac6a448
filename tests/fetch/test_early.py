"""A child that is a fork reads as a spawned one does, holds nothing of its crawler's, and ends with it.

In processes of their own: one of several threads, as a test's may be, is never forked.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.command import lives, wait_until

ROOT = Path(__file__).resolve().parents[2]
_BEFORE = """
import os, sys, threading, time
from pathlib import Path
from scraper.fetch.ahead import ReadAhead
from tests.fetch.test_reader import CAPTURE, Deadly, Good, Slow

def children():
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]

def is_fork(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes() == Path("/proc/self/cmdline").read_bytes()

def main():
"""


def run(*lines: str) -> str:
    script = _BEFORE + "".join(f"    {line}\n" for line in lines) + "if __name__ == '__main__':\n    main()\n"
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout


def test_it_is_there_before_it_is_asked_and_reads() -> None:
    said = run(
        "with ReadAhead(early=True) as reader:",
        "    (child,) = children()",
        "    print(is_fork(child), reader.read(Good, CAPTURE).rank, reader.read(Good, CAPTURE).rank, children() == [child])",
        "print(children())",
    )
    assert said == "True 7 7 True\n[]\n"


def test_one_that_was_never_asked_is_ended() -> None:
    assert run("with ReadAhead(early=True):", "    pass", "print(children())") == "[]\n"


def test_it_holds_nothing_that_was_open(tmp_path: Path) -> None:
    said = run(
        f"held = open({str(tmp_path / 'held')!r}, 'w')",
        "with ReadAhead(early=True) as reader:",
        "    reader.read(Good, CAPTURE)",
        "    (child,) = children()",
        "    print(sorted(os.readlink(one).split(':')[0] for one in Path(f'/proc/{child}/fd').iterdir() if int(one.name) > 2))",
    )
    assert said == "['socket']\n"


def test_after_a_page_that_ended_it_another_reads_on() -> None:
    said = run(
        "with ReadAhead(seconds=10, early=True) as reader:",
        "    print([problem.kind for problem in reader.read(Deadly, CAPTURE).problems], reader.read(Good, CAPTURE).rank)",
        "    print([is_fork(child) for child in children()])",
    )
    first, second = said.splitlines()
    assert first == "['too_heavy'] 7"
    assert "True" not in second


@pytest.mark.parametrize("seconds", [0, 0.5])
def test_one_that_was_killed_before_its_first_page_is_no_pages_fault(seconds: float) -> None:
    """Before it said that it is there, and after."""
    said = run(
        "with ReadAhead(early=True) as reader:",
        "    (child,) = children()",
        f"    time.sleep({seconds})",
        "    os.kill(child, 9)",
        "    time.sleep(0.2)",
        "    print(reader.read(Good, CAPTURE).rank)",
    )
    assert said == "7\n"


def test_where_none_can_be_forked_one_is_spawned_later() -> None:
    said = run(
        "fork = os.fork",
        "def none_left():",
        "    raise BlockingIOError(11, 'Resource temporarily unavailable')",
        "os.fork = none_left",
        "with ReadAhead(early=True) as reader:",
        "    os.fork = fork",
        "    print(reader.read(Good, CAPTURE).rank)",
    )
    assert said == "7\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_it_ends_with_a_crawler_that_had_no_standard_streams(closed: str, tmp_path: Path) -> None:
    """Its end of the socket may have the number of one of them."""
    told = tmp_path / "told"
    lines = ("reader = ReadAhead(early=True)", "reader.read(Good, CAPTURE)", f"Path({str(told)!r}).write_text(str(children()[0]))")
    script = tmp_path / "script.py"
    script.write_text(_BEFORE + "".join(f"    {line}\n" for line in (*lines, "os.kill(os.getpid(), 9)")) + "main()\n", encoding="utf-8")
    subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" "$1" {closed}', sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        check=False,
        timeout=60,
    )
    child = int(told.read_text(encoding="utf-8"))
    wait_until(lambda: not lives(child))


def test_a_process_of_several_threads_is_not_forked() -> None:
    said = run(
        "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        "with ReadAhead(early=True) as reader:",
        "    print(children(), reader.read(Good, CAPTURE).rank, [is_fork(child) for child in children()])",
    )
    assert said.startswith("[] 7 ")
    assert "True" not in said


def test_it_ends_with_a_crawler_that_was_killed() -> None:
    lines = ("reader = ReadAhead(early=True)", "reader.read(Good, CAPTURE)", "print(*children(), flush=True)", "time.sleep(600)")
    script = _BEFORE + "".join(f"    {line}\n" for line in lines) + "main()\n"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as crawler:
        assert crawler.stdout is not None
        child = int(crawler.stdout.readline())
        crawler.send_signal(signal.SIGKILL)
        crawler.wait()
        wait_until(lambda: not lives(child))
