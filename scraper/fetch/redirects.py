"""Redirects are followed, and no portal is told how we came to a page.

Scrapy's own part for the latter obeys the portal: the Referrer-Policy of an answer goes before our setting (2.19, 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class RedirectsMiddleware(RedirectMiddleware):
    """Scrapy's, that does not look for the part that sets a Referer, and does not warn that it is not there."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        made = cls(crawler.settings)
        made.crawler = crawler
        return made
