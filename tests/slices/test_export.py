"""``scrapy export`` as typed, and the same bytes as over the web."""

from __future__ import annotations

import csv
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest

from scraper.slices.selection import Selection, Unknown
from tests import warm
from tests.web.archive import FORMULA_TITLE, ON_TOPIC, build_archive
from tests.web.conftest import Browser

ROOT = Path(__file__).parents[2]
THROUGH = '{"table":"article_topics","column":"topic_id","value":"hoc_bong"}'
SCRAPY = Path(sys.executable).with_name("scrapy")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_archive(tmp_path_factory.mktemp("export") / "archive.db")


@pytest.fixture
def reader(archive: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(archive)
    yield connection
    connection.close()


def export(archive: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return warm.scrapy("export", "--db", str(archive), *arguments)


def test_csv_is_the_one_of_the_web(archive: Path, tmp_path: Path) -> None:
    browser = Browser(archive)
    try:
        for options, address in (
            ([], "/archive/articles.csv"),
            (["--bom"], "/archive/articles.csv?_labels=on&_bom=1"),
            (["--bom", "--no-labels"], "/archive/articles.csv?_bom=1"),
            (["--labels"], "/archive/articles.csv?_labels=on"),
            (["--topic", "học bổng"], f"/archive/articles.csv?_through={quote(THROUGH)}"),
            (["--source", "cao_bang"], "/archive/articles.csv?source_id=cao_bang"),
            (["--query", "dong khe", "--keep-formulas"], "/archive/articles.csv?_search=dong+khe&_formulas=keep"),
            (["--period", "2024"], "/archive/articles.csv?published_at__startswith=2024"),
        ):
            done = export(archive, *options, str(tmp_path / "x.csv"))
            assert done.returncode == 0, done.stderr
            assert (tmp_path / "x.csv").read_bytes() == browser.get(address).content
        assert export(archive, "--format", "jsonl", "-").stdout.encode() == browser.get("/archive/articles.jsonl").content
    finally:
        browser.close()


def test_formats(archive: Path, tmp_path: Path) -> None:
    for suffix in ("csv", "jsonl", "xlsx"):
        done = export(archive, str(tmp_path / f"x.{suffix}"))
        assert done.returncode == 0, done.stderr
        assert f"{len(ON_TOPIC)} articles" in done.stdout
    with open(tmp_path / "x.csv", newline="", encoding="utf-8") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    assert f"'{FORMULA_TITLE}" in titles
    lines = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()
    assert FORMULA_TITLE in [json.loads(line)["title"] for line in lines]
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == titles
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.csv", "x.jsonl", "x.xlsx"]


def test_parquet(archive: Path, tmp_path: Path, reader: sqlite3.Connection) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: pip install -e .[parquet]")
    assert export(archive, str(tmp_path / "x.parquet")).returncode == 0
    table = parquet.read_table(tmp_path / "x.parquet")
    cursor = reader.execute("select * from articles order by published_at desc, id")
    columns = [column[0] for column in cursor.description]
    assert [tuple(row[column] for column in columns) for row in table.to_pylist()] == cursor.fetchall()
    assert {str(table.schema.field(name).type) for name in ("id", "title", "relevance_score")} == {"int64", "string", "double"}


def test_parquet_without_pyarrow_says_what_to_install(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError('not here')")
    command = [str(SCRAPY), "export", "--db", str(archive), str(tmp_path / "x.parquet")]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment, timeout=120)
    assert done.returncode == 2
    assert "pip install -e .[parquet]" in done.stderr
    assert not (tmp_path / "x.parquet").exists()


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (Selection(), 11),
        (Selection(sources=["cao_bang"]), 3),
        (Selection(sources=["cao_bang", "cao_bang_thach_an"]), 11),
        (Selection(places=["thach an"]), 8),
        (Selection(places=["Thạch An"], period="2023"), 4),
        (Selection(places=["cao bang"]), 11),
        (Selection(period="2023"), 5),
        (Selection(period="2023-10"), 1),
        (Selection(period="2022-12-12"), 1),  # half past midnight in Vietnam
        (Selection(since="2024-10-03"), 2),
        (Selection(until="2022-12-12"), 2),
        (Selection(since="2022-12-12", until="2023-03-05"), 2),
        (Selection(query="khuyen hoc thach an"), 1),
        (Selection(query="khuyến học", sources=["cao_bang"], until="2023-12-31"), 1),
        (Selection(query='"'), 0),
        (Selection(topics=["khen_thuong"]), 1),
        (Selection(topics=["Khen thưởng"]), 1),
        (Selection(topics=["bieu duong"], sources=["cao_bang"]), 0),
        (Selection(topics=["hoc bong", "khen_thuong"]), 11),
    ],
    ids=str,
)
def test_selections(reader: sqlite3.Connection, chosen: Selection, count: int) -> None:
    question = chosen.question(reader)
    assert len(reader.execute(question.sql, question.parameters).fetchall()) == count


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (Selection(sources=["cao_ban"]), "cao_bang, cao_bang_thach_an"),
        (Selection(places=["Huế"]), "Huyện Thạch An"),
        (Selection(period="2024-13"), "2024-05"),
        (Selection(topics=["thời tiết"]), r"hoc_bong \(Học bổng\)"),
        (Selection(period="5/2024"), "2024-05"),
        (Selection(since="hôm qua"), "2024-05-19"),
        (Selection(until="2024-02-30"), "2024-05-19"),
    ],
    ids=str,
)
def test_what_is_not_known_is_said(reader: sqlite3.Connection, chosen: Selection, told: str) -> None:
    with pytest.raises(Unknown, match=told):
        chosen.question(reader)


