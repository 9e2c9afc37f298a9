"""The columns of the spreadsheet of services at centres: how a value is written in a cell, and read from one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from centres.models import Access, CentreServicePage, ServiceStatus
from cleaning.addresses import clean_entry
from core.dates import FIRST_YEAR, LAST_YEAR, MONTHS, DatePrecision, describe_day
from core.spreadsheets import Cell, unescape_formula
from core.telephones import lacks_first_zero

CENTRE, SERVICE = "Centre", "Service"

# Those that no XML file, and so no Excel file, can hold.
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_NUMERIC_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]00:00(?::00)?)?")
_WORDY_DAY = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})[ -](\d{4}|\d{2})")


def plain(text: str) -> str:
    """Return a text as a cell can hold it: one kind of line break, and no control characters."""
    return _CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def typed(cell: Cell) -> str:
    """Return what somebody typed into a cell of text. Raises ValueError where a spreadsheet made a date of it."""
    if isinstance(cell, date):
        raise ValueError("This became a date. Format the cell as text, and type it again.")
    return unescape_formula(clean_entry(plain(cell))).strip()


def parse_day(text: str) -> date:
    """Return the day that is written as 29/09/2020, 2020-09-29, 29 September 2020 or 29-Sep-20.

    Raises ValueError with a message for editors.
    """
    written = " ".join(text.split()).lower()
    year, month, day = 0, 0, 0
    if match := _ISO_DAY.fullmatch(written):
        year, month, day = (int(part) for part in match.groups())
    elif match := _NUMERIC_DAY.fullmatch(written):
        day, month, year = (int(part) for part in match.groups())
    elif match := _WORDY_DAY.fullmatch(written):
        day, year = int(match[1]), int(match[3])
        month = next((number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(match[2])), 0)
    if year < 100:
        year += 2000
    try:
        value = date(year, month, day)
    except ValueError as error:
        raise ValueError(f"“{text}” is no day. Write it as 29/09/2020, with the day first.") from error
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"Check the year of “{text}”: it must be from {FIRST_YEAR} to {LAST_YEAR}.")
    return value


def _read_day(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return parse_day(cell.isoformat())
    text = typed(cell)
    return parse_day(text) if text else None


def _read_telephone(cell: Cell) -> str:
    text = typed(cell)
    if lacks_first_zero(text):
        raise ValueError(
            f"“{text}” lacks its first 0, which spreadsheets drop. Format the cell as text, and type the number again."
        )
    return text


def _choice_of(names: dict[str, str], offered: str) -> Callable[[Cell], str]:
    """Return a function that reads one of some choices; `names` leads from lower-case words to the key."""

    def read(cell: Cell) -> str:
        text = typed(cell)
        if not text:
            raise ValueError(f"This is empty. Write one of: {offered}.")
        if text.casefold() not in names:
            raise ValueError(f"“{text}” is not known. Write one of: {offered}.")
        return names[text.casefold()]

    return read


ACCESS_NAMES = {name.casefold(): each.value for each in Access for name in (each.value, each.label)}


def _read_access(cell: Cell) -> list[str]:
    keys = set()
    for name in filter(None, (part.strip() for part in typed(cell).split(";"))):
        if name.casefold() not in ACCESS_NAMES:
            raise ValueError(f"“{name}” is not known. Write any of these, with ; between: {'; '.join(Access.labels)}.")
        keys.add(ACCESS_NAMES[name.casefold()])
    return [each.value for each in Access if each.value in keys]


def _access_words(value: Any) -> str:
    return "; ".join(str(each.label) for each in Access if each.value in value)


def _same_text(old: str, new: str) -> bool:
    return plain(old).strip() == new


@dataclass(frozen=True)
class Column:
    """A field of a service at a centre that a spreadsheet can change.

    `words` says a value as a cell shows it, `read` returns the value that a cell means (ValueError with a message for
    editors if none), `same` whether a value read is the one there was.
    """

    heading: str
    field: str
    words: Callable[[Any], str] = plain
    read: Callable[[Cell], Any] = typed
    same: Callable[[Any, Any], bool] = _same_text

    def cell(self, value: Any) -> Cell:
        """Return what the export writes for a value; whatever writes it sees to formulas."""
        return value if isinstance(value, date) else self.words(value)


def _equal(old: Any, new: Any) -> bool:
    return bool(old == new)


STATUS_NAMES = {
    name.casefold(): each.value for each in ServiceStatus for name in (each.value, each.label, each.info.label)
}
PRECISION_NAMES = {name.casefold(): each.value for each in DatePrecision for name in (each.value, each.label)}

COLUMNS = (
    Column(
        "Status",
        "status",
        lambda value: str(ServiceStatus(value).label),
        _choice_of(STATUS_NAMES, ", ".join(ServiceStatus.labels)),
        _equal,
    ),
    Column(
        "Decision expected",
        "decision_expected",
        lambda value: describe_day(value) if value else "",
        _read_day,
        _equal,
    ),
    Column(
        "What we know of the date",
        "decision_expected_precision",
        lambda value: str(DatePrecision(value).label),
        _choice_of(PRECISION_NAMES, ", ".join(DatePrecision.labels)),
        _equal,
    ),
    Column("Note", "note"),
    Column("How to get it", "access", _access_words, _read_access, lambda old, new: set(old) == set(new)),
    Column("Telephone", "telephone", read=_read_telephone),
    Column("E-mail address", "email"),
    Column("Website", "website"),
    Column("Summary", "summary"),
    Column("Team", "team"),
)
HEADINGS = (CENTRE, SERVICE, *(column.heading for column in COLUMNS))


def label_of(field: str) -> str:
    """Return how editors know a field of a service at a centre; "" for the page as a whole."""
    named = {column.field: column.heading for column in COLUMNS}
    known = {each.name: str(each.verbose_name).capitalize() for each in CentreServicePage._meta.fields}
    return named.get(field) or known.get(field, "")
