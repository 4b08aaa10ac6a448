"""What the analysis of an article says, as rows: worked out without the database, then stored where it differs.

A row that says the same as before is not touched, so that a second analysis changes nothing and the change of a rule can be
listed. Offsets are into the stored ``title``, ``lead`` or ``body``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlite_utils import Database

from scraper.analyse.article import Analysis, Document, analyse, version
from scraper.analyse.figure import Observation
from scraper.analyse.gazetteer import gazetteer
from scraper.analyse.relevance import THRESHOLD, relevance
from scraper.analyse.reprints import sample
from scraper.analyse.rules import indicators
from scraper.analyse.topics import topic_labels
from scraper.archive import places, reviews, stories
from scraper.archive.rowset import Change, replace_rows
from scraper.items import Problem

Rows = dict[str, list[dict[str, Any]]]

KEYS = {
    "article_topics": ("topic_id",),
    "article_places": ("field", "start"),
    "article_people": ("field", "start"),
    "observations": ("field", "value_start"),
    "numbers_unread": ("field", "start"),
}
"""The tables of one article's analysis and what tells their rows apart; all have ``article_id`` besides."""


LONGEST, MOST_NUMBERS, LONGEST_TITLE = stories.LONGEST, 1_500, 1_000
"""Characters and numbers of an article, and characters of its title, that are analysed: under a second's work. The longest news has
half of them; what has more is a page that was made to be long, and the analysis runs where the crawl does."""
_NUMBER = re.compile(r"\d+")
_NO_WORD = re.compile(r"\S{1000}")


@dataclass(frozen=True, slots=True)
class _Fields:
    """An article's title, lead and body as one text, and back from its offsets."""

    text: str
    starts: tuple[tuple[str, int, int], ...]

    def at(self, start: int) -> tuple[str, int]:
        """The field an offset lies in, and where that field begins."""
        for name, begin, end in self.starts:
            if begin <= start < end:
                return name, begin
        raise ValueError(f"offset {start} is in no field")


def _bounded(text: str) -> str:
    """As much of a text as is analysed."""
    text = text[:LONGEST]
    for beyond in (_NO_WORD.search(text), next(islice(_NUMBER.finditer(text), MOST_NUMBERS, None), None)):
        text = text[: beyond.start()] if beyond else text
    return text


def _fields(title: str, lead: str | None, body: str) -> _Fields:
    text, starts = "", []
    for name, part in (("title", title), ("lead", lead), ("body", body)):
        if part:
            text += "\n\n" if text else ""
            starts.append((name, len(text), len(text) + len(part)))
            text += part
    return _Fields(text, tuple(starts))


@dataclass(frozen=True, slots=True)
class Article:
    """What the analysis needs of a stored article. ``place``: as its source declares it (``04/053``)."""

    id: int
    revision_id: int
    title: str
    lead: str | None
    body: str
    published_at: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Read:
    """One article read: its score, its rows by table, the places they name, and its shingles."""

    article: Article
    score: float
    words: str
    on_topic: bool
    rows: Rows
    units: frozenset[str]
    own_place: str | None
    shingles: frozenset[int]


def read_article(article: Article, threshold: float = THRESHOLD) -> Read:
    """Work out the rows of an article; touches no database."""
    text = "\n\n".join(part for part in (article.lead, article.body) if part)
    judged = relevance(article.title, text)
    on_topic = judged.is_on_topic(threshold)
    rows: Rows = {table: [] for table in KEYS}
    own_place = None
    if on_topic:
        fields = _fields(article.title, article.lead, article.body)
        portal = gazetteer().find(article.place.split("/")[-1])
        title = article.title[:LONGEST_TITLE]
        analysed = analyse(Document(title, _bounded(fields.text), article.published_at, portal.id if portal else None))
        rows = _rows(analysed, fields)
        own = analysed.figures.own
        own_place = json.dumps(own.as_place(), ensure_ascii=False) if own else None
    units = {row["place_id"] for table in ("article_places", "observations") for row in rows[table] if row["place_id"]}
    units |= {member for row in rows["observations"] for member in json.loads(row["place_members"] or "[]")}
    return Read(
        article,
        judged.score,
        judged.reason,
        on_topic,
        rows,
        frozenset(units),
        own_place,
        sample(text[:LONGEST]) if on_topic else frozenset(),
    )


def read_safely(article: Article, threshold: float = THRESHOLD) -> Read | Problem:
    """Work out the rows of an article; an error of ours becomes a problem of that article and stops no other."""
    try:
        return read_article(article, threshold)
    except Exception as error:  # the one place where any error of the analysis is met: it becomes an issue that names it
        return Problem.of_fault("analysis_failed", error)


def store(db: Database, read: Read) -> list[Change]:
    """Store what was read of an article; returns what changed. Must run inside a transaction."""
    article_id = read.article.id
    changes: list[Change] = []
    places.ensure(db, read.units)
    for table, key in KEYS.items():
        changes += replace_rows(db, table, {"article_id": article_id}, key, read.rows[table])
    said = {
        "revision_id": read.article.revision_id,
        "version": version(),
        "on_topic": int(read.on_topic),
        "own_place": read.own_place,
        "shingles": len(read.shingles),
    }
    # The version alone is no news: it would name every article after every change of a rule.
    replaced = replace_rows(db, "analyses", {"article_id": article_id}, (), [said])
    changes += _score(db, read)
    reviews.place(db, article_id)
    same_text = all(one.before is not None and one.before["revision_id"] == read.article.revision_id for one in replaced)
    changes += stories.update(db, article_id, read.shingles, same_text=same_text)
    return changes


