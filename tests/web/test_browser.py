"""A person's walk in a real browser: search without marks, an article, its citation copied, a CSV; and every page by itself."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from .archive import EDITED
from .axe import RUN, SERIOUS, axe_script
from .chromium import Tab, find_browser, tab
from .server import datasette_server

WIDTHS = (1280, 390)
PAGES = {
    "front": "/", "article": "/bai/cao_bang_thach_an-1001", "nasty": "/bai/cao_bang_thach_an-1004", "edited": f"/bai/{EDITED.uid}",
    "history": f"/bai/{EDITED.uid}/thay-doi", "pictures": "/bieu-do", "health": "/suc-khoe",
    "indicators": "/chi-tieu", "series": "/chi-tieu/chi_hoi",
    "database": "/archive", "articles": "/archive/articles",
    "filtered": "/archive/articles?_search=khuyen&source_id=cao_bang&_facet=byline", "search": "/archive/tim_kiem?q=dong+khe",
    "empty": "/archive/tim_kiem?q=khong-co-gi-nhu-the", "row": "/archive/articles/1", "capture": "/archive/captures/1",
    "issues": "/archive/issues", "sources": "/archive/sources", "plugins": "/-/plugins", "no_article": "/bai/khong-co",
    "refused": "/archive/frontier", "senseless": "/archive/articles?_sort=x",
}  # fmt: skip
# What a browser says itself of an answer of 403 or 404 is no fault of the page.
OF_THE_ANSWER = "Failed to load resource: the server responded with a status of"

pytestmark = pytest.mark.skipif(find_browser() is None, reason="no chromium here (apt-get install chromium)")


@pytest.fixture(scope="module")
def home(archive_path: Path) -> Iterator[str]:
    with datasette_server(archive_path) as address:
        yield address


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def opened(downloads: Path) -> Iterator[Tab]:
    browser = find_browser()
    assert browser is not None
    with tab(browser, downloads) as page:
        yield page


@pytest.fixture
def page(opened: Tab) -> Tab:
    """The tab, with nothing on its record."""
    opened.errors.clear()
    opened.asked.clear()
    opened.downloaded.clear()
    return opened


def _faults(page: Tab) -> list[str]:
    return [error for error in page.errors if not error.startswith(OF_THE_ANSWER)]


@pytest.mark.parametrize("width", WIDTHS)
def test_walk(page: Tab, home: str, downloads: Path, archive_path: Path, width: int) -> None:
    page.size(width)
    page.open(f"{home}/")
    page.click("#q")
    page.type("khuyen hoc dong khe", enter=True)
    assert page.run("location.pathname") == "/archive/tim_kiem"
    assert "Đông Khê" in page.run("[...document.querySelectorAll('mark')].map(m => m.textContent).join(' ')")
    page.follow("document.querySelector('td.col-title a').click()")
    assert page.run("location.pathname") == "/bai/cao_bang_thach_an-1001"
    assert page.run("document.querySelector('h1').textContent") == "Hội Khuyến học huyện Thạch An tổng kết năm 2022"
    assert "Đông Khê" in page.run("document.querySelector('article').textContent")

    page.click("button.copy")
    page.wait(lambda: page.run("document.querySelector('button.copy').textContent") == "Đã chép / Copied")
    page.run(
        "document.body.append(Object.assign(document.createElement('textarea'), {id: 'paste'})); document.getElementById('paste').focus()"
    )
    page.call("Input.dispatchKeyEvent", type="keyDown", key="v", code="KeyV", modifiers=2, commands=["Paste"])
    with sqlite3.connect(archive_path) as connection:
        cite_as = connection.execute("SELECT cite_as FROM articles WHERE uid = 'cao_bang_thach_an-1001'").fetchone()[0]
        titles = {row[0] for row in connection.execute("SELECT title FROM articles WHERE source_id = 'cao_bang'")}
    connection.close()
    assert page.run("document.getElementById('paste').value") == cite_as

    page.open(f"{home}/archive/articles?source_id=cao_bang")
    page.run("document.querySelector('[name=_dl]').checked = true")
    page.click(".advanced-export input[type=submit]")
    page.wait(lambda: bool(page.downloaded))
    ((saved, name),) = page.downloaded
    assert name.endswith(".csv")
    with (downloads / saved).open(encoding="utf-8-sig", newline="") as stream:
        assert {row["title"] for row in csv.DictReader(stream)} == titles
    assert _faults(page) == []
    assert page.outside(home) == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_page(page: Tab, home: str, name: str, width: int, tmp_path: Path) -> None:
    """No error on the console, nothing asked of another host, nothing wider than the screen, no serious fault of accessibility."""
    page.size(width)
    page.open(home + PAGES[name])
    assert _faults(page) == []
    assert page.outside(home) == []
    assert page.run("document.documentElement.scrollWidth") <= width
    assert page.run("document.documentElement.lang") == "vi"
    page.photograph(tmp_path / f"{name}-{width}.png")
    assert (tmp_path / f"{name}-{width}.png").stat().st_size > 5000


@pytest.mark.parametrize("width", WIDTHS)
def test_accessibility(page: Tab, home: str, width: int, pytestconfig: pytest.Config) -> None:
    script = axe_script(Path(pytestconfig.cache.mkdir("axe-core"))) if pytestconfig.cache else None
    if script is None:
        pytest.skip("axe-core could not be had from npm (apt-get install npm, and a network)")
    page.size(width)
    serious: list[str] = []
    for name, path in PAGES.items():
        page.open(home + path)
        page.run(f"{script}; 0")
        serious += [f"{name}: {impact} {rule}: {where}" for impact, rule, where in page.run(RUN) if impact in SERIOUS]
    assert serious == [], "\n".join(serious)


def test_copying_without_the_clipboard(page: Tab, home: str) -> None:
    """A plain http address that is not localhost has no clipboard API; the selection is copied instead."""
    page.open(f"{home}/bai/cao_bang-2001")
    page.run("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.click("button.copy")
    page.wait(lambda: page.run("document.querySelector('button.copy').textContent") == "Đã chép / Copied")
    assert _faults(page) == []


def test_without_scripts(page: Tab, home: str) -> None:
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page.open(f"{home}/bai/cao_bang-2001")
        shown = page.run(
            "getComputedStyle(document.querySelector('button.copy')).display + document.querySelector('.citation').textContent"
        )
    finally:
        page.call("Emulation.setScriptExecutionDisabled", value=False)
    assert shown.startswith("none“")


def test_menus_of_columns_work_under_the_policy(page: Tab, home: str) -> None:
    page.size(1280)
    page.open(f"{home}/archive/articles")
    page.run("document.querySelector('th[data-column=byline] svg').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert page.run("getComputedStyle(document.querySelector('.dropdown-menu')).display") == "block"
    assert page.run("document.querySelector('a.dropdown-facet').href").endswith("?_facet=byline")
    assert _faults(page) == []
