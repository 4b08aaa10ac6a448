"""Collections of WARC files read anew: the same readings as the archive has, whole files only, gone on with after a kill."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.warc_writer import build_record, warcinfo_record
from scraper.bulk import engines
from scraper.bulk.engines import in_pool, on_dask
from scraper.bulk.readings import Done, Task, read_warc
from scraper.items import Capture
from tests import warm
from tests.replica import Replica
from tests.replica.site import Site

ROOT = Path(__file__).resolve().parents[2]
SCRAPY = Path(sys.executable).with_name("scrapy")
Engine = Callable[[Sequence[Task], int], Iterator[Done]]


def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    return warm.scrapy(*arguments)


def lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that the replica was crawled into."""
    archive = tmp_path_factory.mktemp("bộ sưu tập") / "archive.db"
    with Replica(articles=12) as replica:
        urls = [f"--replica={name}={url}" for name, url in replica.urls.items()]
        done = scrapy(
            "crawlall", "-s", f"ARCHIVE_DB={archive}", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_START_DELAY=0", "--now", *urls
        )
        assert done.returncode == 0, done.stderr
    return archive


def digests(archive: Path) -> set[str]:
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True)) as connection:
        return {digest for (digest,) in connection.execute("SELECT content_digest FROM revisions")}


@pytest.mark.parametrize("engine", ["pool", "dask"])
def test_the_archive_read_anew_says_the_same(crawled: Path, tmp_path: Path, engine: str) -> None:
    if engine == "dask":
        pytest.importorskip("distributed", reason="the extra `bulk` is not installed")
    done = scrapy("reread", str(crawled.parent / "warcs"), "--to", str(tmp_path / "ra"), "--engine", engine, "--processes", "2")
    assert done.returncode == 0, done.stderr
    files = sorted((tmp_path / "ra").rglob("*"))
    assert [file.parent.name for file in files if file.is_file()] == ["cao_bang_thach_an", "quang_tri"]
    said = [line for file in files if file.is_file() for line in lines(file)]
    articles = {line["article"]["content_digest"] for line in said if "article" in line}
    assert digests(crawled) < articles, "and those that are off topic"
    assert any("listing" in line for line in said)
    with closing(sqlite3.connect(f"file:{crawled}?mode=ro", uri=True)) as connection:
        captures = connection.execute("SELECT record_id, url, status, fetched_at FROM captures").fetchall()
    assert sorted(captures) == sorted((line["record_id"], line["url"], line["status"], line["fetched_at"]) for line in said)
    again = scrapy("reread", str(crawled.parent / "warcs"), "--to", str(tmp_path / "ra"))
    assert (again.returncode, "2 were read before" in again.stdout) == (0, True)


def collection(folder: Path, files: int, pages: int) -> None:
    """WARC files of a portal's pages under their real addresses."""
    site = Site("quang_tri", 2022, pages)
    origin = "https://www.quangtri.gov.vn"
    records = [warcinfo_record("x.warc.gz", "quang_tri")]
    for article in site.portal.articles.values():
        answer = site.answer("GET", article.url, {"accept-encoding": "gzip", "host": "www.quangtri.gov.vn"})
        records.append(
            build_record(Capture(origin + article.url, "2026-11-26T00:00:00Z", 200, tuple(answer.headers), answer.body), ()).data
        )
    records.append(build_record(Capture("https://xa-la.example/", "2026-11-26T00:00:00Z", 200, (), b"<p>x</p>"), ()).data)
    folder.mkdir()
    for number in range(files):
        (folder / f"{number}.warc.gz").write_bytes(b"".join(records))


