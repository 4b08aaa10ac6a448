"""A small text grammar: ``[a|b]`` picks one, ``{slot}`` and ``{slot:lo-hi}`` are filled from the facts."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta

from . import vocab
from .model import group
from .vocab import World

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)(?::(\d+)-(\d+))?\}")
_WEEKDAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy")


def weekday(when: datetime) -> str:
    """``Thứ Sáu`` or ``Chủ Nhật``."""
    return "Chủ Nhật" if when.weekday() == 6 else f"Thứ {_WEEKDAYS[when.weekday()]}"


class Facts:
    """The facts of one article and its dice: fixed slots are in capitals, the others are drawn anew each time."""

    def __init__(self, rng: random.Random, world: World, when: datetime) -> None:
        self.rng = rng
        self.world = world
        self.when = when
        event = when - timedelta(days=rng.choice((0, 0, 1, 1, 2, 3)))
        self.event = event
        district = rng.choices(list(world.home), world.weights)[0]
        self.communes = world.home[district]
        before = when - timedelta(days=rng.randint(20, 160))
        self.fixed = {
            "XA": rng.choice(self.communes),
            "HUYEN": district,
            "TINH": world.province,
            "THON": rng.choice(world.villages),
            "HO": f"họ {rng.choice(vocab.SURNAMES)}",
            "TRUONG": rng.choice(vocab.SCHOOLS),
            "DN": rng.choice(vocab.FIRMS),
            "BANK": rng.choice(vocab.BANKS),
            "A": self.person("nam"),
            "B": self.person("nu"),
            "C": self.person("nam"),
            "NGAY": f"{event.day}/{event.month}",
            "NGAYDU": f"{event.day}/{event.month}/{event.year}",
            "BUOI": rng.choice(("Sáng", "Chiều", "Sáng ngày", "Chiều ngày")) + f" {event.day}/{event.month}",
            "THANG": str(when.month),
            "TUAN": str(when.isocalendar().week),
            "NAM": str(when.year),
            "NAMTRUOC": str(when.year - 1),
            "NAMSAU": str(when.year + 1),
            "NAMHOC": f"{when.year - (when.month < 8)} - {when.year - (when.month < 8) + 1}",
            "NHIEMKY": f"{when.year} - {when.year + 5}",
            "QD": self._decision(),
            "VB": f"{rng.choice(('Kế hoạch', 'Công văn'))} số {rng.randint(12, 980)}/"
            f"{rng.choice(('KH-UBND', 'UBND-VX', 'KH-HKH'))} ngày {before.day}/{before.month}/{before.year}",
        }

    def person(self, sex: str = "") -> str:
        """An invented name."""
        dice = self.rng
        sex = sex or dice.choice(("nam", "nu"))
        return f"{dice.choice(vocab.SURNAMES)} {dice.choice(vocab.MIDDLES[sex])} {dice.choice(vocab.GIVENS[sex])}"

    def _decision(self) -> str:
        known = ["Quyết định số 89/QĐ-TTg ngày 9/1/2013", "Quyết định số 281/QĐ-TTg ngày 20/2/2014"]
        if self.when.year >= 2022:
            known = ["Quyết định số 1373/QĐ-TTg ngày 30/7/2021"]
            if self.when.year > 2022 or self.when.month > 4:
                known += ["Quyết định số 387/QĐ-TTg ngày 25/3/2022", "Quyết định số 677/QĐ-TTg ngày 3/6/2022"]
        return self.rng.choice(known)

    def _slot(self, match: re.Match[str]) -> str:
        name = match[1]
        if "_" in name and name not in self.fixed:  # {n_suat:40-90}: drawn once an article
            self.fixed[name] = self._draw(name.partition("_")[0], match)
        return self.fixed.get(name) or self._draw(name, match)

    def _draw(self, name: str, match: re.Match[str]) -> str:
        dice = self.rng
        low, high = int(match[2] or 0), int(match[3] or 0)
        if name == "n":
            return group(dice.randint(low, high))
        if name == "y":
            return str(dice.randint(low, high))
        if name == "tr":
            value = dice.randint(low, high)
            return f"{group(value)},{dice.randint(1, 9)} triệu đồng" if dice.random() < 0.25 else f"{group(value)} triệu đồng"
        if name == "ty":
            tail = dice.choice(("", f",{dice.randint(1, 9)}", f",{dice.randint(11, 98)}"))
            return f"{dice.randint(low, high)}{tail} {dice.choice(('tỷ', 'tỷ', 'tỉ'))} đồng"
        if name == "pct":
            return f"{dice.randint(low, high)}{dice.choice(('', f',{dice.randint(1, 9)}', f',{dice.randint(11, 98)}'))}%"
        pools: dict[str, tuple[str, ...]] = {
            "xa": self.communes,
            "huyen": self.world.districts,
            "thon": self.world.villages,
            "truong": vocab.SCHOOLS,
            "dn": vocab.FIRMS,
            "ban": vocab.PARTNERS,
        }
        if name in pools:
            return dice.choice(pools[name])
        if name == "nguoi":
            return self.person("nam")
        if name == "ho":
            return f"họ {dice.choice(vocab.SURNAMES)}"
        raise KeyError(f"unknown slot {name!r}")

    def say(self, template: str) -> str:
        """One sentence (or title) from a template, its first letter large."""
        while True:
            done = _CHOICE.sub(lambda m: self.rng.choice(m[1].split("|")), template, count=1)
            if done == template:
                break
            template = done
        text = " ".join(_SLOT.sub(self._slot, template).split())
        return text[:1].upper() + text[1:]
