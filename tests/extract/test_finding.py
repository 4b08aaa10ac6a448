"""Selectors answered by a list of classes find what a walk over the tree finds, whatever the page and the selector."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from scraper.cms import families
from scraper.extract.finding import Finder

PAGE = """<html><head><title>Tin</title></head><body class="home  page">
<div class="box title"><h1 class="title">Một</h1><p class="Title">Hai</p><svg><title>ba</title></svg></div>
<div class="breadcrumb"><a href="/">Trang chủ</a> <a href="/tin">Tin</a></div>
<div class="date\u00a0x">5/5</div><div class="a\tb\nc">abc</div><div class="">trống</div>
<a class="breadcrumb b"><a class="b" id="i">trong</a></a><ul class="list"><li class="b"><span class="b">x</span></li></ul>
<div class="once"><div class="in"><p>p</p><p class="in">q</p></div><a>r</a></div>
</body></html>"""
CLASSES = ("title", "Title", "a", "b", "c", "x", "list", "once", "in", "breadcrumb", "home", "page", "none", "date")
SELECTORS = (
    ".title", "h1.title", "div.title, .none", ".none .title, p.Title", ".breadcrumb a:last-child", ".once a", ".once .in", ".once > .in",
    ".in p", "title", "a", "head title", ".list .b > .b", "*", ".b.breadcrumb", "#i", "[class*=b]", "a[href='/tin'], .none",
    ":not(.none)", "div:not(.a)", ".once p:not(.in)", ".once .in p", "div.once div.in p.in", ".once .in .in", ".home .once a",
    ".once .list p", ".once :not(.in),.b",
    ".nowhere p[class*=\"in\"]", ".a, .b, .c", ".date", ".x", "li .b, .once p", ".b + ul .b", "a ~ ul", ".home",
)  # fmt: skip


def same(page: str, selector: str) -> None:
    root = Selector(text=page, type="html")
    found, wanted = Finder(root).css(selector), root.css(selector)
    assert [one.root for one in found] == [one.root for one in wanted], selector
    assert found.getall() == wanted.getall()
    assert found.xpath("string()").getall() == wanted.xpath("string()").getall()


@pytest.mark.parametrize("selector", SELECTORS)
def test_finds_the_same(selector: str) -> None:
    same(PAGE, selector)


def test_the_selectors_of_all_families_find_the_same() -> None:
    asked = 0
    for family in families().values():
        for layout in family.LAYOUTS:
            for field in ("fingerprint", "title", "body", "date", "lead", "byline", "credits", "section", "pictures", "documents"):
                for selector in getattr(layout, field):
                    same(PAGE, selector)
                    asked += 1
        for selector in (*family.LISTING_LINKS, *family.LISTING_TITLE, *family.FINGERPRINT):
            same(PAGE, selector)
            asked += 1
    assert asked > 150


_PART = st.one_of(
    st.sampled_from([f".{name}" for name in CLASSES]),
    st.sampled_from([f"{tag}.{name}" for tag in ("div", "a", "p") for name in CLASSES]),
    st.sampled_from(["a", "p", "div", "title", "li"]),
)


@given(st.lists(st.lists(_PART, min_size=1, max_size=3), min_size=1, max_size=3), st.sampled_from([" ", " > ", " ~ "]))
def test_any_combination_finds_the_same(alternatives: list[list[str]], joint: str) -> None:
    same(PAGE, ", ".join(joint.join(parts) for parts in alternatives))


@pytest.mark.parametrize("space", ["&#12;", "&#11;", "&#28;", "&#160;", "\t", "\n", " "])
def test_what_divides_classes_is_xpath_s_white_space(space: str) -> None:
    page = f"<div class='a{space}b'>x</div>"
    for selector in (".a", ".b"):
        same(page, selector)
