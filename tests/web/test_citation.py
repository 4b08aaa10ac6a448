"""References of articles: what managers of references read back is what went in."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from scraper.web.citation import Cited, bibtex, news_article, ris

PLAIN = Cited(
    uid="cao_bang-1", title="Hội Khuyến học tổng kết", publisher="UBND huyện Thạch An", home_url="https://thachan.caobang.gov.vn/",
    place_name="Huyện Thạch An, Tỉnh Cao Bằng", url="https://thachan.caobang.gov.vn/a?b=1&c=%C3%A1", archived="https://kho.vn/bai/cao_bang-1",
    captured_at="2025-01-15T02:00:00Z", note="“Hội Khuyến học tổng kết”, theo Cổng", published_at="2022-12-01T07:47:00+07:00",
    byline="Nông Thị Lan", section="Tin tức", lead="Mở đầu\nhai dòng",
)  # fmt: skip


def test_bibtex() -> None:
    assert bibtex(PLAIN) == (
        "@misc{cao_bang-1,\n"
        "  title = {{Hội Khuyến học tổng kết}},\n"
        "  author = {{Nông Thị Lan}},\n"
        "  publisher = {{UBND huyện Thạch An}},\n"
        "  howpublished = {UBND huyện Thạch An (https://thachan.caobang.gov.vn)},\n"
        "  year = {2022},\n"
        "  month = {12},\n"
        "  date = {2022-12-01},\n"
        "  url = {https://thachan.caobang.gov.vn/a?b=1&c=%C3%A1},\n"
        "  urldate = {2025-01-15},\n"
        "  note = {“Hội Khuyến học tổng kết”, theo Cổng. Bản lưu / Archived: https://kho.vn/bai/cao\\_bang-1},\n"
        "  langid = {vietnamese},\n"
        "}\n"
    )


def test_ris() -> None:
    lines = ris(PLAIN).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    assert {"TI  - Hội Khuyến học tổng kết", "AU  - Nông Thị Lan", "DA  - 2022/12/01", "Y2  - 2025/01/15", "AB  - Mở đầu hai dòng"} <= set(
        lines
    )
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])


@pytest.mark.parametrize(
    "evil", ["}", "{", "{}{", "\\", "%", "a & b_c #1 $x ~ ^", "}\n@misc{x,", "\r\nER  - \r\nTY  - BOOK", "%\\input{/etc/passwd}"]
)
def test_nothing_in_a_text_ends_its_field(evil: str) -> None:
    cited = Cited(
        uid=f"x{evil}", title=evil, publisher=evil, home_url="https://a.vn", place_name=evil, url=f"https://a.vn/{evil}", archived="https://k.vn/1",
        captured_at="2025-01-15T02:00:00Z", note=evil, byline=evil, section=evil, lead=evil,
    )  # fmt: skip
    entry = bibtex(cited)
    depth = 0
    for index, char in enumerate(entry):
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth >= 0
        assert depth > 0 or index < len("@misc") or index >= len(entry) - 2
    assert depth == 0
    assert entry.count("\n@") == 0
    assert re.fullmatch(r"@misc\{[\w.:-]*,", entry.split("\n")[0], re.ASCII)
    reference = ris(cited)
    assert reference.count("TY  - ") - reference.count(" TY  - ") == 1
    assert reference.split("\r\n").count("ER  - ") == 1


def test_the_day_of_capture_is_that_of_vietnam() -> None:
    """What a night's crawl finds minutes after it was published was not seen on the day before."""
    cited = replace(PLAIN, published_at="2025-01-15T00:30:00+07:00", captured_at="2025-01-14T18:00:00Z")
    assert "  urldate = {2025-01-15},\n" in bibtex(cited)
    assert "Y2  - 2025/01/15\r\n" in ris(cited)


def test_undated_and_unsigned() -> None:
    bare = Cited("a-1", "Tin", "P", "https://a.vn", "Huyện", "https://a.vn/1", "https://k.vn/bai/a-1", "2025-01-15T02:00:00Z", "“Tin”")
    assert "author" not in bibtex(bare)
    assert "year" not in bibtex(bare)
    assert "AU  -" not in ris(bare)
    assert "PY  -" not in ris(bare)
    assert not {"datePublished", "creditText", "author", "dateModified"} & news_article(bare).keys()
