"""A replica of three Vietnamese portals on loopback, with the truth about every article it serves.

In: a seed and a number of articles. Out: HTTP sites that look and misbehave like the real ones, and, beside them,
what a perfect reader would have got from each page. Everything is invented; nothing is copied from a real page.
The third, ``dong_thap_thap_muoi``, has no spider: it is there to be added.
"""

from .client import Replica

__all__ = ["Replica"]
