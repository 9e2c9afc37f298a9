"""Files as editors upload them: what is read, and what is refused with which words."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from centres.bulk.spreadsheets import CellProblem, read_spreadsheet
from centres.tests.across import csv_file, excel_file
from core.spreadsheets import MAX_BYTES, MAX_ROWS, SpreadsheetError, escape_formula, unescape_formula

SHEET = "xl/worksheets/sheet1.xml"


def rows_of(content: bytes) -> list[dict[str, object]]:
    return [dict(cells) for _, cells in read_spreadsheet(content).rows]


def rebuilt(change: Callable[[bytes], bytes]) -> bytes:
    """Return an Excel file whose one sheet somebody changed by hand."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(excel_file(["a", "b"], headings=["A", "B"]))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
    return file.getvalue()


def with_rows(xml: str) -> bytes:
    return rebuilt(lambda sheet: sheet.replace(b"</sheetData>", xml.encode() + b"</sheetData>"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_csv_is_read_as_spreadsheets_write_it(encoding: str, delimiter: str) -> None:
    content = csv_file(["Café", "a,b;c\n“d”"], headings=["A", "B"], delimiter=delimiter).decode().encode(encoding)
    assert rows_of(content) == [{"A": "Café", "B": "a,b;c\n“d”"}]


def test_rows_keep_the_number_they_have_in_the_file() -> None:
    sheet = read_spreadsheet(b'A,B\n\n"two\nlines",1\n,\nx,2\n')
    assert [number for number, _ in sheet.rows] == [3, 5]
    workbook, file = Workbook(), io.BytesIO()
    workbook.worksheets[0]["A1"], workbook.worksheets[0]["A7"] = "A", "x"
    workbook.save(file)
    assert read_spreadsheet(file.getvalue()).rows == ((7, {"A": "x"}),)


def test_excel_cells_are_read_for_what_they_are() -> None:
    [row] = rows_of(
        excel_file(
            ["=1+1", 3.0, 0.5, datetime(2020, 9, 29), date(2020, 9, 30), time(9, 30), None],  # noqa: DTZ001
            headings=[*"ABCDEFG"],
        )
    )
    assert [row[name] for name in "BCDEG"] == ["3", "0.5", date(2020, 9, 29), date(2020, 9, 30), ""]
    assert row["A"] == CellProblem(2, "A", "This is a formula. Write its result instead.")
    assert isinstance(row["F"], CellProblem)
    assert "time of day" in row["F"].message


def test_an_error_of_the_spreadsheet_is_named() -> None:
    assert rows_of(with_rows('<row r="3"><c r="A3" t="e"><v>#N/A</v></c></row>'))[1]["A"] == CellProblem(
        3, "A", "This is an error of the spreadsheet (#N/A)."
    )


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
TWO_SHEETS = io.BytesIO()
_workbook = Workbook()
_workbook.create_sheet("Another")
_workbook.save(TWO_SHEETS)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no headings"),
        (b"\n\n", "no headings"),
        (b"A\n" + b"x" * MAX_BYTES, "more than 2 MB"),
        (b"A\n" + b"x\n" * (MAX_ROWS + 1), "more than 2,000 rows"),
        (excel_file(*([["x"]] * (MAX_ROWS + 1)), headings=["A"]), "more than 2,000 rows"),
        (b"A,B\n1\n", "Row 2 has only 1 of 2 cells"),
        (b"A,B\n1,2,3\n", "Row 2 has cells beyond the last heading, “B”"),
        (excel_file(["1", "2", "3"], headings=["A", "B"]), "Row 2 has cells beyond the last heading"),
        (b'A,B\n"x"y,1\n', "no CSV file that can be read"),
        (b'A,B\n"x,1\n', "no CSV file that can be read"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "neither a CSV file nor an Excel workbook"),
        (b"A\n\x81\n", "neither a CSV file nor an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (b"PK\x03\x04 and no more", "damaged, or none"),
        (excel_file(["x"], headings=["A"])[:-200], "damaged, or none"),
        (TWO_SHEETS.getvalue(), "several sheets"),
        (rebuilt(lambda sheet: sheet + b" " * 20_000_000), "too large once it is unpacked"),
        (rebuilt(lambda _: b"<not xml"), "damaged, or none"),
        (rebuilt(lambda sheet: ENTITIES + sheet.replace(b"<sheetData>", b"<sheetData>&b;")), "damaged, or none"),
        (with_rows("<row/>" * 11_000), "too many empty rows"),
    ],
)
def test_what_cannot_be_used_is_refused_with_words(content: bytes, said: str) -> None:
    with pytest.raises(SpreadsheetError, match=said):
        read_spreadsheet(content)


def test_a_zip_file_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("readme.txt", "Hello")
    with pytest.raises(SpreadsheetError, match="damaged, or none"):
        read_spreadsheet(file.getvalue())


def test_two_thousand_rows_are_read() -> None:
    assert len(rows_of(b"A\n" + b"x\n" * MAX_ROWS)) == MAX_ROWS


@pytest.mark.parametrize("text", ["=1+1", "+44+1632", "+A1", "-5", "@x", "\t=1", "'=1", "''+1", "\uff1d1", "\n=1"])
def test_what_looks_like_a_formula_is_written_so_that_it_is_none(text: str) -> None:
    assert escape_formula(text).startswith("'")
    assert escape_formula(text) != text
    assert unescape_formula(escape_formula(text)) == text


@pytest.mark.parametrize("text", ["", "x", "+44 1632", "'x", "''", "1+1", "a=b", "“=”"])
def test_other_texts_are_written_as_they_are(text: str) -> None:
    assert escape_formula(text) == unescape_formula(text) == text
