"""Is an article about khuyến học? A weighted count of terms, kept with the words that decided, so that anyone can argue.

score = Σ weight × (2·[in the title] + log2(1 + count in the text)), longest terms first, each stretch of text counted once.
docs/figures.md says how well it does (the plain words “khuyến học” have a precision and a recall of 0.79).
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from scraper.extract.text import same_tone

THRESHOLD = 3.0
"""Score from which an article is archived; below it only its address, title and the words are remembered."""


_OPENING = 400
"""Characters of a text in which the news itself is told."""
_ACTS = re.compile(
    r"(?:hội khuyến học|quỹ khuyến học|ban khuyến học)(?! việt nam| nhà trường| trường)(?:[^.;,\n]|(?<=t[pxt])\.|, (?=huyện|tỉnh|thị xã|"
    r"thành phố)){0,60}? (?:đã |vừa |phối hợp |cùng )?(?<!các )(?<!nhà )(?<!đơn vị )"
    r"(?:tổ chức|trao|tặng|phát thưởng|tuyên dương|biểu dương|khen thưởng|vận động|tổng kết|sơ kết|phát động|"
    r"tiếp nhận|kết nạp|phát triển|huy động|đại hội|công bố|giao ban|tài trợ|hỗ trợ|ủng hộ|thăm|đem|mang|tri ân|gặp mặt|ra mắt|có \d)(?!\w)"
    r"|(?:phong trào|lễ|ngày hội) khuyến học(?!\w)"
    r"|(?:ban hành|phê duyệt)[^.;\n]{0,100}?(?:công dân học tập|xã hội học tập|học tập suốt đời)(?!\w)"
    r"|\d (?:gia đình|hộ|dòng họ|cộng đồng|công dân)[^.;,\n]{0,30}(?:học tập|hiếu học)(?!\w)"
)
# What is said in one breath is one mention, of all the work of the association: every report on schools says it once.
_IN_ONE_BREATH = re.compile(
    r"(?<!hội )(?<!quỹ )khuyến học\W+(?:và )?"
    r"(?:khuyến tài(?:\W+(?:và |gắn với |góp phần )?(?:xây dựng )?xã hội học tập)?|(?:xây dựng )?xã hội học tập)"
)
_TELLING = 1.0
"""Weight from which a term tells of khuyến học by itself: banks give scholarships too, and every association has branches."""

LONGEST = 200_000
"""Characters; the longest news seen has 50,000."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """The score of one article and the words that earned it, most valuable first: ``("hội khuyến học (title, ×3) +12.0", …)``.

    ``passing``: nothing telling in the title, nothing said twice, fewer than three different terms (“khuyến học, khuyến tài” is
    one), and the association does nothing in the opening: a mention in other news.
    """

    score: float
    words: tuple[str, ...]
    passing: bool = False

    def is_on_topic(self, threshold: float = THRESHOLD) -> bool:
        """Whether the article belongs in the archive."""
        return self.score >= threshold and not self.passing

    @property
    def reason(self) -> str:
        """The words as one line, with what else decided."""
        return "; ".join((*self.words, "passing mention") if self.passing else self.words)


@cache
def _terms() -> tuple[re.Pattern[str], dict[str, float]]:
    with files("scraper").joinpath("data/relevance_terms.csv").open(encoding="utf-8") as stream:
        weights = {same_tone(row["term"]): float(row["weight"]) for row in csv.DictReader(stream)}
    longest_first = sorted(weights, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)"), weights


@lru_cache(maxsize=4)  # an article's score is asked for by the gate and again by its analysis
def relevance(title: str, text: str) -> Relevance:
    """Score an article by its title and its text (lead and body). Both are clean text; marks count, case does not.

    Of a text longer than :data:`LONGEST` the beginning decides: no news is, and counting runs where the crawl does.
    """
    pattern, weights = _terms()
    title, text = title[:LONGEST], text[:LONGEST]
    in_title = Counter(pattern.findall(same_tone(title)))
    low = same_tone(_without_menus(text))
    in_text = Counter(pattern.findall(low))
    earned: list[tuple[float, str]] = []
    for term in in_title.keys() | in_text.keys():
        value = weights[term] * (2 * (term in in_title) + math.log2(1 + in_text[term]))
        if value:
            count = in_text[term]
            where = (["title"] if term in in_title else []) + ([f"×{count}"] if count else [])
            earned.append((value, f"{term} ({', '.join(where)}) {value:+.1f}"))
    earned.sort(key=lambda pair: (-abs(pair[0]), pair[1]))
    spoken = [term for term in in_text if weights[term] > 0]
    breath = _IN_ONE_BREATH.search(low)
    said_at_once = len(pattern.findall(breath[0])) - 1 if breath else 0
    passing = (
        not _ACTS.search(same_tone(text[:_OPENING]))
        and not any(weights[term] >= _TELLING for term in in_title)
        and len(spoken) - said_at_once < 3
        and all(in_text[term] < 2 for term in spoken if weights[term] >= _TELLING)
    )
    return Relevance(round(sum(value for value, _ in earned), 2), tuple(words for _, words in earned), passing and bool(spoken))


def _without_menus(text: str) -> str:
    """Leave out lines that are menus: three bars or more (tables of figures have digits)."""
    return "\n".join(line for line in text.split("\n") if line.count("|") < 3 or re.search(r"\d", line))
