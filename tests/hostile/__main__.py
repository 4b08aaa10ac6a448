"""``python -m tests.hostile``: starts the hostile sites, prints {name: address} as one line, serves until its standard input closes."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from .server import Server


def _quiet(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """What clients and broken connections do is no news; what our own code raises is."""
    error = context.get("exception")
    if not isinstance(error, OSError | asyncio.IncompleteReadError | TimeoutError | asyncio.CancelledError):
        loop.default_exception_handler(context)


async def _run(folder: Path, until_closed: bool) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_quiet)
    print(json.dumps(await Server(folder).start()), flush=True)
    if until_closed:
        await loop.run_in_executor(None, sys.stdin.buffer.read)
    else:
        await asyncio.Event().wait()


def main() -> None:
    """Runs until interrupted; with ``--until-stdin-closes`` until then."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        try:
            asyncio.run(_run(Path(folder), "--until-stdin-closes" in sys.argv[1:]))
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)


if __name__ == "__main__":
    main()
