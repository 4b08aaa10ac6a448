"""Addresses for programs: feeds, sitemap, robots.txt, and captures as downloads."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from datasette import Response  # type: ignore[import-untyped]

from scraper.archive.database import now
from scraper.web import archives, captured, feeds, issue_feed
from scraper.web.pages import absolute, article_path, demo_notes, not_found
from scraper.web.series import indicator_paths

_AGE = "max-age=300"
_PATIENT = 5000
"""Milliseconds for a part of the sitemap: 100 on a machine that does nothing else, and who asks is a program."""
_LONGEST_QUERY = 400


async def atom_feed(datasette: Any, request: Any) -> Any:
    """``/feed.atom``: the newest articles; ``nguon`` one source, ``noi`` a place, ``chu_de`` a topic, ``q`` a search; or several."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    source, place, query, topic = ((request.args.get(name) or "").strip() for name in ("nguon", "noi", "q", "chu_de"))
    wanted = feeds.Wanted(source, place, query[:_LONGEST_QUERY], topic)
    found = await archives.first(datasette, lambda connection: feeds.load_feed(connection, wanted))
    if found is None:
        asked = ", ".join(f"“{each}”" for each in (source, place, topic) if each)
        text = f"Kho này không có nguồn, địa phương hay chủ đề {asked}. / No such source, place or topic."
        return await not_found(datasette, request, text)
    _, feed = found
    for entry in feed.entries:
        entry["path"] = article_path(datasette, entry["uid"])
    home = absolute(datasette, request, datasette.urls.instance())
    own, title = _own(datasette, request, "/feed.atom"), _title(datasette)
    data = feeds.atom(feed, wanted, title=title, own=own, home=home, article_home=_origin(datasette, request), as_of=now())
    return _unless_known(request, data, "application/atom+xml; charset=utf-8")


async def issues_feed(datasette: Any, request: Any) -> Any:
    """``/viec-can-xem.atom``: issues opened and closed; ``nguon`` one source. For whoever may see the table of issues."""
    source = (request.args.get("nguon") or "").strip()
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    for database in archives.files(datasette):
        for table in ("issues", "sources"):
            await datasette.ensure_permissions(request.actor, [("view-table", (database.name, table)), ("view-database", database.name)])
    found = await archives.first(datasette, lambda connection: issue_feed.load_happened(connection, source))
    if found is None:
        return await not_found(datasette, request, f"Kho này không có nguồn “{source}”. / No such source.")
    database, happened = found
    table_path = absolute(datasette, request, datasette.urls.table(database.name, "issues"))

    def issues_of(one: issue_feed.Happened) -> str:
        state = "closed_at__notnull" if one.closed else "closed_at__isnull"
        return f"{table_path}?{urlencode({'source_id': one.source, 'kind': one.kind, state: 1})}"

    data = issue_feed.atom(
        happened,
        source,
        title=_title(datasette),
        own=_own(datasette, request, "/viec-can-xem.atom"),
        home=absolute(datasette, request, datasette.urls.path("/suc-khoe")),
        table=issues_of,
        as_of=now(),
    )
    return _unless_known(request, data, "application/atom+xml; charset=utf-8")


async def sitemap(datasette: Any, request: Any) -> Any:
    """``/sitemap.xml``: the index of the parts; ``/sitemap-1.xml``: the articles of one part, and our other pages in the first."""
    part = int(request.url_vars["part"] or 0)
    if part == 0:
        found = await archives.first(datasette, feeds.sitemap_parts)
        parts = found[1] if found else 1
        data = feeds.sitemap_index(
            absolute(datasette, request, datasette.urls.path(f"/sitemap-{number}.xml")) for number in range(1, parts + 1)
        )
        return _unless_known(request, data, "application/xml; charset=utf-8")
    rows = await archives.first(datasette, lambda connection: feeds.load_sitemap(connection, part), _PATIENT)
    home = _origin(datasette, request)
    pages: list[tuple[str, str | None]] = [(f"{home}{article_path(datasette, uid)}", changed) for uid, changed in (rows[1] if rows else [])]
    if part == 1:
        own = ["/", "/bieu-do", *await indicator_paths(datasette)]
        pages = [(f"{home}{datasette.urls.path(path)}", None) for path in own] + pages
    if not pages:
        return await not_found(datasette, request, f"sitemap-{part}.xml")
    return _unless_known(request, feeds.sitemap(pages), "application/xml; charset=utf-8")


async def robots(datasette: Any, request: Any) -> Any:
    """``/robots.txt``."""
    home = absolute(datasette, request, datasette.urls.instance())
    names = [database.name for database in archives.files(datasette)]
    return Response.text(feeds.robots(home, names, demo=bool(await demo_notes(datasette))), headers={"cache-control": _AGE})


async def capture(datasette: Any, request: Any) -> Any:
    """``/ban-luu/<number>.warc.gz`` and ``.html``: always a download, never shown."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    number, form = int(request.url_vars["number"]), request.url_vars["form"]
    found = await archives.first(datasette, lambda connection: captured.place_of(connection, number, form))
    if found is None:
        return await not_found(datasette, request, f"Kho này không có bản lưu {number}. / This archive has no capture {number}.")
    database, place = found
    take = captured.record_bytes if form == "warc.gz" else captured.page_bytes
    try:
        data = await asyncio.to_thread(take, Path(database.path), place)
    except (captured.NotHere, OSError) as error:
        text = str(error) if isinstance(error, captured.NotHere) else "tệp WARC không đọc được / the WARC file cannot be read"
        return await not_found(datasette, request, text)
    headers = {"content-disposition": f'attachment; filename="{place.name}"', "cache-control": _AGE}
    return Response(data, headers=headers, content_type="application/octet-stream")


def _own(datasette: Any, request: Any, path: str) -> str:
    """The absolute address that was asked for."""
    own = absolute(datasette, request, datasette.urls.path(path))
    return f"{own}?{request.query_string}" if request.query_string else own


def _title(datasette: Any) -> str:
    return str(datasette.metadata("title") or "Kho tin khuyến học")


def _origin(datasette: Any, request: Any) -> str:
    """Scheme and host, to be put before a path."""
    return absolute(datasette, request, "/").rstrip("/")


def _unless_known(request: Any, data: bytes, content_type: str) -> Any:
    """The answer, or 304 to whoever has these bytes already: feed readers ask every hour, on slow lines too."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": _AGE}
    known = [each.strip().removeprefix("W/") for each in (request.headers.get("if-none-match") or "").split(",")]
    if tag in known:
        return Response("", status=304, headers=headers)
    return Response(data, headers=headers, content_type=content_type)
