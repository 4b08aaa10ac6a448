"""DNN (DotNetNuke), on Huế's departments (HueCIT), Thủ Dầu Một, police departments of Hà Nội and Quảng Nam (addresses, 2019–2024).

Recognise it by ``/Portals/0/``, ``/DesktopModules/``, ids and anchors ``dnn_ctr<N>_…``, ``body#Body``.

Declare: ``home``, ``sections``.

Identity: each news module of DNN has its own: ``?…&tc=22380`` (HueCIT: the address has nothing else), ``/newsid/<guid>``,
``/articleId/<n>``, ``/id/<n>``, ``?ArticleID=<n>``; else the address without what twins differ in, as for an unknown CMS.

Quirks:

* the markup is the module's, not DNN's, and no page of one has been seen by us: articles are read generically, and say so in
  ``layout`` (2026-11);
* parameters such as ``gd``, ``cn`` and ``tabid`` only say where on the site an article is shown.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from scraper.cms.generic import GenericSpider
from scraper.extract.generic import read_generic
from scraper.extract.page import Page
from scraper.items import Reading
from scraper.urls import tidy_url

_IN_PATH = re.compile(r"/(?:newsid|articleid|itemid|id|news)/([0-9a-f][0-9a-f-]{2,35})(?:/|$)", re.I)
_IN_QUERY = ("tc", "articleid", "newsid", "itemid")


class DnnSpider(GenericSpider):
    """A portal on DNN."""

    cms = "dnn"
    FINGERPRINT: ClassVar[tuple[str, ...]] = (
        '[id^="dnn_ctr"]',
        '[src*="/DesktopModules/"]',
        'body#Body [href*="/Portals/0/"]',
        'a[name^="dnn_ctr"]',
    )

    @classmethod
    def read_article(cls, page: Page, key: str) -> Reading:
        article, problems = read_generic(page, key, tidy_url(page.url), sure=cls._identity(page.url) is not None)
        problems += cls.check_date(page.url, article.published_at)
        return Reading(article=article, problems=problems)

    @classmethod
    def article_key(cls, url: str) -> str | None:
        return cls._identity(url) or super().article_key(url)

    @staticmethod
    def _identity(url: str) -> str | None:
        parts = urlsplit(url)
        query = {name.lower(): value for name, value in parse_qsl(parts.query)}
        for name in _IN_QUERY:
            if query.get(name):
                return query[name].lower()
        match = _IN_PATH.search(parts.path)
        return match[1].lower() if match else None
