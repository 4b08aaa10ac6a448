"""Every kind of markup a portal's editor leaves: the words come out in order, once, and what is no news does not."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scraper.extract.block import join_blocks
from scraper.extract.body import Body, is_document, read_body

BASE = "http://a.gov.vn/tin/"


def absolute(href: str) -> str | None:
    url = urljoin(BASE, href.strip())
    return url if url.startswith("http") else None


def read(html: str, *drop: str) -> Body:
    return read_body(etree.HTML(f"<div>{html}</div>", etree.HTMLParser(huge_tree=True)), absolute, drop)


TEXTS: dict[str, tuple[str, str]] = {
    "paragraphs": ("<p>Một.</p><p>Hai.</p>", "Một.\n\nHai."),
    "divs": ("<div>Một.</div><div><div>Hai.</div></div>", "Một.\n\nHai."),
    "text without a tag": ("Một.<br><br>Hai.", "Một.\n\nHai."),
    "one break is one break": ("<p>Một,<br>hai.</p>", "Một,\nhai."),
    "text around a block": ("Một.<p>Hai.</p>Ba.", "Một.\n\nHai.\n\nBa."),
    "unclosed paragraphs": ("<p>Một.<p>Hai.<p>Ba.", "Một.\n\nHai.\n\nBa."),
    "unclosed everything": ("<p><b>Một <i>hai.<p>Ba.", "Một hai.\n\nBa."),
    "empty paragraphs": ("<p>Một.</p><p>&nbsp;</p><p> </p><p><br></p><p>Hai.</p>", "Một.\n\nHai."),
    "line ends in the source": ("<p>Một\n  hai\r\n\tba.</p>", "Một hai ba."),
    "no-break spaces": ("<p>Một&nbsp;&nbsp;hai\u202fba.</p>", "Một hai ba."),
    "words over spans": ("<p>Khu<span>yến</span> <b>h</b>ọc</p>", "Khuyến học"),
    "invisible characters": ("<p>Khuy\u200bến h\u00adọc\ufeff</p>", "Khuyến học"),
    "NFD": ("<p>Khuye\u0302\u0301n ho\u0323c</p>", "Khuyến học"),
    "entities": ("<p>A &amp; B &lt;c&gt; &#273;&#7879; &quot;d&quot;</p>", 'A & B <c> đệ "d"'),
    "damaged entities stay": ("<p>TTamp;TT ldquo;a</p>", "TTamp;TT ldquo;a"),
    "headings": ("<h2>Đầu</h2><p>Một.</p><h3>Hai</h3><p>Ba.</p>", "Đầu\n\nMột.\n\nHai\n\nBa."),
    "a list": ("<p>Gồm:</p><ul><li>Một</li><li>Hai</li></ul><p>Hết.</p>", "Gồm:\n\nMột\nHai\n\nHết."),
    "a list in a list": ("<ul><li>Một<ul><li>Một a</li></ul></li><li>Hai</li></ul>", "Một\nMột a\nHai"),
    "paragraphs in an item": ("<ol><li><p>Một.</p><p>Thêm.</p></li><li>Hai.</li></ol>", "Một.\nThêm.\nHai."),
    "a definition list": ("<dl><dt>Tên</dt><dd>Nghĩa</dd></dl>", "Tên\n\nNghĩa"),
    "a quotation": ("<blockquote><p>Lời.</p></blockquote><p>Sau.</p>", "Lời.\n\nSau."),
    "preformatted": ("<pre>Một\nhai</pre>", "Một hai"),
    "comments": ("<p>Một<!-- ẩn --> hai.</p><!-- <p>Ba.</p> -->", "Một hai."),
    "conditional comments": ("<!--[if gte mso 9]><xml><w:X>9</w:X></xml><![endif]--><p>Một.</p>", "Một."),
    "CDATA": ("<p>Một <![CDATA[ ẩn ]]>hai.</p>", "Một hai."),
    "scripts": ("<p>Một.</p><script>var a='<p>x</p>'</script><style>p{}</style><noscript>Bật JS</noscript>", "Một."),
    "an ended article": ("<script>document.write('</article>')</script><p>Một.</p>", "Một."),
    "hidden by style": ("<p>Một.</p><p style='DISPLAY : none'>Ẩn</p><span style='visibility:hidden'>ẩn</span>", "Một."),
    "hidden by attribute": ("<p hidden>Ẩn</p><p aria-hidden='true'>ẩn</p><p>Một.</p>", "Một."),
    "hidden in hidden": ("<div style='display:none'><p style='display:none'>Ẩn</p></div><p>Một.</p>", "Một."),
    "Word": (
        "<p class='MsoNormal' style='margin:6.0pt'><span lang='VI' style='mso-ansi-language:VI'>Một<o:p></o:p></span></p>"
        "<p class='MsoNormal'><o:p>&nbsp;</o:p></p><p class='MsoListParagraph'>-<span style='font:7.0pt'>&nbsp;&nbsp; </span>Hai</p>",
        "Một\n\n- Hai",
    ),
    "a data table": ("<table><tr><th>Xã</th><th>Số</th></tr><tr><td>Lê Lai</td><td>12</td></tr></table>", "Xã | Số\nLê Lai | 12"),
    "a table pasted from Word": (
        "<table><tbody><tr><td><p>Xã</p></td><td><p>Số</p></td></tr><tr><td><p>A</p></td><td><p>1</p></td></tr></tbody></table>",
        "Xã | Số\nA | 1",
    ),
    "a frame around the text": ("<table><tr><td><p>Một.</p><p>Hai.</p></td></tr></table>", "Một.\n\nHai."),
    "two columns of text": (
        f"<table><tr><td>{'Dài. ' * 100}</td><td>{'Khác. ' * 100}</td></tr></table>",
        f"{'Dài. ' * 100}\n\n{'Khác. ' * 100}",
    ),
    "a table in a frame": (
        "<table><tr><td>Trước.<table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>Sau.</td></tr></table>",
        "Trước.\n\nA | 1\nB | 2\n\nSau.",
    ),
    "an empty cell": ("<table><tr><td>A</td><td></td></tr><tr><td></td><td>2</td></tr></table>", "A |\n| 2"),
    "counters": ("<p>Một.</p><p>Lượt xem: 1.234</p><p>Số lượt người xem: 5</p><p>View count: 7</p>", "Một."),
    "print and share": ("<p>Một.</p><p>In bài viết</p><p>Quay lại</p><p>Chia sẻ:</p><div class='share'>Facebook</div>", "Một."),
    "a word that only begins so": (
        "<p>Lượt xem phim 20 người.</p><p>Chia sẻ của cô giáo.</p>",
        "Lượt xem phim 20 người.\n\nChia sẻ của cô giáo.",
    ),
    "the layout's furniture": ("<p>Một.</p><p class='acc'>admin admin</p>", "Một."),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text(name: str) -> None:
    html, wanted = TEXTS[name]
    trimmed = "\n".join(line.strip() for line in wanted.split("\n"))
    assert "\n".join(line.strip() for line in read(html, ".acc").text.split("\n")) == trimmed


def test_the_caption_of_a_table() -> None:
    html = "<table><caption>Bảng 1. Kết quả</caption><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>"
    assert "Bảng 1. Kết quả" in read(html).text


def test_a_form_around_the_text() -> None:
    assert read("<form action='/x'><p>Một đoạn văn.</p><input name='a'></form>").text == "Một đoạn văn."


# Depth


@pytest.mark.parametrize("depth", [20, 100])
def test_deep_tables(depth: int) -> None:
    assert read("<table><tr><td>" * depth + "Chữ ở sâu" + "</td></tr></table>" * depth).text == "Chữ ở sâu"


def test_tables_300_deep() -> None:
    assert read("<table><tr><td>" * 300 + "Chữ ở sâu" + "</td></tr></table>" * 300).text == "Chữ ở sâu"


@pytest.mark.parametrize("tag", ["b", "font", "div", "span"])
def test_tags_that_are_never_closed(tag: str) -> None:
    assert "Chữ ở sâu" in read(f"<{tag}>" * 1_500 + "Chữ ở sâu").text


# Pictures and captions

PICTURE = '<img src="/anh/1.jpg">'
CAPTIONS = {
    "figure": f"<figure>{PICTURE}<figcaption>Lễ trao thưởng</figcaption></figure>",
    "a centred line below": f'<p style="text-align:center">{PICTURE}</p><p style="text-align: center;"><em>Lễ trao thưởng</em></p>',
    "a line below, centred by class": f'<p class="text-center">{PICTURE}</p><p class="text-center">Lễ trao thưởng.</p>',
    "an italic line below": f"<p>{PICTURE}</p><p><i>Lễ trao thưởng.</i></p>",
    "a table of two rows": f"<table align='center'><tr><td>{PICTURE}</td></tr><tr><td><i>Lễ trao thưởng</i></td></tr></table>",
    "<center>": f"<center>{PICTURE}</center><center>Lễ trao thưởng</center>",
    "in the same paragraph": f'<p align="center">{PICTURE}<br><em>Lễ trao thưởng</em></p>',
}


@pytest.mark.parametrize("name", CAPTIONS)
def test_captions(name: str) -> None:
    body = read(f"<p>Một.</p>{CAPTIONS[name]}<p>Hai, dài hơn một chút và có dấu chấm.</p>")
    (picture,) = body.attachments
    assert (picture.url, picture.kind) == ("http://a.gov.vn/anh/1.jpg", "image")
    assert (picture.caption or "").rstrip(".") == "Lễ trao thưởng"
    assert body.text == "Một.\n\nHai, dài hơn một chút và có dấu chấm."


def test_a_sentence_below_a_picture_is_text() -> None:
    body = read(f"<p>{PICTURE}</p><p>Hội nghị đã bầu ban chấp hành mới.</p>")
    assert body.text == "Hội nghị đã bầu ban chấp hành mới."
    assert body.attachments[0].caption is None


def test_a_long_centred_paragraph_is_text() -> None:
    long = "Một đoạn dài, " * 30
    assert read(f"<p>{PICTURE}</p><p align='center'>{long}</p>").text == long.strip()


def test_a_byline_below_a_picture_is_no_caption() -> None:
    body = read(f'<p>Một.</p><p align="center">{PICTURE}</p><p style="text-align:right"><strong>Hồng Hà</strong></p>')
    assert body.attachments[0].caption is None
    assert [block.text for block in body.blocks] == ["Một.", "Hồng Hà"]


def test_a_heading_below_a_picture_is_no_caption() -> None:
    body = read(f"<p>Một.</p><p>{PICTURE}</p><h3>Kết quả nổi bật</h3><p>Hai.</p>")
    assert body.text == "Một.\n\nKết quả nổi bật\n\nHai."


def test_pictures_once_and_in_order() -> None:
    body = read('<p><img src="b.jpg"></p><p><img src="a.jpg"><img src="b.jpg"></p><p><img src="javascript:x"><img><img src=" "></p>')
    assert [attachment.url for attachment in body.attachments] == [f"{BASE}b.jpg", f"{BASE}a.jpg"]


def test_a_lazy_picture() -> None:
    body = read('<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/that.jpg"></p>')
    assert [attachment.url for attachment in body.attachments] == ["http://a.gov.vn/that.jpg"]


# Documents


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("/tep/ke-hoach.pdf", True),
        ("/tep/KE-HOACH.DOCX", True),
        ("/documents/10180/7/K%E1%BA%BF%20ho%E1%BA%A1ch.xlsx/0a1b2c3d-0000-4000-8000-00000000000a?t=1", True),
        ("/tep/a.pdf?x=1#trang=2", True),
        ("/tep/a.rar", True),
        ("/tin/bai-1.html", False),
        ("/tin/pdf", False),
        ("/tai-ve?file=a.pdf", False),
        ("/a.pdf/b/c", False),
        ("/", False),
    ],
)
def test_documents(path: str, document: bool) -> None:
    assert is_document(f"http://a.gov.vn{path}") is document
    found = [attachment.url for attachment in read(f'<p>Xem <a href="{path}">tệp</a></p>').attachments]
    assert found == ([f"http://a.gov.vn{path}"] if document else [])


@pytest.mark.parametrize("href", ["javascript:void(0)", "javascript:open('a.pdf')", "mailto:a@b.vn", "#a.pdf", ""])
def test_links_that_lead_nowhere(href: str) -> None:
    body = read(f'<p>Xem <a href="{href}">tại đây</a>.</p>')
    assert (body.attachments, body.text) == ((), "Xem tại đây.")


def test_a_document_is_called_as_it_is_linked() -> None:
    (document,) = read('<p><a href="a.doc"><b>Kế  hoạch</b>\nsố 5</a> <a href="a.doc">lần nữa</a></p>').attachments
    assert document.caption == "Kế hoạch số 5"


# Other news

RELATED = '<ul><li><a href="/1">Tin một</a></li><li><a href="/2.pdf">Tin hai</a></li></ul>'


@pytest.mark.parametrize(
    "heading", ["Các tin khác", "CÁC TIN KHÁC:", "Tin liên quan", "Những tin cũ hơn", "Bài viết liên quan :", "Other news"]
)
@pytest.mark.parametrize("tag", ["p", "h3", "div", "b"])
def test_what_follows_other_news_is_no_part_of_it(heading: str, tag: str) -> None:
    assert read(f"<p>Một.</p><p>Hai.</p><{tag}>{heading}</{tag}>{RELATED}").text == "Một.\n\nHai."


def test_a_sentence_about_other_news_is_text() -> None:
    text = "Các tin khác nhau về khuyến học được đọc trên loa."
    assert read(f"<p>Một.</p><p>{text}</p><p>Hai.</p>").text == f"Một.\n\n{text}\n\nHai."


AFTER = "Đoạn tiếp theo của bài viết, dài và đủ câu, nói về buổi lễ."
LINKS = '<ul><li><a href="/1">Tin một</a></li><li><a href="/2">Tin hai</a></li></ul>'
BOXES = {
    "list": LINKS,
    "with dates": '<p><a href="/1"><b>Tin một</b></a> (12/10/2022)</p><p>» <a href="/2">Tin hai</a></p>',
    "with pictures": f'<p>{PICTURE}</p><p><a href="/1">Tin một</a></p><p>12/10/2022</p><p><a href="/2">Tin hai</a></p>',
}


@pytest.mark.parametrize("after", [f"{AFTER}</p><p>{AFTER}", AFTER * 9, f"{AFTER * 9}</p><p>Hồng Hà", f"{AFTER}</p><p>{AFTER}</p><p>Hết"])
@pytest.mark.parametrize("box", BOXES)
def test_a_box_of_related_news_in_the_middle(box: str, after: str) -> None:
    """Of which the text is no part; a list of other news at the end neither."""
    wanted = "Một.\n\n" + after.replace("</p><p>", "\n\n")
    assert read(f"<p>Một.</p><p>Xem thêm:</p>{BOXES[box]}<p>{after}</p>").text == wanted
    body = read(f"<p>Một.</p><p>Xem thêm:</p>{BOXES[box]}<p>{after}</p><p>Các tin khác</p>{RELATED}")
    assert (body.text, body.lost) == (wanted, 0)


TABLE = "<table><tr><td>Nguyễn Văn An</td><td>500.000 đồng</td></tr><tr><td>Trần Thị Bé</td><td>300.000 đồng</td></tr></table>"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (f'<p>Danh sách ủng hộ</p>{TABLE}<p><a href="/ds.pdf">Tải danh sách đầy đủ tại đây</a></p><p>{AFTER * 9}</p>', "500.000 đồng"),
        (f'<p>{AFTER[:-1] * 9}</p><p><a href="/ds.pdf">Tải danh sách đầy đủ tại đây</a></p><p>{AFTER * 9}</p>', AFTER[:-1] * 9),
        (f'<p>Theo <a href="/3">Quyết định số 387 về đẩy mạnh học tập suốt đời</a>, mỗi xã có một trung tâm.</p><p>{AFTER}</p>', "mỗi xã"),
    ],
)
def test_a_link_further_down_ends_no_box(html: str, kept: str) -> None:
    assert kept in read(f'<p>Một.</p><p>Xem thêm:</p><p><a href="/1">Tin một</a></p>{html}').text


def test_a_box_and_a_text_in_one_paragraph_stay_together() -> None:
    links = '<a href="/1">Tin một rất dài</a><br><br><a href="/2">Tin hai rất dài</a>'
    assert AFTER in read(f"<p>Một.</p><div>Xem thêm:<br><br>{links}<br><br>{AFTER}</div><p>{AFTER * 9}</p>").text


def test_one_sentence_below_other_news_is_told() -> None:
    """It may be the article's last, or what the portal writes under every list."""
    body = read(f"<p>Một.</p><p>Tin liên quan</p>{LINKS}<p>{AFTER}</p>")
    assert (body.text, body.lost > 40) == ("Một.", True)


