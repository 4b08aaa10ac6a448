"""Shared mark-up: how a body is printed in each style, its noise, and the marks filled in per request."""

from __future__ import annotations

import html
import random
import unicodedata
from urllib.parse import quote

from .model import Article, Block

CLOCK, VIEWS, ONLINE, TOTAL = "\x01clock\x01", "\x01views\x01", "\x01online\x01", "\x01total\x01"
ORIGIN = "\x01origin\x01"
"""Where a portal names itself with scheme and host, as feeds and sitemaps must: the origin it was asked under."""
BODY_START, BODY_END = "\x01body\x01", "\x01ydob\x01"
_WORD_P = "margin:6.0pt 0cm;text-align:justify;text-indent:36.0pt"
_WORD_SPANS = (
    'style="font-size:14.0pt;font-family:&quot;Times New Roman&quot;,serif"',
    'lang="VI" style="font-size:14.0pt;font-family:&quot;Times New Roman&quot;,serif;mso-ansi-language:VI"',
    'style="font-size:14.0pt;line-height:115%"',
)


def esc(text: str) -> str:
    """Text for an element or an attribute."""
    return html.escape(text, quote=True)


def slugify(text: str, limit: int = 90) -> str:
    """A slug without marks, cut at a whole word: ``Đại hội`` -> ``dai-hoi``."""
    flat = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in flat if not unicodedata.combining(c)).split()
    while len("-".join(words)) > limit:
        words.pop()
    return "-".join(words)


def share_links(address: str) -> str:
    """Links that a share bar holds (all of them lead off the site)."""
    target = quote(address, safe="")
    return (
        f'<a href="https://www.facebook.com/sharer/sharer.php?u={target}" rel="nofollow">Facebook</a> '
        f'<a href="https://sp.zalo.me/share_inline?link={target}" rel="nofollow">Zalo</a> '
        f'<a href="mailto:?body={target}">Gửi email</a>'
    )


class Printer:
    """Prints one article's text; its dice depend on the key alone, so the page is the same each time."""

    def __init__(self, article: Article, spacer: str = "") -> None:
        self.dice = random.Random(article.key)
        self.style = article.style
        self.noise = article.noise
        self.spacer = spacer

    def text(self, text: str) -> str:
        """Escaped text with the invisible characters and non-breaking spaces this article carries."""
        if self.noise == "zw":
            words = text.split(" ")
            for i in range(0, len(words), self.dice.randint(4, 9)):
                word = words[i]
                if len(word) > 3 and word.isalpha():
                    at = self.dice.randint(1, len(word) - 1)
                    words[i] = word[:at] + self.dice.choice("\u200b\u00ad\u200b\u200c\ufeff") + word[at:]
            text = " ".join(words)
        out = esc(text)
        if self.style == "word" or self.dice.random() < 0.2:
            pieces = out.split(" ")
            out = pieces[0] + "".join(("&nbsp;" if self.dice.random() < 0.06 else " ") + p for p in pieces[1:])
        return out

    def paragraph(self, text: str, css: str = "") -> str:
        """One body paragraph in the style of the article."""
        plain = self.text(text)
        if self.style != "word":
            name = f' class="{css}"' if css else ""
            return f'<p{name} style="text-align: justify;">{plain}</p>{self.spacer}\n'
        words = plain.split(" ")
        spans, piece = [], ""
        for i, word in enumerate(words):
            joint = " " if i + 1 < len(words) else ""
            if self.dice.random() < 0.09 and len(word) > 3 and word.isalpha():
                at = self.dice.randint(1, len(word) - 1)
                spans.append(piece + word[:at])
                piece = word[at:] + joint
            else:
                piece += word + joint
        spans.append(piece)
        inner = "".join(f"<span {self.dice.choice(_WORD_SPANS)}>{s}</span>" for s in spans)
        return f'<p class="MsoNormal" style="{_WORD_P}">{inner}<o:p></o:p></p>{self.spacer}\n'

    def picture(self, block: Block, css: str) -> str:
        """A picture and, in a paragraph of its own, its caption."""
        out = f'<p style="text-align: center;"><img alt="" src="{block.path}" style="width: 600px;" /></p>\n'
        if block.text:
            name = f' class="{css}"' if css else ""
            out += f'<p{name} style="text-align: center;"><em>{self.text(block.text)}</em></p>\n'
        return out

    def blocks(self, blocks: list[Block], caption_css: str = "") -> str:
        """The whole body without its signature."""
        out: list[str] = []
        for block in blocks:
            if block.kind == "img":
                out.append(self.picture(block, caption_css))
            elif block.kind == "ul":
                out.append("<ul>\n" + "".join(f"<li>{self.text(row[0])}</li>\n" for row in block.rows) + "</ul>\n")
            elif block.kind == "table":
                out.append(self._table(block))
            elif self.style == "br":
                out.append(f"{self.text(block.text)}<br />\n<br />\n")
            else:
                out.append(self.paragraph(block.text))
        return BODY_START + "".join(out) + BODY_END

    def _table(self, block: Block) -> str:
        rows = "".join(
            "<tr>" + "".join(f"<td>{self._cell(cell, i == 0)}</td>" for cell in row) + "</tr>\n" for i, row in enumerate(block.rows)
        )
        return f'<table border="1" cellpadding="0" cellspacing="0" style="width:100%"><tbody>\n{rows}</tbody></table>\n'

    def _cell(self, cell: str, head: bool) -> str:
        text = esc(cell)
        if head:
            return f"<strong>{text}</strong>"
        return f"<p>{text}</p>" if self.style == "word" else text
