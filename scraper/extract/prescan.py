"""Recognise a page that would stall or blind the parser before it is parsed, and take the load off it: the text stays.

Measured (2026-11, lxml 6.1): 40,000 attributes on one tag cost 44 CPU seconds in 340 kB; at 100,000 nested elements the tree
comes out empty, with no error; 500,000 line breaks cost 9 seconds where the body is cleaned.
"""

from __future__ import annotations

import re

MAX_ATTRIBUTES = 1000
MAX_DEPTH = 1000
"""Elements; legacy layouts of 300 nested tables (900 elements) were seen."""
MAX_FORMATTING = 100
"""Tags like <b> and <font> open at once: sloppy pages never close them, and blocks end them anyway."""
MAX_TAGS = 200_000
SHORT = 80_000
"""Bytes; as many as 20,000 attributes, which take 3 seconds."""

# Scripts, styles and comments are matched first and left alone: what looks like a tag in them is none. A tag goes on to its “>”, also
# past another “<”: so libxml2 2.14 reads it.
_TAG = re.compile(
    r"<(?:script|style|textarea|title)\b[^>]*>.*?</(?:script|style|textarea|title)\s*>|<!--.*?-->"
    r"|<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?=[\s/>])((?:[^>\"']++|\"[^\"]*\"|'[^']*'|[\"'])*+)>?",
    re.I | re.S,
)
# Its first letter spelt out: what begins with a group, or ignores the case, is tried at every letter of the document.
_BREAKS = re.compile(r"<[bB][rR]\s*/?>\s*(?:<[bB][rR]\s*/?>\s*){3,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAMED = re.compile(r"\s(?:class|id)\s*=", re.I)
_FORMATTING = frozenset(["b", "big", "em", "font", "i", "small", "span", "strike", "strong", "tt", "u"])
_TEXTUAL = frozenset(["h1", "h2", "h3", "h4", "li", "p", "td", "th", "tr"])
_OPTIONAL_END = frozenset(["dd", "dt", "li", "option", "p", "td", "th", "tr"])
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])


def lighten(text: str) -> tuple[str, str | None]:
    """A document fit for the parser, and what was wrong with it (None: it is returned as it came).

    Dropped are the attributes of a tag that has over 1,000, bare tags (no class, no id, no paragraph) nested over 1,000 deep with
    their ends, and line breaks beyond three in a row. A document of over 200,000 tags after that is named as such.
    """
    reasons = []
    if len(text) > MAX_TAGS:  # shorter than this it cannot have so many tags
        shorter = _BREAKS.sub("<br><br>", text)
        if len(shorter) < len(text) * 0.9:
            reasons.append("thousands of line breaks")
            text = shorter
    if _is_light(_TAG.findall(text)):
        return text, ", ".join(reasons) or None
    pieces: list[str] = []
    stack: list[tuple[str, bool]] = []
    copied = tags = deepest = kept = formats = 0
    crowded = False
    for match in _TAG.finditer(text):
        tags += 1
        if match[2] is None:
            continue
        closing, name, attributes = match[1], match[2].lower(), match[3]
        keep = True
        if name in _FORMATTING:
            keep, formats = _format(formats, closing=bool(closing), named=_NAMED.search(attributes) is not None)
        elif closing:
            keep, fewer = _close(stack, name)
            kept -= fewer
        elif name not in _VOID and not attributes.endswith("/"):
            if name in _OPTIONAL_END and stack and stack[-1][0] == name:
                kept -= stack.pop()[1]
            shaping = name in _TEXTUAL or _NAMED.search(attributes) is not None
            keep = kept < MAX_DEPTH or (kept < 2 * MAX_DEPTH and shaping)
            kept += keep
            stack.append((name, keep))
            deepest = max(deepest, len(stack))
        deepest = max(deepest, formats)
        full = len(attributes) > MAX_ATTRIBUTES and _crowded(attributes)
        crowded = crowded or full
        if not keep or full:
            pieces.append(text[copied : match.start()])
            pieces.append(f"<{name}>" if keep and full else " ")
            copied = match.end()
    if crowded:
        reasons.append(f"a tag with over {MAX_ATTRIBUTES} attributes")
    if copied:
        text = "".join(pieces) + text[copied:]
        if deepest > MAX_DEPTH:
            reasons.append(f"elements nested {deepest} deep")
    if tags > MAX_TAGS:
        reasons.append(f"{tags} tags")
    return text, ", ".join(reasons) or None


def is_plain(data: bytes) -> bool:
    """Whether a document (in UTF-8) can neither stall nor blind the parser, as a look at its size tells of most."""
    return len(data) <= SHORT and data.count(b"<") - data.count(b"</") <= MAX_DEPTH


def _is_light(tags: list[tuple[str, str, str]]) -> bool:
    """Whether nothing need be dropped of a document with these tags (end mark, name, attributes), told without a walk over it."""
    if len(tags) > MAX_TAGS or any(len(attributes) > MAX_ATTRIBUTES for _, _, attributes in tags):
        return False
    formatting = [closing for closing, name, _ in tags if name.lower() in _FORMATTING]
    formats = formatting.count("")
    if formats > MAX_FORMATTING and not _formats_fit(formatting):
        return False
    return [closing for closing, _, _ in tags].count("") - formats <= MAX_DEPTH or _depth_fits(tags)


def _formats_fit(ends: list[str]) -> bool:
    """Whether no more than :data:`MAX_FORMATTING` tags like <b> are ever open; of each is given its end mark."""
    opened = 0
    for closing in ends:
        opened = max(0, opened - 1) if closing else opened + 1
        if opened > MAX_FORMATTING:
            return False
    return True


def _depth_fits(tags: list[tuple[str, str, str]]) -> bool:
    """Whether no more than :data:`MAX_DEPTH` elements are ever open; counted as :func:`lighten` does."""
    stack: list[str] = []
    for closing, printed, attributes in tags:
        name = printed.lower()
        if not name or name in _FORMATTING:
            continue
        if closing:
            if stack and stack[-1] == name:
                stack.pop()
            elif name in stack[-20:]:
                while stack.pop() != name:
                    pass
        elif name not in _VOID and not attributes.endswith("/"):
            if name in _OPTIONAL_END and stack and stack[-1] == name:
                continue
            stack.append(name)
            if len(stack) > MAX_DEPTH:
                return False
    return True


def _format(opened: int, *, closing: bool, named: bool) -> tuple[bool, int]:
    """Whether a tag like <b> stays, and how many such are open now. Those beyond :data:`MAX_FORMATTING` say nothing any more."""
    if closing:
        return opened <= MAX_FORMATTING, max(0, opened - 1)
    return opened < MAX_FORMATTING or named, opened + 1


def _crowded(attributes: str) -> bool:
    """Whether these are too many attributes, and not prose that an unbalanced quotation mark swallowed."""
    bare = _QUOTED.sub("", attributes)
    return bare.count("=") > MAX_ATTRIBUTES or (bare.isascii() and len(bare.split()) > MAX_ATTRIBUTES)


def _close(stack: list[tuple[str, bool]], name: str) -> tuple[bool, int]:
    """Pop the element that an end tag ends, if it is near the top: whether the end tag stays, and how many kept elements ended."""
    for back in range(1, min(len(stack), 20) + 1):
        if stack[-back][0] == name:
            kept = stack[-back][1]
            fewer = sum(one[1] for one in stack[-back:])
            del stack[-back:]
            return kept, fewer
    return len(stack) <= MAX_DEPTH, 0
