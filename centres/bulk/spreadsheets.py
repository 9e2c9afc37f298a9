"""Reads an uploaded CSV or Excel file into rows of cells, and refuses what is none or too much."""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.exceptions import InvalidFileException

from .columns import Cell

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 2000
# A real file of 2,000 rows unpacks to some 5 MB; a zip bomb to gigabytes.
MAX_UNPACKED = 12 * 1024 * 1024
# Rows that an Excel file describes, whether there is anything in them or not.
MAX_DESCRIBED = 10_000
MAX_COLUMNS = 100
# The last row that Excel has.
LAST_ROW = 1_048_576

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK"
# What openpyxl and what it reads with raise for files that are cut off, damaged or made up.
UNREADABLE = (
    AttributeError,
    EOFError,
    InvalidFileException,
    KeyError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
)


class SpreadsheetError(Exception):
    """A file that cannot be used as a whole; the message says why to editors."""


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in a cell, row or column; `row` is 0 where it is none of the rows."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Sheet:
    """What a file holds: its headings, and its rows with cells by heading, each with its number in the file.

    A cell that is a `CellProblem` could not be read.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, "Cell | CellProblem"]], ...]


@dataclass(frozen=True)
class _Unreadable:
    """A cell that cannot be read, and why."""

    message: str


# A row of a file before its headings are looked at.
_Row = list[Cell | _Unreadable]


def read_spreadsheet(content: bytes) -> Sheet:
    """Return what a file holds; its bytes say whether it is CSV or Excel, whatever its name.

    Raises SpreadsheetError.
    """
    if len(content) > MAX_BYTES:
        raise SpreadsheetError("This file is too large: more than 2 MB. Split it into smaller ones.")
    if content.startswith(OLD_EXCEL):
        raise SpreadsheetError(
            "This is an old Excel file (.xls), or one with a password. Save it as an Excel workbook (.xlsx) without "
            "a password, or as CSV."
        )
    rows = _excel_rows(content) if content.startswith(ZIP) else _csv_rows(content)
    return _sheet(rows)


def _sheet(rows: Iterator[tuple[int, _Row]]) -> Sheet:
    _, first = next(rows, (0, []))
    headings = tuple(cell.strip() if isinstance(cell, str) else "" for cell in first)
    while headings and not headings[-1]:
        headings = headings[:-1]
    if not headings:
        raise SpreadsheetError("This file has no headings in its first row.")
    found: list[tuple[int, dict[str, Cell | CellProblem]]] = []
    for number, row in rows:
        if not any(row):
            continue
        if len(found) == MAX_ROWS:
            raise SpreadsheetError(f"This file has more than {MAX_ROWS:,} rows. Split it into smaller ones.")
        found.append((number, _by_heading(number, row, headings)))
    return Sheet(headings, tuple(found))


def _by_heading(number: int, row: _Row, headings: tuple[str, ...]) -> dict[str, Cell | CellProblem]:
    if any(row[len(headings) :]):
        raise SpreadsheetError(f"Row {number} has cells beyond the last heading, “{headings[-1]}”.")
    if len(row) < len(headings):
        raise SpreadsheetError(
            f"Row {number} has only {len(row)} of {len(headings)} cells. Save the file anew from your spreadsheet."
        )
    return {
        heading: CellProblem(number, heading, cell.message) if isinstance(cell, _Unreadable) else cell
        for heading, cell in zip(headings, row, strict=False)
    }


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            # What Excel on Windows writes when nobody asks for UTF-8.
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise SpreadsheetError("This is neither a CSV file nor an Excel workbook (.xlsx).") from error
    if "\0" in text:
        raise SpreadsheetError("This is neither a CSV file nor an Excel workbook (.xlsx).")
    return text


def _csv_rows(content: bytes) -> Iterator[tuple[int, _Row]]:
    text = _decoded(content)
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            yield number, list(row)
    except csv.Error as error:
        raise SpreadsheetError(f"This is no CSV file that can be read: {error}.") from error


def _excel_rows(content: bytes) -> Iterator[tuple[int, _Row]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            # Nothing is unpacked beyond the size that a file says here.
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > MAX_UNPACKED:
            raise SpreadsheetError("This Excel file is too large once it is unpacked. Copy the cells into a new one.")
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            if len(workbook.worksheets) != 1:
                raise SpreadsheetError("This file has several sheets, or none. Leave one sheet only.")
            # What the file says of its own size may be wrong.
            workbook.worksheets[0].reset_dimensions()
            rows = workbook.worksheets[0].iter_rows(max_row=LAST_ROW, max_col=MAX_COLUMNS)
            nothing, described = None, 0
            for number, row in enumerate(rows, 1):
                # What stands for a row that the file does not describe is the same tuple each time.
                if row is nothing:
                    continue
                described += 1
                if described > MAX_DESCRIBED:
                    raise SpreadsheetError("This file has too many empty rows. Copy the others into a new one.")
                if number > 1 and all(cell is EMPTY_CELL for cell in row):
                    nothing = row
                else:
                    yield number, [_excel_cell(cell) for cell in row]
        finally:
            workbook.close()
    except UNREADABLE as error:
        raise SpreadsheetError("This Excel file is damaged, or none. Save it again as an Excel workbook.") from error


def _excel_cell(cell: Any) -> Cell | _Unreadable:
    value = cell.value
    result: Cell | _Unreadable = str(value)
    if value is None:
        result = ""
    elif cell.data_type == "f":
        result = _Unreadable("This is a formula. Write its result instead.")
    elif cell.data_type == "e":
        result = _Unreadable(f"This is an error of the spreadsheet ({value}).")
    elif isinstance(value, datetime):
        result = value.date()
    elif isinstance(value, date):
        result = value
    elif isinstance(value, time):
        result = _Unreadable("This became a time of day. Format the cell as text, and type it again.")
    elif isinstance(value, float) and value.is_integer():
        result = str(int(value))
    return result
