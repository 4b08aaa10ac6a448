"""``make demo``: crawl both replica portals over HTTP into archive.db and compare what came out with what they hold."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from . import Replica

ROOT = Path(__file__).resolve().parents[2]
# Fixed, so that a second demo finds the same addresses; set DEMO_PORT where they are taken.
FIRST_PORT = int(os.environ.get("DEMO_PORT", "8471"))
PORTS = {"quang_tri": FIRST_PORT, "cao_bang_thach_an": FIRST_PORT + 1}


def main() -> int:
    """Run the demo; 0 when the archive holds exactly the replica's on-topic articles."""
    archive = Path("archive.db")
    scrapy = shutil.which("scrapy", path=str(Path(sys.executable).parent)) or "scrapy"
    try:
        replica = Replica(ports=PORTS).start()
    except RuntimeError as error:
        print(f"demo: {error}. Is another demo running? Else: make demo DEMO_PORT=9471", file=sys.stderr)
        return 2
    try:
        for portal, url in replica.urls.items():
            command = [scrapy, "crawl", portal, "-a", f"base_url={url}", "-s", f"ARCHIVE_DB={archive.resolve()}"]
            done = subprocess.run(command, cwd=ROOT, check=False)
            if done.returncode:
                return done.returncode
        wrong = sum(differs(archive, portal, replica) for portal in replica.urls)
    finally:
        replica.stop()
    print("archive.db is a DEMO: its articles are invented. Next: make serve")
    return 1 if wrong else 0


def differs(archive: Path, portal: str, replica: Replica) -> bool:
    """Compare the titles of one portal's articles with the replica's truth, and say what was found."""
    connection = sqlite3.connect(f"file:{archive}?mode=ro", uri=True)
    stored = set(connection.execute("SELECT article_key, title FROM articles WHERE source_id = ?", (portal,)))
    off_topic = connection.execute("SELECT count(*) FROM off_topic WHERE source_id = ?", (portal,)).fetchone()[0]
    connection.close()
    wanted = {(article["key"], article["title"]) for article in replica.truth(portal) if article["on_topic"]}
    same = stored == wanted
    verdict = "as the portal holds them" if same else f"but the portal holds {len(wanted)}"
    print(f"{portal}: {len(stored)} articles archived, {verdict}; {off_topic} off topic and remembered.")
    return not same


if __name__ == "__main__":
    sys.exit(main())
