"""The draft of a portal: its spider as text and as a class, so that it is rehearsed before it is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from scraper.cms.family import Family
from scraper.portal import PortalSpider, check_declaration

MOST_LINES = 12
"""Lines of a drafted spider; sections beyond them are told and not declared."""
_WIDTH = 140


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new portal declares."""

    family: type[Family]
    name: str
    place: str
    publisher: str
    home: str
    sections: tuple[str, ...]
    evidence: str
    tls: str = "verified"

    @property
    def class_name(self) -> str:
        """The spider's class: the file's name in capitals, told apart from the family's own."""
        camel = "".join(part.capitalize() for part in self.name.split("_"))
        return f"{camel}Spider" if f"{camel}Spider" != self.family.__name__ else f"{camel}PortalSpider"

    def source(self) -> str:
        """The module of the spider."""
        facts = {"name": self.name, "place": self.place, "publisher": self.publisher, "home": self.home}
        lines = [f"from {self.family.__module__} import {self.family.__name__}", "", ""]
        lines.append(f"class {self.class_name}({self.family.__name__}):")
        lines += [f"    {name} = {_text(value)}" for name, value in facts.items()]
        lines += _sections(self.sections)
        lines.append(f"    evidence = {_text(self.evidence)}")
        if self.tls != "verified":
            lines.append(f"    tls = {_text(self.tls)}")
        return "\n".join(lines) + "\n"

    def portal(self) -> type[PortalSpider]:
        """The spider as a class, checked as any declared portal is."""
        facts: dict[str, Any] = {
            name: getattr(self, name) for name in ("name", "place", "publisher", "home", "sections", "evidence", "tls")
        }
        made = cast("type[PortalSpider]", type(self.class_name, (self.family,), {**facts, "__module__": "spiders"}))
        check_declaration(made)
        return made


def evidence(on: date, articles: int, *, replica: bool) -> str:
    """What is known of an added portal and how."""
    what = f"a listing and {articles} article{'s' if articles != 1 else ''} captured on {on:%Y-%m-%d}"
    return f"{what} from a replica on this machine, not from the portal" if replica else f"{what} with addportal"


def fitting_sections(sections: Sequence[str], lines: int = MOST_LINES - 9) -> tuple[str, ...]:
    """As many sections as fit into ``lines`` of a spider, the first ones first; at least one."""
    most = 1
    for count in range(1, len(sections) + 1):
        if len(_sections(tuple(sections[:count]))) <= lines:
            most = count
    return tuple(sections[:most])


def _sections(sections: tuple[str, ...]) -> list[str]:
    comma = "," if len(sections) == 1 else ""
    one = f"    sections = ({', '.join(map(_text, sections))}{comma})"
    if len(one) <= _WIDTH:
        return [one]
    return ["    sections = (", *(f"        {_text(section)}," for section in sections), "    )"]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
