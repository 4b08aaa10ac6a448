"""The shape of addresses, whatever the CMS: what an article's, a listing's page, a print twin's look like.

Seen on real portals (2026-11). Two modules of one portal may number their articles alike; with five digits and more this
was not met.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from scraper.extract.body import is_document
from scraper.extract.text import fold
from scraper.urls import tidy_url, url_key

_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|ico|bmp|css|js|json|xml|rss|mp[34]|avi|mov|wmv|flv|m3u8|exe|apk|ashx|axd|woff2?)$", re.I)
_PAGE_END = re.compile(r"\.(?:html?|aspx?|php|jsp|htmlx|chn|vnp|epi)$", re.I)
# A path part that says the page is something else: tim-kiem (search), dang-nhap (sign in), chuyen-muc (category), lien-he (contact).
_NO_ARTICLE = re.compile(
    r"^(?:tags?|tu-khoa|search|tim-kiem|login|logout|dang-nhap|dang-ky|register|users?|account|member|rss|feeds?|atom|print|sendmail|savefile|comments?|statistics|"
    r"archives?|author|category|categories|danh-muc|chuyen-muc|sitemap|api|wp-(?:json|admin|content|login.*)|lien-he|contact|so-do-(?:web|cong|trang).*|page(?:-?\d+)?|trang-\d+|rss-feed|_layouts|search-?results?)$"
)
_PAGE_NUMBER = re.compile(r"(?:^|/)(?:page|trang|p)[-/](\d{1,4})(?:/|\.html?|$)", re.I)
_PAGE_PARAMETER = re.compile(r"(?:^|_)(?:cur)$|^(?:page|trang|paged|pageno|pageindex|page_?number|pagenum|p|pg|start_?page)$", re.I)
_IDENTITY = re.compile(
    r"id|tc|itemid|dinhdanh|newsid|news_id|nid|articleid|article_id|artid|art|tinid|idtin|id_tin|tin_id|"
    r"idbaiviet|baiviet|postid|contentid|p|newid"
)
_NO_ARTICLE_PARAMETER = re.compile(r"returnurl|href|redirect|s|q|keyword|keywords|tukhoa|search|tag")
# Parameters in which twins of one article differ.
_NOISE = re.compile(r"isfeatured|pageindex|pageid|print|in|mode|view|viewmode|p_p_state|amp|lang|language|ref|source")
_PRINT = re.compile(
    r"/pop_up/|(?:^|[&_])(?:viewMode=print|p_p_state=pop_up|print=|printview=|view=print|mode=print|in=1)|/(?:ban-?in|print)[^/]*$", re.I
)
_LIFERAY = re.compile(
    r"/-/(?:view_content|view-article|asset_publisher/[^/]+/content|details|asset_publisher/[^/]+/document)/(?:pop_up/)?(.+)$"
)
# Syllables that names of categories are made of: tin tức (news), sự kiện (events), hoạt động (activities), văn bản (documents) …
_MENU = re.compile(
    r"tin|tuc|su|kien|hoat|dong|thong|bao|van|ban|chi|dao|dieu|hanh|giao|duc|tao|kinh|te|xa|hoi|chinh|tri|"
    r"quoc|phong|an|ninh|hoa|lich|chuyen|mon|muc|gioi|thieu|trong|nuoc|ngoai|tinh|huyen|nganh|cong|tac|xay|"
    r"dung|dang|khuyen|hoc|tai|hinh|anh|video|thu|vien|tham|khao|phap|luat|cai|cach|thoi|noi|bat|moi|va|"
    r"cua|the|thao|y|nong|nghiep|thon|doi|song|khoa|ky|thuat|di|tich|co|cau|to|chuc|bo|may|doan|nha|truong"
)


def article_number(url: str) -> str | None:
    """What identifies an article by its address alone: an unmistakable number, else a hash; None when it is no article's."""
    plain = plain_url(url)
    if not is_article(plain):
        return None
    return _number(plain) or hashlib.sha256(url_key(plain).encode()).hexdigest()[:16]


