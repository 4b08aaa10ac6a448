"""One module a CMS family: what identifies it, how its listings link and page, how its articles are laid out.

A family is pure (:class:`~scraper.cms.family.Family`): address and page in, reading out. ``scraper.portal`` makes it crawl.
"""

from __future__ import annotations

import inspect

from scrapy.utils.misc import walk_modules_iter

from scraper.cms.family import Family


def families() -> dict[str, type[Family]]:
    """Every CMS family by name; the one for unknown CMSs last."""
    found = {}
    for module in walk_modules_iter("scraper.cms"):
        for value in vars(module).values():
            if inspect.isclass(value) and issubclass(value, Family) and value.__module__ == module.__name__ and value.cms:
                found[value.cms] = value
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == "generic", pair[0])))
