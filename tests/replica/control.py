"""The knobs: what ``Replica.control(portal, action, **kw)`` may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .model import Block
from .site import Site


def truth(site: Site) -> list[dict[str, Any]]:
    """Every article that stands on the portal now, newest first."""
    return [article.truth() for article in site.portal.articles.values()]


def requests(site: Site) -> list[dict[str, Any]]:
    """Everything asked for so far (control calls excluded)."""
    return list(site.log)


def clear_requests(site: Site) -> None:
    """Forgets the log."""
    site.log.clear()


def edit(site: Site, key: str, paragraph: str = "Tòa soạn bổ sung thông tin mới nhất.") -> None:
    """Appends a paragraph to an article."""
    article = site.article(key)
    article.blocks.append(Block("p", paragraph))
    article.edits += 1


def add(site: Site, n: int = 1) -> list[str]:
    """Publishes new articles on the topic; returns their keys, oldest first."""
    return site.portal.add(n)


def delete(site: Site, key: str, status: int = 404) -> None:
    """Takes an article off the site: 404 or 410 from now on, and off the listings and the truth."""
    site.article(key)
    site.portal.delete(str(key), status)


def _fault(name: str) -> Callable[..., None]:
    def knob(site: Site, key: str, on: bool = True) -> None:
        site.article(key).fault = name if on else ""

    return knob


def maintenance(site: Site, on: bool = True, status: int = 200, retry_after: int | str | None = 120) -> None:
    """Every page says that the portal is being repaired (Retry-After only when the status is not 200)."""
    site.knobs.maintenance = status if on else 0
    site.knobs.retry_after = None if retry_after is None else str(retry_after)


def challenge(site: Site, on: bool = True) -> None:
    """Every page is the D1N cookie script."""
    site.knobs.challenge = on


def relayout(site: Site, on: bool = True) -> None:
    """Every class and id gets another name, every heading another level."""
    if on != site.knobs.relayout:
        site.knobs.relayout = on
        site.layouts += 1


def status(site: Site, code: int | None = None, path_prefix: str = "", retry_after: int | str | None = None) -> None:
    """A bare status for a prefix of paths ("" = all but robots.txt); code 200 or None takes it away."""
    if code in (None, 200):
        site.knobs.status.pop(path_prefix, None)
    else:
        site.knobs.status[path_prefix] = (code, None if retry_after is None else str(retry_after))


def robots(site: Site, text: str | None = None, status: int = 200) -> None:
    """Another robots.txt, or a status in its place; without arguments the usual one."""
    site.knobs.robots_text = site.portal.robots if text is None else text
    site.knobs.robots_status = status


def delay(site: Site, seconds: float = 0.0) -> None:
    """Waits before every answer."""
    site.knobs.delay = seconds


def sessions(site: Site, on: bool = True) -> None:
    """Every page leads to its address with a new session in it, as Java servers do for a visitor who keeps no cookies."""
    site.knobs.sessions = on


def reset(site: Site) -> None:
    """Everything as on the first day; the log is kept."""
    site.reset()


ACTIONS: dict[str, Callable[..., Any]] = {
    "truth": truth,
    "requests": requests,
    "clear_requests": clear_requests,
    "edit": edit,
    "add": add,
    "delete": delete,
    "maintenance": maintenance,
    "challenge": challenge,
    "relayout": relayout,
    "status": status,
    "robots": robots,
    "delay": delay,
    "sessions": sessions,
    "reset": reset,
}
ACTIONS.update({name: _fault(name) for name in ("redirect_home", "soft404", "login", "half", "truncate", "empty")})


def perform(site: Site, action: str, arguments: dict[str, Any]) -> Any:
    """Runs one action; pages drawn before it are forgotten."""
    if action not in ACTIONS:
        raise ValueError(f"unknown action {action!r}; there are {', '.join(sorted(ACTIONS))}")
    with site.lock:
        result = ACTIONS[action](site, **arguments)
        if action not in ("truth", "requests", "clear_requests"):
            site.cache.clear()
        return result
