"""Character references that lost their ampersand on the way through an editor: ``ldquo;kíchrdquo;``, ``phograve;ng``, ``TTamp;TT``.

Met in a tenth of the articles of one Liferay portal (2011–2015). They are mended, because a word with ``ograve;`` in it is found
by no search; the bytes as received stay in the capture. Only names that no word ends in are taken, each before a semicolon.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html.entities import html5

from scraper.extract.text import clean
from scraper.items import Article

# Letters with the marks of Latin-1 (agrave … ycirc), and signs. A letter's name begins with the letter itself, so that it is cut
# off a word with certainty: ph|ograve|ng.
_LETTERS = "|".join(name[:-1] for name in html5 if re.fullmatch(r"[AEIOUYaeiouy](?:grave|acute|circ|tilde|uml);", name))
_SIGNS = r"[lr][sd]quo|[nm]dash|hellip|nbsp|[lr]aquo|\bbull|middot|sbquo|bdquo"
# “Sở TTamp;TT”, “Tài nguyên amp; Môi trường”; “summer camp; …” stays.
_AND = r"(?<=[A-ZĐ\s])amp(?=;\s?[A-ZĐÀ-Ỹ])"
# Before it may stand what some editors leave: “;Yacute;” of a reference, “&amp;ndash;” of one escaped twice.
_DAMAGED = re.compile(rf"(?:&(?:amp;)?|(?<=\s);)?({_LETTERS}|{_SIGNS}|{_AND});")

# Of all those names, before the semicolon: nearly no text has one, and the pattern takes its time.
_LAST_LETTERS = ("grave", "acute", "circ", "tilde", "uml", "quo", "dash", "hellip", "nbsp", "bull", "middot", "amp")


def mend_entities(text: str) -> tuple[str, int]:
    """A text with its damaged references as characters, in NFC, and how many there were."""
    if not any(part.endswith(_LAST_LETTERS) for part in text.split(";")[:-1]):
        return text, 0
    mended, count = _DAMAGED.subn(lambda match: html5[match[1] + ";"], text)
    return (clean(mended), count) if count else (text, 0)


def mend_article(article: Article) -> Article:
    """An article with every text of it mended; ``evidence`` says how many references were."""
    counted = 0

    def mended(text: str | None) -> str | None:
        nonlocal counted
        if text is None:
            return None
        out, count = mend_entities(text)
        counted += count
        return out

    title, lead, body = mended(article.title) or "", mended(article.lead), mended(article.body) or ""
    byline, section = mended(article.byline), mended(article.section)
    attachments = tuple(replace(each, caption=mended(each.caption)) if each.caption else each for each in article.attachments)
    if not counted:
        return article
    evidence = {**article.evidence, "mended": f"{counted} character references without their ampersand"}
    return replace(article, title=title, lead=lead, body=body, byline=byline, section=section, attachments=attachments, evidence=evidence)
