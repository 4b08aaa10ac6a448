"""Crawling past one machine: a keeper queues due sources as jobs, workers crawl them to WARC, the keeper takes in what they sealed.

The keeper alone writes archive.db. It puts what a crawl needs to know of a source into an :class:`~scraper.workers.order.Order` and
queues it (Dramatiq on Redis). A worker holds a lease on the source's hosts, crawls them like ``scrapy crawl`` does, and keeps every
answer in a sealed segment together with a journal of what was asked and why. The keeper goes through that journal with the same reader,
gate and analysis as a crawl. Redis holds nothing that is missed when it is lost: what is due is worked out from archive.db.
"""
