"""Whatever dies or is cut off: nothing is lost, nothing is doubled, and no host is asked by two at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.workers.store import NOTE
from tests.workers.field import LEASE, Cuttable, Field, Process, content, one_at_a_time, rows, wait_until

DELAY = 0.15
"""Seconds that every answer takes, so that there is time to strike."""


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    """Portals that take their time, and the queue."""
    with Field(tmp_path, articles=12) as running:
        running.everywhere("delay", seconds=DELAY)
        yield running


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The archive that the keeper writes."""
    return tmp_path / "kept" / "archive.db"


def begun(field: Field, after: int = 6) -> None:
    """Until every portal has been asked some times."""
    wait_until(lambda: all(len(field.requests(portal)) >= after for portal in field.portals), why="it never began")


def whole(field: Field, kept: Path, delay: float = DELAY) -> None:
    """The archive is the one of a crawl without trouble, and the log shows no two at once."""
    for portal in field.portals:
        asked_by = one_at_a_time(field.requests(portal), delay)
        assert all(count == 1 for count in Counter(asked_by).values()), f"{portal} went back and forth: {asked_by}"
    same(field, kept)


def same(field: Field, kept: Path) -> None:
    """The archive is the one of a crawl without trouble."""
    field.everywhere("delay", seconds=0)
    alone = kept.parents[1] / "alone" / "archive.db"
    field.alone(alone)
    assert content(kept, uninterrupted=False) == content(alone, uninterrupted=False)
    doubled = rows(kept, "SELECT record_id FROM captures GROUP BY 1 HAVING count(*) > 1")
    assert not doubled
    unread = rows(kept, "SELECT url FROM captures WHERE outcome IS NULL")
    assert not unread
    field.verify(kept)
    assert [path.name for path in field.store.iterdir()] == [NOTE], "all that was handed in was taken in"


def wait_for(keeper: Process) -> None:
    assert keeper.wait() == 0, keeper.said


def test_worker_killed(field: Field, kept: Path) -> None:
    """What it had crawled is handed in by another on its machine; the rest is crawled by that, when the dead one's lease is over."""
    first = field.worker("w0")
    keeper = field.keeper(kept, "--once", "--now")
    begun(field)
    first.kill()
    killed = time.monotonic()
    second = field.worker("w1")
    wait_for(keeper)
    assert "its worker" in keeper.said and "is gone" in keeper.said
    assert "left open are sealed" in second.said
    for portal in field.portals:
        took_over = [one["at"] for one in field.requests(portal) if one["headers"]["user-agent"] == "w1"]
        assert took_over[0] - killed > LEASE / 2
        asked = Counter(one["path"] for one in field.requests(portal) if one["status"] == 200 and "robots" not in one["path"])
        again = [path for path, count in asked.items() if count > 1 and not path.startswith(("/tin-tuc", "/van-hoa"))]
        # Only listings, and what was on the wire when it died.
        assert len(again) <= 4, f"asked again for what was handed in: {again}"
    whole(field, kept)


@pytest.mark.slow
def test_redis_killed(field: Field, kept: Path) -> None:
    """It comes back empty at once: its workers stop or go on by themselves, and nobody begins at their hosts too soon."""
    workers = [field.worker(f"w{number}", at_once=2) for number in range(2)]
    keeper = field.keeper(kept, "--once", "--now")
    begun(field, 4)
    field.queue.kill()
    field.queue.start()
    wait_for(keeper)
    assert any("lease on its host is lost" in worker.said for worker in workers)
    assert all(one_at_a_time(field.requests(portal), DELAY) for portal in field.portals)
    same(field, kept)


@pytest.mark.slow
def test_keeper_killed(field: Field, kept: Path) -> None:
    """Killed again and again while it takes parts in; the workers notice nothing."""
    field.worker("w0", settings=("WORKER_PART=0.2",))
    keeper = field.keeper(kept, "--once", "--now", name="keeper-0")
    for number in range(1, 5):
        begun(field, 3 * number)
        time.sleep(0.13 * number)
        keeper.kill()
        keeper = field.keeper(kept, "--once", name=f"keeper-{number}")
    wait_for(keeper)
    last = field.keeper(kept, "--once", name="last")
    wait_for(last)
    parts = rows(kept, "SELECT job_id, part FROM imports")
    assert len(parts) > 12
    assert rows(kept, "SELECT count(*) FROM crawls WHERE finished_at IS NOT NULL")[0][0] == 4
    whole(field, kept)


@pytest.mark.slow
def test_network_cut(field: Field, kept: Path) -> None:
    """A worker that cannot reach Redis stops asking; another goes on; the first, connected again, does no harm."""
    slowly = 0.5  # for as long as a lease holds, a worker that is cut off goes on
    field.everywhere("delay", seconds=slowly)
    way = Cuttable(field.queue.port)
    first = field.worker("w0", queue=f"redis://127.0.0.1:{way.port}/0")
    keeper = field.keeper(kept, "--once", "--now")
    begun(field, 3)
    way.cut()
    field.worker("w1")
    wait_until(lambda: all(any(one["headers"]["user-agent"] == "w1" for one in field.requests(name)) for name in field.portals))
    way.mend()
    wait_for(keeper)
    assert first.runs
    assert "lease_lost" in first.said
    whole(field, kept, slowly)
    way.close()


@pytest.mark.slow
def test_worker_frozen_past_its_lease(field: Field, kept: Path) -> None:
    """It wakes up when another has its hosts, and asks nothing any more but for what it was about to send when it was frozen.

    Between the last look at the lease and the sending lie milliseconds: no client can do without them.
    """
    first = field.worker("w0")
    keeper = field.keeper(kept, "--once", "--now")
    begun(field)
    first.pause()
    field.worker("w1")
    wait_until(lambda: all(any(one["headers"]["user-agent"] == "w1" for one in field.requests(name)) for name in field.portals))
    first.go_on()
    wait_for(keeper)
    for portal in field.portals:
        asked_by = [one["headers"]["user-agent"] for one in field.requests(portal)]
        assert asked_by[asked_by.index("w1") :].count("w0") <= 1
    same(field, kept)
