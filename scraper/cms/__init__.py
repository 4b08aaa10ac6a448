"""One module a CMS family: what identifies it, how its listings link and page, how its articles are laid out.

A family is pure (:class:`~scraper.cms.family.Family`): address and page in, reading out. ``scraper.portal`` makes it crawl.
"""
