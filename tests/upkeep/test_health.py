"""Health: what is an alarm and what is not, and thirty simulated days with sources that break, move, fall silent and recover."""

from __future__ import annotations

import random
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scraper.archive.crawls import Counts
from scraper.archive.database import ArchiveError
from scraper.portal import Expect, PortalSpider, portals
from scraper.report import print_summary
from scraper.upkeep.health import Health, examine
from scraper.upkeep.network import due_times, examine_all
from scraper.upkeep.rhythm import crawl_pace, is_working_day
from scraper.upkeep.sources import CrawlRow, Fields, SourceState, read_states, today

PORTAL = portals()["quang_tri"]
NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
STAMP = "%Y-%m-%dT%H:%M:%SZ"


def crawl(at: datetime, verdict: str = "good", reason: str = "finished") -> CrawlRow:
    return CrawlRow(at, at + timedelta(minutes=3), verdict, reason, 20, 1, 0, 5)


def offices(last: date, count: int = 60) -> tuple[date, ...]:
    days = [last - timedelta(days=step) for step in range(count * 2)]
    return tuple(sorted([day for day in days if is_working_day(day)][:count]))


def state(*crawls: CrawlRow, **more: object) -> SourceState:
    return SourceState(PORTAL, crawls, more.pop("published", offices(today(NOW))), **more)  # type: ignore[arg-type]


def issue(kind: str, since: datetime, seen: datetime = NOW, count: int = 1) -> tuple[str, str, str, int]:
    return kind, since.strftime(STAMP), seen.strftime(STAMP), count


def kinds(health: Health) -> list[tuple[str, bool]]:
    return [(trouble.kind, trouble.grave) for trouble in health.troubles]


def test_a_source_that_is_well() -> None:
    health = examine(state(crawl(NOW - timedelta(hours=2))), NOW)
    assert (health.status, kinds(health)) == ("well", [])
    assert health.due_at == NOW - timedelta(hours=2) + timedelta(minutes=3) + timedelta(hours=12)


def test_new_and_ended_are_no_alarms() -> None:
    assert examine(SourceState(PORTAL), NOW).status == "new"
    ended = type("Ended", (PORTAL,), {"until": date(2025, 6, 30)})
    assert examine(SourceState(ended, (crawl(NOW - timedelta(days=500), "bad"),)), NOW).status == "ended"


@pytest.mark.parametrize("kind", ["challenge", "robots_closed", "layout_changed", "listing_empty", "http_error", "address_refused"])
def test_a_bad_crawl_is_an_alarm_that_says_why(kind: str) -> None:
    at = NOW - timedelta(hours=1)
    health = examine(state(crawl(at, "bad"), issues=(issue(kind, at, at, 2),)), NOW)
    assert (health.status, kinds(health)) == ("alarm", [(kind, True)])
    assert health.troubles[0].advice


def test_no_answer_is_an_alarm_when_it_repeats_or_lasts() -> None:
    def at(*hours: int) -> Health:
        rows = [crawl(NOW - timedelta(hours=ago), "bad") for ago in hours]
        return examine(state(*rows, crawl(NOW - timedelta(hours=40)), issues=(issue("unreachable", NOW),)), NOW)

    assert (at(1).status, kinds(at(1))) == ("watch", [("unreachable", False)])
    assert at(1).due_at == NOW + timedelta(minutes=3), "asked again after an hour"
    assert at(1, 2).status == "alarm"
    assert ("unreachable", True) in kinds(at(25))


