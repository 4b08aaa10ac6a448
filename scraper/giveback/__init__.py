"""Giving captures back: a slice of the archive as a WARC or WACZ that everybody's tools read and replay.

In: a slice of articles. Out: the records of the captures that prove them, byte for byte, with an index and a list of pages.
"""
