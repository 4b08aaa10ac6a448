"""§2.6 Listing traps: pages of links without end. Each is a site of its own; its few articles are good and must be stored."""

from __future__ import annotations

from secrets import token_hex

from . import markup
from .model import SECTION, Expect, Fault, Good, Hook, Series, Serve
from .site import Site
from .wire import Exchange

_goods = Series(49001)
LABEL = markup.LISTINGS[SECTION]


def _trap(
    name: str,
    row: str,
    budget: int,
    note: str,
    *,
    hook: Hook | None = None,
    first: Serve | None = None,
    goods: tuple[Good, ...] | None = None,
) -> Site:
    goods = goods or tuple(_goods.make("bay") for _ in range(4))
    text = (goods[0].title, goods[0].text, goods[0].published_at)
    fault = Fault(name, f"2.6 {row}", name, None, "article", *text, max_requests=budget, note=note, good=goods[0])
    return Site(name, (fault,), goods, hook=hook, first=first)


def _goods_of(x: Exchange) -> str:
    return markup.items(x.site.controls)


async def _endless(x: Exchange) -> bool:
    """Whatever the number: the same articles, and a next page."""
    head, _, last = x.path.rpartition("/")
    if x.path != SECTION and head != f"{SECTION}/page":
        return False
    number = int(last) if last.isdigit() else 1
    near = [(f"{SECTION}/page/{n}", str(n)) for n in range(max(1, number - 2), number + 4) if n != number]
    await x.reply(markup.listing(LABEL, _goods_of(x), markup.pager(near, str(number))))
    return True


async def _calendar(x: Exchange) -> bool:
    """A month of days beside the articles; each day is a page of the listing's looks that leads to more days."""
    if x.path != SECTION and not x.path.startswith("/lich/"):
        return False
    month = int(x.query.rpartition("=")[2] or 0)
    days = "".join(f'<td><a href="/lich/ngay-{day}?thang={month}">{day}</a></td>' for day in range(1, 31))
    turn = f'<a href="/lich/thang?thang={month + 1}">tháng sau</a><a href="/lich/thang?thang={month - 1}">tháng trước</a>'
    calendar = f'<table class="Calendar"><tr>{days}</tr></table>{turn}'
    entries = _goods_of(x) if x.path == SECTION else ""
    page = markup.pager([(f"/lich/thang?thang={month + 1}", "2")])
    await x.reply(markup.listing(LABEL, entries + calendar, page))
    return True


async def _sessions(x: Exchange) -> bool:
    """Every answer gives every link a session of its own, in each of the ways."""
    path, _, _ = x.path.partition(";")
    if path.startswith("/(S("):
        path = "/" + path.partition("))/")[2]
    if not path.startswith(SECTION):
        return False
    number = int(path.rpartition("/page/")[2]) if "/page/" in path else 1
    known = {good.path: good for good in x.site.controls}
    if path in known:
        await x.reply(markup.article(known[path]))
        return True
    rows = []
    for good in x.site.controls:
        session = token_hex(12)
        ways = (
            f"{good.path};jsessionid={session}",
            f"{good.path}?PHPSESSID={session}",
            f"/(S({session})){good.path}",
            f"{good.path}?fbclid={session}",
        )
        rows += [markup.item(way, good.title) for way in ways]
    following = f"{SECTION}/page/{number % 3 + 1}?PHPSESSID={token_hex(12)}"
    await x.reply(markup.listing(LABEL, "".join(rows), markup.pager([(following, str(number + 1))], str(number))))
    return True


async def _itself(x: Exchange) -> None:
    """The next page is this page, written in five ways."""
    pages = [(SECTION, "2"), (f"{SECTION}?", "2"), (f"{SECTION}#2", "2"), (f"/.{SECTION}", "2"), (f"{SECTION}?utm_source=trang2", "2")]
    await x.reply(markup.listing(LABEL, _goods_of(x), markup.pager(pages)))


async def _relative(x: Exchange) -> bool:
    """A relative next page that grows with every step: page/2, page/page/2, …"""
    if not x.path.startswith(f"{SECTION}/page") and x.path != SECTION:
        return False
    depth = x.path.count("/page")
    following = f"{SECTION.strip('/')}/page/" if depth == 0 else "page/"
    await x.reply(markup.listing(LABEL, _goods_of(x), markup.pager([(following, str(depth + 2))], str(depth + 1))))
    return True


