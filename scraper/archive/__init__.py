"""The durable part: bytes into WARC segments, then rows into archive.db; nothing is deleted and nothing good is overwritten.

In: a :class:`~scraper.items.Capture` as received, and later its :class:`~scraper.items.Reading`. Out: rows. The order is the
promise: WARC append, fdatasync, then the transaction that points at it. One process holds the writer's lock.
"""
