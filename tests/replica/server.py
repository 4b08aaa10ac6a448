"""HTTP/1.1 around a Site: one thread a connection, one write an answer."""

from __future__ import annotations

import json
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .control import perform
from .site import Answer, Site

CONTROL = "/__replica__/"


class Server(ThreadingHTTPServer):
    """The listening socket of one portal."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, site: Site, port: int) -> None:
        self.site = site
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Binds without asking a name server for our own name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""

    def start(self) -> str:
        """Serves in a thread; returns the address."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Reads a request, asks the site, writes the answer in one piece."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        """A page."""
        self._send(self.server.site.answer("GET", self.path, self._asked()), head=False)

    def do_HEAD(self) -> None:
        """A page without its body."""
        self._send(self.server.site.answer("HEAD", self.path, self._asked()), head=True)

    def do_POST(self) -> None:
        """The control interface; anything else may not be posted."""
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.path.startswith(CONTROL):
            self._send(Answer(405, [("Allow", "GET, HEAD"), ("Content-Type", "text/plain")], b"405"), head=False)
            return
        try:
            result = perform(self.server.site, self.path.removeprefix(CONTROL), json.loads(data or b"{}"))
            status, reply = 200, {"result": result}
        except (TypeError, ValueError, KeyError) as error:
            status, reply = 400, {"error": str(error)}
        body = json.dumps(reply, ensure_ascii=False).encode()
        self._send(Answer(status, [("Content-Type", "application/json")], body), head=False)

    def _asked(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def _send(self, answer: Answer, head: bool) -> None:
        lines = [f"HTTP/1.1 {answer.status} {_phrase(answer.status)}", f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if answer.status not in (204, 304):
            lines.append(f"Content-Length: {len(answer.body)}")
        if answer.cut:
            lines.append("Connection: close")
            self.close_connection = True
        body = b"" if head or answer.status in (204, 304) else answer.body
        if answer.cut:
            body = body[: len(body) // 2]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def log_message(self, *args: object) -> None:
        """Silent: the site keeps its own log."""


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
