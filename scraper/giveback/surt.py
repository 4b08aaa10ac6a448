"""The key under which replay tools look an address up: host turned round, all in small letters (SURT, as the Wayback Machine's).

Written here because the package of that name is under the AGPL. Compared with it over every address of the corpus by
tests/giveback.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes, urlsplit

_WWW = re.compile(r"www\d*\.")
_PORTS = {"http": 80, "https": 443}
# What a server puts into addresses to know a visitor again: it makes no other page.
_SESSION_STEP = re.compile(r"\((?:(?:[a-z]\([0-9a-z]{24}\))+|[0-9a-z]{24})\)")
_SESSION_PAIR = re.compile(r"(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}")


def surt(url: str) -> str:
    """The key of an http(s) address: ``vn,gov,caobang)/van-hoa?a=1&b=2``."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        host = _escaped(host)
    key = ",".join(reversed(_WWW.sub("", host, count=1).split(".")))
    if parts.port is not None and parts.port != _PORTS.get(parts.scheme):
        key += f":{parts.port}"
    path = _dots(_escaped(parts.path or "/").lower())
    if len(path) > 1:
        path = path.removesuffix("/")
    query = _escaped(parts.query).lower()
    pairs = [pair for pair in query.split("&") if not _SESSION_PAIR.fullmatch(pair)]
    ordered = "&".join(sorted(pairs, key=lambda pair: pair.split("=", 1)))
    return f"{key}){path}" + (f"?{ordered}" if ordered else "")


def _escaped(text: str) -> str:
    """Unquoted until nothing more is quoted, then quoted where it must be."""
    data = text.encode()
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return "".join(chr(byte) if 0x20 < byte < 0x7F and byte not in b"#%" else f"%{byte:02X}" for byte in data)


def _dots(path: str) -> str:
    """A path without ``.``, ``..``, empty steps, and the session of an ASP.NET page."""
    steps = path.split("/")
    out: list[str] = []
    for step in steps:
        if step == "..":
            out[-1:] = []
        elif step not in (".", "") and not (_SESSION_STEP.fullmatch(step) and ".aspx" in steps[-1]):
            out.append(step)
    tail = "/" if path.endswith("/") and out else ""
    return "/" + "/".join(out) + tail
