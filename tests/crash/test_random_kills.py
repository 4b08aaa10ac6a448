"""A real crawl killed at random, resumed, killed again, until it is through: nothing lost, doubled or torn."""

from __future__ import annotations

import os
import random
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.command import Command
from tests.crash.lab import KILLED, Lab

SEED = int(os.environ.get("CRASH_SEED", "2022"))
"""Another one with ``CRASH_SEED=… pytest``; with the same one the same moments are tried."""
ROUNDS_AT_ONCE = 2
STARTING_READER = re.compile(r'Traceback \(most recent call last\):\n  File "<string>", line 1, in <module>\n(?:  .*\n)+\w+(?:: .*)?\n?')


@dataclass(slots=True)
class Score:
    kills: int = 0
    rounds: int = 0


def kill_again_and_again(lab: Lab, dice: random.Random, kills: int, longest: float) -> Score:
    """Rounds of one archive each, until enough crawls were killed. The last round is brought to its end."""
    score = Score()
    while score.kills < kills:
        archive = lab.fresh()
        while score.kills < kills and not killed_after(dice.triangular(0.3, longest, longest / 4), lab.url, archive):
            score.kills += 1
        score.rounds += 1
        lab.resume(archive)
        lab.verify(archive)
        lab.forget(archive)
    return score


def killed_after(seconds: float, url: str, archive: Path) -> bool:
    """Crawl and kill; says whether the crawl had ended by itself before."""
    with Command(url, archive) as crawl:
        crawl.ended(seconds)
        crawl.process.kill()
        run = crawl.result()
        by_itself = run.code == 0  # perhaps in the instant before the signal
        assert run.code in (0, KILLED), run
        # A reader that is just being started when its crawl is killed says that nobody is there; that is not the crawl's word.
        said = run.err if by_itself else STARTING_READER.sub("", run.err)
        assert "Traceback" not in said, said
    return by_itself


def test_five_kills(tmp_path: Path) -> None:
    with Lab(tmp_path, articles=60) as lab:
        score = kill_again_and_again(lab, random.Random(SEED), 5, longest=2.5)
    assert score.kills == 5


@pytest.mark.slow
def test_two_hundred_kills(tmp_path: Path) -> None:
    with Lab(tmp_path, articles=300) as lab, ThreadPoolExecutor(ROUNDS_AT_ONCE) as pool:
        futures = [
            pool.submit(kill_again_and_again, lab, random.Random(SEED + number), 200 // ROUNDS_AT_ONCE, 6)
            for number in range(ROUNDS_AT_ONCE)
        ]
        scores = [future.result() for future in futures]
    kills, rounds = sum(score.kills for score in scores), sum(score.rounds for score in scores)
    print(f"\n{kills} random kills in {rounds} rounds of 300 articles, seed {SEED}: all whole", file=sys.stderr)
    assert kills == 200
