"""Leases on hosts: at no moment may two workers ask the same one, whatever dies, hangs or is cut off.

A lease is a key in Redis with the worker's name in it that Redis forgets after a while. A worker renews what it holds from a thread of
its own, and counts from before it asked Redis to: by its own clock its lease ends sooner than by Redis's. It sends no request whose
answer could come later than that end. What Redis forgets when it is killed is made good by waiting: in a Redis that has not been up
for the length of a lease, a new lease may not be used yet, since the holder of a forgotten one may not have noticed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError

LEASE_SECONDS = 90.0
"""How long a host stays closed after its worker died; three times what one request may take."""
_PREFIX = "khuyen-hoc:lease:"
# In one step each: what is looked at may not change before it is written.
_TAKE = """
for _, key in ipairs(KEYS) do
    if redis.call('exists', key) == 1 then return redis.call('pttl', key) end
end
for _, key in ipairs(KEYS) do redis.call('set', key, ARGV[1], 'px', ARGV[2]) end
return -9
"""
_TAKEN = -9
_RENEW = """
for _, key in ipairs(KEYS) do
    if redis.call('get', key) ~= ARGV[1] then return 0 end
end
for _, key in ipairs(KEYS) do redis.call('pexpire', key, ARGV[2]) end
return 1
"""
_RELEASE = """
for _, key in ipairs(KEYS) do
    if redis.call('get', key) == ARGV[1] then
        if tonumber(ARGV[2]) > 0 then redis.call('set', key, '', 'px', ARGV[2]) else redis.call('del', key) end
    end
end
"""


class HostBusy(Exception):
    """Another worker has a lease on the host; ``seconds``: for how long yet at most."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"another worker asks this host, for up to {seconds:.0f} seconds")
        self.seconds = seconds


@dataclass(slots=True)
class Lease:
    """A lease on the hosts of one source. ``ask_seconds``: how long a request may be under way."""

    keys: tuple[str, ...]
    token: str
    ask_seconds: float
    ends: float
    lost: bool = False

    def may_ask(self) -> bool:
        """Whether a request sent now will be over before another worker may ask."""
        return not self.lost and time.monotonic() + self.ask_seconds < self.ends


class Leases:
    """The leases of one worker process, renewed until they are given back."""

    def __init__(
        self, redis: Redis, worker: str, *, seconds: float = LEASE_SECONDS, ask_seconds: float, lost: Callable[[Lease], None] | None = None
    ) -> None:
        if seconds < 2 * ask_seconds:
            raise ValueError(
                f"a lease of {seconds:.0f} s is too short where one request may take {ask_seconds:.0f} s: make it three times that"
            )
        self._redis = redis
        self._worker = worker
        self._seconds = seconds
        self._ask_seconds = ask_seconds
        self._tell_lost = lost or (lambda _: None)
        self._held: list[Lease] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._count = 0
        self._thread = threading.Thread(target=self._renew_all, name="leases", daemon=True)
        self._thread.start()

    def take(self, hosts: Iterable[str]) -> Lease:
        """A lease on all of some hosts; raise :class:`HostBusy` while another has one of them."""
        keys = tuple(sorted(_PREFIX + host for host in set(hosts)))
        with self._lock:
            self._count += 1
            token = f"{self._worker}/{self._count}"
        before = time.monotonic()
        left = int(self._redis.eval(_TAKE, len(keys), *keys, token, int(self._seconds * 1000)))
        if left != _TAKEN:
            raise HostBusy(max(left, 0) / 1000)
        lease = Lease(keys, token, self._ask_seconds, before + self._seconds)
        with self._lock:
            self._held.append(lease)
        return lease

    def wait_for_the_forgotten(self, stopped: Callable[[], bool] = lambda: False, say: Callable[[float], None] = lambda _: None) -> None:
        """Wait until whoever had a lease in this Redis before it was started anew has noticed that it has none.

        ``say`` is told for how many seconds, if there is anything to wait for.
        """
        said = False
        while not stopped():
            left = self._seconds - float(self._redis.info("server")["uptime_in_seconds"])
            if left < 0:
                return
            if not said:
                said = True
                say(left)
            time.sleep(min(left + 1, 1.0))

    def give_back(self, lease: Lease, pause: float = 0.0) -> None:
        """Let others have the hosts, after a pause in seconds: the delay between two requests holds between workers too."""
        with self._lock:
            self._held = [held for held in self._held if held is not lease]
        lease.lost = True
        try:
            self._redis.eval(_RELEASE, len(lease.keys), *lease.keys, lease.token, int(pause * 1000))
        except RedisError:
            return  # it ends by itself

    def close(self) -> None:
        """Renew nothing any more."""
        self._stop.set()
        self._thread.join(timeout=self._seconds)

    def _renew_all(self) -> None:
        while not self._stop.wait(self._seconds / 9):
            with self._lock:
                held = list(self._held)
            for lease in held:
                self._renew(lease)

    def _renew(self, lease: Lease) -> None:
        before = time.monotonic()
        try:
            kept = bool(self._redis.eval(_RENEW, len(lease.keys), *lease.keys, lease.token, int(self._seconds * 1000)))
        except RedisError:
            kept = True  # not known; it holds for as long as it was promised
        else:
            if kept:
                lease.ends = before + self._seconds
        if not kept or time.monotonic() >= lease.ends:
            with self._lock:
                self._held = [one for one in self._held if one is not lease]
            lease.lost = True
            self._tell_lost(lease)


def is_leased(redis: Redis, hosts: Iterable[str]) -> bool:
    """Whether any worker has a lease on one of some hosts, or had one a moment ago."""
    return bool(redis.exists(*(_PREFIX + host for host in hosts)))
