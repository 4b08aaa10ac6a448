"""Which of the captures that archives hold of an article are fetched: its own address before twins, each content once.

Pure: rows in, states out. The states are those of ``holdings``:
``todo`` is fetched; ``same`` shows content that another capture brings, and is stored as seen again, without asking;
``skipped`` stands between two of the same content and adds nothing; ``twin`` waits: it is asked for where the article's own
address gives no article.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

OPEN = frozenset({"todo", "done", "failed"})
"""States of a capture that brings its content or has brought it."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What choosing needs to know of one capture of an article."""

    id: int
    url: str
    rank: int
    captured_at: str
    digest: str
    state: str


def choose(holdings: Iterable[Holding], brought: Iterable[str]) -> dict[int, str]:
    """The new states of one article's ``listed`` captures. ``brought``: digests that some capture of the portal brings."""
    found = sorted(holdings, key=lambda one: (one.captured_at, one.url, one.id))
    if not found:
        return {}
    best = min(one.rank for one in found)
    seen = set(brought) | {one.digest for one in found if one.state in OPEN}
    states: dict[int, str] = {}
    for run in _by_address(one for one in found if one.rank == best).values():
        before: str | None = None
        last_of_run = _last_of_runs(run)
        for one in run:
            if one.state == "listed":
                if one.digest not in seen:
                    states[one.id] = "todo"
                    seen.add(one.digest)
                else:
                    states[one.id] = "same" if one.digest != before or one.id in last_of_run else "skipped"
            before = one.digest
    states |= {one.id: "twin" for one in found if one.rank > best and one.state == "listed"}
    return states


def _by_address(holdings: Iterable[Holding]) -> Mapping[str, list[Holding]]:
    out: dict[str, list[Holding]] = defaultdict(list)
    for one in holdings:
        out[one.url].append(one)
    return out


def _last_of_runs(run: list[Holding]) -> set[int]:
    """The captures after which an address shows something else, and the last of all."""
    return {one.id for one, after in pairwise(run) if one.digest != after.digest} | {run[-1].id}
