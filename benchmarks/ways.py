"""The ways from a portal to its articles that are measured side by side: ours, and what one would pick instead."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PEERS = ROOT / ".venv-bench"
REQUIREMENTS = ROOT / "benchmarks/requirements.txt"
PORTAL = "quang_tri"
# As many requests at once as the others make; a portal is asked one after the other.
HASTE = tuple(
    part
    for setting in ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_START_DELAY=0", "CONCURRENT_REQUESTS=32", "CONCURRENT_REQUESTS_PER_DOMAIN=32")
    for part in ("-s", setting)
)
SCRIPTS = ROOT / "benchmarks/peers"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: CPU and wall seconds, megabytes resident at once over all processes; how many articles came of it."""

    cpu: float
    wall: float
    memory: float
    articles: int
    with_text: int

    @property
    def per_thousand(self) -> float:
        """CPU seconds for a thousand articles."""
        return self.cpu * 1000 / self.articles


class CannotRun(Exception):
    """A way gave nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Task:
    """What every way is given: a portal, how many articles it holds, and a list of their addresses."""

    base: str
    articles: int
    addresses: tuple[str, ...]


def measure(command: list[str], folder: Path) -> tuple[dict[str, float], str]:
    """Run a command on the clock; returns its figures and the last line that it printed."""
    figures = folder / "figures.json"
    clocked = [sys.executable, str(ROOT / "benchmarks/measured.py"), str(figures), *command]
    # Byte code as on any machine: pip has compiled the others, and our own is compiled by prepare_ours().
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(clocked, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"exit code {done.returncode}: {(done.stderr.strip().splitlines() or [''])[-1][:200]}")
    return json.loads(figures.read_text()), (done.stdout.strip().splitlines() or [""])[-1]


def crawl_command(base: str, archive: Path) -> list[str]:
    """``scrapy crawl`` of the replica into an archive, as fast as it goes."""
    scrapy = str(Path(sys.executable).with_name("scrapy"))
    return [scrapy, "crawl", PORTAL, "-a", f"base_url={base}", "-s", f"ARCHIVE_DB={archive}", *HASTE]


def ours(task: Task, folder: Path) -> Cost:
    """The whole way: fetch, capture, read, gate, analyse, store, index."""
    return crawl(task, folder / "archive.db", folder)


def crawl(task: Task, archive: Path, folder: Path) -> Cost:
    """The product's own command into an archive, new or not."""
    figures, _ = measure(crawl_command(task.base, archive), folder)
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as conn:
        stored, off_topic = (conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("articles", "off_topic"))
    return Cost(figures["user"] + figures["system"], figures["wall"], figures["memory"], stored + off_topic, stored + off_topic)


def _peer(script: str, *arguments: str, reads: bool = True) -> Callable[[Task, Path], Cost]:
    def run(task: Task, folder: Path) -> Cost:
        addresses = folder / "addresses"
        addresses.write_text("\n".join(task.addresses))
        given = [str(addresses)] if script.endswith("_list.py") else [task.base]
        wanted = len(task.addresses) if script.endswith("_list.py") else task.articles
        return _told([str(PEERS / "bin/python"), str(SCRIPTS / script), *given, *arguments], folder, wanted, reads=reads)

    return run


def _told(command: list[str], folder: Path, wanted: int, *, reads: bool) -> Cost:
    """The cost of a command that says how many articles it got, and got most of them."""
    figures, line = measure(command, folder)
    try:
        told = json.loads(line)
    except ValueError as error:
        raise CannotRun(f"it told no figures, but {line[:100]!r}") from error
    if (told["with_text"] if reads else told["articles"]) < wanted / 2:
        raise CannotRun(f"got {told['articles']} of {wanted} articles, {told['with_text']} of them with a text")
    return Cost(figures["user"] + figures["system"], figures["wall"], figures["memory"], told["articles"], told["with_text"])


def least(task: Task, folder: Path) -> Cost:
    """What no archive can do without."""
    return _told([sys.executable, "-m", "benchmarks.least_walk", task.base, str(folder)], folder, task.articles, reads=True)


WAYS: dict[str, Callable[[Task, Path], Cost]] = {
    "ours": ours,
    "least": least,
    "bare": _peer("scrapy_walk.py", "none", reads=False),
    "parsel": _peer("scrapy_walk.py", "parsel"),
    "trafilatura": _peer("scrapy_walk.py", "trafilatura"),
    "crawlee": _peer("crawlee_walk.py"),
    "newspaper4k": _peer("newspaper_list.py"),
    "news-please": _peer("news_please_list.py"),
}
TITLES = {
    "ours": "ours, the whole way",
    "least": "kept, parsed, indexed, no more",
    "bare": "Scrapy tuned, no parsing",
    "parsel": "Scrapy tuned + parsel",
    "trafilatura": "Scrapy tuned + trafilatura",
    "crawlee": "crawlee + BeautifulSoup",
    "newspaper4k": "newspaper4k (list given)",
    "news-please": "news-please (list given)",
}


def run(name: str, task: Task) -> Cost:
    """One run of a way in a folder of its own, which is removed."""
    with tempfile.TemporaryDirectory(prefix="khuyen-hoc-bench-") as folder:
        return WAYS[name](task, Path(folder))


def prepare_ours() -> None:
    """Compile our modules, which the first start would do otherwise and be measured with."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", *(str(ROOT / name) for name in ("scraper", "spiders"))], check=True)


def prepare_peers() -> str | None:
    """Make the peers' environment where it is not there yet; returns why it could not be made."""
    ready = PEERS / "ready"
    if ready.is_file() and ready.read_text() == REQUIREMENTS.read_text():
        return None
    print(f"setting up {PEERS.name} …", file=sys.stderr)
    # The pip that Python 3.11 brings cannot resolve the extra that two of them name.
    pip = [str(PEERS / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]
    for command in ([sys.executable, "-m", "venv", str(PEERS)], [*pip[:-2], "--upgrade", "pip"], pip):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1][:200]
    ready.write_text(REQUIREMENTS.read_text())
    return None