def test_exit_codes(archive: Path, tmp_path: Path) -> None:
    for arguments, told in (
        (["--source", "nowhere", str(tmp_path / "x.csv")], "no source nowhere"),
        ([str(tmp_path / "x.pdf")], "no format"),
        ([str(tmp_path / "no" / "x.csv")], "a folder that is there"),
        ([], "name the file"),
    ):
        done = export(archive, *arguments)
        assert done.returncode == 2
        assert told in done.stdout + done.stderr
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE articles (id, b)")
    others = ((tmp_path, "is a folder"), (tmp_path / "other.db", "is a database of another program"))
    for path, told in (*others, (tmp_path / "none.db", "there is no archive"), (ROOT / "README.md", "cannot be read as an archive")):
        done = export(path, str(tmp_path / "x.csv"))
        assert done.returncode == 2
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    (tmp_path / "other.db").unlink()
    assert list(tmp_path.iterdir()) == []
    done = export(archive, "--period", "1999", str(tmp_path / "x.csv"))
    assert done.returncode == 0
    assert "0 articles" in done.stdout


def test_full_disk(archive: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk; SQLite must not need to write beside the archive for that."""
    still = tmp_path / "archive.db"
    with sqlite3.connect(archive) as source, sqlite3.connect(still) as copy:
        source.backup(copy)
    copy.execute("pragma journal_mode = delete")
    source.close()
    copy.close()
    command = [str(SCRAPY), "export", "--db", str(still), str(tmp_path / "x.csv")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=60, preexec_fn=_small_files)
    assert done.returncode == 8, done.stderr
    assert b"no room left" in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["archive.db"]


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (999, 999))


def _hears_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell that runs the tests in the background has it ignored


def test_interrupted_export_leaves_no_file(archive: Path, tmp_path: Path) -> None:
    """Interrupted as soon as it writes; there is enough to write."""
    target = tmp_path / "x.csv"
    big = tmp_path / "big.db"
    with sqlite3.connect(archive) as source, sqlite3.connect(big) as copy:
        source.backup(copy)
        copy.execute("drop trigger articles_au")
        copy.execute("update articles set body = hex(zeroblob(8000000))")
    source.close()
    copy.close()
    command = [str(SCRAPY), "export", "--db", str(big), str(target)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=_hears_interrupts) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".x.csv.*.part")) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert b"stopped" in err
    assert not target.exists()
    assert not list(tmp_path.glob(".x.csv.*"))