async def _strangers(x: Exchange) -> None:
    """Links that look like articles and lead to the canary, or are no links."""
    port = x.site.urls["canary"].rpartition(":")[2]
    own = x.site.urls[x.site.name].rpartition("/")[2]
    path = f"{SECTION}/nguoi-la-"
    away = [
        f"http://127.0.0.1:{port}{path}49901",
        f"//127.0.0.1:{port}{path}49902",
        f"http://localhost:{port}{path}49903",
        f"http://{own}@127.0.0.1:{port}{path}49904",
        f"http://[::1]:{port}{path}49905",
        f"http:\\\\127.0.0.1:{port}{path}49906",
        f"http://0x7f.1:{port}{path}49907",
        f"ftp://127.0.0.1:{port}{path}49908",
        "file:///etc/passwd-49909",
        f"javascript:location='http://127.0.0.1:{port}{path}49910'",
        "data:text/html,bai-49911",
        "mailto:vanphong@thachan.invalid",
        f"http://127.0.0.1:99999{path}49912",
        f"http://[::1{path}49913",
        "#",
        "",
        "   ",
    ]
    rows = "".join(markup.item(href, f"Hội Khuyến học, đường dẫn lạ {number}") for number, href in enumerate(away))
    page = markup.pager([(f"http://127.0.0.1:{port}{SECTION}/page/2", "2")])
    await x.reply(markup.listing(LABEL, rows + _goods_of(x), page))


async def _many(x: Exchange) -> None:
    """50,000 links to four articles."""
    goods = x.site.controls
    rows = (f'<div class="NewsItem"><a href="{goods[n % 4].path}?fbclid={n:x}">Hội Khuyến học</a></div>' for n in range(50_000))
    await x.reply(markup.listing(LABEL, "".join(rows)))


async def _many_different(x: Exchange) -> None:
    """50,000 articles that are not there."""
    rows = (f'<div class="NewsItem"><a href="{SECTION}/khong-co-{500_000 + n}">Hội Khuyến học {n}</a></div>' for n in range(50_000))
    await x.reply(markup.listing(LABEL, _goods_of(x) + "".join(rows)))


async def _script_pager(x: Exchange) -> None:
    """Further pages by javascript: only."""
    await x.reply(
        markup.listing(LABEL, _goods_of(x), markup.pager([("javascript:__doPostBack('p','2')", "2"), ("javascript:void(0)", "»")]))
    )


def sites() -> list[Site]:
    """``trap-*``. ``max_requests`` counts every request of one crawl but robots.txt: pages of listings and the articles."""
    expect: Expect = "capped"
    different = _goods.make("bay")
    flood = Fault(
        "trap-50000-articles",
        "2.6 50,000 different links",
        "trap-50000-articles",
        None,
        expect,
        max_requests=2_000,
        slow=True,
        note="each answers 404: a crawl must give up on a site where nothing is right, and say so (bad verdict)",
        good=different,
    )
    return [
        _trap("trap-pager", "endless pager, no new links", 12, "stop after 2 listing pages with nothing new", hook=_endless),
        _trap("trap-calendar", "calendar", 12, "per-pattern budget: no walk through the months", hook=_calendar),
        _trap("trap-sessions", "session ids in links", 12, "each article asked once, under its address without session", hook=_sessions),
        _trap("trap-itself", "self-referencing pages", 12, "the next page is this one", first=_itself),
        _trap("trap-relative", "deep relative paths", 12, "page/page/page/…", hook=_relative),
        _trap(
            "trap-strangers", "links to other hosts, javascript:", 9, "no hit at the canary; the walk ends or is said to", first=_strangers
        ),
        _trap("trap-script-pager", "javascript: pager", 8, "issue listing_capped", first=_script_pager),
        _trap("trap-50000-links", "50,000 links to 4 articles", 8, "each article asked once", first=_many),
        Site("trap-50000-articles", (flood,), (different,), first=_many_different),
    ]
