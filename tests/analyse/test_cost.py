"""What the analysis of one article costs, in CPU time of this process: the least of several runs, so that a busy machine does not count."""

from __future__ import annotations

import time
from collections.abc import Callable

from scraper.analyse.article import Document, analyse, judge

from .marked import documents

FILL = "Sở Nông nghiệp hướng dẫn bà con xã Cam Tuyền, huyện Cam Lộ chăm sóc 320 ha cao su, thu 1,2 tỷ đồng năm 2022. "


def least(work: Callable[[], object], runs: int = 7) -> float:
    """Milliseconds."""
    took = []
    for _ in range(runs):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return 1000 * min(took)


def test_an_article_on_the_topic() -> None:
    text = "\n\n".join(one["text"] for one in documents("build")[:8])
    assert len(text) > 2500
    document = Document(text.split("\n", 1)[0], text, "2023-01-10T08:00:00+07:00", "45")
    assert analyse(document).figures.observations
    assert least(lambda: (judge(document), analyse(document))) < 25


def test_an_article_off_the_topic() -> None:
    document = Document("Chăm sóc cao su mùa khô", FILL * 30)
    assert len(document.text) > 2500
    assert least(lambda: judge(document)) < 3
