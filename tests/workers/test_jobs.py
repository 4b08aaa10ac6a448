"""The queue on a real Redis: a job is begun once, by whoever is first, and a message that comes twice does no harm."""

from __future__ import annotations

import gzip
import threading
import time
from dataclasses import replace
from pathlib import Path

import dramatiq
import pytest
from redis import Redis

from scraper.archive.database import now
from scraper.workers.jobs import Job, Jobs, connect
from scraper.workers.order import Order, unpack
from scraper.workers.outage import Outage
from scraper.workers.parts import recover
from scraper.workers.spool import Spool
from scraper.workers.store import Store, StoreFailed
from tests.workers.field import Queue, wait_until
from tests.workers.test_parts import capture, write


def order(job: str = "1") -> Order:
    return Order(job, "quang_tri", {"since": "2026-01-01"}, now())


def test_a_job_is_begun_once(redis: Redis) -> None:
    jobs = Jobs(redis)
    jobs.queue(order(), now())
    queued = jobs.of("quang_tri")
    assert queued is not None and queued.state == "queued"
    running = replace(queued, state="running", worker="w")
    assert [jobs.begin(running), jobs.begin(running)] == [True, False]
    assert jobs.of("quang_tri") == running
    jobs.end(replace(running, state="ended", parts=2))
    assert jobs.begin(running) is False
    jobs.forget(running)
    assert jobs.of("quang_tri") is None
    assert jobs.begin(running) is False, "a message of a job that is done"


def test_another_has_taken_its_place(redis: Redis) -> None:
    jobs = Jobs(redis)
    jobs.queue(order("1"), now())
    jobs.queue(order("2"), now())
    old = Job("1", "quang_tri", "running", now(), "w")
    assert not jobs.begin(old)
    jobs.end(replace(old, state="ended"))
    jobs.forget(old)
    standing = jobs.of("quang_tri")
    assert standing is not None and (standing.id, standing.state) == ("2", "queued")


def test_orders_reach_a_worker_and_come_again_when_it_asks_for_that(redis: Redis) -> None:
    jobs = Jobs(redis)
    got: list[Order] = []
    over = threading.Event()

    def crawl(message: str) -> None:
        got.append(unpack(message))
        if len(got) < 3:
            raise dramatiq.Retry(delay=50)
        over.set()

    jobs.consume(crawl)
    worker = dramatiq.Worker(jobs.broker, worker_threads=1, worker_timeout=50)
    worker.start()
    sent = order()
    jobs.queue(sent, now())
    assert jobs.waiting() == 1
    assert over.wait(30)
    wait_until(lambda: jobs.waiting() == 0, 30)
    worker.stop()
    assert got == [sent] * 3


def test_a_redis_that_does_not_answer_is_said_once_and_so_is_its_return(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    queue = Queue(tmp_path)
    queue.start()
    said: list[str] = []
    client = connect(queue.url)
    jobs = Jobs(client)
    outage = Outage(client, said.append)
    worker = dramatiq.Worker(jobs.broker, worker_threads=1, worker_timeout=50)
    outage.start()
    worker.start()
    try:
        for number in (1, 2):
            queue.kill()
            wait_until(lambda number=number: len(said) == 2 * number - 1, 30)  # type: ignore[misc]
            time.sleep(4)  # both threads of Dramatiq have tried again
            queue.start()
            wait_until(lambda number=number: len(said) == 2 * number, 60)  # type: ignore[misc]
    finally:
        worker.stop()
        outage.stop()
        client.close()
        queue.kill()
    assert [line.partition(" (")[0] for line in said] == ["Redis does not answer", "Redis answers again"] * 2
    assert [record for record in caplog.records if record.levelname == "CRITICAL"] == []


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "127.0.0.1:6379"])
def test_a_queue_is_named_as_redis_is(url: str) -> None:
    with pytest.raises(ValueError, match="must be like redis://"):
        connect(url)


def test_handed_in_when_the_store_works_again(tmp_path: Path) -> None:
    """And what dead workers left; what cannot be sealed is named and stays."""
    said: list[str] = []
    store = Store(str(tmp_path / "store"))
    dead = tmp_path / "spool" / "dead"
    dead.mkdir(parents=True)
    write(dead)
    torn = tmp_path / "spool" / "torn"
    torn.mkdir()
    write(torn)
    journal = next(torn.glob("*.journal"))
    journal.write_bytes(b"not a journal\n" + journal.read_bytes())
    (tmp_path / "store").rename(tmp_path / "away")
    (tmp_path / "store").touch()
    spool = Spool(tmp_path / "spool", "mine", store, said.append)
    write(spool.folder).seal()
    assert not spool.hand_in(spool.folder)
    assert not spool.hand_in(spool.folder)
    assert [line for line in said if "failed" in line] == said[:1]
    (tmp_path / "store").unlink()
    (tmp_path / "away").rename(tmp_path / "store")
    spool.adopt()
    spool.adopt()
    spool.start()
    spool.stop()
    assert len(store.names()) == 2
    assert sorted(path.name for path in (tmp_path / "spool").iterdir()) == ["torn"]
    assert [line for line in said if "cannot be sealed" in line and "torn" in line] == said[-1:]


def test_a_store_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreFailed, match="file"):
        Store(str(tmp_path / "file" / "below"))
    with pytest.raises(StoreFailed, match="no-such-protocol"):
        Store("no-such-protocol://x")


def test_a_part_in_the_store_is_not_sent_twice(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    folder = tmp_path / "parts"
    folder.mkdir()
    write(folder)
    assert recover(folder) == 1
    (path,) = folder.iterdir()
    store.put(path)
    store.put(path)
    (name,) = store.names()
    store.fetch(name, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == path.read_bytes()
    assert capture(0).body in gzip.decompress((tmp_path / "copy").read_bytes())
    store.remove(name)
    store.remove(name)
    assert store.names() == []
