"""``news_please_list.py ADDRESSES``: news-please downloads and reads a list of addresses (one a line).

``request_args`` is given because without it 1.6.16 turns every article into an empty one, silently.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from newsplease import NewsPlease


def main() -> None:
    """Fetch, read and count."""
    addresses = Path(sys.argv[1]).read_text().split()
    found = NewsPlease.from_urls(addresses, request_args={"timeout": 30})
    articles = [article for article in found.values() if article]
    texts = sum(bool(getattr(article, "maintext", None)) for article in articles)
    print(json.dumps({"articles": len(articles), "with_text": texts}))


if __name__ == "__main__":
    main()
