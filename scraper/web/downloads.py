"""Slices over HTTP: ``.csv``, ``.xlsx`` and ``.jsonl`` behind the address of any table, row or query, all rows of it.

These addresses take the place of Datasette's own CSV, which runs the statement anew for each page, stops a query's rows at
``max_returned_rows`` and goes on working when nobody reads any more. Here one statement is read once, in a thread of its
own; the thread waits for the client, and ends within moments when the client goes away or takes nothing for a minute.

An error half way cannot be told in the status any more. The answer is then broken off without its end (any HTTP/1.1 client
reports that), after a last line that says so and does not parse.
"""

from __future__ import annotations

import asyncio
import functools
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette import Response  # type: ignore[import-untyped]
from datasette.utils import add_cors_headers  # type: ignore[import-untyped]
from datasette.utils.asgi import BadRequest, NotFound  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from scraper.archive.findings import printable
from scraper.slices.formats import Csv, Format, JsonLines, Options
from scraper.slices.reading import Reading, Stopped, TooLong
from scraper.slices.xlsx import Xlsx
from scraper.web.asked import Asked, asked

FORMATS: dict[str, type[Format]] = {each.suffix: each for each in (Csv, Xlsx, JsonLines)}
AT_ONCE = 6
"""Slices that are read at the same time; whoever comes then is asked to come again."""
TAKES_NOTHING = 60.0
"""Seconds in which a client takes not a byte before it counts as gone."""
_CACHE_KB = 8000

_suffixes = "|".join(FORMATS)
# Not below /-/, where Datasette keeps its own pages.
ROUTES = (
    rf"^/(?!-/)(?P<database>[^/.]+)\.(?P<format>{_suffixes})$",
    rf"^/(?!-/)(?P<database>[^/.]+)/(?P<table>[^/.]+)\.(?P<format>{_suffixes})$",
    rf"^/(?!-/)(?P<database>[^/.]+)/(?P<table>[^/]+?)/(?P<pks>[^/]+?)\.(?P<format>{_suffixes})$",
)
# What says how the page is cut or drawn: a slice has all rows of the page's filters and none of its pages.
_OF_THE_PAGE = frozenset({"_next", "_size", "_columns", "_shape", "_nl", "_labels", "_label", "_show_sql", "_hide_sql", "_facet_size"})

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="slice")
_running: set[Reading] = set()


async def download(datasette: Any, request: Any, receive: Any) -> Any:
    """Answer a request for a slice."""
    if request.method not in ("GET", "HEAD"):
        return Response.text("GET only\n", status=405)
    if len(_running) >= AT_ONCE:
        text = "Đang có nhiều người tải về, xin thử lại sau ít phút. / Many downloads are running; please try again in a moment.\n"
        return Response.text(text, status=503, headers={"retry-after": "30"})
    try:
        what = await asked(datasette, request)
    except (BadRequest, DatasetteError) as error:
        # Not passed on: Datasette would print a traceback for what is no fault of the server.
        return _refusal(str(error), getattr(error, "status", 400))
    options = Options(
        neutral=request.args.get("_formulas") != "keep",
        bom=_is_on(request, "_bom"),
        header=request.args.get("_header") != "off",
    )
    made = FORMATS[request.url_vars["format"]]
    reading = Reading(_connect(datasette, what), what.question, functools.partial(_file, made, options))
    _running.add(reading)
    pieces = reading.pieces()
    gone = asyncio.ensure_future(_until_gone(receive))
    try:
        first = await _next(reading, pieces, gone)
        if "pks" in request.url_vars and not reading.rows:
            raise NotFound("Record not found")
    except BaseException as error:
        gone.cancel()
        _end(reading, pieces)
        if isinstance(error, TooLong | sqlite3.Error):
            return _refusal(str(error), 400)
        if isinstance(error, Stopped):
            return _refusal("nobody waits for it", 499)
        raise
    headers = {"content-disposition": f'attachment; filename="{_file_name(what)}.{made.suffix}"'} if _is_for_people(request, made) else {}
    if datasette.cors:
        add_cors_headers(headers)
    return _Stream(reading, pieces, first, gone, headers, made.media_type, head_only=request.method == "HEAD")


