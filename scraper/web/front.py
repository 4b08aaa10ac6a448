"""What the front page and the pictures tell: counts by source and month, and how fresh each source is. Functions of a connection."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LATEST = 12
"""News on the front page."""


@dataclass(frozen=True, slots=True)
class SourceNow:
    """One source: what it is, what is here of it, and its last crawl (None where there was none yet)."""

    id: str
    publisher: str
    place: str
    place_name: str
    home_url: str
    until: str | None
    articles: int
    newest: str | None
    crawled_at: str | None
    verdict: str | None
    finish_reason: str | None
    open_issues: int


@dataclass(frozen=True, slots=True)
class PlaceNow:
    """The articles of the portals of one place."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The archive at a glance. ``months``: (month, source) → articles, of those that print a date."""

    articles: int
    first_day: str | None
    last_day: str | None
    last_crawl: str | None
    sources: list[SourceNow]
    months: dict[tuple[str, str], int]
    undated: int

    def by_month(self) -> dict[str, int]:
        """Articles of each month, all sources together, in order."""
        total: dict[str, int] = {}
        for (month, _), count in sorted(self.months.items()):
            total[month] = total.get(month, 0) + count
        return total

    def by_source(self) -> dict[str, dict[str, int]]:
        """Articles of each month for each source that has any."""
        found: dict[str, dict[str, int]] = {}
        for (month, source), count in sorted(self.months.items()):
            found.setdefault(source, {})[month] = count
        return found

    def by_place(self) -> list[PlaceNow]:
        """Articles by the place of their portal, the most first."""
        counts: Counter[str] = Counter()
        names = {source.place: source.place_name for source in self.sources}
        for source in self.sources:
            counts[source.place] += source.articles
        return [PlaceNow(code, names[code], count) for code, count in counts.most_common()]


def by_year(months: Mapping[str, int]) -> dict[str, int]:
    """Counts by month, put together by year."""
    years: Counter[str] = Counter()
    for month, count in months.items():
        years[month[:4]] += count
    return dict(years)


def load_overview(connection: sqlite3.Connection) -> Overview:
    """Count the archive. One walk over the index of dates by source; about 40 ms for 100,000 articles."""
    months: dict[tuple[str, str], int] = {}
    articles: dict[str, int] = {}
    for source, month, count in connection.execute("SELECT source_id, substr(published_at, 1, 7), count(*) FROM articles GROUP BY 1, 2"):
        articles[source] = articles.get(source, 0) + count
        if month:
            months[month, source] = count
    sources = [_source(row, articles) for row in connection.execute(_SOURCES)]
    dated = sum(months.values())
    first, last = connection.execute("SELECT (SELECT min(published_at) FROM articles), (SELECT max(published_at) FROM articles)").fetchone()
    return Overview(
        articles=sum(articles.values()),
        first_day=first,
        last_day=last,
        last_crawl=max((source.crawled_at for source in sources if source.crawled_at), default=None),
        sources=sources,
        months=months,
        undated=sum(articles.values()) - dated,
    )


@dataclass(frozen=True, slots=True)
class TopicNow:
    """A topic and how many articles are about it."""

    id: str
    label: str
    count: int


def load_topics(connection: sqlite3.Connection) -> list[TopicNow]:
    """Every topic that articles are about, the most first; none in an archive of before there were topics."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'article_topics'").fetchone() is None:
        return []
    rows = connection.execute(
        "SELECT t.id, t.label, n.count FROM topics t JOIN (SELECT topic_id, count(*) AS count FROM article_topics GROUP BY 1) n"
        " ON n.topic_id = t.id ORDER BY n.count DESC, t.label"
    )
    return [TopicNow(*row) for row in rows]


def load_latest(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """The newest dated articles with the beginning of what they say."""
    cursor = connection.execute(
        "SELECT a.uid, a.title, a.published_at, substr(coalesce(a.lead, a.body), 1, 240) AS beginning, s.publisher, a.source_id"
        " FROM articles a JOIN sources s ON s.id = a.source_id WHERE a.published_at IS NOT NULL"
        " ORDER BY a.published_at DESC, a.id DESC LIMIT ?",
        (LATEST,),
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


_SOURCES = """
SELECT s.id, s.publisher, s.place, s.place_name, s.home_url, s.until,
       (SELECT max(a.published_at) FROM articles a WHERE a.source_id = s.id) AS newest,
       c.started_at, c.verdict, c.finish_reason,
       (SELECT count(*) FROM issues i WHERE i.source_id = s.id AND i.closed_at IS NULL) AS open_issues
FROM sources s LEFT JOIN (SELECT source_id, max(id) AS id FROM crawls GROUP BY source_id) l ON l.source_id = s.id
LEFT JOIN crawls c ON c.id = l.id
ORDER BY s.publisher, s.id
"""


def _source(row: Any, articles: dict[str, int]) -> SourceNow:
    source_id, publisher, place, place_name, home_url, until, newest, crawled_at, verdict, reason, issues = tuple(row)
    return SourceNow(
        source_id, publisher, place, place_name, home_url, until, articles.get(source_id, 0), newest, crawled_at, verdict, reason, issues
    )
