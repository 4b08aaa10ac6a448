"""A page read by its family's layout: every field with the place it was read from, every doubt as a problem."""

from __future__ import annotations

from dataclasses import replace

from scraper.extract.block import join_blocks
from scraper.extract.body import Body, read_body
from scraper.extract.byline import read_credit, source_prefix, split_credits
from scraper.extract.layout import Layout
from scraper.extract.layout_date import find_published
from scraper.extract.page import Page, encoding_problem, string_of
from scraper.extract.text import squash
from scraper.items import Article, Attachment, Problem

LOST_MIN = 200
LOST_SHARE = 0.1
"""Letters of the body's element that may be missing from the text: share bars and tags are a few dozen."""


def matching_layout(page: Page, layouts: tuple[Layout, ...]) -> Layout | None:
    """The first layout whose whole fingerprint is on the page: chosen by looking at the page, never by its date."""
    for layout in layouts:
        if all(page.css(selector) for selector in layout.fingerprint):
            return layout
    return None


def read_article(page: Page, layout: Layout, key: str, url: str) -> tuple[Article, tuple[Problem, ...]]:
    """Read one article page. ``url`` is the address the article is stored under; the title is empty if none was found."""
    problems: list[Problem] = []
    evidence: dict[str, str] = {}
    title = _field(page, layout.title, "title", evidence, problems)
    published = find_published(page, layout, problems)
    if published:
        evidence["published_at"] = published.selector
    lead = _field(page, layout.lead, "lead", evidence, problems, optional=True)
    section = _field(page, layout.section, "section", evidence, problems, optional=True)
    body = _body(page, layout, evidence, problems)
    signed = split_credits(body.blocks)
    byline, source_line = _credits(page, layout, evidence)
    byline = _field(page, layout.byline, "byline", evidence, problems, optional=True) or byline or signed.byline
    if signed.byline and "byline" not in evidence and signed.byline_evidence:
        evidence["byline"] = signed.byline_evidence
    blocks = signed.blocks
    if lead and blocks and squash(blocks[0].text) == lead:
        blocks = blocks[1:]
    text = join_blocks(blocks)
    if body.lost > LOST_MIN and body.lost > len(text) * LOST_SHARE:
        problems.append(Problem("text_lost", f"{body.lost} letters of the article's element are not in the text ({len(text)} characters)"))
    problem = encoding_problem(f"{lead or ''} {text}")
    if problem:
        problems.append(problem)
    article = Article(
        key=key,
        url=url,
        title=title or "",
        lead=lead,
        body=text,
        byline=byline,
        source_line=source_line or signed.source_line or (source_prefix(lead) if lead else None),
        section=section,
        attachments=_attachments(page, layout, body),
        layout=layout.name,
        evidence=evidence,
    )
    if published:
        article = replace(
            article,
            published_at=published.date.iso,
            published_precision=published.date.precision,
            published_raw=published.date.raw,
        )
    return article, tuple(problems)


def _field(
    page: Page,
    selectors: tuple[str, ...],
    name: str,
    evidence: dict[str, str],
    problems: list[Problem],
    *,
    optional: bool = False,
) -> str | None:
    """The one text a field's selectors find. Two different texts are a mismatch: said, and the first is taken."""
    for selector in selectors:
        texts = [text for text in (squash(node) for node in page.texts(selector)) if text]
        if not texts:
            continue
        if len(set(texts)) > 1:
            problems.append(Problem("selector_mismatch", f"{name}: {selector!r} matches {len(texts)} different texts"))
        evidence[name] = selector
        return texts[0]
    if selectors and not optional:
        problems.append(Problem("selector_mismatch", f"{name}: none of {', '.join(selectors)} matches"))
    return None


def _credits(page: Page, layout: Layout, evidence: dict[str, str]) -> tuple[str | None, str | None]:
    """Byline and source line as the template labels them, each the first that is printed."""
    byline = source_line = None
    for selector in layout.credits:
        for text in page.texts(selector):
            said = read_credit(squash(text))
            if said.byline and byline is None:
                byline, evidence["byline"] = said.byline, selector
            source_line = source_line or said.source_line
    return byline, source_line


def _attachments(page: Page, layout: Layout, body: Body) -> tuple[Attachment, ...]:
    """The body's attachments, with the pictures before and the documents after it that the template sets outside."""
    found = {attachment.url: attachment for attachment in body.attachments}
    before: dict[str, Attachment] = {}
    for selector in layout.pictures:
        for source in page.css(selector).xpath("@src").getall():
            url = page.file(source)
            if url and url not in found:
                before[url] = Attachment(url, "image")
    for selector in layout.documents:
        for anchor in page.css(selector):
            url = page.file(anchor.attrib.get("href", ""))
            if url:
                found.setdefault(url, Attachment(url, "document", squash(string_of(anchor)) or None))
    return (*before.values(), *found.values())


def _body(page: Page, layout: Layout, evidence: dict[str, str], problems: list[Problem]) -> Body:
    for selector in layout.body:
        nodes = page.css(selector)
        if not nodes:
            continue
        bodies = [read_body(node.root, page.file, layout.drop) for node in nodes]
        written = [body for body in bodies if body.blocks or body.attachments]
        if len(written) > 1:
            problems.append(Problem("selector_mismatch", f"body: {selector!r} matches {len(written)} filled elements"))
        if written:
            evidence["body"] = selector
            return written[0]
    problems.append(Problem("body_empty", f"nothing to read in {', '.join(layout.body)}"))
    return Body((), ())
