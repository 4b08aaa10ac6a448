"""Figures read out of a sentence or two, as the association of the district of Cam Lộ would print them."""

from __future__ import annotations

from typing import Any

from scraper.analyse.documents import analyse_given

HUYEN = {"name": "Huyện Cam Lộ", "level": "district", "code": "468"}
TINH = {"name": "Tỉnh Quảng Trị", "level": "province", "code": "45"}


def read(text: str, published: str | None = "2022-12-20", portal: dict[str, Any] = HUYEN) -> list[dict[str, Any]]:
    title = "Hội Khuyến học huyện Cam Lộ tổng kết công tác khuyến học năm 2022"
    given = {"doc_id": "t", "text": f"{title}\n\n{text}", "published": published, "portal_place": portal}
    return list(analyse_given(given)["facts"])


def told(text: str) -> list[tuple[str, Any, str]]:
    """Indicator, value and place's code of each figure."""
    return [(fact["indicator"], fact["value"], fact["place"]["code"]) for fact in read(text)]
