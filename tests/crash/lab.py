"""Where crawls are broken: a replica to crawl, warm processes to crawl it, faults to inject, sweeps over every call."""

from __future__ import annotations

import itertools
import json
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.crash.job import Job
from tests.crash.whole import whole
from tests.replica import Replica

ROOT = Path(__file__).resolve().parents[2]
SCRAPY = Path(sys.executable).with_name("scrapy")
PORTAL = "quang_tri"
HASTE = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_START_DELAY=0")
KILLED = -9
VERIFY_EVERY = 8
WORKERS = 2
FAILURES = 12
"""A sweep that fails this often is not gone on with."""
_PROGRESS = re.compile(r"(replay )?\w+: \d+ new, ")
CALLS = ("write", "pwrite64", "fdatasync", "fsync", "ftruncate", "rename", "unlink")


@dataclass(frozen=True, slots=True)
class Fault:
    """What strace does to the ``when``-th such call (``5``: the fifth, ``5+``: from the fifth on).

    Files written with other calls than write(2) are the archive's alone. With write(2) the lock is, but so are pipes of the
    command's children: ``only_lock`` leaves those alone.
    """

    call: str
    when: int | str
    what: str = "signal=KILL"
    only_lock: bool = False

    def arguments(self, archive: Path) -> list[str]:
        """The options of strace."""
        paths = ["-P", f"{archive}.lock"] if self.only_lock else []
        return ["-f", "-o", "/dev/null", *paths, "-e", f"trace={self.call}", "-e", f"inject={self.call}:{self.what}:when={self.when}"]


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def complaints(self) -> str:
        """What it said on standard error beside how far it is, which a crawl on a busy machine tells every ten seconds."""
        return "".join(line for line in self.err.splitlines(keepends=True) if not _PROGRESS.match(line))


class Zygote:
    """Client of :mod:`tests.crash.zygote`, which is started with its first run."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def run(self, job: Job) -> Run:
        """One run, to its end."""
        if self._process is None:
            command = [sys.executable, "-m", "tests.crash.zygote"]
            self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the zygote died; its traceback is above"
        folder = Path(job.folder)
        return Run(int(line), (folder / "stdout").read_text("utf-8", "replace"), (folder / "stderr").read_text("utf-8", "replace"))

    def close(self) -> None:
        """End the process with its last run."""
        if self._process is not None:
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.wait(60)


@dataclass(slots=True)
class Tally:
    """What a sweep did."""

    name: str
    injected: int = 0
    by_itself: int = 0
    failures: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Say how it went; fail with every place where it did not go well."""
        print(f"\n{self.name}: {self.injected} injected, {len(self.failures)} failed, {self.by_itself} ran to the end", file=sys.stderr)
        assert not self.failures, f"{len(self.failures)} of {self.injected}: " + "\n".join(self.failures)


