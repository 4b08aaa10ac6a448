"""Whether each source is well: its last crawls against what it declares and against its own past. Pure functions.

A portal that breaks must be noticed within its own rhythm and never counts as a success: no news is told apart from no answer,
a weekend and Tết from silence, and each trouble says what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from scraper.upkeep.rhythm import SHORTEST, Silence, crawl_pace, known_of, moment, silence
from scraper.upkeep.sources import CRAWLS_SEEN, Fields, SourceState, today

Status = Literal["alarm", "watch", "new", "well", "ended"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""In the order in which a person should look at them."""
ENDED_AFTER = timedelta(days=30)
"""Days without an answer from which a portal has probably closed."""
LATE = timedelta(days=1)
"""A crawl that is overdue by this did not run."""
LOST_PAGES = 3
"""Pages that lost their layout from which it is the portal's, not a page's."""
FEWEST_RECENT, FEWEST_EARLIER = 5, 10
SHARE_NOW, SHARE_BEFORE = 0.5, 0.2
"""Half of the recent articles lack what fewer than a fifth lacked before."""

# What each kind of failure asks for: by itself (waits and tries again), or of a person.
NEXT = {
    "asked_to_wait": "nothing: it is asked again when the portal's pause is over",
    "unreachable": "nothing for now: it is tried again after an hour, six, a day, three",
    "own_network": "look at the network of this machine: hardly any portal answers; they are tried again by themselves",
    "http_error": "look at the address in a browser; if the portal moved, change its home and sections",
    "address_refused": "look where the addresses lead: if the portal moved, change its home and sections",
    "robots_closed": "read its robots.txt; ask the portal for leave, or wait",
    "challenge": "ask the portal to let the crawler in; it does not answer cookie checks",
    "login": "look at the address in a browser: the portal asks to sign in",
    "maintenance": "nothing: it is asked again later",
    "layout_changed": "mend the family's layout, then `scrapy replay` the source's segments",
    "listing_empty": "mend the listing's selectors, then crawl again",
    "selector_mismatch": "look at the page and at the family's selectors",
    "likely_ended": "look at the portal; if it has closed, declare `until` and try `scrapy backfill`",
    "silent": "look at the portal in a browser: if it has news, its listing is not read rightly",
    "undated": "look at a new article: its date stands elsewhere now",
    "empty": "look at a new article: its text stands elsewhere now",
    "not_crawled": "see that `scrapy schedule` or the timer that starts crawls is running",
    "archive_failed": "make room on the disk of the archive, or mend it: no portal is to blame; the crawls go on by themselves",
    "failed": "read the issues of this source",
}
SITE_KINDS = (
    "robots_closed", "challenge", "login", "maintenance", "asked_to_wait", "layout_changed", "listing_empty", "unreachable", "http_error",
    "address_refused",
)  # fmt: skip
"""Open issues that explain a bad crawl, the most telling first."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is not well, since when, and what to do. ``grave``: a person is to be told."""

    kind: str
    detail: str
    since: datetime
    grave: bool

    @property
    def advice(self) -> str:
        """What to do."""
        return NEXT.get(self.kind, NEXT["failed"])


@dataclass(frozen=True, slots=True)
class Health:
    """How one source is."""

    state: SourceState
    status: Status
    troubles: tuple[Trouble, ...]
    due_at: datetime | None


def examine(state: SourceState, now: datetime) -> Health:
    """Judge one source at a moment."""
    if state.portal.until is not None:
        return Health(state, "ended", (), None)
    due_at = state.due_at(now)
    if not state.crawls:
        return Health(state, "new", (), due_at)
    troubles = [*_last_crawl(state, now), *(_own_fault(state) or _overdue(state, now, due_at))]
    if state.finished and state.failures == 0:
        troubles += [*_silence(state, now), *_fields(state, now)]
    told = _without_twins(troubles)
    status: Status = "alarm" if any(trouble.grave for trouble in told) else "watch" if told else "well"
    return Health(state, status, told, due_at)


