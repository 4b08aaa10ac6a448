"""Pages that a web archive's toolbar or rewriter touched are known by what was put in; pages of portals are not taken for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper.archive.warc_reader import read_records
from scraper.extract.page import open_document
from scraper.extract.rewritten import rewriter_mark
from spiders.cao_bang_thach_an import CaoBangThachAnSpider
from spiders.quang_tri import QuangTriSpider
from tests.backfill.truth import page
from tests.crash.pages import captures

PLAIN = page(1).decode()
LINKS = "".join(f'<a href="https://caobang.gov.vn/tin/bai-{number}">Tin {number}</a>' for number in range(12))
TOUCHED = {
    "the toolbar of the Wayback Machine": PLAIN.replace(
        "<html>", "<html><!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp-base'></div>"
    ),
    "its scripts alone": PLAIN.replace(
        "<html>", '<html><script src="https://web-static.archive.org/_static/js/bundle-playback.js?v=1"></script>'
    ),
    "its word at the end": PLAIN
    + "<!--\n     FILE ARCHIVED ON 04:04:31 Aug 27, 2022 AND RETRIEVED FROM THE\n     INTERNET ARCHIVE ON 03:00:00 Nov 26, 2026.\n-->",
    "pywb": PLAIN.replace("<html>", "<html><head><!-- WB Insert --><script>wbinfo = {};</script>"),
    "wombat in scripts": PLAIN.replace("</html>", "<script>var _____WB$wombat$assign$function_____ = 1;</script></html>"),
    "links of the Wayback Machine": PLAIN + LINKS.replace("https://caobang", "https://web.archive.org/web/20220827040431/https://caobang"),
    "links from its own root": PLAIN + LINKS.replace("https://caobang", "/web/20220827040431/https://caobang"),
    "links of pywb": PLAIN + LINKS.replace("https://caobang", "http://kho.example/tin/20220827040431mp_/https://caobang"),
    "links without quotes": PLAIN + LINKS.replace('"https://caobang', "/web/20220827040431/https://caobang").replace('">', ">"),
    "links without a scheme": PLAIN + LINKS.replace("https://caobang", "/web/20220827040431///caobang"),
}


@pytest.mark.parametrize("name", TOUCHED)
def test_what_was_put_in_is_seen(name: str) -> None:
    assert rewriter_mark(TOUCHED[name].encode())


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN + LINKS,
        PLAIN + LINKS + '<a href="https://web.archive.org/web/20150101000000/https://caobang.gov.vn/">bản lưu</a>',
        PLAIN + LINKS + "<p>Bài này nói về Wayback Machine, web.archive.org, toolbar và wombat.</p>",
        PLAIN + LINKS + '<a href="/tin/20220827040431/anh.jpg">ảnh</a>' * 30,
        PLAIN.replace("<html>", '<html><div id="wm-ipp" style="display: none"></div>') + LINKS,
    ],
)
def test_a_portal_may_speak_of_archives(text: str) -> None:
    assert rewriter_mark(text.encode()) is None


def test_no_page_of_the_replicas_is_taken_for_one() -> None:
    for spider in (QuangTriSpider, CaoBangThachAnSpider):
        for one in captures(spider, 12):
            if one.status == 200 and "robots" not in one.url:
                assert rewriter_mark(open_document(one)[0]) is None, one.url


def test_no_real_page_is_taken_for_one(corpus: Path) -> None:
    read = 0
    for record in read_records(corpus / "ha_noi_so_tttt.warc.gz"):
        assert record.capture is not None
        assert rewriter_mark(open_document(record.capture)[0]) is None, record.capture.url
        read += 1
    assert read == 1575