def test_one_link_and_one_sentence_are_other_news() -> None:
    body = read(f'<p>Một.</p><p>Tin liên quan</p><p><a href="/1">Tin một</a></p><p>{AFTER}</p>')
    assert body.text == "Một."
    assert body.lost > 40, "told, as it may have been the article's"


def test_summaries_of_other_news_are_no_text() -> None:
    summarised = "".join(f'<h4><a href="/{number}">Tin {number}</a></h4><p>{AFTER}</p>' for number in range(3))
    assert read(f"<p>Một.</p><p>Tin liên quan</p>{summarised}").text == "Một."


def test_a_linked_paragraph_without_a_heading_is_text() -> None:
    assert read(f'<p>Một.</p><p><a href="/1">Tin một</a></p><p>{AFTER}</p>').text == f"Một.\n\nTin một\n\n{AFTER}"


def test_a_document_of_other_news_is_no_attachment() -> None:
    assert read(f"<p>Một.</p><p>Các tin khác</p>{RELATED}").attachments == ()
    both = read(f'<p>Một, xem <a href="/3.pdf">kế hoạch</a>.</p><p>Các tin khác</p>{RELATED}')
    assert [each.url for each in both.attachments] == ["http://a.gov.vn/3.pdf"]


@pytest.mark.parametrize(
    "html",
    [
        '<p>Một.</p><p><a href="/own.pdf"><span></span></a></p><p>Các tin khác</p>{others}',
        '<p>Một.</p><p><a href="/own.pdf"><span></span></a></p><pre>Hai.</pre><p>Các tin khác</p>{others}',
        "<p>Một.</p><table><tr><td>Số</td><td><a href='/own.pdf'>1</a></td></tr><tr><td>a</td><td>2</td></tr></table>"
        "<p>Các tin khác</p>{others}<p><a href='/own.pdf'>Tin ba</a></p>",
        '<p>Một.</p><p><a href="/own.pdf">Xem chi tiết tại đây</a></p><p>Các tin khác</p>{others}<p><a href="/own.pdf">Tin ba</a></p>',
        '<p>Một.</p><p><a href="/own.pdf">Xem thêm</a></p>{others}',
        '<p>Một.</p><p>Xem thêm:</p><p><a href="/own.pdf">Quyết định số 12</a></p>',
    ],
)
def test_a_document_of_the_article_stays(html: str) -> None:
    assert [each.url for each in read(html.format(others=RELATED)).attachments] == ["http://a.gov.vn/own.pdf"]


