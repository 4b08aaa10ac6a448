"""The files of docs/serving do what docs/serving.md says: a public host behind nginx, and a copy that needs no server."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from .archive import ON_TOPIC
from .chromium import find_browser, tab
from .server import ROOT, datasette_server, free_port

SERVING = ROOT / "docs/serving"
# Debian's nginx stands where only root's PATH leads.
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _ask(address: str, **headers: str) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@contextlib.contextmanager
def _nginx(folder: Path, upstream: str) -> Iterator[str]:
    """nginx with the site file of the documentation: its port, its certificate and its folders changed, and nothing else."""
    assert NGINX is not None
    port = free_port()
    site = (SERVING / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("    ssl_certificate     /etc/letsencrypt/live/kho.example.vn/fullchain.pem;\n", ""),
        ("    ssl_certificate_key /etc/letsencrypt/live/kho.example.vn/privkey.pem;\n", ""),
        ("http://127.0.0.1:8001", upstream),
        ("/var/cache/nginx", str(folder / "cache")),
    ):
        assert old in site, f"docs/serving/nginx.conf no longer says {old!r}"
        site = site.replace(old, new)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "cache").mkdir()
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {temporary} include site.conf; }}\n",
        encoding="utf-8",
    )
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            deadline = time.monotonic() + 15
            while True:
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline
                with contextlib.suppress(OSError):
                    _ask(f"http://127.0.0.1:{port}/robots.txt")
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


@pytest.mark.skipif(NGINX is None, reason="no nginx here (apt-get install nginx-light)")
def test_behind_nginx(archive_path: Path, tmp_path: Path) -> None:
    with datasette_server(archive_path) as home, _nginx(tmp_path, home) as door:
        status, headers, body = _ask(f"{door}/bai/cao_bang-2001", Host="kho.example.vn", **{"Accept-Encoding": "gzip"})
        assert status == 200
        assert headers["Content-Encoding"] == "gzip"
        text = gzip.decompress(body).decode()
        # Permanent addresses are those of the public name, not of the server behind.
        assert "http://kho.example.vn/bai/cao_bang-2001</span>" in text
        assert headers.get_all("Content-Security-Policy") is not None
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        feed = _ask(f"{door}/feed.atom", Host="kho.example.vn", **{"Accept-Encoding": "gzip"})
        assert feed[1]["Content-Encoding"] == "gzip"
        assert b"http://kho.example.vn/feed.atom" in gzip.decompress(feed[2])
        for address, wanted in (
            ("/archive/articles.csv?_size=max", 200), ("/ban-luu/1.warc.gz", 200), ("/bai/x%2Fy", 404), ("/-/auth-token", 404),
            ("/archive/frontier", 403), ("/archive?sql=select+1", 403), ("/-/static/app.css", 200),
        ):  # fmt: skip
            assert _ask(door + address)[0] == wanted, address
        assert "“x/y”" in _ask(f"{door}/bai/x%2Fy")[2].decode()
        with ThreadPoolExecutor(40) as readers:
            statuses = list(readers.map(lambda number: _ask(f"{door}/bai/khong-co-{number}")[0], range(80)))
        assert set(statuses) == {404, 429}, "a reader who asks for all at once is slowed down, not shut out"


@pytest.mark.skipif(shutil.which("wget") is None, reason="no wget here (apt-get install wget)")
def test_snapshot(archive_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bản chụp"
    with datasette_server(archive_path) as home:
        done = subprocess.run(
            [SERVING / "snapshot.sh", home, folder, "https://kho.example.vn"], capture_output=True, text=True, timeout=120, check=False
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{len(ON_TOPIC)} articles" in done.stdout
    for page in ON_TOPIC:
        for name in (f"{page.uid}.html", f"{page.uid}/thay-doi.html", f"{page.uid}.bib", f"{page.uid}.ris"):
            assert (folder / "bai" / name).exists()
    for file in folder.rglob("*"):
        if file.is_file():
            assert b"127.0.0.1:" not in file.read_bytes().replace(b"http://127.0.0.1:9", b""), file
    for file in folder.rglob("*.html"):
        for link in re.findall(r'(?:href|src|action)="([^"]*)"', file.read_text(encoding="utf-8")):
            parts = urlsplit(link)
            if not parts.scheme and parts.path:
                assert (file.parent / unquote(parts.path)).exists(), f"{file}: {link}"
    browser = find_browser()
    if browser is None:
        return
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            home = f"http://127.0.0.1:{server.server_port}"
            with tab(browser) as page:
                page.open(f"{home}/index.html")
                page.follow("document.querySelector('.latest a').click()")
                assert page.run("document.querySelector('h1').textContent") == ON_TOPIC[-1].title
                assert page.run("getComputedStyle(document.querySelector('.article-page')).display") == "grid"
                assert page.errors == []
                assert page.outside(home) == []
        finally:
            server.shutdown()
            thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...
