"""Two hundred portals crawled by one process: how often each is asked, who starves, how much memory it takes."""
