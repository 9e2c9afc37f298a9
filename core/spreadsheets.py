"""Spreadsheets that come in cost what they may, whoever reads them; those that go out hold no formula.

A CSV or Excel file is measured before it is parsed: how much it unpacks to, how many cells it has. Real ones of 2,000
rows have a third of what is allowed here.
"""

import csv
import io
import re
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
from wagtail.admin.views.mixins import SpreadsheetExportMixin

# What a cell holds once its file is read. Numbers are read as the text they show.
Cell = str | date

MAX_BYTES = 2 * 1024 * 1024
# Rows that have anything in them, the headings aside.
MAX_ROWS = 2000
MAX_COLUMNS = 100
# What Excel itself allows: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
MAX_CELL = 32_767
# Separators and line breaks of a CSV file, those within texts too.
MAX_SEPARATORS = 200_000
# A real file of 2,000 rows unpacks to some 5 MB, of which one part is most; a zip bomb to gigabytes.
MAX_UNPACKED = 12 * 1024 * 1024
MAX_PARTS = 200
# Tags of the cells and of the words in them; and of any other part, such as the styles, which take far more memory.
MAX_TAGS = {"xl/worksheets/": 500_000, "xl/sharedStrings.xml": 250_000}
MAX_OTHER_TAGS = 10_000
# Rows that an Excel file describes, whether there is anything in them or not.
MAX_DESCRIBED = 10_000
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

# A cell that begins with one of these is a formula for Excel and its kin, whatever the file says.
# Source: https://owasp.org/www-community/attacks/CSV_Injection
_SIGNS = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_LIKE_A_FORMULA = re.compile(f"'*{_SIGNS}")
_QUOTED = re.compile(f"'+{_SIGNS}")
# It counts nothing and calls nothing.
_TELEPHONE = re.compile(r"\+[0-9][0-9 ]*")


class SpreadsheetError(Exception):
    """A file that cannot be used as a whole; the message says why to editors."""


@dataclass(frozen=True)
class Unreadable:
    """A cell that cannot be read, and why."""

    message: str


# A row of a file, before anybody looks at its headings.
Row = list[Cell | Unreadable]


def escape_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `unescape_formula` takes the apostrophe away again."""
    return f"'{text}" if _LIKE_A_FORMULA.match(text) and not _TELEPHONE.fullmatch(text) else text


def unescape_formula(text: str) -> str:
    """Return a text without the apostrophe that `escape_formula` put in front."""
    return text[1:] if _QUOTED.match(text) else text


_write_as_it_is = SpreadsheetExportMixin.preprocess_field_value


def _write_safely(view: SpreadsheetExportMixin, field: str, value: Any, export_format: str) -> Any:
    written = _write_as_it_is(view, field, value, export_format)
    is_value = written is None or isinstance(written, int | float | date | time)
    return written if is_value else escape_formula(str(written))


def make_exports_safe() -> None:
    """Let every export of the admin, Wagtail's own too, write no formula: they all write their cells in one place."""
    SpreadsheetExportMixin.preprocess_field_value = _write_safely


def read_rows(content: bytes, delimiters: str = ",;") -> Iterator[tuple[int, Row]]:
    """Yield the rows of a file, each with its number; its bytes say whether it is CSV or Excel, whatever its name.

    The first row is there whatever it holds, others may be left out where they are empty. Of `delimiters` the one is
    taken that the first line of a CSV file has most. Raises SpreadsheetError.
    """
    if len(content) > MAX_BYTES:
        raise SpreadsheetError("This file is too large: more than 2 MB. Split it into smaller ones.")
    if content.startswith(OLD_EXCEL):
        raise SpreadsheetError(
            "This is an old Excel file (.xls), or one with a password. Save it as an Excel workbook (.xlsx) without "
            "a password, or as CSV."
        )
    found = -1
    for number, row in _excel_rows(content) if content.startswith(ZIP) else _csv_rows(content, delimiters):
        if any(row[MAX_COLUMNS:]):
            raise SpreadsheetError(f"Row {number} has more than {MAX_COLUMNS} cells. Remove those that are not needed.")
        if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in row):
            raise SpreadsheetError(f"Row {number} has a cell of more than {MAX_CELL:,} characters. Make it shorter.")
        found += any(row) or found < 0
        if found > MAX_ROWS:
            raise SpreadsheetError(f"This file has more than {MAX_ROWS:,} rows. Split it into smaller ones.")
        yield number, row


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


def _csv_rows(content: bytes, delimiters: str) -> Iterator[tuple[int, Row]]:
    text = _decoded(content)
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = max(delimiters, key=first_line.count)
    if text.count(delimiter) + text.count("\n") + text.count("\r") > MAX_SEPARATORS:
        raise SpreadsheetError("This file has too many cells. Split it into smaller ones, or remove empty columns.")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            yield number, list(row)
    except csv.Error as error:
        raise SpreadsheetError(f"This is no CSV file that can be read: {error}.") from error


def _check_workbook(content: bytes) -> None:
    """Refuse a workbook that would take more memory than its cells need. Raises SpreadsheetError, or UNREADABLE."""
    too_large = SpreadsheetError("This Excel file is too large once it is unpacked. Copy the cells into a new one.")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        # Nothing is unpacked beyond the size that a file says here.
        if len(parts) > MAX_PARTS or sum(each.file_size for each in parts) > MAX_UNPACKED:
            raise too_large
        for part in parts:
            most = next((tags for name, tags in MAX_TAGS.items() if part.filename.startswith(name)), MAX_OTHER_TAGS)
            if part.filename.endswith((".xml", ".rels")) and packed.read(part).count(b"<") > most:
                raise too_large


def _excel_rows(content: bytes) -> Iterator[tuple[int, Row]]:
    try:
        _check_workbook(content)
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            if len(workbook.worksheets) != 1:
                raise SpreadsheetError("This file has several sheets, or none. Leave one sheet only.")
            # What the file says of its own size may be wrong.
            workbook.worksheets[0].reset_dimensions()
            # One column more than may be, which says enough of those beyond.
            rows = workbook.worksheets[0].iter_rows(max_row=LAST_ROW, max_col=MAX_COLUMNS + 1)
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


def _excel_cell(cell: Any) -> Cell | Unreadable:
    value = cell.value
    result: Cell | Unreadable = str(value)
    if value is None:
        result = ""
    elif cell.data_type == "f":
        result = Unreadable("This is a formula. Write its result instead.")
    elif cell.data_type == "e":
        result = Unreadable(f"This is an error of the spreadsheet ({value}).")
    elif isinstance(value, datetime):
        result = value.date()
    elif isinstance(value, date):
        result = value
    elif isinstance(value, time):
        result = Unreadable("This became a time of day. Format the cell as text, and type it again.")
    elif isinstance(value, float) and value.is_integer():
        result = str(int(value))
    return result
