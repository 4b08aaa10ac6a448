"""What was read out of an article, on its page: the sentence that proves a figure is marked, and the text stays what it is."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from scraper.web import wording
from scraper.web.cells import paragraphs
from scraper.web.findings import Findings, load_findings, marked_paragraphs
from tests.web.archive import build_archive
from tests.web.conftest import Browser

TEXT = "Câu một. Toàn huyện có 5 chi hội.\n\nĐoạn hai: 12 <b> & 3.\nDòng sau."


def test_a_sentence_is_marked_where_it_stands() -> None:
    start = TEXT.index("Toàn")
    end = TEXT.index("\n\n")
    marked = marked_paragraphs(TEXT, [(start, end, "cau-1")])
    assert marked == (
        '<div class="text"><p>Câu một. <mark class="figure" id="cau-1">Toàn huyện có 5 chi hội.</mark></p>'
        "<p>Đoạn hai: 12 &lt;b&gt; &amp; 3.<br>Dòng sau.</p></div>"
    )


def test_a_sentence_over_two_paragraphs_has_one_anchor() -> None:
    marked = marked_paragraphs(TEXT, [(0, len(TEXT), "cau-1")])
    assert (marked.count("<mark"), marked.count('id="cau-1"')) == (2, 1)


@given(
    st.text(alphabet="aă <&>\"'\n", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4),
)
def test_marks_change_no_letter(text: str, places: list[tuple[int, int]]) -> None:
    spans = [(start, end, f"cau-{number}") for number, (start, end) in enumerate(places)]
    without = re.sub(r"</?mark[^>]*>", "", marked_paragraphs(text, spans))
    assert without == paragraphs(text)


def test_the_page_shows_figures_topics_and_places(browser: Browser, reader: sqlite3.Connection) -> None:
    uid, label, quote = reader.execute(
        "SELECT a.uid, i.label, o.quote FROM observations o JOIN articles a ON a.id = o.article_id"
        " JOIN indicators i ON i.id = o.indicator_id ORDER BY o.id LIMIT 1"
    ).fetchone()
    page = browser.get(f"/bai/{uid}").text
    assert f'<mark class="figure" id="cau-1">{escape(quote)}</mark>' in page
    assert f'<a href="#cau-1">{escape(label)}</a>' in page
    assert "Số liệu trong bài" in page
    assert "/archive/articles?_through=" in page


def test_a_figure_of_the_title_is_marked_in_it(tmp_path: Path) -> None:
    archive = build_archive(tmp_path / "archive.db")
    connection = sqlite3.connect(archive)
    uid, title = connection.execute(
        "SELECT a.uid, a.title FROM observations o JOIN articles a ON a.id = o.article_id ORDER BY o.id LIMIT 1"
    ).fetchone()
    connection.execute(
        "UPDATE observations SET field = 'title', quote = ?, quote_start = 0, quote_end = ?"
        " WHERE article_id = (SELECT id FROM articles WHERE uid = ?)",
        (title, len(title), uid),
    )
    connection.commit()
    connection.close()
    made = Browser(archive)
    try:
        page = made.get(f"/bai/{uid}").text
        assert f'<h1><mark class="figure" id="cau-1">{escape(title)}</mark></h1>' in page
        assert '<a href="#cau-1">' in page
    finally:
        made.close()


def test_an_archive_from_before_the_analysis_is_read_as_before(tmp_path: Path) -> None:
    archive = build_archive(tmp_path / "archive.db")
    connection = sqlite3.connect(archive)
    connection.execute("DROP VIEW figures")
    connection.commit()
    assert load_findings(connection, 1) == Findings()
    uid = connection.execute("SELECT uid FROM articles ORDER BY id LIMIT 1").fetchone()[0]
    connection.close()
    old = Browser(archive)
    try:
        assert "Số liệu trong bài" not in old.get(f"/bai/{uid}").text
    finally:
        old.close()


@pytest.mark.parametrize(
    ("value", "shown"), [(5, "5"), (12345, "12.345"), (88.5, "88,5"), (1234.25, "1.234,25"), (3.0, "3"), (None, "?"), ("vài", "vài")]
)
def test_figures_are_shown_as_in_vietnam(value: object, shown: str) -> None:
    assert wording.figure(value) == shown
