"""The page of an article: what it says is what the archive holds, and nothing in it is live."""

from __future__ import annotations

import html
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scraper.web.article import MOST_REVISIONS

from .archive import ON_TOPIC, SCRIPT_TITLE, Page
from .conftest import Browser

EVIL = "</script><script>alert('khuyến học')</script>\u2028"


@pytest.fixture(scope="module")
def altered(archive_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The small archive with what its portals have not brought about: gone, missing, copied, and hostile in every column."""
    path = tmp_path_factory.mktemp("altered") / "archive.db"
    shutil.copy(archive_path, path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE articles SET gone_at = '2025-03-01T18:00:00Z' WHERE uid = 'cao_bang-2001'")
        connection.execute("UPDATE articles SET missing_since = '2025-03-01T18:00:00Z', missing_looks = 2 WHERE uid = 'cao_bang-2002'")
        connection.execute(
            "UPDATE articles SET body_digest = (SELECT body_digest FROM articles WHERE uid = 'cao_bang-2001') WHERE uid = 'cao_bang-2003'"
        )
        texts = ("lead", "body", "byline", "source_line", "section", "cite_as", "published_raw", "relevance_words")
        connection.execute(
            f"UPDATE articles SET {', '.join(f'{name} = :evil' for name in texts)} WHERE uid = 'cao_bang_thach_an-1004'", {"evil": EVIL}
        )
        connection.execute("UPDATE articles SET evidence = ? WHERE uid = 'cao_bang_thach_an-1004'", (json.dumps({EVIL: EVIL}),))
        connection.execute("UPDATE articles SET uid = 'cao_bang_thach_an-a/b.bib' WHERE uid = 'cao_bang_thach_an-1005'")
        evil_id = connection.execute("SELECT id FROM articles WHERE uid = 'cao_bang_thach_an-1004'").fetchone()[0]
        for number, (kind, url) in enumerate(
            [("image", "javascript:alert(1)"), ("document", "data:text/html,x"), ("image", "https://a.vn/b.jpg")], 1
        ):
            connection.execute(
                "INSERT INTO attachments (article_id, position, kind, caption, url) VALUES (?, ?, ?, ?, ?)",
                (evil_id, number, kind, EVIL, url),
            )
    connection.close()
    made = Browser(path)
    yield made
    made.close()


@pytest.mark.parametrize("page", ON_TOPIC, ids=lambda page: page.uid)
def test_page_says_what_the_archive_holds(browser: Browser, reader: sqlite3.Connection, page: Page) -> None:
    text = browser.get(f"/bai/{page.uid}").text
    reader.row_factory = sqlite3.Row
    row = reader.execute(
        "SELECT a.*, s.publisher, s.place_name, c.payload_digest FROM articles a JOIN sources s ON s.id = a.source_id"
        " JOIN captures c ON c.id = a.capture_id WHERE uid = ?",
        (page.uid,),
    ).fetchone()
    for name in ("title", "byline", "section", "publisher", "place_name", "url", "cite_as", "published_raw", "payload_digest"):
        assert row[name] is None or html.escape(row[name], quote=False) in html.unescape(text).replace("&", "&amp;").replace(
            "<", "&lt;"
        ).replace(">", "&gt;")
    unmarked = re.sub(r"</?mark[^>]*>", "", text).replace("&#39;", "'").replace("&#34;", '"')
    for paragraph in row["body"].split("\n\n"):
        assert f"<p>{html.escape(paragraph, quote=False)}</p>" in unmarked
    assert ("Không đọc được ngày đăng nào" in text) == (row["published_at"] is None)
    assert ("để trống, không đoán" in text) == (row["published_at"] is None)
    assert f'<time datetime="{row["published_at"]}">' in text or row["published_at"] is None
    assert f'href="{html.escape(row["url"])}"' in text
    assert f'href="/archive/captures/{row["capture_id"]}"' in text


def test_dates_say_how_exact_they_are(browser: Browser) -> None:
    minute = browser.get("/bai/cao_bang_thach_an-1001").text
    assert "07:47, 11/12/2022" in minute
    assert "“Chủ nhật, 11/12/2022 | 07:47”" in minute
    assert "đọc được đến phút" in minute
    day = browser.get("/bai/cao_bang_thach_an-1007").text
    assert '<time datetime="2023-04-07">07/04/2023</time>' in day
    assert "chỉ đọc được đến ngày" in day


def test_neighbours_and_copies(browser: Browser, altered: Browser) -> None:
    text = browser.get("/bai/cao_bang_thach_an-1004").text
    around = re.findall(r'<li(?: class="this")?>(?:<a href="/bai/([^"]*)">)?', text.split('id="neighbours"')[1].split("</ul>")[0])
    assert around == [f"cao_bang_thach_an-{number}" for number in (1008, 1007, 1005)] + [""] + [
        f"cao_bang_thach_an-{number}" for number in (1002, 1001)
    ]
    assert "nguyên văn" not in text
    assert 'id="neighbours"' not in browser.get("/bai/cao_bang_thach_an-1003").text
    copied = altered.get("/bai/cao_bang-2001").text
    assert 'href="/bai/cao_bang-2003"' in copied.split('id="copies"')[1].split("</ul>")[0]


def test_gone_and_missing(altered: Browser) -> None:
    assert "Không còn trên cổng</strong> từ 02/03/2025" in altered.get("/bai/cao_bang-2001").text  # 18:00 UTC is the next day in Vietnam
    assert "Không tìm thấy trên cổng</strong> từ 02/03/2025 (đã tìm lại 2 lần)" in altered.get("/bai/cao_bang-2002").text
    assert "trên cổng</strong>" not in altered.get("/bai/cao_bang-2003").text


def test_everything_a_portal_printed_is_inert(altered: Browser) -> None:
    text = altered.get("/bai/cao_bang_thach_an-1004").text
    scripts = re.findall(r"<script[^>]*>", text)
    assert len(scripts) == 2, scripts
    assert 'src="/-/static-plugins/khuyen-hoc-archive/page.js"' in scripts[0]
    assert scripts[1] == '<script type="application/ld+json">'
    for bad in ("javascript:", "data:text"):
        assert f'href="{bad}' not in text
        assert bad in text
    assert '<a class="address" href="https://a.vn/b.jpg" rel="nofollow noopener noreferrer">' in text
    assert "<img" not in text
    told = json.loads(text.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert told["headline"] == SCRIPT_TITLE
    assert told["creditText"] == EVIL


def test_structured_data(browser: Browser) -> None:
    text = browser.get("/bai/cao_bang_thach_an-1001").text
    told = json.loads(text.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert told == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": ON_TOPIC[0].title,
        "inLanguage": "vi",
        "datePublished": "2022-12-11T07:47:00+07:00",
        "creditText": "Nông Thị Lan",
        "publisher": {
            "@type": "Organization",
            "name": "UBND huyện Thạch An",
            "url": "https://thachan.caobang.gov.vn/",
            "areaServed": "Huyện Thạch An, Tỉnh Cao Bằng",
        },
        "url": ON_TOPIC[0].url,
        "isBasedOn": ON_TOPIC[0].url,
        "archivedAt": "http://localhost/bai/cao_bang_thach_an-1001",
        "identifier": "cao_bang_thach_an-1001",
    }
    assert '<link rel="canonical" href="http://localhost/bai/cao_bang_thach_an-1001">' in text


def test_references(browser: Browser) -> None:
    for suffix, kind, piece in (
        (".bib", "application/x-bibtex", "@misc{cao_bang_thach_an-1001,"),
        (".ris", "application/x-research-info-systems", "TY  - NEWS\r\n"),
    ):
        answer = browser.get(f"/bai/cao_bang_thach_an-1001{suffix}")
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"] == f'attachment; filename="cao_bang_thach_an-1001{suffix}"'
        assert piece in answer.text
        assert ON_TOPIC[0].title in answer.text


def test_identifiers_that_look_like_addresses_of_ours(altered: Browser) -> None:
    """A portal's own identifier may hold a slash and end in .bib; the page and its references are told apart."""
    for spelt in ("a/b.bib", "a%2Fb.bib", "a%2fb%2ebib"):
        page = altered.get(f"/bai/cao_bang_thach_an-{spelt}")
        assert page.headers["content-type"].startswith("text/html")
    assert 'href="/bai/cao_bang_thach_an-a%2Fb.bib.ris"' in page.text
    reference = altered.get("/bai/cao_bang_thach_an-a%2Fb.bib.bib")
    assert reference.headers["content-disposition"] == 'attachment; filename="cao_bang_thach_an-a_b_bib.bib"'
    assert altered.get("/bai/cao_bang_thach_an-a%2Fb.bib/thay-doi").status_code == 200
    assert 'href="/bai/cao_bang_thach_an-a%2Fb.bib"' in altered.get("/archive/articles").text


def test_history_shows_the_words_that_changed(browser: Browser) -> None:
    page = browser.get("/bai/cao_bang_thach_an-1003").text
    assert "Bài đã sửa sau khi đăng" in page
    text = browser.get("/bai/cao_bang_thach_an-1003/thay-doi").text
    diff = text.split('<div class="diff">')[1].split("</div>")[0]
    assert "Các dòng họ đóng góp <del>20</del><ins>25</ins> triệu đồng." in diff
    assert "1 đoạn không đổi" in diff
    assert text.count('<section class="revision"') == 2
    assert text.index("bản hiện hành") < text.index("bản đầu tiên đã lưu")
    assert text.count("/archive/revisions/") == 2
    alone = browser.get("/bai/cao_bang-2001/thay-doi").text
    assert '<div class="diff">' not in alone
    assert "sửa sau khi đăng" not in browser.get("/bai/cao_bang-2001").text
    assert browser.ask("/bai/khong-co/thay-doi").status_code == 404


def test_long_histories_are_cut(altered: Browser, tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    shutil.copy(altered.datasette.get_database("archive").path, path)
    with sqlite3.connect(path) as connection:
        number, capture = connection.execute("SELECT id, capture_id FROM articles WHERE uid = 'cao_bang-2002'").fetchone()
        for day in range(1, 29):
            connection.execute(
                "INSERT INTO revisions (article_id, first_captured_at, title, body, content_digest, extractor, capture_id)"
                " VALUES (?, ?, 'Tin', ?, ?, 'x', ?)",
                (number, f"2025-06-{day:02d}T00:00:00Z", f"Ngày {day}", str(day), capture),
            )
    connection.close()
    made = Browser(path)
    try:
        text = made.get("/bai/cao_bang-2002/thay-doi").text
        assert text.count('<section class="revision"') == MOST_REVISIONS
        assert text.count("<ins>") - 2 == MOST_REVISIONS  # the legend has two; the oldest shown is compared with the one before it
        link = html.unescape(re.findall(r'href="(/archive/revisions\?[^"]*)"', text)[-1])
        assert made.json(link.replace("revisions?", "revisions.json?"))["filtered_table_rows_count"] == 29
    finally:
        made.close()


def test_every_title_leads_to_its_page(browser: Browser, reader: sqlite3.Connection) -> None:
    uids: list[Any] = [row[0] for row in reader.execute("select uid from articles")]
    listed = browser.get("/archive/articles?_size=max").text
    assert all(f'href="/bai/{uid}"' in listed for uid in uids)
