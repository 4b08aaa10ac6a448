"""Places in prose: a labelled set with the traps that are known, and each rule by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scraper.analyse.gazetteer import gazetteer
from scraper.analyse.mentions import PlaceMention, find_places
from scraper.analyse.prose import read_prose

LABELLED = Path(__file__).with_name("places.txt")
_MARK = re.compile(r"\[([^|\]]+)\|([^\]]+)\]")


def labelled() -> list[tuple[str, str, str, set[tuple[int, int, str]]]]:
    """Portal, day, plain text, and its mentions: from, to, unit (``?``: must stay open)."""
    rows = []
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        portal, day, marked = line.split("|", 2)
        text, wanted, position = "", set(), 0
        for mark in _MARK.finditer(marked):
            text += marked[position : mark.start()]
            if mark[2] != "-":
                wanted.add((len(text), len(text) + len(mark[1]), mark[2]))
            text += mark[1]
            position = mark.end()
        rows.append((portal, day, text + marked[position:], wanted))
    return rows


def read(text: str, portal: str = "", day: str = "2022-01-01") -> list[PlaceMention]:
    return find_places(read_prose(text), portal=portal or None, published=day)


def test_the_labelled_set() -> None:
    """Precision over what was resolved, and recall over what can be."""
    right, wrong, missed = 0, [], []
    for portal, day, text, wanted in labelled():
        found = {(one.start, one.end, one.unit or "?") for one in read(text, portal, day)}
        resolved = {one for one in found if one[2] != "?"}
        can_be = {one for one in wanted if one[2] != "?"}
        right += len(resolved & can_be)
        wrong += [(text[start:end], unit, text) for start, end, unit in resolved - can_be]
        missed += [(text[start:end], unit, text) for start, end, unit in can_be - resolved]
    assert right >= 100
    assert right / (right + len(wrong)) >= 0.97, wrong
    assert right / (right + len(missed)) >= 0.95, missed


def test_ambiguous_names_stay_open() -> None:
    (mention,) = read("Huyện Châu Thành tổng kết.")
    assert mention.unit is None
    assert mention.how == "ambiguous"
    assert len(mention.candidates) > 5
    assert {gazetteer().units[unit].bare for unit in mention.candidates} == {"Châu Thành"}


def test_the_portal_decides_between_districts_of_one_name() -> None:
    assert [read("Huyện Châu Thành tổng kết.", portal)[0].unit for portal in ("82", "83", "84")] == ["821", "831", "847"]


def test_what_contains_a_place_is_not_a_second_one() -> None:
    inner, outer = read("Xã Cam Tuyền (huyện Cam Lộ) họp.", "45")
    assert (inner.unit, inner.within) == ("19600", False)
    assert (outer.unit, outer.within) == ("468", True)
    assert [one.within for one in read("Xã Hoa Sen Trắng (huyện Cam Lộ) họp.", "45")] == [False, True]


@pytest.mark.parametrize(
    ("portal", "day", "text", "units"),
    [
        ("45", "2017-05-01", "Xã Cam An, huyện Cam Lộ họp.", [None, "468"]),
        ("45", "2017-05-01", "Xã Cam An họp.", [None]),
        ("04", "2017-05-01", "Xã Trưng Vương họp.", [None]),
        ("04", "2017-05-01", "Xã Trưng Vương, huyện Hòa An họp.", [None, "051"]),
        ("04", "2017-05-01", "Xã Trưng Vương (Hòa An) họp.", [None, "051"]),
        ("", "2017-05-01", "Xã Trưng Vương, huyện Hòa An họp.", [None, "051"]),
        ("04", "2017-05-01", "Xã Trưng Vương họp; tỉnh Phú Thọ giao lưu.", [None, "25"]),
        ("04", "2017-05-01", "Thị trấn Trưng Vương họp.", [None]),
        ("04", "2017-05-01", "Xã Lăng Yên và xã Hoa Sen Trắng họp.", [None, None]),
        ("49", "2017-05-01", "Xã Lăng Yên họp.", [None]),
        ("04", "2017-05-01", "HỘI KHUYẾN HỌC XÃ TRƯNG VƯƠNG HỌP", [None]),
    ],
)
def test_a_commune_in_no_list_is_not_its_namesake(portal: str, day: str, text: str, units: list[str | None]) -> None:
    assert [one.unit for one in read(text, portal, day)] == units


@pytest.mark.parametrize(
    ("portal", "day", "text", "units"),
    [
        ("04", "2017-05-01", "Thành phố Việt Trì có xã Trưng Vương.", ["227", "07930"]),
        ("04", "2017-05-01", "Xã Trưng Vương, tỉnh Phú Thọ giao lưu.", ["07930", "25"]),
        ("", "2017-05-01", "Xã Trưng Vương họp.", ["07930"]),
        ("", "", "Xã Cam An họp.", ["N22465"]),
        ("56", "2025-06-20", "Xã Cam An họp.", ["N22465"]),
        ("04", "2025-06-14", "Thị trấn Đông Khê, huyện Thạch An họp.", ["01786", "053"]),
        ("04", "2025-10-01", "Thị trấn Đông Khê, tỉnh Cao Bằng họp.", ["01786", "N04"]),
        ("04", "2025-10-01", "Xã Đông Khê (huyện Thạch An cũ) họp.", ["N01786", "053"]),
        ("053", "2022-05-01", "Chủ tịch xã Đức Long Nguyễn Văn Nam dự.", ["01822"]),
        ("053", "2022-05-01", "Xã Đức Long Thạch An họp.", ["01822", "053"]),
        ("053", "2022-05-01", "Hội Khuyến Học Xã Đức Long Tổng Kết", ["01822"]),
        ("053", "2022-05-01", "Hội Khuyến Học Huyện Tổng Kết Năm Học", []),
    ],
)
def test_a_commune_that_the_article_or_the_portal_places(portal: str, day: str, text: str, units: list[str]) -> None:
    assert [one.unit for one in read(text, portal, day)] == units


@pytest.mark.parametrize("text", ["huyện Hoà An", "huyện Hòa An", "HUYỆN HÒA AN", "Huyện Hoà An"])
def test_tone_marks_and_capitals(text: str) -> None:
    assert [one.unit for one in read(text, "04")] == ["051"]


def test_offsets_are_into_the_text() -> None:
    text = "Hội\u00a0Khuyến học TP. Đông Hà – Quảng Trị"
    assert [text[one.start : one.end] for one in read(text, "45")] == ["TP. Đông Hà", "Quảng Trị"]


def test_old_units_lead_to_new_ones_and_back() -> None:
    names = gazetteer()
    assert names.successor("45") == "N44"
    assert names.units["01786"].successors == ("N01786",)
    assert "01786" in names.predecessors["N01786"]
    assert names.successor("053") is None, "districts have none"


def test_every_successor_is_a_unit_and_every_chain_ends_in_a_province() -> None:
    names = gazetteer()
    assert len(names.units) == 14_722
    for unit in names.units.values():
        assert all(new in names.units for new in unit.successors)
        assert names.units[names.chain(unit.id)[-1]].level == "province"
