"""§2.3 robots.txt, dead hosts and TLS: whole sites. Unless said otherwise the pages behind are good articles."""

from __future__ import annotations

from typing import Any

from . import markup
from .model import SECTION, Expect, Fault, Good, Series, Serve
from .site import Manner, Site, page_fault
from .wire import Exchange, head

_goods = Series(44001)
TEXT = "text/plain; charset=utf-8"


async def _hang(x: Exchange) -> None:
    await x.hang()


async def _loop(x: Exchange) -> None:
    await x.redirect("/robots.txt")


def _text(body: str | bytes, status: int = 200, headers: tuple[tuple[str, str], ...] = (), kind: str = TEXT) -> Serve:
    async def serve(x: Exchange) -> None:
        await x.reply(body, status, headers, kind)

    return serve


async def _five_megabytes(x: Exchange) -> None:
    """One group: 400 KB of rules nobody meets, the one that counts, and 4.6 MB more of the former."""
    line = b"Disallow: /khong-co/%06d/\n"
    rules = b"".join(line % number for number in range(15_000))
    rule = f"Disallow: {SECTION}/cam-\n".encode()
    rest = b"".join(line % number for number in range(20_000, 30_000))
    total = 5_000_000
    await x.send(head(200, [("Content-Length", str(total))], TEXT))
    start = b"User-agent: *\nCrawl-delay: 0\n" + rules + rule
    await x.send(start)
    left = total - len(start)
    while left:
        piece = rest[:left]
        await x.send(piece)
        left -= len(piece)


def _refused_site(name: str, row: str, robots: Serve | None, note: str = "", manner: Manner = "plain", **rest: Any) -> Site:
    """A site whose pages may not be asked."""
    good = _goods.make("khong-duoc-hoi")
    expect: Expect = rest.pop("expect", "not_fetched")
    rest.setdefault("target", "pages" if expect == "not_fetched" else None)
    fault = Fault(name, f"2.3 {row}", name, None, expect, note=note, good=good, **rest)
    return Site(name, (fault,), (good, _goods.make("khong-duoc-hoi")), robots=robots, manner=manner)


def _open_site(name: str, row: str, robots: Serve, note: str = "") -> Site:
    """A site whose articles must be stored in spite of its robots.txt."""
    good = _goods.make("duoc-hoi")
    return Site(name, (_stored(name, name, row, good, note),), (good, _goods.make("duoc-hoi")), robots=robots)


def _stored(name: str, site: str, row: str, good: Good, note: str = "") -> Fault:
    return Fault(name, f"2.3 {row}", site, None, "article", good.title, good.text, good.published_at, note=note, good=good)


def _half_open_site(name: str, row: str, robots: Serve, note: str) -> Site:
    """A site that forbids what begins with ``/van-hoaxa-hoi/cam-`` and nothing else."""
    forbidden, good = _goods.make("cam-vao"), _goods.make("duoc-hoi")
    fault = page_fault(name, f"2.3 {row}", forbidden, _article, "not_fetched", name=name, target="page", note=note)
    return Site(name, (fault, _stored(f"{name}-rest", name, row, good, "the rest of the site is open")), (good,), robots=robots)


async def _article(x: Exchange) -> None:
    good = x.site.faulty[x.path].good
    assert good is not None
    await x.reply(markup.article(good))


def sites() -> list[Site]:
    """``robots-*``, ``host-*``, ``tls-*``."""
    rule = f"{SECTION}/cam-"
    untrusted = "by the site's policy refused, or stored with the doubt on record in the capture's row; never silently"
    return [
        _refused_site("robots-503", "B+1 robots 503", _text("503", 503), "5xx means complete disallow (RFC 9309)"),
        _refused_site("robots-503-after", "B+1 robots 503 + Retry-After", _text("503", 503, (("Retry-After", "3600"),))),
        _refused_site("robots-hang", "B+4 robots never answers", _hang, slow=True),
        _refused_site("robots-loop", "B+5 robots redirect loop", _loop, "at most 6 requests for robots.txt"),
        _refused_site("robots-429", "B+11 robots 429", _text("429", 429, (("Retry-After", "3600"),)), "wait first"),
        _half_open_site("robots-5mb", "B+2 5 MB robots.txt", _five_megabytes, "the rule ends at 405 KB, inside the 500 KiB of RFC 9309"),
        _refused_site("robots-disallow-all", "B+3 Disallow: /", _text("User-agent: *\nDisallow: /\n")),
        _half_open_site(
            "robots-bom-crlf",
            "B+12 BOM, CRLF, case",
            _text(b"\xef\xbb\xbf" + f"USER-AGENT:*\r\nCRAWL-DELAY: 0\r\n dIsAlLoW : {rule}\r\n".encode()),
            "byte-order mark, CRLF, odd case and blanks",
        ),
        _half_open_site(
            "robots-named",
            "B+12 a group of our own",
            _text(f"User-agent: *\nDisallow:\n\nUser-agent: khuyen-hoc-archive\nCrawl-delay: 0\nDisallow: {rule}\n"),
            "not in the handbook's list: the group that names khuyen-hoc-archive counts, not *",
        ),
        _open_site(
            "robots-html", "B+6 HTML as robots", _text("<!DOCTYPE html><html><body><h1>Trang chủ</h1></body></html>", kind="text/html")
        ),
        _open_site("robots-404", "B+10 robots 404", _text("404", 404)),
        _open_site(
            "robots-delay", "Crawl-delay: 2", _text("User-agent: *\nCrawl-delay: 2\n"), "no two requests of the log closer than 2 s"
        ),
        _refused_site("host-mute", "host accepts and says nothing", None, manner="mute", expect="retry_later", slow=True),
        _refused_site("host-closed", "connection refused", None, manner="closed", expect="retry_later"),
        _refused_site("tls-hang", "B+9 TLS never finishes", None, manner="tls_hang", expect="retry_later", slow=True),
        _refused_site("tls-expired", "B+8 expired self-signed TLS", None, untrusted, "expired", expect="refused"),
        _refused_site("tls-wrong-name", "B+8 self-signed, another host's name", None, untrusted, "wrong_name", expect="refused"),
        _refused_site("tls-legacy", "2.2 legacy TLS (1.0, 1.1 only)", None, untrusted, "legacy", expect="refused"),
    ]
