"""What the files hold, read by other programs' readers."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.slices.formats import BOM, CUT_OFF, Csv, Format, JsonLines, Options, Row
from scraper.slices.xlsx import CUT, LONGEST, Xlsx

LIVE = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://a.vn")', "- Đoạn một"]
NOT_LIVE = ["khuyến học", "1=1", "'=1", " =1", "", "�", "a@b.vn", "đ"]


def written(made: type[Format], columns: Sequence[str], rows: Sequence[Row], options: Options | None = None, at_once: int = 3) -> bytes:
    file = made(columns, options or Options())
    pieces = [file.begin()]
    pieces += [file.rows(rows[first : first + at_once]) for first in range(0, len(rows), at_once)]
    return b"".join([*pieces, file.end()])


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))


def read_xlsx(data: bytes) -> list[list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets]


def test_csv_is_rfc_4180() -> None:
    data = written(Csv, ["a", "b"], [(b'x "y"', 1), (b"x,\ny", 1.5), (None, b"")])
    assert data == b'"a","b"\r\n"x ""y""",1\r\n"x,\ny",1.5\r\n,""\r\n'


def test_csv_of_one_empty_column_keeps_its_rows() -> None:
    assert read_csv(written(Csv, ["a"], [(None,), (b"x",), (None,)])) == [["a"], [""], ["x"], [""]]


def test_bom_is_there_for_people_only() -> None:
    assert written(Csv, ["a"], [], Options(bom=True)) == BOM + b'"a"\r\n'
    assert written(Csv, ["a"], []) == b'"a"\r\n'
    assert written(Csv, ["a"], [(1,)], Options(header=False)) == b"1\r\n"


@pytest.mark.parametrize("text", LIVE)
def test_formulas_are_neutralised(text: str) -> None:
    rows: list[Row] = [(text.encode(), -1, -1.5)]
    columns = [text, "b", "c"]
    assert read_csv(written(Csv, columns, rows)) == [[f"'{text}", "b", "c"], [f"'{text}", "-1", "-1.5"]]
    assert read_csv(written(Csv, columns, rows, Options(neutral=False))) == [[text, "b", "c"], [text, "-1", "-1.5"]]
    assert json.loads(written(JsonLines, columns, rows)) == {text: text, "b": -1, "c": -1.5}
    shown = text.replace("\r", "_x000D_")  # as the file has it: openpyxl leaves this escape to its user
    assert read_xlsx(written(Xlsx, columns, rows))[0][1] == [f"'{shown}", -1, -1.5]
    assert read_xlsx(written(Xlsx, columns, rows, Options(neutral=False)))[0][1] == [shown, -1, -1.5]


@pytest.mark.parametrize("text", NOT_LIVE)
def test_other_texts_are_left_alone(text: str) -> None:
    assert read_csv(written(Csv, ["a"], [(text.encode(),)])) == [["a"], [text]]


def test_text_that_is_no_utf8_does_not_spoil_the_file() -> None:
    rows: list[Row] = [(b"khuy\xff", b"\xc6"), ("học".encode(), None)]
    assert read_csv(written(Csv, ["a", "b"], rows))[1:] == [["khuy\ufffd", "\ufffd"], ["học", ""]]
    assert json.loads(written(JsonLines, ["a", "b"], rows[:1])) == {"a": "khuy\ufffd", "b": "\ufffd"}
    assert read_xlsx(written(Xlsx, ["a", "b"], rows))[0][1] == ["khuy\ufffd", "\ufffd"]


def test_json_lines_hold_every_value_as_it_is() -> None:
    rows: list[Row] = [("Đông\n“Hà” \u2028".encode(), 2**60, 0.1), (None, -1, float("inf"))]
    lines = written(JsonLines, ["chữ", "n", "x"], rows).split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line) for line in lines] == [
        {"chữ": "Đông\n“Hà” \u2028", "n": 2**60, "x": 0.1},
        {"chữ": None, "n": -1, "x": None},
    ]


def test_xlsx_types_and_letters() -> None:
    rows: list[Row] = [("Nguyễn Thị Đượm <b> & “ư”".encode(), 7, 1.5), (None, 2**60, float("nan")), (b"0123", -3, None)]
    assert read_xlsx(written(Xlsx, ["tên", "số", "x"], rows)) == [
        [["tên", "số", "x"], ["Nguyễn Thị Đượm <b> & “ư”", 7, 1.5], [None, str(2**60), "nan"], ["0123", -3, None]]
    ]


def test_xlsx_keeps_what_excel_would_read_otherwise() -> None:
    data = written(Xlsx, ["a"], [(b"_x0041_ \x01 \xef\xbf\xbf",)])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"_x005F_x0041_ _x0001_ \xef\xbf\xbd" in sheet


def test_xlsx_cuts_a_text_that_is_too_long_and_says_so() -> None:
    value = read_xlsx(written(Xlsx, ["a"], [("đ".encode() * 40_000,)]))[0][1][0]
    assert isinstance(value, str)
    assert len(value) == LONGEST
    assert value.endswith(CUT)


def test_xlsx_goes_on_in_further_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Xlsx, "most_rows", 4)
    sheets = read_xlsx(written(Xlsx, ["n"], [(number,) for number in range(7)]))
    assert sheets == [[["n"], [0], [1], [2]], [["n"], [3], [4], [5]], [["n"], [6]]]


def test_xlsx_without_rows_or_with_many_columns() -> None:
    assert read_xlsx(written(Xlsx, ["a"], [])) == [[["a"]]]
    columns = [f"c{number}" for number in range(800)]
    assert read_xlsx(written(Xlsx, columns, [tuple(range(800))])) == [[columns, list(range(800))]]


def test_what_was_cut_off_reads_as_broken() -> None:
    for made, reader in ((Csv, read_csv), (JsonLines, lambda data: [json.loads(line) for line in data.splitlines()]), (Xlsx, read_xlsx)):
        file = made(["a"], Options())
        data = file.begin() + file.rows([(b"x",)]) + file.cut_off('vì một “lỗi”: no such column: "x"')
        assert made is Xlsx or CUT_OFF in data.decode()
        with pytest.raises((csv.Error, json.JSONDecodeError, zipfile.BadZipFile)):
            reader(data)


_VALUES = st.one_of(st.none(), st.integers(-(2**53), 2**53), st.text().map(str.encode))


@given(st.lists(st.tuples(_VALUES.filter(lambda value: value is not None), _VALUES), max_size=9))
def test_any_rows_come_back(rows: list[Row]) -> None:
    told = [["" if value is None else value.decode() if isinstance(value, bytes) else str(value) for value in row] for row in rows]
    assert read_csv(written(Csv, ["a", "b"], rows, Options(neutral=False))) == [["a", "b"], *told]
    lines = [json.loads(line) for line in written(JsonLines, ["a", "b"], rows).split(b"\n") if line]
    assert lines == [{key: v.decode() if isinstance(v, bytes) else v for key, v in zip("ab", row, strict=True)} for row in rows]
    assert len(read_xlsx(written(Xlsx, ["a", "b"], rows))[0]) == len(rows) + 1
