"""What people type finds what they mean, and nothing they type breaks anything."""

from __future__ import annotations

import html
import random
import re
import sqlite3
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from scraper.web.search import MOST_TERMS, NOTHING, Term, match_expression, read_terms

from .archive import ON_TOPIC
from .conftest import Browser

ALL = {page.uid for page in ON_TOPIC}
THACH_AN = "cao_bang_thach_an-"

SPELLINGS = [
    ("khuyến học", ALL),
    ("khuyen hoc", ALL),
    ("KHUYẾN HỌC", ALL),
    ("KHUYEN HOC", ALL),
    ("  khuyến\u00a0 học ", ALL),
    ("khuy\u200bến học", ALL),
    ("khuyen hoc thach an", {THACH_AN + "1001"}),
    ("Thạch An khuyến học", {THACH_AN + "1001"}),
    ("Đông Khê", {THACH_AN + "1001"}),
    ("dong khe", {THACH_AN + "1001"}),
    ("ĐÔNG KHÊ", {THACH_AN + "1001"}),
    ("ðông khê", {THACH_AN + "1001"}),
    ("duc long", {THACH_AN + "1002"}),
    ("Đức Long", {THACH_AN + "1002"}),
    ("Na Doong", {THACH_AN + "1006"}),
    ("Nà Đỏong", {THACH_AN + "1006"}),
    ("hòa", {THACH_AN + "1007", THACH_AN + "1004"}),
    ("hoà", {THACH_AN + "1007", THACH_AN + "1004"}),
    ("thủy hoa", {THACH_AN + "1007"}),
    ("đoạn ba", {THACH_AN + "1007"}),
    ('"tháng khuyến học"', {"cao_bang-2001"}),
    ("“thang khuyen hoc”", {"cao_bang-2001"}),
    ('"hoc khuyen thang"', set()),
    ("ngan hang ung ho", {"cao_bang-2002"}),
    ('"dong hanh*"', {"cao_bang-2002"}),
    ('"dong ha"*', {"cao_bang-2002"}),
    ('"dong ha"', set()),
    ("dong da", {"cao_bang-2003"}),
    ("2022", {THACH_AN + "1001"}),
    ("bieu d*", {THACH_AN + "1002"}),
    ("không-có-gì-như-thế", set()),
    ("đoạn OR ngân", {THACH_AN + "1007", "cao_bang-2002", "cao_bang-2003"}),
    ("duc HOẶC ngan | xom", {THACH_AN + "1002", "cao_bang-2002", THACH_AN + "1004", THACH_AN + "1006"}),
    ("đoạn -ba", {"cao_bang-2003"}),
    ('đoạn -"đoạn hai"', {"cao_bang-2003"}),
    ("đoạn OR ngân -dài -hàng", {THACH_AN + "1007"}),
    ("-khuyến", set()),
    ("dong ki", {THACH_AN + "1008"}),
    ("Đồng Kỳ", {THACH_AN + "1008"}),
    ('"thầy lý"', {THACH_AN + "1008"}),
    ("quí li", {THACH_AN + "1008"}),
]


@pytest.mark.parametrize(("typed", "uids"), SPELLINGS, ids=[repr(typed) for typed, _ in SPELLINGS])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_spellings(browser: Browser, typed: str, uids: set[str], form: Literal["NFC", "NFD"]) -> None:
    assert browser.uids(unicodedata.normalize(form, typed)) == uids


def test_every_door_finds_the_same(browser: Browser) -> None:
    for typed, uids in SPELLINGS:
        assert {row["uid"] for row in browser.csv("/archive/tim_kiem.csv", params={"q": typed})} == uids
        assert {row["uid"] for row in browser.csv("/archive/articles.csv", params={"_search": typed, "_stream": "on"})} == uids


def test_excerpt_marks_original_letters(browser: Browser) -> None:
    row = browser.csv("/archive/tim_kiem.csv", params={"q": "dong khe"})[0]
    assert "⟦Đông⟧ ⟦Khê⟧" in row["excerpt"]
    assert "<mark>Đông</mark> <mark>Khê</mark>" in browser.get("/archive/tim_kiem", params={"q": "dong khe"}).text


def test_the_very_marks_rank_before_the_mere_letters(browser: Browser) -> None:
    """“Đồng hành” stands in a title, “Đông Khê” in a text: without marks the title comes first, with them what was meant."""
    for typed, first in (("dong", "cao_bang-2002"), ("đồng", "cao_bang-2002"), ("Đông", THACH_AN + "1001"), ("đống", "cao_bang-2003")):
        assert browser.csv("/archive/tim_kiem.csv", params={"q": typed})[0]["uid"] == first, typed


def test_title_ranks_before_text(browser: Browser) -> None:
    rows = browser.csv("/archive/tim_kiem.csv", params={"q": "hội khuyến học tỉnh"})
    assert rows[0]["uid"] == "cao_bang-2001"


def test_number_of_rows(browser: Browser) -> None:
    assert len(browser.csv("/archive/tim_kiem.csv", params={"q": "khuyen hoc", "so_dong": "3"})) == 3
    for number in ("", "0", "x", "99999999999999999999999"):
        assert len(browser.csv("/archive/tim_kiem.csv", params={"q": "khuyen hoc", "so_dong": number})) == len(ALL)


