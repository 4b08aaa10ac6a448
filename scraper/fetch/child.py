"""The process in which captures are read, with limits of time and memory: no page can stop or swell a crawl.

It is asked over a socket. A pool of processes cost more CPU, by its threads and locks, than the reading of a short page (2026-11).
"""

from __future__ import annotations

import atexit
import gc
import logging
import multiprocessing
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from scraper.archive.database import ArchiveError
from scraper.cms.family import Family
from scraper.items import Capture, Problem, Reading

READ_SECONDS = 10.0
"""Wall time for one page; the slowest real page takes 0.3 s."""
READ_BYTES = 1024 * 1024 * 1024
"""Address space of the child."""
ALONE_SECONDS = 60
"""Wall time after which the child ends by itself: nobody else ends it when the crawler was killed over a page."""
START_SECONDS = 60.0
"""Wall time until the child is there; on an idle machine it is half a second."""
_STOPS = (signal.SIGINT, signal.SIGTERM)
LENGTH = struct.Struct("!Q")
"""Before every request and answer: how many bytes it has."""


class NoProcess(ArchiveError):
    """No process is to be had in which pages could be read."""

    exit_code = 11


def may_fork() -> bool:
    """Whether a child may be a fork: of several threads only one would be there, and what the others hold for ever held."""
    return sys.platform == "linux" and threading.active_count() == 1


class Child:
    """The process and our end of the socket to it. It says “+” once, and then answers one request after the other.

    Spawned, or ``forked``: that has everything loaded, which takes a spawned one 0.4 s of CPU, but inherits what is open here. So it
    is for the time before the archive is opened: one that took time to end after the crawler was killed would hold the archive's lock.
    """

    def __init__(self, *, forked: bool = False) -> None:
        try:
            self.socket, theirs = socket.socketpair()
        except OSError as error:
            raise _no_process(error) from error
        self.socket.setblocking(False)
        context = multiprocessing.get_context("fork" if forked else "spawn")
        serve, given = (_serve_forked, (theirs, self.socket)) if forked else (_serve, (theirs,))
        self._process = context.Process(target=serve, args=given, daemon=True)  # type: ignore[attr-defined]
        if forked:
            gc.freeze()  # what is loaded stays where it is, in memory that both share: the collector would write in all of it
        try:
            with _signals_later():
                self._process.start()
        except OSError as error:
            self.socket.close()
            raise _no_process(error) from error
        finally:
            theirs.close()
        # It ignores the signal by which multiprocessing ends what is left at exit, and would be waited for without end.
        atexit.register(self._process.kill)

    def has_ended(self) -> bool:
        """Whether it is gone, as one to which nobody has listened may be: what it had said still lies in the socket."""
        return not self._process.is_alive()

    def end(self) -> None:
        """End it, whatever it does: it holds nothing that is not here."""
        self.socket.close()
        atexit.unregister(self._process.kill)
        self._process.kill()
        self._process.join()
        self._process.close()


def _no_process(error: OSError) -> NoProcess:
    return NoProcess(f"no process could be started to read pages in ({error}). Let there be more of them, or more memory; nothing is lost.")


@contextmanager
def _signals_later() -> Iterator[None]:
    """The stop of a service that comes while a child begins is told to us; the child begins with ignoring it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve_forked(ours: socket.socket, theirs: socket.socket) -> None:
    """The child that is a fork: what the crawler had open is not its business, and the crawler's end of the socket least of all."""
    theirs.close()
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    kept = {ours.fileno(), *(number for number, stream in enumerate(streams) if stream is not None)}
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in kept:
            with suppress(OSError):  # the list itself was one
                os.close(int(name))
    logging.getLogger().handlers.clear()  # one may write to a file that is closed now; without, warnings go to standard error
    _serve(ours)


def _serve(ours: socket.socket) -> None:
    """The child: reads what comes until the crawler closes its end, or is gone."""
    # Ctrl-C on the terminal and the stop of a service reach us too. They are the crawler's business: it ends in good order, and
    # a page that we gave up half way would be told as one that cannot be read.
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    limit_memory()
    with ours, ours.makefile("rb") as stream, suppress(ConnectionError):  # which comes when the crawler was killed
        ours.sendall(b"+")
        frozen = False
        while len(head := stream.read(LENGTH.size)) == LENGTH.size:
            (length,) = LENGTH.unpack(head)
            asked = stream.read(length)
            if len(asked) < length:  # the crawler was killed
                return
            family, capture = pickle.loads(asked)  # noqa: S301 — of our own parent
            answer: Any = pickle.dumps(read_alone(family, capture), pickle.HIGHEST_PROTOCOL)
            ours.sendall(LENGTH.pack(len(answer)) + answer)
            if not frozen:  # what is loaded by now stays: the collector need not walk over it again and again
                gc.collect()
                gc.freeze()
                frozen = True


def limit_memory(most: int = READ_BYTES) -> None:
    """Let this process have no more address space than so many bytes, or than it may have anyway."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (least, least))


def too_long(seconds: float) -> Reading:
    """What is said of a page that was not read in time."""
    return Reading(problems=(Problem("too_heavy", f"not read within {seconds:.0f} seconds"),))


def too_large(error: BaseException) -> Reading:
    """What is said of a page that took all the memory there is for it, by how that showed."""
    return Reading(problems=(Problem("too_heavy", f"not read within {READ_BYTES >> 20} MiB ({type(error).__name__})"),))


def read_alone(family: type[Family], capture: Capture) -> Reading:
    """Read one capture in a process that is there for nothing else: it ends over a page that takes :data:`ALONE_SECONDS`."""
    signal.alarm(ALONE_SECONDS)  # the signal ends us, also in the middle of a pattern that never ends
    try:
        return read_safely(family, capture)
    finally:
        signal.alarm(0)


def read_safely(family: type[Family], capture: Capture) -> Reading:
    """Read one capture here; an error of ours becomes a problem of that page and stops no other."""
    try:
        return family.read(capture)
    except (MemoryError, RecursionError) as error:
        return too_large(error)
    except Exception as error:  # the one place where any error of the reading is met: it becomes an issue that names it
        return Reading(problems=(Problem.of_fault("reader_failed", error),))
