"""Addresses: every spelling of one address has one key, and no two different ones share it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.urls import rebase, site_of, tidy_url, url_key

SAME = [
    ("http://a.gov.vn/tin", "https://a.gov.vn/tin"),
    ("http://a.gov.vn/tin", "http://www.a.gov.vn/tin"),
    ("http://a.gov.vn/tin", "HTTP://A.GOV.VN/tin"),
    ("http://a.gov.vn/tin", "http://a.gov.vn:80/tin"),
    ("https://a.gov.vn/tin", "https://a.gov.vn:443/tin"),
    ("http://a.gov.vn/tin", "http://a.gov.vn./tin"),
    ("http://a.gov.vn/tin", "http://user:pass@a.gov.vn/tin"),
    ("http://a.gov.vn/tin", "http://a.gov.vn/tin#top"),
    ("http://a.gov.vn", "http://a.gov.vn/"),
    ("http://a.gov.vn/tin", " http://a.gov.vn/tin\n"),
    ("http://a.gov.vn/tin", "http://a.gov.vn/tin?utm_source=zalo&utm_medium=x"),
    ("http://a.gov.vn/tin?id=1", "http://a.gov.vn/tin?fbclid=IwAR0&id=1"),
    ("http://a.gov.vn/tin?id=1", "http://a.gov.vn/tin?id=1&PHPSESSID=abc"),
    ("http://a.gov.vn/tin", "http://a.gov.vn/tin;jsessionid=0F3A.node1"),
    ("http://a.gov.vn/tin?x=1", "http://a.gov.vn/tin;JSESSIONID=0F3A?x=1"),
    ("http://a.gov.vn/tin/a.aspx", "http://a.gov.vn/(S(abc123))/tin/a.aspx"),
    ("http://a.gov.vn/tin?b=2&a=1", "http://a.gov.vn/tin?a=1&b=2"),
    ("http://a.gov.vn/b", "http://a.gov.vn/a/../b"),
    ("http://a.gov.vn/a/b", "http://a.gov.vn/a/./b"),
    ("http://a.gov.vn/b", "http://a.gov.vn/../../b"),
    ("http://a.gov.vn/tệp", "http://a.gov.vn/t%E1%BB%87p"),
    ("http://a.gov.vn/tệp", "http://a.gov.vn/" + unicodedata.normalize("NFD", "tệp")),
    ("http://a.gov.vn/a b", "http://a.gov.vn/a%20b"),
    ("http://a.gov.vn/%7Ea", "http://a.gov.vn/~a"),
    ("http://a.gov.vn/%e1%bb%87", "http://a.gov.vn/%E1%BB%87"),
    ("http://tiếngviệt.vn/a", "http://xn--tingvit-9ya3e.vn/a"),
]
APART = [
    ("http://a.gov.vn/tin", "http://b.gov.vn/tin"),
    ("http://a.gov.vn/tin", "http://thachan.a.gov.vn/tin"),
    ("http://a.gov.vn/tin", "http://a.gov.vn:8080/tin"),
    ("http://a.gov.vn/tin", "http://a.gov.vn/Tin"),
    ("http://a.gov.vn/tin", "http://a.gov.vn/tin/"),
    ("http://a.gov.vn/tin", "http://a.gov.vn/tin.html"),
    ("http://a.gov.vn/tin?id=1", "http://a.gov.vn/tin?id=2"),
    ("http://a.gov.vn/tin?id=1", "http://a.gov.vn/tin"),
    ("http://a.gov.vn/tin?id=", "http://a.gov.vn/tin"),
    ("http://a.gov.vn/?gd=1&cn=129&tc=22380", "http://a.gov.vn/?gd=1&cn=129&tc=22381"),
    ("http://a.gov.vn/tin?_101_cur=2", "http://a.gov.vn/tin?_101_cur=3"),
    ("http://a.gov.vn/tin?a=1&a=2", "http://a.gov.vn/tin?a=1"),
    ("http://a.gov.vn/a%2Fb", "http://a.gov.vn/a/b"),
    ("http://a.gov.vn/tin?q=a%26b=1", "http://a.gov.vn/tin?q=a&b=1"),
    ("http://a.gov.vn/tin?sid=1", "http://a.gov.vn/tin?sid=2"),
    ("http://a.gov.vn/tin?q=%E1", "http://a.gov.vn/tin?q=%E9"),
    ("http://a.gov.vn/tệp", "http://a.gov.vn/têp"),
]


@pytest.mark.parametrize(("one", "other"), [pair for pair in SAME if "xn--" not in pair[1]])
def test_spellings_of_one_address(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


def test_a_name_with_vietnamese_letters() -> None:
    host = "tiếngviệt.vn".encode("idna").decode()
    assert url_key("http://tiếngviệt.vn/a") == url_key(f"http://{host}/a") == f"{host}/a"


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_addresses(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)
    assert tidy_url(one) != tidy_url(other)


def test_other_encodings_survive_the_loss_of_tracking() -> None:
    assert url_key("http://a.gov.vn/tin?q=%E1&utm_source=x") == url_key("http://a.gov.vn/tin?q=%E1")
    assert url_key("http://a.gov.vn/tin?q=%E1&utm_source=x") != url_key("http://a.gov.vn/tin?q=%E9&utm_source=x")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tin/1",
        "//a.vn/x",
        "ftp://a.vn/x",
        "javascript:void(0)",
        "mailto:a@b.vn",
        "http://",
        "http:///x",
        "data:,x",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(ValueError, match="not an http address"):
        tidy_url(url)


@pytest.mark.parametrize("url", ["http://[::1", "http://a.vn:99999/", "http://a.vn:x/", "http://a..vn/", f"http://{'a' * 64}.vn/"])
def test_broken_addresses_are_a_value_error(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        tidy_url(url)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.A.gov.vn/x", "a.gov.vn"),
        ("http://a.gov.vn:8080/", "a.gov.vn:8080"),
        ("http://[::1]:8471/x", "[::1]:8471"),
        ("http://127.0.0.1:8471", "127.0.0.1:8471"),
        ("https://www.com.vn/", "com.vn"),
    ],
)
def test_sites(url: str, site: str) -> None:
    assert site_of(url) == site


def test_rebase() -> None:
    assert rebase("https://a.gov.vn/tin?x=1#y", "http://127.0.0.1:8471") == "http://127.0.0.1:8471/tin?x=1"
    assert rebase("https://a.gov.vn", "http://127.0.0.1:8471/") == "http://127.0.0.1:8471/"


PARTS = st.text("abcỆệ-_.~%2F /;,:@!$'()*+", max_size=12)
VALUES = st.lists(st.sampled_from(("a", "1", "ệ", "&", "=", "%20", "%E1%BB%87", "+")), max_size=5).map("".join)
QUERIES = st.lists(st.tuples(st.text("abệ_", min_size=1, max_size=4), VALUES), max_size=3)


def spelled(scheme: str, host: str, port: str, path: str, query: list[tuple[str, str]]) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query)
    return f"{scheme}://{host}{port}/{path}" + (f"?{asked}" if asked else "")


URLS = st.builds(
    spelled,
    st.sampled_from(("http", "https", "HTTP")),
    st.sampled_from(("a.gov.vn", "www.a.gov.vn", "A.gov.vn.", "tiếngviệt.vn")),
    st.sampled_from(("", ":8080")),
    PARTS,
    QUERIES,
)


@settings(max_examples=400, deadline=None)
@given(url=URLS)
def test_tidying_twice_is_tidying_once(url: str) -> None:
    assert tidy_url(tidy_url(url)) == tidy_url(url)


@settings(max_examples=400, deadline=None)
@given(url=URLS)
def test_the_key_of_a_key_is_itself(url: str) -> None:
    key = url_key(url)
    assert url_key(f"http://{key}") == key
    assert url_key(tidy_url(url)) == key


@settings(max_examples=200, deadline=None)
@given(url=URLS, tracking=st.sampled_from(("utm_source=zalo", "fbclid=x", "gclid=1", "_ga=2", "PHPSESSID=9")))
def test_tracking_never_makes_another_page(url: str, tracking: str) -> None:
    assert url_key(f"{url}{'&' if '?' in url else '?'}{tracking}") == url_key(url)
