"""robots.txt: silence and 5xx keep us out, 4xx lets us in, rules and delays are obeyed, each site is asked once."""

from __future__ import annotations

import asyncio
import gzip
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from scraper.fetch.guard import AddressRefused, CrawlEnding
from scraper.fetch.robots import MAX_CRAWL_DELAY, ROBOTS_BYTES, RobotsClosed, RobotsMiddleware, Rules, is_loopback, read_rules
from scraper.items import Capture

AGENT = "khuyen-hoc-archive/0.1.0 (+thu@example.vn)"
HOME = "https://a.gov.vn"


def answer(body: bytes | str = b"", status: int = 200, *headers: tuple[str, str]) -> Response:
    data = body.encode() if isinstance(body, str) else body
    url = f"{HOME}/robots.txt"
    capture = Capture(url, "2024-01-01T00:00:00Z", status, headers, data)
    return Response(url, status, body=data, request=Request(url, meta={"capture": capture}))


def rules(body: bytes | str = b"", status: int = 200, *headers: tuple[str, str]) -> Rules:
    return read_rules(answer(body, status, *headers), AGENT, "a.gov.vn")


def allows(read: Rules, path: str) -> bool:
    return not read.closed and (read.parser is None or bool(read.parser.can_fetch(HOME + path, AGENT)))


# What an answer means


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_trouble_keeps_us_out(status: int) -> None:
    read = rules("User-agent: *\nAllow: /", status)
    assert read.closed == f"robots.txt of a.gov.vn answered {status}: everything is closed for now"
    assert read.kind == f"http_{status}", "it forbids nothing"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_no_file_lets_us_in(status: int) -> None:
    assert rules("<h1>Not found</h1> Disallow: /", status) == Rules()


@pytest.mark.parametrize("status", [301, 302, 304])
def test_a_redirect_that_leads_nowhere_keeps_us_out(status: int) -> None:
    assert rules("", status).closed


@pytest.mark.parametrize("body", ["", "\n\n", "# nothing", "<html><body>Trang chủ</body></html>", "\x00\x01"])
def test_a_file_that_says_nothing_lets_us_in(body: str) -> None:
    assert allows(rules(body), "/tin/1")


FORBIDDING = {
    "plain": b"User-agent: *\nDisallow: /admin/\n",
    "BOM": b"\xef\xbb\xbfUser-agent: *\nDisallow: /admin/\n",
    "CRLF and case": b"USER-AGENT: *\r\nDISALLOW: /admin/\r\n",
    "CR alone": b"User-agent: *\rDisallow: /admin/\r",
    "broken letters": b"# c\xe1i n\xe0y\nUser-agent: *\nDisallow: /admin/\n",
    "spaces": b"  User-agent :  *  \n Disallow :  /admin/   # vi\n",
}


@pytest.mark.parametrize("name", FORBIDDING)
def test_what_is_forbidden(name: str) -> None:
    read = rules(FORBIDDING[name])
    assert not allows(read, "/admin/x")
    assert allows(read, "/tin/1")


def test_everything_forbidden() -> None:
    assert not allows(rules("User-agent: *\nDisallow: /"), "/tin/1")


def test_our_own_group_rules_over_the_others() -> None:
    read = rules("User-agent: *\nDisallow: /\n\nUser-agent: khuyen-hoc-archive\nDisallow: /rieng/\nCrawl-delay: 7")
    assert allows(read, "/tin/1")
    assert not allows(read, "/rieng/1")
    assert read.delay == 7.0


def test_a_group_for_another_is_not_ours() -> None:
    assert allows(rules("User-agent: Googlebot\nDisallow: /"), "/tin/1")


@pytest.mark.parametrize(("path", "allowed"), [("/tin/1", True), ("/tin/1?print=1", False), ("/tep/a.pdf", False), ("/tep/a.pdf?x", True)])
def test_wildcards_and_the_longest_rule(path: str, allowed: bool) -> None:
    assert allows(rules("User-agent: *\nDisallow: /*?print\nDisallow: /tin\nAllow: /tin/\nDisallow: /*.pdf$"), path) is allowed


def test_a_coded_file_is_read() -> None:
    coded = gzip.compress(b"User-agent: *\nDisallow: /")
    assert not allows(rules(coded, 200, ("Content-Encoding", "gzip")), "/tin/1")


def test_a_cut_file_keeps_us_out() -> None:
    coded = gzip.compress(b"User-agent: *\nDisallow: /admin/" * 50)[:-12]
    assert "came damaged" in (rules(coded, 200, ("Content-Encoding", "gzip")).closed or "")


