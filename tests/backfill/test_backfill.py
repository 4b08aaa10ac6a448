"""Backfill from archives laid out like the Wayback Machine and Common Crawl, by the command as it is typed."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable

import pytest

from scraper.items import Capture
from tests.backfill.conftest import ROOT, Lab
from tests.backfill.museum import Museum
from tests.backfill.truth import HOME, HTML, address, capture, page

OTHER_TIME = {"Memento-Datetime": "Thu, 01 Jan 2009 00:00:00 GMT"}
SOFT_404 = "<html><title>Không tìm thấy trang</title><h1>Không tìm thấy trang</h1></html>".encode()
NINE = 9 * 1024 * 1024


def collection() -> list[Capture]:
    """Five articles of an ended portal and what else is found of it."""
    return [
        # 1: stood, was edited, and went back.
        capture(1, "2015-01-01T00:00:00Z", page(1, "A")),
        capture(1, "2016-01-01T00:00:00Z", page(1, "A")),
        capture(1, "2017-01-01T00:00:00Z", page(1, "B")),
        capture(1, "2018-01-01T00:00:00Z", page(1, "A")),
        # 2: its own address, and a twin.
        capture(2, "2021-01-01T00:00:00Z"),
        capture(2, "2021-02-01T00:00:00Z", page(2, "bản in"), url=address(2) + "?ref=zalo"),
        # 3: only a twin was ever caught, over http and www.
        capture(3, "2021-01-01T00:00:00Z", url=address(3, "http://www.caobang.gov.vn") + "?ref=zalo"),
        # 4: its own address had an error page, a twin the text.
        capture(4, "2021-01-01T00:00:00Z", SOFT_404),
        capture(4, "2021-03-01T00:00:00Z", url=address(4) + "?ref=zalo"),
        # 5: unchanged in four captures; packed by the portal.
        *(
            Capture(address(5), f"2021-0{month}-01T00:00:00Z", 200, (*HTML, ("Content-Encoding", "gzip")), gzip.compress(page(5), mtime=0))
            for month in range(1, 5)
        ),
        # No articles: the section, a picture, a page that was gone, another site.
        Capture(f"{HOME}/van-hoaxa-hoi", "2021-01-01T00:00:00Z", 200, HTML, b"<html>section</html>"),
        Capture(f"{HOME}/van-hoaxa-hoi/bai-0009", "2021-01-01T00:00:00Z", 200, (("Content-Type", "image/png"),), b"\x89PNG"),
        Capture(f"{HOME}/van-hoaxa-hoi/bai-0008", "2021-01-01T00:00:00Z", 404, HTML, b"<html>404</html>"),
        capture(7, "2021-01-01T00:00:00Z", url="https://khac.gov.vn/tin/bai-0007"),
    ]


TO_FETCH = 7
"""Contents: two of article 1, one of 2 and of 3, the error page of 4 and then its twin, one of 5."""


def archived(lab: Lab) -> list[tuple[str, str, str, str, str]]:
    return lab.rows("SELECT article_key, title, first_seen_at, last_seen_at, current_as_of FROM articles ORDER BY 1")


def brought_back(lab: Lab) -> None:
    """What both archives must lead to."""
    title = "Hội Khuyến học tỉnh: bài {} bản {}"
    assert archived(lab) == [
        ("0001", title.format(1, "A"), "2015-01-01T00:00:00Z", "2018-01-01T00:00:00Z", "2018-01-01T00:00:00Z"),
        ("0002", title.format(2, "đầu"), *["2021-01-01T00:00:00Z"] * 3),
        ("0003", title.format(3, "đầu"), *["2021-01-01T00:00:00Z"] * 3),
        ("0004", title.format(4, "đầu"), *["2021-03-01T00:00:00Z"] * 3),
        ("0005", title.format(5, "đầu"), "2021-01-01T00:00:00Z", *["2021-04-01T00:00:00Z"] * 2),
    ]
    revisions = lab.rows(
        "SELECT a.article_key, r.title, r.first_captured_at FROM revisions r JOIN articles a ON a.id = r.article_id ORDER BY 1, 3"
    )
    assert [row[0] for row in revisions] == ["0001", "0001", "0002", "0003", "0004", "0005"]
    assert revisions[1][1:] == (title.format(1, "B"), "2017-01-01T00:00:00Z")
    assert lab.rows("SELECT count(*) FROM captures WHERE kind = 'response'") == [(TO_FETCH,)]
    assert lab.rows("SELECT count(*) FROM captures WHERE kind = 'revisit'") == [(3,)]
    assert lab.rows("SELECT count(*) FROM captures WHERE provenance IS NULL OR outcome IS NULL") == [(0,)]
    assert lab.rows("SELECT kind FROM issues WHERE closed_at IS NULL ORDER BY 1") == [("soft_404",)]
    assert lab.rows("SELECT count(*) FROM frontier WHERE etag IS NOT NULL") == [(0,)]
    assert lab.rows("SELECT count(*) FROM articles WHERE missing_looks <> 0 OR gone_at IS NOT NULL") == [(0,)]


BREAKS = """
import sys
from scraper.backfill.session import BackfillSession
take, seen = BackfillSession.take, []
async def fails(self, response):
    seen.append(response)
    if len(seen) == 6:
        raise RuntimeError("a mistake of ours")
    await take(self, response)
