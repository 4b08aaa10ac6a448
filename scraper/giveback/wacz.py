"""A slice as a WACZ (1.1.1): the WARC, its index in blocks, the list of its pages with their text, and the digests of all of it."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scraper.archive.database import now
from scraper.archive.warc_writer import SOFTWARE
from scraper.giveback.slice import GivenArticle
from scraper.giveback.warc import IndexLine

WACZ_VERSION = "1.1.1"
_LINES = 1024
"""Lines of one block of the index."""
_CHUNK = 1 << 20


@dataclass
class _Bundle:
    """The ZIP being written, and what its list of contents will say. WARC and index are stored, so that viewers can read parts."""

    file: zipfile.ZipFile
    resources: list[dict[str, Any]] = field(default_factory=list)

    def add(self, path: str, data: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
        self.file.writestr(path, data, method)
        self._list(path, hashlib.sha256(data).hexdigest(), len(data))

    def add_file(self, path: str, source: Path) -> None:
        digest, size = hashlib.sha256(), 0
        with source.open("rb") as stream, self.file.open(zipfile.ZipInfo(path, _today()), "w", force_zip64=True) as copy:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                copy.write(chunk)
        self._list(path, digest.hexdigest(), size)

    def _list(self, path: str, digest: str, size: int) -> None:
        self.resources.append({"name": path.rpartition("/")[2], "path": path, "hash": f"sha256:{digest}", "bytes": size})


def write_wacz(
    target: Path, warc: Path, lines: list[IndexLine], articles: list[GivenArticle], conn: sqlite3.Connection, about: str
) -> None:
    """Bundle a WARC that :func:`scraper.giveback.warc.write_warc` wrote as ``data.warc.gz`` with its index lines and pages."""
    with zipfile.ZipFile(target, "w") as file:
        bundle = _Bundle(file)
        bundle.add_file("archive/data.warc.gz", warc)
        blocks, index = _index(lines)
        bundle.add("indexes/index.cdx.gz", blocks, zipfile.ZIP_STORED)
        bundle.add("indexes/index.idx", index)
        bundle.add("pages/pages.jsonl", "".join(_pages(articles, conn)).encode())
        package = json.dumps(_package(bundle.resources, articles, about), ensure_ascii=False, indent=2).encode()
        file.writestr("datapackage.json", package, zipfile.ZIP_DEFLATED)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        file.writestr("datapackage-digest.json", json.dumps(digest), zipfile.ZIP_DEFLATED)


def _index(lines: list[IndexLine]) -> tuple[bytes, bytes]:
    """The lines in gzip members of a thousand, and where each begins."""
    blocks = b""
    index = "!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}) + "\n"
    for start in range(0, len(lines), _LINES):
        part = lines[start : start + _LINES]
        packed = gzip.compress("".join(line.line() for line in part).encode(), mtime=0)
        told = {"offset": len(blocks), "length": len(packed), "digest": f"sha256:{hashlib.sha256(packed).hexdigest()}"}
        index += f"{part[0].key} {part[0].stamp} {json.dumps(told)}\n"
        blocks += packed
    return blocks, index.encode()


def _pages(articles: list[GivenArticle], conn: sqlite3.Connection) -> Iterator[str]:
    """One page an article: the capture by which it stands, its title and text, and how to cite it."""
    head = {"format": "json-pages-1.0", "id": "pages", "title": "Các bài / Articles", "hasText": True}
    yield json.dumps(head, ensure_ascii=False) + "\n"
    for article in articles:
        lead, body = conn.execute("SELECT lead, body FROM articles WHERE id = ?", (article.id,)).fetchone()
        page = {
            "id": article.uid,
            "url": article.url,
            "ts": article.captured_at,
            "title": article.title,
            "text": "\n\n".join(part for part in (lead, body) if part),
            "citation": cite_capture(article),
        }
        yield json.dumps(page, ensure_ascii=False) + "\n"


def cite_capture(article: GivenArticle) -> str:
    """The citation with the time and the digest of the capture that proves it."""
    day = f"{article.captured_at[8:10]}/{article.captured_at[5:7]}/{article.captured_at[:4]} {article.captured_at[11:16]} UTC"
    return f"{article.cite_as}, bản lưu {day}" + (f", {article.digest}" if article.digest else "")


def _package(resources: list[dict[str, Any]], articles: list[GivenArticle], about: str) -> dict[str, Any]:
    main = {"mainPageUrl": articles[0].url, "mainPageDate": articles[0].captured_at} if articles else {}
    told = {"profile": "data-package", "title": "Kho tin khuyến học / The khuyến học archive", "description": about}
    return {**told, **main, "created": now(), "wacz_version": WACZ_VERSION, "software": SOFTWARE, "resources": resources}


def _today() -> tuple[int, int, int, int, int, int]:
    at = now()
    return int(at[:4]), int(at[5:7]), int(at[8:10]), int(at[11:13]), int(at[14:16]), int(at[17:19])
