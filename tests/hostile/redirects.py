"""§2.3 Redirects: to this machine's other ports by every name, to what is not the web, in circles, and to pages that are no article.

The canary's answer is a page that would pass for the article asked for, so that following shows in the archive as well.
"""

from __future__ import annotations

from typing import Any

from . import markup
from .model import Fault, Series, Serve
from .site import Site, page_fault
from .wire import Exchange

_goods = Series(43001)
LOGIN = "/dang-nhap"


def _canary(x: Exchange) -> str:
    """The canary's port."""
    return x.site.urls["canary"].rpartition(":")[2]


def _to(pattern: str, status: int = 302) -> Serve:
    async def serve(x: Exchange) -> None:
        await x.redirect(pattern.format(port=_canary(x), path=x.path), status)

    return serve


async def _meta_refresh(x: Exchange) -> None:
    url = f"http://127.0.0.1:{_canary(x)}{x.path}"
    await x.reply(markup.frame("Đang chuyển trang", "<p>Đang chuyển trang</p>", f'<meta http-equiv="refresh" content="0; url={url}" />'))


async def _header_refresh(x: Exchange) -> None:
    url = f"http://127.0.0.1:{_canary(x)}{x.path}"
    await x.reply(markup.frame("Đang chuyển trang", "<p>Đang chuyển trang</p>"), headers=[("Refresh", f"0; url={url}")])


async def _loop(x: Exchange) -> None:
    await x.redirect(x.path if x.query else f"{x.path}?vong=1")


async def _infinite(x: Exchange) -> None:
    number = int(x.query.rpartition("=")[2] or 0)
    await x.redirect(f"{x.path}?buoc={number + 1}")


async def _moved(x: Exchange) -> None:
    good = x.site.faulty[x.path].good
    assert good is not None
    if x.query:
        await x.reply(markup.article(good))
    else:
        await x.redirect(f"{x.path}?trang=moi", 301)


def _away(name: str, pattern: str, what: str, **rest: Any) -> Fault:
    return page_fault("redir", f"2.3 /redir/{what}", _goods.make(name), _to(pattern), "not_fetched", target="canary", **rest)


def sites() -> list[Site]:
    """``redir``."""
    here = "127.0.0.1:{port}{path}"
    nowhere: dict[str, Any] = {"expect": "refused"}
    faults = (
        _away("redir-private", f"http://{here}", "private: 127.0.0.1, another port"),
        _away("redir-localhost", "http://localhost:{port}{path}", "localhost"),
        _away("redir-zero-ip", "http://0.0.0.0:{port}{path}", "zero-ip"),
        _away("redir-decimal-ip", "http://2130706433:{port}{path}", "decimal-ip"),
        _away("redir-hex-ip", "http://0x7f.1:{port}{path}", "hex-ip"),
        _away("redir-ipv6", "http://[::1]:{port}{path}", "[::1]"),
        _away("redir-mapped-ip", "http://[::ffff:127.0.0.1]:{port}{path}", "[::ffff:127.0.0.1]", note="not in the handbook's list"),
        _away("redir-no-scheme", f"//{here}", "//127.0.0.1", note="not in the handbook's list"),
        _away("redir-userinfo", f"http://khuyenhoc:matkhau@{here}", "userinfo"),
        page_fault("redir", "2.3 /redir/meta-refresh", _goods.make("meta-refresh"), _meta_refresh, "not_fetched", target="canary"),
        page_fault("redir", "2.3 Refresh header", _goods.make("header-refresh"), _header_refresh, "not_fetched", target="canary"),
        page_fault("redir", "2.3 /redir/file", _goods.make("redir-file"), _to("file:///etc/passwd"), absent=("root:",), **nowhere),
        page_fault(
            "redir",
            "2.3 /redir/data",
            _goods.make("redir-data"),
            _to("data:text/html,<div class=ArticleHeader>CANARY</div><div class=ArticleContent>CANARY</div>"),
            absent=("CANARY",),
            **nowhere,
        ),
        _away("redir-ftp", f"ftp://{here}", "ftp"),
        page_fault("redir", "2.3 /redir/loop", _goods.make("redir-loop"), _loop, max_requests=10, **nowhere),
        page_fault("redir", "2.3 /redir/infinite", _goods.make("redir-infinite"), _infinite, max_requests=10, **nowhere),
        page_fault("redir", "2.3 /redir/deleted-to-home", _goods.make("deleted-to-home"), _to("/"), note="missing, no article", **nowhere),
        page_fault(
            "redir",
            "2.3 /redir/login",
            _goods.make("redir-login"),
            _to(LOGIN + "?ReturnUrl={path}"),
            issues=("login", "not_article"),
            **nowhere,
        ),
        page_fault(
            "redir",
            "2.3 chain, harmless",
            _goods.make("redir-moved"),
            _moved,
            "article",
            note="control: 301 to the same article under another address of its site; must be stored",
        ),
    )
    return [Site("redir", faults, tuple(_goods.make("doi-chung") for _ in range(5)), hook=_login)]


async def _login(x: Exchange) -> bool:
    if x.path != LOGIN:
        return False
    await x.reply(markup.frame("Đăng nhập hệ thống", "<h1>Đăng nhập hệ thống</h1><form method=post><input name=user></form>"))
    return True
