"""Keeper, workers, queue and portals as real processes on this machine, to be started, killed and cut off from each other."""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from redis import Redis
from redis.exceptions import RedisError

from tests.replica import Replica

ROOT = Path(__file__).resolve().parents[2]
SCRAPY = Path(sys.executable).with_name("scrapy")
LEASE = 4.0
HASTE = (
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_START_DELAY=0",
    "DOWNLOAD_TIMEOUT=1.5",
    f"WORKER_LEASE={LEASE}",
    "WORKER_PART=1",
    "WORKER_HEARTBEAT=5",
)
TWINS = {"quang_tri": "quang_tri_hai", "cao_bang_thach_an": "cao_bang_hai"}
PATIENCE = 90.0


class Queue:
    """A redis-server of our own on a free port, without persistence; killed, it comes back empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: apt-get install redis-server"
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with closing(self.client()) as client:
            wait_until(lambda: answers(client))

    def client(self) -> Redis:
        return Redis(port=self.port, socket_timeout=2)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Cuttable:
    """A way to a port that can be cut like a cable: what is under way hangs, and nothing new gets through."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._cut = threading.Event()
        self._over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._cut.set()

    def mend(self) -> None:
        self._cut.clear()

    def close(self) -> None:
        self._over.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError):
            self._wait()
            with socket.create_connection(("127.0.0.1", self._target)) as far:
                while not self._over.is_set():
                    self._wait()
                    for end in select.select([near, far], [], [], 0.1)[0]:
                        self._wait()
                        data = end.recv(65536)
                        if not data:
                            return
                        (far if end is near else near).sendall(data)

    def _wait(self) -> None:
        while self._cut.is_set() and not self._over.is_set():
            time.sleep(0.02)


class Process:
    """One command, its output in a file."""

    def __init__(self, arguments: list[str], folder: Path, name: str) -> None:
        self.name = name
        self._output = folder / f"{name}.log"
        environment = {key: value for key, value in os.environ.items() if key != "KHUYEN_HOC_CONTACT"}
        environment["PYTHONPATH"] = os.pathsep.join((str(folder), str(ROOT)))  # its spiders, and all else of this checkout
        with self._output.open("ab") as stream:
            self._process = subprocess.Popen(
                [str(SCRAPY), *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
            )

    @property
    def said(self) -> str:
        return self._output.read_text(encoding="utf-8")

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def wait(self, seconds: float = PATIENCE) -> int:
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"{self.name} did not end: {self.said[-3000:]}") from error

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self.wait()

    def pause(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)


class Field:
    """A project with four portals, their replicas, a queue, a store, and the processes at work on them."""

    def __init__(self, folder: Path, *, articles: int = 12) -> None:
        self.folder = folder
        self.queue = Queue(folder)
        self.store = folder / "kho chung"
        self._articles = articles
        self._replicas = {name: Replica(articles=articles, portals=(portal,), seed=seed) for name, portal, seed in _portals()}
        self._processes: list[Process] = []
        self._project()

    def _project(self) -> None:
        spiders = self.folder / "spiders"
        spiders.mkdir()
        (spiders / "__init__.py").touch()
        shutil.copy(ROOT / "scrapy.cfg", self.folder)
        for first, second in TWINS.items():
            text = (ROOT / f"spiders/{first}.py").read_text(encoding="utf-8")
            (spiders / f"{first}.py").write_text(text, encoding="utf-8")
            (spiders / f"{second}.py").write_text(text.replace(f'name = "{first}"', f'name = "{second}"'), encoding="utf-8")

    def __enter__(self) -> Self:
        self.queue.start()
        for replica in self._replicas.values():
            replica.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for process in self._processes:
            if process.runs:
                process.kill()
        for replica in self._replicas.values():
            replica.stop()
        self.queue.kill()

    @property
    def portals(self) -> list[str]:
        return list(self._replicas)

    def control(self, portal: str, action: str, **arguments: Any) -> Any:
        (name,) = self._replicas[portal].urls
        return self._replicas[portal].control(name, action, **arguments)

    def everywhere(self, action: str, **arguments: Any) -> None:
        for portal in self.portals:
            self.control(portal, action, **arguments)

    def requests(self, portal: str) -> list[dict[str, Any]]:
        return list(self.control(portal, "requests"))

    def forget_requests(self) -> None:
        self.everywhere("clear_requests")

    # Processes

    def run(self, name: str, *arguments: str) -> Process:
        process = Process(list(arguments), self.folder, name)
        self._processes.append(process)
        return process

    def worker(self, name: str, *more: str, queue: str | None = None, at_once: int = 4, settings: tuple[str, ...] = ()) -> Process:
        """A worker that is known by its user agent."""
        return self.run(
            name, "worker", *_set(*HASTE, f"USER_AGENT={name}", *settings), "--queue", queue or self.queue.url, "--store", str(self.store),
            "--spool", str(self.folder / "spool"), "--at-once", str(at_once), "--replicas-on", "127.0.0.1", *more,
        )  # fmt: skip

    def keeper(self, archive: Path, *more: str, name: str = "keeper") -> Process:
        archive.parent.mkdir(exist_ok=True)
        settings = _set(*HASTE, f"ARCHIVE_DB={archive}")
        return self.run(name, "keep", *settings, "--queue", self.queue.url, "--store", str(self.store), *self.replicas, *more)

    def alone(self, archive: Path, code: int = 0) -> None:
        """The same portals crawled by one process."""
        archive.parent.mkdir(exist_ok=True)
        process = self.run("alone", "crawlall", *_set(*HASTE, f"ARCHIVE_DB={archive}"), "--now", *self.replicas)
        assert process.wait() == code, process.said

    @property
    def replicas(self) -> list[str]:
        return [f"--replica={portal}={next(iter(replica.urls.values()))}" for portal, replica in self._replicas.items()]

    def verify(self, archive: Path) -> None:
        process = self.run("verify", "verify", "--db", str(archive), "--full")
        assert process.wait() == 0, process.said


