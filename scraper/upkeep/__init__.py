"""Crawling by itself for years: which portals are due, whether each is well, and telling somebody when one is not.

In: the declared portals and what archive.db says of their crawls and news, read-only. Out: the portals to be crawled now
(``sources``, ``rhythm``, ``chosen``), a schedule that has them crawled (``schedule``), a judgement of each (``health``) and messages
about what changed (``alerts``). Nothing here asks a portal or writes the archive; ``scraper.fetch.fleet`` does what is due.
"""
