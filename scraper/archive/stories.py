"""``stories``: the same text printed by several sources, kept up to date article by article.

``reprints`` holds pairs that are one text: each article with those most like it, so that what many portals printed hangs together
without a row for every two of them. A story is what hangs together by pairs. Its id is that of its first article in the archive, so
that it stays while others join.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from sqlite_utils import Database

from scraper.analyse.reprints import (
    CONTAINED,
    LEAST_SAMPLE,
    PROMISING,
    agreement,
    containment,
    is_of_the_same_places,
    is_reprint,
    keys,
    likeness,
    sample,
)
from scraper.archive.rowset import Change, replace_rows

# Each half by an index of its own; “? IN (article_id, other_id)” would walk all pairs.
_PAIRS_OF = (
    "SELECT article_id, other_id FROM reprints WHERE article_id = ? UNION ALL SELECT article_id, other_id FROM reprints WHERE other_id = ?"
)

POSTINGS = 12
"""Articles at which a key is looked up: so many of the first in the archive, and as many of the last. “hội khuyến học tỉnh” is in
every second of them, and to count them all for every new article made each dearer than the one before (2026-11)."""
LIKELY, COMPARED, REMEMBERED = 60, 24, 12
"""Articles that share most of what is rare; how many of those of other portals are compared; and how many reprints of one are kept."""
LONGEST = 100_000
"""Characters of a text that are sampled."""
_FIRST_HOLDERS = "SELECT article_id FROM article_shingles WHERE hash = ? ORDER BY article_id LIMIT ?"
_LAST_HOLDERS = "SELECT article_id FROM article_shingles WHERE hash = ? ORDER BY article_id DESC LIMIT ?"
_KEYS = "SELECT hash FROM article_shingles WHERE article_id = ?"
# Ids as one JSON text: a statement that is the same each time is prepared once.
_ELSEWHERE = """
SELECT a.id FROM json_each(?) AS likely CROSS JOIN articles a ON a.id = likely.value
WHERE a.source_id <> (SELECT source_id FROM articles WHERE id = ?) ORDER BY likely.key LIMIT ?
"""


def update(db: Database, article_id: int, shingles: frozenset[int], *, same_text: bool = False) -> list[Change]:
    """Bring an article's keys, reprints and stories up to date; returns what changed of pairs and stories.

    ``same_text``: it was done before for this text, and is not done again unless the keys are others now: what came since looked
    for it.
    """
    wanted = frozenset(keys(shingles))
    known = frozenset(row[0] for row in db.execute(_KEYS, (article_id,)))
    if known == wanted and same_text:
        return []
    gone, new = sorted(known - wanted), sorted(wanted - known)
    db.conn.executemany("DELETE FROM article_shingles WHERE hash = ? AND article_id = ?", [(value, article_id) for value in gone])
    db.conn.executemany("INSERT INTO article_shingles (hash, article_id) VALUES (?, ?)", [(value, article_id) for value in new])
    before = _group(db, article_id)
    changes = _pairs(db, article_id, shingles)
    # Through this one others may have hung together that were never compared.
    left = {value for change in changes if change.after is None for value in change.key.values()} - {article_id}
    for other in sorted(left):
        changes += _pairs(db, other, sample(_text(db, other)))
    affected = before.union(_group(db, article_id), *(_group(db, other) for other in left))
    return changes + (_regroup(db, affected) if len(affected) > 1 else [])


def _pairs(db: Database, article_id: int, shingles: frozenset[int]) -> list[Change]:
    stored = {(first, second) for first, second in db.execute(_PAIRS_OF, (article_id, article_id))}
    partners = [first if second == article_id else second for first, second in stored]
    wanted = {pair["pair"]: pair for pair in _found(db, article_id, shingles, partners)}
    changes: list[Change] = []
    for first, second in sorted(stored | wanted.keys()):
        pair = wanted.get((first, second))
        rows = [{"containment": pair["containment"], "numbers": pair["numbers"]}] if pair else []
        changes += replace_rows(db, "reprints", {"article_id": first, "other_id": second}, (), rows)
    return changes


def _found(db: Database, article_id: int, shingles: frozenset[int], partners: list[int]) -> list[dict[str, Any]]:
    """The texts that this one is a reprint of, or they of it; ``partners``: those that were."""
    if len(shingles) < LEAST_SAMPLE:
        return []
    own = keys(shingles)
    found: list[dict[str, Any]] = []
    for other in dict.fromkeys((*partners, *_likely(db, article_id, own))):
        if likeness(own, (row[0] for row in db.execute(_KEYS, (other,)))) < PROMISING:
            continue
        text, other_text = _text(db, article_id), _text(db, other)
        contained = containment(shingles, sample(other_text))
        if contained < CONTAINED:
            continue
        numbers = agreement(text, other_text)
        if is_reprint(contained, numbers) and is_of_the_same_places(text, other_text):
            pair = (min(article_id, other), max(article_id, other))
            found.append({"pair": pair, "containment": round(contained, 3), "numbers": round(1.0 if numbers is None else numbers, 3)})
            if len(found) >= max(REMEMBERED, len(partners)):
                break
    return found


def _likely(db: Database, article_id: int, own: list[int]) -> list[int]:
    """Articles of other portals of which this one may be a reprint, likeliest first.

    A key weighs the less the more articles have it: what all have tells nothing, and what only two have tells nearly all.
    """
    weights: dict[int, int] = defaultdict(int)
    for value in own:
        holders = db.conn.execute(_FIRST_HOLDERS, (value, 2 * POSTINGS + 1)).fetchall()
        if len(holders) > 2 * POSTINGS:
            holders[POSTINGS:] = db.conn.execute(_LAST_HOLDERS, (value, POSTINGS)).fetchall()
        weight = 1000 // max(1, len(holders))
        for (holder,) in holders:
            weights[holder] += weight
    weights.pop(article_id, None)
    likely = sorted(weights, key=lambda one: (-weights[one], one))[:LIKELY]
    return [row[0] for row in db.execute(_ELSEWHERE, (json.dumps(likely), article_id, COMPARED))]


def _text(db: Database, article_id: int) -> str:
    """As it is sampled."""
    lead, body = db.execute("SELECT lead, body FROM articles WHERE id = ?", (article_id,)).fetchone()
    return "\n\n".join(part for part in (lead, body) if part)[:LONGEST]


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
