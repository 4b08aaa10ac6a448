"""What we give to others: read by warcio, cdxj-indexer and pywb, judged by wacz, seen in a browser, and taken in again by us."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.archive.members import members, parse_record
from scraper.archive.warc_reader import read_records
from scraper.giveback.surt import surt
from scraper.replay import Replay
from scraper.upkeep.sources import read_states
from spiders.cao_bang import CaoBangPortalSpider
from spiders.quang_tri import QuangTriSpider
from tests import warm
from tests.archive.test_archived import live, old, store
from tests.at_once import AtOnce
from tests.backfill.pywb import BIN, COLLECTION, Pywb, tool
from tests.crash.pages import write_warc
from tests.web.chromium import find_browser


@pytest.fixture(scope="session")
def pywb() -> None:
    """Skips where there is none."""
    if not (BIN / "wayback").exists():
        pytest.skip("without pywb (make pywb): nobody to judge what we give back")


@dataclass(frozen=True)
class Kho:
    """An archive of two portals, one with an article that an archive captured, and what is given back of it."""

    db: Path

    def give(self, *options: str, code: int = 0) -> str:
        done = warm.scrapy("giveback", "--db", str(self.db), *options)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def rows(self, sql: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def kho(tmp_path_factory: pytest.TempPathFactory) -> Kho:
    folder = tmp_path_factory.mktemp("kho để tặng")
    write_warc(folder / "quang_tri.warc.gz", QuangTriSpider, 14)
    with ArchiveDatabase(folder / "archive.db") as archive:
        archive.claim_origin("live")
        replay = Replay(archive, QuangTriSpider, AtOnce(), keep_all=True)
        list(replay.run(folder / "quang_tri.warc.gz"))
        replay.finish()
        keeper = Keeper(archive, CaoBangPortalSpider.facts(), "crawl")
        for seen in (old("2015-05-01T00:00:00Z", "cũ"), live("2026-05-01T00:00:00Z", "mới"), live("2026-06-01T00:00:00Z", "mới")):
            store(keeper, seen)
        keeper.finish("finished", "good")
    return Kho(folder / "archive.db")


@pytest.fixture
def warc(kho: Kho, tmp_path: Path) -> Path:
    kho.give("--warc", str(tmp_path / "tặng.warc.gz"))
    return tmp_path / "tặng.warc.gz"


@pytest.fixture
def wacz(kho: Kho, tmp_path: Path) -> Path:
    kho.give("--wacz", str(tmp_path / "tang.wacz"))
    return tmp_path / "tang.wacz"


def records(path: Path) -> Iterator[tuple[str, str, bytes]]:
    for member in members(path):
        assert member.problem is None
        record = parse_record(member.data)
        yield record.type, record.url, record.block


@pytest.mark.usefixtures("pywb")
def test_a_warc_that_others_accept(kho: Kho, warc: Path) -> None:
    checked = tool("warcio", "check", "-v", warc)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "digest pass" in checked.stdout
    assert "fail" not in checked.stdout.lower()
    indexed = tool("cdxj-indexer", "-s", warc)
    assert indexed.returncode == 0, indexed.stderr
    lines = indexed.stdout.splitlines()
    captures = kho.rows("SELECT id FROM captures WHERE revision_id IS NOT NULL")
    assert len(lines) == len(captures) == 17
    assert {json.loads(line.split(" ", 2)[2])["mime"] for line in lines} == {"text/html", "warc/revisit"}


def test_records_are_byte_for_byte_ours(kho: Kho, warc: Path) -> None:
    found = list(records(warc))
    assert [kind for kind, _, _ in found].count("response") == 16
    assert found[0][0] == "warcinfo"
    assert "17 captures" in kho.give("--warc", str(warc.with_name("b.warc.gz")))
    given = warc.read_bytes()
    for file, offset, length in kho.rows("SELECT warc_file, warc_offset, warc_length FROM captures WHERE revision_id IS NOT NULL"):
        assert (kho.db.parent / file).read_bytes()[int(offset) : int(offset) + int(length)] in given


def test_what_others_captured_says_so(warc: Path) -> None:
    told = [block.decode() for kind, _, block in records(warc) if kind == "metadata"]
    assert any(one.startswith("provenance: captured by thu; got from http://kho.example/1 at 2026") for one in told)
    assert sum("quang_tri.warc.gz" in one for one in told) == 14


def test_we_can_take_it_in_again(kho: Kho, warc: Path, wacz: Path, tmp_path: Path) -> None:
    query = "SELECT uid, title, lead, body, published_at FROM articles ORDER BY 1"
    for number, file in enumerate((warc, wacz)):
        (tmp_path / str(number)).mkdir()
        with ArchiveDatabase(tmp_path / str(number) / "archive.db") as archive:
            archive.claim_origin("live")
            for family in (QuangTriSpider, CaoBangPortalSpider):
                replay = Replay(archive, family, AtOnce(), keep_all=True)
                list(replay.run(file))
                replay.finish()
                assert replay.verdict == "good"
            assert archive.conn.execute(query).fetchall() == kho.rows(query)
            assert archive.conn.execute("SELECT count(*) FROM revisions").fetchall() == kho.rows("SELECT count(*) FROM revisions")


@pytest.mark.usefixtures("pywb")
def test_a_wacz_that_its_makers_tool_accepts(kho: Kho, wacz: Path) -> None:
    judged = tool("wacz", "validate", "-f", wacz)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "Validation succeeded" in judged.stdout
    with zipfile.ZipFile(wacz) as bundle:
        package = json.loads(bundle.read("datapackage.json"))
        assert package["wacz_version"] == "1.1.1"
        listed = {one["path"]: one for one in package["resources"]}
        assert set(bundle.namelist()) == set(listed) | {"datapackage.json", "datapackage-digest.json"}
        for path, one in listed.items():
            data = bundle.read(path)
            assert (one["hash"], one["bytes"]) == ("sha256:" + hashlib.sha256(data).hexdigest(), len(data))
        for path in ("archive/data.warc.gz", "indexes/index.cdx.gz"):
            assert bundle.getinfo(path).compress_type == zipfile.ZIP_STORED
        head, *pages = map(json.loads, bundle.read("pages/pages.jsonl").decode().splitlines())
        assert head["format"] == "json-pages-1.0"
        assert len(pages) == len(kho.rows("SELECT id FROM articles"))
        digest = kho.rows("SELECT c.payload_digest FROM articles a JOIN captures c ON c.id = a.capture_id WHERE a.source_id = 'cao_bang'")
        citation = next(page["citation"] for page in pages if page["id"] == "cao_bang-0001")
        assert citation.endswith(f"bản lưu 01/05/2026 00:00 UTC, {digest[0][0]}"), citation
        # The index is theirs, line for line: keys, places and digests.
        lines = gzip.decompress(bundle.read("indexes/index.cdx.gz")).decode().splitlines()
        assert bundle.read("indexes/index.idx").decode().startswith("!meta 0 {")
        bundle.extract("archive/data.warc.gz", wacz.parent)
    theirs = tool("cdxj-indexer", "-s", wacz.parent / "archive" / "data.warc.gz").stdout.splitlines()
    assert [(line.split(" ", 2)[:2], json.loads(line.split(" ", 2)[2])) for line in lines] == [
        (line.split(" ", 2)[:2], json.loads(line.split(" ", 2)[2])) for line in theirs
    ]


def shown(browser: str, address: str) -> str:
    """The text that a browser has on a page after its scripts have run."""
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--no-first-run", f"--user-data-dir={profile}", "--virtual-time-budget=4000", "--dump-dom", address,
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", done.stdout)
    return squashed(html.unescape(re.sub(r"<[^>]+>", " ", page)))


def squashed(text: str) -> str:
    """Letters and figures alone: markup may stand between any two of them."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text))


