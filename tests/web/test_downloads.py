"""Slices over HTTP: all rows, the rows of the page, nothing private, neither cut nor endless."""

from __future__ import annotations

import csv
import html
import http.client
import io
import json
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import openpyxl
import pytest
from datasette.app import Datasette  # type: ignore[import-untyped]

from scraper.slices.formats import BOM, CUT_OFF

from .archive import FORMULA_TITLE, ON_TOPIC
from .conftest import Browser
from .server import Served, datasette_process

SECRET = "of the test"
COUNT = "with recursive c(x) as (select 1 union all select x + 1 from c limit {}) select x, hex(zeroblob({})) as zeros from c"

SAME_AS_THE_PAGE = [
    "/archive/articles", "/archive/articles?source_id=cao_bang", "/archive/articles?_search=khuyen+hoc", "/archive/articles?_search=dong",
    "/archive/articles?_search=dong&source_id=cao_bang&_sort=title", "/archive/articles?published_at__isnull=1&_sort=id",
    "/archive/articles?published_at__startswith=2023&title__contains=H", "/archive/articles?_col=title&_col=url",
    "/archive/articles?_nocol=body",
    "/archive/articles?_sort_desc=relevance_score&id__gt=3&id__lt=9", "/archive/articles?id__in=1,2,3", "/archive/articles?_where=id+%3E+5",
    "/archive/articles?_search_title=khuyen", "/archive/articles?section__not=x&byline__notnull=1",
    "/archive/sources", "/archive/off_topic",
    '/archive/articles?_through={"table":"attachments","column":"kind","value":"document"}', "/archive/captures?status=200",
    "/archive/articles?title=khong+co", "/archive/revisions?_sort=title",
]  # fmt: skip


def as_root(datasette: Any) -> dict[str, dict[str, str]]:
    """What a request carries of somebody who may do everything, SQL of his own included."""
    return {"headers": {"cookie": f"ds_actor={datasette.sign({'a': {'id': 'root'}}, 'actor')}"}}


def rows_of(browser: Browser, address: str, **arguments: Any) -> list[dict[str, Any]]:
    """A slice as JSON lines."""
    parts = urlsplit(address)
    text = browser.get(f"{parts.path}.jsonl?{parts.query}", **arguments).text
    return [json.loads(line) for line in text.split("\n") if line]


@pytest.mark.parametrize("address", SAME_AS_THE_PAGE)
def test_the_rows_are_those_of_the_page(browser: Browser, address: str) -> None:
    parts, root = urlsplit(address), as_root(browser.datasette)
    page = browser.json(f"{parts.path}.json?{parts.query}&_shape=objects&_size=max", **root)["rows"]
    assert rows_of(browser, address, **root) == page
    assert len(browser.csv(f"{parts.path}.csv?{parts.query}", **root)) == len(page)


@pytest.mark.parametrize(
    "address",
    [
        "/archive/articles",
        "/archive/articles?_search=khuyen+hoc",
        "/archive/sources",
        "/archive/tim_kiem?q=khuyen+hoc",
        "/archive/khong_ghi_ngay",
    ],
)
def test_every_page_has_buttons_and_they_work(browser: Browser, address: str) -> None:
    root = as_root(browser.datasette)
    text = browser.get(address, **root).text
    links = [html.unescape(link) for link in re.findall(r'<a class="slice" href="([^"]*)"', text)]
    assert [urlsplit(link).path.rsplit(".", 1)[1] for link in links] == ["xlsx", "csv", "csv", "jsonl"]
    assert "Tải về mọi dòng" in text
    count = len(rows_of(browser, address, **root))
    assert count
    assert len(list(openpyxl.load_workbook(io.BytesIO(browser.get(links[0], **root).content)).active.iter_rows())) == count + 1
    for_people, for_programs = (browser.get(link, **root) for link in links[1:3])
    assert for_people.content.startswith(BOM)
    assert re.fullmatch(r'attachment; filename="[a-z_]+\.csv"', for_people.headers["content-disposition"])
    assert not for_programs.content.startswith(BOM)
    assert "content-disposition" not in for_programs.headers
    for answer in (for_people, for_programs):
        assert len(list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))) == count


