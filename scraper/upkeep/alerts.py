"""Telling somebody by mail or webhook what changed in the health of the sources: new alarms and those that are over, each once.

What was told stands in a small file beside the archive; it is written only after everybody was told, so that a message that
could not be sent is sent the next time.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from scraper.fetch.robots import is_loopback
from scraper.upkeep.health import Health

TIMEOUT = 30.0
"""Seconds for a mail server or webhook."""
Told = Mapping[str, list[str]]
"""The kinds of grave trouble that somebody knows of, by source."""


class NotTold(Exception):
    """An alert could not be sent; the message says to whom and why."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be told: sources with alarms that nobody knows of, and names of those that are well again."""

    alarms: tuple[Health, ...]
    over: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.alarms or self.over)


def alarms_of(found: Iterable[Health]) -> dict[str, list[str]]:
    """The grave troubles as they are remembered."""
    return {
        health.state.name: sorted(trouble.kind for trouble in health.troubles if trouble.grave)
        for health in found
        if health.status == "alarm"
    }


def change(before: Told, found: Iterable[Health]) -> Change:
    """Compare with what was told: an alarm of a kind that is known is not told again, one of another kind is."""
    found = list(found)
    now = alarms_of(found)
    fresh = tuple(health for health in found if set(now.get(health.state.name, [])) - set(before.get(health.state.name, [])))
    return Change(fresh, tuple(sorted(before.keys() - now.keys())))


def subject_of(changed: Change) -> str:
    """One line, Vietnamese and English."""
    parts = [(len(changed.alarms), "nguồn có sự cố", "in trouble"), (len(changed.over), "nguồn đã ổn", "well again")]
    said = [part for part in parts if part[0]]
    vietnamese = ", ".join(f"{count} {words}" for count, words, _ in said)
    return f"Khuyến học: {vietnamese} / {', '.join(f'{count} {words}' for count, _, words in said)}"


def text_of(changed: Change) -> str:
    """The message: a paragraph a source."""
    out = []
    for health in changed.alarms:
        lines = [f"{health.state.name}: {health.state.portal.publisher}, {health.state.portal.home}"]
        for trouble in health.troubles:
            if trouble.grave:
                lines += [f"  {trouble.kind}: {trouble.detail} (từ/since {trouble.since:%Y-%m-%d})", f"  → {trouble.advice}"]
        out.append("\n".join(lines))
    if changed.over:
        out.append(f"Đã ổn / well again: {', '.join(changed.over)}")
    return "\n\n".join(out) + "\n"


def read_told(path: Path) -> dict[str, list[str]]:
    """What was told before; nothing when no file is there or it cannot be read (then everything is told anew)."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def write_told(path: Path, told: Told) -> None:
    """Remember what was told, in one step."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(new, path)


def check_address(address: str) -> None:
    """Raise :class:`NotTold` for an address that is neither ``mailto:`` nor a webhook; plain http only on this machine."""
    parts = urlsplit(address)
    if parts.scheme == "mailto" and "@" in parts.path:
        return
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(address)):
        return
    raise NotTold(f"--tell takes mailto:ten@example.org or https://…, not {address!r}")


def send(address: str, changed: Change, payload: Mapping[str, Any], sender: str, server: str) -> None:
    """Tell one address; ``server``: the mail server as host:port. Raises :class:`NotTold`."""
    check_address(address)
    try:
        if address.startswith("mailto:"):
            _mail(address.removeprefix("mailto:"), changed, sender, server)
        else:
            _hook(address, {"subject": subject_of(changed), "text": text_of(changed), **payload})
    except (OSError, smtplib.SMTPException) as error:
        raise NotTold(f"{address} could not be told: {error}") from error


def _mail(to: str, changed: Change, sender: str, server: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject_of(changed)
    message.set_content(text_of(changed))
    host, _, port = server.partition(":")
    with smtplib.SMTP(host, int(port or 25), timeout=TIMEOUT) as connection:
        if connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
        connection.send_message(message)


def _hook(address: str, payload: Mapping[str, Any]) -> None:
    body = json.dumps(payload, ensure_ascii=False).encode()
    asked = Request(address, body, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310 — https, or this machine
    with urlopen(asked, timeout=TIMEOUT) as answer:  # noqa: S310
        answer.read(1024)
