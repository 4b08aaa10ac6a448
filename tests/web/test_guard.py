"""What strangers may ask, and what every answer carries; with the metadata alone, as people type it."""

from __future__ import annotations

import json
import random
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette  # type: ignore[import-untyped]

from scraper.web.guard import CONTENT_SECURITY, HEADERS, PRIVATE_TABLES

from .conftest import Browser
from .server import METADATA, datasette_server

EVERYTHING = [
    "/", "/bai/cao_bang-2001", "/bai/khong-co", "/bieu-do", "/suc-khoe", "/suc-khoe.json",
    "/viec-can-xem.atom", "/feed.atom", "/sitemap.xml", "/robots.txt", "/archive", "/archive.json",
    "/archive/articles", "/archive/articles.json", "/archive/articles.csv", "/archive/articles/1", "/archive/tim_kiem?q=hoc", "/khong-co",
    "/archive/frontier", "/archive?sql=select+1", "/-/versions.json", "/-/static/app.css", "/ban-luu/1.html", "/archive.db", "/favicon.ico",
]  # fmt: skip


@pytest.mark.parametrize("address", EVERYTHING)
def test_every_answer_carries_the_headers(browser: Browser, address: str) -> None:
    headers = browser.ask(address).headers
    for name, value in HEADERS:
        assert headers.get_list(name.decode()) == [value.decode()], address


def test_policy_has_no_hole() -> None:
    assert "unsafe" not in CONTENT_SECURITY
    assert "*" not in CONTENT_SECURITY
    assert "http" not in CONTENT_SECURITY


