"""Collections of WARC files read anew, by the same pure functions as a crawl, on all cores or all machines there are.

In: WARC files, ours or others'. Out: one file of readings for each, lines of JSON. No archive is read or written, so any number of
processes may do it, and one that was killed is gone on with by running it again.
"""
