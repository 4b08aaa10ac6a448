"""Adding a portal: from one address to a spider, a fixture and the expectation that a person then reads.

In: an address of a portal, and a way to fetch (:mod:`~scraper.adding.visit`: the crawl's own middlewares). Out: a
:class:`~scraper.adding.survey.Survey` of what was read there, a :class:`~scraper.adding.draft.Draft` of the portal, and its
files (:mod:`~scraper.adding.files`). Recognising, naming, finding sections, trimming and drafting are pure functions over
pages; only visit asks a portal, and only files writes.
"""


class CannotAdd(Exception):
    """A portal was not added and nothing was written; the message says why and what to do. ``exit_code`` for the command."""

    exit_code = 1


class NotSaid(CannotAdd):
    """Something has to be said with an option, or was said wrongly."""

    exit_code = 2


class Taken(CannotAdd):
    """A portal, a file or a fixture of that name is there already; it is never overwritten."""

    exit_code = 10