def twin_rank(url: str) -> int:
    """0 for an article's own address, 1 for one with what only marks a twin (or another language), 2 for its print."""
    parts = urlsplit(url)
    if _PRINT.search(parts.path) or _PRINT.search(parts.query):
        return 2
    noise = any(_is_noise(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return 1 if noise or re.match(r"/(?:en|fr|zh|ru)(?:/|$)", parts.path) else 0


def page_number(url: str) -> int | None:
    """Which page of a listing an address is, by parameter or path; None when it does not say."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if _PAGE_PARAMETER.search(name) and value.isdigit():
            return int(value)
    match = _PAGE_NUMBER.search(parts.path)
    return int(match[1]) if match else None


def same_listing(url: str, page_url: str) -> bool:
    """The same path but for the page's number, so that another list's pager on the page is not followed."""

    def path(address: str) -> str:
        cut = re.sub(_PAGE_NUMBER, "/", urlsplit(address).path)
        return _PAGE_END.sub("", re.sub(r"/+", "/", cut)).rstrip("/")

    return path(url) == path(page_url)


def plain_url(url: str) -> str:
    """The address without what print, feature and paging twins of an article add."""
    parts = urlsplit(tidy_url(url))
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _is_noise(name)]
    path = parts.path.replace("/pop_up/", "/")
    return urlunsplit((parts.scheme, parts.netloc, path.rstrip("/") or "/", urlencode(pairs), ""))


def _is_noise(name: str) -> bool:
    return bool(_NOISE.fullmatch(name.lower())) or bool(re.match(r"_\d+_(?:viewMode|INSTANCE)", name))


def is_article(url: str) -> bool:
    """Whether an address has the shape of an article's on any CMS."""
    parts = urlsplit(url)
    segments = [part for part in parts.path.split("/") if part]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    names = {name.lower() for name, _ in pairs}
    if is_document(url) or _FILE.search(parts.path) or any(_NO_ARTICLE_PARAMETER.fullmatch(name) for name in names):
        return False
    if any(_NO_ARTICLE.match(fold(_PAGE_END.sub("", unquote(part)))) for part in segments) or _PAGE_NUMBER.search(parts.path):
        return False
    if any((_PAGE_PARAMETER.search(name) and not _IDENTITY.fullmatch(name.lower())) or name.lower() == "page" for name, _ in pairs):
        return False
    if any(_IDENTITY.fullmatch(name.lower()) and re.fullmatch(r"[0-9A-Za-z-]*\d[0-9A-Za-z-]*", value) for name, value in pairs):
        return True
    if any(name.lower() == "op" and re.search(r"/[^/]+-\d+$", value) for name, value in pairs):
        return True  # NukeViet without rewriting
    match = _LIFERAY.search(parts.path)
    if match:
        return bool(re.search(r"\d{3,}", match[1])) or is_slug(match[1].split("/")[-1], ended=True)
    if not segments:
        return False
    last = unquote(segments[-1])
    stem = _PAGE_END.sub("", last)
    return is_slug(stem, ended=stem != last) or _ends_in_number(stem, segments)


def is_slug(stem: str, *, ended: bool) -> bool:
    """Whether a path part is a title's slug and no category's: four words or more; ``ended``: it had an ending such as .html."""
    words = [word for word in re.split(r"[-_+ ]+", fold(stem)) if word]
    letters = [word for word in words if word.isalpha()]
    if len(words) < 4 or len(letters) < 3:
        return False
    return ended or len(words) > 8 or not all(_MENU.fullmatch(word) for word in words)


def _ends_in_number(stem: str, segments: list[str]) -> bool:
    match = re.search(r"(?:^|[-_])(\d{3,})$", stem) or re.match(r"(\d{4,})-\w", stem)
    if not match or re.fullmatch(r"(?:19|20)\d\d", match[1]):
        return False
    return stem != match[1] or (len(segments) >= 2 and not re.fullmatch(r"(?:19|20)\d\d", segments[-2]))


def _number(url: str) -> str | None:
    """An unmistakable id: five digits or more at the end (or start) of the last part, or as identity parameter; no date written in one."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if _IDENTITY.fullmatch(name.lower()) and re.fullmatch(r"\d{5,18}", value):
            return value
    liferay = _LIFERAY.search(parts.path)
    segments = [part for part in (liferay[1] if liferay else parts.path).split("/") if part]
    stem = _PAGE_END.sub("", segments[-1]) if segments else ""
    match = re.search(r"(?:^|[-_])(\d{5,18})$", stem) or re.match(r"(\d{5,18})-\w", stem)
    if not match and liferay:
        match = re.match(r"(\d{5,18})(?:-|$)", segments[0]) or next(
            (found for part in segments if (found := re.fullmatch(r"(\d{5,18})", part))), None
        )
    if not match or re.fullmatch(r"(?:[0-3]\d[01]\d(?:19|20)\d\d|(?:19|20)\d\d[01]\d[0-3]\d)", match[1]):
        return None
    return match[1]
