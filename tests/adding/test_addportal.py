"""``scrapy addportal`` and ``scrapy savefixture`` typed as a person would, in a copy of the project, against portals on this machine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scraper.adding.trim import LIMIT
from scraper.archive.warc_reader import read_records
from tests.adding.project import ROOT, Project
from tests.replica import Replica

NAME = "dong_thap_thap_muoi"
PLACES = ("dong_thap_thap_muoi", "cao_bang_thach_an", "quang_tri")
HOME = "https://thapmuoi.dongthap.gov.vn"
SECTION = "/vi/news/khuyen-hoc/"


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(articles=90, portals=PLACES) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "dự án")


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One project for all that is refused: each test looks that it is as it was."""
    project = Project(tmp_path_factory.mktemp("project"), stays=True)
    yield project
    project.close()


def added(project: Project, name: str = NAME) -> tuple[Path, dict[str, Any]]:
    """The WARC and the expectation of an added portal."""
    (warc,) = (project.root / "tests/fixtures" / name).glob("*.warc.gz")
    (expected,) = (project.root / "tests/fixtures" / name).glob("*.json")
    return warc, json.loads(expected.read_text(encoding="utf-8"))


def mark_read(project: Project, name: str = NAME) -> None:
    (expected,) = (project.root / "tests/fixtures" / name).glob("*.json")
    text = expected.read_text(encoding="utf-8")
    assert text.count('"read": false') == 1
    expected.write_text(text.replace('"read": false', '"read": true'), encoding="utf-8")


def stored(archive: Path) -> list[sqlite3.Row]:
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute("SELECT * FROM articles").fetchall()
    finally:
        connection.close()


def squashed(text: str) -> str:
    return " ".join(text.split())


def test_a_third_portal_from_its_address_to_a_crawl(replica: Replica, project: Project, tmp_path: Path) -> None:
    url = replica.urls[NAME]
    before = project.files()
    replica.clear_requests(NAME)
    done = project.scrapy("addportal", url + SECTION)
    assert done.returncode == 0, done.stderr
    assert "recognised   nukeviet, on the listing and 2 articles" in done.stdout
    assert "no family" not in done.stdout and "not certain" not in done.stdout

    # Politely: robots.txt first, nothing twice, nothing but what the survey is of.
    asked = [request["path"] for request in replica.requests(NAME)]
    assert asked[0] == "/robots.txt"
    assert len(asked) == len(set(asked)) <= 14
    assert len({request["headers"]["user-agent"] for request in replica.requests(NAME)}) == 1

    # Three files, a short spider, a small fixture.
    warc, expected = added(project)
    new = {
        f"spiders/{NAME}.py",
        *(path.relative_to(project.root).as_posix() for path in (warc, warc.with_name(warc.name.replace(".warc.gz", ".json")))),
    }
    assert project.files() - before == new
    spider = (project.root / f"spiders/{NAME}.py").read_text(encoding="utf-8")
    assert len(spider.splitlines()) <= 12
    assert max(map(len, spider.splitlines())) <= 140
    for line in (f'name = "{NAME}"', 'place = "87/872"', f'home = "{url}/"', f"{url}{SECTION}", f"{url}/vi/news/van-hoa-xa-hoi/"):
        assert line in spider
    walked = (ROOT / "docs/adding-a-portal.md").read_text(encoding="utf-8").replace("http://127.0.0.1:8473", url)
    assert spider.partition("    evidence")[0] in walked, "the walk-through shows another spider"
    assert warc.stat().st_size <= LIMIT
    captures = [record.capture for record in read_records(warc)]
    assert [capture.url.removeprefix(url) for capture in captures if capture][:2] == ["/robots.txt", SECTION]
    assert len(captures) == 4
    assert b"example" not in warc.read_bytes()

    # What it read is what the portal holds, and is shown.
    truth = {article["key"]: article for article in replica.truth(NAME)}
    assert expected["origin"] == "captured"
    for article in expected["articles"]:
        told = truth[article["article_key"]]
        assert (article["title"], article["lead"], article["byline"]) == (told["title"], told["lead"], told["byline"])
        assert (article["published_at"], article["published_raw"]) == (told["published_at"], told["published_raw"])
        assert squashed(" ".join(article["body"])) == squashed(" ".join(told["paragraphs"]))
        for words in (article["title"], article["lead"], article["published_raw"], squashed(" ".join(article["body"])).split()[-1]):
            assert words in squashed(done.stdout)
    assert len(expected["articles"]) == 2

    # It fails until it is read, saying so; then it passes.
    first = project.pytest(NAME)
    assert first.returncode == 1
    assert "was drafted by a program and nobody has read it yet" in first.stdout
    assert "1 failed" in first.stdout
    mark_read(project)
    second = project.pytest(NAME)
    assert second.returncode == 0, second.stdout
    assert "passed" in second.stdout

    # And it crawls: exactly the articles on the topic, with every field as the portal holds it.
    archive = tmp_path / "archive.db"
    crawled = project.scrapy("crawl", NAME, "-a", f"base_url={url}", "-s", f"ARCHIVE_DB={archive}")
    assert crawled.returncode == 0, crawled.stdout + crawled.stderr
    rows = {row["article_key"]: row for row in stored(archive)}
    assert rows.keys() == {key for key, article in truth.items() if article["on_topic"]}
    for key, row in rows.items():
        told = truth[key]
        for column, name in (("title", "title"), ("lead", "lead"), ("byline", "byline"), ("published_at", "published_at")):
            assert row[column] == told[name], key
        assert squashed(row["body"]) == squashed("\n".join(told["paragraphs"])), key

    # A second time nothing is overwritten.
    whole = {name: (project.root / name).read_bytes() for name in new}
    again = project.scrapy("addportal", url + SECTION)
    assert again.returncode == 10
    assert NAME in again.stderr and again.stderr.count("\n") == 1
    assert {name: (project.root / name).read_bytes() for name in new} == whole


