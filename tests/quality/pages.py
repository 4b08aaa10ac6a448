"""240 labelled pages: every template × the dates it prints × the traps of real portals. Always the same ones."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime

from scraper.extract.text import squash
from tests.replica.compose import Newsroom
from tests.replica.model import VN, Block, Draft
from tests.replica.vocab import QUANG_TRI, THACH_AN
from tests.templates import government, liferay, open_source, papers
from tests.templates.model import CLOCKS, DATES, DAY_ONLY, News, Template

COUNT = 240
HOME = "http://vi-du.gov.vn"
TEMPLATES: tuple[Template, ...] = (*liferay.TEMPLATES, *government.TEMPLATES, *open_source.TEMPLATES, *papers.TEMPLATES)
MIDNIGHT, ABSENT, YEARLESS, FUTURE, EPOCH = range(7, 12)
"""The rounds in which the date is a trap; in those before it is an honest one."""
STYLES = ("plain", "word", "br", "div", "plain", "word", "plain")
EVENT = "Căn cứ Công văn số 387/QĐ-UBND ngày 03/02/2019, sáng 9/11, hội nghị đã diễn ra trong không khí phấn khởi."
"""A first sentence with the dates of a document and of an event."""


@dataclass(frozen=True)
class Labelled:
    """One page and what must come out of it. ``forbidden``: what may stand in no field."""

    template: Template
    url: str
    html: str
    title: str
    text: str
    lead: str
    byline: str | None
    published_at: str | None
    captions: tuple[str, ...]
    files: tuple[str, ...]
    forbidden: tuple[str, ...]
    trap: str


def pages() -> list[Labelled]:
    """All pages."""
    rooms = [Newsroom(2026, QUANG_TRI), Newsroom(2027, THACH_AN)]
    drafts = [draft for room in rooms for draft in room.many(COUNT)]
    return [_page(number, drafts[number], drafts[number + COUNT : number + COUNT + 3]) for number in range(COUNT)]


def _page(number: int, draft: Draft, others: list[Draft]) -> Labelled:
    template = TEMPLATES[number % len(TEMPLATES)]
    turn = number // len(TEMPLATES)
    dice = random.Random(number)
    form = template.dates[turn % len(template.dates)]
    news = News(
        number=1001000 + number,
        title=draft.title,
        lead=draft.lead,
        blocks=tuple([Block("p", EVENT), *draft.blocks] if dice.random() < 0.3 else draft.blocks),
        byline="" if dice.random() < 0.25 else draft.byline,
        when=draft.when,
        printed=DATES[form](draft.when),
        source="Báo Cao Bằng" if dice.random() < 0.2 else "",
        file="ke-hoach-khuyen-hoc.pdf" if dice.random() < 0.15 else "",
        related=tuple((other.title, f"{other.when:%d/%m/%Y}") for other in others),
        style=STYLES[turn % len(STYLES)],
        clock=CLOCKS[number % len(CLOCKS)] if number % 2 else "",
    )
    news, trap = _trapped(news, turn, form)
    own_time = template.cms != "generic" or trap in ("", "midnight")
    html = template.article(news)
    if not own_time:
        html = html.replace('property="article:published_time"', 'property="article:tag"')
    title = squash(news.title.upper() if template.cms == "cao_bang" else news.title)
    return Labelled(
        template=template,
        url=HOME + template.path(news),
        html=html,
        title=title,
        text=squash(" ".join([news.lead, *news.paragraphs] if _prints_lead(template) else news.paragraphs)),
        lead=squash(news.lead) if _prints_lead(template) else "",
        byline=_byline(template, news),
        published_at=_truth(template, news, trap, form),
        captions=tuple(news.captions),
        files=(f"{HOME}/upload/{news.file}",) if news.file else (),
        forbidden=(
            *(title for title, _ in news.related),
            *news.captions,
            "Lượt xem",
            "Giấy phép số",
            "Đang truy cập",
            "Chia sẻ",
            "Soạn bài",
        ),
        trap=trap,
    )


def _trapped(news: News, turn: int, form: str) -> tuple[News, str]:
    if turn == MIDNIGHT:
        when = news.when.replace(hour=0, minute=0)
        return replace(news, when=when, printed=DATES[form](when)), "midnight"
    if turn == ABSENT:
        return replace(news, printed=""), "absent"
    if turn == YEARLESS:
        return replace(news, printed=f"Ngày {news.when.day}/{news.when.month}"), "yearless"
    if turn == FUTURE:
        return replace(news, printed=DATES[form](datetime(2036, 5, 6, 9, 15, tzinfo=VN))), "future"
    if turn == EPOCH:
        return replace(news, printed=DATES[form](datetime(1970, 1, 1, 7, 0, tzinfo=VN))), "epoch"
    return news, ""


def _truth(template: Template, news: News, trap: str, form: str) -> str | None:
    if trap in ("", "midnight"):
        day_only = trap == "midnight" or form in DAY_ONLY
        return news.when.date().isoformat() if day_only else news.when.isoformat(timespec="seconds")
    # Thanh Hóa's address holds the day; no other page says anything that is true.
    return news.when.date().isoformat() if template.cms == "aspnet_portal" else None


def _prints_lead(template: Template) -> bool:
    return template.name != "asset_7"


def _byline(template: Template, news: News) -> str | None:
    return squash(news.byline) or None
