"""Reading pages ahead of their turn, in a child with the limits of :mod:`scraper.fetch.child`, while earlier ones are stored.

For what waits where it stands: replays, rebuilds, the taking in of what workers crawled. Bytes go to and fro only while something is
asked here; what lies between waits in the buffers of the socket, and the child goes on as long as they hold.
"""

from __future__ import annotations

import select
import time
from contextlib import suppress
from dataclasses import dataclass

from scraper.cms.family import Family
from scraper.fetch.child import too_large
from scraper.fetch.line import Asked, Line, request
from scraper.items import Capture, Reading


@dataclass(slots=True, eq=False, kw_only=True)
class Waiting(Asked):
    """A reading that can be waited for."""

    reader: ReadAhead

    def reading(self) -> Reading:
        """The reading, waited for; with the problem ``too_heavy`` for a page that exceeds the limits."""
        return self.done or self.reader.wait_for(self)


class ReadAhead(Line):
    """A child process that reads captures in the order in which this was asked for."""

    def read(self, family: type[Family], capture: Capture) -> Reading:
        """Read one capture and wait for it."""
        return self.begin(family, capture).reading()

    def begin(self, family: type[Family], capture: Capture) -> Waiting:
        """Have one capture read while something else is done."""
        waiting = Waiting(request(family, capture), reader=self)
        self._ask(waiting)
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
            deadline = time.monotonic() + self._limit
            try:
                while first.done is None and greeted == self._greeted:
                    if not self._exchange(deadline - time.monotonic()):
                        raise TimeoutError
            except TimeoutError:
                self._give_up()
            except (EOFError, ConnectionError) as error:
                self._give_up(too_large(error))
        return wanted.done

    def _exchange(self, seconds: float) -> bool:
        """Wait so long for bytes to go or come; False when none went or came."""
        assert self._child is not None
        poll = select.poll()  # select() knows no more than 1,024 files, and a crawl of hundreds of portals may have them open
        poll.register(self._child.socket, select.POLLIN | select.POLLOUT if self._out else select.POLLIN)
        events = poll.poll(max(seconds, 0.0) * 1000)
        for _, event in events:
            if event & select.POLLOUT:
                self._send()
            if event & ~select.POLLOUT:  # something to receive, or the end of it
                self._receive()
        return bool(events)