def load(db: Database, article_id: int) -> Article:
    """The article as the analysis needs it."""
    row = db.execute(
        "SELECT a.id, a.revision_id, a.title, a.lead, a.body, a.published_at, s.place FROM articles a"
        " JOIN sources s ON s.id = a.source_id WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    return Article(*row)


def forget(db: Database, article_id: int) -> None:
    """Remove the analysis of an article that turned out to be none. What people said of it stays."""
    stories.update(db, article_id, frozenset())
    for table in (*KEYS, "analyses"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))


def outdated(db: Database, *, everything: bool = False) -> list[int]:
    """The articles that were not analysed as they stand by the present rules, in order."""
    query = "SELECT a.id FROM articles a LEFT JOIN analyses n ON n.article_id = a.id"
    if not everything:
        query += " WHERE n.article_id IS NULL OR n.revision_id <> a.revision_id OR n.version <> :version"
    return [row[0] for row in db.execute(f"{query} ORDER BY a.id", {"version": version()})]


def _score(db: Database, read: Read) -> list[Change]:
    row = db.execute("SELECT relevance_score, relevance_words FROM articles WHERE id = ?", (read.article.id,)).fetchone()
    now = (read.score, read.words)
    if row == now:
        return []
    db.execute("UPDATE articles SET relevance_score = ?, relevance_words = ? WHERE id = ?", (*now, read.article.id))
    names = ("relevance_score", "relevance_words")
    before, after = dict(zip(names, row, strict=True)), dict(zip(names, now, strict=True))
    return [Change("articles", {"article_id": read.article.id}, before, after)]


def _rows(analysed: Analysis, fields: _Fields) -> Rows:
    rows: Rows = {table: [] for table in KEYS}
    rows["article_topics"] = [{"topic_id": topic.id, "words": topic.words} for topic in analysed.topics]
    for mention in analysed.places:
        field, begin = fields.at(mention.start)
        rows["article_places"].append(
            {
                "field": field, "start": mention.start - begin, "end": mention.end - begin,
                "printed": fields.text[mention.start : mention.end], "place_id": mention.unit, "how": mention.how,
                "candidates": " ".join(mention.candidates),
            }
        )  # fmt: skip
    for person in analysed.people:
        field, begin = fields.at(person.start)
        said = {"name": person.name, "position": person.position, "body": person.body, "mentions": person.mentions}
        rows["article_people"].append({"field": field, "start": person.start - begin, **said})
    rows["observations"] = [_observation(one, fields) for one in analysed.figures.observations]
    for number in analysed.figures.unread:
        field, begin = fields.at(number.start)
        rows["numbers_unread"].append(
            {
                "field": field, "start": number.start - begin, "end": number.end - begin,
                "printed": fields.text[number.start : number.end], "kind": number.kind,
                "quote": fields.text[number.quote_start : number.quote_end],
            }
        )  # fmt: skip
    return rows


def _observation(one: Observation, fields: _Fields) -> dict[str, Any]:
    field, begin = fields.at(one.start)
    place = one.scope.as_place() if one.scope else {}
    period = one.period.as_dict() if one.period else {}
    return {
        "indicator_id": one.indicator,
        "place_level": place.get("level"),
        "place_id": one.scope.unit if one.scope else None,
        "place_name": place.get("name"),
        "place_members": json.dumps(one.scope.members) if one.scope and one.scope.members else None,
        "place_source": one.place_source,
        "value": one.value,
        "value_min": one.least if one.least is not None else one.value if one.high is not None else None,
        "value_max": one.high,
        "denominator": one.whole,
        "qualifier": one.qualifier,
        "period_kind": period.get("kind"),
        "period_start": period.get("start"),
        "period_end": period.get("end"),
        "period_source": one.period_source,
        "modality": one.modality,
        "status": one.status,
        "value_text": fields.text[one.start : one.end],
        "quote": fields.text[one.quote_start : one.quote_end],
        "field": field,
        "quote_start": one.quote_start - begin,
        "quote_end": one.quote_end - begin,
        "value_start": one.start - begin,
        "value_end": one.end - begin,
        "rule": one.rule,
        "confidence": one.confidence,
        "is_complete": int(one.is_complete),
        "version": version(),
    }


def sync_vocabulary(db: Database) -> list[Change]:
    """Bring ``topics`` and ``indicators`` up to what the data files say; a word that is still used is never removed."""
    changes = _upsert(db, "topics", [{"id": name, "label": label} for name, label in topic_labels().items()])
    names = ("id", "label", "label_en", "unit", "measure", "tier")
    return changes + _upsert(db, "indicators", [{name: getattr(one, name) for name in names} for one in indicators().values()])


def _upsert(db: Database, table: str, rows: Iterable[dict[str, Any]]) -> list[Change]:
    changes = []
    for row in rows:
        changes += replace_rows(db, table, {"id": row["id"]}, (), [{name: value for name, value in row.items() if name != "id"}])
    return changes