def test_a_replica_stands_for_the_portal(replica: Replica, project: Project) -> None:
    """With ``base_url`` the files bear the portal's own addresses, and its front page is enough."""
    done = project.scrapy("addportal", f"{HOME}/", "-a", f"base_url={replica.urls[NAME]}")
    assert done.returncode == 0, done.stderr
    assert "the host: huyện Tháp Mười" in done.stdout
    warc, expected = added(project)
    assert all(record.capture and record.capture.url.startswith(f"{HOME}/") for record in read_records(warc))
    assert [listing["url"] for listing in expected["listings"]] == [HOME + SECTION]
    assert "from a replica on this machine, not from the portal" in (project.root / f"spiders/{NAME}.py").read_text(encoding="utf-8")
    mark_read(project)
    assert project.pytest(NAME, "test_rehearsal").returncode == 0


def test_a_fixture_is_captured_again(replica: Replica, project: Project) -> None:
    base = f"base_url={replica.urls[NAME]}"
    assert project.scrapy("addportal", HOME + SECTION, "-a", base).returncode == 0
    mark_read(project)
    warc, before = added(project)
    try:
        edited, other = (article["article_key"] for article in before["articles"])
        replica.control(NAME, "edit", key=edited, paragraph="Hội Khuyến học huyện đính chính số liệu.")
        replica.control(NAME, "delete", key=other)
        older = warc.rename(warc.with_name("2025-01-02.warc.gz"))
        next(warc.parent.glob("*.json")).rename(warc.with_name("2025-01-02.json"))
        done = project.scrapy("savefixture", NAME, "-a", base)
        assert done.returncode == 0, done.stderr
    finally:
        replica.control(NAME, "reset")
    assert not older.exists()
    assert f"changed: {edited} body" in done.stdout and "đính chính số liệu" in done.stdout
    assert f"changed: article {other}: was = " in done.stdout and "not in it any more" in done.stdout
    _, after = added(project)
    assert after["read"] is False
    assert (
        next(article for article in after["articles"] if article["article_key"] == edited)["body"][-1]
        == "Hội Khuyến học huyện đính chính số liệu."
    )
    assert "nobody has read it yet" in project.pytest(NAME, "test_rehearsal").stdout
    mark_read(project)
    assert project.pytest(NAME, "test_rehearsal").returncode == 0
    same = project.scrapy("savefixture", NAME, "-a", base)
    assert same.returncode == 0


def test_a_synthetic_fixture_is_not_captured(replica: Replica, untouched: Project) -> None:
    before = untouched.files()
    done = untouched.scrapy("savefixture", "quang_tri", "-a", f"base_url={replica.urls['quang_tri']}")
    assert done.returncode == 2
    assert "synthetic" in done.stderr and "make_fixtures" in done.stderr
    assert untouched.files() == before
    assert untouched.scrapy("savefixture", "khong_co").returncode == 2
    live = untouched.scrapy("savefixture", "cao_bang")
    assert live.returncode == 2 and "synthetic" in live.stderr