def test_killed_and_gone_on_with(tmp_path: Path) -> None:
    collection(tmp_path / "warcs", files=8, pages=30)
    command = [str(SCRAPY), "reread", str(tmp_path / "warcs"), "--to", str(tmp_path / "ra"), "--processes", "2"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    end = time.monotonic() + 60
    while len(list((tmp_path / "ra").glob("*.jsonl.gz"))) < 2:
        assert time.monotonic() < end, "it read nothing"
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    whole = {path: path.stat().st_mtime_ns for path in (tmp_path / "ra").glob("*.jsonl.gz")}
    assert 2 <= len(whole) < 8
    assert all(len(lines(path)) == 30 for path in whole)
    done = scrapy(*command[1:])
    assert done.returncode == 0, done.stderr
    assert f"{len(whole)} were read before" in done.stdout
    assert "foreign" in done.stdout
    files = list((tmp_path / "ra").iterdir())
    assert len(files) == 8, "nothing half written is left"
    assert all(len(lines(path)) == 30 for path in files)
    assert {path: path.stat().st_mtime_ns for path in whole} == whole


def test_two_processes_work_at_once(tmp_path: Path) -> None:
    """The second core is used: readings by two processes, each with some of the files."""
    collection(tmp_path / "warcs", files=4, pages=40)
    tasks = [Task(str(path), str(tmp_path / "ra" / f"{path.name}.jsonl.gz")) for path in sorted((tmp_path / "warcs").iterdir())]
    done = list(in_pool(tasks, 2))
    assert sorted(one.warc for one in done) == [task.warc for task in tasks]
    assert all(one.kinds == {"article": 40, "foreign": 1} for one in done)
    first, second = {one.process for one in done}
    begun = {process: min(one.began for one in done if one.process == process) for process in (first, second)}
    ended = {process: max(one.ended for one in done if one.process == process) for process in (first, second)}
    assert begun[first] < ended[second] and begun[second] < ended[first], "one after the other"
    assert os.getpid() not in begun


def over_and_out(task: Task) -> Done:
    """Reads nothing; one file ends its process, as a page does that takes too long."""
    if "bad" in task.warc:
        signal.raise_signal(signal.SIGALRM)
    return Done(task.warc)


@pytest.mark.parametrize("engine", [in_pool, on_dask])
def test_a_file_that_ends_its_process_is_said_and_the_others_are_read(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "read_warc", over_and_out)
    done = list(engine([Task(name, f"{name}.jsonl.gz") for name in ("a.warc", "bad.warc", "c.warc")], 1))
    assert sorted(one.warc for one in done) == ["a.warc", "bad.warc", "c.warc"]
    assert [one.warc for one in done if one.problem] == ["bad.warc"]


def test_a_family_for_portals_that_are_not_declared(tmp_path: Path) -> None:
    collection(tmp_path / "warcs", files=1, pages=5)
    done = read_warc(Task(str(tmp_path / "warcs" / "0.warc.gz"), str(tmp_path / "ra.jsonl.gz"), "generic"))
    assert done.kinds["foreign"] == 0 and done.captures == 6


def test_a_part_of_a_page_is_no_article(tmp_path: Path) -> None:
    collection(tmp_path / "warcs", files=1, pages=3)
    path = tmp_path / "warcs" / "0.warc.gz"
    whole = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(whole.replace(b"WARC-Type: response\r\n", b"WARC-Type: response\r\nWARC-Truncated: length\r\n", 1)))
    done = read_warc(Task(str(path), str(tmp_path / "ra.jsonl.gz")))
    assert (done.kinds["article"], done.kinds["refused"]) == (2, 1)
    said = [problem["kind"] for line in lines(tmp_path / "ra.jsonl.gz") for problem in line.get("problems", ())]
    assert "damaged" in said


def test_damage_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    collection(tmp_path / "warcs", files=2, pages=6)
    path = tmp_path / "warcs" / "0.warc.gz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    (tmp_path / "warcs" / "no.warc.gz").write_bytes(b"this is none")
    done = scrapy("reread", str(tmp_path / "warcs"), "--to", str(tmp_path / "ra"))
    assert done.returncode == 1
    assert "no.warc.gz is no WARC file" in done.stderr
    said = lines(tmp_path / "ra" / "0.warc.gz.jsonl.gz")
    assert sum("article" in line for line in said) >= 4
    assert any(problem["kind"] == "warc_unreadable" for line in said for problem in line.get("problems", ()))
    assert not (tmp_path / "ra" / "no.warc.gz.jsonl.gz").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("/nowhere",), "no file or folder"),
        ((".", "--family", "drupal"), "no family"),
        ((".", "--processes", "0"), "--processes must be"),
        ((".", "--scheduler", "tcp://127.0.0.1:1"), "--engine dask"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = scrapy("reread", *arguments, "--to", str(tmp_path / "ra"))
    assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert list(tmp_path.iterdir()) == []
