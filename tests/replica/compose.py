"""The newsroom: composes as many different articles as asked for, always the same ones for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from . import text_off, text_themes, text_traps
from .grammar import Facts
from .model import VN, Block, Draft
from .text_on import KINDS, Kind
from .vocab import World

FIRST = datetime(2019, 3, 4, 7, 30, tzinfo=VN)
LAST = datetime(2025, 6, 20, 16, 0, tzinfo=VN)
ON_TOPIC_SHARE = 0.65
_TOPIC = re.compile(r"khuyến học|(?:gia đình|dòng họ|xã hội) học tập", re.IGNORECASE)


def times(rng: random.Random, count: int) -> list[datetime]:
    """Publication times, oldest first, in office hours and distinct."""
    step = (LAST - FIRST) / max(count, 1)
    found: list[datetime] = []
    for i in range(count):
        day = FIRST + step * i + timedelta(hours=rng.randint(0, 40))
        minutes = rng.choice((rng.randint(7 * 60, 11 * 60 + 40), rng.randint(13 * 60 + 20, 20 * 60)))
        found.append(day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=minutes))
    found.sort()
    for i in range(1, count):
        if found[i] <= found[i - 1]:
            found[i] = found[i - 1] + timedelta(minutes=rng.randint(3, 50))
    return found


def _says_so(title: str, text: str) -> bool:
    """Whether news on the topic says so often enough that nobody could doubt it."""
    needed = 2 if _TOPIC.search(title) else 5
    return len(_TOPIC.findall(text)) >= needed


class Newsroom:
    """Makes drafts; refuses a title or a body it has made before."""

    def __init__(self, seed: int, world: World) -> None:
        self.rng = random.Random(f"{seed}/{world.province}")
        self.world = world
        self.titles: set[str] = set()
        self.bodies: set[str] = set()

    def many(self, count: int) -> list[Draft]:
        """``count`` drafts, oldest first."""
        marks = [i < round(count * ON_TOPIC_SHARE) for i in range(count)]
        self.rng.shuffle(marks)
        return [self.one(when, on) for when, on in zip(times(self.rng, count), marks, strict=True)]

    def one(self, when: datetime, on_topic: bool) -> Draft:
        """One draft with a new title and a new body."""
        for draft in self._tries(when, on_topic):
            body = "\n".join(line for block in draft.blocks for line in block.truth())
            if draft.title.upper() in self.titles or body in self.bodies:
                continue
            words = len(f"{draft.lead} {body}".split())
            if not 120 <= words <= 700:
                continue
            if on_topic and not _says_so(draft.title, f"{draft.lead} {body}"):
                continue
            self.titles.add(draft.title.upper())
            self.bodies.add(body)
            return draft
        raise AssertionError("unreachable")

    def _tries(self, when: datetime, on_topic: bool) -> Iterator[Draft]:
        while True:
            facts = Facts(self.rng, self.world, when)
            if on_topic:
                kind = self.rng.choice([k for k in KINDS if when.month in k.months])
                blocks = self._on_topic(facts, kind)
            else:
                kind = self.rng.choice(text_off.PLAIN if self.rng.random() < 0.62 else text_traps.TRAPS)
                blocks = self._off_topic(facts, kind)
            title = facts.say(self.rng.choice(kind.titles))
            lead = facts.say(self.rng.choice(kind.leads))
            theme = kind.theme if kind.theme != "xa_hoi" or self.rng.random() < 0.65 else "tin"
            yield Draft(title, lead, blocks, self._byline(), on_topic, kind.name, when, theme)

    def _byline(self) -> str:
        """A signature such as real desks print: one short name, sometimes two."""
        facts = Facts(self.rng, self.world, LAST)
        short = [" ".join(facts.person().split()[-2:]) for _ in range(2)]
        dice = self.rng.random()
        if dice < 0.2:
            return " - ".join(short) if short[0] != short[1] else short[0]
        return facts.person() if dice < 0.45 else short[0]

    def _paragraph(self, facts: Facts, pool: list[str], low: int, high: int) -> Block:
        """A paragraph of some sentences taken out of the pool (none is used twice in an article)."""
        count = min(self.rng.randint(low, high), len(pool))
        return Block("p", " ".join(facts.say(pool.pop()) for _ in range(count)))

    def _on_topic(self, facts: Facts, kind: Kind) -> list[Block]:
        own = self.rng.sample(kind.body, len(kind.body))
        blocks = [self._paragraph(facts, own, 2, 3)]
        order = ["organisation", "models", "fund", "awards", "spread", "speech", "trouble"]
        self.rng.shuffle(order)
        middle = [self._themed(facts, name) for name in order[: self.rng.randint(1, 5)]]
        if own and self.rng.random() < 0.8:
            middle.insert(self.rng.randint(0, len(middle)), self._paragraph(facts, own, 1, 3))
        blocks += middle
        if self.rng.random() < 0.6:
            blocks.append(self._themed(facts, "plan"))
        if self.rng.random() < 0.3:
            blocks.append(Block("p", facts.say(self.rng.choice(text_themes.CLOSING))))
        blocks = blocks[:8]
        self._extras(facts, blocks, text_themes.LISTS, text_themes.TABLES, text_themes.CAPTIONS)
        return blocks

    def _themed(self, facts: Facts, name: str) -> Block:
        theme = text_themes.THEMES[name]
        return self._paragraph(facts, self.rng.sample(theme, len(theme)), 1, 4)

    def _off_topic(self, facts: Facts, kind: Kind) -> list[Block]:
        own = self.rng.sample(kind.body, len(kind.body))
        fill = self.rng.sample(text_off.FILL, len(text_off.FILL))
        sober = kind.name in ("tin_buon", "lich")
        blocks = [self._paragraph(facts, own, 2, 3)]
        while own:
            blocks.append(self._paragraph(facts, own, 1, 3))
        if not sober:
            for _ in range(self.rng.randint(1, 3)):
                blocks.insert(self.rng.randint(1, len(blocks)), self._paragraph(facts, fill, 1, 3))
            del blocks[8:]
            self._extras(facts, blocks, text_off.LISTS_OFF, text_off.TABLES_OFF, text_off.CAPTIONS_OFF)
        return blocks

    def _extras(
        self,
        facts: Facts,
        blocks: list[Block],
        lists: tuple[tuple[str, tuple[str, ...]], ...],
        tables: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...],
        captions: tuple[str, ...],
    ) -> None:
        """Puts a list, a table and pictures between the paragraphs, each on some articles only."""
        dice = self.rng
        if dice.random() < 0.14:
            intro, items = dice.choice(lists)
            chosen = [facts.say(item) for item in items[: dice.randint(3, len(items))]]
            at = dice.randint(1, len(blocks))
            blocks[at:at] = [Block("p", facts.say(intro)), Block("ul", rows=[[item] for item in chosen])]
        if dice.random() < 0.1:
            intro, head, row = dice.choice(tables)
            places = dice.sample(facts.communes, dice.randint(3, 5))
            rows = [[p[:1].upper() + p[1:], *(facts.say(cell) for cell in row[1:])] for p in places]
            blocks += [Block("p", intro), Block("table", rows=[list(head), *rows])]
        names = dice.sample(captions, 3)
        for number in range(dice.choice((0, 1, 1, 1, 2, 2))):
            caption = facts.say(names[number]) if dice.random() < 0.8 else ""
            at = dice.randint(0, len(blocks) - 1)
            if blocks[at].kind == "p" and (at == 0 or not blocks[at - 1].text.endswith(":")):
                blocks.insert(at, Block("img", caption))
