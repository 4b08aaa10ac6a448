"""The replica tells the truth: what it says about its articles is what a reader of its pages finds."""

from __future__ import annotations

import gzip
import html
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.replica import Replica
from tests.replica.client import ROOT
from tests.replica.control import perform, truth
from tests.replica.model import clean
from tests.replica.site import Site

NAMES = ("quang_tri", "cao_bang_thach_an", "dong_thap_thap_muoi")
LISTINGS = {
    "quang_tri": ("/tin-tuc", "/van-hoa-xa-hoi"),
    "cao_bang_thach_an": ("/van-hoaxa-hoi", "/kinh-te", "/chuyen-muc-tin-tuc"),
    "dong_thap_thap_muoi": ("/vi/news/khuyen-hoc/", "/vi/news/van-hoa-xa-hoi/", "/vi/news/kinh-te/"),
}
ENTRY = {
    "quang_tri": r'<h3 class="title-news"><a href="[^"]*/(\d{13})">([^<]+)</a></h3><span class="date-news">',
    "cao_bang_thach_an": r'<a class="NewsTitle" href="[^"]*-(\d{4,6})" title="[^"]*">([^<]+)</a>',
    "dong_thap_thap_muoi": r'<h3><a href="[^"]*-(\d+)\.html" title="[^"]*">([^<]+)</a></h3>',
}
MODULE = {"dong_thap_thap_muoi": "news_"}
"""What stands before the number in a key."""
NEXT = {
    "quang_tri": r'<li class="next"><a href="([^"]+)">',
    "cao_bang_thach_an": r'<a class="page-link" href="([^"]+)">»</a>',
    "dong_thap_thap_muoi": r'<li class=active><a [^>]*>\d+</a></li><li><a href="([^"]+)">',
}


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    """A small replica, as first built at the start of each test."""
    with Replica(articles=70, portals=NAMES) as running:
        yield running


@pytest.fixture(autouse=True)
def fresh(replica: Replica) -> None:
    """Knobs back, log empty."""
    for name in NAMES:
        replica.control(name, "reset")
        replica.clear_requests(name)