def test_a_page_further_on_still_gives_all_rows(browser: Browser) -> None:
    page = browser.json("/archive/articles.json?_size=4")
    text = browser.get(f"/archive/articles?_size=4&_next={page['next']}").text
    link = html.unescape(re.findall(r'<a class="slice" href="([^"]*)"', text)[2])
    assert len(browser.csv(link)) == len(ON_TOPIC)


def test_for_people_the_portal_is_named(browser: Browser) -> None:
    row = browser.csv("/archive/articles.csv?_labels=on&source_id=cao_bang")[0]
    assert row["source_id"] == "cao_bang"
    assert "Cao Bằng" in row["source_id_label"]
    assert list(row)[list(row).index("source_id") + 1] == "source_id_label"
    assert list(row)[list(row).index("source_id") + 2] == "place_name"
    assert row["place_name"] == "Tỉnh Cao Bằng"
    assert list(row)[-1] == "topics"
    assert "Học bổng; Quỹ khuyến học" in row["topics"]
    assert "topics" not in browser.csv("/archive/articles.csv?_labels=on&_col=title")[0]
    assert "capture_id_label" not in browser.csv("/archive/articles.csv?_label=source_id")[0]
    assert "source_id_label" not in browser.csv("/archive/articles.csv")[0]


def test_citations_are_in_it(browser: Browser) -> None:
    for address in ("/archive/articles.csv", "/archive/tim_kiem.csv?q=khuyen+hoc", "/archive/bai_moi_nhat.csv"):
        assert {"url", "cite_as", "uid"} <= browser.csv(address)[0].keys()


def test_formulas(browser: Browser) -> None:
    def titles(address: str) -> set[str]:
        return {row["title"] for row in browser.csv(address)}

    assert f"'{FORMULA_TITLE}" in titles("/archive/articles.csv")
    assert f"'{FORMULA_TITLE}" in titles("/archive/tim_kiem.csv?q=hyperlink")
    assert FORMULA_TITLE in titles("/archive/articles.csv?_formulas=keep")
    assert FORMULA_TITLE in {row["title"] for row in rows_of(browser, "/archive/articles")}
    number = next(row["id"] for row in rows_of(browser, "/archive/articles") if row["title"] == FORMULA_TITLE)
    assert browser.csv(f"/archive/articles/{number}.csv")[0]["title"] == f"'{FORMULA_TITLE}"


def test_no_limit_cuts(archive_path: Path) -> None:
    small = Browser(archive_path, max_returned_rows=2, default_page_size=2, sql_time_limit_ms=1000, max_csv_mb=1)
    try:
        small.metadata["databases"]["archive"]["tables"]["articles"]["size"] = 2
        assert len(small.csv("/archive/articles.csv")) == len(ON_TOPIC)
        assert len(small.csv("/archive/articles.csv?_size=max&_stream=on")) == len(ON_TOPIC)
        assert len(small.csv("/archive/articles.csv?_size=5")) == 5
        assert len(small.csv("/archive/tim_kiem.csv?q=khuyen+hoc")) == len(ON_TOPIC)
        assert len(small.csv("/archive/tim_kiem.csv?q=khuyen+hoc&so_dong=3")) == 3
        assert len(small.csv("/archive/bai_moi_nhat.csv")) == len(ON_TOPIC) - 2
        rows = small.csv("/archive.csv", params={"sql": COUNT.format(30_000, 50)}, **as_root(small.datasette))
        assert len(rows) == 30_000  # 3 MB
    finally:
        small.close()


