"""What maps the reading of one file over many: a pool of processes on this machine, or a Dask cluster.

A file is the unit: large enough to be worth sending about, small enough that little is lost with a process. The largest go first.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, as_completed

from scraper.bulk.readings import Done, Task, read_warc
from scraper.fetch.child import limit_memory

CHILD_BYTES = 2 * 1024 * 1024 * 1024
"""Address space of one process."""
FILES_A_CHILD = 50
"""After so many files a process is replaced: what its libraries keep is given back."""


class EngineMissing(Exception):
    """An engine was asked for that is not installed; the message says how to install it."""

    exit_code = 2


def in_pool(tasks: Sequence[Task], workers: int | None = None) -> Iterator[Done]:
    """Read in processes of this machine, as many as there are cores; yields each file as it is done."""
    from pebble import ProcessExpired, ProcessPool  # noqa: PLC0415 — every command of Scrapy's loads this module

    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(
        max_workers=workers or os.cpu_count() or 1,
        max_tasks=FILES_A_CHILD,
        initializer=limit_memory,
        initargs=(CHILD_BYTES,),
        context=context,
    )
    try:
        futures: dict[Future[Done], Task] = {pool.schedule(read_warc, args=[task]): task for task in tasks}
        pool.close()  # type: ignore[no-untyped-call]
        for future in as_completed(futures):
            try:
                yield future.result()
            except ProcessExpired as error:  # this file ended its process: it is said, and the others are read
                yield Done(futures[future].warc, problem=f"the process that read it ended with {error.exitcode}")
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def on_dask(tasks: Sequence[Task], workers: int | None = None, scheduler: str | None = None) -> Iterator[Done]:
    """Read on a Dask cluster: the one at an address, whose workers must see the same files, or one made on this machine."""
    try:
        from dask.distributed import Client, KilledWorker, LocalCluster  # noqa: PLC0415 — an extra; the pool needs none
        from dask.distributed import as_completed as as_done  # noqa: PLC0415
    except ImportError as error:
        raise EngineMissing("Dask is not installed: make setup installs it, or leave --engine out") from error
    cluster = scheduler or LocalCluster(n_workers=workers or os.cpu_count() or 1, threads_per_worker=1, dashboard_address=None)  # type: ignore[no-untyped-call]
    with Client(cluster) as client:  # type: ignore[no-untyped-call]
        try:
            by_key = {task.to: task for task in tasks}
            blamed: list[Task] = []
            futures = client.map(read_warc, tasks, key=[task.to for task in tasks], pure=False)
            for future in as_done(futures):  # type: ignore[no-untyped-call]
                try:
                    yield future.result()
                except KilledWorker:  # Dask names all files that waited at a worker which ended several times
                    blamed.append(by_key[future.key])
                future.release()
            for task in blamed:  # one at a time, so that only the file is named that ends its workers
                try:
                    yield client.submit(read_warc, task, key=f"{task.to} alone", pure=False).result()
                except KilledWorker:
                    yield Done(task.warc, problem="the processes that read it ended")
        finally:
            if not isinstance(cluster, str):
                cluster.close()
