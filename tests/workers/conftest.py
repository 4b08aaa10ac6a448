"""A queue for tests that need nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.workers.field import Queue


@pytest.fixture(scope="session")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Queue]:
    running = Queue(tmp_path_factory.mktemp("queue"))
    running.start()
    yield running
    running.kill()


@pytest.fixture
def redis(queue: Queue) -> Iterator[Redis]:
    client = queue.client()
    client.flushall()
    yield client
    client.close()
