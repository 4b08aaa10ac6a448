"""Under a prefix (``--setting base_url /kho/``), whether or not the server before Datasette takes it away.

Where it is left in the address, Datasette's table pages put it once more before theirs: next page, order, facets and files led
nowhere. Where it is taken away, redirects know nothing of it. So it is taken away here, and put before every redirect.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

App = Callable[..., Awaitable[None]]


def without_prefix(app: App, prefix: str) -> App:
    """An ASGI application that is asked for its addresses as if there were no prefix; ``prefix`` ends in a slash."""
    if prefix == "/":
        return app

    async def unprefixed(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        raw = scope.get("raw_path")
        if scope["path"].startswith(prefix) and (raw is None or raw.startswith(prefix.encode())):
            rest = {} if raw is None else {"raw_path": raw[len(prefix) - 1 :]}
            scope = {**scope, "path": scope["path"][len(prefix) - 1 :], **rest}

        async def send_prefixed(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [(name, _prefixed(value, prefix) if name.lower() == b"location" else value) for name, value in message["headers"]]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_prefixed)

    return unprefixed


def _prefixed(location: bytes, prefix: str) -> bytes:
    inside = location.startswith(b"/") and not location.startswith((b"//", prefix.encode()))
    return prefix.encode() + location[1:] if inside else location
