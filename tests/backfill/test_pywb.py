"""Backfill from a real pywb, and from Common Crawl's layout, of whole portals: the same text as a crawl gives, killed or not."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from scraper.archive.warc_reader import read_records
from scraper.items import Capture
from scraper.portal import portals
from spiders.quang_tri import QuangTriSpider
from tests.backfill.conftest import ROOT, Lab, Rows
from tests.backfill.museum import Museum, sha1
from tests.backfill.pywb import BIN, COLLECTION, Pywb
from tests.backfill.truth import stamp
from tests.crash.command import lives
from tests.crash.pages import captures as replica
from tests.crash.pages import truth, write_warc
from tests.crash.whole import whole

ARTICLES = "SELECT article_key, title, lead, body, byline, source_line, published_at, section, url FROM articles ORDER BY 1"
SEED = 2022


@pytest.fixture(scope="session")
def pywb() -> None:
    """Skips where there is none."""
    if not (BIN / "wayback").exists():
        pytest.skip("without pywb (make pywb): no real web archive to ask")


def replayed(labs: Callable[[str], Lab], portal: str, file: Path) -> Rows:
    """The articles that the same captures give when they are read from their file."""
    lab = labs(portal)
    done = lab.scrapy("replay", portal, str(file), "--keep-all")
    assert done.returncode == 0, done.stdout + done.stderr
    return lab.rows(ARTICLES)


def contents(portal: str, captures: list[Capture]) -> dict[str, set[str]]:
    """The distinct contents of each article at its best address."""
    family = portals()[portal]
    best: dict[str, int] = {}
    found: dict[str, dict[int, set[str]]] = {}
    for one in captures:
        key = family.article_key(one.url)
        if key is not None and one.status == 200:
            rank = family.rank(one.url)
            best[key] = min(rank, best.get(key, rank))
            found.setdefault(key, {}).setdefault(rank, set()).add(sha1(one.body))
    return {key: found[key][rank] for key, rank in best.items()}


def requests_fit(asked: list[str], wanted: int, *, kills: int = 0) -> None:
    """Not more requests than contents and pages of the index; a kill may cost the one that was being answered."""
    pages = [path for path in asked if "/cdx?" in path or "-index?" in path or path == "/collinfo.json"]
    fetched = [path for path in asked if "id_/" in path or path.startswith("/crawl-data")]
    assert len(pages) + len(fetched) == len(asked), Counter(asked).most_common(3)
    assert pages
    assert len(fetched) <= wanted + kills, f"{len(fetched)} requests for {wanted} contents"


def of_the_collection(server: Pywb) -> list[str]:
    """What was asked of the collection; pywb asks its own ``index`` for each."""
    return [path for path in server.asked() if path.startswith((f"/{COLLECTION}/cdx", f"/{COLLECTION}/2"))]


@pytest.mark.usefixtures("pywb")
def test_a_portal_out_of_pywb(tmp_path: Path, lab: Lab, labs: Callable[[str], Lab]) -> None:
    file = tmp_path / "quang_tri.warc.gz"
    write_warc(file, QuangTriSpider, 15)
    lab.portal = "quang_tri"
    with Pywb(tmp_path, [file]) as server:
        lab.backfill(server.cdx, "--keep-all")
        requests_fit(of_the_collection(server), 15)
    assert lab.rows(ARTICLES) == replayed(labs, "quang_tri", file)
    assert lab.rows("SELECT count(*) FROM articles") == [(15,)]
    assert lab.rows("SELECT count(*) FROM captures WHERE provenance LIKE 'captured by pywb (%; got from %'") == [(15,)]
    assert lab.rows("SELECT count(*) FROM captures WHERE provenance LIKE '%does not confirm%'") == [(0,)]
    lab.verified()


@pytest.mark.usefixtures("pywb")
def test_what_pywb_decorates_is_known_for_it(tmp_path: Path) -> None:
    """The pages that pywb shows to readers, and the originals it gives to us."""
    file = tmp_path / "quang_tri.warc.gz"
    write_warc(file, QuangTriSpider, 3)
    pages = [one for one in replica(QuangTriSpider, 3) if QuangTriSpider.article_key(one.url)]
    with Pywb(tmp_path, [file]) as server:
        for one in pages:
            for form, marked in (("mp_", True), ("", True), ("id_", False)):
                with urlopen(f"{server.url}/{COLLECTION}/{stamp(one.fetched_at)}{form}/{one.url}", timeout=30) as answer:
                    shown = Capture(one.url, one.fetched_at, 200, tuple(answer.headers.items()), answer.read())
                reading = QuangTriSpider.read(shown)
                assert (reading.article is None) == marked
                assert [problem.kind for problem in reading.problems] == ["rewritten"] * marked


@pytest.mark.slow
@pytest.mark.usefixtures("pywb")
@pytest.mark.parametrize("kind", ["pywb", "commoncrawl"])
def test_a_real_portal(tmp_path: Path, lab: Lab, labs: Callable[[str], Lab], corpus: Path, kind: str) -> None:
    """Every article of the saved portal, exactly once for each content, with the text that a replay gives."""
    portal = lab.portal = "ha_noi_so_tttt"
    file = corpus / "ha_noi_so_tttt.warc.gz"
    captures = [record.capture for record in read_records(file) if record.capture]
    wanted = contents(portal, captures)
    total = sum(map(len, wanted.values()))
    if kind == "pywb":
        with Pywb(tmp_path, [file]) as server:
            lab.backfill(server.cdx, "--keep-all")
            asked = of_the_collection(server)
    else:
        with Museum(captures) as museum:
            lab.backfill(museum.commoncrawl, "--keep-all")
            asked = museum.asked()
    requests_fit(asked, total)
    print(f"\n{kind}: {len(wanted)} articles, {total} contents, {len(asked)} requests", file=sys.stderr)
    stored = Counter(key for (key,) in lab.rows("SELECT article_key FROM holdings WHERE state = 'done'"))
    assert stored == {key: len(digests) for key, digests in wanted.items()}
    assert lab.rows("SELECT count(*) FROM captures") == [(total,)]
    assert lab.rows(ARTICLES) == replayed(labs, portal, file)
    lab.verified()


def killed_again_and_again(lab: Lab, archive: str, kills: int, longest: float) -> int:
    """Start it, kill it, start it again; then let it come to its end. Returns how often it was killed at work."""
    dice = random.Random(SEED)
    killed = 0
    while killed < kills:
        process = subprocess.Popen(
            lab.command("backfill", lab.portal, "--from", archive), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(dice.uniform(1.2, longest))
        except subprocess.TimeoutExpired:
            killed += 1
        process.kill()
        process.wait()
        assert not lives(process.pid)
        if process.returncode != -9:
            break
    lab.backfill(archive)
    return killed


@pytest.mark.slow
@pytest.mark.usefixtures("pywb")
@pytest.mark.parametrize("kind", ["pywb", "commoncrawl", "wayback"])
def test_twenty_kills(tmp_path: Path, lab: Lab, kind: str) -> None:
    """Nothing lost, nothing doubled, measured against the portal's truth."""
    lab.portal = "quang_tri"
    articles = 150
    file = tmp_path / "quang_tri.warc.gz"
    write_warc(file, QuangTriSpider, articles)
    if kind == "pywb":
        with Pywb(tmp_path, [file]) as server:
            killed = killed_again_and_again(lab, server.cdx, 20, 3.0)
            asked = of_the_collection(server)
    else:
        with Museum(list(replica(QuangTriSpider, articles)), wait=0.1) as museum:
            killed = killed_again_and_again(lab, getattr(museum, kind), 20, 3.0)
            asked = museum.asked()
    assert killed == 20, f"it came to its end after {killed} kills"
    requests_fit(asked, articles, kills=killed)
    whole(lab.db, truth(QuangTriSpider, articles), crawled=False)
    assert lab.rows("SELECT count(*) FROM captures") == [(articles,)]
    lab.verified()


def test_three_kills(lab: Lab) -> None:
    """A taste of the above for every run of the tests."""
    lab.portal = "quang_tri"
    with Museum(list(replica(QuangTriSpider, 30)), wait=0.1) as museum:
        killed = killed_again_and_again(lab, museum.commoncrawl, 3, 3.5)
        requests_fit(museum.asked(), 30, kills=killed)
    assert killed == 3
    whole(lab.db, truth(QuangTriSpider, 30), crawled=False)
