"""What the analysis of one article costs, in CPU time of this process: the least of several runs, so that a busy machine does not count."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from scraper.analyse import periods
from scraper.analyse.article import Document, analyse, judge
from scraper.analyse.relevance import relevance
from scraper.archive.analysis import Article, read_article

from .marked import documents

FILL = "Sở Nông nghiệp hướng dẫn bà con xã Cam Tuyền, huyện Cam Lộ chăm sóc 320 ha cao su, thu 1,2 tỷ đồng năm 2022. "


def least(work: Callable[[], object], runs: int = 7) -> float:
    """Milliseconds, without what an earlier run left to be looked up."""
    took = []
    for _ in range(runs):
        relevance.cache_clear()
        periods._of_line.cache_clear()
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


@pytest.mark.parametrize(
    "body",
    [
        "Điển hình là xã Đức Long " + ", ".join(f"Lê Lai {number}.204 hội viên" for number in range(100, 1500)),
        ", ".join(f"xã Đức Long có {number}.204 hội viên" for number in range(100, 1500)),
        "Các xã như: " + "; ".join(f"Lạc Xuân Mới {number}.204 hội viên" for number in range(100, 1500)),
        "Chủ tịch Hội Khuyến học huyện Thạch An Nguyễn Văn Nam, Phó Chủ tịch UBND huyện " * 1000,
        "Chủ tịch Hội " + "Hội và " * 9000,
        "xã Lăng Yên " * 8000,
        "Các xã như: " + "Lăng Yên, " * 8000,
        "Nguyễn Văn " * 9000,
    ],
    ids=["bare", "typed", "unlisted", "officials", "a body without end", "communes", "a list", "a name without end"],
)
def test_a_text_that_was_made_to_be_long(body: str) -> None:
    """The analysis runs where the crawl does: a sentence without end would hold it for minutes, were each part compared with all before."""
    assert least(reading_of(body), runs=2) < 5000


def test_figures_are_not_compared_with_all_before() -> None:
    body = " ".join(f"Toàn huyện có {number} chi hội." for number in range(100, 1600))
    assert least(reading_of(body), runs=2) < 500


def reading_of(body: str) -> Callable[[], object]:
    article = Article(1, 1, "Hội Khuyến học huyện Thạch An tổng kết năm 2022", None, f"Hội Khuyến học: {body}", "2022-12-20", "04/053")
    read_article(article)  # the places are loaded by then
    return lambda: read_article(article)