def test_owner_may_forbid_streams(archive_path: Path) -> None:
    browser = Browser(archive_path, allow_csv_stream=False, max_returned_rows=5)
    try:
        refused = browser.ask("/archive/articles.csv")
        assert refused.status_code == 403
        assert len(browser.csv("/archive/articles.csv?_size=5")) == 5
    finally:
        browser.close()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/archive/khong_co.csv", 404),
        ("/khong_co/articles.csv", 404),
        ("/archive.csv", 404),
        ("/archive/articles/999999.csv", 404),
        ("/archive/articles/1,2.csv", 404),
        ("/archive/articles.csv?_sort=nothing", 400),
        ("/archive/articles.csv?_sort=id&_sort_desc=id", 400),
        ("/archive/articles.csv?_col=nothing", 400),
        ("/archive/articles.csv?_size=x", 400),
        ("/archive/articles.csv?_labels=perhaps", 400),
        ("/archive/articles.csv?_where=nonsense+here", 400),
        ("/archive/articles.csv?_through={", 400),
        ("/archive/articles.csv?_through=[]", 400),
        ("/archive.csv?sql=delete+from+articles", 400),
        ("/archive.csv?sql=select+nothing", 400),
        ("/archive.xlsx?sql=select+*+from+pragma_journal_mode", 400),
    ],
)
def test_what_is_refused(browser: Browser, address: str, status: int) -> None:
    answer = browser.ask(address, **as_root(browser.datasette))
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_head_and_other_methods(browser: Browser) -> None:
    answer = browser.run(browser.datasette.client.head("/archive/articles.csv"))
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"", "text/csv; charset=utf-8")
    assert browser.run(browser.datasette.client.options("/archive/articles.csv")).status_code == 405


def test_a_row_and_a_query_of_ones_own(browser: Browser) -> None:
    assert [row["id"] for row in browser.csv("/archive/articles/1.csv")] == ["1"]
    assert rows_of(browser, "/archive/off_topic/cao_bang_thach_an,1901")[0]["article_key"] == "1901"
    found = browser.csv("/archive.csv", params={"sql": "select :a || 'x' as a, :b as b", "a": "đ"}, **as_root(browser.datasette))
    assert found == [{"a": "đx", "b": ""}]


@pytest.fixture
def guarded(archive_path: Path) -> Iterator[Browser]:
    """A server whose owner keeps some things for himself."""
    browser = Browser(archive_path)
    nobody = {"allow": {"id": "root"}}
    tables, queries = (browser.metadata["databases"]["archive"][kind] for kind in ("tables", "queries"))
    for name in ("frontier", "captures", "segments"):
        tables[name] = {**tables[name], **nobody}
    queries["viec_can_xem"] = {**queries["viec_can_xem"], **nobody}
    browser.metadata["databases"]["archive"]["allow_sql"] = nobody["allow"]
    browser.datasette = Datasette([str(archive_path)], metadata=browser.metadata)
    yield browser
    browser.close()


PRIVATE = [
    "/archive/frontier.{}",
    "/archive/FRONTIER.{}",
    "/archive/captures/1.{}",
    "/archive/CAPTURES/1.{}",
    "/archive/viec_can_xem.{}",
    "/archive.{}?sql=select+1",
    "/archive/articles.{}?_where=1",
    '/archive/articles.{}?_through={{"table":"captures","column":"status","value":"200"}}',
]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl"])
@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_private(guarded: Browser, address: str, suffix: str) -> None:
    answer = guarded.ask(address.format(suffix))
    assert answer.status_code in (403, 404)
    assert "https://" not in answer.text.replace("https://datasette.io", "")


def test_no_private_labels(guarded: Browser) -> None:
    row = guarded.csv("/archive/articles.csv?_labels=on")[0]
    assert "source_id_label" in row
    assert "capture_id_label" not in row


def test_no_private_topics(archive_path: Path) -> None:
    closed = Browser(archive_path)
    closed.metadata["databases"]["archive"]["tables"]["article_topics"]["allow"] = {"id": "an"}
    closed.datasette = Datasette([str(archive_path)], metadata=closed.metadata)
    try:
        row = closed.csv("/archive/articles.csv?_labels=on")[0]
        assert "place_name" in row
        assert "topics" not in row
    finally:
        closed.close()


def test_owner_may(guarded: Browser) -> None:
    for address in ("/archive/frontier.csv", "/archive/viec_can_xem.csv", "/archive.csv?sql=select+1"):
        answer = guarded.ask(address, **as_root(guarded.datasette))
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-store"


def test_under_a_prefix(archive_path: Path) -> None:
    behind_proxy = Browser(archive_path, base_url="/kho/")
    try:
        for address in ("/archive/articles?_search=dong", "/archive/tim_kiem?q=dong"):
            links = re.findall(r'<a class="slice" href="([^"]*)"', behind_proxy.get(address).text)
            assert len(links) == 4
            for link in map(html.unescape, links):
                assert link.startswith("/kho/archive/")
                behind_proxy.get(link.removeprefix("/kho"))
    finally:
        behind_proxy.close()


