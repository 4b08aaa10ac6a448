"""A Redis that does not answer: said once, asked again ever more seldom, and said again when it is back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from dramatiq.common import dq_name
from redis import Redis
from redis.exceptions import RedisError

from scraper.workers.jobs import QUEUE

FIRST_SECONDS, LONGEST_SECONDS = 1.0, 30.0
"""Between two questions whether it is back."""


class Outage(logging.Filter):
    """Stands before what Dramatiq logs of the queue: each of its threads tells a cut of Redis every three seconds."""

    def __init__(self, redis: Redis, say: Callable[[str], None]) -> None:
        super().__init__()
        self._redis = redis
        self._say = say
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._waits = False

    def start(self) -> None:
        """Listen until :meth:`stop`."""
        for logger in self._loggers():
            logger.addFilter(self)

    def stop(self) -> None:
        """Leave the log as it was."""
        self._over.set()
        for logger in self._loggers():
            logger.removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether Dramatiq's line is let through: what is no matter of the network is."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, RedisError) and "connection error" not in str(record.msg):
            return True
        with self._lock:
            begins, self._waits = not self._waits, True
        if begins and not self._over.is_set():
            self._say(f"Redis does not answer ({error or record.getMessage().partition(': ')[2]}): no new jobs until it does")
            threading.Thread(target=self._wait, daemon=True).start()
        return False

    def _wait(self) -> None:
        """Ask until it answers."""
        pause = FIRST_SECONDS
        while not self._over.wait(pause):
            pause = min(2 * pause, LONGEST_SECONDS)
            try:
                self._redis.ping()
            except RedisError:
                continue
            with self._lock:
                self._waits = False
            self._say("Redis answers again")
            return

    @staticmethod
    def _loggers() -> list[logging.Logger]:
        return [logging.getLogger(f"dramatiq.worker.ConsumerThread({name})") for name in (QUEUE, dq_name(QUEUE))]
