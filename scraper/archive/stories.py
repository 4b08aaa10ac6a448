"""``stories``: the same text printed by several sources, kept up to date article by article.

``reprints`` holds each pair that is one text; a story is what hangs together by pairs. Its id is that of its first article
in the archive, so that it stays while others join.
"""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from scraper.analyse.reprints import CONTAINED, LEAST_SAMPLE, agreement, containment, is_reprint
from scraper.archive.rowset import Change, replace_rows


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
    stored = db.execute("SELECT article_id, other_id FROM reprints WHERE ? IN (article_id, other_id)", (article_id,)).fetchall()
    changes: list[Change] = []
    for first, second in sorted(set(stored) | wanted.keys()):
        pair = wanted.get((first, second))
        rows = [{"containment": pair["containment"], "numbers": pair["numbers"]}] if pair else []
        changes += replace_rows(db, "reprints", {"article_id": first, "other_id": second}, (), rows)
    return changes


def _found(db: Database, article_id: int, shingles: frozenset[int]) -> list[dict[str, Any]]:
    if len(shingles) < LEAST_SAMPLE:
        return []
    common: dict[int, int] = {}
    for value in shingles:
        for (other,) in db.execute("SELECT article_id FROM article_shingles WHERE hash = ?", (value,)):
            common[other] = common.get(other, 0) + 1
    common.pop(article_id, None)
    text, source = _text(db, article_id)
    found = []
    for other, count in sorted(common.items()):
        if count < LEAST_SAMPLE * CONTAINED:
            continue
        hashes = frozenset(row[0] for row in db.execute("SELECT hash FROM article_shingles WHERE article_id = ?", (other,)))
        contained = containment(shingles, hashes)
        if contained < CONTAINED:
            continue
        other_text, other_source = _text(db, other)
        numbers = agreement(text, other_text)
        if source != other_source and is_reprint(contained, numbers):
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
        for first, second in db.execute("SELECT article_id, other_id FROM reprints WHERE ? IN (article_id, other_id)", (one,)):
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