def test_a_portal_that_fails_alone_is_no_cut_of_our_network_and_many_at_once_are_one() -> None:
    def source(name: str, *crawls: tuple[float, str]) -> SourceState:
        rows = tuple(crawl(NOW - timedelta(hours=ago), verdict) for ago, verdict in crawls)
        failed = rows[0].verdict == "bad"
        return SourceState(type(name, (PORTAL,), {"name": name}), rows, offices(today(NOW)), (issue("unreachable", NOW),) if failed else ())

    def judged(*states: SourceState) -> dict[str, list[tuple[str, bool]]]:
        return {one.state.name: kinds(one) for one in examine_all(states, NOW) if one.troubles}

    before, cut, again = (7, "good"), (3, "bad"), (1, "bad")
    down = [source(f"down_{number}", again, cut, before) for number in range(4)]
    known = source("known", (1, "bad"), (8, "bad"), (20, "good"))
    waiting = [source(f"waiting_{number}", before) for number in range(9)]
    told = judged(*down, known, *waiting)
    assert told == {**{one.name: [("own_network", True)] for one in down}, "known": [("unreachable", True)]}
    once = judged(*[source(one.name, cut, before) for one in down], *waiting)
    assert once == {one.name: [("own_network", False)] for one in down}, "it did not repeat yet"
    just_before = [source(f"quick_{number}", (3.02, "good")) for number in range(4)]
    assert judged(*down, *just_before)["down_0"] == [("own_network", True)], "they had answered just before"
    well = [source(f"well_{number}", (2.9, "good")) for number in range(4)]
    assert judged(*down, *well) == {one.name: [("unreachable", True)] for one in down}, "others answer: they are down"
    back = [source(f"back_{number}", (0.5, "good"), cut, before) for number in range(9)]
    assert judged(*down, *back, *waiting) == {one.name: [("own_network", False)] for one in down}, "not asked since it is back"
    due = {state.name: at for at, state in due_times([*down, *back, *waiting], NOW)}
    assert {due[one.name] for one in down} == {NOW}, "it is back: they are asked now"
    assert due == {one.state.name: one.due_at for one in examine_all([*down, *back, *waiting], NOW)}
    assert min(at for at, _ in due_times([*down, *waiting], NOW)) > NOW, "still cut: each at its own time"
    asked_to_wait = replace(down[0], not_before=NOW + timedelta(hours=2))
    assert due_times([asked_to_wait, *down[1:], *back], NOW)[0][0] == NOW + timedelta(hours=2)
    still = source("still", (0.2, "bad"), again, cut, before)
    assert judged(still, *back, *waiting) == {"still": [("unreachable", True)]}, "down behind it"
    shut_out = [replace(each.state, issues=(issue("challenge", NOW),)) for each in examine_all(down, NOW)[:3]]
    assert judged(down[3], *shut_out)[down[3].name] == [("unreachable", True)], "a portal that shuts us out has answered"
    assert judged(*down[:2], *waiting) == {one.name: [("unreachable", True)] for one in down[:2]}, "too few to tell"


def test_a_pause_the_portal_asked_for_is_watched_first() -> None:
    def at(hours: int) -> Health:
        begun = NOW - timedelta(hours=hours)
        rows = (crawl(NOW - timedelta(hours=1), "bad", "asked_to_wait"), crawl(begun, "bad", "asked_to_wait"))
        return examine(state(*rows, issues=(issue("asked_to_wait", begun),)), NOW)

    assert at(3).status == "watch"
    assert at(30).status == "alarm"


def test_a_portal_that_does_not_answer_for_a_month_has_probably_ended() -> None:
    rows = tuple(crawl(NOW - timedelta(days=3 * number, hours=1), "bad") for number in range(11))
    issues = (issue("unreachable", NOW - timedelta(days=30), count=9),)
    assert kinds(examine(state(*rows, issues=issues), NOW)) == [("likely_ended", True)]


def test_what_stands_open_from_an_earlier_crawl_is_no_reason_of_this_one() -> None:
    before, at = NOW - timedelta(days=3), NOW - timedelta(hours=1)
    issues = (issue("asked_to_wait", before, before), issue("http_error", at, at))
    assert kinds(examine(state(crawl(at, "bad"), issues=issues), NOW)) == [("http_error", True)]
    assert kinds(examine(state(crawl(at, "doubtful"), issues=issues), NOW)) == [("http_error", False)]
    assert kinds(examine(state(crawl(at, "bad"), issues=issues[:1]), NOW)) == [("failed", True)]


def test_a_full_disk_is_no_portals_fault() -> None:
    full = crawl(NOW - timedelta(minutes=9), "bad", "archive_failed")
    told = state(full, full, full, crawl(NOW - timedelta(hours=20)))
    assert told.failures == 0
    assert told.due_at(NOW) == NOW, "it is gone on with at once"
    assert kinds(examine(told, NOW)) == [("archive_failed", True)]
    assert kinds(examine(state(crawl(NOW), *told.crawls), NOW)) == []


def test_a_doubtful_crawl_is_watched() -> None:
    assert examine(state(crawl(NOW - timedelta(hours=1), "doubtful")), NOW).status == "watch"