@pytest.fixture(scope="module")
def served(archive_path: Path) -> Iterator[Served]:
    with datasette_process(archive_path, "--secret", SECRET) as running:
        yield running


def stream(served: Served, sql: str, suffix: str = "csv") -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(urlsplit(served.home).netloc, timeout=60)
    connection.request("GET", f"/archive.{suffix}?{urlencode({'sql': sql})}", **as_root(Datasette([], secret=SECRET)))
    return connection, connection.getresponse()


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_an_error_half_way_does_not_look_whole(served: Served, suffix: str) -> None:
    failing = COUNT.format(100_000, 50).replace("select x,", "select case when x = 90000 then abs(-9223372036854775808) else x end,")
    connection, answer = stream(served, failing, suffix)
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead) as broken:
        answer.read()
    connection.close()
    assert len(broken.value.partial) > 100_000
    if suffix != "xlsx":
        assert CUT_OFF in broken.value.partial[-300:].decode()
    assert "slice cut off after" in served.printed()
    assert "Traceback" not in served.printed()


def quiet_within(served: Served, seconds: float) -> bool:
    """Whether the server stops working within so many seconds of its CPU time."""
    started = last = served.cpu()
    while (spent := served.cpu() - started) < seconds:
        time.sleep(0.25)
        if served.cpu() == last:
            return True
        last = started + spent
    return False


def test_work_ends_when_the_client_goes_away(served: Served) -> None:
    """Measured in CPU seconds, so that a busy machine does not matter: one and no more."""
    for sql in (
        COUNT.format(10**12, 500),
        "with recursive c(x) as (select 1 union all select x + 1 from c) select x, hex(zeroblob(40)) from c",
    ):
        connection, answer = stream(served, sql)
        assert len(answer.read(1_000_000)) == 1_000_000
        answer.close()
        connection.close()
        assert quiet_within(served, 1.0)


def test_a_client_that_never_reads_holds_up_nobody(served: Served) -> None:
    parts = urlsplit(served.home)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as lazy:
        cookie = as_root(Datasette([], secret=SECRET))["headers"]["cookie"]
        address = f"/archive.csv?{urlencode({'sql': COUNT.format(10**12, 500)})}"
        lazy.sendall(f"GET {address} HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n".encode())
        time.sleep(1)
        before = served.cpu()
        with urllib.request.urlopen(f"{served.home}/archive/articles.csv", timeout=60) as answer:
            assert answer.read().count(b"khuy") > 5
        time.sleep(1)
        assert served.cpu() - before < 1.0  # it waits and does not work
    assert quiet_within(served, 1.0)


def test_memory_stays_flat(served: Served) -> None:
    before = served.memory()
    for suffix, rows in (("csv", 200_000), ("jsonl", 100_000), ("xlsx", 50_000)):
        connection, answer = stream(served, COUNT.format(rows, 500), suffix)
        size = most = 0
        while piece := answer.read(1 << 20):
            size += len(piece)
            most = max(most, int(served.memory()))
        connection.close()
        assert suffix == "xlsx" or size > rows * 1000
        assert most < before + 60


def test_too_many_at_once_are_asked_to_come_again(archive_path: Path) -> None:
    with datasette_process(archive_path, "--secret", SECRET) as served:
        open_ones = [stream(served, COUNT.format(10**12, 500)) for _ in range(6)]
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{served.home}/archive/articles.csv", timeout=60)
        with refused.value as answer:
            assert answer.status == 503
            assert answer.headers["retry-after"]
        for connection, answer in open_ones:
            answer.close()
            connection.close()
        quiet_within(served, 1.0)
        with urllib.request.urlopen(f"{served.home}/archive/articles.csv", timeout=60) as answer:
            assert answer.status == 200


def test_the_server_ends_when_told_though_a_client_left(archive_path: Path) -> None:
    with datasette_process(archive_path, "--secret", SECRET) as served:
        connection, answer = stream(served, COUNT.format(10**12, 500))
        answer.read(1_000_000)
        answer.close()
        connection.close()
        served.process.terminate()
        assert served.process.wait(20) is not None
