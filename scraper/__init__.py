"""The khuyến học archive: crawls Vietnamese government portals for study-encouragement news.

``spiders/`` say which portals; the packages here are the way of one page, in the order it moves:
``fetch`` → ``archive`` (capture) → ``extract`` with ``cms`` → ``archive`` (gate) → ``analyse`` → ``archive`` (store) → ``web``.
"""

__version__ = "0.2.0"
