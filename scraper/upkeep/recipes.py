"""How to have crawls started on a machine of one's own or of others: text to be saved where the first line says.

Every recipe crawls by itself, keeps ``archive.db`` and ``warcs/`` together, and looks at the health of the sources.
Paths and addresses are put in quoted as each of the programs reads them.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

CRON = """\
# crontab -e: every quarter of an hour what is due; a crawl that still runs makes the next one leave at once (exit 3).
KHUYEN_HOC_CONTACT={contact}
*/15 * * * * cd {folder} && {python} -m scrapy crawlall >> crawl.log 2>&1
30 * * * * cd {folder} && {python} -m scrapy health{tell} >> health.log 2>&1
"""
SYSTEMD = """\
# /etc/systemd/system/khuyen-hoc.service; then: systemctl daemon-reload && systemctl enable --now khuyen-hoc
[Unit]
Description=Crawl the portals of khuyen hoc news
Wants=network-online.target
After=network-online.target

[Service]
User={user}
WorkingDirectory={folder}
Environment={contact}
# By way of env, because systemd takes no program with a quotation mark in its path.
ExecStart=/usr/bin/env {python} -m scrapy schedule{tell}
Restart=on-failure
RestartSec=60
# A crawl comes to a good end within this; what it leaves is gone on with.
TimeoutStopSec=120
# The schedule hands the signal on; a crawl that is told twice to stop breaks off.
KillMode=mixed

[Install]
WantedBy=multi-user.target
"""
CONTAINER = """\
# Containerfile, beside scrapy.cfg; archive.db and warcs/ live in the volume /data
# docker build -f Containerfile -t khuyen-hoc . && docker run -d --restart on-failure --stop-timeout 120 -v khuyen-hoc:/data khuyen-hoc
FROM python:3.12-slim
WORKDIR /app
COPY pyproject.toml requirements.lock scrapy.cfg README.md datasette_metadata.json ./
COPY scraper scraper
COPY spiders spiders
RUN pip install --no-cache-dir -r requirements.lock && pip install --no-cache-dir --no-deps -e . \\
    && useradd --create-home crawler && mkdir /data && chown crawler /data
USER crawler
ENV KHUYEN_HOC_CONTACT={contact}
VOLUME /data
STOPSIGNAL SIGTERM
# To be told of alarms, add "--tell", "https://…" (a webhook).
CMD ["python", "-m", "scrapy", "schedule", "-s", "ARCHIVE_DB=/data/archive.db"]
"""
CI = """\
# .github/workflows/crawl.yml: the archive is an asset of the release "data" (at most 2 GB); the last three states are kept
on:
  workflow_dispatch:
  schedule:
    - cron: "17 */6 * * *"
concurrency: crawl
permissions:
  contents: write
jobs:
  crawl:
    runs-on: ubuntu-latest
    timeout-minutes: 340
    env:
      KHUYEN_HOC_CONTACT: {contact}
      GH_TOKEN: ${{{{ github.token }}}}
    steps:
      - uses: actions/checkout@v4
      - run: make setup
      - name: the archive as the last run left it
        run: |
          gh release view data || gh release create data --notes "archive.db and warcs/"
          newest=$(gh release view data --json assets --jq '[.assets[].name | select(endswith(".tar"))] | sort | last // ""')
          if [ -n "$newest" ]; then gh release download data --pattern "$newest" --output - | tar -x; fi
      - name: crawl
        # Without --foreground the signal comes twice, and a crawl that is told twice to stop breaks off.
        run: timeout --foreground --signal INT 5h .venv/bin/scrapy crawlall
      - name: keep the archive, whatever the crawl said
        if: always()
        run: |
          if [ -f archive.db ]; then
            tar -cf "archive-$(date -u +%Y%m%dT%H%M%SZ).tar" archive.db* warcs
            gh release upload data archive-*.tar
            gh release view data --json assets --jq '[.assets[].name | select(endswith(".tar"))] | sort | .[:-3][]' \\
              | while read -r old; do gh release delete-asset data "$old" --yes; done
          fi
      - name: is every source well
        if: always()
        run: .venv/bin/scrapy health
"""


def _cron(text: str) -> str:
    return shlex.quote(text).replace("%", r"\%")


def _systemd(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"' if any(char in text for char in " \"'\\;$") else escaped


def _tell(contact: str, quoted: Callable[[str], str]) -> str:
    """The option with which alarms are mailed, where the contact is a mail address (it may be a web page)."""
    return f" --tell {quoted(f'mailto:{contact}')}" if "@" in contact and "/" not in contact else ""


def _for_cron(folder: str, python: str, contact: str, _user: str) -> str:
    return CRON.format(folder=_cron(folder), python=_cron(python), contact=contact, tell=_tell(contact, _cron))


def _for_systemd(folder: str, python: str, contact: str, user: str) -> str:
    return SYSTEMD.format(
        user=user,
        folder=folder.replace("%", "%%"),
        python=_systemd(python).replace("$", "$$"),
        contact=_systemd(f"KHUYEN_HOC_CONTACT={contact}"),
        tell=_tell(contact, _systemd),
    )


RECIPES: dict[str, Callable[[str, str, str, str], str]] = {
    "ci": lambda _folder, _python, contact, _user: CI.format(contact=json.dumps(contact)),
    "container": lambda _folder, _python, contact, _user: CONTAINER.format(contact=json.dumps(contact)),
    "cron": _for_cron,
    "systemd": _for_systemd,
}


def recipe(name: str, folder: Path, python: str, contact: str, user: str) -> str:
    """One recipe, filled in: the project's folder, the Python of its environment, the crawler's contact address, who runs it."""
    return RECIPES[name](str(folder), python, contact, user)
