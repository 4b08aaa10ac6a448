"""Bringing back what web archives hold of a portal: list, choose, fetch slowly, store as captures of their own time.

In: the answers of a CDX server, and of the archive behind it. Out: captures with their provenance, read and stored as those of
a crawl. State is rows of ``listings`` and ``holdings``, written in the transactions of the captures.

Why a client of our own (2026-11): ``wayback`` 0.5 and ``cdx_toolkit`` 0.9 keep where they are in memory, fetch with requests and
retry by themselves, so that neither a kill -9, nor our address guard, size cap, robots.txt and pace would hold for them.
Requests go through Scrapy and the same middlewares as a crawl's; warcio reads the records.
"""
