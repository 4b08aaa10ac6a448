"""What archives are filled with here: articles of an ended portal, captured again and again, edited, under twin addresses."""

from __future__ import annotations

from scraper.items import Capture
from spiders.quang_tri import QuangTriSpider
from tests.crash.pages import captures as replica_captures

HOME = "https://caobang.gov.vn"
HTML = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"2015"'))
WORDS = "Hội Khuyến học tỉnh trao quỹ khuyến học cho học sinh nghèo vượt khó trong toàn tỉnh. "


def stamp(at: str) -> str:
    """A time as in CDX: fourteen digits."""
    return "".join(char for char in at if char.isdigit())


def page(number: int, words: str = "đầu", repeat: int = 6) -> bytes:
    """An article of Cao Bằng's portals."""
    body = "".join(f"<p>Đoạn {line} bản {words} của bài {number}. {WORDS}</p>" for line in range(repeat))
    title = f"Hội Khuyến học tỉnh: bài {number} bản {words}"
    return f'<html><div class="ArticleHeader">{title}</div><div class="ArticleContent">{body}</div></html>'.encode()


def address(number: int, home: str = HOME) -> str:
    return f"{home}/van-hoaxa-hoi/bai-{number:04}"


def capture(number: int, at: str, body: bytes | None = None, **more: str) -> Capture:
    """One capture of one article."""
    return Capture(more.get("url", address(number)), at, 200, HTML, page(number) if body is None else body)


def replica(articles: int) -> list[Capture]:
    """The replica's Quảng Trị at its own address, as a foreign crawler would have found it."""
    return list(replica_captures(QuangTriSpider, articles))
