"""An uploaded CSV or Excel file as rows of cells by heading (`core.spreadsheets` reads it, and refuses too much)."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.spreadsheets import Cell, Row, SpreadsheetError, Unreadable, read_rows


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


def read_spreadsheet(content: bytes) -> Sheet:
    """Return what a file holds. Raises SpreadsheetError."""
    return _sheet(read_rows(content))


def _sheet(rows: Iterator[tuple[int, Row]]) -> Sheet:
    _, first = next(rows, (0, []))
    headings = tuple(cell.strip() if isinstance(cell, str) else "" for cell in first)
    while headings and not headings[-1]:
        headings = headings[:-1]
    if not headings:
        raise SpreadsheetError("This file has no headings in its first row.")
    return Sheet(headings, tuple((number, _by_heading(number, row, headings)) for number, row in rows if any(row)))


def _by_heading(number: int, row: Row, headings: tuple[str, ...]) -> dict[str, Cell | CellProblem]:
    if any(row[len(headings) :]):
        raise SpreadsheetError(f"Row {number} has cells beyond the last heading, “{headings[-1]}”.")
    if len(row) < len(headings):
        raise SpreadsheetError(
            f"Row {number} has only {len(row)} of {len(headings)} cells. Save the file anew from your spreadsheet."
        )
    return {
        heading: CellProblem(number, heading, cell.message) if isinstance(cell, Unreadable) else cell
        for heading, cell in zip(headings, row, strict=False)
    }
