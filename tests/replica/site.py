"""One portal at work: its knobs, its counters, its log, and the answer to a request."""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from .cao_bang_thach_an import CaoBangThachAn
from .dong_thap_thap_muoi import DongThapThapMuoi
from .grammar import weekday
from .markup import BODY_END, BODY_START, CLOCK, ONLINE, ORIGIN, TOTAL, VIEWS
from .model import VN, Article
from .portal import PNG, ROBOTS, Page, Portal
from .quang_tri import QuangTri

PORTALS: dict[str, Callable[[int, int], Portal]] = {
    "quang_tri": QuangTri,
    "cao_bang_thach_an": CaoBangThachAn,
    "dong_thap_thap_muoi": DongThapThapMuoi,
}
_NAMES = re.compile(r'\b(class|id)="([^"]+)"')
_HEADINGS = re.compile(r"(</?)h([123])\b")


@dataclass(slots=True)
class Answer:
    """What goes on the wire; ``cut`` means: announce it all, send half, hang up."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    cut: bool = False


@dataclass(slots=True)
class Knobs:
    """What can go wrong with the whole portal."""

    maintenance: int = 0  # 0 = off, else the status
    retry_after: str | None = None
    challenge: bool = False
    relayout: bool = False
    status: dict[str, tuple[int, str | None]] = field(default_factory=dict)  # path prefix -> status, Retry-After
    robots_text: str = ROBOTS
    robots_status: int = 200
    delay: float = 0.0
    sessions: bool = False  # every page leads to its address with a session in it


class Site:
    """One portal on one port."""

    def __init__(self, name: str, seed: int, count: int) -> None:
        self.name, self.seed, self.count = name, seed, count
        self.lock = threading.RLock()
        self.log: list[dict[str, Any]] = []
        self.reset()

    def reset(self) -> None:
        """Back to the first day."""
        self.portal = PORTALS[self.name](self.seed, self.count)
        self.knobs = Knobs(robots_text=self.portal.robots)
        self.layouts = 0  # how often the layout changed: part of Last-Modified
        self.hits = 0
        self.cache: dict[str, tuple[Page, str]] = {}

    def article(self, key: str) -> Article:
        """The article of a key, or a clear error."""
        try:
            return self.portal.articles[str(key)]
        except KeyError:
            raise ValueError(f"{self.name} has no article {key}") from None

    # -- answering --------------------------------------------------------------------------------------------------
    def answer(self, method: str, target: str, headers: dict[str, str]) -> Answer:
        """The answer to one GET or HEAD (``headers`` in lower case), logged."""
        if self.knobs.delay:
            time.sleep(self.knobs.delay)
        with self.lock:
            self.hits += 1
            answer = self._answer(target, headers)
            self.log.append({"method": method, "path": target, "status": answer.status, "headers": headers, "at": time.monotonic()})
        return answer

    def _answer(self, target: str, headers: dict[str, str]) -> Answer:
        parts = urlsplit(target if target.startswith("/") else f"/{target}")
        path = unquote(parts.path)
        knobs = self.knobs
        for prefix in sorted(knobs.status, key=len, reverse=True):
            if path.startswith(prefix) and (path != "/robots.txt" or prefix == "/robots.txt"):
                status, retry = knobs.status[prefix]
                return self._plain(f"<html><body><h1>{status}</h1></body></html>", status, retry)
        if path == "/robots.txt":
            if knobs.robots_status != 200:
                return self._plain("robots", knobs.robots_status)
            return self._plain(knobs.robots_text.replace(ORIGIN, _origin(headers)), kind="text/plain; charset=utf-8")
        if data := self._file(path):
            return data
        if knobs.maintenance:
            return self._plain(MAINTENANCE, knobs.maintenance, knobs.retry_after if knobs.maintenance != 200 else None)
        if knobs.challenge:
            code = hashlib.md5(self.name.encode()).hexdigest()
            return self._plain(CHALLENGE.replace("{code}", code))
        path, _, session = path.partition(";jsessionid=")
        if knobs.sessions and not session:
            query = f"?{parts.query}" if parts.query else ""
            return Answer(302, [("Location", f"{quote(path)};jsessionid={self.hits:08X}.node1{query}")])
        if target not in self.cache:
            page = self._page(path, dict(parse_qsl(parts.query)))
            text = str(page.body) + (page.article.fault if page.article else "")
            self.cache[target] = (page, f'W/"{hashlib.sha1(text.encode()).hexdigest()[:20]}"')
        return self._dynamic(*self.cache[target], headers)

    def _page(self, path: str, query: dict[str, str]) -> Page:
        page = self.portal.route(path, query) or self.portal.not_found()
        article = page.article
        fault = article.fault if article else ""
        if article and fault:
            page = self._fault(page, article, fault)
        if isinstance(page.body, str):
            if self.knobs.relayout:
                page.body = relaid(page.body)
            if fault == "half":
                start, end = page.body.index(BODY_START), page.body.index(BODY_END)
                page.body = page.body[: (start + end) // 2]
            page.body = page.body.replace(BODY_START, "").replace(BODY_END, "")
        if page.modified:
            page.modified += timedelta(minutes=self.layouts, seconds=30 if fault else 0)
        return page

    def _fault(self, page: Page, article: Article, fault: str) -> Page:
        if fault == "redirect_home":
            return Page("", status=302, location="/")
        if fault == "soft404":
            return self.portal.soft_not_found()
        if fault == "login":
            return self.portal.login()
        if fault == "empty":
            return Page(self.portal.draw(article, empty=True), modified=article.modified, article=article)
        return page  # half and truncate work on the finished page

    def _dynamic(self, page: Page, tag: str, asked: dict[str, str]) -> Answer:
        headers = [("Server", self.portal.server), ("Content-Type", page.kind), ("Vary", "Accept-Encoding")]
        if page.location:
            return Answer(page.status, [*headers, ("Location", page.location)])
        if page.status == 200 and page.modified:
            headers += [("ETag", tag), ("Last-Modified", format_datetime(page.modified.astimezone(UTC), usegmt=True))]
            headers.append(("Cache-Control", "private, no-cache"))
            if unchanged(asked, tag, page.modified):
                return Answer(304, headers)
        now = datetime.now(VN)
        views = 0
        if page.article:
            page.article.views += 1
            views = page.article.views
        text = str(page.body).replace(CLOCK, f"{weekday(now)}, {now:%d/%m/%Y} - {now:%H:%M}")
        text = text.replace(VIEWS, str(views)).replace(ONLINE, str(3 + self.hits % 23)).replace(TOTAL, str(812_345 + self.hits))
        text = text.replace(ORIGIN, _origin(asked))
        body = text.encode()
        if "gzip" in asked.get("accept-encoding", "").lower():
            body = gzip.compress(body, compresslevel=4, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        return Answer(page.status, headers, body, cut=bool(page.article and page.article.fault == "truncate"))

    def _plain(self, text: str, status: int = 200, retry: str | None = None, kind: str = "text/html; charset=utf-8") -> Answer:
        headers = [("Server", self.portal.server), ("Content-Type", kind)]
        if retry is not None:
            headers.append(("Retry-After", str(retry)))
        if status in (301, 302, 303, 307, 308):
            headers.append(("Location", "/"))
        return Answer(status, headers, b"" if status in (204, 304) else text.encode())

    def _file(self, path: str) -> Answer | None:
        data = PNG if path.startswith("/Content/images/") else self.portal.files.get(path)
        if data is None:
            if path.endswith(".css"):
                return self._plain("body{}", kind="text/css")
            return None
        kind = "image/png" if data is PNG else "application/pdf"
        return Answer(200, [("Server", self.portal.server), ("Content-Type", kind)], data)


def _origin(asked: dict[str, str]) -> str:
    return f"http://{asked.get('host', 'localhost')}"


def unchanged(asked: dict[str, str], tag: str, modified: datetime) -> bool:
    """Whether the asker already has it (RFC 9110 §13: If-None-Match rules over If-Modified-Since)."""
    if wanted := asked.get("if-none-match"):
        tags = {t.strip().removeprefix("W/") for t in wanted.split(",")}
        return "*" in tags or tag.removeprefix("W/") in tags
    if since := asked.get("if-modified-since"):
        try:
            return modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False
    return False


def relaid(page: str) -> str:
    """The same page in a new layout: every class and id has another name, headings are of another level."""

    def rename(match: re.Match[str]) -> str:
        names = " ".join(f"v2-{zlib.crc32(n.encode()) & 0xFFFFFF:06x}" for n in match[2].split())
        return f'{match[1]}="{names}"'

    return _HEADINGS.sub(lambda m: f"{m[1]}h{int(m[2]) + 2}", _NAMES.sub(rename, page))


MAINTENANCE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8" /><title>Thông báo</title></head>
<body><div style="text-align:center"><h2>Hệ thống đang bảo trì</h2>
<p>Cổng thông tin tạm ngừng để nâng cấp. Mong quý vị quay lại sau.</p></div></body></html>
"""
CHALLENGE = (
    '<html><body><script>document.cookie="D1N={code}"+"; expires=Fri, 31 Dec 2099 23:59:59 GMT; path=/";'
    "window.location.reload(true);</script></body></html>"
)
