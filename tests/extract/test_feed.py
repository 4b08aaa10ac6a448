"""Feeds and sitemaps of the CMSs we know, whole and broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.feed import Entry, is_feed, read_feed

RSS = """<?xml version="1.0" encoding="utf-8"?>
<!-- nukeviet -->
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Tin tức &amp; sự kiện</title><link>https://a.gov.vn/news/</link>
<item><title><![CDATA[Trao học bổng &quot;Vượt khó&quot;]]></title><link>https://a.gov.vn/news/khuyen-hoc/trao-hoc-bong-12.html</link>
<guid isPermaLink="false">news_12</guid><pubDate>Sun, 11 Dec 2022 18:12:00 GMT</pubDate></item>
<item><title>Không ngày</title><link>https://a.gov.vn/news/khuyen-hoc/khong-ngay-13.html</link><pubDate>hôm nay</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Cổng</title>
<entry><title>Một</title><link rel="self" href="https://a.vn/x.atom"/><link href="https://a.vn/1"/><published>2022-12-11T23:30:00+07:00</published></entry>
</feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://a.vn/news/mot-1.html </loc><lastmod>2022-12-11</lastmod><news:news><news:title>Một</news:title></news:news></url>
<url><loc>https://a.vn/news/hai-2.html</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://a.vn/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>
<sitemap><loc>https://a.vn/new.xml</loc><lastmod>2022-01-01T00:00:00+07:00</lastmod></sitemap></sitemapindex>"""


def test_rss() -> None:
    feed = read_feed(RSS)
    assert (feed.kind, feed.title) == ("feed", "Tin tức & sự kiện")
    # 18:12 in London is the next day here
    assert feed.entries[0] == Entry("https://a.gov.vn/news/khuyen-hoc/trao-hoc-bong-12.html", 'Trao học bổng "Vượt khó"', "2022-12-12")
    assert feed.entries[1].day is None


def test_atom_takes_the_page_and_not_the_feed() -> None:
    assert read_feed(ATOM).entries == (Entry("https://a.vn/1", "Một", "2022-12-11"),)


def test_sitemap() -> None:
    feed = read_feed(SITEMAP)
    assert feed.kind == "sitemap"
    assert feed.entries == (Entry("https://a.vn/news/mot-1.html", "Một", "2022-12-11"), Entry("https://a.vn/news/hai-2.html", "", None))


def test_index_has_the_newest_first() -> None:
    feed = read_feed(INDEX)
    assert (feed.kind, [entry.url for entry in feed.entries]) == ("index", ["https://a.vn/new.xml", "https://a.vn/old.xml"])


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html><body><rss></rss></body></html>",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="http://www.w3.org/1999/xhtml"></html>',
        "rss feed",
        "",
        "<feedback></feedback>",
    ],
)
def test_what_is_no_feed(text: str) -> None:
    assert not is_feed(text)


def test_entities_are_not_expanded_and_nothing_is_fetched() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>' + RSS.partition("-->")[2].strip()
    assert not is_feed(bomb), "a feed with a document type of its own is left alone"


@given(st.integers(0, len(RSS)), st.text(max_size=5))
def test_a_broken_feed_never_raises(at: int, rubbish: str) -> None:
    broken = RSS[:at] + rubbish + RSS[at + 3 :]
    if is_feed(broken):
        assert all(entry.url for entry in read_feed(broken).entries)
