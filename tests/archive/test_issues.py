"""An issue is one row for a kind and an address: opened, seen again, closed by a good answer, opened again by a bad one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import scraper
from scraper.archive.crawls import SourceFacts
from scraper.archive.database import ArchiveDatabase
from scraper.archive.issues import close_issues, record_issue
from scraper.archive.keeper import Keeper
from scraper.archive.kinds import KINDS, kind_of
from scraper.extract.page import SOFT_PAGES
from scraper.items import Problem

URL = "http://a.gov.vn/1"
DAYS = tuple(f"2024-01-0{day}T00:00:00Z" for day in range(1, 7))


@pytest.fixture
def keeper(archive: ArchiveDatabase) -> Keeper:
    return Keeper(archive, SourceFacts("nguon", "UBND", "04", "Cao Bằng", "thu", "http://a.gov.vn", "UBND", None, None, "thử", ()), "crawl")


def see(archive: ArchiveDatabase, kind: str, at: str, detail: str = "d", url: str = URL) -> bool:
    with archive.transaction() as db:
        return record_issue(db, "nguon", url, Problem(kind, detail), at)


def close(archive: ArchiveDatabase, at: str, *keep: str, url: str = URL) -> None:
    with archive.transaction() as db:
        close_issues(db, "nguon", url, at, frozenset(keep))


def rows(archive: ArchiveDatabase) -> list[tuple[str, str, str, str | None]]:
    return archive.conn.execute("SELECT kind, first_seen_at, last_seen_at, closed_at FROM issues ORDER BY kind").fetchall()


@pytest.mark.usefixtures("keeper")
def test_the_life_of_an_issue(archive: ArchiveDatabase) -> None:
    assert see(archive, "login", DAYS[0]) is True
    assert see(archive, "login", DAYS[1]) is False
    assert rows(archive) == [("login", DAYS[0], DAYS[1], None)]
    close(archive, DAYS[2])
    assert rows(archive) == [("login", DAYS[0], DAYS[1], DAYS[2])]
    assert see(archive, "login", DAYS[3]) is True
    assert rows(archive) == [("login", DAYS[0], DAYS[3], None)]


@pytest.mark.usefixtures("keeper")
def test_when_it_was_opened(archive: ArchiveDatabase) -> None:
    """At first, and again after it was closed; an older trouble that is read late changes only what was never closed."""

    def opened() -> str:
        (at,) = archive.conn.execute("SELECT opened_at FROM issues").fetchone()
        return str(at)

    see(archive, "login", DAYS[1])
    assert opened() == DAYS[1]
    see(archive, "login", DAYS[2])
    assert opened() == DAYS[1]
    see(archive, "login", DAYS[0])
    assert opened() == DAYS[0]
    close(archive, DAYS[3])
    assert opened() == DAYS[0]
    see(archive, "login", DAYS[4])
    assert opened() == DAYS[4]
    see(archive, "login", DAYS[5])
    see(archive, "login", DAYS[3])
    assert opened() == DAYS[4]


@pytest.mark.usefixtures("keeper")
def test_kinds_and_addresses_are_apart(archive: ArchiveDatabase) -> None:
    see(archive, "login", DAYS[0])
    see(archive, "damaged", DAYS[0])
    see(archive, "login", DAYS[0], url="http://a.gov.vn/2")
    close(archive, DAYS[1], "damaged")
    assert sorted(rows(archive), key=str) == [
        ("damaged", DAYS[0], DAYS[0], None),
        ("login", DAYS[0], DAYS[0], DAYS[1]),
        ("login", DAYS[0], DAYS[0], None),
    ]


@pytest.mark.usefixtures("keeper")
def test_an_older_answer_closes_nothing(archive: ArchiveDatabase) -> None:
    see(archive, "login", DAYS[3])
    close(archive, DAYS[1])
    assert rows(archive) == [("login", DAYS[3], DAYS[3], None)]


@pytest.mark.usefixtures("keeper")
def test_an_older_trouble_opens_nothing_again(archive: ArchiveDatabase) -> None:
    see(archive, "login", DAYS[0])
    close(archive, DAYS[3])
    assert see(archive, "login", DAYS[1]) is False
    assert rows(archive) == [("login", DAYS[0], DAYS[1], DAYS[3])]


@pytest.mark.usefixtures("keeper")
def test_an_older_trouble_was_first_seen_earlier(archive: ArchiveDatabase) -> None:
    see(archive, "login", DAYS[3], "newer")
    see(archive, "login", DAYS[1], "older")
    assert rows(archive) == [("login", DAYS[1], DAYS[3], None)]
    assert archive.conn.execute("SELECT detail FROM issues").fetchone() == ("newer",)


@pytest.mark.usefixtures("keeper")
def test_details_cannot_play_tricks(archive: ArchiveDatabase) -> None:
    see(archive, "login", DAYS[0], "Đăng nhập\x1b[31m\r\n\x00" + "x" * 5_000)
    (detail,) = archive.conn.execute("SELECT detail FROM issues").fetchone()
    assert detail.startswith("Đăng nhập·[31m···xx")
    assert len(detail) == 1_000


@pytest.mark.usefixtures("keeper")
def test_an_unknown_kind_is_a_mistake_of_ours(archive: ArchiveDatabase) -> None:
    with pytest.raises(ValueError, match=r"'khong_co' \(add it to scraper/archive/kinds.py\)"):
        see(archive, "khong_co", DAYS[0])
    assert rows(archive) == []


@pytest.mark.parametrize("status", [404, 500, 599])
def test_errors_are_one_kind(status: int) -> None:
    assert kind_of(f"http_{status}") == "http_error"


def kinds_in_use() -> dict[str, str]:
    """Every kind that the code can give: the first argument of Problem(…) and Refused(…), with where it stands."""
    found = dict.fromkeys(SOFT_PAGES, "scraper/extract/page.py")
    folder = Path(scraper.__file__).parent
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Problem", "Refused") and node.args:
                for part in ast.walk(node.args[0]):
                    if (
                        isinstance(part, ast.Constant)
                        and isinstance(part.value, str)
                        and re.fullmatch(r"[a-z]+(?:_[a-z0-9]+)*_?", part.value)
                    ):
                        found[part.value] = f"{file.relative_to(folder.parent)}:{node.lineno}"
    return found


def test_every_kind_in_use_is_explained() -> None:
    used = kinds_in_use()
    assert len(used) >= 15
    assert {kind: where for kind, where in used.items() if kind_of(kind) not in KINDS} == {}


def test_explanations_say_what_to_do() -> None:
    for kind, meaning in KINDS.items():
        assert re.fullmatch(r"[a-z]+(?:_[a-z0-9]+)*", kind)
        assert meaning.endswith(".")
        assert len(meaning) > 20
