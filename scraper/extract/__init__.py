"""Bytes in, :class:`~scraper.items.Article` out. Pure functions: no Scrapy, no socket, no clock, no database.

``decode`` undoes the transfer (gzip, charset), ``page`` opens the document and recognises what is not a page at all,
``body`` turns the article's own subtree into clean blocks, ``byline`` and ``dates`` read its marginalia, and ``article``
puts them together by a CMS family's :class:`~scraper.extract.layout.Layout`. ``generic`` does without a layout.
"""
