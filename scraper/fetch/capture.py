"""Downloader middleware next to the wire: every answer goes to the WARC before anything else sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response

from scraper.archive.database import now
from scraper.extract.decode import Damaged, decode_body
from scraper.fetch.guard import CrawlEnding
from scraper.fetch.session import STORAGE_ERRORS
from scraper.items import Capture

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from scraper.fetch.session import Session


class CaptureMiddleware:
    """Stores the answer as received (COMPRESSION_ENABLED is off, so the body is still the portal's) and hands on its place."""

    def __init__(self, crawler: Crawler) -> None:
        if crawler.settings.getbool("COMPRESSION_ENABLED"):
            raise NotConfigured("COMPRESSION_ENABLED must be False: captures hold the bytes as received")
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CaptureMiddleware:
        """Made by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep one answer; the capture and its row travel in ``request.meta``."""
        session: Session = self._crawler.spider.session  # type: ignore[union-attr]
        capture = Capture(response.url, now(), response.status, _pairs(response.headers), response.body)
        check_whole(capture, part_asked_for=b"Range" in request.headers)
        request.meta["capture"] = capture
        try:
            request.meta["capture_id"] = session.keep(request, capture, _pairs(request.headers))
        except STORAGE_ERRORS as error:
            session.abort(error)
            raise CrawlEnding(str(error)) from error
        return response


def check_whole(capture: Capture, *, part_asked_for: bool = False) -> None:
    """Raise :class:`Damaged` for an answer that is not all of what the portal meant to send: it is not stored, but asked for again.

    Scrapy itself notices a body shorter than its length and a chunked body without end; it does not notice a gzip body
    that was cut or a part (206) that nobody asked for.
    """
    if capture.status == 206 and not part_asked_for:
        raise Damaged("the portal sent a part (206) where the whole was asked for")
    decode_body(capture)


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values)
