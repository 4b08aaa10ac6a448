"""Layouts of Liferay that no page was seen of: from public scrapers and source code (2026-11).

Đắk Lắk (``nd_detail``), VCMS of Vietsoftware (Hòa Bình, departments of Hà Nội), Đà Nẵng (``?dinhdanh=``), Liferay 7's own.
Tried in this order; Liferay 7's matches the most pages, so it is the last.
"""

from __future__ import annotations

from scraper.extract.layout import Layout

OTHER_LAYOUTS = (
    Layout(
        name="liferay_dak_lak",
        fingerprint=(".nd_detail_chitiet", ".nd_detail_chitiet .journal-content-article, .nd_detail_chitiet .asset-content"),
        title=(".nd_detail_chitiet h1", ".nd_detail_chitiet h2 b", ".nd_detail_chitiet h2"),
        date=(".nd_detail_chitiet h2 span", ".nd_detail_chitiet .date"),
        lead=(".nd_detail_chitiet .sapo",),
        body=(".nd_detail_chitiet .journal-content-article", ".nd_detail_chitiet .asset-content"),
        drop=(".asset-metadata", ".related_asset", ".asset-ratings"),
    ),
    Layout(
        name="liferay_vcms",
        fingerprint=("#titleDetail, h3.wd-tlh3-4", "#contentDetail, .wd-content-detail"),
        title=("#titleDetail", "h3.wd-tlh3-4"),
        date=("span.date_time", "p.wd-date"),
        lead=("#leadDetail", ".wd-sapo"),
        body=("#contentDetail", ".wd-content-detail"),
        byline=("p.wd-actor",),
        credits=(".author", ".source"),
        drop=("ul.wd-other-news", "p.wd-actor", ".author", ".source"),
    ),
    Layout(
        name="liferay_da_nang",
        fingerprint=(".title-article", ".the-article-body"),
        title=(".title-article h1", ".title-article"),
        date=(".the-article-timecreate",),
        lead=(".the-article-summary",),
        body=(".the-article-body",),
        drop=(".viewcount", ".the-article-related"),
    ),
    Layout(
        name="liferay_7_asset",
        fingerprint=(
            ".asset-full-content .header-title, .asset-content .asset-title, .portlet-asset-publisher .header-title",
            ".asset-content",
        ),
        title=(".header-title", ".asset-content .asset-title"),
        date=(".metadata-publish-date", ".asset-metadata .metadata-entry", ".asset-info .date-info"),
        lead=(".asset-content .sapo", ".asset-content .asset-summary"),
        body=(".asset-content .journal-content-article", ".asset-content"),
        drop=(
            ".asset-metadata",
            ".asset-ratings",
            ".asset-links",
            ".asset-related",
            ".related_asset",
            ".asset-flag",
            ".asset-user-info",
            ".view-content-author",
            ".asset-discussion",
            ".header-title",
            ".asset-title",
            ".taglib-social-bookmarks",
            ".sapo",
        ),
    ),
)
