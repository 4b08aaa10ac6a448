"""Single real pages of several CMSs: title, date, byline, first and last words as labelled; what is no article is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from scraper.archive.database import ArchiveDatabase
from scraper.archive.keeper import Keeper
from scraper.cms import families
from scraper.cms.family import Family
from scraper.cms.sharepoint_2010 import SharePoint2010Spider
from scraper.cms.vhv import VhvSpider
from scraper.extract.generic import read_generic
from scraper.extract.page import Refused, open_page
from scraper.extract.text import squash
from scraper.items import Capture, Reading
from scraper.portal import portals
from spiders.ha_noi_so_tttt import HaNoiSoTtttSpider

FAMILIES: dict[str, type[Family]] = {
    "liferay_sotttt": HaNoiSoTtttSpider,
    "sp_": SharePoint2010Spider,
    "krongno_": SharePoint2010Spider,
    "vhv_": VhvSpider,
}


def labelled(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "pages/index.tsv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def capture(corpus: Path, row: dict[str, str]) -> Capture:
    url = row["url"].split(" ")[0]
    if not url.startswith("http"):
        url = "http://example.gov.vn/tin-tuc/mot-bai-viet-nao-do-ve-khuyen-hoc-12345.html"
    body = (corpus / "pages" / row["file"]).read_bytes()
    return Capture(url, "2026-11-22T00:00:00Z", 200, (("Content-Type", "text/html; charset=utf-8"),), body)


def generically(taken: Capture) -> Reading:
    """Read a page as the generic family reads an article, whatever its address."""
    try:
        article, problems = read_generic(open_page(taken), "key", taken.url)
    except Refused as refusal:
        return Reading(problems=(refusal.problem,))
    return Reading(article=article, problems=problems)


def check(row: dict[str, str], reading: Reading) -> None:
    article = reading.article
    assert article is not None, (row["file"], reading.problems)
    assert article.title == squash(row["title"]), row["file"]
    assert (article.published_at or "")[:16] == row["date"][:16], row["file"]
    assert article.byline == (None if row["author"] == "(none)" else row["author"]), row["file"]
    text = squash(article.text)
    start = squash(row["body_start"].replace("(sapo)", ""))
    assert text.startswith(start) or squash(article.body).startswith(start), (row["file"], text[:80])
    end = start if row["body_end"] == "(same)" else squash(row["body_end"])
    assert text.endswith(end), (row["file"], text[-80:])


def test_pages_through_their_family(corpus: Path) -> None:
    read = 0
    for row in labelled(corpus):
        for prefix, spider in FAMILIES.items():
            if row["file"].startswith(prefix) and row["date"]:
                check(row, spider.read(capture(corpus, row)))
                read += 1
    assert read == 9


def test_every_page_is_recognised_by_its_own_family_alone(corpus: Path) -> None:
    for row in labelled(corpus):
        own = next((family.cms for prefix, family in FAMILIES.items() if row["file"].startswith(prefix)), None)
        page = None if row["file"].startswith("waf_") else open_page(capture(corpus, row))
        recognised = [name for name, family in families().items() if page and family.recognises(page)]
        # VnExpress is on a CMS of its own, which no family knows; pages pasted from Liferay bring its classes along.
        assert recognised == ([own] if own else []) or set(recognised) == {own, "liferay"}, (row["file"], recognised)


def test_listings_through_their_family(corpus: Path) -> None:
    for row in labelled(corpus):
        family = next((family for prefix, family in FAMILIES.items() if row["file"].startswith(prefix)), None)
        if family and not row["date"]:
            listing = family.read(capture(corpus, row)).listing
            assert listing is not None and len(listing.links) >= 6, row["file"]
            assert all(link.text for link in listing.links), row["file"]


def test_pages_through_generic(corpus: Path) -> None:
    refused = []
    for row in labelled(corpus):
        taken = capture(corpus, row)
        page_reading = generically(taken)
        if row["date"]:
            check(row, page_reading)
        else:
            refused.append(row["file"])
            assert page_reading.article is None, row["file"]
            assert page_reading.problems, row["file"]
    assert len(refused) == 3


def test_refused_pages_become_issues(corpus: Path, archive: ArchiveDatabase) -> None:
    spider = portals()["quang_tri"]
    keeper = Keeper(archive, spider.facts(), "replay")
    body = (corpus / "pages/waf_d1n_challenge.html").read_bytes()
    url = "https://www.quangtri.gov.vn/chi-tiet-tin/-/view-article/1/1445748553374/1574304721680"
    challenge = Capture(url, "2026-11-22T00:00:00Z", 200, (("Content-Type", "text/html"),), body)
    taken = keeper.take(challenge, keeper.keep(challenge, ()), spider.read(challenge))
    assert taken.outcome is None
    assert archive.conn.execute("SELECT kind FROM issues").fetchall() == [("challenge",)]
    assert archive.conn.execute("SELECT count(*) FROM articles").fetchone() == (0,)


@pytest.mark.parametrize("name", ["krongno_list_p2.html", "vhv_thqt_list.html"])
def test_listings_are_no_articles(corpus: Path, name: str) -> None:
    row = next(row for row in labelled(corpus) if row["file"] == name)
    reading = generically(capture(corpus, row))
    assert reading.article is None
    assert reading.problems[0].kind == "not_article"