def test_pages_that_lost_their_layout_are_an_alarm_though_the_crawl_went_on() -> None:
    since = NOW - timedelta(days=1)
    health = examine(state(crawl(NOW - timedelta(hours=1), "doubtful"), issues=(issue("layout_changed", since, count=3),)), NOW)
    assert kinds(health) == [("layout_changed", True)]


def test_crawls_that_did_not_run() -> None:
    assert examine(state(crawl(NOW - timedelta(hours=30))), NOW).status == "well"
    assert kinds(examine(state(crawl(NOW - timedelta(hours=37))), NOW)) == [("not_crawled", True)]


def test_a_crawl_that_was_cut_off_waits_for_a_schedule_too() -> None:
    def cut_off(hours: float, reason: str | None = None) -> CrawlRow:
        return replace(crawl(NOW - timedelta(hours=hours), reason=reason or ""), **({} if reason else {"finished_at": None}))  # type: ignore[arg-type]

    for reason in (None, "shutdown"):
        assert kinds(examine(state(cut_off(9, reason), crawl(NOW - timedelta(hours=30))), NOW)) == []
        assert kinds(examine(state(cut_off(37, reason), crawl(NOW - timedelta(hours=40))), NOW)) == [("not_crawled", True)]
        assert kinds(examine(state(cut_off(60, reason)), NOW)) == [("not_crawled", True)], "the first of all"
    again_and_again = state(*[cut_off(number / 10) for number in range(20)])
    assert examine(again_and_again, NOW).troubles[0].detail == "no crawl since 2026-11-26 01:06 UTC came to an end"


def test_silence_needs_a_crawl_that_went_well_and_can_be_declared() -> None:
    last = today(NOW) - timedelta(days=9)
    quiet = state(crawl(NOW - timedelta(hours=1)), published=offices(last))
    assert kinds(examine(quiet, NOW)) == [("silent", True)]
    assert examine(quiet, NOW).troubles[0].detail == "no news since 2026-11-17 (6 working days, where 1 were the longest)"
    slow = type("Slow", (PORTAL,), {"expect": Expect(max_days_silent=30)})
    assert examine(replace(quiet, portal=slow), NOW).status == "well"
    brief = type("Brief", (PORTAL,), {"expect": Expect(max_days_silent=5)})
    assert "(8 days, where 5 are allowed)" in examine(replace(quiet, portal=brief), NOW).troubles[0].detail


def test_articles_without_what_they_had_before() -> None:
    base = state(crawl(NOW - timedelta(hours=1)), recent=Fields(6, 4, 0), earlier=Fields(50, 2, 0))
    assert kinds(examine(base, NOW)) == [("undated", True)]
    assert kinds(examine(replace(base, recent=Fields(6, 0, 6)), NOW)) == [("empty", True)]
    assert examine(replace(base, recent=Fields(4, 4, 0)), NOW).status == "well", "too few"
    assert examine(replace(base, earlier=Fields(50, 45, 0)), NOW).status == "well", "it never had dates"


