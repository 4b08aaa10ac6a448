"""``newspaper_list.py ADDRESSES``: newspaper4k downloads with 16 threads and parses a list of addresses (one a line).

It is given the list: its own discovery reads only the first page of each section.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from newspaper.mthreading import fetch_news


def main() -> None:
    """Fetch, read and count."""
    addresses = Path(sys.argv[1]).read_text().split()
    got = with_text = 0
    for article in fetch_news(addresses, threads=16):
        if article.html:
            got += 1
            article.parse()
            with_text += bool(article.text)
    print(json.dumps({"articles": got, "with_text": with_text}))


if __name__ == "__main__":
    main()
