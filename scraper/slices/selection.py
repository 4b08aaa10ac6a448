"""Which articles a slice from the shell holds: by source, place, topic, time and search → one statement.

The columns and their order are those of ``/archive/articles.csv``, with labels those of ``/archive/articles.csv?_labels=on``.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scraper.extract.text import clean, fold
from scraper.slices.labels import has_topics, labelled_columns
from scraper.slices.reading import Question

_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class Unknown(Exception):
    """What was asked for is not in the archive, or is no day; the message says what is."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for; everything that is given must hold.

    ``places``: code before July 2025 (``87``, ``87/872``; a province holds its districts) or part of a name. ``topics``: id or
    part of a name. ``period``: a year, month or day; ``since``, ``until``: days, both included. Articles without a date are in
    none of the three. ``query``: as in the search box. ``labels``: names stand beside the codes (:mod:`scraper.slices.labels`).
    """

    sources: Sequence[str] = ()
    places: Sequence[str] = ()
    period: str | None = None
    since: str | None = None
    until: str | None = None
    query: str | None = None
    topics: Sequence[str] = ()
    labels: bool = False

    def question(self, conn: sqlite3.Connection) -> Question:
        """The statement; raises :class:`Unknown` for a source, a place, a topic or a day that there is not."""
        wheres: list[str] = []
        parameters: dict[str, str] = {}
        for kind, sources in (("s", self._known_sources(conn)), ("p", self._sources_of_places(conn))):
            if sources is not None:
                parameters |= {f"{kind}{number}": source for number, source in enumerate(sources)}
                wheres.append(f"source_id in ({', '.join(f':{kind}{number}' for number in range(len(sources)))})")
        topics = self._known_topics(conn)
        if topics is not None:
            parameters |= {f"t{number}": topic for number, topic in enumerate(topics)}
            named = ", ".join(f":t{number}" for number in range(len(topics)))
            wheres.append(f"id in (select article_id from article_topics where topic_id in ({named}))")
        if self.period is not None:
            if not _PERIOD.fullmatch(self.period):
                raise Unknown(f"{self.period!r} is no period: give a year, a month or a day, like 2024, 2024-05, 2024-05-19")
            parameters["period"] = self.period
            wheres.append(f"substr(published_at, 1, {len(self.period)}) = :period")
        for name, sign, day in (("since", ">=", self.since), ("until", "<=", self.until)):
            if day is not None:
                parameters[name] = _day(day)
                wheres.append(f"substr(published_at, 1, 10) {sign} :{name}")
        if self.query is not None:
            from scraper.web.search import match_expression  # noqa: PLC0415 — brings Datasette, which not every export needs

            parameters["query"] = match_expression(self.query)
            wheres.append("id in (select rowid from articles_fts where articles_fts match :query)")
        where = f" where {' and '.join(wheres)}" if wheres else ""
        columns = labelled_columns(conn) if self.labels else "*"
        return Question(f"select {columns} from articles{where} order by published_at desc, id", parameters)

    def _known_sources(self, conn: sqlite3.Connection) -> Sequence[str] | None:
        if not self.sources:
            return None
        known = [row[0] for row in conn.execute("select id from sources order by id")]
        unknown = sorted(set(self.sources) - set(known))
        if unknown:
            raise Unknown(f"no source {', '.join(unknown)} in this archive. It has: {', '.join(known) or 'none yet'}")
        return self.sources

    def _known_topics(self, conn: sqlite3.Connection) -> Sequence[str] | None:
        if not self.topics:
            return None
        rows = conn.execute("select id, label from topics order by id").fetchall() if has_topics(conn) else []
        found: set[str] = set()
        for topic in self.topics:
            folded = fold(clean(topic))
            exact = {id_ for id_, label in rows if folded in (id_, fold(label))}
            here = exact or {id_ for id_, label in rows if folded and folded in fold(label)}
            if not here:
                known = ", ".join(f"{id_} ({label})" for id_, label in rows)
                raise Unknown(f"no topic {topic!r} in this archive. It has: {known or 'none; scrapy analyse reads them'}")
            found |= here
        return sorted(found)

    def _sources_of_places(self, conn: sqlite3.Connection) -> Sequence[str] | None:
        if not self.places:
            return None
        rows = conn.execute("select id, place, place_name from sources order by id").fetchall()
        found: list[str] = []
        for place in self.places:
            folded = fold(clean(place))
            here = [id_ for id_, code, name in rows if code == place or code.startswith(f"{place}/") or (folded and folded in fold(name))]
            if not here:
                raise Unknown(
                    f"no source of a place {place!r}. The archive has: {', '.join(sorted({f'{row[2]} ({row[1]})' for row in rows}))}"
                )
            found += here
        return sorted(set(found))


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Unknown(f"{text!r} is no day: write it like 2024-05-19") from error
