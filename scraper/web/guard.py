"""What a stranger may ask of a served archive, and the headers of every answer. docs/serving.md tells why.

Anonymous readers see every public table, filter, facet and canned query. They do not write SQL, do not see the tables of
the crawler's book-keeping, do not take the file as a whole, and do not see the pages that describe the machine.
``datasette … --root`` prints an address that signs its reader in as ``root``, who may do all of it; an owner's metadata may
open SQL or a table to others with Datasette's own ``allow_sql`` and ``allow``.
"""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import unquote, unquote_plus

from datasette import Forbidden, Response  # type: ignore[import-untyped]
from datasette.database import QueryInterrupted  # type: ignore[import-untyped]
from datasette.utils import add_cors_headers  # type: ignore[import-untyped]
from datasette.utils.asgi import Base400, NotFound  # type: ignore[import-untyped]
from datasette.views.base import DatasetteError  # type: ignore[import-untyped]

from scraper.urls import is_tracking

App = Callable[..., Awaitable[None]]

PRIVATE_TABLES = frozenset({"frontier", "holdings", "imports", "jobs", "listings", "section_articles", "segments"})
"""The crawler's book-keeping: what it will ask next, and where its files stand."""
_INDEX = "articles_fts"

# Nothing is fetched from elsewhere, nothing inline is run or styled, and nobody frames us. Datasette's own pages need inline
# scripts and styles: our templates replace the ones that do.
CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_STATIC_AGE = (b"cache-control", b"max-age=3600")

_TITLES = {
    400: "Không hiểu được địa chỉ này / This address makes no sense",
    403: "Không mở cho người đọc / Not open to readers",
    404: "Không tìm thấy trang / Page not found",
    405: "Không làm được việc này / Method not allowed",
    503: "Máy chủ đang bận / The server is busy",
    500: "Máy chủ gặp lỗi / The server failed",
}
_TOO_LONG = "Câu hỏi này tốn quá nhiều thời gian: xin thu hẹp lại. / This takes too long: ask for less."
# Functions of ours through which all of Datasette's answers, or its table pages, go.
_WRAPPERS = ("guarded", "settled_page", "settled_execute", "through_settled")
_MACHINE = r"^/-/(?:databases|threads|messages|allow-debug|patterns)(?:\.json)?$"


def allowed(datasette: Any, actor: Mapping[str, Any] | None, action: str, resource: Any) -> bool | None:
    """Whether an actor may do something. None leaves it to the metadata, which may open what is closed here to whom it names."""
    if action == "execute-sql":
        said = datasette.metadata("allow_sql", database=resource)
    elif action == "view-table" and resource is not None and _is_private(str(resource[1]).lower()):
        said = datasette.metadata("allow", database=resource[0], table=resource[1], fallback=False)
    elif action == "view-database-download":
        said = None
    else:
        return None
    return None if said is not None else bool(actor) and actor is not None and actor.get("id") == "root"


def _is_private(table: str) -> bool:
    return table in PRIVATE_TABLES or table == _INDEX or table.startswith(f"{_INDEX}_")


def with_headers(app: App) -> App:
    """An ASGI application whose every answer carries :data:`HEADERS`, except where it says otherwise itself.

    It is not told of ``?_extras=foreign_key_tables``, which counts the rows of private tables, too, nor of what Facebook and Zalo
    hang on an address that somebody shares: Datasette would take it for a column.
    """

    async def guarded(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        asked = scope["query_string"].split(b"&")
        kept = [piece for piece in asked if not _is_left_out(unquote_plus(piece.partition(b"=")[0].decode("latin-1")))]
        if len(kept) < len(asked):
            scope = {**scope, "query_string": b"&".join(kept)}

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                said = {name.lower() for name, _ in headers}
                added = [*HEADERS, _STATIC_AGE] if "/-/static" in scope["path"] and message["status"] == 200 else HEADERS
                message = {**message, "headers": headers + [header for header in added if header[0] not in said]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return guarded


def _is_left_out(argument: str) -> bool:
    return argument == "_extras" or is_tracking(argument)


def machine_routes() -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """Pages of Datasette's that name files and threads of the machine, or are for trying things out: closed."""
    return [(_MACHINE, _closed)]


async def _closed() -> Any:
    raise Forbidden("Trang này chỉ dành cho người vận hành. / This page is for whoever runs the server.")


async def failure(datasette: Any, request: Any, exception: Exception) -> Any:
    """The page or JSON of an exception. Only what is our fault is logged, and no values with it."""
    status, message, title, details = _described(request, exception)
    if status == 500:
        traceback.print_exception(exception)
    headers: dict[str, str] = {}
    if datasette.cors:
        add_cors_headers(headers)
    title = title or _TITLES.get(status, f"{status}")
    if request.path.split("?")[0].endswith(".json"):
        told = {**details, "ok": False, "error": message, "status": status, "title": title}
        return Response.json(told, status=status, headers=headers)
    if isinstance(exception, NotFound):
        message = f"“{unquote(request.path)}”"  # Datasette says “Database not found”, whatever was looked for
    page = await datasette.render_template(
        [f"{status}.html", "error.html"], {"title": title, "error": message, "status": status}, request=request
    )
    return Response.html(page, status=status, headers=headers)


def _described(request: Any, exception: Exception) -> tuple[int, str, str | None, dict[str, Any]]:
    if isinstance(exception, DatasetteError):
        if exception.title == "Invalid SQL" and str(exception.message).startswith("no such table:") and "sql" not in request.args:
            # A row of a table that is not there. Nobody typed any SQL.
            return 404, f"“{unquote(request.path)}”", None, {}
        # Datasette gives 500 to an unknown ?_sort= and to its like; what a reader typed is not the server's fault.
        status = 400 if exception.status == 500 else exception.status
        # The one message that is markup shows the SQL that took too long, with a script.
        message = _TOO_LONG if exception.message_is_html else str(exception.message)
        return status, message, exception.title, exception.error_dict
    if isinstance(exception, QueryInterrupted):
        return 503, _TOO_LONG, None, {}
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0]) if exception.args else "", None, {}
    if (
        isinstance(exception, AssertionError | AttributeError | TypeError)
        and request.method not in ("GET", "HEAD")
        and _is_datasettes(exception)
    ):
        return 405, str(request.method), None, {}
    if isinstance(exception, ValueError | KeyError | TypeError | IndexError) and request.query_string and _is_datasettes(exception):
        return 400, f"Datasette: {exception}", None, {}
    return 500, "Lỗi đã được ghi lại. / The failure was logged.", None, {}


def _is_datasettes(exception: Exception) -> bool:
    """Whether Datasette itself stumbled, over the method or the arguments of the address, and not a page of ours."""
    frames = traceback.extract_tb(exception.__traceback__)
    ours = any("/scraper/web/" in frame.filename.replace("\\", "/") and frame.name not in _WRAPPERS for frame in frames)
    return not ours
