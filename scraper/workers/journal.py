"""What happened in a crawl, step by step, so that another process can tell the archive: lines of JSON, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

VERSION = 1
"""Of the form of parts and their journals; a keeper refuses a newer one."""

Doing = Literal["kept", "outcome", "listing", "article", "unmodified", "walked", "failed", "noted", "not_before", "ended"]
DOINGS = frozenset(Doing.__args__)  # type: ignore[attr-defined]


class JournalUnreadable(ValueError):
    """A part's journal does not say what it must."""


@dataclass(frozen=True, slots=True)
class Head:
    """Of which crawl a part is: ``part`` counts from 0; ``base_url`` is a replica's; times are UTC."""

    job: str
    source: str
    part: int
    started_at: str
    worker: str
    base_url: str | None = None
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``record`` names a capture of the same part, ``section`` a listing's own address, ``via`` what led to an address.

    ``kept``: an answer was stored; ``outcome``: what became of one that nobody reads. ``listing``, ``article``, ``unmodified``: what a
    stored answer was asked for. ``walked``: a section was walked to its end. ``failed``, ``noted``, ``not_before``: problems.
    ``ended``: why the crawl ended, how many requests it made, how many sections it saw and lost.
    """

    do: Doing
    at: str
    record: str | None = None
    url: str | None = None
    key: str | None = None
    section: str | None = None
    via: str | None = None
    tls: str | None = None
    outcome: str | None = None
    kind: str | None = None
    detail: str | None = None
    until: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    reason: str | None = None
    requests: int | None = None
    seen: int | None = None
    lost: int | None = None


_STEP_FIELDS = frozenset(field.name for field in fields(Step))
_HEAD_FIELDS = frozenset(field.name for field in fields(Head))


def head_line(head: Head) -> bytes:
    """The first line of a journal."""
    return _line(asdict(head))


def step_line(step: Step) -> bytes:
    """A step as one line; what is not said is left out."""
    return _line({name: value for name, value in asdict(step).items() if value is not None})


def _line(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_journal(data: bytes) -> tuple[Head, list[Step]]:
    """A whole journal; raise :class:`JournalUnreadable` for one that is none, or of a newer form."""
    lines = data.removesuffix(b"\n").split(b"\n")  # not splitlines: a text may hold what Unicode takes for the end of a line
    if lines == [b""]:
        raise JournalUnreadable("it is empty")
    said = _object(lines[0])
    version = said.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise JournalUnreadable(f"it is of form {version!r}; this program reads up to {VERSION}. Upgrade it.")
    if said.keys() != _HEAD_FIELDS or not all(isinstance(said[name], str) for name in ("job", "source", "started_at", "worker")):
        raise JournalUnreadable("its first line names no job")
    return Head(**said), list(_steps(lines[1:]))


def whole_lines(data: bytes) -> bytes:
    """A journal without what a killed process left half written at its end."""
    kept = data[: data.rfind(b"\n") + 1]
    lines = kept.split(b"\n")[:-1]
    while lines:
        try:
            _object(lines[-1])
            break
        except JournalUnreadable:
            lines.pop()
    return b"".join(line + b"\n" for line in lines)


def _steps(lines: Iterable[bytes]) -> Iterator[Step]:
    for line in lines:
        said = _object(line)
        if said.get("do") not in DOINGS or not said.keys() <= _STEP_FIELDS or not isinstance(said.get("at"), str):
            raise JournalUnreadable(f"a line of it is no step: {line[:80]!r}")
        yield Step(**said)


def _object(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise JournalUnreadable(f"a line of it is no JSON: {line[:80]!r}") from error
    if not isinstance(said, dict):
        raise JournalUnreadable(f"a line of it is no object: {line[:80]!r}")
    return said
