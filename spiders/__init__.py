"""The registry of portals: one module a portal, file name = spider name = ``sources.id``."""
