"""Slices: rows of the archive as files that other programs open. In comes a statement, out come bytes, piece by piece.

``formats`` and ``xlsx`` turn rows into CSV, JSON lines and Excel's format, pure and without a file; ``reading`` reads one
statement from one connection and can be stopped from another thread. ``scraper.web.downloads`` serves slices over HTTP,
``scrapy export`` writes them to files; both give the same bytes for the same rows.

Text is handled as the UTF-8 that SQLite stores, never decoded where that can be avoided: it is three times as fast.
"""