def _last_crawl(state: SourceState, now: datetime) -> list[Trouble]:
    """What the last crawl met: a bad one is explained by the issues it left open."""
    found = []
    last = state.finished[0] if state.finished else None
    # What stands open from earlier crawls is no reason of this one.
    met = {kind for kind, _, seen, _ in state.issues if last is not None and moment(seen) >= last.started_at}
    since = now
    for crawl in state.finished[: state.failures]:
        since = crawl.started_at
    if last is not None and last.verdict == "bad":
        kind = next((kind for kind in SITE_KINDS if kind in met), "failed")
        detail = f"{state.failures} crawl{'s' * (state.failures > 1)} in a row went badly ({last.reason})"
        if kind == "unreachable" and now - since >= ENDED_AFTER:
            kind = "likely_ended"
        # A pause that a portal asked for is no alarm until it lasts, and no answer none until it repeats.
        passing = kind in ("asked_to_wait", "maintenance") or (kind == "unreachable" and state.failures == 1)
        grave = not passing or now - since >= LATE
        found.append(Trouble(kind, detail, since, grave))
    elif last is not None and last.verdict == "doubtful":
        kind = next((kind for kind in SITE_KINDS if kind in met), "failed")
        found.append(Trouble(kind, "the last crawl is doubtful", last.started_at, grave=False))
    for kind, first, _, count in state.issues:
        if kind == "layout_changed" and count >= LOST_PAGES:
            found.append(Trouble(kind, f"{count} pages lost their layout", moment(first), grave=True))
    return found


def _own_fault(state: SourceState) -> list[Trouble]:
    """A crawl that could not be stored: the archive's trouble, and not the portal's."""
    newest = state.crawls[0]
    if newest.reason != "archive_failed":
        return []
    return [Trouble("archive_failed", "the last crawl could not be stored", newest.started_at, grave=True)]


def _overdue(state: SourceState, now: datetime, due_at: datetime) -> list[Trouble]:
    """No crawl came to an end in time. One that was killed or stopped is due at once, and waits all the same where nothing runs."""
    last = state.finished[0].finished_at if state.finished else state.crawls[-1].started_at
    assert last is not None
    allowed = max(crawl_pace(state.published, today(now)), SHORTEST) + LATE
    always_cut_off = not state.finished and len(state.crawls) >= CRAWLS_SEEN
    if now < due_at or (now - last <= allowed and not always_cut_off):
        return []
    since = f"{last:%Y-%m-%d %H:%M} UTC"
    detail = f"last crawled {since}" if state.finished else f"no crawl since {since} came to an end"
    return [Trouble("not_crawled", detail, last, grave=True)]


def quiet(state: SourceState) -> Silence | None:
    """How long it has been silent, as the last crawl that did not go badly knows it; None where there was none, or never any news."""
    looked = next((crawl.started_at for crawl in state.finished if crawl.verdict != "bad"), None)
    return silence(state.published, known_of(looked), declared=state.portal.expect.max_days_silent) if looked else None


def as_dict(health: Health) -> dict[str, Any]:
    """One source for programs."""
    state, silent = health.state, quiet(health.state)
    return {
        "source": state.name,
        "status": health.status,
        "last_crawl": _utc(state.finished[0].finished_at) if state.finished else None,
        "verdict": state.finished[0].verdict if state.finished else None,
        "newest": state.published[-1].isoformat() if state.published else None,
        "silent": {"days": silent.elapsed, "allowed": silent.allowed, "working_days": silent.working} if silent else None,
        "due_at": _utc(health.due_at),
        "open_issues": {kind: count for kind, _, _, count in state.issues},
        "troubles": [
            {"kind": one.kind, "detail": one.detail, "since": _utc(one.since), "grave": one.grave, "next": one.advice}
            for one in health.troubles
        ],
    }


def _utc(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _silence(state: SourceState, now: datetime) -> list[Trouble]:
    silent = quiet(state)
    if silent is None or not silent.is_too_long:
        return []
    since = datetime.combine(silent.since, datetime.min.time(), tzinfo=now.tzinfo)
    days = "working days" if silent.working else "days"
    longest = "were the longest" if silent.working else "are allowed"
    detail = f"no news since {silent.since} ({silent.elapsed} {days}, where {silent.allowed} {longest})"
    return [Trouble("silent", detail, since, grave=True)]


def _fields(state: SourceState, now: datetime) -> list[Trouble]:
    recent, before = state.recent, state.earlier
    if recent.articles < FEWEST_RECENT or before.articles < FEWEST_EARLIER:
        return []
    found = []
    for kind, what in (("undated", "no date"), ("empty", "no text")):
        now_share, before_share = _share(recent, kind), _share(before, kind)
        if now_share > SHARE_NOW and before_share < SHARE_BEFORE:
            detail = f"{now_share:.0%} of the recent articles have {what}, {before_share:.0%} of those before"
            found.append(Trouble(kind, detail, now, grave=True))
    return found


def _share(fields: Fields, kind: str) -> float:
    return (fields.undated if kind == "undated" else fields.empty) / fields.articles


def _without_twins(troubles: list[Trouble]) -> tuple[Trouble, ...]:
    """Each kind once, the grave telling of it first."""
    kept: dict[str, Trouble] = {}
    for trouble in sorted(troubles, key=lambda one: not one.grave):
        kept.setdefault(trouble.kind, trouble)
    return tuple(kept.values())
