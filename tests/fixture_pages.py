"""Fixtures of portals whose pages a template prints: the portal's own addresses, invented news, one twin.

A portal of a family has a line in :data:`PORTALS`; the addresses of its articles are given where they are known to differ
from the template's.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from scraper.portal import portals
from tests.quality.pages import TEMPLATES
from tests.replica.compose import Newsroom
from tests.replica.model import Draft
from tests.replica.site import Answer
from tests.replica.vocab import QUANG_TRI
from tests.templates.model import DATES, News, Template

ON_TOPIC, OFF_TOPIC = 2, 1
Address = Callable[[News], str]


def _path(form: str) -> Address:
    """An address out of ``{slug}``, ``{Slug}`` (as SharePoint writes it) and ``{number}``."""
    return lambda news: form.format(slug=news.slug, Slug=news.slug.title(), number=news.number)


@dataclass(frozen=True)
class Dressed:
    """The template of a portal's pages; ``path``: its articles' addresses, the template's own by default."""

    template: str
    path: str | None = None


PORTALS: dict[str, Dressed] = {
    "an_giang_hoi_khuyen_hoc": Dressed("article_element"),
    "bac_ninh": Dressed("vcms"),
    "binh_duong_thu_dau_mot": Dressed("hue"),
    "ca_mau_th_quang_trung": Dressed("vhv"),
    "cao_bang_ha_lang": Dressed("cao_bang"),
    "cao_bang_quang_hoa": Dressed("cao_bang"),
    "cao_bang_thanh_pho": Dressed("cao_bang"),
    "cao_bang_tinh_doan": Dressed("classic", "/index.php/tin-tuc/{slug}-{number}.html"),
    "cao_bang_trung_khanh": Dressed("cao_bang"),
    "dak_lak": Dressed("dak_lak", "/web/guest/tin-tuc/-/asset_publisher/aBcD/content/{slug}"),
    "dak_lak_buon_ma_thuot": Dressed("dak_lak", "/-/{slug}"),
    "dak_nong_krong_no": Dressed("dak_nong"),
    "dak_nong_thanh_tra": Dressed("dak_nong"),
    "ha_tinh": Dressed("tables", "/vi/bai-viet/{slug}"),
    "ha_tinh_cam_hung": Dressed("version_3", "/tin-tuc/{slug}-{number}.html"),
    "ha_tinh_nong_thon_moi": Dressed("article_element", "/Khoa-hoc-cong-nghe/{Slug}-{number}.html"),
    "hai_duong_bao": Dressed("meta", "/khuyen-hoc/{slug}-{number}"),
    "lam_dong": Dressed("dak_nong", "/HOME/news/hotnews/SitePages/{Slug}.aspx"),
    "nghe_an": Dressed("tables", "/tin-noi-bat/{slug}-{number}"),
    "nghe_an_cong_an": Dressed("meta", "/thong-tin-chuyen-de/canh-bao-toi-pham/202503/{slug}-{number}/"),
    "nghe_an_hung_tan": Dressed("egov", "/tin-tuc/{slug}-{number}.html"),
    "nghe_an_quang_chau": Dressed("tables", "/tin-noi-bat/{slug}-{number}"),
    "quang_binh": Dressed("view_article"),
    "quang_tri_cong_an": Dressed("tagdiv"),
    "quang_tri_dien_sanh": Dressed("view_article"),
    "quang_tri_mttq": Dressed("classic", "/index.php/van-hoa-van-nghe/{slug}-{number}.html"),
    "quang_tri_so_nnmt": Dressed("view_article"),
    "quang_tri_trieu_co": Dressed("view_article"),
    "quang_tri_truong_le_duan": Dressed("egov", "/vi/news/Tin-hoat-dong-nha-truong/{slug}-{number}.html"),
    "thai_binh": Dressed("vhv"),
    "thai_nguyen_song_cong": Dressed("vhv"),
    "thanh_hoa": Dressed("thanh_hoa"),
    "thanh_hoa_dbnd": Dressed("thanh_hoa"),
    "thanh_hoa_muong_lat": Dressed("thanh_hoa"),
    "thanh_hoa_quang_xuong": Dressed("thanh_hoa"),
    "thua_thien_hue": Dressed("hue"),
    "thua_thien_hue_so_nnptnt": Dressed("hue"),
    "tuyen_quang": Dressed("asset_7", "/chi-tiet-tin/-/asset_publisher/aBcD/content/id/{number}"),
    "viet_nam_cong_dan_khuyen_hoc": Dressed("cong_dan_khuyen_hoc"),
}
# What one more address of an article has, by the names of templates: its print, or what a portal's own links add.
_TWINS = {"cao_bang": ("/van-hoaxa-hoi/", "/in-bai/"), "vhv": (".html", ".html?isFeatured=1")}


