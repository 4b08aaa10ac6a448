"""Invented texts with their figures marked in place, as documents in the form of the gold file.

A document begins with ``=== id | published | portal | period | topics``. A figure stands in brackets in its text:
``[printed=value|indicator|place|period|flags]``; the value is left out where the printed digits say it, the period where
it is the document's. Places are codes (``2025:…`` from July 2025, ``c:…`` a cluster's members, ``vn`` the country).
Periods: ``2022``, ``sy2022`` (school year), a day, ``<day`` (as it stood), ``from/to``, ``*`` (every year).
Flag ``t``: a target. A line ``=!`` says that the text is off topic, ``> people: name | position | body`` who is named.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from scraper.analyse.gazetteer import gazetteer

TEXTS = Path(__file__).with_name("texts")
_MARK = re.compile(r"\[([^\]|]+)\|([a-z_]+)\|([^\]|]+)(?:\|([^\]|]*))?(?:\|([^\]]*))?\]")


def documents(half: str) -> list[dict[str, Any]]:
    """All documents of one half: ``build`` or ``score``."""
    found = []
    for file in sorted(TEXTS.glob(f"{half}_*.txt")):
        found += map(_document, re.split(r"^=== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:])
    return found


def _document(part: str) -> dict[str, Any]:
    head, body = part.split("\n", 1)
    doc_id, published, portal, period, topics = (cell.strip() for cell in head.split("|"))
    relevant, people, ignored, lines = True, [], [], []
    for line in body.strip().split("\n"):
        if line == "=!":
            relevant = False
        elif line.startswith("> people: "):
            people.append(dict(zip(("name", "position", "organisation"), map(str.strip, line[10:].split("|")), strict=True)))
        elif line.startswith("> ignore: "):
            ignored += line[10:].strip().split(",")
        else:
            lines.append(line)
    marked = "\n".join(lines).strip()
    text, facts, position = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[position : mark.start()]
        printed, _, value = mark[1].partition("=")
        facts.append(_fact(printed, value, mark, period, len(text)))
        text += printed
        position = mark.end()
    text += marked[position:]
    return {
        "doc_id": doc_id,
        "title": text.split("\n", 1)[0],
        "text": text,
        "published": None if published == "-" else f"{published}T08:00:00+07:00",
        "portal_place": _place(portal),
        "relevant": relevant,
        "topics": [] if topics == "-" else topics.split(","),
        "people": people,
        "facts": facts,
        "ignored": ignored,
    }


def _fact(printed: str, value: str, mark: re.Match[str], default: str, start: int) -> dict[str, Any]:
    low, _, high = (value or printed.replace(".", "")).partition("..")
    return {
        "indicator": mark[2],
        "place": _place(mark[3]),
        "value": float(low) if "." in low else int(low),
        "value_max": int(high) if high else None,
        "period": _period(mark[4] or default),
        "modality": "target" if "t" in (mark[5] or "") else "actual",
        "value_span": [start, start + len(printed)],
    }


def _place(code: str) -> dict[str, Any]:
    if code == "vn":
        return {"name": "Việt Nam", "level": "country", "code": None}
    if code.startswith("c:"):
        return {"name": None, "level": "cluster", "code": None, "members": code[2:].split(",")}
    new = code.startswith("2025:")
    unit = gazetteer().units["N" + code[5:] if new and "N" + code[5:] in gazetteer().units else code.removeprefix("2025:")]
    return unit.as_place()


def _period(text: str) -> dict[str, Any] | None:
    if text == "-":
        return None
    if text == "*":
        return {"start": None, "end": None, "kind": "recurrent"}
    if text.startswith("<"):
        return {"start": None, "end": text[1:], "kind": "asof"}
    if text.startswith("sy"):
        year = int(text[2:])
        return {"start": f"{year}-09-01", "end": f"{year + 1}-05-31", "kind": "range"}
    first, _, last = text.partition("/")
    start = f"{first}-01-01" if len(first) == 4 else first
    end = f"{last or first}-12-31" if len(last or first) == 4 else last or first
    return {"start": start, "end": end, "kind": "range"}
