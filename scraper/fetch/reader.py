"""Reading the pages of a crawl in a child process: on the second core, while the loop goes on fetching and earlier pages are stored."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from scraper.cms.family import Family
from scraper.fetch.child import NoProcess, too_large
from scraper.fetch.line import Asked, Line, request
from scraper.items import Capture, Reading

STOOD_STILL = 0.5
"""Seconds by which a timer is late when the loop was kept from running: large pages may wait half sent, or half received."""


@dataclass(slots=True, eq=False, kw_only=True)
class Awaited(Asked):
    """A reading that somebody awaits, or did: who was cancelled is told nothing."""

    future: asyncio.Future[Reading]

    def answer(self, reading: Reading) -> None:
        """Wake the one who waits."""
        self.done = reading
        if not self.future.done():
            self.future.set_result(reading)

    def fail(self, error: NoProcess) -> None:
        """There will be no answer."""
        if not self.future.done():
            self.future.set_exception(error)


class Reader(Line):
    """A child process that reads captures in the order in which this was asked for, fed and listened to by the running loop."""

    _loop: asyncio.AbstractEventLoop
    _timer: asyncio.TimerHandle | None = None
    _due = 0.0
    _writing = False

    async def read(self, family: type[Family], capture: Capture) -> Reading:
        """Read one capture; a page that exceeds the limits gives a reading with the problem ``too_heavy``."""
        self._loop = asyncio.get_running_loop()
        awaited = Awaited(request(family, capture), future=self._loop.create_future())
        self._ask(awaited)
        self._feed()
        if self._timer is None:
            self._set_timer()
        return await awaited.future

    def _start(self) -> None:
        super()._start()
        assert self._child is not None
        self._loop.add_reader(self._child.socket, self._listen)

    def _end(self) -> None:
        if self._child is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._child.socket)
            self._loop.remove_writer(self._child.socket)
        self._writing = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        super()._end()

    def _feed(self) -> None:
        """Send what goes now, and have the loop call again for the rest."""
        assert self._child is not None
        try:
            while self._out and self._send():
                pass
        except ConnectionError:  # the child has ended, which is heard where it is listened to
            self._out.clear()
        if self._out and not self._writing:
            self._loop.add_writer(self._child.socket, self._feed)
        elif self._writing and not self._out:
            self._loop.remove_writer(self._child.socket)
        self._writing = bool(self._out)

    def _listen(self, *, late: bool = False) -> None:
        """Hand out what has come; ``late``: the time of the first in the line is over, unless it was the loop that had none."""
        first, greeted = self._line[0] if self._line else None, self._greeted
        try:
            self._receive()
        except (EOFError, ConnectionError) as error:
            self._next_child(too_large(error))
            return
        stood_still = late and self._loop.time() - self._due > STOOD_STILL
        if greeted != self._greeted or (first is not None and first.done is not None) or stood_still:
            self._set_timer()
        elif late:
            self._next_child()

    def _next_child(self, said: Reading | None = None) -> None:
        """The child is of no more use; whom it leaves unanswered is the first in the line's fault, if there is one."""
        if not self._line:
            self._end()
            return
        self._give_up(said)
        if not self._line:
            return
        try:
            self._start()
        except NoProcess as error:  # each that waits must be told
            for asked in self._line:
                assert isinstance(asked, Awaited)
                asked.fail(error)
            self._line.clear()
            return
        self._feed()
        self._set_timer()

    def _set_timer(self) -> None:
        """Give the first in the line its time."""
        if self._timer is not None:
            self._timer.cancel()
        self._due = self._loop.time() + self._limit
        self._timer = self._loop.call_at(self._due, partial(self._listen, late=True)) if self._line else None
