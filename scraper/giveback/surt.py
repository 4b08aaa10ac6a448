"""The key under which replay tools look an address up: host turned round, all in small letters (SURT, as the Wayback Machine's).

Written here because the package of that name is under the AGPL. Compared with it over every address of the corpus by
tests/giveback.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes, urlsplit

_WWW = re.compile(r"www\d*\.")
_PORTS = {"http": 80, "https": 443}
_PATH_SESSION = re.compile(
    r"^(.*/)(?:\((?:[a-z]\([0-9a-z]{24}\))+\)/|\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$|^(.*);jsessionid=[0-9a-z]{32}(.*)$"
)
_QUERY_SESSIONS = tuple(
    re.compile(rf"^(.*)(?:{name})(?:&(.*))?$")
    for name in (
        "jsessionid=[0-9a-z]{32}",
        "phpsessid=[0-9a-z]{32}",
        "sid=[0-9a-z]{32}",
        "aspsessionid[a-z]{8}=[a-z]{24}",
        "cfid=[^&]+&cftoken=[^&]+",
    )
)


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
    path = _without_path_session(_dots(_escaped(parts.path or "/")).lower())
    if len(path) > 1:
        path = path.removesuffix("/")
    query = _escaped(parts.query).lower()
    for session in _QUERY_SESSIONS:
        found = session.match(query)
        if found:
            query = found[1] + (found[2] or "")
    ordered = "&".join(sorted(query.split("&"), key=lambda pair: pair.split("=", 1)))
    return f"{key}){path}" + (f"?{ordered}" if query else "")


def _escaped(text: str) -> str:
    """Unquoted until nothing more is quoted, then quoted where it must be."""
    data = text.encode()
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return "".join(chr(byte) if 0x20 < byte < 0x7F and byte not in b"#%" else f"%{byte:02X}" for byte in data)


def _dots(path: str) -> str:
    """A path without ``.``, ``..`` and empty steps."""
    out: list[str] = []
    for step in path.split("/"):
        if step == "..":
            out[-1:] = []
        elif step not in (".", ""):
            out.append(step)
    tail = "/" if path.endswith("/") and out else ""
    return "/" + "/".join(out) + tail


def _without_path_session(path: str) -> str:
    found = _PATH_SESSION.match(path)
    if found is None:
        return path
    return found[1] + found[2] if found[1] is not None else found[3] + found[4]
