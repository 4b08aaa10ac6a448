"""Workers on a real queue give the archive that one process gives, at first and when the portals have changed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scraper.workers.store import NOTE
from tests.workers.field import Field, content, one_at_a_time, rows, wait_until


def age(archive: Path) -> None:
    """As if it had been crawled a year ago: every article is due, and nothing of that shows in what is compared."""
    with closing(sqlite3.connect(archive)) as connection, connection:
        connection.execute("UPDATE frontier SET due_at = '2026-01-01T00:00:00Z' WHERE state <> 'gone'")


def change(field: Field) -> None:
    """News, an edit, a loss and a page that went bad on every portal."""
    for portal in field.portals:
        keys = [article["key"] for article in field.control(portal, "truth") if article["on_topic"]]
        field.control(portal, "edit", key=keys[0])
        field.control(portal, "add", n=2)
        field.control(portal, "delete", key=keys[1], status=410)
        field.control(portal, "login", key=keys[2])


def trouble(field: Field) -> None:
    """Each portal in another way: closed by robots.txt, asking to wait, behind a cookie check, with articles that moved."""
    closed, waiting, checked, moved = field.portals
    field.control(closed, "robots", status=503)
    field.control(waiting, "status", code=503, retry_after=7200)
    field.control(checked, "challenge")
    for article in field.control(moved, "truth")[:3]:
        field.control(moved, "redirect_home", key=article["key"])


@pytest.mark.parametrize("workers", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_same_archive(tmp_path: Path, workers: int) -> None:
    with Field(tmp_path) as field:
        alone, kept = tmp_path / "alone" / "archive.db", tmp_path / "kept" / "archive.db"
        field.alone(alone)
        field.forget_requests()
        field.everywhere("delay", seconds=0.02)
        waiting = [field.worker(f"w{number}", at_once=4 // workers) for number in range(workers)]
        wait_until(lambda: all("at once" in worker.said for worker in waiting), why="a worker never began")
        keeper = field.keeper(kept, "--once", "--now")
        assert keeper.wait() == 0, keeper.said
        assert content(kept, uninterrupted=True) == content(alone, uninterrupted=True)
        turns = [one_at_a_time(field.requests(portal), 0.02) for portal in field.portals]
        assert [len(turn) for turn in turns] == [1] * 4, "each host is one worker's"
        assert len({turn[0] for turn in turns}) == workers, "every worker had work"

        change(field)
        age(alone)
        age(kept)
        field.alone(alone)
        again = field.keeper(kept, "--once", "--now", name="again")
        assert again.wait() == 0, again.said
        assert content(kept, uninterrupted=True) == content(alone, uninterrupted=True)
        confirmed = rows(kept, "SELECT count(*) FROM captures WHERE status = 304 AND kind = 'revisit'")
        assert confirmed[0][0] > 10, "the workers asked with the validators"

        trouble(field)
        age(alone)
        age(kept)
        field.alone(alone, code=1)
        third = field.keeper(kept, "--once", "--now", name="third")
        assert third.wait() == 1, third.said
        assert content(kept, uninterrupted=True) == content(alone, uninterrupted=True)
        left_alone = "SELECT id FROM sources WHERE not_before IS NOT NULL"
        assert rows(kept, left_alone) == rows(alone, left_alone) != []
        field.verify(kept)
        assert [path.name for path in field.store.iterdir()] == [NOTE]
        assert rows(kept, "SELECT count(*), count(DISTINCT job_id) FROM imports")[0] >= (8, 8)

        before = content(kept, uninterrupted=False)
        rebuilt = field.run("rebuild", "rebuild", "--from", str(kept.parent / "warcs"), "--db", str(tmp_path / "new.db"))
        assert rebuilt.wait() == 0, rebuilt.said
        assert content(tmp_path / "new.db", uninterrupted=False)["articles"] == before["articles"]
        shutil.rmtree(kept.parent)