def links(datasette: Any, request: Any, *, labels: bool) -> dict[str, str]:
    """The addresses of the slices of the page a request is for: by format, and ``csv_excel``, the CSV for people.

    ``labels``: some columns point at other tables; people get the names of those rows beside.
    """
    named = [("_labels", "on")] if labels else []
    kept = [(key, value) for key, value in parse_qsl(request.query_string, keep_blank_values=True) if key not in _OF_THE_PAGE]

    def address(suffix: str, *more: tuple[str, str]) -> str:
        arguments = urlencode([*kept, *more])
        return str(datasette.urls.path(f"{request.path}.{suffix}{'?' if arguments else ''}{arguments}"))

    return {
        "xlsx": address("xlsx", *named),
        "csv_excel": address("csv", *named, ("_bom", "1")),
        "csv": address("csv"),
        "jsonl": address("jsonl"),
    }


def _refusal(reason: str, status: int) -> Any:
    return Response.text(f"Không đọc được / Cannot be read: {reason}\n", status=status)


class _Stream(Response):  # type: ignore[misc]
    """An answer that is sent as it is made."""

    def __init__(
        self, reading: Reading, pieces: Iterator[bytes], first: bytes | None, gone: asyncio.Future[None],
        headers: dict[str, str], media_type: str,
        *, head_only: bool,
    ) -> None:  # fmt: skip
        super().__init__("", headers=headers, content_type=media_type)
        self._reading, self._pieces, self._first, self._gone, self._head_only = reading, pieces, first, gone, head_only

    async def asgi_send(self, send: Any) -> None:
        """Send, until all is sent or nobody is there."""
        names = {**self.headers, "content-type": self.content_type}
        cookies = [(b"set-cookie", each.encode()) for each in self._set_cookie_headers]
        raw = [(key.encode(), value.encode()) for key, value in names.items()] + cookies
        try:
            await send({"type": "http.response.start", "status": 200, "headers": raw})
            if self._head_only or await self._send_pieces(send):
                await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            pass  # it takes nothing: as good as gone, and the server closes what was not ended
        finally:
            self._gone.cancel()
            _end(self._reading, self._pieces)

    async def _send_pieces(self, send: Any) -> bool:
        """Send all there is, making each piece while the one before it leaves; returns whether it was everything."""
        piece = self._first
        while piece is not None:
            coming = asyncio.ensure_future(_next(self._reading, self._pieces, self._gone))
            try:
                await asyncio.wait_for(send({"type": "http.response.body", "body": piece, "more_body": True}), TAKES_NOTHING)
                piece = await coming
            except Stopped:
                return False
            except (TooLong, sqlite3.Error) as error:
                print(printable(f"slice cut off after {self._reading.rows} rows: {error}"), file=sys.stderr)
                await send({"type": "http.response.body", "body": self._reading.cut_off(str(error)), "more_body": True})
                return False
            finally:
                if not coming.done():
                    self._reading.stop()
                    await asyncio.wait({coming})
        return True


async def _next(reading: Reading, pieces: Iterator[bytes], gone: asyncio.Future[None]) -> bytes | None:
    """The next piece, None after the last; stops the reading when the client goes away meanwhile."""
    loop = asyncio.get_running_loop()
    coming: asyncio.Future[bytes | None] = loop.run_in_executor(_threads, next, pieces, None)
    waited: set[asyncio.Future[Any]] = {coming, gone}
    try:
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not coming.done():
            reading.stop()
    return await coming


def _file(made: type[Format], options: Options, columns: Sequence[str]) -> Format:
    return made(columns, options)


def _connect(datasette: Any, what: Asked) -> sqlite3.Connection:
    """A connection of the slice's own, read-only as Datasette's are, with the same functions and a cache that stays small."""
    database = what.database
    connection: sqlite3.Connection = database.connect()
    if connection in database._all_file_connections:
        database._all_file_connections.remove(connection)  # it would be kept for as long as the server runs
    datasette._prepare_connection(connection, database.name)
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    if what.question.in_all is not None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 32_000_000)  # no stranger builds a value that fills the memory
    return connection


async def _until_gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _end(reading: Reading, pieces: Iterator[bytes]) -> None:
    """Stop a reading, close its connection when its thread has come to rest, and let the next one in."""
    reading.stop()
    _threads.submit(_close, reading, pieces)


def _close(reading: Reading, pieces: Iterator[bytes]) -> None:
    try:
        pieces.close()  # type: ignore[attr-defined]
    finally:
        _running.discard(reading)


def _is_on(request: Any, name: str) -> bool:
    return (request.args.get(name) or "off").lower() in ("1", "on", "true", "yes")


def _is_for_people(request: Any, made: type[Format]) -> bool:
    """Whether a browser should save it under a name of its own."""
    return made is Xlsx or _is_on(request, "_bom") or _is_on(request, "_dl")


def _file_name(what: Asked) -> str:
    """Safe on every system and in a header, whatever a row's key or a table is called."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "_" for char in what.name)[:80]