def _portals() -> Iterator[tuple[str, str, int]]:
    for first, second in TWINS.items():
        yield first, first, 2022
        yield second, first, 2023


def _set(*settings: str) -> list[str]:
    return [part for setting in settings for part in ("-s", setting)]


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


def answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE, why: str = "waited too long") -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, why
        time.sleep(0.02)


# What an archive says, but for numbers, times and ports: two archives of the same news say the same.
CONTENT = {
    "articles": "SELECT source_id, article_key, title, published_at, section, lead, body, byline, source_line, url, cite_as,"
    " published_precision, published_raw, relevance_score, relevance_words, layout, evidence, body_digest, address_rank,"
    " gone_at IS NULL, missing_looks FROM articles",
    "revisions": "SELECT a.source_id, a.article_key, r.content_digest, r.title, r.lead, r.body, r.extractor FROM revisions r"
    " JOIN articles a ON a.id = r.article_id",
    "off_topic": "SELECT source_id, article_key, title, published_at, score, words, url FROM off_topic",
    "attachments": "SELECT a.article_key, t.position, t.kind, t.caption, t.url FROM attachments t JOIN articles a ON a.id = t.article_id",
    "topics": "SELECT a.article_key, t.topic_id FROM article_topics t JOIN articles a ON a.id = t.article_id",
    "places": "SELECT a.article_key, p.place_id FROM article_places p JOIN articles a ON a.id = p.article_id",
    "frontier": "SELECT source_id, article_key, url, listed_date, state, attempts, etag, last_modified, due_at IS NULL FROM frontier",
    "sections": "SELECT source_id, url, title, etag, last_modified, completed_at IS NULL FROM sections",
    "listed": "SELECT s.url, a.article_key, a.settled FROM section_articles a JOIN sections s ON s.id = a.section_id",
    "issues": "SELECT kind, source_id, url, detail, closed_at IS NULL FROM issues",
}
OF_ONE_CRAWL = {
    "captures": "SELECT source_id, url, status, kind, outcome, media_type, tls, provenance FROM captures",
    "crawls": "SELECT source_id, kind, finish_reason, verdict, requests, listed, new, changed, unchanged, off_topic, failed, issues"
    " FROM crawls",
}
"""The same only where nothing was interrupted."""


def content(archive: Path, *, uninterrupted: bool) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as connection:
        queries = CONTENT | (OF_ONE_CRAWL if uninterrupted else {})
        return {name: sorted((_plain(row) for row in connection.execute(sql)), key=repr) for name, sql in queries.items()}


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_TIME.sub("then", _ADDRESS.sub("portal", value)) if isinstance(value, str) else value for value in row)


_ADDRESS = re.compile(r"127\.0\.0\.1:\d+")
_TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def rows(archive: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def one_at_a_time(log: list[dict[str, Any]], delay: float) -> list[str]:
    """Who asked, in order of turns; fails when one asks while another's request is under way, or between another's requests."""
    turns: list[str] = []
    over = 0.0
    for one in log:
        asked_by = one["headers"].get("user-agent", "?")
        begun = one["at"] - delay
        if not turns or turns[-1] != asked_by:
            # The replica notes the moment of its answer, a thread's switch late.
            assert begun >= over - 0.05, f"{asked_by} asked {over - begun:.2f} s before {turns[-1]}'s answer"
            turns.append(asked_by)
        over = one["at"]
    return turns
