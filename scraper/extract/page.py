"""Open a captured document, or say why it is not a page of news: challenge, login, maintenance, not found, not HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urljoin

from lxml import etree
from parsel import Selector, SelectorList

from scraper.extract.decode import Damaged, decode_kept, is_unpacked, to_utf8
from scraper.extract.finding import Finder
from scraper.extract.prescan import is_plain, lighten
from scraper.extract.text import fold, legacy_suspect, squash
from scraper.items import Capture, Problem
from scraper.urls import as_sent, without_session

_STRING = etree.XPath("string()", smart_strings=False)


def text_in(element: etree._Element) -> str:
    """All text in an element, as it is in the source."""
    return str(_STRING(element))


def string_of(node: Selector) -> str:
    """The same of a selector's element: ``node.xpath("string()").get()`` without its detours."""
    return text_in(node.root)


class Refused(Exception):
    """A capture that is no page we can read; ``problem`` says what it is instead."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.problem = Problem(kind, detail)


# A page that only sets a cookie and reloads; met on many .gov.vn hosts (cookie D1N, HTTP 200, ~150 bytes; 2022-12).
_CHALLENGE = re.compile(r"document\.cookie\s*=.{0,300}?(?:location\.reload|location\.href|location\.replace)", re.S)
_CHALLENGE_MAX = 4096
"""Characters."""

_STATUS_BEFORE = re.compile(r"^(?:loi\s+)?(?:404|50[0234])\W*")
_ERROR = re.compile(r"(?:loi|(?:http\s+)?error|http)\s+(404|50[0234])|(404|50[0234])\s+error")  # lỗi 404: error 404
# Words that, as the whole of a title or heading, mean the server answered something else than the article.
SOFT_PAGES = {
    "maintenance": (
        "he thong dang bao tri",  # hệ thống đang bảo trì: the system is under maintenance
        "website dang bao tri",
        "trang web dang bao tri",
        "cong thong tin dang bao tri",
        "dang nang cap he thong",  # the system is being upgraded
        "he thong dang nang cap",
        "under maintenance",
        "site maintenance",
    ),
    "soft_404": (
        "khong tim thay trang",  # không tìm thấy trang: page not found
        "trang khong ton tai",  # the page does not exist
        "khong tim thay noi dung",
        "noi dung khong ton tai",
        "bai viet khong ton tai",
        "page not found",
        "not found",
    ),
    "http_error": (
        "loi he thong",  # lỗi hệ thống: an error of the system
        "da xay ra loi",  # an error has occurred
        "da co loi xay ra",
        "co loi xay ra",
        "loi may chu",  # an error of the server
        "server error in",  # ASP.NET's: Server Error in '/' Application.
        "runtime error",
        "internal server error",
        "bad gateway",
        "service unavailable",
        "gateway timeout",
    ),
    "login": (
        "dang nhap he thong",  # sign in to the system
        "dang nhap",
        "ban can dang nhap",
        "sign in",
        "log in",
    ),
}
_BEGUN_BY = {kind: tuple(phrase for phrase in phrases if len(phrase) > 12) for kind, phrases in SOFT_PAGES.items()}
"""Of these phrases those that tell it also where more follows."""
_MAGIC = ((b"%PDF-", "PDF"), (b"\xff\xd8\xff", "JPEG"), (b"\x89PNG", "PNG"), (b"GIF8", "GIF"), (b"PK\x03\x04", "ZIP"))
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_REPLACED = "\ufffd".encode()
_HTML_TYPES = {None, "text/html", "application/xhtml+xml", "text/plain", "application/octet-stream"}


@dataclass(frozen=True)
class Page:
    """A decoded document, in UTF-8, and its tree. The Selector is free-standing: one cached on a response keeps the memory."""

    url: str
    data: bytes
    fetched_on: date
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The document as text."""
        return self.data.decode()

    @cached_property
    def root(self) -> Selector:
        """The parsed document."""
        # As Selector(text=…) does it, but for the class of the elements: lxml.html's is looked up in Python for each of them.
        # And without the table of all ids, which only XPath's id() asks.
        parser = etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=True, collect_ids=False)
        data = self.data.strip()
        if not (data[:1].isascii() and data[-1:].isascii()):  # it may be a blank that bytes do not know
            data = data.decode().strip().encode()
        root = etree.fromstring(data or b"<html/>", parser)
        return Selector(root=root if root is not None else etree.fromstring(b"<html/>", parser), type="html")

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.root)

    def css(self, selector: str) -> SelectorList[Selector]:
        """What ``root.css`` gives, faster; for selectors of elements (no ``::text``)."""
        return self._finder.css(selector)

    def texts(self, selector: str) -> list[str]:
        """The text of each element that a selector finds, as it is in the source."""
        return [string_of(one) for one in self.css(selector)]

    def hrefs(self, selector: str) -> list[str]:
        """Where the links that a selector finds lead, as it is in the source."""
        return [href for one in self.css(selector) if (href := one.root.get("href")) is not None]

    @cached_property
    def base(self) -> str:
        """What relative links are relative to: ``<base href>`` if the page has one."""
        declared = self.root.css("head base::attr(href)").get()
        return urljoin(self.url, declared.strip()) if declared else self.url

    def absolute(self, href: str) -> str | None:
        """A link as an absolute http(s) address, without a session in its path; None for javascript:, mailto:, empty and broken ones."""
        href = href.strip()
        if not href or href.startswith("#"):
            return None
        try:
            url = without_session(urljoin(self.base, href))
        except ValueError:
            return None
        return url if url.lower().startswith(("http://", "https://")) else None

    def file(self, href: str) -> str | None:
        """The same of a document or picture, percent-encoded: it is not asked for by us, but by whoever copies it from a table."""
        url = self.absolute(href)
        return as_sent(url) if url else None


