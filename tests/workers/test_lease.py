"""Leases on a real Redis: one worker a host, whatever happens to Redis or to the worker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from scraper.workers.lease import HostBusy, Lease, Leases, is_leased
from tests.workers.field import Cuttable, Queue, wait_until

SECONDS = 2.0
Make = Callable[..., Leases]


@pytest.fixture
def make(redis: Redis) -> Iterator[Make]:
    """Leases of short duration, closed at the end."""
    made = []

    def one(worker: str, client: Redis = redis, lost: Callable[[Lease], None] | None = None) -> Leases:
        made.append(Leases(client, worker, seconds=SECONDS, ask_seconds=0.5, lost=lost))
        return made[-1]

    yield one
    for leases in made:
        leases.close()


def test_one_worker_a_host(make: Make, redis: Redis) -> None:
    first, second = make("first"), make("second")
    lease = first.take(["a.vn", "b.vn"])
    with pytest.raises(HostBusy) as busy:
        second.take(["b.vn", "c.vn"])
    assert 0 < busy.value.seconds <= SECONDS
    other = second.take(["c.vn"])
    assert lease.may_ask() and other.may_ask()
    assert is_leased(redis, ["b.vn"]) and not is_leased(redis, ["d.vn"])
    first.give_back(lease)
    assert not lease.may_ask()
    assert second.take(["b.vn", "a.vn"]).may_ask()


def test_a_worker_can_have_a_host_only_once(make: Make) -> None:
    leases = make("first")
    leases.take(["a.vn"])
    with pytest.raises(HostBusy):
        leases.take(["a.vn"])


def test_a_lease_lasts_while_it_is_renewed(make: Make) -> None:
    first, second = make("first"), make("second")
    lease = first.take(["a.vn"])
    end = time.monotonic() + 2 * SECONDS
    while time.monotonic() < end:
        assert lease.may_ask()
        with pytest.raises(HostBusy):
            second.take(["a.vn"])
        time.sleep(0.05)


def test_a_host_rests_between_two_workers(make: Make) -> None:
    first, second = make("first"), make("second")
    first.give_back(first.take(["a.vn"]), pause=0.4)
    with pytest.raises(HostBusy):
        second.take(["a.vn"])
    time.sleep(0.45)
    second.take(["a.vn"])


def test_a_lease_that_redis_forgot_is_lost(make: Make, redis: Redis) -> None:
    lost: list[Lease] = []
    first = make("first", lost=lost.append)
    lease = first.take(["a.vn"])
    redis.flushall()
    wait_until(lambda: not lease.may_ask(), SECONDS)
    assert lost == [lease]
    second = make("second").take(["a.vn"])
    first.give_back(lease)
    assert second.may_ask() and is_leased(redis, ["a.vn"]), "what another holds is not given back"


def test_cut_off_from_redis_a_worker_stops_before_another_begins(make: Make, queue: Queue) -> None:
    way = Cuttable(queue.port)
    there = Redis(port=way.port, socket_timeout=0.3, socket_connect_timeout=0.3)
    first, second = make("first", there), make("second")
    lease = first.take(["a.vn"])
    way.cut()
    asked = taken = None
    while taken is None:
        moment = time.monotonic()
        if lease.may_ask():
            asked = moment
        try:
            second.take(["a.vn"])
            taken = time.monotonic()
        except HostBusy:
            time.sleep(0.01)
    assert asked is not None
    assert not lease.may_ask()
    assert taken - asked >= 0.5, "a request sent at the last moment is over"
    way.close()
    first.close()
    there.close()


def test_in_a_redis_just_started_a_lease_waits_for_the_forgotten(tmp_path: Path) -> None:
    young = Queue(tmp_path)
    young.start()
    client = young.client()
    try:
        leases = Leases(client, "first", seconds=SECONDS, ask_seconds=0.5)
        began = time.monotonic()
        lease = leases.take(["a.vn"])
        told: list[float] = []
        leases.wait_for_the_forgotten(say=told.append)
        assert time.monotonic() - began >= SECONDS - 0.2
        assert [0 < left <= SECONDS for left in told] == [True]
        assert lease.may_ask(), "it was renewed meanwhile"
        began = time.monotonic()
        leases.wait_for_the_forgotten(say=told.append)
        assert time.monotonic() - began < SECONDS / 2 and len(told) == 1
        leases.close()
    finally:
        client.close()
        young.kill()


def test_too_short_a_lease_is_refused(redis: Redis) -> None:
    with pytest.raises(ValueError, match="too short"):
        Leases(redis, "first", seconds=50, ask_seconds=30)
