"""What Excel's readers show of a downloaded CSV and workbook: Vietnamese letters, and no formula that runs.

openpyxl reads what the file says; LibreOffice, without a screen, what a person would see, formulas worked out.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.web.archive import FORMULA_TITLE, ON_TOPIC, build_archive
from tests.web.conftest import Browser

OFFICE = shutil.which("soffice")
# Text, separated by commas, quoted by ", UTF-8 (76); the last one: every sheet.
_AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    made = Browser(build_archive(tmp_path_factory.mktemp("excel") / "archive.db"))
    yield made
    made.close()


def test_openpyxl_sees_texts_and_no_formula(browser: Browser) -> None:
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/archive/articles.xlsx?_labels=on").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not any(isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")) for cell in cells)
    values = {cell.value for cell in cells}
    assert {f"'{FORMULA_TITLE}", "Hội Khuyến học huyện Thạch An tổng kết năm 2022", "Nông Thị Lan"} <= values
    assert not any(cell.hyperlink for cell in cells)


def seen_by_office(data: bytes, suffix: str, folder: Path) -> list[list[str]]:
    """What LibreOffice shows of a file, opened as it opens one from the file manager."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    (folder / f"x.{suffix}").write_bytes(data)
    command = [
        OFFICE,
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        _AS_CSV,
        "--outdir",
        str(folder / "out"),
    ]
    if suffix == "csv":
        # As for a double click: the separator is the comma; the letters are what the file's first bytes say.
        command.append("--infilter=CSV:44,34,UNICODE")
    done = subprocess.run([*command, str(folder / f"x.{suffix}")], capture_output=True, text=True, check=False, timeout=180)
    shown = folder / "out" / "x.csv"
    assert shown.is_file(), done.stdout + done.stderr
    with open(shown, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(("suffix", "address"), [("xlsx", "/archive/articles.xlsx?_labels=on"), ("csv", "/archive/articles.csv?_bom=1")])
def test_libreoffice_shows_the_letters_and_runs_nothing(browser: Browser, tmp_path: Path, suffix: str, address: str) -> None:
    rows = seen_by_office(browser.get(address).content, suffix, tmp_path)
    assert len(rows) == len(ON_TOPIC) + 1
    title = rows[0].index("title")
    titles = {row[title] for row in rows[1:]}
    # Run, the formula would show its second argument and no address.
    assert f"'{FORMULA_TITLE}" in titles
    assert "Hội Khuyến học huyện Thạch An tổng kết năm 2022" in titles
    assert not any(value.startswith("#") for row in rows for value in row)


def test_a_formula_that_is_kept_would_run_in_a_csv(browser: Browser, tmp_path: Path) -> None:
    """The measure of the test above: without the apostrophe LibreOffice does run it."""
    rows = seen_by_office(browser.get("/archive/articles.csv?_bom=1&_formulas=keep").content, "csv", tmp_path)
    titles = {row[rows[0].index("title")] for row in rows[1:]}
    assert FORMULA_TITLE not in titles
    assert "Hội Khuyến học xã Lê Lai" in titles