def test_an_unknown_cms_is_read_generically_and_says_what_a_family_would_need(replica: Replica, project: Project) -> None:
    where = ("cao_bang_thach_an", "cao_bang_vi_du")
    replica.control(where[0], "relayout")
    try:
        url = replica.urls[where[0]]
        taken = project.scrapy("addportal", f"{url}/van-hoaxa-hoi")
        assert taken.returncode == 10
        assert "there is a portal cao_bang_thach_an already" in taken.stderr
        done = project.scrapy("addportal", f"{url}/van-hoaxa-hoi", "--name", where[1], "--publisher", "UBND huyện Ví Dụ")
    finally:
        replica.control(where[0], "relayout", on=False)
    assert done.returncode == 0, done.stderr
    assert "recognised   no family" in done.stdout
    needed = [line for line in done.stdout.splitlines() if line.startswith("a family would need: ")]
    assert [line.split(": ")[1] for line in needed] == ["title", "date", "lead", "byline", "body", "links"]
    assert "selector = div.v2-" in needed[4] and "selector = a.v2-" in needed[5]
    spider = (project.root / f"spiders/{where[1]}.py").read_text(encoding="utf-8")
    assert "from scraper.cms.generic import GenericSpider" in spider
    assert len(spider.splitlines()) <= 12
    mark_read(project, where[1])
    passed = project.pytest(where[1])
    assert passed.returncode == 0, passed.stdout


REFUSED = {
    "no list": ("/vi/about/", 1, "leads to not one article"),
    "not there": ("/vi/khong-co/", 1, "answered 404"),
    "no HTML": ("{image}", 1, "the body is a PNG file"),
    "an article": ("{article}", 1, "is an article to nukeviet, and no list"),
    "private": ("/vi/private/", 1, "robots.txt forbids"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_list_is_refused(replica: Replica, untouched: Project, what: str) -> None:
    path, code, words = REFUSED[what]
    truth = replica.truth(NAME)
    path = path.format(article=truth[0]["url"], image=next(article["images"][0] for article in truth if article["images"]))
    if what == "private":
        replica.control(NAME, "robots", text="User-agent: *\nDisallow: /vi/private/\nCrawl-delay: 0\n")
    before = untouched.files()
    try:
        done = untouched.scrapy("addportal", replica.urls[NAME] + path)
    finally:
        replica.control(NAME, "robots")
    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert words in done.stderr
    assert untouched.files() == before


def test_a_closed_portal_is_not_asked(replica: Replica, untouched: Project) -> None:
    before = untouched.files()
    for text, status, words in (("User-agent: *\nDisallow: /\n", 200, "robots.txt forbids"), ("", 503, "everything is closed for now")):
        replica.control(NAME, "robots", text=text, status=status)
        replica.clear_requests(NAME)
        try:
            done = untouched.scrapy("addportal", replica.urls[NAME] + SECTION)
        finally:
            replica.control(NAME, "robots")
        assert done.returncode == 1
        assert words in done.stderr
        assert {request["path"] for request in replica.requests(NAME)} == {"/robots.txt"}
    replica.control(NAME, "maintenance")
    try:
        done = untouched.scrapy("addportal", replica.urls[NAME] + SECTION)
    finally:
        replica.control(NAME, "reset")
    assert done.returncode == 1 and "đang bảo trì" in done.stderr
    assert untouched.files() == before


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((f"{HOME}{SECTION}",), 2, "KHUYEN_HOC_CONTACT"),
        (("http://127.0.0.1:9/", "--place", "99/999"), 2, "--place 99/999: no code '99'"),
        (("http://127.0.0.1:9/", "--name", "Thap-Muoi"), 2, "--name Thap-Muoi: small letters"),
        (("http://127.0.0.1:9/", "--name", "thap_muoi", "--place", "87"), 2, "the province comes first, as in dong_thap_…"),
        (("http://127.0.0.1:9/", "--family", "joomla"), 2, "no family 'joomla'"),
        (("thapmuoi.dongthap.gov.vn",), 2, "is no address"),
        (("http://127.0.0.1:9/", "-a", "since=2024-01-01"), 2, "unknown argument -a since"),
        (("http://127.0.0.1:9/", "--name", "quang_tri"), 10, "there is a portal quang_tri already"),
        (("https://www.quangtri.gov.vn/van-hoa", "-a", "base_url=http://127.0.0.1:9"), 10, "is the portal quang_tri already"),
        (("http://127.0.0.1:9/",), 1, "could not be had"),
        (("http://169.254.1.1/",), 1, "could not be had"),
    ],
)
def test_bad_input_says_what_and_how_to_mend(untouched: Project, arguments: tuple[str, ...], code: int, words: str) -> None:
    before = untouched.files()
    contact = {"KHUYEN_HOC_CONTACT": "nobody@example.org"} if "169.254" in arguments[0] else {}
    done = untouched.scrapy("addportal", *arguments, **contact)
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert untouched.files() == before
