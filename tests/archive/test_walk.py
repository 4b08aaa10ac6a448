"""Where the walk of a section goes next, and when it is at its end."""

from __future__ import annotations

import pytest

from scraper.archive.walk import Walk
from scraper.items import Capture, Link, Listing
from tests.archive.test_frontier import T0


def walk_of(pages: dict[str, tuple[str, list[str]]], known: str = "", *, newest_first: bool = True) -> list[str]:
    """The pages of a section that a walk asks for; of each its links, a letter each, and where it leads. ``known``: settled links."""
    walk, asked = Walk("1"), list[str]()
    at: str | None = "1"
    while at is not None and len(asked) < 20:
        asked.append(at)
        keys, following = pages[at]
        links = tuple(Link(f"http://a.gov.vn/{key}", key, key) for key in keys)
        listing = Listing(at, None, links, tuple(following), newest_first)
        at = walk.after(Capture(at, T0, 200, (("ETag", '"e"'),), b""), listing, known_ground=set(keys) <= set(known))
    assert (walk.validators[0] is None) is (not newest_first and bool(pages["1"][1]))
    return asked


LISTS = {"1": ("ax", ["a2", "b2"]), "a2": ("bx", ["a3"]), "a3": ("cx", []), "b2": ("ay", ["b3"]), "b3": ("az", [])}


@pytest.mark.parametrize(
    ("known", "asked"),
    [("", "1 a2 b2 a3 b3"), ("axb", "1"), ("xb", "1 a2 b2 b3"), ("axbcyz", "1"), ("xyzbc", "1 a2 b2 b3")],
)
def test_two_lists_of_one_page_are_both_walked(known: str, asked: str) -> None:
    assert walk_of(LISTS, known) == asked.split()


def test_a_circle_ends_its_own_list() -> None:
    pages = {"1": ("ax", ["a2", "b2"]), "a2": ("ax", ["a3"]), "b2": ("ax", ["b3"]), "a3": ("ax", ["a4"]), "a4": ("ax", [])}
    assert walk_of(pages) == ["1", "a2", "b2", "a3"]


def test_an_index_that_is_as_it_was_says_nothing_of_its_parts() -> None:
    pages: dict[str, tuple[str, list[str]]] = {"1": ("", ["a", "b"]), "a": ("xy", []), "b": ("z", [])}
    assert walk_of(pages, "xyz", newest_first=False) == ["1", "a", "b"]
    assert walk_of({"1": ("xy", [])}, "xy", newest_first=False) == ["1"]
