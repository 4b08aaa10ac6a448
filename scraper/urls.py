"""Addresses: one key for all spellings of the same one, and nothing merged that might differ.

w3lib does the percent-encoding and sorting; added here is what it leaves: host case, default ports, userinfo, tracking and
session parameters, Unicode form. A parameter that nobody listed is never dropped: ``?id=1`` and ``?id=2`` are two pages.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|zarsrc|_ga|_gl|mc_cid|mc_eid|phpsessid|jsessionid|aspsessionid\w*)$", re.I)
_PATH_SESSION = re.compile(r";jsessionid=[^/?#;]*|/\([SXAF]\([0-9a-zA-Z]+\)\)", re.I)
_NOT_SENT = re.compile(r"[^!-~]")
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_SENT = "\"#$%&+,/:;<=>?@[\\]^`{|}-_.!~*'()"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_tracking(parameter: str) -> bool:
    """Whether a parameter of an address says only by which way somebody came, or whose visit it is."""
    return bool(_TRACKING.match(parameter))


@lru_cache(maxsize=2048)  # each is asked for several times on its way: as a link, a request, an answer, an article
def tidy_url(url: str) -> str:
    """An address without fragment, userinfo, default port, session and tracking parameters; what is stored and fetched.

    Raises ValueError for an address that is not http(s) or has no host.
    """
    parts = urlsplit(unicodedata.normalize("NFC", url.strip()))
    host = parts.hostname
    if parts.scheme.lower() not in _DEFAULT_PORTS or not host:
        raise ValueError(f"not an http address: {url!r}")
    scheme = parts.scheme.lower()
    try:
        host = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValueError(f"not a host name: {host!r}") from error
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    netloc = host if port is None or port == _DEFAULT_PORTS[scheme] else f"{host}:{port}"
    path = _PATH_SESSION.sub("", parts.path) or "/"
    # Cut by hand: a library would re-encode the rest, and bytes that are not UTF-8 would be lost.
    query = "&".join(piece for piece in parts.query.split("&") if not is_tracking(piece.partition("=")[0]))
    return urlunsplit((scheme, netloc, path, query, ""))


def without_session(url: str) -> str:
    """An address without the session that a server wrote into its path for a visitor who keeps no cookies; all else as it is."""
    if not _PATH_SESSION.search(url):
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=_PATH_SESSION.sub("", parts.path)))


def as_sent(url: str) -> str:
    """An absolute address as a browser asks for it: what is no visible ASCII behind the host percent-encoded, all else as it is."""
    if not _NOT_SENT.search(url):
        return url
    host = _HOST.match(url)
    start = host.end() if host else 0
    return url[:start] + quote(url[start:], safe=_SENT)


def session_in(url: str) -> str:
    """The session that :func:`without_session` takes out of an address; empty where there is none."""
    return "".join(_PATH_SESSION.findall(urlsplit(url).path))


def tidied(url: str) -> str:
    """:func:`tidy_url` where it is an address, and as it is where not."""
    try:
        return tidy_url(url)
    except ValueError:
        return url


def url_key(url: str) -> str:
    """The same string for all spellings of one address: scheme and ``www.`` left out, query sorted. Idempotent under re-adding http://."""
    canonical = canonicalize_url(tidy_url(url), keep_blank_values=True)
    return re.sub(r"^https?://(?:www\.)?", "", _dots(canonical))


def _dots(url: str) -> str:
    parts = urlsplit(url)
    out: list[str] = []
    for segment in parts.path.split("/"):
        if segment == "..":
            if len(out) > 1:
                out.pop()
        elif segment != ".":
            out.append(segment)
    path = "/".join(out)
    if parts.path.endswith(("/..", "/.")):
        path += "/"
    return urlunsplit((parts.scheme, parts.netloc, path or "/", parts.query, ""))


def site_of(url: str) -> str:
    """``host`` or ``host:port`` of an address, without ``www.``: what is one site to us."""
    netloc = urlsplit(tidy_url(url)).netloc
    return netloc.removeprefix("www.")


def rebase(url: str, base_url: str) -> str:
    """The same path and query on another origin: how a portal is crawled from its replica."""
    base, parts = urlsplit(base_url), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, parts.path or "/", parts.query, ""))
