"""The queue of jobs: Dramatiq on Redis carries orders to workers, and a record in Redis says how far each source's job is.

A job is begun at most once. One that was begun and not ended, because its worker died, is not run again: the keeper takes in what the
worker handed in and queues a new one that knows of it. So a message that comes twice does no harm, and nothing is asked twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Retries
from redis import Redis

from scraper.workers.order import Order

QUEUE = "khuyen-hoc"
HEARTBEAT_SECONDS = 60.0
"""After so long without a sign of life a worker's messages are given to others."""
NETWORK_SECONDS = 5.0
"""How long Redis may take to answer before it counts as cut off."""
RECORD_SECONDS = 7 * 24 * 3600
_RECORD = "khuyen-hoc:job:"
# A queued job becomes a running one, unless it was begun, or another was queued since.
_BEGIN = """
local text = redis.call('get', KEYS[1])
if not text then return 0 end
local job = cjson.decode(text)
if job['id'] ~= ARGV[1] or job['state'] ~= 'queued' then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'ex', ARGV[3])
return 1
"""
_REPLACE = """
local text = redis.call('get', KEYS[1])
if text and cjson.decode(text)['id'] == ARGV[1] then
    if ARGV[2] == '' then redis.call('del', KEYS[1]) else redis.call('set', KEYS[1], ARGV[2], 'ex', ARGV[3]) end
end
"""

State = Literal["queued", "running", "ended"]


@dataclass(frozen=True, slots=True)
class Job:
    """How far the job of one source is. ``at``: since when (UTC); ``parts``: in how many it was handed in; ``error``: why in none."""

    id: str
    source: str
    state: State
    at: str
    worker: str | None = None
    parts: int = 0
    error: str | None = None


def connect(url: str) -> Redis:
    """A client that gives up on a Redis that does not answer, and does not look silently for another way in."""
    scheme = urlsplit(url).scheme
    if scheme not in ("redis", "rediss", "unix"):
        raise ValueError(f"the queue must be like redis://127.0.0.1:6379/0, not {url!r}")
    return Redis.from_url(url, socket_timeout=NETWORK_SECONDS, socket_connect_timeout=NETWORK_SECONDS, socket_keepalive=True)


class Jobs:
    """The queue and the records in one Redis."""

    def __init__(self, redis: Redis, *, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self.redis = redis
        self.broker = RedisBroker(  # type: ignore[no-untyped-call]
            client=redis,
            # Retries alone: Dramatiq's limits of time are for tasks of minutes, and a crawl may take a day.
            middleware=[Retries(max_retries=None)],  # type: ignore[arg-type]
            namespace=QUEUE,
            heartbeat_timeout=int(heartbeat_seconds * 1000),
            # Of each command one in ten looks after messages of the dead; the usual one in a thousand may take an hour.
            maintenance_chance=100_000,
        )
        self.broker.declare_queue(QUEUE)

    def queue(self, order: Order, at: str) -> None:
        """Queue a job; its record is there before it."""
        self._set(Job(order.job, order.source, "queued", at))
        message: dramatiq.Message[Any] = dramatiq.Message(queue_name=QUEUE, actor_name="crawl", args=(order.pack(),), kwargs={}, options={})
        self.broker.enqueue(message)

    def waiting(self) -> int:
        """How many messages there are, those that workers have in hand included."""
        return sum(int(self.redis.hlen(f"{QUEUE}:{name}.msgs")) for name in (QUEUE, f"{QUEUE}.DQ"))

    def consume(self, crawl: Callable[[str], None]) -> None:
        """Name what runs a job; a :class:`dramatiq.Retry` from it has the job come again later."""
        dramatiq.actor(actor_name="crawl", queue_name=QUEUE, broker=self.broker, max_retries=None)(crawl)

    def of(self, source: str) -> Job | None:
        """The job of a source; None when there is none."""
        text = self.redis.get(_RECORD + source)
        return Job(**json.loads(text)) if text else None

    def begin(self, job: Job) -> bool:
        """Mark a job as begun; False when it was already, or another has taken its place."""
        return bool(self.redis.eval(_BEGIN, 1, _RECORD + job.source, job.id, _text(job), RECORD_SECONDS))

    def end(self, job: Job) -> None:
        """Mark a job as ended, if it still is its source's."""
        self.redis.eval(_REPLACE, 1, _RECORD + job.source, job.id, _text(job), RECORD_SECONDS)

    def forget(self, job: Job) -> None:
        """Forget a job, if it still is its source's."""
        self.redis.eval(_REPLACE, 1, _RECORD + job.source, job.id, "", 0)

    def _set(self, job: Job) -> None:
        self.redis.set(_RECORD + job.source, _text(job), ex=RECORD_SECONDS)


def _text(job: Job) -> str:
    return json.dumps({name: value for name, value in asdict(job).items() if value is not None})
