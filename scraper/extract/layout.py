"""How one CMS lays out an article: CSS selectors, tried in order, each of which should match exactly once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """One page template.

    ``fingerprint``: selectors that must all match for the layout to be this one. ``title``, ``date``, ``lead``, ``byline`` and
    ``section`` are alternatives in order of preference; ``body`` likewise, and names the element(s) whose content is the
    article. ``pictures`` are images and ``documents`` links to files that the template sets outside the body. ``drop`` names
    what stands inside the body but is no part of the news (related lists, share bars, the CMS account). ``credits`` are lines
    outside the body that begin with a label: “Tác giả: …”, “Nguồn tin: …”.
    ``date_optional``: the template may print no date at all.
    """

    name: str
    fingerprint: tuple[str, ...]
    title: tuple[str, ...]
    body: tuple[str, ...]
    date: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    date_optional: bool = False
