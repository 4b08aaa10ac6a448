"""The kinds of issues, each with what it means and what a person should do: the vocabulary of ``issues.kind``."""

from __future__ import annotations

KINDS: dict[str, str] = {
    "analysis_failed": "Our reading of topics, places and figures failed. The article is archived; mend it, then run scrapy analyse.",
    "address_refused": "A link or redirect leads off the portal, or to an address that is not public. It was not followed.",
    "archive_unlisted": "A web archive did not list what it holds of a portal. The backfill goes on there when it is started again.",
    "asked_to_wait": "The portal asked to be left alone for a while, or failed many times in a row. It is asked again later.",
    "body_empty": "The article has a title and no text. If its text is a picture or a file, nothing is wrong; else mend the layout.",
    "broken_encoding": "Letters could not be decoded. Compare with the portal; report the charset it declares.",
    "challenge": "A cookie check stands in front of the portal. The crawler does not answer it; ask the portal to let us in.",
    "damaged": "The answer was cut or corrupt and was not used. It is asked for again.",
    "date_doubtful": "The printed date and the one in the article's address lie far apart. The printed one is kept; look at the page.",
    "date_missing": "The template's date is not on the page. Look whether the layout changed.",
    "date_unread": "What is printed as the date could not be read with certainty; the article has none.",
    "empty_page": "The portal answered 200 with nothing.",
    "encoding_suspect": "The letters look like TCVN3 or VNI. The text is kept as printed and must not be counted.",
    "half_page": "The page is much shorter than what we have. The earlier text stays.",
    "http_error": "The portal answered with an error.",
    "layout_changed": "A page no longer carries its family's fingerprint. Mend the layout, then replay.",
    "listing_capped": "A listing was not walked to its end: it leads no further, its pages repeat the first, or max_pages was reached."
    " Older articles may be missing.",
    "listing_empty": "A listing has no link to an article. Mend the listing's selectors, then crawl again.",
    "login": "The portal asks to sign in instead of showing the page.",
    "maintenance": "The portal says it is under maintenance. It is asked again later.",
    "boilerplate": "The same text stands under three or more addresses: a template's, not an article's. It is not archived.",
    "moved": "An article's address leads elsewhere now: the text we have stays, an article that stands there is archived for itself."
    " Or a section leads to the home page: change the portal's sections.",
    "not_article": "A page with an article's address is none.",
    "not_captured": "A web archive did not give a capture that it lists. It is asked again later, or another of the same content.",
    "not_html": "A document or picture where a page was expected.",
    "reader_failed": "Our reading of the page failed. Mend it (the issue names the place), then replay the captures.",
    "rewritten": "A toolbar or link rewriter of a web archive has touched the page. Import or fetch its original form.",
    "robots_closed": "robots.txt forbids the address. It is asked again later.",
    "selector_mismatch": "A selector matched nothing or several different texts. Look at the page.",
    "soft_404": "The portal says “not found” with status 200.",
    "stored_unpacked": "Who captured the page unpacked it and left the header that says it is packed. It is read; nothing but its last tag"
    " tells that it is whole.",
    "text_lost": "A good part of the article's own element is not in its text. Compare with the page; mend what is dropped.",
    "title_missing": "No title was found on an article's page.",
    "too_heavy": "The page could not be read within the limits of time and memory. The capture is kept.",
    "unreachable": "The portal did not answer.",
    "warc_unreadable": "A record of a WARC file, imported or our own, could not be read.",
}


def kind_of(problem_kind: str) -> str:
    """The stored kind of a problem: ``http_404`` and its like are ``http_error``."""
    return "http_error" if problem_kind.startswith("http_") else problem_kind
