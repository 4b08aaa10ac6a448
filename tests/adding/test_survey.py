"""The survey and the draft of a portal, for every template of every family: recognised, read, rehearsed, in twelve lines."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest

from scraper.adding import CannotAdd, NotSaid
from scraper.adding.draft import MOST_LINES
from scraper.adding.portal import NewPortal, Wishes, make_portal
from scraper.adding.recognise import GENERIC
from scraper.adding.survey import MOST_CANDIDATES, MOST_TRIED, Survey, Surveyor
from tests.adding.portals import HOME, Visitor, portal
from tests.templates import government, liferay, open_source, papers
from tests.templates.model import Template

TEMPLATES = (*liferay.TEMPLATES, *government.TEMPLATES, *open_source.TEMPLATES, *papers.TEMPLATES)
TODAY = date(2026, 11, 26)


def survey(url: str, visitor: Visitor, family: str | None = None) -> Survey:
    return asyncio.run(Surveyor(visitor, lambda step, done: None, family).survey(url))


def drafted(url: str, visitor: Visitor, root: Path) -> tuple[Survey, NewPortal]:
    found = survey(url, visitor)
    wishes = Wishes(url, root, {}, name="quang_tri_vi_du", place="45", publisher="UBND huyện Ví Dụ")
    return found, make_portal(wishes, found, visitor.robots, TODAY)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: f"{template.cms}_{template.name}")
def test_every_template_is_recognised_and_rehearsed(template: Template, tmp_path: Path) -> None:
    listing, pages = portal(template)
    visitor = Visitor(pages)
    found, made = drafted(listing, visitor, tmp_path)
    assert found.recognition.family.cms == template.cms
    assert found.recognition.known == (template.cms != GENERIC)
    assert not found.recognition.ambiguous
    assert made.draft.sections[0] == listing
    assert len(made.draft.source().splitlines()) <= MOST_LINES
    assert len(made.expected["articles"]) == 2
    assert len(visitor.asked) == len(set(visitor.asked)) <= 2 + MOST_TRIED + MOST_CANDIDATES


def test_news_on_the_topic_are_read_first() -> None:
    template = next(template for template in TEMPLATES if template.cms == "cao_bang")
    listing, pages = portal(template, 9)
    found = survey(listing, Visitor(pages))
    shown = [link for link in found.links if link.url in {capture.url for capture in found.articles}]
    assert all("khuyến học" in link.text.lower() or "học" in link.text.lower() for link in shown)


def test_articles_that_do_not_answer_are_passed_over() -> None:
    template = next(template for template in TEMPLATES if template.cms == "wordpress")
    listing, pages = portal(template)
    first = survey(listing, Visitor(pages)).articles[0].url
    closed = survey(listing, Visitor(pages, closed=(first,)))
    assert first not in {capture.url for capture in closed.articles}
    assert len(closed.articles) == 2


def test_a_list_whose_articles_are_all_gone_is_no_portal() -> None:
    template = next(template for template in TEMPLATES if template.cms == "wordpress")
    listing, pages = portal(template)
    with pytest.raises(CannotAdd, match=r"not one article could be read: .*answered 404"):
        survey(listing, Visitor({listing: pages[listing]}))


def test_a_person_may_decide_on_the_family() -> None:
    template = next(template for template in TEMPLATES if template.cms == "wordpress")
    listing, pages = portal(template)
    assert survey(listing, Visitor(pages), "generic").recognition.family.cms == "generic"


def test_what_is_not_certain_is_asked_for_all_at_once(tmp_path: Path) -> None:
    template = next(template for template in TEMPLATES if template.cms == "wordpress")
    listing, pages = portal(template)
    local = listing.replace(HOME, "https://tin.vidu.vn")
    found = survey(local, Visitor({url.replace(HOME, "https://tin.vidu.vn"): body for url, body in pages.items()}))
    with pytest.raises(NotSaid) as error:
        make_portal(Wishes(local, tmp_path, {}), found, None, TODAY)
    assert all(option in str(error.value) for option in ("--place", "--name", "--publisher"))


def test_a_known_cms_in_a_layout_nobody_knows_is_read_generically() -> None:
    """NukeViet by its generator, but with markup that none of its layouts fits."""
    template = next(template for template in TEMPLATES if (template.cms, template.name) == ("nukeviet", "classic"))
    listing, pages = portal(template)
    other = {url: body.replace(b"bodytext", b"noidung").replace(b"news-bodyhtml", b"noidung") for url, body in pages.items()}
    found = survey(listing, Visitor(other))
    assert not found.recognition.known
    assert found.recognition.family.cms == GENERIC
    assert found.recognition.rivals[0].family.cms == "nukeviet"
    assert found.recognition.rivals[0].read == 0, "the last resort of a family is no layout of it"


def test_sections_are_judged_by_what_they_list() -> None:
    template = next(template for template in TEMPLATES if (template.cms, template.name) == ("nukeviet", "classic"))
    listing, pages = portal(template)
    items = (("/vi/news/giao-duc/", "Giáo dục"), ("/vi/news/van-hoa-xa-hoi/", "VH"), ("/lien-he/", "Tin tức"))
    menu = "".join(f'<li><a href="{path}">{label}</a></li>' for path, label in items)
    feed = '<link rel="alternate" type="application/rss+xml" href="/rss/">'
    pages[f"{HOME}/"] = f"<html><head><title>Cổng</title>{feed}</head><body>{menu}</body></html>".encode()
    more = portal(template, 9)[1]
    fresh = list(more)[-2:]
    links = "".join(f'<div class="news_column"><h3><a href="{url}">Bài {number}</a></h3></div>' for number, url in enumerate(fresh))
    pages[f"{HOME}/vi/news/giao-duc/"] = (
        f'<html><head><meta name="generator" content="NukeViet v4"></head><body>{links}</body></html>'.encode()
    )
    pages[f"{HOME}/rss/"] = (
        "<rss><channel>" + "".join(f"<item><title>x</title><link>{url}</link></item>" for url in fresh) + "</channel></rss>"
    ).encode()
    sitemap = f"{HOME}/sitemap.xml"
    pages[sitemap] = f"<urlset><url><loc>{fresh[0]}</loc></url></urlset>".encode()
    found = survey(listing, Visitor(pages, robots=f"Sitemap: {sitemap}\nSitemap: https://khac.vn/sitemap.xml\n"))
    told = {section.url.removeprefix(HOME): section for section in found.sections}
    assert next(iter(told)) == template.listing_path(1)
    assert [path for path in told if "/news/" in path or "." in path or "rss" in path][1:] == [
        "/vi/news/giao-duc/",
        "/vi/news/van-hoa-xa-hoi/",
        "/rss/",
        "/sitemap.xml",
    ]
    assert not any("lien-he" in path for path in told), "a contact form, whatever it is called"
    assert told["/vi/news/giao-duc/"].declared and told["/vi/news/giao-duc/"].fresh == 2
    assert "404" in str(told["/vi/news/van-hoa-xa-hoi/"].why_not)
    assert told["/rss/"].why_not == "lists what the others list"
    assert "everything" in str(told["/sitemap.xml"].why_not)
    assert found.declared == (listing, f"{HOME}/vi/news/giao-duc/")