@pytest.mark.parametrize("empty", [False, True])
def test_an_archive_that_is_not_there_is_no_good_news(tmp_path: Path, *, empty: bool) -> None:
    if empty:
        (tmp_path / "archive.db").touch()
    health = [sys.executable, "-m", "scrapy", "health", "--db", str(tmp_path / "archive.db"), "--json"]
    done = subprocess.run(health, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"there is no archive at {tmp_path / 'archive.db'}" in done.stderr


def test_what_is_no_archive_is_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE sources (id)")
    for path, told in ((tmp_path, "is a folder"), (tmp_path / "other.db", "is a database of another program (it has the table sources)")):
        with pytest.raises(ArchiveError, match=re.escape(told)):
            read_states(path, [PORTAL], NOW)


def test_what_a_crawl_prints_can_be_pasted_and_names_kinds_that_are_there(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary("quang_tri", Counts(), 1.0, "bad", {"http_404": 2, "http_503": 1, "login": 1}, "/kho lưu trữ/archive.db")
    said = capsys.readouterr().out
    assert "Seen: http_error × 3, login × 1." in said
    assert "sqlite-utils '/kho lưu trữ/archive.db' \"select" in said
    assert "datasette '/kho lưu trữ/archive.db' -m" in said


# Thirty days


@dataclass
class Simulated:
    """A source of the simulation. ``every``: working days between two news; what happens to it, from when to when."""

    every: int
    fate: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    state: SourceState = field(default_factory=lambda: SourceState(PORTAL))
    alarms: list[datetime] = field(default_factory=list)

    def suffers(self, now: datetime) -> bool:
        return bool(self.begins and self.begins <= now and (self.ends is None or now < self.ends))

    def publishes(self, day: date, number: int, now: datetime) -> bool:
        return is_working_day(day) and number % self.every == 0 and not (self.fate == "silent" and self.suffers(now))


START = datetime(2026, 2, 2, 0, 0, tzinfo=UTC)  # Tết is on 17 February
BREAK, MENDED = START + timedelta(days=5, hours=7), START + timedelta(days=20, hours=2)
VERDICTS = {"breaks": ("unreachable", "bad"), "moves": ("listing_empty", "bad"), "blocked": ("challenge", "bad"), "silent": ("", "good")}


def past(every: int, last: date) -> tuple[date, ...]:
    days = [last - timedelta(days=step) for step in range(240)]
    return tuple(sorted([day for day in days if is_working_day(day)][::every]))


def simulate(sources: list[Simulated], days: int) -> None:
    """Hour by hour: what is due is crawled, what was published by then is found, and every hour each source is examined."""
    for source in sources:
        source.state = SourceState(PORTAL, (crawl(START - timedelta(hours=1)),), past(source.every, today(START) - timedelta(days=1)))
    numbers = dict.fromkeys(range(len(sources)), 0)
    waiting: dict[int, list[date]] = {number: [] for number in numbers}
    for hour in range(days * 24):
        now = START + timedelta(hours=hour)
        for number, source in enumerate(sources):
            day = today(now)
            if now.hour == 3 and is_working_day(day):  # ten in the morning there
                numbers[number] += 1
                if source.publishes(day, numbers[number], now):
                    waiting[number].append(day)
            if source.state.due_at(now) <= now:
                kind, verdict = VERDICTS[source.fate] if source.suffers(now) else ("", "good")
                found = tuple(waiting[number]) if verdict == "good" else ()
                waiting[number] = [] if verdict == "good" else waiting[number]
                issues = (issue(kind, now, now),) if kind else ()
                source.state = replace(
                    source.state,
                    crawls=(crawl(now, verdict), *source.state.crawls)[:20],
                    published=(*source.state.published, *found),
                    issues=issues,
                )
            if examine(source.state, now + timedelta(minutes=4)).status == "alarm":
                source.alarms.append(now)


@pytest.mark.parametrize("every", [1, 2, 4])
@pytest.mark.parametrize("fate", VERDICTS)
def test_thirty_days(every: int, fate: str) -> None:
    well = [Simulated(each) for each in (1, 2, 3, 5)]
    broken = Simulated(every, fate, BREAK, MENDED)
    for_good = Simulated(every, fate, BREAK)
    simulate([*well, broken, for_good], 30)
    for source in well:
        assert source.alarms == [], "a false alarm on a weekend or at Tết"
    pace = crawl_pace(past(every, today(START)), today(START))
    for source in (broken, for_good):
        assert source.alarms, "the break was not noticed"
        noticed = source.alarms[0]
        assert noticed >= BREAK
        if fate == "silent":  # every working day that it could have spoken, and one more
            missed = sum(is_working_day(today(BREAK) + timedelta(days=step)) for step in range((noticed - BREAK).days + 1))
            assert missed <= every + 2
        else:
            assert noticed - BREAK <= pace + timedelta(days=1)
    assert for_good.alarms[-1] >= START + timedelta(days=29, hours=20), "an alarm lasts as long as the trouble"
    last = broken.alarms[-1]
    assert last - MENDED <= max(pace, timedelta(days=every + 3)) + timedelta(days=1), "a recovery closes it"


def test_many_random_sources_raise_no_false_alarm() -> None:
    rng = random.Random(7)
    sources = [Simulated(rng.choice([1, 1, 2, 3, 5, 8])) for _ in range(16)]
    simulate(sources, 30)
    assert sum(bool(source.alarms) for source in sources) == 0


def test_portals_declare_what_is_expected_of_them_as_a_type() -> None:
    assert all(isinstance(portal.expect, Expect) for portal in portals().values())
    assert PortalSpider.expect == Expect()
