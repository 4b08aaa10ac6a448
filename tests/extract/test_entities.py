"""References without their ampersand are mended where no word can end in their name; everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.entities import mend_article, mend_entities
from scraper.items import Article, Attachment

MENDED = {
    "Sở TTamp;TT; đại diện": "Sở TT&TT; đại diện",
    "để ldquo;kíchrdquo; ứng dụng": "để “kích” ứng dụng",
    "giấy pheacute;p, phograve;ng": "giấy phép, phòng",
    "ở Đông Nam Aacute; cho thấy": "ở Đông Nam Á cho thấy",
    "như ;Yacute;, Đức": "như Ý, Đức",
    "Ocirc;ng theo dotilde;i": "Ông theo dõi",
    "giai đoạn 2016 &amp;ndash; 2020": "giai đoạn 2016 – 2020",
    "Royal City&hellip; xuất hiện": "Royal City… xuất hiện",
    "Tài nguyên amp; Môi trường": "Tài nguyên & Môi trường",
    "mộtnbsp;hai": "một hai",
}
LEFT = (
    "summer camp; lều",
    "nuôi pitbull; nhà",
    "bà Elizabeth; ông",
    "A;B; C",
    "viêm acute; mạn",
    "a &lt; b",
    "xem quo; ve",
    "",
)


@pytest.mark.parametrize("damaged", MENDED)
def test_mended(damaged: str) -> None:
    text, count = mend_entities(damaged)
    assert text == MENDED[damaged]
    assert count > 0
    assert mend_entities(text) == (text, 0)


@pytest.mark.parametrize("text", LEFT)
def test_left_alone(text: str) -> None:
    assert mend_entities(text) == (text, 0)


@given(st.text(alphabet=st.characters(blacklist_characters=";", blacklist_categories=("Cs",))))
def test_text_without_a_semicolon_is_never_touched(text: str) -> None:
    assert mend_entities(text) == (text, 0)


def test_every_text_of_an_article_is_mended_and_the_evidence_says_so() -> None:
    article = Article(
        "1", "http://a.vn/1", "TTamp;TT", "ldquo;a", "b rdquo; c", attachments=(Attachment("http://a.vn/i.jpg", "image", "dandash;b"),)
    )
    mended = mend_article(article)
    assert (mended.title, mended.lead, mended.body) == ("TT&TT", "“a", "b ” c")
    assert mended.attachments[0].caption == "da–b"
    assert mended.evidence == {"mended": "4 character references without their ampersand"}
    whole = Article("1", "http://a.vn/1", "Một", None, "hai; ba")
    assert mend_article(whole) is whole
