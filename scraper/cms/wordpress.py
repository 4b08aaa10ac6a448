"""WordPress, on police departments, unions and associations (congan.quangtri.gov.vn: tagDiv's Newspaper, a public scraper, 2024).

Recognise it by ``/wp-content/`` and ``/wp-includes/`` in the page's own links, ``<meta name="generator" content="WordPress …">``.

Declare: ``home``, ``sections`` (``/category/<slug>/``, or its feed ``/category/<slug>/feed/``); ``search = True`` walks
``/?s=khuyến+học``, which sorts by how well a title fits, then by date.

Identity: an article's slug is its own on the whole site, whatever folders (dates, categories) stand before it; ``?p=<id>`` is the
short address and leads to the slug by a redirect. ``/amp/``, ``?replytocom=`` and ``?print=`` are twins.

Quirks:

* of two dates (``time.published``, ``time.updated``) the first is the publication; the visible text is what is read. tagDiv marks
  its only date ``entry-date updated``;
* the author printed is the account that typed the article in, not who wrote it: the byline is the article's own last line;
* sharing, related and author boxes are set into the content by plugins.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from scraper.cms.addresses import is_slug, page_number
from scraper.extract.layout import Layout
from scraper.extract.page import Page
from scraper.portal import PortalSpider
from scraper.urls import site_of, tidy_url

_NO_ARTICLE = re.compile(r"^(?:category|tag|author|page|feed|comments|wp-.*|chuyen-muc|tu-khoa|tac-gia|lien-he|search|attachment)$")
_DROP = (
    ".sharedaddy", ".jp-relatedposts", ".td-post-sharing", ".td_block_related_posts", ".td-author-name-vcard", ".td-a-rec", ".yarpp",
    ".addtoany_share_save_container", ".post-tags", ".tagcloud", ".related-posts", ".author-box", ".wp-block-post-author",
    ".kk-star-ratings", ".heateor_sss_sharing_container", ".entry-meta", ".entry-footer", ".post-views", ".comments-area", "#comments",
    ".crp_related", ".rp4wp-related-posts",
)  # fmt: skip


class WordPressSpider(PortalSpider):
    """A portal on WordPress."""

    cms = "wordpress"
    FINGERPRINT: ClassVar[tuple[str, ...]] = (
        'meta[name=generator][content^="WordPress"]',
        'link[href*="/wp-content/"]',
        'script[src*="/wp-includes/"]',
        'link[rel="https://api.w.org/"]',
    )
    FEEDS: ClassVar[tuple[str, ...]] = ("/feed/", "/wp-sitemap.xml", "/sitemap_index.xml")
    SEARCH = "/?s={words}"
    LAYOUTS: ClassVar[tuple[Layout, ...]] = (
        Layout(
            name="wordpress_tagdiv",
            fingerprint=("h1.entry-title, h1.tdb-title-text", ".td-post-content, .tdb_single_content"),
            title=("h1.entry-title", "h1.tdb-title-text"),
            date=(".td-post-title time.entry-date", "time.entry-date"),
            lead=(".td-post-sub-title", ".tdb_single_subtitle"),
            body=(".td-post-content", ".tdb_single_content .tdb-block-inner"),
            section=(".td-category a", ".entry-crumbs .td-bred-no-url-last", ".entry-category a"),
            pictures=(".td-post-featured-image img",),
            drop=_DROP,
        ),
        Layout(
            name="wordpress_blocks",
            fingerprint=("h1.wp-block-post-title", ".wp-block-post-content"),
            title=("h1.wp-block-post-title",),
            date=(".wp-block-post-date time:not(.updated)",),
            lead=(".wp-block-post-excerpt",),
            body=(".wp-block-post-content",),
            section=(".wp-block-post-terms a",),
            pictures=(".wp-block-post-featured-image img",),
            drop=_DROP,
        ),
        Layout(
            name="wordpress_classic",
            fingerprint=("h1.entry-title, .entry-header h1, h1.post-title", ".entry-content, .post-content"),
            title=("h1.entry-title", "h1.post-title", ".entry-header h1"),
            date=("time.published", "time.entry-date", ".posted-on time:not(.updated)", "span.entry-date", ".post-date", ".meta-date"),
            lead=(".entry-excerpt", ".entry-summary"),
            body=(".entry-content", ".post-content"),
            section=(".cat-links a", ".entry-category a", ".breadcrumb a:last-of-type"),
            pictures=(".entry-image img", ".post-thumbnail img"),
            drop=_DROP,
        ),
    )
    LISTING_LINKS: ClassVar[tuple[str, ...]] = (
        ".td-module-container .entry-title a, .td_module_wrap .entry-title a",
        ".wp-block-post-title a",
        ".entry-title a, .post-title a",
        "article h2 a, article h3 a, article h4 a",
        "a",
    )
    LISTING_TITLE: ClassVar[tuple[str, ...]] = ("h1.page-title", "h1.entry-title", "h1.archive-title", ".wp-block-query-title", "h1")
    LISTING_DATE: ClassVar[str] = "time.entry-date, .wp-block-post-date, .post-date"

    @classmethod
    def article_key(cls, url: str) -> str | None:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        path = [unquote(part).lower() for part in parts.path.split("/") if part]
        if not path and query.get("p", "").isdigit():
            return f"p{query['p']}"
        if path and path[-1] == "amp":
            path.pop()
        if not path or "s" in query or page_number(url) is not None or any(_NO_ARTICLE.match(part) for part in path):
            return None
        stem = re.sub(r"\.html?$", "", path[-1])
        return stem if is_slug(stem, ended=stem != path[-1] or len(path) > 2) else None

    @classmethod
    def rank(cls, url: str) -> int:
        parts = urlsplit(url)
        return 2 if "print" in parts.query else 1 if parts.query or parts.path.rstrip("/").endswith("/amp") else 0

    @classmethod
    def next_pages(cls, page: Page) -> tuple[str, ...]:
        wanted = (page_number(page.url) or 1) + 1
        for href in page.hrefs("link[rel=next], a.next, .page-nav a, .pagination a, .nav-links a, .wp-block-query-pagination-next"):
            url = page.absolute(href)
            if url and page_number(url) == wanted and site_of(url) == site_of(page.url):
                return (tidy_url(url),)
        return ()