class Lab:
    """One replica, two warm processes. Each experiment has a fresh folder, kept only if it fails."""

    def __init__(self, folder: Path, articles: int = 12) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._replica = Replica(articles=articles, portals=(PORTAL,))
        self._zygotes: queue.LifoQueue[Zygote] = queue.LifoQueue()

    def __enter__(self) -> Self:
        self._replica.start()
        for _ in range(WORKERS):
            self._zygotes.put(Zygote())
        self.url = self._replica.urls[PORTAL]
        self.truth: list[dict[str, Any]] = self._replica.truth(PORTAL)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        while not self._zygotes.empty():
            self._zygotes.get().close()
        self._replica.stop()

    def fresh(self) -> Path:
        """The path of an archive that is not there yet, in a folder of its own."""
        archive = self._folder / f"{next(self._numbers):05}" / "kho" / "archive.db"
        archive.parent.mkdir(parents=True)
        return archive

    def copy(self, folder: Path) -> Path:
        """The archive of a folder, in another place."""
        archive = self.fresh()
        shutil.copytree(folder, archive.parent, dirs_exist_ok=True)
        return archive

    def forget(self, archive: Path) -> None:
        """Remove what went well."""
        shutil.rmtree(archive.parent.parent)

    def slow_down(self, seconds: float) -> None:
        """Let the replica wait before every answer."""
        self._replica.control(PORTAL, "delay", seconds=seconds)

    def run(self, archive: Path, argv: list[str], fault: Fault | None = None, **options: Any) -> Run:
        """One run in a warm process."""
        strace = fault.arguments(archive) if fault else options.pop("strace", [])
        zygote = self._zygotes.get()
        try:
            return zygote.run(Job(argv, str(archive.parent.parent), strace, **options))
        finally:
            self._zygotes.put(zygote)

    def crawl(self, archive: Path, fault: Fault | None = None, **options: Any) -> Run:
        """A crawl of the replica."""
        return self.run(archive, crawl_arguments(self.url, archive), fault, **options)

    def resume(self, archive: Path, **options: Any) -> None:
        """Crawl undisturbed, and find everything whole. Now and then the archive's own command looks too."""
        run = self.crawl(archive, **options)
        assert run.code == 0 and not run.complaints, f"resume ended with {run.code}: {run.err[-1500:]}"
        whole(archive, self.truth)
        if int(archive.parent.parent.name) % VERIFY_EVERY == 0:
            self.verify(archive)

    def verify(self, archive: Path) -> None:
        """``scrapy verify --full`` must be clean."""
        run = self.run(archive, ["verify", "--full", "--db", str(archive)])
        assert run.code == 0, f"verify --full: {run.out[-1500:]} {run.err[-1500:]}"

    def each(
        self,
        name: str,
        cases: Iterable[Any],
        break_it: Callable[[Any, Path], bool],
        mend: Callable[[Path], None] | None = None,
        before: Path | None = None,
    ) -> Tally:
        """Break a fresh archive in each of the ways, two at a time, and ``mend`` it (default: resume).

        ``break_it`` says whether its fault struck; the first that did not is the last. ``before``: the folder of an archive
        to begin with; none by default.
        """
        tally = Tally(name)
        lock = threading.Lock()
        iterator = iter(cases)

        def work() -> None:
            while not tally.by_itself and len(tally.failures) < FAILURES:
                with lock:
                    case = next(iterator, None)
                if case is None:
                    return
                archive = self.copy(before) if before else self.fresh()
                struck = True
                try:
                    struck = break_it(case, archive)
                    (mend or self.resume)(archive)
                    self.forget(archive)
                except Exception as error:  # told with all others at the end
                    tally.failures.append(f"{name} {case} in {archive.parent}: {type(error).__name__}: {str(error)[:400]}")
                with lock:
                    tally.injected += struck
                    tally.by_itself += not struck

        with ThreadPoolExecutor(WORKERS) as pool:
            for future in [pool.submit(work) for _ in range(WORKERS)]:
                future.result()
        return tally

    def sweep(self, call: str, argv: Callable[[Path], list[str]], *, step: int = 1, mend: Callable[[Path], None] | None = None,
              before: Path | None = None) -> Tally:  # fmt: skip
        """Kill a run at every ``step``-th such call until it ends by itself; after each kill ``mend`` it."""

        def break_it(when: int, archive: Path) -> bool:
            run = self.run(archive, argv(archive), Fault(call, when))
            assert run.code in (KILLED, 0), f"ended with {run.code}: {run.err[-1500:]}"
            return run.code == KILLED

        return self.each(f"{argv(Path())[0]} killed at {call}", itertools.count(1, step), break_it, mend, before)


def crawl_arguments(url: str, archive: Path) -> list[str]:
    """``scrapy crawl`` of a replica, as fast as it goes."""
    return ["crawl", PORTAL, "-a", f"base_url={url}", "-s", f"ARCHIVE_DB={archive}", *HASTE]


def strace_command(fault: Fault, archive: Path) -> list[str]:
    """strace for a command of its own, whose children are traced too."""
    return ["strace", "-qq", *fault.arguments(archive)]


def shell(command: list[str], folder: Path = ROOT, seconds: float = 120) -> Run:
    """A command as a person runs it."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=seconds)
    return Run(done.returncode, done.stdout, done.stderr)
