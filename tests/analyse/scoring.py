"""Strict scoring of facts: place, indicator, value, unit and period must all be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from scraper.analyse.documents import analyse_given
from scraper.analyse.rules import indicators

GIVEN = ("doc_id", "text", "published", "portal_place")


@dataclass
class Score:
    """Right, wrong and missed core facts, with what they were."""

    right: int = 0
    wrong: list[tuple[str, Any]] = field(default_factory=list)
    missed: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))


def strict(fact: dict[str, Any]) -> tuple[Any, ...]:
    place, period = fact["place"] or {}, fact["period"] or {}
    where = (place.get("level"), place.get("code"), place.get("admin_epoch"), tuple(sorted(place.get("members", ()))))
    value = fact["value"], fact.get("value_max")
    return where, fact["indicator"], value, (period.get("kind"), period.get("start"), period.get("end"))


def is_core(fact: dict[str, Any]) -> bool:
    return fact.get("tier", indicators()[fact["indicator"]].tier) == "core"


def score(documents: Iterable[dict[str, Any]], *, core: bool = True) -> Score:
    total = Score()
    for document in documents:
        read = analyse_given({name: document[name] for name in GIVEN})
        ignored = document.get("ignored", ())
        wanted = [strict(fact) for fact in document["facts"] if (is_core(fact) or not core) and fact["indicator"] not in ignored]
        for fact in read["facts"]:
            if fact["indicator"] in ignored or (core and not is_core(fact)):
                continue
            found = strict(fact)
            if found in wanted:
                wanted.remove(found)
                total.right += 1
            else:
                total.wrong.append((document["doc_id"], (found, fact["rule"], fact["value_text"], fact["evidence"][:90])))
        total.missed += [(document["doc_id"], fact) for fact in wanted]
    return total
