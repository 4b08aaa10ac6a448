"""Rows → a workbook of Excel's, written from the first byte to the last without a file: the parts of a zip as they come.

XlsxWriter and openpyxl can write only whole files: nothing would leave for as long as a hundred thousand rows take. Texts
stand in the cells as inline strings, which no program reads as formulas. A workbook without its end is no workbook: one
that an error cut off cannot be opened.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any, ClassVar

from scraper.slices.formats import Format, Options, Row, Value, neutral

MOST_ROWS = 1_048_576
"""Rows of one sheet, the header included; what is more goes on in a further sheet."""
LONGEST = 32_767
"""Characters of one cell; a longer text is cut and says so."""
CUT = " … [CẮT Ở 32.767 KÝ TỰ: XEM CSV / CUT: SEE THE CSV]"
_EXACT = 2**53
_SPECIAL = re.compile(rb"[\x00-\x08\x0b-\x1f<>&]|_x[0-9A-Fa-f]{4}_|\xef\xbf[\xbe\xbf]")
_WIDE = (b"body", b"title", b"cite_as", b"excerpt", b"lead", b"url")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf fontId="1" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class _Pipe(io.RawIOBase):
    """Takes what zipfile writes and hands it on; it cannot be sought, so zipfile writes sizes after each part."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self.pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


class Xlsx(Format):
    """A workbook of one sheet, or of as many as the rows need."""

    suffix = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    most_rows: ClassVar[int] = MOST_ROWS

    def __init__(self, columns: Sequence[str], options: Options) -> None:
        super().__init__(columns, options)
        self._pipe = _Pipe()
        # Level 1 makes a file a tenth larger in a third of the time.
        self._zip = zipfile.ZipFile(self._pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._sheets = 0
        self._row = 0
        self._letters = [_letters(number) for number in range(len(self.columns))]
        self._part: io.BufferedWriter | None = None

    def begin(self) -> bytes:
        self._open_sheet()
        return self._pipe.take()

    def rows(self, rows: Iterable[Row]) -> bytes:
        made: list[bytes] = []
        for row in rows:
            if self._row >= self.most_rows:
                self._write(made)
                made = []
                self._close_sheet()
                self._open_sheet()
            made.append(self._line(row))
        self._write(made)
        return self._pipe.take()

    def end(self) -> bytes:
        self._close_sheet()
        sheets = range(1, self._sheets + 1)
        types = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for n in sheets)
        listed = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId{n}"/>' for n in sheets)
        related = "".join(f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in sheets)
        parts = {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}<Relationship'
            f' Id="styles" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{types}</Types>',
        }
        self._zip.writestr("xl/styles.xml", _STYLES)
        for name, text in parts.items():
            self._zip.writestr(name, _XML + text)
        self._zip.close()
        return self._pipe.take()

    def _open_sheet(self) -> None:
        self._sheets += 1
        self._row = 0
        self._part = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)  # type: ignore[assignment]
        widths = "".join(
            f'<col min="{number}" max="{number}" width="{40 if column.encode() in _WIDE else 18}" customWidth="1"/>'
            for number, column in enumerate(self.columns, 1)
        )
        frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if self.options.header else ""
        head = (
            f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
            f"{f'<cols>{widths}</cols>' if widths else ''}<sheetData>"
        )
        self._write([head.encode()])
        if self.options.header:
            self._write([self._line([column.encode() for column in self.columns], style=b' s="1"')])

    def _close_sheet(self) -> None:
        self._write([b"</sheetData></worksheet>"])
        assert self._part is not None
        self._part.close()

    def _write(self, pieces: list[bytes]) -> None:
        assert self._part is not None
        self._part.write(b"".join(pieces))

    def _line(self, row: Row, style: bytes = b"") -> bytes:
        self._row += 1
        number = b"%d" % self._row
        cells = [b'<row r="' + number + b'">']
        for letters, value in zip(self._letters, row, strict=True):
            if value is None:
                continue
            if value.__class__ is not bytes:
                if _is_number(value):
                    cells.append(b'<c r="' + letters + number + b'"' + style + b"><v>%a</v></c>" % value)
                    continue
                value = b"%a" % value
            text = self._text(value)
            cells.append(
                b'<c r="' + letters + number + b'"' + style + b' t="inlineStr"><is><t xml:space="preserve">' + text + b"</t></is></c>"
            )
        cells.append(b"</row>")
        return b"".join(cells)

    def _text(self, value: bytes) -> bytes:
        if self.options.neutral:
            value = neutral(value)
        try:
            letters = value.decode()
        except UnicodeDecodeError:
            letters = value.decode("utf-8", "replace")
            value = letters.encode()
        if len(letters) > LONGEST:
            value = (letters[: LONGEST - len(CUT)] + CUT).encode()
        return _SPECIAL.sub(_escaped, value)


def _is_number(value: Value) -> bool:
    """Whether Excel can hold it as a number: it has no infinity and forgets the last digits of long integers."""
    return isinstance(value, int | float) and isfinite(value) and abs(value) <= _EXACT


def _escaped(match: re.Match[bytes]) -> bytes:
    found = match[0]
    known = {b"<": b"&lt;", b">": b"&gt;", b"&": b"&amp;"}.get(found)
    if known:
        return known
    if found.startswith(b"_x"):
        return b"_x005F" + found  # Excel would read it as a character
    return b"\xef\xbf\xbd" if len(found) > 1 else b"_x%04X_" % found[0]


def _letters(number: int) -> bytes:
    """The name of a column, 0 being A."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters.encode()
