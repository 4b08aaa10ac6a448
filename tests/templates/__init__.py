"""Pages of the CMSs we know, as their templates print them: written from evidence about the CMS, not from our selectors.

Used for the quality floor (``tests.quality``), for the fixtures of portals and for a portal of the replica.
"""