class Got:
    """An answer with its body read."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def text(self) -> str:
        """The decoded body."""
        return self.body.decode()

    @property
    def plain(self) -> str:
        """The text of the page: tags out, normalised."""
        bare = re.sub(r"<(script|style|title).*?</\1>", " ", self.text, flags=re.S)
        bare = re.sub(r"</?(?:p|div|li|td|tr|br|h\d|ul|table|section|footer|header)\b[^>]*>", " ", bare)
        return clean(html.unescape(re.sub(r"<[^>]+>", "", bare)))


def get(replica: Replica, name: str, path: str, method: str = "GET", **headers: str) -> Got:
    """One request on a connection of its own."""
    connection = HTTPConnection(urlsplit(replica.urls[name]).netloc, timeout=10)
    try:
        connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        return Got(connection.getresponse())
    finally:
        connection.close()


def walk(replica: Replica, name: str, listing: str) -> list[tuple[str, str]]:
    """Keys and titles of a listing, page after page."""
    found, path = [], listing
    while path:
        page = get(replica, name, path).text
        found += [(MODULE.get(name, "") + key, html.unescape(title)) for key, title in re.findall(ENTRY[name], page)]
        path = html.unescape(m[1]) if (m := re.search(NEXT[name], page)) else ""
    return found


def first(replica: Replica, name: str, **wanted: Any) -> dict[str, Any]:
    """The newest article with these facts."""
    return next(a for a in replica.truth(name) if all(a[k] == v for k, v in wanted.items()))


@pytest.mark.parametrize("name", NAMES)
def test_listings_lead_to_every_article(replica: Replica, name: str) -> None:
    """Each listing shows exactly its articles, newest first, under the title that the truth has."""
    articles = replica.truth(name)
    for listing in LISTINGS[name]:
        expected = [(a["key"], a["title"]) for a in articles if listing in a["sections"]]
        assert expected and walk(replica, name, listing) == expected


@pytest.mark.parametrize("name", NAMES)
def test_pages_say_what_the_truth_says(replica: Replica, name: str) -> None:
    """Title, lead, paragraphs, captions, signature, date, pictures and files stand on the page and on its twins."""

    def check(article: dict[str, Any]) -> None:
        page = get(replica, name, article["url"])
        assert page.status == 200
        parts = [article["title"], article["lead"], article["byline"], article["published_raw"], *article["captions"]]
        parts += [cell for line in article["paragraphs"] for cell in line.split(" | ")]
        for part in filter(None, parts):
            assert part in page.plain, (article["url"], article["style"], part)
        for twin in article["twins"]:
            copy = get(replica, name, twin)
            assert copy.status == 200 and article["paragraphs"][0].split(" | ")[0] in copy.plain
        for path in article["images"] + article["attachments"]:
            assert get(replica, name, path).body[:4] in (b"\x89PNG", b"%PDF")
            assert path in page.text
        assert unicodedata.is_normalized("NFC", page.text) == (article["noise"] != "nfd")
        assert bool(re.search("[\u200b\u00ad\u200c\ufeff]", page.text)) == (article["noise"] == "zw")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(check, replica.truth(name)))
    assert len(replica.requests(name)) > 70


@pytest.mark.parametrize("name", NAMES)
def test_the_news_is_varied(name: str) -> None:
    """No title or body twice; the shares asked for; the same news from the same seed, other news from another."""
    articles = truth(Site(name, 2022, 300))
    assert len({a["title"] for a in articles}) == len({tuple(a["paragraphs"]) for a in articles}) == 300
    assert sum(a["on_topic"] for a in articles) == 195
    assert {a["style"] for a in articles} == {"plain", "word", "br"}
    assert {a["noise"] for a in articles} == {"", "nfd", "zw"}
    assert {a["precision"] for a in articles} == ({"minute", "day", None} if name == "cao_bang_thach_an" else {"minute"})
    assert articles == truth(Site(name, 2022, 300))
    assert articles != truth(Site(name, 2023, 300))


def test_two_builds_serve_the_same_pages() -> None:
    """Two sites of one seed give the same validators for the same addresses, also after new articles."""
    one, two = Site("quang_tri", 5, 40), Site("quang_tri", 5, 40)
    assert perform(one, "add", {"n": 3}) == perform(two, "add", {"n": 3})
    for article in truth(one):
        tags = [dict(site.answer("GET", article["url"], {}).headers)["ETag"] for site in (one, two)]
        assert tags[0] == tags[1]


@pytest.mark.parametrize("name", NAMES)
def test_http(replica: Replica, name: str) -> None:
    """Validators ignore counters; gzip, HEAD, 404, robots.txt and the log work."""
    article = replica.truth(name)[3]
    for path in (article["url"], LISTINGS[name][0], "/"):
        page, again = get(replica, name, path), get(replica, name, path)
        assert page.headers["ETag"] == again.headers["ETag"]
        assert page.body != again.body, "counters change"
        assert page.headers["Content-Type"] == "text/html; charset=utf-8" and page.headers["Vary"]
        assert get(replica, name, path, If_None_Match=page.headers["ETag"]).status == 304
        assert get(replica, name, path, If_Modified_Since=page.headers["Last-Modified"]).status == 304
        assert get(replica, name, path, If_None_Match='"other"').status == 200
        packed = get(replica, name, path, Accept_Encoding="gzip, deflate")
        assert packed.headers["Content-Encoding"] == "gzip" and b"</html>" in gzip.decompress(packed.body)
        head = get(replica, name, path, method="HEAD")
        assert head.status == 200 and head.body == b"" and int(head.headers["Content-Length"]) > 1000
    missing = get(replica, name, "/khong-co")
    assert missing.status == 404 and "Không tìm thấy" in missing.text
    assert "Crawl-delay: 0" in get(replica, name, "/robots.txt").text
    log = replica.requests(name)
    assert log[0]["path"] == article["url"] and log[0]["method"] == "GET" and log[0]["status"] == 200
    assert any(r["headers"].get("if-none-match") == '"other"' for r in log)


def test_liferay_traps(replica: Replica) -> None:
    """Beyond the last page comes the last page; delta multiplies addresses; any category leads to the article."""
    base = "/tin-tuc?_vcmsviewcontent_INSTANCE_hN7k_delta=20&_vcmsviewcontent_INSTANCE_hN7k_cur="
    keys = [re.findall(ENTRY["quang_tri"], get(replica, "quang_tri", f"{base}{n}").text) for n in (1, 2, 3, 99)]
    assert keys[0] != keys[1] and keys[3] == keys[2]
    assert len(re.findall(r"_delta=50", get(replica, "quang_tri", "/tin-tuc").text)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_edit_add_delete(replica: Replica, name: str) -> None:
    """The page, its validators, the listing and the truth follow."""
    article = replica.truth(name)[1]
    before = get(replica, name, article["url"])
    replica.control(name, "edit", key=article["key"], paragraph="Bổ sung: lễ trao quà lùi sang tuần sau.")
    after = get(replica, name, article["url"], If_None_Match=before.headers["ETag"])
    assert after.status == 200 and "lùi sang tuần sau" in after.plain
    assert after.headers["Last-Modified"] != before.headers["Last-Modified"]
    assert replica.truth(name)[1]["paragraphs"] == [*article["paragraphs"], "Bổ sung: lễ trao quà lùi sang tuần sau."]

    old = {path: get(replica, name, path).headers["ETag"] for path in LISTINGS[name]}
    keys = replica.control(name, "add", n=2)
    newest = replica.truth(name)[:2]
    assert [a["key"] for a in newest] == keys[::-1] and all(a["on_topic"] for a in newest)
    changed = [get(replica, name, path, If_None_Match=tag).status for path, tag in old.items()]
    assert 200 in changed
    assert get(replica, name, newest[0]["url"]).status == 200

    for key, status in zip(keys, (404, 410), strict=True):
        url = first(replica, name, key=key)["url"]
        replica.control(name, "delete", key=key, status=status)
        assert get(replica, name, url).status == status
    assert not {a["key"] for a in replica.truth(name)} & set(keys)
    assert not {key for path in LISTINGS[name] for key, _ in walk(replica, name, path)} & set(keys)


@pytest.mark.parametrize("name", NAMES)
def test_faults_of_one_article(replica: Replica, name: str) -> None:
    """Each fault shows on its article and its twins, on no other, and goes away."""
    article, other = replica.truth(name)[:2]
    url, last = article["url"], article["paragraphs"][-1].split(" | ")[-1]
    whole = get(replica, name, url)

    def fault(action: str) -> Got:
        replica.control(name, "reset")
        replica.control(name, action, key=article["key"])
        assert replica.truth(name)[0]["fault"] == action
        assert get(replica, name, other["url"]).status == 200
        return get(replica, name, url, If_None_Match=whole.headers["ETag"])

    home = fault("redirect_home")
    assert home.status == 302 and home.headers["Location"] == "/"
    for action, text in (("soft404", "Không tìm thấy trang"), ("login", "Mật khẩu")):
        page = fault(action)
        assert page.status == 200 and text in page.text and last not in page.plain
    half = fault("half")
    assert half.status == 200 and article["title"] in half.plain and last not in half.plain
    assert b"</html>" not in half.body and int(half.headers["Content-Length"]) == len(half.body)
    empty = fault("empty")
    assert empty.status == 200 and last not in empty.plain and b"</html>" in empty.body
    with pytest.raises(IncompleteRead):
        fault("truncate")
    replica.control(name, "truncate", key=article["key"], on=False)
    assert get(replica, name, url).headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize("name", NAMES)
def test_faults_of_the_portal(replica: Replica, name: str) -> None:
    """Maintenance, challenge, status, robots, delay and another layout; reset brings everything back."""
    url = replica.truth(name)[0]["url"]
    before = get(replica, name, url)
    replica.control(name, "maintenance")
    page = get(replica, name, url)
    assert page.status == 200 and "đang bảo trì" in page.text and "ETag" not in page.headers
    replica.control(name, "maintenance", status=503, retry_after=7)
    page = get(replica, name, "/")
    assert page.status == 503 and page.headers["Retry-After"] == "7"
    replica.control(name, "maintenance", on=False)
    replica.control(name, "challenge", on=True)
    assert "D1N=" in get(replica, name, url).text and len(get(replica, name, "/").body) < 200
    replica.control(name, "challenge", on=False)
    replica.control(name, "status", code=429, path_prefix=url, retry_after=3)
    assert get(replica, name, url).headers["Retry-After"] == "3"
    assert get(replica, name, "/").status == 200
    replica.control(name, "status", code=503)
    assert get(replica, name, "/").status == 503 and get(replica, name, "/robots.txt").status == 200
    replica.control(name, "robots", status=503)
    assert get(replica, name, "/robots.txt").status == 503
    replica.control(name, "robots", text="User-agent: *\nDisallow: /\n")
    assert get(replica, name, "/robots.txt").text.endswith("Disallow: /\n")
    replica.control(name, "reset")
    replica.control(name, "relayout", on=True)
    page = get(replica, name, url, If_None_Match=before.headers["ETag"])
    names = set(re.findall(r'class="([^"]+)"', before.text))
    assert page.status == 200 and names and not names & set(re.findall(r'class="([^"]+)"', page.text))
    assert page.plain.split("Lượt xem")[0][-60:] == before.plain.split("Lượt xem")[0][-60:]
    replica.control(name, "reset")
    replica.control(name, "delay", seconds=0.05)
    assert get(replica, name, url).headers["ETag"] == before.headers["ETag"]
    with pytest.raises(ValueError, match="unknown action"):
        replica.control(name, "explode")


def test_a_busy_port_is_one_clear_line(replica: Replica) -> None:
    """Exit 2 and a sentence, no traceback."""
    port = urlsplit(replica.urls["quang_tri"]).port
    done = subprocess.run(
        [sys.executable, "-m", "tests.replica", "--port", f"quang_tri={port}", "--articles", "3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.count("\n") == 1 and str(port) in done.stderr
