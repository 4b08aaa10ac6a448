"""``python -m tests.crash.zygote``: a warm process that forks one run after the other, under strace where a fault is asked for.

From the command line a crawl of twelve articles spends nine tenths of its time importing and starting its reader process.
Here everything is imported once and pages are read in process; command, engine, HTTP, archive and exit code are the real ones.
One JSON line in is one :class:`Job`, one JSON line out is its exit code (negative: the signal that ended it).
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from scrapy.cmdline import execute
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object, walk_modules_iter

import scraper.archive.rebuild
import scraper.archive.verify_readings
import scraper.commands.crawl
import scraper.commands.replay
import scraper.fetch.session
from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.portal import portals
from scraper.settings import DOWNLOADER_MIDDLEWARES
from tests.at_once import AtOnce
from tests.crash.job import HUNG, Job
from tests.crash.pages import captures
from tests.warm import ended

PORTAL = portals()["quang_tri"]


def main() -> None:
    """Serve until standard input ends."""
    _warm()
    for line in sys.stdin:
        print(json.dumps(_run(Job(**json.loads(line)))), flush=True)


def _warm() -> None:
    # As Session does without a reader: pages are read where they are fetched.
    vars(scraper.commands.crawl).update(Reader=lambda **_: contextlib.nullcontext())
    for module in (scraper.fetch.session, scraper.commands.replay, scraper.archive.rebuild, scraper.archive.verify_readings):
        vars(module).update(ReadAhead=AtOnce)
    for capture in captures(PORTAL, articles=2):
        PORTAL.read(capture)
    names = [*default_settings.DOWNLOADER_MIDDLEWARES_BASE, *default_settings.SPIDER_MIDDLEWARES_BASE, *default_settings.EXTENSIONS_BASE]
    for name in (*names, *DOWNLOADER_MIDDLEWARES, default_settings.SCHEDULER, default_settings.DOWNLOAD_HANDLERS_BASE["http"]):
        load_object(name)
    for package in ("scrapy.commands", "scraper.commands"):  # every scrapy command imports them all
        list(walk_modules_iter(package))
    assert "twisted.internet.reactor" not in sys.modules, "a reactor must not be shared by forks"
    gc.freeze()


def _run(job: Job) -> int:
    pid = os.fork()
    if pid == 0:
        _child(job)
    tracer = None
    if job.strace:
        os.waitpid(pid, os.WUNTRACED)
        tracer = subprocess.Popen(["strace", "-qq", *job.strace, "-p", str(pid)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while not _is_traced(pid):
            if tracer.poll() is not None:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                raise RuntimeError(f"strace: {tracer.communicate()[1].decode()}")
            time.sleep(0.001)
        os.kill(pid, signal.SIGCONT)
    code = ended(pid, job.seconds)
    if tracer is not None:
        tracer.communicate()
    return HUNG if code is None else code


def _is_traced(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return "TracerPid:\t0\n" not in status


def _child(job: Job) -> NoReturn:
    folder = Path(job.folder)
    for descriptor, path in ((0, Path(os.devnull)), (1, folder / "stdout"), (2, folder / "stderr")):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | (os.O_TRUNC if descriptor else 0), 0o644)
        os.dup2(opened, descriptor)
        os.close(opened)
    if job.file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job.file_size, job.file_size))
    if not job.floor:
        vars(scraper.fetch.session).update(check_floor=lambda folder: None)
    if job.strace:
        os.kill(os.getpid(), signal.SIGSTOP)
    code = 1
    try:
        name, *arguments = job.argv
        code = JOBS[name](*arguments) if name in JOBS else _scrapy(job.argv)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _scrapy(argv: list[str]) -> int:
    try:
        execute(["scrapy", *argv])
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else 0
    return 0


def _open(archive: str) -> int:
    """The first opening: the schema, the origin, and the log folded in."""
    with ArchiveDatabase(Path(archive)) as database:
        database.claim_origin("demo")
    return 0


def _recover(archive: str, base_url: str) -> int:
    """What every crawl does before its first request: bring segment and database together, read what was left unread."""
    with ArchiveDatabase(Path(archive)) as database:
        database.claim_origin("demo")
        spider = PORTAL(base_url=base_url, keeper=Keeper(database, PORTAL.facts(base_url), "crawl"))
        spider.session.recover()
        spider.session.close("shutdown")
    return 0


JOBS: dict[str, Callable[..., int]] = {"@open": _open, "@recover": _recover}

if __name__ == "__main__":
    main()
