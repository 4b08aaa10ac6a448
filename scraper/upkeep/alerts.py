"""Telling somebody by mail or webhook what changed in the health of the sources: new alarms and those that are over, each once.

What each address was told stands in a small file beside the archive, so that a message that could not be sent is sent the next
time, and to nobody else again.
"""

from __future__ import annotations

import hashlib
import json
import os
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from scraper.fetch.robots import is_loopback
from scraper.upkeep.health import NEXT, Health
from scraper.upkeep.network import cut_off

TIMEOUT = 30.0
"""Seconds for a mail server or webhook, all in all."""
ARCHIVE = "archive.db"
"""Stands among the sources for the archive itself, when it cannot be read."""
NETWORK = "own network"
"""Stands among the sources for the network of this machine, with the sources that it cuts off."""
Told = Mapping[str, list[str]]
"""The kinds of grave trouble that somebody knows of, by source."""


class NotTold(Exception):
    """An alert could not be sent; the message says to whom and why."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be told: sources with alarms that nobody knows of, names of those that are well again, why the archive is unreadable.

    ``network``: what our own network keeps from answering.
    """

    alarms: tuple[Health, ...]
    over: tuple[str, ...]
    archive: str | None = None
    network: str | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.alarms or self.over or self.archive or self.network)


def alarms_of(found: Iterable[Health]) -> dict[str, list[str]]:
    """The grave troubles as they are remembered."""
    return {
        health.state.name: sorted(trouble.kind for trouble in health.troubles if trouble.grave and trouble.kind != "own_network")
        for health in found
        if health.status == "alarm"
    }


def change(before: Told, found: Iterable[Health]) -> Change:
    """Compare with what was told: an alarm of a kind that is known is not told again, one of another kind is.

    Of a source that was not examined, or has ended, or did not answer just now, nothing is told.
    """
    found = list(found)
    now = alarms_of(found)
    fresh = tuple(health for health in found if set(now.get(health.state.name, [])) - set(before.get(health.state.name, [])))
    cut = cut_off(found)
    well = {health.state.name for health in found if health.status not in ("alarm", "ended")} - _unsure(found) | {ARCHIVE}
    if not any(trouble.grave for trouble in cut.values()) and _knows_of(before, found):
        well.add(NETWORK)
    grave = [trouble for trouble in cut.values() if trouble.grave]
    return Change(fresh, tuple(sorted(before.keys() & well)), network=grave[0].detail if grave and NETWORK not in before else None)


def remember(before: Told, found: Iterable[Health]) -> dict[str, list[str]]:
    """What is known once a change was told."""
    found = list(found)
    cut = cut_off(found)
    examined = {health.state.name for health in found} - _unsure(found) | {ARCHIVE}
    if not any(trouble.grave for trouble in cut.values()) and _knows_of(before, found):
        examined.add(NETWORK)
    network = {NETWORK: sorted(cut)} if any(trouble.grave for trouble in cut.values()) else {}
    return {name: kinds for name, kinds in before.items() if name not in examined} | network | alarms_of(found)


def _unsure(found: Iterable[Health]) -> set[str]:
    """The sources of which a crawl that went badly hides whether they are well again."""
    return {health.state.name for health in found if health.status == "watch" and health.state.failures} | cut_off(found).keys()


def _knows_of(before: Told, found: Iterable[Health]) -> bool:
    """Whether any of the sources that the network had cut off were examined."""
    return not {health.state.name for health in found}.isdisjoint(before.get(NETWORK, []))


def unreadable(before: Told, why: str) -> tuple[Change, dict[str, list[str]]]:
    """What is to be told when the archive cannot be read, and what is known then."""
    return Change((), (), None if ARCHIVE in before else why), {**before, ARCHIVE: ["unreadable"]}


def subject_of(changed: Change) -> str:
    """One line, Vietnamese and English."""
    parts = [(len(changed.alarms), "nguồn có sự cố", "in trouble"), (len(changed.over), "nguồn đã ổn", "well again")]
    said = [(f"{count} {vietnamese}", f"{count} {english}") for count, vietnamese, english in parts if count]
    if changed.archive:
        said.append(("không đọc được kho", "the archive cannot be read"))
    if changed.network:
        said.append(("mạng của máy này đứt", "our own network is cut"))
    return f"Khuyến học: {', '.join(vietnamese for vietnamese, _ in said)} / {', '.join(english for _, english in said)}"


