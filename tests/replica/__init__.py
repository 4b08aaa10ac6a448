"""A replica of two Vietnamese portals on loopback, with the truth about every article it serves.

In: a seed and a number of articles. Out: two HTTP sites that look and misbehave like the real ones, and, beside them,
what a perfect reader would have got from each page. Everything is invented; nothing is copied from a real page.
"""

from .client import Replica

__all__ = ["Replica"]
