"""Rows → Parquet, for R, pandas, DuckDB and Spark, which read it many times faster than CSV and know its types.

pyarrow writes it. It is the size of everything else together, so it is an extra (``pip install -e .[parquet]``) and only
``scrapy export`` offers the format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

from scraper.slices.formats import Format, Options, Row

ROWS_OF_A_GROUP = 5000
"""Rows written together: some 20 MB of articles."""
_TYPES = {"INTEGER": "int64", "REAL": "float64", "BLOB": "binary"}


class NoPyarrow(Exception):
    """The extra is not installed."""


def pyarrow() -> ModuleType:
    """The library; raises :class:`NoPyarrow` with the command that installs it."""
    try:
        import pyarrow.parquet  # noqa: PLC0415 — an extra
    except ImportError as error:
        raise NoPyarrow("Parquet needs pyarrow: pip install -e .[parquet]") from error
    found: ModuleType = pyarrow
    return found


class Parquet(Format):
    """A Parquet file. ``types``: what each column was declared as in SQLite; one that is not named holds text."""

    suffix = "parquet"
    media_type = "application/vnd.apache.parquet"

    def __init__(self, columns: Sequence[str], options: Options, types: Mapping[str, str]) -> None:
        super().__init__(columns, options)
        self._arrow = pyarrow()
        fields = [(column, getattr(self._arrow, _TYPES.get(types.get(column, ""), "string"))()) for column in columns]
        self._schema = self._arrow.schema(fields)
        self._sink = _Sink()
        self._writer: Any = None
        self._waiting: list[Row] = []

    def begin(self) -> bytes:
        self._writer = self._arrow.parquet.ParquetWriter(self._sink, self._schema, compression="zstd")
        return self._sink.take()

    def rows(self, rows: Iterable[Row]) -> bytes:
        self._waiting += rows
        if len(self._waiting) >= ROWS_OF_A_GROUP:
            self._write()
        return self._sink.take()

    def end(self) -> bytes:
        if self._waiting:
            self._write()
        self._writer.close()
        return self._sink.take()

    def _write(self) -> None:
        arrays = []
        for number, field in enumerate(self._schema):
            values: list[object] = [row[number] for row in self._waiting]
            if field.type == self._arrow.string():
                values = [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in values]
            arrays.append(self._arrow.array(values, type=field.type))
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
        self._waiting = []


class _Sink:
    """A file that pyarrow writes to and the bytes are taken from."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        self.closed = False

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._size += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        self.closed = True

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