def text_of(changed: Change) -> str:
    """The message: a paragraph a source."""
    out = [f"Không đọc được kho / the archive cannot be read: {changed.archive}"] if changed.archive else []
    if changed.network:
        out.append(f"Mạng của máy này / own network: {changed.network}\n  → {NEXT['own_network']}")
    for health in changed.alarms:
        lines = [f"{health.state.name}: {health.state.portal.publisher}, {health.state.portal.home}"]
        for trouble in health.troubles:
            if trouble.grave:
                lines += [f"  {trouble.kind}: {trouble.detail} (từ/since {trouble.since:%Y-%m-%d})", f"  → {trouble.advice}"]
        out.append("\n".join(lines))
    if changed.over:
        out.append(f"Đã ổn / well again: {', '.join(changed.over)}")
    return "\n\n".join(out) + "\n"


def key_of(address: str) -> str:
    """How an address is remembered: a webhook's is a secret."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def read_told(path: Path) -> dict[str, dict[str, list[str]]]:
    """What each address was told; nothing when no file is there or it cannot be read (then everything is told anew)."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: known for key, known in told.items() if isinstance(known, dict)} if isinstance(told, dict) else {}


def write_told(path: Path, told: Mapping[str, Told]) -> None:
    """Remember what was told, in one step; raises :class:`OSError`."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(new, path)


def check_address(address: str) -> None:
    """Raise :class:`NotTold` for an address that is neither ``mailto:`` nor a webhook; plain http only on this machine."""
    parts = urlsplit(address)
    if parts.scheme == "mailto" and "@" in parts.path:
        return
    # The host of another script must be written in letters of ASCII (xn--…), and no blank can be sent.
    sendable = bool(parts.hostname) and address.isascii() and not any(char.isspace() for char in address)
    if sendable and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(address))):
        return
    raise NotTold(f"--tell takes mailto:ten@example.org or https://…, not {address!r}")


def send(address: str, changed: Change, payload: Mapping[str, Any], sender: str, server: str) -> None:
    """Tell one address; ``server``: the mail server as host:port. Raises :class:`NotTold`."""
    check_address(address)
    if address.startswith("mailto:"):
        telling = partial(_mail, address.removeprefix("mailto:"), changed, sender, server)
    else:
        telling = partial(_hook, address, {"subject": subject_of(changed), "text": text_of(changed), **payload})
    try:
        _within(TIMEOUT, telling)
    except (OSError, ValueError, smtplib.SMTPException, HTTPException) as error:
        raise NotTold(f"{address} could not be told: {error}") from error


def _within(seconds: float, telling: Callable[[], None]) -> None:
    """Do it within so many seconds, or raise :class:`TimeoutError`: the time-out of a socket begins anew with each byte."""
    done: Future[None] = Future()

    def run() -> None:
        try:
            telling()
            done.set_result(None)
        except BaseException as error:  # raised by who waits
            done.set_exception(error)

    # A daemon: what still drips does not hold up the end of the process.
    threading.Thread(target=run, daemon=True).start()
    try:
        done.result(seconds)
    except TimeoutError as error:
        raise error if done.done() else TimeoutError(f"no answer within {seconds:g} seconds") from None


def _mail(to: str, changed: Change, sender: str, server: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject_of(changed)
    message.set_content(text_of(changed))
    parts = urlsplit(f"//{server}")
    if not parts.hostname:
        raise ValueError(f"KHUYEN_HOC_MAIL_SERVER must be like localhost:25, not {server!r}")
    # A mail server of one's own rarely has a certificate that anybody signed; any encryption is better than none.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP(parts.hostname, parts.port or 25, timeout=TIMEOUT) as connection:
        connection.ehlo_or_helo_if_needed()  # before it nothing is known of what the server can do
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
        connection.send_message(message)


class _NotMoved(HTTPRedirectHandler):
    """A webhook that moved for good is not told: what would follow is a GET without the message."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        return None if code == 301 else super().redirect_request(req, fp, code, msg, headers, newurl)


def _hook(address: str, payload: Mapping[str, Any]) -> None:
    body = json.dumps(payload, ensure_ascii=False).encode()
    asked = Request(address, body, {"Content-Type": "application/json; charset=utf-8"})  # noqa: S310 — https, or this machine
    with build_opener(_NotMoved).open(asked, timeout=TIMEOUT) as answer:
        answer.read(1024)