def test_what_is_not_on_the_page_is_told_and_led_to(browser: Browser) -> None:
    dated = sum(bool(page.date) for page in ON_TOPIC)
    for address, total in (("/archive/tim_kiem?q=khuyen+hoc", len(ALL)), ("/archive/bai_moi_nhat?nguon=", dated)):
        page = browser.get(f"{address}&so_dong=3").text
        assert f"3 dòng đầu trong {total} " in page
        assert f"first 3 rows of {total}<" in page
        assert re.search(r">json</a> \(chỉ các dòng này <", page), "what the link gives is no more than the page shows"
        (more,) = set(re.findall(r'<a href="([^"#]*)#dong-4"', page))
        whole = browser.get(html.unescape(more)).text
        assert f"{total} dòng " in whole
        assert 'id="dong-4"' in whole
        assert "#dong-" not in whole
    page = browser.get("/archive/tim_kiem?q=khuyen+hoc&so_dong=3").text
    assert 'href="/archive/articles?_search=khuyen+hoc"' in page
    page = browser.get("/archive/tim_kiem?q=dong+khe").text
    assert "dòng đầu" not in page
    assert "chỉ các dòng này" not in page


def test_a_page_can_hold_only_so_much(archive_path: Path) -> None:
    made = Browser(archive_path, max_returned_rows=5)
    try:
        page = made.get("/archive/tim_kiem?q=khuyen+hoc&so_dong=-1").text
        assert f"5 dòng đầu trong {len(ALL)} " in page
        assert "#dong-" not in page
        assert 'href="/archive/articles?_search=khuyen+hoc"' in page
    finally:
        made.close()


def test_terms_keep_marks() -> None:
    assert read_terms('Đông  “xã hội học tập”* khuy* "lẻ') == (
        Term("Đông"),
        Term("xã hội học tập", prefix=True),
        Term("khuy", prefix=True),
        Term("lẻ"),
    )


@pytest.mark.parametrize("empty", ["", " ", '"', '""', "*", "***", '"*"*', "-", "()", "\u200b", "\x00", "…", "“”"])
def test_nothing_to_look_for(empty: str) -> None:
    assert match_expression(empty) == NOTHING


def test_long_query_is_cut() -> None:
    assert len(read_terms("khuyến học " * 5000)) == MOST_TERMS


def nasty(count: int) -> list[str]:
    """Inputs: FTS5 syntax, SQL, markup, broken and exotic text, and random mixtures of all of them."""
    known = [
        "AND", "OR", "NOT", "NEAR(a b)", "a AND", "^a", "-a", "a -b", "title:a", "{title body}: a", "a + b", '"a', 'a"', '"""', "a*b", "*a",
        "'; drop table articles; --", "' OR 1=1", "%", "_", "\\", "(", "(()", "[a]", "a:b:c", "\x00", "a\x00b", "\ud7ff", "\uffff", "𝔎𝔥𝔲𝔶",
        "👩‍🎓", "\u0301", "e\u0301\u0302\u0303", "ﬁ", "İ", "đ" * 3000, "a " * 3000, '"' * 999, "*" * 999, "\u202e", "\ufeff", "\ue000", "٣",
        "½", "<script>alert(1)</script>", "{{7*7}}", "${x}", "\n\r\t", "a\nb", "“", "«a»", "học\u00adtập", "NULL", "1e999", "0x1", "-1",
    ]  # fmt: skip
    dice = random.Random(5)
    pieces = [*known, "khuyến", "học", " ", '"', "*", "(", ")", "Đ", "\u0323", "^", ":", "+", "-"]
    return known + ["".join(dice.choices(pieces, k=dice.randint(2, 7)))[:4000] for _ in range(count - len(known))]


def test_fuzz(browser: Browser) -> None:
    for typed in nasty(200):
        assert browser.ask("/archive/articles", params={"_search": typed, "_nofacet": "1", "_size": "5"}).status_code == 200
        answer = browser.json("/archive/tim_kiem.json", params={"q": typed, "so_dong": typed})
        assert answer["error"] is None
        browser.get("/archive/ngoai_chu_de.csv", params={"q": typed})
        browser.get("/archive/articles.csv", params={"_search": typed})
        assert browser.ask("/archive/articles.json", params={"_search_title": typed, "_shape": "array"}).status_code == 200


@pytest.mark.parametrize("value", [None, 7, 1.5, b"khuy\xff"])
def test_functions_take_any_value(browser: Browser, value: object) -> None:
    def call(conn: sqlite3.Connection) -> tuple[object, ...]:
        row: tuple[object, ...] = tuple(conn.execute("select escape_fts(:v), vn_fold(:v), issue_meaning(:v)", {"v": value}).fetchone())
        return row

    database = browser.datasette.get_database("archive")
    expression, folded, meaning = browser.run(database.execute_fn(call))
    assert isinstance(expression, str)
    assert (folded is None) == (value is None)
    assert meaning is None
