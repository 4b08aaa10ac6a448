"""Rows → CSV, JSON lines: what begins the file, the rows in it, what ends it, and what says that it was cut off.

A row is a sequence of ``bytes`` (a text as UTF-8), ``int``, ``float`` and ``None``, as a connection with
``text_factory = bytes`` gives it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from math import isfinite
from typing import ClassVar

Value = bytes | int | float | None
Row = Sequence[Value]

BOM = b"\xef\xbb\xbf"
CUT_OFF = "TỆP BỊ CẮT GIỮA CHỪNG, CHƯA ĐỦ DÒNG / THIS FILE IS INCOMPLETE"
"""Begins the last line of a file that an error cut off, where the format has room for one."""

# What makes a spreadsheet read a text as a formula: the signs, those of full width, and white space that it drops before them.
_FORMULA = "=+-@\t\r\n＝＋－＠"
_STARTS = frozenset(sign.encode()[:1] for sign in _FORMULA)
_FORMULA_BYTES = tuple(sign.encode() for sign in _FORMULA)


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is written.

    ``neutral``: a text that a spreadsheet would take for a formula gets an apostrophe before it. ``bom``: the mark by which
    Excel knows UTF-8. ``header``: the names of the columns come first.
    """

    neutral: bool = True
    bom: bool = False
    header: bool = True


class Format(ABC):
    """One file being made; the methods are called once each in this order, ``rows`` as often as there are rows."""

    suffix: ClassVar[str]
    media_type: ClassVar[str]

    def __init__(self, columns: Sequence[str], options: Options) -> None:
        self.columns = tuple(columns)
        self.options = options

    def begin(self) -> bytes:
        """What comes before the first row."""
        return b""

    @abstractmethod
    def rows(self, rows: Iterable[Row]) -> bytes:
        """Some rows; may be kept back until later ones."""

    def end(self) -> bytes:
        """What makes the file whole."""
        return b""

    def cut_off(self, reason: str) -> bytes:
        """Written in place of ``end`` when the rows stop for an error: whoever reads the file must notice."""
        return b""


def neutral(value: bytes) -> bytes:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it where it would."""
    return b"'" + value if value.startswith(_FORMULA_BYTES) else value


def valid(value: bytes) -> bytes:
    """UTF-8 whatever was stored: what is not becomes U+FFFD."""
    return value.decode("utf-8", "replace").encode()


class Csv(Format):
    """CSV as RFC 4180 has it: commas, CR LF, every text in quotation marks; NULL is nothing, an empty text is ``""``."""

    suffix = "csv"
    media_type = "text/csv; charset=utf-8"

    def begin(self) -> bytes:
        head = self.rows([[column.encode() for column in self.columns]]) if self.options.header else b""
        return BOM + head if self.options.bom else head

    def rows(self, rows: Iterable[Row]) -> bytes:
        rows = list(rows)
        made = self._lines(rows)
        try:
            made.decode()
        except UnicodeDecodeError:
            made = self._lines([valid(value) if isinstance(value, bytes) else value for value in row] for row in rows)
        return made

    def _lines(self, rows: Iterable[Row]) -> bytes:
        starts = _STARTS if self.options.neutral else frozenset()
        lines = []
        for row in rows:
            cells = []
            for value in row:
                if value.__class__ is bytes:
                    if value[:1] in starts:
                        value = neutral(value)
                    cells.append(b'"' + value.replace(b'"', b'""') + b'"')
                elif value is None:
                    cells.append(b"")
                else:
                    cells.append(b"%a" % value)
            # An empty line would be no row at all to most readers.
            lines.append(b",".join(cells) or b'""')
        lines.append(b"")
        return b"\r\n".join(lines)

    def cut_off(self, reason: str) -> bytes:
        # A quotation mark that is never closed: even a reader that pads short rows stops at it.
        told = reason.replace('"', "'")
        return f'\r\n"{CUT_OFF}: {told}\r\n'.encode()


class JsonLines(Format):
    """One JSON object a line, values exactly as stored."""

    suffix = "jsonl"
    media_type = "application/jsonl; charset=utf-8"

    def __init__(self, columns: Sequence[str], options: Options) -> None:
        super().__init__(columns, options)
        self._keys = [f"{', ' if number else '{'}{encode_basestring(column)}: " for number, column in enumerate(self.columns)]

    def rows(self, rows: Iterable[Row]) -> bytes:
        lines = []
        for row in rows:
            parts = []
            for key, value in zip(self._keys, row, strict=True):
                parts.append(key)
                if isinstance(value, bytes):
                    parts.append(encode_basestring(value.decode("utf-8", "replace")))
                else:
                    parts.append("null" if value is None or not isfinite(value) else repr(value))
            lines.append("".join(parts) + "}\n")
        return "".join(lines).encode()

    def cut_off(self, reason: str) -> bytes:
        # Not closed, so that it parses as no object.
        return f'{{"{CUT_OFF}": {encode_basestring(reason)}\n'.encode()