def template(name: str) -> Template:
    """The template of that name; NukeViet's and WordPress's both have a “classic”, and portals here use NukeViet's."""
    by_name = {each.name: each for each in reversed(TEMPLATES)}
    return next(each for each in TEMPLATES if each.cms == "nukeviet" and each.name == name) if name == "classic" else by_name[name]


def maker(name: str) -> Callable[[], list[tuple[str, Answer]]]:
    """The maker of one portal's fixture."""
    return lambda: pages(name)


def news_of(name: str) -> list[News]:
    """The invented news of a portal's fixture, newest first."""
    chosen = template(PORTALS[name].template)
    return [_news(number, draft, chosen) for number, draft in enumerate(_drafts(name))]


def address_of(name: str, news: News) -> str:
    """Where the portal has an article."""
    dressed = PORTALS[name]
    path = _path(dressed.path)(news) if dressed.path else template(dressed.template).path(news)
    return portals()[name].home.rstrip("/") + path


def pages(name: str) -> list[tuple[str, Answer]]:
    """Every section with the same three articles, the articles, and a twin of the first."""
    portal, dressed = portals()[name], PORTALS[name]
    chosen = template(dressed.template)
    address = _path(dressed.path) if dressed.path else chosen.path
    news = news_of(name)
    listing = chosen.listing(news, 1, 1)
    for one in news:
        listing = listing.replace(f'href="{html.escape(chosen.path(one))}"', f'href="{html.escape(address(one))}"')
    home = portal.home.rstrip("/")
    found = [(url, _answer(listing)) for url in portal.facts().sections]
    found += [(home + address(one), _answer(chosen.article(one))) for one in news]
    return [*found, (home + _twin(address(news[0]), dressed.template), _answer(chosen.article(news[0])))]


def _drafts(name: str) -> list[Draft]:
    """The first news of a newsroom of the portal's own: two on topic and one off."""
    room = Newsroom(sum(name.encode()), QUANG_TRI)
    drafts = room.many(12)
    kept = [draft for draft in drafts if draft.on_topic][:ON_TOPIC] + [draft for draft in drafts if not draft.on_topic][:OFF_TOPIC]
    return sorted(kept, key=lambda draft: draft.when, reverse=True)


def _news(number: int, draft: Draft, chosen: Template) -> News:
    return News(
        number=204100 + 7 * number,
        title=draft.title,
        lead=draft.lead,
        blocks=tuple(draft.blocks),
        byline=draft.byline,
        when=draft.when,
        printed=DATES[chosen.dates[number % len(chosen.dates)]](draft.when),
        related=(("Hội nghị giao ban công tác tuần", "02/03/2019"),),
    )


def _twin(path: str, name: str) -> str:
    if name in _TWINS:
        return path.replace(*_TWINS[name])
    return f"{path}{'&' if urlsplit(path).query else '?'}print=1"


def _answer(page: str) -> Answer:
    return Answer(200, [("Server", "nginx"), ("Content-Type", "text/html; charset=utf-8")], page.encode())
