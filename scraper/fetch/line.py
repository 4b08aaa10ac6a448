"""Captures in line for the child that reads them: the next ones lie in the socket already while one is read.

Nothing here waits: when bytes can go or come is for those to find out who wait in their own way (:mod:`scraper.fetch.ahead` where they
stand, :mod:`scraper.fetch.reader` in the loop of a crawl).
"""

from __future__ import annotations

import pickle
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from scraper.cms.family import Family
from scraper.fetch.child import LENGTH, READ_SECONDS, START_SECONDS, Child, NoProcess, may_fork, too_long
from scraper.items import Capture, Reading

_CHUNK = 1 << 18


@dataclass(slots=True, eq=False)
class Asked:
    """A reading that is being made."""

    request: bytes
    done: Reading | None = None

    def answer(self, reading: Reading) -> None:
        """Here it is."""
        self.done = reading


def request(family: type[Family], capture: Capture) -> bytes:
    """What is sent to the child for one capture."""
    data = pickle.dumps((family, capture), pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def _fork() -> Child | None:
    """A child for the first page, if one is to be had now."""
    try:
        return Child(forked=True)
    except NoProcess:
        return None


class Line:
    """A child, started with the first capture, and what it was asked for, answered in this order. Use as a context manager.

    ``early``: nothing is open yet that a child must not hold (the archive), so that the first one may be a fork, made now.
    """

    def __init__(self, seconds: float = READ_SECONDS, *, early: bool = False) -> None:
        self._seconds = seconds
        self._waiting = _fork() if early and may_fork() else None
        self._child: Child | None = None
        self._greeted = False
        self._line: deque[Asked] = deque()
        self._out = bytearray()
        self._in = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child; what it was still to read is given up."""
        self._end_waiting()
        self._end()
        self._line.clear()

    @property
    def _limit(self) -> float:
        """How many seconds the next answer may take."""
        return self._seconds if self._greeted else START_SECONDS

    def _ask(self, asked: Asked) -> None:
        self._line.append(asked)
        if self._child is None:
            try:
                self._start()
            except NoProcess:
                self._line.pop()
                raise
        else:
            self._out += asked.request

    def _start(self) -> None:
        if self._waiting is not None and self._waiting.has_ended():
            self._end_waiting()
        self._child, self._waiting = self._waiting or Child(), None
        self._out += b"".join(asked.request for asked in self._line)

    def _send(self) -> bool:
        """Send what goes; False when nothing does now. Raises ConnectionError when the child has ended."""
        assert self._child is not None
        try:
            with memoryview(self._out)[:_CHUNK] as chunk:
                sent = self._child.socket.send(chunk)
        except BlockingIOError:
            return False
        del self._out[:sent]
        return True

    def _receive(self) -> bool:
        """Receive what is there and hand out whole answers; False when nothing is. Raises EOFError or ConnectionError as :meth:`_send`."""
        assert self._child is not None
        try:
            data = self._child.socket.recv(_CHUNK)
        except BlockingIOError:
            return False
        if not data:
            raise EOFError
        self._in += data
        if not self._greeted:
            self._greeted = True
            del self._in[:1]
        while len(self._in) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._in)[0]
            if len(self._in) < end:
                break
            reading: Reading = pickle.loads(self._in[LENGTH.size : end])  # noqa: S301 — of our own child
            del self._in[:end]
            self._line.popleft().answer(reading)
        return True

    def _give_up(self, said: Reading | None = None) -> None:
        """The child cannot read the first in the line (by default: not in time); those after it are for the next child."""
        first = self._line.popleft()
        self._end()
        first.answer(said or too_long(self._seconds))

    def _end_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.end()
            self._waiting = None

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None
        self._greeted = False
        self._out.clear()
        self._in.clear()
