"""Forty queries as people type them, over the demo archive: everything that should be found and nothing else, the best one first.

What should be found is worked out here by comparing letters, without the search index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import Browser
from .demo import build_demo

_LINES = Path(__file__).with_name("queries.tsv").read_text(encoding="utf-8").splitlines()
TABLE = [tuple(line.split("\t")) for line in _LINES if not line.startswith("#")]
_TERM = re.compile(r'-?(?:"[^"]*"|[^\s"|]+)(?:\|(?:"[^"]*"|[^\s"|]+))*')


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    made = Browser(build_demo(tmp_path_factory.mktemp("demo") / "archive.db"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def plain_texts(demo: Browser) -> dict[str, str]:
    """Every article in plain letters, words one space apart."""
    rows = demo.csv("/archive/articles.csv?_formulas=keep")
    assert len(rows) == 390
    return {row["uid"]: plain("\n".join([row["title"], row["lead"], row["body"]])) for row in rows}


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return f" {' '.join(re.findall('[a-z0-9]+', ''.join(char for char in letters if not unicodedata.combining(char))))} "


def fits(text: str, terms: str) -> bool:
    """Whether a plain text has what the second column says."""
    for term in _TERM.findall(terms):
        choices = [choice.strip('"') for choice in term.removeprefix("-").split("|")]
        found = any(f" {choice[:-1]}" in text if choice.endswith("*") else f" {choice} " in text for choice in choices)
        if found == term.startswith("-"):
            return False
    return True


def typed(text: str) -> str:
    text = text.replace("{zw}", "\u200b").replace("{nbsp}", "\u00a0")
    return unicodedata.normalize("NFD", text.removeprefix("{nfd}")) if text.startswith("{nfd}") else text


def test_there_are_forty() -> None:
    assert len(TABLE) == 40
    assert len({query for query, _, _ in TABLE}) == 40


@pytest.mark.parametrize(("query", "terms", "top"), TABLE, ids=[query for query, _, _ in TABLE])
def test_query(demo: Browser, plain_texts: dict[str, str], query: str, terms: str, top: str) -> None:
    expected = {uid for uid, text in plain_texts.items() if fits(text, terms)}
    assert 0 < len(expected) < len(plain_texts)
    assert demo.uids(typed(query)) == expected
    rows = demo.csv("/archive/tim_kiem.csv", params={"q": typed(query), "so_dong": "5"})
    assert top in rows[0]["title"]
    assert {row["uid"] for row in demo.csv("/archive/tim_kiem.csv", params={"q": typed(query)})} == expected
    assert {row["uid"] for row in demo.csv("/archive/articles.csv", params={"_search": typed(query)})} == expected
    # What is marked is what was typed, in the letters that were printed.
    marked = re.findall("⟦(.*?)⟧", rows[0]["excerpt"])
    assert all(any(fits(plain(word), term.removeprefix("-")) for term in _parts(terms)) for word in marked)


def _parts(terms: str) -> list[str]:
    return [part for term in _TERM.findall(terms) for part in term.split("|")]