@pytest.mark.parametrize("attribute", ['{{data}}="1"', "{{#if}}", "{y}z=3", "o:p=1", "xml:lang=vi", "=", '"'])
def test_odd_attributes_cost_no_text(attribute: str) -> None:
    assert read(f"<p {attribute}>Một.</p><p>Hai.</p>").text == "Một.\n\nHai."


def test_what_stands_behind_the_element_is_not_its_own() -> None:
    page = etree.HTML("<div>Trước.<div id=a>Một<!-- a --> hai.<?php b ?><p>Ba.</p>Bốn.</div>Năm.<!-- c --></div>")
    element = page.find(".//div[@id='a']")
    assert element is not None
    assert read_body(element, absolute).text == "Một hai.\n\nBa.\n\nBốn."


# Whatever comes


WORDS = st.text("aăâbđêghikơưyáàạệ ", min_size=1, max_size=12).map(str.strip).filter(bool)
WRAPS = st.sampled_from(
    ("<p>{}</p>", "<div>{}</div>", "<div><span>{}</span></div>", "{}<br><br>", "<section><p>{}</p></section>", "<p><b>{}</b></p>")
)


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(st.tuples(WRAPS, WORDS.map(lambda word: f"x{word}.")), min_size=1, max_size=8))
def test_every_word_comes_out_once_and_in_order(pieces: list[tuple[str, str]]) -> None:
    body = read("".join(wrap.format(words) for wrap, words in pieces))
    assert re.sub(r"\s+", " ", body.text) == re.sub(r"\s+", " ", " ".join(words for _, words in pieces))
    assert join_blocks(body.blocks) == body.text


