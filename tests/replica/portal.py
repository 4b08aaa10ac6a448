"""What the portals share: their articles, which listing shows what, and the answers that are no article."""

from __future__ import annotations

import random
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from .compose import LAST, Newsroom
from .markup import Printer, esc
from .model import Article, Block, Draft
from .vocab import World


def _png() -> bytes:
    """A picture of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


PNG = _png()
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
ROBOTS = "User-agent: *\nDisallow: /admin/\nCrawl-delay: 0\n"


@dataclass(slots=True)
class Page:
    """An answer before counters, compression and conditions."""

    body: str | bytes
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    modified: datetime | None = None
    article: Article | None = None
    location: str = ""


class Portal:
    """One portal: builds its articles from the seed and draws its pages."""

    name = ""
    world: World
    listings: ClassVar[dict[str, str]] = {}  # path -> label
    server = ""
    robots: ClassVar[str] = ROBOTS

    def __init__(self, seed: int, count: int) -> None:
        self.dice = random.Random(f"{seed}/{self.name}")
        self.newsroom = Newsroom(seed, self.world)
        self.articles: dict[str, Article] = {}  # newest first
        self.deleted: dict[str, int] = {}  # key -> 404 | 410
        self.files: dict[str, bytes] = {}
        self.list_changes = 0
        self.dressed = 0
        drafts = self.newsroom.many(count)
        for article in reversed([self.dress(draft) for draft in drafts]):
            self.articles[article.key] = article

    # -- to be drawn by each portal ---------------------------------------------------------------------------------
    def dress(self, draft: Draft) -> Article:
        """Gives a draft its address and its looks."""
        raise NotImplementedError

    def route(self, path: str, query: dict[str, str]) -> Page | None:
        """The page at an address, or None."""
        raise NotImplementedError

    def frame(self, title: str, inner: str) -> str:
        """A whole page around some content."""
        raise NotImplementedError

    def draw(self, article: Article, empty: bool = False) -> str:
        """The article's page (with ``empty``: the same page without title and text)."""
        raise NotImplementedError

    # -- shared -----------------------------------------------------------------------------------------------------
    def ordered(self, listing: str) -> list[Article]:
        """What a listing shows, newest first."""
        return [a for a in self.articles.values() if listing in a.sections]

    def listing_modified(self, shown: list[Article]) -> datetime:
        """Last-Modified of a listing: later with each change to the list."""
        newest = max((a.modified for a in shown), default=LAST)
        return newest + timedelta(minutes=self.list_changes)

    def add(self, count: int) -> list[str]:
        """New articles on the topic, newer than all others; returns their keys, oldest first."""
        newest = max((a.when for a in self.articles.values()), default=LAST)
        made: list[Article] = []
        for _ in range(count):
            newest += timedelta(minutes=self.dice.randint(200, 700))
            made.append(self.dress(self.newsroom.one(newest, on_topic=True)))
        self.articles = {a.key: a for a in reversed(made)} | self.articles
        self.list_changes += 1
        return [a.key for a in made]

    def delete(self, key: str, status: int) -> None:
        """Takes an article off the site and off its listings."""
        self.articles.pop(key)
        self.deleted[key] = status
        self.list_changes += 1

    def others(self, article: Article, count: int) -> list[Article]:
        """Older articles for the "other news" list; newer ones do not change it."""
        keys = list(self.articles)
        at = keys.index(article.key)
        picked = [self.articles[k] for k in keys[at + 1 : at + 1 + count]]
        return picked or [self.articles[k] for k in keys[max(0, at - count) : at]]

    def pictures(self, blocks: list[Block], folder: str) -> None:
        """Gives each picture of a body an address and a file."""
        for number, block in enumerate((b for b in blocks if b.kind == "img"), start=1):
            block.path = f"{folder}/anh-{zlib.crc32(f'{folder}/{number}'.encode()):08x}.png"
            self.files[block.path] = PNG

    def next_noise(self) -> str:
        """Every 33rd page is served in NFD, every 20th with invisible characters."""
        self.dressed += 1
        return "nfd" if self.dressed % 33 == 7 else "zw" if self.dressed % 20 == 3 else ""

    def heading(self, article: Article, title: str) -> str:
        """A printed title; on noisy pages it has invisible characters too."""
        return Printer(article).text(title) if article.noise == "zw" else esc(title)

    def noised(self, article: Article, page: str) -> str:
        """The page as this article is served: some come in NFD."""
        return unicodedata.normalize("NFD", page) if article.noise == "nfd" else page

    def not_found(self, status: int = 404) -> Page:
        """A true "not found"."""
        text = "Không tìm thấy trang" if status == 404 else "Bài viết đã được gỡ bỏ"
        inner = f'<div class="error-page"><h2>{text}</h2><p>Địa chỉ quý vị yêu cầu không tồn tại trên Cổng.</p></div>'
        return Page(self.frame(f"{status} - {text}", inner), status=status)

    def soft_not_found(self) -> Page:
        """A "not found" that says 200."""
        inner = (
            '<div class="error-page"><h2>Không tìm thấy trang</h2><p>Nội dung này không còn hoặc đã được chuyển đi nơi '
            'khác. <a href="/">Về trang chủ</a></p></div>'
        )
        return Page(self.frame("Không tìm thấy trang", inner))

    def login(self) -> Page:
        """A login form in place of the page."""
        inner = (
            '<form class="login-form" method="post" action="/dang-nhap"><h2>Đăng nhập hệ thống</h2>'
            '<label>Tên đăng nhập <input name="login" type="text" /></label>'
            '<label>Mật khẩu <input name="password" type="password" /></label>'
            '<button type="submit">Đăng nhập</button></form>'
        )
        return Page(self.frame("Đăng nhập", inner))

    def static(self, title: str) -> Page:
        """A plain page of the menu."""
        inner = f'<div class="static-page"><h2>{esc(title)}</h2><p>Nội dung đang được cập nhật...</p></div>'
        return Page(self.frame(title, inner), modified=LAST)