@pytest.mark.slow
@pytest.mark.usefixtures("pywb")
@pytest.mark.parametrize("kind", ["warc", "wacz"])
def test_ten_articles_in_a_browser(kho: Kho, tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    """As a reader of pywb sees them."""
    browser = find_browser()
    if browser is None:
        pytest.skip("without chromium (apt-get install chromium): nobody looks at the replay")
    file: Path = request.getfixturevalue(kind)
    articles = kho.rows(
        "SELECT c.url, c.fetched_at, a.title, a.lead, a.body FROM articles a JOIN captures c ON c.id = a.capture_id"
        " ORDER BY a.source_id, a.id LIMIT 10"
    )
    assert len(articles) == 10
    plain = file.rename(tmp_path / f"tang.{'warc.gz' if kind == 'warc' else 'wacz'}")
    with Pywb(tmp_path, [plain]) as server:
        for url, at, title, lead, body in articles:
            stamp = "".join(char for char in at if char.isdigit())
            text = shown(browser, f"{server.url}/{COLLECTION}/{stamp}/{url}")
            assert squashed(title) in text, url
            for paragraph in (lead or "", *body.split("\n\n")):
                assert squashed(paragraph) in text, f"{url}: {paragraph}"


# Slices and their edges


def test_slices(kho: Kho, tmp_path: Path) -> None:
    days = [day for (day,) in kho.rows("SELECT substr(coalesce(published_at, first_seen_at), 1, 10) FROM articles ORDER BY 1")]
    middle = days[7]
    later = sum(day >= middle for day in days)
    for number, (options, wanted) in enumerate(
        (
            (["--source", "cao_bang"], 1),
            (["--source", "cao_bang", "--source", "quang_tri"], 15),
            (["--uid", "cao_bang-0001"], 1),
            (["--since", middle], later),
            (["--until", middle, "--since", middle], sum(day == middle for day in days)),
        )
    ):
        said = kho.give("--warc", str(tmp_path / f"{number}.warc.gz"), *options)
        assert f": {wanted} articles, " in said, (options, said)
    said = kho.give("--warc", str(tmp_path / "x.warc.gz"), "--source", "không có", code=2)
    assert "no article is in that slice" in said
    assert not (tmp_path / "x.warc.gz").exists()


def test_nothing_is_overwritten_and_names_tell_what_it_is(kho: Kho, warc: Path) -> None:
    before = warc.read_bytes()
    assert "exists already" in kho.give("--warc", str(warc), code=2)
    assert warc.read_bytes() == before
    assert "must end in .wacz" in kho.give("--wacz", str(warc.with_name("a.zip")), code=2)
    assert "must be a day" in kho.give("--warc", str(warc.with_name("b.warc.gz")), "--since", "hôm qua", code=2)
    assert list(warc.parent.glob(".giveback-*")) == []


def test_a_folder_with_signs_of_addresses_in_its_name(kho: Kho, tmp_path: Path) -> None:
    shutil.copytree(kho.db.parent, tmp_path / "kho #1, 50%20?")
    other = Kho(tmp_path / "kho #1, 50%20?" / "archive.db")
    other.give("--warc", str(tmp_path / "a.warc.gz"))
    states = read_states(other.db, [QuangTriSpider], datetime.now(UTC))
    assert [state.portal for state in states] == [QuangTriSpider]


def test_what_is_no_archive_is_named(tmp_path: Path) -> None:
    other = Kho(tmp_path / "archive.db")
    other.db.write_text("không phải kho " * 100, encoding="utf-8")
    assert f"{other.db} cannot be read as an archive" in other.give("--warc", str(tmp_path / "a.warc.gz"), code=2)


def test_damaged_records_are_left_out_and_named(kho: Kho, tmp_path: Path) -> None:
    shutil.copytree(kho.db.parent, tmp_path / "hỏng")
    other = Kho(tmp_path / "hỏng" / "archive.db")
    ((url, file, offset),) = other.rows("SELECT url, warc_file, warc_offset FROM captures WHERE fetched_at = '2015-05-01T00:00:00Z'")
    segment = other.db.parent / file
    data = bytearray(segment.read_bytes())
    data[int(offset) + 300] ^= 0xFF
    segment.write_bytes(bytes(data))
    said = other.give("--warc", str(tmp_path / "a.warc.gz"), code=1)
    assert f"left out: {url} of 2015-05-01T00:00:00Z" in said
    assert len([one for one in read_records(tmp_path / "a.warc.gz") if one.capture]) == 16


def test_a_reader_gives_while_a_writer_holds_the_archive(kho: Kho, tmp_path: Path) -> None:
    shutil.copytree(kho.db.parent, tmp_path / "bận")
    with ArchiveDatabase(tmp_path / "bận" / "archive.db"):
        Kho(tmp_path / "bận" / "archive.db").give("--warc", str(tmp_path / "a.warc.gz"))


# Keys

ADDRESSES = (
    "http://example.vn", "https://WWW.Example.VN:443/", "http://www2.example.vn:8080/A/B/", "http://example.vn/a/./b/../c",
    "http://example.vn/tin%20t%E1%BB%A9c", "http://example.vn/tin tức/bài", "http://example.vn/?b=2&a=1&a=0", "http://example.vn/a?", "http://example.vn/a;jsessionid=0123456789abcdef0123456789abcdef",
    "http://example.vn/a;jsessionid=0123456789abcdef0123456789abcdef?x=1", "http://example.vn/x?PHPSESSID=0123456789ABCDEF0123456789ABCDEF&y=1",
    "http://example.vn/a%2Fb%25", "http://example.vn//a//b", "http://example.vn/a?q=khuy%E1%BA%BFn+h%E1%BB%8Dc&x", "http://127.0.0.1:8000/x",
    "http://example.vn/(S(0123456789abcdefghijklmn))/x.aspx?a", "http://example.vn/x?sid=0123456789abcdef0123456789abcdef",
)  # fmt: skip


@pytest.mark.usefixtures("pywb")
def test_keys_are_those_of_the_replay_tools(request: pytest.FixtureRequest) -> None:
    addresses = list(ADDRESSES)
    corpus: Path | None = request.config.getoption("--corpus")
    if corpus is not None:
        addresses += [one.capture.url for one in read_records(corpus / "ha_noi_so_tttt.warc.gz") if one.capture]
    program = "import sys, surt\nfor line in sys.stdin: print(surt.surt(line.rstrip(chr(10))))"
    command = [str(BIN / "python"), "-W", "ignore", "-c", program]
    done = subprocess.run(command, input="\n".join(addresses), capture_output=True, text=True, check=True, timeout=120)
    theirs = dict(zip(addresses, done.stdout.splitlines(), strict=True))
    assert {url: surt(url) for url in addresses} == theirs
