"""One site: a small portal whose pages, robots.txt or every answer may be at fault."""

from __future__ import annotations

from typing import Any, Literal

from . import markup
from .model import SECTION, Fault, Good, Hook, Series, Serve
from .wire import Exchange

Manner = Literal["plain", "mute", "closed", "tls_hang", "expired", "wrong_name", "legacy"]
"""How its port behaves: HTTP; takes connections and is silent; refuses them; TLS that never ends, or with a bad certificate or version."""
_SHARED = Series(40001)


class Site:
    """What one port serves. ``hook`` sees every request first and may answer it; ``first`` replaces page 1 of the main listing."""

    def __init__(
        self,
        name: str,
        faults: tuple[Fault, ...],
        controls: tuple[Good, ...] = (),
        *,
        robots: Serve | None = None,
        hook: Hook | None = None,
        first: Serve | None = None,
        manner: Manner = "plain",
    ) -> None:
        self.name = name
        self.faults = faults
        self.controls = controls
        self.shared = _SHARED.make("tin-chung")
        self.robots = robots or open_robots
        self.hook = hook
        self.first = first
        self.manner = manner
        self.urls: dict[str, str] = {}
        self.log: list[dict[str, Any]] = []
        self.phase = 1
        self.memory: dict[str, Any] = {}
        self.faulty = {fault.path: fault for fault in faults if fault.path and fault.serve}
        self.articles = {good.path: good for good in (*controls, self.shared)}

    @property
    def scheme(self) -> str:
        """Of its base URL."""
        return "https" if self.manner in ("tls_hang", "expired", "wrong_name", "legacy") else "http"

    def reset(self) -> None:
        """As at the start."""
        self.log.clear()
        self.memory.clear()
        self.phase = 1

    async def answer(self, exchange: Exchange) -> None:
        """Answer one request, well or badly."""
        path = exchange.path
        if self.hook is not None and await self.hook(exchange):
            return
        if path == "/robots.txt":
            await self.robots(exchange)
        elif path in self.faulty:
            fault = self.faulty[path]
            if fault.phase > self.phase and fault.good is not None:
                await exchange.reply(markup.article(fault.good))
            elif fault.serve is not None:
                await fault.serve(exchange)
        elif path in self.articles:
            await exchange.reply(markup.article(self.articles[path]))
        elif path == SECTION and self.first is not None:
            await self.first(exchange)
        elif path in markup.LISTINGS:
            await exchange.reply(markup.listing(markup.LISTINGS[path], self.entries(path)))
        elif path == "/":
            await exchange.reply(markup.frame("Trang chủ", f'<div class="HomeBox">{markup.items(self.controls)}</div>'))
        else:
            await exchange.reply(markup.plain("Không tìm thấy trang", "Trang bạn tìm không tồn tại."), 404)

    def entries(self, path: str) -> str:
        """What a listing lists: faults and controls in turn; elsewhere the one shared article."""
        if path != SECTION:
            return markup.items([self.shared])
        listed = [fault for fault in self.faults if fault.path and (fault.good is None or fault.good.id > 0)]
        rows: list[str] = []
        for position, fault in enumerate(listed):
            if position % 4 == 0 and position // 4 < len(self.controls):
                rows.append(markup.items([self.controls[position // 4]]))
            day = f"{fault.good.when:%d/%m/%Y}" if fault.good else ""
            rows.append(markup.item(fault.path or "", fault.title or (fault.good.title if fault.good else fault.name), day))
        rows += [markup.items([good]) for good in self.controls[(len(listed) + 3) // 4 :]]
        return "".join(rows)


async def open_robots(exchange: Exchange) -> None:
    """Everything may be asked, fast."""
    await exchange.reply("User-agent: *\nCrawl-delay: 0\nDisallow: /admin/\n", kind="text/plain")


def page_fault(site: str, row: str, good: Good, serve: Serve, expect: str, **rest: Any) -> Fault:
    """A row of the table for one article page: what is not said otherwise is what the article says."""
    if expect == "article":
        rest.setdefault("title", good.title)
        rest.setdefault("text", good.text)
        rest.setdefault("published_at", good.published_at)
        rest.setdefault("fragments", good.paragraphs)
    return Fault(rest.pop("name", good.slug), row, site, good.path, expect, good=good, serve=serve, **rest)  # type: ignore[arg-type]
