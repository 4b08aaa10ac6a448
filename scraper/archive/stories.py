"""``stories``: the same text printed by several sources, kept up to date article by article.

``reprints`` holds each pair that is one text; a story is what hangs together by pairs. Its id is that of its first article
in the archive, so that it stays while others join.
"""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from scraper.analyse.reprints import CONTAINED, LEAST_SAMPLE, agreement, contained_share, is_reprint
from scraper.archive.rowset import Change, replace_rows

# Each half by an index of its own; “? IN (article_id, other_id)” would walk all pairs.
_PAIRS_OF = (
    "SELECT article_id, other_id FROM reprints WHERE article_id = ? UNION ALL SELECT article_id, other_id FROM reprints WHERE other_id = ?"
)


def update(db: Database, article_id: int, shingles: frozenset[int]) -> list[Change]:
    """Bring an article's shingles, reprints and stories up to date; returns what changed of pairs and stories."""
    known = frozenset(row[0] for row in db.execute("SELECT hash FROM article_shingles WHERE article_id = ?", (article_id,)))
    if known == shingles:
        return []
    gone, new = sorted(known - shingles), sorted(shingles - known)
    db.conn.executemany("DELETE FROM article_shingles WHERE hash = ? AND article_id = ?", [(value, article_id) for value in gone])
    db.conn.executemany("INSERT INTO article_shingles (hash, article_id) VALUES (?, ?)", [(value, article_id) for value in new])
    before = _group(db, article_id)
    changes = _pairs(db, article_id, shingles)
    affected = before | _group(db, article_id)
    return changes + (_regroup(db, affected) if len(affected) > 1 else [])


def _pairs(db: Database, article_id: int, shingles: frozenset[int]) -> list[Change]:
    wanted = {pair["pair"]: pair for pair in _found(db, article_id, shingles)}
    stored = db.execute(_PAIRS_OF, (article_id, article_id)).fetchall()
    changes: list[Change] = []
    for first, second in sorted(set(stored) | wanted.keys()):
        pair = wanted.get((first, second))
        rows = [{"containment": pair["containment"], "numbers": pair["numbers"]}] if pair else []
        changes += replace_rows(db, "reprints", {"article_id": first, "other_id": second}, (), rows)
    return changes


def _found(db: Database, article_id: int, shingles: frozenset[int]) -> list[dict[str, Any]]:
    if len(shingles) < LEAST_SAMPLE:
        return []
    # One statement for all shingles: news of one place have many in common, and each row of them would pass through Python.
    shared = db.execute(
        "SELECT article_id, count(*) FROM article_shingles WHERE hash IN (SELECT value FROM json_each(?)) AND article_id <> ?"
        " GROUP BY article_id HAVING count(*) >= ? ORDER BY article_id",
        (json.dumps(sorted(shingles)), article_id, LEAST_SAMPLE * CONTAINED),
    ).fetchall()
    found = []
    for other, common in shared:
        (size,) = db.execute("SELECT count(*) FROM article_shingles WHERE article_id = ?", (other,)).fetchone()
        contained = contained_share(common, len(shingles), size)
        if contained < CONTAINED:
            continue
        (text, source), (other_text, other_source) = _text(db, article_id), _text(db, other)
        if source == other_source:
            continue
        numbers = agreement(text, other_text)
        if is_reprint(contained, numbers):
            pair = (min(article_id, other), max(article_id, other))
            found.append({"pair": pair, "containment": round(contained, 3), "numbers": round(1.0 if numbers is None else numbers, 3)})
    return found


def _text(db: Database, article_id: int) -> tuple[str, str]:
    row = db.execute("SELECT coalesce(lead, '') || ' ' || body, source_id FROM articles WHERE id = ?", (article_id,)).fetchone()
    return row[0], row[1]


def _group(db: Database, article_id: int) -> frozenset[int]:
    """All articles that hang together with this one, itself included."""
    found = {article_id}
    waiting = [article_id]
    while waiting:
        one = waiting.pop()
        for first, second in db.execute(_PAIRS_OF, (one, one)):
            for other in (first, second):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
    return frozenset(found)


def _regroup(db: Database, articles: frozenset[int]) -> list[Change]:
    """Make the stories of these articles what their pairs say."""
    groups: dict[int, frozenset[int]] = {}
    for article_id in articles:
        group = _group(db, article_id)
        if len(group) > 1:
            groups[min(group)] = group
    slots = ", ".join("?" * len(articles))
    old = {row[0] for row in db.execute(f"SELECT DISTINCT story_id FROM story_articles WHERE article_id IN ({slots})", tuple(articles))}
    changes: list[Change] = []
    for story in sorted(groups):
        changes += replace_rows(db, "stories", {"id": story}, (), [_story(db, groups[story])])
    member_of = {article: story for story, group in groups.items() for article in group}
    for article_id in sorted(articles):
        rows = [{"story_id": member_of[article_id]}] if article_id in member_of else []
        replace_rows(db, "story_articles", {"article_id": article_id}, (), rows)
    for story in sorted(old - groups.keys()):
        changes += replace_rows(db, "stories", {"id": story}, (), [])
    return changes


def _story(db: Database, group: frozenset[int]) -> dict[str, Any]:
    slots = ", ".join("?" * len(group))
    rows = db.execute(
        f"SELECT title, published_at, source_id FROM articles WHERE id IN ({slots}) ORDER BY published_at IS NULL, published_at, id",
        tuple(sorted(group)),
    ).fetchall()
    return {"title": rows[0][0], "first_published_at": rows[0][1], "articles": len(rows), "sources": len({row[2] for row in rows})}
