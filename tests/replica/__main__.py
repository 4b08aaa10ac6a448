"""``python -m tests.replica --port quang_tri=8471 --port cao_bang_thach_an=8472``: serves until killed."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import threading

from .server import Server
from .site import PORTALS, Site


def _port(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if name not in PORTALS or not number.isdigit() or int(number) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PORT with a name of {', '.join(PORTALS)}")
    return name, int(number)


def main() -> int:
    """Serves the portals asked for; prints their addresses as one JSON line when ready."""
    parser = argparse.ArgumentParser(prog="python -m tests.replica", description="Vietnamese portals on loopback.")
    parser.add_argument("--port", type=_port, action="append", metavar="NAME=PORT", help="0 = any free port")
    parser.add_argument("--articles", type=int, default=300, metavar="N", help="articles a portal (default 300)")
    parser.add_argument("--seed", type=int, default=2022, metavar="N", help="another seed, other news (default 2022)")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    options = parser.parse_args()
    urls = {}
    for name, port in dict(options.port or [(name, 0) for name in PORTALS]).items():
        try:
            urls[name] = Server(Site(name, options.seed, options.articles), port).start()
        except OSError as error:
            print(f"replica: cannot serve {name} on port {port}: {error.strerror}", file=sys.stderr)
            return 2
    print(json.dumps(urls), flush=True)
    if options.until_stdin_closes:
        sys.stdin.buffer.read()
        os._exit(0)
    with contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
