"""A real browser over the DevTools pipe: no driver, no library, no port. What it logs and what it asks for is kept."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage", "--remote-debugging-pipe",
)  # fmt: skip
_PATIENCE = 60.0


def find_browser() -> str | None:
    """The program, where one is installed."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


class Tab:
    """One page of the browser.

    ``errors``: what the console, the log and uncaught exceptions said; ``asked``: every address; ``downloaded``: name as saved
    and name as offered of every file that came whole.
    """

    def __init__(self, send: int, receive: int) -> None:
        self._send, self._receive = send, receive
        self._number = 0
        self._buffer = b""
        self._session: str | None = None
        self._loaded = False
        self._names: dict[str, str] = {}
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.downloaded: list[tuple[str, str]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> Any:
        """One command of the protocol and its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self._session
        os.write(self._send, json.dumps(message).encode() + b"\0")
        wanted = self._number
        while True:
            answer = self._next()
            if answer.get("id") == wanted:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]

    def open(self, address: str) -> None:
        """Go to an address and wait until everything is loaded."""
        self._loaded = False
        told = self.call("Page.navigate", url=address)
        assert "errorText" not in told or told["errorText"] == "net::ERR_ABORTED", f"{address}: {told.get('errorText')}"
        self.wait(lambda: self._loaded)

    def follow(self, script: str) -> None:
        """Do something on the page that leads to another page, and wait for that."""
        self._loaded = False
        self.run(script)
        self.wait(lambda: self._loaded)

    def run(self, script: str, *, gesture: bool = False) -> Any:
        """The value of a script; promises are awaited. ``gesture``: as if a person had clicked."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=gesture)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def click(self, selector: str) -> None:
        """Click an element where it stands, with the mouse."""
        spot = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=spot[0], y=spot[1], button="left", clickCount=1)

    def type(self, text: str, *, enter: bool = False) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)
        if enter:
            self._loaded = False
            for kind in ("keyDown", "keyUp"):
                self.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
            self.wait(lambda: self._loaded)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Wait for something that the browser's messages, or the disk, bring about."""
        deadline = time.monotonic() + _PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "the browser did not do it in time"
            self._next(0.2)

    def size(self, width: int, height: int = 900) -> None:
        """The window: 390 is a telephone."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def photograph(self, target: Path, *, whole: bool = False) -> None:
        """The page as it stands, into a PNG; ``whole``: down to its end."""
        told = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        target.write_bytes(base64.b64decode(told["data"]))

    def outside(self, home: str) -> list[str]:
        """Every address asked for that is not ours."""
        ours = urlsplit(home).netloc
        asked = [urlsplit(address) for address in self.asked]
        return [each.geturl() for each in asked if each.scheme in ("http", "https", "ws", "wss") and each.netloc != ours]

    def _next(self, patience: float = _PATIENCE) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            if not select.select([self._receive], [], [], patience)[0]:
                return {}
            data = os.read(self._receive, 1 << 16)
            assert data, "the browser ended"
            self._buffer += data
        raw, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        self._note(message)
        return message

    def _note(self, message: dict[str, Any]) -> None:
        method, told = message.get("method"), message.get("params", {})
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            self.asked.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(
                told["exceptionDetails"].get("text", "") + str(told["exceptionDetails"].get("exception", {}).get("description"))
            )
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
            self.errors.append(f"console: {[each.get('value') for each in told['args']]}")
        elif method == "Browser.downloadWillBegin":
            self._names[told["guid"]] = told["suggestedFilename"]
        elif method == "Browser.downloadProgress" and told["state"] == "completed":
            self.downloaded.append((told["guid"], self._names[told["guid"]]))
        elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.errors.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")


@contextlib.contextmanager
def tab(browser: str, downloads: Path | None = None) -> Iterator[Tab]:
    """A browser with a profile of its own and one page; ``downloads``: the folder that files go to."""
    to_browser, our_end = os.pipe()
    from_us, browser_end = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # The browser reads commands from descriptor 3 and writes to 4, whatever numbers our pipes have.
        script = f'exec 3<&{to_browser} 4>&{browser_end}; exec "$@"'
        command = ["bash", "-c", script, "bash", browser, *_QUIET, f"--user-data-dir={profile}"]
        process = subprocess.Popen(
            command, pass_fds=(to_browser, browser_end), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(to_browser)
        os.close(browser_end)
        try:
            page = Tab(our_end, from_us)
            if downloads is not None:
                page.call("Browser.setDownloadBehavior", behavior="allowAndName", downloadPath=str(downloads), eventsEnabled=True)
            yield page
            with contextlib.suppress(AssertionError, OSError):
                page.call("Browser.close")
        finally:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(our_end)
            os.close(from_us)