PRIVATE = [
    *(f"/archive/{table}{ending}" for table in sorted(PRIVATE_TABLES) for ending in ("", ".json", ".csv")),
    "/archive/FRONTIER", "/archive/Segments.json", "/archive/articles_fts", "/archive/articles_fts_data.json",
    "/archive/articles_fts_config",
    "/archive?sql=select+1", "/archive.json?sql=select+*+from+frontier", "/archive.csv?sql=select+1", "/archive/articles?_where=1=1",
    "/archive/articles.csv?_where=exists(select+1+from+frontier)", "/archive/articles.json?_where=1", "/archive.db",
    '/archive/sources?_through={"table":"frontier","column":"url","value":"x"}',
    '/archive/sources.json?_through={"table":"segments","column":"file","value":"x"}',
    "/-/databases", "/-/databases.json", "/-/threads", "/-/threads.json", "/-/messages", "/-/allow-debug", "/-/patterns", "/-/permissions",
    "/_memory?sql=select+1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_strangers_are_refused(browser: Browser, address: str) -> None:
    answer = browser.ask(address)
    assert answer.status_code in (403, 404), answer.text[:300]
    assert answer.status_code == 403 or address.startswith(("/_memory", "/archive/FRONTIER", "/archive/Segments"))
    if ".json" in address:
        assert answer.json()["ok"] is False


def test_private_rows_are_refused(browser: Browser, reader: sqlite3.Connection) -> None:
    segment = reader.execute("select file from segments").fetchone()[0].replace("/", "~2F").replace(".", "~2E")
    for address in (f"/archive/segments/{segment}", f"/archive/segments/{segment}.json", "/archive/section_articles/1,x"):
        assert browser.ask(address).status_code == 403
    assert segment.replace("~2F", "/") not in browser.ask("/archive/segments.json").text


@pytest.mark.parametrize(
    "address",
    [
        "/archive/sources/cao_bang",
        "/archive/sources/cao_bang.json?_extras=foreign_key_tables",
        "/archive/sources/cao_bang.json?%5Fextra%73=foreign_key_tables&%c3%28=1",
        "/archive?_show_hidden=1",
        "/archive",
        "/",
    ],
)
def test_private_tables_are_not_named(browser: Browser, address: str) -> None:
    text = browser.get(address).text
    assert not [table for table in PRIVATE_TABLES if f"/archive/{table}" in text or f'"{table}"' in text]


def test_whoever_runs_the_server_may(browser: Browser, root: Browser) -> None:
    for path in ("/frontier", "/segments.json", "?sql=select+1", "/articles?_where=1=1", "?_show_hidden=1"):
        assert root.get(f"/archive{path}").status_code == 200
    assert "SQL" in root.get("/archive").text
    assert "sql-editor" not in browser.get("/archive").text


def test_closed_also_where_the_metadata_says_nothing(archive_path: Path) -> None:
    bare = Browser(archive_path)
    bare.datasette = Datasette([str(archive_path)], metadata={})
    try:
        for path in ("/frontier", "/segments.json", "/articles_fts", ".json?sql=select+1", "/articles?_where=1=1"):
            assert bare.ask(f"/archive{path}").status_code == 403, path
        for path in ("/", "/archive/articles", "/bai/cao_bang-2001", "/bieu-do", "/feed.atom", "/khong-co"):
            assert bare.ask(path).status_code in (200, 404), path
    finally:
        bare.close()


def test_an_owner_may_open_it_to_others(archive_path: Path) -> None:
    open_to = {"id": "an"}
    opened = Browser(archive_path)
    archive = opened.metadata["databases"]["archive"]
    archive["allow_sql"] = archive["tables"]["frontier"]["allow"] = open_to
    opened.datasette = Datasette([str(archive_path)], metadata=opened.metadata)
    cookies = {"ds_actor": opened.datasette.sign({"a": open_to}, "actor")}
    try:
        for path, status in (("/frontier", 200), ("?sql=select+1", 200), ("/segments", 403)):
            assert opened.run(opened.datasette.client.get(f"/archive{path}", cookies=cookies)).status_code == status
            assert opened.ask(f"/archive{path}").status_code == 403
    finally:
        opened.close()


def test_canned_queries_are_open_to_all(browser: Browser) -> None:
    for name in browser.metadata["databases"]["archive"]["queries"]:
        assert browser.json(f"/archive/{name}.json")["error"] is None


SENSELESS = [
    "_sort=nothing", "_sort_desc=nothing", "_sort=id&_sort_desc=id", "_size=x", "_size=-1", "_next=x", "_facet=nothing", "_facet_size=x",
    "_facet_date=nothing", "_facet_array=nothing", "_facet_year=nothing", "_through=x", "_through={}", "_through=[]", "_timelimit=x",
    '_through={"table":"x"}', '_through={"table":"captures","column":"x","value":1}', "_col=nothing", "_nocol=nothing", "nothing=1",
    "id__nothing=1", "_ttl=x", "_trace=1", "_shape=nothing", "_json=nothing", "_labels=x", "_search_nothing=x", "_searchmode=x&_search=%22",
    "_nl=x", "_extra=x", "id__in=[", "id__arraycontains=1", "published_at__date=x", "_filter_column=id&_filter_op=x&_filter_value=1",
    "_extras=foreign_key_tables",
]  # fmt: skip


# Datasette leaves its suggestions of facets unawaited when a facet that was asked for fails.
@pytest.mark.filterwarnings("ignore:coroutine .*execute_suggested_facets:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("arguments", SENSELESS)
@pytest.mark.parametrize("ending", ["", ".json"])
def test_senseless_arguments_are_the_readers_fault(
    browser: Browser, arguments: str, ending: str, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = browser.ask(f"/archive/articles{ending}?{arguments}")
    assert answer.status_code in (200, 302, 400), answer.text[:500]
    if answer.status_code == 400 and not ending:
        assert "<h1>" in answer.text
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("arguments", ["nothing=1", "published_at__startwith=2024", "nothing__gt=1", "_nothing__exact=1"])
@pytest.mark.parametrize("table", ["articles", "figures"])
def test_a_filter_that_is_none_is_told(browser: Browser, table: str, arguments: str) -> None:
    """Datasette finds nothing by a column that there is not, and everything by a comparison that there is not."""
    for ending in ("", ".json", ".csv", ".xlsx"):
        answer = browser.ask(f"/archive/{table}{ending}?source_id=cao_bang&{arguments}")
        assert answer.status_code == 400
        told = answer.json()["error"] if ending == ".json" else answer.text
        assert "nothing”" in told or "“startwith”" in told
    assert browser.json(f"/archive/{table}.json?SOURCE_ID__contains=cao")["filtered_table_rows_count"] > 0


def test_what_others_hang_on_an_address_is_no_filter(browser: Browser) -> None:
    links = ("fbclid=IwAR0x", "zarsrc=30&utm_source=zalo&utm_medium=zalo&utm_campaign=zalo", "gclid=1")
    for path in ("/archive/articles", "/archive/articles.csv", "/archive/tim_kiem.csv?q=khuyen"):
        plain = browser.get(path).text
        for more in links:
            told = browser.get(f"{path}{'&' if '?' in path else '?'}{more}").text
            assert told.count("cao_bang") == plain.count("cao_bang")
            assert "clid" not in told


@pytest.mark.parametrize(
    "path",
    [
        "/suckhoe",
        "/archive/bang",
        "/archive/bang/1",
        "/archive/bang/1?_blob_column=a",
        "/archive/sources/khong_co",
        "/archive/khong-co.csv",
    ],
)
def test_a_page_that_is_not_there_is_named(browser: Browser, path: str) -> None:
    """“Database not found”, as Datasette has it, sounds as if the archive were lost."""
    answer = browser.ask(path)
    assert answer.status_code == 404
    assert f"“{path.partition('?')[0]}”" in answer.text
    assert "not found</p>" not in answer.text
    assert browser.ask("/suckhoe.json").json()["error"] == "Database not found"


def test_unknown_sort_is_400(browser: Browser) -> None:
    assert browser.ask("/archive/articles?_sort=nothing").status_code == 400
    told = browser.ask("/archive/articles.json?_sort=nothing")
    assert (told.status_code, told.json()["error"]) == (400, "Cannot sort table by nothing")


@pytest.mark.parametrize("method", ["POST", "PUT", "TRACE", "X"])
@pytest.mark.parametrize(
    "path", ["/archive", "/archive/articles", "/archive/articles?_size=1", "/archive/tim_kiem?q=hoc", "/archive/sources/x"]
)
def test_what_is_not_asked_is_refused(browser: Browser, method: str, path: str, capfd: pytest.CaptureFixture[str]) -> None:
    answer = browser.run(browser.datasette.client.request(method, path))
    assert answer.status_code == 405, answer.text[:500]
    assert "Traceback" not in capfd.readouterr().err


def test_failures_of_ours_are_logged_and_not_told(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("scraper.web.archives.first_kept", broken)
    answer = browser.run(browser.datasette.client.get("/bieu-do?x=1"))
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY
    assert "RuntimeError" in capfd.readouterr().err


def test_fuzzed_addresses(browser: Browser) -> None:
    """No address of our own fails, whatever stands in it."""
    dice = random.Random(3)
    pieces = [
        "bai", "feed.atom", "ban-luu", "sitemap-1.xml", "/", "/", "thay-doi", ".bib", ".ris", ".html", ".warc.gz", "%2F", "%00", "%FF", "~",
        "..", "cao_bang-2001", "1", "9999999999999999999", "-1", "%3Cscript%3E", "?nguon=", "?q=", "&noi=", "?noi=04", "%25", "'", '"', "é",
        "%E1%BA",
    ]  # fmt: skip
    for _ in range(400):
        address = "/" + "".join(dice.choices(pieces, k=dice.randint(1, 6)))
        if not address.startswith("//"):
            browser.ask(address)


@pytest.fixture(scope="module")
def served(archive_path: Path) -> Iterator[str]:
    """The command as people type it: the archive and its metadata, no setting."""
    with datasette_server(archive_path) as home:
        yield home


def _status(address: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def test_the_command_as_typed_is_safe(served: str) -> None:
    for path in ("/archive/frontier.json", "/archive?sql=select+1", "/archive/articles?_where=1=1", "/archive.db", "/-/databases.json"):
        assert _status(served + path)[0] == 403, path
    for path in ("/", "/archive/articles", "/archive/tim_kiem?q=hoc", "/feed.atom"):
        status, headers = _status(served + path)
        assert (status, headers["Content-Security-Policy"]) == (200, CONTENT_SECURITY), path
    assert _status(f"{served}/archive/articles?_sort=x")[0] == 400


def test_metadata_alone_keeps_sql_and_book_keeping_closed() -> None:
    """So that they are closed even where Datasette runs without this package."""
    archive = json.loads(METADATA.read_text(encoding="utf-8"))["databases"]["archive"]
    assert archive["allow_sql"] == {"id": "root"}
    assert {name for name, about in archive["tables"].items() if about.get("allow") == {"id": "root"}} == PRIVATE_TABLES
