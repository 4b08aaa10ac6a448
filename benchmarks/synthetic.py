"""An archive of N invented articles, quickly: the schema and triggers of a real one, sentences of the replica's newsroom.

``python -m benchmarks.synthetic 100000 /tmp/bench/archive.db`` writes it; each article has about 2 KB of text, a capture and a
revision, and nearly all of them hold the phrase “khuyến học”, as news on the topic does.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import random
import re
import time
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from scraper.archive.database import ArchiveDatabase
from tests.replica.compose import Newsroom
from tests.replica.vocab import GIVENS, MIDDLES, QUANG_TRI, SURNAMES, THACH_AN

TEXT_BYTES = 2000
SOURCES = 60
SECTIONS = ("Văn hóa – Xã hội", "Giáo dục", "Tin trong huyện", "Khuyến học", "Tin hoạt động", "Đoàn thể", "Kinh tế", "Thông báo")
_BATCH = 5000
_DRAFTS = 3000
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZĐÀ-Ỹ“])")
_ONSETS = ["b", "c", "ch", "d", "đ", "g", "gh", "h", "k", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x"]
_VOWELS = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "iê", "uô", "ươ", "oa"]
_CODAS = ("", "n", "ng", "t", "i")
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0323")


class Pool:
    """Sentences, titles and leads of the newsroom, recombined; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        drafts = [draft for world in (QUANG_TRI, THACH_AN) for draft in Newsroom(seed, world).many(_DRAFTS // 2) if draft.on_topic]
        self.titles = [draft.title for draft in drafts]
        self.leads = [draft.lead for draft in drafts]
        texts = [text for draft in drafts for block in draft.blocks for text in block.truth() if len(text) > 30]
        self.sentences = [sentence for text in texts for sentence in _SENTENCE_END.split(text)]
        letters = itertools.product(_ONSETS, _VOWELS, _TONES, _CODAS)
        self.syllables = [unicodedata.normalize("NFC", "".join(each)) for each in letters]

    def name(self) -> str:
        """A person nobody is."""
        sex = self.rng.choice(("nam", "nu"))
        return f"{self.rng.choice(SURNAMES)} {self.rng.choice(MIDDLES[sex])} {self.rng.choice(GIVENS[sex])}"

    def place(self) -> str:
        """A hamlet that is nowhere, so that the vocabulary grows with the archive as it does in real news."""
        return f"thôn {self.rng.choice(self.syllables).capitalize()} {self.rng.choice(self.syllables).capitalize()}"

    def body(self) -> str:
        """Paragraphs of about ``TEXT_BYTES`` bytes in all."""
        paragraphs = [f"Tại {self.place()}, {self.name()} cùng {self.rng.randint(2, 900)} hội viên khuyến học dự buổi lễ."]
        size = 100
        while size < TEXT_BYTES:
            paragraph = " ".join(self.rng.choices(self.sentences, k=self.rng.randint(2, 5)))
            paragraphs.append(paragraph)
            size += len(paragraph.encode())
        return "\n\n".join(paragraphs)


def build(path: Path, articles: int, seed: int = 2026) -> Path:
    """Make the archive anew (whatever stands at ``path`` goes)."""
    for suffix in ("", "-wal", "-shm", ".sums", ".lock"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    pool = Pool(seed)
    with ArchiveDatabase(path) as archive:
        archive.claim_origin("demo")
        archive.conn.execute("PRAGMA synchronous = OFF")
        # Captures and revisions point at each other: checking each row against the other table would take for ever.
        archive.conn.execute("PRAGMA foreign_keys = OFF")
        archive.conn.execute("PRAGMA cache_size = -400000")
        with archive.transaction() as db:
            for number in range(SOURCES):
                db.execute(
                    "INSERT INTO sources VALUES (?, ?, ?, ?, 'replica', ?, ?, NULL, NULL, 'invented', NULL)",
                    (_source(number), f"UBND huyện {number}", f"{number % 20:02}/{number:03}", f"Huyện {number}, Tỉnh {number % 20}",
                     f"https://{_source(number)}.example/", f"Cổng thông tin điện tử huyện {number} (https://{_source(number)}.example)"),
                )  # fmt: skip
                db.execute("INSERT INTO segments VALUES (?, ?, '2026-01-01T00:00:00Z', 0, NULL, NULL)", (_file(number), _source(number)))
        for first in range(0, articles, _BATCH):
            with archive.transaction() as db:
                conn = db.conn
                rows = list(_rows(pool, first, min(articles, first + _BATCH)))
                for name, position in (("captures", 0), ("articles", 1), ("revisions", 2)):
                    marks = ", ".join("?" * len(rows[0][position]))
                    conn.executemany(f"INSERT INTO {name} VALUES ({marks})", [row[position] for row in rows])
    return path


def _source(number: int) -> str:
    return f"huyen_{number:02}"


def _file(number: int) -> str:
    return f"{_source(number)}/0001.warc.gz"


def _rows(pool: Pool, first: int, last: int) -> Iterator[tuple[tuple[object, ...], ...]]:
    rng = pool.rng
    for number in range(first + 1, last + 1):
        source = min(int(rng.expovariate(1 / 12)), SOURCES - 1)
        when = datetime(2012, 1, 1) + timedelta(minutes=rng.randint(0, 60 * 24 * 365 * 14))
        published = f"{when:%Y-%m-%dT%H:%M}:00+07:00" if rng.random() < 0.97 else None
        seen = f"{when + timedelta(days=1):%Y-%m-%dT%H:%M}:00Z"
        title, lead, body = rng.choice(pool.titles), rng.choice(pool.leads) if rng.random() < 0.7 else None, pool.body()
        title = f"{title} ở {pool.place()}" if rng.random() < 0.5 else title
        url = f"https://{_source(source)}.example/van-hoa-xa-hoi/tin-tuc-su-kien/bai-viet-so-{number}"
        cite = f"“{title}”, Cổng thông tin điện tử huyện {source} (https://{_source(source)}.example), {when:%d/%m/%Y}, {url}"
        digest = hashlib.sha256(body.encode()).hexdigest()
        capture = (
            number, _source(source), url, seen, 200, "text/html; charset=utf-8", "response", "new", f"sha256:{digest}",
            f"<urn:uuid:{digest[:8]}-{number:012}>", _file(source), number * 15000, 14000, "verified", None, None, number,
        )  # fmt: skip
        article = (
            number, f"{_source(source)}-{number}", title, published, _source(source), rng.choice(SECTIONS), lead, body, pool.name(), None,
            url, cite, "minute" if published else None, f"{when:%H:%M, %d/%m/%Y}" if published else None,
            rng.randint(30, 300) / 10,
            "khuyến học (title, ×1) +6.0; xã hội học tập (×2) +4.0; quỹ khuyến học (×1) +3.0; gia đình học tập (×1) +2.5",
            seen, seen, None, 0, None, str(number), "replica",
            '{"body": ".content-detail", "byline": "right-aligned last line", "published_at": ".date-detail", "title": ".title-detail"}',
            digest, seen, 0, number, number,
        )  # fmt: skip
        revision = (number, number, seen, title, lead, body, article[8], None, published, digest, "benchmark", number)
        yield capture, article, revision


def main() -> None:
    """Build one and say what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthetic", description=__doc__)
    parser.add_argument("articles", type=int)
    parser.add_argument("archive", type=Path)
    options = parser.parse_args()
    started = time.monotonic()
    build(options.archive, options.articles)
    size = options.archive.stat().st_size / 1e6
    print(f"{options.archive}: {options.articles} articles, {size:.0f} MB, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
