"""Reading pages ahead of their turn, in a child with the limits of :mod:`scraper.fetch.reader`, while earlier ones are stored.

For what waits where it stands: replays, rebuilds, the taking in of what workers crawled. Bytes go to and fro only while something is
asked here; what lies between waits in the buffers of the socket, and the child goes on as long as they hold.
"""

from __future__ import annotations

import pickle
import select
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from scraper.cms.family import Family
from scraper.fetch.reader import LENGTH, READ_SECONDS, START_SECONDS, Child, too_large, too_long
from scraper.items import Capture, Reading

_CHUNK = 1 << 18


@dataclass(slots=True, eq=False)
class Waiting:
    """A reading that is being made."""

    reader: ReadAhead
    asked: bytes
    done: Reading | None = None

    def reading(self) -> Reading:
        """The reading, waited for; with the problem ``too_heavy`` for a page that exceeds the limits."""
        return self.done or self.reader.wait_for(self)


class ReadAhead:
    """A child process that reads captures in the order in which this was asked for. Use as a context manager; started with the first."""

    def __init__(self, seconds: float = READ_SECONDS) -> None:
        self._seconds = seconds
        self._child: Child | None = None
        self._greeted = False
        self._line: deque[Waiting] = deque()
        self._out = bytearray()
        self._in = bytearray()

    def __enter__(self) -> ReadAhead:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child; what it was still to read is given up."""
        self._end()
        self._line.clear()

    def read(self, family: type[Family], capture: Capture) -> Reading:
        """Read one capture and wait for it."""
        return self.begin(family, capture).reading()

    def begin(self, family: type[Family], capture: Capture) -> Waiting:
        """Have one capture read while something else is done."""
        data = pickle.dumps((family, capture), pickle.HIGHEST_PROTOCOL)
        waiting = Waiting(self, LENGTH.pack(len(data)) + data)
        self._line.append(waiting)
        if self._child is None:
            self._start()
        else:
            self._out += waiting.asked
        with suppress(EOFError, ConnectionError):  # told when an answer is waited for
            while self._exchange(0.0):
                pass
        return waiting

    def wait_for(self, wanted: Waiting) -> Reading:
        """The answer to one request; those before it are answered on the way."""
        while wanted.done is None:
            if self._child is None:
                self._start()
            first, greeted = self._line[0], self._greeted
            deadline = time.monotonic() + (self._seconds if greeted else START_SECONDS)
            try:
                while first.done is None and greeted == self._greeted:
                    if not self._exchange(deadline - time.monotonic()):
                        raise TimeoutError
            except TimeoutError:
                self._give_up(too_long(self._seconds))
            except (EOFError, ConnectionError) as error:
                self._give_up(too_large(error))
        return wanted.done

    def _start(self) -> None:
        self._child = Child()
        self._out += b"".join(waiting.asked for waiting in self._line)

    def _exchange(self, seconds: float) -> bool:
        """Wait so long for bytes to go or come, and take out whole answers; False when none went or came."""
        assert self._child is not None
        ours = self._child.socket
        poll = select.poll()  # select() knows no more than 1,024 files, and a crawl of hundreds of portals may have them open
        poll.register(ours, select.POLLIN | select.POLLOUT if self._out else select.POLLIN)
        events = poll.poll(max(seconds, 0.0) * 1000)
        for _, event in events:
            if event & select.POLLOUT:
                del self._out[: ours.send(self._out[:_CHUNK])]
            if event & ~select.POLLOUT:  # something to receive, or the end of it
                data = ours.recv(_CHUNK)
                if not data:
                    raise EOFError
                self._in += data
                self._take_out()
        return bool(events)

    def _take_out(self) -> None:
        if not self._greeted:
            self._greeted = True
            del self._in[:1]
        while len(self._in) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._in)[0]
            if len(self._in) < end:
                return
            self._line.popleft().done = pickle.loads(self._in[LENGTH.size : end])  # noqa: S301 — of our own child
            del self._in[:end]

    def _give_up(self, said: Reading) -> None:
        """The child cannot read the first page in the line, or not in time; those after it are for the next child."""
        self._line.popleft().done = said
        self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None
        self._greeted = False
        self._out.clear()
        self._in.clear()
