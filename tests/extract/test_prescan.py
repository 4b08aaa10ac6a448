"""Pages that stall or blind the parser are lightened; the article's text is read all the same, and ordinary pages are left alone."""

from __future__ import annotations

import itertools
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from parsel import Selector

from scraper.extract.prescan import MAX_DEPTH, MAX_FORMATTING, SHORT, is_plain, lighten

ARTICLE = '<div class="ArticleHeader">Trao học bổng</div><div class="ArticleContent"><p>Hội Khuyến học xã trao 20 suất.</p></div>'
HEAVY = {
    "attributes": ("<div " + " ".join(f"a{i}=1" for i in range(40_000)) + ">" + ARTICLE + "</div>", "attributes"),
    "bare attributes": ("<div " + " ".join(f"a{i}" for i in range(40_000)) + ">" + ARTICLE + "</div>", "attributes"),
    "a quoted end": ('<div title="a > b" ' + " ".join(f"a{i}=1" for i in range(40_000)) + ">" + ARTICLE + "</div>", "attributes"),
    "a quoted comment": ('<div title="<!--" ' + " ".join(f"a{i}=1" for i in range(40_000)) + ">" + ARTICLE + "</div>", "attributes"),
    "angles in quotes": ("<div " + " ".join(f'a{i}="<"' for i in range(40_000)) + ">" + ARTICLE + "</div>", "attributes"),
    "angles now and then": (
        "<div " + " ".join(f"a{i}=1" if i % 100 else f'b{i}="<"' for i in range(20_000)) + ">" + ARTICLE + "</div>",
        "attributes",
    ),
    "angles in names": ("<div " + " ".join(f"a{i}<=1" for i in range(20_000)) + ">" + ARTICLE + "</div>", "attributes"),
    "attributes like tags": ("<div " + " ".join(f"<a{i}=1" for i in range(20_000)) + ">" + ARTICLE + "</div>", "attributes"),
    "nested": ("<div>" * 100_000 + ARTICLE, "deep"),
    "nested and closed": ("<div>" * 100_000 + ARTICLE + "</div>" * 100_000, "deep"),
    "unclosed": ("<b><i>" * 50_000 + ARTICLE, "deep"),
    "line breaks": (ARTICLE.replace("</p>", "<br>" * 500_000 + "</p>"), "line breaks"),
}
LIGHT = {
    "legacy tables": "<table><tr><td>" * 300 + ARTICLE + "</td></tr></table>" * 300,
    "script with tags": "<script>if(a<b){document.write('<t;)o[n]=\"'+" + "x=1;" * 2000 + "'>')}</script>" + ARTICLE,
    "comment": "<!--" + " a=1" * 2000 + "<div x>-->" + ARTICLE,
    "prose in an unbalanced quotation mark": '<a title="tin>' + "Hội Khuyến học huyện tổng kết năm. " * 800 + "</a>" + ARTICLE,
    "paragraphs without ends": "<p>Một đoạn" * 3000 + ARTICLE,
}


def opened(text: str) -> tuple[str, str | None]:
    """As a page is opened: where the quick look says that it need not be lightened, it is not."""
    return (text, None) if is_plain(text.encode()) else lighten(text)


def text_of(page: str) -> str:
    root = etree.fromstring(page.encode(), etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=True))
    return "".join("".join(map(str, root.itertext())).split()) if root is not None else ""


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_pages_keep_their_article(name: str) -> None:
    page, said = HEAVY[name]
    lightened, reason = opened(page)
    assert reason is not None
    assert said in reason
    root = Selector(text=lightened)
    assert root.css(".ArticleHeader::text").get() == "Trao học bổng"
    assert root.css(".ArticleContent p::text").get() == "Hội Khuyến học xã trao 20 suất."


@pytest.mark.parametrize("name", LIGHT)
def test_ordinary_pages_are_returned_as_they_came(name: str) -> None:
    assert lighten(LIGHT[name]) == opened(LIGHT[name]) == (LIGHT[name], None)


def test_what_looks_heavy_and_is_not() -> None:
    """More tags than may be open at once, one after the other, are no load: they are counted, and nothing is dropped."""
    for page in ("<span>a</span>" * 3000, "<div><p>a</p></div>" * 3000, ("<B>b</b><P>a" * 2000) + ARTICLE, "<ul>" + "<li>a<i>b</i>" * 1500):
        assert lighten(page) == opened(page) == (page, None)


def test_just_too_much_is_seen() -> None:
    """One element deeper, one tag like <b> more open than is allowed."""
    assert lighten("<i>" * MAX_FORMATTING + "a") == ("<i>" * MAX_FORMATTING + "a", None)
    assert lighten("<i>" * (MAX_FORMATTING + 1) + "a")[0] == "<i>" * MAX_FORMATTING + " a"
    deep = "<div>" * MAX_DEPTH
    assert opened(deep + "a") == (deep + "a", None)
    shorter, reason = opened(deep + "<div>a")
    assert shorter == deep + " a"
    assert reason is not None


def test_as_many_attributes_as_are_not_looked_for() -> None:
    names = ("".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=3))
    page = "<div " + " ".join(itertools.islice(names, (SHORT - len(ARTICLE.encode()) - 20) // 4)) + ">" + ARTICLE
    assert is_plain(page.encode())
    assert "trao20suất" in text_of(page)


PIECES = (
    "<b>",
    "<B >",
    "</b>",
    "<i>a</i>",
    "<span class='x'>a",
    '<span title="<">',
    "</span >",
    "<b>a<i>",
    "<b\n>a</b>",
    "<font a=1",
    ">",
    "<",
    "'",
)
PIECES += ("<div>", "</div>", "<br/>", "<p>a", "<script>a<b</script>", "<!-- <b> -->", '<a title="', '">', " a=1", "chữ ", "<", "'")


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([1, 2, 60, 120, 700])), max_size=12))
def test_the_quick_look_costs_no_text(parts: list[tuple[str, int]]) -> None:
    page = "".join(piece * times for piece, times in parts)
    if is_plain(page.encode()):
        assert len(text_of(page)) >= len(text_of(lighten(page)[0]))


def test_real_pages_are_returned_as_they_came(corpus: Path) -> None:
    pages = list((corpus / "pages").glob("*.html"))
    assert len(pages) > 10
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert opened(text) == (text, None), path.name


def test_very_many_tags_are_named() -> None:
    _, reason = lighten("<u>a</u>" * 150_000)
    assert reason is not None
    assert "300000 tags" in reason
