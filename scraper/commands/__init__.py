"""Sub-commands of ``scrapy``: there is no second command line."""
