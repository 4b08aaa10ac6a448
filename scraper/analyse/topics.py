"""Topics of an article: the labels of ``data/topics.csv`` with the words that earned them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Topic:
    """One label and its evidence, as ``công dân học tập (title, ×3)``."""

    id: str
    words: str


@cache
def _topics() -> tuple[tuple[str, str, int, re.Pattern[str], re.Pattern[str] | None], ...]:
    with files("scraper").joinpath("data/topics.csv").open(encoding="utf-8") as stream:
        return tuple(
            (row["id"], row["label"], int(row["least"]), re.compile(row["pattern"]), re.compile(row["act"]) if row["act"] else None)
            for row in csv.DictReader(stream)
        )


def topic_labels() -> dict[str, str]:
    """The Vietnamese label of each topic."""
    return {topic: label for topic, label, *_ in _topics()}


def find_topics(title: str, text: str) -> tuple[Topic, ...]:
    """The topics of an article on khuyến học, from its matched title and text: named in the title, said often enough, or done."""
    found = []
    for topic, _, least, pattern, act in _topics():
        in_title = pattern.findall(title)
        in_text = pattern.findall(text)
        acts = act.findall(text) if act and not in_title else []
        if not in_title and len(in_text) < least and not acts:
            continue
        counted = Counter(in_text + acts) if not in_title else Counter(in_title + in_text)
        word, count = counted.most_common(1)[0]
        found.append(Topic(topic, f"{word} ({'title, ' if in_title else ''}×{count})"))
    return tuple(found)