def test_a_large_file_is_read_to_its_limit() -> None:
    padding = b"# a line of nothing\n" * (ROBOTS_BYTES // 20)
    assert not allows(rules(b"User-agent: *\nDisallow: /a\n" + padding + b"Disallow: /b\n"), "/a")
    assert allows(rules(b"User-agent: *\nDisallow: /a\n" + padding + b"Disallow: /b\n"), "/b")


@pytest.mark.parametrize(
    ("printed", "delay"),
    [("2", 2.0), ("0", 0.0), ("1.5", 1.5), ("86400", MAX_CRAWL_DELAY), ("soon", None), ("", None)],
)
def test_crawl_delay(printed: str, delay: float | None) -> None:
    assert rules(f"User-agent: *\nCrawl-delay: {printed}").delay == delay


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:8471/x", True),
        ("http://127.9.9.9/", True),
        ("http://[::1]:80/", True),
        ("http://localhost/", False),
        ("http://0.0.0.0/", False),
        ("http://a.gov.vn/", False),
        ("http://127.0.0.1.a.vn/", False),
    ],
)
def test_loopback_is_a_number(url: str, own: bool) -> None:
    assert is_loopback(url) is own


# In a crawl


class Engine:
    """A crawler's engine as far as the middleware sees it: it answers robots.txt from a table and counts."""

    def __init__(self, answers: dict[str, Response | Exception], delay: float = 2.0) -> None:
        self.answers = answers
        self.asked: list[Request] = []
        self.slot = SimpleNamespace(delay=delay, jitter=0.5)
        self.downloader = SimpleNamespace(slots={"a.gov.vn": self.slot, "127.0.0.1:80": self.slot})

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request)
        await asyncio.sleep(0)
        given = self.answers[request.url]
        if isinstance(given, Exception):
            raise given
        return given


def middleware(engine: Engine) -> RobotsMiddleware:
    crawler: Any = SimpleNamespace(settings={"USER_AGENT": AGENT}, engine=engine, spider=None)
    return RobotsMiddleware.from_crawler(crawler)


def request(path: str = "/tin/1", site: str = "a.gov.vn", home: str = HOME) -> Request:
    return Request(home + path, meta={"download_slot": site})


def process(engine: Engine, *requests: Request) -> list[BaseException | None]:
    own = middleware(engine)

    async def run() -> list[BaseException | None]:
        return await asyncio.gather(*(own.process_request(one) for one in requests), return_exceptions=True)

    return asyncio.run(run())


def test_each_site_is_asked_once_also_by_requests_at_the_same_time() -> None:
    engine = Engine({f"{HOME}/robots.txt": answer("User-agent: *\nDisallow: /admin/")})
    results = process(engine, request(), request("/tin/2"), request("/admin/x"), request("/tin/3"))
    assert [type(result) for result in results] == [type(None), type(None), RobotsClosed, type(None)]
    assert len(engine.asked) == 1
    assert engine.asked[0].meta["is_robots"] is True
    assert str(results[2]) == f"robots.txt forbids {HOME}/admin/x"


@pytest.mark.parametrize("error", [TimeoutError("slow"), ConnectionRefusedError(), OSError("reset"), IgnoreRequest("refused")])
def test_no_answer_keeps_us_out(error: Exception) -> None:
    engine = Engine({f"{HOME}/robots.txt": error})
    results = process(engine, request(), request("/tin/2"))
    assert all(isinstance(result, RobotsClosed) for result in results)
    assert {result.problem_kind for result in results} == {"robots_closed" if isinstance(error, IgnoreRequest) else "unreachable"}
    assert type(error).__name__ in str(results[0])
    assert len(engine.asked) == 1


def test_a_portal_that_moved_is_not_told_to_forbid() -> None:
    engine = Engine({f"{HOME}/robots.txt": AddressRefused("https://moi.example.vn/robots.txt is not on this portal")})
    (refused,) = process(engine, request())
    assert isinstance(refused, RobotsClosed)
    assert refused.problem_kind == "address_refused"
    assert "https://moi.example.vn/robots.txt" in str(refused), "it says where to"


def test_a_crawl_that_ends_before_robots_came_is_not_closed_by_it() -> None:
    """Its articles stay due: they were not forbidden, only not asked for."""
    engine = Engine({f"{HOME}/robots.txt": CrawlEnding("the disk is full")})
    results = process(engine, request(), request("/tin/2"))
    assert [type(result) for result in results] == [CrawlEnding, CrawlEnding]
    assert len(engine.asked) == 1


def test_the_request_for_robots_is_not_held_up_by_itself() -> None:
    engine = Engine({})
    robots = Request(f"{HOME}/robots.txt", meta={"download_slot": "a.gov.vn", "is_robots": True})
    assert process(engine, robots) == [None]
    assert engine.asked == []


@pytest.mark.parametrize(("printed", "delay"), [("10", 10.0), ("1", 2.0), ("0", 2.0), ("-5", 2.0), ("nan", 2.0), ("99999", 60.0)])
def test_a_delay_only_grows(printed: str, delay: float) -> None:
    engine = Engine({f"{HOME}/robots.txt": answer(f"User-agent: *\nCrawl-delay: {printed}")})
    assert process(engine, request()) == [None]
    assert engine.slot.delay == delay


def test_only_a_replica_may_be_asked_fast() -> None:
    engine = Engine({"http://127.0.0.1/robots.txt": answer("User-agent: *\nCrawl-delay: 0")})
    assert process(engine, request(site="127.0.0.1:80", home="http://127.0.0.1")) == [None]
    assert engine.slot.delay == 0.0
