"""How single values are drawn; whatever a portal prints stays text."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from scraper.web.cells import Links, draw, draw_whole

LINKS = Links(
    SimpleNamespace(
        path=lambda path: f"/kho{path}",
        row=lambda database, table, key: f"/kho/{database}/{table}/{key}",
        table=lambda d, t: f"/kho/{d}/{t}",
    ),
    "archive",
)
EVIL = '<script>alert("1")</script>\'&'


def _draw(column: str, value: object, **row: object) -> str | None:
    return draw({column: value, **row}, value, column, LINKS)


@pytest.mark.parametrize(
    "column",
    [
        "title",
        "uid",
        "body",
        "lead",
        "relevance_words",
        "words",
        "cite_as",
        "citation",
        "excerpt",
        "evidence",
        "url",
        "published_at",
        "month",
    ],
)
@pytest.mark.parametrize(
    "value", [EVIL, f"http://a.vn/{EVIL}", f'{{"a": "{EVIL}"}}', f"{EVIL} ({EVIL}) +1.0", f"⟦{EVIL}⟧", f"⟧{EVIL}⟦", "]]>", ""]
)
def test_everything_is_escaped(column: str, value: str) -> None:
    for drawn in (_draw(column, value), _draw(column, value, uid=value, source_id=value)):
        assert drawn is None or "<script" not in drawn
        assert drawn is None or '"1"' not in drawn


def test_addresses() -> None:
    address = "https://thachan.caobang.gov.vn/van-hoaxa-hoi/" + "rat-dai-" * 20 + "1234"
    drawn = _draw("url", address)
    assert drawn is not None
    assert f'href="{address}"' in drawn
    assert "1234</a>" in drawn
    assert len(drawn.split(">")[1]) < 80
    assert f">{address}</a>" in str(draw_whole("url", address, drawn))
    for bad in ("javascript:alert(1)", "data:text/html,x", "http://a b", "//a.vn", "ftp://a.vn"):
        assert _draw("url", bad) is None


def test_text_is_shortened_between_words_and_kept_in_paragraphs() -> None:
    text = "Đoạn một.\n\nĐoạn hai\ncó hai dòng. " + "chữ " * 200
    drawn = _draw("body", text)
    assert drawn is not None
    assert "<p>Đoạn một.</p><p>Đoạn hai<br>có hai dòng." in drawn
    assert drawn.endswith("chữ …</p></div>")
    whole = str(draw_whole("body", text, drawn))
    assert whole.count("chữ") == 200
    long_word = _draw("body", "a" * 1000)
    assert long_word is not None
    assert len(long_word) < 300


def test_words_citation_evidence_times() -> None:
    assert _draw("relevance_words", "hội khuyến học (title, ×3) +12.0; passing mention") == (
        '<ul class="words"><li><b>hội khuyến học</b> <small>title, ×3</small> +12.0</li><li>passing mention</li></ul>'
    )
    assert _draw("cite_as", "“A”, B") == '<q class="citation">“A”, B</q>'
    assert _draw("evidence", '{"title": ".ArticleHeader"}') == '<ul class="words"><li>title: <code>.ArticleHeader</code></li></ul>'
    assert _draw("evidence", "read by a scraper") is None
    assert _draw("evidence", "[1]") is None
    assert _draw("published_at", "2022-12-11T07:47:00+07:00") == "<span>2022-12-11T</span><wbr><span>07:47:00+07:00</span>"
    assert _draw("published_at", "2022-12-11") is None


def test_links() -> None:
    assert _draw("title", "Tin", uid="a-1/2") == '<a href="/kho/bai/a-1%2F2">Tin</a>'
    assert _draw("title", "Tin") is None
    assert _draw("uid", "a-1") == '<a href="/kho/bai/a-1">a-1</a>'
    assert _draw("source_id", "cao_bang") == '<a href="/kho/archive/sources/cao_bang">cao_bang</a>'
    assert _draw("capture_id", 7) == '<a href="/kho/archive/captures/7">7</a>'
    assert _draw("source_id", {"value": "a", "label": "A"}) is None
    assert _draw("warc_file", "warcs/a/<b>.warc.gz") == _draw("warc_file", {"value": "warcs/a/<b>.warc.gz"}) == "warcs/a/&lt;b&gt;.warc.gz"
    assert _draw("month", "2022-12", source_id="cao_bang") == (
        '<a href="/kho/archive/articles?published_at__startswith=2022-12&amp;source_id=cao_bang">2022-12</a>'
    )
    assert _draw("month", "2022-12") is None
    assert draw_whole("title", "Tin", _draw("title", "Tin", uid="a")) == "Tin"


def test_excerpt() -> None:
    assert _draw("excerpt", "a ⟦b⟧ c") == "a <mark>b</mark> c"
    assert _draw("excerpt", "a ⟦b") == "a ⟦b"
