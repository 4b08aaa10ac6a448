"""The CMS of VCCorp: congdankhuyenhoc.vn (the paper of Hội Khuyến học Việt Nam), and government papers with the same markup.

Recognise it by ``data-role="title|sapo|content|publishdate"``, ``.detail__cmain`` or ``.detail-cmain`` (public scrapers, 2022–2026).

Declare: ``home``, ``sections`` (``/khuyen-hoc.htm``, ``/cong-dan-hoc-tap.htm``).

Identity: an article is ``/<slug>-<number>.htm``; the number is the site's own and the moment of the article's making,
YYMMDDhhmmssmmm at its end (179221212174029264: 12/12/2022 17:40:29). A category has none.

Quirks:

* the lead (sapo) stands outside the content, where generic tools lose it;
* captions are ``.PhotoCMS_Caption``; related boxes and quizzes are set into the text (``.VCSortableInPreviewMode``);
* listings go on by script: such a section is capped, and says so.
"""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar
from urllib.parse import urlsplit

from scraper.extract.layout import Layout
from scraper.extract.page import Page
from scraper.items import Problem, Reading
from scraper.portal import PortalSpider

_ARTICLE = re.compile(r"-(\d{12,21})\.(?:htm|chn)$")
_MADE = re.compile(r"(\d\d)([01]\d)([0-3]\d)\d{9}$")


class VccorpSpider(PortalSpider):
    """A paper on VCCorp's CMS."""

    cms = "vccorp"
    FINGERPRINT: ClassVar[tuple[str, ...]] = (
        "[data-role=content]",
        ".detail__cmain",
        ".detail-cmain",
        ".box-category-content",
        ".box-category-item",
    )
    LAYOUTS: ClassVar[tuple[Layout, ...]] = (
        Layout(
            name="vccorp_detail",
            fingerprint=("h1.detail-title, h1[data-role=title], [data-role=title]", "[data-role=content], .detail__cmain, .detail-cmain"),
            title=("h1.detail-title", "h1[data-role=title]", "[data-role=title]"),
            date=("[data-role=publishdate]", ".detail-time", ".detail__time", "time"),
            lead=("[data-role=sapo]", ".detail-sapo", ".detail__sapo"),
            body=("[data-role=content]", ".detail-content", ".detail__content", ".detail__cmain", ".detail-cmain"),
            byline=("[data-role=author] .name", "[data-role=author]", ".detail-author", ".detail__author"),
            section=("[data-role=cate-name]", ".detail-cate a"),
            drop=(
                ".detail_related", ".detail-related", ".detail_comment", ".box-comment", ".box-category", ".detail-tag",
                '.VCSortableInPreviewMode[type^="Related"]', '.VCSortableInPreviewMode[type="Vote"]', ".kbwscwl-relatedbox",
                "[data-role=title]", "[data-role=sapo]", "[data-role=publishdate]", "[data-role=author]", "h1.detail-title",
                ".detail-sapo", ".detail-time", ".detail-author",
            ),
        ),
    )  # fmt: skip
    LISTING_LINKS: ClassVar[tuple[str, ...]] = (
        ".box-category-content a, .box-category-link-title, .box-category-item a",
        "h2 a, h3 a, h4 a",
        "a",
    )
    LISTING_TITLE: ClassVar[tuple[str, ...]] = (".list__cate-title", ".category-name", "h1")
    LISTING_DATE: ClassVar[str] = ".box-category-time, .time-ago"

    @classmethod
    def article_key(cls, url: str) -> str | None:
        match = _ARTICLE.search(urlsplit(url).path)
        return match[1] if match else None

    @classmethod
    def address_day(cls, url: str) -> date | None:
        match = _MADE.search(cls.article_key(url) or "")
        try:
            return date(2000 + int(match[1]), int(match[2]), int(match[3])) if match else None
        except ValueError:
            return None

    @classmethod
    def rank(cls, url: str) -> int:
        parts = urlsplit(url)
        return 2 if parts.path.startswith("/print/") else 1 if parts.query or (parts.hostname or "").startswith("m.") else 0

    @classmethod
    def read_listing(cls, page: Page) -> Reading:
        reading = super().read_listing(page)
        if reading.listing and reading.listing.links and page.root.css(".view-more, .list__viewmore, .box-stream-link-viewmore, .loadmore"):
            capped = Problem("listing_capped", "further pages open by script only")
            return Reading(listing=reading.listing, problems=(*reading.problems, capped))
        return reading
