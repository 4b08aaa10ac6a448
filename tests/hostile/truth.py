"""§2.6 Content truth: a portal that is good in phase 1 and lies in phase 2; in phase 3 its layout has changed.

``Hostile.control("phase", 2, site="truth")`` between two crawls. Archived articles are asked again after a day: the test moves
``frontier.due_at`` (or the clock) before the second crawl. ``boilerplate`` lies from the start, about articles never seen.
"""

from __future__ import annotations

from typing import Any

from . import markup
from .model import Fault, Good, Series, Serve
from .site import Site, page_fault
from .wire import Exchange

_goods = Series(48001)
_same_goods = Series(48201)
_EMPTY_PAGE = "Nội dung đang được cập nhật. Mời quý vị quay lại sau để theo dõi tin tức mới nhất của huyện. " * 3
_D1N = (
    '<html><body><script>document.cookie="D1N=9f4d5b6f0c0b7d9b5c7d3a6a8a6b2c1e"+"; expires=Fri, 31-Dec-2037 23:59:59 GMT; path=/";'
    "window.location.reload(true);</script></body></html>"
)


def _good(x: Exchange) -> Good:
    good = x.site.faulty[x.path].good
    assert good is not None
    return good


def _fixed(body: str, status: int = 200) -> Serve:
    async def serve(x: Exchange) -> None:
        await x.reply(body, status)

    return serve


async def _template_404(x: Exchange) -> None:
    """Not found, drawn with the article's own template."""
    good = _good(x)
    await x.reply(markup.article(good, title="Không tìm thấy trang", date="", body="<p>Không tìm thấy nội dung bạn yêu cầu.</p>"))


async def _empty(x: Exchange) -> None:
    await x.reply(markup.article(_good(x), title="", date="", body=""))


async def _empty_body(x: Exchange) -> None:
    await x.reply(markup.article(_good(x), body="<p>&nbsp;</p>"))


async def _half(x: Exchange) -> None:
    """The page ends in the middle of the first paragraph, with an honest length: the portal's own time-out."""
    page = markup.article(_good(x))
    await x.reply(page[: page.index("text-align: justify") + 140])


async def _same(x: Exchange) -> None:
    """Title and date are the article's, the body is the template's."""
    await x.reply(markup.article(_good(x), body=f"<p>{_EMPTY_PAGE}</p><p>Hội Khuyến học, quỹ khuyến học huyện.</p>"))


async def _login(x: Exchange) -> None:
    await x.redirect(f"/dang-nhap?ReturnUrl={x.path}")


async def _home(x: Exchange) -> None:
    await x.redirect("/")


_EDIT = "Tin cập nhật: Hội Khuyến học huyện vừa bổ sung thêm hai suất học bổng cho đợt này."


async def _edited(x: Exchange) -> None:
    good = _good(x)
    await x.reply(markup.article(good, body=f"{markup.body_of(good)}<p>{_EDIT}</p>"))


async def _as_before(x: Exchange) -> None:
    await x.reply(markup.article(_good(x)))


def _rows() -> list[tuple[str, Serve, str, dict[str, Any]]]:
    form = '<form method="post"><input name="user"><input name="pass" type="password"></form>'
    return [
        (
            "maintenance",
            _fixed(markup.plain("Hệ thống đang bảo trì", "Mời quý vị quay lại sau.")),
            "maintenance",
            {"issues": ("maintenance",)},
        ),
        ("maintenance-503", _fixed(markup.plain("Hệ thống đang bảo trì", "Quay lại sau."), 503), "maintenance, 503", {}),
        ("login", _fixed(markup.frame("Đăng nhập hệ thống", f"<h1>Đăng nhập hệ thống</h1>{form}")), "login", {"issues": ("login",)}),
        ("login-redirect", _login, "login by redirect", {"issues": ("login", "not_article")}),
        ("soft-404", _fixed(markup.plain("Không tìm thấy trang", "Trang bạn tìm không tồn tại.")), "soft-404", {"issues": ("soft_404",)}),
        ("soft-404-template", _template_404, "soft-404 in the article's template", {}),
        ("challenge-d1n", _fixed(_D1N), "challenge D1N", {"issues": ("challenge",)}),
        ("empty-template", _empty, "empty template", {}),
        ("empty-body", _empty_body, "empty template with title and date", {"issues": ("body_empty", "half_page")}),
        ("half-page", _half, "half page", {"issues": ("half_page",)}),
        ("same-body-1", _same, "same body under ≥ 3 URLs", {"note": "with same-body-2 and -3, all refused"}),
        ("same-body-2", _same, "same body under ≥ 3 URLs", {}),
        ("same-body-3", _same, "same body under ≥ 3 URLs", {}),
        ("later-404", _fixed(markup.plain("404", "Không có."), 404), "404 later", {"note": "missing; text kept"}),
        ("later-410", _fixed(markup.plain("410", "Đã gỡ."), 410), "410 later", {"note": "gone at once; text kept"}),
        ("later-home", _home, "redirect-home later", {"note": "missing; text kept"}),
    ]


async def _phase_3(x: Exchange) -> bool:
    """Other class names on every article page: the layout has changed."""
    site = x.site
    if x.path == "/dang-nhap":
        await x.reply(markup.plain("Đăng nhập hệ thống", "Bạn cần đăng nhập."))
        return True
    good = site.articles.get(x.path) or (site.faulty[x.path].good if x.path in site.faulty else None)
    if site.phase < 3 or good is None:
        return False
    page = markup.article(good)
    for old, new in (("ModuleContent", "mod"), ("ArticleHeader", "tieu-de"), ("ArticleContent", "noi-dung"), ("PostDate", "ngay")):
        page = page.replace(f'"{old}"', f'"{new}"')
    await x.reply(page)
    return True


def sites() -> list[Site]:
    """``truth`` and ``boilerplate``."""
    faults = []
    for name, serve, row, rest in _rows():
        good = _goods.make(name)
        rest.setdefault("note", "the text of phase 1 stays")
        faults.append(
            page_fault(
                "truth", f"2.6 {row}", good, serve, "refused", title=good.title, text=good.text, fragments=good.paragraphs, phase=2, **rest
            )
        )
    edited = _goods.make("edited")
    text = f"{edited.text}\n\n{_EDIT}"
    faults.append(page_fault("truth", "2.6 edited later", edited, _edited, "article", text=text, phase=2, note="a second revision"))
    same = _goods.make("unchanged")
    faults.append(page_fault("truth", "2.6 unchanged", same, _as_before, "article", phase=2, note="no second revision"))
    faults.append(
        Fault(
            "layout-change",
            "2.6 whole-site layout change",
            "truth",
            None,
            "refused",
            issues=("layout_changed",),
            phase=3,
            note="in phase 3 every article page has lost its fingerprint: alarm (non-zero exit), no stored text changed",
        )
    )
    boiler = [
        page_fault("boilerplate", "2.6 same body under ≥ 3 URLs, never seen before", _same_goods.make(f"same-new-{n}"), _same, "refused")
        for n in range(1, 5)
    ]
    return [
        Site("truth", tuple(faults), tuple(_goods.make("doi-chung") for _ in range(4)), hook=_phase_3),
        Site("boilerplate", tuple(boiler), tuple(_same_goods.make("doi-chung") for _ in range(3))),
    ]
