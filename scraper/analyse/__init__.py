"""Clean text in, labels and figures out. Pure functions: no Scrapy, no socket, no clock, no database."""