BackfillSession.take = fails
from scrapy.cmdline import execute
if __name__ == "__main__":
    execute(["scrapy", *sys.argv[1:]])
"""


def test_a_fault_of_ours_is_told_and_the_next_run_goes_on(lab: Lab) -> None:
    with Museum(collection(), most=5) as museum:
        command = [sys.executable, "-c", BREAKS, *lab.command("backfill", lab.portal, "--from", museum.wayback)[1:]]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
        assert done.returncode == 1, done.stdout + done.stderr
        assert lab.rows("SELECT verdict FROM crawls") == [("bad",)]
        assert ("reader_failed", "RuntimeError: a mistake of ours (fails, line 8)") in lab.rows("SELECT kind, detail FROM issues")
        lab.backfill(museum.wayback)
        assert [row[0] for row in archived(lab)] == ["0001", "0002", "0003", "0004", "0005"]


def test_everything_once_from_a_wayback_machine(lab: Lab) -> None:
    with Museum(collection(), most=5) as museum:
        lab.backfill(museum.wayback)
        brought_back(lab)
        asked = museum.asked()
        lists = [path for path in asked if path.startswith("/cdx/")]
        assert len(lists) == 4, lists
        assert len(asked) - len(lists) == TO_FETCH
        assert len(set(asked)) == len(asked)
        assert all("id_/" in path for path in asked if path not in lists)
        lab.verified()
        # Again: nothing is asked, nothing changes.
        before = lab.rows("SELECT * FROM articles"), lab.rows("SELECT count(*) FROM captures")
        lab.backfill(museum.wayback)
        assert museum.asked(robots=True) == []
        assert (lab.rows("SELECT * FROM articles"), lab.rows("SELECT count(*) FROM captures")) == before
        # A database made anew knows the lists of the one it replaces.
        assert lab.scrapy("rebuild", "--replace").returncode == 0
        lab.backfill(museum.wayback)
        assert museum.asked(robots=True) == []
        brought_back(lab)
        lab.verified()
        # Made from the captures alone it knows nothing of them: they are asked for, the captures are not.
        lab.db.unlink()
        assert lab.scrapy("rebuild").returncode == 0
        lab.backfill(museum.wayback)
        assert [path[:5] for path in museum.asked()] == ["/cdx/"] * 4
        brought_back(lab)
        lab.verified()
    provenance = lab.rows("SELECT url, provenance, warc_file FROM captures WHERE fetched_at = '2017-01-01T00:00:00Z'")[0]
    assert provenance[0] == address(1)
    assert provenance[1].startswith(
        f"captured by Wayback Machine ({museum.url[7:]}); got from {museum.url}/web/20170101000000id_/{address(1)} at 20"
    )


def test_everything_once_from_common_crawl(lab: Lab) -> None:
    with Museum(collection()) as museum:
        lab.backfill(museum.commoncrawl)
        brought_back(lab)
        asked = museum.asked()
        lists = [path for path in asked if "-index" in path or "collinfo" in path]
        # The list of collections, then for each the number of its pages and the page.
        assert len(lists) == 5, lists
        assert len(asked) - len(lists) == TO_FETCH
        lab.verified()
        lab.backfill(museum.commoncrawl)
        assert museum.asked(robots=True) == []
        # The Wayback Machine has the same captures: nothing is fetched again.
        lab.backfill(museum.wayback)
        assert not [path for path in museum.asked() if "id_/" in path]
    brought_back(lab)
    (provenance,) = lab.rows("SELECT provenance FROM captures WHERE fetched_at = '2015-01-01T00:00:00Z'")[0]
    assert provenance.startswith(f"captured by Common Crawl (CC-MAIN-2019-01); got from {museum.url}/crawl-data/CC-MAIN-2019-01/")


def test_revisits_in_an_index_are_no_contents(lab: Lab) -> None:
    captures = [capture(1, f"202{year}-01-01T00:00:00Z") for year in range(5)]
    seen_again = frozenset((one.url, one.fetched_at) for one in captures[1:])
    with Museum(captures, revisits=seen_again) as museum:
        lab.backfill(museum.wayback)
        assert len(museum.asked()) == 2
    assert archived(lab)[0][2:] == ("2020-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z")


def test_only_the_days_asked_for(lab: Lab) -> None:
    with Museum(collection()) as museum:
        lab.backfill(museum.commoncrawl, "--since", "2017-01-01", "--until", "2017-12-31")
        assert "CC-MAIN-2022-33-index" not in " ".join(museum.asked())
        # That collection is of 2019 by its name: nothing of 2017 is looked for in it.
        lab.backfill(museum.wayback, "--since", "2016-06-01", "--until", "2017-12-31")
    assert [row[1] for row in archived(lab)] == ["Hội Khuyến học tỉnh: bài 1 bản B"]


def test_a_dry_run_lists_and_writes_nothing(lab: Lab) -> None:
    with Museum(collection()) as museum:
        said = lab.backfill(museum.wayback, "--dry-run")
        assert [path[:5] for path in museum.asked()] == ["/cdx/"]
        museum.faults["/cdx/"] = [(500, {}, b"")]
        assert "archive_unlisted: " in lab.backfill(museum.wayback, "--dry-run", code=1)
    assert not lab.db.exists()
    assert "6 contents to fetch" in said, said
    assert "2021: 4 articles, 4 to fetch" in said, said


def test_a_part_today_and_the_rest_tomorrow(lab: Lab) -> None:
    with Museum(collection()) as museum:
        lab.backfill(museum.wayback, "--limit", "3")
        assert len(museum.asked()) == 4
        lab.backfill(museum.wayback)
        assert len(museum.asked()) == TO_FETCH - 3
    brought_back(lab)


# What an archive may do to us


@pytest.mark.parametrize("kind", ["wayback", pytest.param("commoncrawl", marks=pytest.mark.slow)])
def test_a_short_pause_is_kept_and_a_long_one_ends_it(lab: Lab, kind: str) -> None:
    part = "crawl-data" if kind == "commoncrawl" else "id_/"
    with Museum(collection(), faults={part: [(429, {"Retry-After": "1"}, b"")]}) as museum:
        lab.backfill(getattr(museum, kind), "--limit", "2")
        assert lab.rows("SELECT count(*) FROM captures WHERE kind = 'response'") == [(2,)]
        museum.asked()
        museum.faults[part] = [(429, {"Retry-After": "7200"}, b"")]
        said = lab.backfill(getattr(museum, kind), code=7)
        assert "asked_to_wait" in said
        assert len(museum.asked()) == 1
        assert lab.rows("SELECT count(*) FROM holdings WHERE state IN ('failed', 'given_up') OR attempts <> 0") == [(0,)]
        assert "asked to be left alone until" in lab.backfill(getattr(museum, kind), code=7)
        assert "asked to be left alone until" in lab.backfill(getattr(museum, kind), "--dry-run", code=7)
        assert museum.asked(robots=True) == []
        forget_pauses(lab)
        lab.backfill(getattr(museum, kind))
    brought_back(lab)


def forget_pauses(lab: Lab) -> None:
    with sqlite3.connect(lab.db) as connection:
        connection.execute("UPDATE listings SET not_before = NULL")
    connection.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "part"), [("wayback", "/cdx/"), ("commoncrawl", "-index"), ("commoncrawl", "collinfo"), ("wayback", "id_/")]
)
def test_refused_without_a_word_on_how_long(lab: Lab, kind: str, part: str) -> None:
    """It is left alone at once: the Wayback Machine puts up a wall for those who go on."""
    with Museum(collection(), faults={part: [(503, {}, b"slow down")]}) as museum:
        assert "asked_to_wait" in lab.backfill(getattr(museum, kind), code=7)
        assert part in museum.asked()[-1]
        forget_pauses(lab)
        lab.backfill(getattr(museum, kind))
    brought_back(lab)


def test_robots_keep_us_out(lab: Lab) -> None:
    with Museum(collection(), robots="User-agent: *\nDisallow: /web/\n") as museum:
        said = lab.backfill(museum.wayback, code=1)
        assert "robots_closed" in said
        assert [path[:5] for path in museum.asked()] == ["/cdx/"]
    assert lab.rows("SELECT count(*) FROM captures") == [(0,)]
    assert lab.rows("SELECT count(*) FROM holdings WHERE attempts <> 0") == [(0,)]


def test_who_asks_says_who_it_is(lab: Lab) -> None:
    with Museum(collection()) as museum:
        lab.backfill(museum.wayback, contact="thu@example.org")
        assert len(museum.agents) == 1
        assert "(+thu@example.org)" in next(iter(museum.agents))


def test_a_strange_archive_needs_a_contact(lab: Lab) -> None:
    assert "KHUYEN_HOC_CONTACT" in lab.backfill("https://web.archive.org/cdx/search/cdx", code=2)
    assert "no CDX server known here" in lab.backfill("http://127.0.0.1:1/x", code=2)


FAULTS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "address_refused: leads elsewhere": (302, {"Location": "http://127.0.0.1:9/web/20150101000000id_/x"}, b""),
    "address_refused: by another name": (302, {"Location": "http://localhost:{port}/x"}, b""),
    "unreachable: larger than any page": (200, {"Content-Type": "text/html"}, b"x" * NINE),
    "damaged: a bomb": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(bytes(NINE * 9))),
    "damaged: half": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(page(1))[:200]),
    "not_captured: not there": (404, {}, b"not here"),
    "not_captured: not for us": (403, {}, b"Blocked Site Error"),
    "not_captured: broken": (500, {}, b"error"),
    "not_captured: of another time": (200, {"Content-Type": "text/html", **OTHER_TIME}, page(1, "Z")),
}


def test_what_is_not_the_capture_is_refused(lab: Lab) -> None:
    """Each fault at an article of its own, a good one behind each."""
    captures = [capture(number, "2015-01-01T00:00:00Z") for number in range(1, 2 * len(FAULTS) + 1)]
    with Museum(captures) as museum:
        for number, (status, headers, body) in enumerate(FAULTS.values()):
            told = {key: value.format(port=museum.url.rpartition(":")[2]) for key, value in headers.items()}
            museum.faults[f"bai-{2 * number + 1:04}"] = [(status, told, body)] * 2
        lab.backfill(museum.wayback)
    good = [f"{number:04}" for number in range(2, 2 * len(FAULTS) + 1, 2)]
    assert [row[0] for row in archived(lab)] == good
    assert lab.rows("SELECT count(*) FROM captures") == [(len(good),)]
    kinds = {url[-4:]: kind for kind, url in lab.rows("SELECT kind, url FROM issues")}
    assert kinds == {f"{2 * number + 1:04}": name.partition(":")[0] for number, name in enumerate(FAULTS)}
    states = dict(lab.rows("SELECT article_key, state FROM holdings WHERE state <> 'done'"))
    assert set(states) == set(kinds)
    assert {key: state for key, state in states.items() if state == "failed"}.keys() == {"0007", "0009", "0015"}
    lab.verified()


def test_an_index_leads_nowhere_else(lab: Lab) -> None:
    """Neither by the name of a file nor by that of a collection."""
    row = {"urlkey": "k", "timestamp": "20220101000000", "url": address(1), "mime": "text/html", "status": "200", "digest": "A"}
    row |= {"filename": "http://127.0.0.1:9/x.warc.gz", "offset": "0", "length": "10"}
    elsewhere = [{"id": "x", "cdx-api": "http://127.0.0.1:9/x-index"}, {"id": "y", "cdx-api": "/CC-MAIN-2022-33-index"}]
    with Museum([capture(1, "2022-01-01T00:00:00Z")]) as museum:
        forged = {**row, "url": address(2) + "\r\nWARC-Type: warcinfo", "filename": "crawl-data/x"}
        museum.faults["page=0"] = [(200, {}, (json.dumps(row) + "\n" + json.dumps(forged)).encode())]
        museum.faults["collinfo"] = [(200, {}, json.dumps(elsewhere).encode())]
        lab.backfill(museum.commoncrawl)
    assert lab.rows("SELECT kind, url FROM issues ORDER BY url") == [
        ("address_refused", "http://127.0.0.1:9/x-index"),
        ("address_refused", "http://127.0.0.1:9/x.warc.gz"),
    ]
    assert lab.rows("SELECT count(*) FROM captures") == [(0,)]
    assert lab.rows("SELECT article_key FROM holdings") == [("0001",)]


def test_what_failed_is_asked_for_again_in_its_time(lab: Lab) -> None:
    with Museum([capture(1, "2015-01-01T00:00:00Z")], faults={"id_/": [(500, {}, b"")]}) as museum:
        assert "asked for again after" in lab.backfill(museum.wayback)
        museum.asked()
        lab.backfill(museum.wayback)
        assert museum.asked() == []
        assert lab.rows("SELECT kind, closed_at FROM issues") == [("not_captured", None)]
        later(lab)
        lab.backfill(museum.wayback)
        assert len(museum.asked()) == 1
    assert len(archived(lab)) == 1
    assert lab.rows("SELECT count(*) FROM issues WHERE closed_at IS NULL") == [(0,)]


def later(lab: Lab) -> None:
    with sqlite3.connect(lab.db) as connection:
        connection.execute("UPDATE holdings SET due_at = '2026-01-01T00:00:00Z' WHERE due_at IS NOT NULL")
    connection.close()


def test_another_capture_of_the_content_takes_the_place_of_one_that_is_lost(lab: Lab) -> None:
    captures = [capture(1, "2015-01-01T00:00:00Z"), capture(1, "2016-01-01T00:00:00Z")]
    with Museum(captures, faults={"/web/2015": [(404, {}, b"")]}) as museum:
        lab.backfill(museum.wayback)
    assert archived(lab)[0][2] == "2016-01-01T00:00:00Z"


TOOLBAR = "<head><!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp'>Wayback Machine</div><!-- END WAYBACK TOOLBAR INSERT --></head>"


def test_a_page_with_a_toolbar_is_refused(lab: Lab) -> None:
    with Museum([capture(1, "2015-01-01T00:00:00Z")], touch=TOOLBAR) as museum:
        lab.backfill(museum.wayback)
    assert archived(lab) == []
    assert lab.rows("SELECT kind, detail FROM issues")[0][0] == "rewritten"
    assert "does not confirm it" in lab.rows("SELECT provenance FROM captures")[0][0]


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("commoncrawl", "-index"),
        pytest.param("wayback", "/cdx/", marks=pytest.mark.slow),
        pytest.param("commoncrawl", "collinfo", marks=pytest.mark.slow),
    ],
)
def test_a_list_that_cannot_be_had_is_said_and_asked_for_again(lab: Lab, kind: str, fault: str) -> None:
    answers = [(500, {}, b""), (200, {}, b"<html>Sorry</html>"), (200, {}, b'{"cdx": [}')]
    with Museum(collection()) as museum:
        for answer in answers:
            museum.faults[fault] = [answer]
            assert "archive_unlisted" in lab.backfill(getattr(museum, kind), code=1)
        lab.backfill(getattr(museum, kind))
    brought_back(lab)


def test_a_list_larger_than_any_answer_is_divided(labs: Callable[[str], Lab]) -> None:
    """pywb gives all at once; what does not fit is asked for by halves of its time."""
    lab = labs("cao_bang")
    with Museum(collection()) as museum:
        museum.faults["/cdx/search/cdx"] = [(200, {"Content-Type": "application/json"}, b" " * NINE)]
        lab.backfill(museum.wayback)
    brought_back(lab)
    assert lab.rows("SELECT count(*), min(since), max(until) FROM listings WHERE since <> ''") == [(2, "1996-01-01", "2100-01-01")]