def open_document(capture: Capture) -> tuple[bytes, str]:
    """Decode a capture into UTF-8, and the name of its encoding; raise :class:`Refused` when it is no text answered with 200."""
    if capture.status != 200:
        raise Refused(f"http_{capture.status}", f"the portal answered {capture.status}")
    try:
        body = decode_kept(capture)
    except Damaged as error:
        raise Refused("damaged", str(error)) from error
    for magic, name in _MAGIC:
        if body.startswith(magic):
            raise Refused("not_html", f"the body is a {name} file")
    if not body.strip():
        raise Refused("empty_page", "the body is empty")
    data, encoding = to_utf8(body, capture.header("Content-Type"))
    if b"document.cookie" in data[: 4 * _CHALLENGE_MAX] and _is_challenge(data.decode()):
        raise Refused("challenge", "a page that sets a cookie and reloads stands in front of the portal")
    return data, encoding


def _is_challenge(text: str) -> bool:
    return len(text) < _CHALLENGE_MAX and _CHALLENGE.search(text) is not None


def open_page(capture: Capture) -> Page:
    """Decode a capture into a :class:`Page`; raise :class:`Refused` when it is not a readable HTML answer of 200."""
    return page_of(capture, *open_document(capture))


def page_of(capture: Capture, data: bytes, encoding: str) -> Page:
    """The page of a capture that :func:`open_document` has decoded; raise :class:`Refused` when it is not HTML."""
    if capture.media_type not in _HTML_TYPES:
        raise Refused("not_html", f"the portal sent {capture.media_type}")
    problems = []
    if is_unpacked(capture):
        problems.append(Problem("stored_unpacked", f"the header says {capture.header('Content-Encoding')}, and the body is none"))
    replaced = data.count(_REPLACED) if _REPLACED[:1] in data else 0
    if replaced and replaced > len(data.decode()) // 1000:
        problems.append(Problem("broken_encoding", f"{replaced} characters could not be decoded as {encoding}"))
    # NUL and the other C0 controls are no characters of a document; libxml2 would cut the text at the first NUL.
    if any(control in data for control in _CONTROLS):
        data = data.replace(b"\x0c", b" ").translate(None, _CONTROLS)
    if not is_plain(data):
        lightened, burden = lighten(data.decode())
        data = lightened.encode()
        if burden:
            problems.append(Problem("too_heavy", f"read after it was lightened: {burden}"))
    fetched_on = date.fromisoformat(capture.fetched_at[:10])
    return Page(capture.url, data, fetched_on, tuple(problems))


def soft_page(page: Page, title: str | None = None) -> Problem | None:
    """Recognise a maintenance, not-found or login page by what heads it; None when it is none of them.

    With ``title`` only that and the document's own title are looked at: beside an article may stand a box to sign in.
    """
    wanted = "title" if title is not None else "title, h1, h2"
    shown = [*page.texts(wanted), *([title] if title else [])]
    for heading in shown:
        for part in re.split(r"\s[-–|»]\s", squash(heading)):
            kind = _soft_kind(fold(part).strip(" .!:"))
            if kind:
                return Problem(kind, f"the page says “{squash(heading)[:120]}”")
    return None


def _soft_kind(folded: str) -> str | None:
    """Which of the soft pages a part of a heading names, folded and without what stands around it."""
    # A notice that the system will be upgraded is news; that a page is not there is none, if that is all it says.
    notice = folded.removeprefix("thong bao").lstrip(" :-!")
    error = _ERROR.fullmatch(notice)
    if error:
        return "soft_404" if "404" in error.groups() else "http_error"
    if notice in SOFT_PAGES["soft_404"]:
        return "soft_404"
    said = _STATUS_BEFORE.sub("", folded)
    for kind, phrases in SOFT_PAGES.items():
        if said in phrases or said.startswith(_BEGUN_BY[kind]):
            return kind
    return None


def encoding_problem(text: str) -> Problem | None:
    """A text in a pre-Unicode Vietnamese encoding (TCVN3, VNI) is flagged: nothing may be counted or searched in it."""
    if legacy_suspect(text):
        return Problem("encoding_suspect", "the letters look like TCVN3 or VNI, not Unicode")
    return None
