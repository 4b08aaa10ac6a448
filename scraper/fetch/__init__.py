"""Asking politely: what to ask next, robots.txt, and the bytes of every answer made durable before anybody reads them.

In: the frontier. Out: a :class:`~scraper.items.Capture` stored by the keeper. The Scrapy engine runs in between.
"""
