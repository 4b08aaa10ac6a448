"""§2.2 429 and 503 with Retry-After: the listing is served, then every article is refused (in phase 2 none is)."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate

from .model import SECTION, Fault, Series
from .site import Site
from .wire import Exchange

_goods = Series(45001)
SHORT = 3
"""Seconds of the one Retry-After that a test can sit out."""


def _site(name: str, row: str, status: int, value: Callable[[], str] | None, note: str, *, listing: bool = False) -> Site:
    goods = tuple(_goods.make("cho-doi") for _ in range(6))

    async def hook(x: Exchange) -> bool:
        refused = x.path.startswith(f"{SECTION}/") or (listing and x.path != "/robots.txt")
        if x.site.phase > 1 or not refused:
            return False
        await x.reply("Too many requests", status, [("Retry-After", value())] if value else [])
        return True

    fault = Fault(
        name,
        f"2.2 {row}",
        name,
        None,
        "retry_later",
        max_requests=6,
        note=f"{note}; the pause is the whole site's: after the first {status} nothing more is asked in this crawl",
        good=goods[0],
    )
    return Site(name, (fault,), goods, hook=hook)


def _short_site() -> Site:
    goods = tuple(_goods.make("cho-doi") for _ in range(3))

    async def hook(x: Exchange) -> bool:
        if not x.path.startswith(f"{SECTION}/") or x.site.phase > 1:
            return False
        now = time.monotonic()
        until = x.site.memory.setdefault("until", now + SHORT)
        if now >= until:
            return False
        await x.reply("Too many requests", 429, [("Retry-After", str(SHORT))])
        return True

    note = f"{SHORT} s after the first 429 all is well: no article may be asked in between; a later crawl is right too"
    fault = Fault("retry-short", "2.2 429 + Retry-After: 3", "retry-short", None, "retry_later", note=note, good=goods[0], pause=SHORT)
    return Site("retry-short", (fault,), goods, hook=hook)


def sites() -> list[Site]:
    """``retry-*``."""

    def soon() -> str:
        return formatdate(time.time() + 120, usegmt=True)

    def before() -> str:
        return formatdate(time.time() - 86400, usegmt=True)

    return [
        _site("retry-seconds", "429 + Retry-After in seconds", 429, lambda: "120", "due again after 120 s"),
        _site("retry-date", "503 + Retry-After as a date", 503, soon, "due again after 120 s"),
        _site("retry-past", "429 + Retry-After in the past", 429, before, "as if there were no Retry-After"),
        _site("retry-garbage", "503 + Retry-After: garbage", 503, lambda: "in a few minutes; -5, 1e9", "as if there were no Retry-After"),
        _site("retry-24h", "429 + Retry-After 24 h", 429, lambda: "86400", "cap 1 h, then a later run"),
        _site("retry-none", "503 without Retry-After", 503, None, "own back-off"),
        _site("retry-listing", "503 + Retry-After on the listing too", 503, lambda: "120", "no section can be walked", listing=True),
        _short_site(),
    ]
