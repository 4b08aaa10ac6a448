"""datasette_metadata.json says nothing that is not so: every title, column, facet, query and link is exercised."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any
from urllib.parse import urlsplit

import pytest

from .archive import OFF_TOPIC, ON_TOPIC
from .conftest import Browser
from .server import METADATA

DESCRIBED = json.loads(METADATA.read_text(encoding="utf-8"))
ARCHIVE = DESCRIBED["databases"]["archive"]
TABLES: dict[str, dict[str, Any]] = ARCHIVE["tables"]
VIEWS = {"figures"}
VISIBLE = {name: about for name, about in TABLES.items() if not about.get("hidden") and name not in VIEWS}
QUERIES: dict[str, dict[str, Any]] = ARCHIVE["queries"]
# Arguments with which each query must find something in the test archive, and how much.
SAMPLES: dict[str, tuple[dict[str, str], int]] = {
    "tim_kiem": ({"q": "khuyen hoc"}, len(ON_TOPIC)),
    "bai_moi_nhat": ({"nguon": "cao_bang"}, 3),
    "theo_thang_va_nguon": ({}, 5),
    "theo_dia_phuong": ({}, 2),
    "khong_ghi_ngay": ({}, 2),
    "cach_trich_dan": ({}, 2),
    "ngoai_chu_de": ({"q": "le lai"}, 1),
    "viec_can_xem": ({}, 2),
    "do_moi_cua_nguon": ({}, 2),
    "bai_da_sua": ({}, 1),
    "chuoi_so_lieu": ({"chi_tieu": "chi_hoi", "noi": "thach an"}, 1),
    "so_sanh_noi": ({"chi_tieu": "chi_hoi"}, 1),
    "so_lieu_va_cau": ({"q": "chi hoi"}, 1),
    "so_can_xem": ({"nguon": "cao_bang"}, 3),
    "tin_dang_lai": ({}, 2),
    "noi_cu_va_moi": ({"noi": "thach an"}, 1),
}


def test_every_table_is_described(reader: sqlite3.Connection) -> None:
    made = {
        row[0] for row in reader.execute("select name from sqlite_master where type in ('table', 'view') and name not like 'articles_fts%'")
    }
    assert set(TABLES) == made
    hidden = {"archive_info", "frontier", "imports", "jobs", "section_articles", "segments", "_sqlite_migrations", "listings", "holdings"}
    hidden |= {"analyses", "article_shingles", "reprints", "story_articles", "place_successors"}
    assert set(TABLES) - set(VISIBLE) - VIEWS == hidden


@pytest.mark.parametrize("table", VISIBLE)
def test_every_column_is_described(reader: sqlite3.Connection, table: str) -> None:
    about = VISIBLE[table]
    columns = [row[1] for row in reader.execute(f"pragma table_info([{table}])")]
    assert set(about["columns"]) == set(columns), "describe the column in datasette_metadata.json"
    for named in ("sort", "sort_desc", "label_column"):
        assert about.get(named, columns[0]) in columns
    assert " / " in about["title"]
    assert all(" / " in meaning for meaning in about["columns"].values())
    assert 'lang="vi"' in about["description_html"]
    assert 'lang="en"' in about["description_html"]


@pytest.mark.parametrize("view", VIEWS)
def test_every_column_of_a_view_is_described(browser: Browser, reader: sqlite3.Connection, view: str) -> None:
    columns = [row[1] for row in reader.execute(f"pragma table_info([{view}])")]
    assert list(TABLES[view]["columns"]) == columns
    assert len(browser.csv(f"/archive/{view}.csv")) == reader.execute(f"select count(*) from [{view}]").fetchone()[0] > 0


def test_a_correction_stands_in_the_figures(browser: Browser) -> None:
    """The archive was read as 5 branches and a person said 6: the figure shows 6, the observation what was printed."""
    row = browser.csv("/archive/so_sanh_noi.csv", params={"chi_tieu": "chi_hoi"})[0]
    assert (row["place_name"], row["value"], row["review"], row["quote"]) == (
        "Huyện Thạch An",
        "6",
        "corrected",
        "Toàn huyện có 5 chi hội.",
    )
    assert browser.csv("/archive/observations.csv?indicator_id=chi_hoi")[0]["value"] == "5"


@pytest.mark.parametrize("table", VISIBLE)
def test_table_page(browser: Browser, reader: sqlite3.Connection, table: str) -> None:
    about = VISIBLE[table]
    text = browser.get(f"/archive/{table}").text
    assert f"<h1>{about['title']}</h1>" in text
    assert DESCRIBED["license"].split(" / ")[0] in text
    for name in about["columns"]:
        assert f"<dt>{name}</dt>" in text
    count = reader.execute(f"select count(*) from [{table}]").fetchone()[0]
    assert count
    for address in re.findall(r'href="([^"]*\.csv[^"]*)"', text):
        assert len(browser.csv(address.replace("&amp;", "&"))) == count
    assert len(browser.csv(f"/archive/{table}.csv?_stream=on&_labels=on")) == count
    data = browser.json(f"/archive/{table}.json")
    row = data["rows"][0]
    keys = [str(row[data["columns"].index(key)]) for key in data["primary_keys"]]
    shown = browser.get(f"/archive/{table}/{','.join(keys)}").text
    assert all(f'<th scope="row">{name}<small>' in shown for name in about["columns"])


@pytest.mark.parametrize(("table", "facet"), [(table, facet) for table, about in VISIBLE.items() for facet in about.get("facets", [])])
def test_facet(browser: Browser, reader: sqlite3.Connection, table: str, facet: str | dict[str, str]) -> None:
    """Each value of a facet leads to as many rows as it says, and back again."""
    name = facet if isinstance(facet, str) else next(iter(facet.values()))
    found = browser.json(f"/archive/{table}.json")["facet_results"][name]
    assert found["results"] or not reader.execute(f"select count({name}) from [{table}]").fetchone()[0]
    for value in found["results"]:
        narrowed = browser.json(_path(value["toggle_url"]))
        assert narrowed["filtered_table_rows_count"] == value["count"]
        back = next(again for again in narrowed["facet_results"][name]["results"] if again["selected"])
        assert browser.json(_path(back["toggle_url"]))["filtered_table_rows_count"] >= value["count"]


def test_year_facet(browser: Browser) -> None:
    years = browser.json("/archive/articles.json?_facet_year=first_seen_at")["facet_results"]
    assert [(each["value"], each["count"]) for each in years["published_at"]["results"]] == [("2024", 2), ("2023", 5), ("2022", 2)]
    assert years["published_at"]["hideable"] is False
    assert years["first_seen_at"]["hideable"] is True
    cut = browser.json("/archive/articles.json?_facet_size=1")["facet_results"]["published_at"]
    assert cut["truncated"] is True
    assert len(cut["results"]) == 1
    # News of half past midnight on 12 December stays on its day.
    assert browser.json("/archive/articles.json?published_at__startswith=2022-12-12")["filtered_table_rows_count"] == 1


def test_every_query_has_a_sample() -> None:
    assert set(SAMPLES) == set(QUERIES)
    assert len(QUERIES) >= 8


@pytest.mark.parametrize("query", QUERIES)
def test_query(browser: Browser, query: str) -> None:
    about = QUERIES[query]
    arguments, count = SAMPLES[query]
    assert " / " in about["title"]
    assert 'lang="vi"' in about["description_html"]
    assert 'lang="en"' in about["description_html"]
    answer = browser.get(f"/archive/{query}", params=arguments)
    assert f"<title>{about['title']}</title>" in answer.text
    for name in about.get("params", []):
        assert re.search(rf'<label for="(\w+)">[^<]+ / [^<]+ \({name}\)</label> <input type="text" id="\1" name="{name}"', answer.text)
        assert f"<b>{name}</b>" in about["description_html"]
    links = [each.replace("&amp;", "&") for each in re.findall(r'href="([^"]*\.csv[^"]*)"', answer.text)]
    assert len(links) == 3  # for people, for programs, Datasette's own
    assert [len(browser.csv(link)) for link in links] == [count] * 3
    assert len(browser.json(f"/archive/{query}.json", params={**arguments, "_shape": "array"})) == count
    assert browser.json(f"/archive/{query}.json")["error"] is None
    for link in set(re.findall(r'<a href="(/[^"]*)"', answer.text)):
        assert browser.ask(link.replace("&amp;", "&")).status_code in (200, 302), link


def test_queries_say_what_is_so(browser: Browser) -> None:
    left_out = browser.csv("/archive/ngoai_chu_de.csv")
    assert {row["title"] for row in left_out} == {page.title for page in OFF_TOPIC}
    assert any("passing mention" in row["words"] for row in left_out)
    assert {row["uid"] for row in browser.csv("/archive/khong_ghi_ngay.csv")} == {"cao_bang_thach_an-1003", "cao_bang_thach_an-1006"}
    edited = browser.csv("/archive/bai_da_sua.csv")[0]
    assert (edited["uid"], edited["revisions"], edited["last_changed_at"]) == ("cao_bang_thach_an-1003", "2", "2025-02-01T02:00:00Z")
    fresh = {row["source_id"]: row for row in browser.csv("/archive/do_moi_cua_nguon.csv")}
    assert fresh["cao_bang"]["newest_published_at"] == "2024-10-04T23:59:00+07:00"
    assert fresh["cao_bang_thach_an"]["open_issues"] == "1"
    cited = {row["source_id"]: row["citation"] for row in browser.csv("/archive/cach_trich_dan.csv")}
    assert cited["cao_bang_thach_an"] == "Trang thông tin điện tử huyện Thạch An (hoặc https://thachan.caobang.gov.vn)"
    assert all(row["what_to_do"] for row in browser.csv("/archive/viec_can_xem.csv"))


def test_month_leads_to_its_articles(browser: Browser) -> None:
    text = browser.get("/archive/theo_thang_va_nguon").text
    links = re.findall(r'href="(/archive/articles\?published_at__startswith=[^"]*)"', text)
    counts = [int(row["articles"]) for row in browser.csv("/archive/theo_thang_va_nguon.csv")]
    found = [browser.json(link.replace("&amp;", "&").replace("articles?", "articles.json?"))["filtered_table_rows_count"] for link in links]
    assert found == counts


def test_links_in_descriptions(browser: Browser) -> None:
    links = set(re.findall(r'href=\\"([^"\\]*)\\"', METADATA.read_text(encoding="utf-8"))) | {DESCRIBED["source_url"]}
    assert len(links) >= 4
    for link in links:
        assert link.startswith(("/archive", "/bieu-do", "/chi-tieu"))
        browser.get(link)


def test_hidden_tables_are_not_listed(browser: Browser) -> None:
    text = browser.get("/archive").text
    listed = set(re.findall(r'<h3><a href="/archive/([^"]*)">', text))
    assert listed == set(VISIBLE)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