@settings(max_examples=150, deadline=None)
@given(html=st.text("<>/pbdiv=\"' &;!-tablerimgsc", max_size=80))
def test_no_markup_raises(html: str) -> None:
    assert isinstance(read(html).text, str)


@pytest.mark.parametrize(
    ("last", "caption"),
    [
        ('<p style="text-align:right"><em>Ảnh: Trao quà</em></p>', "Ảnh: Trao quà"),
        ('<p style="text-align:center"><em>Hồng Hà</em></p>', "Hồng Hà"),
        ('<p style="text-align:right"><em>Hồng Hà</em></p><p>Hai.</p>', "Hồng Hà"),
    ],
)
def test_a_caption_below_a_picture(last: str, caption: str) -> None:
    assert read(f'<p>Một.</p><p align="center">{PICTURE}</p>{last}').attachments[0].caption == caption


def test_an_italic_byline_below_a_picture_is_no_caption() -> None:
    body = read(f'<p>Một.</p><p align="center">{PICTURE}</p><p style="text-align:right"><em>Hồng Hà</em></p>')
    assert body.attachments[0].caption is None
    assert [block.text for block in body.blocks if block.text] == ["Một.", "Hồng Hà"]


def test_a_picture_linked_by_its_file_name_is_a_picture() -> None:
    body = read(
        '<p><strong><a href="/u/IMG_1%20a.jpg">IMG_1 a.jpg</a></strong></p><p>Sáng nay <a href="/u/hop.jpg">xem ảnh</a></p>'
        '<p><a href="/u/ke-hoach.pdf">ke-hoach.pdf</a></p>',
    )
    assert body.text == "Sáng nay xem ảnh\n\nke-hoach.pdf"
    assert [(each.kind, each.url) for each in body.attachments] == [
        ("image", "http://a.gov.vn/u/IMG_1%20a.jpg"),
        ("document", "http://a.gov.vn/u/ke-hoach.pdf"),
    ]
